// Who drives the loop: the runtime's own thread, or the host's, with cleat_run; and standing still, cleat_suspend.
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "attach.h"

enum { MILLISECOND = 1000000 };  // in nanoseconds

// STANDING STILL

void cleat_suspend(CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  pthread_mutex_lock(&runtime->clock_mutex);
  if (runtime->suspensions++ == 0) {
    runtime->suspended_at = uv_hrtime();
    atomic_store(&runtime->suspended, true);
  }
  pthread_mutex_unlock(&runtime->clock_mutex);
  cleat__wake(runtime);
}

bool cleat_resume(CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  pthread_mutex_lock(&runtime->clock_mutex);
  bool was = runtime->suspensions > 0;
  if (was && --runtime->suspensions == 0) {
    runtime->stood_still += uv_hrtime() - runtime->suspended_at;
    atomic_store(&runtime->suspended, false);
  }
  pthread_mutex_unlock(&runtime->clock_mutex);
  if (was) cleat__wake(runtime);
  return was;
}

bool cleat__is_suspended(const CleatRuntime* runtime) { return atomic_load(&runtime->suspended); }

uint64_t cleat__clock(CleatRuntime* runtime) {
  pthread_mutex_lock(&runtime->clock_mutex);
  uint64_t now = (runtime->suspensions > 0 ? runtime->suspended_at : uv_hrtime()) - runtime->stood_still;
  pthread_mutex_unlock(&runtime->clock_mutex);
  return now;
}

// Moves a timer of libuv's. The same for all, so that their order in libuv's heap stays.
static void move_timer(uv_handle_t* handle, void* shift_ms) {
  if (handle->type != UV_TIMER || !uv_is_active(handle)) return;
  ((uv_timer_t*)handle)->timeout += *(const uint64_t*)shift_ms;
}

// Sets the timers back by the time that the runtime has stood still since the last time.
static void move_timers(CleatRuntime* runtime, uint64_t stood_still) {
  uint64_t shift_ms = stood_still / MILLISECOND - runtime->moved_ms;
  runtime->moved_ms += shift_ms;
  if (!cleat__has_loop(runtime)) return;
  uv_update_time(&runtime->env.loop);
  uv_walk(&runtime->env.loop, move_timer, &shift_ms);
  cleat__timers_move(&runtime->env, shift_ms);
}

// The loop's descriptor is left out of the one that hosts wait for while nothing may be done about it.
static void watch_loop(CleatRuntime* runtime, bool watch) {
  if (runtime->poll_fd < 0 || runtime->watches_loop == watch) return;
  int fd = uv_backend_fd(&runtime->env.loop);
  struct epoll_event event = {.events = EPOLLIN};
  epoll_ctl(runtime->poll_fd, watch ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &event);
  runtime->watches_loop = watch;
}

// Returns whether nothing may run now. A runtime that closes does not stand still.
static bool stands_still(CleatRuntime* runtime) {
  bool still = cleat__is_suspended(runtime) && !cleat__is_closing(runtime);
  watch_loop(runtime, !still);
  if (still) return true;
  pthread_mutex_lock(&runtime->clock_mutex);
  uint64_t stood_still = runtime->stood_still;
  pthread_mutex_unlock(&runtime->clock_mutex);
  if (stood_still / MILLISECOND == runtime->moved_ms && !runtime->slept) return false;
  // The wake-ups that came meanwhile have been taken.
  runtime->slept = false;
  move_timers(runtime, stood_still);
  cleat__wake(runtime);
  return false;
}

// TURNING

bool cleat__wait_for(int fd, int timeout_ms) {
  struct pollfd waited = {.fd = fd, .events = POLLIN};
  return poll(&waited, 1, timeout_ms) > 0;
}

static void sleep_still(CleatRuntime* runtime, int timeout_ms) {
  runtime->slept = true;
  if (cleat__wait_for(runtime->wake_fd, timeout_ms)) cleat__take_wakes(runtime);
}

static void run_loop(CleatRuntime* runtime, uv_run_mode mode) {
  uv_run(&runtime->env.loop, mode);
  // The host may sleep next, outside of the loop.
  cleat__tell_idle(runtime);
}

int cleat__next_timer(CleatRuntime* runtime) {
  if (!cleat__has_loop(runtime)) return -1;
  uv_update_time(&runtime->env.loop);
  return uv_backend_timeout(&runtime->env.loop);
}

