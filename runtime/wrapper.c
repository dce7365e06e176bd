// Wrappers: the JavaScript objects that stand for native ones. A native object has one wrapper as long as that lives,
// and is finalized once: after its wrapper was collected or disposed, or when the runtime closes.
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "class.h"
#include "convert.h"
#include "message.h"
#include "pool.h"
#include "runtime.h"

// One native object that belongs to JavaScript; the native pointer of its wrapper points here. There may be millions of
// them, so that what few classes need is not in all.
typedef struct Wrapper {
  const CleatClass* type;
  void* object;              // NULL once it was disposed
  CleatWeak weak;            // the JavaScript object; empty once that was collected
  struct Wrapper* next;      // in its bucket
  struct Wrapper* next_due;  // in the list of due ones, the last of which points to itself: it was collected, and may
                             // have been wrapped anew since; NULL where it is not due
} Wrapper;

// One of a class that has [Dispose] or [ExternalMemory]. It lives until the object is finalized and, where that was by
// disposing, its JavaScript object was collected.
typedef struct Extended {
  Wrapper wrapper;
  void* kept;                       // the object, until it is finalized
  size_t external;                  // bytes that are counted for it
  struct Extended* next_disposed;   // in one of the two lists of disposed ones
  struct Extended** disposed_link;  // what points to this one there; NULL for those that were not disposed
} Extended;

// By object, and at most half full, so that most are found at once. Two interfaces without a common ancestor may wrap
// one address: a struct and the first field of it.
struct CleatWrappers {
  CleatWeakOwner owner;  // of their weak handles, which is_of compares with the table
  CleatEnv* env;
  Wrapper** buckets;
  size_t capacity;  // a power of two, or 0
  size_t count;
  CleatPool pool;  // what the wrappers are from
  CleatPool extended_pool;
  Wrapper* due;  // the first and the last of those, in the order in which they were made
  Wrapper* last_due;
  Extended* disposed;  // to be finalized when C has no use for them any more
  Extended* empty;     // finalized, and left to tell scripts so
  bool scheduled;      // a task will finalize what is due
};

// Returns whether the wrappers of a class are extended ones.
static bool is_extended(const CleatClass* type) {
  while (type != NULL && type->external_memory == NULL && (type->flags & CLEAT_DISPOSABLE) == 0) type = type->parent;
  return type != NULL;
}

static Extended* extended(Wrapper* wrapper) { return is_extended(wrapper->type) ? (Extended*)wrapper : NULL; }

// Returns the object, also where it was disposed; NULL once it is finalized. Only what is extended can be disposed.
static void* kept_by(const Wrapper* wrapper) {
  return wrapper->object != NULL ? wrapper->object : ((const Extended*)wrapper)->kept;
}

// Returns whether a wrapper belongs to this runtime, and not to another one that is attached to the isolate, too: that
// finalizes it when it closes, whoever uses it then.
static bool is_of(const CleatEnv* env, const Wrapper* wrapper) {
  return (const void*)wrapper->weak.owner == (const void*)env->wrappers;
}

// Returns the wrapper behind an object of this runtime; NULL for all other objects.
static Wrapper* wrapper_of(const CleatEnv* env, CleatValue* object) {
  Wrapper* wrapper = cleat__native(object);
  return wrapper != NULL && is_of(env, wrapper) ? wrapper : NULL;
}

// THE TABLE

static const CleatClass* root_of(const CleatClass* type) {
  while (type->parent != NULL) type = type->parent;
  return type;
}

// The pages of memory are scattered; what is side by side in one is so here, too: objects that are made one after the
// other, and die so, are then found without a miss of the cache for each.
static size_t bucket_of(const void* object, size_t capacity) {
  uint64_t page = ((uintptr_t)object >> 12) * UINT64_C(0x9E3779B97F4A7C15) >> 32;
  return (size_t)(page + ((uintptr_t)object >> 5 & 127)) & (capacity - 1);
}

static Wrapper* find(const CleatWrappers* wrappers, const CleatClass* type, const void* object) {
  if (wrappers->capacity == 0) return NULL;
  const CleatClass* root = root_of(type);
  Wrapper* it = wrappers->buckets[bucket_of(object, wrappers->capacity)];
  while (it != NULL && (kept_by(it) != object || root_of(it->type) != root)) it = it->next;
  return it;
}

