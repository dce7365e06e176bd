// The checksum of a snapshot's bytes, which is taken each time that a runtime is opened from one that may be damaged.
#ifndef CLEAT_RUNTIME_CHECKSUM_H_
#define CLEAT_RUNTIME_CHECKSUM_H_

#include <stddef.h>
#include <stdint.h>

// Returns the XXH3 of the bytes, the same on all processors.
uint64_t cleat__checksum(const void* bytes, size_t length);

// By instructions that not all processors have. Where the compiler can choose instructions for one file.
#if defined(__x86_64__) && !defined(__clang__)
#define CLEAT_CHECKSUM_AVX2 1
uint64_t cleat__checksum_avx2(const void* bytes, size_t length);
#endif

#endif  // CLEAT_RUNTIME_CHECKSUM_H_
