// What an AbortSignal does to the native operations that it was given to: their promises are rejected with its reason.
#include <stdlib.h>

#include "promise.h"

// A signal that a pending operation follows.
typedef struct CleatFollowed {
  CleatPending* pending;
  CleatAbortSignal* signal;
  CleatAbortAlgorithm* algorithm;  // NULL once it has run, or the signal was collected
  struct CleatFollowed* next;
} Followed;

// The algorithm of the signal that aborts.
static void abort_operation(CleatEnv* env, void* data) {
  Followed* followed = data;
  CleatPending* pending = followed->pending;
  CleatValue* reason = cleat_abort_signal_get_reason(env, followed->signal);
  followed->algorithm = NULL;
  cleat__pending_abort(pending, reason);
  // What reacts to it has not run yet: that is a microtask.
  pending->aborted(pending);
}

// That will never abort.
static void forget(void* data) { ((Followed*)data)->algorithm = NULL; }

bool cleat__pending_follow(CleatPending* pending, CleatAbortSignal* signal) {
  Followed* followed = malloc(sizeof(*followed));
  if (followed == NULL) {
    cleat_throw_range(pending->env, "out of memory");
    return false;
  }
  *followed = (Followed){pending, signal, NULL, pending->followed};
  followed->algorithm = cleat_abort_signal_add(pending->env, signal, abort_operation, followed, forget);
  if (followed->algorithm == NULL) {
    free(followed);
    return false;
  }
  pending->followed = followed;
  return true;
}

void cleat__pending_unfollow(CleatPending* pending) {
  while (pending->followed != NULL) {
    Followed* followed = pending->followed;
    pending->followed = followed->next;
    cleat_abort_algorithm_remove(followed->algorithm);
    free(followed);
  }
}