static CLEAT_APART bool make_room(CleatWrappers* wrappers) {
  size_t capacity = wrappers->capacity == 0 ? 64 : wrappers->capacity * 2;
  Wrapper** buckets = calloc(capacity, sizeof(Wrapper*));
  if (buckets == NULL) return false;
  for (size_t i = 0; i < wrappers->capacity; i++) {
    for (Wrapper *it = wrappers->buckets[i], *next; it != NULL; it = next) {
      next = it->next;
      Wrapper** bucket = &buckets[bucket_of(kept_by(it), capacity)];
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
  if (wrappers->count >= wrappers->capacity / 2 && !make_room(wrappers)) return NULL;
  const bool extends = is_extended(type);
  Wrapper* wrapper = cleat__pool_take(extends ? &wrappers->extended_pool : &wrappers->pool);
  if (wrapper == NULL) return NULL;
  Wrapper** bucket = &wrappers->buckets[bucket_of(object, wrappers->capacity)];
  const Wrapper made = {.type = type, .object = object, .next = *bucket};
  if (extends) {
    *(Extended*)wrapper = (Extended){.wrapper = made, .kept = object};
  } else {
    *wrapper = made;
  }
  *bucket = wrapper;
  wrappers->count++;
  cleat__count(&env->runtime->counts.objects, 1);
  return wrapper;
}

static void take_out(CleatWrappers* wrappers, Wrapper* wrapper) {
  Wrapper** link = &wrappers->buckets[bucket_of(kept_by(wrapper), wrappers->capacity)];
  while (*link != wrapper) link = &(*link)->next;
  *link = wrapper->next;
  wrappers->count--;
  cleat__count(&wrappers->env->runtime->counts.objects, -1);
}

// Gives an object back to its author, outside of any task or call: finalizers cannot run JavaScript.
static void give_back(CleatEnv* env, const CleatClass* type, void* object) {
  int depth = env->depth;
  cleat__set_depth(env, 0);
  if (type->finalize != NULL) type->finalize(object);
  cleat__set_depth(env, depth);
}

// DISPOSED ONES. They are finalized when nothing of C's can use them any more; then nothing is left of them but what
// tells scripts that they were disposed, until their JavaScript objects are collected.

static void link_disposed(Extended** list, Extended* it) {
  it->next_disposed = *list;
  it->disposed_link = list;
  if (*list != NULL) (*list)->disposed_link = &it->next_disposed;
  *list = it;
}

static void unlink_disposed(Extended* it) {
  if (it->disposed_link == NULL) return;
  *it->disposed_link = it->next_disposed;
  if (it->next_disposed != NULL) it->next_disposed->disposed_link = it->disposed_link;
  it->disposed_link = NULL;
}

static void free_wrapper(CleatWrappers* wrappers, Wrapper* wrapper) {
  Extended* more = extended(wrapper);
  if (more != NULL) unlink_disposed(more);
  cleat__weak_clear(wrappers->env->engine, &wrapper->weak);
  cleat__pool_give(more != NULL ? &wrappers->extended_pool : &wrappers->pool, wrapper);
}

// FINALIZING

// Gives up an extended wrapper of which JavaScript still has its side: it is left to tell scripts so.
static void empty(CleatWrappers* wrappers, Extended* it) {
  it->kept = NULL;
  it->external = 0;
  unlink_disposed(it);
  link_disposed(&wrappers->empty, it);
}

// What is freed first cannot be found again, whatever the finalizer does.
static void finalize(CleatWrappers* wrappers, Wrapper* wrapper) {
  CleatEnv* env = wrappers->env;
  Extended* more = extended(wrapper);
  const CleatClass* type = wrapper->type;
  void* object = kept_by(wrapper);
  size_t external = more != NULL ? more->external : 0;
  if (more != NULL && more->disposed_link != NULL && !cleat__weak_is_empty(&wrapper->weak)) {
    empty(wrappers, more);
  } else {
    free_wrapper(wrappers, wrapper);
  }
  if (external > 0 && !cleat__is_lost(env->runtime)) {
    cleat__adjust_external_memory(env->engine, -(int64_t)external);
  }
  give_back(env, type, object);
}

static CLEAT_APART void finalize_due(CleatWrappers* wrappers) {
  while (wrappers->due != NULL) {
    Wrapper* wrapper = wrappers->due;
    wrappers->due = wrapper->next_due == wrapper ? NULL : wrapper->next_due;
    wrapper->next_due = NULL;
    if (!cleat__weak_is_empty(&wrapper->weak)) continue;  // wrapped anew
    if (kept_by(wrapper) == NULL) {                       // and then disposed
      free_wrapper(wrappers, wrapper);
      continue;
    }
    take_out(wrappers, wrapper);
    finalize(wrappers, wrapper);
  }
}

// Finalizes those that were disposed, but for what C holds.
static void finalize_disposed(CleatEnv* env) {
  CleatWrappers* wrappers = env->wrappers;
  for (Extended *it = wrappers->disposed, *next; it != NULL; it = next) {
    next = it->next_disposed;
    // One that was collected is due.
    CleatValue* value = cleat__weak_value(env->engine, &it->wrapper.weak);
    if (value == NULL || cleat__refs_hold(env, value) || cleat__promises_hold(env, value)) continue;
    take_out(wrappers, &it->wrapper);
    finalize(wrappers, &it->wrapper);
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
  if (cleat__entered(env->engine) == 0) finalize_disposed(env);
}

static void schedule(CleatEnv* env) {
  CleatWrappers* wrappers = env->wrappers;
  if (wrappers->scheduled) return;
  wrappers->scheduled = cleat__dispatch_internal(env->runtime, finalize_task, NULL, NULL);
}

void cleat__finalize_later(CleatEnv* env) {
  if (env->wrappers != NULL && env->wrappers->disposed != NULL) schedule(env);
}

// What V8 calls in garbage collection, where finalizers cannot run: they may free other handles.
static void collected(CleatWeakOwner* owner, CleatWeak* weak) {
  Wrapper* wrapper = (Wrapper*)((char*)weak - offsetof(Wrapper, weak));
  CleatWrappers* wrappers = (CleatWrappers*)((char*)owner - offsetof(CleatWrappers, owner));
  if (kept_by(wrapper) == NULL && wrapper->next_due == NULL) {
    free_wrapper(wrappers, wrapper);
    return;
  }
  if (wrapper->next_due == NULL) {
    wrapper->next_due = wrapper;
    if (wrappers->due == NULL) {
      wrappers->due = wrapper;
    } else {
      wrappers->last_due->next_due = wrapper;
    }
    wrappers->last_due = wrapper;
  }
  schedule(wrappers->env);
}

// Takes the native object from a wrapper that is still there: calls of its methods throw from then on.
static void detach(CleatEnv* env, Wrapper* wrapper) {
  if (cleat__is_lost(env->runtime)) return;
  CleatValue* value = cleat__weak_value(env->engine, &wrapper->weak);
  if (value != NULL) cleat__set_native(value, NULL);
}

void cleat__wrappers_close(CleatEnv* env) {
  CleatWrappers* wrappers = env->wrappers;
  if (wrappers == NULL) return;
  while (wrappers->empty != NULL) {
    Wrapper* wrapper = &wrappers->empty->wrapper;
    detach(env, wrapper);
    free_wrapper(wrappers, wrapper);
  }
  for (size_t i = 0; i < wrappers->capacity; i++) {
    while (wrappers->buckets[i] != NULL) {
      Wrapper* wrapper = wrappers->buckets[i];
      wrappers->buckets[i] = wrapper->next;
      cleat__count(&env->runtime->counts.objects, -1);
      detach(env, wrapper);
      if (is_extended(wrapper->type)) unlink_disposed((Extended*)wrapper);
      finalize(wrappers, wrapper);
    }
  }
  env->wrappers = NULL;
  cleat__pool_trim(&wrappers->pool);
  cleat__pool_trim(&wrappers->extended_pool);
  free(wrappers->buckets);
  free(wrappers);
}

bool cleat__wrappers_describe(const CleatEnv* env, char* out, size_t size) {
  const CleatWrappers* wrappers = env->wrappers;
  if (wrappers == NULL || (wrappers->count == 0 && wrappers->empty == NULL)) return false;
  if (wrappers->count == 0) {
    snprintf(out, size, "a %s that was disposed", wrappers->empty->wrapper.type->name);
    return true;
  }
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

// EXTERNAL MEMORY

// Asks how many bytes `object` has; 0 where nobody knows.
static size_t external_memory_of(const CleatClass* type, void* object) {
  while (type != NULL && type->external_memory == NULL) type = type->parent;
  return type == NULL ? 0 : type->external_memory(object);
}

// Counts what `wrapper` has now. Throws a RangeError, and counts what was counted before, where it is too much. What is
// garbage is collected first then, and may be `wrapper`s of others, but not this one, which the caller uses.
static bool count_external(CleatEnv* env, Wrapper* wrapper) {
  Extended* more = extended(wrapper);
  if (more == NULL) return true;
  size_t size = external_memory_of(wrapper->type, more->kept);
  if (size == more->external) return true;
  if (!cleat_adjust_memory(env, (int64_t)size - (int64_t)more->external)) return false;
  more->external = size;
  return true;
}

bool cleat_external_memory_changed(CleatEnv* env, const CleatClass* type, void* object) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  Wrapper* wrapper = env->wrappers == NULL ? NULL : find(env->wrappers, type, object);
  return wrapper == NULL || count_external(env, wrapper);
}

// DISPOSING

bool cleat__is_disposed(CleatEnv* env, CleatValue* value, const CleatClass** type) {
  const Wrapper* wrapper = value != NULL && cleat__is_object(value) ? wrapper_of(env, value) : NULL;
  if (wrapper == NULL || wrapper->object != NULL) return false;
  *type = wrapper->type;
  return true;
}

// What has [Dispose] has as its [Symbol.dispose]. At once where JavaScript calls it, and that was called by Cleat
// itself: then nothing of the program's is under way that may use the object.
void cleat__dispose(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  const CleatClass* type = cleat__call_data(call);
  CleatValue* self = cleat__this(call);
  Wrapper* wrapper = cleat__is_object(self) ? wrapper_of(env, self) : NULL;
  if (wrapper == NULL || !cleat__class_inherits(wrapper->type, type)) {
    cleat_throw_type(env, "Illegal invocation: '[Symbol.dispose]' was called on an object that is not a %s",
                     type->name);
    return;
  }
  if (wrapper->object == NULL) return;
  wrapper->object = NULL;
  link_disposed(&env->wrappers->disposed, (Extended*)wrapper);
  if (cleat__entered(env->engine) == 1) {
    finalize_disposed(env);
  } else {
    schedule(env);
  }
}

// THE GLOBAL OBJECT, whose native object is the runtime

const CleatClass cleat_global_scope_class = {
    .name = "CleatGlobalScope",
    .flags = CLEAT_NO_INTERFACE_OBJECT,
};

static inline bool is_of_global(const CleatClass* type) {
  return type == &cleat_global_scope_class || type->parent == &cleat_global_scope_class;
}

static CLEAT_APART void* unwrap_global(CleatEnv* env, CleatValue* value) {
  return cleat__strict_equals(value, cleat__global(env->engine)) ? env->runtime : NULL;
}

static CLEAT_APART CleatValue* wrap_global(CleatEnv* env, const void* object) {
  if (object == env->runtime) return cleat__global(env->engine);
  cleat_throw_error(env, "The CleatGlobalScope is that of another runtime");
  return NULL;
}

// WRAPPING

// Returns the table, made on first use; NULL when memory is short.
static CleatWrappers* table(CleatEnv* env) {
  if (env->wrappers != NULL) return env->wrappers;
  CleatWrappers* made = malloc(sizeof(*made));
  if (made == NULL) return NULL;
  *made = (CleatWrappers){
      .owner.collected = collected, .env = env, .pool.size = sizeof(Wrapper), .extended_pool.size = sizeof(Extended)};
  return env->wrappers = made;
}

static bool is_wrapped(const Wrapper* known) { return known != NULL && !cleat__weak_is_empty(&known->weak); }

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
  cleat__set_native(value, wrapper);
  cleat__weak_set(env->engine, &wrapper->weak, value, &env->wrappers->owner);
  if (env->wrappers->due != NULL) finalize_due(env->wrappers);
  if (!count_external(env, wrapper)) {
    detach(env, wrapper);
    take_out(env->wrappers, wrapper);
    finalize(env->wrappers, wrapper);
    return false;
  }
  return (root_of(type)->flags & CLEAT_ERROR_PROTOTYPE) == 0 || cleat__wrap_exception(env, type, object, value);
}

CleatValue* cleat__find_wrapper(CleatEnv* env, const CleatClass* type, const void* object) {
  if (is_of_global(type)) return wrap_global(env, object);
  const Wrapper* known = env->wrappers == NULL ? NULL : find(env->wrappers, type, object);
  return known == NULL ? NULL : cleat__weak_value(env->engine, &known->weak);
}

CleatValue* cleat_wrap(CleatEnv* env, const CleatClass* type, void* object) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  if (object == NULL) return cleat__null(env->engine);
  if (is_of_global(type)) return wrap_global(env, object);
  CleatWrappers* wrappers = table(env);
  Wrapper* known = wrappers == NULL ? NULL : find(wrappers, type, object);
  if (is_wrapped(known)) return cleat__weak_value(env->engine, &known->weak);
  CleatTemplate* template_ = cleat__class_template(env, type);
  CleatValue* value = template_ == NULL ? NULL : cleat__instantiate(env->engine, template_);
  if (value == NULL || wrappers == NULL) {
    if (known == NULL) give_back(env, type, object);
    return cleat__fail(env);
  }
  return attach(env, known, type, object, value) ? value : NULL;
}

CleatValue* cleat_wrap_required(CleatEnv* env, const CleatClass* type, void* object) {
  CLEAT_CHECK_ENV(env);
  if (object != NULL || env->pending) return cleat_wrap(env, type, object);
  cleat_throw_error(env, "There is no %s where one must be", type->name);
  return NULL;
}

// Returns the environment, as cleat_env does, for what gives back what a hook has made. That would be lost where this
// asked whether what runs is to end.
static CleatEnv* after_hook(CleatCall* call) {
  CleatEnv* env = cleat__call_host(call);
  env->pending = false;
  return env;
}

void cleat_return_object(CleatCall* call, const CleatClass* type, void* object) {
  if (object == NULL) {
    cleat__return_null(call);
    return;
  }
  cleat_return(call, cleat_wrap(after_hook(call), type, object));
}

void cleat_return_object_required(CleatCall* call, const CleatClass* type, void* object) {
  if (object != NULL) {
    cleat_return(call, cleat_wrap(after_hook(call), type, object));
    return;
  }
  after_hook(call);
  cleat__call_throw(call, CLEAT_THROW_ERROR, "it gave no %s.", type->name);
}

bool cleat_require_new(CleatCall* call, const CleatClass* type, const void* object) {
  CleatEnv* env = after_hook(call);
  if (object == NULL || cleat__find_wrapper(env, type, object) == NULL) return true;
  cleat__call_throw(call, CLEAT_THROW_ERROR, "it gave a %s that is not new.", type->name);
  return false;
}

// Gives the `this` of a [LegacyFactoryFunction], which is no instance, the prototype that an instance is to have; the
// constructor of the class has done so by itself.
static bool mend_prototype(CleatCall* call, CleatEnv* env, const CleatClass* type) {
  if (cleat__call_data(call) == type) return true;
  CleatTemplate* template_ = cleat__class_template(env, type);
  return template_ != NULL && cleat__ran(env, cleat__mend_prototype(env->engine, call, template_));
}

// What `new` makes by a [LegacyFactoryFunction], or of an object that its constructor has wrapped (to keep values in
// it), is a wrapper of its own making rather than `this`, with the prototype that `this` has of `new`.
static CLEAT_APART void return_wrapper(CleatCall* call, CleatEnv* env, const CleatClass* type, void* object) {
  CleatValue* value = cleat_wrap(env, type, object);
  if (value == NULL || !mend_prototype(call, env, type)) return;
  CleatEngine* engine = env->engine;
  CleatValue* wanted = cleat__prototype(engine, cleat__this(call));
  if (!cleat__strict_equals(wanted, cleat__prototype(engine, value)) &&
      !cleat__ran(env, cleat__set_prototype(engine, value, wanted))) {
    return;
  }
  cleat__return(call, value);
}

CLEAT_HOT void cleat_return_new(CleatCall* call, const CleatClass* type, void* object) {
  CleatEnv* env = cleat__call_host(call);
  if (env->pending) return;
  if (object == NULL) {
    cleat__call_throw(call, CLEAT_THROW_ERROR, "it gave no %s.", type->name);
    return;
  }
  CleatWrappers* wrappers = table(env);
  Wrapper* known = wrappers == NULL ? NULL : find(wrappers, type, object);
  if (cleat__call_data(call) != type || is_wrapped(known)) {
    return_wrapper(call, env, type, object);
  } else if (wrappers != NULL) {
    attach(env, known, type, object, cleat__this(call));
  } else {
    give_back(env, type, object);
    cleat_throw_range(env, "out of memory");
  }
}

// UNWRAPPING

static inline void* unwrap(CleatEnv* env, CleatValue* value, const CleatClass* type) {
  const Wrapper* wrapper = wrapper_of(env, value);
  if (wrapper == NULL) return is_of_global(type) ? unwrap_global(env, value) : NULL;
  return wrapper->type == type || cleat__class_inherits(wrapper->type, type) ? wrapper->object : NULL;
}

void* cleat__unwrap_any(CleatEnv* env, CleatValue* value, const CleatClass** type) {
  const Wrapper* wrapper = cleat__is_object(value) ? cleat__native(value) : NULL;
  if (wrapper == NULL || (env != NULL && !is_of(env, wrapper))) return NULL;
  *type = wrapper->type;
  return wrapper->object;
}

void* cleat_unwrap(CleatEnv* env, CleatValue* value, const CleatClass* type) {
  CLEAT_CHECK_ENV(env);
  return value != NULL && cleat__is_object(value) ? unwrap(env, value, type) : NULL;
}

bool cleat__is_of_other_runtime(CleatEnv* env, CleatValue* value, const CleatClass* type) {
  const Wrapper* wrapper = cleat__is_object(value) ? cleat__native(value) : NULL;
  return wrapper != NULL && !is_of(env, wrapper) && cleat__class_inherits(wrapper->type, type);
}

static CLEAT_APART void* this_of_other(CleatCall* call, const CleatClass* type) {
  void* object = unwrap(cleat__call_host(call), cleat__this(call), type);
  if (object == NULL) cleat__throw_illegal_invocation(call, type);
  return object;
}

static CLEAT_APART void* this_unless_ended(CleatCall* call, const CleatClass* type) {
  return cleat_ends(call) ? NULL : this_of_other(call, type);
}

// Calls nothing but as its last step, so that it need not keep anything across a call.
CLEAT_HOT void* cleat_this(CleatCall* call, const CleatClass* type) {
  if (cleat_may_end()) return this_unless_ended(call, type);
  const Wrapper* wrapper = cleat__this_native_at_hand(call);
  if (wrapper != NULL && wrapper->type == type && wrapper->object != NULL && is_of(cleat__call_host(call), wrapper)) {
    return wrapper->object;
  }
  return this_of_other(call, type);
}

// V8 has seen to it that the receiver is of the class.
CLEAT_HOT void* cleat_fast_this(CleatValue* receiver) {
  const Wrapper* wrapper = cleat__native(receiver);
  return wrapper == NULL ? NULL : wrapper->object;
}

void* cleat_lenient_this(CleatCall* call, const CleatClass* type) {
  const CleatClass* disposed;
  CleatEnv* env = cleat__call_host(call);
  void* object = unwrap(env, cleat__this(call), type);
  if (object == NULL && cleat__is_disposed(env, cleat__this(call), &disposed)) {
    cleat__throw_illegal_invocation(call, type);
  }
  return object;
}

void* cleat_input_interface(const CleatInput* input, const CleatClass* type) {
  void* object = cleat_unwrap(input->env, input->value, type);
  const CleatClass* disposed;
  if (object == NULL && cleat__is_disposed(input->env, input->value, &disposed)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is a %s that was disposed", disposed->name);
  } else if (object == NULL && cleat__is_of_other_runtime(input->env, input->value, type)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is a %s of another runtime", type->name);
  } else if (object == NULL) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a %s", type->name);
  }
  if (object == NULL || input->env->converting == NULL) return object;
  return cleat__job_keep(input) ? object : NULL;
}

void* cleat_arg_object(CleatCall* call, int index, const CleatClass* type) {
  CleatValue* value = cleat__arg(call, index);
  void* object = cleat__is_object(value) ? unwrap(cleat__call_host(call), value, type) : NULL;
  if (object != NULL) return object;
  CleatInput input = cleat_arg(call, index, NULL);
  return cleat_input_interface(&input, type);
}
