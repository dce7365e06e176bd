// Promises that C settles, blocking operations, and what happens to both when the runtime closes.
#include <cmath>

#include "bind_test.h"

namespace {

class PromiseTest : public BindTest {};

CleatValue* MakeNull(CleatEnv* env, void*) { return cleat_null(env); }

TEST_F(PromiseTest, AnyThreadSettles) {
  EXPECT_EQ(Eval("soon(7)"), "7");
  EXPECT_EQ(Eval("fail(7)"), "RangeError: no 7");
  EXPECT_EQ(Eval("Promise.all(Array.from({ length: 50 }, (_, i) => soon(i))).then(all => all.join() === "
                 "[...Array(50).keys()].join())"),
            "true");
}

TEST_F(PromiseTest, NumbersAndBooleansArriveAsTheyAre) {
  for (double number : {0.0, -0.0, 255.0, 256.0, -1.5, 1e300, std::nan("")}) {
    Eval("globalThis.seen = []; neverSettled().then(value => seen.push(typeof value, value)); 0");
    std::thread([=] { cleat_promise_resolve_number(fixture_take_promise(), number); }).join();
    EXPECT_TRUE(cleat_wait(runtime_, 0));
    char text[32];
    snprintf(text, sizeof(text), "%.17g", number);
    const std::string wanted = std::isnan(number) ? "NaN" : text;
    EXPECT_EQ(Eval("seen.length === 2 && seen[0] === 'number' && Object.is(seen[1], " + wanted + ")"), "true");
  }
  for (bool value : {false, true}) {
    Eval("neverSettled().then(value => { globalThis.seen = value }); 0");
    std::thread([=] { cleat_promise_resolve_boolean(fixture_take_promise(), value); }).join();
    EXPECT_TRUE(cleat_wait(runtime_, 0));
    EXPECT_EQ(Eval("seen"), value ? "true" : "false");
  }
  Run([](CleatEnv* env) {
    const std::string script = "neverSettled().then(value => { globalThis.seen = value })";
    cleat_run_script(env, script.data(), script.size(), "x", 1);
    cleat_promise_resolve_number(fixture_take_promise(), 0.25);
  });
  EXPECT_EQ(Eval("seen"), "0.25");
}

TEST_F(PromiseTest, IsSettledAtOnceOnTheJavaScriptThread) {
  EXPECT_EQ(Eval("new Counter().later(5)"), "5");
  EXPECT_EQ(Eval("const order = []; const done = new Counter().later(1).then(() => order.push('settled'));"
                 "Promise.resolve().then(() => order.push('after')); done.then(() => order.join())"),
            "settled,after");
}

// The task that settles it does nothing else with JavaScript, and the next one nothing at all.
TEST_F(PromiseTest, IsSettledAtOnceByATaskAndReactedToBeforeTheNextOne) {
  Eval("neverSettled().then(() => new Counter()); undefined");
  static std::atomic<bool> queued;
  static int made;
  queued = false;
  cleat_dispatch(
      runtime_,
      [](CleatEnv*, void*) {
        while (!queued) std::this_thread::yield();
      },
      nullptr, nullptr);
  cleat_dispatch(
      runtime_, [](CleatEnv*, void* promise) { cleat_promise_resolve_undefined(static_cast<CleatPromise*>(promise)); },
      fixture_take_promise(), nullptr);
  cleat_dispatch(
      runtime_, [](CleatEnv*, void*) { made = fixture_made(); }, nullptr, nullptr);
  queued = true;
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(made, 1);
}

// The function that is told may do anything but use JavaScript, which V8 forbids in the middle of a collection.
TEST_F(PromiseTest, WhoWaitsForOneThatIsCollectedIsToldAfterwards) {
  Eval("globalThis.never = new Promise(() => {}); neverSettled().catch(e => { globalThis.reason = e.message }); 0");
  static CleatPromise* owed;
  static CleatRef* held;
  static int told;
  owed = static_cast<CleatPromise*>(fixture_take_promise());
  told = 0;
  Run([](CleatEnv* env) {
    CleatValue* global = cleat_global(env);
    held = cleat_hold(env, cleat_object(env));
    auto settled = [](CleatEnv* none, void*, bool, CleatValue*) {
      EXPECT_EQ(none, nullptr);
      told++;
      cleat_ref_free(held);
      cleat_promise_reject(owed, CLEAT_THROW_RANGE_ERROR, "gone");
    };
    EXPECT_TRUE(cleat_promise_then(env, cleat_get(env, global, "never"), settled, nullptr));
    cleat_set(env, global, "never", cleat_null(env));
  });
  Run([](CleatEnv* env) {
    fixture_collect_garbage(env);
    EXPECT_EQ(told, 0);
  });
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(told, 1);
  EXPECT_EQ(Eval("reason"), "gone");
}

TEST_F(PromiseTest, WhatIsThrownBecomesARejection) {
  EXPECT_EQ(Eval("let sync = false; const p = new Counter().later(Symbol()); sync = true;"
                 "p.catch(e => e.name + sync)"),
            "TypeErrortrue");
  EXPECT_EQ(Eval("Counter.prototype.later.call({}, 1).catch(e => e.message)"),
            "Illegal invocation: 'later' was called on an object that is not a Counter");
  EXPECT_EQ(Eval("shout().catch(e => e.message)"),
            "Failed to execute 'shout': 1 argument required, but only 0 present.");
  EXPECT_EQ(uncaught_, 0);
}

TEST_F(PromiseTest, ThenablesAreFollowed) {
  EXPECT_EQ(Eval("resolveWith({ then(resolve) { resolve('followed') } })"), "followed");
  EXPECT_EQ(Eval("resolveWith({ get then() { throw new RangeError('mine') } })"), "RangeError: mine");
  EXPECT_EQ(Eval("resolveWith(soon(3))"), "3");
}

TEST_F(PromiseTest, HooksThatMayThrowThrowOrSettleOrDoBoth) {
  EXPECT_EQ(Eval("resolveOrThrow(5, () => 0)"), "5");
  EXPECT_EQ(Eval("resolveOrThrow(undefined, () => { throw new Error('mine') }).catch(e => e.message)"), "mine");
  EXPECT_EQ(Eval("resolveOrThrow(5, () => { throw new Error('late') }).catch(e => e.message)"), "late");
  EXPECT_TRUE(cleat_wait(runtime_, 0));
}

TEST_F(PromiseTest, WaitIncludesWhatIsOwed) {
  Eval("neverSettled().then(() => globalThis.settled = 'yes'); undefined");
  EXPECT_FALSE(cleat_wait(runtime_, 20));
  cleat_promise_resolve_undefined(fixture_take_promise());
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("settled"), "yes");
}

