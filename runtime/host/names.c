// What objects, functions and errors are called when they are printed.

#include <stdlib.h>
#include <string.h>

#include "host/inspect.h"

static bool is_string(CleatValue* value) { return value != NULL && cleat__type(value) == CLEAT_TYPE_STRING; }

// Stores the name of a function, where that is a string and not empty.
static bool add_function_name(CleatEngine* engine, CleatValue* function, CleatText* out) {
  CleatProperty name;
  if (!cleat__own_property(engine, function, cleat__interned(engine, "name"), &name)) return false;
  if (!is_string(name.value) || cleat__string_length(name.value) == 0) return false;
  cleat__text_add_value(out, engine, name.value, true);
  return true;
}

typedef enum Found {
  kFound,
  kNotFound,  // among all prototypes
  kNotKnown,  // a proxy or too many prototypes are in the way
} Found;

// Finds the name of the nearest `constructor` among the prototypes.
static Found add_constructor_name(CleatEngine* engine, CleatValue* object, CleatText* out) {
  enum { kMostPrototypes = 100 };
  CleatValue* key = cleat__interned(engine, "constructor");
  CleatValue* place = cleat__prototype(engine, object);
  for (int i = 0; i < kMostPrototypes; i++) {
    CleatProperty constructor;
    if (place == NULL || !cleat__is_object(place)) return kNotFound;
    if (cleat__is_proxy(place)) return kNotKnown;
    if (cleat__own_property(engine, place, key, &constructor) && constructor.value != NULL &&
        cleat__is_function(constructor.value) && add_function_name(engine, constructor.value, out)) {
      return kFound;
    }
    place = cleat__prototype(engine, place);
  }
  return kNotKnown;
}

static void add_tag(CleatEngine* engine, CleatValue* object, CleatText* out) {
  CleatValue* tag = cleat__lookup_data(engine, object, cleat__symbol_to_string_tag(engine));
  if (is_string(tag)) cleat__text_add_value(out, engine, tag, true);
}

