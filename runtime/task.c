// Tasks: what surrounds each piece of work on the JavaScript thread, and the microtasks that follow it.
#include <stdlib.h>

#include "attach.h"

void cleat__task_begin(CleatEnv* env, CleatTask* task, uint32_t timeout_ms) {
  cleat__scope_open(env->engine, &task->scope);
  cleat_frame_init(&task->frame);
  task->outer_frame = env->frame;
  env->frame = &task->frame;
  env->depth++;
  cleat__run_begin(env, &task->run, timeout_ms);
}

CleatError* cleat__task_end(CleatEnv* env, CleatTask* task) {
  CleatError* strike = cleat__run_end(env, &task->run);
  env->depth--;
  env->frame = task->outer_frame;
  cleat_frame_leave(&task->frame);
  cleat__scope_close(env->engine, &task->scope);
  cleat__count(&env->runtime->counts.tasks, env->run == NULL);
  if (env->run == NULL && cleat__heap_is_grown(env->engine)) cleat__heap_restore(env->engine);
  if (atomic_load_explicit(&env->runtime->closing, memory_order_acquire)) uv_stop(&env->loop);
  return strike;
}

void cleat__checkpoint(CleatEnv* env) {
  if (env->runtime->attachment != NULL) {
    cleat__attachment_checkpoint(env);
    return;
  }
  do {
    // A termination empties V8's queue of microtasks; what is noted waits for the next task, which reports the strike.
    if (cleat__run_is_struck(env)) return;
    cleat__continue_microtasks(env);
    env->pending = false;
  } while (!cleat__run_is_struck(env) && cleat__report_noted(env));
}

// Runs one task; returns the error of what struck it, owned, or NULL.
static CleatError* run_once(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  CleatTask task;
  cleat__task_begin(env, &task, env->runtime->time_limit_ms);
  CleatError* error = cleat__protect_last(env, body, data);
  env->pending = false;
  // A termination that struck no run is that of a host whose isolate it is, who knows of it.
  bool known = error != NULL && (cleat__run_is_struck(env) || cleat_error_kind(error) == CLEAT_ERROR_TERMINATED);
  if (error != NULL && !known) {
    cleat__report_uncaught(env, error);
  } else {
    cleat_error_free(error);
  }
  cleat__checkpoint(env);
  return cleat__task_end(env, &task);
}

static void report_strike(CleatEnv* env, void* error) { cleat__report_uncaught(env, error); }

typedef struct Body {
  void (*run)(CleatEnv* env, void* data);
  void* data;
} Body;

static void run_body(CleatEnv* env, void* data) {
  Body* body = data;
  CleatError* strike = run_once(env, body->run, body->data);
  // In a task of its own, because the host's function may run JavaScript again, and that may be struck again. What
  // closing ends is no news to who closes.
  while (strike != NULL && cleat_error_kind(strike) != CLEAT_ERROR_CLOSED)
    strike = run_once(env, report_strike, strike);
  cleat_error_free(strike);
}

void cleat__run_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  if (cleat__is_lost(env->runtime)) return;
  if (!cleat__survive(env, run_body, &(Body){body, data})) cleat__report_uncaught(env, cleat__lost_error());
}

void cleat__run_message(CleatEnv* env, const CleatMessage* message) {
  if (message->bare) {
    message->run(env, message->data);
  } else {
    cleat__run_task(env, message->run, message->data);
  }
}
