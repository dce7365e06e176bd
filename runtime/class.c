// Installing bindings: interfaces, namespaces and functions become lazy properties of the global object, and are built
// at their first use.
#include "class.h"

#include <stdlib.h>
#include <string.h>

#include "attach.h"
#include "convert.h"
#include "count_calls.h"
#include "globals.h"
#include "message.h"
#include "runtime.h"

// One class that has been used, by its address.
typedef struct Entry {
  const CleatClass* type;  // NULL for a free entry
  CleatTemplate* template_;
} Entry;

struct CleatClasses {
  Entry* entries;   // open addressing
  size_t capacity;  // a power of two, or 0
  size_t count;
  const CleatBindings** bindings;  // what was installed
  size_t binding_count;
};

// THE TABLE

static bool ensure_classes(CleatEnv* env) {
  if (env->classes == NULL) env->classes = calloc(1, sizeof(CleatClasses));
  return env->classes != NULL;
}

// Returns the entry of `type`, or the free one where it belongs. There is always one free.
static Entry* find(Entry* entries, size_t capacity, const CleatClass* type) {
  size_t at = ((uintptr_t)type >> 4) & (capacity - 1);
  while (entries[at].type != NULL && entries[at].type != type) at = (at + 1) & (capacity - 1);
  return &entries[at];
}

static bool grow(CleatClasses* classes) {
  if (classes->count * 2 < classes->capacity) return true;
  size_t capacity = classes->capacity == 0 ? 16 : classes->capacity * 2;
  Entry* entries = calloc(capacity, sizeof(Entry));
  if (entries == NULL) return false;
  for (size_t i = 0; i < classes->capacity; i++) {
    const Entry* old = &classes->entries[i];
    if (old->type != NULL) *find(entries, capacity, old->type) = *old;
  }
  free(classes->entries);
  classes->entries = entries;
  classes->capacity = capacity;
  return true;
}

// Returns the template of a class that has been used, or NULL.
static CleatTemplate* known_template(const CleatEnv* env, const CleatClass* type) {
  const CleatClasses* classes = env->classes;
  return classes != NULL && classes->capacity > 0 ? find(classes->entries, classes->capacity, type)->template_ : NULL;
}

// CALLING

bool cleat__env_grants(CleatEnv* env, const char* capability) {
  return cleat__is_granted(cleat__runtime_options(env->runtime), capability);
}

static void call_promising(CleatCall* call) {
  const CleatMember* member = cleat__call_data(call);
  cleat__try_promising(call, member->call);
}

static CleatNative plain_native(const CleatMember* member) {
  return (member->flags & CLEAT_PROMISING) != 0 ? call_promising : member->call;
}

static void throw_without_new(CleatCall* call) {
  cleat__call_throw(call, CLEAT_THROW_TYPE_ERROR,
                    "Please use the 'new' operator, this object constructor cannot be called as a function.");
}

// What is called for `new X` and for `X()` alike. Web IDL "interface object", steps of "create an interface object".
static CLEAT_HOT void js_construct(CleatCall* call) {
  const CleatClass* type = cleat__call_data(call);
  CleatEnv* env = cleat_env(call);
  if (env->pending) return;  // it is to end, and what it made would be lost
  if (type->construct == NULL) {
    cleat__call_throw(call, CLEAT_THROW_TYPE_ERROR, "Illegal constructor");
  } else if (!cleat__is_construct_call(call)) {
    throw_without_new(call);
  } else {
    CleatTemplate* template_ = cleat__class_template(env, type);
    bool mended = template_ != NULL && cleat__mend_prototype(env->engine, call, template_);
    // `new.target` may be a proxy, whose handler has run.
    if (cleat__ran(env, mended)) type->construct(call);
  }
}

// What is called for `new Image` and for `Image()`, where Image is a factory.
static void js_construct_by_factory(CleatCall* call) {
  const CleatMember* factory = cleat__call_data(call);
  if (cleat_env(call)->pending) return;
  if (cleat__is_construct_call(call)) {
    factory->call(call);
  } else {
    throw_without_new(call);
  }
}

