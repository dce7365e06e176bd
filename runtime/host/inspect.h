// Values as text for a person: what the console prints of them. Nothing here runs JavaScript or leaves an exception.
#ifndef CLEAT_RUNTIME_HOST_INSPECT_H_
#define CLEAT_RUNTIME_HOST_INSPECT_H_

#include <limits.h>

#include "host/text.h"

// How it is to look.
typedef struct CleatInspectStyle {
  int depth;           // levels of objects looked into, the outermost being 0; INT_MAX for all that is sensible
  size_t indentation;  // columns that every line but the first starts with
  size_t width;        // columns that a line is broken at; SIZE_MAX for none
  size_t elements;     // of arrays and collections that are shown
} CleatInspectStyle;

#define CLEAT_INSPECT_STYLE ((CleatInspectStyle){.depth = 2, .width = 80, .elements = 100})

// Adds any value to `out`: `{ a: 1, b: [ 'x', 2n ] }`. inspect.c.
void cleat__inspect(CleatEngine* engine, CleatValue* value, const CleatInspectStyle* style, CleatText* out);

// Adds a value that is no object; strings are in quotes. primitive.c.
void cleat__inspect_primitive(CleatEngine* engine, CleatValue* value, const CleatInspectStyle* style, CleatText* out);

// Adds a property key as it stands before a colon: `a`, `'a-b'`, `[Symbol(a)]`. primitive.c.
void cleat__inspect_key(CleatEngine* engine, CleatValue* key, CleatText* out);

// Adds a time value in the format of Date.prototype.toISOString, or "Invalid Date". primitive.c.
void cleat__inspect_date(double milliseconds, CleatText* out);

// What an object is called. names.c.
typedef struct CleatInspectName {
  CleatText name;       // of its constructor
  bool null_prototype;  // the name is V8's guess
  CleatText tag;        // its Symbol.toStringTag, where that says something else
} CleatInspectName;
void cleat__inspect_name(CleatEngine* engine, CleatValue* object, CleatInspectName* out);
void cleat__inspect_name_free(CleatInspectName* name);

// Adds `Name(size) [tag]`; `size` may be "". names.c.
void cleat__inspect_title(const CleatInspectName* name, const char* size, CleatText* out);

// Adds a function as `[Function: name]`, a class as `[class A extends B]`. names.c.
void cleat__inspect_function(CleatEngine* engine, CleatValue* function, CleatText* out);

// Adds an Error as its stack, every line but the first indented. names.c.
void cleat__inspect_error(CleatEngine* engine, CleatValue* error, const CleatInspectName* name, size_t indentation,
                          CleatText* out);

// An object as text, but for where its lines break.
typedef struct CleatLayout {
  CleatText base;      // stands before the braces; empty for none
  CleatText open;      // the opening brace and what it is part of: `{`, `Map(2) {`
  const char* close;   // the closing brace
  CleatTexts entries;  // what stands between them
  bool is_list;        // many short ones are put in columns
  bool all_numbers;    // which then are aligned at their right
  bool is_cut;         // the last entry tells how many are missing
  bool is_nested;      // too many levels lie inside for one line
} CleatLayout;

// Adds it, on one line or on several. layout.c.
void cleat__layout(const CleatLayout* layout, const CleatInspectStyle* style, CleatText* out);
void cleat__layout_free(CleatLayout* layout);

#endif  // CLEAT_RUNTIME_HOST_INSPECT_H_
