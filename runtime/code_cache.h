// Code caches on their way into V8 and out of it.
#ifndef CLEAT_RUNTIME_CODE_CACHE_H_
#define CLEAT_RUNTIME_CODE_CACHE_H_

#include "cleat/cache.h"
#include "env.h"

// What a cache is of.
typedef struct CleatCached {
  uint64_t hash;  // of the source
  size_t length;
  bool module;
} CleatCached;
CleatCached cleat__cached(const char* source, size_t length, bool module);

// The use of a cache in a compilation, or when one is made.
typedef struct CleatCaching {
  CleatCodeCache* cache;  // NULL for none
  CleatCached of;
  CleatEngineCache engine;
} CleatCaching;

// Looks at what is given; returns what the compilation takes, NULL where `cache` is.
CleatEngineCache* cleat__caching_begin(CleatCaching* caching, CleatCodeCache* cache, const CleatCached* of);

// Notes what became of it, once the source has been compiled, or could not be.
void cleat__caching_end(CleatCaching* caching, bool compiled);

#endif  // CLEAT_RUNTIME_CODE_CACHE_H_
