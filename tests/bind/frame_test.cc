// The memory of a call.
#include <gtest/gtest.h>

#include <cstring>

#include "cleat/bind.h"

namespace {

TEST(FrameTest, GivesAlignedMemoryThatDoesNotOverlap) {
  CLEAT_FRAME(frame);
  char* last = nullptr;
  for (size_t size = 0; size < 3000; size += 7) {
    char* memory = static_cast<char*>(cleat_frame_allocate(&frame, size));
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 16, 0u);
    memset(memory, static_cast<int>(size), size);
    if (size >= 14) {
      EXPECT_EQ(static_cast<unsigned char>(last[size - 8]), (size - 7) % 256);
    }
    last = memory;
  }
}

TEST(FrameTest, TakesNoHeapMemoryForAFewSmallThings) {
  CLEAT_FRAME(frame);
  cleat_frame_allocate(&frame, 100);
  cleat_frame_allocate(&frame, 100);
  EXPECT_EQ(frame.blocks, nullptr);
  cleat_frame_allocate(&frame, 1 << 20);
  EXPECT_NE(frame.blocks, nullptr);
}

TEST(FrameTest, RefusesWhatCannotBe) {
  CLEAT_FRAME(frame);
  EXPECT_EQ(cleat_frame_allocate(&frame, SIZE_MAX), nullptr);
  EXPECT_EQ(cleat_frame_allocate(&frame, SIZE_MAX - 32), nullptr);
  EXPECT_NE(cleat_frame_allocate(&frame, 1), nullptr);
}

}  // namespace
