// The rows of runtime_rows.cc.
#ifndef CLEAT_TESTS_BENCH_RUNTIME_ROWS_H_
#define CLEAT_TESTS_BENCH_RUNTIME_ROWS_H_

#include "hooks.h"

#ifdef __cplusplus
extern "C" {
#endif

// Measures what a runtime that is open, and has nothing to do, costs; a row whose name has `filter` in it.
void bench_idle_row(const char* filter);

// Measures the rows whose names have `filter` in them, on a runtime that is otherwise idle.
void bench_runtime_rows(CleatRuntime* runtime, const char* filter, int rounds);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_BENCH_RUNTIME_ROWS_H_
