// The dispatch queue: order, wake-ups, closing, and short memory.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "queue_fixture.h"

namespace {

TEST_F(QueueTest, IsEmptyAtFirst) {
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
  EXPECT_EQ(Take(), 0u);
}

TEST_F(QueueTest, GivesMessagesAsTheyWereSent) {
  int datum = 0;
  const CleatMessage sent = {RunNothing, DropNothing, &datum, true, true, false, nullptr};
  cleat__queue_push(&queue_, &sent);
  CleatMessage got;
  ASSERT_TRUE(cleat__queue_take(&queue_, cleat__queue_end(&queue_), &got));
  EXPECT_EQ(got.run, RunNothing);
  EXPECT_EQ(got.drop, DropNothing);
  EXPECT_EQ(got.data, &datum);
  EXPECT_TRUE(got.internal);
  EXPECT_TRUE(got.bare);
}

TEST_F(QueueTest, OnlyOneSenderWakesAReceiverThatSleeps) {
  EXPECT_EQ(Push(1), CLEAT_PUSH_ASLEEP);
  EXPECT_EQ(Push(2), CLEAT_PUSH_AWAKE);
  Take();
  Take();
  EXPECT_EQ(Push(3), CLEAT_PUSH_AWAKE) << "the receiver has not said that it sleeps";
  EXPECT_TRUE(cleat__queue_arm(&queue_)) << "one is there, so that it must not sleep";
  EXPECT_EQ(Take(), 3u);
  EXPECT_FALSE(cleat__queue_arm(&queue_));
  EXPECT_EQ(Push(4), CLEAT_PUSH_ASLEEP);
}

TEST_F(QueueTest, WhoWakesTheReceiverForAMessageThatMayFreeTheQueueIsCountedBefore) {
  size_t keepers = 1;
  const CleatMessage message = {RunNothing, DropNothing, &keepers, true, false, false, &keepers};
  EXPECT_EQ(cleat__queue_push(&queue_, &message), CLEAT_PUSH_ASLEEP);
  EXPECT_EQ(keepers, 2u);
  EXPECT_EQ(cleat__queue_push(&queue_, &message), CLEAT_PUSH_AWAKE);
  EXPECT_EQ(keepers, 2u) << "it has nothing to do with the queue any more";
  cleat__queue_close(&queue_);
  EXPECT_EQ(cleat__queue_push(&queue_, &message), CLEAT_PUSH_REFUSED);
  EXPECT_EQ(keepers, 2u);
}

TEST_F(QueueTest, TakesTheOldestFirstThroughManyBlocks) {
  constexpr uintptr_t kMany = 1000;
  for (uintptr_t i = 1; i <= kMany; i++) Push(i);
  EXPECT_FALSE(cleat__queue_is_empty(&queue_));
  for (uintptr_t i = 1; i <= kMany; i++) ASSERT_EQ(Take(), i);
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
  EXPECT_EQ(Take(), 0u);
}

TEST_F(QueueTest, IsEmptyWhereverItsBlocksEnd) {
  for (uintptr_t i = 1; i <= 1000; i++) {
    Push(i);
    EXPECT_FALSE(cleat__queue_is_empty(&queue_));
    ASSERT_EQ(Take(), i);
    EXPECT_TRUE(cleat__queue_is_empty(&queue_)) << i;
    EXPECT_FALSE(cleat__queue_arm(&queue_)) << i;
  }
}

TEST_F(QueueTest, TakesNothingThatWasSentAfterTheEnd) {
  for (uintptr_t before : {1, 126, 127, 128, 300}) {
    for (uintptr_t i = 1; i <= before; i++) Push(i);
    const CleatQueuePlace end = cleat__queue_end(&queue_);
    for (uintptr_t i = 1; i <= 200; i++) Push(1000 + i);
    CleatMessage message;
    uintptr_t taken = 0;
    while (cleat__queue_take(&queue_, end, &message)) taken++;
    EXPECT_EQ(taken, before);
    for (uintptr_t i = 1; i <= 200; i++) ASSERT_EQ(Take(), 1000 + i);
  }
}

TEST_F(QueueTest, KnowsHowLongItIsWhileThatIsLittle) {
  for (uint32_t i = 1; i <= 100; i++) {
    Push(i);
    EXPECT_EQ(cleat__queue_length(&queue_), i);
  }
  for (uint32_t i = 1; i <= 90; i++) {
    ASSERT_EQ(Take(), i);
    EXPECT_EQ(cleat__queue_length(&queue_), 100 - i);
  }
  for (uintptr_t i = 101; i <= 230; i++) Push(i);
  EXPECT_GT(cleat__queue_length(&queue_), 100u) << "in two blocks";
}

// A burst leaves some of its memory to the next one, but not for ever.
TEST_F(QueueTest, GivesMemoryOfABurstBackBitByBit) {
  constexpr uintptr_t kMessages = 1000 * 127;
  constexpr size_t kBlock = 4096;
  const size_t before = mallinfo2().uordblks;
  if (before == 0) GTEST_SKIP() << "this malloc does not count";
  auto blocks = [&] { return (mallinfo2().uordblks - before) / kBlock; };
  for (int burst = 0; burst < 3; burst++) {
    for (uintptr_t i = 1; i <= kMessages; i++) Push(i);
    EXPECT_GE(blocks(), 1000u);
    for (uintptr_t i = 1; i <= kMessages; i++) ASSERT_EQ(Take(), i);
    EXPECT_FALSE(cleat__queue_arm(&queue_));
    EXPECT_GE(blocks(), 400u);
    EXPECT_LE(blocks(), 530u);
  }
  for (int i = 0; i < 100; i++) {
    Push(1);
    EXPECT_EQ(Take(), 1u);
    EXPECT_FALSE(cleat__queue_arm(&queue_));
  }
  EXPECT_LE(blocks(), 40u);
}

TEST_F(QueueTest, ClosingLeavesTheRestToBeTakenAndRefusesMore) {
  for (uintptr_t i = 1; i <= 300; i++) Push(i);
  cleat__queue_close(&queue_);
  cleat__queue_close(&queue_);
  for (int i = 0; i < 300; i++) EXPECT_EQ(Push(1), CLEAT_PUSH_REFUSED);
  EXPECT_EQ(Push(1, true), CLEAT_PUSH_REFUSED);
  for (uintptr_t i = 1; i <= 300; i++) ASSERT_EQ(TakeLast(), i);
  EXPECT_EQ(TakeLast(), 0u);
}

TEST_F(QueueTest, ClosesAtTheEndOfABlock) {
  for (uintptr_t i = 1; i <= 127; i++) Push(i);
  cleat__queue_close(&queue_);
  for (uintptr_t i = 1; i <= 127; i++) ASSERT_EQ(TakeLast(), i);
  EXPECT_EQ(TakeLast(), 0u);
}

TEST_F(QueueTest, OnceItRefusesOnlyLateMessagesAreAccepted) {
  Push(1);
  cleat__queue_refuse(&queue_);
  cleat__queue_refuse(&queue_);
  EXPECT_EQ(Push(2), CLEAT_PUSH_REFUSED);
  EXPECT_EQ(Push(3, true), CLEAT_PUSH_AWAKE);
  EXPECT_EQ(Take(), 1u);
  EXPECT_EQ(Take(), 3u);
  EXPECT_EQ(Push(4), CLEAT_PUSH_REFUSED);
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
  Push(5, true);
  cleat__queue_close(&queue_);
  EXPECT_EQ(TakeLast(), 5u);
  EXPECT_EQ(Push(6, true), CLEAT_PUSH_REFUSED);
}

TEST_F(QueueTest, EightSendersAreEachReceivedInOrderAndNoWakeUpIsLost) {
  constexpr uintptr_t kSenders = 8;
  constexpr uintptr_t kEach = 20000;
  std::atomic<int> wakes{0};
  std::vector<std::thread> senders;
  for (uintptr_t sender = 0; sender < kSenders; sender++) {
    senders.emplace_back([&, sender] {
      for (uintptr_t number = 0; number < kEach; number++) {
        if (Push(sender << 32 | number) == CLEAT_PUSH_ASLEEP) wakes++;
      }
    });
  }
  // As a runtime's loop does: it sleeps until it is woken, once for each time.
  std::vector<uintptr_t> next(kSenders, 0);
  uintptr_t received = 0;
  int sleeps = 1;
  while (received < kSenders * kEach) {
    while (wakes < sleeps) std::this_thread::yield();
    CleatMessage message;
    const CleatQueuePlace end = cleat__queue_end(&queue_);
    for (; cleat__queue_take(&queue_, end, &message); received++) {
      const auto number = reinterpret_cast<uintptr_t>(message.data);
      ASSERT_EQ(number & 0xffffffff, next[number >> 32]++);
    }
    if (!cleat__queue_arm(&queue_)) sleeps++;
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
  EXPECT_LE(wakes, sleeps);
}

TEST_F(QueueTest, ClosingWhileSendersPushLosesNothing) {
  for (int round = 0; round < 20; round++) {
    CleatQueue queue;
    ASSERT_TRUE(cleat__queue_init(&queue));
    std::atomic<int> accepted{0};
    std::vector<std::thread> senders;
    for (int sender = 0; sender < 4; sender++) {
      senders.emplace_back([&] {
        for (int i = 0; i < 5000; i++) {
          const CleatMessage message = {RunNothing, DropNothing, nullptr, i % 3 == 0, false, false, nullptr};
          if (cleat__queue_push(&queue, &message) >= CLEAT_PUSH_ASLEEP) accepted++;
        }
      });
    }
    int received = 0;
    CleatMessage message;
    for (int i = 0; i < 200 * round; i++) received += cleat__queue_take(&queue, cleat__queue_end(&queue), &message);
    cleat__queue_refuse(&queue);
    for (int i = 0; i < 200 * round; i++) received += cleat__queue_take(&queue, cleat__queue_end(&queue), &message);
    cleat__queue_close(&queue);
    while (cleat__queue_take_last(&queue, &message)) received++;
    for (std::thread& sender : senders) sender.join();
    EXPECT_EQ(received, accepted);
    cleat__queue_free(&queue);
  }
}

}  // namespace
