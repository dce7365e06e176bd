// Function handles, and evaluations and calls that nobody waits for.
#include "core_test.h"

namespace {

CleatData* Arguments(std::initializer_list<double> numbers) {
  CleatData* array = cleat_data_new_array();
  for (double number : numbers) cleat_data_push(array, cleat_data_new_number(number));
  return array;
}

// A result that was delivered, kept until it is looked at.
struct Delivery {
  std::promise<CleatResult> promise;
  std::atomic<int> count{0};
  static void Done(void* data, CleatResult result) {
    auto* self = static_cast<Delivery*>(data);
    self->count++;
    self->promise.set_value(result);
  }
  CleatResult Get() { return promise.get_future().get(); }
};

double Call(const CleatData* function, std::initializer_list<double> numbers) {
  CleatData* arguments = Arguments(numbers);
  Result result(cleat_data_call(function, nullptr, arguments, nullptr));
  cleat_data_free(arguments);
  EXPECT_EQ(result.message(), "");
  return result.number();
}

// HANDLES

TEST(FunctionHandle, IsCalledFromAnyThread) {
  Runtime runtime;
  Result add(runtime.Eval("(function add(a, b) { return a + b })"));
  ASSERT_EQ(cleat_data_kind(add.value()), CLEAT_DATA_FUNCTION);
  EXPECT_EQ(Text(cleat_data_name(add.value())), "add");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 50; j++) EXPECT_EQ(Call(add.value(), {double(i), double(j)}), i + j);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(FunctionHandle, KeepsTheObjectThatItWasReadFrom) {
  Runtime runtime;
  Result object(runtime.Eval("({ n: 40, up(by) { return this.n += by } })"));
  const CleatData* up = cleat_data_get(object.value(), "up");
  EXPECT_EQ(Call(up, {2}), 42);
  EXPECT_EQ(Call(up, {1}), 43);
  CleatData* other = cleat_data_new_object();
  cleat_data_set(other, "n", cleat_data_new_number(1));
  CleatData* arguments = Arguments({1});
  EXPECT_EQ(Result(cleat_data_call(up, other, arguments, nullptr)).number(), 2);
  cleat_data_free(arguments);
  cleat_data_free(other);
}

TEST(FunctionHandle, OneFunctionKeepsEachObjectThatItWasReadFrom) {
  Runtime runtime;
  Result result(runtime.Eval("function who() { return this.name } [{ name: 1, who }, { name: 2, who }]"));
  for (int i = 0; i < 2; i++) {
    EXPECT_EQ(Call(cleat_data_get(cleat_data_at(result.value(), i), "who"), {}), i + 1);
  }
}

TEST(FunctionHandle, WithoutAnObjectThisIsUndefined) {
  Runtime runtime;
  Result result(runtime.Eval("[function() { 'use strict'; return this === undefined }]"));
  Result called(cleat_data_call(cleat_data_at(result.value(), 0), nullptr, nullptr, nullptr));
  EXPECT_TRUE(cleat_data_boolean(called.value()));
}

TEST(FunctionHandle, AwaitsAndThrowsAsEvaluationsDo) {
  Runtime runtime;
  Result result(
      runtime.Eval("({ later: async () => 5, fails() { throw new RangeError('no') }, spins() { for (;;); }, never: () "
                   "=> new Promise(() => {}) })"));
  auto call = [&](const char* name, uint32_t timeout_ms) {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    return cleat_data_call(cleat_data_get(result.value(), name), nullptr, nullptr, &options);
  };
  EXPECT_EQ(Result(call("later", 0)).number(), 5);
  EXPECT_EQ(Result(call("fails", 0)).message(), "no");
  EXPECT_EQ(Result(call("spins", 20)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(call("never", 20)).kind(), CLEAT_ERROR_TIMEOUT);
  EXPECT_EQ(Result(call("later", 0)).number(), 5);
}

TEST(FunctionHandle, IsTheSameFunctionBackInItsRuntime) {
  Runtime runtime;
  Result result(runtime.Eval("var f = () => {}; ({ f, same: (g) => g === f })"));
  CleatResult copy = runtime.Eval("f");
  CleatData* arguments = cleat_data_new_array();
  ASSERT_TRUE(cleat_data_push(arguments, copy.value));
  Result same(cleat_data_call(cleat_data_get(result.value(), "same"), nullptr, arguments, nullptr));
  EXPECT_TRUE(cleat_data_boolean(same.value()));
  cleat_data_free(arguments);
}

TEST(FunctionHandle, IsRefusedByAnotherRuntime) {
  Runtime runtime, other;
  Result identity(other.Eval("(x) => x"));
  CleatResult function = runtime.Eval("() => 1");
  CleatData* arguments = cleat_data_new_array();
  cleat_data_push(arguments, function.value);
  Result refused(cleat_data_call(identity.value(), nullptr, arguments, nullptr));
  EXPECT_EQ(refused.text().substr(0, 9), "TypeError");
  EXPECT_EQ(refused.message(), "a handle cannot be passed to another runtime than its own");
  cleat_data_free(arguments);
}

TEST(FunctionHandle, FailsCleanlyAfterItsRuntimeHasClosed) {
  Runtime runtime;
  Result function(runtime.Eval("() => 1"));
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(Result(cleat_data_call(function.value(), nullptr, nullptr, nullptr)).kind(), CLEAT_ERROR_CLOSED);
  runtime.Release();
  EXPECT_EQ(Result(cleat_data_call(function.value(), nullptr, nullptr, nullptr)).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_FALSE(cleat_data_call_async(function.value(), nullptr, Arguments({1}), nullptr, nullptr, nullptr));
}

TEST(FunctionHandle, CallsNestedOnItsOwnThread) {
  Runtime runtime;
  Result function(runtime.Eval("(a) => a * 2"));
  runtime.OnThread([&](CleatEnv*) { EXPECT_EQ(Call(function.value(), {21}), 42); });
}

TEST(FunctionHandle, RefusesWhatIsNoFunctionAndNoArray) {
  Runtime runtime;
  Result number(runtime.Eval("1"));
  Result function(runtime.Eval("() => 1"));
  EXPECT_EQ(Result(cleat_data_call(number.value(), nullptr, nullptr, nullptr)).message(),
            "argument function: not a function");
  EXPECT_EQ(Result(cleat_data_call(nullptr, nullptr, nullptr, nullptr)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  EXPECT_EQ(Result(cleat_data_call(function.value(), nullptr, number.value(), nullptr)).message(),
            "argument arguments: not an array");
}

TEST(FunctionHandle, IsCollectedOnceItIsReleased) {
  Runtime runtime;
  for (int i = 0; i < 1000; i++) Result(runtime.Eval("({ big: () => 1, f() {} })"));
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST(FunctionHandle, ThoseLeftOverAreToldOfWithTheirPlaces) {
  std::string told;
  CleatResult left;
  {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.data = &told;
    options.leaked = [](void* data, CleatString text) { *static_cast<std::string*>(data) = Text(text); };
    CleatRuntime* runtime = cleat_open(&options, nullptr);
    CleatEvalOptions eval = CLEAT_EVAL_OPTIONS_INIT;
    eval.name = "app.js";
    left = cleat_eval(runtime, "\n  function left() {}\n({ left, then: undefined })", &eval);
    Result released(cleat_eval(runtime, "(function released() {})", &eval));
    cleat_result_free(&left);
    left = cleat_eval(runtime, "left", &eval);
    cleat_release(runtime);
  }
  // `released` is freed after the closing, too.
  EXPECT_EQ(told,
            "2 values were not released before the runtime closed: the function 'left' (app.js:2:16), "
            "the function 'released' (app.js:1:19)");
  cleat_result_free(&left);
}

// WITHOUT WAITING

TEST(EvalAsync, DeliversOnce) {
  for (bool pumped : {false, true}) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.pumped = pumped;
    Runtime runtime(options);
    Delivery value, error, promised;
    EXPECT_TRUE(cleat_eval_async(runtime, "6 * 7", nullptr, Delivery::Done, &value));
    EXPECT_TRUE(cleat_eval_async(runtime, "throw new Error('no')", nullptr, Delivery::Done, &error));
    EXPECT_TRUE(cleat_eval_async(runtime, "Promise.resolve('yes')", nullptr, Delivery::Done, &promised));
    EXPECT_TRUE(cleat_eval_async(runtime, "var done = 1", nullptr, nullptr, nullptr));
    if (pumped) cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE);
    EXPECT_EQ(Result(value.Get()).number(), 42);
    EXPECT_EQ(Result(error.Get()).message(), "no");
    EXPECT_EQ(Result(promised.Get()).string(), "yes");
    EXPECT_EQ(Result(runtime.Eval("done")).number(), 1);
    EXPECT_EQ(value.count + error.count + promised.count, 3);
  }
}

TEST(EvalAsync, KeepsTimeLimits) {
  Runtime runtime;
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 500;  // long enough for the second to come to its end before
  Delivery spins, never;
  EXPECT_TRUE(cleat_eval_async(runtime, "for (;;);", &options, Delivery::Done, &spins));
  EXPECT_TRUE(cleat_eval_async(runtime, "new Promise(() => {})", &options, Delivery::Done, &never));
  EXPECT_EQ(Result(spins.Get()).kind(), CLEAT_ERROR_TIMEOUT);
  Result result(never.Get());
  EXPECT_EQ(result.message(), "the time limit of 500 ms has passed while a promise was pending");
}

TEST(EvalAsync, ClosingDeliversTheRestOnce) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Runtime runtime;
    Delivery pending, timed, queued;
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.timeout_ms = 100000;
    EXPECT_TRUE(cleat_eval_async(runtime, "new Promise(() => {})", nullptr, Delivery::Done, &pending));
    EXPECT_TRUE(cleat_eval_async(runtime, "new Promise(() => {})", &options, Delivery::Done, &timed));
    EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
    cleat_suspend(runtime);
    EXPECT_TRUE(cleat_eval_async(runtime, "1 + 1", nullptr, Delivery::Done, &queued));
    cleat_close(runtime, mode);
    EXPECT_EQ(Result(pending.Get()).kind(), CLEAT_ERROR_CLOSED);
    EXPECT_EQ(Result(timed.Get()).kind(), CLEAT_ERROR_CLOSED);
    EXPECT_EQ(Result(queued.Get()).kind(), mode == CLEAT_CLOSE_DROP ? CLEAT_ERROR_CLOSED : -1);
    EXPECT_EQ(pending.count + timed.count + queued.count, 3);
    EXPECT_FALSE(cleat_eval_async(runtime, "1", nullptr, Delivery::Done, &queued));
  }
}

TEST(EvalAsync, CallbackMayEvaluateAndClose) {
  Runtime runtime;
  struct Shared {
    CleatRuntime* runtime;
    std::promise<double> nested;
  } shared{runtime, {}};
  EXPECT_TRUE(cleat_eval_async(
      runtime, "1", nullptr,
      [](void* data, CleatResult result) {
        cleat_result_free(&result);
        auto* shared = static_cast<Shared*>(data);
        Result nested(cleat_eval(shared->runtime, "40 + 2", nullptr));
        cleat_close(shared->runtime, CLEAT_CLOSE_DROP);
        shared->nested.set_value(nested.number());
      },
      &shared));
  EXPECT_EQ(shared.nested.get_future().get(), 42);
}

TEST(EvalAsync, CallsFunctionsToo) {
  Runtime runtime;
  CleatResult add = runtime.Eval("async (a, b) => a + b");
  Delivery sum;
  EXPECT_TRUE(cleat_data_call_async(add.value, nullptr, Arguments({40, 2}), nullptr, Delivery::Done, &sum));
  cleat_result_free(&add);  // which the call does not need any more
  EXPECT_EQ(Result(sum.Get()).number(), 42);
}

TEST(EvalAsync, RefusesBadArguments) {
  Runtime runtime;
  CleatEvalOptions options = {};
  EXPECT_FALSE(cleat_eval_async(runtime, nullptr, nullptr, nullptr, nullptr));
  EXPECT_FALSE(cleat_eval_async(runtime, "1", &options, nullptr, nullptr));
}

TEST(EvalOnce, OpensEvaluatesAndCloses) {
  EXPECT_EQ(Result(cleat_eval_once("6 * 7", nullptr)).number(), 42);
  EXPECT_EQ(Result(cleat_eval_once("let let", nullptr)).kind(), CLEAT_ERROR_SYNTAX);
  EXPECT_EQ(Result(cleat_eval_once(nullptr, nullptr)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  CleatOptions options = {};
  EXPECT_EQ(Result(cleat_eval_once("1", &options)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
}

TEST(CopyLimits, AreOptions) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.copy_depth = 3;
  options.copy_bytes = 10000;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("[[[1]]]")).error(), nullptr);
  EXPECT_EQ(Result(runtime.Eval("[[[[1]]]]")).message(), "result[0][0][0] cannot be copied: it is nested too deeply");
  EXPECT_EQ(Result(runtime.Eval("'x'.repeat(20000)")).message(),
            "result cannot be copied: the copy is larger than 10000 bytes");
}

}  // namespace
