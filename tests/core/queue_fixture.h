// The dispatch queue, as C++ can read it, and the fixture of its tests.
#ifndef CLEAT_TESTS_CORE_QUEUE_FIXTURE_H_
#define CLEAT_TESTS_CORE_QUEUE_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

// queue.h is C11: these are its declarations as C++ can read them.
extern "C" {
struct CleatMessage {
  void (*run)(struct CleatEnv* env, void* data);
  void (*drop)(void* data);
  void* data;
  bool internal;
  bool bare;
  bool host;
  size_t* keepers;
};
struct CleatQueuePlace {
  void* block;
  uint32_t index;
};
struct CleatQueue {
  alignas(64) char reserved[70 * 64];
};
enum CleatPush { CLEAT_PUSH_REFUSED, CLEAT_PUSH_FAILED, CLEAT_PUSH_ASLEEP, CLEAT_PUSH_AWAKE };
bool cleat__queue_init(CleatQueue* queue);
void cleat__queue_free(CleatQueue* queue);
CleatPush cleat__queue_push(CleatQueue* queue, const CleatMessage* message);
CleatPush cleat__queue_push_own(CleatQueue* queue, const CleatMessage* message);
void cleat__queue_refuse(CleatQueue* queue);
void cleat__queue_close(CleatQueue* queue);
CleatQueuePlace cleat__queue_end(const CleatQueue* queue);
bool cleat__queue_take(CleatQueue* queue, CleatQueuePlace end, CleatMessage* out);
bool cleat__queue_take_last(CleatQueue* queue, CleatMessage* out);
bool cleat__queue_arm(CleatQueue* queue);
uint32_t cleat__queue_length(const CleatQueue* queue);
bool cleat__queue_is_empty(CleatQueue* queue);
}

inline void RunNothing(CleatEnv*, void*) {}
inline void DropNothing(void*) {}

class QueueTest : public testing::Test {
 protected:
  QueueTest() { EXPECT_TRUE(cleat__queue_init(&queue_)); }
  ~QueueTest() override { cleat__queue_free(&queue_); }

  CleatPush Push(uintptr_t number, bool internal = false) {
    const CleatMessage message = {RunNothing, DropNothing, reinterpret_cast<void*>(number), internal, false, false, nullptr};
    return cleat__queue_push(&queue_, &message);
  }
  // By the receiver itself.
  CleatPush PushOwn(uintptr_t number) {
    const CleatMessage message = {RunNothing, DropNothing, reinterpret_cast<void*>(number), true, false, false, nullptr};
    return cleat__queue_push_own(&queue_, &message);
  }
  // The number of the oldest message; 0 for none.
  uintptr_t Take() {
    CleatMessage message;
    const bool taken = cleat__queue_take(&queue_, cleat__queue_end(&queue_), &message);
    return taken ? reinterpret_cast<uintptr_t>(message.data) : 0;
  }
  uintptr_t TakeLast() {
    CleatMessage message;
    return cleat__queue_take_last(&queue_, &message) ? reinterpret_cast<uintptr_t>(message.data) : 0;
  }
  CleatQueue queue_;
};

#endif  // CLEAT_TESTS_CORE_QUEUE_FIXTURE_H_
