// Limits: of the heap, of external memory, of time where native functions take it, of what scripts may do; and the
// statistics that show them.

#include <atomic>
#include <cstring>
#include <string>

#include "cleat/bind.h"
#include "core_test.h"

namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

CleatOptions HeapOf(size_t bytes) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.heap_limit = bytes;
  return options;
}

CleatStatistics StatisticsOf(CleatRuntime* runtime) {
  CleatStatistics statistics = CLEAT_STATISTICS_INIT;
  EXPECT_TRUE(cleat_statistics(runtime, &statistics));
  return statistics;
}

// What the heap has, read by the runtime itself.
size_t HeapUsed(const Runtime& runtime) {
  size_t used = 0;
  runtime.OnThread([&](CleatEnv*) { used = StatisticsOf(runtime).heap_used; });
  return used;
}

const char kFillsTheHeap[] = "const kept = []; for (;;) kept.push(new Array(100).fill(1.5));";

TEST(HeapLimit, EndsTheRunAndTheRuntimeGoesOn) {
  Runtime runtime(HeapOf(16 * kMegabyte));
  size_t before = HeapUsed(runtime);
  for (int i = 0; i < 5; i++) {
    Result result(runtime.Eval(("{" + std::string(kFillsTheHeap) + "}").c_str()));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_HEAP_LIMIT) << result.text();
    EXPECT_EQ(result.message(), "the heap has reached its limit");
    EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
    EXPECT_LT(HeapUsed(runtime), before + 4 * kMegabyte);
  }
  EXPECT_EQ(Result(runtime.Eval("for (;;);", 20)).kind(), CLEAT_ERROR_TIMEOUT);
}

TEST(HeapLimit, IsRestored) {
  Runtime runtime(HeapOf(16 * kMegabyte));
  size_t limit = StatisticsOf(runtime).heap_limit;
  Result(runtime.Eval(("{" + std::string(kFillsTheHeap) + "}").c_str()));
  HeapUsed(runtime);
  EXPECT_EQ(StatisticsOf(runtime).heap_limit, limit);
}

TEST(HeapLimit, CannotBeCaughtByTheScript) {
  Runtime runtime(HeapOf(16 * kMegabyte));
  Result result(
      runtime.Eval(("for (;;) try {" + std::string(kFillsTheHeap) + "} catch {} finally { continue; }").c_str()));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_HEAP_LIMIT) << result.text();
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
}

TEST(HeapLimit, HoldsInsideOneLongFunctionOfTheEngine) {
  Runtime runtime(HeapOf(16 * kMegabyte));
  Result result(runtime.Eval("'x,'.repeat(5e5).split(',').map(x => [x, x, x, x])"));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_HEAP_LIMIT) << result.text();
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
}

TEST(HeapLimit, HoldsForWhatStaysReachable) {
  Runtime runtime(HeapOf(16 * kMegabyte));
  size_t limit = StatisticsOf(runtime).heap_limit;
  Result(runtime.Eval("var kept = []"));
  for (int i = 0; i < 3; i++) {
    Result result(runtime.Eval("for (;;) kept.push(new Array(100).fill(1.5));"));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_HEAP_LIMIT) << result.text();
  }
  EXPECT_EQ(Result(runtime.Eval("kept = null; for (let i = 0; i < 10; i++) {"
                                "  const some = []; for (let n = 0; n < 1e4; n++) some.push(new Array(100).fill(1.5));"
                                "} 42"))
                .number(),
            42);
  EXPECT_LT(HeapUsed(runtime), 16 * kMegabyte);
  EXPECT_EQ(StatisticsOf(runtime).heap_limit, limit);
}

TEST(HeapLimit, OfATaskIsReported) {
  Runtime runtime(HeapOf(16 * kMegabyte));
  runtime.OnThread([&](CleatEnv*) {
    Result result(runtime.Eval(kFillsTheHeap));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_HEAP_LIMIT);
  });
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: the heap has reached its limit"});
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
}

TEST(HeapLimit, OfOneRuntimeIsNoOthers) {
  Runtime small(HeapOf(16 * kMegabyte)), large(HeapOf(256 * kMegabyte));
  const char* source =
      "{ const kept = []; for (let i = 0; i < 6e4; i++) kept.push(new Array(100).fill(1.5)); kept.length }";
  EXPECT_EQ(Result(small.Eval(source)).kind(), CLEAT_ERROR_HEAP_LIMIT);
  EXPECT_EQ(Result(large.Eval(source)).number(), 6e4);
}