// COUNTED CALLS, where the host has asked for that

static bool counts_calls(const CleatEnv* env) { return cleat__runtime_options(env->runtime)->count_calls; }

static void counted_operation(CleatCall* call) {
  cleat__count_operation(call);
  plain_native(cleat__call_data(call))(call);
}

static void counted_get(CleatCall* call) {
  cleat__count_get(call);
  plain_native(cleat__call_data(call))(call);
}

static void counted_set(CleatCall* call) {
  cleat__count_set(call);
  const CleatMember* member = cleat__call_data(call);
  member->set(call);
}

static void counted_construct(CleatCall* call) {
  cleat__count_construct(call);
  js_construct(call);
}

static void counted_factory(CleatCall* call) {
  cleat__count_construct(call);
  js_construct_by_factory(call);
}

static CleatNative native_of(const CleatEnv* env, const CleatMember* member) {
  if (!counts_calls(env)) return plain_native(member);
  return member->kind == CLEAT_OPERATION ? counted_operation : counted_get;
}

static CleatNative setter_of(const CleatEnv* env, const CleatMember* member) {
  return member->set != NULL && counts_calls(env) ? counted_set : member->set;
}

// A fast call goes by the native function.
static const CleatFast* fast_of(const CleatEnv* env, const CleatMember* member) {
  return counts_calls(env) ? NULL : member->fast;
}

// Returns whether instances of `type` may be such that can be disposed, of it or of a class that inherits from it. A
// member then has to be able to throw, which a fast call cannot.
static bool may_be_disposed(const CleatEnv* env, const CleatClass* type) {
  const CleatClasses* classes = env->classes;
  for (const CleatClass* it = type; it != NULL; it = it->parent) {
    if ((it->flags & CLEAT_DISPOSABLE) != 0) return true;
  }
  for (size_t i = 0; classes != NULL && i < classes->binding_count; i++) {
    for (size_t k = 0; k < classes->bindings[i]->class_count; k++) {
      const CleatClass* it = classes->bindings[i]->classes[k];
      if ((it->flags & CLEAT_DISPOSABLE) != 0 && cleat__class_inherits(it, type)) return true;
    }
  }
  return false;
}

// BUILDING

static CleatPlace place_of(const CleatClass* type, const CleatMember* member) {
  if ((member->flags & CLEAT_STATIC) != 0) return CLEAT_PLACE_FUNCTION;
  bool own = (member->flags & CLEAT_UNFORGEABLE) != 0 || (type->flags & CLEAT_GLOBAL) != 0;
  return own ? CLEAT_PLACE_INSTANCE : CLEAT_PLACE_PROTOTYPE;
}

static bool is_constant(const CleatMember* member) {
  return member->kind != CLEAT_OPERATION && member->kind != CLEAT_ATTRIBUTE;
}

// Returns the value of a constant; NULL where V8 has no BigInt so large. [throws]
static CleatValue* constant_of(CleatEnv* env, const CleatMember* member) {
  const CleatBigInt* bigint = member->bigint;
  if (member->kind == CLEAT_CONSTANT_BIGINT) {
    return cleat__bigint(env->engine, bigint->negative, bigint->words, bigint->count);
  }
  if (member->kind == CLEAT_CONSTANT_BOOLEAN) return cleat__boolean(env->engine, member->value != 0);
  return cleat__number(env->engine, member->value);
}

static void add_constant(CleatEnv* env, CleatTemplate* template_, const CleatMember* member) {
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  CleatValue* value = constant_of(env, member);
  if (value != NULL) cleat__template_constant(template_, member->name, value);
  cleat__scope_close(env->engine, &scope);
}

