// Wrappers: the JavaScript objects that stand for native ones. A native object has one wrapper as long as that lives,
// and is finalized once, after its wrapper was collected or when the runtime closes.
#include <stdio.h>
#include <stdlib.h>

#include "class.h"
#include "convert.h"
#include "message.h"
#include "runtime.h"

// One native object that belongs to JavaScript; the native pointer of its wrapper points here. It lives until the
// object is finalized.
typedef struct Wrapper {
  const CleatClass* type;
  void* object;
  CleatEnv* env;
  CleatHandle* handle;       // of the JavaScript object, weak; NULL once that was collected
  CleatHandleSpace space;    // where that is
  struct Wrapper* next;      // in its bucket
  struct Wrapper* next_due;  // in the list of `due` ones
  bool due;                  // in that list: was collected, and may have been wrapped anew since
} Wrapper;

// By object. Two interfaces without a common ancestor may wrap one address: a struct and the first field of it.
struct CleatWrappers {
  Wrapper** buckets;
  size_t capacity;  // a power of two, or 0
  size_t count;
  Wrapper* due;
  bool scheduled;  // a task will finalize what is due
};

// THE TABLE

static const CleatClass* root_of(const CleatClass* type) {
  while (type->parent != NULL) type = type->parent;
  return type;
}

