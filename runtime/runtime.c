// The life of a runtime: opening, references, sending work, waiting, closing.
#include "runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "attach.h"
#include "count_calls.h"
#include "globals.h"
#include "snapshot.h"

// A megabyte of JavaScript, as V8 has by default, and what loop.c leaves for C.
#define DEFAULT_STACK_SIZE ((1024 + 256) * 1024)
#define LEAST_STACK_SIZE (256 * 1024)
#define MOST_STACK_SIZE (SIZE_MAX / 4)

// How long the JavaScript thread waits for other threads to free memory, in milliseconds.
#define MOST_WAIT_MS 5000

#ifndef CLEAT_VERSION
#define CLEAT_VERSION "0.1.0"
#endif

const char* cleat_version(void) { return CLEAT_VERSION; }

const char* cleat_engine_version(void) { return cleat__engine_version(); }

// OPTIONS

bool cleat__options_fit(const void* options, size_t size, size_t least, size_t known) {
  const char* bytes = options;
  for (size_t i = known; i < size; i++) {
    if (bytes[i] != 0) return false;
  }
  return size >= least;
}

static CleatError* bad_option(const char* problem) { return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "%s", problem); }

static CleatError* out_of_memory(void) { return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory"); }

// Copies options of any version: what an older struct lacks is zero, what a newer one has more must be.
static CleatError* read_options(const CleatOptions* given, CleatOptions* options) {
  *options = CLEAT_OPTIONS_INIT;
  if (given == NULL) return NULL;
  size_t size = given->size;
  if (!cleat__options_fit(given, size, offsetof(CleatOptions, name), sizeof(CleatOptions))) {
    return bad_option(size == 0 ? "option size: not set; start from CLEAT_OPTIONS_INIT"
                                : "option size: of another version of Cleat, with options that this one does not know");
  }
  memcpy(options, given, size < sizeof(CleatOptions) ? size : sizeof(CleatOptions));
  options->size = sizeof(CleatOptions);
  return NULL;
}

// A list of static things and its count are both given or neither: one alone is a line that was forgotten.
static CleatError* check_list(const char* name, const void* items, const char* count_name, size_t count) {
  if ((items != NULL) == (count != 0)) return NULL;
  const char* format = items == NULL ? "option %s: NULL, but %s is not 0" : "option %s: not NULL, but %s is 0";
  return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, format, name, count_name);
}

static CleatError* check_lists(const CleatOptions* options) {
  CleatError* error = check_list("bindings", options->bindings, "binding_count", options->binding_count);
  if (error != NULL) return error;
  error = check_list("scripts", options->scripts, "script_count", options->script_count);
  return error != NULL ? error : check_list("modules", options->modules, "module_count", options->module_count);
}

static CleatError* check_module(const CleatOptions* options, size_t index) {
  const CleatModule* module = &options->modules[index];
  if (module->name == NULL) return bad_option("option modules: a name is NULL");
  if ((module->source == NULL) == (module->bindings == NULL)) {
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option modules: '%s' has %s", module->name,
                            module->source == NULL ? "neither source nor bindings" : "both source and bindings");
  }
  if (module->bindings != NULL && module->bindings->size != sizeof(CleatBindings)) {
    return bad_option("option modules: bindings made by another version of bindgen");
  }
  if (module->bindings != NULL && module->json) return bad_option("option modules: bindings are not JSON");
  for (size_t i = 0; i < index; i++) {
    if (strcmp(options->modules[i].name, module->name) != 0) continue;
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option modules: '%s' is given twice", module->name);
  }
  return NULL;
}

static CleatError* check_modules(const CleatOptions* options) {
  for (size_t i = 0; i < options->module_count; i++) {
    CleatError* error = check_module(options, i);
    if (error != NULL) return error;
  }
  return NULL;
}