TEST(ExternalLimit, IsARangeErrorForArrayBuffers) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.external_limit = 8 * kMegabyte;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("new ArrayBuffer(4 << 20).byteLength")).number(), 4 << 20);
  EXPECT_EQ(Result(runtime.Eval("try { new ArrayBuffer(16 << 20) } catch (e) { e.name }")).string(), "RangeError");
  EXPECT_EQ(Result(runtime.Eval("try { new Float64Array(2 << 20) } catch (e) { e.name }")).string(), "RangeError");
  EXPECT_EQ(Result(runtime.Eval("try { new SharedArrayBuffer(16 << 20) } catch (e) { e.name }")).string(),
            "RangeError");
}

TEST(ExternalLimit, CountsWhatIsKeptAndNotWhatIsGarbage) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.external_limit = 8 * kMegabyte;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("for (let i = 0; i < 100; i++) new ArrayBuffer(3 << 20); 'ok'")).string(), "ok");
  EXPECT_EQ(Result(runtime.Eval("const kept = []; try { for (;;) kept.push(new ArrayBuffer(1 << 20)); }"
                                "catch (e) { e.name + kept.length }"))
                .string(),
            "RangeError8");
  EXPECT_EQ(StatisticsOf(runtime).external, 8 * kMegabyte);
}

TEST(ExternalLimit, HoldsForWhatNativeObjectsDeclare) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.external_limit = 8 * kMegabyte;
  Runtime runtime(options);
  runtime.OnThread([&](CleatEnv* env) {
    EXPECT_TRUE(cleat_adjust_memory(env, 6 << 20));
    EXPECT_EQ(StatisticsOf(runtime).external, 6 * kMegabyte);
    EXPECT_FALSE(cleat_adjust_memory(env, 6 << 20));
    EXPECT_TRUE(cleat_failed(env));
    EXPECT_TRUE(cleat_adjust_memory(env, -(6 << 20)));
    EXPECT_EQ(StatisticsOf(runtime).external, 0u);
  });
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"RangeError: The limit of external memory is reached"});
}

// What host objects keep in C for scripts, and what no object of JavaScript's is as large as.
TEST(ExternalLimit, HoldsForTimersListenersLabelsEventsAndExceptions) {
  static const CleatBindings* const bindings[] = {&cleat_console_bindings, &cleat_timers_bindings,
                                                  &cleat_events_bindings, &cleat_dom_exception_bindings};
  const struct {
    const char* fills;
    const char* empties;  // in a task of its own
  } cases[] = {
      {"for (;;) timers.push(setTimeout(Math.abs, 1e9))", "timers.forEach(clearTimeout)"},
      {"for (let i = 0;; i++) { const f = () => {}; listeners.push([long + i, f]); target.addEventListener(long + i, "
       "f) }",
       "for (const [type, f] of listeners) target.removeEventListener(type, f)"},
      {"for (;;) events.push(new Event(long))", nullptr},
      {"for (;;) events.push(new DOMException(long))", nullptr},
      {"for (let i = 0;; i++) { labels = i; console.time(long + i) }",
       "for (let i = 0; i < labels; i++) console.timeEnd(long + i)"},
      {"for (let i = 0;; i++) console.count(long + i)", nullptr},
  };
  for (const auto& it : cases) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 4;
    options.external_limit = 4 * kMegabyte;
    options.console = [](void*, CleatConsoleLevel, CleatString) {};
    Runtime runtime(options);
    Result(
        runtime.Eval("const long = 'l'.repeat(1 << 14), timers = [], listeners = [], events = [];"
                     "const target = new EventTarget(); let labels"));
    Result full(runtime.Eval(it.fills, 20000));
    EXPECT_EQ(full.message(), "The limit of external memory is reached") << it.fills << full.text();
    EXPECT_GT(StatisticsOf(runtime).external, 3 * kMegabyte) << it.fills;
    if (it.empties == nullptr) continue;
    EXPECT_EQ(Result(runtime.Eval(it.empties, 20000)).text(), "");
    EXPECT_LT(StatisticsOf(runtime).external, kMegabyte) << it.empties;
  }
}

TEST(ExternalLimit, HoldsForBytesThatCMakes) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.external_limit = 4 * kMegabyte;
  Runtime runtime(options);
  std::string bytes(3 << 20, 'x');
  runtime.OnThread([&](CleatEnv* env) {
    for (int i = 0; i < 10; i++) {
      CleatScope scope;
      cleat_scope_open(env, &scope);
      EXPECT_NE(cleat_array_buffer(env, bytes.data(), bytes.size()), nullptr);
      cleat_scope_close(env, &scope);
    }
    EXPECT_NE(cleat_array_buffer(env, bytes.data(), bytes.size()), nullptr);
    EXPECT_EQ(cleat_array_buffer(env, bytes.data(), bytes.size()), nullptr);
  });
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"RangeError: Array buffer allocation failed"});
}