static bool is_same(const CleatText* a, const CleatText* b) {
  return a->length == b->length && (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

void cleat__inspect_name(CleatEngine* engine, CleatValue* object, CleatInspectName* out) {
  CleatScope scope;
  *out = (CleatInspectName){0};
  cleat__scope_open(engine, &scope);
  Found found = add_constructor_name(engine, object, &out->name);
  if (found != kFound) {
    CleatValue* name = cleat__constructor_name(engine, object);
    if (is_string(name)) cleat__text_add_value(&out->name, engine, name, true);
    out->null_prototype = found == kNotFound;
  }
  add_tag(engine, object, &out->tag);
  if (is_same(&out->name, &out->tag)) cleat__text_free(&out->tag);
  cleat__scope_close(engine, &scope);
}

void cleat__inspect_name_free(CleatInspectName* name) {
  cleat__text_free(&name->name);
  cleat__text_free(&name->tag);
}

void cleat__inspect_title(const CleatInspectName* name, const char* size, CleatText* out) {
  if (name->null_prototype) cleat__text_add_c(out, "[");
  cleat__text_add(out, name->name.data, name->name.length);
  cleat__text_add_c(out, size);
  if (name->null_prototype) cleat__text_add_c(out, ": null prototype]");
  if (name->tag.length > 0) cleat__text_print(out, " [%s]", name->tag.data);
}

static bool is_class(CleatEngine* engine, CleatValue* function) {
  CleatValue* source = cleat__function_source(engine, function);
  if (source == NULL) return false;
  CleatText text = {0};
  cleat__text_add_value(&text, engine, source, true);
  bool found = text.length > 5 && memcmp(text.data, "class", 5) == 0;
  cleat__text_free(&text);
  return found;
}

static void add_class(CleatEngine* engine, CleatValue* function, CleatText* out) {
  CleatText parent = {0};
  CleatValue* prototype = cleat__prototype(engine, function);
  cleat__text_add_c(out, "[class ");
  if (!add_function_name(engine, function, out)) cleat__text_add_c(out, "(anonymous)");
  if (prototype != NULL && cleat__is_object(prototype) && !cleat__is_proxy(prototype) &&
      add_function_name(engine, prototype, &parent)) {
    cleat__text_print(out, " extends %s", parent.data);
  }
  cleat__text_add_c(out, "]");
  cleat__text_free(&parent);
}

void cleat__inspect_function(CleatEngine* engine, CleatValue* function, CleatText* out) {
  static const char* const kKinds[] = {"Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction"};
  if (is_class(engine, function)) {
    add_class(engine, function, out);
    return;
  }
  CleatText name = {0};
  cleat__text_print(out, "[%s", kKinds[cleat__function_kind(function)]);
  cleat__text_add_c(out, add_function_name(engine, function, &name) ? ": " : " (anonymous)");
  cleat__text_add(out, name.data, name.length);
  cleat__text_add_c(out, "]");
  cleat__text_free(&name);
}

// Adds a property of an error that is a primitive, or `otherwise`.
static void add_property(CleatEngine* engine, CleatValue* error, const char* name, const char* otherwise,
                         CleatText* out) {
  CleatValue* value = cleat__lookup_data(engine, error, cleat__interned(engine, name));
  CleatValue* text = value == NULL || cleat__is_object(value) ? NULL : cleat__primitive_text(engine, value);
  if (text == NULL) {
    cleat__text_add_c(out, otherwise);
  } else {
    cleat__text_add_value(out, engine, text, true);
  }
}

// Adds the frames that V8 keeps beside the stack's text.
static void add_frames(CleatEngine* engine, CleatValue* error, CleatText* out) {
  enum { kMostFrames = 10 };
  CleatStackFrame frames[kMostFrames];
  size_t count = cleat__stack_frames(engine, error, frames, kMostFrames);
  for (size_t i = 0; i < count && i < kMostFrames; i++) {
    const CleatStackFrame* frame = &frames[i];
    bool named = is_string(frame->function) && cleat__string_length(frame->function) > 0;
    cleat__text_add_c(out, "\n    at ");
    if (named) {
      cleat__text_add_value(out, engine, frame->function, true);
      cleat__text_add_c(out, " (");
    }
    if (is_string(frame->script)) cleat__text_add_value(out, engine, frame->script, true);
    cleat__text_print(out, ":%u:%u%s", frame->line, frame->column, named ? ")" : "");
  }
}

// Adds the stack as V8 made it, or, where reading that could run JavaScript, one like it.
static void add_stack(CleatEngine* engine, CleatValue* error, CleatText* out) {
  CleatValue* stack = cleat__safe_stack(engine, error);
  if (stack != NULL) {
    cleat__text_add_value(out, engine, stack, true);
    return;
  }
  CleatText message = {0};
  add_property(engine, error, "name", "Error", out);
  add_property(engine, error, "message", "", &message);
  if (message.length > 0) cleat__text_print(out, ": %s", message.data);
  cleat__text_free(&message);
  add_frames(engine, error, out);
}

// The stack of `class HttpError extends Error` begins with "Error"; its own name says more.
static size_t replaced_by_name(const CleatText* stack, const CleatInspectName* name) {
  const size_t length = strlen("Error");
  if (name->null_prototype || name->name.length == 0) return 0;
  if (stack->length < length || memcmp(stack->data, "Error", length) != 0) return 0;
  char next = stack->data[length];
  return next == 0 || next == ':' || next == '\n' ? length : 0;
}

void cleat__inspect_error(CleatEngine* engine, CleatValue* error, const CleatInspectName* name, size_t indentation,
                          CleatText* out) {
  CleatText stack = {0};
  add_stack(engine, error, &stack);
  size_t skipped = replaced_by_name(&stack, name);
  bool bare = stack.length == 0 || strstr(stack.data, "\n    at ") == NULL;
  if (bare) cleat__text_add_c(out, "[");
  if (skipped > 0) cleat__text_add(out, name->name.data, name->name.length);
  for (const char* line = stack.data == NULL ? NULL : stack.data + skipped; line != NULL;) {
    const char* newline = strchr(line, '\n');
    cleat__text_add(out, line, newline == NULL ? strlen(line) : (size_t)(newline + 1 - line));
    if (newline != NULL) cleat__text_add_repeated(out, " ", indentation);
    line = newline == NULL ? NULL : newline + 1;
  }
  if (bare) cleat__text_add_c(out, "]");
  cleat__text_free(&stack);
}
