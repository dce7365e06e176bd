// DOMException and QuotaExceededError: https://webidl.spec.whatwg.org/#idl-DOMException.
#include "cleat/dom_exception.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "convert.h"

// The names that have a code, by that code less one.
static const char* const kCoded[] = {
    "IndexSizeError",
    NULL,
    "HierarchyRequestError",
    "WrongDocumentError",
    "InvalidCharacterError",
    NULL,
    "NoModificationAllowedError",
    "NotFoundError",
    "NotSupportedError",
    "InUseAttributeError",
    "InvalidStateError",
    "SyntaxError",
    "InvalidModificationError",
    "NamespaceError",
    "InvalidAccessError",
    NULL,
    "TypeMismatchError",
    "SecurityError",
    "NetworkError",
    "AbortError",
    "URLMismatchError",
    "QuotaExceededError",
    "TimeoutError",
    "InvalidNodeTypeError",
    "DataCloneError",
};

static bool copy_string(CleatString from, CleatString* to) {
  char* data = malloc(from.length + 1);
  if (data == NULL) return false;
  if (from.length > 0) memcpy(data, from.data, from.length);
  data[from.length] = '\0';
  *to = (CleatString){data, from.length};
  return true;
}

bool cleat_dom_exception_open(CleatEnv* env, CleatDOMException* exception, CleatString message, CleatString name) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  if (copy_string(name, &exception->name) && copy_string(message, &exception->message)) return true;
  cleat_dom_exception_close(exception);
  cleat_throw_range(env, "out of memory");
  return false;
}

void cleat_dom_exception_close(CleatDOMException* exception) {
  free((char*)exception->name.data);
  free((char*)exception->message.data);
  *exception = (CleatDOMException){0};
}

void cleat_dom_exception_finalize(CleatDOMException* self) {
  cleat_dom_exception_close(self);
  free(self);
}

size_t cleat_dom_exception_external_memory(const CleatDOMException* self) {
  return sizeof(*self) + self->name.length + self->message.length;
}

void cleat_quota_exceeded_error_finalize(CleatQuotaExceededError* self) { cleat_dom_exception_finalize(&self->base); }

// Returns `size` bytes that begin with an exception; NULL, having thrown, when memory is short.
static void* make(CleatEnv* env, size_t size, CleatString message, CleatString name) {
  CleatDOMException* exception = calloc(1, size);
  if (exception == NULL) {
    cleat_throw_range(env, "out of memory");
  } else if (!cleat_dom_exception_open(env, exception, message, name)) {
    free(exception);
    exception = NULL;
  }
  return exception;
}

CleatDOMException* cleat_dom_exception_new(CleatEnv* env, CleatString message, CleatString name) {
  return make(env, sizeof(CleatDOMException), message, name);
}

CleatString cleat_dom_exception_get_name(CleatDOMException* self) { return self->name; }
CleatString cleat_dom_exception_get_message(CleatDOMException* self) { return self->message; }

static bool is_named(const CleatDOMException* self, const char* name) {
  return strlen(name) == self->name.length && memcmp(name, self->name.data, self->name.length) == 0;
}

uint16_t cleat_dom_exception_get_code(CleatDOMException* self) {
  for (size_t i = 0; i < sizeof(kCoded) / sizeof(kCoded[0]); i++) {
    if (kCoded[i] != NULL && is_named(self, kCoded[i])) return (uint16_t)(i + 1);
  }
  return 0;
}

// The standard's "QuotaExceededError constructor".
CleatQuotaExceededError* cleat_quota_exceeded_error_new(CleatEnv* env, CleatString message,
                                                        const CleatQuotaExceededErrorOptions* options) {
  if (options->has_quota && options->quota < 0) {
    cleat_throw_range(env, "The quota is negative");
  } else if (options->has_requested && options->requested < 0) {
    cleat_throw_range(env, "What was requested is negative");
  } else if (options->has_quota && options->has_requested && options->requested < options->quota) {
    cleat_throw_range(env, "What was requested is less than the quota");
  }
  if (cleat_failed(env)) return NULL;
  CleatQuotaExceededError* error =
      make(env, sizeof(CleatQuotaExceededError), message, CLEAT_STRING("QuotaExceededError"));
  if (error == NULL) return NULL;
  error->quota = (CleatOptionalDouble){options->has_quota, options->quota};
  error->requested = (CleatOptionalDouble){options->has_requested, options->requested};
  return error;
}

