// Attached: a runtime whose isolate, context and loop are a host's. Cleat's own loop is turned by the host, when a
// sender has something for it or a thread that watches it finds that a timer or an operation is due.
#include "attach.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "changes.h"
#include "class.h"
#include "globals.h"

enum { MILLISECOND = 1000000 };  // in nanoseconds

// A turn is the runtime itself, kept as long as the turn is the host's.
struct CleatAttachment {
  CleatHost host;
  atomic_bool requested;  // a turn is the host's
  CleatChanges changes;   // of the host's objects, until it is open; on the host's thread
  bool postponed;         // one came in the middle of JavaScript; on the host's thread
  bool opened;            // it is open; on the host's thread
  bool waits;             // as the host was told; on its thread

  pthread_mutex_t mutex;  // guards what follows
  bool open;              // the host may be called
  bool missed;            // a turn was wanted before that
  bool stop;
  uint64_t due;  // when the watcher asks for a turn in any case, by cleat__now; UINT64_MAX for never

  atomic_bool watching;  // the watcher looks at the loop; written under the mutex
  int loop_fd;
  pthread_t watcher;
  bool watcher_started;
  int control_fd;  // wakes the watcher
};

static bool has_ended(const CleatRuntime* runtime) {
  return atomic_load_explicit(&runtime->ended, memory_order_acquire);
}

CleatAttachment* cleat__attachment_new(const CleatHost* host) {
  CleatAttachment* attachment = calloc(1, sizeof(CleatAttachment));
  if (attachment == NULL) return NULL;
  attachment->host = *host;
  attachment->control_fd = attachment->loop_fd = -1;
  attachment->due = UINT64_MAX;
  pthread_mutex_init(&attachment->mutex, NULL);
  return attachment;
}

void cleat__attachment_free(CleatAttachment* attachment) {
  if (attachment == NULL) return;
  if (attachment->control_fd >= 0) close(attachment->control_fd);
  pthread_mutex_destroy(&attachment->mutex);
  free(attachment);
}

// TURNS

void cleat__attachment_wake(CleatRuntime* runtime) {
  CleatAttachment* it = runtime->attachment;
  if (atomic_exchange(&it->requested, true)) return;
  pthread_mutex_lock(&it->mutex);
  if (it->open) {
    cleat__runtime_keep(runtime);
    it->host.dispatch(it->host.data, (CleatTurn*)runtime);
  } else {
    it->missed = true;
  }
  pthread_mutex_unlock(&it->mutex);
}

void cleat_turn_drop(CleatTurn* turn) {
  CleatRuntime* runtime = (CleatRuntime*)turn;
  if (runtime == NULL) return;
  atomic_store(&runtime->attachment->requested, false);
  cleat__runtime_unkeep(runtime);
}

void cleat_turn_run(CleatTurn* turn) {
  CLEAT_CHECK_GIVEN(turn, "turn");
  CleatRuntime* runtime = (CleatRuntime*)turn;
  CleatAttachment* it = runtime->attachment;
  if (!has_ended(runtime) && !pthread_equal(runtime->thread, pthread_self())) {
    cleat__misuse(__func__, "called on another thread than the one that attached the runtime");
  }
  // Before the queue is taken: who sends after that asks for another turn.
  atomic_store(&it->requested, false);
  if (!has_ended(runtime) && runtime->drives > 0) {
    it->postponed = true;
  } else if (!has_ended(runtime)) {
    CleatEngineEntry entry;
    cleat__drive_begin(runtime, &entry);
    cleat__wake_loop(runtime);
    cleat__turn(runtime, 0);
    cleat__drive_end(runtime, &entry);
  }
  cleat__runtime_unkeep(runtime);
}

// CALLS AND TASKS

static void after_call(CleatRuntime* runtime) {
  const CleatAttachment* it = runtime->attachment;
  // Most calls begin nothing.
  bool nothing = !it->postponed && !it->waits && cleat__is_idle(runtime);
  if (!nothing) cleat__attachment_settle(runtime);
}

