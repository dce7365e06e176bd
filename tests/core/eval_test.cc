// cleat_eval: from any thread, nested, and awaiting promises.
#include "cleat/bind.h"
#include "core_test.h"

namespace {

TEST(Eval, GivesACopyOfTheCompletionValue) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("'a' + 1")).string(), "a1");
  EXPECT_EQ(cleat_data_kind(Result(runtime.Eval("")).value()), CLEAT_DATA_UNDEFINED);
}

TEST(Eval, KeepsStateBetweenEvaluations) {
  Runtime runtime;
  Result(runtime.Eval("let counter = 1"));
  EXPECT_EQ(Result(runtime.Eval("++counter")).number(), 2);
}

TEST(Eval, TakesLengthNameAndLine) {
  Runtime runtime;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.length = 9;
  options.name = "part.js";
  options.line = 10;
  Result result(cleat_eval(runtime, "\nthrow 1;garbage(", &options));
  EXPECT_EQ(result.message(), "1");
  EXPECT_EQ(Text(cleat_error_script(result.error())), "part.js");
  EXPECT_EQ(cleat_error_line(result.error()), 11u);
}

TEST(Eval, RefusesANullSourceAndOptionsWithoutASize) {
  Runtime runtime;
  EXPECT_EQ(Result(cleat_eval(runtime, nullptr, nullptr)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  CleatEvalOptions options = {};
  EXPECT_EQ(Result(cleat_eval(runtime, "1", &options)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
}

TEST(Eval, TellsSyntaxErrorsFromExceptions) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("let let")).kind(), CLEAT_ERROR_SYNTAX);
  EXPECT_EQ(Result(runtime.Eval("JSON.parse('{')")).kind(), CLEAT_ERROR_EXCEPTION);
}

TEST(Eval, NamesAreNeverPartOfASource) {
  Runtime runtime;
  const char* names[] = {"'); ran = true; ('", "\"); ran = true; (\"", "a\n ran = true //",
                         "*/ ran = true /*",   "\xC3\xA4\xFF",         ""};
  Result(runtime.Eval("var ran = false"));
  for (const char* name : names) {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.name = name;
    Result result(cleat_eval(runtime, "throw new Error('m')", &options));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION) << name;
    runtime.OnThread([&](CleatEnv* env) {
      auto native = [](CleatCall*) {};
      EXPECT_TRUE(cleat_set(env, cleat_global(env), name, cleat_function(env, name, 0, native, nullptr)));
      CleatValue* function = cleat_get(env, cleat_global(env), name);
      EXPECT_NE(cleat_call(env, function, cleat_undefined(env), 0, nullptr), nullptr) << name;
    });
  }
  EXPECT_FALSE(cleat_data_boolean(Result(runtime.Eval("ran")).value()));
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>());
}

TEST(Eval, ManyThreadsAtOnce) {
  Runtime runtime;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; i++) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 200; n++) {
        std::string source = std::to_string(i) + " * 1000 + " + std::to_string(n);
        ASSERT_EQ(Result(runtime.Eval(source.c_str())).number(), i * 1000 + n);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Eval, TwoRuntimesDoNotShare) {
  Runtime a, b;
  Result(a.Eval("var here = 1"));
  EXPECT_EQ(Result(b.Eval("typeof here")).string(), "undefined");
}

// PROMISES

TEST(EvalPromise, ThatIsFulfilledGivesItsValue) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("Promise.resolve(42)")).number(), 42);
  EXPECT_EQ(Result(runtime.Eval("(async () => { await null; return 'done' })()")).string(), "done");
}

