// Debuggers' sessions: inspector.h.
#include "cleat/inspector.h"

#include <condition_variable>
#include <list>

#include "core_test.h"

namespace {

// Knows the runtime that is opened with it, from the moment in which sessions may be connected.
class Inspector {
 public:
  Inspector() {
    inspector_.size = sizeof(inspector_);
    inspector_.data = this;
    inspector_.opened = [](void* data, CleatRuntime* runtime, const char* title) -> void* {
      auto* self = static_cast<Inspector*>(data);
      self->title = title;
      self->opened_.set_value(runtime);
      if (self->on_opened) self->on_opened(runtime);
      return self;
    };
    inspector_.closed = [](void* target) { static_cast<Inspector*>(target)->closed++; };
  }

  operator const CleatInspector*() const { return &inspector_; }
  CleatRuntime* WaitOpened() { return opened_.get_future().get(); }

  std::string title;
  std::atomic<int> closed{0};
  std::function<void(CleatRuntime*)> on_opened;

 private:
  CleatInspector inspector_ = {};
  std::promise<CleatRuntime*> opened_;
};

CleatOptions With(const Inspector& inspector, CleatInspectorStart start = CLEAT_INSPECTOR_RUN) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.inspector = inspector;
  options.inspector_start = start;
  return options;
}

// A debugger: sends commands and waits for what comes.
class Debugger {
 public:
  explicit Debugger(CleatRuntime* runtime) {
    session_ = cleat_inspector_connect(
        runtime, [](void* data, CleatString message) { static_cast<Debugger*>(data)->Receive(Text(message)); },
        [](void* data) { static_cast<Debugger*>(data)->End(); }, this);
    EXPECT_NE(session_, nullptr);
  }
  ~Debugger() {
    Disconnect();
    WaitEnded();
  }

  void Disconnect() {
    cleat_inspector_disconnect(session_);
    session_ = nullptr;
  }

  bool SendText(const std::string& text) { return cleat_inspector_send(session_, text.data(), text.size()); }

  int Send(const std::string& method, const std::string& parameters = "{}") {
    int id = ++last_id_;
    EXPECT_TRUE(
        SendText("{\"id\":" + std::to_string(id) + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}"));
    return id;
  }

  // Returns the first message with `part` that was not waited for yet; "" after ten seconds.
  std::string Wait(const std::string& part) {
    std::unique_lock<std::mutex> lock(mutex_);
    std::string found;
    bool came = changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      for (auto at = messages_.begin(); at != messages_.end(); ++at) {
        if (at->find(part) == std::string::npos) continue;
        found = *at;
        messages_.erase(at);
        return true;
      }
      return false;
    });
    EXPECT_TRUE(came) << "no message with " << part;
    return found;
  }

  std::string Answer(int id) { return Wait("{\"id\":" + std::to_string(id) + ","); }
  std::string Ask(const std::string& method, const std::string& parameters = "{}") {
    return Answer(Send(method, parameters));
  }

  bool WaitEnded() {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return ended_ > 0; });
  }
  int ended() {
    std::lock_guard<std::mutex> lock(mutex_);
    return ended_;
  }

  bool Has(const std::string& part) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& message : messages_) {
      if (message.find(part) != std::string::npos) return true;
    }
    return false;
  }

 private:
  void Receive(std::string message) {
    std::lock_guard<std::mutex> lock(mutex_);
    messages_.push_back(std::move(message));
    changed_.notify_all();
  }
  void End() {
    std::lock_guard<std::mutex> lock(mutex_);
    ended_++;
    changed_.notify_all();
  }

  CleatInspectorSession* session_;
  int last_id_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::string> messages_;
  int ended_ = 0;
};

// Runs a script without waiting.
class Running {
 public:
  Running(const Runtime& runtime, const char* source, uint32_t timeout_ms = 0)
      : result_(std::async(std::launch::async, [&runtime, source, timeout_ms] {
          auto result = std::make_unique<Result>(runtime.Eval(source, timeout_ms));
          return result;
        })) {}
  std::unique_ptr<Result> Wait() { return result_.get(); }
  bool Ends(int milliseconds) {
    return result_.wait_for(std::chrono::milliseconds(milliseconds)) == std::future_status::ready;
  }

