// The fixture of the shim's tests.

#include "fixture.h"

#include <chrono>

// The sanitizers' own calloc would end the process where there is not so much memory, instead of saying so.
extern "C" CLEAT_EXPORT const char* __asan_default_options();
extern "C" CLEAT_EXPORT const char* __asan_default_options() { return "allocator_may_return_null=1"; }
extern "C" CLEAT_EXPORT const char* __tsan_default_options();
extern "C" CLEAT_EXPORT const char* __tsan_default_options() { return "allocator_may_return_null=1"; }

Host::~Host() {
  for (CleatForegroundTask* task : tasks_) cleat__foreground_task_free(task);
}

CleatEngineHost Host::AsC() {
  CleatEngineHost host = {};
  host.data = this;
  host.post = Post;
  host.rejected = Rejected;
  host.interrupted = [](void* data) {
    auto* host = static_cast<Host*>(data);
    if (host->interrupted) host->interrupted();
  };
  host.compute = [](void* data, int kind, const void* lazy) {
    return static_cast<Host*>(data)->compute(data, kind, lazy);
  };
  return host;
}

bool Host::Post(void* data, CleatForegroundTask* task, double) {
  Host* host = static_cast<Host*>(data);
  std::lock_guard<std::mutex> lock(host->mutex_);
  if (host->refuses) {
    host->refused++;
    return false;
  }
  host->tasks_.push_back(task);
  host->posted_.notify_all();
  return true;
}

int Host::RunTasks(int milliseconds) {
  std::list<CleatForegroundTask*> tasks;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    posted_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return !tasks_.empty(); });
    tasks.swap(tasks_);
  }
  for (CleatForegroundTask* task : tasks) cleat__foreground_task_run(task);
  return static_cast<int>(tasks.size());
}

void Host::Rejected(void* data, CleatValue* promise, CleatValue* reason, bool handled) {
  Host* host = static_cast<Host*>(data);
  EXPECT_TRUE(cleat__is_promise(promise));
  CleatValue* text = cleat__to_string(host->engine, reason);
  size_t length = cleat__string_wtf8_length(host->engine, text);
  std::string out(length, '\0');
  cleat__string_write_wtf8(host->engine, text, &out[0], false);
  host->rejections.push_back((handled ? "handled " : "rejected ") + out);
}

void ShimTest::Open(const CleatEngineOptions& options) {
  CleatEngineHost c = host.AsC();
  engine = cleat__engine_open(&options, &c);
  ASSERT_NE(engine, nullptr);
  host.engine = engine;
  cleat__engine_enter(engine, &entry_);
}

void ShimTest::Close() {
  if (engine == nullptr) return;
  cleat__engine_leave(engine, &entry_);
  cleat__engine_close(engine);
  engine = nullptr;
}

std::string ShimTest::TextOf(CleatEngine* engine, CleatValue* value) {
  if (value == nullptr) return "NULL";
  CleatValue* text = cleat__to_string(engine, value);
  if (text == nullptr) return "no text";
  std::string out(cleat__string_wtf8_length(engine, text), '\0');
  cleat__string_write_wtf8(engine, text, &out[0], false);
  return out;
}

CleatValue* ShimTest::String(const std::string& text) { return cleat__string_wtf8(engine, text.data(), text.size()); }

CleatValue* ShimTest::Run(const std::string& source) {
  CleatValue* value = cleat__run_script(engine, source.data(), source.size(), "test.js", 1, nullptr);
  EXPECT_NE(value, nullptr) << source;
  return value;
}

double ShimTest::Number(const std::string& source) {
  CleatValue* value = Run(source);
  return value != nullptr && cleat__is_number(value) ? cleat__number_value(value) : -12345;
}

bool ShimTest::True(const std::string& source) {
  CleatValue* value = Run(source);
  return value != nullptr && cleat__boolean_value(engine, value);
}

Caught ShimTest::Try(const std::function<void()>& body) {
  struct Data {
    CleatEngine* engine;
    const std::function<void()>* body;
    Caught caught;
  } data = {engine, &body, {}};
  bool fine = cleat__try(
      engine, [](void* data) { (*static_cast<Data*>(data)->body)(); },
      [](void* data, const CleatException* exception) {
        CleatEngine* engine = static_cast<Data*>(data)->engine;
        Caught& caught = static_cast<Data*>(data)->caught;
        caught.happened = true;
        caught.terminated = exception->terminated;
        caught.line = exception->line;
        caught.column = exception->column;
        if (exception->terminated) {
          EXPECT_EQ(exception->value, nullptr);
          return;
        }
        caught.value = TextOf(engine, exception->value);
        caught.message = TextOf(engine, exception->message);
        caught.script = TextOf(engine, exception->script);
        caught.source_line = TextOf(engine, exception->source_line);
        caught.stack = TextOf(engine, exception->stack);
      },
      &data);
  EXPECT_EQ(fine, !data.caught.happened);
  return data.caught;
}

Caught ShimTest::TryRun(const std::string& source) {
  return Try([&] { cleat__run_script(engine, source.data(), source.size(), "test.js", 1, nullptr); });
}

void ShimTest::Define(const char* name, CleatNative native, const void* data, int length) {
  DefineGlobal(name, cleat__function(engine, name, length, native, data));
}

void ShimTest::DefineGlobal(const char* name, CleatValue* value) {
  ASSERT_TRUE(cleat__define(engine, cleat__global(engine), Key(name), value, CLEAT_DONT_ENUM));
}