TEST(EvalPromise, ThatIsRejectedGivesItsError) {
  Runtime runtime;
  Result result(runtime.Eval("Promise.reject(new TypeError('no'))"));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(result.message(), "no");
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(EvalPromise, RejectionTellsWhereTheErrorWasMade) {
  Runtime runtime;
  Result result(runtime.Eval("(async () => {\n  await null;\n  throw new Error('late');\n})()"));
  ASSERT_NE(result.error(), nullptr);
  EXPECT_EQ(Text(cleat_error_script(result.error())), "test.js");
  EXPECT_EQ(cleat_error_line(result.error()), 3u);
}

TEST(EvalPromise, SettledByALaterEvaluation) {
  Runtime runtime;
  auto waiting = std::async(std::launch::async, [&] {
    Result result(runtime.Eval("new Promise((resolve) => { globalThis.settle = resolve })"));
    return result.string();
  });
  while (Result(runtime.Eval("typeof settle")).string() != "function") Sleep(1);
  Result(runtime.Eval("settle('later'); 0"));
  EXPECT_EQ(waiting.get(), "later");
}

TEST(EvalPromise, ManyAtOnceSettledInAnyOrder) {
  Runtime runtime;
  Result(runtime.Eval("var settle = []; 0"));
  std::vector<std::future<double>> waiting;
  for (int i = 0; i < 8; i++) {
    waiting.push_back(std::async(std::launch::async, [&runtime, i] {
      std::string source = "new Promise((resolve) => { settle.push(() => resolve(" + std::to_string(i) + ")) })";
      return Result(runtime.Eval(source.c_str())).number();
    }));
  }
  while (Result(runtime.Eval("settle.length")).number() != 8) Sleep(1);
  Result(runtime.Eval("settle.reverse().forEach((f) => f()); 0"));
  for (int i = 0; i < 8; i++) EXPECT_EQ(waiting[i].get(), i);
}

TEST(EvalPromise, CopiesWhatItSettlesWithWhenItSettles) {
  Runtime runtime;
  Result result(runtime.Eval("Promise.resolve({ s: Symbol() })"));
  EXPECT_EQ(result.message(), "result.s cannot be copied: it is a symbol");
}

TEST(EvalPromise, NoAwaitMakesItAnError) {
  Runtime runtime;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.no_await = true;
  Result result(cleat_eval(runtime, "Promise.resolve(1)", &options));
  EXPECT_EQ(result.message(), "result cannot be copied: it is a promise");
}

// NESTED

TEST(EvalNested, RunsAtOnceInATask) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    EXPECT_EQ(Result(runtime.Eval("1 + 1")).number(), 2);
    EXPECT_FALSE(cleat_failed(env));
  });
}

TEST(EvalNested, AnExceptionIsItsResultOnly) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    EXPECT_EQ(Result(runtime.Eval("throw new Error('inner')")).message(), "inner");
    EXPECT_FALSE(cleat_failed(env));
    EXPECT_EQ(Result(runtime.Eval("2")).number(), 2);
  });
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(EvalNested, DoesNotRunMicrotasks) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv*) {
    Result(runtime.Eval("var ran = false; Promise.resolve().then(() => ran = true); 0"));
    EXPECT_FALSE(cleat_data_boolean(Result(runtime.Eval("ran")).value()));
  });
  EXPECT_TRUE(cleat_data_boolean(Result(runtime.Eval("ran")).value()));
}

TEST(EvalNested, CannotWaitForAPromise) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv*) {
    EXPECT_EQ(Result(runtime.Eval("new Promise(() => {})")).kind(), CLEAT_ERROR_BAD_ARGUMENT);
    EXPECT_EQ(Result(runtime.Eval("Promise.resolve(5)")).number(), 5);
    EXPECT_EQ(Result(runtime.Eval("Promise.reject(new Error('no'))")).message(), "no");
  });
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(EvalNested, IsRefusedWhileAnExceptionIsPending) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    cleat_throw_error(env, "pending");
    EXPECT_EQ(Result(runtime.Eval("1")).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  });
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: pending"});
}

TEST(EvalNested, FromTheUncaughtFunction) {
  Runtime runtime;
  runtime.on_uncaught = [&](const CleatError*) { Result(runtime.Eval("var told = true; 0")); };
  runtime.Dispatch([](CleatEnv* env) { cleat_throw_error(env, "x"); });
  EXPECT_EQ(Result(runtime.Eval("told")).error(), nullptr);
}

// A function that evaluates its argument, and throws where that fails.
void EvaluateNested(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  CleatString source;
  if (!cleat_to_string(env, cleat_arg_any(call, 0), &source)) return;
  Result result(cleat_eval(cleat_runtime(env), source.data, nullptr));
  if (result.error() != nullptr) {
    cleat_throw_error(env, "nested: %s", result.message().c_str());
  } else {
    cleat_return_double(call, result.number());
  }
}

