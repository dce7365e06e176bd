// Timers and queueMicrotask: https://html.spec.whatwg.org, "Timers" and "Microtask queuing". Each timer is one of
// libuv's; a table finds it by its number.

#include "timers.h"

#include <stdlib.h>

#include "env.h"
#include "runtime.h"

typedef struct Timer {
  uv_timer_t handle;  // its `data` is the timer
  CleatEnv* env;
  struct Timer* next;  // of the same bucket
  int32_t id;
  bool repeats;
  int nesting;     // how deep in timers that set timers; 1 for none around it
  uint64_t delay;  // in milliseconds, as it was asked for
  uint64_t due;    // when it is to be called, by uv_hrtime
  CleatCallback* handler;
  CleatRef* arguments;        // an array; NULL for none
  CleatHandle* continuation;  // whose time limit holds for the handler; NULL for none
} Timer;

// Made when the first timer is set, freed when the runtime closes.
struct CleatTimers {
  Timer** buckets;  // by the low bits of the id
  size_t bucket_count;
  size_t count;
  int32_t last_id;
  int nesting;  // of the timer that runs now; 0 for none
};

// THE TABLE

static Timer** bucket_of(const CleatTimers* timers, int32_t id) {
  return &timers->buckets[(size_t)id & (timers->bucket_count - 1)];
}

static Timer* find(const CleatTimers* timers, int32_t id) {
  if (timers == NULL || timers->bucket_count == 0) return NULL;
  Timer* timer = *bucket_of(timers, id);
  while (timer != NULL && timer->id != id) timer = timer->next;
  return timer;
}

// Makes room for one more; false when memory is short.
static bool grow(CleatTimers* timers) {
  if (timers->count < timers->bucket_count) return true;
  CleatTimers larger = {.bucket_count = timers->bucket_count == 0 ? 16 : timers->bucket_count * 2};
  larger.buckets = calloc(larger.bucket_count, sizeof *larger.buckets);
  if (larger.buckets == NULL) return false;
  for (size_t i = 0; i < timers->bucket_count; i++) {
    for (Timer* timer = timers->buckets[i]; timer != NULL;) {
      Timer* next = timer->next;
      Timer** bucket = bucket_of(&larger, timer->id);
      timer->next = *bucket;
      *bucket = timer;
      timer = next;
    }
  }
  free(timers->buckets);
  timers->buckets = larger.buckets;
  timers->bucket_count = larger.bucket_count;
  return true;
}

// Returns a number that no timer has.
static int32_t new_id(CleatTimers* timers) {
  do {
    timers->last_id = timers->last_id == INT32_MAX ? 1 : timers->last_id + 1;
  } while (find(timers, timers->last_id) != NULL);
  return timers->last_id;
}

static void put(CleatTimers* timers, Timer* timer) {
  Timer** bucket = bucket_of(timers, timer->id);
  timer->next = *bucket;
  *bucket = timer;
  timers->count++;
}

static void take_out(CleatTimers* timers, Timer* timer) {
  Timer** place = bucket_of(timers, timer->id);
  while (*place != timer) place = &(*place)->next;
  *place = timer->next;
  timers->count--;
}

// THE LIFE OF A TIMER

// About what a timer takes with all that it keeps: it counts as external memory, since no object of JavaScript's is it.
enum { TIMER_MEMORY = sizeof(Timer) + 256 };

static void uncount(CleatEnv* env) {
  if (!cleat__is_lost(env->runtime)) cleat__adjust_external_memory(env->engine, -TIMER_MEMORY);
}

static void free_timer(uv_handle_t* handle) { free(handle->data); }

// Stops a timer that is not in the table any more. libuv has its memory until the loop turns.
static void end(Timer* timer) {
  cleat_callback_release(timer->handler);
  cleat_ref_free(timer->arguments);
  if (timer->continuation != NULL) cleat__handle_free(timer->continuation);
  uncount(timer->env);
  uv_close((uv_handle_t*)&timer->handle, free_timer);
}

static void on_due(uv_timer_t* handle);

// Has it called `delay` milliseconds after the time `from`, or at once where that has passed. libuv counts whole
// milliseconds: it is called at the first one that is not too early.
static void start(Timer* timer, uint64_t from) {
  enum { kMillisecond = 1000000 };
  uint64_t delay = timer->delay;
  // "If nesting level is greater than 5, and timeout is less than 4, then set timeout to 4."
  if (timer->nesting - 1 > 5 && delay < 4) delay = 4;
  uint64_t now = uv_hrtime();
  timer->due = from + delay * kMillisecond;
  if (timer->due < now) timer->due = now;
  // Without a delay, the millisecond that has begun will do. The loop's own clock stands still while JavaScript runs.
  uint64_t due = (timer->due + (delay == 0 ? 0 : kMillisecond - 1)) / kMillisecond;
  uint64_t looked = uv_now(&timer->env->loop);
  uv_timer_start(&timer->handle, on_due, due > looked ? due - looked : 0, 0);
}

typedef struct Invocation {
  CleatValue* function;
  CleatValue* arguments;  // an array, or NULL
} Invocation;

static void call(CleatEnv* env, void* data) {
  const Invocation* invocation = data;
  size_t count = invocation->arguments == NULL ? 0 : cleat_array_length(env, invocation->arguments);
  CleatValue** items = count == 0 ? NULL : cleat_allocate(env, count * sizeof *items);
  if (count > 0 && items == NULL) return;
  for (size_t i = 0; i < count; i++) items[i] = cleat_get_index(env, invocation->arguments, (uint32_t)i);
  cleat_call(env, invocation->function, cleat_global(env), count, items);
}

