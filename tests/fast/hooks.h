// What the hooks count.
#ifndef CLEAT_TESTS_FAST_HOOKS_H_
#define CLEAT_TESTS_FAST_HOOKS_H_

#include "cleat/cleat.h"
#include "fast.h"

#ifdef __cplusplus
extern "C" {
#endif

// Counts the calls of `runtime` from here on, until it is closed; NULL: none.
void test_count_in(CleatRuntime* runtime);

extern int test_fast;  // calls by optimised code
extern int test_slow;  // all others

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_FAST_HOOKS_H_
