// The host objects as a host sees them: where the console's messages go, and what closing does to timers.

#include "cleat/bind.h"
#include "tests/core/core_test.h"

namespace {

const CleatBindings* const kBindings[] = {&cleat_console_bindings, &cleat_timers_bindings, &cleat_performance_bindings};

CleatOptions Options(void (*console)(void*, CleatConsoleLevel, CleatString)) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = kBindings;
  options.binding_count = 3;
  options.console = console;
  return options;
}

// A runtime with all host objects; keeps the messages of its console.
class Host : public Runtime {
 public:
  Host() : Runtime(Options(OnConsole)) {}
  ~Host() { Release(); }

  // Evaluates `source`; "" or what it threw.
  std::string Do(const char* source) const { return Result(Eval(source)).message(); }

  std::vector<std::string> Take() {
    std::lock_guard<std::mutex> lock(lines_mutex_);
    return std::move(lines_);
  }

 private:
  static void OnConsole(void* data, CleatConsoleLevel level, CleatString text) {
    static const char* const kLevels[] = {"debug", "log", "info", "warn", "error"};
    auto* self = static_cast<Host*>(static_cast<Runtime*>(data));
    EXPECT_EQ(text.data[text.length], '\0');
    std::lock_guard<std::mutex> lock(self->lines_mutex_);
    self->lines_.push_back(std::string(kLevels[level]) + ": " + Text(text));
  }

  std::mutex lines_mutex_;
  std::vector<std::string> lines_;
};

using Lines = std::vector<std::string>;

TEST(ConsoleTest, EachMessageIsOneCallWithItsLevel) {
  Host host;
  host.Do("console.log('two\\nlines'); console.info(1); console.debug({}); console.warn('w'); console.error('e')");
  EXPECT_EQ(host.Take(), (Lines{"log: two\nlines", "info: 1", "debug: {}", "warn: w", "error: e"}));
  host.Do("console.assert(); console.count(); console.countReset('x'); console.trace(); console.group('g')");
  EXPECT_EQ(host.Take(), (Lines{"error: Assertion failed", "info: default: 1", "warn: Count for 'x' does not exist",
                                "log: Trace\n    at test.js:1:69", "log: g"}));
}

TEST(ConsoleTest, EmptyMessagesAreMessagesToo) {
  Host host;
  host.Do("console.log(''); console.log(); console.log('\\0a')");
  EXPECT_EQ(host.Take(), (Lines{"log: ", std::string("log: \0a", 7)}));
}

TEST(ConsoleTest, EachRuntimeCountsAndGroupsForItself) {
  Host one, other;
  one.Do("console.group(); console.count(); console.count(); console.time('t')");
  other.Do("console.count(); console.timeEnd('t')");
  EXPECT_EQ(one.Take(), (Lines{"info:   default: 1", "info:   default: 2"}));
  EXPECT_EQ(other.Take(), (Lines{"info: default: 1", "warn: Timer 't' does not exist"}));
}

TEST(ConsoleTest, WithoutACallbackMessagesGoToStandardError) {
  testing::internal::CaptureStderr();
  {
    Runtime runtime(Options(nullptr));
    Result(runtime.Eval("console.log('a', {}); console.warn('b')"));
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "a {}\nb\n");
}

TEST(ConsoleTest, PrintingLeavesNoExceptionAndNoTrace) {
  Host host;
  EXPECT_EQ(host.Do("console.log({ get a() { throw 1 } }, new Proxy({}, { get() { throw 2 } })); 'fine'"), "");
  EXPECT_EQ(host.Do("function f() { try { f() } catch (e) { console.log(e) } } f()"), "");
  EXPECT_EQ(host.Uncaught(), Lines{});
}

TEST(ConsoleTest, LongTablesAreCut) {
  Host host;
  host.Do("console.table(Array.from({ length: 1002 }, (_, i) => i))");
  Lines lines = host.Take();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("│ 999     │ 999    │\n"), std::string::npos);
  EXPECT_EQ(lines[0].substr(lines[0].rfind('\n')), "\n... 2 more rows");
}

TEST(ConsoleTest, ATimeLimitHoldsWhileScriptsPrint) {
  Host host;
  Result result(host.Eval("for (;;) console.log([{ a: [1, 2, 3] }])", 50));
  EXPECT_EQ(result.kind(), CLEAT_ERROR_TIMEOUT);
  host.Take();
  EXPECT_EQ(host.Do("console.log('goes on')"), "");
  EXPECT_EQ(host.Take(), (Lines{"log: goes on"}));
}

TEST(TimersTest, WaitingIsForTimersToo) {
  Host host;
  host.Do("setTimeout(() => setTimeout(() => console.log('inner'), 10), 10)");
  EXPECT_TRUE(cleat_wait(host, 5000));
  EXPECT_EQ(host.Take(), (Lines{"log: inner"}));
  host.Do("globalThis.id = setInterval(() => {}, 1)");
  EXPECT_FALSE(cleat_wait(host, 30));
  host.Do("clearInterval(id)");
  EXPECT_TRUE(cleat_wait(host, 5000));
}

TEST(TimersTest, WhatAHandlerThrowsIsReportedAndAnIntervalGoesOn) {
  Host host;
  host.Do(
      "let turns = 0; const id = setInterval(() => {"
      "  if (++turns === 3) clearInterval(id); throw new TypeError('turn ' + turns) }, 1);"
      "queueMicrotask(() => { throw new RangeError('micro') })");
  EXPECT_TRUE(cleat_wait(host, 5000));
  EXPECT_EQ(host.Uncaught(),
            (Lines{"RangeError: micro", "TypeError: turn 1", "TypeError: turn 2", "TypeError: turn 3"}));
}