class EvalInCall : public testing::Test {
 protected:
  EvalInCall() {
    runtime_.OnThread([](CleatEnv* env) {
      cleat_set(env, cleat_global(env), "nested", cleat_function(env, "nested", 1, EvaluateNested, nullptr));
    });
  }
  Runtime runtime_;
};

TEST_F(EvalInCall, NestsAsDeepAsTheStackAllows) {
  EXPECT_EQ(Result(runtime_.Eval("nested('1 + nested(\"2 + nested(`3`)\")')")).number(), 6);
  Result result(
      runtime_.Eval("var depth = 0; function f() { depth++; return nested('f()'); } try { f() } catch { depth > 5 }"));
  EXPECT_TRUE(cleat_data_boolean(result.value())) << result.text();
}

TEST_F(EvalInCall, ItsErrorCanBeThrownOnAndCaught) {
  EXPECT_EQ(Result(runtime_.Eval("try { nested('throw 5') } catch (e) { e.message }")).string(), "nested: 5");
  EXPECT_EQ(Result(runtime_.Eval("nested('throw 5')")).message(), "nested: 5");
}

TEST_F(EvalInCall, ATimeLimitEndsTheWholeRun) {
  Result result(runtime_.Eval("try { nested('for (;;);') } catch {} 'survived'", 40));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime_.Eval("nested('4')")).number(), 4);
}

TEST(EvalPromise, OfWebAssemblyWhichV8CompilesOnOtherThreads) {
  Runtime runtime;
  Result result(runtime.Eval(
      "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then((m) => m instanceof WebAssembly.Module)",
      10000));
  EXPECT_TRUE(cleat_data_boolean(result.value())) << result.text();
}

TEST(EvalPromise, OfAtomicsWaitAsyncWithATimeout) {
  Runtime runtime;
  Result result(
      runtime.Eval("typeof Atomics.waitAsync === 'function'"
                   " ? Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20).value : 'timed-out'",
                   10000));
  EXPECT_EQ(result.string(), "timed-out") << result.text();
}

// TIME LIMITS AND TERMINATION

TEST(Limit, EndsAnEndlessLoopAndTheRuntimeGoesOn) {
  Runtime runtime;
  Result result(runtime.Eval("for (;;);", 30));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(result.message(), "the time limit of 30 ms has passed");
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST(Limit, AndOtherKindsAreNotForgedByTexts) {
  Runtime runtime;
  Result real(runtime.Eval("for (;;);", 20));
  ASSERT_EQ(real.kind(), CLEAT_ERROR_TIMEOUT);
  for (std::string text : {real.message(), real.text(), std::string("terminated"), std::string("heap limit"),
                           std::string("the runtime is closed"), std::string("Script execution was terminated")}) {
    Result thrown(runtime.Eval(("throw new Error('" + text + "')").c_str(), 1000));
    EXPECT_EQ(thrown.kind(), CLEAT_ERROR_EXCEPTION) << text;
    Result rejected(runtime.Eval(("Promise.reject('" + text + "')").c_str(), 1000));
    EXPECT_EQ(rejected.kind(), CLEAT_ERROR_EXCEPTION) << text;
  }
}

TEST(Limit, CannotBeCaughtByTheScript) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("try { for (;;); } catch { 1 } finally { 2 }", 30)).kind(), CLEAT_ERROR_TIMEOUT);
}

TEST(Limit, HoldsInAMicrotaskStorm) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("(function f() { Promise.resolve().then(f) })(); 7", 30)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime.Eval("Promise.resolve(1)")).number(), 1);
}

TEST(Limit, HoldsInARegularExpression) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("/(a+)+b/.test('a'.repeat(40))", 30)).kind(), CLEAT_ERROR_TIMEOUT);
}

TEST(Limit, HoldsForAPromiseThatNeverSettles) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("new Promise((resolve) => { globalThis.settle = resolve })", 30)).kind(),
            CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime.Eval("settle(1); 2")).number(), 2);
}

// What follows an await runs in a task of something else.
class LimitAfterAwait : public ::testing::Test {
 protected:
  static CleatOptions WithTimers() {
    static const CleatBindings* const bindings[] = {&cleat_timers_bindings};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 1;
    return options;
  }

