// Feeds: values from any thread that JavaScript takes by `for await`, with back-pressure.
#include "core_test.h"

namespace {

// A feed that counts what it is told, and is given to JavaScript as the global `feed`.
struct Feed {
  explicit Feed(const Runtime& runtime, size_t capacity = 0, bool give = true) {
    CleatFeedOptions options = CLEAT_FEED_OPTIONS_INIT;
    options.capacity = capacity;
    options.data = this;
    options.wanted = [](void* data) { static_cast<Feed*>(data)->wanted++; };
    options.ended = [](void* data) { static_cast<Feed*>(data)->ended++; };
    feed = cleat_feed_open(runtime, &options);
    if (give) {
      runtime.OnThread([&](CleatEnv* env) { cleat_set(env, cleat_global(env), "feed", cleat_feed_value(env, feed)); });
    }
  }
  Feed(const Feed&) = delete;
  ~Feed() { Release(); }

  void Release() {
    cleat_feed_release(feed);
    feed = nullptr;
  }

  // What is not accepted is freed.
  CleatFeedStatus Put(double number) const { return Kept(cleat_feed_put, number); }
  CleatFeedStatus PutWait(double number, uint32_t timeout_ms = 0) const {
    return Kept([&](CleatFeed* it, CleatData* data) { return cleat_feed_put_wait(it, data, timeout_ms); }, number);
  }
  template <typename Function>
  CleatFeedStatus Kept(Function put, double number) const {
    CleatData* data = cleat_data_new_number(number);
    CleatFeedStatus status = put(feed, data);
    if (status != CLEAT_FEED_ACCEPTED) cleat_data_free(data);
    return status;
  }

