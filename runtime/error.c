// CleatError: what went wrong, read out of V8 at once, so that it can go to any thread.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error_text.h"
#include "runtime.h"

// How many causes of causes are followed, and how many frames kept.
#define MOST_CAUSES 16
#define MOST_FRAMES 64

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

static const CleatString empty = {"", 0};

// READING

CleatErrorKind cleat_error_kind(const CleatError* error) { return error->kind; }
CleatString cleat_error_name(const CleatError* error) { return error->name; }
CleatString cleat_error_message(const CleatError* error) { return error->message; }
CleatString cleat_error_stack(const CleatError* error) { return error->stack; }
CleatString cleat_error_script(const CleatError* error) { return error->script; }
uint32_t cleat_error_line(const CleatError* error) { return error->line; }
uint32_t cleat_error_column(const CleatError* error) { return error->column; }
CleatString cleat_error_source_line(const CleatError* error) { return error->source_line; }
size_t cleat_error_frame_count(const CleatError* error) { return error->frame_count; }
const CleatError* cleat_error_cause(const CleatError* error) { return error->cause; }
CleatString cleat_error_text(const CleatError* error) { return error->text; }

CleatFrameInfo cleat_error_frame(const CleatError* error, size_t index) {
  return index < error->frame_count ? error->frames[index] : (CleatFrameInfo){empty, empty, 0, 0};
}

// FREEING

static void free_string(CleatString string) {
  if (string.data != empty.data) free((char*)string.data);
}

static void free_one(CleatError* error) {
  free_string(error->name);
  free_string(error->message);
  free_string(error->stack);
  free_string(error->script);
  free_string(error->source_line);
  free_string(error->text);
  for (size_t i = 0; i < error->frame_count; i++) {
    free_string(error->frames[i].function);
    free_string(error->frames[i].script);
  }
  free(error->frames);
  free(error);
}

void cleat_error_free(CleatError* error) {
  while (error != NULL && error != &out_of_memory) {
    CleatError* cause = error->cause;
    free_one(error);
    error = cause;
  }
}

// MAKING

static CleatError* new_error(CleatErrorKind kind) {
  CleatError* error = calloc(1, sizeof(CleatError));
  if (error == NULL) return NULL;
  error->kind = kind;
  error->name = error->message = error->stack = error->script = error->source_line = error->text = empty;
  return error;
}

// Stores a copy; keeps "" when memory is short.
static void set_string(CleatString* out, const char* data, size_t length) {
  char* copy = malloc(length + 1);
  if (copy == NULL) return;
  memcpy(copy, data, length);
  copy[length] = 0;
  *out = (CleatString){copy, length};
}

static void write_text(CleatError* error) {
  free_string(error->text);
  error->text = empty;
  char* text = cleat__error_text(error);
  if (text != NULL) error->text = (CleatString){text, strlen(text)};
}

CleatError* cleat__error_new(CleatErrorKind kind, const char* format, ...) {
  CleatError* error = new_error(kind);
  if (error == NULL) return &out_of_memory;
  char* message = NULL;
  va_list arguments;
  va_start(arguments, format);
  int length = vasprintf(&message, format, arguments);
  va_end(arguments);
  set_string(&error->name, "Error", 5);
  if (length >= 0) {
    set_string(&error->message, message, (size_t)length);
    free(message);
  }
  write_text(error);
  return error;
}

CleatError* cleat_error_new(CleatErrorKind kind, const char* message) { return cleat__error_new(kind, "%s", message); }

void cleat__error_set_kind(CleatError* error, CleatErrorKind kind) {
  if (error == &out_of_memory) return;
  error->kind = kind;
  write_text(error);
}

// FROM EXCEPTIONS

// Stores a string value; leaves "" for NULL.
static void set_value(CleatEnv* env, CleatString* out, CleatValue* string) {
  if (string == NULL || cleat__type(string) != CLEAT_TYPE_STRING) return;
  size_t length = cleat__string_wtf8_length(env->engine, string);
  char* copy = malloc(length + 1);
  if (copy == NULL) return;
  cleat__string_write_wtf8(env->engine, string, copy, false);
  copy[length] = 0;
  *out = (CleatString){copy, length};
}

static CleatValue* own_data(CleatEnv* env, CleatValue* object, const char* key) {
  return cleat__get_own_data(env->engine, object, cleat__interned(env->engine, key));
}

