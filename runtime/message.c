// The messages of exceptions that glue throws, in the words of browsers. They are put together only when one is thrown.
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

#include "class.h"

// A message under construction; what does not fit is cut off.
typedef struct Text {
  char data[1024];
  size_t length;
} Text;

static void append_list(Text* text, const char* format, va_list arguments) CLEAT_PRINTF(2, 0);
static void append_list(Text* text, const char* format, va_list arguments) {
  size_t room = sizeof(text->data) - text->length;
  int length = vsnprintf(text->data + text->length, room, format, arguments);
  if (length < 0) return;
  text->length += (size_t)length < room ? (size_t)length : room - 1;
}

static void append(Text* text, const char* format, ...) CLEAT_PRINTF(2, 3);
static void append(Text* text, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  append_list(text, format, arguments);
  va_end(arguments);
}

// "Failed to execute 'resize' on 'Canvas': " and its like.
static void append_called(Text* text, CleatCall* call, bool assigning) {
  CleatOrigin origin = cleat__class_origin(cleat__call_host(call), cleat__call_data(call));
  if (origin.name == NULL) return;
  if (origin.member == NULL) {
    append(text, "Failed to construct '%s': ", origin.name);
  } else if (origin.member->kind == CLEAT_OPERATION) {
    append(text, "Failed to execute '%s'", origin.name);
    if (origin.owner != NULL) append(text, " on '%s'", origin.owner);
    append(text, ": ");
  } else {
    append(text, assigning ? "Failed to set the '%s' property" : "Failed to read the '%s' property", origin.name);
    if (origin.owner != NULL) append(text, assigning ? " on '%s'" : " from '%s'", origin.owner);
    append(text, ": ");
  }
}

CleatInput cleat__place(const char* name) { return (CleatInput){.member = name, .index = SIZE_MAX}; }

bool cleat__is_place(const CleatInput* input) {
  return input->outer == NULL && input->call == NULL && input->index == SIZE_MAX;
}

// "Failed to set the 'size' property on 'Canvas': ", of what `input` is or is a part of.
static void append_place(Text* text, const CleatInput* input) {
  const CleatInput* property = NULL;
  for (; input->outer != NULL; input = input->outer) property = input;
  if (!cleat__is_place(input)) return;
  if (property != NULL && property->member != NULL) {
    append(text, "Failed to set the '%.100s' property on '%s': ", property->member, input->member);
  } else if (property != NULL) {
    append(text, "Failed to set element %zu of '%s': ", property->index, input->member);
  }
}

// Whether a value is what an attribute is set to, or part of that.
static bool is_assigned(const CleatInput* input) {
  while (input->outer != NULL) input = input->outer;
  if (input->index == SIZE_MAX || input->call == NULL) return input->index == SIZE_MAX;
  CleatOrigin origin = cleat__class_origin(cleat__call_host(input->call), cleat__call_data(input->call));
  return origin.member != NULL && origin.member->kind == CLEAT_ATTRIBUTE;
}

// "element 3 of member 'sizes' of argument 1"
static void append_path(Text* text, const CleatInput* input) {
  for (; input->outer != NULL && !cleat__is_place(input->outer); input = input->outer) {
    if (input->member != NULL) {
      append(text, "member '%.100s' of ", input->member);
    } else if (input->index == SIZE_MAX) {
      append(text, "a key of ");
    } else {
      append(text, "element %zu of ", input->index);
    }
  }
  if (is_assigned(input)) {
    append(text, "the value");
  } else if (input->call == NULL) {
    append(text, "%s", input->member == NULL ? "the result of the callback" : input->member);
  } else {
    append(text, "argument %zu", input->index + 1);
  }
}

static void throw_text(CleatEnv* env, CleatThrowKind kind, const Text* text) {
  cleat_throw(env, kind, "%s", text->data);
}

void cleat_input_throw(const CleatInput* input, CleatThrowKind kind, const char* format, ...) {
  if (input->env->pending) return;
  Text text = {.length = 0};
  if (input->call != NULL) {
    append_called(&text, input->call, is_assigned(input));
  } else {
    append_place(&text, input);
  }
  append_path(&text, input);
  append(&text, " ");
  va_list arguments;
  va_start(arguments, format);
  append_list(&text, format, arguments);
  va_end(arguments);
  append(&text, ".");
  throw_text(input->env, kind, &text);
}

void cleat__call_throw(CleatCall* call, CleatThrowKind kind, const char* format, ...) {
  CleatEnv* env = cleat__call_host(call);
  if (env->pending) return;
  Text text = {.length = 0};
  append_called(&text, call, false);
  va_list arguments;
  va_start(arguments, format);
  append_list(&text, format, arguments);
  va_end(arguments);
  throw_text(env, kind, &text);
}

void cleat__throw_illegal_invocation(CleatCall* call, const CleatClass* type) {
  CleatEnv* env = cleat_env(call);
  CleatOrigin origin = cleat__class_origin(env, cleat__call_data(call));
  const char* name = origin.name == NULL ? "a function" : origin.name;
  const CleatClass* disposed;
  if (cleat__is_disposed(env, cleat__this(call), &disposed)) {
    cleat_throw_type(env, "Illegal invocation: '%s' was called on a %s that was disposed", name, disposed->name);
  } else if (cleat__is_of_other_runtime(env, cleat__this(call), type)) {
    cleat_throw_type(env, "Illegal invocation: '%s' was called on a %s of another runtime", name, type->name);
  } else {
    cleat_throw_type(env, "Illegal invocation: '%s' was called on an object that is not a %s", name, type->name);
  }
}

void cleat_throw_overload(CleatCall* call) {
  int present = cleat__arg_count(call);
  cleat_env(call);
  cleat__call_throw(call, CLEAT_THROW_TYPE_ERROR, "there is no overload for %d argument%s.", present,
                    present == 1 ? "" : "s");
}

static CLEAT_APART bool throw_too_few(CleatCall* call, int count, int present) {
  cleat_env(call);
  cleat__call_throw(call, CLEAT_THROW_TYPE_ERROR, "%d argument%s required, but only %d present.", count,
                    count == 1 ? "" : "s", present);
  return false;
}

bool cleat_require_args(CleatCall* call, int count) {
  if (cleat_ends(call)) return false;
  int present = cleat__arg_count(call);
  return present >= count || throw_too_few(call, count, present);
}
