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
};

// Returns the text, owned (free), or NULL when memory is short:
//
//   app.js:3:7: TypeError: x is not a function
//     x.y()
//       ^
//       at f (app.js:3:7)
//   Caused by: Error: the first
//       at g (app.js:1:7)
//
// Other kinds than exceptions are one line: "timeout: the time limit of 100 ms has passed".
char* cleat__error_text(const CleatError* error);

#endif  // CLEAT_RUNTIME_ERROR_TEXT_H_
