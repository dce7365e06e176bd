// A runtime as its own files see it (runtime.c, loop.c, task.c, run.c, eval.c, ref.c): the part that all threads share.
#ifndef CLEAT_RUNTIME_RUNTIME_H_
#define CLEAT_RUNTIME_RUNTIME_H_

#include "env.h"

// V8's own default is gigabytes, and there a script may ask for an array of more elements than V8 has numbers for, at
// which it ends the process with no way to hinder it.
#define CLEAT_DEFAULT_HEAP_LIMIT ((size_t)512 << 20)

typedef enum CleatPhase {
  CLEAT_PHASE_OPENING,
  CLEAT_PHASE_RUNNING,
  CLEAT_PHASE_CLOSED,  // the loop has ended, the engine is gone
} CleatPhase;

// What struck a run.
typedef struct CleatStrike {
  bool struck;
  CleatErrorKind kind;  // timeout, terminated, heap limit, or closed
  uint32_t limit_ms;
  char* reason;  // of a termination; owned, may be NULL
} CleatStrike;

// JavaScript being run: a task with its microtasks, or an evaluation nested in one.
struct CleatRun {
  CleatRun* outer;
  uint64_t deadline;  // in nanoseconds of cleat__run_clock; 0 for none
  uint32_t limit_ms;
  CleatStrike strike;    // under the runtime's mutex
  CleatRun* next_timed;  // in the runtime's list of runs with a deadline
};

// A run together with the memory and the values that are given up at its end.
typedef struct CleatTask {
  CleatRun run;
  CleatFrame frame;
  CleatFrame* outer_frame;
  CleatScope scope;
} CleatTask;

typedef struct CleatAwait CleatAwait;                // eval.c
typedef struct CleatCallCounters CleatCallCounters;  // count_calls.c
typedef struct CleatLimit CleatLimit;                // continuation.c
typedef struct CleatDelayed CleatDelayed;            // delay.c
typedef struct CleatBase CleatBase;                  // survive.c
typedef struct CleatAttachment CleatAttachment;      // attach.c
typedef struct CleatInspection CleatInspection;      // inspector.c

// Whether the outermost run can be struck, and has been.
enum {
  CLEAT_RUN_NONE,
  CLEAT_RUN_ACTIVE,
  CLEAT_RUN_STRUCK,
};

// What has been counted. Any thread may read it.
typedef struct CleatCounts {
  atomic_ullong tasks;
  atomic_ullong evals;
  atomic_ullong handles;
  atomic_ullong objects;
} CleatCounts;

struct CleatRuntime {
  atomic_size_t references;  // of hosts; the last one closes the runtime
  atomic_size_t keepers;     // of this memory: each reference, the thread, each CleatRef

  CleatOptions options;  // a copy; `scripts` only while opening
  char* name;
  pthread_t thread;
  atomic_bool ended;  // the thread will not touch JavaScript again
  CleatEnv env;

  // Sending. The descriptor outlives the loop, so that a wake-up that comes late is harmless.
  CleatQueue queue;
  int wake_fd;
  atomic_bool closing;  // has begun: the queue refuses hosts' tasks

  pthread_mutex_t mutex;   // guards what follows
  pthread_cond_t changed;  // phase, joined, snapshot_read, idle_count
  CleatPhase phase;
  CleatCloseMode close_mode;
  bool spared;  // what runs is of closing itself, and has a time limit: closing does not end it
  bool joining;
  bool joined;
  CleatError* open_error;
  bool snapshot_read;          // snapshot.c: it was checked, and
  CleatError* snapshot_error;  // what is wrong with it; owned
  uint64_t idle_count;         // how often the loop was found idle while someone waited for it
  atomic_size_t idle_waiters;

  // loop.c: libuv's part, which is opened where something needs it first
  atomic_int loop_state;
  pthread_mutex_t loop_mutex;  // guards the change of that. V8 posts tasks with locks of its own held: none is taken
                               // within this one.
  uv_poll_t wake;
  uv_prepare_t prepare;

  CleatDelayed* delayed;  // delay.c; on the JavaScript thread, as what follows
  CleatEngineEntry entry;
  size_t delayed_count;  // delay.c: of hosts

