// Scripts that make V8 abort the process of any other host: here the runtime alone is lost.

#include <string>

#include "blocking.h"
#include "core_test.h"

// What a task holds when V8 runs out of memory in it is lost, and so is what V8 has for the runtime.
extern "C" CLEAT_EXPORT const char* __lsan_default_suppressions() {
  return "leak:cleat__survive\nleak:v8::internal::\n";
}

namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

// Each asks V8 for more than it can have in its own way.
const char* const kDeadly[] = {
    "'ab'.repeat(1e7).match(/a/g)",
    "'a'.repeat(1 << 24).replace(/a/g, 'bbbbbbbb')",
    "JSON.parse('[' + '[],'.repeat(2e6) + '1]')",
    "'x,'.repeat(1e7).split(',')",
    "new Map(new Array(3e6).fill(0).map((x, i) => [i, i]))",
    "new Array(1e8).fill(1)",
};

// The first ones take no time.
constexpr size_t kQuick = 2;

const char kHot[] =
    "function hot(x) { let sum = 0; for (let i = 0; i < 1000; i++) sum += x[i % 4] * i; return sum; }"
    "for (let i = 0; i < 300; i++) hot([1, 2, 3, i]);";

// (module (func (export "f") (result i32) i32.const 42))
const char kWebAssembly[] =
    "WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, "
    "1,"
    "102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11])).then((m) => m.instance.exports.f())";

// A task that waits for its cue and dies.
struct Dying {
  CleatRuntime* runtime;
  std::promise<void> cue;

  bool Dispatch() { return cleat_dispatch(runtime, Run, this, nullptr); }

  static void Run(CleatEnv*, void* data) {
    auto* self = static_cast<Dying*>(data);
    self->cue.get_future().wait();
    Result(cleat_eval(self->runtime, kDeadly[0], nullptr));
    ADD_FAILURE() << "it returned";
  }
};

CleatOptions Small() {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.heap_limit = 10 * kMegabyte;
  return options;
}

// Runs what needs V8's own threads: compilation of what is hot, collection, WebAssembly.
void ExpectWorks(const Runtime& runtime) {
  EXPECT_EQ(Result(runtime.Eval((std::string(kHot) + "hot([1, 2, 3, 4])").c_str())).number(), 1250000);
  EXPECT_EQ(
      Result(runtime.Eval("{ let kept = []; for (let i = 0; i < 2e5; i++) kept.push({i}); kept.length }")).number(),
      2e5);
  EXPECT_EQ(Result(runtime.Eval(kWebAssembly, 60000)).number(), 42);
}

TEST(Survival, OnlyTheRuntimeIsLost) {
  Runtime other;
  Result(other.Eval("var kept = 42"));
  for (const char* source : kDeadly) {
    Runtime lost(Small());
    Result result(lost.Eval(source));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_OUT_OF_MEMORY) << source;
    EXPECT_EQ(result.message(), "V8 has run out of memory, and the runtime is lost") << source;
    EXPECT_EQ(Result(other.Eval("kept")).number(), 42);
  }
  ExpectWorks(other);
}

TEST(Survival, OfOneThatWasOpenedFromASnapshot) {
  CleatSnapshot* snapshot = cleat_snapshot_create(nullptr, nullptr);
  ASSERT_NE(snapshot, nullptr);
  {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.heap_limit = 16 * kMegabyte;
    options.snapshot = snapshot;
    Runtime lost(options);
    Runtime other(options);
    EXPECT_EQ(Result(cleat_eval(lost, kDeadly[0], nullptr)).kind(), CLEAT_ERROR_OUT_OF_MEMORY);
    EXPECT_EQ(Result(cleat_eval(other, "6 * 7", nullptr)).number(), 42);
    EXPECT_EQ(Result(cleat_eval(Runtime(options), "6 * 7", nullptr)).number(), 42);
  }
  cleat_snapshot_free(snapshot);
}