 private:
  std::future<std::unique_ptr<Result>> result_;
};

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

#define EXPECT_CONTAINS(text, part) EXPECT_PRED2(Contains, text, part)

// A runtime that a debugger is connected with, which pauses it where it is asked to.
class EnabledDebugger : public testing::Test {
 protected:
  EnabledDebugger() { debugger.Ask("Debugger.enable"); }

  Inspector inspector;
  Runtime runtime{With(inspector)};
  Debugger debugger{runtime};
};

TEST(Inspector, EvaluatesForADebugger) {
  Inspector inspector;
  CleatOptions options = With(inspector);
  options.name = "named";
  Runtime runtime(options);
  EXPECT_EQ(inspector.title, "named");
  {
    Debugger debugger(runtime);
    EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", R"({"expression":"6 * 7"})"), "\"value\":42");
    EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", R"({"expression":"'\u00e4\ud83d\ude00'.length"})"), "\"value\":3");
    EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", "{\"expression\":\"'\u00e4'\"}"), "\"value\":\"\\u00e4\"");
  }
  EXPECT_EQ(inspector.closed, 0);
  runtime.Release();
  EXPECT_EQ(inspector.closed, 1);
}

TEST(Inspector, IsNotThereUnlessAskedFor) {
  Runtime runtime;
  EXPECT_EQ(cleat_inspector_connect(
                runtime, [](void*, CleatString) {}, nullptr, nullptr),
            nullptr);
}

TEST(Inspector, ExposesNothingToScripts) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Debugger debugger(runtime);
  debugger.Ask("Runtime.enable");
  Result result(
      runtime.Eval("Object.getOwnPropertyNames(globalThis).filter(n => /console|inspect|debug/i.test(n)).join()"));
  EXPECT_EQ(result.string(), "");
}

TEST_F(EnabledDebugger, PausesAndStepsAndEvaluatesInAFrame) {
  Running running(runtime, "function f(x) {\n  let y = x + 1;\n  debugger;\n  y *= 2;\n  return y;\n}\nf(20)");
  std::string paused = debugger.Wait("Debugger.paused");
  EXPECT_CONTAINS(paused, "\"functionName\":\"f\"");
  size_t at = paused.find("\"callFrameId\":\"") + 15;
  std::string frame = paused.substr(at, paused.find('"', at) - at);
  EXPECT_CONTAINS(
      debugger.Ask("Debugger.evaluateOnCallFrame", "{\"callFrameId\":\"" + frame + "\",\"expression\":\"y = y * 2\"}"),
      "\"value\":42");
  debugger.Ask("Debugger.stepOver");
  EXPECT_CONTAINS(debugger.Wait("Debugger.paused"), "\"lineNumber\":3");
  EXPECT_FALSE(running.Ends(0));
  debugger.Ask("Debugger.resume");
  EXPECT_EQ(running.Wait()->number(), 84);
}

TEST_F(EnabledDebugger, PausesAtABreakpointInAnEndlessLoop) {
  Running running(runtime, "while (!globalThis.stop) {\n}\n'stopped'");
  debugger.Wait("\"test.js\"");
  debugger.Ask("Debugger.pause");
  debugger.Wait("Debugger.paused");
  debugger.Ask("Runtime.evaluate", R"({"expression":"globalThis.stop = true"})");
  debugger.Ask("Debugger.resume");
  EXPECT_EQ(running.Wait()->string(), "stopped");
}

TEST(Inspector, InterruptsWhatRunsForAnyMessage) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Running running(runtime, "while (!globalThis.stop) {} 'stopped'");
  Debugger debugger(runtime);
  debugger.Ask("Runtime.evaluate", R"({"expression":"globalThis.stop = true"})");
  EXPECT_EQ(running.Wait()->string(), "stopped");
}

