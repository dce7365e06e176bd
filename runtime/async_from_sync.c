// ECMAScript's async-from-sync iterators (27.1.6): an iterator whose values, which may be promises, are awaited.
#include "async_from_sync.h"

#include <stdlib.h>

#include "class.h"
#include "promise.h"

// CALLING METHODS

bool cleat__get_method(CleatEnv* env, CleatValue* object, const char* name, CleatValue** method) {
  CleatValue* value = cleat_get(env, object, name);
  if (value == NULL) return false;
  *method = cleat__is_null_or_undefined(value) ? NULL : value;
  if (*method == NULL || cleat__is_function(value)) return true;
  cleat_throw_type(env, "The iterator's %s is not a function", name);
  return false;
}

CleatValue* cleat__call_method(CleatEnv* env, CleatValue* method, const char* what, CleatValue* receiver, int count,
                               CleatValue* argument, bool object) {
  if (!cleat__is_function(method)) {
    cleat_throw_type(env, "The iterator's %s is not a function", what);
    return NULL;
  }
  CleatValue* result = cleat__call(env->engine, method, receiver, (size_t)count, &argument);
  if (!cleat__ran(env, result != NULL)) return NULL;
  if (!object || cleat__is_object(result)) return result;
  cleat_throw_type(env, "The iterator's %s gave a result that is not an object", what);
  return NULL;
}

// A value that is awaited, and the promise of the result that it is part of.
typedef struct Unwrapping {
  CleatEnv* env;
  CleatResolver* capability;
  CleatHandle* iterator;  // to be closed where the value is rejected; NULL for not
  bool done;
} Unwrapping;

static void free_unwrapping(void* data) {
  Unwrapping* it = data;
  cleat__handle_free(it->iterator);
  cleat__resolver_free(it->env->engine, it->capability);
  free(it);
}

// IteratorClose with a completion that throws: what `return` throws does not count.
typedef struct Closing {
  CleatEnv* env;
  CleatValue* iterator;
} Closing;

static void close_body(void* data) {
  const Closing* it = data;
  CleatValue* method;
  if (cleat__get_method(it->env, it->iterator, "return", &method) && method != NULL) {
    cleat__call_method(it->env, method, "return", it->iterator, 0, NULL, false);
  }
}

static void close_caught(void* data, const CleatException* exception) {
  const Closing* it = data;
  it->env->pending = exception->terminated;
}

// False where the run is terminated.
static bool close_iterator(CleatEnv* env, CleatValue* iterator) {
  Closing it = {env, iterator};
  return cleat__try(env->engine, close_body, close_caught, &it) || !env->pending;
}

// "unwrap" and "closeIterator".
static void unwrap(void* data, bool fulfilled, CleatValue* value) {
  Unwrapping* it = data;
  CleatEnv* env = it->env;
  env->pending = false;
  if (fulfilled) {
    CleatValue* result = cleat__iterator_result(env, value, it->done);
    if (result != NULL) cleat__ran(env, cleat__resolve(env->engine, it->capability, result));
  } else if (it->iterator == NULL || close_iterator(env, cleat__handle_value(env->engine, it->iterator))) {
    cleat__reject(env->engine, it->capability, value);
  }
  free_unwrapping(it);
}

// PromiseResolve with %Promise%: a promise of that constructor is itself. That is looked up on the promise, and
// compared with what a new one has.
static CleatValue* promise_resolve(CleatEnv* env, CleatValue* value) {
  CleatEngine* engine = env->engine;
  if (!cleat__is_promise(value)) return cleat__resolved_promise(env, value);
  CleatValue* constructor = cleat_get(env, value, "constructor");
  CleatValue* fresh;
  CleatResolver* resolver = constructor == NULL ? NULL : cleat__resolver(engine, &fresh);
  if (resolver == NULL) return cleat__fail(env);
  cleat__resolver_free(engine, resolver);
  CleatValue* key = cleat__interned(engine, "constructor");
  CleatValue* own = cleat__get_own_data(engine, cleat__prototype(engine, fresh), key);
  return own != NULL && cleat__strict_equals(own, constructor) ? value : cleat__resolved_promise(env, value);
}

typedef struct Wrapping {
  CleatValue* value;
} Wrapping;

static CleatValue* wrap_value(CleatEnv* env, void* data) { return promise_resolve(env, ((Wrapping*)data)->value); }

// AsyncFromSyncIteratorContinuation, of an object. `iterator` is what is closed where the value is rejected; NULL for
// not.
static CleatValue* go_on(CleatEnv* env, CleatValue* result, CleatValue* iterator) {
  CleatEngine* engine = env->engine;
  CleatValue* done = cleat_get(env, result, "done");
  bool is_done = done != NULL && cleat__boolean_value(engine, done);
  CleatValue* value = cleat_get(env, result, "value");
  if (value == NULL) return NULL;
  if (is_done) iterator = NULL;
  // What looking up the constructor throws is, as what the promise is rejected with, a reason to close the iterator.
  CleatValue* wrapper = cleat__promising(env, wrap_value, &(Wrapping){value});
  if (wrapper == NULL) return NULL;
  Unwrapping* it = calloc(1, sizeof(Unwrapping));
  if (it == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  *it = (Unwrapping){.env = env, .done = is_done};
  CleatValue* promise;
  it->capability = cleat__resolver(engine, &promise);
  if (iterator != NULL) it->iterator = cleat__handle_new(engine, iterator);
  bool is_short = iterator != NULL && it->iterator == NULL;
  bool waits =
      it->capability != NULL && !is_short && cleat__promise_watch(engine, wrapper, unwrap, free_unwrapping, it);
  if (!waits) free_unwrapping(it);
  if (is_short) cleat_throw_range(env, "out of memory");
  return cleat__ran(env, waits) ? promise : NULL;
}

CleatValue* cleat__async_from_sync_next(CleatEnv* env, const CleatIteratorRecord* record) {
  CleatValue* result = cleat__call_method(env, record->next, "next", record->iterator, 0, NULL, true);
  return result == NULL ? NULL : go_on(env, result, record->iterator);
}

CleatValue* cleat__async_from_sync_return(CleatEnv* env, const CleatIteratorRecord* record, CleatValue* value) {
  CleatValue* method;
  if (!cleat__get_method(env, record->iterator, "return", &method)) return NULL;
  if (method == NULL) return cleat__resolved_promise(env, cleat__iterator_result(env, value, true));
  CleatValue* result = cleat__call_method(env, method, "return", record->iterator, 1, value, true);
  return result == NULL ? NULL : go_on(env, result, NULL);
}