TEST_F(PromiseTest, IsRejectedWithAnAbortErrorWhenTheRuntimeClosesFirst) {
  Eval("neverSettled().catch(e => { keep(() => 0); globalThis.seen = dom(e.name + (e instanceof Error)) }); undefined");
  CleatPromise* promise = fixture_take_promise();
  Close();
  // The reaction ran before the engine went: it kept a callback.
  CleatCallback* kept = fixture_take_callback();
  EXPECT_NE(kept, nullptr);
  cleat_callback_release(kept);
  static int discarded;
  discarded = 0;
  cleat_promise_resolve(promise, MakeNull, "x", 1, [](void*) { discarded++; });
  EXPECT_EQ(discarded, 1);
}

TEST_F(PromiseTest, WhatRunsWhenClosingRejectsItHasATimeLimit) {
  Eval("neverSettled().catch(() => { for (;;); }); undefined");
  CleatPromise* first = fixture_take_promise();
  Close();
  cleat_promise_resolve_undefined(first);
}

TEST_F(PromiseTest, MayBeRejectedLongAfterTheRuntimeIsGone) {
  Eval("neverSettled(); undefined");
  CleatPromise* promise = fixture_take_promise();
  cleat_release(runtime_);
  runtime_ = nullptr;
  cleat_promise_reject(promise, CLEAT_THROW_ERROR, "late");
}

TEST_F(PromiseTest, KeepsTheReceiverAndTheArgumentsUntilItIsSettled) {
  const char* finalized_later = "(() => { neverSettled.call(new Counter(), 1, new Counter()); })(); undefined";
  Eval(finalized_later);
  CollectGarbage();
  EXPECT_EQ(fixture_finalized(), 0);
  cleat_promise_resolve_undefined(fixture_take_promise());
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  CollectGarbage();
  EXPECT_EQ(fixture_finalized(), 2);
  Eval(finalized_later);
  CleatPromise* promise = fixture_take_promise();
  Close();
  EXPECT_EQ(fixture_finalized(), 4);
  cleat_promise_resolve_undefined(promise);
}

// What is told that nobody waits any more may use what settling frees.
TEST_F(PromiseTest, SettlingWaitsUntilWhoIsToldOfTheCancellingReturns) {
  Eval("neverSettled().catch(() => 0); undefined");
  static CleatPromise* promise;
  static std::thread settler;
  static std::atomic<bool> settled;
  static bool too_early;
  settled = false;
  too_early = true;
  promise = fixture_take_promise();
  cleat_promise_on_cancel(
      promise,
      [](void*) {
        settler = std::thread([] {
          cleat_promise_resolve_undefined(promise);
          settled = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        too_early = settled;
      },
      nullptr);
  Close();
  settler.join();
  EXPECT_FALSE(too_early);
  EXPECT_TRUE(settled);
}

// The settler may be what keeps the memory of the runtime last.
TEST_F(PromiseTest, SettlingRacesWithClosing) {
  for (int i = 0; i < 40; i++) {
    Eval("neverSettled().catch(() => 0); undefined");
    CleatPromise* promise = fixture_take_promise();
    std::thread settler([=] {
      if (i % 2 == 0) {
        cleat_promise_resolve(promise, MakeNull, nullptr, 0, nullptr);
      } else {
        cleat_promise_resolve_number(promise, i);
      }
    });
    cleat_release(runtime_);
    settler.join();
    Open(0);
  }
}

TEST_F(PromiseTest, SettlingTwiceIsMisuse) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Run([&](CleatEnv* env) { cleat_run_script(env, "neverSettled(); undefined", 25, "x", 1); });
        CleatPromise* promise = fixture_take_promise();
        // The JavaScript thread is kept from taking the first settlement.
        cleat_dispatch(
            runtime_, [](CleatEnv*, void*) { std::this_thread::sleep_for(std::chrono::seconds(5)); }, nullptr, nullptr);
        cleat_promise_resolve_undefined(promise);
        cleat_promise_resolve_undefined(promise);
      },
      "cleat_promise_resolve_undefined: the promise has been settled already");
}

