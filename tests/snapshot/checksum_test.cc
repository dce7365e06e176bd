// The checksum is the same by whatever instructions it is computed.
#include <gtest/gtest.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string>

extern "C" {
#include "checksum.h"
}

namespace {

TEST(ChecksumTest, IsThatOfXxh3ForEveryLength) {
  std::string bytes;
  for (size_t i = 0; i < 300000; i++) bytes.push_back(static_cast<char>(i * 2654435761u >> 13));
  for (size_t length = 0; length < bytes.size(); length += length < 2100 ? 1 : 9973) {
    EXPECT_EQ(cleat__checksum(bytes.data(), length), XXH3_64bits(bytes.data(), length)) << length;
    EXPECT_EQ(cleat__checksum(bytes.data() + 1, length), XXH3_64bits(bytes.data() + 1, length)) << length;
  }
}

}  // namespace