  // Evaluates it with a limit, and then sees that the runtime works.
  void ExpectTimeout(const char* source, uint32_t timeout_ms = 50) {
    Result result(runtime_.Eval(source, timeout_ms));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT) << source << result.string() << result.text();
    EXPECT_EQ(Result(runtime_.Eval("6 * 7")).number(), 42);
    EXPECT_EQ(runtime_.Uncaught(), std::vector<std::string>());
  }

  Runtime runtime_{WithTimers()};
};

TEST_F(LimitAfterAwait, HoldsWhereATimerWakesIt) {
  ExpectTimeout("(async () => { await new Promise((r) => setTimeout(r, 5)); for (;;); })()");
}

TEST_F(LimitAfterAwait, HoldsWhereATimersTaskIsNotTheEvaluations) {
  Result(runtime_.Eval("const wake = new Promise((r) => setTimeout(r, 20)); undefined"));
  ExpectTimeout("(async () => { await wake; for (;;); })()");
}

TEST_F(LimitAfterAwait, HoldsWhereAnotherEvaluationWakesItWhichGoesOn) {
  Result(runtime_.Eval("var resolve; const wake = new Promise((r) => resolve = r); undefined"));
  std::thread waiter([&] { ExpectTimeout("(async () => { await wake; for (;;); })()", 100); });
  Sleep(20);
  EXPECT_EQ(Result(runtime_.Eval("resolve(); 'mine'")).string(), "mine");
  EXPECT_EQ(Result(runtime_.Eval("new Promise((r) => setTimeout(r, 1, 'after'))", 10000)).string(), "after");
  waiter.join();
}

TEST_F(LimitAfterAwait, HoldsWhereCWakesIt) {
  ExpectTimeout(
      "const shared = new Int32Array(new SharedArrayBuffer(4));"
      "(async () => { await Atomics.waitAsync(shared, 0, 0, 5).value; for (;;); })()");
}

TEST_F(LimitAfterAwait, HoldsInAStormOfMicrotasks) {
  ExpectTimeout("(async () => { await new Promise((r) => setTimeout(r, 5)); for (;;) await null; })()");
}

TEST_F(LimitAfterAwait, HoldsInTheHandlerOfATimerAndInAMicrotaskItQueues) {
  ExpectTimeout("new Promise(() => setTimeout(() => { for (;;); }, 5))");
  ExpectTimeout("new Promise(() => setTimeout(() => queueMicrotask(() => { for (;;); }), 5))");
  ExpectTimeout("new Promise(() => setInterval(() => { for (;;); }, 5))");
}

TEST_F(LimitAfterAwait, HoldsInAGetterOfWhatItSettlesWith) {
  ExpectTimeout("new Promise((r) => setTimeout(r, 5, { get a() { for (;;); } }))");
}

TEST_F(LimitAfterAwait, CannotBeCaught) {
  ExpectTimeout(
      "(async () => { await new Promise((r) => setTimeout(r, 5)); for (;;) { try { for (;;); } catch {} } })()");
}

TEST_F(LimitAfterAwait, HoldsForWhatBeginsAfterItHasPassed) {
  Result(runtime_.Eval("var resolve, ran = false; const wake = new Promise((r) => resolve = r); undefined"));
  ExpectTimeout("(async () => { await wake; ran = true; for (;;); })()", 10);
  EXPECT_EQ(Result(runtime_.Eval("resolve(); 'mine'")).string(), "mine");
  EXPECT_TRUE(cleat_data_boolean(Result(runtime_.Eval("ran")).value())) << "it was kept from beginning";
}

TEST_F(LimitAfterAwait, DoesNotEndWhatOthersRunMeanwhile) {
  // The limit of the first passes while the second runs, in a task of its own and after an await of its own.
  std::thread waiter([&] { ExpectTimeout("new Promise(() => {})", 30); });
  const char* busy =
      "const until = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };"
      "(async () => { until(60); await null; until(60); await new Promise((r) => setTimeout(r, 1));"
      "  until(60); return 'done'; })()";
  EXPECT_EQ(Result(runtime_.Eval(busy)).string(), "done");
  waiter.join();
}

TEST_F(LimitAfterAwait, OfTwoEndsOnlyTheOneThatHasPassed) {
  Result(runtime_.Eval("const until = (ms) => { const end = Date.now() + ms; while (Date.now() < end); }; undefined"));
  std::thread waiter([&] {
    Result result(
        runtime_.Eval("(async () => { await new Promise((r) => setTimeout(r, 1)); until(80); return 1; })()", 60000));
    EXPECT_EQ(result.number(), 1) << result.text();
  });
  ExpectTimeout("(async () => { for (;;) await new Promise((r) => setTimeout(r, 1)); })()", 40);
  waiter.join();
}

