// A blocking operation of the tests' own, which scripts begin by calling `start()`.
#ifndef CLEAT_TESTS_CORE_BLOCKING_H_
#define CLEAT_TESTS_CORE_BLOCKING_H_

#include "cleat/bind.h"
#include "core_test.h"

class Blocking {
 public:
  // Calls `work` on a thread of the pool, once `start` is called; that returns when the operation has begun, and has
  // had time to wait for something.
  Blocking(const Runtime& runtime, std::function<int()> work) : work_(std::move(work)) {
    runtime.OnThread([this](CleatEnv* env) {
      cleat_set(env, cleat_global(env), "start", cleat_function(env, "start", 0, Start, this));
    });
  }

  // Waits for what the work returns. A test that hangs says why.
  int Answer() {
    std::future<int> answer = answer_.get_future();
    if (answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready) return answer.get();
    fprintf(stderr, "a blocking operation and its runtime wait for each other\n");
    abort();
  }

 private:
  struct Job {
    CleatJob base;
    Blocking* blocking;
  };

  static void Start(CleatCall* call) {
    static const CleatJobType type = {sizeof(Job), Run, Make, nullptr};
    CleatJob* job = cleat_job(call, &type);
    ASSERT_NE(job, nullptr);
    auto* blocking = static_cast<Blocking*>(cleat_call_data(call));
    reinterpret_cast<Job*>(job)->blocking = blocking;
    cleat_job_start(call, job);
    blocking->begun_.get_future().wait();
    Sleep(50);
  }

  static void Run(CleatJob* job) {
    Blocking* blocking = reinterpret_cast<Job*>(job)->blocking;
    blocking->begun_.set_value();
    blocking->answer_.set_value(blocking->work_());
  }

  static CleatValue* Make(CleatEnv* env, CleatJob*) { return cleat_number(env, 42); }

  const std::function<int()> work_;
  std::promise<void> begun_;
  std::promise<int> answer_;
};

#endif  // CLEAT_TESTS_CORE_BLOCKING_H_
