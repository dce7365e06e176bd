// What the tests of the shim stand on: an engine on the test's own thread, whose host keeps posted tasks in a list.
#ifndef CLEAT_TESTS_SHIM_FIXTURE_H_
#define CLEAT_TESTS_SHIM_FIXTURE_H_

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/v8/shim.h"

// A host: takes tasks from any thread, and notes rejections and uncaught exceptions as text.
class Host {
 public:
  ~Host();
  CleatEngineHost AsC();

  // Runs what was posted, waiting up to `milliseconds` for a first one. Returns how many ran.
  int RunTasks(int milliseconds = 0);

  bool refuses = false;  // tasks
  int refused = 0;

  std::vector<std::string> rejections;  // "rejected REASON" or "handled REASON"
  std::function<void()> interrupted;    // called after cleat__interrupt
  CleatEngine* engine = nullptr;
  std::function<CleatValue*(void* data, int kind, const void* lazy)> compute;

 private:
  static bool Post(void* data, CleatForegroundTask* task, double delay_ms);
  static void Rejected(void* data, CleatValue* promise, CleatValue* reason, bool handled);

  std::mutex mutex_;
  std::condition_variable posted_;
  std::list<CleatForegroundTask*> tasks_;
};

// What cleat__try caught, as C++ values.
struct Caught {
  bool happened = false;
  bool terminated = false;
  std::string value;
  std::string message;
  std::string script;
  std::string source_line;
  std::string stack;
  uint32_t line = 0;
  uint32_t column = 0;
};

// Open to native functions, which reach their test through a static pointer.
class ShimTest : public testing::Test {
 public:
  void SetUp() override { Open({}); }
  void TearDown() override { Close(); }

  void Open(const CleatEngineOptions& options);
  void Close();

  // Runs a script that must not throw.
  CleatValue* Run(const std::string& source);

  // The same, as text, number or boolean.
  std::string Text(const std::string& source) { return TextOf(Run(source)); }
  double Number(const std::string& source);
  bool True(const std::string& source);

  // Runs `body` or a script in cleat__try.
  Caught Try(const std::function<void()>& body);
  Caught TryRun(const std::string& source);

  std::string TextOf(CleatValue* value) { return TextOf(engine, value); }
  static std::string TextOf(CleatEngine* engine, CleatValue* value);
  CleatValue* String(const std::string& text);
  CleatValue* Key(const char* name) { return cleat__interned(engine, name); }

  // Defines a global function.
  void Define(const char* name, CleatNative native, const void* data = nullptr, int length = 0);
  void DefineGlobal(const char* name, CleatValue* value);

  Host host;
  CleatEngine* engine = nullptr;

 private:
  CleatEngineEntry entry_;
};

#endif  // CLEAT_TESTS_SHIM_FIXTURE_H_
