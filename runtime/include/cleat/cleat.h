// The host's interface: open a JavaScript runtime, send it work, evaluate scripts, close it. base.h has the general
// rules.
//
//   CleatRuntime* runtime = cleat_open(NULL, NULL);
//   CleatResult result = cleat_eval(runtime, "6 * 7", NULL);
//   printf("%g\n", cleat_data_number(result.value));
//   cleat_result_free(&result);
//   cleat_release(runtime);
#ifndef CLEAT_CLEAT_H_
#define CLEAT_CLEAT_H_

#include "base.h"
#include "cache.h"
#include "data.h"
#include "error.h"
#include "inspector.h"
#include "module.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// OPENING

// A script to be run when a runtime opens. The strings are borrowed until cleat_open returns.
typedef struct CleatScript {
  const char* name;    // what stack traces call it; NULL for "<bootstrap>"
  const char* source;  // UTF-8
  size_t length;       // of `source` in bytes; 0 when it ends with a NUL
} CleatScript;

// A runtime's heap as bytes. They may be written to a file, and be read again by another process.
typedef struct CleatSnapshot {
  const void* data;
  size_t length;
  // The bytes are known to be what cleat_snapshot_create has made, so that cleat_open need not read all of them to find
  // damage. What it gives has this set, and so have snapshots that the build makes part of a program. Whoever reads the
  // bytes from elsewhere may set it once a runtime was opened from them, as long as nobody changes them.
  bool intact;
} CleatSnapshot;

typedef enum CleatConsoleLevel {
  CLEAT_CONSOLE_DEBUG,
  CLEAT_CONSOLE_LOG,
  CLEAT_CONSOLE_INFO,
  CLEAT_CONSOLE_WARN,
  CLEAT_CONSOLE_ERROR,
} CleatConsoleLevel;

// What a runtime does before it runs anything.
typedef enum CleatInspectorStart {
  CLEAT_INSPECTOR_RUN,    // nothing: debuggers may come when they like
  CLEAT_INSPECTOR_WAIT,   // waits until a debugger says that it may run
  CLEAT_INSPECTOR_PAUSE,  // the same, and then pauses at the first statement
} CleatInspectorStart;

