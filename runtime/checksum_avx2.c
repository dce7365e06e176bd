// The checksum in half of the time, where the processor has AVX2: what xxhash.h makes of it depends on the instructions
// that the file is compiled for.
#include "checksum.h"

#ifdef CLEAT_CHECKSUM_AVX2

#pragma GCC target("avx2")

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t cleat__checksum_avx2(const void* bytes, size_t length) { return XXH3_64bits(bytes, length); }

#endif
