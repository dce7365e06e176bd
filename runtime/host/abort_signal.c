// AbortSignal: https://dom.spec.whatwg.org/#interface-AbortSignal. Who keeps whom from being collected follows the
// standard's "garbage collection": a signal that nobody waits for keeps nothing, and nothing keeps it.
#include <stdlib.h>
#include <string.h>

#include "abort.h"
#include "class.h"
#include "cleat/events.h"
#include "runtime.h"

struct CleatAbortAlgorithm {
  CleatAbortSignal* signal;
  void (*run)(CleatEnv* env, void* data);
  void (*drop)(void* data);  // may be NULL
  void* data;
  CleatAbortAlgorithm* next;
  CleatAbortAlgorithm* previous;
};

// A signal that aborts with another: an element of DOM "source signals" and of "dependent signals". It goes with the
// first of the two that is finalized, or that aborts.
typedef struct Link {
  CleatAbortSignal* source;
  CleatAbortSignal* dependent;
  CleatRef* hold;  // of `dependent` in `source`, while somebody waits for it
  struct Link* next_source;
  struct Link* next_dependent;
  struct Link* previous_dependent;
} Link;

// What AbortSignal.timeout sets. It lives until libuv has closed it.
typedef struct Timer {
  uv_timer_t handle;  // its `data` is the timer
  CleatEnv* env;
  CleatAbortSignal* signal;
} Timer;

struct CleatAbortSignal {
  CleatEventTarget base;
  CleatEnv* env;
  atomic_bool aborted;  // other threads may read it
  bool is_dependent;
  CleatRef* reason;  // kept in the signal; NULL until it has aborted
  CleatAbortAlgorithm* first;
  CleatAbortAlgorithm* last;
  Link* sources;
  Link* first_dependent;
  Link* last_dependent;
  Timer* timer;  // NULL for none, or once it is due

  // Whether somebody waits for it: a listener, an algorithm, or a dependent signal that somebody waits for.
  bool has_listener;
  size_t observed_dependents;
  bool is_observed;
  CleatRef* kept;  // the signal itself, while it is observed and has a timer
};

static CleatValue* wrap(CleatEnv* env, CleatAbortSignal* signal) {
  return cleat_wrap(env, &cleat_abort_signal_class, signal);
}

// WHO WAITS FOR IT

static bool ought_to_be_observed(const CleatAbortSignal* signal) {
  return !atomic_load(&signal->aborted) &&
         (signal->has_listener || signal->first != NULL || signal->observed_dependents > 0);
}

static void let_go(CleatAbortSignal* signal) {
  if (signal->kept == NULL) return;
  cleat_ref_free(signal->kept);
  signal->kept = NULL;
  signal->env->operations--;
}

static void unobserve(CleatAbortSignal* signal);

static void free_hold(Link* link) {
  if (link->hold == NULL) return;
  cleat_ref_free(link->hold);
  link->hold = NULL;
  link->source->observed_dependents--;
  if (!ought_to_be_observed(link->source)) unobserve(link->source);
}

static void unobserve(CleatAbortSignal* signal) {
  signal->is_observed = false;
  let_go(signal);
  for (Link* link = signal->sources; link != NULL; link = link->next_source) free_hold(link);
}

static bool observe(CleatEnv* env, CleatAbortSignal* signal);

static bool make_hold(CleatEnv* env, Link* link) {
  link->hold = cleat_hold_in(env, &cleat_abort_signal_class, link->source, wrap(env, link->dependent));
  if (link->hold == NULL) return false;
  link->source->observed_dependents++;
  return observe(env, link->source);
}

// Has it kept, by what may abort it. False where an exception is pending.
static bool observe(CleatEnv* env, CleatAbortSignal* signal) {
  if (signal->is_observed || !ought_to_be_observed(signal)) return !env->pending;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  signal->is_observed = true;
  if (signal->timer != NULL) {
    signal->kept = cleat_hold(env, wrap(env, signal));
    env->operations += signal->kept != NULL;
  }
  for (Link* link = signal->sources; link != NULL && !env->pending; link = link->next_source) make_hold(env, link);
  if (env->pending) unobserve(signal);
  cleat__scope_close(env->engine, &scope);
  return !env->pending;
}