// How a runtime is to be. Start from CLEAT_OPTIONS_INIT and change what matters; zero means the default everywhere.
typedef struct CleatOptions {
  size_t size;  // sizeof(CleatOptions), set by CLEAT_OPTIONS_INIT: tells which version of this struct it is

  const char* name;  // of the runtime and its thread; NULL for "cleat"
  void* data;        // the host's own, read back by cleat_data_of

  // What is installed on the global object, besides ECMAScript's own, Intl and WebAssembly: nothing unless it stands
  // here. No two may define the same global. The array and what it points to are static, as bindgen writes them.
  const CleatBindings* const* bindings;
  size_t binding_count;

  // Which members marked [Capability=name] are installed; names that no member is marked with do nothing. Static, too.
  const char* const* capabilities;
  size_t capability_count;

  // Scripts run in order before cleat_open returns. When one throws, opening fails with its error.
  const CleatScript* scripts;
  size_t script_count;

  // What JavaScript may use, in bytes. What reaches the heap limit ends with CLEAT_ERROR_HEAP_LIMIT, as by
  // cleat_terminate, and the runtime goes on working; so that it can end, the heap may grow by half more meanwhile, or
  // by 16 MiB. Where V8 needs still more at once, for one huge array, it cannot go on: then this runtime is lost, and
  // the process and all other runtimes live on. It closes as with CLEAT_CLOSE_DROP; who waits for it or comes later
  // gets CLEAT_ERROR_OUT_OF_MEMORY, as `uncaught` does for a task. Finalizers run; a native function that called
  // JavaScript does not return, so that locks it holds stay locked; and what the heap has is not given back. Beyond a
  // limit of about 512 MiB V8 may end the process instead: scripts can then make arrays of more elements than it can
  // count. External memory is that of ArrayBuffers, of what native objects declare ([ExternalMemory],
  // cleat_adjust_memory), and of timers, listeners and long strings that Cleat's own objects keep, not that of
  // WebAssembly; beyond the limit it is a RangeError. The copies of arguments, while native functions are called, may be
  // as large once more.
  size_t heap_initial;    // that V8's heap has from the beginning; 0 for V8's default
  size_t heap_limit;      // at least 1 MiB; 0 for 512 MiB
  size_t external_limit;  // 0 for none
  size_t stack_size;      // of the thread's stack, at least 256 KiB; 0 for 1 MiB of JavaScript and some for C
  uint32_t timeout_ms;  // that JavaScript may run at a time: a task, a timer, an evaluation without its own; 0 for ever

  bool no_code_from_strings;  // eval and Function throw an EvalError instead of compiling strings
  bool no_webassembly;        // there is no WebAssembly

  // The thread that opens the runtime drives it, by cleat_run (see DRIVING), instead of one of its own. `stack_size` is
  // then how much of that thread's stack JavaScript may use from here on; 0 for all there is.
  bool pumped;

  // What a copy of a value may be: how deeply nested, and how large. 0 for a million levels and for 1 GiB.
  size_t copy_depth;
  size_t copy_bytes;

  // Counts how often each member of the bindings is called, for cleat_call_counts. Fast calls are then off; without it,
  // nothing is lost.
  bool count_calls;

  // Told, when the runtime closes, what was not released, in one text: function handles (CLEAT_DATA_FUNCTION) with
  // their names and places, and CleatRefs with the places in C where they were made, in programs compiled without
  // NDEBUG. NULL prints it to stderr, function handles in debug builds of Cleat only. `text` is borrowed for the call.
  void (*leaked)(void* data, CleatString text);

  // Where console output goes, one call per message, on the JavaScript thread; NULL for stderr. `text` is borrowed for
  // the call and has no newline at its end.
  void (*console)(void* data, CleatConsoleLevel level, CleatString text);

  // Told of exceptions that nobody caught (in a timer, a task, a callback) and of rejected promises that nobody
  // handled, on the JavaScript thread; NULL prints them to stderr. `error` is borrowed for the call. Rejections are
  // told of at the end of the task; where they are many, the rest in later tasks, unless they are handled by then.
  void (*uncaught)(void* data, const CleatError* error);

  // Told, on the JavaScript thread, of a rejection that `uncaught` was told of and that has got a handler after all;
  // cleat_error_rejection tells which. NULL prints it to stderr where `uncaught` is NULL, too. `error` is borrowed.
  void (*handled)(void* data, const CleatError* error);

  // Tells where code that was compiled or bundled was written, for the places in errors: stores that in `original`,
  // which is `generated` beforehand, and returns true; false where it is there already. Called on the JavaScript thread
  // while an error is read, in which the runtime may not be called. What the strings of `original` point to is borrowed
  // until the next call. NULL: all places are as V8 has them, as they are to scripts in any case.
  bool (*map_position)(void* data, const CleatPosition* generated, CleatPosition* original);

  // Through what debuggers may attach (see inspector.h), borrowed until cleat_open returns; NULL for nothing: then
  // nobody can. While a debugger waits, in cleat_open (which returns once it says so) or has the runtime paused, time
  // limits stand still, and what others send waits. cleat_terminate and closing end a pause, from any thread; what runs
  // then pauses no more where the runtime closes.
  const CleatInspector* inspector;
  const char* inspector_title;  // what debuggers call the runtime; NULL for `name`
  CleatInspectorStart inspector_start;

  // What can be imported: nothing unless it stands here. module.h has the rules. All four are on the JavaScript thread;
  // the first is static, the others may be NULL. `import_meta` may add properties to the import.meta of the module
  // `name`, at its first use; what it leaves pending is thrown there.
  const CleatModule* modules;
  size_t module_count;
  void (*resolve)(void* data, const CleatImport* import, CleatResolve* resolve);
  void (*load)(void* data, const CleatImport* import, CleatLoad* load);
  void (*import_meta)(void* data, CleatEnv* env, CleatString name, CleatValue* meta);

  // What the runtime starts from, instead of ECMAScript's globals alone: see SNAPSHOTS. `scripts` are run on top. NULL
  // for none. Both it and its bytes are borrowed until the runtime has closed.
  const CleatSnapshot* snapshot;
} CleatOptions;

