// Runs the tests of behaviour in a runtime that is attached to a host, and prints their results as TAP:
//
//   attached_behaviour harness.js tests.js...
#include <atomic>
#include <cstdio>
#include <thread>

#include "foreign_host.h"
#include "tests/behaviour/run.h"

int main(int count, char** arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: attached_behaviour harness.js tests.js...\n");
    return 1;
  }
  ForeignHost host;
  CleatError* error = nullptr;
  CleatRuntime* runtime = host.Attach(behaviour_options(1, arguments + 1), &error);
  if (runtime == nullptr) return behaviour_not_open(error);
  std::atomic<bool> done{false};
  int status = 1;
  std::thread tester([&] {
    status = behaviour_run(runtime, count - 2, arguments + 2);
    done = true;
    host.Post([] {});
  });
  host.RunUntil([&] { return done.load(); });
  tester.join();
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  cleat_release(runtime);
  return status;
}