TEST_F(LimitAfterAwait, IsOverOnceThePromiseHasSettled) {
  Result(
      runtime_.Eval("var resolve, finished = false; const wake = new Promise((r) => resolve = r);"
                    "const until = (ms) => { const end = Date.now() + ms; while (Date.now() < end); }; undefined"));
  Result settled(runtime_.Eval("wake.then(() => { until(60); finished = true; }); Promise.resolve(7)", 30));
  EXPECT_EQ(settled.number(), 7);
  Sleep(40);
  Result(runtime_.Eval("resolve(); 0"));
  EXPECT_TRUE(cleat_data_boolean(Result(runtime_.Eval("finished")).value()));
}

TEST_F(LimitAfterAwait, OfAsynchronousEvaluationsHoldsToo) {
  std::promise<int> kind;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 50;
  auto done = [](void* data, CleatResult result) {
    static_cast<std::promise<int>*>(data)->set_value(Result(result).kind());
  };
  const char* source = "(async () => { await new Promise((r) => setTimeout(r, 5)); for (;;); })()";
  ASSERT_TRUE(cleat_eval_async(runtime_, source, &options, done, &kind));
  EXPECT_EQ(kind.get_future().get(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(runtime_.Eval("6 * 7")).number(), 42);
}

TEST_F(LimitAfterAwait, EndsNestedEvaluationsWithIt) {
  std::atomic<int> kind{-2};
  static std::atomic<int>* told;
  told = &kind;
  runtime_.OnThread([&](CleatEnv* env) {
    auto nest = [](CleatCall* call) {
      Result result(cleat_eval(cleat_runtime(cleat_env(call)), "for (;;);", nullptr));
      *told = result.kind();
    };
    cleat_set(env, cleat_global(env), "nest", cleat_function(env, "nest", 0, nest, nullptr));
  });
  ExpectTimeout("(async () => { await new Promise((r) => setTimeout(r, 5)); nest(); for (;;); })()");
  EXPECT_EQ(kind, CLEAT_ERROR_TIMEOUT);
}

// What has begun before the limit passed goes on after it, and would for ever.
TEST_F(LimitAfterAwait, HoldsWhereTheFirstPartHasPassedItAlready) {
  const char* sources[] = {
      "setTimeout(() => { for (;;); }, 1); for (;;);",
      "(async () => { await new Promise((r) => setTimeout(r, 1)); for (;;); })(); for (;;);",
      "(async () => { const later = new Promise((r) => setTimeout(r, 1)); later.then(() => { for (;;); }); for (;;); "
      "})()",
  };
  for (const char* source : sources) {
    ExpectTimeout(source);
    Sleep(5);
    auto next = std::async(std::launch::async, [&] { return Result(runtime_.Eval("6 * 7")).number(); });
    bool came = next.wait_for(std::chrono::seconds(10)) == std::future_status::ready;
    EXPECT_TRUE(came) << source;
    if (!came) cleat_terminate(runtime_, nullptr);
    EXPECT_EQ(next.get(), 42);
  }
}

TEST_F(LimitAfterAwait, StressOfManyAtOnce) {
  Result(runtime_.Eval("const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); undefined"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 10; n++) {
        Result late(runtime_.Eval("(async () => { await sleep(3); for (;;); })()", 5 + i));
        EXPECT_EQ(late.kind(), CLEAT_ERROR_TIMEOUT);
        Result early(runtime_.Eval("7"));
        EXPECT_EQ(early.number(), 7) << early.text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Limit, IsCountedFromTheStartNotFromTheQueue) {
  Runtime runtime;
  runtime.Dispatch([](CleatEnv*) { Sleep(100); });
  EXPECT_EQ(Result(runtime.Eval("1", 60)).number(), 1);
}

TEST(Limit, OfOneRunDoesNotEndTheNext) {
  Runtime runtime;
  for (int i = 0; i < 30; i++) {
    Result(runtime.Eval("1", 5));
    Result next(runtime.Eval("{ const end = Date.now() + 6; while (Date.now() < end); } 2"));
    ASSERT_EQ(next.number(), 2);
  }
}

TEST(Limit, TheRuntimesDefaultHoldsForTasksAndIsReported) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.timeout_ms = 30;
  Runtime runtime(options);
  runtime.OnThread([](CleatEnv* env) { cleat_run_script(env, "for (;;);", 9, "t", 0); });
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: the time limit of 30 ms has passed"});
  EXPECT_EQ(Result(runtime.Eval("for (;;);")).kind(), CLEAT_ERROR_TIMEOUT);
}

TEST(Limit, HoldsForTheUncaughtFunctionToo) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.timeout_ms = 20;
  Runtime runtime(options);
  int left = 3;
  runtime.on_uncaught = [&](const CleatError*) {
    if (left-- <= 0) return;
    EXPECT_EQ(Result(runtime.Eval("for (;;);", 60000)).kind(), CLEAT_ERROR_TIMEOUT);
  };
  runtime.OnThread([](CleatEnv* env) { cleat_throw_error(env, "first"); });
  EXPECT_EQ(Result(runtime.Eval("1", 60000)).number(), 1);
  // On a busy machine the last call, which only returns, may pass its limit too.
  EXPECT_GE(runtime.Uncaught().size(), 4u);
}

TEST(Limit, OfANestedEvaluationEndsThatOnly) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    EXPECT_EQ(Result(runtime.Eval("for (;;);", 30)).kind(), CLEAT_ERROR_TIMEOUT);
    EXPECT_FALSE(cleat_failed(env));
    EXPECT_EQ(Result(runtime.Eval("3")).number(), 3);
  });
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(Limit, OfTheOuterRunEndsANestedOneToo) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.timeout_ms = 40;
  Runtime runtime(options);
  runtime.OnThread([&](CleatEnv* env) {
    EXPECT_EQ(Result(runtime.Eval("for (;;);", 60000)).kind(), CLEAT_ERROR_TIMEOUT);
    EXPECT_TRUE(cleat_failed(env));
  });
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
  EXPECT_EQ(runtime.Uncaught().size(), 1u);
}

