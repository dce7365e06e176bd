// CleatErrors read out of V8: what was thrown, with its frames, its cause and its aggregated errors.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "error_text.h"
#include "runtime.h"

// How many errors are read in all, how deep in causes and aggregated errors, and how many frames of each.
#define MOST_ERRORS 256
#define MOST_LEVELS 16
#define MOST_FRAMES 64

// How long strings may be, in bytes: scripts make them as long as they like, and have many of them be the same one.
#define MOST_NAME 4096        // names of errors, functions and scripts
#define MOST_TEXT (1 << 20)   // messages, stacks and lines
#define MOST_PARTS (4 << 20)  // all of causes and aggregated errors together

typedef struct Reader {
  CleatEnv* env;
  size_t left;                     // of the errors that may be read
  size_t left_bytes;               // of the strings of those that the first one has as parts
  CleatValue* above[MOST_LEVELS];  // those that the one that is being read is a part of
  size_t depth;
} Reader;

// Stores `most` bytes of a string value at most; leaves "" for NULL.
static void set_value(Reader* reader, CleatString* out, CleatValue* string, size_t most) {
  if (string == NULL || cleat__type(string) != CLEAT_TYPE_STRING) return;
  CleatEngine* engine = reader->env->engine;
  bool is_part = reader->depth > 0;
  if (is_part && most > reader->left_bytes) most = reader->left_bytes;
  size_t length = cleat__string_length(string);
  if (length <= most) length = cleat__string_wtf8_length(engine, string);
  if (length > most) length = most;
  char* copy = malloc(length + 1);
  if (copy == NULL) return;
  length = cleat__string_write_wtf8_part(engine, string, copy, length);
  copy[length] = 0;
  if (is_part) reader->left_bytes -= length;
  *out = (CleatString){copy, length};
}

static CleatValue* own_data(CleatEnv* env, CleatValue* object, const char* key) {
  return cleat__get_own_data(env->engine, object, cleat__interned(env->engine, key));
}

// PLACES, as the host's function gives them

// Replaces `script`, `line` and `column` by where that was written; false where it is there. `source_line` may be NULL.
static bool map_place(CleatEnv* env, CleatString* script, uint32_t* line, uint32_t* column, CleatString* source_line) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  if (options->map_position == NULL || *line == 0) return false;
  CleatPosition generated = {.script = *script, .line = *line, .column = *column};
  CleatPosition original = generated;
  if (!options->map_position(options->data, &generated, &original)) return false;
  *line = original.line;
  *column = original.column;
  if (original.script.data != script->data) {
    cleat__error_free_string(*script);
    cleat__error_set_string(script, original.script);
  }
  if (source_line == NULL) return true;
  cleat__error_free_string(*source_line);
  cleat__error_set_string(source_line, original.source_line);
  return true;
}

// Reads ":LINE:COLUMN" at the end of `text`; returns what is before it, or {NULL, 0} where there is none.
static CleatString split_place(CleatString text, uint32_t* line, uint32_t* column) {
  uint32_t* const parts[] = {column, line};
  for (int i = 0; i < 2; i++) {
    uint32_t scale = 1;
    size_t digits = 0;
    *parts[i] = 0;
    for (; digits < 9 && digits < text.length; digits++, scale *= 10) {
      char c = text.data[text.length - 1 - digits];
      if (c < '0' || c > '9') break;
      *parts[i] += (uint32_t)(c - '0') * scale;
    }
    text.length -= digits;
    if (digits == 0 || text.length == 0 || text.data[text.length - 1] != ':') return (CleatString){NULL, 0};
    text.length--;
  }
  return text;
}

