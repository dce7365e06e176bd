// What the tests of the core share: a runtime that closes itself, and what came of an evaluation.
#ifndef CLEAT_TESTS_CORE_CORE_TEST_H_
#define CLEAT_TESTS_CORE_CORE_TEST_H_

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cleat/cleat.h"

inline std::string Text(CleatString string) {
  return string.data == nullptr ? "(null)" : std::string(string.data, string.length);
}

// What cleat_eval gave, freed at the end.
class Result {
 public:
  explicit Result(CleatResult result) : result_(result) {}
  Result(const Result&) = delete;
  ~Result() { cleat_result_free(&result_); }

  const CleatData* value() const { return result_.value; }
  const CleatError* error() const { return result_.error; }
  double number() const { return cleat_data_number(result_.value); }
  std::string string() const { return Text(cleat_data_string(result_.value)); }
  std::string message() const { return result_.error == nullptr ? "" : Text(cleat_error_message(result_.error)); }
  std::string text() const { return result_.error == nullptr ? "" : Text(cleat_error_text(result_.error)); }
  // -1 for no error.
  int kind() const { return result_.error == nullptr ? -1 : static_cast<int>(cleat_error_kind(result_.error)); }

 private:
  CleatResult result_;
};

inline void Sleep(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

// A runtime that collects what is uncaught, and is released at the end.
class Runtime {
 public:
  Runtime() : Runtime(CLEAT_OPTIONS_INIT) {}
  explicit Runtime(CleatOptions options) {
    options.data = this;
    options.uncaught = OnUncaught;
    CleatError* error = nullptr;
    runtime_ = cleat_open(&options, &error);
    EXPECT_EQ(error, nullptr) << (error == nullptr ? "" : Text(cleat_error_text(error)));
  }
  ~Runtime() { Release(); }

  operator CleatRuntime*() const { return runtime_; }

  void Release() {
    if (runtime_ != nullptr) cleat_release(runtime_);
    runtime_ = nullptr;
  }

  CleatResult Eval(const char* source, uint32_t timeout_ms = 0) const {
    CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
    options.name = "test.js";
    options.timeout_ms = timeout_ms;
    return cleat_eval(runtime_, source, &options);
  }

  // Has `run` called on the JavaScript thread; false when it is refused. Never called, it is dropped.
  bool Dispatch(std::function<void(CleatEnv*)> run, std::function<void()> drop = nullptr) const {
    auto* task = new Task{std::move(run), std::move(drop)};
    bool accepted = cleat_dispatch(
        runtime_,
        [](CleatEnv* env, void* data) {
          auto* task = static_cast<Task*>(data);
          task->run(env);
          delete task;
        },
        task,
        [](void* data) {
          auto* task = static_cast<Task*>(data);
          if (task->drop) task->drop();
          delete task;
        });
    if (!accepted) delete task;
    return accepted;
  }

  // Runs `run` on the JavaScript thread and waits until its task has ended, with all that is reported.
  void OnThread(const std::function<void(CleatEnv*)>& run) const {
    std::promise<void> ran, ended;
    ASSERT_TRUE(Dispatch([&](CleatEnv* env) {
      run(env);
      ran.set_value();
    }));
    bool accepted = Dispatch([&](CleatEnv*) { ended.set_value(); }, [&] { ended.set_value(); });
    ran.get_future().wait();
    if (accepted) ended.get_future().wait();
  }

  // Returns once another thread has begun to close it.
  void WaitUntilClosing() const {
    while (Dispatch([](CleatEnv*) {})) Sleep(1);
  }

  std::vector<std::string> Uncaught() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return uncaught_;
  }

  // Called with each uncaught error, on the JavaScript thread.
  std::function<void(const CleatError*)> on_uncaught;

 private:
  struct Task {
    std::function<void(CleatEnv*)> run;
    std::function<void()> drop;
  };

  static void OnUncaught(void* data, const CleatError* error) {
    auto* self = static_cast<Runtime*>(data);
    {
      std::lock_guard<std::mutex> lock(self->mutex_);
      self->uncaught_.push_back(Text(cleat_error_name(error)) + ": " + Text(cleat_error_message(error)));
    }
    if (self->on_uncaught) self->on_uncaught(error);
  }

  CleatRuntime* runtime_ = nullptr;
  mutable std::mutex mutex_;
  std::vector<std::string> uncaught_;
};

#endif  // CLEAT_TESTS_CORE_CORE_TEST_H_
