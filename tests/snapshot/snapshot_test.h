// What the tests of snapshots share: one that frees itself, and runtimes that are opened from it.
#ifndef CLEAT_TESTS_SNAPSHOT_SNAPSHOT_TEST_H_
#define CLEAT_TESTS_SNAPSHOT_SNAPSHOT_TEST_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cleat/cleat.h"

inline std::string Text(CleatString string) { return std::string(string.data, string.length); }

// Options with bindings, capabilities and scripts that live as long as they do.
class Options {
 public:
  explicit Options(std::vector<const CleatBindings*> bindings = {}, std::vector<std::string> scripts = {})
      : bindings_(std::move(bindings)), scripts_(std::move(scripts)) {
    options.bindings = bindings_.empty() ? nullptr : bindings_.data();
    options.binding_count = bindings_.size();
    for (const std::string& script : scripts_) c_scripts_.push_back({"bootstrap.js", script.c_str(), 0});
    options.scripts = c_scripts_.empty() ? nullptr : c_scripts_.data();
    options.script_count = c_scripts_.size();
  }
  Options(const Options&) = delete;

  CleatOptions options = CLEAT_OPTIONS_INIT;

 private:
  const std::vector<const CleatBindings*> bindings_;
  const std::vector<std::string> scripts_;
  std::vector<CleatScript> c_scripts_;
};

// A snapshot, or the message of why there is none.
class Snapshot {
 public:
  explicit Snapshot(const CleatOptions& options) {
    CleatError* failure = nullptr;
    snapshot_ = cleat_snapshot_create(&options, &failure);
    EXPECT_NE(snapshot_ == nullptr, failure == nullptr);
    if (failure != nullptr) {
      error = Text(cleat_error_message(failure));
      kind = cleat_error_kind(failure);
    }
    cleat_error_free(failure);
  }
  explicit Snapshot(const Options& options) : Snapshot(options.options) {}
  Snapshot(const Snapshot&) = delete;
  ~Snapshot() { cleat_snapshot_free(snapshot_); }

  const CleatSnapshot* get() const { return snapshot_; }
  std::string bytes() const { return std::string(static_cast<const char*>(snapshot_->data), snapshot_->length); }

  std::string error;
  CleatErrorKind kind = CLEAT_ERROR_SYSTEM;

 private:
  CleatSnapshot* snapshot_;
};

// A runtime that was opened, or the message of why it was not.
class Opened {
 public:
  Opened(const CleatOptions& given, const CleatSnapshot* snapshot) {
    CleatOptions options = given;
    options.snapshot = snapshot;
    options.data = this;
    options.uncaught = [](void* data, const CleatError* error) {
      static_cast<Opened*>(data)->uncaught += Text(cleat_error_message(error)) + "\n";
    };
    CleatError* failure = nullptr;
    runtime_ = cleat_open(&options, &failure);
    if (failure != nullptr) {
      error = Text(cleat_error_message(failure));
      kind = cleat_error_kind(failure);
    }
    cleat_error_free(failure);
  }
  Opened(const Opened&) = delete;
  ~Opened() { cleat_release(runtime_); }

  CleatRuntime* get() const { return runtime_; }

  // The value as text, or "Error: ..." of what was thrown.
  std::string Eval(const std::string& code) {
    if (runtime_ == nullptr) return "not open: " + error;
    CleatResult result = cleat_eval(runtime_, ("String(" + code + ")").c_str(), nullptr);
    std::string text =
        result.error != nullptr ? Text(cleat_error_text(result.error)) : Text(cleat_data_string(result.value));
    cleat_result_free(&result);
    return text;
  }

  std::string uncaught;
  std::string error;
  CleatErrorKind kind = CLEAT_ERROR_SYSTEM;

 private:
  CleatRuntime* runtime_;
};

#endif  // CLEAT_TESTS_SNAPSHOT_SNAPSHOT_TEST_H_
