// A program that has V8 already: its own platform, isolate, context, and a loop of its own, on the thread that makes
// it.
#ifndef CLEAT_TESTS_ATTACHED_FOREIGN_HOST_H_
#define CLEAT_TESTS_ATTACHED_FOREIGN_HOST_H_

#include <v8.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cleat/attach.h"

class ForeignHost {
 public:
  ForeignHost();
  ForeignHost(const ForeignHost&) = delete;
  ~ForeignHost();  // after its runtimes have been released

  // Attaches with the isolate and the context entered. `with_task`: as a host that has something around its tasks.
  CleatRuntime* Attach(const CleatOptions* options, CleatError** error = nullptr, bool with_task = false);
  CleatHost AsC(bool with_task);

  // Runs the loop until `done`, which it asks after each thing done; false when nothing comes for ten seconds.
  bool RunUntil(const std::function<bool()>& done);

  // Runs what has come up, and nothing else.
  void RunPending();

  // Has the loop run `work`. Any thread.
  void Post(std::function<void()> work);

  // Runs JavaScript of the host's own, with no microtasks after it, and returns the result as text, "threw ..." for an
  // exception.
  std::string Run(const std::string& source);
  void RunMicrotasks();
  void CollectGarbage();

  // Defines a global function of the host's.
  void Define(const char* name, v8::FunctionCallback callback);

  v8::Isolate* isolate;
  v8::Global<v8::Context> context;

  // As the host's functions found it.
  int tasks = 0;                        // calls of CleatHost.task
  std::vector<bool> waits;              // calls of CleatHost.wait
  int turns = 0;                        // dispatched
  std::vector<std::string> rejections;  // unhandled ones

 private:
  static void Dispatch(void* data, CleatTurn* turn);
  static void Task(void* data, void (*run)(void* it), void* it);
  static void Wait(void* data, bool waits);
  static void OnRejection(v8::PromiseRejectMessage message);

  bool RunOne(int milliseconds);

  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator_{v8::ArrayBuffer::Allocator::NewDefaultAllocator()};
  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> queue_;
};

#endif  // CLEAT_TESTS_ATTACHED_FOREIGN_HOST_H_
