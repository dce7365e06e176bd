// Function handles: JavaScript functions that C holds as data, and calls from any thread.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data_node.h"
#include "eval.h"

// KEEPING

// Returns "'name' (script:line:column)", owned, or NULL when memory is short.
static char* describe(CleatEnv* env, CleatValue* function, CleatString name) {
  CleatValue* script = NULL;
  uint32_t line = 0;
  uint32_t column = 0;
  bool known = cleat__function_place(env->engine, function, &script, &line, &column);
  size_t length = known ? cleat__string_wtf8_length(env->engine, script) : 0;
  char* place = calloc(length + 1, 1);
  if (place == NULL) return NULL;
  if (known) cleat__string_write_wtf8(env->engine, script, place, true);
  char* text = NULL;
  int written = known ? asprintf(&text, "'%s' (%s:%u:%u)", name.data, place, line, column)
                      : asprintf(&text, "'%s' (native)", name.data);
  free(place);
  return written >= 0 ? text : NULL;
}

CleatFunctionHandle* cleat__function_new(CleatEnv* env, CleatValue* value, CleatValue* receiver, CleatString name) {
  CleatFunctionHandle* function = calloc(1, sizeof(CleatFunctionHandle));
  if (function == NULL) return NULL;
  atomic_init(&function->references, 1);
  function->runtime = cleat__runtime_keep(env->runtime);
  function->ref = cleat_hold(env, value);
  if (function->ref != NULL && receiver != NULL) function->receiver = cleat_hold(env, receiver);
  if (function->ref == NULL || (receiver != NULL && function->receiver == NULL)) {
    cleat__function_release(function);
    return NULL;
  }
  cleat__ref_describe(function->ref, describe(env, value, name));
  return function;
}

CleatFunctionHandle* cleat__function_keep(CleatFunctionHandle* function) {
  atomic_fetch_add_explicit(&function->references, 1, memory_order_relaxed);
  return function;
}

void cleat__function_release(CleatFunctionHandle* function) {
  if (function == NULL || atomic_fetch_sub_explicit(&function->references, 1, memory_order_acq_rel) != 1) return;
  cleat_ref_free(function->ref);
  cleat_ref_free(function->receiver);
  cleat_ref_free(function->iterator);
  cleat_ref_free(function->next);
  cleat__runtime_unkeep(function->runtime);
  free(function);
}

CleatValue* cleat__function_value(CleatEnv* env, const CleatFunctionHandle* function) {
  if (function->runtime == env->runtime) return cleat_held(env, function->ref);
  cleat_throw_type(env, "a handle cannot be passed to another runtime than its own");
  return NULL;
}

// CALLING

typedef struct Calling {
  const CleatEval* eval;
  CleatUse use;
  void* data;
} Calling;

static CleatValue* receiver_of(CleatEnv* env, const CleatEval* eval) {
  if (eval->receiver != NULL) return cleat_from_data(env, eval->receiver);
  const CleatRef* kept = eval->function->function->receiver;
  return kept != NULL ? cleat_held(env, kept) : cleat_undefined(env);
}

static void call_body(CleatEnv* env, void* data) {
  const Calling* calling = data;
  const CleatEval* eval = calling->eval;
  CleatValue* function = cleat__function_value(env, eval->function->function);
  CleatValue* receiver = receiver_of(env, eval);
  size_t count = cleat_data_length(eval->arguments);
  // Made as one value, so that what they share is shared.
  CleatValue* list = count > 0 ? cleat_from_data(env, eval->arguments) : NULL;
  CleatValue** arguments = count > 0 ? cleat_allocate(env, count * sizeof(CleatValue*)) : NULL;
  if (env->pending) return;
  for (size_t i = 0; i < count; i++) arguments[i] = cleat_get_index(env, list, (uint32_t)i);
  CleatValue* value = cleat_call(env, function, receiver, count, arguments);
  if (value != NULL) calling->use(env, value, calling->data);
}

CleatError* cleat__perform_call(CleatEnv* env, const CleatEval* eval, CleatUse use, void* data) {
  Calling calling = {eval, use, data};
  return cleat__protect_last(env, call_body, &calling);
}

static CleatError* bad_argument(const char* problem) {
  return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "%s", problem);
}

CleatResult cleat_data_call(const CleatData* function, const CleatData* receiver, const CleatData* arguments,
                            const CleatEvalOptions* options) {
  if (cleat_data_kind(function) != CLEAT_DATA_FUNCTION) {
    return (CleatResult){.error = bad_argument("argument function: not a function")};
  }
  if (arguments != NULL && cleat_data_kind(arguments) != CLEAT_DATA_ARRAY) {
    return (CleatResult){.error = bad_argument("argument arguments: not an array")};
  }
  CleatEval eval;
  CleatRuntime* runtime = function->function->runtime;
  CleatError* error = cleat__eval_init(&eval, runtime, options, "", false);
  if (error != NULL) return (CleatResult){.error = error};
  eval.function = function;
  eval.receiver = receiver;
  eval.arguments = arguments;
  return cleat__eval_wait(&eval);
}