// CleatEngineHost.visit. What is allocated in it lives as long as it does.
static void on_visit(void* data, void (*run)(void* visit), void* visit) {
  CleatEnv* env = data;
  CleatRuntime* runtime = env->runtime;
  CleatFrame frame;
  cleat_frame_init(&frame);
  CleatFrame* outer = env->frame;
  env->frame = &frame;
  cleat__set_depth(env, env->depth + 1);
  runtime->drives++;
  // JavaScript of the host's, that Cleat has not called, counts as called by Cleat.
  int uncounted = cleat__entered(env->engine) == 0;
  cleat__entered_add(env->engine, uncounted);
  run(visit);
  cleat__entered_add(env->engine, -uncounted);
  runtime->drives--;
  cleat__set_depth(env, env->depth - 1);
  env->frame = outer;
  cleat_frame_leave(&frame);
  if (runtime->drives == 0) after_call(runtime);
}

typedef struct Task {
  CleatEnv* env;
  void (*body)(CleatEnv* env, void* data);
  void* data;
} Task;

static void run_task(void* data) {
  const Task* task = data;
  task->body(task->env, task->data);
}

void cleat__attachment_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  const CleatAttachment* it = env->runtime->attachment;
  if (it->host.task == NULL || !it->opened) {
    body(env, data);
  } else {
    it->host.task(it->host.data, run_task, &(Task){env, body, data});
  }
}

// While it opens, JavaScript of the host's may be under way.
void cleat__attachment_checkpoint(CleatEnv* env) {
  const CleatAttachment* it = env->runtime->attachment;
  if (it->host.task == NULL && it->opened && !cleat__run_is_struck(env)) cleat__run_microtasks(env->engine);
  env->pending = false;
}

// WATCHING THE LOOP

static void wake_watcher(const CleatAttachment* it) {
  uint64_t one = 1;
  ssize_t written = write(it->control_fd, &one, sizeof(one));
  (void)written;
}

// Returns how long to poll, in milliseconds.
static int until(uint64_t due) {
  if (due == UINT64_MAX) return -1;
  uint64_t now = cleat__now();
  if (due <= now) return 0;
  uint64_t milliseconds = (due - now + MILLISECOND - 1) / MILLISECOND;
  return milliseconds < INT32_MAX ? (int)milliseconds : INT32_MAX;
}

static void* watcher_main(void* argument) {
  CleatRuntime* runtime = argument;
  CleatAttachment* it = runtime->attachment;
  pthread_setname_np(pthread_self(), "cleat-attached");
  pthread_mutex_lock(&it->mutex);
  while (!it->stop) {
    struct pollfd waited[] = {{.fd = it->control_fd, .events = POLLIN},
                              {.fd = it->watching ? it->loop_fd : -1, .events = POLLIN}};
    uint64_t due = it->due;
    pthread_mutex_unlock(&it->mutex);
    poll(waited, 2, until(due));
    uint64_t count;
    ssize_t got = read(it->control_fd, &count, sizeof(count));
    (void)got;
    pthread_mutex_lock(&it->mutex);
    if (it->stop || (waited[1].revents == 0 && it->due > cleat__now())) continue;
    // The turn will tell what to look at next.
    it->watching = false;
    it->due = UINT64_MAX;
    pthread_mutex_unlock(&it->mutex);
    cleat__attachment_wake(runtime);
    pthread_mutex_lock(&it->mutex);
  }
  pthread_mutex_unlock(&it->mutex);
  return NULL;
}

// Has the watcher look at the loop as it is now.
static void watch(CleatRuntime* runtime) {
  CleatAttachment* it = runtime->attachment;
  bool still = cleat__is_suspended(runtime) && !cleat__is_closing(runtime);
  int timeout = still ? -1 : cleat__next_timer(runtime);
  uint64_t due = timeout < 0 ? UINT64_MAX : cleat__now() + (uint64_t)timeout * MILLISECOND;
  pthread_mutex_lock(&it->mutex);
  // One that sleeps longer than it need not is right all the same; it looks again when it wakes.
  bool look = (!still && !it->watching) || due < it->due;
  it->watching = !still;
  it->due = due;
  pthread_mutex_unlock(&it->mutex);
  if (look) wake_watcher(it);
}

void cleat__attachment_settle(CleatRuntime* runtime) {
  CleatAttachment* it = runtime->attachment;
  if (!it->opened || has_ended(runtime)) return;
  if (it->postponed) cleat__attachment_wake(runtime);
  it->postponed = false;
  watch(runtime);
  bool waits = !cleat__is_idle(runtime);
  if (waits == it->waits) return;
  it->waits = waits;
  if (it->host.wait != NULL) it->host.wait(it->host.data, waits);
}

