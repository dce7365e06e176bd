// Native operations that an AbortSignal cancels: promises that C settles, and blocking ones.
#include "../core/core_test.h"
#include "player_hooks.h"

namespace {

CleatOptions CancelOptions() {
  static const CleatBindings* const bindings[] = {&cleat_events_bindings, &cleat_dom_exception_bindings,
                                                  &player_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 3;
  return options;
}

class CancelTest : public testing::Test {
 protected:
  void SetUp() override {
    let_work_go(false);
    take_promise();
    operations_begun();
    operations_cancelled();
    players_finalized();
    free(take_notes());
    Run("globalThis.p = new Player(); globalThis.c = new AbortController(); globalThis.signal = c.signal;"
        "globalThis.log = []; globalThis.watch = promise => { promise.then(v => log.push(v), e => log.push(e)) }");
  }

  void TearDown() override { let_work_go(true); }

  std::string Eval(const std::string& source) const {
    Result result(runtime_.Eval(("String(" + source + ")").c_str()));
    return result.error() == nullptr ? result.string() : result.text();
  }

  void Run(const std::string& source) const {
    Result result(runtime_.Eval((source + "; undefined").c_str()));
    EXPECT_EQ(result.message(), "");
  }

  void WaitForRunning(int count) const {
    while (operations_running() != count) Sleep(1);
  }

  Runtime runtime_{CancelOptions()};
};

// Nothing but the glue of such a hook can look whether the time is up.
TEST(TimeLimit, HoldsInLoopsOfHooksThatTakeNothing) {
  Runtime runtime(CancelOptions());
  for (const char* slowly : {"pause()", "pauses", "nameOfPause()"}) {
    take_pauses();
    Result result(runtime.Eval(("for (let i = 0; i < 3000; i++) " + std::string(slowly)).c_str(), 50));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT) << slowly;
    EXPECT_LT(take_pauses(), 1000) << slowly;
  }
}

TEST_F(CancelTest, AbortingRejectsAtOnceWithTheReasonAndTellsC) {
  Run("watch(p.load({ signal })); c.abort('why')");
  EXPECT_EQ(Eval("log"), "why");
  EXPECT_EQ(operations_cancelled(), 1);
  CleatLongPromise* promise = take_promise();
  EXPECT_TRUE(cleat_long_promise_is_cancelled(promise));
  // It is still an operation in flight, until C has ended it.
  EXPECT_FALSE(cleat_wait(runtime_, 20));
  cleat_long_promise_resolve(promise, 5);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("log"), "why");
  EXPECT_EQ(operations_cancelled(), 0);
  EXPECT_TRUE(runtime_.Uncaught().empty());
}

TEST_F(CancelTest, TheReasonIsAnAbortErrorOrATimeoutError) {
  Run("p.load({ signal }).catch(e => log.push(e.name)); c.abort()");
  EXPECT_EQ(Eval("log"), "AbortError");
  cleat_long_promise_resolve(take_promise(), 0);
  EXPECT_EQ(Eval("p.load({ signal: AbortSignal.any([AbortSignal.timeout(2)]) }).catch(e => log.push(e.name))"),
            "[object Promise]");
  CleatLongPromise* promise = take_promise();
  while (!cleat_long_promise_is_cancelled(promise)) Sleep(1);
  cleat_long_promise_resolve(promise, 0);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("log"), "AbortError,TimeoutError");
}

TEST_F(CancelTest, WhatHasAbortedBeforeBeginsNothing) {
  Run("c.abort('before'); watch(p.load({ signal })); watch(p.work(signal))");
  EXPECT_EQ(Eval("log"), "before,before");
  EXPECT_EQ(operations_begun(), 0);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
}

TEST_F(CancelTest, WhatWasSettledIsNotCancelled) {
  Run("watch(p.load({ signal }))");
  cleat_long_promise_resolve(take_promise(), 3);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  Run("c.abort()");
  EXPECT_EQ(Eval("log"), "3");
  EXPECT_EQ(operations_cancelled(), 0);
}

TEST_F(CancelTest, WhoIsToldMaySettleIt) {
  Run("watch(p.load({ signal }, true)); c.abort('why')");
  EXPECT_EQ(Eval("log"), "why");
  EXPECT_EQ(operations_cancelled(), 1);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  Run("p.load({ signal: new AbortController().signal }, true).catch(() => 0)");
  runtime_.Release();
  EXPECT_EQ(operations_cancelled(), 1);
}