  CleatFeed* feed;
  std::atomic<int> wanted{0};
  std::atomic<int> ended{0};
};

const char kAll[] =
    "(async () => { const all = []; for await (const value of feed) all.push(value); return String(all) })()";

TEST(Feed, IsAnAsyncIteratorThatIsIterable) {
  Runtime runtime;
  Feed feed(runtime);
  Result result(
      runtime.Eval("const p = Object.getPrototypeOf(feed);"
                   "[feed[Symbol.asyncIterator]() === feed, Object.prototype.toString.call(feed),"
                   " Object.getPrototypeOf(p) === Object.getPrototypeOf(Object.getPrototypeOf((async function* () "
                   "{}).prototype))].join()"));
  EXPECT_EQ(result.string(), "true,[object Feed AsyncIterator],true");
}

TEST(Feed, GivesWhatWasPutBeforeAndAfterInOrder) {
  Runtime runtime;
  Feed feed(runtime);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  EXPECT_EQ(feed.Put(2), CLEAT_FEED_ACCEPTED);
  std::thread producer([&] {
    for (int i = 3; i <= 5; i++) EXPECT_EQ(feed.PutWait(i), CLEAT_FEED_ACCEPTED);
    cleat_feed_end(feed.feed);
  });
  EXPECT_EQ(Result(runtime.Eval(kAll)).string(), "1,2,3,4,5");
  producer.join();
  EXPECT_EQ(feed.ended, 1);
  EXPECT_EQ(feed.Put(6), CLEAT_FEED_OVER);
}

TEST(Feed, RefusesWhatHasNoRoomAndTellsOnceWhenThereIs) {
  Runtime runtime;
  Feed feed(runtime, 2);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  EXPECT_EQ(feed.Put(2), CLEAT_FEED_ACCEPTED);
  EXPECT_EQ(feed.Put(3), CLEAT_FEED_FULL);
  EXPECT_EQ(feed.Put(3), CLEAT_FEED_FULL);
  EXPECT_EQ(feed.wanted, 0);
  EXPECT_EQ(Result(runtime.Eval("feed.next().then(({ value }) => value)")).number(), 1);
  EXPECT_EQ(feed.wanted, 1);
  EXPECT_EQ(feed.Put(3), CLEAT_FEED_ACCEPTED);
  EXPECT_EQ(Result(runtime.Eval("feed.next().then(() => feed.next()).then(({ value }) => value)")).number(), 3);
  EXPECT_EQ(feed.wanted, 1);
}

TEST(Feed, HasAProducerWaitForRoom) {
  Runtime runtime;
  Feed feed(runtime, 1);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  EXPECT_EQ(feed.PutWait(2, 1), CLEAT_FEED_FULL);
  std::atomic<bool> accepted{false};
  std::thread producer([&] {
    EXPECT_EQ(feed.PutWait(2), CLEAT_FEED_ACCEPTED);
    accepted = true;
  });
  EXPECT_FALSE(accepted);
  EXPECT_EQ(Result(runtime.Eval("feed.next().then(({ value }) => value)")).number(), 1);
  producer.join();
  EXPECT_TRUE(accepted);
}

TEST(Feed, DoesNotWaitOnTheJavaScriptThread) {
  Runtime runtime;
  Feed feed(runtime, 1);
  runtime.OnThread([&](CleatEnv*) {
    EXPECT_EQ(feed.PutWait(1), CLEAT_FEED_ACCEPTED);
    EXPECT_EQ(feed.PutWait(2), CLEAT_FEED_FULL);
  });
}

TEST(Feed, TellsTheProducerOnceThatJavaScriptHasLeft) {
  Runtime runtime;
  Feed feed(runtime, 1);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  std::thread producer([&] {
    while (feed.PutWait(2) == CLEAT_FEED_ACCEPTED) continue;
  });
  EXPECT_EQ(Result(runtime.Eval("(async () => { for await (const value of feed) return value })()")).number(), 1);
  producer.join();
  EXPECT_EQ(feed.ended, 1);
  EXPECT_EQ(feed.Put(3), CLEAT_FEED_OVER);
  EXPECT_EQ(Result(runtime.Eval("feed.next().then(({ done }) => String(done))")).string(), "true");
  runtime.Release();
  EXPECT_EQ(feed.ended, 1);
}

TEST(Feed, ThrowsBehindTheValuesThatWaited) {
  Runtime runtime;
  Feed feed(runtime);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  cleat_feed_fail(feed.feed, CLEAT_THROW_RANGE_ERROR, "line %d is too long", 2);
  cleat_feed_fail(feed.feed, CLEAT_THROW_RANGE_ERROR, "not told");
  EXPECT_EQ(feed.Put(2), CLEAT_FEED_OVER);
  EXPECT_EQ(Result(runtime.Eval("feed.next().then(({ value }) => value)")).number(), 1);
  Result failed(runtime.Eval("feed.next()"));
  EXPECT_EQ(failed.message(), "line 2 is too long");
  EXPECT_EQ(Result(runtime.Eval("feed.next().then(({ done }) => String(done))")).string(), "true");
  EXPECT_EQ(feed.ended, 1);
}

TEST(Feed, FailsACallOfNextThatWaits) {
  Runtime runtime;
  Feed feed(runtime);
  std::future<std::string> waiting =
      std::async(std::launch::async, [&] { return Result(runtime.Eval("feed.next()")).message(); });
  cleat_feed_fail(feed.feed, CLEAT_THROW_ERROR, "gone");
  EXPECT_EQ(waiting.get(), "gone");
}

TEST(Feed, EndsWhenItIsReleased) {
  Runtime runtime;
  Feed feed(runtime);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  feed.Release();
  EXPECT_EQ(Result(runtime.Eval(kAll)).string(), "1");
  EXPECT_EQ(feed.ended, 1);
}

TEST(Feed, EndsWhenItIsReleasedBeforeJavaScriptHasIt) {
  Runtime runtime;
  Feed feed(runtime, 0, false);
  EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
  feed.Release();
  EXPECT_EQ(feed.ended, 1);
}

TEST(Feed, IsGivenToJavaScriptOnce) {
  Runtime runtime;
  Feed feed(runtime);
  runtime.OnThread([&](CleatEnv* env) {
    CleatError* error = cleat_try(
        env, [](CleatEnv* env, void* data) { cleat_feed_value(env, static_cast<CleatFeed*>(data)); }, feed.feed);
    EXPECT_EQ(Text(cleat_error_name(error)), "TypeError");
    cleat_error_free(error);
  });
}

TEST(Feed, EndsOnceWhenTheRuntimeClosesAndWakesItsProducer) {
  for (bool give : {false, true}) {
    Runtime runtime;
    Feed feed(runtime, 1, give);
    EXPECT_EQ(feed.Put(1), CLEAT_FEED_ACCEPTED);
    std::thread producer([&] { EXPECT_EQ(feed.PutWait(2), CLEAT_FEED_OVER); });
    cleat_close(runtime, CLEAT_CLOSE_DROP);
    producer.join();
    EXPECT_EQ(feed.ended, 1);
    EXPECT_EQ(feed.Put(3), CLEAT_FEED_OVER);
    cleat_feed_end(feed.feed);
    feed.Release();
    EXPECT_EQ(feed.ended, 1);
  }
}

TEST(Feed, MayBeReleasedAfterTheRuntimeIsGone) {
  Runtime runtime;
  Feed feed(runtime);
  runtime.Release();
  EXPECT_EQ(feed.ended, 1);
}

TEST(Feed, RejectsACallOfNextThatWaitsWhenTheRuntimeCloses) {
  Runtime runtime;
  Feed feed(runtime);
  Result(runtime.Eval("feed.next().catch(() => {}); 1"));
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(feed.ended, 1);
}

TEST(Feed, CannotBeOpenedOnceTheRuntimeHasClosed) {
  Runtime runtime;
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(cleat_feed_open(runtime, nullptr), nullptr);
  CleatFeedOptions unset = {};
  EXPECT_EQ(cleat_feed_open(runtime, &unset), nullptr);
}

TEST(Feed, TakesValuesOfManyThreads) {
  Runtime runtime;
  Feed feed(runtime, 4);
  std::vector<std::thread> producers;
  for (int i = 0; i < 4; i++) {
    producers.emplace_back([&] {
      for (int j = 1; j <= 250; j++) EXPECT_EQ(feed.PutWait(j), CLEAT_FEED_ACCEPTED);
    });
  }
  std::thread ender([&] {
    for (std::thread& producer : producers) producer.join();
    cleat_feed_end(feed.feed);
  });
  Result sum(runtime.Eval("(async () => { let sum = 0; for await (const value of feed) sum += value; return sum })()"));
  ender.join();
  EXPECT_EQ(sum.number(), 4 * 250 * 251 / 2);
}

}  // namespace