TEST(Options, CodeFromStringsCanBeTurnedOff) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.no_code_from_strings = true;
  Runtime runtime(options);
  const char* sources[] = {"eval('1')",
                           "Function('1')",
                           "new Function('1')",
                           "(0, eval)('1')",
                           "(function*() {}).constructor('1')",
                           "(async () => {}).constructor('1')"};
  for (const char* source : sources) {
    Result result(runtime.Eval(source));
    EXPECT_EQ(result.message(), "Code generation from strings is turned off in this runtime") << source;
    EXPECT_EQ(Text(cleat_error_name(result.error())), "EvalError") << source;
  }
  EXPECT_EQ(Result(runtime.Eval("eval(42)")).number(), 42);
}

TEST(Options, WebAssemblyCanBeTurnedOff) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.no_webassembly = true;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("typeof WebAssembly")).string(), "undefined");
}

TEST(Options, HeapInitialAndLimitAreChecked) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.heap_initial = 32 * kMegabyte;
  options.heap_limit = 16 * kMegabyte;
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  EXPECT_EQ(Text(cleat_error_message(error)), "option heap_initial: more than heap_limit");
  cleat_error_free(error);
  options.heap_limit = SIZE_MAX;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  EXPECT_EQ(Text(cleat_error_message(error)), "option heap_limit: more than there can be");
  cleat_error_free(error);
  options.heap_limit = 64 * kMegabyte;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
}

TEST(Statistics, CountWhatIsDone) {
  Runtime runtime;
  CleatStatistics before = StatisticsOf(runtime);
  EXPECT_GT(before.heap_limit, before.heap_total);
  EXPECT_GT(before.heap_used, 0u);
  CleatRef* ref = nullptr;
  runtime.OnThread([&](CleatEnv* env) {
    ref = cleat_hold(env, cleat_global(env));
    Result(runtime.Eval("1"));
  });
  // Some work, whatever the time it takes.
  Result(runtime.Eval("(() => { let sum = 0; for (let i = 0; i < 5e7; i++) sum += i; return sum; })()"));
  CleatStatistics after = StatisticsOf(runtime);
  EXPECT_GE(after.tasks - before.tasks, 3u);
  EXPECT_EQ(after.evals - before.evals, 2u);
  EXPECT_EQ(after.handles - before.handles, 1u);
  EXPECT_GT(after.run_ms - before.run_ms, 1);
  cleat_ref_free(ref);
  cleat_wait(runtime, 0);
  EXPECT_EQ(StatisticsOf(runtime).handles, before.handles);
}

TEST(Handles, ThatAreHeldAtTheEndAreListedWithTheirPlaces) {
  CleatRef* kept = nullptr;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.name = "host";
  testing::internal::CaptureStderr();
  {
    Runtime runtime(options);
    runtime.OnThread([&](CleatEnv* env) {
      kept = cleat_ref_place(cleat_hold(env, cleat_global(env)), "app.c", 12);
      cleat_ref_free(cleat_ref_place(cleat_hold(env, cleat_global(env)), "app.c", 13));
    });
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "cleat: host: 1 value was not released before the runtime closed: the CleatRef made at app.c:12\n");
  cleat_ref_free(kept);
}

TEST(Statistics, DoNotWaitForJavaScript) {
  Runtime runtime;
  StatisticsOf(runtime);
  ASSERT_TRUE(runtime.Dispatch([&](CleatEnv*) { Result(runtime.Eval("for (;;) new Array(1000)")); }));
  Sleep(50);
  EXPECT_GT(StatisticsOf(runtime).run_ms, 1);
  cleat_terminate(runtime, nullptr);
}

TEST(Statistics, AreThereAfterClosing) {
  Runtime runtime;
  Result(runtime.Eval("var kept = new Array(1e5).fill(1.5)"));
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  CleatStatistics statistics = StatisticsOf(runtime);
  EXPECT_GT(statistics.heap_total, 0u);
  EXPECT_GT(statistics.run_ms, 0);
  EXPECT_GE(statistics.evals, 1u);
}

TEST(Statistics, OfAnOlderAndANewerVersion) {
  Runtime runtime;
  struct {
    CleatStatistics known;
    size_t unknown;
  } newer;
  memset(&newer, 0xff, sizeof(newer));
  newer.known.size = sizeof(newer);
  EXPECT_TRUE(cleat_statistics(runtime, &newer.known));
  EXPECT_EQ(newer.unknown, 0u);
  CleatStatistics older;
  memset(&older, 0xff, sizeof(older));
  older.size = offsetof(CleatStatistics, heap_total);
  EXPECT_TRUE(cleat_statistics(runtime, &older));
  EXPECT_EQ(older.heap_total, SIZE_MAX);
  older.size = 0;
  EXPECT_FALSE(cleat_statistics(runtime, &older));
}

