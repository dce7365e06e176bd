// The dispatch queue: many senders, one receiver, ordered per sender, closed in two steps: first only late nodes are
// accepted, then none. A sender that finds it empty is told to
// wake the receiver, and no other is: one wake-up per batch.
#ifndef CLEAT_RUNTIME_QUEUE_H_
#define CLEAT_RUNTIME_QUEUE_H_

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// One entry; embedded first in what is sent.
typedef struct CleatQueueNode {
  struct CleatQueueNode* next;
} CleatQueueNode;

// A stack of nodes that the receiver takes whole and reverses. Its head is the address of the last node; the lowest bit
// says that only late nodes are accepted. It is the closed mark once none is.
typedef struct CleatQueue {
  _Atomic(uintptr_t) head;
} CleatQueue;

typedef enum CleatPush {
  CLEAT_PUSH_CLOSED,  // not accepted
  CLEAT_PUSH_FIRST,   // accepted, and the receiver must be woken
  CLEAT_PUSH_MORE,    // accepted; whoever was first wakes the receiver
} CleatPush;

void cleat__queue_init(CleatQueue* queue);

// Any thread. The second pushes a late node.
CleatPush cleat__queue_push(CleatQueue* queue, CleatQueueNode* node);
CleatPush cleat__queue_push_late(CleatQueue* queue, CleatQueueNode* node);

// Accepts only late nodes from now on. Any thread; again without effect.
void cleat__queue_refuse(CleatQueue* queue);

// Takes all that was accepted, oldest first; NULL for nothing. Receiver only.
CleatQueueNode* cleat__queue_take(CleatQueue* queue);

// Takes all that was accepted and accepts no more. Receiver only; closing twice gives NULL.
CleatQueueNode* cleat__queue_close(CleatQueue* queue);

// Any thread; the answer may be old by the time it is read.
bool cleat__queue_is_empty(const CleatQueue* queue);

#endif  // CLEAT_RUNTIME_QUEUE_H_
