// The functions of value.h that are thin over the shim: each checks its environment, fails at once while an exception
// is pending, and notes when the shim fails.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"

bool cleat__ready(CleatEnv* env, CleatValue* value) {
  if (env->pending) return false;
  if (value != NULL) return true;
  cleat_throw_type(env, "NULL is not a value");
  return false;
}

// The same, and `value` is an object.
static bool ready_object(CleatEnv* env, CleatValue* value) {
  if (!cleat__ready(env, value)) return false;
  if (cleat__is_object(value)) return true;
  cleat_throw_type(env, "the value is not an object");
  return false;
}

static CleatValue* checked(CleatEnv* env, CleatValue* value) {
  cleat__ran(env, value != NULL);
  return value;
}

// C TO JAVASCRIPT

CleatValue* cleat_global(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return cleat__global(env->engine);
}

CleatValue* cleat_undefined(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return cleat__undefined(env->engine);
}

CleatValue* cleat_null(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return cleat__null(env->engine);
}

CleatValue* cleat_boolean(CleatEnv* env, bool value) {
  CLEAT_CHECK_ENV(env);
  return cleat__boolean(env->engine, value);
}

CleatValue* cleat_number(CleatEnv* env, double value) {
  CLEAT_CHECK_ENV(env);
  return cleat__number(env->engine, value);
}

CleatValue* cleat_bigint_int64(CleatEnv* env, int64_t value) {
  CLEAT_CHECK_ENV(env);
  return cleat__bigint_int64(env->engine, value);
}

CleatValue* cleat_bigint_uint64(CleatEnv* env, uint64_t value) {
  CLEAT_CHECK_ENV(env);
  return cleat__bigint_uint64(env->engine, value);
}

CleatValue* cleat_string(CleatEnv* env, CleatString value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  if (value.data == NULL) return cleat__null(env->engine);
  return checked(env, cleat__string_wtf8(env->engine, value.data, value.length));
}

CleatValue* cleat_c_string(CleatEnv* env, const char* value) {
  CLEAT_CHECK_ENV(env);
  return cleat_string(env, (CleatString){value, value != NULL ? strlen(value) : 0});
}

CleatValue* cleat_string_utf16(CleatEnv* env, const uint16_t* units, size_t length) {
  CLEAT_CHECK_ENV(env);
  return env->pending ? NULL : checked(env, cleat__string_utf16(env->engine, units, length));
}

CleatValue* cleat_object(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return cleat__object(env->engine);
}

CleatValue* cleat_array(CleatEnv* env) {
  CLEAT_CHECK_ENV(env);
  return cleat__array(env->engine, NULL, 0);
}

CleatValue* cleat_array_of(CleatEnv* env, CleatValue* const* elements, size_t length) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  for (size_t i = 0; i < length; i++) {
    if (!cleat__ready(env, elements[i])) return NULL;
  }
  return checked(env, cleat__array(env->engine, elements, length));
}

CleatValue* cleat_array_buffer(CleatEnv* env, const void* data, size_t length) {
  CLEAT_CHECK_ENV(env);
  return env->pending ? NULL : checked(env, cleat__array_buffer(env->engine, data, length));
}

CleatValue* cleat_uint8_array(CleatEnv* env, const void* data, size_t length) {
  CLEAT_CHECK_ENV(env);
  CleatValue* buffer = cleat_array_buffer(env, data, length);
  if (buffer == NULL) return NULL;
  return checked(env, cleat__view(env->engine, CLEAT_BYTES_UINT8, buffer, 0, length));
}

CleatValue* cleat_function(CleatEnv* env, const char* name, int length, void (*call)(CleatCall* call), void* data) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(call, "function to call");
  return env->pending ? NULL : checked(env, cleat__function(env->engine, name, length, call, data));
}

// WHAT A VALUE IS

CleatType cleat_type(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  return value != NULL ? cleat__type(value) : CLEAT_TYPE_UNDEFINED;
}

#define PREDICATE(name)                                    \
  bool cleat_is_##name(CleatEnv* env, CleatValue* value) { \
    CLEAT_CHECK_ENV(env);                                  \
    return value != NULL && cleat__is_##name(value);       \
  }
PREDICATE(function)
PREDICATE(array)
PREDICATE(error)
PREDICATE(promise)
PREDICATE(array_buffer)
PREDICATE(date)
PREDICATE(map)
PREDICATE(set)
PREDICATE(regexp)
PREDICATE(proxy)

bool cleat_is_array_buffer_view(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  return value != NULL && cleat__is_view(value);
}

bool cleat_is_same(CleatEnv* env, CleatValue* a, CleatValue* b) {
  CLEAT_CHECK_ENV(env);
  return a != NULL && b != NULL && cleat__strict_equals(a, b);
}

// JAVASCRIPT TO C

bool cleat_to_boolean(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  return value != NULL && cleat__boolean_value(env->engine, value);
}

bool cleat_to_number(CleatEnv* env, CleatValue* value, double* out) {
  CLEAT_CHECK_ENV(env);
  return cleat__ready(env, value) && cleat__ran(env, cleat__to_number(env->engine, value, out));
}

// ECMAScript's ToInt32 of a Number: modulo 2^32, as two's complement.
static int32_t int32_of(double number) {
  if (!(number > -INFINITY && number < INFINITY)) return 0;
  double rest = fmod(trunc(number), 4294967296.0);
  if (rest < 0) rest += 4294967296.0;
  return (int32_t)(uint32_t)rest;
}

bool cleat_to_int32(CleatEnv* env, CleatValue* value, int32_t* out) {
  CLEAT_CHECK_ENV(env);
  double number;
  if (!cleat_to_number(env, value, &number)) return false;
  *out = int32_of(number);
  return true;
}

