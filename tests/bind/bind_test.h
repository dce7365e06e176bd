// What the tests of bindings share: a runtime with the bindings of fixture.h, and scripts whose result is text.
#ifndef CLEAT_TESTS_BIND_BIND_TEST_H_
#define CLEAT_TESTS_BIND_BIND_TEST_H_

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "cleat/cleat.h"
#include "fixture.h"

class BindTest : public testing::Test {
 protected:
  void SetUp() override {
    fixture_reset();
    Open(0);
  }

  void TearDown() override { cleat_release(runtime_); }

  void Open(size_t capability_count) {
    static const CleatBindings* const bindings[] = {&fixture_bindings, &conversion_bindings};
    static const char* const capabilities[] = {"secrets"};
    CleatOptions options = CLEAT_OPTIONS_INIT;
    options.bindings = bindings;
    options.binding_count = 2;
    options.capabilities = capabilities;
    options.capability_count = capability_count;
    options.uncaught = [](void* data, const CleatError*) { ++*static_cast<std::atomic<int>*>(data); };
    options.data = &uncaught_;
    CleatError* error = nullptr;
    runtime_ = cleat_open(&options, &error);
    ASSERT_NE(runtime_, nullptr) << cleat_error_text(error).data;
  }

  void Close(CleatCloseMode mode = CLEAT_CLOSE_DROP) { cleat_close(runtime_, mode); }

  // The completion value of `source` as a string, or "Name: message" of what it throws.
  std::string Eval(const std::string& source) {
    CleatResult result = cleat_eval(runtime_, source.c_str(), nullptr);
    std::string text;
    if (result.error != nullptr) {
      text = std::string(cleat_error_name(result.error).data) + ": " + cleat_error_message(result.error).data;
    } else if (cleat_data_kind(result.value) == CLEAT_DATA_STRING) {
      CleatString string = cleat_data_string(result.value);
      text.assign(string.data, string.length);
    } else if (cleat_data_kind(result.value) == CLEAT_DATA_NUMBER) {
      char buffer[40];
      snprintf(buffer, sizeof(buffer), "%.17g", cleat_data_number(result.value));
      text = buffer;
    } else if (cleat_data_kind(result.value) == CLEAT_DATA_BOOLEAN) {
      text = cleat_data_boolean(result.value) ? "true" : "false";
    } else {
      text = cleat_data_kind(result.value) == CLEAT_DATA_UNDEFINED ? "undefined" : "another kind";
    }
    cleat_result_free(&result);
    return text;
  }

  // Runs body(env) as a task and waits for its end.
  template <typename Body>
  void Run(Body body) {
    struct Job {
      Body* body;
      std::atomic<bool> done{false};
    } job{&body};
    ASSERT_TRUE(cleat_dispatch(
        runtime_,
        [](CleatEnv* env, void* data) {
          Job* it = static_cast<Job*>(data);
          (*it->body)(env);
          it->done = true;
        },
        &job, nullptr));
    while (!job.done) std::this_thread::yield();
  }

  // Collects garbage until the finalizers have run.
  void CollectGarbage() {
    Run([](CleatEnv* env) { fixture_collect_garbage(env); });
    Run([](CleatEnv*) {});
    Run([](CleatEnv*) {});
  }

  CleatRuntime* runtime_ = nullptr;
  std::atomic<int> uncaught_{0};
};

#endif  // CLEAT_TESTS_BIND_BIND_TEST_H_