static void add_member(CleatEnv* env, CleatTemplate* template_, const CleatClass* type, const CleatMember* member,
                       bool disposable) {
  bool unforgeable = (member->flags & CLEAT_UNFORGEABLE) != 0;
  CleatNative native = native_of(env, member);
  switch (member->kind) {
    case CLEAT_OPERATION:
      if ((member->flags & (CLEAT_ITERATES | CLEAT_ITERATES_ASYNC)) != 0) {
        bool async = (member->flags & CLEAT_ITERATES_ASYNC) != 0;
        cleat__template_iterator(template_, place_of(type, member), async, member->name, member->length, native,
                                 member);
        break;
      }
      cleat__template_method(template_, place_of(type, member), member->name, member->length, native, member,
                             disposable ? NULL : fast_of(env, member),
                             unforgeable ? CLEAT_READ_ONLY | CLEAT_DONT_DELETE : 0);
      break;
    case CLEAT_ATTRIBUTE:
      cleat__template_accessor(template_, place_of(type, member), member->name, native, setter_of(env, member), member,
                               unforgeable ? CLEAT_DONT_DELETE : 0);
      break;
    case CLEAT_CONSTANT:
    case CLEAT_CONSTANT_BOOLEAN:
    case CLEAT_CONSTANT_BIGINT:
      add_constant(env, template_, member);
      break;
  }
}

// Which members the standard defines before which: those of an instance first, then those of the prototype and, with
// the constants, of the interface object. Web IDL "internally create a new object implementing the interface", "create
// an interface prototype object", "create an interface object".
typedef enum Group {
  UNFORGEABLE_OPERATIONS,
  UNFORGEABLE_ATTRIBUTES,
  GLOBAL_OPERATIONS,
  GLOBAL_ATTRIBUTES,
  ATTRIBUTES,
  OPERATIONS,
  ITERATION,
  CONSTANTS,
  STATIC_ATTRIBUTES,
  STATIC_OPERATIONS,
  GROUP_COUNT,
} Group;

static bool is_iterable(const CleatClass* type) {
  for (size_t i = 0; i < type->member_count; i++) {
    if ((type->members[i].flags & (CLEAT_ITERATES | CLEAT_ITERATES_ASYNC)) != 0) return true;
  }
  return false;
}

// Returns whether it has the name of a method that an iterable, async_iterable, maplike or setlike makes. Nothing else
// of such an interface may have one.
static bool has_name_of_iteration(const CleatMember* member) {
  static const char* const kNames[] = {"entries", "keys", "values", "forEach"};
  for (size_t i = 0; i < sizeof(kNames) / sizeof(kNames[0]); i++) {
    if (strcmp(member->name, kNames[i]) == 0) return true;
  }
  return false;
}

static Group group_of(const CleatClass* type, const CleatMember* member, bool iterable) {
  if (is_constant(member)) return CONSTANTS;
  bool attribute = member->kind == CLEAT_ATTRIBUTE;
  CleatPlace place = place_of(type, member);
  if (place == CLEAT_PLACE_FUNCTION) return attribute ? STATIC_ATTRIBUTES : STATIC_OPERATIONS;
  if ((member->flags & CLEAT_UNFORGEABLE) != 0) return attribute ? UNFORGEABLE_ATTRIBUTES : UNFORGEABLE_OPERATIONS;
  if (iterable && has_name_of_iteration(member)) return ITERATION;
  if (place == CLEAT_PLACE_INSTANCE) return attribute ? GLOBAL_ATTRIBUTES : GLOBAL_OPERATIONS;
  return attribute ? ATTRIBUTES : OPERATIONS;
}

