// A native call: its environment, its arguments, and its result.
#include <math.h>
#include <string.h>

#include "convert.h"
#include "env.h"
#include "message.h"

CLEAT_APART bool cleat_end(CleatCall* call) {
  if (!cleat__end_call(call)) return false;
  ((CleatEnv*)cleat__call_host(call))->pending = true;
  return true;
}

CLEAT_HOT CleatEnv* cleat_env(CleatCall* call) {
  CleatEnv* env = cleat__call_host(call);
  env->pending = false;
  cleat_ends(call);
  return env;
}

void* cleat_call_data(CleatCall* call) { return (void*)cleat__call_data(call); }

// ARGUMENTS

bool cleat_has_arg(CleatCall* call, int index) { return !cleat__is_undefined(cleat__arg(call, index)); }

int cleat_arg_count(CleatCall* call) { return cleat__arg_count(call); }

CleatValue* cleat_arg_any(CleatCall* call, int index) { return cleat__arg(call, index); }

CLEAT_HOT CleatInput cleat_arg(CleatCall* call, int index, CleatFrame* frame) {
  return (CleatInput){
      .env = cleat_env(call), .frame = frame, .value = cleat__arg(call, index), .call = call, .index = (size_t)index};
}

CLEAT_HOT CleatInput cleat_assigned(CleatCall* call, CleatFrame* frame) {
  return (CleatInput){
      .env = cleat_env(call), .frame = frame, .value = cleat__arg(call, 0), .call = call, .index = SIZE_MAX};
}

// RESULTS

void cleat_return_boolean(CleatCall* call, bool value) { cleat__return_boolean(call, value); }

void cleat_return_long(CleatCall* call, int32_t value) { cleat__return_int32(call, value); }

void cleat_return_unsigned_long(CleatCall* call, uint32_t value) { cleat__return_uint32(call, value); }

void cleat_return_long_long(CleatCall* call, int64_t value) { cleat__return_double(call, (double)value); }

void cleat_return_unsigned_long_long(CleatCall* call, uint64_t value) { cleat__return_double(call, (double)value); }

// Web IDL: a NaN is the canonical one.
void cleat_return_double(CleatCall* call, double value) { cleat__return_double(call, isnan(value) ? NAN : value); }

void cleat_return_null(CleatCall* call) { cleat__return_null(call); }

void cleat_return(CleatCall* call, CleatValue* value) {
  if (value != NULL) cleat__return(call, value);
}

// Returns a value that a shim function made, or notes that it failed.
static void return_made(CleatCall* call, CleatValue* value) {
  if (value != NULL) {
    cleat__return(call, value);
  } else {
    cleat__fail(cleat__call_host(call));
  }
}

CLEAT_HOT void cleat_return_string(CleatCall* call, CleatString value) {
  if (value.data == NULL) {
    cleat__return_null(call);
    return;
  }
  if (!cleat__return_wtf8(call, value.data, value.length)) cleat__fail(cleat__call_host(call));
}

void cleat_return_c_string(CleatCall* call, const char* value) {
  cleat_return_string(call, (CleatString){value, value == NULL ? 0 : strlen(value)});
}

void cleat_return_byte_string(CleatCall* call, CleatString value) {
  if (value.data == NULL) {
    cleat__return_null(call);
    return;
  }
  if (!cleat__return_latin1(call, (const uint8_t*)value.data, value.length)) cleat__fail(cleat__call_host(call));
}

CLEAT_HOT void cleat_return_bigint(CleatCall* call, CleatBigInt value) {
  return_made(call, cleat__bigint(cleat__call_engine(call), value.negative, value.words, value.count));
}

void cleat_return_enum(CleatCall* call, const CleatEnum* type, int value) {
  cleat_return(call, cleat_enum(cleat_env(call), type, value));
}

// THE SAME VALUES, AS PARTS OF GREATER ONES

CleatValue* cleat_long_long(CleatEnv* env, int64_t value) {
  CLEAT_CHECK_ENV(env);
  return cleat__number(env->engine, (double)value);
}

CleatValue* cleat_unsigned_long_long(CleatEnv* env, uint64_t value) {
  CLEAT_CHECK_ENV(env);
  return cleat__number(env->engine, (double)value);
}

CleatValue* cleat_byte_string(CleatEnv* env, CleatString value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  if (value.data == NULL) return cleat__null(env->engine);
  CleatValue* result = cleat__string_latin1(env->engine, (const uint8_t*)value.data, value.length);
  return result == NULL ? cleat__fail(env) : result;
}

CleatValue* cleat_enum(CleatEnv* env, const CleatEnum* type, int value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  if (value >= 0 && (size_t)value < type->value_count) return cleat__interned(env->engine, type->values[value]);
  cleat_throw_type(env, "%d is not a value of the enumeration '%s'", value, type->name);
  return NULL;
}

CleatValue* cleat_dictionary(CleatEnv* env, const CleatDictionary* type, CleatValue* const* members) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  CleatValue* object = cleat__shaped_object(env->engine, type, type->members, members, type->member_count);
  return object == NULL ? cleat__fail(env) : object;
}

bool cleat_define_entry(CleatEnv* env, CleatValue* object, CleatValue* key, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (!cleat__ready(env, object) || !cleat__ready(env, key) || !cleat__ready(env, value)) return false;
  return cleat__ran(env, cleat__define(env->engine, object, key, value, 0));
}

bool cleat_define(CleatEnv* env, CleatValue* object, const char* key, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (!cleat__ready(env, object) || !cleat__ready(env, value)) return false;
  return cleat__ran(env, cleat__define(env->engine, object, cleat__interned(env->engine, key), value, 0));
}
