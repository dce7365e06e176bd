// The dispatch queue: blocks of places that senders are given by an atomic addition, and that the receiver takes in
// order.
#include "queue.h"

#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

// In CleatQueue.next, from the lowest bit: the index, which grows beyond a block that is full, by one for each sender
// that finds it so; the flags, where a block's address has zeros; and the address.
#define INDEX_BITS 16
#define INDEX_MASK ((UINT64_C(1) << INDEX_BITS) - 1)
#define LATE_ONLY (UINT64_C(1) << INDEX_BITS)
#define CLOSED (UINT64_C(2) << INDEX_BITS)
#define ARMED (UINT64_C(4) << INDEX_BITS)
#define FLAGS (LATE_ONLY | CLOSED | ARMED)

// CleatQueue.refused, which is set before the flags: senders look there first, where nobody writes, so that those that
// are refused leave the index alone.
enum { REFUSE_EARLY = 1, REFUSE_ALL = 2 };

enum {
  PLACES = 127,  // an odd number: see place_at
  BLOCK_SIZE = 4096,
  ALIGNMENT = 64,
};

// A CleatMessage, and a mark by which one sees whether it is there.
typedef struct Place {
  void (*run)(CleatEnv* env, void* data);  // NULL where its sender was refused after all
  void (*drop)(void* data);
  void* data;
  bool internal;
  bool bare;
  bool host;
  atomic_bool mark;
} Place;

// A place is full where it has the block's mark, which is another each time that the block is used. So the receiver
// writes nothing to places: it would wait for senders' caches.
struct CleatQueueBlock {
  CleatQueueBlock* next;  // is there once the last place is full
  bool mark;
  _Alignas(sizeof(Place)) Place places[PLACES];
};

_Static_assert(sizeof(CleatQueueBlock) <= BLOCK_SIZE, "a block has its size");

static CleatQueueBlock* block_of(uint64_t next) { return (CleatQueueBlock*)(uintptr_t)((next & ~FLAGS) >> INDEX_BITS); }

static uint64_t first_of(const CleatQueueBlock* block) { return (uint64_t)(uintptr_t)block << INDEX_BITS; }

static CleatQueueBlock* new_block(void) {
  // Its alignment leaves the bits of the flags free.
  CleatQueueBlock* block = aligned_alloc(ALIGNMENT, BLOCK_SIZE);
  if (block == NULL) return NULL;
  block->next = NULL;
  block->mark = true;
  for (size_t i = 0; i < PLACES; i++) atomic_init(&block->places[i].mark, false);
  return block;
}

// Returns a block that is to be used again; NULL where there are no more than `least`. At most two do that at a time:
// the receiver, and the one sender that has the last place of a block. What the other has taken meanwhile is not looked
// into.
static CleatQueueBlock* take_spare(CleatQueue* queue, uint32_t least) {
  uint32_t taken = atomic_load_explicit(&queue->spares_taken, memory_order_relaxed);
  while (atomic_load_explicit(&queue->spares_put, memory_order_acquire) - taken > least) {
    CleatQueueBlock* block = atomic_load_explicit(&queue->spares[taken % CLEAT_QUEUE_SPARES], memory_order_relaxed);
    if (atomic_compare_exchange_weak_explicit(&queue->spares_taken, &taken, taken + 1, memory_order_acq_rel,
                                              memory_order_relaxed)) {
      return block;
    }
  }
  return NULL;
}

// Returns a block that is used again, or a new one. Whoever calls it has the last place of a block.
static CleatQueueBlock* next_block(CleatQueue* queue) {
  CleatQueueBlock* block = take_spare(queue, 0);
  return block != NULL ? block : new_block();
}

// Makes a block the reserve, where that was used.
static bool refill(CleatQueue* queue, CleatQueueBlock* block) {
  CleatQueueBlock* none = atomic_load_explicit(&queue->reserve, memory_order_relaxed);
  return none == NULL && atomic_compare_exchange_strong_explicit(&queue->reserve, &none, block, memory_order_release,
                                                                 memory_order_relaxed);
}

