// Aborting, as the files of AbortSignal and AbortController share it.
#ifndef CLEAT_RUNTIME_HOST_ABORT_H_
#define CLEAT_RUNTIME_HOST_ABORT_H_

#include "cleat/event.h"
#include "env.h"

// Returns a signal that has not aborted, owned until it is wrapped. [throws]
CleatAbortSignal* cleat__signal_new(CleatEnv* env);

// DOM "signal abort". `signal` has a wrapper, which is in the current scope; `reason` is NULL or undefined for an
// AbortError. [js]
void cleat__signal_abort(CleatEnv* env, CleatAbortSignal* signal, CleatValue* reason);

#endif  // CLEAT_RUNTIME_HOST_ABORT_H_
