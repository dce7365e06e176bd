// What is asynchronously iterable, as data: C iterates over it from any thread.
#include "core_test.h"

namespace {

// The values of all steps, with spaces behind them.
std::string Values(const CleatData* iterable) {
  std::string all;
  for (;;) {
    Result step(cleat_data_next(iterable, nullptr));
    EXPECT_EQ(step.message(), "");
    if (step.value() == nullptr || cleat_data_boolean(cleat_data_get(step.value(), "done"))) return all;
    all += std::to_string(static_cast<int>(cleat_data_number(cleat_data_get(step.value(), "value")))) + " ";
  }
}

TEST(AsyncIterable, IsIteratedFromAnotherThread) {
  Runtime runtime;
  Result made(runtime.Eval("(async function* () { yield 1; await null; yield 2; yield Promise.resolve(3) })()"));
  ASSERT_EQ(cleat_data_kind(made.value()), CLEAT_DATA_ASYNC_ITERABLE);
  EXPECT_EQ(Values(made.value()), "1 2 3 ");
  EXPECT_EQ(Values(made.value()), "");
}

TEST(AsyncIterable, IsAnyObjectWithTheMethodAlsoWithinOthers) {
  Runtime runtime;
  Result made(runtime.Eval("({ list: [{ async *[Symbol.asyncIterator]() { yield 7 } }] })"));
  const CleatData* list = cleat_data_get(made.value(), "list");
  EXPECT_EQ(Values(cleat_data_at(list, 0)), "7 ");
}

TEST(AsyncIterable, IsPulledLazily) {
  Runtime runtime;
  Result made(
      runtime.Eval("globalThis.pulled = 0;"
                   "(async function* () { for (;;) { pulled++; yield pulled } })()"));
  EXPECT_EQ(Result(runtime.Eval("pulled")).number(), 0);
  Result first(cleat_data_next(made.value(), nullptr));
  EXPECT_EQ(Result(runtime.Eval("pulled")).number(), 1);
}

TEST(AsyncIterable, GivesWhatItThrowsAndIsThenAtItsEnd) {
  Runtime runtime;
  Result made(runtime.Eval("(async function* () { yield 1; throw new RangeError('mine') })()"));
  Result first(cleat_data_next(made.value(), nullptr));
  Result second(cleat_data_next(made.value(), nullptr));
  EXPECT_EQ(second.message(), "mine");
  EXPECT_EQ(second.kind(), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(Values(made.value()), "");
}

TEST(AsyncIterable, IsToldWhenCLeaves) {
  Runtime runtime;
  Result made(
      runtime.Eval("globalThis.left = 0;"
                   "(async function* () { try { yield 1; yield 2 } finally { left++ } })()"));
  Result none(cleat_data_return(made.value(), nullptr));
  EXPECT_EQ(cleat_data_kind(none.value()), CLEAT_DATA_UNDEFINED);
  Result first(cleat_data_next(made.value(), nullptr));
  Result left(cleat_data_return(made.value(), nullptr));
  EXPECT_EQ(left.message(), "");
  EXPECT_EQ(Result(runtime.Eval("left")).number(), 1);
  EXPECT_EQ(Values(made.value()), "");
}

TEST(AsyncIterable, MayBeIteratedByManyThreads) {
  Runtime runtime;
  Result made(runtime.Eval("(async function* () { for (let i = 0; i < 200; i++) yield 1 })()"));
  std::atomic<int> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&] { sum += static_cast<int>(Values(made.value()).size()) / 2; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 200);
}

TEST(AsyncIterable, IsTheSameObjectInItsRuntimeAndRefusedByAnother) {
  Runtime runtime;
  Runtime other;
  Result made(runtime.Eval("globalThis.made = (async function* () {})()"));
  runtime.OnThread([&](CleatEnv* env) {
    CleatValue* global = cleat_get(env, cleat_global(env), "made");
    EXPECT_TRUE(cleat_is_same(env, cleat_from_data(env, made.value()), global));
  });
  other.OnThread([&](CleatEnv* env) {
    CleatError* error = cleat_try(
        env, [](CleatEnv* env, void* data) { cleat_from_data(env, static_cast<const CleatData*>(data)); },
        const_cast<CleatData*>(made.value()));
    EXPECT_EQ(Text(cleat_error_name(error)), "TypeError");
    cleat_error_free(error);
  });
}

TEST(AsyncIterable, HasATimeLimit) {
  Runtime runtime;
  Result made(runtime.Eval("({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) })"));
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = 20;
  EXPECT_EQ(Result(cleat_data_next(made.value(), &options)).kind(), CLEAT_ERROR_TIMEOUT);
}

TEST(AsyncIterable, CanBeAskedWithoutWaiting) {
  Runtime runtime;
  Result made(runtime.Eval("(async function* () { yield 5 })()"));
  std::promise<CleatResult> promise;
  auto done = [](void* data, CleatResult result) { static_cast<std::promise<CleatResult>*>(data)->set_value(result); };
  ASSERT_TRUE(cleat_data_next_async(made.value(), nullptr, done, &promise));
  Result step(promise.get_future().get());
  EXPECT_EQ(cleat_data_number(cleat_data_get(step.value(), "value")), 5);
}

TEST(AsyncIterable, FailsCleanlyForOthersAndOnceTheRuntimeHasClosed) {
  Runtime runtime;
  Result made(runtime.Eval("(async function* () { yield 5 })()"));
  Result number(runtime.Eval("1"));
  EXPECT_EQ(Result(cleat_data_next(number.value(), nullptr)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  EXPECT_EQ(Result(cleat_data_next(nullptr, nullptr)).kind(), CLEAT_ERROR_BAD_ARGUMENT);
  EXPECT_FALSE(cleat_data_return_async(number.value(), nullptr, nullptr, nullptr));
  Result first(cleat_data_next(made.value(), nullptr));
  runtime.Release();
  EXPECT_EQ(Result(cleat_data_next(made.value(), nullptr)).kind(), CLEAT_ERROR_CLOSED);
}

}  // namespace