void cleat__turn(CleatRuntime* runtime, int timeout_ms) {
  if (cleat__is_closing(runtime)) return;
  if (stands_still(runtime)) {
    sleep_still(runtime, timeout_ms);
    return;
  }
  if (timeout_ms < 0) {
    run_loop(runtime, UV_RUN_ONCE);
    return;
  }
  int timer = cleat__next_timer(runtime);
  if (timeout_ms > 0) {
    cleat__wait_for(uv_backend_fd(&runtime->env.loop), timer >= 0 && timer < timeout_ms ? timer : timeout_ms);
  }
  run_loop(runtime, UV_RUN_NOWAIT);
}

void cleat__turn_until_closing(CleatRuntime* runtime) {
  while (!cleat__is_closing(runtime)) {
    if (stands_still(runtime)) {
      sleep_still(runtime, -1);
    } else if (!cleat__is_driven(runtime) && cleat__is_alone(runtime)) {
      cleat__turn_alone(runtime);
    } else {
      // A loop of the runtime's own thread is stopped where it is alone again.
      run_loop(runtime, UV_RUN_DEFAULT);
    }
  }
}

// BY THE HOST'S THREAD

bool cleat__drive_open(CleatRuntime* runtime) {
  runtime->poll_fd = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN};
  if (runtime->poll_fd < 0 || epoll_ctl(runtime->poll_fd, EPOLL_CTL_ADD, runtime->wake_fd, &event) != 0) return false;
  return true;
}

void cleat__drive_begin(CleatRuntime* runtime, CleatEngineEntry* entry) {
  cleat__runtime_keep(runtime);
  // The outermost one is left where the runtime closes.
  cleat__engine_enter(runtime->env.engine, runtime->drives++ == 0 ? &runtime->entry : entry);
}

void cleat__drive_end(CleatRuntime* runtime, CleatEngineEntry* entry) {
  if (--runtime->drives > 0) {
    cleat__engine_leave(runtime->env.engine, entry);
  } else if (cleat__is_closing(runtime)) {
    runtime->drives++;
    cleat__end(runtime);
  } else {
    cleat__engine_leave(runtime->env.engine, &runtime->entry);
    if (runtime->attachment != NULL) cleat__attachment_settle(runtime);
  }
  cleat__runtime_unkeep(runtime);
}

static bool has_ended(const CleatRuntime* runtime) {
  return atomic_load_explicit(&runtime->ended, memory_order_acquire);
}

// Aborts unless the host may do what `function` does; false when the runtime has closed.
static bool check_driver(CleatRuntime* runtime, const char* function) {
  if (runtime->attachment != NULL) cleat__misuse(function, "the runtime is attached, and driven by cleat_turn_run");
  if (!runtime->options.pumped) cleat__misuse(function, "the runtime has a thread of its own");
  if (has_ended(runtime)) return false;
  if (!pthread_equal(runtime->thread, pthread_self())) {
    cleat__misuse(function, "called on another thread than the one that opened the runtime");
  }
  return true;
}

bool cleat_run(CleatRuntime* runtime, CleatRunMode mode) {
  CLEAT_CHECK_RUNTIME(runtime);
  if (!check_driver(runtime, __func__)) return false;
  if (runtime->drives > 0) cleat__misuse(__func__, "called from inside of the runtime");
  if ((unsigned)mode > CLEAT_RUN_UNTIL_CLOSED) cleat__misuse(__func__, "%d is no CleatRunMode", (int)mode);
  CleatEngineEntry entry;
  cleat__drive_begin(runtime, &entry);
  switch (mode) {
    case CLEAT_RUN_UNTIL_IDLE:
      while (!cleat__is_closing(runtime) && !cleat__is_idle(runtime)) cleat__turn(runtime, -1);
      break;
    case CLEAT_RUN_UNTIL_CLOSED:
      cleat__turn_until_closing(runtime);
      break;
    case CLEAT_RUN_ONCE:
      cleat__turn(runtime, -1);
      break;
    case CLEAT_RUN_NOWAIT:
      cleat__turn(runtime, 0);
      break;
  }
  bool more = !cleat__is_closing(runtime) && !cleat__is_idle(runtime);
  cleat__drive_end(runtime, &entry);
  return more;
}

int cleat_poll_fd(CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  return runtime->options.pumped ? runtime->poll_fd : -1;
}

int cleat_poll_timeout(CleatRuntime* runtime) {
  CLEAT_CHECK_RUNTIME(runtime);
  if (!check_driver(runtime, __func__)) return -1;
  if (cleat__is_closing(runtime)) return 0;
  if (cleat__is_suspended(runtime)) return runtime->watches_loop ? 0 : -1;
  // What stood still is moved by the next turn.
  return runtime->slept ? 0 : cleat__next_timer(runtime);
}
