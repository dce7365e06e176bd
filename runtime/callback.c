// Callback functions of Web IDL, 3.2.19: borrowed for a call, or kept.
#include <math.h>
#include <stdlib.h>

#include "env.h"
#include "promise.h"

bool cleat_input_callback(const CleatInput* input, CleatCallback* out) {
  if (!cleat__is_function(input->value)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a function");
    return false;
  }
  *out = (CleatCallback){.value = input->value};
  return true;
}

CleatValue* cleat_callback_value(CleatEnv* env, const CleatCallback* callback) {
  CLEAT_CHECK_ENV(env);
  if (callback != NULL) return callback->ref == NULL ? callback->value : cleat_held(env, callback->ref);
  if (!env->pending) cleat_throw_error(env, "There is no function where one must be");
  return NULL;
}

CleatCallback* cleat_callback_retain(CleatEnv* env, const CleatCallback* callback) {
  CLEAT_CHECK_ENV(env);
  if (callback == NULL || env->pending) return NULL;
  CleatCallback* kept = calloc(1, sizeof(CleatCallback));
  if (kept == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  kept->ref = cleat_hold(env, cleat_callback_value(env, callback));
  if (kept->ref != NULL) return kept;
  free(kept);
  return NULL;
}

void cleat_callback_release(CleatCallback* callback) {
  if (callback == NULL) return;
  cleat_ref_free(callback->ref);
  free(callback);
}

// Most callbacks are called while they are borrowed, and the last of all are those of a runtime that has closed.
static CLEAT_APART CleatValue* kept_value(CleatEnv* env, const CleatCallback* callback) {
  CleatValue* value = cleat_held(env, callback->ref);
  if (value == NULL) cleat_throw_error(env, "The runtime of the callback has closed");
  return value;
}

static inline CleatValue* function_of(CleatEnv* env, const CleatCallback* callback) {
  return callback->ref == NULL ? callback->value : kept_value(env, callback);
}

CLEAT_HOT bool cleat_callback_call(CleatEnv* env, const CleatCallback* callback, CleatValue* receiver, size_t count,
                                   CleatValue* const* arguments, CleatInput* result) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  CleatValue* function = function_of(env, callback);
  if (function == NULL) return false;
  // Possible with [LegacyTreatNonObjectAsNull] only: "invoke a callback function", step 3.
  CleatValue* value;
  if (!cleat__call_if_function(env->engine, function, receiver, count, arguments, &value)) {
    value = cleat__undefined(env->engine);
  } else if (!cleat__ran(env, value != NULL)) {
    return false;
  }
  // What earlier results were converted into may have gone.
  if (env->frame != NULL) env->frame->borrowed = NULL;
  *result = (CleatInput){.env = env, .frame = env->frame, .value = value};
  return true;
}

// Converts a result that needs more than to be read.
static CLEAT_APART bool convert_number(CleatEnv* env, CleatValue* value, const CleatNumberResult* type, double* out) {
  CleatInput output = {.env = env, .frame = env->frame, .value = value, .member = type->member};
  return type->convert(&output, out);
}

static inline bool call_with_numbers(CleatEnv* env, const CleatCallback* callback, size_t count, const double* numbers,
                                     const CleatNumberResult* type, double* result) {
  CleatValue* function = function_of(env, callback);
  if (function == NULL) return false;
  // As in cleat_callback_call.
  CleatValue* value = cleat__is_function(function) ? cleat__call_with_numbers(env->engine, function, count, numbers)
                                                   : cleat__undefined(env->engine);
  if (!cleat__ran(env, value != NULL)) return false;
  if (env->frame != NULL) env->frame->borrowed = NULL;
  if (type == NULL || (cleat__read_number(value, result) && isfinite(*result))) return true;
  return convert_number(env, value, type, result);
}

CLEAT_HOT bool cleat_callback_call_numbers(CleatEnv* env, const CleatCallback* callback, size_t count,
                                           const double* numbers, const CleatNumberResult* type, double* result) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  bool called = call_with_numbers(env, callback, count, numbers, type, result);
  cleat__scope_close(env->engine, &scope);
  return called;
}

// CALLBACK INTERFACES

bool cleat_input_callback_interface(const CleatInput* input, CleatCallback* out) {
  if (!cleat__is_object(input->value)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not an object");
    return false;
  }
  *out = (CleatCallback){.value = input->value};
  return true;
}

bool cleat_callback_call_operation(CleatEnv* env, const CleatCallback* callback, const char* operation,
                                   CleatValue* receiver, size_t count, CleatValue* const* arguments,
                                   CleatInput* result) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  CleatValue* object = cleat_callback_value(env, callback);
  if (object == NULL || cleat__is_function(object)) {
    return cleat_callback_call(env, callback, receiver, count, arguments, result);
  }
  CleatValue* method = cleat_get(env, object, operation);
  if (method == NULL) return false;
  if (!cleat__is_function(method)) {
    cleat_throw_type(env, "The property '%s' of the callback is not a function", operation);
    return false;
  }
  return cleat_callback_call(env, &(CleatCallback){.value = method}, object, count, arguments, result);
}

// PROMISES AS RESULTS

// A call whose result is to be a promise.
typedef struct Promising {
  const CleatCallback* callback;
  const char* operation;
  CleatValue* receiver;
  size_t count;
  CleatValue* const* arguments;
} Promising;

static CleatValue* call_promising(CleatEnv* env, void* data) {
  const Promising* it = data;
  CleatInput result;
  CleatValue* promise;
  bool called = it->operation == NULL
                    ? cleat_callback_call(env, it->callback, it->receiver, it->count, it->arguments, &result)
                    : cleat_callback_call_operation(env, it->callback, it->operation, it->receiver, it->count,
                                                    it->arguments, &result);
  return called && cleat_input_promise(&result, &promise) ? promise : NULL;
}

bool cleat_callback_call_promise(CleatEnv* env, const CleatCallback* callback, const char* operation,
                                 CleatValue* receiver, size_t count, CleatValue* const* arguments,
                                 CleatValue** promise) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  *promise = cleat__promising(env, call_promising, &(Promising){callback, operation, receiver, count, arguments});
  return *promise != NULL;
}
