// The inside of a runtime and its environment: what the files of the C core share. Fields are grouped by the file that
// owns them; only that file writes them.
#ifndef CLEAT_RUNTIME_ENV_H_
#define CLEAT_RUNTIME_ENV_H_

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include "cleat/bind.h"
#include "cleat/cleat.h"
#include "forgotten.h"
#include "queue.h"
#include "v8/shim.h"

// What the core holds itself is not told of when it is left at closing.
#undef cleat_hold
#undef cleat_hold_in
#undef cleat_hold_weak

typedef struct CleatWrappers CleatWrappers;          // class.c
typedef struct CleatClasses CleatClasses;            // class.c
typedef struct CleatArrays CleatArrays;              // convert_sequence.c
typedef struct CleatPending CleatPending;            // promise.h: promises that C has not settled yet
typedef struct CleatTimers CleatTimers;              // host/timers.c
typedef struct CleatConsoleState CleatConsoleState;  // host/console.c
typedef struct CleatRun CleatRun;                    // run.c
typedef struct CleatRejections CleatRejections;      // rejection.c
typedef struct CleatModules CleatModules;            // module.h

// The one object of interface Performance: the clock. host/performance.c.
struct CleatPerformance {
  uint64_t opened;     // when the runtime opened, by uv_hrtime
  double time_origin;  // the same in milliseconds since 1970
  CleatRef* wrapper;   // its JavaScript side, kept as a global object is
};

// One per JavaScript thread. Only that thread touches it, except where said. It is the `data` of its CleatEngineHost.
struct CleatEnv {
  CleatRuntime* runtime;
  CleatEngine* engine;
  uintptr_t thread;  // JavaScript's, by cleat__this_thread

  // env.c. `pending`: an exception has been left with V8 and nothing that may throw may be done. It is set by whoever
  // sees a shim function fail or throws, and cleared where control comes from JavaScript (cleat_env, cleat_enter) or a
  // catch ends (cleat_try, a task).
  bool pending;
  int depth;          // of tasks and calls that are under way; 0 means the env may not be used
  uintptr_t user;     // `thread` while `depth` is not 0, else 0: what each use of the env is checked by
  bool used;          // the task that is under way has done something with the environment; task.c
  CleatFrame* frame;  // where cleat_allocate takes memory from

  // loop.c
  uv_loop_t loop;  // see cleat__loop_need
  uintptr_t
      stack_end;  // the lowest address that JavaScript, and what calls itself on its behalf, may use; 0 if unknown

  CleatRun* run;                // the innermost run that is under way, or NULL
  CleatRejections* rejections;  // promises and errors to be reported when the microtasks are done
  uint64_t reported;            // how many rejections were reported; rejection.c
  CleatRef* refs;               // ref.c: all that are held

  CleatModules* modules;
  CleatClasses* classes;
  CleatWrappers* wrappers;
  CleatArrays* arrays;
  CleatPending* pendings;
  CleatForgottenList forgotten;
  struct CleatSparePromise* spare_promises;  // promise.c
  int spare_promise_count;
  struct CleatJobState* converting;  // the blocking operation whose arguments are being converted, or NULL; blocking.c
  CleatPending* closing;             // the one that cleat__promises_close is at, or NULL
  CleatTimers* timers;
  CleatConsoleState* console;
  struct CleatPerformance performance;

  struct {
    CleatHandle* object;  // V8's; NULL where there is no WebAssembly
    CleatHandle* compile;
    CleatHandle* instantiate;
  } webassembly;  // webassembly.c

  size_t operations;  // native operations in flight, for cleat_wait: owned by promise.c and blocking.c
};

// Marks functions of every call: what they call, of the shim too, becomes part of them where the build optimises across
// files, but for functions that are CLEAT_APART, which are for less common cases.
#define CLEAT_HOT __attribute__((flatten))
#define CLEAT_APART __attribute__((noinline))

// Returns what no other thread that is there has: by one instruction where the compiler knows how.
static inline uintptr_t cleat__this_thread(void) {
#if defined(__GNUC__) && __GNUC__ >= 11 && !defined(__clang__)
  return (uintptr_t)__builtin_thread_pointer();
#else
  return (uintptr_t)pthread_self();
#endif
}

_Noreturn void cleat__refuse_env(const CleatEnv* env, const char* function);

