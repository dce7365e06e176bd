// The tests of behaviour, in whatever runtime.
#ifndef CLEAT_TESTS_BEHAVIOUR_RUN_H_
#define CLEAT_TESTS_BEHAVIOUR_RUN_H_

#include "cleat/cleat.h"

#ifdef __cplusplus
extern "C" {
#endif

// Returns the options of a runtime that they run in, static; what is in the files is run when it opens, harness.js
// first.
const CleatOptions* behaviour_options(int count, char** paths);

// Prints why there is no runtime, frees the error, and returns the exit status.
int behaviour_not_open(CleatError* error);

// Loads the files of tests, runs them, prints TAP, and returns the exit status. Not on the JavaScript thread of an
// attached runtime, which cannot wait.
int behaviour_run(CleatRuntime* runtime, int count, char** paths);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_BEHAVIOUR_RUN_H_
