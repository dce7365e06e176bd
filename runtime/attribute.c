// What extended attributes make of attributes: kept results, assignments that go elsewhere, and [Default] toJSON.
#include "class.h"
#include "message.h"

// WHAT WAS GIVEN ONCE

static CleatValue* keeper_of(CleatEnv* env, CleatCall* call, const CleatClass* type) {
  return type == NULL ? cleat__global(env->engine) : cleat__this(call);
}

bool cleat_return_cached(CleatCall* call, const CleatClass* type, const char* key) {
  CleatEnv* env = cleat_env(call);
  CleatValue* kept = cleat__private_get(env->engine, keeper_of(env, call, type), key);
  if (!cleat__ran(env, kept != NULL)) return true;
  if (cleat__is_undefined(kept)) return false;
  cleat__return(call, kept);
  return true;
}

void cleat_cache_result(CleatCall* call, const CleatClass* type, const char* key) {
  CleatEnv* env = cleat__call_host(call);
  if (env->pending) return;
  cleat__ran(env, cleat__private_set(env->engine, keeper_of(env, call, type), key, cleat__returned(call)));
}

void cleat_forget_result(CleatEnv* env, const CleatClass* type, void* object, const char* key) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return;
  CleatValue* keeper = type == NULL ? cleat__global(env->engine) : cleat__find_wrapper(env, type, object);
  if (keeper == NULL) return;
  cleat__ran(env, cleat__private_set(env->engine, keeper, key, cleat__undefined(env->engine)));
}

CleatValue* cleat_freeze(CleatEnv* env, CleatValue* array) {
  CLEAT_CHECK_ENV(env);
  if (array == NULL || env->pending) return NULL;
  return cleat__ran(env, cleat__freeze(env->engine, array)) ? array : NULL;
}

// [PutForwards], [Replaceable]

// Web IDL "attribute setter", the steps for [PutForwards].
void cleat_put_forwards(CleatCall* call, const char* name, const char* forward) {
  CleatEnv* env = cleat_env(call);
  CleatValue* target = cleat__get(env->engine, cleat__this(call), cleat__interned(env->engine, name));
  if (!cleat__ran(env, target != NULL)) return;
  if (!cleat__is_object(target)) {
    cleat_throw_type(env, "Failed to set the '%s' property: it is not an object", name);
    return;
  }
  cleat__ran(env, cleat__set(env->engine, target, cleat__interned(env->engine, forward), cleat__arg(call, 0)));
}

// The same, the steps for [Replaceable]: CreateDataPropertyOrThrow.
void cleat_replace(CleatCall* call, const char* name) {
  CleatEnv* env = cleat_env(call);
  CleatValue* key = cleat__interned(env->engine, name);
  cleat__ran(env, cleat__define(env->engine, cleat__this(call), key, cleat__arg(call, 0), 0));
}

// [Default] toJSON

// Web IDL "collect attribute values of an inheritance stack".
static bool collect(CleatEnv* env, const CleatClass* type, CleatValue* self, CleatValue* result) {
  if (type->parent != NULL && !collect(env, type->parent, self, result)) return false;
  for (size_t i = 0; i < type->member_count; i++) {
    const CleatMember* member = &type->members[i];
    if ((member->flags & CLEAT_JSON) == 0 || !cleat__env_grants(env, member->capability)) continue;
    CleatValue* getter = cleat__function(env->engine, member->name, 0, member->call, member);
    CleatValue* value = getter == NULL ? NULL : cleat__call(env->engine, getter, self, 0, NULL);
    if (!cleat__ran(env, value != NULL) || !cleat_define(env, result, member->name, value)) return false;
  }
  return true;
}

void cleat_return_json(CleatCall* call, const CleatClass* type) {
  if (cleat_this(call, type) == NULL) return;
  CleatEnv* env = cleat_env(call);
  CleatValue* result = cleat__object(env->engine);
  if (collect(env, type, cleat__this(call), result)) cleat__return(call, result);
}
