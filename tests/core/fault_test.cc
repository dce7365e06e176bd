// What fails in the system under the core: memory, threads, descriptors, libuv. One call after the other is made to
// fail, alone or with all that follow: nothing crashes, hangs or, as AddressSanitizer's leak check sees, leaks, and
// whoever asked is told.
#include "faulty_runtime.h"

namespace {

const CleatBindings* const kBindings[] = {&cleat_console_bindings, &cleat_timers_bindings, &cleat_performance_bindings,
                                          &cleat_dom_exception_bindings, &cleat_events_bindings};

const CleatModule kModules[] = {
    {"host:timers", nullptr, 0, false, &cleat_timers_bindings},
    {"answer", "{ \"answer\": 42 }", 0, true, nullptr},
};

void Load(void*, const CleatImport* import, CleatLoad* load) {
  if (Text(import->specifier) == "missing.js") {
    cleat_load_fail(load, "there is no %s", "missing.js");
  } else {
    const std::string source =
        "import json from 'answer' with { type: 'json' };\n"
        "import { setTimeout } from 'host:timers';\n"
        "await new Promise((r) => setTimeout(r, 0));\n"
        "export const failure = await import('missing.js').catch(String);\n"
        "export const url = import.meta.url;\n"
        "export default json.answer;\n";
    cleat_load_answer(load, source.data(), source.size());
  }
}

CleatOptions Options() {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = kBindings;
  options.binding_count = 5;
  options.modules = kModules;
  options.module_count = 2;
  options.load = Load;
  options.console = [](void*, CleatConsoleLevel, CleatString) {};
  options.uncaught = [](void*, const CleatError*) {};
  options.leaked = [](void*, CleatString) {};
  options.count_calls = true;
  return options;
}

// What a host may be told: anything but an answer that is wrong.
void Check(CleatResult given, double expected) {
  Result result(given);
  EXPECT_TRUE((given.value == nullptr) != (given.error == nullptr)) << "neither a value nor an error";
  if (result.error() == nullptr) {
    EXPECT_EQ(result.number(), expected);
  } else {
    int kind = result.kind();
    EXPECT_TRUE(kind == CLEAT_ERROR_OUT_OF_MEMORY || kind == CLEAT_ERROR_SYSTEM || kind == CLEAT_ERROR_EXCEPTION ||
                kind == CLEAT_ERROR_CLOSED || kind == CLEAT_ERROR_TIMEOUT)
        << kind << " " << result.text();
  }
}

void Count(CleatEnv*, void* count) { ++*static_cast<std::atomic<int>*>(count); }
void CountDropped(void* count) { ++*static_cast<std::atomic<int>*>(count); }

void Evaluate(CleatRuntime* runtime) {
  Check(cleat_eval(runtime, "6 * 7", nullptr), 42);
  CleatEvalOptions limited = CLEAT_EVAL_OPTIONS_INIT;
  limited.timeout_ms = 10000;
  Check(cleat_eval(runtime, "new Promise((r) => setTimeout(r, 0, 42))", &limited), 42);
  Check(cleat_eval(runtime, "throw new AggregateError([new Error('a', { cause: 'b' })])", nullptr), 0);
  Check(cleat_eval(runtime, "console.log('%s', { a: [1, 2, new Map([[1, 2]])] }); performance.now() > 0 ? 42 : 0",
                   nullptr),
        42);
  Check(cleat_eval(runtime, "queueMicrotask(() => { throw 1 }); Promise.reject(new DOMException('a')); 42", nullptr),
        42);
}

void CopyAndCall(CleatRuntime* runtime) {
  Result copied(cleat_eval(runtime,
                           "({ a: [1n << 80n, , 'x'], m: new Map([[1, new Set([2])]]), d: new Date(), r: /a/g,"
                           "e: new Error('m', { cause: new Uint8Array(3) }), f(a) { return 42 } })",
                           nullptr));
  EXPECT_TRUE((copied.value() == nullptr) != (copied.error() == nullptr)) << "neither a value nor an error";
  if (copied.error() != nullptr) return;
  Check(cleat_data_call(cleat_data_get(copied.value(), "f"), nullptr, nullptr, nullptr), 42);
  CleatData* arguments = cleat_data_new_array();
  cleat_data_push(arguments, cleat_data_new_number(42));
  CleatData* object = cleat_data_new_object();
  cleat_data_set(object, "a", cleat_data_new_bigint(false, (const uint64_t[]){1}, 1));
  cleat_data_push(arguments, object);
  Result ignored(cleat_data_call(cleat_data_get(copied.value(), "f"), nullptr, arguments, nullptr));
  cleat_data_free(arguments);
}

// Either what was asked for or an error.
bool Got(const Result& result) {
  EXPECT_TRUE((result.value() == nullptr) != (result.error() == nullptr)) << "neither a value nor an error";
  return result.value() != nullptr;
}

void Import(CleatRuntime* runtime) {
  Result imported(cleat_import(runtime, "./main.js", nullptr));
  if (!Got(imported)) return;
  EXPECT_EQ(cleat_data_number(cleat_data_get(imported.value(), "default")), 42);
}

void Abort(CleatRuntime* runtime) {
  Check(cleat_eval(runtime,
                   "const c = new AbortController(), all = AbortSignal.any([c.signal, AbortSignal.timeout(0)]);"
                   "let heard = 0;"
                   "all.addEventListener('abort', { handleEvent() { heard = 42 } }, { once: true });"
                   "new EventTarget().addEventListener('x', () => {}, { signal: all });"
                   "c.signal.onabort = () => { throw new Error('uncaught') };"
                   "c.abort(); heard",
                   nullptr),
        42);
}

void Iterate(CleatRuntime* runtime) {
  Result made(cleat_eval(runtime, "(async function* () { yield 42; yield 1 })()", nullptr));
  if (!Got(made)) return;
  Result step(cleat_data_next(made.value(), nullptr));
  if (Got(step)) {
    EXPECT_EQ(cleat_data_number(cleat_data_get(step.value(), "value")), 42);
  }
  Got(Result(cleat_data_return(made.value(), nullptr)));
}

// Whether or not JavaScript is given it, or ends it, its end is told once.
void Feed(CleatRuntime* runtime) {
  std::atomic<int> ended{0};
  CleatFeedOptions options = CLEAT_FEED_OPTIONS_INIT;
  options.data = &ended;
  options.ended = CountDropped;
  CleatFeed* feed = cleat_feed_open(runtime, &options);
  if (feed == nullptr) return;
  auto give = [](CleatEnv* env, void* feed) {
    cleat_set(env, cleat_global(env), "feed", cleat_feed_value(env, static_cast<CleatFeed*>(feed)));
  };
  if (cleat_dispatch(runtime, give, feed, nullptr)) {
    Got(Result(cleat_eval(runtime, "globalThis.taken = (async () => { for await (const one of feed) return one })(); 1",
                          nullptr)));
    for (int i = 0; i < 2; i++) {
      CleatData* value = cleat_data_new_number(42);
      if (value != nullptr && cleat_feed_put(feed, value) != CLEAT_FEED_ACCEPTED) cleat_data_free(value);
    }
    cleat_feed_fail(feed, CLEAT_THROW_TYPE_ERROR, "it %s", "failed");
    Got(Result(cleat_eval(runtime, "taken", nullptr)));
  }
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  cleat_feed_release(feed);
  EXPECT_EQ(ended, 1);
}

void Use(CleatRuntime* runtime) {
  Evaluate(runtime);
  CopyAndCall(runtime);
  Import(runtime);
  Abort(runtime);
  Iterate(runtime);
  std::atomic<int> came{0};
  int accepted = cleat_dispatch(runtime, Count, &came, CountDropped);
  accepted += cleat_dispatch_after(runtime, 0, Count, &came, CountDropped);
  auto done = [](void* data, CleatResult result) {
    Count(nullptr, data);
    cleat_result_free(&result);
  };
  accepted += cleat_eval_async(runtime, "Promise.resolve(1)", nullptr, done, &came);
  CleatEvalOptions limited = CLEAT_EVAL_OPTIONS_INIT;
  limited.timeout_ms = 5;
  accepted += cleat_eval_async(runtime, "new Promise(() => {})", &limited, done, &came);
  Feed(runtime);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  EXPECT_EQ(came, accepted);
}

void OpenAndUse(CleatOptions options) {
  CleatError* error = nullptr;
  CleatRuntime* runtime = cleat_open(&options, &error);
  if (runtime == nullptr) {
    ASSERT_NE(error, nullptr);
    EXPECT_TRUE(cleat_error_kind(error) == CLEAT_ERROR_OUT_OF_MEMORY || cleat_error_kind(error) == CLEAT_ERROR_SYSTEM ||
                cleat_error_kind(error) == CLEAT_ERROR_EXCEPTION)
        << Text(cleat_error_text(error));
    cleat_error_free(error);
    return;
  }
  Use(runtime);
  cleat_release(runtime);
}

// Has the first call fail, then the second, and so on until all have.
void FailOneAfterTheOther(CleatOptions options, bool all_that_follow) {
  OpenAndUse(options);  // what the process has once
  long number = 0;
  for (;; number++) {
    SCOPED_TRACE("call " + std::to_string(number));
    ArmFaults(number, all_that_follow);
    OpenAndUse(options);
    if (DisarmFaults() == 0 || testing::Test::HasFailure()) break;
  }
  printf("%ld calls failed\n", number);
  EXPECT_GT(number, 100) << "the wrappers are not linked in";
}

TEST(Faults, OneCallFails) { FailOneAfterTheOther(Options(), false); }

TEST(Faults, OneCallAndAllThatFollowFail) { FailOneAfterTheOther(Options(), true); }

TEST(Faults, OfARuntimeThatTheHostDrives) {
  CleatOptions options = Options();
  options.pumped = true;
  options.timeout_ms = 10000;
  FailOneAfterTheOther(options, false);
}

// One is made or an error; and so is a runtime opened from it.
TEST(Faults, OfASnapshot) {
  const CleatScript script = {"boot.js", "globalThis.kept = { a: [1, 2, 3], f() { return 42 } }", 0};
  CleatOptions options = Options();
  options.scripts = &script;
  options.script_count = 1;
  FailSome([&] {
    CleatError* error = nullptr;
    CleatSnapshot* snapshot = cleat_snapshot_create(&options, &error);
    EXPECT_TRUE((snapshot == nullptr) != (error == nullptr));
    cleat_error_free(error);
    if (snapshot == nullptr) return;
    CleatOptions from = Options();
    from.snapshot = snapshot;
    CleatRuntime* runtime = cleat_open(&from, &error);
    EXPECT_TRUE((runtime == nullptr) != (error == nullptr));
    if (runtime == nullptr) {
      cleat_error_free(error);
    } else {
      Check(cleat_eval(runtime, "kept.f()", nullptr), 42);
      cleat_release(runtime);
    }
    cleat_snapshot_free(snapshot);
  });
}

TEST(Faults, OpeningSaysWhatTheSystemRefused) {
  const struct {
    const char* function;
    int kind;
    const char* message;
  } cases[] = {
      {"aligned_alloc", CLEAT_ERROR_OUT_OF_MEMORY, "out of memory"},
      {"strdup", CLEAT_ERROR_OUT_OF_MEMORY, "out of memory"},
      {"pthread_create", CLEAT_ERROR_SYSTEM, "a thread cannot be started: Resource temporarily unavailable"},
      {"eventfd", CLEAT_ERROR_SYSTEM, "eventfd: Too many open files"},
      {"uv_loop_init", CLEAT_ERROR_SYSTEM, "uv_loop_init: too many open files"},
      {"uv_poll_init", CLEAT_ERROR_SYSTEM, "uv_poll_init: too many open files"},
      {"uv_poll_start", CLEAT_ERROR_SYSTEM, "uv_poll_start: bad file descriptor"},
      {"epoll_create1", CLEAT_ERROR_SYSTEM, "epoll: Too many open files"},
      {"epoll_ctl", CLEAT_ERROR_SYSTEM, "epoll: No space left on device"},
  };
  for (const auto& it : cases) {
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.pumped = strncmp(it.function, "epoll", 5) == 0 || strncmp(it.function, "uv_", 3) == 0;
    CleatError* error = nullptr;
    ArmFaults(0, true, it.function);
    CleatRuntime* runtime = cleat_open(&options, &error);
    DisarmFaults();
    EXPECT_EQ(runtime, nullptr) << it.function;
    ASSERT_NE(error, nullptr) << it.function;
    EXPECT_EQ(cleat_error_kind(error), it.kind) << it.function;
    EXPECT_EQ(Text(cleat_error_message(error)), it.message);
    cleat_error_free(error);
  }
}

// A runtime on a thread of its own opens libuv's loop at its first use.
TEST(Faults, WhatNeedsALoopSaysThatThereIsNone) {
  const struct {
    const char* function;
    const char* problem;
  } cases[] = {
      {"uv_loop_init", "uv_loop_init: too many open files"},
      {"uv_poll_init", "uv_poll_init: too many open files"},
      {"uv_poll_start", "uv_poll_start: bad file descriptor"},
  };
  for (const auto& it : cases) {
    Runtime runtime(Options());
    std::atomic<int> ran{0}, dropped{0};
    ArmFaults(0, true, it.function);
    for (const char* script : {"setTimeout(() => {}, 0)", "setInterval(() => {}, 9)", "AbortSignal.timeout(9)"}) {
      EXPECT_EQ(Result(runtime.Eval(script)).message(),
                std::string("The runtime's loop cannot be opened: ") + it.problem);
    }
    EXPECT_FALSE(cleat_dispatch_after(runtime, 0, Count, &ran, CountDropped));
    DisarmFaults();
    EXPECT_EQ(Result(runtime.Eval("new Promise((r) => setTimeout(r, 0, 42))")).number(), 42) << "and later there is";
    EXPECT_TRUE(cleat_dispatch_after(runtime, 0, Count, &ran, CountDropped));
    EXPECT_TRUE(cleat_wait(runtime, 10000));
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(dropped, 0);
  }
}

TEST(Faults, ATimeLimitThatCannotBeKeptIsAnError) {
  Runtime runtime;
  ArmFaults(0, true, "pthread_create");
  Result result(runtime.Eval("1", 10));
  DisarmFaults();
  EXPECT_EQ(result.kind(), CLEAT_ERROR_SYSTEM);
  EXPECT_EQ(result.message(), "the thread that keeps time limits cannot be started");
  EXPECT_EQ(Result(runtime.Eval("6 * 7", 10000)).number(), 42) << "and later it can";
}

// Fills the queue while memory is short, and then has the JavaScript thread itself send to it: it cannot wait for the
// memory that only it gives back.
void FillAndGo(CleatEnv* env, void* data) {
  auto* sent = static_cast<std::atomic<int>*>(data);
  ArmFaults(0, true, "aligned_alloc");
  while (cleat_dispatch(cleat_runtime(env), Count, sent + 1, nullptr)) ++*sent;
  cleat_call(env, cleat_get(env, cleat_global(env), "go"), nullptr, 0, nullptr);
}

TEST(Faults, TheJavaScriptThreadDoesNotWaitForMemoryThatOnlyItGivesBack) {
  Runtime runtime;
  EXPECT_EQ(Result(runtime.Eval("globalThis.gate = new Promise((r) => globalThis.go = r); 1")).number(), 1);
  constexpr int kWaiting = 100;
  std::atomic<int> delivered{0}, sent[2]{};
  auto done = [](void* data, CleatResult result) {
    EXPECT_EQ(result.error, nullptr);
    Count(nullptr, data);
    cleat_result_free(&result);
  };
  for (int i = 0; i < kWaiting; i++) ASSERT_TRUE(cleat_eval_async(runtime, "gate", nullptr, done, &delivered));
  ASSERT_TRUE(cleat_dispatch(runtime, FillAndGo, sent, nullptr));
  EXPECT_TRUE(cleat_wait(runtime, 30000));
  EXPECT_GT(DisarmFaults(), 0);
  EXPECT_EQ(delivered, kWaiting);
  EXPECT_GT(sent[0], 0);
  EXPECT_EQ(sent[1], sent[0]) << "what was accepted has run";
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
}

}  // namespace
