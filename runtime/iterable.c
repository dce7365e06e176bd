// What is asynchronously iterable, held as data: C takes the steps of an iteration from any thread.
#include "async_from_sync.h"
#include "data_node.h"
#include "eval.h"

// ON THE JAVASCRIPT THREAD

static void forget_iteration(CleatFunctionHandle* handle) {
  cleat_ref_free(handle->iterator);
  cleat_ref_free(handle->next);
  handle->iterator = handle->next = NULL;
}

// GetIterator of the async kind.
static bool begin(CleatEnv* env, CleatFunctionHandle* handle) {
  CleatValue* object = cleat__function_value(env, handle);
  CleatValue* method = cleat_get_value(env, object, cleat__symbol_async_iterator(env->engine));
  if (method == NULL) return false;
  CleatValue* iterator = cleat__call_method(env, method, "Symbol.asyncIterator", object, 0, NULL, true);
  CleatValue* next = iterator == NULL ? NULL : cleat_get(env, iterator, "next");
  if (next == NULL) return false;
  // The method may have begun another one, which this one takes the place of.
  forget_iteration(handle);
  handle->iterator = cleat_hold(env, iterator);
  handle->next = cleat_hold(env, next);
  if (handle->iterator != NULL && handle->next != NULL) return true;
  forget_iteration(handle);
  return false;
}

static CleatValue* next_of(CleatEnv* env, CleatFunctionHandle* handle) {
  if (handle->iterator == NULL && !begin(env, handle)) return NULL;
  CleatValue* iterator = cleat_held(env, handle->iterator);
  return cleat__call_method(env, cleat_held(env, handle->next), "next", iterator, 0, NULL, true);
}

static CleatValue* return_of(CleatEnv* env, CleatFunctionHandle* handle) {
  CleatValue* iterator = handle->iterator == NULL ? NULL : cleat_held(env, handle->iterator);
  forget_iteration(handle);
  CleatValue* method = NULL;
  if (iterator != NULL && !cleat__get_method(env, iterator, "return", &method)) return NULL;
  if (method == NULL) return cleat__undefined(env->engine);
  return cleat__call_method(env, method, "return", iterator, 0, NULL, true);
}

typedef struct Stepping {
  const CleatEval* eval;
  CleatUse use;
  void* data;
} Stepping;

static void take_step(CleatEnv* env, void* data) {
  const Stepping* stepping = data;
  CleatFunctionHandle* handle = stepping->eval->function->function;
  CleatValue* value = stepping->eval->step == CLEAT_EVAL_NEXT ? next_of(env, handle) : return_of(env, handle);
  if (value != NULL) stepping->use(env, value, stepping->data);
}

CleatError* cleat__perform_step(CleatEnv* env, const CleatEval* eval, CleatUse use, void* data) {
  Stepping stepping = {eval, use, data};
  return cleat__protect(env, take_step, &stepping);
}

// FROM ANY THREAD

static CleatResult step(const CleatData* iterable, CleatEvalStep what, const CleatEvalOptions* options) {
  if (cleat_data_kind(iterable) != CLEAT_DATA_ASYNC_ITERABLE) {
    return (CleatResult){.error =
                             cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "argument iterable: not an async iterable")};
  }
  CleatEval eval;
  CleatError* error = cleat__eval_init(&eval, iterable->function->runtime, options, "", false);
  if (error != NULL) return (CleatResult){.error = error};
  eval.function = iterable;
  eval.step = what;
  return cleat__eval_wait(&eval);
}

CleatResult cleat_data_next(const CleatData* iterable, const CleatEvalOptions* options) {
  return step(iterable, CLEAT_EVAL_NEXT, options);
}

CleatResult cleat_data_return(const CleatData* iterable, const CleatEvalOptions* options) {
  return step(iterable, CLEAT_EVAL_RETURN, options);
}

bool cleat_data_next_async(const CleatData* iterable, const CleatEvalOptions* options,
                           void (*done)(void* data, CleatResult result), void* data) {
  return cleat__step_async(iterable, CLEAT_EVAL_NEXT, NULL, NULL, options, done, data);
}

bool cleat_data_return_async(const CleatData* iterable, const CleatEvalOptions* options,
                             void (*done)(void* data, CleatResult result), void* data) {
  return cleat__step_async(iterable, CLEAT_EVAL_RETURN, NULL, NULL, options, done, data);
}
