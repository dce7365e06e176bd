// The loop of a JavaScript thread: libuv, the wake-up from other threads, V8's own tasks, and the order of closing.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "class.h"
#include "forgotten.h"
#include "references.h"
#include "snapshot.h"

// What is kept for C below the end of JavaScript's stack, at most a quarter of all.
#define STACK_FOR_C (256 * 1024)

enum {
  HEAD_START = 2000,  // in nanoseconds: little beside what it takes to wake a thread
  FEW = 32,           // messages
};

// WAKING

void cleat__wake(CleatRuntime* runtime) {
  if (runtime->attachment != NULL) {
    cleat__attachment_wake(runtime);
  } else {
    cleat__wake_loop(runtime);
  }
}

void cleat__wake_loop(CleatRuntime* runtime) {
  uint64_t one = 1;
  // It fails only where the count would overflow, and then the loop is woken already.
  ssize_t written = write(runtime->wake_fd, &one, sizeof(one));
  (void)written;
}

void cleat__take_wakes(CleatRuntime* runtime) {
  uint64_t count;
  ssize_t got = read(runtime->wake_fd, &count, sizeof(count));
  (void)got;
}

static void pass(uint64_t nanoseconds) {
  for (uint64_t until = cleat__now() + nanoseconds; cleat__now() < until;) continue;
}

// Gives the senders a start where tasks that do next to nothing have caught up with them. Both sides would go for the
// same few lines of memory at each message, and take several times as long as otherwise. Not where the senders have
// stopped: they may wait for what comes of the messages.
static void let_senders_go_ahead(CleatRuntime* runtime) {
  if (runtime->env.used) return;
  uint32_t length = cleat__queue_length(&runtime->queue);
  if (length < 2 || length > FEW) return;
  pass(HEAD_START / 8);
  if (cleat__queue_length(&runtime->queue) > length) pass(HEAD_START);
}

// Runs one batch: what comes in meanwhile waits for the next turn of the loop, so that timers have theirs. Returns
// whether something has come in, which nobody is woken for.
static bool run_batch(CleatRuntime* runtime) {
  cleat__run_messages(&runtime->env, cleat__queue_end(&runtime->queue));
  if (cleat__is_closing(runtime) || cleat__is_suspended(runtime)) {
    // Closing goes through the queue itself, and resuming wakes.
    cleat__loop_stop(runtime);
    return false;
  }
  cleat__inspection_look(&runtime->env);
  if (!cleat__queue_arm(&runtime->queue)) return false;
  let_senders_go_ahead(runtime);
  return true;
}

static void on_wake(uv_poll_t* wake, int status, int events) {
  (void)status;
  (void)events;
  CleatRuntime* runtime = wake->data;
  cleat__take_wakes(runtime);
  if (run_batch(runtime)) cleat__wake(runtime);
}

void cleat__timer_init(CleatEnv* env, uv_timer_t* timer) {
  uv_timer_init(&env->loop, timer);
  uv_unref((uv_handle_t*)timer);
}

bool cleat__is_alone(CleatRuntime* runtime) {
  if (!cleat__has_loop(runtime)) return true;
  uv_unref((uv_handle_t*)&runtime->wake);
  bool alive = uv_loop_alive(&runtime->env.loop) != 0;
  uv_ref((uv_handle_t*)&runtime->wake);
  return !alive;
}

void cleat__turn_alone(CleatRuntime* runtime) {
  cleat__tell_idle(runtime);
  int timer = cleat__next_timer(runtime);
  // A timer that is due comes before what wakes the loop: wake-ups that never end do not hold it up.
  if (timer == 0 || (timer > 0 && !cleat__wait_for(runtime->wake_fd, timer))) {
    uv_run(&runtime->env.loop, UV_RUN_NOWAIT);
    return;
  }
  cleat__take_wakes(runtime);
  if (cleat__has_loop(runtime)) uv_update_time(&runtime->env.loop);  // as a turn of the loop does
  bool more;
  do {
    more = run_batch(runtime);
  } while (more && cleat__is_alone(runtime) && cleat__next_timer(runtime) != 0);
  if (more) cleat__wake(runtime);
}