// Web IDL "define the iteration methods", the steps for indexed properties and value iterators.
static void add_array_iteration(CleatTemplate* template_, const CleatClass* type) {
  if ((type->flags & CLEAT_INDEXED) == 0) return;
  cleat__template_intrinsic(template_, NULL, CLEAT_ARRAY_VALUES);
  if ((type->flags & CLEAT_VALUE_ITERABLE) == 0) return;
  cleat__template_intrinsic(template_, "entries", CLEAT_ARRAY_ENTRIES);
  cleat__template_intrinsic(template_, "keys", CLEAT_ARRAY_KEYS);
  cleat__template_intrinsic(template_, "values", CLEAT_ARRAY_VALUES);
  cleat__template_intrinsic(template_, "forEach", CLEAT_ARRAY_FOR_EACH);
}

// Adds the members of `type` that are in the groups from `first` to before `end`.
static void add_groups(CleatEnv* env, CleatTemplate* template_, const CleatClass* type, Group first, Group end) {
  bool disposable = may_be_disposed(env, type);
  bool iterable = is_iterable(type);
  for (Group group = first; group < end; group++) {
    if (group == ITERATION) add_array_iteration(template_, type);
    for (size_t i = 0; i < type->member_count; i++) {
      const CleatMember* member = &type->members[i];
      if (group_of(type, member, iterable) != group || !cleat__env_grants(env, member->capability)) continue;
      add_member(env, template_, type, member, disposable);
    }
  }
}

static void add_members(CleatEnv* env, CleatTemplate* template_, const CleatClass* type) {
  // Instances have the unforgeable members of the interfaces they inherit from, too.
  for (const CleatClass* it = type; it != NULL; it = it->parent) {
    add_groups(env, template_, it, UNFORGEABLE_OPERATIONS, GLOBAL_OPERATIONS);
  }
  add_groups(env, template_, type, GLOBAL_OPERATIONS, GROUP_COUNT);
}

// Returns the place of a class among those of all bindings, by which a snapshot has it; UINT32_MAX for none.
static uint32_t number_of(const CleatEnv* env, const CleatClass* type) {
  uint32_t number = 0;
  const CleatClasses* classes = env->classes;
  for (size_t i = 0; classes != NULL && i < classes->binding_count; i++) {
    for (size_t k = 0; k < classes->bindings[i]->class_count; k++, number++) {
      if (classes->bindings[i]->classes[k] == type) return number;
    }
  }
  return UINT32_MAX;
}

// Returns the template that came with a snapshot, or NULL.
static CleatTemplate* find_kept(CleatEnv* env, const CleatClass* type, CleatTemplate* parent) {
  return env->runtime->heap == NULL ? NULL : cleat__template_kept(env->engine, number_of(env, type), parent);
}

static CleatTemplate* build_template(CleatEnv* env, const CleatClass* type) {
  CleatTemplate* parent = NULL;
  if (type->parent != NULL) {
    parent = cleat__class_template(env, type->parent);
    if (parent == NULL) return NULL;
  }
  CleatTemplate* result = find_kept(env, type, parent);
  if (result != NULL) return result;
  CleatNative construct = counts_calls(env) && type->construct != NULL ? counted_construct : js_construct;
  result = cleat__template(env->engine, type->name, type->length, construct, type, parent, true);
  if (result == NULL) return cleat__fail(env);
  cleat__template_keep(result, number_of(env, type));
  add_members(env, result, type);
  const CleatClass* with_properties = type;
  while (with_properties != NULL && with_properties->properties == NULL) with_properties = with_properties->parent;
  if (with_properties != NULL) cleat__template_intercept(result, with_properties);
  if ((type->flags & CLEAT_IMMUTABLE_PROTOTYPE) != 0) {
    cleat__template_freeze_prototype(result, CLEAT_PLACE_PROTOTYPE);
    if ((type->flags & CLEAT_GLOBAL) != 0) cleat__template_freeze_prototype(result, CLEAT_PLACE_INSTANCE);
  }
  return cleat__finish_class(env, type, result) ? result : NULL;
}

static CLEAT_APART CleatTemplate* add_template(CleatEnv* env, const CleatClass* type) {
  CleatTemplate* result = build_template(env, type);
  if (result == NULL) return NULL;
  if (!ensure_classes(env) || !grow(env->classes)) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  *find(env->classes->entries, env->classes->capacity, type) = (Entry){type, result};
  env->classes->count++;
  return result;
}

