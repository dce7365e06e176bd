// Statistics: what a runtime uses and has done, read from any thread.
#include <string.h>

#include "runtime.h"

static double milliseconds(struct timespec time) { return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6; }

// Reads the thread's processor time. Under the mutex.
static void read_clock(CleatRuntime* runtime, CleatStatistics* out) {
  struct timespec used;
  if (runtime->clocked && clock_gettime(runtime->clock, &used) == 0) out->run_ms = milliseconds(used);
}

// Reads what the engine knows, while it is there. Under the mutex, or on the JavaScript thread.
static void read_engine(CleatRuntime* runtime, CleatStatistics* out) {
  CleatEngineStatistics engine;
  cleat__noted_statistics(runtime->env.engine, &engine);
  out->heap_used = engine.heap_used;
  out->heap_total = engine.heap_total;
  out->heap_limit = engine.heap_limit;
  out->external = engine.external;
}

void cleat__statistics_note(CleatRuntime* runtime) {
  CleatEngineStatistics engine;
  if (!cleat__is_lost(runtime)) cleat__statistics(runtime->env.engine, &engine);
}

void cleat__statistics_end(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->mutex);
  read_engine(runtime, &runtime->last);
  if (cleat__is_lost(runtime)) runtime->last.lost = runtime->last.heap_total + runtime->last.external;
  runtime->counted = true;
  pthread_mutex_unlock(&runtime->mutex);
}

void cleat__statistics_close(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->mutex);
  read_clock(runtime, &runtime->last);
  runtime->clocked = false;
  pthread_mutex_unlock(&runtime->mutex);
}

bool cleat_statistics(CleatRuntime* runtime, CleatStatistics* out) {
  CLEAT_CHECK_RUNTIME(runtime);
  if (out == NULL || out->size < sizeof(out->size)) return false;
  if (!atomic_exchange_explicit(&runtime->watched, true, memory_order_relaxed)) cleat__wake(runtime);
  // Before the mutex, which V8 may wait for with locks of its own held, in CleatEngineHost.post. `counted` is written
  // on this thread.
  if (cleat__on_thread(runtime) && !runtime->counted) cleat__statistics_note(runtime);
  pthread_mutex_lock(&runtime->mutex);
  CleatStatistics all = runtime->last;
  if (!runtime->counted) read_engine(runtime, &all);
  read_clock(runtime, &all);
  pthread_mutex_unlock(&runtime->mutex);
  all.tasks = atomic_load_explicit(&runtime->counts.tasks, memory_order_relaxed);
  all.evals = atomic_load_explicit(&runtime->counts.evals, memory_order_relaxed);
  all.handles = (size_t)atomic_load_explicit(&runtime->counts.handles, memory_order_relaxed);
  all.objects = (size_t)atomic_load_explicit(&runtime->counts.objects, memory_order_relaxed);
  all.size = out->size;
  memset(out, 0, all.size);
  memcpy(out, &all, all.size < sizeof(all) ? all.size : sizeof(all));
  return true;
}
