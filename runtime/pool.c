// Pools: slabs of a page each, which a thing finds by its own address.
#include "pool.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__

// AddressSanitizer is to see each thing.
void* cleat__pool_take(CleatPool* pool) { return malloc(pool->size); }

void cleat__pool_give(CleatPool* pool, void* thing) {
  (void)pool;
  free(thing);
}

void cleat__pool_trim(CleatPool* pool) { (void)pool; }

#else

enum {
  SLAB_SIZE = 4096,  // bytes, and their alignment
  HEADER_SIZE = 64,  // of them
  MOST_SPARE = 64,   // slabs that are kept though nothing is in them
};

// A thing that is not taken.
typedef struct Free {
  struct Free* next;
} Free;

struct CleatSlab {
  CleatSlab* next;  // of the open ones
  CleatSlab* previous;
  Free* given_back;
  size_t used;       // how many are taken
  size_t untouched;  // the offset of what was never taken
};
_Static_assert(sizeof(CleatSlab) <= HEADER_SIZE, "a slab has no room for its header");

static void open_slab(CleatPool* pool, CleatSlab* slab) {
  slab->previous = NULL;
  slab->next = pool->open;
  if (pool->open != NULL) pool->open->previous = slab;
  pool->open = slab;
}

static void close_slab(CleatPool* pool, CleatSlab* slab) {
  if (slab->next != NULL) slab->next->previous = slab->previous;
  if (slab->previous != NULL) {
    slab->previous->next = slab->next;
  } else {
    pool->open = slab->next;
  }
}

static bool is_full(const CleatPool* pool, const CleatSlab* slab) {
  return slab->given_back == NULL && slab->untouched + pool->size > SLAB_SIZE;
}

static CleatSlab* add_slab(CleatPool* pool) {
  CleatSlab* slab = aligned_alloc(SLAB_SIZE, SLAB_SIZE);
  if (slab == NULL) return NULL;
  *slab = (CleatSlab){.untouched = HEADER_SIZE};
  open_slab(pool, slab);
  pool->spare++;
  return slab;
}

void* cleat__pool_take(CleatPool* pool) {
  CleatSlab* slab = pool->open != NULL ? pool->open : add_slab(pool);
  if (slab == NULL) return NULL;
  if (slab->used++ == 0) pool->spare--;
  void* thing = slab->given_back;
  if (thing != NULL) {
    slab->given_back = slab->given_back->next;
  } else {
    thing = (char*)slab + slab->untouched;
    slab->untouched += pool->size;
  }
  if (is_full(pool, slab)) close_slab(pool, slab);
  return thing;
}

void cleat__pool_give(CleatPool* pool, void* thing) {
  CleatSlab* slab = (CleatSlab*)((uintptr_t)thing & ~(uintptr_t)(SLAB_SIZE - 1));
  if (is_full(pool, slab)) open_slab(pool, slab);
  Free* free_thing = thing;
  free_thing->next = slab->given_back;
  slab->given_back = free_thing;
  if (--slab->used > 0) return;
  // Things are given out in the order of their addresses again.
  slab->given_back = NULL;
  slab->untouched = HEADER_SIZE;
  if (pool->spare < MOST_SPARE) {
    pool->spare++;
    return;
  }
  close_slab(pool, slab);
  free(slab);
}

void cleat__pool_trim(CleatPool* pool) {
  for (CleatSlab *slab = pool->open, *next; slab != NULL; slab = next) {
    next = slab->next;
    if (slab->used > 0) continue;
    close_slab(pool, slab);
    free(slab);
    pool->spare--;
  }
}

#endif  // __SANITIZE_ADDRESS__
