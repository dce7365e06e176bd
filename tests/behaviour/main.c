// Runs files of JavaScript tests with the bindings of this folder and prints their results as TAP.
//
//   behaviour [--snapshot | --snapshot-of-all] harness.js tests.js...
//
// With --snapshot in a runtime that is opened from a snapshot in which the harness has run, with --snapshot-of-all from
// one in which all files have run.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

static int run(const CleatOptions* options, int count, char** files) {
  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(options, &error);
  if (runtime == NULL) return behaviour_not_open(error);
  int status = behaviour_run(runtime, count, files);
  cleat_close(runtime, CLEAT_CLOSE_FINISH);
  cleat_release(runtime);
  return status;
}

// The first `scripts` of the files run as the snapshot is made.
static int run_from_snapshot(int scripts, int count, char** files) {
  CleatError* error = NULL;
  CleatOptions options = *behaviour_options(scripts, files);
  CleatSnapshot* snapshot = cleat_snapshot_create(&options, &error);
  if (snapshot == NULL) return behaviour_not_open(error);
  options.scripts = NULL;
  options.script_count = 0;
  options.snapshot = snapshot;
  int status = run(&options, count - scripts, files + scripts);
  cleat_snapshot_free(snapshot);
  return status;
}

int main(int count, char** arguments) {
  char** files = arguments + 1;
  bool of_harness = count > 1 && strcmp(arguments[1], "--snapshot") == 0;
  bool of_all = count > 1 && strcmp(arguments[1], "--snapshot-of-all") == 0;
  if (of_harness || of_all) files++;
  int file_count = (int)(arguments + count - files);
  if (file_count < 2) {
    fprintf(stderr, "usage: behaviour [--snapshot | --snapshot-of-all] harness.js tests.js...\n");
    return 1;
  }
  if (of_harness || of_all) return run_from_snapshot(of_all ? file_count : 1, file_count, files);
  return run(behaviour_options(1, files), file_count - 1, files + 1);
}