bool cleat__is_idle(CleatRuntime* runtime) {
  const CleatEnv* env = &runtime->env;
  return env->operations == 0 && runtime->delayed_count == 0 && !cleat__timers_active(env) &&
         cleat__queue_is_empty(&runtime->queue);
}

void cleat__tell_idle(CleatRuntime* runtime) {
  if (atomic_load_explicit(&runtime->watched, memory_order_relaxed)) cleat__statistics_note(runtime);
  if (atomic_load(&runtime->idle_waiters) == 0 || cleat__is_closing(runtime)) return;
  pthread_mutex_lock(&runtime->mutex);
  // Under the mutex, so that whoever began to wait after sending a task is not told before that task has run.
  if (cleat__is_idle(runtime)) {
    runtime->idle_count++;
    pthread_cond_broadcast(&runtime->changed);
  }
  pthread_mutex_unlock(&runtime->mutex);
}

// Before the loop sleeps.
static void on_prepare(uv_prepare_t* prepare) {
  CleatRuntime* runtime = prepare->data;
  cleat__tell_idle(runtime);
  if (!cleat__is_driven(runtime) && cleat__is_alone(runtime)) uv_stop(&runtime->env.loop);
}

// TASKS OF V8

static void run_foreground(CleatEnv* env, void* task) {
  (void)env;
  cleat__foreground_task_run(task);
}

static void drop_foreground(void* task) { cleat__foreground_task_free(task); }

// CleatEngineHost.post. Any thread.
static bool on_post(void* data, CleatForegroundTask* task, double delay_ms) {
  CleatRuntime* runtime = ((CleatEnv*)data)->runtime;
  return delay_ms > 0 ? cleat__delay(runtime, delay_ms, true, run_foreground, task, drop_foreground)
                      : cleat__dispatch_internal(runtime, run_foreground, task, drop_foreground);
}

// OPENING

static CleatError* uv_failure(const char* what, int code) {
  return cleat__error_new(CLEAT_ERROR_SYSTEM, "%s: %s", what, uv_strerror(code));
}

static void close_handle(uv_handle_t* handle, void* data) {
  (void)data;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void close_uv(uv_loop_t* loop) {
  uv_walk(loop, close_handle, NULL);
  // A uv_stop may have come that no run has seen yet: it ends the next one at once.
  while (uv_run(loop, UV_RUN_DEFAULT) != 0) continue;
  int code = uv_loop_close(loop);
  if (code != 0) cleat__misuse("cleat_close", "the loop is still in use: %s", uv_strerror(code));
}

// Has the loop turn where something comes into the queue.
static CleatError* watch_wakes(CleatRuntime* runtime) {
  uv_loop_t* loop = &runtime->env.loop;
  int code = uv_poll_init(loop, &runtime->wake, runtime->wake_fd);
  if (code != 0) return uv_failure("uv_poll_init", code);
  runtime->wake.data = runtime;
  uv_prepare_init(loop, &runtime->prepare);
  runtime->prepare.data = runtime;
  uv_prepare_start(&runtime->prepare, on_prepare);
  uv_unref((uv_handle_t*)&runtime->prepare);
  code = uv_poll_start(&runtime->wake, UV_READABLE, on_wake);
  if (code != 0) return uv_failure("uv_poll_start", code);
  // cleat__turn_alone sleeps in it, and libuv does not want that.
  if (!cleat__is_driven(runtime) && fcntl(runtime->wake_fd, F_SETFL, 0) != 0) return uv_failure("fcntl", -errno);
  return NULL;
}

// Any thread: the JavaScript thread does not use it before it is marked as open.
static CleatError* open_uv(CleatRuntime* runtime) {
  uv_loop_t* loop = &runtime->env.loop;
  int code = uv_loop_init(loop);
  if (code != 0) return uv_failure("uv_loop_init", code);
  loop->data = &runtime->env;
  CleatError* error = watch_wakes(runtime);
  if (error != NULL) close_uv(loop);
  return error;
}

CleatError* cleat__loop_need(CleatRuntime* runtime) {
  if (cleat__has_loop(runtime)) return NULL;
  CleatError* error = NULL;
  pthread_mutex_lock(&runtime->loop_mutex);
  CleatLoopState state = atomic_load_explicit(&runtime->loop_state, memory_order_relaxed);
  if (state == CLEAT_LOOP_NONE) {
    error = open_uv(runtime);
    if (error == NULL) atomic_store_explicit(&runtime->loop_state, CLEAT_LOOP_OPEN, memory_order_release);
  } else if (state == CLEAT_LOOP_CLOSED) {
    error = cleat__error_new(CLEAT_ERROR_CLOSED, "the runtime is closed");
  }
  pthread_mutex_unlock(&runtime->loop_mutex);
  return error;
}

bool cleat__loop_needed(CleatEnv* env) {
  CleatError* error = cleat__loop_need(env->runtime);
  if (error == NULL) return true;
  cleat_throw_error(env, "The runtime's loop cannot be opened: %s", cleat_error_message(error).data);
  cleat_error_free(error);
  return false;
}

// The loop of a runtime that the host drives, which waits for its descriptor.
static CleatError* open_driven(CleatRuntime* runtime) {
  CleatError* error = cleat__loop_need(runtime);
  if (error != NULL || !runtime->options.pumped) return error;
  // A first turn, in which nothing happens: libuv tells the kernel what to watch only then.
  uv_run(&runtime->env.loop, UV_RUN_NOWAIT);
  if (!cleat__drive_open(runtime)) return cleat__error_new(CLEAT_ERROR_SYSTEM, "epoll: %s", strerror(errno));
  return NULL;
}

uintptr_t cleat__stack_end(size_t wanted) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* lowest = NULL;
  size_t size = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  uintptr_t end = (uintptr_t)lowest + (size / 4 < STACK_FOR_C ? size / 4 : STACK_FOR_C);
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  return wanted != 0 && here - wanted > end && wanted < here ? here - wanted : end;
}