static CleatError* check_options(const CleatOptions* options, bool making) {
  for (size_t i = 0; i < options->binding_count; i++) {
    if (options->bindings[i] == NULL) return bad_option("option bindings: one of them is NULL");
    if (options->bindings[i]->size != sizeof(CleatBindings)) {
      return bad_option("option bindings: made by another version of bindgen");
    }
  }
  if (options->capability_count > 0 && options->capabilities == NULL) {
    return bad_option("option capabilities: NULL, but capability_count is not 0");
  }
  for (size_t i = 0; i < options->capability_count; i++) {
    if (options->capabilities[i] == NULL) return bad_option("option capabilities: one of them is NULL");
  }
  for (size_t i = 0; i < options->script_count; i++) {
    if (options->scripts[i].source == NULL) return bad_option("option scripts: a source is NULL");
  }
  if (options->stack_size != 0 && options->stack_size < LEAST_STACK_SIZE) {
    return bad_option("option stack_size: less than 256 KiB");
  }
  if (options->stack_size > MOST_STACK_SIZE) return bad_option("option stack_size: more than there can be");
  if (options->heap_limit != 0 && options->heap_limit < 1024 * 1024) {
    return bad_option("option heap_limit: less than 1 MiB");
  }
  if (options->inspector != NULL && options->inspector->size < sizeof(CleatInspector)) {
    return bad_option("option inspector: its size is not set, or it is of another version of Cleat");
  }
  if (options->inspector_start > CLEAT_INSPECTOR_PAUSE) return bad_option("option inspector_start: no such one");
  if (options->inspector_start != CLEAT_INSPECTOR_RUN && options->inspector == NULL) {
    return bad_option("option inspector_start: there is no inspector to wait for");
  }
  if (options->inspector != NULL && making) {
    return bad_option("option inspector: nobody can debug what a snapshot is made of; open a runtime for that");
  }
  if (options->snapshot != NULL && making) {
    return bad_option("option snapshot: a snapshot is not made from another; give the scripts of both");
  }
  if (options->heap_limit > SIZE_MAX / 4) return bad_option("option heap_limit: more than there can be");
  if (options->heap_initial > (options->heap_limit != 0 ? options->heap_limit : CLEAT_DEFAULT_HEAP_LIMIT)) {
    return bad_option("option heap_initial: more than heap_limit");
  }
  return NULL;
}

// OPENING