CleatTemplate* cleat__class_template(CleatEnv* env, const CleatClass* type) {
  CleatTemplate* known = known_template(env, type);
  return known != NULL ? known : add_template(env, type);
}

// What a lazy property is.
enum {
  LAZY_CLASS,      // a CleatClass
  LAZY_OPERATION,  // a CleatMember
  LAZY_FACTORY,    // a CleatMember, of a [LegacyFactoryFunction]
  LAZY_NAMESPACE,  // a CleatNamespace
  LAZY_OTHER,      // a CleatLazy
};

static CleatValue* compute_class(CleatEnv* env, const CleatClass* type) {
  CleatTemplate* template_ = cleat__class_template(env, type);
  return template_ == NULL ? NULL : cleat__template_function(env->engine, template_);
}

static CleatValue* compute_operation(CleatEnv* env, const CleatMember* member) {
  if (fast_of(env, member) != NULL) {
    return cleat__fast_function(env->engine, member->name, member->length, member->call, member, member->fast);
  }
  return cleat__function(env->engine, member->name, member->length, native_of(env, member), member);
}

// Defines a method that is there under a symbol, too: the same function.
static bool define_iterator(CleatEnv* env, CleatValue* object, const CleatMember* member) {
  CleatEngine* engine = env->engine;
  CleatValue* function = compute_operation(env, member);
  bool async = (member->flags & CLEAT_ITERATES_ASYNC) != 0;
  CleatValue* symbol = async ? cleat__symbol_async_iterator(engine) : cleat__symbol_iterator(engine);
  return function != NULL && cleat__define(engine, object, cleat__interned(engine, member->name), function, 0) &&
         cleat__attachment_changes(env, object, symbol, NULL) &&
         cleat__define(engine, object, symbol, function, CLEAT_DONT_ENUM);
}

// Returns the attributes that the property of a member of a namespace or of the global object has.
static int attributes_of(const CleatMember* member) {
  if (is_constant(member)) return CLEAT_READ_ONLY | CLEAT_DONT_DELETE;
  if ((member->flags & CLEAT_UNFORGEABLE) == 0) return 0;
  return member->kind == CLEAT_ATTRIBUTE ? CLEAT_DONT_DELETE : CLEAT_READ_ONLY | CLEAT_DONT_DELETE;
}

// Defines one member of a namespace or of the global object.
static bool define_member(CleatEnv* env, CleatValue* object, const CleatMember* member, int attributes) {
  CleatEngine* engine = env->engine;
  switch (member->kind) {
    case CLEAT_OPERATION:
      if ((member->flags & (CLEAT_ITERATES | CLEAT_ITERATES_ASYNC)) != 0) return define_iterator(env, object, member);
      return cleat__define_lazy(engine, object, member->name, LAZY_OPERATION, member, attributes);
    case CLEAT_ATTRIBUTE:
      return cleat__define_accessor(engine, object, member->name, native_of(env, member), setter_of(env, member),
                                    member, attributes);
    case CLEAT_CONSTANT:
    case CLEAT_CONSTANT_BOOLEAN:
    case CLEAT_CONSTANT_BIGINT:
      break;
  }
  CleatValue* value = constant_of(env, member);
  return value != NULL && cleat__define(engine, object, cleat__interned(engine, member->name), value, attributes);
}

static bool is_of_namespace_group(const CleatMember* member, Group group) {
  if (group == CONSTANTS) return is_constant(member);
  return member->kind == (group == ATTRIBUTES ? CLEAT_ATTRIBUTE : CLEAT_OPERATION);
}

