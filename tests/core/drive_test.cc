// Who drives the loop: cleat_run on the host's thread, waiting by descriptors and in a loop of libuv's; standing still;
// and tasks that run later.
#include <poll.h>
#include <uv.h>

#include "cleat/bind.h"
#include "core_test.h"

namespace {

using std::chrono::steady_clock;

const CleatBindings* const kTimers[] = {&cleat_timers_bindings};

CleatOptions WithTimers(bool pumped) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = kTimers;
  options.binding_count = 1;
  options.pumped = pumped;
  return options;
}

int64_t MillisecondsSince(steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start).count();
}

// Waits for the descriptor as a host's loop does, and pumps; at most `turns` times.
bool PumpUntil(CleatRuntime* runtime, const std::function<bool()>& done, int turns = 1000) {
  for (int i = 0; i < turns && !done(); i++) {
    pollfd waited = {cleat_poll_fd(runtime), POLLIN, 0};
    poll(&waited, 1, cleat_poll_timeout(runtime));
    cleat_run(runtime, CLEAT_RUN_NOWAIT);
  }
  return done();
}

// PUMPED

TEST(Pumped, EvaluatesAtOnceOnTheDrivingThread) {
  Runtime runtime(WithTimers(true));
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
  EXPECT_EQ(Result(runtime.Eval("throw new TypeError('no')")).message(), "no");
}

TEST(Pumped, AwaitsAPromiseByDriving) {
  Runtime runtime(WithTimers(true));
  EXPECT_EQ(Result(runtime.Eval("new Promise(resolve => setTimeout(resolve, 5, 'late'))")).string(), "late");
  EXPECT_EQ(Result(runtime.Eval("new Promise(() => {})", 20)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime.Eval("for (;;);", 20)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST(Pumped, RunsNothingUntilItIsDriven) {
  Runtime runtime(WithTimers(true));
  int ran = 0;
  runtime.Dispatch([&](CleatEnv*) { ran++; });
  EXPECT_EQ(ran, 0);
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_NOWAIT));
  EXPECT_EQ(ran, 1);
}

TEST(Pumped, RunsUntilNothingIsLeftToDo) {
  Runtime runtime(WithTimers(true));
  Result begun(runtime.Eval("var n = 0; (function f() { if (++n < 5) setTimeout(f, 1) })()"));
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE));
  EXPECT_EQ(Result(runtime.Eval("n")).number(), 5);
}

TEST(Pumped, TellsThatMoreIsToDo) {
  Runtime runtime(WithTimers(true));
  Result set(runtime.Eval("var t = setTimeout(() => {}, 100000); 0"));
  EXPECT_TRUE(cleat_run(runtime, CLEAT_RUN_NOWAIT));
  Result cleared(runtime.Eval("clearTimeout(t)"));
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_NOWAIT));
}

TEST(Pumped, DescriptorTellsOfWorkFromOtherThreads) {
  Runtime runtime(WithTimers(true));
  cleat_run(runtime, CLEAT_RUN_NOWAIT);
  pollfd waited = {cleat_poll_fd(runtime), POLLIN, 0};
  EXPECT_EQ(poll(&waited, 1, 0), 0);
  std::thread sender([&] {
    Sleep(5);
    runtime.Dispatch([](CleatEnv*) {});
  });
  EXPECT_EQ(poll(&waited, 1, 10000), 1);
  sender.join();
  cleat_run(runtime, CLEAT_RUN_NOWAIT);
  EXPECT_EQ(poll(&waited, 1, 0), 0);
}

TEST(Pumped, TimeoutTellsOfTimers) {
  Runtime runtime(WithTimers(true));
  cleat_run(runtime, CLEAT_RUN_NOWAIT);
  EXPECT_EQ(cleat_poll_timeout(runtime), -1);
  Result set(runtime.Eval("var ran = false; setTimeout(() => { ran = true }, 300); 0"));
  EXPECT_GT(cleat_poll_timeout(runtime), 0);
  EXPECT_LE(cleat_poll_timeout(runtime), 301);
  EXPECT_TRUE(PumpUntil(runtime, [&] { return cleat_data_boolean(Result(runtime.Eval("ran")).value()); }));
}