#ifdef __cplusplus
static inline CleatOptions cleat_options_init(void) {
  CleatOptions options = {};
  options.size = sizeof(options);
  return options;
}
#define CLEAT_OPTIONS_INIT (cleat_options_init())
#else
#define CLEAT_OPTIONS_INIT ((CleatOptions){.size = sizeof(CleatOptions)})
#endif

// Starts a runtime on a thread of its own and returns it, owned: give it back with cleat_release. `options` may be NULL
// for the defaults. On failure it returns NULL and, unless `error` is NULL, stores an owned error there (kinds:
// bad argument, system, out of memory, and those of a bootstrap script). It takes one file descriptor; timers and
// blocking operations, V8's own tasks that run later too, take four more, from the first one on, and fail where there
// are none: setTimeout throws.
CLEAT_EXPORT CleatRuntime* cleat_open(const CleatOptions* options, CleatError** error);

// Takes one more reference. Any thread.
CLEAT_EXPORT CleatRuntime* cleat_retain(CleatRuntime* runtime);

// Gives a reference back. The last one closes the runtime with CLEAT_CLOSE_DROP, where it is not closed yet. Any
// thread.
CLEAT_EXPORT void cleat_release(CleatRuntime* runtime);

// Returns `options.data`. Any thread.
CLEAT_EXPORT void* cleat_data_of(const CleatRuntime* runtime);

// SNAPSHOTS. What many runtimes begin with, made once: the bindings, and all that scripts have set up, which runtimes
// that are opened from it have at once. It is for one version of Cleat, of V8 and of V8's flags, and for the same
// bindings in the same order, with the same capabilities and `count_calls`; the other options may differ. cleat_open
// refuses others, and those that are damaged, unless they are said to be intact, with CLEAT_ERROR_BAD_ARGUMENT. But
// whoever can make a snapshot can do all that a program can: take none from where no program would be taken from.
//
// While it is made, V8 leaves out what is new in it, and what no snapshot can hold: WebAssembly, SharedArrayBuffer,
// Atomics, FinalizationRegistry, and in V8 10.2 the methods `at`, `findLast` and `findLastIndex` and Object.hasOwn, in
// V8 11.3 `toReversed`, `toSorted`, `toSpliced` and `with`. Scripts may not use them as they run, only in functions
// that are called later: each runtime that is opened has them. The properties that they are added to must stay free,
// and the objects extensible: a script that freezes Array.prototype leaves no snapshot. Nor can they import: modules
// are for the runtimes that are opened.

// Opens a runtime for `options` (NULL for the defaults), runs its scripts and their microtasks, and returns what it
// then is, owned: free it with cleat_snapshot_free. The options about limits hold for the scripts, but those of
// memory. On failure it returns NULL and, unless `error` is NULL, stores an owned error there: those of cleat_open, and
// CLEAT_ERROR_BAD_ARGUMENT, naming it, where something is left that bytes cannot hold: a native object, a value that C
// holds, a promise that C owes or waits for, a timer, a native function of no bindings, an object of Intl. Any thread.
CLEAT_EXPORT CleatSnapshot* cleat_snapshot_create(const CleatOptions* options, CleatError** error);

// Frees what cleat_snapshot_create gave, when no runtime is open from it. NULL does nothing. Any thread.
CLEAT_EXPORT void cleat_snapshot_free(CleatSnapshot* snapshot);

// SENDING WORK

