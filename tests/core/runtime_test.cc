// The life of a runtime: opening, references, dispatching, waiting, closing.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>

#include "cleat/bind.h"
#include "core_test.h"

namespace {

// OPENING

std::string OpenError(const CleatOptions& options, int* kind = nullptr) {
  CleatError* error = nullptr;
  CleatRuntime* runtime = cleat_open(&options, &error);
  EXPECT_EQ(runtime, nullptr);
  if (error == nullptr) return "(no error)";
  std::string message = Text(cleat_error_message(error));
  if (kind != nullptr) *kind = cleat_error_kind(error);
  cleat_error_free(error);
  return message;
}

TEST(Open, WorksWithoutOptions) {
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  ASSERT_NE(runtime, nullptr);
  Result result(cleat_eval(runtime, "6 * 7", nullptr));
  EXPECT_EQ(result.number(), 42);
  cleat_release(runtime);
}

TEST(Open, GivesTheHostsDataBack) {
  Runtime runtime;
  EXPECT_EQ(cleat_data_of(runtime), &runtime);
}

TEST(Open, HasOnlyWhatEcmaScriptHas) {
  Runtime runtime;
  Result result(runtime.Eval("[typeof console, typeof setTimeout, typeof performance, typeof JSON].join()"));
  EXPECT_EQ(result.string(), "undefined,undefined,undefined,object");
}

TEST(Open, RefusesOptionsWithoutASize) {
  CleatOptions options = {};
  int kind;
  EXPECT_EQ(OpenError(options, &kind), "option size: not set; start from CLEAT_OPTIONS_INIT");
  EXPECT_EQ(kind, CLEAT_ERROR_BAD_ARGUMENT);
}

TEST(Open, AcceptsOptionsOfAnOlderVersion) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.size = offsetof(CleatOptions, heap_limit);
  options.heap_limit = 1;  // beyond what that version has
  CleatRuntime* runtime = cleat_open(&options, nullptr);
  ASSERT_NE(runtime, nullptr);
  cleat_release(runtime);
}

TEST(Open, AcceptsOptionsOfANewerVersionWhereTheRestIsZero) {
  struct {
    CleatOptions options;
    void* newer;
  } options = {CLEAT_OPTIONS_INIT, nullptr};
  options.options.size = sizeof(options);
  CleatRuntime* runtime = cleat_open(&options.options, nullptr);
  ASSERT_NE(runtime, nullptr);
  cleat_release(runtime);
  options.newer = &options;
  EXPECT_EQ(OpenError(options.options),
            "option size: of another version of Cleat, with options that this one does not know");
}

TEST(Open, NamesTheOptionThatIsBad) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.stack_size = 1000;
  EXPECT_EQ(OpenError(options), "option stack_size: less than 256 KiB");
  options = CLEAT_OPTIONS_INIT;
  options.binding_count = 1;
  EXPECT_EQ(OpenError(options), "option bindings: NULL, but binding_count is not 0");
  options = CLEAT_OPTIONS_INIT;
  options.script_count = 1;
  EXPECT_EQ(OpenError(options), "option scripts: NULL, but script_count is not 0");
  options = CLEAT_OPTIONS_INIT;
  const char* const capabilities[] = {nullptr};
  options.capabilities = capabilities;
  options.capability_count = 1;
  EXPECT_EQ(OpenError(options), "option capabilities: one of them is NULL");
  options = CLEAT_OPTIONS_INIT;
  const CleatBindings* const bindings[] = {&cleat_timers_bindings};
  options.bindings = bindings;
  EXPECT_EQ(OpenError(options), "option bindings: not NULL, but binding_count is 0");
  options = CLEAT_OPTIONS_INIT;
  CleatScript script = {"a.js", "1", 0};
  options.scripts = &script;
  EXPECT_EQ(OpenError(options), "option scripts: not NULL, but script_count is 0");
}

// A set of bindings with one function.
struct OneFunction {
  OneFunction(const char* set, const char* name, const char* capability = nullptr) {
    function.name = name;
    function.kind = CLEAT_OPERATION;
    function.call = [](CleatCall*) {};
    function.capability = capability;
    bindings.size = sizeof(bindings);
    bindings.name = set;
    bindings.globals = &function;
    bindings.global_count = 1;
  }
  CleatMember function = {};
  CleatBindings bindings = {};
};

