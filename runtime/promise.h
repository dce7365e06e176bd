// Promises that C owes to JavaScript: those that C settles itself (promise.c) and those of blocking operations
// (blocking.c).
#ifndef CLEAT_RUNTIME_PROMISE_H_
#define CLEAT_RUNTIME_PROMISE_H_

#include <stdarg.h>

#include "cleat/event.h"
#include "env.h"

// A promise that is not settled yet, embedded in what will settle it. On the JavaScript thread only.
struct CleatPending {
  CleatEnv* env;
  CleatResolver* resolver;  // NULL once it is settled
  bool listed;              // in the list of its environment: the operation has not ended
  bool unawaited;           // cleat_wait does not wait for it
  struct CleatPending* next;
  struct CleatPending* previous;
  struct CleatFollowed* followed;  // the signals whose aborting rejects it; cancel.c

  // The object that the call is of, and those that it is given, kept as long as what settles it may use what they wrap:
  // one, or several in an array. NULL for none.
  CleatHandle* operands;
  bool has_many;

  // Called after the promise was rejected because the runtime closes. The operation has ended with that.
  void (*closed)(struct CleatPending* pending);

  // Called after the promise was rejected because a signal has aborted. The operation goes on, until
  // cleat__pending_end. NULL where nothing is followed.
  void (*aborted)(struct CleatPending* pending);
};

// Keeps objects, before the promise is made, and lets them go. False when memory is short. promise.c. [-]
bool cleat__pending_hold(CleatPending* pending, CleatEnv* env, CleatValue* const* objects, size_t count);
void cleat__pending_let_go(CleatPending* pending);

// Makes the promise, and stores its JavaScript side. [throws]
bool cleat__pending_open(CleatPending* pending, CleatEnv* env, void (*closed)(CleatPending* pending),
                         CleatValue** promise);

// Has cleat_wait not wait for it. [-]
void cleat__pending_unawait(CleatPending* pending);

// Resolves it with what make(env, data) returns, or rejects it with what that throws. In a task or a call. [-]
void cleat__pending_resolve(CleatPending* pending, CleatValue* (*make)(CleatEnv* env, void* data), void* data);

// Rejects it with a new error. In a task or a call. [-]
void cleat__pending_reject(CleatPending* pending, CleatThrowKind kind, const char* message);

// Rejects it with `reason`, which is not touched: V8 forgets where an error was made once its stack has been read. [-]
void cleat__pending_reject_with(CleatPending* pending, CleatValue* reason);

// Rejects it with `reason`, and leaves it in the list. In a task or a call. [-]
void cleat__pending_abort(CleatPending* pending, CleatValue* reason);

// Leaves it as it is for ever, and in the list. [-]
void cleat__pending_forget(CleatPending* pending);

// Takes it out of the list after either; false where closing has done that. [-]
bool cleat__pending_end(CleatPending* pending);

// Has it aborted with `signal`, which has not aborted, and forgets all that it follows. cancel.c. [throws]
bool cleat__pending_follow(CleatPending* pending, CleatAbortSignal* signal);
void cleat__pending_unfollow(CleatPending* pending);  // [-]

// Makes a promise that C settles, as cleat_return_promise does, and stores its JavaScript side. The objects are kept
// until then. [throws]
CleatPromise* cleat__promise_new(CleatEnv* env, CleatValue* const* objects, size_t count, CleatValue** promise);

// Returns a new promise that is resolved with `value`, which may be NULL, having thrown; Web IDL "a promise resolved
// with". [js]
CleatValue* cleat__resolved_promise(CleatEnv* env, CleatValue* value);

// Returns a promise that is settled already: rejected with `reason`. [throws]
CleatValue* cleat__rejected_promise(CleatEnv* env, CleatValue* reason);

// Calls body(env, data), which returns a promise or throws: then the promise is one that is rejected with that. NULL
// only where the run is terminated, or memory is short, with that pending. [js]
CleatValue* cleat__promising(CleatEnv* env, CleatValue* (*body)(CleatEnv* env, void* data), void* data);

// An error that is thrown later, or elsewhere.
typedef struct CleatFailure {
  CleatThrowKind kind;
  char* message;  // owned; NULL where memory was short
} CleatFailure;

// Returns one whose message is formatted as by printf. Any thread.
CleatFailure cleat__failure(CleatThrowKind kind, const char* format, va_list arguments) CLEAT_PRINTF(2, 0);

#endif  // CLEAT_RUNTIME_PROMISE_H_
