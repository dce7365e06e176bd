// AbortController: https://dom.spec.whatwg.org/#interface-abortcontroller.
#include <stdlib.h>

#include "abort.h"
#include "cleat/events.h"

// The signal is made when it is first asked for.
struct CleatAbortController {
  CleatAbortSignal* signal;
  CleatRef* kept;  // the signal's wrapper, in that of the controller
};

CleatAbortController* cleat_abort_controller_new(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  CleatAbortController* self = calloc(1, sizeof(*self));
  if (self == NULL) cleat_throw_range(env, "out of memory");
  return self;
}

void cleat_abort_controller_finalize(CleatAbortController* self) {
  cleat_ref_free(self->kept);
  free(self);
}

CleatAbortSignal* cleat_abort_controller_get_signal(CleatEnv* env, CleatAbortController* self) {
  CLEAT_CHECK_ENV(env);
  if (self->signal != NULL || env->pending) return self->signal;
  CleatAbortSignal* signal = cleat__signal_new(env);
  if (signal == NULL) return NULL;
  CleatValue* wrapper = cleat_wrap(env, &cleat_abort_signal_class, signal);
  self->kept = cleat_hold_in(env, &cleat_abort_controller_class, self, wrapper);
  if (self->kept != NULL) self->signal = signal;
  return self->signal;
}

void cleat_abort_controller_abort(CleatEnv* env, CleatAbortController* self, CleatValue* reason) {
  CleatAbortSignal* signal = cleat_abort_controller_get_signal(env, self);
  // The wrapper comes into the scope of this call.
  if (signal != NULL && cleat_held(env, self->kept) != NULL) cleat__signal_abort(env, signal, reason);
}
