// Errors as values: what a host is told when a runtime could not be opened or a script failed.
#ifndef CLEAT_ERROR_H_
#define CLEAT_ERROR_H_

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Why something failed. Decide by this, never by the text of a message.
typedef enum CleatErrorKind {
  CLEAT_ERROR_EXCEPTION,      // a script threw
  CLEAT_ERROR_SYNTAX,         // a script could not be compiled
  CLEAT_ERROR_TIMEOUT,        // the time limit struck
  CLEAT_ERROR_TERMINATED,     // cleat_terminate struck
  CLEAT_ERROR_HEAP_LIMIT,     // the heap limit struck
  CLEAT_ERROR_OUT_OF_MEMORY,  // memory ran out; where V8's did, the runtime is lost
  CLEAT_ERROR_CLOSED,         // the runtime is closing or closed
  CLEAT_ERROR_BAD_ARGUMENT,   // an argument or an option is not usable; the message names it
  CLEAT_ERROR_SYSTEM,         // the operating system refused something; the message says what
} CleatErrorKind;

// One level of a stack trace. Strings are "" where V8 knows none.
typedef struct CleatFrameInfo {
  CleatString function;
  CleatString script;
  uint32_t line;
  uint32_t column;
} CleatFrameInfo;

// A place in a script; see CleatOptions.map_position.
typedef struct CleatPosition {
  CleatString script;
  uint32_t line;
  uint32_t column;
  CleatString source_line;  // the text of the line; {NULL, 0} where it is not known
} CleatPosition;

// Returns a new error with a copy of `message`, owned: for a host's own functions, where they fail as Cleat's do. Never
// NULL: where memory is short, it is an error that says so. Any thread.
CLEAT_EXPORT CleatError* cleat_error_new(CleatErrorKind kind, const char* message);

// Everything below may be called from any thread; what is returned lives as long as `error`. Strings that scripts have
// made long are cut: names at 4 KiB, messages, stacks and source lines at 1 MiB, and where those of causes and
// aggregated errors come to more than 4 MiB.

// Returns why it failed.
CLEAT_EXPORT CleatErrorKind cleat_error_kind(const CleatError* error);

// Returns the constructor's name of an exception ("TypeError"), and "Error" for what is not an Error object.
CLEAT_EXPORT CleatString cleat_error_name(const CleatError* error);

// Returns the message: of an Error object its own; of any other value thrown, that value as a string.
CLEAT_EXPORT CleatString cleat_error_message(const CleatError* error);

// Returns the stack as V8 prints it, or "".
CLEAT_EXPORT CleatString cleat_error_stack(const CleatError* error);

// Returns the name of the script that the error is in, or "".
CLEAT_EXPORT CleatString cleat_error_script(const CleatError* error);

// Returns the line of the script that the error is in, or 0 where there is none.
CLEAT_EXPORT uint32_t cleat_error_line(const CleatError* error);

// Returns the column, or 0 where there is none.
CLEAT_EXPORT uint32_t cleat_error_column(const CleatError* error);

// Returns the text of that line, or "".
CLEAT_EXPORT CleatString cleat_error_source_line(const CleatError* error);

// Returns the number of stack frames, innermost first.
CLEAT_EXPORT size_t cleat_error_frame_count(const CleatError* error);

// Returns stack frame `index`; all fields empty where there is none.
CLEAT_EXPORT CleatFrameInfo cleat_error_frame(const CleatError* error, size_t index);

// Returns the error that this one was caused by (its `cause`), or NULL. Causes and aggregated errors are followed 16
// deep, to 256 in all, and not where they lead back.
CLEAT_EXPORT const CleatError* cleat_error_cause(const CleatError* error);

// Returns how many errors this one aggregates (the `errors` of an AggregateError), and number `index` of them, or NULL.
CLEAT_EXPORT size_t cleat_error_aggregated_count(const CleatError* error);
CLEAT_EXPORT const CleatError* cleat_error_aggregated(const CleatError* error, size_t index);

// Returns the number of the promise whose rejection nobody handled, in CleatOptions.uncaught, and where that is handled
// after all, in CleatOptions.handled: each promise has one of its own in its runtime. 0 for every other error.
CLEAT_EXPORT uint64_t cleat_error_rejection(const CleatError* error);

// Returns the whole error as text for a person: place, name and message, source line with a caret,
// stack, and the same of its cause and of the errors it aggregates.
CLEAT_EXPORT CleatString cleat_error_text(const CleatError* error);

// Frees `error`, and what hangs on it. Any thread.
CLEAT_EXPORT void cleat_error_free(CleatError* error);

#ifdef __cplusplus
}
#endif
#endif  // CLEAT_ERROR_H_