// Defines the members of a namespace, or of a legacy callback interface object.
static bool define_members(CleatEnv* env, CleatValue* object, const CleatMember* members, size_t count) {
  static const Group kOrder[] = {ATTRIBUTES, OPERATIONS, CONSTANTS};
  for (size_t k = 0; k < sizeof(kOrder) / sizeof(kOrder[0]); k++) {
    for (size_t i = 0; i < count; i++) {
      bool now = is_of_namespace_group(&members[i], kOrder[k]) && cleat__env_grants(env, members[i].capability);
      if (now && !define_member(env, object, &members[i], attributes_of(&members[i]))) return false;
    }
  }
  return true;
}

// Web IDL "create a legacy factory function".
static CleatValue* compute_factory(CleatEnv* env, const CleatMember* factory) {
  const CleatClass* type = cleat__class_origin(env, factory).type;
  CleatTemplate* of = cleat__class_template(env, type);
  if (of == NULL) return NULL;
  CleatTemplate* template_ = cleat__template_factory(
      of, factory->name, factory->length, counts_calls(env) ? counted_factory : js_construct_by_factory, factory);
  return cleat__template_function(env->engine, template_);
}

static bool define_class(CleatEnv* env, CleatValue* object, const char* name, const CleatClass* type) {
  return cleat__define_lazy(env->engine, object, name, LAZY_CLASS, type, CLEAT_DONT_ENUM);
}

// Interfaces that are in the namespace of that name: [LegacyNamespace].
static bool define_classes_of_namespace(CleatEnv* env, CleatValue* object, const char* name) {
  const CleatClasses* classes = env->classes;
  for (size_t i = 0; i < classes->binding_count; i++) {
    const CleatBindings* bindings = classes->bindings[i];
    for (size_t k = 0; k < bindings->class_count; k++) {
      const CleatClass* type = bindings->classes[k];
      if (type->namespace_name == NULL || strcmp(type->namespace_name, name) != 0) continue;
      if (cleat__env_grants(env, type->capability) && !define_class(env, object, type->name, type)) return false;
    }
  }
  return true;
}

static void js_legacy_callback_interface(CleatCall* call) {
  cleat_env(call);
  cleat__call_throw(call, CLEAT_THROW_TYPE_ERROR, "Illegal constructor");
}

// Web IDL "create a legacy callback interface object".
static CleatValue* callback_interface_object(CleatEnv* env, const CleatNamespace* it) {
  CleatValue* object = cleat__function(env->engine, it->name, 0, js_legacy_callback_interface, it);
  return object != NULL && define_members(env, object, it->members, it->member_count) ? object : NULL;
}

// Web IDL "create a namespace object".
static CleatValue* compute_namespace(CleatEnv* env, const CleatNamespace* namespace_) {
  if ((namespace_->flags & CLEAT_CALLBACK_INTERFACE) != 0) return callback_interface_object(env, namespace_);
  CleatValue* object = cleat__object(env->engine);
  bool ok = cleat__define(env->engine, object, cleat__symbol_to_string_tag(env->engine),
                          cleat__interned(env->engine, namespace_->name), CLEAT_READ_ONLY | CLEAT_DONT_ENUM);
  ok = ok && define_members(env, object, namespace_->members, namespace_->member_count);
  return ok && define_classes_of_namespace(env, object, namespace_->name) ? object : NULL;
}

bool cleat__define_lazily(CleatEnv* env, CleatValue* object, const char* name, const CleatLazy* lazy, int attributes) {
  return cleat__define_lazy(env->engine, object, name, LAZY_OTHER, lazy, attributes);
}

CleatValue* cleat__compute(void* env, int kind, const void* lazy) {
  switch (kind) {
    case LAZY_CLASS:
      return compute_class(env, lazy);
    case LAZY_OPERATION:
      return compute_operation(env, lazy);
    case LAZY_FACTORY:
      return compute_factory(env, lazy);
    case LAZY_NAMESPACE:
      return compute_namespace(env, lazy);
    default:
      return ((const CleatLazy*)lazy)->compute(env);
  }
}