void cleat__condition_init(pthread_cond_t* condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

static void free_runtime(CleatRuntime* runtime) {
  cleat__promises_free(&runtime->env);
  cleat__inspection_free(runtime->inspection);
  pthread_cond_destroy(&runtime->watchdog_changed);
  pthread_cond_destroy(&runtime->changed);
  pthread_mutex_destroy(&runtime->loop_mutex);
  pthread_mutex_destroy(&runtime->clock_mutex);
  pthread_mutex_destroy(&runtime->mutex);
  close(runtime->wake_fd);
  if (runtime->poll_fd >= 0) close(runtime->poll_fd);
  cleat__queue_free(&runtime->queue);
  cleat__attachment_free(runtime->attachment);
  cleat__call_counters_free(runtime);
  cleat_error_free(runtime->snapshot_error);  // where the loop could not be opened
  free(runtime->name);
  free(runtime);
}

static CleatRuntime* new_runtime(const CleatOptions* options, bool driven, CleatError** error) {
  // Aligned for the queue.
  CleatRuntime* runtime = aligned_alloc(_Alignof(CleatRuntime), sizeof(CleatRuntime));
  if (runtime != NULL) memset(runtime, 0, sizeof(CleatRuntime));
  char* name = strdup(options->name != NULL ? options->name : "cleat");
  // cleat__turn_alone sleeps in it.
  int wake_fd = eventfd(0, driven ? EFD_CLOEXEC | EFD_NONBLOCK : EFD_CLOEXEC);
  if (runtime != NULL) runtime->options = *options;
  if (wake_fd < 0 || runtime == NULL || name == NULL || !cleat__call_counters_open(runtime) ||
      !cleat__queue_init(&runtime->queue)) {
    *error = wake_fd < 0 ? cleat__error_new(CLEAT_ERROR_SYSTEM, "eventfd: %s", strerror(errno)) : out_of_memory();
    if (wake_fd >= 0) close(wake_fd);
    if (runtime != NULL) cleat__call_counters_free(runtime);
    free(name);
    free(runtime);
    return NULL;
  }
  runtime->options.name = runtime->name = name;
  runtime->time_limit_ms = options->timeout_ms;
  runtime->wake_fd = wake_fd;
  runtime->poll_fd = -1;
  runtime->env.runtime = runtime;
  atomic_init(&runtime->references, 1);
  atomic_init(&runtime->keepers, 2);  // the first reference and the thread
  pthread_mutex_init(&runtime->mutex, NULL);
  pthread_mutex_init(&runtime->clock_mutex, NULL);
  pthread_mutex_init(&runtime->loop_mutex, NULL);
  cleat__condition_init(&runtime->changed);
  cleat__condition_init(&runtime->watchdog_changed);
  if (options->inspector == NULL) return runtime;
  runtime->inspection = cleat__inspection_new(runtime, error);
  if (runtime->inspection != NULL) return runtime;
  free_runtime(runtime);
  return NULL;
}

static void set_phase(CleatRuntime* runtime, CleatPhase phase) {
  pthread_mutex_lock(&runtime->mutex);
  runtime->phase = phase;
  pthread_mutex_unlock(&runtime->mutex);
  // Whoever wakes up does not find the mutex taken. This thread still keeps the memory.
  pthread_cond_broadcast(&runtime->changed);
}

void cleat__end(CleatRuntime* runtime) {
  cleat__loop_close(runtime);
  cleat__watchdog_stop(runtime);
  atomic_store_explicit(&runtime->ended, true, memory_order_release);
  cleat__statistics_close(runtime);
  set_phase(runtime, CLEAT_PHASE_CLOSED);
  cleat__runtime_unkeep(runtime);
}

// Opens the loop and the engine on the JavaScript thread. False where the runtime is closing then: that failed, or was
// for a snapshot.
static bool start(CleatRuntime* runtime) {
  CleatError* error = cleat__loop_open(runtime);
  if (error == NULL && runtime->attachment != NULL) error = cleat__attachment_seal(runtime);
  runtime->options.scripts = NULL;
  runtime->options.script_count = 0;
  if (error == NULL && runtime->making == NULL) {
    set_phase(runtime, CLEAT_PHASE_RUNNING);
    return true;
  }
  runtime->open_error = error;
  cleat__begin_close(runtime, CLEAT_CLOSE_DROP);
  return false;
}

static void* thread_main(void* argument) {
  CleatRuntime* runtime = argument;
  // All others look at this once the phase has changed, or are called from here.
  runtime->thread = pthread_self();
  runtime->env.thread = cleat__this_thread();
  runtime->clocked = pthread_getcpuclockid(runtime->thread, &runtime->clock) == 0;
  char name[16];
  snprintf(name, sizeof(name), "%s", runtime->name);
  pthread_setname_np(pthread_self(), name);

  if (start(runtime)) cleat__turn_until_closing(runtime);
  cleat__end(runtime);
  return NULL;
}

static int start_thread(CleatRuntime* runtime) {
  size_t size = runtime->options.stack_size;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size = ((size != 0 ? size : DEFAULT_STACK_SIZE) + page - 1) / page * page;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  int failure = pthread_attr_setstacksize(&attributes, size);
  pthread_t thread;
  if (failure == 0) failure = cleat__thread_start(&thread, &attributes, thread_main, runtime);
  pthread_attr_destroy(&attributes);
  return failure;
}

// The runtime lives on the calling thread.
static int start_here(CleatRuntime* runtime) {
  runtime->thread = pthread_self();
  runtime->env.thread = cleat__this_thread();
  runtime->joining = runtime->joined = true;
  cleat__runtime_keep(runtime);
  runtime->drives = 1;
  if (start(runtime)) {
    if (runtime->attachment != NULL) cleat__attachment_start(runtime);
    cleat__drive_end(runtime, NULL);
  } else {
    if (runtime->attachment != NULL) cleat__attachment_undo(runtime);
    cleat__end(runtime);
    cleat__runtime_unkeep(runtime);
  }
  return 0;
}

static CleatError* open_on_thread(CleatRuntime* runtime) {
  int failure = 0;
  if (runtime->options.timeout_ms != 0 && !cleat__watchdog_start(runtime)) failure = EAGAIN;
  const bool here = cleat__is_driven(runtime);
  if (here) cleat__snapshot_read(runtime);
  if (failure == 0) failure = here ? start_here(runtime) : start_thread(runtime);
  // Both threads have something to do: the other one opens its loop meanwhile.
  if (failure == 0 && !here) cleat__snapshot_read(runtime);
  if (failure != 0) {
    cleat__watchdog_stop(runtime);
    runtime->joined = true;
    cleat__runtime_unkeep(runtime);  // for the thread
    return cleat__error_new(CLEAT_ERROR_SYSTEM, "a thread cannot be started: %s", strerror(failure));
  }
  pthread_mutex_lock(&runtime->mutex);
  while (runtime->phase == CLEAT_PHASE_OPENING) pthread_cond_wait(&runtime->changed, &runtime->mutex);
  CleatError* error = runtime->open_error;
  pthread_mutex_unlock(&runtime->mutex);
  if (error == NULL) return NULL;
  cleat__wait_closed(runtime, CLEAT_NEVER);
  return error;
}

CleatRuntime* cleat__open_runtime(const struct CleatHost* host, const CleatOptions* given,
                                  struct CleatSnapshotMaking* making, CleatError** error) {
  CleatOptions options;
  *error = read_options(given, &options);
  if (*error == NULL) *error = check_lists(&options);
  if (*error == NULL) *error = check_options(&options, making != NULL);
  if (*error == NULL) *error = check_modules(&options);
  if (*error == NULL) *error = cleat__check_globals(&options);
  if (*error == NULL && host != NULL) *error = cleat__attachment_check(&options);
  if (*error != NULL) return NULL;
  if (making != NULL) {
    // A module in the heap cannot be kept: nothing can be imported.
    options.modules = NULL;
    options.module_count = 0;
    options.resolve = NULL;
    options.load = NULL;
  }
  if (host == NULL && !cleat__engine_start()) {
    *error = cleat__error_new(CLEAT_ERROR_SYSTEM, "the V8 of this process is somebody else's: see cleat_attach");
    return NULL;
  }
  CleatRuntime* runtime = new_runtime(&options, host != NULL || options.pumped, error);
  if (runtime == NULL) return NULL;
  runtime->making = making;
  if (host != NULL && (runtime->attachment = cleat__attachment_new(host)) == NULL) {
    free_runtime(runtime);
    *error = out_of_memory();
    return NULL;
  }
  *error = open_on_thread(runtime);
  if (*error == NULL) return runtime;
  cleat__runtime_unkeep(runtime);
  return NULL;
}

static void give_error(CleatError* failure, CleatError** error) {
  if (error != NULL) {
    *error = failure;
  } else {
    cleat_error_free(failure);
  }
}

CleatRuntime* cleat_open(const CleatOptions* options, CleatError** error) {
  CleatError* failure;
  CleatRuntime* runtime = cleat__open_runtime(NULL, options, NULL, &failure);
  give_error(failure, error);
  return runtime;
}

CleatRuntime* cleat_attach(const CleatHost* host, const CleatOptions* options, CleatError** error) {
  CleatHost copy = {.size = sizeof(CleatHost)};
  CleatError* failure = NULL;
  CleatRuntime* runtime = NULL;
  if (host == NULL || !cleat__options_fit(host, host->size, offsetof(CleatHost, task), sizeof(CleatHost))) {
    failure = cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "argument host: NULL, or its size is not that of a CleatHost");
  } else {
    memcpy(&copy, host, host->size < sizeof(copy) ? host->size : sizeof(copy));
    if (copy.dispatch == NULL) failure = cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "host dispatch: NULL");
  }
  if (failure == NULL) runtime = cleat__open_runtime(&copy, options, NULL, &failure);
  give_error(failure, error);
  return runtime;
}