// Aborts, naming `function`, when the calling thread is not the JavaScript thread of `env` or no task is under way.
#define CLEAT_CHECK_ENV(env) cleat__check_env(env, __func__)
static inline void cleat__check_env(CleatEnv* env, const char* function) {
  if (env == NULL || env->user != cleat__this_thread()) cleat__refuse_env(env, function);
  env->used = true;
}

// Notes that a task or call begins or ends, or that none is under way for a while. On the JavaScript thread.
static inline void cleat__set_depth(CleatEnv* env, int depth) {
  env->depth = depth;
  env->user = depth > 0 ? env->thread : 0;
}

// Returns the lowest address that JavaScript may use of this thread's stack, where it is to have `wanted` bytes of it
// (0: all there is); 0 where that is not known. loop.c.
uintptr_t cleat__stack_end(size_t wanted);

// Aborts with one line: for misuse that a program cannot recover from.
_Noreturn void cleat__misuse(const char* function, const char* format, ...) CLEAT_PRINTF(2, 3);

// Aborts, naming the function, where NULL is given for what is to be there.
#define CLEAT_CHECK_GIVEN(pointer, what) \
  if ((pointer) == NULL) cleat__misuse(__func__, "the " what " is NULL")

// Returns whether a function that may throw can go on: nothing is pending, and `value` is one. A NULL with nothing
// pending is a program's mistake that JavaScript is told of: it throws a TypeError. value.c.
bool cleat__ready(CleatEnv* env, CleatValue* value);

// Notes that a shim function has failed; returns NULL, so that `return cleat__fail(env)` reads well.
static inline void* cleat__fail(CleatEnv* env) {
  env->pending = true;
  return NULL;
}

// Notes how a shim function that may run JavaScript came out, and returns that. Success is noted too: native functions
// that it called may have thrown what JavaScript then caught.
static inline bool cleat__ran(CleatEnv* env, bool succeeded) {
  env->pending = !succeeded;
  return succeeded;
}

// Turns what cleat__try caught into an error; never NULL. error_read.c.
CleatError* cleat__error_from_exception(CleatEnv* env, const CleatException* exception);

// Returns a new error: the one static error "out of memory" when memory is short. error.c.
CleatError* cleat__error_new(CleatErrorKind kind, const char* format, ...) CLEAT_PRINTF(2, 3);

// Tells the host of an error that nobody caught, and frees it. error.c.
void cleat__report_uncaught(CleatEnv* env, CleatError* error);

// Tells the host of a rejection that it was told of and that has got a handler, and frees it. error.c.
void cleat__report_handled(CleatEnv* env, CleatError* error);

// Installs `bindings` on the global object, where they are already in a runtime that was opened from a snapshot; or
// only makes them ready for cleat__define_bindings, before scripts run. class.c.
bool cleat__install(CleatEnv* env, const CleatBindings* bindings);
bool cleat__prepare_bindings(CleatEnv* env, const CleatBindings* bindings);

// Defines what `bindings` have as properties of `object`. class.c. [throws]
bool cleat__define_bindings(CleatEnv* env, CleatValue* object, const CleatBindings* bindings);

// Makes what an environment has of modules, and has `host` call it; false when memory is short. And frees it, as the
// last before the engine is closed. module_import.c.
bool cleat__modules_open(CleatEnv* env, CleatEngineHost* host);
void cleat__modules_close(CleatEnv* env);

// Has functions put in the place of V8's that cleat_wait knows of, once WebAssembly is used; false, with an exception,
// when memory is short. And lets V8's go. webassembly.c.
bool cleat__webassembly_open(CleatEnv* env);
void cleat__webassembly_close(CleatEnv* env);

// Runs every finalizer that is due, and frees what class.c holds. class.c.
void cleat__classes_close(CleatEnv* env);

// Runs the finalizers of what has been collected. wrapper.c.
void cleat__finalize_due(CleatEnv* env);

// Has a task run those of what was disposed, since C has let go of something. wrapper.c.
void cleat__finalize_later(CleatEnv* env);

// Returns whether a CleatRef that is not weak holds `value`; and whether a promise that C owes, or a blocking
// operation, is of a call that was of `value` or was given it. ref.c, promise.c.
bool cleat__refs_hold(CleatEnv* env, CleatValue* value);
bool cleat__promises_hold(CleatEnv* env, CleatValue* value);

