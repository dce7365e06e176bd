// Pools: memory for many things of one size, of which there may be millions in one moment and none in the next. What is
// taken one after the other lies side by side. One thread.
#ifndef CLEAT_RUNTIME_POOL_H_
#define CLEAT_RUNTIME_POOL_H_

#include <stddef.h>

typedef struct CleatSlab CleatSlab;

// Begins as {.size = ...}, the bytes of one thing, at most 256.
typedef struct CleatPool {
  size_t size;
  CleatSlab* open;  // those with room; the first is taken from
  size_t spare;     // how many of them are empty
} CleatPool;

// Returns memory for one thing, aligned as a pointer is, with anything in it; NULL when memory is short.
void* cleat__pool_take(CleatPool* pool);

// Takes it back. Most of what the pool does not need any more goes back to the heap; all of it once it holds nothing,
// by cleat__pool_trim.
void cleat__pool_give(CleatPool* pool, void* thing);
void cleat__pool_trim(CleatPool* pool);

#endif  // CLEAT_RUNTIME_POOL_H_