// Again and again, since it may not have begun yet.
template <typename T>
void TerminateUntilDone(CleatRuntime* runtime, const char* reason, const std::future<T>& running) {
  do cleat_terminate(runtime, reason);
  while (running.wait_for(std::chrono::milliseconds(10)) != std::future_status::ready);
}

TEST(Terminate, EndsWhatRunsWithTheReason) {
  Runtime runtime;
  auto waiting = std::async(std::launch::async, [&] {
    Result result(runtime.Eval("for (;;);"));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_TERMINATED);
    return result.text();
  });
  TerminateUntilDone(runtime, "the user pressed stop", waiting);
  EXPECT_EQ(waiting.get(), "terminated: the user pressed stop");
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST(Terminate, WithoutAReason) {
  Runtime runtime;
  auto waiting = std::async(std::launch::async, [&] { return Result(runtime.Eval("for (;;);")).text(); });
  TerminateUntilDone(runtime, nullptr, waiting);
  EXPECT_EQ(waiting.get(), "terminated");
}

TEST(Terminate, HasNoEffectWhenNothingRuns) {
  Runtime runtime;
  cleat_terminate(runtime, "nothing");
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST(Terminate, FromWithinTheRun) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    cleat_terminate(runtime, "from inside");
    EXPECT_EQ(cleat_run_script(env, "for (;;);", 9, "t", 0), nullptr);
    EXPECT_TRUE(cleat_failed(env));
  });
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: from inside"});
}

// Neither of the two tasks is waited for, and the first does nothing else.
TEST(Terminate, FromATaskThatDoesNothingInJavaScriptEndsNoOtherTask) {
  Runtime runtime;
  std::promise<void> queued;
  bool ran = false;
  runtime.Dispatch([&](CleatEnv*) { queued.get_future().wait(); });
  runtime.Dispatch([&](CleatEnv*) { cleat_terminate(runtime, "only this"); });
  runtime.Dispatch([&](CleatEnv* env) {
    const std::string script = "var sum = 0; for (let i = 0; i < 1e5; i++) sum += i; sum";
    ran = cleat_run_script(env, script.data(), script.size(), "t", 0) != nullptr;
  });
  queued.set_value();
  EXPECT_EQ(Result(runtime.Eval("sum")).number(), 4999950000);
  EXPECT_TRUE(ran);
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: only this"});
}

