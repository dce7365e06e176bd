// Closing: beginning it, waiting for it, and ending what runs meanwhile. What is done then on the JavaScript thread is
// in loop.c.
#include "runtime.h"

// How often whoever waits for a runtime that drops its work looks whether something runs: a task may begin just as
// closing does, and what closing itself runs may run on.
#define LOOK_AGAIN_NS UINT64_C(10000000)

void cleat__begin_close(CleatRuntime* runtime, CleatCloseMode mode) {
  pthread_mutex_lock(&runtime->mutex);
  bool begun = atomic_load_explicit(&runtime->closing, memory_order_relaxed);
  // Who drops after another has begun to finish, drops the rest.
  if (!begun || mode == CLEAT_CLOSE_DROP) runtime->close_mode = mode;
  if (!begun) {
    cleat__queue_refuse(&runtime->queue);
    atomic_store_explicit(&runtime->closing, true, memory_order_release);
  }
  pthread_mutex_unlock(&runtime->mutex);
  cleat__wake(runtime);
  cleat__inspection_wake(runtime->inspection);
}

// Waits for a change, until `deadline` at most. Under the mutex.
static void wait_change(CleatRuntime* runtime, uint64_t deadline) {
  uint64_t again = runtime->close_mode == CLEAT_CLOSE_DROP ? cleat__now() + LOOK_AGAIN_NS : CLEAT_NEVER;
  uint64_t until = again < deadline ? again : deadline;
  if (until == CLEAT_NEVER) {
    pthread_cond_wait(&runtime->changed, &runtime->mutex);
  } else {
    struct timespec time = cleat__timespec(until);
    pthread_cond_timedwait(&runtime->changed, &runtime->mutex, &time);
  }
}

bool cleat__wait_closed(CleatRuntime* runtime, uint64_t deadline) {
  pthread_mutex_lock(&runtime->mutex);
  while (runtime->phase != CLEAT_PHASE_CLOSED) {
    if (runtime->close_mode == CLEAT_CLOSE_DROP) cleat__strike_dropped(runtime);
    if (cleat__now() >= deadline) break;
    wait_change(runtime, deadline);
  }
  if (runtime->phase != CLEAT_PHASE_CLOSED) {
    pthread_mutex_unlock(&runtime->mutex);
    return false;
  }
  if (!runtime->joining) {
    runtime->joining = true;
    pthread_mutex_unlock(&runtime->mutex);
    pthread_join(runtime->thread, NULL);
    pthread_mutex_lock(&runtime->mutex);
    runtime->joined = true;
    pthread_cond_broadcast(&runtime->changed);
  }
  while (!runtime->joined) pthread_cond_wait(&runtime->changed, &runtime->mutex);
  pthread_mutex_unlock(&runtime->mutex);
  return true;
}

// Ends what runs, where it is to be dropped, without waiting.
static void strike_once(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->mutex);
  if (runtime->phase != CLEAT_PHASE_CLOSED && runtime->close_mode == CLEAT_CLOSE_DROP) cleat__strike_dropped(runtime);
  pthread_mutex_unlock(&runtime->mutex);
}

static bool close_by(CleatRuntime* runtime, CleatCloseMode mode, uint64_t deadline, const char* function) {
  if (runtime == NULL) cleat__misuse(function, "the runtime is NULL; has cleat_open failed?");
  if (mode != CLEAT_CLOSE_DROP && mode != CLEAT_CLOSE_FINISH) {
    cleat__misuse(function, "%d is no CleatCloseMode", (int)mode);
  }
  cleat__begin_close(runtime, mode);
  if (cleat__in_job(runtime)) {
    strike_once(runtime);
    return false;
  }
  if (!cleat__on_thread(runtime)) return cleat__wait_closed(runtime, deadline);
  if (!cleat__is_driven(runtime) || runtime->drives > 0) return false;
  CleatEngineEntry entry;
  cleat__drive_begin(runtime, &entry);
  cleat__drive_end(runtime, &entry);
  return true;
}

void cleat_close(CleatRuntime* runtime, CleatCloseMode mode) { close_by(runtime, mode, CLEAT_NEVER, __func__); }

bool cleat_close_within(CleatRuntime* runtime, CleatCloseMode mode, uint32_t timeout_ms) {
  return close_by(runtime, mode, cleat__now() + timeout_ms * UINT64_C(1000000), __func__);
}
