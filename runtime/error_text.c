// The text of an error for a person: place, name and message, the line with a caret, the stack, the causes, and the
// errors that it aggregates.
#include "error_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The longest part of a line that is shown, in bytes, and how much of it stands before the place.
#define SHOWN 120
#define SHOWN_BEFORE 80

// Strings may hold NULs.
static void print(FILE* out, CleatString string) { fwrite(string.data, 1, string.length, out); }

static const char* kind_name(CleatErrorKind kind) {
  switch (kind) {
    case CLEAT_ERROR_EXCEPTION:
    case CLEAT_ERROR_SYNTAX:
      return "Error";
    case CLEAT_ERROR_TIMEOUT:
      return "timeout";
    case CLEAT_ERROR_TERMINATED:
      return "terminated";
    case CLEAT_ERROR_HEAP_LIMIT:
      return "heap limit";
    case CLEAT_ERROR_OUT_OF_MEMORY:
      return "out of memory";
    case CLEAT_ERROR_CLOSED:
      return "closed";
    case CLEAT_ERROR_BAD_ARGUMENT:
      return "bad argument";
    case CLEAT_ERROR_SYSTEM:
      return "system";
  }
  return "error";
}

static bool is_exception(const CleatError* error) {
  return error->kind == CLEAT_ERROR_EXCEPTION || error->kind == CLEAT_ERROR_SYNTAX;
}

// "name: message", or what of it there is.
static void print_headline(FILE* out, const CleatError* error) {
  if (is_exception(error) && !error->is_object) {
    fputs("Uncaught ", out);
  } else {
    if (is_exception(error)) {
      print(out, error->name);
    } else {
      fputs(kind_name(error->kind), out);
    }
    if (error->message.length > 0) fputs(": ", out);
  }
  print(out, error->message);
}

static bool is_continuation(char byte) { return ((unsigned char)byte & 0xC0) == 0x80; }

// Returns how many bytes the first `units` UTF-16 code units of `line` take; SIZE_MAX where it has fewer, since it was
// cut.
static size_t bytes_of_units(CleatString line, size_t units) {
  size_t i = 0;
  while (i < line.length && units > 0) {
    bool pair = ((unsigned char)line.data[i] & 0xF8) == 0xF0;
    units -= pair && units > 1 ? 2 : 1;
    i++;
    while (i < line.length && is_continuation(line.data[i])) i++;
  }
  return units > 0 ? SIZE_MAX : i;
}

// The source line, cut where it is long, and below it a caret at the place.
static void print_source(FILE* out, const CleatError* error) {
  CleatString line = error->source_line;
  if (line.length == 0 || error->column == 0) return;
  size_t place = bytes_of_units(line, error->column - 1);
  if (place == SIZE_MAX) return;
  size_t start = place > SHOWN_BEFORE && line.length > SHOWN ? place - SHOWN_BEFORE : 0;
  while (start < place && is_continuation(line.data[start])) start++;
  size_t end = line.length - start > SHOWN ? start + SHOWN : line.length;
  while (end < line.length && is_continuation(line.data[end])) end++;
  fputs("\n  ", out);
  print(out, (CleatString){line.data + start, end - start});
  fputs("\n  ", out);
  for (size_t i = start; i < place; i++) {
    if (!is_continuation(line.data[i])) fputc(line.data[i] == '\t' ? '\t' : ' ', out);
  }
  fputc('^', out);
}

static void print_stack(FILE* out, const CleatError* error) {
  static const char at[] = "\n    at ";
  CleatString stack = error->stack;
  const char* frames = memmem(stack.data, stack.length, at, sizeof(at) - 1);
  if (frames != NULL) print(out, (CleatString){frames, stack.length - (size_t)(frames - stack.data)});
}

static void print_place(FILE* out, const CleatError* error) {
  if (error->script.length == 0 || error->line == 0) return;
  print(out, error->script);
  fprintf(out, ":%u:", error->line);
  if (error->column != 0) fprintf(out, "%u:", error->column);
  fputc(' ', out);
}

CleatString cleat__error_text(const CleatError* error) {
  char* text = NULL;
  size_t length;
  FILE* out = open_memstream(&text, &length);
  if (out == NULL) return cleat__error_no_string;
  print_place(out, error);
  print_headline(out, error);
  print_source(out, error);
  print_stack(out, error);
  if (error->cause != NULL) {
    fputs("\nCaused by: ", out);
    print(out, error->cause->text);
  }
  for (size_t i = 0; i < error->error_count; i++) {
    fprintf(out, "\nError %zu of %zu: ", i + 1, error->error_count);
    print(out, error->errors[i]->text);
  }
  if (fclose(out) == 0) return (CleatString){text, length};
  free(text);
  return cleat__error_no_string;
}