TEST_F(EnabledDebugger, PausesWithinAnEvaluationOfADebuggers) {
  int id = debugger.Send("Runtime.evaluate", R"({"expression":"while (!(globalThis.n < 0)) {}"})");
  debugger.Ask("Debugger.pause");
  debugger.Wait("Debugger.paused");
  debugger.Ask("Runtime.evaluate", R"({"expression":"globalThis.n = -10"})");
  debugger.Ask("Debugger.resume");
  EXPECT_CONTAINS(debugger.Answer(id), "\"result\"");
}

TEST_F(EnabledDebugger, PausesOnUncaughtExceptionsOnly) {
  debugger.Ask("Debugger.setPauseOnExceptions", R"({"state":"uncaught"})");
  EXPECT_EQ(Result(runtime.Eval("try { throw 1 } catch (e) { e + 1 }")).number(), 2);
  Running running(runtime, "throw new Error('nobody catches')");
  EXPECT_CONTAINS(debugger.Wait("Debugger.paused"), "\"reason\":\"exception\"");
  debugger.Ask("Debugger.resume");
  EXPECT_EQ(running.Wait()->message(), "nobody catches");
}

TEST(Inspector, TellsOfExceptionsThatNobodyCatches) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Debugger debugger(runtime);
  debugger.Ask("Runtime.enable");
  EXPECT_EQ(Result(runtime.Eval("throw new TypeError('first')")).message(), "first");
  EXPECT_CONTAINS(debugger.Wait("Runtime.exceptionThrown"), "TypeError: first");
  runtime.OnThread([](CleatEnv* env) { cleat_throw_range(env, "second"); });
  EXPECT_CONTAINS(debugger.Wait("Runtime.exceptionThrown"), "RangeError: second");
  Result(runtime.Eval("Promise.reject(new Error('third')); 1"));
  EXPECT_CONTAINS(debugger.Wait("Runtime.exceptionThrown"), "Error: third");
  EXPECT_EQ(runtime.Uncaught(), (std::vector<std::string>{"RangeError: second", "Error: third"}));
  debugger.Ask("Runtime.evaluate", R"({"expression":"1"})");
  EXPECT_FALSE(debugger.Has("exceptionThrown"));
}