static CleatError* open_engine(CleatEnv* env) {
  CleatRuntime* runtime = env->runtime;
  env->stack_end = cleat__stack_end(runtime->options.pumped ? runtime->options.stack_size : 0);
  CleatEngineOptions options = {
      .heap_initial = runtime->options.heap_initial,
      .heap_limit = runtime->options.heap_limit != 0 ? runtime->options.heap_limit : CLEAT_DEFAULT_HEAP_LIMIT,
      .external_limit = runtime->options.external_limit,
      .stack_end = env->stack_end,
      .no_code_from_strings = runtime->options.no_code_from_strings,
      .no_webassembly = runtime->options.no_webassembly,
      .for_snapshot = runtime->making != NULL,
  };
  CleatEngineHost host = {
      .data = env,
      .post = on_post,
      .rejected = cleat__rejected,
      .heap_limit = cleat__heap_limit,
      .interrupted = cleat__interrupted,
      .terminated = cleat__terminated,
      .out_of_memory = cleat__out_of_memory,
      .compute = cleat__compute,
      .interceptor = &cleat__properties,
  };
  if (!cleat__modules_open(env, &host)) return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  CleatReferenceList list = {0};
  const bool listed = runtime->options.snapshot != NULL || runtime->making != NULL;
  if (listed && !cleat__references_list(&runtime->options, &list)) {
    return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  }
  CleatReferences references = {list.addresses, list.count, list.fast, list.fast_count};
  if (listed) options.references = &references;
  CleatError* error = cleat__snapshot_await(runtime);
  options.snapshot = runtime->heap;
  if (error == NULL) env->engine = cleat__engine_open(&options, &host);
  cleat__references_free(&list);
  if (error != NULL) return error;
  if (env->engine == NULL) return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "the engine cannot be opened");
  cleat__engine_enter(env->engine, &runtime->entry);
  cleat__on_uncaught(env->engine, cleat__note_uncaught, env);
  return cleat__inspection_open(env);
}

static void install(CleatEnv* env, void* bindings) {
  if (!cleat__install(env, bindings)) env->pending = true;
}

static void prepare(CleatEnv* env, void* bindings) {
  if (!cleat__prepare_bindings(env, bindings)) env->pending = true;
}

