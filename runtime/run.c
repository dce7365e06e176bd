// Runs and what ends them early: time limits, kept by a watchdog thread, and cleat_terminate.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime.h"

// How long to sleep at least while the clock stands still, in nanoseconds.
#define LOOKED_AGAIN 10000000

uint64_t cleat__now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct timespec cleat__timespec(uint64_t nanoseconds) {
  return (struct timespec){.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
}

// RUNS

uint64_t cleat__run_clock(CleatRuntime* runtime) {
  // In this order: where the clock starts again in between, it is a little late once.
  uint64_t stopped = atomic_load(&runtime->paused_at);
  uint64_t paused = atomic_load(&runtime->paused);
  return (stopped != 0 ? stopped : cleat__now()) - paused;
}

uint64_t cleat__run_clock_real(CleatRuntime* runtime, uint64_t time) {
  uint64_t clock = cleat__run_clock(runtime);
  uint64_t left = time > clock ? time - clock : 0;
  if (atomic_load(&runtime->paused_at) != 0 && left < LOOKED_AGAIN) left = LOOKED_AGAIN;
  return cleat__now() + left;
}

void cleat__run_clock_stop(CleatRuntime* runtime) { atomic_store(&runtime->paused_at, cleat__now()); }

void cleat__run_clock_start(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->mutex);
  atomic_fetch_add(&runtime->paused, cleat__now() - atomic_load(&runtime->paused_at));
  atomic_store(&runtime->paused_at, 0);
  pthread_cond_signal(&runtime->watchdog_changed);
  pthread_mutex_unlock(&runtime->mutex);
}

static bool is_outermost(const CleatRun* run) { return run->outer == NULL; }

// Deadlines mostly grow, and then it need not be woken: it looks at the earlier one, finds nothing, and sleeps until
// this one.
void cleat__watchdog_look(CleatRuntime* runtime, uint64_t time) {
  if (time < runtime->watchdog_wakes) pthread_cond_signal(&runtime->watchdog_changed);
}

// Has the watchdog look after `run`.
static void watch(CleatRuntime* runtime, CleatRun* run) {
  pthread_mutex_lock(&runtime->mutex);
  run->next_timed = runtime->timed;
  runtime->timed = run;
  cleat__watchdog_look(runtime, run->deadline);
  pthread_mutex_unlock(&runtime->mutex);
}

void cleat__run_begin(CleatEnv* env, CleatRun* run, uint32_t timeout_ms) {
  cleat__run_begin_until(
      env, run, timeout_ms != 0 ? cleat__run_clock(env->runtime) + timeout_ms * UINT64_C(1000000) : 0, timeout_ms);
}

void cleat__run_begin_until(CleatEnv* env, CleatRun* run, uint64_t deadline, uint32_t limit_ms) {
  CleatRuntime* runtime = env->runtime;
  memset(run, 0, sizeof(*run));
  run->outer = env->run;
  run->limit_ms = limit_ms;
  run->deadline = deadline;
  env->run = run;
  if (is_outermost(run)) {
    runtime->outermost = run;
    // Release: who sees the run active may read `outermost`, and the run that it points to.
    atomic_store_explicit(&runtime->run_state, CLEAT_RUN_ACTIVE, memory_order_release);
  }
  if (deadline != 0) watch(runtime, run);
  if (runtime->limits != NULL && is_outermost(run)) cleat__limits_watch(runtime);
}

// The outermost struck run decides, since all within it end with it.
static CleatRun* struck_run(CleatRun* innermost) {
  CleatRun* struck = NULL;
  for (CleatRun* run = innermost; run != NULL; run = run->outer) {
    if (run->strike.struck) struck = run;
  }
  return struck;
}

static CleatError* strike_error(const CleatStrike* strike) {
  if (strike->kind == CLEAT_ERROR_TIMEOUT) {
    return cleat__error_new(CLEAT_ERROR_TIMEOUT, "the time limit of %u ms has passed", strike->limit_ms);
  }
  if (strike->kind == CLEAT_ERROR_HEAP_LIMIT) {
    return cleat__error_new(CLEAT_ERROR_HEAP_LIMIT, "the heap has reached its limit");
  }
  if (strike->kind == CLEAT_ERROR_CLOSED) return cleat__error_new(CLEAT_ERROR_CLOSED, "the runtime is closed");
  return cleat__error_new(strike->kind, "%s", strike->reason != NULL ? strike->reason : "");
}

