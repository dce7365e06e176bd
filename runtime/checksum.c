#include "checksum.h"

// The whole of it is in the header.
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t cleat__checksum(const void* bytes, size_t length) {
#ifdef CLEAT_CHECKSUM_AVX2
  if (__builtin_cpu_supports("avx2")) return cleat__checksum_avx2(bytes, length);
#endif
  return XXH3_64bits(bytes, length);
}