static CleatError* run_bootstrap(CleatEnv* env, const CleatScript* script) {
  CleatSource source = {
      .text = script->source,
      .length = script->length != 0 ? script->length : strlen(script->source),
      .name = script->name != NULL ? script->name : "<bootstrap>",
      .line = 1,
  };
  CleatTask task;
  cleat__task_begin(env, &task, env->runtime->time_limit_ms);
  CleatError* error = cleat__evaluate(env, &source, NULL, NULL);
  if (error == NULL) cleat__checkpoint(env);
  CleatError* strike = cleat__task_end(env, &task);
  if (strike == NULL) return error;
  cleat_error_free(error);
  return strike;
}

static void open_webassembly(CleatEnv* env, void* data) {
  (void)data;
  cleat__ran(env, cleat__webassembly_open(env));
}

static CleatError* install_all(CleatEnv* env) {
  const CleatOptions* options = &env->runtime->options;
  CleatTask task;
  cleat__task_begin(env, &task, 0);
  // In an isolate of others it is left to them, and while a snapshot is made there is none.
  bool own = env->runtime->attachment == NULL && env->runtime->making == NULL;
  CleatError* error = own ? cleat__protect(env, open_webassembly, NULL) : NULL;
  for (size_t i = 0; i < options->binding_count && error == NULL; i++) {
    error = cleat__protect(env, install, (void*)options->bindings[i]);
  }
  for (size_t i = 0; i < options->module_count && error == NULL; i++) {
    if (options->modules[i].bindings != NULL) error = cleat__protect(env, prepare, (void*)options->modules[i].bindings);
  }
  CleatError* strike = cleat__task_end(env, &task);
  cleat_error_free(strike);
  if (error == NULL) cleat__inspection_wait(env);
  for (size_t i = 0; i < options->script_count && error == NULL; i++) {
    error = run_bootstrap(env, &options->scripts[i]);
  }
  return error;
}

static void open_javascript(CleatEnv* env, void* data) {
  CleatError** error = data;
  *error = env->runtime->attachment != NULL ? cleat__attachment_open(env->runtime) : open_engine(env);
  if (*error != NULL) return;
  cleat__statistics_note(env->runtime);
  *error = install_all(env);
  if (*error == NULL && env->runtime->making != NULL) *error = cleat__snapshot_check(env);
}

CleatError* cleat__loop_open(CleatRuntime* runtime) {
  CleatEnv* env = &runtime->env;
  cleat__performance_open(env);
  CleatError* error = cleat__is_driven(runtime) ? open_driven(runtime) : NULL;
  if (error != NULL) return error;
  // Those of an attached runtime are its host's affair.
  if (runtime->attachment == NULL && !cleat__rejections_open(env))
    return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  return cleat__survive(env, open_javascript, &error) ? error : cleat__lost_error();
}

// CLOSING

// What scripts may run while their runtime closes by dropping: reactions to promises that closing settles, and what V8
// has begun.
#define CLOSING_LIMIT_MS 1000

bool cleat__is_dropping(CleatRuntime* runtime) {
  if (!cleat__is_closing(runtime)) return false;
  pthread_mutex_lock(&runtime->mutex);
  bool dropping = runtime->close_mode == CLEAT_CLOSE_DROP;
  pthread_mutex_unlock(&runtime->mutex);
  return dropping;
}

// Has what closing itself runs end by a limit of its own, instead of by whoever waits for the closing. Where the thread
// that keeps limits cannot be had, that remains.
static void limit_closing(CleatRuntime* runtime) {
  if (!cleat__is_dropping(runtime) || cleat__is_idle(runtime) || !cleat__watchdog_start(runtime)) return;
  uint32_t limit_ms = runtime->time_limit_ms;
  runtime->time_limit_ms = limit_ms != 0 && limit_ms < CLOSING_LIMIT_MS ? limit_ms : CLOSING_LIMIT_MS;
  pthread_mutex_lock(&runtime->mutex);
  runtime->spared = true;
  pthread_mutex_unlock(&runtime->mutex);
}

static void drop(const CleatMessage* message) {
  if (message->drop != NULL) message->drop(message->data);
}

