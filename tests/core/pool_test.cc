// Pools: things lie apart from each other, whatever the order in which they are taken and given back.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

extern "C" {
#include "runtime/pool.h"
}

namespace {

constexpr size_t kSize = 56;

struct Thing {
  unsigned char* memory;
  unsigned char mark;
};

Thing Take(CleatPool* pool, unsigned char mark) {
  auto* memory = static_cast<unsigned char*>(cleat__pool_take(pool));
  memset(memory, mark, kSize);
  return {memory, mark};
}

// Gives it back, still as it was left.
void Give(CleatPool* pool, const Thing& thing) {
  for (size_t i = 0; i < kSize; i++) ASSERT_EQ(thing.memory[i], thing.mark);
  cleat__pool_give(pool, thing.memory);
}

TEST(PoolTest, ThingsAreTakenAndGivenBackInAnyOrder) {
  CleatPool pool = {};
  pool.size = kSize;
  std::mt19937 random(1);
  std::vector<Thing> things;
  for (size_t most : {1, 100, 20000, 3}) {
    for (int i = 0; i < 60000; i++) {
      if (things.size() < most && random() % 3 != 0) {
        things.push_back(Take(&pool, static_cast<unsigned char>(random())));
      } else if (!things.empty()) {
        std::swap(things[random() % things.size()], things.back());
        Give(&pool, things.back());
        things.pop_back();
      }
    }
  }
  for (const Thing& thing : things) Give(&pool, thing);
  cleat__pool_trim(&pool);
  EXPECT_EQ(pool.open, nullptr);
  EXPECT_EQ(pool.spare, 0u);
}

TEST(PoolTest, ManyAtOnceAndThenNone) {
  CleatPool pool = {};
  pool.size = kSize;
  for (int round = 0; round < 3; round++) {
    std::vector<Thing> things;
    for (int i = 0; i < 50000; i++) things.push_back(Take(&pool, static_cast<unsigned char>(i)));
    for (const Thing& thing : things) Give(&pool, thing);
    EXPECT_LE(pool.spare, 64u);
  }
  cleat__pool_trim(&pool);
  EXPECT_EQ(pool.open, nullptr);
}

TEST(PoolTest, AlignedForPointers) {
  CleatPool pool = {};
  pool.size = kSize;
  std::vector<Thing> things;
  for (int i = 0; i < 300; i++) {
    things.push_back(Take(&pool, 1));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(things.back().memory) % alignof(void*), 0u);
  }
  for (const Thing& thing : things) Give(&pool, thing);
  cleat__pool_trim(&pool);
}

}  // namespace