// Prints one line of a stack, "    at f (script:line:column)" or "    at script:line:column", with its place mapped.
static void print_mapped(CleatEnv* env, FILE* out, CleatString text) {
  static const char at[] = "    at ";
  bool is_frame = text.length >= sizeof(at) - 1 && memcmp(text.data, at, sizeof(at) - 1) == 0;
  bool closed = is_frame && text.data[text.length - 1] == ')';
  uint32_t line = 0;
  uint32_t column = 0;
  CleatString before = {NULL, 0};
  if (is_frame) before = split_place((CleatString){text.data, text.length - closed}, &line, &column);
  size_t start = sizeof(at) - 1;
  if (before.data != NULL && closed) {
    const char* open = memmem(before.data, before.length, " (", 2);
    start = open != NULL ? (size_t)(open - before.data) + 2 : before.length;
  }
  CleatString script = cleat__error_no_string;
  if (before.data != NULL && start <= before.length) {
    cleat__error_set_string(&script, (CleatString){before.data + start, before.length - start});
  }
  if (before.data != NULL && map_place(env, &script, &line, &column, NULL)) {
    fwrite(text.data, 1, start, out);
    fwrite(script.data, 1, script.length, out);
    fprintf(out, ":%u:%u%s", line, column, closed ? ")" : "");
  } else {
    fwrite(text.data, 1, text.length, out);
  }
  cleat__error_free_string(script);
}

static void map_stack(CleatEnv* env, CleatString* stack) {
  if (cleat__runtime_options(env->runtime)->map_position == NULL || stack->length == 0) return;
  char* text = NULL;
  size_t length;
  FILE* out = open_memstream(&text, &length);
  if (out == NULL) return;
  const char* end = stack->data + stack->length;
  for (const char* line = stack->data; line < end;) {
    const char* newline = memchr(line, '\n', (size_t)(end - line));
    const char* line_end = newline != NULL ? newline : end;
    print_mapped(env, out, (CleatString){line, (size_t)(line_end - line)});
    if (newline != NULL) fputc('\n', out);
    line = line_end + 1;
  }
  if (fclose(out) != 0) {
    free(text);
    return;
  }
  cleat__error_free_string(*stack);
  *stack = (CleatString){text, length};
}

// PARTS

static void read_frames(Reader* reader, CleatError* error, CleatValue* value) {
  CleatEnv* env = reader->env;
  CleatStackFrame frames[MOST_FRAMES];
  size_t count = cleat__stack_frames(env->engine, value, frames, MOST_FRAMES);
  if (count > MOST_FRAMES) count = MOST_FRAMES;
  error->frames = calloc(count, sizeof(CleatFrameInfo));
  if (error->frames == NULL) return;
  error->frame_count = count;
  for (size_t i = 0; i < count; i++) {
    CleatFrameInfo* frame = &error->frames[i];
    *frame = (CleatFrameInfo){cleat__error_no_string, cleat__error_no_string, frames[i].line, frames[i].column};
    set_value(reader, &frame->function, frames[i].function, MOST_NAME);
    set_value(reader, &frame->script, frames[i].script, MOST_NAME);
    map_place(env, &frame->script, &frame->line, &frame->column, NULL);
  }
}

// A value that is no Error, as V8 prints it in "Uncaught ...".
static void read_other(Reader* reader, CleatError* error, CleatValue* value, CleatValue* message) {
  static const char uncaught[] = "Uncaught ";
  CleatEngine* engine = reader->env->engine;
  CleatString text = cleat__error_no_string;
  if (message != NULL) {
    set_value(reader, &text, message, MOST_TEXT);
  } else if (!cleat__is_object(value) && cleat__type(value) != CLEAT_TYPE_SYMBOL) {
    set_value(reader, &text, cleat__to_string(engine, value), MOST_TEXT);
  } else {
    set_value(reader, &text, cleat__is_object(value) ? cleat__constructor_name(engine, value) : NULL, MOST_NAME);
  }
  size_t skip = strncmp(text.data, uncaught, sizeof(uncaught) - 1) == 0 ? sizeof(uncaught) - 1 : 0;
  cleat__error_set_string(&error->name, CLEAT_STRING("Error"));
  cleat__error_set_string(&error->message, (CleatString){text.data + skip, text.length - skip});
  cleat__error_free_string(text);
}

// A DOMException, which is no Error to V8.
static bool read_dom_exception(CleatError* error, CleatValue* value) {
  CleatString name, message;
  if (!cleat__read_exception(value, &name, &message)) return false;
  error->is_object = true;
  cleat__error_set_string(&error->name, name);
  cleat__error_set_string(&error->message, message);
  return true;
}

static void read_object(Reader* reader, CleatError* error, CleatValue* value);