TEST(TimersTest, ClosingCancelsThem) {
  Host host;
  host.Do("for (let i = 0; i < 100; i++) { setTimeout(() => console.log('late'), 50); setInterval(() => {}, 50) }");
  cleat_close(host, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(host.Take(), Lines{});
}

TEST(TimersTest, ARuntimeThatIsDroppedWithTimersFreesThem) {
  for (int i = 0; i < 20; i++) {
    Host host;
    host.Do("for (let i = 0; i < 50; i++) setInterval((a) => a, i % 3, {}); performance.now()");
  }
}

TEST(TimersTest, AHandlerMayCloseItsRuntime) {
  Host host;
  host.OnThread([](CleatEnv* env) {
    CleatValue* close = cleat_function(
        env, "close", 0, [](CleatCall* call) { cleat_close(cleat_runtime(cleat_env(call)), CLEAT_CLOSE_DROP); },
        nullptr);
    cleat_set(env, cleat_global(env), "close", close);
  });
  host.Do("setInterval(() => { close(); setTimeout(() => console.log('late'), 0); setInterval(() => {}, 1) }, 1)");
  EXPECT_FALSE(cleat_wait(host, 0));
  cleat_close(host, CLEAT_CLOSE_DROP);
  EXPECT_EQ(host.Take(), Lines{});
}

TEST(TimersTest, TasksHaveTheirTurnBetweenTimersThatAreAlwaysDue) {
  Host host;
  host.Do(
      "const spin = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };"
      "for (let i = 0; i < 3; i++) setInterval(() => spin(5), 1);"
      "const again = () => { spin(2); setTimeout(again, 0) }; again()");
  for (int i = 0; i < 5; i++) EXPECT_EQ(Result(host.Eval("6 * 7")).number(), 42);
}

TEST(TimersTest, TerminatingAHandlerLeavesTheInterval) {
  CleatOptions options = Options(nullptr);
  options.timeout_ms = 20;
  Runtime runtime(options);
  Result(
      runtime.Eval("let turns = 0; const id = setInterval(() => {"
                   "  if (++turns === 1) for (;;); if (turns === 3) clearInterval(id) }, 1)"));
  EXPECT_TRUE(cleat_wait(runtime, 5000));
  EXPECT_EQ(Result(runtime.Eval("turns")).number(), 3);
  EXPECT_EQ(runtime.Uncaught().size(), 1u);
}

TEST(PerformanceTest, EachRuntimeHasItsOwnOrigin) {
  Host first;
  Sleep(20);
  Host second;
  double one = Result(first.Eval("performance.timeOrigin")).number();
  double two = Result(second.Eval("performance.timeOrigin")).number();
  EXPECT_GE(two - one, 15);
  EXPECT_GT(Result(first.Eval("performance.now()")).number(), Result(second.Eval("performance.now()")).number());
}

// "owner.name kind: count" of what was called.
std::string CallCounts(CleatRuntime* runtime) {
  std::vector<CleatCallCount> counts(cleat_call_counts(runtime, nullptr, 0));
  EXPECT_EQ(cleat_call_counts(runtime, counts.data(), counts.size()), counts.size());
  std::string text;
  for (const CleatCallCount& it : counts) {
    static const char* const kinds[] = {"", " get", " set", " new"};
    if (it.count == 0) continue;
    text += it.owner == nullptr ? "" : std::string(it.owner) + ".";
    text += it.name + std::string(kinds[it.kind]) + " " + std::to_string(it.count) + "; ";
  }
  return text;
}

TEST(CallCountsTest, TellHowOftenEachMemberWasCalled) {
  const CleatBindings* bindings[] = {&cleat_console_bindings, &cleat_timers_bindings, &cleat_dom_exception_bindings,
                                     &cleat_performance_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 4;
  options.console = [](void*, CleatConsoleLevel, CleatString) {};
  options.count_calls = true;
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  EXPECT_GT(cleat_call_counts(runtime, nullptr, 0), 30u);
  EXPECT_EQ(CallCounts(runtime), "");
  CleatResult result = cleat_eval(runtime,
                                  "console.log(1); console.log(2); for (let i = 0; i < 100000; i++) performance.now();"
                                  "performance.timeOrigin; new DOMException().name; new DOMException('m').name;"
                                  "try { DOMException() } catch {}; try { setTimeout() } catch {};"
                                  "new Promise((r) => setTimeout(r, 1))",
                                  nullptr);
  EXPECT_EQ(result.error, nullptr);
  cleat_result_free(&result);
  const char* expected =
      "console.log 2; setTimeout 2; DOMException.DOMException new 3; DOMException.name get 2; "
      "Performance.now 100000; Performance.timeOrigin get 1; performance get 100001; ";
  EXPECT_EQ(CallCounts(runtime), expected);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(CallCounts(runtime), expected) << "they are there after closing";
  CleatCallCount one = {};
  EXPECT_GT(cleat_call_counts(runtime, &one, 1), 30u) << "no more is stored than there is room for";
  EXPECT_STREQ(one.bindings, "console");
  cleat_release(runtime);
}

TEST(BindingsTest, NothingIsThereThatWasNotAskedFor) {
  Runtime bare;
  EXPECT_EQ(Result(bare.Eval("[typeof console, typeof setTimeout, typeof queueMicrotask, typeof performance].join()"))
                .string(),
            "undefined,undefined,undefined,undefined");
}

}  // namespace