TEST(Pumped, ServesEvaluationsOfOtherThreads) {
  Runtime runtime(WithTimers(true));
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; j++) EXPECT_EQ(Result(runtime.Eval("Promise.resolve(7)")).number(), 7);
      done++;
      runtime.Dispatch([](CleatEnv*) {});  // wakes the driver, which looks again
    });
  }
  EXPECT_TRUE(PumpUntil(
      runtime, [&] { return done == 4; }, 100000));
  for (std::thread& thread : threads) thread.join();
}

TEST(Pumped, SeveralShareAThreadAndMayBeNested) {
  Runtime a(WithTimers(true));
  Runtime b(WithTimers(true));
  a.Dispatch([&](CleatEnv* env) {
    EXPECT_EQ(Result(b.Eval("1 + 1")).number(), 2);
    b.Dispatch([&](CleatEnv*) { EXPECT_EQ(Result(a.Eval("globalThis.fromB = 5")).number(), 5); });
    EXPECT_FALSE(cleat_run(b, CLEAT_RUN_UNTIL_IDLE));
    double value;
    ASSERT_TRUE(cleat_to_number(env, cleat_get(env, cleat_global(env), "fromB"), &value));
    EXPECT_EQ(value, 5);
  });
  EXPECT_FALSE(cleat_run(a, CLEAT_RUN_UNTIL_IDLE));
  b.Release();
  EXPECT_EQ(Result(a.Eval("fromB")).number(), 5);
}

TEST(Pumped, ForegroundTasksOfV8WakeIt) {
  Runtime runtime(WithTimers(true));
  Result result(runtime.Eval("WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(String)"));
  EXPECT_EQ(result.string(), "[object WebAssembly.Module]");
}

TEST(Pumped, OtherThreadsWaitUntilItIsIdle) {
  Runtime runtime(WithTimers(true));
  std::atomic<bool> done{false};
  int ran = 0;
  runtime.Dispatch([&](CleatEnv*) { ran++; });
  EXPECT_FALSE(cleat_wait(runtime, 1));
  std::thread waiter([&] {
    EXPECT_TRUE(cleat_wait(runtime, 0));
    done = true;
    runtime.Dispatch([](CleatEnv*) {});  // wakes the driver, which looks again
  });
  EXPECT_TRUE(PumpUntil(
      runtime, [&] { return done.load(); }, 100000));
  waiter.join();
  EXPECT_EQ(ran, 1);
}

TEST(Pumped, AnotherThreadsCloseWaitsForTheDrivingThread) {
  Runtime runtime(WithTimers(true));
  std::thread closer([&] { cleat_close(runtime, CLEAT_CLOSE_FINISH); });
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_UNTIL_CLOSED));
  closer.join();
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_NOWAIT));
  EXPECT_EQ(Result(runtime.Eval("1")).kind(), CLEAT_ERROR_CLOSED);
}

TEST(Pumped, MayBeClosedAndReleasedFromInside) {
  CleatOptions options = WithTimers(true);
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  cleat_dispatch(
      runtime, [](CleatEnv* env, void*) { cleat_release(cleat_runtime(env)); }, nullptr, nullptr);
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE));
}

TEST(Pumped, CloseDropsOrFinishes) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Runtime runtime(WithTimers(true));
    int ran = 0, dropped = 0;
    runtime.Dispatch([&](CleatEnv*) { ran++; }, [&] { dropped++; });
    cleat_close(runtime, mode);
    EXPECT_EQ(ran, mode == CLEAT_CLOSE_FINISH);
    EXPECT_EQ(dropped, mode == CLEAT_CLOSE_DROP);
  }
}

TEST(Pumped, FailsToOpenWithTheErrorOfItsScript) {
  CleatScript script = {"boot.js", "throw new RangeError('no')", 0};
  CleatOptions options = WithTimers(true);
  options.scripts = &script;
  options.script_count = 1;
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(Text(cleat_error_message(error)), "no");
  cleat_error_free(error);
}

TEST(Pumped, RecursionIsARangeErrorHoweverMuchStackThereIs) {
  CleatOptions options = WithTimers(true);
  options.stack_size = 256 * 1024;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("(function f() { f() })()")).message(), "Maximum call stack size exceeded");
}