static size_t bucket_of(const void* object, size_t capacity) {
  return (size_t)(((uintptr_t)object * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (capacity - 1);
}

static Wrapper* find(const CleatWrappers* wrappers, const CleatClass* type, const void* object) {
  if (wrappers->capacity == 0) return NULL;
  const CleatClass* root = root_of(type);
  Wrapper* it = wrappers->buckets[bucket_of(object, wrappers->capacity)];
  while (it != NULL && (it->object != object || root_of(it->type) != root)) it = it->next;
  return it;
}

static bool grow(CleatWrappers* wrappers) {
  if (wrappers->count < wrappers->capacity) return true;
  size_t capacity = wrappers->capacity == 0 ? 64 : wrappers->capacity * 2;
  Wrapper** buckets = calloc(capacity, sizeof(Wrapper*));
  if (buckets == NULL) return false;
  for (size_t i = 0; i < wrappers->capacity; i++) {
    for (Wrapper *it = wrappers->buckets[i], *next; it != NULL; it = next) {
      next = it->next;
      Wrapper** bucket = &buckets[bucket_of(it->object, capacity)];
      it->next = *bucket;
      *bucket = it;
    }
  }
  free(wrappers->buckets);
  wrappers->buckets = buckets;
  wrappers->capacity = capacity;
  return true;
}

static Wrapper* insert(CleatEnv* env, const CleatClass* type, void* object) {
  CleatWrappers* wrappers = env->wrappers;
  if (!grow(wrappers)) return NULL;
  Wrapper* wrapper = calloc(1, sizeof(Wrapper));
  if (wrapper == NULL) return NULL;
  wrapper->type = type;
  wrapper->object = object;
  wrapper->env = env;
  Wrapper** bucket = &wrappers->buckets[bucket_of(object, wrappers->capacity)];
  wrapper->next = *bucket;
  *bucket = wrapper;
  wrappers->count++;
  cleat__count(&env->runtime->counts.objects, 1);
  return wrapper;
}

static void take_out(CleatWrappers* wrappers, Wrapper* wrapper) {
  Wrapper** link = &wrappers->buckets[bucket_of(wrapper->object, wrappers->capacity)];
  while (*link != wrapper) link = &(*link)->next;
  *link = wrapper->next;
  wrappers->count--;
  cleat__count(&wrapper->env->runtime->counts.objects, -1);
}

// FINALIZING

// Gives an object back to its author, outside of any task or call: finalizers cannot run JavaScript.
static void give_back(CleatEnv* env, const CleatClass* type, void* object) {
  int depth = env->depth;
  env->depth = 0;
  if (type->finalize != NULL) type->finalize(object);
  env->depth = depth;
}

// What is freed first cannot be found again, whatever the finalizer does.
static void finalize(Wrapper* wrapper) {
  CleatEnv* env = wrapper->env;
  const CleatClass* type = wrapper->type;
  void* object = wrapper->object;
  if (wrapper->handle != NULL) cleat__handle_clear(wrapper->handle);
  free(wrapper);
  give_back(env, type, object);
}

static void finalize_due(CleatWrappers* wrappers) {
  while (wrappers->due != NULL) {
    Wrapper* wrapper = wrappers->due;
    wrappers->due = wrapper->next_due;
    wrapper->due = false;
    if (wrapper->handle != NULL) continue;  // wrapped anew
    take_out(wrappers, wrapper);
    finalize(wrapper);
  }
}

void cleat__finalize_due(CleatEnv* env) {
  if (env->wrappers != NULL) finalize_due(env->wrappers);
}

static void finalize_task(CleatEnv* env, void* data) {
  (void)data;
  if (env->wrappers == NULL) return;
  env->wrappers->scheduled = false;
  finalize_due(env->wrappers);
}

// What V8 calls in garbage collection, where finalizers cannot run: they may free other handles.
static void collected(void* data) {
  Wrapper* wrapper = data;
  CleatWrappers* wrappers = wrapper->env->wrappers;
  cleat__handle_clear(wrapper->handle);
  wrapper->handle = NULL;
  if (!wrapper->due) {
    wrapper->due = true;
    wrapper->next_due = wrappers->due;
    wrappers->due = wrapper;
  }
  if (wrappers->scheduled) return;
  wrappers->scheduled = cleat__dispatch_internal(wrapper->env->runtime, finalize_task, NULL, NULL);
}

// Takes the native object from a wrapper that is still there: calls of its methods throw from then on.
static void detach(Wrapper* wrapper) {
  if (wrapper->handle == NULL || cleat__is_lost(wrapper->env->runtime)) return;
  CleatValue* value = cleat__handle_value(wrapper->env->engine, wrapper->handle);
  if (value != NULL) cleat__set_native(value, NULL);
}

void cleat__wrappers_close(CleatEnv* env) {
  CleatWrappers* wrappers = env->wrappers;
  if (wrappers == NULL) return;
  for (size_t i = 0; i < wrappers->capacity; i++) {
    while (wrappers->buckets[i] != NULL) {
      Wrapper* wrapper = wrappers->buckets[i];
      wrappers->buckets[i] = wrapper->next;
      cleat__count(&env->runtime->counts.objects, -1);
      detach(wrapper);
      finalize(wrapper);
    }
  }
  env->wrappers = NULL;
  free(wrappers->buckets);
  free(wrappers);
}

bool cleat__wrappers_describe(const CleatEnv* env, char* out, size_t size) {
  const CleatWrappers* wrappers = env->wrappers;
  if (wrappers == NULL || wrappers->count == 0) return false;
  int length = snprintf(out, size, "%zu native object%s: ", wrappers->count, wrappers->count == 1 ? "" : "s");
  bool first = true;
  for (size_t i = 0; i < wrappers->capacity; i++) {
    for (const Wrapper* it = wrappers->buckets[i]; it != NULL && (size_t)length < size; it = it->next) {
      length += snprintf(out + length, size - (size_t)length, "%s%s", first ? "" : ", ", it->type->name);
      first = false;
    }
  }
  return true;
}

// WRAPPING

// Returns the table, made on first use; NULL when memory is short.
static CleatWrappers* table(CleatEnv* env) {
  if (env->wrappers == NULL) env->wrappers = calloc(1, sizeof(CleatWrappers));
  return env->wrappers;
}

// Makes `value` the wrapper of `object`, which is known by `known` or, where that is NULL, not yet. On failure the
// object is finalized, as if its wrapper had been collected at once.
//
// Then others that are due are finalized: a script that makes objects in one long run would otherwise keep the native
// ones of all that it dropped. Not before: `object` itself may be due, and has come back.
static bool attach(CleatEnv* env, Wrapper* known, const CleatClass* type, void* object, CleatValue* value) {
  Wrapper* wrapper = known != NULL ? known : insert(env, type, object);
  if (wrapper == NULL) {
    give_back(env, type, object);
    cleat_throw_range(env, "out of memory");
    return false;
  }
  wrapper->handle = cleat__handle_place(env->engine, &wrapper->space, value);
  cleat__set_native(value, wrapper);
  cleat__handle_set_weak(wrapper->handle, collected, wrapper);
  finalize_due(env->wrappers);
  return (root_of(type)->flags & CLEAT_ERROR_PROTOTYPE) == 0 || cleat__wrap_exception(env, type, object, value);
}

CleatValue* cleat__find_wrapper(CleatEnv* env, const CleatClass* type, const void* object) {
  const Wrapper* known = env->wrappers == NULL ? NULL : find(env->wrappers, type, object);
  return known == NULL || known->handle == NULL ? NULL : cleat__handle_value(env->engine, known->handle);
}

CleatValue* cleat_wrap(CleatEnv* env, const CleatClass* type, void* object) {
  if (env->pending) return NULL;
  if (object == NULL) return cleat__null(env->engine);
  CleatWrappers* wrappers = table(env);
  Wrapper* known = wrappers == NULL ? NULL : find(wrappers, type, object);
  if (known != NULL && known->handle != NULL) return cleat__handle_value(env->engine, known->handle);
  CleatTemplate* template_ = cleat__class_template(env, type);
  CleatValue* value = template_ == NULL ? NULL : cleat__instantiate(env->engine, template_);
  if (value == NULL || wrappers == NULL) {
    if (known == NULL) give_back(env, type, object);
    return cleat__fail(env);
  }
  return attach(env, known, type, object, value) ? value : NULL;
}

CleatValue* cleat_wrap_required(CleatEnv* env, const CleatClass* type, void* object) {
  if (object != NULL || env->pending) return cleat_wrap(env, type, object);
  cleat_throw_error(env, "There is no %s where one must be", type->name);
  return NULL;
}

void cleat_return_object(CleatCall* call, const CleatClass* type, void* object) {
  if (object == NULL) {
    cleat__return_null(call);
    return;
  }
  cleat_return(call, cleat_wrap(cleat_env(call), type, object));
}

void cleat_return_object_required(CleatCall* call, const CleatClass* type, void* object) {
  if (object != NULL) {
    cleat_return(call, cleat_wrap(cleat_env(call), type, object));
    return;
  }
  cleat_env(call);
  cleat__call_throw(call, CLEAT_THROW_ERROR, "it gave no %s.", type->name);
}

bool cleat_require_new(CleatCall* call, const CleatClass* type, const void* object) {
  CleatEnv* env = cleat_env(call);
  if (object == NULL || cleat__find_wrapper(env, type, object) == NULL) return true;
  cleat__call_throw(call, CLEAT_THROW_ERROR, "it gave a %s that is not new.", type->name);
  return false;
}

// What `new` makes by a [LegacyFactoryFunction], or of an object that its constructor has wrapped (to keep values in it),
// is a wrapper of its own making rather than `this`, with the prototype that `new` wants.
static void return_wrapper(CleatCall* call, CleatEnv* env, const CleatClass* type, void* object) {
  CleatValue* value = cleat_wrap(env, type, object);
  if (value == NULL) return;
  CleatEngine* engine = env->engine;
  CleatValue* wanted = cleat__get(engine, cleat__new_target(call), cleat__interned(engine, "prototype"));
  if (!cleat__ran(env, wanted != NULL)) return;
  if (cleat__is_object(wanted) && !cleat__strict_equals(wanted, cleat__prototype(engine, value)) &&
      !cleat__ran(env, cleat__set_prototype(engine, value, wanted))) {
    return;
  }
  cleat__return(call, value);
}

void cleat_return_new(CleatCall* call, const CleatClass* type, void* object) {
  CleatEnv* env = cleat__call_host(call);
  if (env->pending) return;
  if (object == NULL) {
    cleat_throw_error(env, "Failed to construct '%s'", type->name);
    return;
  }
  CleatWrappers* wrappers = table(env);
  Wrapper* known = wrappers == NULL ? NULL : find(wrappers, type, object);
  if (cleat__call_data(call) != type || (known != NULL && known->handle != NULL)) {
    return_wrapper(call, env, type, object);
  } else if (wrappers != NULL) {
    attach(env, known, type, object, cleat__this(call));
  } else {
    give_back(env, type, object);
    cleat_throw_range(env, "out of memory");
  }
}

// UNWRAPPING

static inline void* unwrap(CleatValue* value, const CleatClass* type) {
  const Wrapper* wrapper = cleat__native(value);
  if (wrapper == NULL) return NULL;
  return wrapper->type == type || cleat__class_inherits(wrapper->type, type) ? wrapper->object : NULL;
}

void* cleat__unwrap_any(CleatValue* value, const CleatClass** type) {
  const Wrapper* wrapper = cleat__is_object(value) ? cleat__native(value) : NULL;
  if (wrapper == NULL) return NULL;
  *type = wrapper->type;
  return wrapper->object;
}

void* cleat_unwrap(CleatEnv* env, CleatValue* value, const CleatClass* type) {
  (void)env;
  return value != NULL && cleat__is_object(value) ? unwrap(value, type) : NULL;
}

void* cleat_this(CleatCall* call, const CleatClass* type) {
  void* object = unwrap(cleat__this(call), type);
  if (object == NULL) cleat__throw_illegal_invocation(call, type);
  return object;
}

// V8 has seen to it that the receiver is of the class.
void* cleat_fast_this(CleatValue* receiver) {
  const Wrapper* wrapper = cleat__native(receiver);
  return wrapper == NULL ? NULL : wrapper->object;
}

void* cleat_lenient_this(CleatCall* call, const CleatClass* type) { return unwrap(cleat__this(call), type); }

void* cleat_input_interface(const CleatInput* input, const CleatClass* type) {
  void* object = cleat_unwrap(input->env, input->value, type);
  if (object == NULL) cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a %s", type->name);
  if (object == NULL || input->env->converting == NULL) return object;
  return cleat__job_keep(input) ? object : NULL;
}

void* cleat_arg_object(CleatCall* call, int index, const CleatClass* type) {
  CleatValue* value = cleat__arg(call, index);
  void* object = cleat__is_object(value) ? unwrap(value, type) : NULL;
  if (object != NULL) return object;
  CleatInput input = cleat_arg(call, index, NULL);
  return cleat_input_interface(&input, type);
}
