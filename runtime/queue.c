// The dispatch queue: blocks of places that senders are given by an atomic addition, and that the receiver takes in
// order.
#include "queue.h"

#include <sched.h>
#include <stddef.h>
#include <stdlib.h>

// In CleatQueue.next, from the lowest bit: the index, which grows beyond a block that is full, by one for each sender
// that finds it so; the two flags, where a block's address has zeros; and the address.
#define INDEX_BITS 16
#define INDEX_MASK ((UINT64_C(1) << INDEX_BITS) - 1)
#define LATE_ONLY (UINT64_C(1) << INDEX_BITS)
#define CLOSED (UINT64_C(2) << INDEX_BITS)
#define FLAGS (LATE_ONLY | CLOSED)

enum {
  PLACES = 127,
  BLOCK_SIZE = 4096,
};

// A CleatMessage, and whether it is there.
typedef struct Place {
  void (*run)(CleatEnv* env, void* data);  // NULL where its sender was refused after all
  void (*drop)(void* data);
  void* data;
  bool internal;
  bool bare;
  bool host;
  atomic_bool full;
} Place;

struct CleatQueueBlock {
  CleatQueueBlock* next;  // is there once the last place is full
  Place places[PLACES];
};

_Static_assert(sizeof(CleatQueueBlock) <= BLOCK_SIZE, "a block has its size");

static CleatQueueBlock* block_of(uint64_t next) { return (CleatQueueBlock*)(uintptr_t)((next & ~FLAGS) >> INDEX_BITS); }

static uint64_t first_of(const CleatQueueBlock* block) { return (uint64_t)(uintptr_t)block << INDEX_BITS; }

static bool refuses(uint64_t next, const CleatMessage* message) {
  return (next & (message->internal ? CLOSED : FLAGS)) != 0;
}

static CleatQueueBlock* new_block(CleatQueue* queue) {
  CleatQueueBlock* block = atomic_exchange_explicit(&queue->spare, NULL, memory_order_acquire);
  if (block != NULL) return block;
  // Its alignment leaves the bits of the flags free.
  block = aligned_alloc(BLOCK_SIZE, BLOCK_SIZE);
  if (block == NULL) return NULL;
  block->next = NULL;
  for (size_t i = 0; i < PLACES; i++) atomic_init(&block->places[i].full, false);
  return block;
}

// Keeps a block whose places are all free again: as the reserve where that was used, and one at most to use next.
// Receiver only.
static void give_back(CleatQueue* queue, CleatQueueBlock* block) {
  block->next = NULL;
  if (atomic_load_explicit(&queue->reserve, memory_order_relaxed) == NULL) {
    atomic_store_explicit(&queue->reserve, block, memory_order_relaxed);
  } else {
    free(atomic_exchange_explicit(&queue->spare, block, memory_order_acq_rel));
  }
}

bool cleat__queue_init(CleatQueue* queue) {
  atomic_init(&queue->spare, NULL);
  CleatQueueBlock* reserve = new_block(queue);
  CleatQueueBlock* block = new_block(queue);
  if (block == NULL || reserve == NULL) {
    free(block);
    free(reserve);
    return false;
  }
  atomic_init(&queue->reserve, reserve);
  atomic_init(&queue->next, first_of(block));
  atomic_init(&queue->armed, true);
  queue->oldest = (CleatQueuePlace){block, 0};
  return true;
}

void cleat__queue_free(CleatQueue* queue) {
  free(atomic_load_explicit(&queue->spare, memory_order_relaxed));
  free(atomic_load_explicit(&queue->reserve, memory_order_relaxed));
  for (CleatQueueBlock* block = queue->oldest.block; block != NULL;) {
    CleatQueueBlock* next = block->next;
    free(block);
    block = next;
  }
}

// SENDING

// Puts another block in the place of `full`, whose last place the caller has; for the receiver, the reserve if need be.
// False when memory is short: then the place is given back, for the next who comes.
static bool extend(CleatQueue* queue, CleatQueueBlock* full, bool receiver) {
  CleatQueueBlock* block = new_block(queue);
  // Only the receiver takes and gives the reserve.
  if (block == NULL && receiver) {
    block = atomic_exchange_explicit(&queue->reserve, NULL, memory_order_relaxed);
  }
  full->next = block;
  uint64_t to = block != NULL ? first_of(block) : first_of(full) + PLACES - 1;
  uint64_t next = atomic_load_explicit(&queue->next, memory_order_relaxed);
  // Release: who is given a place in the block finds it made.
  while (!atomic_compare_exchange_weak_explicit(&queue->next, &next, to | (next & FLAGS), memory_order_acq_rel,
                                                memory_order_relaxed)) {
    continue;
  }
  return block != NULL;
}

// Puts the message into a place that the caller has, after which the place is the receiver's.
static CleatPush fill(CleatQueue* queue, Place* place, const CleatMessage* message) {
  place->run = message->run;
  place->drop = message->drop;
  place->data = message->data;
  place->internal = message->internal;
  place->bare = message->bare;
  place->host = message->host;
  // Sequentially consistent, as in cleat__queue_arm: either the receiver finds the place full, or this finds it asleep.
  atomic_exchange(&place->full, true);
  bool asleep = atomic_load(&queue->armed) && atomic_exchange(&queue->armed, false);
  return asleep ? CLEAT_PUSH_ASLEEP : CLEAT_PUSH_AWAKE;
}