// Has `run` called on the JavaScript thread, soon, first in first out per sender. Any thread, never blocks. Returns
// false, and calls nothing, once the runtime is closing or when memory is short. A task that was accepted is either
// run, or, where closing overtakes it, given to `drop` (may be NULL), once, on some thread. What `run` leaves pending
// is reported as uncaught.
CLEAT_EXPORT bool cleat_dispatch(CleatRuntime* runtime, void (*run)(CleatEnv* env, void* data), void* data,
                                 void (*drop)(void* data));

// The same, `delay_ms` later at the earliest; false too where the system has no file descriptors for a timer. It counts
// as a timer: it stands still while the runtime is suspended, and closing drops it, with CLEAT_CLOSE_FINISH too.
CLEAT_EXPORT bool cleat_dispatch_after(CleatRuntime* runtime, uint32_t delay_ms, void (*run)(CleatEnv* env, void* data),
                                       void* data, void (*drop)(void* data));

// EVALUATING

typedef struct CleatEvalOptions {
  size_t size;          // sizeof(CleatEvalOptions), set by CLEAT_EVAL_OPTIONS_INIT
  const char* name;     // what stack traces call the script; NULL for "<eval>"
  size_t length;        // of the source in bytes; 0 when it ends with a NUL
  uint32_t line;        // the line that the source's first line is numbered as; 0 for 1
  uint32_t timeout_ms;  // see below; 0 for the runtime's default
  bool no_await;        // a promise is the result itself (which cannot be copied: an error), instead of being awaited
  bool module;          // the source is a module: the result is a copy of its namespace, once it has been evaluated
  bool no_value;        // the result is undefined, whatever it would be: for what cannot be copied, or is not needed

  // A code cache to be used for the source, or made of it, or both; NULL for none. One is made when a script has run;
  // of a module when it is compiled, and has run, too, where it need not wait for anything. It is the caller's, and
  // must stay until the result is there.
  CleatCodeCache* code_cache;
} CleatEvalOptions;

// The time limit counts from the moment the evaluation starts to run until its promise settles. It holds for the script
// and its microtasks; and, where a promise is awaited, in later tasks too, for what goes on after an await, for
// reactions to promises, handlers of timers and callbacks of queueMicrotask that the evaluation has begun. Where the
// time passes, the caller gets CLEAT_ERROR_TIMEOUT, and whichever of these runs is ended, and nothing else: not the
// task that it runs in, nor other evaluations. What it had still begun may run later, for some ten milliseconds at a
// time. Whenever V8 ends a microtask, however, it forgets the microtasks that were queued behind it.

#ifdef __cplusplus
static inline CleatEvalOptions cleat_eval_options_init(void) {
  CleatEvalOptions options = {};
  options.size = sizeof(options);
  return options;
}
#define CLEAT_EVAL_OPTIONS_INIT (cleat_eval_options_init())
#else
#define CLEAT_EVAL_OPTIONS_INIT ((CleatEvalOptions){.size = sizeof(CleatEvalOptions)})
#endif

// What came of it: exactly one of the two is not NULL. Both are owned.
typedef struct CleatResult {
  CleatData* value;
  CleatError* error;
} CleatResult;

// Evaluates `source` as a classic script and waits for a copy of its completion value; a promise is awaited. Any
// thread: on the JavaScript thread itself it runs at once, nested, and there cannot wait for a promise (a bad-argument
// error). `options` may be NULL. Free the result with cleat_result_free. The thread that drives a pumped runtime runs
// it at once, and then the loop until the promise settles.
CLEAT_EXPORT CleatResult cleat_eval(CleatRuntime* runtime, const char* source, const CleatEvalOptions* options);

// The same, without waiting: `done` (may be NULL) gets the result, owned, once, in a task on the JavaScript thread, or,
// where closing overtakes it, on some thread. The strings are copied. Returns false, and calls nothing, once the
// runtime is closing, when memory is short, and for a bad argument. Any thread.
CLEAT_EXPORT bool cleat_eval_async(CleatRuntime* runtime, const char* source, const CleatEvalOptions* options,
                                   void (*done)(void* data, CleatResult result), void* data);

