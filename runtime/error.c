// CleatError: what went wrong, as a value that can go to any thread.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error_text.h"
#include "runtime.h"

// What there is when there is no memory for more.
static CleatError out_of_memory = {
    .kind = CLEAT_ERROR_OUT_OF_MEMORY,
    .name = {"Error", 5},
    .message = {"out of memory", 13},
    .stack = {"", 0},
    .script = {"", 0},
    .source_line = {"", 0},
    .text = {"out of memory", 13},
};

const CleatString cleat__error_no_string = {"", 0};

// READING

#define CHECKED(error) (check_error(error, __func__))
static const CleatError* check_error(const CleatError* error, const char* function) {
  if (error == NULL) cleat__misuse(function, "the error is NULL");
  return error;
}

CleatErrorKind cleat_error_kind(const CleatError* error) { return CHECKED(error)->kind; }
CleatString cleat_error_name(const CleatError* error) { return CHECKED(error)->name; }
CleatString cleat_error_message(const CleatError* error) { return CHECKED(error)->message; }
CleatString cleat_error_stack(const CleatError* error) { return CHECKED(error)->stack; }
CleatString cleat_error_script(const CleatError* error) { return CHECKED(error)->script; }
uint32_t cleat_error_line(const CleatError* error) { return CHECKED(error)->line; }
uint32_t cleat_error_column(const CleatError* error) { return CHECKED(error)->column; }
CleatString cleat_error_source_line(const CleatError* error) { return CHECKED(error)->source_line; }
size_t cleat_error_frame_count(const CleatError* error) { return CHECKED(error)->frame_count; }
const CleatError* cleat_error_cause(const CleatError* error) { return CHECKED(error)->cause; }
size_t cleat_error_aggregated_count(const CleatError* error) { return CHECKED(error)->error_count; }
uint64_t cleat_error_rejection(const CleatError* error) { return CHECKED(error)->rejection; }
CleatString cleat_error_text(const CleatError* error) { return CHECKED(error)->text; }

const CleatError* cleat_error_aggregated(const CleatError* error, size_t index) {
  return index < CHECKED(error)->error_count ? error->errors[index] : NULL;
}

CleatFrameInfo cleat_error_frame(const CleatError* error, size_t index) {
  static const CleatFrameInfo none = {{"", 0}, {"", 0}, 0, 0};
  return index < CHECKED(error)->frame_count ? error->frames[index] : none;
}

// FREEING

void cleat__error_free_string(CleatString string) {
  if (string.data != cleat__error_no_string.data) free((char*)string.data);
}

static void free_one(CleatError* error) {
  cleat__error_free_string(error->name);
  cleat__error_free_string(error->message);
  cleat__error_free_string(error->stack);
  cleat__error_free_string(error->script);
  cleat__error_free_string(error->source_line);
  cleat__error_free_string(error->text);
  for (size_t i = 0; i < error->frame_count; i++) {
    cleat__error_free_string(error->frames[i].function);
    cleat__error_free_string(error->frames[i].script);
  }
  free(error->frames);
  free(error->errors);
  free(error);
}

// They are nested as deep only as they are read.
void cleat_error_free(CleatError* error) {
  while (error != NULL && error != &out_of_memory) {
    for (size_t i = 0; i < error->error_count; i++) cleat_error_free(error->errors[i]);
    CleatError* cause = error->cause;
    free_one(error);
    error = cause;
  }
}

// MAKING

CleatError* cleat__error_out_of_memory(void) { return &out_of_memory; }

CleatError* cleat__error_allocate(CleatErrorKind kind) {
  CleatError* error = calloc(1, sizeof(CleatError));
  if (error == NULL) return NULL;
  error->kind = kind;
  error->name = error->message = error->stack = cleat__error_no_string;
  error->script = error->source_line = error->text = cleat__error_no_string;
  return error;
}

void cleat__error_set_string(CleatString* out, CleatString string) {
  *out = cleat__error_no_string;
  char* copy = string.data != NULL ? malloc(string.length + 1) : NULL;
  if (copy == NULL) return;
  memcpy(copy, string.data, string.length);
  copy[string.length] = 0;
  *out = (CleatString){copy, string.length};
}

void cleat__error_write_text(CleatError* error) {
  cleat__error_free_string(error->text);
  error->text = cleat__error_text(error);
}

CleatError* cleat__error_new(CleatErrorKind kind, const char* format, ...) {
  CleatError* error = cleat__error_allocate(kind);
  if (error == NULL) return &out_of_memory;
  char* message = NULL;
  va_list arguments;
  va_start(arguments, format);
  int length = vasprintf(&message, format, arguments);
  va_end(arguments);
  cleat__error_set_string(&error->name, CLEAT_STRING("Error"));
  if (length >= 0) error->message = (CleatString){message, (size_t)length};
  cleat__error_write_text(error);
  return error;
}

CleatError* cleat_error_new(CleatErrorKind kind, const char* message) { return cleat__error_new(kind, "%s", message); }

void cleat__error_set_kind(CleatError* error, CleatErrorKind kind) {
  if (error == &out_of_memory) return;
  error->kind = kind;
  cleat__error_write_text(error);
}

void cleat__error_set_rejection(CleatError* error, uint64_t rejection) {
  if (error != &out_of_memory) error->rejection = rejection;
}

// REPORTING

static void print(const char* before, const CleatError* error) {
  // Written at once, so that other threads' output does not come in between.
  flockfile(stderr);
  fputs(before, stderr);
  fwrite(error->text.data, 1, error->text.length, stderr);
  fputc('\n', stderr);
  funlockfile(stderr);
}

void cleat__report_uncaught(CleatEnv* env, CleatError* error) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  if (options->uncaught != NULL) {
    options->uncaught(options->data, error);
  } else {
    print("", error);
  }
  cleat_error_free(error);
}

void cleat__report_handled(CleatEnv* env, CleatError* error) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  if (options->handled != NULL) {
    options->handled(options->data, error);
  } else if (options->uncaught == NULL) {
    print("handled after all: ", error);
  }
  cleat_error_free(error);
}