// Settles every promise that C still owes, with an AbortError-like rejection, and ends its operation. promise.c.
void cleat__promises_close(CleatEnv* env);

// The same in two steps where the engine is lost: forgets the promises, and later ends the operations. Those on other
// threads are waited for, and so must not wait for JavaScript any more. promise.c.
void cleat__promises_abandon(CleatEnv* env);
void cleat__promises_drop(CleatEnv* env);

// Frees what is kept for promises that are made later. As the last of a runtime. promise.c.
void cleat__promises_free(CleatEnv* env);

// Notes when the runtime opens. host/performance.c.
void cleat__performance_open(CleatEnv* env);

// Lets go of the Performance object, which is wrapped anew where it is asked for again. host/performance.c.
void cleat__performance_close(CleatEnv* env);

// Makes a timer of libuv's, in a loop that is there. It is not referenced: cleat__is_alone leaves timers out. loop.c.
void cleat__timer_init(CleatEnv* env, uv_timer_t* timer);

// The same as cleat__loop_need, for a caller who throws: false where an exception is pending. loop.c.
bool cleat__loop_needed(CleatEnv* env);

// Cancels all timers. host/timers.c.
void cleat__timers_close(CleatEnv* env);

// Sets all timers back by `shift_ms`; libuv's own part of that has been done. host/timers.c.
void cleat__timers_move(CleatEnv* env, uint64_t shift_ms);

// Returns whether a timer is set, for cleat_wait. host/timers.c.
bool cleat__timers_active(const CleatEnv* env);

// Frees console state. host/console.c.
void cleat__console_close(CleatEnv* env);

// Calls body(env, data) as a task: in a handle scope and a frame of its own, exceptions reported as uncaught, then the
// microtasks and the rejections that nobody handled. loop.c.
void cleat__run_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// The same for a function of the program's. task.c.
void cleat__run_host_task(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// Calls body(env, data) and returns NULL, or what it threw as an error, owned. Unlike cleat_try it may be called where
// control comes from V8. env.c.
CleatError* cleat__protect(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// The same where no JavaScript is around it that may catch it, so that debuggers take it for uncaught. env.c.
CleatError* cleat__protect_last(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data);

// Takes back what `frame` has given out last. frame.c.
void cleat__frame_give_back(CleatFrame* frame, void* last);

// Makes `frame` where cleat_allocate takes memory from, until it is left. frame.c.
void cleat__frame_enter(CleatEnv* env, CleatFrame* frame);

// Copies as cleat_to_data does; `root` is what the path in messages begins with. copy.c.
CleatData* cleat__to_data(CleatEnv* env, CleatValue* value, const char* root);

// Has `ref` called `text` (taken over; may be NULL) where it is left over when the runtime closes. ref.c.
void cleat__ref_describe(CleatRef* ref, char* text);

// Writes what holds a value into `out` of `size` bytes, of the newest CleatRef; false for none. ref.c.
bool cleat__refs_describe(const CleatEnv* env, char* out, size_t size);

// Keeps and lets go of the memory of a runtime, without keeping it open as cleat_retain does. runtime.c. Any thread.
CleatRuntime* cleat__runtime_keep(CleatRuntime* runtime);
void cleat__runtime_unkeep(CleatRuntime* runtime);

// Returns whether the calling thread is the JavaScript thread of a runtime that has not ended. runtime.c. Any thread.
bool cleat__on_thread(const CleatRuntime* runtime);

// What the JavaScript side has of its runtime. runtime.c.
CleatEnv* cleat__runtime_env(CleatRuntime* runtime);
const CleatOptions* cleat__runtime_options(const CleatRuntime* runtime);

// Dispatches a task of Cleat's own while the runtime is closing too, until the loop has ended: for what must get back
// to the JavaScript thread to be freed. Returns false when the loop has ended or memory is short. runtime.c. Any
// thread.
bool cleat__dispatch_internal(CleatRuntime* runtime, void (*run)(CleatEnv* env, void* data), void* data,
                              void (*drop)(void* data));

// The same where `run`, or `drop`, may let go of what keeps the memory of the runtime for the caller.
bool cleat__dispatch_parting(CleatRuntime* runtime, void (*run)(CleatEnv* env, void* data), void* data,
                             void (*drop)(void* data));

#endif  // CLEAT_RUNTIME_ENV_H_