TEST(Open, RefusesTwoGlobalsOfOneName) {
  OneFunction first("m", "f"), second("q_m2", "f"), other("n", "g");
  const CleatBindings* bindings[] = {&first.bindings, &other.bindings, &second.bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 3;
  int kind;
  EXPECT_EQ(OpenError(options, &kind), "option bindings: 'f' is in both 'm' and 'q_m2'");
  EXPECT_EQ(kind, CLEAT_ERROR_BAD_ARGUMENT);
  bindings[2] = &first.bindings;
  EXPECT_EQ(OpenError(options), "option bindings: 'm' is given twice");
}

TEST(Open, AllowsGlobalsOfOneNameThatAreNotBothGranted) {
  OneFunction first("m", "f"), second("n", "f", "files");
  const CleatBindings* bindings[] = {&first.bindings, &second.bindings};
  const char* const capabilities[] = {"files"};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 2;
  { Runtime runtime(options); }
  options.capabilities = capabilities;
  options.capability_count = 1;
  EXPECT_EQ(OpenError(options), "option bindings: 'f' is in both 'm' and 'n'");
}

// What the global object has of an interface is its name, its aliases and its factories, or some of them only.
TEST(Open, ComparesWhatInterfacesReallyDefine) {
  OneFunction other("n", "f");
  static const char* const aliases[] = {"f"};
  static const CleatMember factories[] = {{"f", CLEAT_OPERATION, 0, nullptr, nullptr, 0, 0, nullptr, nullptr, nullptr}};
  struct Case {
    const char* what;
    bool refused;
    CleatClass type;
  };
  std::vector<Case> cases(5, Case{"", false, CleatClass{}});
  cases[0] = {"its name", true, {}};
  cases[0].type.name = "f";
  cases[1] = {"its name, where it has no interface object", false, cases[0].type};
  cases[1].type.flags = CLEAT_NO_INTERFACE_OBJECT;
  cases[2] = {"its name in a namespace", false, cases[0].type};
  cases[2].type.namespace_name = "space";
  cases[3] = {"an alias", true, {}};
  cases[3].type.name = "Named";
  cases[3].type.aliases = aliases;
  cases[3].type.alias_count = 1;
  cases[4] = {"a factory", true, {}};
  cases[4].type.name = "Made";
  cases[4].type.factories = factories;
  cases[4].type.factory_count = 1;
  for (const Case& it : cases) {
    const CleatClass* classes[] = {&it.type};
    CleatBindings set = {};
    set.size = sizeof(set);
    set.name = "m";
    set.classes = classes;
    set.class_count = 1;
    const CleatBindings* bindings[] = {&set, &other.bindings};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 2;
    if (it.refused) {
      EXPECT_EQ(OpenError(options), "option bindings: 'f' is in both 'm' and 'n'") << it.what;
    } else {
      Runtime runtime(options);
      EXPECT_EQ(Result(runtime.Eval("typeof f")).string(), "function") << it.what;
    }
  }
}

TEST(Open, RunsBootstrapScriptsInOrder) {
  CleatScript scripts[] = {{"a.js", "var list = ['a']", 0}, {"b.js", "list.push('b')", 0}};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.scripts = scripts;
  options.script_count = 2;
  Runtime runtime(options);
  EXPECT_EQ(Result(runtime.Eval("list.join()")).string(), "a,b");
}

TEST(Open, FailsWhereABootstrapScriptThrowsAndSaysWhere) {
  CleatScript script = {"boot.js", "1;\n  throw new RangeError('no')", 0};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.scripts = &script;
  options.script_count = 1;
  CleatError* error = nullptr;
  EXPECT_EQ(cleat_open(&options, &error), nullptr);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(cleat_error_kind(error), CLEAT_ERROR_EXCEPTION);
  EXPECT_EQ(Text(cleat_error_name(error)), "RangeError");
  EXPECT_EQ(Text(cleat_error_script(error)), "boot.js");
  EXPECT_EQ(cleat_error_line(error), 2u);
  cleat_error_free(error);
}

TEST(Open, FailsWithSyntaxWhereABootstrapScriptDoesNotCompile) {
  CleatScript script = {nullptr, "let let", 0};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.scripts = &script;
  options.script_count = 1;
  int kind;
  OpenError(options, &kind);
  EXPECT_EQ(kind, CLEAT_ERROR_SYNTAX);
}

TEST(Open, TimeLimitHoldsForBootstrapScripts) {
  CleatScript script = {nullptr, "for (;;);", 0};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.scripts = &script;
  options.script_count = 1;
  options.timeout_ms = 30;
  int kind;
  OpenError(options, &kind);
  EXPECT_EQ(kind, CLEAT_ERROR_TIMEOUT);
}

TEST(Open, StackSizeBoundsRecursion) {
  auto depth = [](size_t stack_size) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.stack_size = stack_size;
    Runtime runtime(options);
    Result result(runtime.Eval(
        "let n = 0; function f() { n++; f(); } try { f() } catch (e) { e instanceof RangeError ? n : -1 }"));
    return result.number();
  };
  double small = depth(256 * 1024);
  double large = depth(8 * 1024 * 1024);
  EXPECT_GT(small, 100);
  EXPECT_GT(large, small * 4);
}

