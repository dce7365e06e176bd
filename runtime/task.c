// Tasks: what surrounds each piece of work on the JavaScript thread, and the microtasks that follow it.
#include <stdlib.h>

#include "attach.h"

void cleat__task_begin(CleatEnv* env, CleatTask* task, uint32_t timeout_ms) {
  cleat__scope_open(env->engine, &task->scope);
  cleat_frame_init(&task->frame);
  task->outer_frame = env->frame;
  env->frame = &task->frame;
  cleat__set_depth(env, env->depth + 1);
  env->used = true;
  cleat__run_begin(env, &task->run, timeout_ms);
}

CleatError* cleat__task_end(CleatEnv* env, CleatTask* task) {
  CleatError* strike = cleat__run_end(env, &task->run);
  cleat__set_depth(env, env->depth - 1);
  env->frame = task->outer_frame;
  cleat_frame_leave(&task->frame);
  cleat__scope_close(env->engine, &task->scope);
  cleat__count(&env->runtime->counts.tasks, env->run == NULL);
  if (env->run == NULL && cleat__heap_is_grown(env->engine)) cleat__heap_restore(env->engine);
  if (cleat__is_closing(env->runtime)) cleat__loop_stop(env->runtime);
  return strike;
}

void cleat__checkpoint(CleatEnv* env) {
  if (env->runtime->attachment != NULL) {
    cleat__attachment_checkpoint(env);
    return;
  }
  // A termination empties V8's queue of microtasks.
  while (!cleat__run_is_struck(env)) {
    cleat__continue_microtasks(env);
    env->pending = false;
    if (cleat__run_is_struck(env)) break;
    if (!cleat__report_noted(env)) return;
  }
  cleat__report_later(env);
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

// In a task of its own, because the host's function may run JavaScript again, and that may be struck again. What
// closing ends is no news to who closes.
static void report_strikes(CleatEnv* env, CleatError* strike) {
  while (strike != NULL && cleat_error_kind(strike) != CLEAT_ERROR_CLOSED) {
    strike = run_once(env, report_strike, strike);
  }
  cleat_error_free(strike);
}

typedef struct Body {
  void (*run)(CleatEnv* env, void* data);
  void* data;
} Body;

static void run_body(CleatEnv* env, void* data) {
  Body* body = data;
  report_strikes(env, run_once(env, body->run, body->data));
}

void cleat__run_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  if (cleat__is_lost(env->runtime)) return;
  if (!cleat__survive(env, run_body, &(Body){body, data})) cleat__report_uncaught(env, cleat__lost_error());
}

// Runs a function of the program's, which may go on into JavaScript with native objects in its hands.
static void run_of_host(CleatEnv* env, void* data) {
  const Body* body = data;
  cleat__entered_add(env->engine, 1);
  body->run(env, body->data);
  cleat__entered_add(env->engine, -1);
}

void cleat__run_host_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  cleat__run_task(env, run_of_host, &(Body){body, data});
}

void cleat__run_message(CleatEnv* env, const CleatMessage* message) {
  if (message->bare) {
    message->run(env, message->data);
  } else if (message->host) {
    cleat__run_host_task(env, message->run, message->data);
  } else {
    cleat__run_task(env, message->run, message->data);
  }
}

// SERIES of tasks without a time limit, which are one run, and which are begun and ended together. Whoever strikes that
// run strikes the task at hand: the series ends with it.

typedef struct Series {
  CleatEnv* env;
  CleatQueuePlace end;
  CleatMessage message;  // to be run next
  bool taken;
  bool begun;
} Series;

static bool may_begin(const CleatRuntime* runtime) {
  return !cleat__is_closing(runtime) && !cleat__is_suspended(runtime);
}

// Hosts that a runtime is attached to have the microtasks run themselves, and debuggers ask what is caught by whom.
static bool has_series(const CleatRuntime* runtime) {
  return runtime->time_limit_ms == 0 && runtime->limits == NULL && runtime->attachment == NULL &&
         runtime->inspection == NULL;
}

static bool take(Series* series) {
  CleatRuntime* runtime = series->env->runtime;
  if (!series->taken && may_begin(runtime)) {
    series->taken = cleat__queue_take(&runtime->queue, series->end, &series->message);
  }
  return series->taken;
}

// Runs the next message. False where there is none, or only one that is no part of the series.
static bool run_next(Series* series) {
  CleatEnv* env = series->env;
  if (!take(series) || series->message.bare) return false;
  series->taken = false;
  // The last one is counted where the series ends.
  if (series->begun) cleat__count(&env->runtime->counts.tasks, 1);
  series->begun = true;
  if (series->message.host) {
    run_of_host(env, &(Body){series->message.run, series->message.data});
  } else {
    env->used = true;  // Cleat's own know ways around the checks
    series->message.run(env, series->message.data);
  }
  return true;
}

// Tasks that have not used the environment have left V8 nothing to do: no handle, no exception, no microtask. So all of
// them up to one that has are one step; but not too many, as a program that has V8's own API in its hands may know ways
// around the checks too.
enum { MOST_OF_A_STEP = 64 };

static CLEAT_HOT bool run_step(void* data) {
  Series* series = data;
  CleatEnv* env = series->env;
  env->used = false;
  if (!run_next(series)) return false;
  for (int i = 1; i < MOST_OF_A_STEP && !env->used && !cleat__run_is_struck(env); i++) {
    if (!run_next(series)) break;
  }
  return true;
}

static void report_step(void* data, const CleatException* exception) {
  CleatEnv* env = ((Series*)data)->env;
  env->pending = false;
  CleatError* error = cleat__error_from_exception(env, exception);
  if (cleat__run_is_struck(env)) {
    cleat_error_free(error);
  } else {
    cleat__report_uncaught(env, error);
  }
}

static bool end_step(void* data) {
  CleatEnv* env = ((Series*)data)->env;
  CleatRuntime* runtime = env->runtime;
  env->pending = false;
  if (cleat__run_is_struck(env)) return false;
  if (cleat__report_noted(env)) cleat__checkpoint(env);
  cleat_frame_leave(env->frame);
  cleat_frame_init(env->frame);
  return has_series(runtime) && !cleat__heap_is_grown(env->engine);
}

static void run_series(CleatEnv* env, void* data) {
  static const CleatSteps steps = {.step = run_step, .caught = report_step, .after = end_step};
  CleatTask task;
  cleat__task_begin(env, &task, 0);
  cleat__try_steps(env->engine, &steps, data);
  env->pending = false;
  report_strikes(env, cleat__task_end(env, &task));
}

void cleat__run_messages(CleatEnv* env, CleatQueuePlace end) {
  Series series = {.env = env, .end = end};
  while (take(&series)) {
    if (series.message.bare || !has_series(env->runtime)) {
      series.taken = false;
      cleat__run_message(env, &series.message);
      continue;
    }
    series.begun = false;
    if (!cleat__survive(env, run_series, &series)) cleat__report_uncaught(env, cleat__lost_error());
  }
}