TEST(Survival, LaterCallersAreToldAndRefused) {
  Runtime lost(Small());
  Result(lost.Eval(kDeadly[0]));
  EXPECT_EQ(Result(lost.Eval("1")).kind(), CLEAT_ERROR_OUT_OF_MEMORY);
  EXPECT_FALSE(lost.Dispatch([](CleatEnv*) {}));
  EXPECT_FALSE(cleat_wait(lost, 0));
  cleat_terminate(lost, "why");
  CleatStatistics statistics = CLEAT_STATISTICS_INIT;
  cleat_close(lost, CLEAT_CLOSE_FINISH);
  EXPECT_TRUE(cleat_statistics(lost, &statistics));
  EXPECT_GT(statistics.lost, kMegabyte);
}

TEST(Survival, OfATaskIsReportedAndWhatIsQueuedIsDroppedOnce) {
  Runtime lost(Small());
  std::atomic<int> ran{0}, dropped{0};
  Dying dying{lost, {}};
  ASSERT_TRUE(dying.Dispatch());
  for (int i = 0; i < 10; i++) {
    ASSERT_TRUE(lost.Dispatch([&](CleatEnv*) { ran++; }, [&] { dropped++; }));
  }
  std::vector<std::thread> waiting;
  std::atomic<int> told{0};
  for (int i = 0; i < 4; i++) {
    waiting.emplace_back([&] { told += Result(lost.Eval("1")).kind() == CLEAT_ERROR_OUT_OF_MEMORY; });
  }
  Sleep(20);
  dying.cue.set_value();
  for (std::thread& thread : waiting) thread.join();
  cleat_close(lost, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(told, 4);
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(dropped, 10);
  EXPECT_EQ(lost.Uncaught(), std::vector<std::string>{"Error: V8 has run out of memory, and the runtime is lost"});
}

TEST(Survival, WhoWaitsForAPromiseIsTold) {
  Runtime lost(Small());
  std::atomic<int> kind{0};
  std::thread waiting([&] { kind = Result(lost.Eval("new Promise(() => {})")).kind(); });
  std::thread limited(
      [&] { EXPECT_EQ(Result(lost.Eval("new Promise(() => {})", 60000)).kind(), CLEAT_ERROR_OUT_OF_MEMORY); });
  Sleep(50);
  Result result(lost.Eval((std::string("Promise.resolve().then(() => ") + kDeadly[0] + ")").c_str()));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_OUT_OF_MEMORY);
  waiting.join();
  limited.join();
  EXPECT_EQ(kind, CLEAT_ERROR_OUT_OF_MEMORY);
}

TEST(Survival, HoldsForTimersAndHandles) {
  const CleatBindings* bindings[] = {&cleat_timers_bindings, &cleat_performance_bindings, &cleat_console_bindings};
  CleatOptions options = Small();
  options.bindings = bindings;
  options.binding_count = 3;
  options.timeout_ms = 60000;
  Runtime lost(options);
  CleatRef* ref = nullptr;
  lost.OnThread([&](CleatEnv* env) { ref = cleat_hold(env, cleat_global(env)); });
  std::string source =
      "console.count; performance.now(); setInterval(() => {}, 1); queueMicrotask(() => {});"
      "setTimeout(() => " +
      std::string(kDeadly[1]) + ", 5); new Promise(() => {})";
  EXPECT_EQ(Result(lost.Eval(source.c_str())).kind(), CLEAT_ERROR_OUT_OF_MEMORY);
  cleat_close(lost, CLEAT_CLOSE_DROP);
  cleat_ref_free(ref);
}

// Native objects, and promises that C owes.
class SurvivalOfNatives : public testing::Test {
 protected:
  static void Finalize(void* count) { ++*static_cast<int*>(count); }

  static const CleatClass* Class() {
    static const CleatClass type = [] {
      CleatClass made = {};
      made.name = "Thing";
      made.finalize = Finalize;
      return made;
    }();
    return &type;
  }

  static void Owe(CleatCall* call) { *static_cast<CleatPromise**>(cleat_call_data(call)) = cleat_return_promise(call); }

  // Runs a script in a script, with memory of the call in use.
  static void Nest(CleatCall* call) {
    CLEAT_FRAME(frame);
    CleatEnv* env = cleat_enter(call, &frame);
    EXPECT_NE(cleat_allocate(env, 100000), nullptr);
    Result(cleat_eval(cleat_runtime(env), static_cast<const char*>(cleat_call_data(call)), nullptr));
    ADD_FAILURE() << "it returned";
  }
};