// CleatEventTarget.observed.
static void listened(CleatEnv* env, CleatEventTarget* self, CleatString type, bool is_observed) {
  CleatAbortSignal* signal = (CleatAbortSignal*)self;
  if (type.length != strlen("abort") || memcmp(type.data, "abort", type.length) != 0) return;
  signal->has_listener = is_observed;
  if (is_observed) {
    observe(env, signal);
  } else if (signal->is_observed && !ought_to_be_observed(signal)) {
    unobserve(signal);
  }
}

// ALGORITHMS

static void take_out(CleatAbortAlgorithm* algorithm) {
  CleatAbortSignal* signal = algorithm->signal;
  *(algorithm->previous != NULL ? &algorithm->previous->next : &signal->first) = algorithm->next;
  *(algorithm->next != NULL ? &algorithm->next->previous : &signal->last) = algorithm->previous;
}

CleatAbortAlgorithm* cleat_abort_signal_add(CleatEnv* env, CleatAbortSignal* signal,
                                            void (*run)(CleatEnv* env, void* data), void* data,
                                            void (*drop)(void* data)) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(signal, "signal");
  CLEAT_CHECK_GIVEN(run, "function to call");
  if (env->pending || atomic_load(&signal->aborted)) return NULL;
  CleatAbortAlgorithm* algorithm = malloc(sizeof(*algorithm));
  if (algorithm == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  *algorithm = (CleatAbortAlgorithm){signal, run, drop, data, NULL, signal->last};
  *(signal->last != NULL ? &signal->last->next : &signal->first) = algorithm;
  signal->last = algorithm;
  if (observe(env, signal)) return algorithm;
  cleat_abort_algorithm_remove(algorithm);
  return NULL;
}

void cleat_abort_algorithm_remove(CleatAbortAlgorithm* algorithm) {
  if (algorithm == NULL) return;
  CleatAbortSignal* signal = algorithm->signal;
  take_out(algorithm);
  free(algorithm);
  if (signal->is_observed && !ought_to_be_observed(signal)) unobserve(signal);
}

static void drop_algorithms(CleatAbortSignal* signal) {
  while (signal->first != NULL) {
    CleatAbortAlgorithm* algorithm = signal->first;
    CleatAbortAlgorithm copy = *algorithm;
    take_out(algorithm);
    free(algorithm);
    if (copy.drop != NULL) copy.drop(copy.data);
  }
}

// DEPENDENT SIGNALS

static bool has_source(const CleatAbortSignal* signal, const CleatAbortSignal* source) {
  const Link* link = signal->sources;
  while (link != NULL && link->source != source) link = link->next_source;
  return link != NULL;
}

