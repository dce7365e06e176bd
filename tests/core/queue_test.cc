// The dispatch queue: order, wake-ups and closing.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

// queue.h is C11: these are its declarations as C++ can read them.
extern "C" {
struct CleatQueueNode {
  CleatQueueNode* next;
};
struct CleatQueue {
  uintptr_t head;
};
enum CleatPush { CLEAT_PUSH_CLOSED, CLEAT_PUSH_FIRST, CLEAT_PUSH_MORE };
void cleat__queue_init(CleatQueue* queue);
CleatPush cleat__queue_push(CleatQueue* queue, CleatQueueNode* node);
CleatPush cleat__queue_push_late(CleatQueue* queue, CleatQueueNode* node);
void cleat__queue_refuse(CleatQueue* queue);
CleatQueueNode* cleat__queue_take(CleatQueue* queue);
CleatQueueNode* cleat__queue_close(CleatQueue* queue);
bool cleat__queue_is_empty(const CleatQueue* queue);
}

namespace {

struct Item {
  CleatQueueNode node;
  int sender;
  int number;
};

class QueueTest : public testing::Test {
 protected:
  QueueTest() { cleat__queue_init(&queue_); }
  CleatQueue queue_;
};

TEST_F(QueueTest, IsEmptyAtFirst) {
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
  EXPECT_EQ(cleat__queue_take(&queue_), nullptr);
}

TEST_F(QueueTest, OnlyThePushIntoAnEmptyQueueIsFirst) {
  CleatQueueNode a, b, c;
  EXPECT_EQ(cleat__queue_push(&queue_, &a), CLEAT_PUSH_FIRST);
  EXPECT_EQ(cleat__queue_push(&queue_, &b), CLEAT_PUSH_MORE);
  cleat__queue_take(&queue_);
  EXPECT_EQ(cleat__queue_push(&queue_, &c), CLEAT_PUSH_FIRST);
}

TEST_F(QueueTest, TakesTheOldestFirst) {
  CleatQueueNode a, b, c;
  for (CleatQueueNode* node : {&a, &b, &c}) cleat__queue_push(&queue_, node);
  EXPECT_EQ(cleat__queue_take(&queue_), &a);
  EXPECT_EQ(a.next, &b);
  EXPECT_EQ(b.next, &c);
  EXPECT_EQ(c.next, nullptr);
}

TEST_F(QueueTest, ClosingGivesTheRestAndRefusesMore) {
  CleatQueueNode a, b;
  cleat__queue_push(&queue_, &a);
  EXPECT_EQ(cleat__queue_close(&queue_), &a);
  EXPECT_EQ(cleat__queue_push(&queue_, &b), CLEAT_PUSH_CLOSED);
  EXPECT_EQ(cleat__queue_take(&queue_), nullptr);
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
}

TEST_F(QueueTest, ClosingTwiceGivesNothing) {
  EXPECT_EQ(cleat__queue_close(&queue_), nullptr);
  EXPECT_EQ(cleat__queue_close(&queue_), nullptr);
}

TEST_F(QueueTest, OnceItRefusesOnlyLateNodesAreAccepted) {
  CleatQueueNode a, b, c, d;
  cleat__queue_push(&queue_, &a);
  cleat__queue_refuse(&queue_);
  cleat__queue_refuse(&queue_);
  EXPECT_EQ(cleat__queue_push(&queue_, &b), CLEAT_PUSH_CLOSED);
  EXPECT_EQ(cleat__queue_push_late(&queue_, &c), CLEAT_PUSH_MORE);
  EXPECT_EQ(cleat__queue_take(&queue_), &a);
  EXPECT_EQ(a.next, &c);
  EXPECT_TRUE(cleat__queue_is_empty(&queue_));
  EXPECT_EQ(cleat__queue_push(&queue_, &b), CLEAT_PUSH_CLOSED);
  EXPECT_EQ(cleat__queue_push_late(&queue_, &d), CLEAT_PUSH_FIRST);
  EXPECT_EQ(cleat__queue_close(&queue_), &d);
  cleat__queue_refuse(&queue_);
  EXPECT_EQ(cleat__queue_push_late(&queue_, &b), CLEAT_PUSH_CLOSED);
}

TEST_F(QueueTest, EightSendersAreEachReceivedInOrderWithOneWakeUpPerBatch) {
  constexpr int kSenders = 8;
  constexpr int kEach = 20000;
  std::vector<Item> items(kSenders * kEach);
  std::atomic<int> firsts{0};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; sender++) {
    senders.emplace_back([&, sender] {
      for (int number = 0; number < kEach; number++) {
        Item* item = &items[sender * kEach + number];
        item->sender = sender;
        item->number = number;
        if (cleat__queue_push(&queue_, &item->node) == CLEAT_PUSH_FIRST) firsts++;
      }
    });
  }
  std::vector<int> next(kSenders, 0);
  int received = 0;
  int batches = 0;
  while (received < kSenders * kEach) {
    CleatQueueNode* node = cleat__queue_take(&queue_);
    if (node != nullptr) batches++;
    for (; node != nullptr; node = node->next) {
      auto* item = reinterpret_cast<Item*>(node);
      ASSERT_EQ(item->number, next[item->sender]++);
      received++;
    }
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(firsts, batches);
}

TEST_F(QueueTest, ClosingWhileSendersPushLosesNothing) {
  std::vector<Item> items(40000);
  std::atomic<int> accepted{0};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 4; sender++) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < 10000; i++) {
        if (cleat__queue_push(&queue_, &items[sender * 10000 + i].node) != CLEAT_PUSH_CLOSED) accepted++;
      }
    });
  }
  int received = 0;
  auto count = [&](CleatQueueNode* node) {
    for (; node != nullptr; node = node->next) received++;
  };
  for (int i = 0; i < 50; i++) count(cleat__queue_take(&queue_));
  count(cleat__queue_close(&queue_));
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(received, accepted);
}

}  // namespace