TEST_F(SurvivalOfNatives, FinalizesEachObjectOnceAndForgetsPromises) {
  Runtime lost(Small());
  int finalized[3] = {};
  CleatPromise* owed[2] = {};
  lost.OnThread([&](CleatEnv* env) {
    CleatValue* things = cleat_array_of(env, nullptr, 0);
    for (uint32_t i = 0; i < 3; i++) cleat_set_index(env, things, i, cleat_wrap(env, Class(), &finalized[i]));
    cleat_set(env, cleat_global(env), "things", things);
    cleat_set(env, cleat_global(env), "first", cleat_function(env, "first", 0, Owe, &owed[0]));
    cleat_set(env, cleat_global(env), "second", cleat_function(env, "second", 0, Owe, &owed[1]));
  });
  Result(lost.Eval("first(); second(); 1"));
  Result result(lost.Eval(kDeadly[0]));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_OUT_OF_MEMORY);
  if (owed[0] != nullptr) cleat_promise_resolve_undefined(owed[0]);
  cleat_close(lost, CLEAT_CLOSE_DROP);
  if (owed[1] != nullptr) cleat_promise_resolve_undefined(owed[1]);
  EXPECT_TRUE(owed[0] != nullptr && owed[1] != nullptr);
  for (int count : finalized) EXPECT_EQ(count, 1);
}

TEST_F(SurvivalOfNatives, ANativeFunctionThatIsUnderWayDoesNotReturn) {
  Runtime lost(Small());
  lost.OnThread([&](CleatEnv* env) {
    CleatValue* nest = cleat_function(env, "nest", 0, Nest, const_cast<char*>(kDeadly[0]));
    cleat_set(env, cleat_global(env), "nest", nest);
  });
  EXPECT_EQ(Result(lost.Eval("try { nest() } finally { nest() }", 60000)).kind(), CLEAT_ERROR_OUT_OF_MEMORY);
}

// Has JavaScript run out of memory in the task that has begun an operation, which waits for it. JavaScript must not
// wait for the operation before that is told. Returns what it is told.
int TellOfDeath(Runtime& lost, std::function<int()> ask) {
  Blocking blocking(lost, std::move(ask));
  const std::string source = std::string("start();") + kDeadly[0];
  std::thread dying([&] { EXPECT_EQ(Result(lost.Eval(source.c_str())).kind(), CLEAT_ERROR_OUT_OF_MEMORY); });
  const int answer = blocking.Answer();
  dying.join();
  return answer;
}

TEST(SurvivalOfBlockingOperations, ThatEvaluate) {
  Runtime lost(Small());
  EXPECT_EQ(TellOfDeath(lost, [&] { return Result(lost.Eval("1")).kind(); }), CLEAT_ERROR_OUT_OF_MEMORY);
}

TEST(SurvivalOfBlockingOperations, ThatWaitForWhatIsAwaited) {
  Runtime lost(Small());
  std::promise<int> kind;
  std::thread waiting([&] { kind.set_value(Result(lost.Eval("new Promise(() => {})")).kind()); });
  Sleep(50);
  EXPECT_EQ(TellOfDeath(lost, [&] { return kind.get_future().get(); }), CLEAT_ERROR_OUT_OF_MEMORY);
  waiting.join();
}

TEST(SurvivalOfBlockingOperations, ThatFeedIt) {
  Runtime lost(Small());
  CleatFeedOptions options = CLEAT_FEED_OPTIONS_INIT;
  options.capacity = 1;
  CleatFeed* feed = cleat_feed_open(lost, &options);
  ASSERT_EQ(cleat_feed_put(feed, cleat_data_new_number(1)), CLEAT_FEED_ACCEPTED);
  const auto put = [&] {
    CleatData* value = cleat_data_new_number(2);
    const CleatFeedStatus status = cleat_feed_put_wait(feed, value, 0);
    if (status != CLEAT_FEED_ACCEPTED) cleat_data_free(value);
    return static_cast<int>(status);
  };
  EXPECT_EQ(TellOfDeath(lost, put), CLEAT_FEED_OVER);
  cleat_feed_release(feed);
}

