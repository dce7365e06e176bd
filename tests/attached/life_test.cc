// The end of an attached runtime, whose isolate lives on, and many of them.
#include <dirent.h>

#include <atomic>
#include <thread>

#include "attached_fixture.h"

namespace {

const char kClosed[] = "threw TypeError: The runtime of this function is closed";

TEST_F(AttachedTest, WhatItInstalledDoesNothingOnceClosed) {
  const int before = gadgets_finalized_so_far();
  host->Run("const g = new Gadget(1); const get = Object.getOwnPropertyDescriptor(Gadget.prototype, 'value').get");
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(gadgets_finalized_so_far(), before + 1);
  EXPECT_EQ(host->Run("new Gadget(2)"), kClosed);
  EXPECT_EQ(host->Run("g.value"), kClosed);
  EXPECT_EQ(host->Run("get.call({})"), kClosed);
  EXPECT_EQ(host->Run("g[0]"), "undefined");
  EXPECT_EQ(host->Run("g[0] = 5; g[0]"), "5");
  EXPECT_EQ(host->Run("gadgetsLeft"), kClosed);
  EXPECT_EQ(host->Run("typeof soon + typeof setTimeout"), "undefinedundefined");  // never used, and so never made
  EXPECT_FALSE(cleat_dispatch(
      runtime, [](CleatEnv*, void*) {}, nullptr, nullptr));
  CleatResult result = cleat_eval(runtime, "1", nullptr);
  EXPECT_EQ(cleat_error_kind(result.error), CLEAT_ERROR_CLOSED);
  cleat_result_free(&result);
  host->CollectGarbage();
  EXPECT_EQ(host->Run("1 + 1"), "2");
}

TEST_F(AttachedTest, ClosingRejectsWhatIsPending) {
  host->Run("globalThis.why = ''; never().catch(e => { why = e.name + ': ' + e.message })");
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  host->RunMicrotasks();
  EXPECT_EQ(host->Run("why"), "AbortError: The runtime is closing");
  EXPECT_FALSE(host->waits.back());
  settle_never();
}

TEST_F(AttachedTest, APromiseThatAnEvaluationAwaitedMaySettleAfterClosing) {
  CleatRuntime* it = runtime;
  std::string message;
  std::thread waiter([&] {
    CleatResult result = cleat_eval(it, "new Promise(resolve => { globalThis.settle = resolve })", nullptr);
    message = cleat_error_message(result.error).data;
    cleat_result_free(&result);
  });
  EXPECT_TRUE(RunUntil("'settle' in globalThis"));
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  waiter.join();
  EXPECT_EQ(message, "the runtime is closed");
  host->Run("settle(1)");
  host->RunMicrotasks();
  host->CollectGarbage();
  EXPECT_EQ(host->Run("1"), "1");
}

TEST_F(AttachedTest, ClosingInsideOfACallHappensAfterIt) {
  EXPECT_EQ(host->Run("close(); new Gadget(4).value"), "4");
  EXPECT_TRUE(host->RunUntil([&] { return host->Run("new Gadget(4)") == kClosed; }));
}

TEST_F(AttachedTest, ClosingOnAnotherThreadWaitsForTheHost) {
  std::atomic<bool> closed{false};
  std::thread closer([&] {
    cleat_close(runtime, CLEAT_CLOSE_FINISH);
    closed = true;
    host->Post([] {});
  });
  EXPECT_TRUE(host->RunUntil([&] { return closed.load(); }));
  closer.join();
  EXPECT_EQ(host->Run("gadgetsLeft"), kClosed);
}

TEST_F(AttachedTest, TasksAreRunOrDroppedAtClosing) {
  int ran = 0, dropped = 0;
  int* counts[] = {&ran, &dropped};
  auto send = [&] {
    cleat_dispatch(
        runtime, [](CleatEnv*, void* data) { ++*static_cast<int**>(data)[0]; }, counts,
        [](void* data) { ++*static_cast<int**>(data)[1]; });
  };
  send();
  send();
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(ran + dropped, 2);
  EXPECT_EQ(dropped, 2);
  Attach();
  send();
  send();
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(ran, 2);
}

TEST_F(AttachedTest, TurnsThatAreRunOrDroppedAfterwardsDoNothing) {
  std::atomic<CleatTurn*> turn{nullptr};  // dispatched on any thread
  CleatHost c = {};
  c.size = sizeof(c);
  c.data = &turn;
  c.dispatch = [](void* data, CleatTurn* it) { *static_cast<std::atomic<CleatTurn*>*>(data) = it; };
  for (bool run : {true, false}) {
    CleatRuntime* other;
    {
      v8::Isolate::Scope isolate_scope(host->isolate);
      v8::HandleScope scope(host->isolate);
      v8::Context::Scope context_scope(host->context.Get(host->isolate));
      other = cleat_attach(&c, nullptr, nullptr);
    }
    ASSERT_NE(other, nullptr);
    cleat_dispatch(
        other, [](CleatEnv*, void*) { ADD_FAILURE(); }, nullptr, nullptr);
    while (turn == nullptr) std::this_thread::yield();
    cleat_release(other);
    if (run) {
      cleat_turn_run(turn);
    } else {
      cleat_turn_drop(turn);
    }
    turn = nullptr;
  }
  cleat_turn_drop(nullptr);
}

TEST(AttachedLife, ATurnOnAnotherThreadAborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ForeignHost host;
  std::atomic<CleatTurn*> turn{nullptr};  // dispatched on any thread
  CleatHost c = {};
  c.size = sizeof(c);
  c.data = &turn;
  c.dispatch = [](void* data, CleatTurn* it) { *static_cast<std::atomic<CleatTurn*>*>(data) = it; };
  v8::Isolate::Scope isolate_scope(host.isolate);
  v8::HandleScope scope(host.isolate);
  v8::Context::Scope context_scope(host.context.Get(host.isolate));
  CleatRuntime* runtime = cleat_attach(&c, nullptr, nullptr);
  cleat_dispatch(
      runtime, [](CleatEnv*, void*) {}, nullptr, nullptr);
  while (turn == nullptr) std::this_thread::yield();
  EXPECT_DEATH(std::thread(cleat_turn_run, turn.load()).join(), "cleat_turn_run: called on another thread");
  cleat_release(runtime);
  cleat_turn_drop(turn);
}

TEST(AttachedLife, ManyThreadsHaveTheirOwn) {
  const int before = gadgets_finalized_so_far();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([] {
      for (int n = 0; n < 5; n++) {
        ForeignHost host;
        CleatOptions options = AttachedOptions();
        CleatRuntime* runtime = host.Attach(&options);
        ASSERT_NE(runtime, nullptr);
        host.Run(
            "globalThis.sum = 0; const g = []; for (let i = 0; i < 20; i++) { g.push(new Gadget(i));"
            "  slowly(i).then(v => { sum += v }) }");
        EXPECT_TRUE(host.RunUntil([&] { return host.Run("sum") == "190"; }));
        cleat_release(runtime);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(gadgets_finalized_so_far(), before + 4 * 5 * 20);
}

size_t OpenDescriptors() {
  size_t count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) count++;
  closedir(folder);
  return count;
}

// Of one isolate, each in a context of its own. What the first one needs once does not count.
TEST(AttachedLife, ManyInTurnLeaveNothingInTheIsolate) {
  ForeignHost host;
  size_t handles = 0, descriptors = 0, heap = 0;
  for (int i = 0; i < 200; i++) {
    {
      v8::Isolate::Scope isolate_scope(host.isolate);
      v8::HandleScope scope(host.isolate);
      host.context.Reset(host.isolate, v8::Context::New(host.isolate));
    }
    CleatOptions options = AttachedOptions();
    CleatRuntime* runtime = host.Attach(&options);
    ASSERT_NE(runtime, nullptr);
    EXPECT_EQ(host.Run("globalThis.g = new Gadget(1); setTimeout(() => {}, 1e6); slowly(1); g.value + g[1]"), "3");
    cleat_release(runtime);
    host.RunPending();
    if (i % 100 != 99) continue;
    host.CollectGarbage();
    v8::HeapStatistics statistics;
    host.isolate->GetHeapStatistics(&statistics);
    if (i == 99) {
      handles = statistics.used_global_handles_size();
      heap = statistics.used_heap_size();
      descriptors = OpenDescriptors();
    } else {
      EXPECT_EQ(statistics.used_global_handles_size(), handles);
      EXPECT_LT(statistics.used_heap_size(), heap + heap / 10);
      EXPECT_EQ(OpenDescriptors(), descriptors);
    }
  }
}

}  // namespace
