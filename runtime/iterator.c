// Iterables: Web IDL 3.7.9 and 3.7.10, declarations of iterable<K, V>. A pair is asked for by its index at each step,
// so that an iteration sees what changes meanwhile.
#include <stdlib.h>

#include "class.h"
#include "message.h"

// A default iterator object's native side. The object that it iterates over is a private property of its wrapper.
typedef struct Iterator {
  const CleatPairs* pairs;
  CleatIteratorKind kind;
  size_t index;
} Iterator;

static const char kTarget[] = "iterated";

void cleat_iterator_finalize(void* iterator) { free(iterator); }

void cleat_return_iterator(CleatCall* call, const CleatPairs* pairs, CleatIteratorKind kind) {
  if (cleat_this(call, pairs->type) == NULL) return;
  CleatEnv* env = cleat_env(call);
  if (env->pending) return;  // it is to end
  Iterator* iterator = calloc(1, sizeof(Iterator));
  if (iterator == NULL) {
    cleat_throw_range(env, "out of memory");
    return;
  }
  iterator->pairs = pairs;
  iterator->kind = kind;
  CleatValue* value = cleat_wrap(env, pairs->iterator, iterator);
  if (value == NULL) return;
  if (cleat__ran(env, cleat__private_set(env->engine, value, kTarget, cleat__this(call)))) cleat__return(call, value);
}

CleatValue* cleat__iterator_result(CleatEnv* env, CleatValue* value, bool done) {
  CleatValue* result = cleat__object(env->engine);
  bool made =
      cleat_define(env, result, "value", value) && cleat_define(env, result, "done", cleat__boolean(env->engine, done));
  return made ? result : NULL;
}

CleatValue* cleat__select_part(CleatEnv* env, CleatIteratorKind kind, CleatValue* key, CleatValue* value) {
  if (kind == CLEAT_KEYS) return key;
  if (kind == CLEAT_VALUES) return value;
  CleatValue* both[] = {key, value};
  return cleat_array_of(env, both, 2);
}

// Web IDL "iterator prototype object", `next`.
void cleat_iterator_next(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  const CleatClass* type = NULL;
  Iterator* iterator = cleat__unwrap_any(env, cleat__this(call), &type);
  if (iterator == NULL || type->members != cleat_call_data(call)) {
    cleat_throw_type(env, "Illegal invocation: 'next' was called on an object that is not such an iterator");
    return;
  }
  const CleatPairs* pairs = iterator->pairs;
  CLEAT_FRAME(frame);
  cleat_enter(call, &frame);
  CleatValue* target = cleat__private_get(env->engine, cleat__this(call), kTarget);
  if (!cleat__ran(env, target != NULL)) return;
  void* object = cleat_unwrap(env, target, pairs->type);
  CleatValue* key = NULL;
  CleatValue* value = NULL;
  const CleatClass* disposed;
  if (object == NULL && cleat__is_disposed(env, target, &disposed)) {
    cleat_throw_type(env, "The %s that is iterated over was disposed", disposed->name);
  } else if (object != NULL && pairs->at(env, object, iterator->index, &key, &value)) {
    iterator->index++;
    value = cleat__select_part(env, iterator->kind, key, value);
    if (value != NULL) cleat_return(call, cleat__iterator_result(env, value, false));
  } else if (!env->pending) {
    cleat_return(call, cleat__iterator_result(env, cleat__undefined(env->engine), true));
  }
}

// Web IDL "iterable declaration", `forEach`.
void cleat_for_each_pair(CleatCall* call, const CleatPairs* pairs) {
  void* object = cleat_this(call, pairs->type);
  if (object == NULL || !cleat_require_args(call, 1)) return;
  CLEAT_FRAME(frame);
  CleatEnv* env = cleat_enter(call, &frame);
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatCallback callback;
  if (!cleat_input_callback(&input, &callback)) return;
  CleatValue* self = cleat__this(call);
  for (size_t i = 0;; i++) {
    CleatScope scope;
    cleat__scope_open(env->engine, &scope);
    CleatValue* key = NULL;
    CleatValue* value = NULL;
    CleatInput result;
    bool goes_on = pairs->at(env, object, i, &key, &value);
    if (goes_on) {
      CleatValue* arguments[] = {value, key, self};
      goes_on = cleat_callback_call(env, &callback, cleat__arg(call, 1), 3, arguments, &result);
    }
    cleat__scope_close(env->engine, &scope);
    if (!goes_on) return;
  }
}