TEST(PumpedDeathTest, IsDrivenByItsThreadOnlyAndNotFromInside) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  Runtime runtime(WithTimers(true));
  EXPECT_DEATH(std::thread([&] { cleat_run(runtime, CLEAT_RUN_NOWAIT); }).join(),
               "cleat: cleat_run: called on another thread");
  EXPECT_DEATH(
      {
        runtime.Dispatch([&](CleatEnv*) { cleat_run(runtime, CLEAT_RUN_NOWAIT); });
        cleat_run(runtime, CLEAT_RUN_NOWAIT);
      },
      "cleat: cleat_run: called from inside of the runtime");
  Runtime threaded;
  EXPECT_DEATH(cleat_run(threaded, CLEAT_RUN_NOWAIT), "cleat: cleat_run: the runtime has a thread of its own");
  EXPECT_EQ(cleat_poll_fd(threaded), -1);
}

// A runtime inside of a loop of libuv's that the host has already.
struct Guest {
  explicit Guest(uv_loop_t* loop, CleatRuntime* runtime) : runtime(runtime) {
    uv_poll_init(loop, &poll, cleat_poll_fd(runtime));
    uv_timer_init(loop, &timer);
    uv_prepare_init(loop, &prepare);
    poll.data = timer.data = prepare.data = this;
    uv_poll_start(&poll, UV_READABLE, [](uv_poll_t* handle, int, int) { Turn(handle->data); });
    uv_prepare_start(&prepare, [](uv_prepare_t* handle) {
      auto* self = static_cast<Guest*>(handle->data);
      int timeout = cleat_poll_timeout(self->runtime);
      if (timeout < 0) {
        uv_timer_stop(&self->timer);
      } else {
        uv_timer_start(
            &self->timer, [](uv_timer_t* handle) { Turn(handle->data); }, timeout, 0);
      }
    });
  }
  static void Turn(void* self) { cleat_run(static_cast<Guest*>(self)->runtime, CLEAT_RUN_NOWAIT); }
  void Close() {
    uv_close(reinterpret_cast<uv_handle_t*>(&poll), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&timer), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&prepare), nullptr);
  }
  CleatRuntime* runtime;
  uv_poll_t poll;
  uv_timer_t timer;
  uv_prepare_t prepare;
};

TEST(Pumped, LivesInsideALoopOfLibuvs) {
  uv_loop_t loop;
  uv_loop_init(&loop);
  {
    Runtime runtime(WithTimers(true));
    Guest guest(&loop, runtime);
    Result set(
        runtime.Eval("var order = ''; setTimeout(() => order += 'b', 20); setTimeout(() => order += 'a', 5); 0"));
    std::thread sender([&] { EXPECT_EQ(Result(runtime.Eval("order += 'c'")).error(), nullptr); });
    bool done = false;
    auto start = steady_clock::now();
    while (!done && MillisecondsSince(start) < 10000) {
      uv_run(&loop, UV_RUN_ONCE);
      done = cleat_data_number(Result(runtime.Eval("order.length")).value()) == 3;
    }
    EXPECT_TRUE(done);
    sender.join();
    Result order(runtime.Eval("order.replace('c', '')"));
    EXPECT_EQ(order.string(), "ab");
    guest.Close();
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  EXPECT_EQ(uv_loop_close(&loop), 0);
}

// STANDING STILL

TEST(Suspend, HoldsTasksAndEvaluationsUntilResumedAsOften) {
  Runtime runtime(WithTimers(false));
  cleat_suspend(runtime);
  cleat_suspend(runtime);
  std::atomic<int> ran{0};
  for (int i = 0; i < 3; i++) runtime.Dispatch([&](CleatEnv*) { ran++; });
  Sleep(20);
  EXPECT_EQ(ran, 0);
  EXPECT_TRUE(cleat_resume(runtime));
  Sleep(10);
  EXPECT_EQ(ran, 0);
  EXPECT_TRUE(cleat_resume(runtime));
  EXPECT_FALSE(cleat_resume(runtime));
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
  EXPECT_EQ(ran, 3);
}

TEST(Suspend, FromATaskTakesEffectBeforeTheNextOne) {
  for (bool pumped : {false, true}) {
    Runtime runtime(WithTimers(pumped));
    std::atomic<int> ran{0};
    runtime.Dispatch([&](CleatEnv*) { cleat_suspend(runtime); });
    runtime.Dispatch([&](CleatEnv*) { ran++; });
    EXPECT_TRUE(!pumped || cleat_run(runtime, CLEAT_RUN_NOWAIT));
    Sleep(20);
    EXPECT_EQ(ran, 0);
    runtime.Dispatch([&](CleatEnv*) { ran++; });
    cleat_resume(runtime);
    EXPECT_FALSE(pumped && cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE));
    EXPECT_TRUE(pumped || cleat_wait(runtime, 10000));
    EXPECT_EQ(ran, 2);
  }
}