// Imports a module as import() would, and waits for a copy of its namespace as cleat_eval does: an object with what it
// exports, functions as handles. `options` may be NULL; its `name`, if any, is who imports: what a relative specifier
// is relative to. (A module that cleat_eval evaluates from its source can import, and cannot be imported; its `name` is
// where its relative specifiers begin, and its import.meta.url.)
CLEAT_EXPORT CleatResult cleat_import(CleatRuntime* runtime, const char* specifier, const CleatEvalOptions* options);

// The same without waiting, as cleat_eval_async.
CLEAT_EXPORT bool cleat_import_async(CleatRuntime* runtime, const char* specifier, const CleatEvalOptions* options,
                                     void (*done)(void* data, CleatResult result), void* data);

// Opens a runtime for one evaluation and closes it. `options` may be NULL.
CLEAT_EXPORT CleatResult cleat_eval_once(const char* source, const CleatOptions* options);

// CALLING FUNCTIONS from any thread. A function in what is copied becomes a handle, CLEAT_DATA_FUNCTION, which keeps
// the function, and the object whose property it was read as, until it is freed. In values for its own runtime it is
// the same function again; another runtime refuses it.

// Calls a function with the elements of `arguments` (an array; NULL for none) and waits as cleat_eval does, with its
// options of that name. `receiver` is `this`; NULL for the object that it was read from, or undefined. All are
// borrowed.
CLEAT_EXPORT CleatResult cleat_data_call(const CleatData* function, const CleatData* receiver,
                                         const CleatData* arguments, const CleatEvalOptions* options);

// The same without waiting, as cleat_eval_async. `receiver` and `arguments` are taken over, also where it fails.
CLEAT_EXPORT bool cleat_data_call_async(const CleatData* function, CleatData* receiver, CleatData* arguments,
                                        const CleatEvalOptions* options, void (*done)(void* data, CleatResult result),
                                        void* data);

// ITERATING over what is asynchronously iterable from any thread. An object with a method Symbol.asyncIterator, such as
// an async generator, is a handle in what is copied, CLEAT_DATA_ASYNC_ITERABLE, which keeps it until it is freed. In
// values for its own runtime it is the same object again; another runtime refuses it.
//
//   for (;;) {
//     CleatResult step = cleat_data_next(lines, NULL);
//     if (step.value == NULL || cleat_data_boolean(cleat_data_get(step.value, "done"))) break;
//     use(cleat_data_get(step.value, "value"));
//     cleat_result_free(&step);
//   }

// Calls next of its iterator, which the first call gets, and waits as cleat_eval does, with its options of that name.
// The result is a copy of what next gave: an object with `value` and `done`. Where the time passes first, that step is
// lost.
CLEAT_EXPORT CleatResult cleat_data_next(const CleatData* iterable, const CleatEvalOptions* options);

// Leaves the iteration: calls return of its iterator, where there is one, and waits for it. The result is a copy of
// what that gave, or undefined. The next cleat_data_next begins a new iteration. Freeing a handle tells JavaScript
// nothing.
CLEAT_EXPORT CleatResult cleat_data_return(const CleatData* iterable, const CleatEvalOptions* options);

// The same two without waiting, as cleat_eval_async.
CLEAT_EXPORT bool cleat_data_next_async(const CleatData* iterable, const CleatEvalOptions* options,
                                        void (*done)(void* data, CleatResult result), void* data);
CLEAT_EXPORT bool cleat_data_return_async(const CleatData* iterable, const CleatEvalOptions* options,
                                          void (*done)(void* data, CleatResult result), void* data);

// Frees what is in `result` and empties it.
CLEAT_EXPORT void cleat_result_free(CleatResult* result);

// Ends what runs now, from any thread: JavaScript is stopped as soon as it looks, and whoever waits for it gets
// CLEAT_ERROR_TERMINATED with `reason` (may be NULL) as message. The runtime goes on working. Without effect when
// nothing runs; what only waits for a promise does not run.
CLEAT_EXPORT void cleat_terminate(CleatRuntime* runtime, const char* reason);

