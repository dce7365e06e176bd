// What the other public headers share: the opaque types, strings, and the general rules.
//
// THREADS. A `CleatRuntime*` may be used from any thread. A `CleatEnv*` exists only on the JavaScript thread, for the
// length of one task or one call, and is the permission to touch values: a function that takes one aborts with one
// line on stderr when it is called from another thread. Everything else is not thread-safe except where its
// declaration says otherwise.
//
// OWNERSHIP. A pointer that is passed in is borrowed for the length of the call. A pointer that is returned is
// borrowed too, and says how long it lives, except where its declaration says "owned": then the caller frees it with
// the function named there. A function that frees accepts NULL.
//
// MISUSE that a program cannot recover from, NULL for a runtime or an error among it, aborts with one line on stderr
// that names the function and the argument. A function whose result can be an error gives CLEAT_ERROR_BAD_ARGUMENT
// instead. Not looked for is NULL where a struct of the caller's own is to be, or a place for a result, unless its
// declaration says that it may be NULL.
//
// VALUES. A `CleatValue*` is borrowed, and lives until the task or the call that gave it ends. To keep one, hold it
// (cleat_hold). NULL is not a value: it is what a function returns when it failed.
//
// FAILING on the JavaScript thread is throwing: the function returns NULL or false, and an exception is pending. While
// one is pending, every function that may throw fails at once, and all accept NULL where they take a value, so a run of
// calls is checked once, at its end. A mark at the end of each declaration of value.h and bind.h says what it may do:
//   [-]       cannot throw and runs no JavaScript
//   [throws]  may throw, runs no JavaScript
//   [js]      may throw and may run JavaScript (a getter, a valueOf, a proxy trap, the function called)
//
// UNITS. Strings are UTF-8 with a length in bytes, and carry a NUL after the last byte. Sizes are bytes, times are
// milliseconds, lines and columns count from 1, indices from 0.
#ifndef CLEAT_BASE_H_
#define CLEAT_BASE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CLEAT_EXPORT __attribute__((visibility("default")))
#define CLEAT_PRINTF(text, first) __attribute__((format(printf, text, first)))

// A JavaScript runtime with a thread and a global object of its own. Reference-counted; see cleat.h.
typedef struct CleatRuntime CleatRuntime;

// The JavaScript side of a runtime, while one is on its thread. See value.h.
typedef struct CleatEnv CleatEnv;

// A JavaScript value, borrowed. See value.h.
typedef struct CleatValue CleatValue;

// A JavaScript value that is kept. See value.h.
typedef struct CleatRef CleatRef;

// A copy of a JavaScript value that needs no runtime. See data.h.
typedef struct CleatData CleatData;

// What went wrong, as a value. See error.h.
typedef struct CleatError CleatError;

// Whom runtimes are shown to, for debuggers to attach. See inspector.h.
typedef struct CleatInspector CleatInspector;

// A set of native functions and interfaces, written by bindgen from IDL. See bind.h.
typedef struct CleatBindings CleatBindings;

// A string of `length` bytes at `data`: UTF-8, with lone surrogates encoded as in WTF-8, and with a NUL after the last
// byte that `length` does not count. It may hold NULs. `data` is NULL for no string (an IDL null), and only then.
typedef struct CleatString {
  const char* data;
  size_t length;
} CleatString;

// Makes a CleatString of a string literal.
#ifdef __cplusplus
#define CLEAT_STRING(literal) (CleatString{"" literal, sizeof(literal) - 1})
#else
#define CLEAT_STRING(literal) ((CleatString){"" literal, sizeof(literal) - 1})
#endif

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_BASE_H_