// Calls the handler. A timer that does not repeat is gone before that; one that does may be cleared by its handler.
static void fire(CleatEnv* env, void* data) {
  Timer* timer = data;
  int32_t id = timer->id;
  bool repeats = timer->repeats;
  Invocation invocation = {
      .function = cleat_callback_value(env, timer->handler),
      .arguments = timer->arguments == NULL ? NULL : cleat_held(env, timer->arguments),
  };
  env->timers->nesting = timer->nesting;
  CleatHandle* continuation = timer->continuation;
  timer->continuation = NULL;
  if (!repeats) {
    take_out(env->timers, timer);
    end(timer);
  }
  cleat__inspector_task_begin(env->engine, data);
  cleat__continue(env, continuation, call, &invocation);
  cleat__inspector_task_end(env->engine, data);
  // An id is not given out twice while the runtime can still be here, so that this is the timer or nothing.
  timer = repeats ? find(env->timers, id) : NULL;
  if (timer == NULL) {
    if (continuation != NULL) cleat__handle_free(continuation);
    return;
  }
  timer->continuation = continuation;
  timer->nesting++;
  // From when it should have been called, as browsers do, so that the turns of an interval do not drift.
  start(timer, timer->due);
}

static void on_due(uv_timer_t* handle) {
  Timer* timer = handle->data;
  CleatEnv* env = timer->env;
  if (cleat__is_suspended(env->runtime)) {
    uv_timer_start(handle, on_due, 1, 0);
    return;
  }
  cleat__run_task(env, fire, timer);
  if (env->timers != NULL) env->timers->nesting = 0;
}

// Keeps what is to be called. False when something was thrown.
static bool keep(CleatEnv* env, Timer* timer, const CleatCallback* handler, CleatValueSequence arguments) {
  timer->handler = cleat_callback_retain(env, handler);
  if (timer->handler == NULL) return false;
  timer->continuation = cleat__continuation_keep(env);
  if (arguments.length == 0) return true;
  timer->arguments = cleat_hold(env, cleat_array_of(env, arguments.items, arguments.length));
  return timer->arguments != NULL;
}

static Timer* new_timer(CleatEnv* env, const CleatCallback* handler, CleatValueSequence arguments) {
  if (!cleat__loop_needed(env) || !cleat_adjust_memory(env, TIMER_MEMORY)) return NULL;
  if (env->timers == NULL) env->timers = calloc(1, sizeof *env->timers);
  Timer* timer = env->timers == NULL || !grow(env->timers) ? NULL : calloc(1, sizeof *timer);
  if (timer == NULL) {
    uncount(env);
    cleat_throw_error(env, "out of memory");
    return NULL;
  }
  timer->env = env;
  if (keep(env, timer, handler, arguments)) return timer;
  cleat_callback_release(timer->handler);
  if (timer->continuation != NULL) cleat__handle_free(timer->continuation);
  uncount(env);
  free(timer);
  return NULL;
}

// The standard's timer initialization steps.
static int32_t set_timer(CleatEnv* env, const CleatCallback* handler, int32_t timeout, CleatValueSequence arguments,
                         bool repeats) {
  // No timer would run any more; the script is not told, as it is not told of the closing.
  if (cleat__is_closing(env->runtime)) return 1;
  Timer* timer = new_timer(env, handler, arguments);
  if (timer == NULL) return 0;
  cleat__timer_init(env, &timer->handle);
  timer->handle.data = timer;
  timer->id = new_id(env->timers);
  timer->repeats = repeats;
  timer->delay = timeout < 0 ? 0 : (uint64_t)timeout;
  timer->nesting = env->timers->nesting + 1;
  put(env->timers, timer);
  cleat__inspector_task_asked(env->engine, repeats ? "setInterval" : "setTimeout", timer, repeats);
  start(timer, uv_hrtime());
  return timer->id;
}

static void clear(CleatEnv* env, int32_t id) {
  Timer* timer = find(env->timers, id);
  if (timer == NULL) return;
  cleat__inspector_task_cancel(env->engine, timer);
  take_out(env->timers, timer);
  end(timer);
}

// THE HOOKS

int32_t cleat_set_timeout(CleatEnv* env, const CleatFunction* handler, int32_t timeout, CleatValueSequence arguments) {
  return set_timer(env, &handler->callback, timeout, arguments, false);
}

int32_t cleat_set_interval(CleatEnv* env, const CleatFunction* handler, int32_t timeout, CleatValueSequence arguments) {
  return set_timer(env, &handler->callback, timeout, arguments, true);
}

void cleat_clear_timeout(CleatEnv* env, int32_t id) { clear(env, id); }

void cleat_clear_interval(CleatEnv* env, int32_t id) { clear(env, id); }

void cleat_queue_microtask(CleatEnv* env, const CleatVoidFunction* callback) {
  cleat__enqueue_microtask(env->engine, cleat_callback_value(env, &callback->callback));
}

// FOR THE CORE

bool cleat__timers_active(const CleatEnv* env) { return env->timers != NULL && env->timers->count > 0; }

void cleat__timers_move(CleatEnv* env, uint64_t shift_ms) {
  if (env->timers == NULL) return;
  for (size_t i = 0; i < env->timers->bucket_count; i++) {
    for (Timer* timer = env->timers->buckets[i]; timer != NULL; timer = timer->next) timer->due += shift_ms * 1000000;
  }
}

void cleat__timers_close(CleatEnv* env) {
  CleatTimers* timers = env->timers;
  if (timers == NULL) return;
  env->timers = NULL;
  for (size_t i = 0; i < timers->bucket_count; i++) {
    for (Timer* timer = timers->buckets[i]; timer != NULL;) {
      Timer* next = timer->next;
      end(timer);
      timer = next;
    }
  }
  free(timers->buckets);
  free(timers);
}