TEST(Suspend, TimersKeepWhatIsLeftOfTheirTimeAndTheirOrder) {
  Runtime runtime(WithTimers(false));
  Result set(
      runtime.Eval("var order = ''; setTimeout(() => order += 'b', 300); setTimeout(() => order += 'c', 300);"
                   "setTimeout(() => order += 'a', 295); 0"));
  cleat_suspend(runtime);
  Sleep(350);
  auto resumed = steady_clock::now();
  cleat_resume(runtime);
  EXPECT_EQ(Result(runtime.Eval("order")).string(), "");
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_GE(MillisecondsSince(resumed), 20);
  EXPECT_EQ(Result(runtime.Eval("order")).string(), "abc");
}

TEST(Suspend, IntervalsDoNotCatchUp) {
  Runtime runtime(WithTimers(false));
  Result set(runtime.Eval("var n = 0; var i = setInterval(() => n++, 10); 0"));
  cleat_suspend(runtime);
  Sleep(200);
  cleat_resume(runtime);
  EXPECT_LT(Result(runtime.Eval("clearInterval(i); n")).number(), 12);
}

TEST(Suspend, OneSuspendedByItsTimerRunsNoOtherTimer) {
  Runtime runtime(WithTimers(false));
  runtime.OnThread([](CleatEnv* env) {
    auto suspend = [](CleatCall* call) { cleat_suspend(cleat_runtime(cleat_env(call))); };
    cleat_set(env, cleat_global(env), "suspend", cleat_function(env, "suspend", 0, suspend, nullptr));
  });
  Result set(
      runtime.Eval("var n = 0; for (let i = 0; i < 5; i++) setTimeout(() => { if (n++ == 1) suspend() }, 5); 0"));
  EXPECT_FALSE(cleat_wait(runtime, 50));
  while (!cleat_resume(runtime)) Sleep(1);
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_EQ(Result(runtime.Eval("n")).number(), 5);
}

TEST(Suspend, ClosingEndsIt) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Runtime runtime(WithTimers(false));
    cleat_suspend(runtime);
    std::atomic<int> ran{0}, dropped{0};
    runtime.Dispatch([&](CleatEnv*) { ran++; }, [&] { dropped++; });
    cleat_close(runtime, mode);
    EXPECT_EQ(ran, mode == CLEAT_CLOSE_FINISH);
    EXPECT_EQ(dropped, mode == CLEAT_CLOSE_DROP);
  }
}

TEST(Suspend, PumpedDescriptorIsQuietMeanwhile) {
  Runtime runtime(WithTimers(true));
  Result set(runtime.Eval("setTimeout(() => {}, 1); 0"));
  cleat_suspend(runtime);
  runtime.Dispatch([](CleatEnv*) {});
  EXPECT_TRUE(cleat_run(runtime, CLEAT_RUN_NOWAIT));
  pollfd waited = {cleat_poll_fd(runtime), POLLIN, 0};
  EXPECT_EQ(poll(&waited, 1, 5), 0);
  EXPECT_EQ(cleat_poll_timeout(runtime), -1);
  cleat_resume(runtime);
  EXPECT_EQ(poll(&waited, 1, 0), 1);
  EXPECT_FALSE(cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE));
}

// LATER

struct Log {
  std::mutex mutex;
  std::string text;
  void Add(char c) {
    std::lock_guard<std::mutex> lock(mutex);
    text += c;
  }
  std::string Read() {
    std::lock_guard<std::mutex> lock(mutex);
    return text;
  }
};

struct Later {
  Log* log;
  char name;
};