TEST(Terminate, TryTakesTheErrorButNotTheTermination) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    cleat_terminate(runtime, "stop");
    CleatError* error = cleat_try(
        env, [](CleatEnv* env, void*) { cleat_run_script(env, "for (;;);", 9, "t", 0); }, nullptr);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(cleat_error_kind(error), CLEAT_ERROR_TERMINATED);
    cleat_error_free(error);
    EXPECT_TRUE(cleat_failed(env));
  });
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST(Terminate, StressNeverLeavesATraceInLaterRuns) {
  Runtime runtime;
  std::atomic<bool> stop{false};
  std::thread terminator([&] {
    while (!stop) {
      cleat_terminate(runtime, "stress");
      std::this_thread::yield();
    }
  });
  int terminated = 0;
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (terminated < 200 && std::chrono::steady_clock::now() < end) {
    Result result(runtime.Eval("{ let n = 0; for (let i = 0; i < 100000; i++) n++; Promise.resolve(n) }", 10000));
    if (result.kind() == CLEAT_ERROR_TERMINATED) {
      terminated++;
    } else {
      EXPECT_EQ(result.number(), 100000) << result.text();
    }
  }
  stop = true;
  terminator.join();
  EXPECT_GT(terminated, 0);
  for (int i = 0; i < 100; i++) EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

// WHAT NOBODY CAUGHT

TEST(Uncaught, RejectedPromisesAreReportedOnce) {
  Runtime runtime;
  Result(runtime.Eval("Promise.reject(new RangeError('lost')); 0"));
  Result(runtime.Eval("0"));
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"RangeError: lost"});
}

