// Tasks that run later: cleat_dispatch_after, and the delayed tasks of V8.
#include <stdlib.h>

#include "runtime.h"

enum { MILLISECOND = 1000000 };  // in nanoseconds

// On its way to the JavaScript thread it is the data of a message; there it waits in a timer.
struct CleatDelayed {
  CleatRuntime* runtime;
  void (*run)(CleatEnv* env, void* data);
  void (*drop)(void* data);  // may be NULL
  void* data;
  bool internal;  // one of V8's: nobody waits for it
  uint64_t due;   // by cleat__clock
  uv_timer_t timer;
  CleatDelayed* next;
  CleatDelayed** link;  // what points to this one
};

static void drop_unset(void* data) {
  CleatDelayed* delayed = data;
  void (*drop)(void* data) = delayed->drop;
  void* what = delayed->data;
  free(delayed);
  if (drop != NULL) drop(what);
}

static void on_closed(uv_handle_t* handle) { free(handle->data); }

// Takes it out; libuv has its memory until the loop turns.
static void end(CleatDelayed* delayed) {
  *delayed->link = delayed->next;
  if (delayed->next != NULL) delayed->next->link = delayed->link;
  if (!delayed->internal) delayed->runtime->delayed_count--;
  uv_close((uv_handle_t*)&delayed->timer, on_closed);
}

static void on_due(uv_timer_t* timer) {
  CleatDelayed* delayed = timer->data;
  CleatEnv* env = &delayed->runtime->env;
  if (cleat__is_suspended(delayed->runtime)) {
    uv_timer_start(timer, on_due, 1, 0);
    return;
  }
  void (*run)(CleatEnv * env, void* data) = delayed->run;
  void* data = delayed->data;
  bool internal = delayed->internal;
  end(delayed);
  (internal ? cleat__run_task : cleat__run_host_task)(env, run, data);
}

static void set(CleatEnv* env, void* data) {
  CleatDelayed* delayed = data;
  CleatRuntime* runtime = env->runtime;
  cleat__timer_init(env, &delayed->timer);
  delayed->timer.data = delayed;
  delayed->next = runtime->delayed;
  delayed->link = &runtime->delayed;
  if (delayed->next != NULL) delayed->next->link = &delayed->next;
  runtime->delayed = delayed;
  if (!delayed->internal) runtime->delayed_count++;
  // libuv counts whole milliseconds, and its timers are moved instead of its clock: at the first that is not too early.
  uint64_t due = (delayed->due + MILLISECOND - 1) / MILLISECOND + runtime->moved_ms;
  uint64_t looked = uv_now(&env->loop);
  uv_timer_start(&delayed->timer, on_due, due > looked ? due - looked : 0, 0);
}

bool cleat__delay(CleatRuntime* runtime, double delay_ms, bool internal, void (*run)(CleatEnv* env, void* data),
                  void* data, void (*drop)(void* data)) {
  CleatError* error = cleat__loop_need(runtime);
  CleatDelayed* delayed = error == NULL ? malloc(sizeof(CleatDelayed)) : NULL;
  cleat_error_free(error);
  if (delayed == NULL) return false;
  *delayed = (CleatDelayed){
      .runtime = runtime,
      .run = run,
      .drop = drop,
      .data = data,
      .internal = internal,
      .due = cleat__clock(runtime) + (uint64_t)(delay_ms * MILLISECOND),
  };
  const CleatMessage message = {.run = set, .drop = drop_unset, .data = delayed, .internal = internal, .bare = true};
  if (cleat__send(runtime, &message)) return true;
  free(delayed);
  return false;
}

bool cleat_dispatch_after(CleatRuntime* runtime, uint32_t delay_ms, void (*run)(CleatEnv* env, void* data), void* data,
                          void (*drop)(void* data)) {
  CLEAT_CHECK_TASK(runtime, run);
  return cleat__delay(runtime, delay_ms, false, run, data, drop);
}

void cleat__delays_close(CleatRuntime* runtime) {
  while (runtime->delayed != NULL) {
    CleatDelayed* delayed = runtime->delayed;
    void (*drop)(void* data) = delayed->drop;
    void* data = delayed->data;
    end(delayed);
    if (drop != NULL) drop(data);
  }
}