class BlockingTest : public BindTest {};

TEST_F(BlockingTest, ResultsSettleThePromise) {
  EXPECT_EQ(Eval("shout('hey')"), "hey!");
  EXPECT_EQ(Eval("Promise.all(Array.from({ length: 40 }, (_, i) => shout('n' + i))).then(all => all.length + all[39])"),
            "40n39!");
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(fixture_results_freed(), 41);
}

TEST_F(BlockingTest, HooksMayThrow) {
  EXPECT_EQ(Eval("shout('')"), "TypeError: nothing to shout");
  EXPECT_EQ(fixture_results_freed(), 0);
}

TEST_F(BlockingTest, AFailedConversionStartsNothing) {
  EXPECT_EQ(Eval("shout(Symbol()).catch(e => e.name)"), "TypeError");
  EXPECT_EQ(fixture_jobs_run(), 0);
}

TEST_F(BlockingTest, JavaScriptGoesOnMeanwhile) {
  fixture_hold_blocking(true);
  Eval("let done = 'not yet'; shout('x').then(text => done = text); undefined");
  EXPECT_EQ(Eval("done"), "not yet");
  EXPECT_FALSE(cleat_wait(runtime_, 20));
  fixture_hold_blocking(false);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("done"), "x!");
}

TEST_F(BlockingTest, TheReceiverIsNotFinalizedBeforeTheEnd) {
  fixture_hold_blocking(true);
  Eval("let value = 0; new Counter(9).slowValue().then(x => value = x); undefined");
  CollectGarbage();
  CollectGarbage();
  EXPECT_EQ(fixture_finalized(), 0);
  fixture_hold_blocking(false);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("value"), "9");
  CollectGarbage();
  EXPECT_EQ(fixture_finalized(), 1);
}

TEST_F(BlockingTest, WhatIsInsideOfArgumentsIsNotFinalizedBeforeTheEnd) {
  fixture_hold_blocking(true);
  Eval(
      "let total = 0, list = [new Counter(1), new Counter(2)];"
      "sumLater((function* () { yield* list; yield new Counter(4); })()).then(x => total += x);"
      "sumLater(list).then(x => total += x);"
      // Conversions that begin and end other operations, and one that fails.
      "sumLater({ *[Symbol.iterator]() { sumLater([new Counter(8)]).then(x => total += x); yield new Counter(16);"
      "  sumLater([0]).catch(() => 0); yield new Counter(32); } }).then(x => total += x);"
      "list.length = 0");
  CollectGarbage();
  CollectGarbage();
  EXPECT_EQ(fixture_finalized(), 0);
  fixture_hold_blocking(false);
  EXPECT_TRUE(cleat_wait(runtime_, 0));
  EXPECT_EQ(Eval("total"), "66");
  CollectGarbage();
  EXPECT_EQ(fixture_finalized(), 6);
}

TEST_F(BlockingTest, ClosingWaitsForWhatRunsAndCancelsWhatDoesNot) {
  fixture_hold_blocking(true);
  Eval(
      "let names = []; for (let i = 0; i < 30; i++)"
      "  new Counter(i).slowValue().catch(e => { names.push(e.name); if (names.length === 30) keep(() => 0) }); "
      "undefined");
  while (fixture_jobs_run() < 1) std::this_thread::yield();
  std::thread opener([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    fixture_hold_blocking(false);
  });
  Close();
  opener.join();
  EXPECT_LT(fixture_jobs_run(), 30);
  EXPECT_EQ(fixture_finalized(), 30);
  CleatCallback* kept = fixture_take_callback();
  EXPECT_NE(kept, nullptr);
  cleat_callback_release(kept);
}

TEST_F(BlockingTest, ResultsThatComeTooLateAreFreed) {
  fixture_hold_blocking(true);
  Eval("for (let i = 0; i < 10; i++) shout('x').catch(() => 0); undefined");
  while (fixture_jobs_run() < 1) std::this_thread::yield();
  std::thread opener([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    fixture_hold_blocking(false);
  });
  Close();
  opener.join();
  EXPECT_EQ(fixture_results_freed(), fixture_jobs_run());
}

}  // namespace