static CleatError* locked_run_error(CleatEnv* env) {
  CleatRun* struck = struck_run(env->run);
  return struck != NULL ? strike_error(&struck->strike) : NULL;
}

CleatError* cleat__run_error(CleatEnv* env) {
  pthread_mutex_lock(&env->runtime->mutex);
  CleatError* error = locked_run_error(env);
  pthread_mutex_unlock(&env->runtime->mutex);
  return error != NULL ? error : cleat__error_new(CLEAT_ERROR_TERMINATED, "%s", "");
}

bool cleat__run_is_struck(CleatEnv* env) {
  return atomic_load_explicit(&env->runtime->run_state, memory_order_acquire) == CLEAT_RUN_STRUCK;
}

CleatError* cleat__run_end(CleatEnv* env, CleatRun* run) {
  CleatRuntime* runtime = env->runtime;
  if (is_outermost(run)) {
    // From here on nobody strikes it; who has done so still holds the mutex or has let it go.
    int state = atomic_exchange_explicit(&runtime->run_state, CLEAT_RUN_NONE, memory_order_acq_rel);
    if (state == CLEAT_RUN_ACTIVE && run->deadline == 0) {
      env->run = NULL;
      return NULL;
    }
  }
  pthread_mutex_lock(&runtime->mutex);
  if (run->deadline != 0) runtime->timed = run->next_timed;  // runs end in the reverse order of their beginning
  CleatRun* struck = struck_run(run);
  CleatError* error = struck != NULL ? strike_error(&struck->strike) : NULL;
  if (struck == run) {
    cleat__cancel_termination(env->engine);
    free(run->strike.reason);
    if (!is_outermost(run)) {
      atomic_store_explicit(&runtime->run_state, CLEAT_RUN_ACTIVE, memory_order_release);
    }
  }
  pthread_mutex_unlock(&runtime->mutex);
  env->run = run->outer;
  return error;
}

void cleat__runs_abandon(CleatEnv* env) {
  CleatRuntime* runtime = env->runtime;
  pthread_mutex_lock(&runtime->mutex);
  for (CleatRun* run = env->run; run != NULL; run = run->outer) free(run->strike.reason);
  runtime->timed = NULL;
  runtime->continuing = NULL;
  atomic_store_explicit(&runtime->run_state, CLEAT_RUN_NONE, memory_order_release);
  pthread_mutex_unlock(&runtime->mutex);
  env->run = NULL;
  cleat__limits_close(env);
}

// STRIKING, under the mutex

static void strike(CleatRuntime* runtime, CleatRun* run, CleatErrorKind kind, char* reason) {
  run->strike = (CleatStrike){.struck = true, .kind = kind, .limit_ms = run->limit_ms, .reason = reason};
  cleat__terminate(runtime->env.engine);
}

// Marks the outermost run as struck, it or one within it. False when none is under way; otherwise it stays under way
// until the mutex is free.
static bool mark_struck(CleatRuntime* runtime) {
  int state = CLEAT_RUN_ACTIVE;
  return atomic_compare_exchange_strong_explicit(&runtime->run_state, &state, CLEAT_RUN_STRUCK, memory_order_acq_rel,
                                                 memory_order_acquire) ||
         state == CLEAT_RUN_STRUCK;
}

// Strikes the outermost run where that has not been struck yet; false where there is none. Under the mutex.
static bool strike_outermost(CleatRuntime* runtime, CleatErrorKind kind, char* reason) {
  if (!mark_struck(runtime) || runtime->outermost->strike.struck) return false;
  strike(runtime, runtime->outermost, kind, reason);
  return true;
}