// Keeps a block whose places are all free again: as the reserve where that was used, or to be used next. Receiver only.
static __attribute__((noinline)) void give_back(CleatQueue* queue, CleatQueueBlock* block) {
  block->next = NULL;
  block->mark = !block->mark;
  if (refill(queue, block)) return;
  uint32_t put = atomic_load_explicit(&queue->spares_put, memory_order_relaxed);
  if (put - atomic_load_explicit(&queue->spares_taken, memory_order_acquire) == CLEAT_QUEUE_SPARES) {
    free(block);
    return;
  }
  atomic_store_explicit(&queue->spares[put % CLEAT_QUEUE_SPARES], block, memory_order_relaxed);
  atomic_store_explicit(&queue->spares_put, put + 1, memory_order_release);
}

// Frees some of the blocks that are too many. Receiver only, while it has nothing to do.
static void free_some_spares(CleatQueue* queue) {
  for (int i = 0; i < 16; i++) {
    CleatQueueBlock* block = take_spare(queue, CLEAT_QUEUE_LEAST_SPARES);
    if (block == NULL) return;
    free(block);
  }
}

bool cleat__queue_init(CleatQueue* queue) {
  CleatQueueBlock* reserve = new_block();
  CleatQueueBlock* block = new_block();
  if (block == NULL || reserve == NULL) {
    free(block);
    free(reserve);
    return false;
  }
  atomic_init(&queue->spares_put, 0);
  atomic_init(&queue->spares_taken, 0);
  atomic_init(&queue->refused, 0);
  atomic_init(&queue->reserve, reserve);
  atomic_init(&queue->next, first_of(block) | ARMED);
  queue->oldest = (CleatQueuePlace){block, 0};
  return true;
}

void cleat__queue_free(CleatQueue* queue) {
  for (CleatQueueBlock* spare; (spare = take_spare(queue, 0)) != NULL;) free(spare);
  free(atomic_load_explicit(&queue->reserve, memory_order_relaxed));
  for (CleatQueueBlock* block = queue->oldest.block; block != NULL;) {
    CleatQueueBlock* next = block->next;
    free(block);
    block = next;
  }
}

// SENDING

// What is put into a place that is not used after all.
static const CleatMessage no_message = {0};

// Places that follow each other are in two lines of the cache, so that senders that take turns do not write to the same
// one; and those are side by side, as processors expect of what is read next.
static Place* place_at(CleatQueueBlock* block, uint32_t index) { return &block->places[2 * index % PLACES]; }

// Puts the message into a place that the caller has, after which the place is the receiver's.
static void fill(CleatQueueBlock* block, uint64_t index, const CleatMessage* message) {
  Place* place = place_at(block, (uint32_t)index);
  place->run = message->run;
  place->drop = message->drop;
  place->data = message->data;
  place->internal = message->internal;
  place->bare = message->bare;
  place->host = message->host;
  atomic_store_explicit(&place->mark, block->mark, memory_order_release);
}

// Puts another block in the place of `full`, whose last place the caller has; for the receiver, the reserve if need be.
// False when memory is short: then the place is given back, for the next who comes.
static __attribute__((noinline)) bool extend(CleatQueue* queue, CleatQueueBlock* full, bool receiver) {
  CleatQueueBlock* block = next_block(queue);
  // Only the receiver takes the reserve.
  if (block == NULL && receiver) {
    block = atomic_exchange_explicit(&queue->reserve, NULL, memory_order_acquire);
  }
  full->next = block;
  uint64_t to = block != NULL ? first_of(block) : first_of(full) + PLACES - 1;
  uint64_t next = atomic_load_explicit(&queue->next, memory_order_relaxed);
  // Of a closed queue no place can be given back: it is among those that are to be taken.
  while (block != NULL || (next & CLOSED) == 0) {
    // Release: who is given a place in the block finds it made.
    if (atomic_compare_exchange_weak_explicit(&queue->next, &next, to | (next & FLAGS), memory_order_acq_rel,
                                              memory_order_relaxed)) {
      return block != NULL;
    }
  }
  fill(full, PLACES - 1, &no_message);
  return false;
}

