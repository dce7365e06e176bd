// The dispatch queue where memory is short.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "faults.h"
#include "queue_fixture.h"

namespace {

constexpr uintptr_t kBlock = 127;  // how many messages a block has room for

class FaultyQueue : public QueueTest {
 protected:
  ~FaultyQueue() override { DisarmFaults(); }

  // Leaves one place in the first block, behind `kBlock` - 1 messages.
  void FillButOne() {
    for (uintptr_t i = 1; i < kBlock; i++) EXPECT_NE(Push(i), CLEAT_PUSH_FAILED);
  }
};

TEST_F(FaultyQueue, GivesThePlaceBackThatItCannotGoOnFrom) {
  FillButOne();
  ArmFaults(0, true, "aligned_alloc");
  EXPECT_EQ(Push(kBlock), CLEAT_PUSH_FAILED);
  EXPECT_EQ(Push(kBlock), CLEAT_PUSH_FAILED);
  DisarmFaults();
  EXPECT_EQ(Push(kBlock), CLEAT_PUSH_AWAKE);
  EXPECT_EQ(Push(kBlock + 1), CLEAT_PUSH_AWAKE);
  for (uintptr_t i = 1; i <= kBlock + 1; i++) ASSERT_EQ(Take(), i);
  EXPECT_EQ(Take(), 0u);
}

TEST_F(FaultyQueue, KeepsItsReserveForTheReceiver) {
  FillButOne();
  ArmFaults(0, true, "aligned_alloc");
  EXPECT_EQ(Push(kBlock), CLEAT_PUSH_FAILED);
  EXPECT_EQ(PushOwn(kBlock), CLEAT_PUSH_AWAKE);
  EXPECT_EQ(Push(kBlock + 1), CLEAT_PUSH_FAILED) << "the reserve is the receiver's";
  EXPECT_EQ(PushOwn(kBlock + 1), CLEAT_PUSH_AWAKE);
  for (uintptr_t i = 1; i <= kBlock; i++) ASSERT_EQ(Take(), i);
  EXPECT_EQ(Take(), kBlock + 1) << "which gives the first block back";
  EXPECT_EQ(Push(kBlock + 2), CLEAT_PUSH_AWAKE);
  EXPECT_EQ(Take(), kBlock + 2);
}

// The receiver may wait for one of its senders.
TEST_F(FaultyQueue, SendersDoNotWaitForTheReceiverOnceThereIsMemory) {
  FillButOne();
  ArmFaults(0, true, "aligned_alloc");
  EXPECT_EQ(PushOwn(kBlock), CLEAT_PUSH_AWAKE);
  EXPECT_EQ(Push(kBlock + 1), CLEAT_PUSH_FAILED);
  DisarmFaults();
  EXPECT_EQ(Push(kBlock + 1), CLEAT_PUSH_AWAKE);
  for (uintptr_t i = 1; i <= kBlock + 1; i++) ASSERT_EQ(Take(), i);
}

CleatQueue* closed;

TEST_F(FaultyQueue, ClosesWhileASenderIsOutOfMemory) {
  FillButOne();
  closed = &queue_;
  ArmFaults(0, true, "aligned_alloc");
  OnFault([] {
    cleat__queue_close(closed);
    return true;
  });
  EXPECT_NE(Push(kBlock), CLEAT_PUSH_AWAKE);
  DisarmFaults();
  EXPECT_EQ(Push(kBlock, true), CLEAT_PUSH_REFUSED);
  std::atomic<bool> done{false};
  std::thread watch([&done] {
    for (int i = 0; i < 1000 && !done; i++) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (done) return;
    fprintf(stderr, "what nobody has put there is waited for\n");
    abort();
  });
  for (uintptr_t i = 1; i < kBlock; i++) EXPECT_EQ(TakeLast(), i);
  EXPECT_EQ(TakeLast(), 0u);
  done = true;
  watch.join();
}

}  // namespace
