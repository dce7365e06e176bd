// What templates cannot say of a class, done to its prototype before any script sees it.
#include "class.h"

// Web IDL "create an interface prototype object", the steps for [Unscopable].
static bool define_unscopables(CleatEnv* env, const CleatClass* type, CleatValue* prototype) {
  CleatEngine* engine = env->engine;
  CleatValue* names = NULL;
  for (size_t i = 0; i < type->member_count; i++) {
    const CleatMember* member = &type->members[i];
    if ((member->flags & CLEAT_UNSCOPABLE) == 0 || !cleat__env_grants(env, member->capability)) continue;
    if (names == NULL) names = cleat__null_object(engine);
    CleatValue* key = cleat__interned(engine, member->name);
    if (!cleat__define(engine, names, key, cleat__boolean(engine, true), 0)) return false;
  }
  if (names == NULL) return true;
  return cleat__define(engine, prototype, cleat__symbol_unscopables(engine), names, CLEAT_READ_ONLY | CLEAT_DONT_ENUM);
}

static bool finish(CleatEnv* env, const CleatClass* type, CleatValue* function) {
  CleatEngine* engine = env->engine;
  CleatValue* prototype = cleat__get(engine, function, cleat__interned(engine, "prototype"));
  if (prototype == NULL) return false;
  bool deleted;
  if ((type->flags & CLEAT_NO_INTERFACE_OBJECT) != 0 &&
      !cleat__delete(engine, prototype, cleat__interned(engine, "constructor"), &deleted)) {
    return false;
  }
  return define_unscopables(env, type, prototype);
}

bool cleat__finish_class(CleatEnv* env, const CleatClass* type, CleatTemplate* template_) {
  CleatValue* function = cleat__template_function(env->engine, template_);
  return cleat__ran(env, function != NULL && finish(env, type, function));
}
