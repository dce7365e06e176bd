// What the hooks of attached.idl tell their tests.
#ifndef CLEAT_TESTS_ATTACHED_HOOKS_H_
#define CLEAT_TESTS_ATTACHED_HOOKS_H_

#include "cleat/base.h"

#ifdef __cplusplus
extern "C" {
#endif

// How many Gadgets have been finalized, on all threads.
int gadgets_finalized_so_far(void);

// Calls the function that a script gave to keep(), on the JavaScript thread; releases it.
void call_kept(CleatEnv* env);
void release_kept(void);

// Settles the promise of never() at last, which frees it.
void settle_never(void);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_TESTS_ATTACHED_HOOKS_H_