// Whoever sees the flag has been given a place after the receiver has set it, and one of those wakes it; or more, where
// the keepers have been counted up for that.
static __attribute__((noinline)) CleatPush fill_and_wake(CleatQueue* queue, CleatQueueBlock* block, uint64_t index,
                                                         const CleatMessage* message) {
  bool keeps = message->keepers != NULL;
  if (keeps) atomic_fetch_add_explicit(message->keepers, 1, memory_order_relaxed);
  fill(block, index, message);
  uint64_t before = atomic_fetch_and_explicit(&queue->next, ~ARMED, memory_order_acq_rel);
  return keeps || (before & ARMED) != 0 ? CLEAT_PUSH_ASLEEP : CLEAT_PUSH_AWAKE;
}

// Senders do not wait for the receiver to give a block back: it may wait for one of them.
static __attribute__((noinline)) bool make_reserve(CleatQueue* queue) {
  CleatQueueBlock* block = new_block();
  if (block != NULL && !refill(queue, block)) free(block);
  return block != NULL;
}

// Returns whether a message of that kind is refused, and if not whether there is memory for it.
static bool may_push(CleatQueue* queue, const CleatMessage* message, bool receiver, CleatPush* refusal) {
  // Acquire, so that a sender that is refused also sees what was done before the closing.
  uint32_t refused = atomic_load_explicit(&queue->refused, memory_order_acquire);
  *refusal = CLEAT_PUSH_REFUSED;
  if (refused >= (message->internal ? REFUSE_ALL : REFUSE_EARLY)) return false;
  // The places of the reserve are the receiver's until there is another.
  *refusal = CLEAT_PUSH_FAILED;
  return receiver || atomic_load_explicit(&queue->reserve, memory_order_relaxed) != NULL || make_reserve(queue);
}

// Waits until whoever has the last place of a block has made the next one, or has given it up.
static __attribute__((noinline)) void wait_for_block(const CleatQueue* queue, const CleatQueueBlock* full) {
  for (int turns = 0;; turns++) {
    uint64_t next = atomic_load_explicit(&queue->next, memory_order_acquire);
    if (block_of(next) != full || (next & INDEX_MASK) < PLACES || (next & CLOSED) != 0) return;
    if (turns > 100) sched_yield();
  }
}

static CleatPush push(CleatQueue* queue, const CleatMessage* message, bool receiver) {
  CleatPush refusal;
  while (may_push(queue, message, receiver, &refusal)) {
    uint64_t next = atomic_fetch_add_explicit(&queue->next, 1, memory_order_acq_rel);
    // Of a closed queue nothing may be touched.
    if ((next & CLOSED) != 0) return CLEAT_PUSH_REFUSED;
    uint64_t index = next & INDEX_MASK;
    CleatQueueBlock* block = block_of(next);
    if (index >= PLACES) {
      wait_for_block(queue, block);
      continue;
    }
    if (index == PLACES - 1 && !extend(queue, block, receiver)) return CLEAT_PUSH_FAILED;
    if ((next & LATE_ONLY) != 0 && !message->internal) {
      // The flag is left to those who will wake the receiver.
      fill(block, index, &no_message);
      return CLEAT_PUSH_REFUSED;
    }
    if ((next & ARMED) != 0) return fill_and_wake(queue, block, index, message);
    fill(block, index, message);
    return CLEAT_PUSH_AWAKE;
  }
  return refusal;
}

CleatPush cleat__queue_push(CleatQueue* queue, const CleatMessage* message) { return push(queue, message, false); }