TEST(Open, ManyAtOnceFromManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; i++) {
    threads.emplace_back([] {
      Runtime runtime;
      EXPECT_EQ(Result(runtime.Eval("1 + 1")).number(), 2);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

ptrdiff_t OpenDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

TEST(Open, TakesOneFileDescriptorUntilSomethingIsToRunLater) {
  { Runtime first; }  // what the process itself opens is open now
  const ptrdiff_t before = OpenDescriptors();
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("Promise.resolve(6 * 7)")).number(), 42);
  EXPECT_EQ(OpenDescriptors(), before + 1);
  std::atomic<int> ran{0};
  auto run = [](CleatEnv*, void* data) { ++*static_cast<std::atomic<int>*>(data); };
  ASSERT_TRUE(cleat_dispatch_after(runtime, 1, run, &ran, nullptr));
  ASSERT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_EQ(ran, 1);
  EXPECT_GT(OpenDescriptors(), before + 1);
  runtime.Release();
  EXPECT_EQ(OpenDescriptors(), before);
}

// Whoever is late is refused, and opens nothing that nobody would close.
TEST(Open, WhatIsToRunLaterIsRefusedByAClosingRuntime) {
  { Runtime first; }
  const ptrdiff_t before = OpenDescriptors();
  for (int i = 0; i < 50; i++) {
    std::atomic<int> accepted{0}, ended{0};
    CleatRuntime* runtime = cleat_open(nullptr, nullptr);
    ASSERT_NE(runtime, nullptr);
    CleatRuntime* theirs = cleat_retain(runtime);
    std::thread sender([&] {
      auto end = [](void* data) { ++*static_cast<std::atomic<int>*>(data); };
      auto run = [](CleatEnv*, void* data) { ++*static_cast<std::atomic<int>*>(data); };
      for (int k = 0; k < 20; k++) accepted += cleat_dispatch_after(theirs, 0, run, &ended, end);
      cleat_release(theirs);
    });
    cleat_close(runtime, CLEAT_CLOSE_DROP);
    sender.join();
    cleat_release(runtime);
    EXPECT_EQ(accepted, ended);
  }
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST(Open, LeavesTheHostsSignalsToTheHostsThreads) {
  Runtime runtime;
  runtime.OnThread([](CleatEnv*) {
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    EXPECT_TRUE(sigismember(&blocked, SIGINT));
    EXPECT_TRUE(sigismember(&blocked, SIGUSR1));
    EXPECT_FALSE(sigismember(&blocked, SIGSEGV));
  });
}

int OpenFiles() {
  int count = 0;
  for (int fd = 0; fd < 1024; fd++) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

TEST(Open, OpeningAndClosingLeavesNoFileOpen) {
  { Runtime runtime; }
  int before = OpenFiles();
  for (int i = 0; i < 20; i++) Runtime runtime;
  EXPECT_EQ(OpenFiles(), before);
}

// DISPATCHING

TEST(Dispatch, RunsTasksOfOneSenderInOrder) {
  Runtime runtime;
  std::vector<int> order;
  for (int i = 0; i < 1000; i++) runtime.Dispatch([&order, i](CleatEnv*) { order.push_back(i); });
  runtime.OnThread([](CleatEnv*) {});
  ASSERT_EQ(order.size(), 1000u);
  for (int i = 0; i < 1000; i++) EXPECT_EQ(order[i], i);
}

TEST(Dispatch, OneThatThrowsDoesNotStopTheNext) {
  Runtime runtime;
  runtime.Dispatch([](CleatEnv* env) { cleat_throw_error(env, "first"); });
  bool ran = false;
  runtime.OnThread([&](CleatEnv* env) {
    ran = true;
    EXPECT_FALSE(cleat_failed(env));
  });
  EXPECT_TRUE(ran);
  EXPECT_EQ(runtime.Uncaught(), std::vector<std::string>{"Error: first"});
}

TEST(Dispatch, MicrotasksRunBetweenTwoTasks) {
  Runtime runtime;
  runtime.OnThread([](CleatEnv* env) {
    cleat_run_script(env, "var order = []; Promise.resolve().then(() => order.push('micro')); order.push('first')", 86,
                     "t", 0);
  });
  runtime.OnThread([](CleatEnv* env) { cleat_run_script(env, "order.push('second')", 20, "t", 0); });
  EXPECT_EQ(Result(runtime.Eval("order.join()")).string(), "first,micro,second");
}

// Runs the tasks one after the other, with none of them being waited for: they are in the queue when the first begins.
void RunTogether(const Runtime& runtime, const std::vector<std::function<void(CleatEnv*)>>& tasks) {
  std::promise<void> queued, ended;
  runtime.Dispatch([&](CleatEnv*) { queued.get_future().wait(); });
  for (const auto& task : tasks) runtime.Dispatch(task);
  runtime.Dispatch([&](CleatEnv*) { ended.set_value(); });
  queued.set_value();
  ended.get_future().wait();
}

// Tasks that leave V8 nothing to do are not followed by what follows the others; whether one does, is seen by itself.
TEST(Dispatch, MicrotasksRunBetweenTasksOfAllKinds) {
  Runtime runtime;
  static std::string order;
  order.clear();
  auto note = [](CleatCall* call) {
    CLEAT_FRAME(frame);
    CleatString text;
    if (cleat_arg_dom_string(call, 0, &frame, &text)) order += Text(text);
    cleat_frame_leave(&frame);
  };
  runtime.OnThread(
      [&](CleatEnv* env) { cleat_set(env, cleat_global(env), "note", cleat_function(env, "note", 1, note, nullptr)); });
  auto plain = [](CleatEnv*) { order += "."; };
  std::vector<std::function<void(CleatEnv*)>> tasks;
  for (int i = 0; i < 100; i++) {
    tasks.push_back(plain);
    tasks.push_back([&](CleatEnv* env) {
      cleat_run_script(env, "Promise.resolve().then(() => note('m')); note('s')", 50, "t", 0);
    });
    tasks.push_back(plain);
    tasks.push_back([&](CleatEnv*) { Result(runtime.Eval("Promise.resolve().then(() => note('n')); note('e')")); });
  }
  RunTogether(runtime, tasks);
  std::string expected;
  for (int i = 0; i < 100; i++) expected += ".sm.en";
  EXPECT_EQ(order, expected);
}

TEST(Dispatch, OneThatThrowsIsReportedBeforeTheNextWhateverThatDoes) {
  Runtime runtime;
  std::vector<size_t> reported;
  auto look = [&](CleatEnv*) { reported.push_back(runtime.Uncaught().size()); };
  auto fail = [](CleatEnv* env) { cleat_throw_error(env, "failed"); };
  RunTogether(runtime, {look, fail, look, look, fail, fail, look});
  EXPECT_EQ(reported, (std::vector<size_t>{0, 1, 1, 3}));
}

TEST(Dispatch, TasksThatDoNothingInJavaScriptAreCountedToo) {
  Runtime runtime;
  CleatStatistics before = CLEAT_STATISTICS_INIT;
  CleatStatistics after = CLEAT_STATISTICS_INIT;
  runtime.OnThread([](CleatEnv*) {});
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_TRUE(cleat_statistics(runtime, &before));
  RunTogether(runtime, std::vector<std::function<void(CleatEnv*)>>(300, [](CleatEnv*) {}));
  EXPECT_TRUE(cleat_wait(runtime, 10000));
  EXPECT_TRUE(cleat_statistics(runtime, &after));
  EXPECT_GE(after.tasks - before.tasks, 302u);
  EXPECT_LE(after.tasks - before.tasks, 310u);  // V8 has tasks of its own
}

TEST(Dispatch, FromATaskRunsLater) {
  Runtime runtime;
  std::vector<int> order;
  std::promise<void> done;
  runtime.Dispatch([&](CleatEnv*) {
    runtime.Dispatch([&](CleatEnv*) {
      order.push_back(2);
      done.set_value();
    });
    order.push_back(1);
  });
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Dispatch, IsRefusedOnceClosed) {
  Runtime runtime;
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_FALSE(runtime.Dispatch([](CleatEnv*) {}));
}

TEST(Dispatch, IsRefusedOnTheThreadOnceItHasBegunToClose) {
  Runtime runtime;
  bool accepted = true;
  runtime.OnThread([&](CleatEnv*) {
    cleat_close(runtime, CLEAT_CLOSE_FINISH);
    accepted = runtime.Dispatch([](CleatEnv*) {});
  });
  EXPECT_FALSE(accepted);
}

TEST(Dispatch, StressEveryAcceptedTaskIsRunOrDroppedOnce) {
  for (int mode = 0; mode < 2; mode++) {
    for (int round = 0; round < 10; round++) {
      Runtime runtime;
      std::atomic<int> accepted{0}, run{0}, dropped{0};
      std::vector<std::thread> senders;
      for (int i = 0; i < 4; i++) {
        senders.emplace_back([&] {
          for (int n = 0; n < 2000; n++) {
            if (!runtime.Dispatch([&](CleatEnv*) { run++; }, [&] { dropped++; })) return;
            accepted++;
          }
        });
      }
      Sleep(round % 4);
      cleat_close(runtime, mode == 0 ? CLEAT_CLOSE_DROP : CLEAT_CLOSE_FINISH);
      for (std::thread& sender : senders) sender.join();
      EXPECT_EQ(run + dropped, accepted);
    }
  }
}

double ThreadlessCpuTime() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) { return time.tv_sec + time.tv_usec / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

TEST(Dispatch, AnIdleRuntimeUsesNoProcessorTime) {
  Runtime runtime;
  Result(runtime.Eval("1", 50));
  Sleep(200);  // V8 tidies up after opening
  double before = ThreadlessCpuTime();
  Sleep(300);
  EXPECT_LT(ThreadlessCpuTime() - before, 0.02);
}

// The thread sleeps in another place where a timer runs than where there is none.
TEST(Dispatch, IsTakenWithTimersAndWithout) {
  Runtime runtime;
  std::atomic<int> late{0};
  for (int i = 0; i < 20; i++) {
    auto run = [](CleatEnv*, void* count) { (*static_cast<std::atomic<int>*>(count))++; };
    ASSERT_TRUE(cleat_dispatch_after(runtime, static_cast<uint32_t>(i % 4 * 5), run, &late, nullptr));
    for (int n = 0; n < 5; n++) {
      std::atomic<bool> ran{false};
      ASSERT_TRUE(runtime.Dispatch([&](CleatEnv*) { ran = true; }));
      while (!ran) std::this_thread::yield();
    }
    EXPECT_TRUE(cleat_wait(runtime, 5000));
    EXPECT_EQ(late, i + 1);
  }
}

TEST(Dispatch, ARuntimeIsIdleAgainAfterTimersAndWhileSuspended) {
  Runtime runtime;
  for (bool suspended : {false, true}) {
    ASSERT_TRUE(cleat_dispatch_after(
        runtime, 5, [](CleatEnv*, void*) {}, nullptr, nullptr));
    EXPECT_TRUE(cleat_wait(runtime, 5000));
    if (suspended) cleat_suspend(runtime);
    Sleep(200);
    double before = ThreadlessCpuTime();
    Sleep(300);
    EXPECT_LT(ThreadlessCpuTime() - before, 0.02);
    if (suspended) cleat_resume(runtime);
    EXPECT_EQ(Result(runtime.Eval("1")).number(), 1);
  }
}

// WAITING

TEST(Wait, ReturnsWhenTheQueueIsEmpty) {
  Runtime runtime;
  std::atomic<bool> ran{false};
  runtime.Dispatch([&](CleatEnv*) {
    Sleep(20);
    ran = true;
  });
  EXPECT_TRUE(cleat_wait(runtime, 0));
  EXPECT_TRUE(ran);
}

TEST(Wait, ReturnsAtOnceWhenIdle) {
  Runtime runtime;
  for (int i = 0; i < 100; i++) EXPECT_TRUE(cleat_wait(runtime, 5000));
}

TEST(Wait, WaitsForTimers) {
  const CleatBindings* bindings[] = {&cleat_timers_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  Runtime runtime(options);
  Result(runtime.Eval("var fired = false; setTimeout(() => fired = true, 300); 0"));
  EXPECT_FALSE(cleat_wait(runtime, 5));
  EXPECT_TRUE(cleat_wait(runtime, 5000));
  EXPECT_TRUE(cleat_data_boolean(Result(runtime.Eval("fired")).value()));
}

TEST(Wait, GivesUpWhenTheTimeIsOver) {
  Runtime runtime;
  std::promise<void> go;
  runtime.Dispatch([&](CleatEnv*) { go.get_future().wait(); });
  EXPECT_FALSE(cleat_wait(runtime, 20));
  go.set_value();
}

TEST(Wait, FailsOnTheThreadItself) {
  Runtime runtime;
  bool waited = true;
  runtime.OnThread([&](CleatEnv*) { waited = cleat_wait(runtime, 0); });
  EXPECT_FALSE(waited);
}

TEST(Wait, FailsWhenTheRuntimeCloses) {
  Runtime runtime;
  std::promise<void> go;
  runtime.Dispatch([&](CleatEnv*) { go.get_future().wait(); });
  std::thread waiter([&] { EXPECT_FALSE(cleat_wait(runtime, 0)); });
  Sleep(10);
  std::thread closer([&] { cleat_close(runtime, CLEAT_CLOSE_DROP); });
  runtime.WaitUntilClosing();
  go.set_value();
  waiter.join();
  closer.join();
  EXPECT_FALSE(cleat_wait(runtime, 0));
}

// CLOSING

TEST(Close, DropGivesWhatHasNotStartedToDrop) {
  Runtime runtime;
  std::promise<void> go;
  std::atomic<int> run{0}, dropped{0};
  runtime.Dispatch([&](CleatEnv*) { go.get_future().wait(); });
  for (int i = 0; i < 10; i++) runtime.Dispatch([&](CleatEnv*) { run++; }, [&] { dropped++; });
  std::thread closer([&] { cleat_close(runtime, CLEAT_CLOSE_DROP); });
  runtime.WaitUntilClosing();
  go.set_value();
  closer.join();
  EXPECT_EQ(run, 0);
  EXPECT_EQ(dropped, 10);
}

TEST(Close, FinishRunsWhatWasAccepted) {
  Runtime runtime;
  std::atomic<int> run{0};
  for (int i = 0; i < 10; i++) runtime.Dispatch([&](CleatEnv*) { run++; });
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(run, 10);
}

TEST(Close, FromATaskOnlyBeginsIt) {
  Runtime runtime;
  std::atomic<int> dropped{0};
  bool after = false;
  std::promise<void> queued, closing;
  runtime.Dispatch([&](CleatEnv* env) {
    queued.get_future().wait();
    cleat_close(runtime, CLEAT_CLOSE_DROP);
    after = cleat_number(env, 1) != nullptr;
    closing.set_value();
  });
  runtime.Dispatch([](CleatEnv*) { ADD_FAILURE() << "a dropped task ran"; }, [&] { dropped++; });
  queued.set_value();
  closing.get_future().wait();
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_TRUE(after);
  EXPECT_EQ(dropped, 1);
}

TEST(Close, TwiceFromManyThreads) {
  Runtime runtime;
  std::vector<std::thread> closers;
  for (int i = 0; i < 8; i++) closers.emplace_back([&] { cleat_close(runtime, CLEAT_CLOSE_FINISH); });
  for (std::thread& closer : closers) closer.join();
  cleat_close(runtime, CLEAT_CLOSE_DROP);
}

TEST(Close, FromDropIsHarmless) {
  Runtime runtime;
  std::promise<void> go;
  runtime.Dispatch([&](CleatEnv*) { go.get_future().wait(); });
  runtime.Dispatch([](CleatEnv*) {},
                   [&] {
                     cleat_close(runtime, CLEAT_CLOSE_FINISH);
                     Result result(cleat_eval(runtime, "1", nullptr));
                     EXPECT_EQ(result.kind(), CLEAT_ERROR_CLOSED);
                   });
  std::thread closer([&] { cleat_close(runtime, CLEAT_CLOSE_DROP); });
  runtime.WaitUntilClosing();
  go.set_value();
  closer.join();
}

TEST(Close, FromTheUncaughtFunction) {
  Runtime runtime;
  runtime.on_uncaught = [&](const CleatError*) { cleat_close(runtime, CLEAT_CLOSE_DROP); };
  runtime.Dispatch([](CleatEnv* env) { cleat_throw_error(env, "now"); });
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(runtime.Uncaught().size(), 1u);
}

TEST(Close, EveryFunctionFailsCleanlyAfterwards) {
  Runtime runtime;
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(Result(runtime.Eval("1")).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_EQ(Result(runtime.Eval("1", 10)).kind(), CLEAT_ERROR_CLOSED);
  EXPECT_FALSE(cleat_wait(runtime, 0));
  cleat_terminate(runtime, "too late");
  EXPECT_EQ(cleat_data_of(runtime), &runtime);
  cleat_release(cleat_retain(runtime));
}

TEST(Close, EndsThoseWhoWaitForPromises) {
  Runtime runtime;
  std::vector<std::thread> waiters;
  for (int i = 0; i < 4; i++) {
    waiters.emplace_back([&] { EXPECT_EQ(Result(runtime.Eval("new Promise(() => {})")).kind(), CLEAT_ERROR_CLOSED); });
  }
  Sleep(50);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  for (std::thread& waiter : waiters) waiter.join();
}

TEST(Close, DropEndsJavaScriptThatRuns) {
  Runtime runtime;
  auto waiting = std::async(std::launch::async, [&] { return Result(runtime.Eval("for (;;);")).kind(); });
  Sleep(30);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(waiting.get(), CLEAT_ERROR_CLOSED);
}

TEST(Close, DropEndsATaskThatBeginsJustThen) {
  for (int round = 0; round < 50; round++) {
    Runtime runtime;
    runtime.Dispatch([](CleatEnv* env) { cleat_run_script(env, "for (;;);", 9, "spin.js", 0); });
    if (round % 2 == 0) std::this_thread::yield();
    cleat_close(runtime, CLEAT_CLOSE_DROP);
    EXPECT_EQ(runtime.Uncaught().size(), 0u) << "what the host ended itself was reported";
  }
}

TEST(Close, DropEndsWhatTheTimeLimitIsNotForYet) {
  Runtime runtime;
  auto waiting = std::async(std::launch::async, [&] { return Result(runtime.Eval("for (;;);", 1000000)).kind(); });
  Sleep(10);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(waiting.get(), CLEAT_ERROR_CLOSED);
}

TEST(Close, DropEndsWhatAFunctionThatWasDroppedHasLeftToMicrotasks) {
  Runtime runtime;
  auto waiting = std::async(std::launch::async, [&] {
    return Result(runtime.Eval("Promise.resolve().then(() => { for (;;); }); for (;;);")).kind();
  });
  Sleep(20);
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  EXPECT_EQ(waiting.get(), CLEAT_ERROR_CLOSED);
}

TEST(Close, FinishWaitsForWhatRunsWhichTerminateCanEnd) {
  Runtime runtime;
  std::promise<void> begun;
  runtime.OnThread([&](CleatEnv* env) {
    auto begin = [](CleatCall* call) { static_cast<std::promise<void>*>(cleat_call_data(call))->set_value(); };
    cleat_set(env, cleat_global(env), "begin", cleat_function(env, "begin", 0, begin, &begun));
  });
  auto waiting = std::async(std::launch::async, [&] { return Result(runtime.Eval("begin(); for (;;);")).kind(); });
  begun.get_future().wait();
  std::thread closer([&] { cleat_close(runtime, CLEAT_CLOSE_FINISH); });
  runtime.WaitUntilClosing();
  cleat_terminate(runtime, "closing");
  closer.join();
  EXPECT_EQ(waiting.get(), CLEAT_ERROR_TERMINATED);
}

TEST(Close, DropAfterFinishDropsTheRest) {
  Runtime runtime;
  std::atomic<int> run{0}, dropped{0};
  std::promise<void> begun;
  runtime.Dispatch([&](CleatEnv* env) {
    begun.set_value();
    cleat_run_script(env, "for (;;);", 9, "spin.js", 0);
  });
  for (int i = 0; i < 10; i++) runtime.Dispatch([&](CleatEnv*) { run++; }, [&] { dropped++; });
  begun.get_future().wait();
  EXPECT_FALSE(cleat_close_within(runtime, CLEAT_CLOSE_FINISH, 20));
  std::thread finisher([&] { cleat_close(runtime, CLEAT_CLOSE_FINISH); });
  cleat_close(runtime, CLEAT_CLOSE_DROP);
  finisher.join();
  EXPECT_EQ(run, 0);
  EXPECT_EQ(dropped, 10);
}

TEST(Close, StressWhileManyThreadsEvaluate) {
  for (int round = 0; round < 10; round++) {
    Runtime runtime;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
      threads.emplace_back([&, i] {
        for (;;) {
          Result result(runtime.Eval(i % 2 == 0 ? "1" : "Promise.resolve(1)", i == 3 ? 1000 : 0));
          if (result.kind() == CLEAT_ERROR_CLOSED) return;
          ASSERT_EQ(result.number(), 1);
        }
      });
    }
    Sleep(5);
    cleat_close(runtime, round % 2 == 0 ? CLEAT_CLOSE_DROP : CLEAT_CLOSE_FINISH);
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(Close, FromANativeFunctionThatJavaScriptCalls) {
  Runtime runtime;
  runtime.OnThread([&](CleatEnv* env) {
    auto close = [](CleatCall* call) { cleat_close(cleat_runtime(cleat_env(call)), CLEAT_CLOSE_DROP); };
    cleat_set(env, cleat_global(env), "close", cleat_function(env, "close", 0, close, nullptr));
  });
  EXPECT_EQ(Result(runtime.Eval("close(); 'still running'")).string(), "still running");
  cleat_close(runtime, CLEAT_CLOSE_DROP);
}

// REFERENCES

TEST(Release, TheLastOneCloses) {
  Runtime runtime;
  CleatRuntime* second = cleat_retain(runtime);
  runtime.Release();
  EXPECT_EQ(Result(cleat_eval(second, "1", nullptr)).number(), 1);
  cleat_release(second);
}

TEST(Release, TheLastOneOnTheJavaScriptThread) {
  std::promise<void> released;
  CleatRuntime* runtime = cleat_open(nullptr, nullptr);
  struct Data {
    CleatRuntime* runtime;
    std::promise<void>* released;
  } data = {runtime, &released};
  cleat_dispatch(
      runtime,
      [](CleatEnv* env, void* pointer) {
        auto* data = static_cast<Data*>(pointer);
        cleat_release(data->runtime);
        EXPECT_NE(cleat_number(env, 1), nullptr);
        cleat_release(cleat_retain(cleat_runtime(env)));
        data->released->set_value();
      },
      &data, nullptr);
  released.get_future().wait();
  Sleep(100);  // the thread ends by itself; the leak check of AddressSanitizer sees whether it frees everything
}

TEST(Release, AcceptsNull) { cleat_release(nullptr); }

TEST(Release, OfARefAfterClosing) {
  Runtime runtime;
  CleatRef* ref = nullptr;
  CleatRef* other = nullptr;
  runtime.OnThread([&](CleatEnv* env) {
    ref = cleat_hold(env, cleat_object(env));
    other = cleat_hold(env, cleat_object(env));
    EXPECT_NE(cleat_held(env, ref), nullptr);
    EXPECT_EQ(cleat_hold(env, nullptr), nullptr);
  });
  cleat_ref_free(other);
  runtime.Release();
  cleat_ref_free(ref);
  cleat_ref_free(nullptr);
}

TEST(Release, RefsFreedByManyThreadsWhileItCloses) {
  Runtime runtime;
  std::vector<CleatRef*> refs(400);
  runtime.OnThread([&](CleatEnv* env) {
    for (CleatRef*& ref : refs) ref = cleat_hold(env, cleat_object(env));
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 100; n++) cleat_ref_free(refs[i * 100 + n]);
    });
  }
  runtime.Release();
  for (std::thread& thread : threads) thread.join();
}

// CLOSING WITHIN A TIME

TEST(CloseWithin, SaysThatATaskDoesNotEndAndMayBeCalledAgain) {
  Runtime runtime;
  std::promise<void> blocked, go_on;
  runtime.Dispatch([&](CleatEnv*) {
    blocked.set_value();
    go_on.get_future().wait();
  });
  blocked.get_future().wait();
  EXPECT_FALSE(cleat_close_within(runtime, CLEAT_CLOSE_DROP, 20));
  EXPECT_FALSE(runtime.Dispatch([](CleatEnv*) {}));
  EXPECT_FALSE(cleat_close_within(runtime, CLEAT_CLOSE_DROP, 0));
  go_on.set_value();
  EXPECT_TRUE(cleat_close_within(runtime, CLEAT_CLOSE_DROP, 10000));
  EXPECT_TRUE(cleat_close_within(runtime, CLEAT_CLOSE_DROP, 0));
}

TEST(CloseWithin, DropEndsJavaScriptAndFinishIsHelpedByTerminating) {
  for (CleatCloseMode mode : {CLEAT_CLOSE_DROP, CLEAT_CLOSE_FINISH}) {
    Runtime runtime;
    std::promise<void> begun;
    runtime.Dispatch([&](CleatEnv* env) {
      begun.set_value();
      EXPECT_EQ(cleat_run_script(env, "for (;;);", 9, "spin.js", 0), nullptr);
    });
    begun.get_future().wait();
    if (mode == CLEAT_CLOSE_FINISH) {
      EXPECT_FALSE(cleat_close_within(runtime, mode, 20));
      cleat_terminate(runtime, "closing");
    }
    EXPECT_TRUE(cleat_close_within(runtime, mode, 10000));
  }
}

TEST(CloseWithin, OnTheJavaScriptThreadItOnlyBegins) {
  Runtime runtime;
  runtime.Dispatch([](CleatEnv* env) { EXPECT_FALSE(cleat_close_within(cleat_runtime(env), CLEAT_CLOSE_DROP, 10)); });
  EXPECT_FALSE(cleat_wait(runtime, 10000));
}

}  // namespace