TEST(Survival, OfABootstrapScriptFailsTheOpening) {
  CleatScript script = {"boot.js", kDeadly[0], 0};
  CleatOptions options = Small();
  options.scripts = &script;
  options.script_count = 1;
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(cleat_error_kind(error), CLEAT_ERROR_OUT_OF_MEMORY);
  cleat_error_free(error);
}

TEST(Survival, WhileItCloses) {
  const CleatBindings* bindings[] = {&cleat_timers_bindings};
  CleatOptions options = Small();
  options.bindings = bindings;
  options.binding_count = 1;
  Runtime lost(options);
  std::atomic<int> dropped{0};
  std::promise<void> closing;
  Dying dying{lost, {}};
  ASSERT_TRUE(lost.Dispatch([&](CleatEnv*) { closing.get_future().wait(); }));
  ASSERT_TRUE(dying.Dispatch());
  ASSERT_TRUE(lost.Dispatch([](CleatEnv*) { FAIL(); }, [&] { dropped++; }));
  dying.cue.set_value();
  std::thread thread([&] { cleat_close(lost, CLEAT_CLOSE_FINISH); });
  lost.WaitUntilClosing();
  closing.set_value();
  thread.join();
  EXPECT_EQ(dropped, 1);
}

// Without a limit V8 ends the process at an array of 2 ** 27 elements.
TEST(Survival, OfAnArrayThatOnlyGrowsByTheDefaultLimit) {
  Runtime runtime, other;
  int kind = Result(runtime.Eval("{ let a = []; for (;;) a.push(1); }")).kind();
  EXPECT_TRUE(kind == CLEAT_ERROR_OUT_OF_MEMORY || kind == CLEAT_ERROR_HEAP_LIMIT) << kind;
  EXPECT_EQ(Result(other.Eval("6 * 7")).number(), 42);
}

TEST(Survival, OfAHundredDeathsWhileOthersWork) {
  Runtime other;
  ExpectWorks(other);
  std::atomic<int> next{0}, deaths{0};
  auto die = [&] {
    for (int i; (i = next++) < 100;) {
      CleatOptions options = Small();
      options.heap_limit = 4 * kMegabyte;
      Runtime lost(options);
      // Every other one while V8's threads compile for it.
      std::string source = std::string(i % 2 == 0 ? kHot : "") + kDeadly[i % kQuick];
      deaths += Result(lost.Eval(source.c_str())).kind() == CLEAT_ERROR_OUT_OF_MEMORY;
    }
  };
  std::thread one(die), two(die);
  for (int i = 0; i < 10; i++) ExpectWorks(other);
  one.join();
  two.join();
  EXPECT_EQ(deaths, 100);
  for (int i = 0; i < 10; i++) ExpectWorks(Runtime());
  ExpectWorks(other);
}

TEST(Survival, EndsTheSessionsOfDebuggers) {
  struct Seen {
    std::atomic<int> ended{0};
    std::atomic<int> closed{0};
  } seen;
  CleatInspector inspector = {};
  inspector.size = sizeof(inspector);
  inspector.data = &seen;
  inspector.opened = [](void* data, CleatRuntime*, const char*) { return data; };
  inspector.closed = [](void* target) { static_cast<Seen*>(target)->closed++; };
  CleatOptions options = Small();
  options.inspector = &inspector;
  Runtime runtime(options);
  CleatInspectorSession* session = cleat_inspector_connect(
      runtime, [](void*, CleatString) {}, [](void* data) { static_cast<Seen*>(data)->ended++; }, &seen);
  ASSERT_NE(session, nullptr);
  static const char kEnable[] = R"({"id":1,"method":"Debugger.enable"})";
  EXPECT_TRUE(cleat_inspector_send(session, kEnable, sizeof(kEnable) - 1));
  EXPECT_EQ(Result(runtime.Eval(kDeadly[0])).kind(), CLEAT_ERROR_OUT_OF_MEMORY);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(seen.ended, 1);
  EXPECT_EQ(seen.closed, 1);
  EXPECT_FALSE(cleat_inspector_send(session, kEnable, sizeof(kEnable) - 1));
  cleat_inspector_disconnect(session);
}

}  // namespace