void cleat__class_natives(CleatNative* out) {
  out[0] = call_promising;
  out[1] = js_construct;
  out[2] = js_construct_by_factory;
  out[3] = counted_operation;
  out[4] = counted_get;
  out[5] = counted_set;
  out[6] = counted_construct;
  out[7] = counted_factory;
  out[8] = js_legacy_callback_interface;
  out[9] = cleat__dispose;
}

// INSTALLING

static bool remember(CleatEnv* env, const CleatBindings* bindings) {
  if (!ensure_classes(env)) return false;
  CleatClasses* classes = env->classes;
  size_t size = (classes->binding_count + 1) * sizeof(CleatBindings*);
  const CleatBindings** list = realloc(classes->bindings, size);
  if (list == NULL) return false;
  list[classes->binding_count++] = bindings;
  classes->bindings = list;
  return true;
}

// Where what bindings have is defined.
typedef struct Place {
  CleatEnv* env;
  CleatValue* object;
} Place;

static bool define_global(void* data, CleatGlobalKind kind, const char* name, const void* what) {
  const Place* place = data;
  CleatEnv* env = place->env;
  CleatValue* global = place->object;
  int attributes = kind == CLEAT_GLOBAL_MEMBER ? attributes_of(what) : CLEAT_DONT_ENUM;
  if (env->runtime->attachment != NULL &&
      !cleat__attachment_changes(env, global, cleat__interned(env->engine, name), &attributes)) {
    return false;
  }
  switch (kind) {
    case CLEAT_GLOBAL_CLASS:
      return define_class(env, global, name, what);
    case CLEAT_GLOBAL_FACTORY:
      return cleat__define_lazy(env->engine, global, name, LAZY_FACTORY, what, attributes);
    case CLEAT_GLOBAL_NAMESPACE:
      return cleat__define_lazy(env->engine, global, name, LAZY_NAMESPACE, what, attributes);
    case CLEAT_GLOBAL_MEMBER:
      break;
  }
  return define_member(env, global, what, attributes);
}

bool cleat__define_bindings(CleatEnv* env, CleatValue* object, const CleatBindings* bindings) {
  return cleat__visit_globals(cleat__runtime_options(env->runtime), bindings, define_global, &(Place){env, object});
}

static bool has_flags(const CleatBindings* bindings, unsigned flags) {
  if (bindings->global_scope != NULL && (bindings->global_scope->flags & flags) != 0) return true;
  for (size_t i = 0; i < bindings->class_count; i++) {
    if ((bindings->classes[i]->flags & flags) != 0) return true;
  }
  return false;
}

static bool have_disposal(const CleatBindings* bindings) {
  if (has_flags(bindings, CLEAT_DISPOSABLE)) return true;
  for (size_t i = 0; i < bindings->class_count; i++) {
    const CleatClass* type = bindings->classes[i];
    for (size_t k = 0; k < type->member_count; k++) {
      if ((type->members[k].flags & (CLEAT_DISPOSES | CLEAT_DISPOSES_ASYNC)) != 0) return true;
    }
  }
  return false;
}

// Keeps what the bindings need of ECMAScript's objects.
static bool keep_intrinsics(CleatEnv* env, const CleatBindings* bindings) {
  if (have_disposal(bindings) && !cleat__dispose_open(env)) return false;
  if (has_flags(bindings, CLEAT_MAPLIKE | CLEAT_SETLIKE) && !cleat__collections_open(env)) return false;
  return !has_flags(bindings, CLEAT_OBSERVES) || cleat__observables_open(env);
}

static bool check_and_remember(CleatEnv* env, const CleatBindings* bindings) {
  if (env->pending) return false;
  if (bindings->size < sizeof(CleatBindings)) {
    cleat_throw_error(env, "The bindings '%s' were generated for another version of Cleat", bindings->name);
    return false;
  }
  if (!remember(env, bindings)) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  return env->runtime->attachment == NULL || cleat__arrays_open(env);
}