// Waits until nothing is left to do: no task queued, no timer set, no native operation in flight. It cannot know of a
// thread that will dispatch later: give JavaScript a promise for such work, and it is waited for. Returns false when
// `timeout_ms` passed first (0 waits for ever), when the runtime closed, or where it would wait for itself: on the
// JavaScript thread, and in the hook of a [Blocking] operation.
CLEAT_EXPORT bool cleat_wait(CleatRuntime* runtime, uint32_t timeout_ms);

// FEEDING JavaScript with values that come one after the other. What JavaScript is given is an asynchronous iterator,
// for `for await`; the values wait in a queue that is only so long: a producer that is faster is told to wait.
//
//   CleatFeed* feed = cleat_feed_open(runtime, NULL);
//   ... on the JavaScript thread: cleat_set(env, cleat_global(env), "lines", cleat_feed_value(env, feed));
//   while (read_line(&line) && cleat_feed_put_wait(feed, line, 0) == CLEAT_FEED_ACCEPTED) continue;
//   cleat_feed_release(feed);

typedef struct CleatFeed CleatFeed;

typedef struct CleatFeedOptions {
  size_t size;      // sizeof(CleatFeedOptions), set by CLEAT_FEED_OPTIONS_INIT
  size_t capacity;  // how many values may wait; 0 for 16
  void* data;       // the host's own, for the functions

  // Told, on the JavaScript thread, that there is room, after cleat_feed_put found none. It must not wait for
  // JavaScript.
  void (*wanted)(void* data);

  // Told, once, that nothing will be taken any more: JavaScript has had the last value, has left the iteration, or has
  // lost it, or a value cannot be made there; the runtime closes; or the feed is released before JavaScript was given
  // it. On the JavaScript thread, or within cleat_feed_end, cleat_feed_fail or cleat_feed_release. Nothing is told
  // after it.
  void (*ended)(void* data);
} CleatFeedOptions;

#ifdef __cplusplus
static inline CleatFeedOptions cleat_feed_options_init(void) {
  CleatFeedOptions options = {};
  options.size = sizeof(options);
  return options;
}
#define CLEAT_FEED_OPTIONS_INIT (cleat_feed_options_init())
#else
#define CLEAT_FEED_OPTIONS_INIT ((CleatFeedOptions){.size = sizeof(CleatFeedOptions)})
#endif

// Returns a new feed, owned: cleat_feed_release gives it back. `options` may be NULL. NULL, once the runtime is
// closing, when memory is short, and for options that are not usable. Any thread.
CLEAT_EXPORT CleatFeed* cleat_feed_open(CleatRuntime* runtime, const CleatFeedOptions* options);

// Returns the asynchronous iterator that takes the values: JavaScript's from then on. Once: a TypeError the second
// time. On the JavaScript thread. [throws]
CLEAT_EXPORT CleatValue* cleat_feed_value(CleatEnv* env, CleatFeed* feed);

typedef enum CleatFeedStatus {
  CLEAT_FEED_ACCEPTED,  // the value is the feed's now
  CLEAT_FEED_FULL,      // there is no room: it is the caller's still
  CLEAT_FEED_OVER,      // nothing is taken any more: it is the caller's still
} CleatFeedStatus;

// Puts a value, which is taken over where it is accepted. The second one waits for room, for at most `timeout_ms` (0:
// for ever), except on the JavaScript thread, which cannot wait for itself. Any thread.
CLEAT_EXPORT CleatFeedStatus cleat_feed_put(CleatFeed* feed, CleatData* value);
CLEAT_EXPORT CleatFeedStatus cleat_feed_put_wait(CleatFeed* feed, CleatData* value, uint32_t timeout_ms);

