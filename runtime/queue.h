// The dispatch queue: many senders, one receiver, first in first out. It is closed in two steps: first only late
// messages are accepted, then none. A sender wakes the receiver only where that has asked for it: one wake-up a batch.
#ifndef CLEAT_RUNTIME_QUEUE_H_
#define CLEAT_RUNTIME_QUEUE_H_

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cleat/base.h"

// What is sent. It is copied into the queue.
typedef struct CleatMessage {
  void (*run)(CleatEnv* env, void* data);
  void (*drop)(void* data);  // may be NULL
  void* data;
  bool internal;  // one of Cleat's own: a late one, accepted until the queue is closed
  bool bare;      // `run` begins and ends its task itself
  bool host;      // `run` is the program's, which may have native objects in its hands
  // Not copied. NULL, or for a message that may free what the queue is in as soon as it is there: what is counted up
  // before, where its sender is to wake the receiver. The push says CLEAT_PUSH_ASLEEP then, and otherwise has touched
  // the queue for the last time before the message is there.
  atomic_size_t* keepers;
} CleatMessage;

typedef struct CleatQueueBlock CleatQueueBlock;

// A place in the queue.
typedef struct CleatQueuePlace {
  CleatQueueBlock* block;
  uint32_t index;
} CleatQueuePlace;

// How many blocks, of 4 KiB, are kept to be used again: memory that the system has to give anew costs more than all
// else of a message. Of those beyond the second figure some are freed each time that the receiver has nothing to do.
enum { CLEAT_QUEUE_SPARES = 512, CLEAT_QUEUE_LEAST_SPARES = 32 };

// A chain of blocks of messages. Senders are given the next place by one addition, so that none waits for another, but
// where a block is full and the next one is being made.
typedef struct CleatQueue {
  // By senders: the block and the index of the next place, whether messages are refused, and whether the receiver is to
  // be woken: all by one access to what all of them write. See queue.c.
  _Alignas(64) _Atomic(uint64_t) next;
  // What seldom changes. Which messages are refused (see queue.c); and, where memory is short, a block for what the
  // receiver itself sends: who else could wait for it to take messages?
  _Alignas(64) _Atomic(uint32_t) refused;
  _Atomic(CleatQueueBlock*) reserve;
  // A ring of blocks to be used again: how many were ever put there, by the receiver, and taken, by who makes the next
  // one, and by the receiver where there are too many.
  _Alignas(64) _Atomic(uint32_t) spares_put;
  _Atomic(uint32_t) spares_taken;
  _Atomic(CleatQueueBlock*) spares[CLEAT_QUEUE_SPARES];
  // By the receiver: the oldest place, and once the queue is closed the end.
  _Alignas(64) CleatQueuePlace oldest;
  CleatQueuePlace end;
} CleatQueue;

typedef enum CleatPush {
  CLEAT_PUSH_REFUSED,  // the queue accepts no more
  CLEAT_PUSH_FAILED,   // memory is short
  CLEAT_PUSH_ASLEEP,   // accepted, and the receiver must be woken
  CLEAT_PUSH_AWAKE,    // accepted; the receiver will look
} CleatPush;

// Makes an empty queue whose receiver is asleep. False when memory is short.
bool cleat__queue_init(CleatQueue* queue);

// Frees a queue that nobody uses any more. What it holds is lost: it must have been closed and taken.
void cleat__queue_free(CleatQueue* queue);

// Any thread. Fails also while the reserve is in use and another cannot be had.
CleatPush cleat__queue_push(CleatQueue* queue, const CleatMessage* message);

// The same, from what the queue has in reserve where memory is short: a hundred messages at least, in between of which
// the receiver has taken none. Receiver only.
CleatPush cleat__queue_push_own(CleatQueue* queue, const CleatMessage* message);

// Accepts only late messages from now on. Any thread; again without effect.
void cleat__queue_refuse(CleatQueue* queue);

// Accepts no more. Receiver only; again without effect. What was accepted is to be taken by cleat__queue_take_last.
void cleat__queue_close(CleatQueue* queue);

// Returns where the next message will be put. Receiver only.
CleatQueuePlace cleat__queue_end(const CleatQueue* queue);

// Takes the oldest message; false where there is none before `end`, or where its sender has not put it there yet.
// Receiver only.
bool cleat__queue_take(CleatQueue* queue, CleatQueuePlace end, CleatMessage* out);

// The same of all that was sent so far, and waits for senders that have not put theirs there yet.
bool cleat__queue_take_sent(CleatQueue* queue, CleatMessage* out);

// The same of a closed queue.
bool cleat__queue_take_last(CleatQueue* queue, CleatMessage* out);

// Has the next sender wake the receiver. True, and then nobody does, where a message is there already, or is about to
// be: for a sender that is in the middle of putting it there this waits, but not for long. Receiver only.
bool cleat__queue_arm(CleatQueue* queue);

// Returns how many places that senders were given have not been taken, where these are few; or some hundred. Receiver
// only.
uint32_t cleat__queue_length(const CleatQueue* queue);

// Returns whether all places that senders were given have been taken. Receiver only.
bool cleat__queue_is_empty(CleatQueue* queue);

#endif  // CLEAT_RUNTIME_QUEUE_H_
