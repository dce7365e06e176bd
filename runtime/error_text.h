// CleatError from the inside, and its text for a person.
#ifndef CLEAT_RUNTIME_ERROR_TEXT_H_
#define CLEAT_RUNTIME_ERROR_TEXT_H_

#include "cleat/error.h"

// Strings are owned, or the static "".
struct CleatError {
  CleatErrorKind kind;
  bool is_object;  // an Error object, rather than another value that was thrown
  CleatString name;
  CleatString message;
  CleatString stack;
  CleatString script;
  CleatString source_line;
  CleatString text;
  uint32_t line;
  uint32_t column;
  CleatFrameInfo* frames;
  size_t frame_count;
  CleatError* cause;
  CleatError** errors;  // aggregated
  size_t error_count;
  uint64_t rejection;  // the number of the promise that nobody handled; 0 for none
};

// What a string of an error is where there is none: never freed.
extern const CleatString cleat__error_no_string;

// Returns an error with nothing in it, owned, or NULL when memory is short; and the static one for that. error.c.
CleatError* cleat__error_allocate(CleatErrorKind kind);
CleatError* cleat__error_out_of_memory(void);

// Stores an owned copy, or "" when memory is short; the second frees it. error.c.
void cleat__error_set_string(CleatString* out, CleatString string);
void cleat__error_free_string(CleatString string);

// Writes the text anew, from the parts and from the texts of the causes and aggregated errors. error.c.
void cleat__error_write_text(CleatError* error);

// Returns the text, owned, or "" when memory is short:
//
//   app.js:3:7: TypeError: x is not a function
//     x.y()
//       ^
//       at f (app.js:3:7)
//   Caused by: Error: the first
//       at g (app.js:1:7)
//   Error 1 of 2: Error: one of those that an AggregateError has
//
// Other kinds than exceptions are one line: "timeout: the time limit of 100 ms has passed".
CleatString cleat__error_text(const CleatError* error);

#endif  // CLEAT_RUNTIME_ERROR_TEXT_H_
