// What templates cannot say of a class, done to its prototype before any script sees it.
#include <stdio.h>

#include "attach.h"
#include "class.h"

// Returns the list that `object` has of hidden names: the global object may have that of another set of bindings. NULL
// where an exception is pending.
static CleatValue* unscopables_of(CleatEnv* env, CleatValue* object) {
  CleatEngine* engine = env->engine;
  CleatValue* symbol = cleat__symbol_unscopables(engine);
  bool has;
  if (!cleat__has_own(engine, object, symbol, &has)) return NULL;
  CleatValue* names = has ? cleat__get(engine, object, symbol) : NULL;
  if (has && (names == NULL || cleat__is_object(names))) return names;
  names = cleat__null_object(engine);
  if (!cleat__attachment_changes(env, object, symbol, NULL)) return NULL;
  return cleat__define(engine, object, symbol, names, CLEAT_READ_ONLY | CLEAT_DONT_ENUM) ? names : NULL;
}

bool cleat__define_unscopables(CleatEnv* env, const CleatClass* type, CleatValue* prototype) {
  CleatEngine* engine = env->engine;
  CleatValue* names = NULL;
  for (size_t i = 0; i < type->member_count; i++) {
    const CleatMember* member = &type->members[i];
    if ((member->flags & CLEAT_UNSCOPABLE) == 0 || !cleat__env_grants(env, member->capability)) continue;
    if (names == NULL) names = unscopables_of(env, prototype);
    CleatValue* key = cleat__interned(engine, member->name);
    if (names == NULL || !cleat__attachment_changes(env, names, key, NULL)) return false;
    if (!cleat__define(engine, names, key, cleat__boolean(engine, true), 0)) return false;
  }
  return true;
}

// [Dispose]: of an operation, the same function under @@dispose or @@asyncDispose; of the interface, a method of its
// own. As methods of ECMAScript's that are called by symbols, they are not enumerable.
static bool define_disposal(CleatEnv* env, const CleatClass* type, CleatValue* prototype) {
  CleatEngine* engine = env->engine;
  for (size_t i = 0; i < type->member_count; i++) {
    const CleatMember* member = &type->members[i];
    bool async = (member->flags & CLEAT_DISPOSES_ASYNC) != 0;
    if ((!async && (member->flags & CLEAT_DISPOSES) == 0) || !cleat__env_grants(env, member->capability)) continue;
    CleatValue* symbol = cleat__symbol_dispose(env, async);
    CleatValue* function = symbol == NULL ? NULL : cleat__get(engine, prototype, cleat__interned(engine, member->name));
    if (function == NULL || !cleat__define(engine, prototype, symbol, function, CLEAT_DONT_ENUM)) return false;
  }
  if ((type->flags & CLEAT_DISPOSABLE) == 0) return true;
  CleatValue* symbol = cleat__symbol_dispose(env, false);
  CleatValue* function = symbol == NULL ? NULL : cleat__function(engine, "[Symbol.dispose]", 0, cleat__dispose, type);
  return function != NULL && cleat__define(engine, prototype, symbol, function, CLEAT_DONT_ENUM);
}

// Web IDL "class string": the qualified name of an interface that stands on a namespace.
static bool define_class_string(CleatEnv* env, const CleatClass* type, CleatValue* prototype) {
  if (type->namespace_name == NULL) return true;
  char name[256];
  int length = snprintf(name, sizeof(name), "%s.%s", type->namespace_name, type->name);
  if (length < 0 || (size_t)length >= sizeof(name)) return true;
  CleatEngine* engine = env->engine;
  return cleat__define(engine, prototype, cleat__symbol_to_string_tag(engine), cleat__interned(engine, name),
                       CLEAT_READ_ONLY | CLEAT_DONT_ENUM);
}

// The prototype of the prototype, where that is an intrinsic of ECMAScript's.
static bool inherit_intrinsic(CleatEnv* env, const CleatClass* type, CleatValue* prototype) {
  static const struct {
    unsigned flag;
    CleatIntrinsic parent;
  } kParents[] = {
      {CLEAT_ITERATOR_PROTOTYPE, CLEAT_INTRINSIC_ITERATOR},
      {CLEAT_ASYNC_ITERATOR_PROTOTYPE, CLEAT_INTRINSIC_ASYNC_ITERATOR},
      {CLEAT_ERROR_PROTOTYPE, CLEAT_INTRINSIC_ERROR},
  };
  for (size_t i = 0; i < sizeof(kParents) / sizeof(kParents[0]); i++) {
    if ((type->flags & kParents[i].flag) == 0) continue;
    CleatValue* parent = cleat__intrinsic(env->engine, kParents[i].parent);
    return parent != NULL && cleat__set_prototype(env->engine, prototype, parent);
  }
  return true;
}

static bool finish(CleatEnv* env, const CleatClass* type, CleatValue* function) {
  CleatEngine* engine = env->engine;
  CleatValue* prototype = cleat__get(engine, function, cleat__interned(engine, "prototype"));
  if (prototype == NULL) return false;
  bool deleted;
  const unsigned without = CLEAT_NO_INTERFACE_OBJECT | CLEAT_ITERATOR_PROTOTYPE | CLEAT_ASYNC_ITERATOR_PROTOTYPE;
  if ((type->flags & without) != 0 &&
      !cleat__delete(engine, prototype, cleat__interned(engine, "constructor"), &deleted)) {
    return false;
  }
  return define_class_string(env, type, prototype) && inherit_intrinsic(env, type, prototype) &&
         define_disposal(env, type, prototype) && cleat__define_unscopables(env, type, prototype);
}

bool cleat__finish_class(CleatEnv* env, const CleatClass* type, CleatTemplate* template_) {
  CleatValue* function = cleat__template_function(env->engine, template_);
  return cleat__ran(env, function != NULL && finish(env, type, function));
}
