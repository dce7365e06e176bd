// What happens in the middle of closing, and what closing does without memory.
#include "blocking.h"
#include "faulty_runtime.h"

namespace {

CleatRuntime* closing;
std::thread* closer;

// Has the runtime close while the sender of a message has a place in the queue, and has not put it there yet.
bool CloseMeanwhile() {
  closer = new std::thread([] { cleat_close(closing, CLEAT_CLOSE_DROP); });
  // Sending would wait for this sender itself.
  while (CleatFeed* feed = cleat_feed_open(closing, nullptr)) cleat_feed_release(feed);
  Sleep(200);
  return false;
}

TEST(FaultyClosing, WaitsForWhatIsJustBeingSentBeforeItWaitsForTheSender) {
  Runtime runtime;
  closing = runtime;
  Blocking blocking(runtime, [&] {
    OnFault(CloseMeanwhile);
    ArmFaults(0, false, "aligned_alloc");
    // A block of the queue is made at its last place.
    for (;;) {
      const int kind = Result(runtime.Eval("1")).kind();
      if (kind != -1) return kind;
    }
  });
  ASSERT_TRUE(cleat_eval_async(runtime, "start(); 1", nullptr, nullptr, nullptr));
  EXPECT_EQ(blocking.Answer(), CLEAT_ERROR_CLOSED);
  DisarmFaults();
  closer->join();
  delete closer;
}

// What is in flight as a runtime closes: each is told of once.
struct InFlight {
  int accepted = 0;
  std::atomic<int> told{0};

  static void Tell(void* data) { static_cast<InFlight*>(data)->told++; }
  static void Run(CleatEnv*, void* data) { Tell(data); }
  static void Done(void* data, CleatResult result) {
    EXPECT_TRUE((result.value == nullptr) != (result.error == nullptr)) << "neither a value nor an error";
    cleat_result_free(&result);
    Tell(data);
  }
};

const char* const kInFlight[] = {
    "new Fault().later({ text: 'x' })",
    "new Fault().laterNew()",
    "new Fault().work('a', { list: ['a'], fault: new Fault() })",
    "(async () => { for await (const one of new FaultStream()) await new Promise((r) => setTimeout(r, 1)) })()",
    "new Fault().count((async function* () { yield 'a'; await new Promise(() => {}) })())",
    "new Promise(() => {}).finally(() => new Fault().later())",
    "new Promise((r) => setTimeout(r, 100000))",
    "{ const c = new AbortController(); setTimeout(() => c.abort(), 1); new Fault().later({ signal: c.signal }) }",
    "globalThis.taken = (async () => { for await (const one of feed) new Fault() })()",
    "Promise.reject(new Fault()); new Fault().keep(() => 'x')",
    "import('main').then(() => 1)",
};

void Begin(CleatRuntime* runtime, uint32_t timeout_ms, CleatFeed* feed, InFlight* it) {
  auto give = [](CleatEnv* env, void* feed) {
    cleat_set(env, cleat_global(env), "feed", cleat_feed_value(env, static_cast<CleatFeed*>(feed)));
  };
  cleat_dispatch(runtime, give, feed, nullptr);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.timeout_ms = timeout_ms;
  for (const char* source : kInFlight) {
    it->accepted += cleat_eval_async(runtime, source, &options, InFlight::Done, it);
  }
  it->accepted += cleat_dispatch(runtime, InFlight::Run, it, InFlight::Tell);
  it->accepted += cleat_dispatch_after(runtime, 1, InFlight::Run, it, InFlight::Tell);
  it->accepted += cleat_dispatch_after(runtime, 100000, InFlight::Run, it, InFlight::Tell);
}

// How a runtime closes.
struct Closing {
  const char* name;
  CleatCloseMode mode;
  uint32_t timeout_ms;  // of evaluations
  bool at_once;         // or where all that is in flight has begun
  bool suspended;
};

const Closing kClosings[] = {
    {"Dropping", CLEAT_CLOSE_DROP, 0, false, false},
    {"DroppingWithTimeLimits", CLEAT_CLOSE_DROP, 60000, false, false},
    {"DroppingAtOnce", CLEAT_CLOSE_DROP, 0, true, false},
    {"Finishing", CLEAT_CLOSE_FINISH, 0, false, false},
    {"FinishingWithTimeLimits", CLEAT_CLOSE_FINISH, 60000, false, true},
    {"FinishingAtOnce", CLEAT_CLOSE_FINISH, 60000, true, false},
};

class FaultyClosings : public testing::TestWithParam<Closing> {};

TEST_P(FaultyClosings, EndAndTellOnceOfAllThatIsInFlight) {
  const Closing& how = GetParam();
  FailSome([&] {
    PauseFaults();
    FaultyRuntime runtime;
    ASSERT_NE(static_cast<CleatRuntime*>(runtime), nullptr);
    InFlight all;
    CleatFeedOptions feeding = CLEAT_FEED_OPTIONS_INIT;
    feeding.data = &all;
    feeding.ended = InFlight::Tell;
    CleatFeed* feed = cleat_feed_open(runtime, &feeding);
    ASSERT_NE(feed, nullptr);
    all.accepted++;
    Begin(runtime, how.timeout_ms, feed, &all);
    if (!how.at_once) {
      EXPECT_EQ(Result(cleat_eval(runtime, "6 * 7", nullptr)).number(), 42);
    }
    if (how.suspended) cleat_suspend(runtime);
    ResumeFaults();
    if (!cleat_close_within(runtime, how.mode, 30000)) {
      fprintf(stderr, "it does not close\n");
      abort();
    }
    cleat_feed_release(feed);
    runtime.Close();
    EXPECT_EQ(all.told, all.accepted);
    EXPECT_EQ(fault_get_live(), 0) << "native objects are left";
  });
}

INSTANTIATE_TEST_SUITE_P(Of, FaultyClosings, testing::ValuesIn(kClosings),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