  // drive.c: standing still
  atomic_bool suspended;
  pthread_mutex_t clock_mutex;  // guards what follows. V8 asks for the time with locks of its own held: none is taken
                                // within this one.
  size_t suspensions;
  uint64_t suspended_at;  // by uv_hrtime
  uint64_t stood_still;   // nanoseconds in all, but for the time since `suspended_at`
  uint64_t moved_ms;      // by which timers have been set back; on the JavaScript thread
  bool slept;             // stood still since the last turn; on the JavaScript thread

  // drive.c: a runtime that the host drives; on its thread
  int poll_fd;        // -1 for others
  bool watches_loop;  // poll_fd does
  int drives;         // how often the engine is entered for the host, or by JavaScript of the host's

  // attach.c
  CleatAttachment* attachment;  // NULL for runtimes with a V8 and a loop of their own

  // run.c. `run_state` says whether `outermost` may be struck: it may be read under the mutex by whoever has set
  // CLEAT_RUN_STRUCK, since its run cannot end before the mutex is free.
  atomic_int run_state;
  CleatRun* outermost;
  uint32_t time_limit_ms;   // of tasks; 0 for none. On the JavaScript thread
  CleatRun* timed;          // runs with a deadline, innermost first; under the mutex
  atomic_ullong paused_at;  // by cleat__now, while a debugger has JavaScript stand still; else 0
  atomic_ullong paused;     // nanoseconds in all, but for the time since `paused_at`
  bool watchdog_started;    // under the mutex
  bool watchdog_stop;       // under the mutex
  uint64_t watchdog_wakes;  // when it looks next, by cleat__run_clock; under the mutex
  pthread_t watchdog;
  pthread_cond_t watchdog_changed;

  // continuation.c
  CleatLimit* limits;    // written on the JavaScript thread, under the mutex
  CleatRun* continuing;  // of the microtasks that run now, where there are limits, or NULL; on the JavaScript thread
  bool interrupting;     // an interruption is on its way; under the mutex

  // survive.c
  CleatBase* base;   // where to go when V8 runs out of memory, or NULL; on the JavaScript thread
  atomic_bool lost;  // V8 has run out of memory: the engine must not be touched any more

  // inspector.c
  CleatInspection* inspection;  // NULL where nobody can debug it

  CleatFeed* feeds;  // feed.c: those that the host has; under the mutex

  // snapshot.c
  struct CleatSnapshotMaking* making;  // what it is opened for; NULL for use
  const void* heap;                    // what the engine is opened from, or NULL; once it was read

  // eval.c
  CleatAwait* awaits;  // promises that evaluations wait for, or have waited for; on the JavaScript thread

  // statistics.c. The counts are written on the JavaScript thread only.
  CleatCounts counts;
  atomic_bool watched;  // somebody has asked for statistics
  bool clocked;         // `clock` is that of the thread's processor time; under the mutex
  clockid_t clock;
  bool counted;  // the engine is gone, and `last` is what it had; under the mutex
  CleatStatistics last;
  CleatCallCounters* call_counters;  // count_calls.c; NULL where calls are not counted
};

// Abort, naming the function, where a host gives NULL for a runtime, and for what it is to run.
#define CLEAT_CHECK_RUNTIME(runtime) \
  if ((runtime) == NULL) cleat__misuse(__func__, "the runtime is NULL; has cleat_open failed?")
#define CLEAT_CHECK_TASK(runtime, run)                                         \
  do {                                                                         \
    CLEAT_CHECK_RUNTIME(runtime);                                              \
    if ((run) == NULL) cleat__misuse(__func__, "the function to run is NULL"); \
  } while (false)

// Adds one to a count, or `change`. On the JavaScript thread.
static inline void cleat__count(atomic_ullong* count, int change) {
  unsigned long long value = atomic_load_explicit(count, memory_order_relaxed);
  atomic_store_explicit(count, value + (unsigned long long)(long long)change, memory_order_relaxed);
}

// Returns whether closing has begun, and the queue refuses hosts' tasks. Any thread.
static inline bool cleat__is_closing(const CleatRuntime* runtime) {
  return atomic_load_explicit(&runtime->closing, memory_order_acquire);
}

// Returns whether the runtime is closing, and drops what is left to do. loop.c. Any thread.
bool cleat__is_dropping(CleatRuntime* runtime);