bool RunLater(CleatRuntime* runtime, uint32_t delay_ms, Log* log, char name) {
  auto* later = new Later{log, name};
  bool accepted = cleat_dispatch_after(
      runtime, delay_ms,
      [](CleatEnv*, void* data) {
        auto* later = static_cast<Later*>(data);
        later->log->Add(later->name);
        delete later;
      },
      later,
      [](void* data) {
        auto* later = static_cast<Later*>(data);
        later->log->Add('-');
        delete later;
      });
  if (!accepted) delete later;
  return accepted;
}

TEST(DispatchAfter, RunsInOrderOfTimeAndThenOfSending) {
  for (bool pumped : {false, true}) {
    Runtime runtime(WithTimers(pumped));
    for (bool sent_in_time = false; !sent_in_time;) {
      Log log;
      auto start = steady_clock::now();
      RunLater(runtime, 30, &log, 'd');
      RunLater(runtime, 10, &log, 'b');
      RunLater(runtime, 10, &log, 'c');
      RunLater(runtime, 0, &log, 'a');
      sent_in_time = MillisecondsSince(start) < 3;  // else the others may rightly be before those sent last
      EXPECT_FALSE(pumped && cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE));
      EXPECT_TRUE(pumped || cleat_wait(runtime, 10000));
      EXPECT_GE(MillisecondsSince(start), 30);
      if (sent_in_time) {
        EXPECT_EQ(log.Read(), "abcd");
      }
    }
  }
}

TEST(DispatchAfter, IsDroppedByClosingAndRefusedAfterIt) {
  Runtime runtime(WithTimers(false));
  Log log;
  EXPECT_TRUE(RunLater(runtime, 100000, &log, 'a'));
  EXPECT_TRUE(cleat_wait(runtime, 1) == false);
  EXPECT_TRUE(RunLater(runtime, 100000, &log, 'b'));
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(log.Read(), "--");
  EXPECT_FALSE(RunLater(runtime, 1, &log, 'c'));
}

// The loop sleeps outside of libuv where there are timers only.
TEST(DispatchAfter, IsNotHeldUpByTasksThatNeverEnd) {
  Runtime runtime(WithTimers(false));
  Log log;
  std::atomic<bool> ended{false};
  std::function<void(CleatEnv*)> again = [&](CleatEnv*) {
    if (!ended) runtime.Dispatch(again);
  };
  runtime.Dispatch(again);
  std::thread sender([&] {
    for (; !ended; std::this_thread::sleep_for(std::chrono::microseconds(10))) runtime.Dispatch([](CleatEnv*) {});
  });
  RunLater(runtime, 20, &log, 'a');
  const auto start = steady_clock::now();
  while (log.Read().empty() && MillisecondsSince(start) < 10000) Sleep(1);
  ended = true;
  sender.join();
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_EQ(log.Read(), "a");
}

TEST(DispatchAfter, HoldsNoTaskUpUntilItIsDue) {
  Runtime runtime(WithTimers(false));
  Log log;
  RunLater(runtime, 60000, &log, 'z');
  for (int i = 0; i < 100; i++) {
    std::promise<void> ran;
    const auto start = steady_clock::now();
    runtime.Dispatch([&](CleatEnv*) { ran.set_value(); });
    ran.get_future().wait();
    EXPECT_LT(MillisecondsSince(start), 10000);
  }
}

TEST(DispatchAfter, StandsStillWhileSuspended) {
  Runtime runtime(WithTimers(false));
  Log log;
  RunLater(runtime, 200, &log, 'a');
  cleat_suspend(runtime);
  Sleep(250);
  cleat_resume(runtime);
  EXPECT_FALSE(cleat_wait(runtime, 20));
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_EQ(log.Read(), "a");
}

TEST(Dispatch, FromInsideOfATaskRunsAfterItInOrder) {
  Runtime runtime(WithTimers(false));
  Log log;
  runtime.Dispatch([&](CleatEnv*) {
    runtime.Dispatch([&](CleatEnv*) { log.Add('b'); });
    runtime.Dispatch([&](CleatEnv*) {
      log.Add('c');
      runtime.Dispatch([&](CleatEnv*) { log.Add('d'); });
    });
    log.Add('a');
  });
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_EQ(log.Read(), "abcd");
}

}  // namespace
