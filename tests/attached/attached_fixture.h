// What the tests of attached runtimes share: a host, and the bindings of attached.idl.
#ifndef CLEAT_TESTS_ATTACHED_ATTACHED_FIXTURE_H_
#define CLEAT_TESTS_ATTACHED_ATTACHED_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "attached.h"
#include "cleat/attach.h"
#include "foreign_host.h"
#include "hooks.h"

inline CleatOptions AttachedOptions() {
  static const CleatBindings* bindings[] = {&attached_bindings, &cleat_timers_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 2;
  return options;
}

inline std::string ErrorText(CleatError* error) {
  std::string text = error == nullptr ? "no error" : cleat_error_message(error).data;
  cleat_error_free(error);
  return text;
}

// A host with a runtime, released at the end.
class AttachedTest : public testing::Test {
 protected:
  void SetUp() override { Attach(); }
  void TearDown() override { Release(); }

  void Attach(bool with_task = false) {
    Release();
    CleatOptions options = AttachedOptions();
    options.data = this;
    options.uncaught = [](void* data, const CleatError* error) {
      static_cast<AttachedTest*>(data)->uncaught.push_back(cleat_error_text(error).data);
    };
    host = std::make_unique<ForeignHost>();
    CleatError* error = nullptr;
    runtime = host->Attach(&options, &error, with_task);
    ASSERT_NE(runtime, nullptr) << ErrorText(error);
  }

  void Release() {
    release_kept();
    if (runtime != nullptr) cleat_release(runtime);
    runtime = nullptr;
    host.reset();
  }

  // Evaluates on another thread, while the host's loop runs; the value or the error's message, as text.
  std::string Eval(const std::string& source, uint32_t timeout_ms = 0) {
    std::string text;
    std::atomic<bool> done{false};
    std::thread thread([&] {
      CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
      options.timeout_ms = timeout_ms;
      CleatResult result = cleat_eval(runtime, source.c_str(), &options);
      text = result.error != nullptr ? "threw " + std::string(cleat_error_message(result.error).data)
             : cleat_data_kind(result.value) == CLEAT_DATA_STRING ? std::string(cleat_data_string(result.value).data)
                                                                  : std::to_string(cleat_data_number(result.value));
      cleat_result_free(&result);
      done = true;
      host->Post([] {});
    });
    host->RunUntil([&] { return done.load(); });
    thread.join();
    return text;
  }

  // Runs the host's loop until JavaScript finds `condition` true, looking after each thing that was done.
  bool RunUntil(const std::string& condition) {
    return host->RunUntil([&] { return host->Run(condition) == "true"; });
  }

  std::unique_ptr<ForeignHost> host;
  CleatRuntime* runtime = nullptr;
  std::vector<std::string> uncaught;
};

#endif  // CLEAT_TESTS_ATTACHED_ATTACHED_FIXTURE_H_