// Returns whether the hook of a blocking operation calls, for which the runtime itself waits. blocking.c.
bool cleat__in_job(const CleatRuntime* runtime);

// Returns whether the host's thread does the runtime's work.
static inline bool cleat__is_driven(const CleatRuntime* runtime) {
  return runtime->options.pumped || runtime->attachment != NULL;
}

// Notes what V8's heap has; and what all came to, while the engine is there still. On the JavaScript thread.
// statistics.c.
void cleat__statistics_note(CleatRuntime* runtime);
void cleat__statistics_end(CleatRuntime* runtime);

// Notes the thread's processor time, as it ends. statistics.c.
void cleat__statistics_close(CleatRuntime* runtime);

// Wakes the JavaScript thread. Any thread. loop.c.
void cleat__wake(CleatRuntime* runtime);

// Has the loop's next turn look at the queue. loop.c.
void cleat__wake_loop(CleatRuntime* runtime);

// Takes the wake-ups that have come; where the runtime has a thread of its own, waits for one. On the JavaScript
// thread. loop.c.
void cleat__take_wakes(CleatRuntime* runtime);

// Returns whether only wake-ups and timers can give the loop something to do: there is no work of libuv's. And turns
// such a loop once, where the runtime has a thread of its own: it sleeps in the descriptor itself, with no epoll in
// between. On the JavaScript thread, outside of tasks. loop.c.
bool cleat__is_alone(CleatRuntime* runtime);
void cleat__turn_alone(CleatRuntime* runtime);

// Returns whether nothing is left to do: no task, no timer, no native operation. On the JavaScript thread. loop.c.
bool cleat__is_idle(CleatRuntime* runtime);

// Tells those in cleat_wait when nothing is left to do. On the JavaScript thread, before it sleeps. loop.c.
void cleat__tell_idle(CleatRuntime* runtime);

// The inspector of a runtime with CleatOptions.inspector; inspector.c. Makes what threads share, and frees it with the
// runtime. The first returns NULL, and sets `error`, when memory is short.
CleatInspection* cleat__inspection_new(CleatRuntime* runtime, CleatError** error);
void cleat__inspection_free(CleatInspection* inspection);

// On the JavaScript thread, each without effect where there is no inspector: shows the runtime to debuggers, before it
// runs anything; waits for one, where the options say so; ends all sessions, with the engine or, where that is lost,
// without it.
CleatError* cleat__inspection_open(CleatEnv* env);
void cleat__inspection_wait(CleatEnv* env);
void cleat__inspection_close(CleatEnv* env);
void cleat__inspection_abandon(CleatEnv* env);

// Deals with what debuggers have sent, where memory was too short for a message of it. On the JavaScript thread,
// outside of tasks.
void cleat__inspection_look(CleatEnv* env);

// Has a runtime that a debugger has stand still look whether it still may. Any thread. Nothing for NULL.
void cleat__inspection_wake(CleatInspection* inspection);

// Returns whether no task may begin: its timer or message waits. Any thread. drive.c.
bool cleat__is_suspended(const CleatRuntime* runtime);

// Returns the time in nanoseconds by a clock that stands still with the runtime. Any thread. drive.c.
uint64_t cleat__clock(CleatRuntime* runtime);

// Turns the loop once, waiting for at most `timeout_ms` (below 0: for ever) until something happens; and until closing
// begins. On the JavaScript thread, outside of tasks. drive.c.
void cleat__turn(CleatRuntime* runtime, int timeout_ms);
void cleat__turn_until_closing(CleatRuntime* runtime);

// Waits for a descriptor, at most `timeout_ms` (below 0: for ever). Returns whether there is something to read.
// drive.c.
bool cleat__wait_for(int fd, int timeout_ms);

// Returns how long the loop may be left alone, in milliseconds; -1 for ever. On the JavaScript thread. drive.c.
int cleat__next_timer(CleatRuntime* runtime);

// Makes the descriptor of a runtime that the host drives; false, with errno, when the system refuses. drive.c.
bool cleat__drive_open(CleatRuntime* runtime);