// Deals with all that has been accepted, as cleat_close was told to. What a sender is about to put there is waited for:
// that sender may be a blocking operation, which waits for its answer while closing waits for the operation.
static void finish_queue(CleatRuntime* runtime) {
  CleatMessage message;
  while (cleat__queue_take_sent(&runtime->queue, &message)) {
    if ((message.internal || !cleat__is_dropping(runtime)) && !cleat__is_lost(runtime)) {
      cleat__run_message(&runtime->env, &message);
    } else {
      drop(&message);
    }
  }
}

static void drop_queue(CleatRuntime* runtime) {
  cleat__queue_close(&runtime->queue);
  CleatMessage message;
  while (cleat__queue_take_last(&runtime->queue, &message)) drop(&message);
}

// Microtasks that a task has left, since it was struck, are dropped where the rest is.
static void close_promises(CleatEnv* env, void* data) {
  (void)data;
  if (env->pendings == NULL && cleat__is_dropping(env->runtime)) return;
  cleat__promises_close(env);
  if (env->runtime->attachment != NULL) {
    cleat__attachment_checkpoint(env);
  } else {
    cleat__run_microtasks(env->engine);
  }
}

static void close_rest(CleatEnv* env, void* data) {
  (void)data;
  // Once more: what the reactions to the first time have begun.
  cleat__timers_close(env);
  cleat__promises_close(env);
  cleat__inspection_close(env);
  cleat__classes_close(env);
  cleat__console_close(env);
}

typedef void CloseStep(CleatEnv* env, void* data);

static void run_step(CleatEnv* env, void* data) {
  CloseStep** step = data;
  CleatTask task;
  cleat__task_begin(env, &task, env->runtime->time_limit_ms);
  cleat_error_free(cleat__protect(env, *step, NULL));
  env->pending = false;
  cleat_error_free(cleat__task_end(env, &task));
}

// Runs a step of closing as a task. What it leaves unhandled is not reported: scripts are not told of the closing in
// time to handle it.
static void close_step(CleatEnv* env, CloseStep* step) { cleat__survive(env, run_step, &step); }

// Does without JavaScript what can be done so. Native objects are finalized, as that is C.
static void close_lost(CleatEnv* env) {
  cleat__promises_drop(env);
  cleat__inspection_abandon(env);
  cleat__timers_close(env);
  cleat__classes_close(env);
  cleat__console_close(env);
}

static void close_engine(CleatRuntime* runtime) {
  CleatEnv* env = &runtime->env;
  cleat__evals_cancel(env);
  cleat__timers_close(env);
  close_step(env, close_promises);
  finish_queue(runtime);
  // The last step: no JavaScript runs after the native objects are finalized.
  close_step(env, close_rest);
  if (cleat__is_lost(runtime)) close_lost(env);
  cleat__refs_close(env);
  cleat__rejections_close(env);
  cleat__delays_close(runtime);
  cleat__modules_close(env);
  cleat__webassembly_close(env);
  cleat__statistics_end(runtime);
  if (!cleat__is_lost(runtime)) {
    cleat__engine_leave(env->engine, &runtime->entry);
    if (runtime->making != NULL && runtime->making->checked) {
      cleat__snapshot_take_heap(env);
    } else {
      cleat__engine_close(env->engine);
    }
  }
  cleat__forgotten_close(env);
  cleat__evals_free(env);
}

// Whoever comes later finds it closed.
static void close_libuv(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->loop_mutex);
  bool there = cleat__has_loop(runtime);
  atomic_store_explicit(&runtime->loop_state, CLEAT_LOOP_CLOSED, memory_order_relaxed);
  pthread_mutex_unlock(&runtime->loop_mutex);
  if (there) close_uv(&runtime->env.loop);
}

void cleat__loop_close(CleatRuntime* runtime) {
  cleat__feeds_close(runtime);
  if (runtime->env.engine != NULL) {
    limit_closing(runtime);
    finish_queue(runtime);
    close_engine(runtime);
  } else {
    cleat__rejections_close(&runtime->env);
    cleat__modules_close(&runtime->env);
  }
  if (runtime->attachment != NULL) cleat__attachment_close(runtime);
  drop_queue(runtime);
  close_libuv(runtime);
}
