// Callback functions of Web IDL, 3.2.19: borrowed for a call, or kept.
#include <stdlib.h>

#include "env.h"

bool cleat_input_callback(const CleatInput* input, CleatCallback* out) {
  if (!cleat__is_function(input->value)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a function");
    return false;
  }
  *out = (CleatCallback){.value = input->value};
  return true;
}

CleatValue* cleat_callback_value(CleatEnv* env, const CleatCallback* callback) {
  return callback->ref == NULL ? callback->value : cleat_held(env, callback->ref);
}

CleatCallback* cleat_callback_retain(CleatEnv* env, const CleatCallback* callback) {
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

bool cleat_callback_call(CleatEnv* env, const CleatCallback* callback, CleatValue* receiver, size_t count,
                         CleatValue* const* arguments, CleatInput* result) {
  if (env->pending) return false;
  CleatValue* function = cleat_callback_value(env, callback);
  if (function == NULL) {
    cleat_throw_error(env, "The runtime of the callback has closed");
    return false;
  }
  // Possible with [LegacyTreatNonObjectAsNull] only: "invoke a callback function", step 3.
  CleatEngine* engine = env->engine;
  CleatValue* value = cleat__undefined(engine);
  if (cleat__is_function(function)) {
    value = cleat__call(engine, function, receiver == NULL ? value : receiver, count, arguments);
    if (!cleat__ran(env, value != NULL)) return false;
  }
  *result = (CleatInput){.env = env, .frame = env->frame, .value = value};
  return true;
}