// Ends the iteration behind the values that wait, or has it throw there; the first call counts. Any thread.
CLEAT_EXPORT void cleat_feed_end(CleatFeed* feed);
CLEAT_EXPORT void cleat_feed_fail(CleatFeed* feed, CleatThrowKind kind, const char* format, ...) CLEAT_PRINTF(3, 4);

// Gives it back, and ends it as cleat_feed_end does; JavaScript still takes what waits. Any thread, also after the
// runtime closed.
CLEAT_EXPORT void cleat_feed_release(CleatFeed* feed);

// WATCHING

// What a runtime uses, and has done since it was opened.
typedef struct CleatStatistics {
  size_t size;        // sizeof(CleatStatistics), set by CLEAT_STATISTICS_INIT
  size_t heap_used;   // bytes of V8's heap, as of its last collection of garbage or of the last time that the runtime
  size_t heap_total;  // was idle, whichever was later: those that live or wait to be collected, and all that it has
  size_t heap_limit;  // and may have
  size_t external;    // bytes of ArrayBuffers, and what native objects declare
  uint64_t tasks;     // that have run: dispatched ones, timers, evaluations, and those of V8
  uint64_t evals;     // scripts that have run, nested evaluations and bootstrap scripts too
  double run_ms;      // processor time of the JavaScript thread; 0 where that is the host's
  size_t handles;     // CleatRefs that are held, by Cleat too
  size_t objects;     // native objects that belong to JavaScript
  size_t lost;        // bytes that the process does not get back, as V8 ran out of memory; else 0
} CleatStatistics;

#ifdef __cplusplus
static inline CleatStatistics cleat_statistics_init(void) {
  CleatStatistics statistics = {};
  statistics.size = sizeof(statistics);
  return statistics;
}
#define CLEAT_STATISTICS_INIT (cleat_statistics_init())
#else
#define CLEAT_STATISTICS_INIT ((CleatStatistics){.size = sizeof(CleatStatistics)})
#endif

// Stores what `runtime` uses; of a closed one what it had used at the end. Any thread, never waits for JavaScript.
// Returns false, storing nothing, where `size` is not set.
CLEAT_EXPORT bool cleat_statistics(CleatRuntime* runtime, CleatStatistics* out);

typedef enum CleatCallKind {
  CLEAT_CALL_OPERATION,
  CLEAT_CALL_GET,        // of an attribute
  CLEAT_CALL_SET,        // of an attribute
  CLEAT_CALL_CONSTRUCT,  // of an interface, or by a factory
} CleatCallKind;

// How often JavaScript has called one member of the bindings, those calls that threw included. The strings are the
// bindings'.
typedef struct CleatCallCount {
  const char* bindings;
  const char* owner;  // the interface or namespace; NULL for what is global
  const char* name;   // of the member; of a constructor the interface's or the factory's
  CleatCallKind kind;
  uint64_t count;
} CleatCallCount;

// Stores the counts of all members that the runtime has, in the order of the IDL, `capacity` of them at most, and
// returns how many there are; 0 without the option `count_calls`. Indexed and named properties are not counted. Any
// thread; never waits for JavaScript. After closing they are those of the end.
CLEAT_EXPORT size_t cleat_call_counts(const CleatRuntime* runtime, CleatCallCount* out, size_t capacity);

// STANDING STILL

// Has the runtime begin no task, timer or evaluation until it is resumed as often as it was suspended; what runs now
// goes on to its end. Timers stand still: what was left of their time then is left of it afterwards. Work is accepted
// meanwhile, and waits. A runtime that is closing does not stand still. Any thread.
CLEAT_EXPORT void cleat_suspend(CleatRuntime* runtime);

// Takes back one cleat_suspend; false when there is none. Any thread.
CLEAT_EXPORT bool cleat_resume(CleatRuntime* runtime);