// Surround what the host's thread does in a runtime that it drives. `entry` is storage of the caller's. The last one to
// end closes a runtime that is closing. drive.c.
void cleat__drive_begin(CleatRuntime* runtime, CleatEngineEntry* entry);
void cleat__drive_end(CleatRuntime* runtime, CleatEngineEntry* entry);

// Closes the loop and the engine, and tells everyone. On the JavaScript thread, as the last there. runtime.c.
void cleat__end(CleatRuntime* runtime);

// Has run(env, data) called as a task in `delay_ms`, as cleat_dispatch_after does. Internal ones are accepted while
// closing too, and nobody waits for them. Any thread. delay.c.
bool cleat__delay(CleatRuntime* runtime, double delay_ms, bool internal, void (*run)(CleatEnv* env, void* data),
                  void* data, void (*drop)(void* data));

// Drops what was to run later. delay.c.
void cleat__delays_close(CleatRuntime* runtime);

struct CleatHost;

// Opens a runtime: for use, or, where `making` is not NULL, to be made a snapshot, and then it closes at once. `host`
// is NULL where V8 and the loop are to be the runtime's own. Returns it, owned, or NULL, having stored the error. Any
// thread. runtime.c.
CleatRuntime* cleat__open_runtime(const struct CleatHost* host, const CleatOptions* given,
                                  struct CleatSnapshotMaking* making, CleatError** error);

// Queues a copy of `message`; false when it is refused or memory is short. Tasks of hosts are refused as soon as
// closing begins; those of Cleat itself are accepted until the loop has ended, wait for memory where it is short (on
// the JavaScript thread, use the queue's reserve first), and run in any case: closing in its first half runs them, and
// only gives the last ones to `drop`. Any thread. runtime.c.
bool cleat__send(CleatRuntime* runtime, const CleatMessage* message);

// The same, but false too where one of Cleat itself would wait for memory.
bool cleat__try_send(CleatRuntime* runtime, const CleatMessage* message);

// Begins to close, where that has not begun, or to drop what closing would have finished. Any thread. close.c.
void cleat__begin_close(CleatRuntime* runtime, CleatCloseMode mode);

// Waits until the thread has ended, and until it is joined; ends what runs meanwhile, where it is to be dropped. False
// where the thread has not ended by `deadline`, of cleat__now. On another thread. close.c.
bool cleat__wait_closed(CleatRuntime* runtime, uint64_t deadline);

// Makes the loop and the engine, and undoes all. On the JavaScript thread. loop.c.
CleatError* cleat__loop_open(CleatRuntime* runtime);
void cleat__loop_close(CleatRuntime* runtime);

// Opens libuv's part of the loop, `env->loop`, unless that is done. Without timers and blocking operations a runtime on
// a thread of its own needs none, and has a single file descriptor instead of five. Returns the error, owned, where the
// system refuses it, or the runtime has closed its loop; else NULL. Any thread. loop.c.
CleatError* cleat__loop_need(CleatRuntime* runtime);

typedef enum CleatLoopState {
  CLEAT_LOOP_NONE,
  CLEAT_LOOP_OPEN,
  CLEAT_LOOP_CLOSED,  // and is not opened again
} CleatLoopState;

// Returns whether libuv's part of the loop is there.
static inline bool cleat__has_loop(CleatRuntime* runtime) {
  return atomic_load_explicit(&runtime->loop_state, memory_order_acquire) == CLEAT_LOOP_OPEN;
}

// Has a turn of the loop end that is under way. On the JavaScript thread.
static inline void cleat__loop_stop(CleatRuntime* runtime) {
  if (cleat__has_loop(runtime)) uv_stop(&runtime->env.loop);
}

// Begins and ends a task: in between JavaScript may be run, for at most `timeout_ms`. Ending returns the error of what
// struck it, owned, or NULL. task.c.
void cleat__task_begin(CleatEnv* env, CleatTask* task, uint32_t timeout_ms);
CleatError* cleat__task_end(CleatEnv* env, CleatTask* task);

// Runs the microtasks, and reports what then is rejected without a handler. task.c.
void cleat__checkpoint(CleatEnv* env);

// Runs what is in the queue before `end`, until the runtime is closing or suspended. task.c.
void cleat__run_messages(CleatEnv* env, CleatQueuePlace end);

