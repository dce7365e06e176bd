// Asynchronously iterable interfaces: Web IDL 3.7.11, "default asynchronous iterator objects". The names in quotes are
// the standard's.
#include <stdlib.h>

#include "class.h"
#include "promise.h"

// An iterator's native side. The object that it iterates over, and the "ongoing promise", are private properties of its
// wrapper.
typedef struct Iterator {
  const CleatAsyncIterable* type;
  CleatIteratorKind kind;
  bool finished;
  void* state;  // the program's
} Iterator;

static const char kTarget[] = "iterated";
static const char kOngoing[] = "ongoing";

void cleat_async_iterator_finalize(void* object) {
  Iterator* iterator = object;
  if (iterator == NULL) return;
  if (iterator->type->finalize != NULL) iterator->type->finalize(iterator->state);
  free(iterator);
}

CleatValue* cleat__async_iterator(CleatEnv* env, const CleatAsyncIterable* type, CleatIteratorKind kind,
                                  CleatValue* target, void* state) {
  Iterator* iterator = malloc(sizeof(Iterator));
  if (iterator == NULL) {
    if (type->finalize != NULL) type->finalize(state);
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  *iterator = (Iterator){type, kind, false, state};
  CleatValue* value = cleat_wrap(env, type->iterator, iterator);
  if (value == NULL || target == NULL) return value;
  return cleat__ran(env, cleat__private_set(env->engine, value, kTarget, target)) ? value : NULL;
}

void cleat_return_async_iterator(CleatCall* call, const CleatAsyncIterable* type, CleatIteratorKind kind,
                                 void* iterator) {
  CleatEnv* env = cleat__call_host(call);
  if (env->pending) return;
  if (iterator == NULL) {
    cleat_throw_error(env, "%s gave no iterator", type->type->name);
    return;
  }
  cleat_return(call, cleat__async_iterator(env, type, kind, cleat__this(call), iterator));
}

// An object without a prototype, so that a promise is resolved with it and no script is asked for its `then`.
CleatValue* cleat_next_value(CleatEnv* env, CleatValue* key, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (!cleat__ready(env, value)) return NULL;
  CleatValue* next = cleat__null_object(env->engine);
  bool made = (key == NULL || cleat_define(env, next, "key", key)) && cleat_define(env, next, "value", value);
  return made ? next : NULL;
}

// STEPS THAT WAIT

// What goes on when a promise settles, with the promise that it then settles.
typedef struct Step {
  CleatEnv* env;
  CleatHandle* iterator;  // the wrapper
  CleatHandle* value;     // that `return` was called with; NULL for `next`
  CleatResolver* capability;
} Step;

static void free_step(void* data) {
  Step* step = data;
  cleat__handle_free(step->iterator);
  cleat__handle_free(step->value);
  cleat__resolver_free(step->env->engine, step->capability);
  free(step);
}

// Has `settled` called with a new step when `promise` settles, and returns the promise that the step is to settle.
// `value` may be NULL.
static CleatValue* wait_for(CleatEnv* env, CleatValue* self, CleatValue* value, CleatValue* promise,
                            void (*settled)(void* data, bool fulfilled, CleatValue* result)) {
  CleatEngine* engine = env->engine;
  Step* step = calloc(1, sizeof(Step));
  if (step == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  step->env = env;
  step->iterator = cleat__handle_new(engine, self);
  step->value = value == NULL ? NULL : cleat__handle_new(engine, value);
  CleatValue* result;
  step->capability = cleat__resolver(engine, &result);
  bool waits = step->iterator != NULL && step->capability != NULL && (value == NULL || step->value != NULL);
  waits = waits && cleat__promise_watch(engine, promise, settled, free_step, step);
  bool is_short = step->iterator == NULL || (value != NULL && step->value == NULL);
  if (!waits) free_step(step);
  if (is_short) cleat_throw_range(env, "out of memory");
  return cleat__ran(env, waits) ? result : NULL;
}

static CleatValue* iterator_of(const Step* step, Iterator** iterator) {
  const CleatClass* type;
  CleatValue* self = cleat__handle_value(step->env->engine, step->iterator);
  *iterator = cleat__unwrap_any(step->env, self, &type);
  return self;
}

static CleatValue* value_of(const Step* step) {
  return step->value == NULL ? NULL : cleat__handle_value(step->env->engine, step->value);
}

// Resolves with `value`; where that is NULL, the run is terminated, or what is pending is V8's to report.
static void resolve(const Step* step, CleatValue* value) {
  if (value != NULL) cleat__ran(step->env, cleat__resolve(step->env->engine, step->capability, value));
}

// THE STEPS

// One call of a hook of the program's.
typedef struct Asking {
  Iterator* iterator;
  CleatValue* self;
  CleatValue* value;  // of `return`; NULL for `next`
} Asking;

static CleatValue* ask(CleatEnv* env, void* data) {
  const Asking* asking = data;
  const CleatAsyncIterable* type = asking->iterator->type;
  CleatValue* target = cleat__private_get(env->engine, asking->self, kTarget);
  if (!cleat__ran(env, target != NULL)) return NULL;
  CleatValue* value;
  void* object = type->type == NULL ? NULL : cleat_unwrap(env, target, type->type);
  const CleatClass* disposed;
  if (object == NULL && cleat__is_disposed(env, target, &disposed)) {
    if (asking->value != NULL) return cleat__resolved_promise(env, cleat__undefined(env->engine));
    cleat_throw_type(env, "The %s that is iterated over was disposed", disposed->name);
    return NULL;
  }
  CleatValue* objects[] = {asking->self, target};
  CleatPromise* promise = cleat__promise_new(env, objects, object == NULL ? 1 : 2, &value);
  if (promise == NULL) return NULL;
  cleat_promise_enter(promise);
  if (asking->value == NULL) {
    type->next(env, object, asking->iterator->state, promise);
  } else {
    type->leave(env, object, asking->iterator->state, asking->value, promise);
  }
  cleat_promise_leave(env, promise);
  return env->pending ? NULL : value;
}

// "fulfillSteps" and "rejectSteps" of `next`.
static void next_settled(void* data, bool fulfilled, CleatValue* result) {
  Step* step = data;
  CleatEnv* env = step->env;
  CleatEngine* engine = env->engine;
  env->pending = false;
  Iterator* iterator;
  CleatValue* self = iterator_of(step, &iterator);
  if (iterator != NULL && cleat__private_set(engine, self, kOngoing, cleat__undefined(engine))) {
    bool ends = !fulfilled || cleat__is_undefined(result);
    if (ends) iterator->finished = true;
    if (!fulfilled) {
      cleat__reject(engine, step->capability, result);
    } else if (ends) {
      resolve(step, cleat__iterator_result(env, result, true));
    } else {
      CleatValue* key = cleat_get(env, result, "key");
      CleatValue* part = cleat__select_part(env, iterator->kind, key, cleat_get(env, result, "value"));
      resolve(step, part == NULL ? NULL : cleat__iterator_result(env, part, false));
    }
  }
  free_step(step);
}

// "nextSteps".
static CleatValue* next_steps(CleatEnv* env, CleatValue* self, Iterator* iterator) {
  if (iterator->finished) {
    return cleat__resolved_promise(env, cleat__iterator_result(env, cleat__undefined(env->engine), true));
  }
  CleatValue* next = cleat__promising(env, ask, &(Asking){iterator, self, NULL});
  return next == NULL ? NULL : wait_for(env, self, NULL, next, next_settled);
}

// "returnSteps".
static CleatValue* return_steps(CleatEnv* env, CleatValue* self, Iterator* iterator, CleatValue* value) {
  if (iterator->finished) return cleat__resolved_promise(env, cleat__iterator_result(env, value, true));
  iterator->finished = true;
  return cleat__promising(env, ask, &(Asking){iterator, self, value});
}

// "onSettled": the calls before this one are done.
static void ongoing_settled(void* data, bool fulfilled, CleatValue* result) {
  (void)fulfilled;
  (void)result;
  Step* step = data;
  CleatEnv* env = step->env;
  env->pending = false;
  Iterator* iterator;
  CleatValue* self = iterator_of(step, &iterator);
  CleatValue* value = value_of(step);
  if (iterator != NULL) {
    resolve(step, value == NULL ? next_steps(env, self, iterator) : return_steps(env, self, iterator, value));
  }
  free_step(step);
}

// Does one of the two, now or when the ongoing promise has settled; that is then the new one, and is returned.
static CleatValue* advance(CleatEnv* env, CleatValue* self, Iterator* iterator, CleatValue* value) {
  CleatValue* ongoing = cleat__private_get(env->engine, self, kOngoing);
  if (!cleat__ran(env, ongoing != NULL)) return NULL;
  CleatValue* promise = cleat__is_promise(ongoing) ? wait_for(env, self, value, ongoing, ongoing_settled)
                        : value == NULL            ? next_steps(env, self, iterator)
                                                   : return_steps(env, self, iterator, value);
  if (promise == NULL) return NULL;
  return cleat__ran(env, cleat__private_set(env->engine, self, kOngoing, promise)) ? promise : NULL;
}

// THE METHODS

// Returns the iterator that `this` is, or throws a TypeError and returns NULL where it is not one of the class that the
// method is of.
static Iterator* this_iterator(CleatCall* call) {
  const CleatMember* member = cleat_call_data(call);
  const CleatClass* type = NULL;
  Iterator* iterator = cleat__unwrap_any(cleat__call_host(call), cleat__this(call), &type);
  for (size_t i = 0; iterator != NULL && i < type->member_count; i++) {
    if (member == &type->members[i]) return iterator;
  }
  cleat_throw_type(cleat__call_host(call),
                   "Illegal invocation: '%s' was called on an object that is not such an iterator", member->name);
  return NULL;
}

void cleat_async_iterator_next(CleatCall* call) {
  if (cleat_ends(call)) return;
  CLEAT_FRAME(frame);
  CleatEnv* env = cleat_enter(call, &frame);
  Iterator* iterator = this_iterator(call);
  if (iterator != NULL) cleat_return(call, advance(env, cleat__this(call), iterator, NULL));
}

// "fulfillSteps" of `return`.
static void return_settled(void* data, bool fulfilled, CleatValue* result) {
  Step* step = data;
  step->env->pending = false;
  if (fulfilled) {
    resolve(step, cleat__iterator_result(step->env, value_of(step), true));
  } else {
    cleat__reject(step->env->engine, step->capability, result);
  }
  free_step(step);
}

void cleat_async_iterator_return(CleatCall* call) {
  if (cleat_ends(call)) return;
  CLEAT_FRAME(frame);
  CleatEnv* env = cleat_enter(call, &frame);
  Iterator* iterator = this_iterator(call);
  if (iterator == NULL) return;
  CleatValue* self = cleat__this(call);
  CleatValue* value = cleat__arg(call, 0);
  CleatValue* ongoing = advance(env, self, iterator, value);
  if (ongoing != NULL) cleat_return(call, wait_for(env, self, value, ongoing, return_settled));
}