// DRIVING a runtime that was opened with `pumped`, on the thread that opened it; another thread, or a call from inside
// of the runtime's own work, aborts. Several such runtimes may share a thread. The runtime is closed by that thread,
// and its last reference given back there; cleat_close on another one waits until the driving thread gets to it, in its
// next cleat_run.
//
// In a loop of one's own: wait until the descriptor of cleat_poll_fd is readable, at most as long as cleat_poll_timeout
// says, and then cleat_run(runtime, CLEAT_RUN_NOWAIT). In a loop of libuv's: a uv_poll_t on the descriptor and a
// uv_timer_t that is set to the timeout by a uv_prepare_t, each calling that.

typedef enum CleatRunMode {
  CLEAT_RUN_UNTIL_IDLE,    // until nothing is left to do: no task, no timer, no native operation; or it closes
  CLEAT_RUN_ONCE,          // waits until something happens, and deals with that
  CLEAT_RUN_NOWAIT,        // deals with what has happened
  CLEAT_RUN_UNTIL_CLOSED,  // as a thread of its own would
} CleatRunMode;

// Runs the loop. Returns whether more is left to do; false when the runtime has closed.
CLEAT_EXPORT bool cleat_run(CleatRuntime* runtime, CleatRunMode mode);

// Returns a descriptor that is readable when cleat_run has something to do; -1 for runtimes that are not pumped. It is
// the runtime's, and stays the same. Any thread.
CLEAT_EXPORT int cleat_poll_fd(CleatRuntime* runtime);

// Returns after how many milliseconds cleat_run has something to do even where the descriptor is not readable; -1 for
// never. It changes whenever JavaScript runs.
CLEAT_EXPORT int cleat_poll_timeout(CleatRuntime* runtime);

// CLOSING

typedef enum CleatCloseMode {
  CLEAT_CLOSE_DROP,    // tasks that have not started are dropped, and JavaScript that runs is ended, as by a time limit
  CLEAT_CLOSE_FINISH,  // tasks that were accepted are run first; timers are cancelled all the same
} CleatCloseMode;

// Closes the runtime: refuses new work, deals with what is queued as `mode` says, cancels timers, settles or drops
// native operations, runs every finalizer once, and ends the thread. Returns when that is done, except on the
// JavaScript thread, where it only begins and the rest follows when the current task returns, and in the hook of a
// [Blocking] operation, for which closing waits. Closing twice waits for the first; with CLEAT_CLOSE_DROP it also
// drops, and ends, what the first would have finished. The reference is the caller's still. Who waits for JavaScript
// that is ended or dropped gets CLEAT_ERROR_CLOSED. A native function that runs goes on to its end in any case; and so
// does JavaScript whose own task closes the runtime. What scripts run as their promises are settled by closing may take
// the runtime's time limit, and with CLEAT_CLOSE_DROP a second at most.
CLEAT_EXPORT void cleat_close(CleatRuntime* runtime, CleatCloseMode mode);

// The same, but it waits for at most `timeout_ms`. Returns whether the runtime has closed; where it has not, since
// something runs that does not end, closing goes on: it may be waited for again, helped by cleat_terminate, or left, in
// which case its last reference must be left, too, since giving that back waits.
CLEAT_EXPORT bool cleat_close_within(CleatRuntime* runtime, CleatCloseMode mode, uint32_t timeout_ms);

// Returns the version of Cleat ("0.1.0") and of the V8 it runs on ("10.2.154.26-node.36"). Static strings.
CLEAT_EXPORT const char* cleat_version(void);
CLEAT_EXPORT const char* cleat_engine_version(void);

// SHIPPED BINDINGS, for CleatOptions.bindings; generated from idl/.

CLEAT_EXPORT extern const CleatBindings cleat_console_bindings;        // console
CLEAT_EXPORT extern const CleatBindings cleat_dom_exception_bindings;  // DOMException, QuotaExceededError
CLEAT_EXPORT extern const CleatBindings cleat_events_bindings;         // Event, EventTarget, AbortSignal...: event.h
CLEAT_EXPORT extern const CleatBindings cleat_timers_bindings;         // setTimeout and its kin, queueMicrotask
CLEAT_EXPORT extern const CleatBindings cleat_performance_bindings;    // performance

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_CLEAT_H_