static void read_frames(CleatEnv* env, CleatError* error, CleatValue* value) {
  CleatStackFrame frames[MOST_FRAMES];
  size_t count = cleat__stack_frames(env->engine, value, frames, MOST_FRAMES);
  if (count > MOST_FRAMES) count = MOST_FRAMES;
  error->frames = calloc(count, sizeof(CleatFrameInfo));
  if (error->frames == NULL) return;
  error->frame_count = count;
  for (size_t i = 0; i < count; i++) {
    CleatFrameInfo* frame = &error->frames[i];
    *frame = (CleatFrameInfo){empty, empty, frames[i].line, frames[i].column};
    set_value(env, &frame->function, frames[i].function);
    set_value(env, &frame->script, frames[i].script);
  }
}

// Reads an Error object, without running its getters.
static void read_error_object(CleatEnv* env, CleatError* error, CleatValue* value) {
  error->is_object = true;
  set_value(env, &error->name, cleat__constructor_name(env->engine, value));
  set_value(env, &error->message, own_data(env, value, "message"));
  read_frames(env, error, value);
}

// A value that is no Error, as V8 prints it in "Uncaught ...".
static void read_other(CleatEnv* env, CleatError* error, CleatValue* value, CleatValue* message) {
  static const char uncaught[] = "Uncaught ";
  CleatString text = empty;
  if (message != NULL) {
    set_value(env, &text, message);
  } else if (!cleat__is_object(value) && cleat__type(value) != CLEAT_TYPE_SYMBOL) {
    set_value(env, &text, cleat__to_string(env->engine, value));
  } else {
    set_value(env, &text, cleat__is_object(value) ? cleat__constructor_name(env->engine, value) : NULL);
  }
  size_t skip = strncmp(text.data, uncaught, sizeof(uncaught) - 1) == 0 ? sizeof(uncaught) - 1 : 0;
  set_string(&error->name, "Error", 5);
  set_string(&error->message, text.data + skip, text.length - skip);
  free_string(text);
}

// Follows `cause` from error to error.
static void read_causes(CleatEnv* env, CleatError* error, CleatValue* value) {
  for (int i = 0; i < MOST_CAUSES; i++) {
    value = own_data(env, value, "cause");
    if (value == NULL || cleat__is_undefined(value)) return;
    CleatError* cause = new_error(CLEAT_ERROR_EXCEPTION);
    if (cause == NULL) return;
    error->cause = cause;
    if (!cleat__is_error(value)) {
      read_other(env, cause, value, NULL);
      write_text(cause);
      return;
    }
    read_error_object(env, cause, value);
    set_value(env, &cause->stack, own_data(env, value, "stack"));
    error = cause;
  }
}

// Texts of causes are written from the last to the first, since each holds those that follow it.
static void write_texts(CleatError* error) {
  CleatError* chain[MOST_CAUSES + 1];
  int count = 0;
  for (; error != NULL && count <= MOST_CAUSES; error = error->cause) chain[count++] = error;
  while (count > 0) write_text(chain[--count]);
}

CleatError* cleat__error_from_exception(CleatEnv* env, const CleatException* exception) {
  if (exception->terminated) return cleat__run_error(env);
  CleatError* error = new_error(CLEAT_ERROR_EXCEPTION);
  if (error == NULL) return &out_of_memory;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  if (cleat__is_error(exception->value)) {
    read_error_object(env, error, exception->value);
    read_causes(env, error, exception->value);
  } else {
    read_other(env, error, exception->value, exception->message);
  }
  set_value(env, &error->stack, exception->stack);
  set_value(env, &error->script, exception->script);
  set_value(env, &error->source_line, exception->source_line);
  error->line = exception->line;
  error->column = exception->column;
  cleat__scope_close(env->engine, &scope);
  write_texts(error);
  return error;
}

static void throw_value(CleatEnv* env, void* value) { cleat__throw(env->engine, value); }

CleatError* cleat__error_from_value(CleatEnv* env, CleatValue* value) {
  // By throwing it: so V8 finds out where it was made.
  return cleat__protect(env, throw_value, value);
}

// REPORTING

void cleat__report_uncaught(CleatEnv* env, CleatError* error) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  if (options->uncaught != NULL) {
    options->uncaught(options->data, error);
  } else {
    fprintf(stderr, "%s\n", error->text.data);
  }
  cleat_error_free(error);
}