// What a script has once it can have a native function copy many times: the copies are memory, too.
TEST(ExternalLimit, HoldsForCopiesOfArguments) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.external_limit = 8 * kMegabyte;
  options.timeout_ms = 5000;
  Runtime runtime(options);
  runtime.OnThread([](CleatEnv* env) {
    auto copies = [](CleatCall* call) {
      CLEAT_FRAME(frame);
      CleatString text;
      for (int i = 0; i < 1000; i++) {
        if (!cleat_arg_dom_string(call, 0, &frame, &text)) return;
      }
    };
    auto total = [](CleatCall* call) {
      CLEAT_FRAME(frame);
      CleatInput input = cleat_arg(call, 0, &frame);
      CleatDoubleSequence numbers;
      if (!cleat_input_double_sequence(&input, &numbers)) return;
      cleat_return_double(call, static_cast<double>(numbers.length));
    };
    cleat_set(env, cleat_global(env), "copies", cleat_function(env, "copies", 1, copies, nullptr));
    cleat_set(env, cleat_global(env), "total", cleat_function(env, "total", 1, total, nullptr));
  });
  for (const char* source : {
           "copies('x'.repeat(2 ** 20))",
           "copies('\u20ac'.repeat(2 ** 20))",
           "total({ [Symbol.iterator]() { const one = { value: 1, done: false }; return { next: () => one } } })",
           "total({ *[Symbol.iterator]() { for (;;) yield 1 } })",
       }) {
    Result result(runtime.Eval(source));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_EXCEPTION) << source << ": " << result.text();
    EXPECT_NE(result.text().find("memory ran out"), std::string::npos) << source << ": " << result.text();
    // It is given back at the end of the call.
    EXPECT_EQ(Result(runtime.Eval("new ArrayBuffer(7 * 2 ** 20).byteLength")).number(), 7 * kMegabyte) << source;
  }
  EXPECT_EQ(Result(runtime.Eval("total(Array(1e5).fill(1))")).number(), 1e5);
}

// V8's interpreter looks for a termination once in thousands of rounds of a loop that calls nothing but native
// functions, and its builtins that call functions do not look at all.
TEST(TimeLimit, HoldsWhereEachNativeCallTakesItsTime) {
  Runtime runtime;
  static std::atomic<int> calls;
  runtime.OnThread([](CleatEnv* env) {
    auto slowly = [](CleatCall* call) {
      if (!cleat_require_args(call, 0)) return;
      calls++;
      Sleep(2);
    };
    cleat_set(env, cleat_global(env), "slowly", cleat_function(env, "slowly", 0, slowly, nullptr));
  });
  for (const char* source : {
           "for (let i = 0; i < 3000; i++) slowly()",
           "Array(3000).fill(1).forEach(slowly)",
           "Array(3000).fill(1).sort(slowly)",
           "try { for (let i = 0; i < 3000; i++) slowly() } catch { for (;;); } finally { for (;;); }",
           "Promise.resolve().then(() => { for (let i = 0; i < 3000; i++) slowly() }).then(() => 1)",
       }) {
    calls = 0;
    Result result(runtime.Eval(source, 50));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT) << source;
    EXPECT_LT(calls, 1000) << source;
    EXPECT_EQ(Result(runtime.Eval("slowly(); 6 * 7")).number(), 42) << source;
  }
}

TEST(TimeLimit, HoldsInNativeFunctionsThatCallBack) {
  Runtime runtime;
  static std::atomic<int> calls;
  runtime.OnThread([](CleatEnv* env) {
    auto each = [](CleatCall* call) {
      CleatEnv* env = cleat_env(call);
      for (int i = 0; i < 3000 && !cleat_failed(env); i++) {
        calls++;
        Sleep(2);
        cleat_call(env, cleat_arg_any(call, 0), nullptr, 0, nullptr);
      }
    };
    cleat_set(env, cleat_global(env), "each", cleat_function(env, "each", 0, each, nullptr));
  });
  for (const char* callback : {"() => {}", "Math.random", "(() => {}).bind(0)", "new Proxy(() => {}, {})"}) {
    calls = 0;
    Result result(runtime.Eval(("each(" + std::string(callback) + ")").c_str(), 50));
    EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT) << callback;
    EXPECT_LT(calls, 1000) << callback;
    EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42) << callback;
  }
}

}  // namespace
