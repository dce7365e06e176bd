// The time limit of an evaluation in what follows its awaits. That runs as microtasks of other tasks, beside those of
// others. V8 tells whose it is: it keeps a value, the token, with each reaction to a promise that is made while that is
// set, and sets it again while the reaction runs. So when the time has passed, whatever runs is interrupted and asked
// for its token, and only what has that of the evaluation is ended; the task in which it happens to run goes on.
#include <stdlib.h>

#include "runtime.h"

// How long what follows may run in a task that begins after the time has passed: about the time between two looks.
#define LOOK_AGAIN_NS UINT64_C(10000000)

struct CleatLimit {
  CleatRuntime* runtime;
  CleatHandle* token;  // weak: where it is collected, nothing can follow any more
  uint64_t deadline;
  uint32_t limit_ms;
  CleatLimit** place;  // of the one who holds it, or NULL
  CleatLimit* next;
  CleatLimit** link;
};

// SETTING IT

// In an isolate of a host the continuation is the host's.
static bool is_ours(const CleatEnv* env) { return env->runtime->attachment == NULL; }

CleatValue* cleat__continuation_begin(CleatEnv* env) {
  if (!is_ours(env)) return NULL;
  CleatValue* token = cleat__object(env->engine);
  cleat__set_continuation(env->engine, token);
  return token;
}

void cleat__continuation_end(CleatEnv* env) {
  if (is_ours(env)) cleat__set_continuation(env->engine, NULL);
}

void cleat__limit_free(CleatLimit* limit) {
  if (limit == NULL) return;
  CleatRuntime* runtime = limit->runtime;
  pthread_mutex_lock(&runtime->mutex);
  *limit->link = limit->next;
  if (limit->next != NULL) limit->next->link = limit->link;
  pthread_mutex_unlock(&runtime->mutex);
  if (limit->place != NULL) *limit->place = NULL;
  cleat__handle_free(limit->token);
  free(limit);
}

// In garbage collection.
static void on_collected(void* limit) { cleat__limit_free(limit); }

bool cleat__limit_set(CleatEnv* env, CleatValue* token, CleatLimit** place, uint64_t deadline, uint32_t limit_ms) {
  CleatRuntime* runtime = env->runtime;
  if (!is_ours(env)) return true;
  CleatLimit* limit = malloc(sizeof(CleatLimit));
  if (limit == NULL) return false;
  *limit = (CleatLimit){.runtime = runtime, .deadline = deadline, .limit_ms = limit_ms, .place = place};
  limit->token = cleat__handle_new(env->engine, token);
  if (limit->token == NULL) {
    free(limit);
    return false;
  }
  cleat__handle_set_weak(limit->token, on_collected, limit);
  if (place != NULL) *place = limit;
  pthread_mutex_lock(&runtime->mutex);
  limit->next = runtime->limits;
  limit->link = &runtime->limits;
  if (limit->next != NULL) limit->next->link = &limit->next;
  runtime->limits = limit;
  cleat__watchdog_look(runtime, deadline);
  pthread_mutex_unlock(&runtime->mutex);
  return true;
}

void cleat__limits_close(CleatEnv* env) {
  while (env->runtime->limits != NULL) cleat__limit_free(env->runtime->limits);
}

// Returns the limit of what runs with `token`, or NULL. On the JavaScript thread.
static CleatLimit* find(CleatEnv* env, CleatValue* token) {
  for (CleatLimit* limit = env->runtime->limits; limit != NULL; limit = limit->next) {
    CleatValue* its = cleat__handle_value(env->engine, limit->token);
    if (its != NULL && cleat__strict_equals(its, token)) return limit;
  }
  return NULL;
}

// KEEPING IT

void cleat__interrupted(void* data) {
  CleatEnv* env = data;
  CleatRuntime* runtime = env->runtime;
  CleatRun* run = runtime->continuing;
  CleatValue* token = run != NULL ? cleat__continuation(env->engine) : NULL;
  CleatLimit* limit = token != NULL ? find(env, token) : NULL;
  pthread_mutex_lock(&runtime->mutex);
  runtime->interrupting = false;
  if (limit != NULL && limit->deadline <= cleat__run_clock(runtime)) cleat__strike_late(runtime, run, limit->limit_ms);
  pthread_mutex_unlock(&runtime->mutex);
}

uint64_t cleat__limits_look(CleatRuntime* runtime, uint64_t now) {
  uint64_t next = CLEAT_NEVER;
  bool late = false;
  for (CleatLimit* limit = runtime->limits; limit != NULL; limit = limit->next) {
    if (limit->deadline <= now) {
      late = true;
    } else if (limit->deadline < next) {
      next = limit->deadline;
    }
  }
  if (!late || atomic_load(&runtime->run_state) == CLEAT_RUN_NONE) return next;
  // As long as there is a limit, the engine is there.
  if (!runtime->interrupting) cleat__interrupt(runtime->env.engine);
  runtime->interrupting = true;
  return now + LOOK_AGAIN_NS < next ? now + LOOK_AGAIN_NS : next;
}

void cleat__limits_watch(CleatRuntime* runtime) {
  uint64_t now = cleat__run_clock(runtime);
  pthread_mutex_lock(&runtime->mutex);
  for (CleatLimit* limit = runtime->limits; limit != NULL; limit = limit->next) {
    if (limit->deadline <= now) cleat__watchdog_look(runtime, now + LOOK_AGAIN_NS);
  }
  pthread_mutex_unlock(&runtime->mutex);
}

// RUNNING WHAT FOLLOWS

void cleat__continue_microtasks(CleatEnv* env) {
  CleatRuntime* runtime = env->runtime;
  if (runtime->limits == NULL) {
    cleat__run_microtasks(env->engine);
    return;
  }
  CleatRun run;
  cleat__run_begin(env, &run, 0);
  runtime->continuing = &run;
  cleat__run_microtasks(env->engine);
  runtime->continuing = NULL;
  // The one who waited has been told by its own limit.
  cleat_error_free(cleat__run_end(env, &run));
  cleat__set_continuation(env->engine, NULL);
}

CleatHandle* cleat__continuation_keep(CleatEnv* env) {
  CleatValue* token = is_ours(env) ? cleat__continuation(env->engine) : NULL;
  return token != NULL ? cleat__handle_new(env->engine, token) : NULL;
}

void cleat__continue(CleatEnv* env, const CleatHandle* kept, void (*body)(CleatEnv* env, void* data), void* data) {
  CleatValue* token = kept != NULL ? cleat__handle_value(env->engine, kept) : NULL;
  CleatLimit* limit = token != NULL ? find(env, token) : NULL;
  if (limit == NULL) {
    body(env, data);
    return;
  }
  uint64_t soon = cleat__run_clock(env->runtime) + LOOK_AGAIN_NS;
  CleatRun run;
  cleat__run_begin_until(env, &run, limit->deadline > soon ? limit->deadline : soon, limit->limit_ms);
  cleat__set_continuation(env->engine, token);
  CleatError* error = cleat__protect_last(env, body, data);
  cleat__set_continuation(env->engine, NULL);
  CleatError* strike = cleat__run_end(env, &run);
  env->pending = cleat__run_is_struck(env);
  if (error != NULL && strike == NULL) {
    cleat__report_uncaught(env, error);
  } else {
    cleat_error_free(error);
  }
  cleat_error_free(strike);
}