// Runs one message of the queue. task.c.
void cleat__run_message(CleatEnv* env, const CleatMessage* message);

// Notes that `promise` was rejected without a handler, or got one; CleatEngineHost.rejected. rejection.c.
void cleat__rejected(void* env, CleatValue* promise, CleatValue* reason, bool handled);

// Notes what a microtask callback threw; for cleat__on_uncaught. rejection.c.
void cleat__note_uncaught(void* env, const CleatException* exception);

// Reports what was noted and still stands; returns whether there was any, after which microtasks may have come up.
// Where it is much, tasks of its own go on with it, between which others run. rejection.c.
bool cleat__report_noted(CleatEnv* env);

// Has such a task report what is noted, where something is. rejection.c.
void cleat__report_later(CleatEnv* env);

bool cleat__rejections_open(CleatEnv* env);
void cleat__rejections_close(CleatEnv* env);

// Begins and ends a run; cleat__run_end returns the error of what struck it or one around it, owned, or NULL. run.c.
void cleat__run_begin(CleatEnv* env, CleatRun* run, uint32_t timeout_ms);
CleatError* cleat__run_end(CleatEnv* env, CleatRun* run);

// The same until a time of cleat__now, for the limit of `limit_ms` that it comes from. run.c.
void cleat__run_begin_until(CleatEnv* env, CleatRun* run, uint64_t deadline, uint32_t limit_ms);

// Strikes a run that is under way, since a limit of `limit_ms` has passed. Under the mutex, on the JavaScript thread.
// run.c.
void cleat__strike_late(CleatRuntime* runtime, CleatRun* run, uint32_t limit_ms);

// Has the watchdog look at `time`, of cleat__run_clock, or before. Under the mutex. run.c.
void cleat__watchdog_look(CleatRuntime* runtime, uint64_t time);

// Surround an evaluation whose time limit is to hold in what follows its awaits. On the JavaScript thread, as all of
// continuation.c that does not say otherwise.
// The value is its token, borrowed; NULL in an isolate of a host.
CleatValue* cleat__continuation_begin(CleatEnv* env);
void cleat__continuation_end(CleatEnv* env);

// Has the limit of an evaluation hold until cleat__limit_free, or until nothing can follow any more; then `*place`
// becomes NULL. Without a place it holds until the latter. False when memory is short. continuation.c.
bool cleat__limit_set(CleatEnv* env, CleatValue* token, CleatLimit** place, uint64_t deadline, uint32_t limit_ms);
void cleat__limit_free(CleatLimit* limit);
void cleat__limits_close(CleatEnv* env);

// Asks what runs whether its limit has passed, where one has. Returns when to look again. Under the mutex, on the
// watchdog's thread. continuation.c.
uint64_t cleat__limits_look(CleatRuntime* runtime, uint64_t now);

// Has the watchdog look while a run that begins is under way, where a limit has passed. continuation.c.
void cleat__limits_watch(CleatRuntime* runtime);

// Ends what runs now, where its limit has passed; CleatEngineHost.interrupted. continuation.c.
void cleat__interrupted(void* env);

// Runs the microtasks, each by the limit of the evaluation that it goes on with. continuation.c.
void cleat__continue_microtasks(CleatEnv* env);

// Keeps whose limit is to hold when something is called later, NULL for none or when memory is short; and calls it,
// reporting what it throws. continuation.c.
CleatHandle* cleat__continuation_keep(CleatEnv* env);
void cleat__continue(CleatEnv* env, const CleatHandle* kept, void (*body)(CleatEnv* env, void* data), void* data);

// Strikes the outermost run, because the heap has reached its limit; CleatEngineHost.heap_limit. run.c.
void cleat__heap_limit(void* env);

// Strikes the outermost run, as what it does is to be dropped. Under the mutex. run.c.
void cleat__strike_dropped(CleatRuntime* runtime);

// Forgets the runs that are under way, as the engine is lost. run.c.
void cleat__runs_abandon(CleatEnv* env);