CleatOptionalDouble cleat_quota_exceeded_error_get_quota(CleatQuotaExceededError* self) { return self->quota; }
CleatOptionalDouble cleat_quota_exceeded_error_get_requested(CleatQuotaExceededError* self) { return self->requested; }

// WHAT V8'S ERRORS HAVE

// Returns one behind the other, NULs too, in the frame's memory; of NULL when memory is short.
static CleatString joined(const CleatString* parts, size_t count, CleatFrame* frame) {
  size_t length = 0;
  for (size_t i = 0; i < count; i++) length += parts[i].length;
  char* text = cleat_frame_allocate(frame, length + 1);
  if (text == NULL) return (CleatString){NULL, 0};
  char* end = text;
  for (size_t i = 0; i < count; i++) {
    memcpy(end, parts[i].data, parts[i].length);
    end += parts[i].length;
  }
  *end = '\0';
  return (CleatString){text, length};
}

// V8 has no way to give another object the stack of its errors, so this one is made of the same frames, at once.
bool cleat__wrap_exception(CleatEnv* env, const CleatClass* type, void* object, CleatValue* value) {
  if (!cleat__class_inherits(type, &cleat_dom_exception_class)) return true;
  const CleatDOMException* exception = object;
  CLEAT_FRAME(frame);
  CleatString frames = {"", 0};
  CleatValue* current = cleat__current_stack(env->engine);
  if (current != NULL) cleat__copy_string(env->engine, current, &frame, false, &frames);
  const CleatString colon = exception->message.length > 0 ? CLEAT_STRING(": ") : CLEAT_STRING("");
  const CleatString newline = frames.length > 0 ? CLEAT_STRING("\n") : CLEAT_STRING("");
  const CleatString parts[] = {exception->name, colon, exception->message, newline, frames};
  const CleatString text = joined(parts, sizeof(parts) / sizeof(parts[0]), &frame);
  if (text.data == NULL) return true;
  CleatValue* stack = cleat__string_wtf8(env->engine, text.data, text.length);
  CleatValue* key = cleat__interned(env->engine, "stack");
  return cleat__ran(env, stack != NULL && cleat__define(env->engine, value, key, stack, CLEAT_DONT_ENUM));
}

bool cleat__read_exception(CleatValue* value, CleatString* name, CleatString* message) {
  const CleatClass* type;
  const CleatDOMException* exception = cleat__unwrap_any(NULL, value, &type);
  if (exception == NULL || !cleat__class_inherits(type, &cleat_dom_exception_class)) return false;
  *name = exception->name;
  *message = exception->message;
  return true;
}

// THROWING

CleatValue* cleat_new_dom_exception(CleatEnv* env, const char* name, CleatString message) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  bool is_quota = strcmp(name, "QuotaExceededError") == 0;
  size_t size = is_quota ? sizeof(CleatQuotaExceededError) : sizeof(CleatDOMException);
  void* exception = make(env, size, message, (CleatString){name, strlen(name)});
  if (exception == NULL) return NULL;
  return cleat_wrap(env, is_quota ? &cleat_quota_exceeded_error_class : &cleat_dom_exception_class, exception);
}

void cleat_throw_dom(CleatEnv* env, const char* name, const char* format, ...) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return;
  va_list arguments;
  va_start(arguments, format);
  char* message = NULL;
  int length = vasprintf(&message, format, arguments);
  va_end(arguments);
  if (length < 0) {
    cleat_throw_range(env, "out of memory");
    return;
  }
  CleatValue* exception = cleat_new_dom_exception(env, name, (CleatString){message, (size_t)length});
  free(message);
  if (exception != NULL) cleat_throw_value(env, exception);
}