TEST_F(CancelTest, WhoAsksLateIsToldAtOnce) {
  Run("watch(p.load({ signal })); c.abort('why')");
  CleatLongPromise* promise = take_promise();
  static std::atomic<int> told;
  told = 0;
  cleat_long_promise_on_cancel(
      promise, [](void*) { told++; }, nullptr);
  EXPECT_EQ(told, 1);
  cleat_long_promise_reject(promise, CLEAT_THROW_ERROR, "late");
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("log"), "why");
}

TEST_F(CancelTest, ClosingCancelsToo) {
  Run("watch(p.load())");
  CleatLongPromise* without = take_promise();
  Run("watch(p.load({ signal }))");
  CleatLongPromise* aborted = take_promise();
  Run("watch(p.load({ signal: new AbortController().signal }))");
  CleatLongPromise* waiting = take_promise();
  EXPECT_FALSE(cleat_long_promise_is_cancelled(without));
  Run("c.abort()");
  EXPECT_EQ(operations_cancelled(), 1);
  cleat_close(runtime_, CLEAT_CLOSE_DROP);
  EXPECT_EQ(operations_cancelled(), 2);
  for (CleatLongPromise* promise : {without, aborted, waiting}) {
    EXPECT_TRUE(cleat_long_promise_is_cancelled(promise));
    cleat_long_promise_resolve(promise, 1);
  }
}

TEST_F(CancelTest, SettlingRacesWithAborting) {
  for (int i = 0; i < 300; i++) {
    Run("globalThis.c = new AbortController(); log.length = 0; watch(p.load({ signal: c.signal }))");
    CleatLongPromise* promise = take_promise();
    std::thread settler([=] { cleat_long_promise_resolve(promise, 1); });
    Run("c.abort(2)");
    settler.join();
    EXPECT_TRUE(cleat_wait(runtime_, 0));
    std::string log = Eval("log");
    EXPECT_TRUE(log == "1" || log == "2") << log;
  }
}

TEST_F(CancelTest, SettlingRacesWithClosing) {
  for (int i = 0; i < 30; i++) {
    Runtime runtime(CancelOptions());
    Result(
        runtime.Eval("globalThis.c = new AbortController(); new Player().load({ signal: c.signal }).catch(() => 0);"
                     "undefined"));
    CleatLongPromise* promise = take_promise();
    std::thread settler([=] { cleat_long_promise_resolve(promise, 1); });
    if (i % 2 == 0) runtime.Dispatch([](CleatEnv* env) { cleat_run_script(env, "c.abort()", 9, "x", 1); });
    runtime.Release();
    settler.join();
  }
}

// BLOCKING OPERATIONS

TEST_F(CancelTest, ARunningOneIsToldAndItsResultIsNotUsed) {
  Run("watch(p.work(signal))");
  WaitForRunning(1);
  Run("c.abort('why')");
  EXPECT_EQ(Eval("log"), "why");
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(operations_cancelled(), 1);
  EXPECT_EQ(Eval("log"), "why");
  EXPECT_TRUE(runtime_.Uncaught().empty());
}

TEST_F(CancelTest, OneThatNoThreadHasBegunNeverRuns) {
  Run("for (let i = 0; i < 300; i++) p.work().then(v => log.push(v))");
  while (operations_running() < 1) Sleep(1);
  Run("globalThis.late = 'none'; p.work(signal).catch(e => late = e); c.abort('why')");
  EXPECT_EQ(Eval("late"), "why");
  let_work_go(true);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("log.length"), "300");
  EXPECT_EQ(operations_begun(), 300);
  EXPECT_EQ(operations_cancelled(), 0);
}

TEST_F(CancelTest, ClosingWaitsForOneThatWasAborted) {
  Run("for (let i = 0; i < 8; i++) new Player().work(signal).catch(() => 0); new Player().work().catch(() => 0)");
  while (operations_running() < 1) Sleep(1);
  runtime_.Dispatch([](CleatEnv* env) { cleat_run_script(env, "c.abort()", 9, "x", 1); });
  runtime_.Release();
  EXPECT_EQ(operations_running(), 0);
  EXPECT_EQ(players_finalized(), 10);
}

TEST_F(CancelTest, OneWithoutASignalGivesItsResult) {
  Run("watch(p.work()); watch(p.work(signal))");
  let_work_go(true);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  Run("c.abort()");
  EXPECT_EQ(Eval("log"), "7,7");
}

}  // namespace
