// Snapshots as the other files of a runtime see them.
#ifndef CLEAT_RUNTIME_SNAPSHOT_H_
#define CLEAT_RUNTIME_SNAPSHOT_H_

#include "runtime.h"

// A snapshot that is being made: what a runtime that is opened for one leaves behind.
struct CleatSnapshotMaking {
  bool checked;        // nothing stood in the way when the scripts had run
  void* heap;          // what the engine gave; owned, NULL where it gave nothing
  size_t length;       // of that
  char obstacle[256];  // why
};

// Checks the snapshot that `runtime` is to be opened from, where it has one. V8 has been started. On the thread that
// opens it, once.
void cleat__snapshot_read(CleatRuntime* runtime);

// Waits until that was done. Returns an error, owned, where the runtime cannot be opened from it; else NULL, and the
// runtime knows where in it what the engine gave is. On the JavaScript thread, once.
CleatError* cleat__snapshot_await(CleatRuntime* runtime);

// Returns an error, owned, that names what a snapshot cannot hold, or NULL; then no script may run any more. On the
// JavaScript thread, outside of tasks.
CleatError* cleat__snapshot_check(CleatEnv* env);

// Makes the snapshot and closes the engine.
void cleat__snapshot_take_heap(CleatEnv* env);

#endif  // CLEAT_RUNTIME_SNAPSHOT_H_