// OPENING AND CLOSING

CleatError* cleat__attachment_check(const CleatOptions* options) {
  const struct {
    const char* name;
    bool given;
  } options_of_the_host[] = {
      {"heap_initial", options->heap_initial != 0},
      {"heap_limit", options->heap_limit != 0},
      {"external_limit", options->external_limit != 0},
      {"stack_size", options->stack_size != 0},
      {"no_code_from_strings", options->no_code_from_strings},
      {"no_webassembly", options->no_webassembly},
      {"pumped", options->pumped},
      {"inspector", options->inspector != NULL},
      {"modules", options->module_count != 0},
      {"resolve", options->resolve != NULL},
      {"load", options->load != NULL},
      {"import_meta", options->import_meta != NULL},
      {"snapshot", options->snapshot != NULL},
  };
  for (size_t i = 0; i < sizeof(options_of_the_host) / sizeof(options_of_the_host[0]); i++) {
    if (!options_of_the_host[i].given) continue;
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT,
                            "option %s: not in an attached runtime, where it is up to the host",
                            options_of_the_host[i].name);
  }
  return NULL;
}

static CleatError* start_watcher(CleatRuntime* runtime) {
  CleatAttachment* it = runtime->attachment;
  it->loop_fd = uv_backend_fd(&runtime->env.loop);
  it->control_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (it->control_fd < 0) return cleat__error_new(CLEAT_ERROR_SYSTEM, "eventfd: %s", strerror(errno));
  int failure = cleat__thread_start(&it->watcher, NULL, watcher_main, runtime);
  if (failure != 0) {
    return cleat__error_new(CLEAT_ERROR_SYSTEM, "a thread cannot be started: %s", strerror(failure));
  }
  it->watcher_started = true;
  return NULL;
}

static bool is_taken(void* data, const char* name) {
  CleatEnv* env = data;
  bool taken = false;
  return cleat__has_own(env->engine, cleat__global(env->engine), cleat__interned(env->engine, name), &taken) && taken;
}

CleatError* cleat__attachment_open(CleatRuntime* runtime) {
  CleatEnv* env = &runtime->env;
  const char* problem;
  env->stack_end = cleat__stack_end(0);
  env->engine = cleat__engine_attach(
      &(CleatEngineHost){
          .data = env,
          .visit = on_visit,
          .compute = cleat__compute,
          .interceptor = &cleat__properties,
      },
      &problem);
  if (env->engine == NULL) {
    return problem == NULL ? cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory")
                           : cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "%s", problem);
  }
  cleat__engine_enter(env->engine, &runtime->entry);
  const char* taken = cleat__find_global(&runtime->options, is_taken, env);
  if (taken != NULL) {
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option bindings: the global object has a '%s' already", taken);
  }
  return start_watcher(runtime);
}

bool cleat__attachment_changes(CleatEnv* env, CleatValue* object, CleatValue* key, int* attributes) {
  CleatAttachment* it = env->runtime->attachment;
  return it == NULL || it->opened || cleat__changes_note(env, &it->changes, object, key, attributes);
}

CleatError* cleat__attachment_seal(CleatRuntime* runtime) {
  return cleat__changes_seal(&runtime->env, &runtime->attachment->changes);
}

void cleat__attachment_undo(CleatRuntime* runtime) {
  cleat__changes_undo(&runtime->env, &runtime->attachment->changes);
}

void cleat__attachment_start(CleatRuntime* runtime) {
  CleatAttachment* it = runtime->attachment;
  pthread_mutex_lock(&it->mutex);
  it->open = true;
  bool missed = it->missed;
  pthread_mutex_unlock(&it->mutex);
  it->opened = true;
  if (!missed) return;
  atomic_store(&it->requested, false);
  cleat__attachment_wake(runtime);
}

void cleat__attachment_close(CleatRuntime* runtime) {
  CleatAttachment* it = runtime->attachment;
  pthread_mutex_lock(&it->mutex);
  it->open = false;
  it->stop = true;
  pthread_mutex_unlock(&it->mutex);
  if (it->watcher_started) {
    wake_watcher(it);
    pthread_join(it->watcher, NULL);
  }
  if (it->waits && it->host.wait != NULL) it->host.wait(it->host.data, false);
  it->waits = false;
}