// Reads a part of the error that is being read; NULL for one that it is itself a part of, and for one too many.
static CleatError* read_part(Reader* reader, CleatValue* value) {
  for (size_t i = 0; i < reader->depth; i++) {
    if (cleat__strict_equals(reader->above[i], value)) return NULL;
  }
  CleatError* part = reader->left > 0 ? cleat__error_allocate(CLEAT_ERROR_EXCEPTION) : NULL;
  if (part == NULL) return NULL;
  reader->left--;
  if (cleat__is_error(value)) {
    read_object(reader, part, value);
    set_value(reader, &part->stack, own_data(reader->env, value, "stack"), MOST_TEXT);
    map_stack(reader->env, &part->stack);
  } else if (!read_dom_exception(part, value)) {
    read_other(reader, part, value, NULL);
  }
  cleat__error_write_text(part);
  return part;
}

static void read_aggregated(Reader* reader, CleatError* error, CleatValue* list) {
  if (list == NULL || !cleat__is_array(list)) return;
  CleatEngine* engine = reader->env->engine;
  size_t length = cleat__array_length(list);
  if (length > reader->left) length = reader->left;
  error->errors = length > 0 ? calloc(length, sizeof(CleatError*)) : NULL;
  if (error->errors == NULL) return;
  for (size_t i = 0; i < length; i++) {
    CleatValue* value = cleat__get_own_data(engine, list, cleat__number(engine, (double)i));
    CleatError* part = value != NULL ? read_part(reader, value) : NULL;
    if (part != NULL) error->errors[error->error_count++] = part;
  }
}

// Reads an Error object, without running its getters.
static void read_object(Reader* reader, CleatError* error, CleatValue* value) {
  CleatEnv* env = reader->env;
  error->is_object = true;
  set_value(reader, &error->name, cleat__constructor_name(env->engine, value), MOST_NAME);
  set_value(reader, &error->message, own_data(env, value, "message"), MOST_TEXT);
  read_frames(reader, error, value);
  if (reader->depth == MOST_LEVELS) return;
  reader->above[reader->depth++] = value;
  CleatValue* cause = own_data(env, value, "cause");
  if (cause != NULL && !cleat__is_undefined(cause)) error->cause = read_part(reader, cause);
  read_aggregated(reader, error, own_data(env, value, "errors"));
  reader->depth--;
}

// THE WHOLE

static void read_place(Reader* reader, CleatError* error, const CleatException* exception) {
  CleatEnv* env = reader->env;
  CleatStackFrame place = {.script = exception->script, .line = exception->line, .column = exception->column};
  // Once its stack has been read, V8 does not know any more where an error was made, but its frames still do.
  bool is_known = place.script != NULL && cleat__string_wtf8_length(env->engine, place.script) > 0;
  if (!is_known && cleat__is_error(exception->value)) cleat__stack_frames(env->engine, exception->value, &place, 1);
  set_value(reader, &error->script, place.script, MOST_NAME);
  set_value(reader, &error->source_line, exception->source_line, MOST_TEXT);
  error->line = place.line;
  error->column = place.column;
  map_place(env, &error->script, &error->line, &error->column, &error->source_line);
}

CleatError* cleat__error_from_exception(CleatEnv* env, const CleatException* exception) {
  if (exception->terminated) return cleat__run_error(env);
  CleatError* error = cleat__error_allocate(CLEAT_ERROR_EXCEPTION);
  if (error == NULL) return cleat__error_out_of_memory();
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  Reader reader = {.env = env, .left = MOST_ERRORS, .left_bytes = MOST_PARTS};
  if (cleat__is_error(exception->value)) {
    read_object(&reader, error, exception->value);
  } else if (!read_dom_exception(error, exception->value)) {
    read_other(&reader, error, exception->value, exception->message);
  }
  set_value(&reader, &error->stack, exception->stack, MOST_TEXT);
  map_stack(env, &error->stack);
  read_place(&reader, error, exception);
  cleat__scope_close(env->engine, &scope);
  cleat__error_write_text(error);
  return error;
}

static void throw_value(CleatEnv* env, void* value) { cleat__throw(env->engine, value); }

CleatError* cleat__error_from_value(CleatEnv* env, CleatValue* value) {
  // By throwing it: so V8 finds out where it was made.
  return cleat__protect(env, throw_value, value);
}