// Calls body(env, data), which may use the engine, with none of V8's functions on the stack. Returns false where the
// engine is lost: before, so that the body was not called, or in the body, which then has not come to its end.
// survive.c.
bool cleat__survive(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// Ends the body of the cleat__survive that is under way; CleatEngineHost.out_of_memory. survive.c.
void cleat__out_of_memory(void* env);

// Returns the error of whoever has to do with a runtime that is lost. survive.c.
CleatError* cleat__lost_error(void);

// Returns whether the engine is lost. Any thread.
static inline bool cleat__is_lost(const CleatRuntime* runtime) {
  return atomic_load_explicit(&runtime->lost, memory_order_acquire);
}

// Returns whether a run that is under way has been struck. run.c.
bool cleat__run_is_struck(CleatEnv* env);

// Returns the error of what struck the runs that are under way: what a termination that was caught means. run.c.
CleatError* cleat__run_error(CleatEnv* env);

// Returns the time in nanoseconds by the clock of time limits, which stands still while a debugger has JavaScript stand
// still; and when by the monotonic clock to look whether it is `time`. Any thread. run.c.
uint64_t cleat__run_clock(CleatRuntime* runtime);
uint64_t cleat__run_clock_real(CleatRuntime* runtime, uint64_t time);

// Stops that clock and starts it again. On the JavaScript thread. run.c.
void cleat__run_clock_stop(CleatRuntime* runtime);
void cleat__run_clock_start(CleatRuntime* runtime);

// Strikes the outermost run, because a debugger has terminated it; CleatEngineHost.terminated. run.c.
void cleat__terminated(void* env);

// Starts the thread that keeps time limits, where it is not running yet. False when the system refuses. run.c. Any
// thread.
bool cleat__watchdog_start(CleatRuntime* runtime);
void cleat__watchdog_stop(CleatRuntime* runtime);

// Returns the time of the monotonic clock in nanoseconds, and as the system wants it. run.c.
#define CLEAT_NEVER UINT64_MAX
uint64_t cleat__now(void);
struct timespec cleat__timespec(uint64_t nanoseconds);

// Makes a condition that waits by the monotonic clock. runtime.c.
void cleat__condition_init(pthread_cond_t* condition);

// Returns whether a struct of options of `size` bytes can be read by this version: one as short as `least` is an older
// version's, one longer than `known` must have zeros beyond that. runtime.c.
bool cleat__options_fit(const void* options, size_t size, size_t least, size_t known);

// Starts a thread that takes no signals but its own, so that the host's handlers run on the host's threads. 0, or an
// errno. run.c.
int cleat__thread_start(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*), void* data);

// Runs a script with its exceptions as errors, those of the compiler with the kind CLEAT_ERROR_SYNTAX. The value that
// it gives is handed to use(env, value, data), in the same protection. eval.c.
typedef enum CleatSourceKind {
  CLEAT_SOURCE_SCRIPT,
  CLEAT_SOURCE_MODULE,     // the value is the promise of its namespace
  CLEAT_SOURCE_SPECIFIER,  // of a module to be imported, the same; `name` is who imports it, or NULL
} CleatSourceKind;
typedef struct CleatSource {
  CleatSourceKind kind;
  const char* text;
  size_t length;
  const char* name;
  uint32_t line;
  CleatCodeCache* cache;  // NULL for none
} CleatSource;
CleatError* cleat__evaluate(CleatEnv* env, const CleatSource* source,
                            void (*use)(CleatEnv* env, CleatValue* value, void* data), void* data);

// Ends all feeds that the host has. On the JavaScript thread, as closing begins there. feed.c.
void cleat__feeds_close(CleatRuntime* runtime);

// Ends the evaluations that wait for promises (their waiters get CLEAT_ERROR_CLOSED), and frees what is left of them
// once the engine is gone. eval.c.
void cleat__evals_cancel(CleatEnv* env);
void cleat__evals_free(CleatEnv* env);

// Gives up the values of all refs, and tells the host of those that it should have freed. ref.c.
void cleat__refs_close(CleatEnv* env);

// Returns an error of a value that was thrown or rejected with; never NULL. error_read.c.
CleatError* cleat__error_from_value(CleatEnv* env, CleatValue* value);

// Changes why an error is. error.c.
void cleat__error_set_kind(CleatError* error, CleatErrorKind kind);

// Notes which promise was rejected with it. error.c.
void cleat__error_set_rejection(CleatError* error, uint64_t rejection);

#endif  // CLEAT_RUNTIME_RUNTIME_H_