TEST(Inspector, WaitsForADebuggerBeforeItRunsAnything) {
  Inspector inspector;
  static const CleatScript kScript = {"boot.js", "globalThis.mark = typeof before", 0};
  CleatOptions options = With(inspector, CLEAT_INSPECTOR_WAIT);
  options.scripts = &kScript;
  options.script_count = 1;
  options.timeout_ms = 50;  // does not count the waiting
  auto opening = std::async(std::launch::async, [&] { return cleat_open(&options, nullptr); });
  Debugger debugger(inspector.WaitOpened());
  debugger.Ask("Runtime.evaluate", R"({"expression":"var before = 1"})");
  EXPECT_EQ(opening.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  debugger.Ask("Runtime.runIfWaitingForDebugger");
  CleatRuntime* runtime = opening.get();
  ASSERT_NE(runtime, nullptr);
  EXPECT_EQ(Result(cleat_eval(runtime, "mark", nullptr)).string(), "number");
  cleat_release(runtime);
}

TEST(Inspector, PausesAtTheFirstStatement) {
  Inspector inspector;
  static const CleatScript kScript = {"boot.js", "globalThis.mark = 1;\nglobalThis.mark = 2;", 0};
  CleatOptions options = With(inspector, CLEAT_INSPECTOR_PAUSE);
  options.scripts = &kScript;
  options.script_count = 1;
  auto opening = std::async(std::launch::async, [&] { return cleat_open(&options, nullptr); });
  Debugger debugger(inspector.WaitOpened());
  debugger.Ask("Debugger.enable");
  debugger.Ask("Runtime.runIfWaitingForDebugger");
  std::string paused = debugger.Wait("Debugger.paused");
  EXPECT_CONTAINS(paused, "Break on start");
  EXPECT_CONTAINS(paused, "\"lineNumber\":0");
  EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", R"({"expression":"typeof mark"})"), "undefined");
  debugger.Ask("Debugger.resume");
  cleat_release(opening.get());
}

TEST(Inspector, WaitsNoMoreWhereTheHostSaysSo) {
  Inspector inspector;
  inspector.on_opened = [](CleatRuntime* runtime) { cleat_inspector_stop_waiting(runtime); };
  Runtime runtime(With(inspector, CLEAT_INSPECTOR_WAIT));
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST_F(EnabledDebugger, TimeLimitsStandStillInAPause) {
  {
    Running running(runtime, "debugger; 'in time'", 100);
    debugger.Wait("Debugger.paused");
    Sleep(300);
    debugger.Ask("Debugger.resume");
    EXPECT_EQ(running.Wait()->string(), "in time");
  }
  {
    Running running(runtime, "debugger; for (;;) {}", 100);
    debugger.Wait("Debugger.paused");
    Sleep(300);
    debugger.Ask("Debugger.resume");
    EXPECT_EQ(running.Wait()->kind(), CLEAT_ERROR_TIMEOUT);
  }
  // Nor do those of evaluations that wait for a promise, while something else pauses.
  Running waiting(runtime, "new Promise((resolve) => { globalThis.settle = resolve })", 200);
  while (Result(runtime.Eval("typeof settle")).string() != "function") Sleep(1);
  Running running(runtime, "debugger; settle('settled')");
  debugger.Wait("Debugger.paused");
  EXPECT_FALSE(waiting.Ends(500));
  debugger.Ask("Debugger.resume");
  EXPECT_EQ(waiting.Wait()->string(), "settled");
}

TEST_F(EnabledDebugger, WhatIsSentWaitsInAPause) {
  Running paused(runtime, "globalThis.order = []; debugger; order.push('paused')");
  debugger.Wait("Debugger.paused");
  Running waiting(runtime, "order.push('waited'); order.join()");
  EXPECT_FALSE(waiting.Ends(50));
  debugger.Ask("Debugger.resume");
  EXPECT_EQ(waiting.Wait()->string(), "paused,waited");
}

TEST_F(EnabledDebugger, TerminationEndsAPause) {
  Running running(runtime, "debugger; 'resumed'");
  debugger.Wait("Debugger.paused");
  cleat_terminate(runtime, "enough");
  auto result = running.Wait();
  EXPECT_EQ(result->kind(), CLEAT_ERROR_TERMINATED);
  EXPECT_EQ(result->message(), "enough");
  debugger.Wait("Debugger.resumed");
  EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", R"({"expression":"6 * 7"})"), "\"value\":42");
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
}

TEST_F(EnabledDebugger, ADebuggerTerminates) {
  Running running(runtime, "for (;;) {}");
  debugger.Wait("\"test.js\"");
  debugger.Send("Runtime.terminateExecution");
  auto result = running.Wait();
  EXPECT_EQ(result->kind(), CLEAT_ERROR_TERMINATED);
  EXPECT_EQ(result->message(), "terminated by a debugger");
  EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
  // The microtasks, too, where it strikes them.
  Running storm(runtime, "const again = () => Promise.resolve().then(again); again(); 1");
  Sleep(50);
  debugger.Send("Runtime.terminateExecution");
  EXPECT_EQ(storm.Wait()->message(), "terminated by a debugger");
  EXPECT_EQ(Result(runtime.Eval("try { throw null } catch (e) { String(e) }")).string(), "null");
  EXPECT_EQ(Result(runtime.Eval("throw null")).kind(), CLEAT_ERROR_EXCEPTION);
}

TEST(Inspector, ClosingEndsAPauseAndTheSessions) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Inspector inspector;
    Runtime runtime(With(inspector));
    Debugger debugger(runtime);
    debugger.Ask("Debugger.enable");
    Running running(runtime, "debugger; debugger; 'ran on'");
    debugger.Wait("Debugger.paused");
    cleat_close(runtime, mode);
    if (mode == CLEAT_CLOSE_DROP) {
      EXPECT_EQ(running.Wait()->kind(), CLEAT_ERROR_CLOSED);
    } else {
      EXPECT_EQ(running.Wait()->string(), "ran on");
    }
    EXPECT_TRUE(debugger.WaitEnded());
    EXPECT_FALSE(debugger.SendText("{}"));
    EXPECT_EQ(inspector.closed, 1);
    EXPECT_EQ(cleat_inspector_connect(
                  runtime, [](void*, CleatString) {}, nullptr, nullptr),
              nullptr);
  }
}

