// Bindings written by hand as bindgen would write them, for the tests of what glue calls; and what their hooks counted.
#ifndef CLEAT_TESTS_BIND_FIXTURE_H_
#define CLEAT_TESTS_BIND_FIXTURE_H_

#include "cleat/bind.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const CleatBindings fixture_bindings;     // interfaces, a namespace, functions
extern const CleatBindings conversion_bindings;  // one function per conversion of numbers

// How many native objects were made and finalized.
int fixture_made(void);
int fixture_finalized(void);

// Gives out the promise of the last call of neverSettled().
CleatPromise* fixture_take_promise(void);

// Gives out the callback that keep() kept.
CleatCallback* fixture_take_callback(void);

// Makes block() wait until it is called again with false.
void fixture_hold_blocking(bool hold);

// How many jobs have begun to run, and how many results of them were freed.
int fixture_jobs_run(void);
int fixture_results_freed(void);

// Collects garbage as far as V8 can; finalizers run in later tasks.
void fixture_collect_garbage(CleatEnv* env);

void fixture_reset(void);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_BIND_FIXTURE_H_