static CleatPush push(CleatQueue* queue, const CleatMessage* message, bool receiver) {
  for (int turns = 0;; turns++) {
    // Acquire, so that a sender that is refused also sees what was done before the closing.
    uint64_t next = atomic_load_explicit(&queue->next, memory_order_acquire);
    if (refuses(next, message)) return CLEAT_PUSH_REFUSED;
    // The places of the reserve are the receiver's until it has given a block back.
    if (!receiver && atomic_load_explicit(&queue->reserve, memory_order_relaxed) == NULL) return CLEAT_PUSH_FAILED;
    if ((next & INDEX_MASK) < PLACES) {
      next = atomic_fetch_add_explicit(&queue->next, 1, memory_order_acq_rel);
      // Of a closed queue nothing may be touched.
      if ((next & CLOSED) != 0) return CLEAT_PUSH_REFUSED;
      uint64_t index = next & INDEX_MASK;
      CleatQueueBlock* block = block_of(next);
      if (index == PLACES - 1 && !extend(queue, block, receiver)) return CLEAT_PUSH_FAILED;
      if (index < PLACES) {
        // Whoever begins to close wakes the receiver afterwards.
        static const CleatMessage nothing = {0};
        bool refused = refuses(next, message);
        CleatPush push = fill(queue, &block->places[index], refused ? &nothing : message);
        return refused ? CLEAT_PUSH_REFUSED : push;
      }
    }
    // Whoever has the last place is making the next block.
    if (turns > 100) sched_yield();
  }
}

CleatPush cleat__queue_push(CleatQueue* queue, const CleatMessage* message) { return push(queue, message, false); }

CleatPush cleat__queue_push_own(CleatQueue* queue, const CleatMessage* message) { return push(queue, message, true); }

void cleat__queue_refuse(CleatQueue* queue) { atomic_fetch_or_explicit(&queue->next, LATE_ONLY, memory_order_acq_rel); }

static CleatQueuePlace place_of(uint64_t next) {
  uint64_t index = next & INDEX_MASK;
  return (CleatQueuePlace){block_of(next), (uint32_t)(index < PLACES ? index : PLACES)};
}

void cleat__queue_close(CleatQueue* queue) {
  uint64_t next = atomic_fetch_or_explicit(&queue->next, FLAGS, memory_order_acq_rel);
  // The index may go on growing, but no place is given.
  if ((next & CLOSED) == 0) queue->end = place_of(next);
}

// RECEIVING

CleatQueuePlace cleat__queue_end(const CleatQueue* queue) {
  return place_of(atomic_load_explicit(&queue->next, memory_order_acquire));
}

static bool same(CleatQueuePlace a, CleatQueuePlace b) { return a.block == b.block && a.index == b.index; }

// Returns whether nothing is before `end`. Leaves a block that is used up: its last place was full, so there is a next.
static bool has_reached(CleatQueue* queue, CleatQueuePlace end) {
  CleatQueuePlace* oldest = &queue->oldest;
  if (same(*oldest, end)) return true;
  if (oldest->index < PLACES) return false;
  CleatQueueBlock* used = oldest->block;
  *oldest = (CleatQueuePlace){used->next, 0};
  give_back(queue, used);
  return same(*oldest, end);
}

static Place* oldest_place(const CleatQueue* queue) { return &queue->oldest.block->places[queue->oldest.index]; }

// Takes the oldest message, which is there; false where it was refused after all.
static bool take(CleatQueue* queue, CleatMessage* out) {
  Place* place = oldest_place(queue);
  *out = (CleatMessage){
      .run = place->run,
      .drop = place->drop,
      .data = place->data,
      .internal = place->internal,
      .bare = place->bare,
      .host = place->host,
  };
  atomic_store_explicit(&place->full, false, memory_order_relaxed);
  queue->oldest.index++;
  return out->run != NULL;
}

bool cleat__queue_take(CleatQueue* queue, CleatQueuePlace end, CleatMessage* out) {
  while (!has_reached(queue, end) && atomic_load(&oldest_place(queue)->full)) {
    if (take(queue, out)) return true;
  }
  return false;
}

bool cleat__queue_take_last(CleatQueue* queue, CleatMessage* out) {
  while (!has_reached(queue, queue->end)) {
    if (!atomic_load(&oldest_place(queue)->full)) {
      sched_yield();
    } else if (take(queue, out)) {
      return true;
    }
  }
  return false;
}

bool cleat__queue_arm(CleatQueue* queue) {
  atomic_exchange(&queue->armed, true);
  if (has_reached(queue, cleat__queue_end(queue)) || !atomic_load(&oldest_place(queue)->full)) return false;
  return atomic_exchange(&queue->armed, false);
}

bool cleat__queue_is_empty(CleatQueue* queue) { return has_reached(queue, cleat__queue_end(queue)); }
