// The dispatch queue: a stack that senders push to by one compare-exchange, and that the receiver takes whole.
#include "queue.h"

#include <stddef.h>

// Nodes are aligned, so that the bit is free, and that no node has the address of the closed mark.
#define LATE_ONLY ((uintptr_t)1)
#define CLOSED UINTPTR_MAX

static CleatQueueNode* node_of(uintptr_t head) { return (CleatQueueNode*)(head & ~LATE_ONLY); }

void cleat__queue_init(CleatQueue* queue) { atomic_init(&queue->head, 0); }

static CleatPush push(CleatQueue* queue, CleatQueueNode* node, bool late) {
  // Acquire, so that a sender that is refused also sees what was done before the closing.
  uintptr_t head = atomic_load_explicit(&queue->head, memory_order_acquire);
  uintptr_t pushed;
  do {
    if (head == CLOSED || (!late && (head & LATE_ONLY) != 0)) return CLEAT_PUSH_CLOSED;
    node->next = node_of(head);
    pushed = (uintptr_t)node | (head & LATE_ONLY);
    // Release: what the sender wrote into the node, and its `next`, come before it can be taken. A node further down
    // was released by its own sender; the exchanges that follow continue its release sequence, so one acquire sees all.
  } while (
      !atomic_compare_exchange_weak_explicit(&queue->head, &head, pushed, memory_order_release, memory_order_acquire));
  return node_of(head) == NULL ? CLEAT_PUSH_FIRST : CLEAT_PUSH_MORE;
}

CleatPush cleat__queue_push(CleatQueue* queue, CleatQueueNode* node) { return push(queue, node, false); }

CleatPush cleat__queue_push_late(CleatQueue* queue, CleatQueueNode* node) { return push(queue, node, true); }

void cleat__queue_refuse(CleatQueue* queue) {
  // The closed mark has the bit already.
  atomic_fetch_or_explicit(&queue->head, LATE_ONLY, memory_order_acq_rel);
}

static CleatQueueNode* reverse(CleatQueueNode* node) {
  CleatQueueNode* oldest = NULL;
  while (node != NULL) {
    CleatQueueNode* next = node->next;
    node->next = oldest;
    oldest = node;
    node = next;
  }
  return oldest;
}

CleatQueueNode* cleat__queue_take(CleatQueue* queue) {
  uintptr_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
  do {
    if (head == CLOSED || node_of(head) == NULL) return NULL;
    // Acquire: sees the nodes. The bit stays as it is.
  } while (!atomic_compare_exchange_weak_explicit(&queue->head, &head, head & LATE_ONLY, memory_order_acquire,
                                                  memory_order_relaxed));
  return reverse(node_of(head));
}

CleatQueueNode* cleat__queue_close(CleatQueue* queue) {
  uintptr_t head = atomic_exchange_explicit(&queue->head, CLOSED, memory_order_acq_rel);
  return head == CLOSED ? NULL : reverse(node_of(head));
}

bool cleat__queue_is_empty(const CleatQueue* queue) {
  uintptr_t head = atomic_load_explicit(&queue->head, memory_order_acquire);
  return head == CLOSED || node_of(head) == NULL;
}