TEST_F(EnabledDebugger, DisconnectingEndsAPause) {
  Running running(runtime, "debugger; debugger; 'ran on'");
  debugger.Wait("Debugger.paused");
  debugger.Disconnect();
  EXPECT_EQ(running.Wait()->string(), "ran on");
  EXPECT_TRUE(debugger.WaitEnded());
  EXPECT_EQ(debugger.ended(), 1);
}

TEST(Inspector, DisconnectingEndsAPauseInADebuggersOwnEvaluation) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  {
    Debugger debugger(runtime);
    debugger.Ask("Debugger.enable");
    debugger.Send("Runtime.evaluate", R"({"expression":"debugger; globalThis.ran = true"})");
    debugger.Wait("Debugger.paused");
  }
  EXPECT_EQ(Result(runtime.Eval("String(ran)")).string(), "true");
}

TEST(Inspector, HasSeveralSessions) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Debugger first(runtime);
  auto second = std::make_unique<Debugger>(runtime);
  first.Ask("Debugger.enable");
  second->Ask("Debugger.enable");
  Running running(runtime, "debugger; 'ran on'");
  first.Wait("Debugger.paused");
  second->Wait("Debugger.paused");
  second->Ask("Runtime.runIfWaitingForDebugger");
  EXPECT_FALSE(running.Ends(50));
  second.reset();
  EXPECT_FALSE(running.Ends(50));
  first.Ask("Debugger.resume");
  EXPECT_EQ(running.Wait()->string(), "ran on");
}

TEST(Inspector, AnswersWhatIsNoMessage) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Debugger debugger(runtime);
  EXPECT_TRUE(debugger.SendText("this is not JSON"));
  EXPECT_CONTAINS(debugger.Wait("error"), "-32700");
  EXPECT_TRUE(debugger.SendText(""));
  EXPECT_CONTAINS(debugger.Wait("error"), "-32700");
  EXPECT_TRUE(debugger.SendText(std::string(100000, '[')));
  EXPECT_CONTAINS(debugger.Wait("error"), "-32700");
  EXPECT_TRUE(debugger.SendText(R"({"method":"Runtime.enable"})"));
  EXPECT_CONTAINS(debugger.Wait("error"), "'id'");
  EXPECT_TRUE(debugger.SendText(R"({"id":1e300,"method":"Runtime.enable"})"));
  EXPECT_CONTAINS(debugger.Wait("error"), "'id'");
  EXPECT_TRUE(debugger.SendText(R"({"id":7,"method":"No.such"})"));
  EXPECT_CONTAINS(debugger.Wait("\"id\":7"), "wasn't found");
  EXPECT_TRUE(
      debugger.SendText("{\"id\":8,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"'\xFF\xC0'\"}}"));
  debugger.Wait("\"id\":8");
  EXPECT_TRUE(debugger.SendText("\xD8\x5A\x00"));
  EXPECT_CONTAINS(debugger.Wait("error"), "-32700");
  EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", R"({"expression":"6 * 7"})"), "\"value\":42");
}

TEST(Inspector, RefusesMoreThanCanWait) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Debugger debugger(runtime);
  EXPECT_FALSE(debugger.SendText(std::string((64 << 20) + 1, ' ')));
  EXPECT_CONTAINS(debugger.Ask("Runtime.evaluate", R"({"expression":"6 * 7"})"), "\"value\":42");
}