static bool add_source(CleatEnv* env, CleatAbortSignal* signal, CleatAbortSignal* source) {
  if (has_source(signal, source)) return true;
  Link* link = malloc(sizeof(*link));
  if (link == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  *link = (Link){
      .source = source,
      .dependent = signal,
      .next_source = signal->sources,
      .previous_dependent = source->last_dependent,
  };
  signal->sources = link;
  *(source->last_dependent != NULL ? &source->last_dependent->next_dependent : &source->first_dependent) = link;
  source->last_dependent = link;
  return true;
}

static void remove_link(Link* link) {
  free_hold(link);
  Link** place = &link->dependent->sources;
  while (*place != link) place = &(*place)->next_source;
  *place = link->next_source;
  CleatAbortSignal* source = link->source;
  Link* next = link->next_dependent;
  Link* previous = link->previous_dependent;
  *(previous != NULL ? &previous->next_dependent : &source->first_dependent) = next;
  *(next != NULL ? &next->previous_dependent : &source->last_dependent) = previous;
  free(link);
}

static void remove_links(CleatAbortSignal* signal) {
  while (signal->sources != NULL) remove_link(signal->sources);
  while (signal->first_dependent != NULL) remove_link(signal->first_dependent);
}

// ITS TIMER

static void free_timer(uv_handle_t* handle) { free(handle->data); }

static void end_timer(CleatAbortSignal* signal) {
  Timer* timer = signal->timer;
  if (timer == NULL) return;
  signal->timer = NULL;
  timer->signal = NULL;
  let_go(signal);
  uv_close((uv_handle_t*)&timer->handle, free_timer);
}

static void time_out(CleatEnv* env, void* data) {
  CleatAbortSignal* signal = data;
  CleatValue* wrapper = cleat__find_wrapper(env, &cleat_abort_signal_class, signal);
  end_timer(signal);
  // Without one, nobody can tell any more.
  if (wrapper == NULL) return;
  CleatValue* reason = cleat_new_dom_exception(env, "TimeoutError", CLEAT_STRING("signal timed out"));
  if (reason != NULL) cleat__signal_abort(env, signal, reason);
}

static void on_due(uv_timer_t* handle) {
  Timer* timer = handle->data;
  if (cleat__is_suspended(timer->env->runtime)) {
    uv_timer_start(handle, on_due, 1, 0);
    return;
  }
  cleat__run_task(timer->env, time_out, timer->signal);
}

// At the first whole millisecond that is not too early; the loop's own clock stands still while JavaScript runs.
static bool start_timer(CleatEnv* env, CleatAbortSignal* signal, uint64_t milliseconds) {
  enum { kMillisecond = 1000000 };
  // No timer would run any more.
  if (cleat__is_closing(env->runtime)) return true;
  if (!cleat__loop_needed(env)) return false;
  Timer* timer = malloc(sizeof(*timer));
  if (timer == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  timer->env = env;
  timer->signal = signal;
  cleat__timer_init(env, &timer->handle);
  timer->handle.data = timer;
  signal->timer = timer;
  uint64_t due = (uv_hrtime() + kMillisecond - 1) / kMillisecond + milliseconds;
  uint64_t looked = uv_now(&env->loop);
  uv_timer_start(&timer->handle, on_due, due > looked ? due - looked : 0, 0);
  return true;
}

// ABORTING

// Makes it one that has aborted. False where an exception is pending.
static bool mark(CleatEnv* env, CleatAbortSignal* signal, CleatValue* reason) {
  CleatRef* kept = cleat_hold_in(env, &cleat_abort_signal_class, signal, reason);
  if (kept == NULL) return false;
  signal->reason = kept;
  atomic_store(&signal->aborted, true);
  end_timer(signal);
  return true;
}

static void run_algorithm(CleatEnv* env, void* data) {
  CleatAbortAlgorithm* algorithm = data;
  algorithm->run(env, algorithm->data);
}

static void report(CleatEnv* env, CleatError* error) {
  if (error != NULL && !env->pending) {
    cleat__report_uncaught(env, error);
  } else {
    cleat_error_free(error);
  }
}

// DOM "run the abort steps", of a signal whose wrapper is `value`. Where the run is terminated, what is left is
// dropped.
static void run_abort_steps(CleatEnv* env, CleatAbortSignal* signal) {
  while (signal->first != NULL && !env->pending) {
    CleatAbortAlgorithm copy = *signal->first;
    CleatAbortAlgorithm* algorithm = signal->first;
    take_out(algorithm);
    free(algorithm);
    report(env, cleat_try(env, run_algorithm, &copy));
  }
  drop_algorithms(signal);
  if (!env->pending) cleat_fire_event(env, &cleat_abort_signal_class, signal, "abort", NULL);
}

// Marks the signals that abort with `signal` and have not aborted yet, and returns their number.
static size_t mark_dependents(CleatEnv* env, CleatAbortSignal* signal, CleatValue* reason, CleatAbortSignal*** out) {
  size_t count = 0;
  for (const Link* link = signal->first_dependent; link != NULL; link = link->next_dependent) count++;
  CleatAbortSignal** marked = cleat_allocate(env, (count + 1) * sizeof(*marked));
  if (marked == NULL) return 0;
  *out = marked;
  for (const Link* link = signal->first_dependent; link != NULL; link = link->next_dependent) {
    CleatAbortSignal* dependent = link->dependent;
    // One without a wrapper is about to be finalized.
    if (atomic_load(&dependent->aborted) || cleat__find_wrapper(env, &cleat_abort_signal_class, dependent) == NULL)
      continue;
    if (!mark(env, dependent, reason)) break;
    *marked++ = dependent;
  }
  return (size_t)(marked - *out);
}

// DOM "signal abort". The wrappers of all signals concerned are in the current scope.
void cleat__signal_abort(CleatEnv* env, CleatAbortSignal* signal, CleatValue* reason) {
  if (env->pending || atomic_load(&signal->aborted)) return;
  if (reason == NULL || cleat__is_undefined(reason)) {
    reason = cleat_new_dom_exception(env, "AbortError", CLEAT_STRING("signal is aborted without reason"));
  }
  if (reason == NULL || !mark(env, signal, reason)) return;
  CleatAbortSignal** dependents = NULL;
  size_t count = mark_dependents(env, signal, reason, &dependents);
  remove_links(signal);
  run_abort_steps(env, signal);
  for (size_t i = 0; i < count; i++) {
    remove_links(dependents[i]);
    run_abort_steps(env, dependents[i]);
  }
}

// THE INTERFACE

CleatAbortSignal* cleat__signal_new(CleatEnv* env) {
  CleatAbortSignal* signal = calloc(1, sizeof(*signal));
  if (signal == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  signal->base.observed = listened;
  signal->env = env;
  atomic_init(&signal->aborted, false);
  return signal;
}

void cleat_abort_signal_finalize(CleatAbortSignal* self) {
  drop_algorithms(self);
  remove_links(self);
  end_timer(self);
  cleat_ref_free(self->reason);
  free(self);
}

CleatAbortSignal* cleat_abort_signal_abort(CleatEnv* env, CleatValue* reason) {
  CleatAbortSignal* signal = cleat__signal_new(env);
  // It belongs to its wrapper from here on.
  if (signal != NULL && wrap(env, signal) != NULL) cleat__signal_abort(env, signal, reason);
  return env->pending ? NULL : signal;
}

CleatAbortSignal* cleat_abort_signal_timeout(CleatEnv* env, uint64_t milliseconds) {
  CleatAbortSignal* signal = cleat__signal_new(env);
  if (signal == NULL || start_timer(env, signal, milliseconds)) return signal;
  free(signal);
  return NULL;
}

// DOM "create a dependent abort signal": the signals that `source` stands for.
static bool add_sources_of(CleatEnv* env, CleatAbortSignal* signal, CleatAbortSignal* source) {
  if (!source->is_dependent) return add_source(env, signal, source);
  for (const Link* link = source->sources; link != NULL; link = link->next_source) {
    if (!add_source(env, signal, link->source)) return false;
  }
  return true;
}

CleatAbortSignal* cleat_abort_signal_any(CleatEnv* env, CleatAbortSignalSequence signals) {
  CleatAbortSignal* result = cleat__signal_new(env);
  if (result == NULL || wrap(env, result) == NULL) return NULL;
  for (size_t i = 0; i < signals.length; i++) {
    CleatAbortSignal* source = signals.items[i];
    if (!atomic_load(&source->aborted)) continue;
    mark(env, result, cleat_held(env, source->reason));
    return result;
  }
  result->is_dependent = true;
  for (size_t i = 0; i < signals.length; i++) {
    if (!add_sources_of(env, result, signals.items[i])) return NULL;
  }
  return result;
}

bool cleat_abort_signal_get_aborted(CleatAbortSignal* self) {
  CLEAT_CHECK_GIVEN(self, "signal");
  return atomic_load(&self->aborted);
}

CleatValue* cleat_abort_signal_get_reason(CleatEnv* env, CleatAbortSignal* self) {
  CLEAT_CHECK_ENV(env);
  return self->reason == NULL ? cleat_undefined(env) : cleat_held(env, self->reason);
}

void cleat_abort_signal_throw_if_aborted(CleatEnv* env, CleatAbortSignal* self) {
  CLEAT_CHECK_ENV(env);
  if (atomic_load(&self->aborted)) cleat_throw_value(env, cleat_abort_signal_get_reason(env, self));
}