void cleat_terminate(CleatRuntime* runtime, const char* reason) {
  CLEAT_CHECK_RUNTIME(runtime);
  char* copy = reason != NULL ? strdup(reason) : NULL;
  pthread_mutex_lock(&runtime->mutex);
  bool struck = strike_outermost(runtime, CLEAT_ERROR_TERMINATED, copy);
  pthread_mutex_unlock(&runtime->mutex);
  if (!struck) free(copy);
  cleat__inspection_wake(runtime->inspection);
}

void cleat__terminated(void* data) {
  CleatEnv* env = data;
  cleat_terminate(env->runtime, "terminated by a debugger");
}

// What fills the heap may be kept by any run that is under way: all of them end.
void cleat__heap_limit(void* data) {
  CleatEnv* env = data;
  CleatRuntime* runtime = env->runtime;
  pthread_mutex_lock(&runtime->mutex);
  strike_outermost(runtime, CLEAT_ERROR_HEAP_LIMIT, NULL);
  pthread_mutex_unlock(&runtime->mutex);
}

void cleat__strike_late(CleatRuntime* runtime, CleatRun* run, uint32_t limit_ms) {
  if (run->strike.struck || !mark_struck(runtime)) return;
  run->limit_ms = limit_ms;
  strike(runtime, run, CLEAT_ERROR_TIMEOUT, NULL);
}

void cleat__strike_dropped(CleatRuntime* runtime) {
  if (!runtime->spared) strike_outermost(runtime, CLEAT_ERROR_CLOSED, NULL);
}

// THE WATCHDOG

// Strikes every run whose time has passed; returns when to look next.
static uint64_t strike_late_runs(CleatRuntime* runtime) {
  uint64_t now = cleat__run_clock(runtime);
  uint64_t next = CLEAT_NEVER;
  // While the clock stands still no time passes; it wakes the watchdog when it starts again.
  if (atomic_load(&runtime->paused_at) != 0) return next;
  for (CleatRun* run = runtime->timed; run != NULL; run = run->next_timed) {
    if (run->strike.struck) continue;
    if (run->deadline <= now) {
      // A run in the list has not ended, whatever the state is by now: it takes itself out under the mutex.
      mark_struck(runtime);
      strike(runtime, run, CLEAT_ERROR_TIMEOUT, NULL);
    } else if (run->deadline < next) {
      next = run->deadline;
    }
  }
  uint64_t limits = cleat__limits_look(runtime, now);
  return limits < next ? limits : next;
}

static void* watchdog_main(void* argument) {
  CleatRuntime* runtime = argument;
  pthread_setname_np(pthread_self(), "cleat-watchdog");
  pthread_mutex_lock(&runtime->mutex);
  while (!runtime->watchdog_stop) {
    runtime->watchdog_wakes = strike_late_runs(runtime);
    if (runtime->watchdog_wakes == CLEAT_NEVER) {
      pthread_cond_wait(&runtime->watchdog_changed, &runtime->mutex);
    } else {
      struct timespec until = cleat__timespec(cleat__run_clock_real(runtime, runtime->watchdog_wakes));
      pthread_cond_timedwait(&runtime->watchdog_changed, &runtime->mutex, &until);
    }
  }
  pthread_mutex_unlock(&runtime->mutex);
  return NULL;
}

int cleat__thread_start(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data) {
  // What a thread does to itself goes to it, and profilers find it.
  static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGPROF};
  sigset_t blocked;
  sigset_t before;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) sigdelset(&blocked, own[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  int failure = pthread_create(thread, attributes, main, data);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failure;
}

bool cleat__watchdog_start(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->mutex);
  if (!runtime->watchdog_started && !runtime->watchdog_stop) {
    runtime->watchdog_wakes = CLEAT_NEVER;
    runtime->watchdog_started = cleat__thread_start(&runtime->watchdog, NULL, watchdog_main, runtime) == 0;
  }
  bool started = runtime->watchdog_started || runtime->watchdog_stop;
  pthread_mutex_unlock(&runtime->mutex);
  return started;
}

void cleat__watchdog_stop(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->mutex);
  runtime->watchdog_stop = true;
  bool started = runtime->watchdog_started;
  pthread_cond_signal(&runtime->watchdog_changed);
  pthread_mutex_unlock(&runtime->mutex);
  if (started) pthread_join(runtime->watchdog, NULL);
}