bool cleat_to_int64(CleatEnv* env, CleatValue* value, int64_t* out, bool* exact) {
  CLEAT_CHECK_ENV(env);
  if (value == NULL || cleat__type(value) != CLEAT_TYPE_BIGINT) return false;
  bool negative;
  uint64_t word = 0;
  size_t count = cleat__bigint_words(value, &negative, &word, 1);
  *out = (int64_t)(negative ? 0 - word : word);
  if (exact != NULL) *exact = count <= 1 && word <= (uint64_t)INT64_MAX + (negative ? 1 : 0);
  return true;
}

bool cleat_to_string(CleatEnv* env, CleatValue* value, CleatString* out) {
  CLEAT_CHECK_ENV(env);
  if (!cleat__ready(env, value)) return false;
  CleatValue* string = checked(env, cleat__to_string(env->engine, value));
  if (string == NULL) return false;
  size_t length = cleat__string_wtf8_length(env->engine, string);
  char* data = cleat_allocate(env, length + 1);
  if (data == NULL) return false;
  cleat__string_write_wtf8(env->engine, string, data, false);
  data[length] = 0;
  *out = (CleatString){data, length};
  return true;
}

bool cleat_bytes(CleatEnv* env, CleatValue* value, uint8_t** data, size_t* length) {
  CLEAT_CHECK_ENV(env);
  if (value == NULL) return false;
  if (!cleat__is_array_buffer(value) && !cleat__is_shared_array_buffer(value) && !cleat__is_view(value)) return false;
  CleatBytesKind kind;
  *data = cleat__bytes(env->engine, value, length, &kind);
  return true;
}

// OBJECTS

static CleatValue* key_value(CleatEnv* env, const char* key) {
  return checked(env, cleat__string_wtf8(env->engine, key, strlen(key)));
}

CleatValue* cleat_get_value(CleatEnv* env, CleatValue* object, CleatValue* key) {
  CLEAT_CHECK_ENV(env);
  if (!ready_object(env, object) || !cleat__ready(env, key)) return NULL;
  return checked(env, cleat__get(env->engine, object, key));
}

bool cleat_set_value(CleatEnv* env, CleatValue* object, CleatValue* key, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (!ready_object(env, object) || !cleat__ready(env, key) || !cleat__ready(env, value)) return false;
  return cleat__ran(env, cleat__set(env->engine, object, key, value));
}

CleatValue* cleat_get(CleatEnv* env, CleatValue* object, const char* key) {
  CLEAT_CHECK_ENV(env);
  return ready_object(env, object) ? cleat_get_value(env, object, key_value(env, key)) : NULL;
}

bool cleat_set(CleatEnv* env, CleatValue* object, const char* key, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  return ready_object(env, object) && cleat_set_value(env, object, key_value(env, key), value);
}

CleatValue* cleat_get_index(CleatEnv* env, CleatValue* object, uint32_t index) {
  CLEAT_CHECK_ENV(env);
  return ready_object(env, object) ? checked(env, cleat__get_index(env->engine, object, index)) : NULL;
}

bool cleat_set_index(CleatEnv* env, CleatValue* object, uint32_t index, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (!ready_object(env, object) || !cleat__ready(env, value)) return false;
  return cleat__ran(env, cleat__set_index(env->engine, object, index, value));
}

bool cleat_has(CleatEnv* env, CleatValue* object, const char* key, bool* out) {
  CLEAT_CHECK_ENV(env);
  if (!ready_object(env, object)) return false;
  CleatValue* name = key_value(env, key);
  return name != NULL && cleat__ran(env, cleat__has(env->engine, object, name, out));
}

CleatValue* cleat_keys(CleatEnv* env, CleatValue* object) {
  CLEAT_CHECK_ENV(env);
  return ready_object(env, object) ? checked(env, cleat__own_keys(env->engine, object)) : NULL;
}

uint32_t cleat_array_length(CleatEnv* env, CleatValue* array) {
  CLEAT_CHECK_ENV(env);
  return cleat_is_array(env, array) ? cleat__array_length(array) : 0;
}

// CALLING

static bool ready_call(CleatEnv* env, CleatValue* function, size_t count, CleatValue* const* arguments) {
  if (!cleat__ready(env, function)) return false;
  for (size_t i = 0; i < count; i++) {
    if (!cleat__ready(env, arguments[i])) return false;
  }
  if (cleat__is_function(function)) return true;
  cleat_throw_type(env, "the value is not a function");
  return false;
}

CleatValue* cleat_call(CleatEnv* env, CleatValue* function, CleatValue* receiver, size_t count,
                       CleatValue* const* arguments) {
  CLEAT_CHECK_ENV(env);
  if (!ready_call(env, function, count, arguments)) return NULL;
  if (receiver == NULL) receiver = cleat__undefined(env->engine);
  return checked(env, cleat__call(env->engine, function, receiver, count, arguments));
}

CleatValue* cleat_construct(CleatEnv* env, CleatValue* constructor, size_t count, CleatValue* const* arguments) {
  CLEAT_CHECK_ENV(env);
  if (!ready_call(env, constructor, count, arguments)) return NULL;
  return checked(env, cleat__construct(env->engine, constructor, count, arguments));
}

CleatValue* cleat_run_script(CleatEnv* env, const char* source, size_t length, const char* name, uint32_t line) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  return checked(env, cleat__run_script(env->engine, source, length, name, line != 0 ? line : 1, NULL));
}

// COPYING

CleatData* cleat_to_data(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  return cleat__ready(env, value) ? cleat__to_data(env, value, "value") : NULL;
}