bool cleat__prepare_bindings(CleatEnv* env, const CleatBindings* bindings) {
  return check_and_remember(env, bindings) && cleat__ran(env, keep_intrinsics(env, bindings));
}

// What the global object has that is no property of a name.
static bool define_scope(CleatEnv* env, const CleatClass* type) {
  if (type == NULL) return true;
  CleatEngine* engine = env->engine;
  if (type->properties != NULL && cleat__env_grants(env, type->capability)) {
    CleatValue* heir = cleat__heir_of_names(engine);
    bool inherits = cleat__attachment_changes(env, heir, NULL, NULL) &&
                    cleat__inherit_names(engine, heir, "CleatGlobalScopeProperties", type);
    if (!inherits) return false;
  }
  return cleat__define_unscopables(env, type, cleat__global(engine));
}

static bool define_globals(CleatEnv* env, const CleatBindings* bindings) {
  return cleat__define_bindings(env, cleat__global(env->engine), bindings) && define_scope(env, bindings->global_scope);
}

bool cleat__install(CleatEnv* env, const CleatBindings* bindings) {
  if (env->runtime->heap != NULL) return check_and_remember(env, bindings);
  return cleat__prepare_bindings(env, bindings) && cleat__ran(env, define_globals(env, bindings));
}

bool cleat__has_bindings(const CleatEnv* env, const CleatBindings* bindings) {
  const CleatClasses* classes = env->classes;
  for (size_t i = 0; classes != NULL && i < classes->binding_count; i++) {
    if (classes->bindings[i] == bindings) return true;
  }
  return false;
}

void cleat__classes_close(CleatEnv* env) {
  cleat__wrappers_close(env);
  cleat__arrays_close(env);
  if (env->classes == NULL) return;
  free(env->classes->entries);
  free(env->classes->bindings);
  free(env->classes);
  env->classes = NULL;
}

// FINDING AGAIN

static bool find_in(const void* data, const CleatMember* members, size_t count, const char* owner, CleatOrigin* out) {
  uintptr_t at = (uintptr_t)data;
  if (at < (uintptr_t)members || at >= (uintptr_t)(members + count)) return false;
  *out = (CleatOrigin){.name = ((const CleatMember*)data)->name, .owner = owner, .member = data};
  return true;
}

static bool find_in_class(const void* data, const CleatClass* type, CleatOrigin* out) {
  if (data == type) {
    *out = (CleatOrigin){.name = type->name, .type = type};
    return true;
  }
  if (find_in(data, type->members, type->member_count, type->name, out)) return true;
  if (!find_in(data, type->factories, type->factory_count, type->name, out)) return false;
  *out = (CleatOrigin){.name = out->name, .type = type};
  return true;
}

static bool find_in_bindings(const void* data, const CleatBindings* bindings, CleatOrigin* out) {
  for (size_t i = 0; i < bindings->class_count; i++) {
    if (find_in_class(data, bindings->classes[i], out)) return true;
  }
  for (size_t i = 0; i < bindings->namespace_count; i++) {
    const CleatNamespace* it = bindings->namespaces[i];
    if (find_in(data, it->members, it->member_count, it->name, out)) return true;
  }
  return find_in(data, bindings->globals, bindings->global_count, NULL, out);
}

CleatOrigin cleat__class_origin(const CleatEnv* env, const void* data) {
  CleatOrigin result = {NULL, NULL, NULL, NULL};
  const CleatClasses* classes = env->classes;
  if (classes == NULL) return result;
  for (size_t i = 0; i < classes->binding_count; i++) {
    if (find_in_bindings(data, classes->bindings[i], &result)) return result;
  }
  // Classes that no global stands for are known by having been used.
  for (size_t i = 0; i < classes->capacity; i++) {
    const CleatClass* type = classes->entries[i].type;
    if (type != NULL && find_in_class(data, type, &result)) return result;
  }
  return result;
}
