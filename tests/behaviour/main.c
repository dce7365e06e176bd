// Runs files of JavaScript tests with the bindings of this folder and prints their results as TAP.
//
//   behaviour harness.js tests.js...
#include <stdio.h>

#include "run.h"

int main(int count, char** arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: behaviour harness.js tests.js...\n");
    return 1;
  }
  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(behaviour_options(arguments[1]), &error);
  if (runtime == NULL) return behaviour_not_open(error);
  int status = behaviour_run(runtime, count - 2, arguments + 2);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  cleat_release(runtime);
  return status;
}