TEST(Uncaught, RejectionsHandledInTheSameTaskAreNot) {
  Runtime runtime;
  Result(runtime.Eval("{ const p = Promise.reject(1); Promise.resolve().then(() => p.catch(() => {})) } 0"));
  Result(runtime.Eval("for (let i = 0; i < 10000; i++) Promise.reject(i).catch(() => {}); 0"));
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(Uncaught, ManyRejectionsHandledLaterInTheTaskTakeLinearTime) {
  Runtime runtime;
  for (const char* order : {"all", "all.reverse()", "all.sort(() => Math.random() - 0.5)"}) {
    std::string source =
        "{ const all = []; for (let i = 0; i < 50000; i++) all.push(Object.freeze(Promise.reject(i))); "
        "for (const p of " +
        std::string(order) + ") p.catch(() => {}) } 0";
    Result result(runtime.Eval(source.c_str(), 10000));
    EXPECT_EQ(result.kind(), -1) << result.text();
  }
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(Uncaught, OfManyRejectionsThoseAreReportedThatNobodyHandles) {
  Runtime runtime;
  Result(
      runtime.Eval("{ const all = []; for (let i = 0; i < 100; i++) all.push(Promise.reject(i)); "
                   "for (let i = 99; i >= 0; i--) if (i % 33 != 1) all[i].catch(() => {}); "
                   "Promise.reject('last').catch(() => {}); Promise.reject('lost') } 0"));
  EXPECT_EQ(runtime.Uncaught(), (std::vector<std::string>{"Error: 1", "Error: 34", "Error: 67", "Error: lost"}));
}

// Rejections, as "uncaught 1 Error: message" and "handled 1 Error: message".
struct Rejections {
  std::mutex mutex;
  std::vector<std::string> log;

  static void Note(void* data, const char* what, const CleatError* error) {
    auto* self = static_cast<Rejections*>(data);
    std::lock_guard<std::mutex> lock(self->mutex);
    self->log.push_back(what + std::to_string(cleat_error_rejection(error)) + " " + Text(cleat_error_message(error)));
  }
  CleatOptions Options() {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.data = this;
    options.uncaught = [](void* data, const CleatError* error) { Note(data, "uncaught ", error); };
    options.handled = [](void* data, const CleatError* error) { Note(data, "handled ", error); };
    return options;
  }
  std::vector<std::string> Log() {
    std::lock_guard<std::mutex> lock(mutex);
    return log;
  }
};

TEST(Uncaught, RejectionsThatAreHandledAfterAllAreToldOfOnce) {
  Rejections rejections;
  CleatOptions options = rejections.Options();
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  Result(cleat_eval(runtime, "var a = Promise.reject(new Error('a')), b = Promise.reject(new Error('b')); 0", nullptr));
  EXPECT_EQ(rejections.Log(), (std::vector<std::string>{"uncaught 1 a", "uncaught 2 b"}));
  Result(cleat_eval(runtime, "b.catch(() => {}); b.catch(() => {}); 0", nullptr));
  EXPECT_EQ(rejections.Log().back(), "handled 2 b");
  Result(cleat_eval(runtime, "b.catch(() => {}); Promise.reject(new Error('c')).catch(() => {}); 0", nullptr));
  EXPECT_EQ(rejections.Log().size(), 3u);
  Result(cleat_eval(runtime, "a.then(() => {}); 0", nullptr));  // the promise of `then` is rejected in its turn
  EXPECT_EQ(rejections.Log(),
            (std::vector<std::string>{"uncaught 1 a", "uncaught 2 b", "handled 2 b", "handled 1 a", "uncaught 3 a"}));
  cleat_release(runtime);
}

TEST(Uncaught, AwaitingLateIsHandlingToo) {
  Rejections rejections;
  CleatOptions options = rejections.Options();
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  Result(cleat_eval(runtime, "var a = Promise.reject(new Error('a')); 0", nullptr));
  Result awaited(cleat_eval(runtime, "a", nullptr));
  EXPECT_EQ(awaited.message(), "a");
  EXPECT_EQ(cleat_error_rejection(awaited.error()), 0u);
  EXPECT_EQ(rejections.Log(), (std::vector<std::string>{"uncaught 1 a", "handled 1 a"}));
  cleat_release(runtime);
}

TEST(Uncaught, ManyRejectionsHandledInALaterTaskTakeLinearTime) {
  Runtime runtime;
  Result(runtime.Eval("const all = Array.from({ length: 50000 }, (_, i) => Promise.reject(i)); 0"));
  EXPECT_TRUE(cleat_wait(runtime, 60000));
  Result(runtime.Eval("for (const p of all) p.catch(() => {}); 0"));
  EXPECT_EQ(runtime.Uncaught().size(), 50000u);
}

TEST(Uncaught, HandledAfterAllGoesToStderrWithoutAHostsFunctions) {
  testing::internal::CaptureStderr();
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  Result(cleat_eval(runtime, "var a = Promise.reject(new Error('m')); 0", nullptr));
  Result(cleat_eval(runtime, "a.catch(() => {}); 0", nullptr));
  cleat_release(runtime);
  std::string printed = testing::internal::GetCapturedStderr();
  size_t first = printed.find("Error: m");
  EXPECT_NE(first, std::string::npos) << printed;
  EXPECT_NE(printed.find("handled after all: ", first), std::string::npos) << printed;
}

TEST(Uncaught, ValuesThatAreNoErrorsAreNamed) {
  Runtime runtime;
  Result(runtime.Eval("Promise.reject(42); 0"));
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: 42"});
}

TEST(Uncaught, EvalErrorsAreTheWaitersOnly) {
  Runtime runtime;
  Result(runtime.Eval("throw 1"));
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(Uncaught, ClosingDoesNotReportWhatItRejects) {
  Runtime runtime;
  Result(runtime.Eval("var p = new Promise(() => {}); 0"));
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_TRUE(runtime.Uncaught().empty());
}

TEST(Uncaught, OfQueueMicrotask) {
  const CleatBindings* bindings[] = {&cleat_timers_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  Runtime runtime(options);
  Result result(runtime.Eval(
      "var after; queueMicrotask(() => { throw new TypeError('micro') }); queueMicrotask(() => after = 1); 0"));
  EXPECT_EQ(Result(runtime.Eval("after")).number(), 1);
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"TypeError: micro"});
}

TEST(Uncaught, GoesToStderrWithoutAHostsFunction) {
  testing::internal::CaptureStderr();
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  cleat_dispatch(
      runtime, [](CleatEnv* env, void*) { cleat_throw_type(env, "to %s", "stderr"); }, nullptr, nullptr);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  cleat_release(runtime);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "TypeError: to stderr\n");
}

}  // namespace
