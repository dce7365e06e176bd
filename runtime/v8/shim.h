// The engine, as the C core sees it: the one door to V8. Nothing here knows Web IDL, threads or policy.
//
// A CleatValue* is a v8::Local<v8::Value> (asserted in shim_internal.h): a pointer to a slot of the handle scope. Every
// function that takes an engine is called on the thread that has entered it. A function that returns NULL or false has
// left a JavaScript exception with V8 (to be caught by the enclosing cleat__try, or to be thrown by the call that returns
// to V8), except where its comment says that NULL or false is an answer. Strings are WTF-8 as in base.h.
//
// Marks: [js] may run JavaScript; [throws] may leave an exception; [-] neither.
#ifndef CLEAT_RUNTIME_V8_SHIM_H_
#define CLEAT_RUNTIME_V8_SHIM_H_

#include "cleat/base.h"
#include "cleat/bind.h"
#include "cleat/data.h"
#include "cleat/value.h"

#ifdef __cplusplus
extern "C" {
#endif

// An isolate with its context, and what the shim keeps beside them.
typedef struct CleatEngine CleatEngine;

// A kept value: a v8::Global.
typedef struct CleatHandle CleatHandle;

// The promise and its resolve functions.
typedef struct CleatResolver CleatResolver;

// A v8::FunctionTemplate, kept by its engine.
typedef struct CleatTemplate CleatTemplate;

// V8's own work for the JavaScript thread (compilation results, weak-callback tasks).
typedef struct CleatForegroundTask CleatForegroundTask;

// A kept module of ECMAScript: a v8::Module.
typedef struct CleatEngineModule CleatEngineModule;

// PLATFORM

// Starts V8 for the process, on the first call; any thread. Never undone: V8 cannot start twice. False where it is
// somebody else's, who has started it before.
bool cleat__engine_start(void);

// Returns V8's version. Static.
const char* cleat__engine_version(void);

// ENGINE

struct CleatModuleRequest;

// What an engine calls back. All are called on the engine's thread but `post`.
typedef struct CleatEngineHost {
  void* data;

  // Takes a task that V8 wants run on the engine's thread after `delay_ms`; any thread. The host gives it to
  // cleat__foreground_task_run, with no JavaScript under way, or, when it cannot, to cleat__foreground_task_free, which
  // may be after the engine closed. It may wait, and run no task meanwhile. False when it does not take it: V8 does
  // without. It is called from cleat__engine_open until cleat__engine_close returns, which waits for it.
  bool (*post)(void* data, CleatForegroundTask* task, double delay_ms);

  // A promise was rejected without a handler (`handled` false), or one that was so got one after all (true).
  void (*rejected)(void* data, CleatValue* promise, CleatValue* reason, bool handled);

  // The heap has reached its limit, in the middle of an allocation: nothing of the engine may be called but
  // cleat__terminate. It is let grow some more, so that what runs can come to the point where a termination strikes, and
  // this may be called again meanwhile. May be NULL.
  void (*heap_limit)(void* data);

  // After cleat__interrupt. It may run no JavaScript. May be NULL.
  void (*interrupted)(void* data);

  // What ran has been terminated by somebody else than cleat__terminate: by a debugger. The termination goes on as if it
  // had been asked for here. May be NULL.
  void (*terminated)(void* data);

  // V8 cannot go on: what it must have it cannot get. It may be called on a thread of V8's own. To save the process it
  // leaves the engine's thread by longjmp, to where it was before it called into the engine, which is abandoned by then:
  // nothing may be done with it but to read its noted statistics and to free its handles, its resolvers and its tasks.
  // Its memory is lost. Where this returns, the process is aborted. May be NULL.
  void (*out_of_memory)(void* data);

  // JavaScript has come to something of an attached engine: calls run(visit), and may do things before and after.
  void (*visit)(void* data, void (*run)(void* visit), void* visit);

  // import() in a script or module that was compiled with the name `referrer`, of which `line` is running (0: unknown):
  // returns a promise. May be NULL: then every import() is rejected. [js]
  CleatValue* (*import_module)(void* data, const struct CleatModuleRequest* request, CleatValue* referrer);

  // import.meta of the module with `module_data` is used for the first time: `meta` has no properties yet. May be NULL.
  // [js]
  void (*import_meta)(void* data, void* module_data, CleatValue* meta);

  // Gives the value of a property that cleat__define_lazy defined with this kind and data. NULL where an exception is
  // left with V8. May be NULL where there are none. [js]
  CleatValue* (*compute)(void* data, int kind, const void* lazy);

  // What answers for the properties of cleat__template_intercept. May be NULL where there are none.
  const struct CleatInterceptor* interceptor;
} CleatEngineHost;

// What the heap of a snapshot may point to outside of it: native functions and what they were made with. A snapshot has
// the places of addresses in this list, so that it is to be the same list when one is made and when it is opened.
typedef struct CleatReferences {
  const void* const* addresses;
  size_t count;
  const CleatFast* const* fast;
  size_t fast_count;
} CleatReferences;

typedef struct CleatEngineOptions {
  size_t heap_initial;        // bytes; 0 for V8's default; needs a heap_limit
  size_t heap_limit;          // bytes; 0 for V8's default
  size_t external_limit;      // bytes; 0 for none
  uintptr_t stack_end;        // the lowest address that JavaScript's stack may reach; 0 for V8's own guess
  bool no_code_from_strings;  // eval and Function of a string throw an EvalError
  bool no_webassembly;        // there is none

  // Either to open a snapshot, what cleat__snapshot_take gave, which is to stay until the engine is closed; or to make
  // one, by cleat__snapshot_take: then the limits of memory are V8's, and what cleat.h says of SNAPSHOTS is not there.
  // `references` is copied; NULL for neither.
  const CleatReferences* references;
  const void* snapshot;
  bool for_snapshot;
} CleatEngineOptions;

// Makes an isolate and a context that has ECMAScript's globals and nothing else (V8's `console` is taken away), with
// explicit microtasks, for the calling thread. `host` is copied. NULL when memory is short, or V8 somebody else's.
CleatEngine* cleat__engine_open(const CleatEngineOptions* options, const CleatEngineHost* host);

// Adopts the isolate that the calling thread has entered, and the context that is entered in it. Both are their owner's,
// with everything that is set on them: of `host` only `data` and `visit` are called, and there are no fast calls. NULL
// with a text in `problem` where there is none to be adopted, without one when memory is short. Closing the engine leaves
// both alone; what it has made there then does nothing any more, but that functions throw a TypeError.
CleatEngine* cleat__engine_attach(const CleatEngineHost* host, const char** problem);

// Disposes of it. All handles, resolvers and templates of it must be given up before, or are invalid now.
void cleat__engine_close(CleatEngine* engine);

// Enters and leaves the engine with its context and a handle scope: around every task, or once for the thread. `entry` is
// storage of the caller's.
typedef struct CleatEngineEntry {
  void* reserved[12];
} CleatEngineEntry;
void cleat__engine_enter(CleatEngine* engine, CleatEngineEntry* entry);
void cleat__engine_leave(CleatEngine* engine, CleatEngineEntry* entry);

// Returns `host.data` of the engine that `call` happens in. [-]
void* cleat__call_host(const CleatCall* call);

// Runs the microtasks, until none is left or termination strikes: then V8 forgets those that are left. What they throw is
// reported by V8 to the promise hooks or, for callbacks of cleat__enqueue_microtask, to cleat__on_uncaught. [js]
void cleat__run_microtasks(CleatEngine* engine);

// Queues a function to be called as a microtask; HTML's queueMicrotask. What it throws goes to cleat__on_uncaught. [-]
void cleat__enqueue_microtask(CleatEngine* engine, CleatValue* function);

// Queues run(data) as a microtask. [-]
void cleat__enqueue_callback(CleatEngine* engine, void (*run)(void* data), void* data);

// Has exceptions that reach V8's top level outside of any cleat__try (thrown by a microtask callback) told to `report`,
// with the same data as a cleat__try's. [-]
struct CleatException;
void cleat__on_uncaught(CleatEngine* engine, void (*report)(void* data, const struct CleatException* exception),
                        void* data);

// A value that V8 keeps with what is made while it is set, and sets again while that runs: reactions to promises, what
// follows an await, callbacks of cleat__enqueue_microtask. Scripts do not see it. NULL for none. [-]
void cleat__set_continuation(CleatEngine* engine, CleatValue* value);
CleatValue* cleat__continuation(CleatEngine* engine);

// Has CleatEngineHost.interrupted called in the middle of the JavaScript that runs now or next. Any thread, while the
// engine is open. [-]
void cleat__interrupt(CleatEngine* engine);

// Stops the JavaScript that runs in `engine`; any thread, while the engine is open. [-]
void cleat__terminate(CleatEngine* engine);

// Takes a termination back, so that the engine can be used again. On the engine's thread. [-]
void cleat__cancel_termination(CleatEngine* engine);

// Returns whether a termination is on its way: asked for or struck, and not cancelled. [-]
bool cleat__is_terminating(CleatEngine* engine);

// Returns whether the engine of `call` is to end what it runs, and then has that happen as the call returns: V8 itself looks
// for it once in thousands of rounds of a loop that calls nothing but native functions, which may take long. How many
// engines are to end, cleat_ending_count tells. [throws]
bool cleat__end_call(CleatCall* call);

// Returns how many times C has gone into JavaScript and not come back yet: at 1, no other native function is under way
// than the one that asks. What runs C of the program's, which may go on into JavaScript, counts itself, too. [-]
int cleat__entered(const CleatEngine* engine);
void cleat__entered_add(CleatEngine* engine, int change);

// MEMORY

// Returns whether the heap was let grow beyond its limit, and sets that again, after a collection of garbage. With no
// JavaScript under way. [-]
bool cleat__heap_is_grown(const CleatEngine* engine);
void cleat__heap_restore(CleatEngine* engine);

// Collects garbage as far as V8 can. [-]
void cleat__collect_garbage(CleatEngine* engine);

// Counts native memory that JavaScript objects keep alive, by its change in bytes. False is the answer, and nothing is
// counted, where the limit does not allow it. [-]
bool cleat__adjust_external_memory(CleatEngine* engine, int64_t change);

// Counts memory that calls take for a while, of the engine that the calling thread has entered, which is stored; where
// that is none, or one in an isolate of others, NULL is, and nothing is counted. False where all that calls have is more
// than the limit of external memory. That itself is counted apart: it may be garbage, which cannot be collected here, as
// nothing may move. Any thread.
bool cleat__call_memory_take(size_t size, CleatEngine** out);

// Takes it back, where the calling thread has entered the engine; otherwise that has been closed.
void cleat__call_memory_give(CleatEngine* engine, size_t size);

typedef struct CleatEngineStatistics {
  size_t heap_used;
  size_t heap_total;
  size_t heap_limit;
  size_t external;  // bytes of ArrayBuffers, and what cleat__adjust_external_memory was told
} CleatEngineStatistics;

// Asks V8 for them. [-]
void cleat__statistics(CleatEngine* engine, CleatEngineStatistics* out);

// Those that V8 was asked for last, or that it had after its last collection; `external` is always that of now. Any thread,
// while the engine is open. [-]
void cleat__noted_statistics(const CleatEngine* engine, CleatEngineStatistics* out);

void cleat__foreground_task_run(CleatForegroundTask* task);   // also frees it [js]
void cleat__foreground_task_free(CleatForegroundTask* task);  // any thread

// SCOPES

void cleat__scope_open(CleatEngine* engine, CleatScope* scope);
void cleat__scope_close(CleatEngine* engine, CleatScope* scope);

// SNAPSHOTS. The heap of an engine as bytes, from which others are opened.

// What V8 has to be to open a snapshot, beside its version: the flags it runs with. The first number depends on the
// processor, too, and is known at once; the second takes an isolate to find out.
typedef struct CleatSnapshotTag {
  uint32_t quick;
  uint32_t flags;
} CleatSnapshotTag;
void cleat__snapshot_tag(CleatSnapshotTag* out);
bool cleat__snapshot_tag_fits(const CleatSnapshotTag* tag);

// What a snapshot has beside what its scripts can reach. What V8 adds to each context was taken away before they ran.
typedef enum CleatKept {
  CLEAT_KEPT_ERROR,              // Error
  CLEAT_KEPT_STACK_TRACE_LIMIT,  // undefined where it is V8's own
  CLEAT_KEPT_COUNT,
} CleatKept;

// Has the snapshot that `engine` was opened for keep `value`; and returns it in an engine that was opened from that,
// once: undefined where none was kept, and NULL where V8 does not have it any more.
void cleat__keep(CleatEngine* engine, CleatKept which, CleatValue* value);
CleatValue* cleat__kept(CleatEngine* engine, CleatKept which);

// Writes what stands in the way of a snapshot of `engine`, which was opened for one, into `out` of `size` bytes: a native
// function that is not among the references, a promise that C waits for, what was made unchangeable. False is the answer
// where nothing does; then no script may run any more. After a collection of garbage. [-]
bool cleat__snapshot_obstacle(CleatEngine* engine, char* out, size_t size);

// Makes the snapshot, and closes the engine, as cleat__engine_close does. Returns the bytes, owned (free), and stores their
// number. NULL, having written why into `obstacle` of `size` bytes, where V8 cannot keep what is there.
void* cleat__snapshot_take(CleatEngine* engine, size_t* length, char* obstacle, size_t size);

// EXCEPTIONS

// What cleat__try caught. Valid during `caught`.
typedef struct CleatException {
  CleatValue* value;        // what was thrown; NULL when terminated
  bool terminated;          // by cleat__terminate
  CleatValue* message;      // V8's text, "Uncaught TypeError: ...", as a string value; NULL for none
  CleatValue* script;       // the name of the script; NULL for none
  CleatValue* source_line;  // the text of the line; NULL for none
  uint32_t line;            // 0 for none
  uint32_t column;          // from 1; 0 for none
  CleatValue* stack;        // the `stack` property's string, read without running JavaScript where V8 can; NULL for none
} CleatException;

// Calls body(data) and returns true; where an exception is left with V8 by it, calls caught(data, exception) and returns
// false, with nothing left. A termination is caught too, and stays on its way: cleat__cancel_termination ends it. Opens a
// handle scope around both. [-]
bool cleat__try(CleatEngine* engine, void (*body)(void* data), void (*caught)(void* data, const CleatException* exception),
                void* data);

// The same for what nobody else catches: a debugger is told of the exception, and takes it for uncaught. [-]
bool cleat__try_last(CleatEngine* engine, void (*body)(void* data),
                     void (*caught)(void* data, const CleatException* exception), void* data);

// Does one thing after another in one protection, which costs less than one for each, every time in a handle scope of its
// own: step(data), until it returns false; caught(data, exception) where that leaves an exception; the microtasks; and
// after(data), until that returns false. A termination, struck or asked for, stays on its way, and ends all at once. [-]
typedef struct CleatSteps {
  bool (*step)(void* data);
  void (*caught)(void* data, const CleatException* exception);
  bool (*after)(void* data);
} CleatSteps;
void cleat__try_steps(CleatEngine* engine, const CleatSteps* steps, void* data);

// The same within a native call whose result is a promise: what body(call) throws becomes the rejection of a new promise,
// which is made the result of the call. Terminations are passed on. [-]
void cleat__try_promising(CleatCall* call, CleatNative body);

void cleat__throw(CleatEngine* engine, CleatValue* value);  // leaves it with V8
CleatValue* cleat__new_error(CleatEngine* engine, CleatThrowKind kind, CleatString message);  // [-]

// Stores the frames of an Error's captured stack trace, at most `capacity`, and returns how many there are. [-]
typedef struct CleatStackFrame {
  CleatValue* function;  // strings; NULL for none
  CleatValue* script;
  uint32_t line;
  uint32_t column;
} CleatStackFrame;
size_t cleat__stack_frames(CleatEngine* engine, CleatValue* error, CleatStackFrame* frames, size_t capacity);

// The stack of where JavaScript stands now, as text in the format of Error's stack, without the first line. [-]
CleatValue* cleat__current_stack(CleatEngine* engine);

// SCRIPTS

// The use of a code cache. V8 checks it for its version only: the rest is the host's affair.
typedef struct CleatEngineCache {
  const uint8_t* given;  // what `take` was given once, of the same source; NULL for none
  size_t given_length;
  bool rejected;  // V8 has not taken it
  void (*take)(void* data, const uint8_t* bytes, size_t length);  // told of a new one; NULL where none is wanted
  void* data;
} CleatEngineCache;

// Returns V8's tag of its version, its flags and the processor: caches of another one it does not take. [-]
uint32_t cleat__cache_tag(void);

// Compiles and runs a classic script whose first line has the number `line` (from 1). Returns its completion value. In
// `compiled` (may be NULL) it stores whether compilation succeeded. [js]
CleatValue* cleat__run_script(CleatEngine* engine, const char* source, size_t length, const char* name, uint32_t line,
                              bool* compiled);

// The same with a code cache (may be NULL): a new one is made when the script has run. [js]
CleatValue* cleat__run_script_cached(CleatEngine* engine, const char* source, size_t length, const char* name,
                                     uint32_t line, bool* compiled, CleatEngineCache* cache);

// MODULES. Source text modules and synthetic ones; what a module's requests stand for is the host's affair.

// What a module or an import() asks for. The values are strings.
typedef struct CleatModuleRequest {
  CleatValue* specifier;
  CleatValue* type;     // of the import assertion "type"; NULL for none
  CleatValue* unknown;  // the key of another import assertion; NULL for none
  uint32_t line;        // of the script that asks; 0 where that is not known
} CleatModuleRequest;

// Compiles a module whose first line has the number `line` (from 1). `data` is what callbacks are told of it. `cache` may be
// NULL; none is made. Owned: cleat__module_free. [throws]
CleatEngineModule* cleat__module_compile(CleatEngine* engine, const char* source, size_t length, const char* name,
                                         uint32_t line, CleatEngineCache* cache, void* data);

// Gives `cache.take` a code cache of a compiled module, with the functions that have run. [-]
void cleat__module_cache(CleatEngine* engine, CleatEngineModule* module, const CleatEngineCache* cache);

// Makes a module with the exports `names`, of which none is there twice. When it is evaluated, evaluate(data) gives them
// values by cleat__module_export, and returns false where it throws. Owned. [throws]
CleatEngineModule* cleat__module_synthetic(CleatEngine* engine, const char* name, const char* const* names, size_t count,
                                           bool (*evaluate)(void* data), void* data);
bool cleat__module_export(CleatEngine* engine, CleatEngineModule* module, const char* name, CleatValue* value);  // [throws]

void cleat__module_free(CleatEngineModule* module);

// Makes it weak, as cleat__handle_set_weak does: once `collected` is called it may only be freed.
void cleat__module_set_weak(CleatEngineModule* module, void (*collected)(void* data), void* data);

size_t cleat__module_request_count(CleatEngine* engine, CleatEngineModule* module);                         // [-]
void cleat__module_request(CleatEngine* engine, CleatEngineModule* module, size_t index, CleatModuleRequest* out);  // [-]

// Links the module and all that it asks for: requested(data, index) says, of the module with `data`, what request `index`
// stands for. Where that fails, modules that are not linked yet may be linked another time. [throws]
bool cleat__module_link(CleatEngine* engine, CleatEngineModule* module,
                        CleatEngineModule* (*requested)(void* data, size_t index));

typedef enum CleatModuleState {
  CLEAT_MODULE_UNLINKED,
  CLEAT_MODULE_LINKED,
  CLEAT_MODULE_EVALUATING,  // its code, or that of one it imports, is on the stack
  CLEAT_MODULE_EVALUATED,   // or waits for a promise
  CLEAT_MODULE_FAILED,
} CleatModuleState;
CleatModuleState cleat__module_state(CleatEngine* engine, CleatEngineModule* module);  // [-]

// Evaluates a linked module, where that has not been done, while none of what it imports is being evaluated. Returns the
// promise of its end, the same each time. NULL only where it was terminated. [js]
CleatValue* cleat__module_evaluate(CleatEngine* engine, CleatEngineModule* module);

// Returns the namespace object of a linked module. [-]
CleatValue* cleat__module_namespace(CleatEngine* engine, CleatEngineModule* module);

// Parses JSON, as JSON.parse does. [throws]
CleatValue* cleat__json_parse(CleatEngine* engine, const char* text, size_t length);

// KEPT VALUES

CleatHandle* cleat__handle_new(CleatEngine* engine, CleatValue* value);       // NULL when memory is short
CleatValue* cleat__handle_value(CleatEngine* engine, const CleatHandle* handle);
void cleat__handle_free(CleatHandle* handle);

// Makes it weak: when the value is found to be unreachable, `collected(data)` is called on the engine's thread, in
// garbage collection: it may not call the engine, except to free this handle. cleat__handle_value then gives
// NULL.
void cleat__handle_set_weak(CleatHandle* handle, void (*collected)(void* data), void* data);

// Makes it strong again.
void cleat__handle_set_strong(CleatHandle* handle);

// A weak handle in memory of the caller's, for those of which there are many. All zero it is empty, as it is again before
// its owner's `collected` is called, which is under the rules above, and by cleat__weak_clear.
struct CleatWeakOwner;
typedef struct CleatWeak {
  void* reserved;
  struct CleatWeakOwner* owner;
} CleatWeak;
typedef struct CleatWeakOwner {
  void (*collected)(struct CleatWeakOwner* owner, CleatWeak* weak);
} CleatWeakOwner;
void cleat__weak_set(CleatEngine* engine, CleatWeak* weak, CleatValue* value, CleatWeakOwner* owner);
CleatValue* cleat__weak_value(CleatEngine* engine, const CleatWeak* weak);  // NULL when it is empty
bool cleat__weak_is_empty(const CleatWeak* weak);
void cleat__weak_clear(CleatEngine* engine, CleatWeak* weak);

// A cell: an object for C only, of which no script must get hold, with values in its fields, undefined at first. Reading and
// writing them cannot fail, and may be done while an exception is pending.
enum { CLEAT_CELL_FIELDS = 3 };
CleatValue* cleat__cell(CleatEngine* engine);  // [throws]
CleatValue* cleat__cell_get(CleatValue* cell, int field);
void cleat__cell_set(CleatValue* cell, int field, CleatValue* value);

// VALUES: C to JavaScript. [-] but where said.

CleatValue* cleat__global(CleatEngine* engine);
CleatValue* cleat__undefined(CleatEngine* engine);
CleatValue* cleat__null(CleatEngine* engine);
CleatValue* cleat__boolean(CleatEngine* engine, bool value);
CleatValue* cleat__number(CleatEngine* engine, double value);
CleatValue* cleat__bigint(CleatEngine* engine, bool negative, const uint64_t* words, size_t count);     // [throws]
CleatValue* cleat__bigint_int64(CleatEngine* engine, int64_t value);
CleatValue* cleat__bigint_uint64(CleatEngine* engine, uint64_t value);
CleatValue* cleat__string_wtf8(CleatEngine* engine, const char* data, size_t length);                   // [throws]
CleatValue* cleat__string_latin1(CleatEngine* engine, const uint8_t* data, size_t length);              // [throws]
CleatValue* cleat__string_utf16(CleatEngine* engine, const uint16_t* units, size_t length);             // [throws]
CleatValue* cleat__interned(CleatEngine* engine, const char* latin1);   // a property key; the same string each time
CleatValue* cleat__static_key(CleatEngine* engine, const char* latin1);  // of a text that stays as long as the engine
CleatValue* cleat__object(CleatEngine* engine);

// An object with `count` properties, whose names are always the same for one `shape`, an address; without those whose
// value is NULL. [throws]
CleatValue* cleat__shaped_object(CleatEngine* engine, const void* shape, const char* const* names,
                                 CleatValue* const* values, size_t count);

// An array of `length` elements, with holes where `elements` has NULL, or everywhere where it is NULL. [throws]
CleatValue* cleat__array(CleatEngine* engine, CleatValue* const* elements, size_t length);

CleatValue* cleat__new_map(CleatEngine* engine);
CleatValue* cleat__new_set(CleatEngine* engine);
bool cleat__map_put(CleatEngine* engine, CleatValue* map, CleatValue* key, CleatValue* value);          // [throws]
bool cleat__set_add(CleatEngine* engine, CleatValue* set, CleatValue* value);                           // [throws]
CleatValue* cleat__map_get(CleatEngine* engine, CleatValue* map, CleatValue* key);  // undefined for none  [throws]

// Of a Map or a Set.
size_t cleat__collection_size(CleatValue* map_or_set);
bool cleat__collection_has(CleatEngine* engine, CleatValue* map_or_set, CleatValue* key, bool* out);    // [throws]
bool cleat__collection_delete(CleatEngine* engine, CleatValue* map_or_set, CleatValue* key, bool* out); // [throws]
void cleat__collection_clear(CleatValue* map_or_set);
CleatValue* cleat__date(CleatEngine* engine, double milliseconds);                                      // [throws]
CleatValue* cleat__regexp(CleatEngine* engine, CleatValue* source, const char* flags);                  // [throws]

// An ArrayBuffer that owns a copy of the bytes, and a view over a whole such buffer; kind as in data.h. `length` is bytes,
// a multiple of the view's element size. A RangeError when V8 cannot have so much. [throws]
CleatValue* cleat__array_buffer(CleatEngine* engine, const void* data, size_t length);

// The same over `data` itself: `release(data)` is called once, on any thread, when the buffer has gone or none is made.
CleatValue* cleat__array_buffer_over(CleatEngine* engine, void* data, size_t length, void (*release)(void* data));
CleatValue* cleat__shared_array_buffer(CleatEngine* engine, const void* data, size_t length);
CleatValue* cleat__view(CleatEngine* engine, CleatBytesKind kind, CleatValue* buffer, size_t byte_offset, size_t length);

// VALUES: JavaScript to C. [-] but where said. `value` is never NULL.

CleatType cleat__type(CleatValue* value);
bool cleat__is_int32(CleatValue* value);
bool cleat__is_number(CleatValue* value);
bool cleat__is_bigint(CleatValue* value);
bool cleat__is_string(CleatValue* value);
bool cleat__is_object(CleatValue* value);
bool cleat__is_undefined(CleatValue* value);
bool cleat__is_null_or_undefined(CleatValue* value);
bool cleat__is_function(CleatValue* value);
bool cleat__is_array(CleatValue* value);
bool cleat__is_error(CleatValue* value);
bool cleat__is_promise(CleatValue* value);
const char* cleat__weak_kind(CleatValue* object);  // "WeakMap", "WeakSet" or "WeakRef"; NULL for another
bool cleat__is_array_buffer(CleatValue* value);
bool cleat__is_shared_array_buffer(CleatValue* value);
bool cleat__is_view(CleatValue* value);
bool cleat__is_date(CleatValue* value);
bool cleat__is_map(CleatValue* value);
bool cleat__is_set(CleatValue* value);
bool cleat__is_regexp(CleatValue* value);
bool cleat__is_proxy(CleatValue* value);
bool cleat__is_string_object(CleatValue* value);
bool cleat__strict_equals(CleatValue* a, CleatValue* b);

// The C value of one that is known to be of that type.
int32_t cleat__int32_value(CleatValue* value);
double cleat__number_value(CleatValue* value);
double cleat__date_value(CleatValue* value);

// Stores the C value of a Number, or of an integer that V8 keeps in a word; false for everything else, and for Numbers
// that only cleat__to_number can read. [-]
bool cleat__read_number(CleatValue* value, double* out);
bool cleat__read_small_integer(CleatValue* value, int32_t* out);

bool cleat__boolean_value(CleatEngine* engine, CleatValue* value);   // ToBoolean of any value

// ToNumber, ToString, ToBigInt, ToNumeric of any value. [js]
bool cleat__to_number(CleatEngine* engine, CleatValue* value, double* out);
CleatValue* cleat__to_string(CleatEngine* engine, CleatValue* value);
CleatValue* cleat__to_bigint(CleatEngine* engine, CleatValue* value);
CleatValue* cleat__to_numeric(CleatEngine* engine, CleatValue* value);

// Strings. `string` is a string value.
// Returns whether all bytes are below 128. Any thread.
bool cleat__is_ascii(const char* data, size_t length);

size_t cleat__string_length(CleatValue* string);                     // in UTF-16 code units
bool cleat__string_is_one_byte(CleatValue* string);                  // every unit is known to be below 256

// The units of a one-byte string, and of one that is not, in place, valid until V8 does anything; NULL where they do not
// lie in one piece, or where V8 must be asked.
const uint8_t* cleat__string_in_place(CleatValue* string, size_t* length);
const uint16_t* cleat__string_in_place_wide(CleatValue* string, size_t* length);
size_t cleat__string_wtf8_length(CleatEngine* engine, CleatValue* string);   // bytes that the next function writes
void cleat__string_write_wtf8(CleatEngine* engine, CleatValue* string, char* out, bool replace_lone_surrogates);

// Writes as many whole characters from the beginning on as `capacity` bytes take, and returns how many bytes that were.
size_t cleat__string_write_wtf8_part(CleatEngine* engine, CleatValue* string, char* out, size_t capacity);
void cleat__string_write_latin1(CleatEngine* engine, CleatValue* string, uint8_t* out);  // units cut to a byte
void cleat__string_write_utf16(CleatEngine* engine, CleatValue* string, uint16_t* out);
bool cleat__string_contains_only_one_byte(CleatValue* string);       // looks at each unit

// BigInts. Stores the words, least significant first, at most `capacity`; returns how many there are.
size_t cleat__bigint_words(CleatValue* bigint, bool* negative, uint64_t* words, size_t capacity);

// The source and the flags ("gi") of a RegExp; `flags` has room for 16.
CleatValue* cleat__regexp_source(CleatEngine* engine, CleatValue* regexp, char* flags);

// The bytes of an ArrayBuffer, a SharedArrayBuffer or a view, in place, and what kind it is. A detached buffer gives length
// 0. Views over short on-heap memory are moved off the heap first.
uint8_t* cleat__bytes(CleatEngine* engine, CleatValue* value, size_t* length, CleatBytesKind* kind);

// The kind of an ArrayBuffer or a view, and whether its memory is shared or can be resized, without moving anything.
CleatBytesKind cleat__bytes_kind(CleatValue* value);
void cleat__buffer_nature(CleatValue* value, bool* shared, bool* resizable);

// Returns whether the value is a view of that kind; and the bytes of a view, as cleat__bytes does, with what
// cleat__buffer_nature tells.
bool cleat__is_view_of(CleatValue* value, CleatBytesKind kind);
uint8_t* cleat__view_bytes(CleatValue* view, size_t* length, bool* shared, bool* resizable);

// Keys and values of a Map in turn, or values of a Set, as an array, in order.
CleatValue* cleat__entries(CleatEngine* engine, CleatValue* map_or_set);

uint32_t cleat__array_length(CleatValue* array);

// Stores the elements of an array of `length` where all are Numbers and iterating it would run no script and find nothing
// else; false otherwise. [-]
bool cleat__array_doubles(CleatValue* array, double* out, uint32_t length);

// The same of an array whose iteration only reads its elements, which the caller knows: it may have been made with holes,
// as long as it has none any more, and is of doubles then.
bool cleat__array_doubles_in_place(CleatValue* array, double* out, uint32_t length);

// A new array of Numbers. [throws]
CleatValue* cleat__array_of_doubles(CleatEngine* engine, const double* numbers, size_t length);

// A promise's state: 0 pending, 1 fulfilled, 2 rejected, and its result when it is not pending.
int cleat__promise_state(CleatValue* promise);
CleatValue* cleat__promise_result(CleatEngine* engine, CleatValue* promise);
void cleat__promise_mark_handled(CleatValue* promise);

// The name of the constructor of an object, as V8 knows it; never runs JavaScript.
CleatValue* cleat__constructor_name(CleatEngine* engine, CleatValue* object);

// A number that stays with the object's identity; for telling visited ones apart. Never 0.
int cleat__identity_hash(CleatValue* object);

// OBJECTS

// Setting and deleting are those of sloppy code: what an object refuses without throwing is no failure.
CleatValue* cleat__get(CleatEngine* engine, CleatValue* object, CleatValue* key);                          // [js]
CleatValue* cleat__get_named(CleatEngine* engine, CleatValue* object, const char* name);  // see cleat__static_key; [js]
bool cleat__set(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatValue* value);              // [js]
CleatValue* cleat__get_index(CleatEngine* engine, CleatValue* object, uint32_t index);                     // [js]
bool cleat__set_index(CleatEngine* engine, CleatValue* object, uint32_t index, CleatValue* value);         // [js]
bool cleat__has(CleatEngine* engine, CleatValue* object, CleatValue* key, bool* out);                      // [js]
bool cleat__delete(CleatEngine* engine, CleatValue* object, CleatValue* key, bool* out);                   // [js]
CleatValue* cleat__own_keys(CleatEngine* engine, CleatValue* object);   // enumerable own strings, in order [js]

// [[OwnPropertyKeys]], symbols too, as an array; and [[GetOwnProperty]], of which only is told whether there is an enumerable
// one. [js]
CleatValue* cleat__own_property_keys(CleatEngine* engine, CleatValue* object);
bool cleat__own_enumerable(CleatEngine* engine, CleatValue* object, CleatValue* key, bool* out);
CleatValue* cleat__prototype(CleatEngine* engine, CleatValue* object);  // not of proxies: null [-]
bool cleat__set_prototype(CleatEngine* engine, CleatValue* object, CleatValue* prototype);                 // [js]

// ProxyCreate. [throws]
CleatValue* cleat__proxy(CleatEngine* engine, CleatValue* target, CleatValue* handler);

// Stores the number of a property key that is an array index; false for every other key. [-]
bool cleat__array_index(CleatEngine* engine, CleatValue* key, uint32_t* out);

// SetIntegrityLevel(frozen). [js, of a proxy]
bool cleat__freeze(CleatEngine* engine, CleatValue* object);

// Property attributes, as of ECMAScript's property descriptors.
enum {
  CLEAT_READ_ONLY = 1 << 0,
  CLEAT_DONT_ENUM = 1 << 1,
  CLEAT_DONT_DELETE = 1 << 2,
};

// CreateDataProperty, or an own property with attributes. [throws]
bool cleat__define(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatValue* value, int attributes);

// What Object.getOwnPropertyDescriptor gives: undefined for no such property. `key` is no number. [js]
CleatValue* cleat__own_descriptor(CleatEngine* engine, CleatValue* object, CleatValue* key);

// Defines the property as such a descriptor says; and makes an own property, where there is one, unconfigurable. [js, of
// a proxy or where an interceptor answers]
bool cleat__define_as(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatValue* descriptor);
bool cleat__fix_property(CleatEngine* engine, CleatValue* object, CleatValue* key);

// CreateDataProperty with an index: no setter that a prototype has is asked. [throws]
bool cleat__define_index(CleatEngine* engine, CleatValue* object, uint32_t index, CleatValue* value);

// Defines an accessor property, whose functions are named "get NAME" and "set NAME"; `set` may be NULL. [throws]
bool cleat__define_accessor(CleatEngine* engine, CleatValue* object, const char* name, CleatNative get, CleatNative set,
                            const void* data, int attributes);

// Returns the own property's value where it is a data property; NULL for an accessor, for none, and of a proxy. It runs
// no JavaScript, but that an Error's `stack`, when it is first read, is made by what scripts have put in its way
// (Error.prepareStackTrace, getters on the error). [-]
CleatValue* cleat__get_own_data(CleatEngine* engine, CleatValue* object, CleatValue* key);

// Defines a property that is computed at its first use: CleatEngineHost.compute gives its value, then it is a plain data
// property. `kind` is below CLEAT_LAZY_KINDS. For the lazily installed globals. [throws]
enum { CLEAT_LAZY_KINDS = 5 };
bool cleat__define_lazy(CleatEngine* engine, CleatValue* object, const char* name, int kind, const void* data,
                        int attributes);

// Properties that no script can see or reach, by a name: the value, or undefined; also on objects with interceptors, which
// are not asked. [throws]
CleatValue* cleat__private_get(CleatEngine* engine, CleatValue* object, const char* name);
bool cleat__private_set(CleatEngine* engine, CleatValue* object, const char* name, CleatValue* value);

CleatValue* cleat__null_object(CleatEngine* engine);  // without a prototype [-]

// What ECMAScript made, whatever scripts have replaced since. [-]
typedef enum CleatIntrinsic {
  CLEAT_ARRAY_ENTRIES,
  CLEAT_ARRAY_FOR_EACH,
  CLEAT_ARRAY_KEYS,
  CLEAT_ARRAY_VALUES,
  CLEAT_INTRINSIC_ERROR,
  CLEAT_INTRINSIC_ITERATOR,
  CLEAT_INTRINSIC_ASYNC_ITERATOR,
} CleatIntrinsic;
CleatValue* cleat__intrinsic(CleatEngine* engine, CleatIntrinsic which);

CleatValue* cleat__symbol(CleatEngine* engine, const char* description);  // a new one
CleatValue* cleat__symbol_iterator(CleatEngine* engine);
CleatValue* cleat__symbol_async_iterator(CleatEngine* engine);
CleatValue* cleat__symbol_unscopables(CleatEngine* engine);
CleatValue* cleat__symbol_to_string_tag(CleatEngine* engine);

// INSPECTION. Reads objects for printing: nothing here runs JavaScript or leaves an exception, whatever was done to the
// object. Where V8 fails (memory, termination) the answer is that of "nothing there". inspect.cc. [-]

// What an object is, for printing it.
typedef enum CleatShape {
  CLEAT_SHAPE_OBJECT,
  CLEAT_SHAPE_ARRAY,
  CLEAT_SHAPE_ARGUMENTS,
  CLEAT_SHAPE_FUNCTION,
  CLEAT_SHAPE_ERROR,
  CLEAT_SHAPE_DATE,
  CLEAT_SHAPE_REGEXP,
  CLEAT_SHAPE_MAP,
  CLEAT_SHAPE_SET,
  CLEAT_SHAPE_WEAK_COLLECTION,
  CLEAT_SHAPE_MAP_ITERATOR,
  CLEAT_SHAPE_SET_ITERATOR,
  CLEAT_SHAPE_PROMISE,
  CLEAT_SHAPE_PROXY,
  CLEAT_SHAPE_ARRAY_BUFFER,  // a shared one too
  CLEAT_SHAPE_TYPED_ARRAY,
  CLEAT_SHAPE_DATA_VIEW,
  CLEAT_SHAPE_BOXED,  // a Number, String, Boolean, Symbol or BigInt object
} CleatShape;
CleatShape cleat__shape(CleatValue* object);

// An own property.
typedef struct CleatProperty {
  CleatValue* value;  // of a data property; NULL of an accessor
  bool has_get;
  bool has_set;
  bool enumerable;
} CleatProperty;

// Stores own property `key`, a property key or an index as a number; false where there is none, and of a proxy.
bool cleat__own_property(CleatEngine* engine, CleatValue* object, CleatValue* key, CleatProperty* out);

// Return an array of the own enumerable keys: strings, then symbols, without indices where `indices` is false; or the
// indices, as numbers, and then the other strings. NULL for none, and of a proxy.
CleatValue* cleat__own_names(CleatEngine* engine, CleatValue* object, bool indices);
CleatValue* cleat__own_indices(CleatEngine* engine, CleatValue* object);

// Returns what the data property `key` of `object`, or of the nearest prototype that has it, holds; NULL for an accessor,
// none, and where a proxy is among the prototypes.
CleatValue* cleat__lookup_data(CleatEngine* engine, CleatValue* object, CleatValue* key);

// Returns the entries of a Map, a Set or an iterator over one, without advancing it, as an array; `pairs` tells whether
// each is a key and a value in turn. NULL for none.
CleatValue* cleat__preview(CleatEngine* engine, CleatValue* object, bool* pairs);

CleatValue* cleat__proxy_target(CleatValue* proxy);   // NULL when it is revoked
CleatValue* cleat__proxy_handler(CleatValue* proxy);
CleatValue* cleat__unboxed(CleatEngine* engine, CleatValue* boxed);  // the primitive in a CLEAT_SHAPE_BOXED
size_t cleat__view_extent(CleatEngine* engine, CleatValue* view, size_t* byte_length, size_t* byte_offset,
                          CleatValue** buffer);  // returns the number of elements, 0 of a DataView

// Strings: a symbol's description (NULL for none); a number, boolean, BigInt, undefined or null as text; a function's source;
// an Error's stack, or NULL where it cannot be read without running JavaScript or is no string.
CleatValue* cleat__symbol_description(CleatEngine* engine, CleatValue* symbol);
CleatValue* cleat__primitive_text(CleatEngine* engine, CleatValue* primitive);
CleatValue* cleat__function_source(CleatEngine* engine, CleatValue* function);
CleatValue* cleat__safe_stack(CleatEngine* engine, CleatValue* error);

typedef enum CleatFunctionKind {
  CLEAT_FUNCTION_PLAIN,
  CLEAT_FUNCTION_ASYNC,
  CLEAT_FUNCTION_GENERATOR,
  CLEAT_FUNCTION_ASYNC_GENERATOR,
} CleatFunctionKind;
CleatFunctionKind cleat__function_kind(CleatValue* function);

// CALLS

CleatValue* cleat__call(CleatEngine* engine, CleatValue* function, CleatValue* receiver, size_t count,
                        CleatValue* const* arguments);                                                     // [js]

// Does the same and stores the result, where the value is a function; false where it is none.
bool cleat__call_if_function(CleatEngine* engine, CleatValue* value, CleatValue* receiver, size_t count,
                             CleatValue* const* arguments, CleatValue** result);                           // [js]

// Calls a function, which it must be, with numbers, at most so many, and undefined as `this`.
enum { CLEAT_FEW_ARGUMENTS = 8 };
CleatValue* cleat__call_with_numbers(CleatEngine* engine, CleatValue* function, size_t count, const double* numbers);  // [js]
CleatValue* cleat__construct(CleatEngine* engine, CleatValue* function, size_t count,
                             CleatValue* const* arguments);                                                // [js]

// A function that calls `callback`, from whose call cleat__call_data gives `data`. No [[Construct]]. [throws]
CleatValue* cleat__function(CleatEngine* engine, const char* name, int length, CleatNative callback, const void* data);

// The same, for one function of the engine's own: optimised code calls `fast` instead, where V8 can. [throws]
CleatValue* cleat__fast_function(CleatEngine* engine, const char* name, int length, CleatNative callback,
                                 const void* data, const CleatFast* fast);

// Returns whether optimised code is calling a `fast`, in which nothing of the engine may be touched. [-]
bool cleat__in_fast_call(const CleatEngine* engine);

// Stores the name of the script, a string, where a function is written, and the place there, counted from 1. False for
// functions that are not of a script with a name. [-]
bool cleat__function_place(CleatEngine* engine, CleatValue* function, CleatValue** script, uint32_t* line,
                           uint32_t* column);

// Of a native call that is under way. [-]
int cleat__arg_count(const CleatCall* call);
CleatValue* cleat__arg(const CleatCall* call, int index);   // undefined beyond the last
bool cleat__arg_boolean(const CleatCall* call, int index);  // ToBoolean of it
bool cleat__arg_number(const CleatCall* call, int index, double* out);          // cleat__read_number of it
bool cleat__arg_small_integer(const CleatCall* call, int index, int32_t* out);  // cleat__read_small_integer of it
CleatValue* cleat__this(const CleatCall* call);
bool cleat__is_construct_call(const CleatCall* call);
const void* cleat__call_data(const CleatCall* call);        // what the function was made with
CleatEngine* cleat__call_engine(const CleatCall* call);
CleatValue* cleat__returned(const CleatCall* call);         // what was made its result so far
void cleat__return(CleatCall* call, CleatValue* value);
void cleat__return_boolean(CleatCall* call, bool value);
void cleat__return_int32(CleatCall* call, int32_t value);
void cleat__return_uint32(CleatCall* call, uint32_t value);
void cleat__return_double(CleatCall* call, double value);
void cleat__return_null(CleatCall* call);
bool cleat__return_wtf8(CleatCall* call, const char* data, size_t length);       // [throws]
bool cleat__return_latin1(CleatCall* call, const uint8_t* data, size_t length);  // [throws]

// CLASSES

// Where a member of a template goes.
typedef enum CleatPlace {
  CLEAT_PLACE_PROTOTYPE,
  CLEAT_PLACE_FUNCTION,  // statics
  CLEAT_PLACE_INSTANCE,  // each instance
} CleatPlace;

// A template for a constructor function. `callback` is called for `new` and for plain calls alike, with `data`. Instances
// of classes (`instances` true) carry a native object. Without instances it is a plain function: no [[Construct]], no
// prototype, and members on the function only. All members are added before the function is first made. Kept until the
// engine closes. [-]
CleatTemplate* cleat__template(CleatEngine* engine, const char* name, int length, CleatNative callback,
                               const void* data, CleatTemplate* parent, bool instances);
// Optimised code calls `fast`, where it is not NULL and V8 can; on a prototype `callback` and `fast` are then given
// instances only, and V8 throws the TypeError for others.
void cleat__template_method(CleatTemplate* template_, CleatPlace place, const char* name, int length,
                            CleatNative callback, const void* data, const CleatFast* fast, int attributes);
void cleat__template_accessor(CleatTemplate* template_, CleatPlace place, const char* name, CleatNative get,
                              CleatNative set, const void* data, int attributes);
void cleat__template_constant(CleatTemplate* template_, const char* name, CleatValue* primitive);

// The prototype's own [[Prototype]], or that of instances, cannot be changed: an immutable prototype exotic object. [-]
void cleat__template_freeze_prototype(CleatTemplate* template_, CleatPlace place);

// A method that is there a second time, not enumerable, under @@iterator or @@asyncIterator: the same function. [-]
void cleat__template_iterator(CleatTemplate* template_, CleatPlace place, bool async, const char* name, int length,
                              CleatNative callback, const void* data);

// A function of ECMAScript's on the prototype: enumerable under `name`, or, where that is NULL, not so under @@iterator. [-]
void cleat__template_intrinsic(CleatTemplate* template_, const char* name, CleatIntrinsic which);

// Another constructor, whose `prototype` is that of `of`; its `this` is no instance, and is not to be used. [-]
CleatTemplate* cleat__template_factory(CleatTemplate* of, const char* name, int length, CleatNative callback,
                                       const void* data);

// INTERCEPTION. Instances of a template whose properties, but symbols, C answers for.

// A property: a string value, or, where that is NULL, an index.
typedef struct CleatKey {
  CleatValue* name;
  uint32_t index;
} CleatKey;

// Who asks: `host` is CleatEngineHost.data; `strict` whether a refusal is to be thrown.
typedef struct CleatAccess {
  void* host;
  const void* data;
  CleatValue* holder;
  CleatValue* receiver;
  bool strict;
} CleatAccess;

// CleatEngineHost.interceptor. Each returns whether it has answered, an exception included; otherwise V8 does what it
// does with any object.
typedef struct CleatInterceptor {
  // Stores the property's attributes, and its value where that is asked for: `value` may be NULL.
  bool (*get)(const CleatAccess* access, CleatKey key, CleatValue** value, int* attributes);
  bool (*set)(const CleatAccess* access, CleatKey key, CleatValue* value);
  bool (*define)(const CleatAccess* access, CleatKey key, CleatValue* value);  // NULL for no data property
  bool (*remove)(const CleatAccess* access, CleatKey key, bool* removed);
  CleatValue* (*keys)(const CleatAccess* access, bool indices);  // an array, or NULL
} CleatInterceptor;
void cleat__template_intercept(CleatTemplate* template_, const void* data);

// Web IDL "create a named properties object": has the heir, the prototype of the global object, inherit from an object of
// which the same is true, with a class string and an unchangeable prototype. [throws]
CleatValue* cleat__heir_of_names(CleatEngine* engine);  // [-]
bool cleat__inherit_names(CleatEngine* engine, CleatValue* heir, const char* name, const void* data);

// Store whether `object` has an own property `name`: the first, of a string, without asking interceptors. [js]
bool cleat__has_real_property(CleatEngine* engine, CleatValue* object, CleatValue* name, bool* out);
bool cleat__has_own(CleatEngine* engine, CleatValue* object, CleatValue* name, bool* out);

// Has the template be found in a snapshot, by a number; and finds it, once: NULL is the answer where the snapshot, or
// the engine, has none of that number. [-]
void cleat__template_keep(CleatTemplate* template_, uint32_t number);
CleatTemplate* cleat__template_kept(CleatEngine* engine, uint32_t number, CleatTemplate* parent);

// The constructor function of a template in the engine's context: made on first use (its [[Prototype]] is its parent's
// function), then the same. [throws]
CleatValue* cleat__template_function(CleatEngine* engine, CleatTemplate* template_);

// In the call of the template's constructor by `new`: V8 gives the object %Object.prototype% where the `prototype` of
// newTarget is no object; this gives it that of the template then. False where newTarget throws. [js]
bool cleat__mend_prototype(CleatEngine* engine, const CleatCall* call, const CleatTemplate* template_);

// A new instance, made without calling the constructor. [throws]
CleatValue* cleat__instantiate(CleatEngine* engine, CleatTemplate* template_);

// Instances have one native pointer, even as a number, set once; only objects made from an `instances` template of Cleat have one: NULL is
// the answer for all others, and before it is set. A script cannot forge it. [-]
void cleat__set_native(CleatValue* object, void* native);
void* cleat__native(CleatValue* object);
void* cleat__this_native(const CleatCall* call);          // that of cleat__this
void* cleat__this_native_at_hand(const CleatCall* call);  // the same, or NULL where V8 would have to be asked

// PROMISES

// Stores a new promise in `promise` and returns what settles it, owned. [throws]
CleatResolver* cleat__resolver(CleatEngine* engine, CleatValue** promise);
bool cleat__resolve(CleatEngine* engine, CleatResolver* resolver, CleatValue* value);                      // [js]
bool cleat__reject(CleatEngine* engine, CleatResolver* resolver, CleatValue* reason);                      // [-]
void cleat__resolver_free(CleatEngine* engine, CleatResolver* resolver);  // may be NULL

// Has `settled(data, fulfilled, result)` called, in a microtask, when `promise` settles; never, when it does not. Looks
// up the promise's constructor, which a script may have replaced. [js]
bool cleat__promise_then(CleatEngine* engine, CleatValue* promise,
                         void (*settled)(void* data, bool fulfilled, CleatValue* result), void* data);

// The same, and `dropped(data)` is called instead when the promise never settles: in garbage collection, or as the engine
// closes; it may not call the engine. Neither is called when this fails. [js]
bool cleat__promise_watch(CleatEngine* engine, CleatValue* promise,
                          void (*settled)(void* data, bool fulfilled, CleatValue* result), void (*dropped)(void* data),
                          void* data);

// THE INSPECTOR: V8's side of the Chrome DevTools Protocol.

// A debugger's session, on the engine's thread.
typedef struct CleatEngineSession CleatEngineSession;

// What the inspector calls back, on the engine's thread.
typedef struct CleatInspectorHost {
  void* data;

  // JavaScript stands still, in the middle of anything, and goes on when this returns: meanwhile messages are to be
  // dispatched, until `go_on` is called, from within one.
  void (*pause)(void* data);
  void (*go_on)(void* data);

  // A debugger says that what waits for it may run.
  void (*start)(void* data);

  // JavaScript runs, and has been interrupted, as cleat__inspector_interrupt asked for.
  void (*interrupted)(void* data);

  // Calls tick(timer) every `interval_ms`, until the timer is cleared.
  void (*set_timer)(void* data, double interval_ms, void (*tick)(void* timer), void* timer);
  void (*clear_timer)(void* data, void* timer);
} CleatInspectorHost;

// Makes the inspector of an engine that is entered, before it has run anything; the engine's, which frees it. `host` is
// copied; `title` is what debuggers call the context. False when memory is short.
bool cleat__inspector_open(CleatEngine* engine, const CleatInspectorHost* host, const char* title);

// Begins a session; `send(data, message)` is called with each message for the debugger, JSON in ASCII, borrowed. Owned;
// NULL when memory is short. None may be left when the engine closes, and none may be closed within its own dispatching.
CleatEngineSession* cleat__session_open(CleatEngine* engine, void (*send)(void* data, CleatString message), void* data);
void cleat__session_close(CleatEngineSession* session);

// Deals with a message of the debugger's, JSON in UTF-8. What is wrong with it is an answer to the debugger. [js]
void cleat__session_dispatch(CleatEngineSession* session, const char* message, size_t length);

// Has JavaScript pause at its next statement, and the debugger told that `reason`.
void cleat__session_pause_next(CleatEngineSession* session, const char* reason);

// Has `interrupted` called when JavaScript runs next, or at once where it does, in the middle of anything. Any thread,
// while the engine is open. [-]
void cleat__inspector_interrupt(CleatEngine* engine);

// Tells debuggers of a value that was thrown, or rejected with, and nobody caught. Nothing without an inspector. [-]
void cleat__inspector_exception(CleatEngine* engine, CleatValue* value);

// Returns whether there is an inspector. [-]
bool cleat__inspector_is_open(const CleatEngine* engine);

// Tells debuggers of work that will be done later, which they show what asked for it: `task` is asked for by what runs now,
// called `name`, once or again and again; begins, ends, or will not be. `task` is a number of the caller's, whose memory is
// not looked at. Nothing without an inspector. [-]
void cleat__inspector_task_asked(CleatEngine* engine, const char* name, void* task, bool repeats);
void cleat__inspector_task_begin(CleatEngine* engine, void* task);
void cleat__inspector_task_end(CleatEngine* engine, void* task);
void cleat__inspector_task_cancel(CleatEngine* engine, void* task);

// Tells debuggers of a message of the console, by the name of its method. Nothing without an inspector. [js]
void cleat__inspector_console(CleatEngine* engine, const char* method, CleatValue* const* values, size_t count);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_RUNTIME_V8_SHIM_H_