TEST(Inspector, ProfilesAndTakesHeapSnapshots) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  Debugger debugger(runtime);
  debugger.Ask("Profiler.enable");
  debugger.Ask("Profiler.start");
  Result(runtime.Eval("function busy() { for (let i = 0; i < 1e7; i++) Math.sqrt(i) } busy()"));
  EXPECT_CONTAINS(debugger.Ask("Profiler.stop"), "\"functionName\":\"busy\"");
  Result(runtime.Eval("class Marked {} globalThis.marked = new Marked(); 1"));
  int id = debugger.Send("HeapProfiler.takeHeapSnapshot");
  debugger.Answer(id);
  std::string snapshot;
  while (debugger.Has("addHeapSnapshotChunk")) snapshot += debugger.Wait("addHeapSnapshotChunk");
  EXPECT_CONTAINS(snapshot, "Marked");
  debugger.Ask("HeapProfiler.startTrackingHeapObjects");
  debugger.Wait("HeapProfiler.heapStatsUpdate");
  debugger.Ask("HeapProfiler.stopTrackingHeapObjects");
}

TEST(Inspector, ASuspendedRuntimeAnswersWhenItIsResumed) {
  Inspector inspector;
  Runtime runtime(With(inspector));
  cleat_suspend(runtime);
  Debugger debugger(runtime);
  int id = debugger.Send("Runtime.evaluate", R"({"expression":"6 * 7"})");
  Sleep(50);
  EXPECT_FALSE(debugger.Has("42"));
  cleat_resume(runtime);
  EXPECT_CONTAINS(debugger.Answer(id), "\"value\":42");
}

TEST(Inspector, APumpedRuntimeAnswersWhenItIsDriven) {
  Inspector inspector;
  CleatOptions options = With(inspector);
  options.pumped = true;
  Runtime runtime(options);
  Debugger debugger(runtime);
  int id = debugger.Send("Runtime.evaluate", R"({"expression":"6 * 7"})");
  EXPECT_FALSE(debugger.Has("42"));
  cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE);
  EXPECT_TRUE(debugger.Has("42"));
  debugger.Answer(id);
  // A pause holds the thread that drives it.
  debugger.Send("Debugger.enable");
  std::thread resuming([&] {
    debugger.Wait("Debugger.paused");
    debugger.Ask("Debugger.resume");
  });
  EXPECT_EQ(Result(runtime.Eval("debugger; 'resumed'")).string(), "resumed");
  resuming.join();
  debugger.Disconnect();
  cleat_run(runtime, CLEAT_RUN_UNTIL_IDLE);
}

TEST(Inspector, ComingAndGoingWhileRuntimesClose) {
  for (int i = 0; i < 5; i++) {
    Inspector inspector;
    auto runtime = std::make_unique<Runtime>(With(inspector));
    std::vector<std::thread> threads;
    for (int j = 0; j < 3; j++) {
      threads.emplace_back([raw = static_cast<CleatRuntime*>(*runtime)] {
        cleat_retain(raw);
        for (int k = 0; k < 10; k++) {
          CleatInspectorSession* session = cleat_inspector_connect(
              raw, [](void*, CleatString) {}, nullptr, nullptr);
          if (session == nullptr) break;
          static const char kText[] = R"({"id":1,"method":"Runtime.evaluate","params":{"expression":"debugger; 1"}})";
          static const char kEnable[] = R"({"id":2,"method":"Debugger.enable"})";
          cleat_inspector_send(session, kEnable, sizeof(kEnable) - 1);
          cleat_inspector_send(session, kText, sizeof(kText) - 1);
          cleat_inspector_disconnect(session);
        }
        cleat_close(raw, CLEAT_CLOSE_DROP);
        cleat_release(raw);
      });
    }
    for (std::thread& thread : threads) thread.join();
    runtime.reset();
    EXPECT_EQ(inspector.closed, 1);
  }
}

TEST(Inspector, OptionsAreChecked) {
  CleatInspector inspector = {};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  CleatError* error = nullptr;
  options.inspector = &inspector;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  EXPECT_CONTAINS(Text(cleat_error_message(error)), "option inspector: its size is not set");
  cleat_error_free(error);
  options.inspector = nullptr;
  options.inspector_start = CLEAT_INSPECTOR_WAIT;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  EXPECT_CONTAINS(Text(cleat_error_message(error)), "option inspector_start: there is no inspector");
  cleat_error_free(error);
}

}  // namespace
