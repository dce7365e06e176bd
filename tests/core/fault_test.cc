// What fails in the system under the core: memory, threads, descriptors, libuv. The linker puts the functions of this
// file in between (BUILD.gn), and one call after the other is made to fail, alone or with all that follow: nothing
// crashes, hangs or, as AddressSanitizer's leak check sees, leaks, and whoever asked is told.
#include <sys/epoll.h>
#include <uv.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core_test.h"
#include "faults.h"

namespace {

// Which calls fail, where `armed`: number `first` of those of the function `only` (NULL: of all), and where `rest` is
// set all after it.
std::atomic<bool> armed{false};
std::atomic<long> calls{0}, first{0}, failed{0};
std::atomic<bool> rest{false};
std::atomic<const char*> only{nullptr};
std::atomic<bool (*)()> on_fault{nullptr};

bool Fails(const char* function) {
  const char* wanted = only;
  if (!armed || (wanted != nullptr && strcmp(function, wanted) != 0)) return false;
  long number = calls++;
  bool fails = number == first || (number > first && rest);
  if (!fails) return false;
  bool (*act)() = on_fault;
  if (act != nullptr && !act()) return false;
  failed++;
  return true;
}

template <class T>
T Failed(T result, int error) {
  errno = error;
  return result;
}

}  // namespace

void ArmFaults(long number, bool all_that_follow, const char* function) {
  calls = failed = 0;
  first = number;
  rest = all_that_follow;
  only = function;
  armed = true;
}

void OnFault(bool (*act)()) { on_fault = act; }

long DisarmFaults() {
  armed = false;
  on_fault = nullptr;
  return failed;
}

// Visible, since the linker holds what other libraries call by these names against them.
#pragma GCC visibility push(default)
extern "C" {

void* __real_malloc(size_t size);
void* __wrap_malloc(size_t size) { return Fails("malloc") ? Failed(nullptr, ENOMEM) : __real_malloc(size); }

void* __real_aligned_alloc(size_t alignment, size_t size);
void* __wrap_aligned_alloc(size_t alignment, size_t size) {
  return Fails("aligned_alloc") ? Failed(nullptr, ENOMEM) : __real_aligned_alloc(alignment, size);
}

void* __real_calloc(size_t count, size_t size);
void* __wrap_calloc(size_t count, size_t size) {
  return Fails("calloc") ? Failed(nullptr, ENOMEM) : __real_calloc(count, size);
}

void* __real_realloc(void* memory, size_t size);
void* __wrap_realloc(void* memory, size_t size) {
  return Fails("realloc") ? Failed(nullptr, ENOMEM) : __real_realloc(memory, size);
}

void* __real__ZnwmRKSt9nothrow_t(size_t size, const std::nothrow_t& tag);
void* __wrap__ZnwmRKSt9nothrow_t(size_t size, const std::nothrow_t& tag) {
  return Fails("new") ? nullptr : __real__ZnwmRKSt9nothrow_t(size, tag);
}

void* __real__ZnamRKSt9nothrow_t(size_t size, const std::nothrow_t& tag);
void* __wrap__ZnamRKSt9nothrow_t(size_t size, const std::nothrow_t& tag) {
  return Fails("new") ? nullptr : __real__ZnamRKSt9nothrow_t(size, tag);
}

char* __real_strdup(const char* text);
char* __wrap_strdup(const char* text) { return Fails("strdup") ? Failed(nullptr, ENOMEM) : __real_strdup(text); }

int __real_vasprintf(char** out, const char* format, va_list arguments);
int __wrap_vasprintf(char** out, const char* format, va_list arguments) {
  return Fails("vasprintf") ? Failed(-1, ENOMEM) : __real_vasprintf(out, format, arguments);
}

int __wrap_asprintf(char** out, const char* format, ...) {
  if (Fails("asprintf")) return Failed(-1, ENOMEM);
  va_list arguments;
  va_start(arguments, format);
  int length = __real_vasprintf(out, format, arguments);
  va_end(arguments);
  return length;
}

FILE* __real_open_memstream(char** text, size_t* length);
FILE* __wrap_open_memstream(char** text, size_t* length) {
  return Fails("open_memstream") ? Failed(nullptr, ENOMEM) : __real_open_memstream(text, length);
}

int __real_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data);
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data) {
  return Fails("pthread_create") ? EAGAIN : __real_pthread_create(thread, attributes, main, data);
}

int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags) {
  return Fails("eventfd") ? Failed(-1, EMFILE) : __real_eventfd(value, flags);
}

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags) {
  return Fails("epoll_create1") ? Failed(-1, EMFILE) : __real_epoll_create1(flags);
}

int __real_epoll_ctl(int epoll, int operation, int fd, epoll_event* event);
int __wrap_epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
  return Fails("epoll_ctl") ? Failed(-1, ENOSPC) : __real_epoll_ctl(epoll, operation, fd, event);
}

int __real_uv_loop_init(uv_loop_t* loop);
int __wrap_uv_loop_init(uv_loop_t* loop) { return Fails("uv_loop_init") ? UV_EMFILE : __real_uv_loop_init(loop); }

int __real_uv_poll_init(uv_loop_t* loop, uv_poll_t* handle, int fd);
int __wrap_uv_poll_init(uv_loop_t* loop, uv_poll_t* handle, int fd) {
  return Fails("uv_poll_init") ? UV_EMFILE : __real_uv_poll_init(loop, handle, fd);
}

int __real_uv_poll_start(uv_poll_t* handle, int events, uv_poll_cb callback);
int __wrap_uv_poll_start(uv_poll_t* handle, int events, uv_poll_cb callback) {
  return Fails("uv_poll_start") ? UV_EBADF : __real_uv_poll_start(handle, events, callback);
}

}  // extern "C"
#pragma GCC visibility pop

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
    DisarmFaults();
    if (failed == 0 || testing::Test::HasFailure()) break;
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
    options.pumped = strncmp(it.function, "epoll", 5) == 0;
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
  DisarmFaults();
  EXPECT_GT(failed, 0);
  EXPECT_EQ(delivered, kWaiting);
  EXPECT_GT(sent[0], 0);
  EXPECT_EQ(sent[1], sent[0]) << "what was accepted has run";
  EXPECT_EQ(Result(runtime.Eval("6 * 7")).number(), 42);
}

}  // namespace