CleatPush cleat__queue_push_own(CleatQueue* queue, const CleatMessage* message) { return push(queue, message, true); }

void cleat__queue_refuse(CleatQueue* queue) {
  uint32_t nothing = 0;
  atomic_compare_exchange_strong(&queue->refused, &nothing, REFUSE_EARLY);
  atomic_fetch_or_explicit(&queue->next, LATE_ONLY, memory_order_acq_rel);
}

static CleatQueuePlace place_of(uint64_t next) {
  uint64_t index = next & INDEX_MASK;
  return (CleatQueuePlace){block_of(next), (uint32_t)(index < PLACES ? index : PLACES)};
}

void cleat__queue_close(CleatQueue* queue) {
  atomic_store(&queue->refused, REFUSE_ALL);
  uint64_t next = atomic_fetch_or_explicit(&queue->next, LATE_ONLY | CLOSED, memory_order_acq_rel);
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

static bool is_full(CleatQueuePlace place) {
  return atomic_load_explicit(&place_at(place.block, place.index)->mark, memory_order_acquire) == place.block->mark;
}

// Takes the oldest message, which is there; false where it was refused after all.
static bool take(CleatQueue* queue, CleatMessage* out) {
  const Place* place = place_at(queue->oldest.block, queue->oldest.index);
  *out = (CleatMessage){
      .run = place->run,
      .drop = place->drop,
      .data = place->data,
      .internal = place->internal,
      .bare = place->bare,
      .host = place->host,
  };
  queue->oldest.index++;
  return out->run != NULL;
}

bool cleat__queue_take(CleatQueue* queue, CleatQueuePlace end, CleatMessage* out) {
  while (!has_reached(queue, end) && is_full(queue->oldest)) {
    if (take(queue, out)) return true;
  }
  return false;
}

// Waits for a sender that was given the place, but not for long: it may have been stopped.
static void wait_for_message(CleatQueuePlace place) {
  for (int turns = 0; turns < 200 && !is_full(place); turns++) {
    if (turns > 100) sched_yield();
  }
  if (!is_full(place)) nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

bool cleat__queue_take_sent(CleatQueue* queue, CleatMessage* out) {
  // A sender without memory gives its place back: the end may come nearer.
  while (!has_reached(queue, cleat__queue_end(queue))) {
    if (!is_full(queue->oldest)) {
      wait_for_message(queue->oldest);
    } else if (take(queue, out)) {
      return true;
    }
  }
  return false;
}

bool cleat__queue_take_last(CleatQueue* queue, CleatMessage* out) {
  while (!has_reached(queue, queue->end)) {
    if (!is_full(queue->oldest)) {
      wait_for_message(queue->oldest);
    } else if (take(queue, out)) {
      return true;
    }
  }
  return false;
}

bool cleat__queue_arm(CleatQueue* queue) {
  // Where there is one already, what all senders write is left alone.
  uint64_t next = atomic_load_explicit(&queue->next, memory_order_acquire);
  if (has_reached(queue, place_of(next))) {
    free_some_spares(queue);
  } else if ((next & ARMED) == 0 && is_full(queue->oldest)) {
    return true;
  }
  next = atomic_fetch_or_explicit(&queue->next, ARMED, memory_order_acq_rel);
  if (has_reached(queue, place_of(next))) return false;
  // Who was given a place before does not know that it should wake anybody.
  wait_for_message(queue->oldest);
  return (atomic_fetch_and_explicit(&queue->next, ~ARMED, memory_order_acq_rel) & ARMED) != 0;
}

uint32_t cleat__queue_length(const CleatQueue* queue) {
  CleatQueuePlace end = cleat__queue_end(queue);
  return end.block == queue->oldest.block ? end.index - queue->oldest.index : PLACES;
}

bool cleat__queue_is_empty(CleatQueue* queue) { return has_reached(queue, cleat__queue_end(queue)); }