// REFERENCES

CleatRuntime* cleat__runtime_keep(CleatRuntime* runtime) {
  atomic_fetch_add_explicit(&runtime->keepers, 1, memory_order_relaxed);
  return runtime;
}

void cleat__runtime_unkeep(CleatRuntime* runtime) {
  // Release what this keeper did, acquire what all others did.
  if (atomic_fetch_sub_explicit(&runtime->keepers, 1, memory_order_acq_rel) != 1) return;
  if (!runtime->joined) {
    if (pthread_equal(runtime->thread, pthread_self())) {
      pthread_detach(runtime->thread);
    } else {
      pthread_join(runtime->thread, NULL);
    }
  }
  free_runtime(runtime);
}

CleatRuntime* cleat_retain(CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  atomic_fetch_add_explicit(&runtime->references, 1, memory_order_relaxed);
  return cleat__runtime_keep(runtime);
}

static bool on_thread_or_ended(const CleatRuntime* runtime) {
  return cleat__on_thread(runtime) || atomic_load_explicit(&runtime->ended, memory_order_acquire);
}

void cleat_release(CleatRuntime* runtime) {
  if (runtime == NULL) return;
  if (atomic_fetch_sub_explicit(&runtime->references, 1, memory_order_acq_rel) == 1) {
    if (runtime->options.pumped && !on_thread_or_ended(runtime)) {
      cleat__misuse(__func__, "the last reference to a runtime that another thread drives, and that is not closed");
    }
    cleat_close(runtime, CLEAT_CLOSE_DROP);
  }
  cleat__runtime_unkeep(runtime);
}

void* cleat_data_of(const CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  return runtime->options.data;
}

CleatEnv* cleat__runtime_env(CleatRuntime* runtime) { return &runtime->env; }

const CleatOptions* cleat__runtime_options(const CleatRuntime* runtime) { return &runtime->options; }

bool cleat__on_thread(const CleatRuntime* runtime) {
  // While the thread has not ended, no other can have its identity.
  return pthread_equal(runtime->thread, pthread_self()) && !atomic_load_explicit(&runtime->ended, memory_order_acquire);
}

