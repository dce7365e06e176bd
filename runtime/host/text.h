// A text that grows, and a list of texts: what messages are put together in.
#ifndef CLEAT_RUNTIME_HOST_TEXT_H_
#define CLEAT_RUNTIME_HOST_TEXT_H_

#include "cleat/base.h"
#include "v8/shim.h"

// UTF-8. All zeros is an empty one. Where memory is short, what is added is left out.
typedef struct CleatText {
  char* data;  // NULL or ended by a NUL
  size_t length;
  size_t capacity;
} CleatText;

void cleat__text_add(CleatText* text, const char* data, size_t length);
void cleat__text_add_c(CleatText* text, const char* string);
void cleat__text_add_repeated(CleatText* text, const char* string, size_t count);
void cleat__text_print(CleatText* text, const char* format, ...) CLEAT_PRINTF(2, 3);

// Adds a string value; lone surrogates are replaced, or kept as in WTF-8.
void cleat__text_add_value(CleatText* text, CleatEngine* engine, CleatValue* string, bool replace_lone_surrogates);

// Frees the memory and empties it.
void cleat__text_free(CleatText* text);

// Returns the text as a string; "" where it is empty.
CleatString cleat__text_string(const CleatText* text);

// Returns the columns that UTF-8 takes on a terminal: wide characters two, combining ones none.
size_t cleat__text_width(const char* data, size_t length);

// Reads the code point at `*data`, which is before `end`, and moves `*data` behind it. A surrogate is a code point too;
// a byte that is no UTF-8 is read as U+FFFD.
uint32_t cleat__text_next(const char** data, const char* end);

// Texts one after the other. All zeros is an empty list.
typedef struct CleatTexts {
  CleatText all;
  size_t* ends;  // where in `all` each ends
  size_t count;
  size_t capacity;
} CleatTexts;

// Ends the text that was added to `texts->all` since the last one.
void cleat__texts_end(CleatTexts* texts);

CleatString cleat__texts_at(const CleatTexts* texts, size_t index);
void cleat__texts_free(CleatTexts* texts);

#endif  // CLEAT_RUNTIME_HOST_TEXT_H_
