// Engines: opening, entering, limits, terminating, microtasks.

#include <atomic>
#include <chrono>
#include <thread>

#include "fixture.h"

namespace {

using EngineTest = ShimTest;

TEST_F(EngineTest, VersionIsThatOfV8) {
  std::string version = cleat__engine_version();
  EXPECT_NE(version.find('.'), std::string::npos);
}

TEST_F(EngineTest, StartsOnceFromManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back(cleat__engine_start);
  for (std::thread& thread : threads) thread.join();
}

TEST_F(EngineTest, GlobalsAreThoseOfEcmaScriptOnly) {
  EXPECT_EQ(Text("typeof console"), "undefined");
  EXPECT_EQ(
      Text("['setTimeout', 'process', 'require', 'global', 'gc', 'print', 'load', 'queueMicrotask', 'structuredClone']"
           ".filter(name => name in globalThis).join()"),
      "");
  EXPECT_EQ(Text("Object.keys(globalThis).join()"), "");
}

TEST_F(EngineTest, ManyOpenOnManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([] {
      for (int n = 0; n < 5; n++) {
        Host host;
        CleatEngineHost c = host.AsC();
        CleatEngineOptions options = {};
        CleatEngine* engine = cleat__engine_open(&options, &c);
        CleatEngineEntry entry;
        cleat__engine_enter(engine, &entry);
        const char source[] = "let a = []; for (let i = 0; i < 1e4; i++) a.push({i}); a.length";
        CleatValue* value = cleat__run_script(engine, source, sizeof(source) - 1, "x", 1, nullptr);
        EXPECT_EQ(cleat__number_value(value), 1e4);
        cleat__engine_leave(engine, &entry);
        cleat__engine_close(engine);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(EngineTest, EnteringNests) {
  CleatEngineEntry inner;
  cleat__engine_enter(engine, &inner);
  EXPECT_EQ(Number("6 * 7"), 42);
  cleat__engine_leave(engine, &inner);
  EXPECT_EQ(Number("6 * 7"), 42);
}

TEST_F(EngineTest, ScopesGiveHandlesUp) {
  CleatScope scope;
  for (int i = 0; i < 100000; i++) {
    cleat__scope_open(engine, &scope);
    for (int n = 0; n < 10; n++) cleat__object(engine);
    cleat__scope_close(engine, &scope);
  }
  cleat__collect_garbage(engine);
  CleatEngineStatistics statistics;
  cleat__statistics(engine, &statistics);
  EXPECT_LT(statistics.heap_used, size_t{20} << 20);
}

TEST_F(EngineTest, HeapLimitIsAsAsked) {
  Close();
  CleatEngineOptions options = {};
  options.heap_limit = size_t{64} << 20;
  Open(options);
  CleatEngineStatistics statistics;
  cleat__statistics(engine, &statistics);
  EXPECT_GE(statistics.heap_limit, size_t{60} << 20);
  EXPECT_LE(statistics.heap_limit, size_t{128} << 20);
  EXPECT_GT(statistics.heap_total, 0u);
}

TEST_F(EngineTest, ExternalMemoryIsCounted) {
  CleatEngineStatistics before, after;
  cleat__statistics(engine, &before);
  cleat__adjust_external_memory(engine, 1 << 20);
  cleat__statistics(engine, &after);
  EXPECT_EQ(after.external - before.external, size_t{1} << 20);
  cleat__adjust_external_memory(engine, -(1 << 20));
}

TEST_F(EngineTest, StackLimitHolds) {
  auto depth = [this] {
    return Number(
        "let d = 0; (function f() { d++; f(); }).call.call(() => { try { (function f() { d++; f(); })(); } catch (e) "
        "{} }); d");
  };
  double usual = depth();
  Close();
  CleatEngineOptions options = {};
  // Not the address of a local: AddressSanitizer may keep those elsewhere than on the stack.
  options.stack_end = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - (128 << 10);
  Open(options);
  double small = depth();
  EXPECT_GT(small, 100);
  EXPECT_LT(small, usual / 2);
}

TEST_F(EngineTest, DeepRecursionIsARangeError) {
  EXPECT_EQ(TryRun("(function f() { f(); })()").value.substr(0, 10), "RangeError");
  EXPECT_EQ(Number("1"), 1);
}

TEST_F(EngineTest, CallHostIsTheHost) {
  static void* seen;
  Define("f", [](CleatCall* call) { seen = cleat__call_host(call); });
  Run("f()");
  EXPECT_EQ(seen, &host);
}

TEST_F(EngineTest, MicrotasksRunOnlyWhenAsked) {
  Run("log = []; Promise.resolve().then(() => { log.push(1); Promise.resolve().then(() => log.push(2)); })");
  EXPECT_EQ(Text("log.join()"), "");
  cleat__run_microtasks(engine);
  EXPECT_EQ(Text("log.join()"), "1,2");
}

TEST_F(EngineTest, EnqueuedMicrotasksRunInOrder) {
  Run("log = []");
  cleat__enqueue_microtask(engine, Run("() => log.push('a')"));
  cleat__enqueue_microtask(engine, Run("() => log.push('b')"));
  cleat__run_microtasks(engine);
  EXPECT_EQ(Text("log.join()"), "a,b");
}

TEST_F(EngineTest, WhatFollowsAPromiseHasTheContinuationItWasMadeWith) {
  static std::vector<std::string>* seen;
  std::vector<std::string> log;
  seen = &log;
  Define("note", [](CleatCall* call) {
    CleatEngine* engine = static_cast<Host*>(cleat__call_host(call))->engine;
    CleatValue* continuation = cleat__continuation(engine);
    seen->push_back(continuation == nullptr ? "none" : TextOf(engine, continuation));
  });
  EXPECT_EQ(cleat__continuation(engine), nullptr);
  Run("var resolve; wake = new Promise(r => resolve = r)");
  Run("wake.then(note)");
  for (const char* name : {"a", "b"}) {
    cleat__set_continuation(engine, String(name));
    Run("(async () => { await wake; note(); await null; note() })(); wake.then(note)");
    cleat__enqueue_microtask(engine, Run("note"));
    cleat__set_continuation(engine, nullptr);
  }
  Run("resolve(); note()");
  cleat__run_microtasks(engine);
  EXPECT_EQ(log, (std::vector<std::string>{"none", "a", "b", "none", "a", "a", "b", "b", "a", "b"}));
  EXPECT_EQ(cleat__continuation(engine), nullptr);
}

TEST_F(EngineTest, AnInterruptionComesInTheMiddleOfJavaScript) {
  static std::atomic<int>* count;
  std::atomic<int> interrupted{0};
  count = &interrupted;
  host.interrupted = [&] { interrupted++; };
  Define("interrupted", [](CleatCall* call) {
    CleatEngine* engine = static_cast<Host*>(cleat__call_host(call))->engine;
    cleat__return(call, cleat__number(engine, *count));
  });
  std::thread thread([&] { cleat__interrupt(engine); });
  Run("while (interrupted() === 0);");
  thread.join();
  EXPECT_EQ(interrupted, 1);
  cleat__interrupt(engine);  // with none under way, and never to be called
}

struct Uncaught {
  CleatEngine* engine;
  std::vector<std::string> reports;
};

void NoteUncaught(void* data, const CleatException* exception) {
  Uncaught* uncaught = static_cast<Uncaught*>(data);
  CleatValue* text = cleat__to_string(uncaught->engine, exception->value);
  std::string out(cleat__string_wtf8_length(uncaught->engine, text), '\0');
  cleat__string_write_wtf8(uncaught->engine, text, &out[0], false);
  uncaught->reports.push_back(out + " at " + std::to_string(exception->line) + ":" + std::to_string(exception->column));
}

TEST_F(EngineTest, ExceptionOfAMicrotaskIsReportedAndTheNextOneRuns) {
  Uncaught uncaught = {engine, {}};
  cleat__on_uncaught(engine, NoteUncaught, &uncaught);
  Run("log = []");
  cleat__enqueue_microtask(engine, Run("\n  () => { throw new TypeError('lost') }"));
  cleat__enqueue_microtask(engine, Run("() => log.push('next')"));
  Caught caught = Try([&] { cleat__run_microtasks(engine); });
  EXPECT_FALSE(caught.happened);
  ASSERT_EQ(uncaught.reports.size(), 1u);
  EXPECT_EQ(uncaught.reports[0], "TypeError: lost at 2:17");
  EXPECT_EQ(Text("log.join()"), "next");
}

TEST_F(EngineTest, WhatTryCatchesIsNotReportedAsUncaught) {
  Uncaught uncaught = {engine, {}};
  cleat__on_uncaught(engine, NoteUncaught, &uncaught);
  EXPECT_TRUE(TryRun("throw 1").happened);
  EXPECT_TRUE(TryRun("syntax error").happened);
  TryRun("try { throw 1 } catch {}");
  EXPECT_EQ(uncaught.reports.size(), 0u);
}

TEST_F(EngineTest, WhatNobodyCatchesIsReportedOnce) {
  Uncaught first = {engine, {}}, second = {engine, {}};
  cleat__on_uncaught(engine, NoteUncaught, &first);
  cleat__on_uncaught(engine, NoteUncaught, &second);
  const std::string source = "throw 'out'";
  EXPECT_EQ(cleat__run_script(engine, source.data(), source.size(), "test.js", 1, nullptr), nullptr);
  EXPECT_EQ(first.reports.size(), 0u);
  ASSERT_EQ(second.reports.size(), 1u);
  EXPECT_EQ(second.reports[0], "out at 1:1");
}

TEST_F(EngineTest, RejectionsAreToldAndTakenBack) {
  Run("p = Promise.reject('why')");
  Run("p.catch(() => {})");
  Run("new Promise((resolve, reject) => { resolve(1); reject(2); resolve(3); })");
  ASSERT_EQ(host.rejections.size(), 2u);
  EXPECT_EQ(host.rejections[0], "rejected why");
  EXPECT_EQ(host.rejections[1], "handled why");
}

// TERMINATION

class TerminationTest : public ShimTest {
 protected:
  // Terminates from another thread, a little later.
  std::thread TerminateSoon() {
    return std::thread([this] {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      cleat__terminate(engine);
    });
  }
};

TEST_F(TerminationTest, EndsALoopAndTheEngineGoesOn) {
  for (int i = 0; i < 3; i++) {
    std::thread thread = TerminateSoon();
    Caught caught = TryRun("for (;;) {}");
    thread.join();
    EXPECT_TRUE(caught.terminated);
    EXPECT_TRUE(cleat__is_terminating(engine));
    cleat__cancel_termination(engine);
    EXPECT_FALSE(cleat__is_terminating(engine));
    EXPECT_EQ(Number("6 * 7"), 42);
  }
}

TEST_F(TerminationTest, CannotBeCaughtByJavaScript) {
  std::thread thread = TerminateSoon();
  Caught caught = TryRun("for (;;) { try { for (;;) {} } catch { seen = 1 } finally { seen = 2 } }");
  thread.join();
  EXPECT_TRUE(caught.terminated);
  cleat__cancel_termination(engine);
  EXPECT_EQ(Text("typeof seen"), "undefined");
}

TEST_F(TerminationTest, StaysUntilItIsCancelled) {
  std::thread thread = TerminateSoon();
  TryRun("for (;;) {}");
  thread.join();
  EXPECT_TRUE(TryRun("for (let i = 0; i < 1e6; i++) {}; 1").terminated);
  EXPECT_TRUE(TryRun("for (let i = 0; i < 1e6; i++) {}; 1").terminated);
  cleat__cancel_termination(engine);
  EXPECT_FALSE(TryRun("for (let i = 0; i < 1e6; i++) {}; 1").happened);
}

TEST_F(TerminationTest, AskedForBeforehandStrikesAtOnce) {
  EXPECT_FALSE(cleat__is_terminating(engine));
  cleat__terminate(engine);
  EXPECT_TRUE(cleat__is_terminating(engine));
  EXPECT_TRUE(TryRun("for (;;) {}").terminated);
  cleat__cancel_termination(engine);
}

TEST_F(TerminationTest, PassesThroughANestedTry) {
  static TerminationTest* test;
  static bool inner;
  test = this;
  Define("nested", [](CleatCall*) {
    inner = test->TryRun("for (;;) {}").terminated;
    EXPECT_TRUE(cleat__is_terminating(test->engine));
  });
  std::thread thread = TerminateSoon();
  Caught caught = TryRun("try { nested() } catch {} after = 1");
  thread.join();
  EXPECT_TRUE(inner);
  EXPECT_TRUE(caught.terminated);
  cleat__cancel_termination(engine);
  EXPECT_EQ(Text("typeof after"), "undefined");
}

TEST_F(TerminationTest, CancelledInANestedTryLetsTheOuterGoOn) {
  static TerminationTest* test;
  test = this;
  Define("nested", [](CleatCall*) {
    EXPECT_TRUE(test->TryRun("for (;;) {}").terminated);
    cleat__cancel_termination(test->engine);
  });
  std::thread thread = TerminateSoon();
  Caught caught = TryRun("nested(); after = 1");
  thread.join();
  EXPECT_FALSE(caught.happened);
  EXPECT_EQ(Number("after"), 1);
}

TEST_F(TerminationTest, IsNotReplacedByAThrow) {
  Define("nested", [](CleatCall* call) {
    CleatEngine* engine = cleat__call_engine(call);
    const char source[] = "for (;;) {}";
    EXPECT_EQ(cleat__run_script(engine, source, sizeof(source) - 1, "x", 1, nullptr), nullptr);
    cleat__throw(engine, cleat__new_error(engine, CLEAT_THROW_ERROR, CLEAT_STRING("mine")));
  });
  std::thread thread = TerminateSoon();
  Caught caught = TryRun("try { nested() } catch {} after = 1");
  thread.join();
  EXPECT_TRUE(caught.terminated);
  cleat__cancel_termination(engine);
  EXPECT_EQ(Text("typeof after"), "undefined");
}

TEST_F(TerminationTest, EndsAMicrotaskStorm) {
  Run("(function again() { Promise.resolve().then(again); })()");
  std::thread thread = TerminateSoon();
  cleat__run_microtasks(engine);
  thread.join();
  EXPECT_TRUE(cleat__is_terminating(engine));
  cleat__cancel_termination(engine);
  Run("ran = 0; Promise.resolve().then(() => { ran = 1; })");
  cleat__run_microtasks(engine);
  EXPECT_EQ(Number("ran"), 1);
}

TEST_F(TerminationTest, EndsARegularExpression) {
  std::thread thread = TerminateSoon();
  Caught caught = TryRun("/(a+)+$/.test('a'.repeat(40) + 'b')");
  thread.join();
  EXPECT_TRUE(caught.terminated);
  cleat__cancel_termination(engine);
}

TEST_F(TerminationTest, RacesWithCancelling) {
  std::atomic<bool> stop{false};
  std::thread thread([&] {
    while (!stop) cleat__terminate(engine);
  });
  for (int i = 0; i < 200; i++) {
    TryRun("for (let i = 0; i < 1e4; i++) {}");
    cleat__cancel_termination(engine);
  }
  stop = true;
  thread.join();
  cleat__cancel_termination(engine);
  EXPECT_EQ(Number("1"), 1);
}

}  // namespace
