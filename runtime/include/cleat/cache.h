// Code caches: what V8 has compiled of a source, to be kept, in a file perhaps, and given back when the same source is
// compiled again. base.h has the general rules.
//
// A cache is taken where it is whole, of the same source, and of this very version of Cleat, V8, its flags and the
// processor; otherwise the source is compiled as if there were none, and `use` says why. It must come from a trusted
// place all the same: that it is whole is all that can be seen of it, and whoever can make one up can do anything.
#ifndef CLEAT_CACHE_H_
#define CLEAT_CACHE_H_

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// What became of a cache that was given.
typedef enum CleatCacheUse {
  CLEAT_CACHE_NONE,  // none was given, or nothing was compiled
  CLEAT_CACHE_TAKEN,
  CLEAT_CACHE_DAMAGED,        // it is none, or is cut short or changed
  CLEAT_CACHE_OTHER_VERSION,  // it is of another Cleat, V8, set of V8's flags or processor
  CLEAT_CACHE_OTHER_SOURCE,   // it is of another source, or of a script where this is a module, or the other way round
  CLEAT_CACHE_REFUSED,        // V8 has not taken it, for a reason that it does not tell
} CleatCacheUse;

// A cache on its way in and out. All zeros to begin with.
typedef struct CleatCodeCache {
  const void* data;   // a cache to be used, borrowed; NULL for none
  size_t length;      // of `data`, in bytes
  bool create;        // make one: of what is compiled by then, functions that have run included
  CleatCacheUse use;  // what became of `data`
  void* made;         // the cache that was made, owned: cleat_code_cache_free; NULL where that failed
  size_t made_length;
} CleatCodeCache;

// Frees what was made, and empties it.
CLEAT_EXPORT void cleat_code_cache_free(CleatCodeCache* cache);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_CACHE_H_