// SENDING WORK

// Where memory is short. The receiver gives some back as it takes messages; so it cannot wait for that itself, and has
// a reserve. Once that is used up too, other threads have a while to free memory. These wait as long as it takes.
static CLEAT_APART CleatPush push_late(CleatRuntime* runtime, const CleatMessage* message) {
  bool receiver = cleat__on_thread(runtime);
  for (int waited_ms = 0; !receiver || waited_ms < MOST_WAIT_MS; waited_ms++) {
    CleatPush push =
        receiver ? cleat__queue_push_own(&runtime->queue, message) : cleat__queue_push(&runtime->queue, message);
    if (push != CLEAT_PUSH_FAILED) return push;
    uv_sleep(1);
  }
  // As V8 does where its own memory is short.
  cleat__misuse("the runtime's queue", "out of memory");
}

// Wakes the receiver where it is to be woken; returns whether the message was accepted.
static inline bool finish_push(CleatRuntime* runtime, CleatPush push) {
  if (push == CLEAT_PUSH_ASLEEP) cleat__wake(runtime);
  return push == CLEAT_PUSH_ASLEEP || push == CLEAT_PUSH_AWAKE;
}

// Pushes it; where memory is short internal messages wait for that.
static inline CleatPush push_or_wait(CleatRuntime* runtime, const CleatMessage* message) {
  CleatPush push = cleat__queue_push(&runtime->queue, message);
  return push == CLEAT_PUSH_FAILED && message->internal ? push_late(runtime, message) : push;
}

bool cleat__send(CleatRuntime* runtime, const CleatMessage* message) {
  return finish_push(runtime, push_or_wait(runtime, message));
}

bool cleat__try_send(CleatRuntime* runtime, const CleatMessage* message) {
  return finish_push(runtime, cleat__queue_push(&runtime->queue, message));
}

CLEAT_HOT bool cleat_dispatch(CleatRuntime* runtime, void (*run)(CleatEnv* env, void* data), void* data,
                              void (*drop)(void* data)) {
  CLEAT_CHECK_TASK(runtime, run);
  return cleat__send(runtime, &(CleatMessage){.run = run, .data = data, .drop = drop, .host = true});
}

bool cleat__dispatch_internal(CleatRuntime* runtime, void (*run)(CleatEnv* env, void* data), void* data,
                              void (*drop)(void* data)) {
  return cleat__send(runtime, &(CleatMessage){.run = run, .data = data, .drop = drop, .internal = true});
}

bool cleat__dispatch_parting(CleatRuntime* runtime, void (*run)(CleatEnv* env, void* data), void* data,
                             void (*drop)(void* data)) {
  CleatMessage message = {.run = run, .data = data, .drop = drop, .internal = true, .keepers = &runtime->keepers};
  CleatPush push = push_or_wait(runtime, &message);
  // The memory is not touched any more otherwise.
  if (push != CLEAT_PUSH_ASLEEP) return push == CLEAT_PUSH_AWAKE;
  cleat__wake(runtime);
  cleat__runtime_unkeep(runtime);
  return true;
}

// WAITING

bool cleat_wait(CleatRuntime* runtime, uint32_t timeout_ms) {
  CLEAT_CHECK_RUNTIME(runtime);
  if (cleat__on_thread(runtime) || cleat__in_job(runtime)) return false;
  struct timespec deadline = cleat__timespec(cleat__now() + timeout_ms * UINT64_C(1000000));
  int failure = 0;
  pthread_mutex_lock(&runtime->mutex);
  uint64_t count = runtime->idle_count;
  // From here on the loop looks whether it is idle, each time before it sleeps; the wake-up makes it look now.
  atomic_fetch_add(&runtime->idle_waiters, 1);
  pthread_mutex_unlock(&runtime->mutex);
  // Without the mutex, as the host of an attached runtime may take locks of its own.
  cleat__wake(runtime);
  pthread_mutex_lock(&runtime->mutex);
  while (runtime->idle_count == count && runtime->phase != CLEAT_PHASE_CLOSED && failure != ETIMEDOUT) {
    if (timeout_ms == 0) {
      pthread_cond_wait(&runtime->changed, &runtime->mutex);
    } else {
      failure = pthread_cond_timedwait(&runtime->changed, &runtime->mutex, &deadline);
    }
  }
  atomic_fetch_sub(&runtime->idle_waiters, 1);
  bool idle = runtime->idle_count != count;
  pthread_mutex_unlock(&runtime->mutex);
  return idle;
}
