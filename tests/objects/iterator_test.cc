// Iterators that are lost to the garbage collector: what they iterate over goes with them, and not before.
#include "cleat/bind.h"
#include "objects_test.h"

namespace {

class IteratorTest : public ObjectsTest {
 protected:
  static CleatOptions Limited() {
    CleatOptions options = Options();
    options.external_limit = 1 << 20;
    return options;
  }

  // Collects garbage, as asking for more than may be had does, and runs the finalizers.
  static void Collect(const Runtime& runtime) {
    for (int i = 0; i < 2; i++) {
      runtime.OnThread([](CleatEnv* env) {
        cleat_error_free(cleat_try(
            env, [](CleatEnv* env, void*) { cleat_adjust_memory(env, 1 << 30); }, nullptr));
      });
    }
  }
};

TEST_F(IteratorTest, PairIteratorsThatAreLostAreFinalizedWithWhatTheyIterateOver) {
  Runtime runtime(Limited());
  Eval(runtime, "for (let i = 0; i < 100; i++) new Resource().entries().next()");
  Collect(runtime);
  EXPECT_EQ(Finalized(), 100);
  EXPECT_EQ(Statistics(runtime).objects, 0u);
}

TEST_F(IteratorTest, AnIteratorKeepsWhatItIteratesOver) {
  Runtime runtime(Limited());
  Eval(runtime, "globalThis.iterator = new Resource(3).entries()");
  Collect(runtime);
  EXPECT_EQ(Finalized(), 0);
  EXPECT_EQ(Eval(runtime, "iterator.next().value.join()"), "size,3");
  Eval(runtime, "globalThis.iterator = undefined");
  Collect(runtime);
  EXPECT_EQ(Finalized(), 1);
  EXPECT_EQ(Statistics(runtime).objects, 0u);
}

TEST_F(IteratorTest, AnAsyncIteratorThatIsLostLivesUntilCHasGivenTheValue) {
  Runtime runtime(Limited());
  const int before = ticker_get_finalized();
  Eval(runtime, "new Ticker()[Symbol.asyncIterator]().next(); 0");
  Collect(runtime);
  EXPECT_EQ(ticker_get_finalized(), before);
  Eval(runtime, "Ticker.tick()");
  Collect(runtime);
  EXPECT_EQ(ticker_get_finalized(), before + 1);
  EXPECT_EQ(Statistics(runtime).objects, 0u);
}

TEST_F(IteratorTest, AHandleOfAnAsyncIterableKeepsItUntilItIsFreed) {
  Runtime runtime(Limited());
  CleatResult made = cleat_eval(runtime,
                                "{ const it = (async function* () { for (;;) yield 7 })(); "
                                "globalThis.weak = new WeakRef(it); it }",
                                nullptr);
  ASSERT_NE(made.value, nullptr);
  Collect(runtime);
  EXPECT_EQ(Eval(runtime, "weak.deref() !== undefined"), "true");
  Result step(cleat_data_next(made.value, nullptr));
  EXPECT_EQ(cleat_data_number(cleat_data_get(step.value(), "value")), 7);
  Collect(runtime);
  EXPECT_EQ(Eval(runtime, "weak.deref() !== undefined"), "true");
  cleat_result_free(&made);
  Collect(runtime);
  EXPECT_EQ(Eval(runtime, "weak.deref() === undefined"), "true");
}

TEST_F(IteratorTest, AFeedWhoseIteratorIsLostIsToldSo) {
  Runtime runtime(Limited());
  std::atomic<int> ended{0};
  CleatFeedOptions options = CLEAT_FEED_OPTIONS_INIT;
  options.data = &ended;
  options.ended = [](void* count) { ++*static_cast<std::atomic<int>*>(count); };
  CleatFeed* feed = cleat_feed_open(runtime, &options);
  runtime.OnThread([&](CleatEnv* env) { EXPECT_NE(cleat_feed_value(env, feed), nullptr); });
  Collect(runtime);
  EXPECT_EQ(ended, 1);
  CleatData* value = cleat_data_new_number(1);
  EXPECT_EQ(cleat_feed_put(feed, value), CLEAT_FEED_OVER);
  cleat_data_free(value);
  cleat_feed_release(feed);
}

}  // namespace
