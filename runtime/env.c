// The environment: who may use it, its memory and scopes, throwing and catching.
#include "env.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime.h"

// MISUSE

void cleat__misuse(const char* function, const char* format, ...) {
  // Built first and written at once, so that other threads' output does not come in between.
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  fprintf(stderr, "cleat: %s: %s\n", function, text);
  abort();
}

void cleat__refuse_env(const CleatEnv* env, const char* function) {
  if (env == NULL) cleat__misuse(function, "the CleatEnv is NULL");
  if (env->thread != cleat__this_thread()) cleat__misuse(function, "called on another thread than JavaScript's");
  cleat__misuse(function, "called outside of a task or a call");
}

// PARTS

CleatRuntime* cleat_runtime(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return env->runtime;
}

void* cleat_allocate(CleatEnv* env, size_t size) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  void* memory = cleat_frame_allocate(env->frame, size);
  if (memory == NULL) cleat_throw_range(env, "out of memory");
  return memory;
}

void cleat_scope_open(CleatEnv* env, CleatScope* scope) {
  CLEAT_CHECK_ENV(env);
  cleat__scope_open(env->engine, scope);
}

void cleat_scope_close(CleatEnv* env, CleatScope* scope) {
  CLEAT_CHECK_ENV(env);
  cleat__scope_close(env->engine, scope);
}

// MEMORY

bool cleat_adjust_memory(CleatEnv* env, int64_t change) {
  CLEAT_CHECK_ENV(env);
  if (env->pending && change > 0) return false;
  if (cleat__adjust_external_memory(env->engine, change)) return true;
  // What is garbage makes room, once its finalizers have run.
  cleat__collect_garbage(env->engine);
  cleat__finalize_due(env);
  if (cleat__adjust_external_memory(env->engine, change)) return true;
  cleat_throw_range(env, "The limit of external memory is reached");
  return false;
}

// THROWING

CleatValue* cleat_new_error(CleatEnv* env, CleatThrowKind kind, CleatString message) {
  CLEAT_CHECK_ENV(env);
  return cleat__new_error(env->engine, kind, message);
}

void cleat_throw_value(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return;
  if (value == NULL) cleat__misuse(__func__, "the value is NULL, and nothing is pending");
  cleat__throw(env->engine, value);
  env->pending = true;
}

static void throw_text(CleatEnv* env, CleatThrowKind kind, CleatString message) {
  cleat__throw(env->engine, cleat__new_error(env->engine, kind, message));
  env->pending = true;
}

static void throw_formatted(CleatEnv* env, CleatThrowKind kind, const char* format, va_list arguments) {
  if (env->pending) return;
  char* message = NULL;
  int length = vasprintf(&message, format, arguments);
  if (length < 0) {
    throw_text(env, kind, CLEAT_STRING("out of memory"));
    return;
  }
  throw_text(env, kind, (CleatString){message, (size_t)length});
  free(message);
}

#define THROW_FORMATTED(env, kind)                 \
  do {                                             \
    CLEAT_CHECK_ENV(env);                          \
    va_list arguments;                             \
    va_start(arguments, format);                   \
    throw_formatted(env, kind, format, arguments); \
    va_end(arguments);                             \
  } while (0)

void cleat_throw(CleatEnv* env, CleatThrowKind kind, const char* format, ...) { THROW_FORMATTED(env, kind); }

void cleat_throw_error(CleatEnv* env, const char* format, ...) { THROW_FORMATTED(env, CLEAT_THROW_ERROR); }

void cleat_throw_type(CleatEnv* env, const char* format, ...) { THROW_FORMATTED(env, CLEAT_THROW_TYPE_ERROR); }

void cleat_throw_range(CleatEnv* env, const char* format, ...) { THROW_FORMATTED(env, CLEAT_THROW_RANGE_ERROR); }

bool cleat_failed(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return env->pending;
}

// CATCHING

typedef struct Protected {
  CleatEnv* env;
  void (*body)(CleatEnv* env, void* data);
  void* data;
  CleatError* error;
  bool terminated;
} Protected;

static void call_body(void* data) {
  Protected* call = data;
  call->body(call->env, call->data);
}

static void keep_error(void* data, const CleatException* exception) {
  Protected* call = data;
  // Whatever reads the exception may call functions that fail at once while something is pending.
  call->env->pending = false;
  call->terminated = exception->terminated;
  call->error = cleat__error_from_exception(call->env, exception);
}

typedef bool Try(CleatEngine* engine, void (*body)(void* data),
                 void (*caught)(void* data, const CleatException* exception), void* data);

static CleatError* protect(CleatEnv* env, Try* try, void (*body)(CleatEnv* env, void* data), void* data) {
  Protected call = {.env = env, .body = body, .data = data};
  bool pending = env->pending;
  env->pending = false;
  try(env->engine, call_body, keep_error, &call);
  // A termination is not over until the run it is meant for ends.
  env->pending = pending || call.terminated;
  return call.error;
}

CleatError* cleat__protect(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  return protect(env, cleat__try, body, data);
}

CleatError* cleat__protect_last(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  return protect(env, cleat__try_last, body, data);
}

CleatError* cleat_try(CleatEnv* env, void (*body)(CleatEnv* env, void* data), void* data) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(body, "function to call");
  return env->pending ? NULL : cleat__protect(env, body, data);
}
