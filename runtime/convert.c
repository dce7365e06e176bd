// Conversions of Web IDL, 3.2: booleans, floating-point numbers, objects, nullable values and dictionaries.
#include "convert.h"

#include <math.h>

#include "message.h"

bool cleat_input_boolean(const CleatInput* input, bool* out) {
  *out = cleat__boolean_value(input->env->engine, input->value);
  return true;
}

CLEAT_HOT bool cleat_arg_boolean(CleatCall* call, int index, bool* out) {
  *out = cleat__arg_boolean(call, index);
  return true;
}

bool cleat__refuse_types(const CleatInput* input, unsigned types, const char* wanted) {
  static const char* const names[] = {"undefined", "null", "a boolean", "a number", "a BigInt", "a string", "a Symbol"};
  CleatType type = cleat__type(input->value);
  if ((types >> type & 1) == 0) return true;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is %s, which cannot be converted to %s", names[type], wanted);
  return false;
}

// FLOATING-POINT NUMBERS

static bool throw_not_finite(const CleatInput* input) {
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a finite number");
  return false;
}

bool cleat_input_unrestricted_double(const CleatInput* input, double* out) { return cleat__input_number(input, out); }

static CLEAT_APART bool convert_finite(const CleatInput* input, double* out) {
  return cleat__input_number(input, out) && (isfinite(*out) || throw_not_finite(input));
}

CLEAT_HOT bool cleat_input_double(const CleatInput* input, double* out) {
  return (cleat__read_number(input->value, out) && isfinite(*out)) || convert_finite(input, out);
}

// To the nearest float; what is nearer to 2^128 than to the greatest float becomes an infinity, as in C.
bool cleat_input_unrestricted_float(const CleatInput* input, float* out) {
  double number;
  if (!cleat__input_number(input, &number)) return false;
  *out = (float)number;
  return true;
}

bool cleat_input_float(const CleatInput* input, float* out) {
  return cleat_input_unrestricted_float(input, out) && (isfinite(*out) || throw_not_finite(input));
}

// What is a Number is taken as it is; the rest is done elsewhere, so that it costs nothing here.
static CLEAT_APART bool convert_double(CleatCall* call, int index, double* out) {
  CleatInput input = cleat_arg(call, index, NULL);
  return cleat_input_double(&input, out);
}

static CLEAT_APART bool convert_unrestricted_double(CleatCall* call, int index, double* out) {
  CleatInput input = cleat_arg(call, index, NULL);
  return cleat_input_unrestricted_double(&input, out);
}

CLEAT_HOT bool cleat_arg_double(CleatCall* call, int index, double* out) {
  return (cleat__arg_number(call, index, out) && isfinite(*out)) || convert_double(call, index, out);
}

CLEAT_HOT bool cleat_arg_unrestricted_double(CleatCall* call, int index, double* out) {
  return cleat__arg_number(call, index, out) || convert_unrestricted_double(call, index, out);
}

bool cleat_arg_float(CleatCall* call, int index, float* out) {
  CleatInput input = cleat_arg(call, index, NULL);
  return cleat_input_float(&input, out);
}

bool cleat_arg_unrestricted_float(CleatCall* call, int index, float* out) {
  CleatInput input = cleat_arg(call, index, NULL);
  return cleat_input_unrestricted_float(&input, out);
}

// BIGINTS

// More than most have.
enum { FEW_WORDS = 4 };

// Stores the words; false, with nothing thrown, when memory is short.
static bool read_words(CleatFrame* frame, CleatValue* value, CleatBigInt* out) {
  size_t room = FEW_WORDS;
  for (;;) {
    uint64_t* words = cleat_frame_allocate(frame, room * sizeof(uint64_t));
    if (words == NULL) return false;
    size_t count = cleat__bigint_words(value, &out->negative, words, room);
    out->words = words;
    out->count = count;
    if (count <= room) return true;
    room = count;
  }
}

enum {
  NO_BIGINTS = 1 << CLEAT_TYPE_UNDEFINED | 1 << CLEAT_TYPE_NULL | 1 << CLEAT_TYPE_NUMBER | 1 << CLEAT_TYPE_SYMBOL,
};

CLEAT_APART bool cleat_input_bigint(const CleatInput* input, CleatBigInt* out) {
  CleatEnv* env = input->env;
  if (env->pending) return false;
  CleatValue* value = input->value;
  if (!cleat__is_bigint(value)) {
    if (!cleat__refuse_types(input, NO_BIGINTS, "a BigInt")) return false;
    value = cleat__to_bigint(env->engine, value);
    if (!cleat__ran(env, value != NULL)) return false;
  }
  if (read_words(input->frame, value, out)) return true;
  cleat_input_throw(input, CLEAT_THROW_RANGE_ERROR, "is too large: memory ran out");
  return false;
}

CLEAT_HOT bool cleat_arg_bigint(CleatCall* call, int index, CleatFrame* frame, CleatBigInt* out) {
  CleatValue* value = cleat__arg(call, index);
  if (cleat__is_bigint(value) && read_words(frame, value, out)) return true;
  CleatInput input = cleat_arg(call, index, frame);
  return cleat_input_bigint(&input, out);
}

CleatValue* cleat_bigint(CleatEnv* env, CleatBigInt value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  CleatValue* result = cleat__bigint(env->engine, value.negative, value.words, value.count);
  return result == NULL ? cleat__fail(env) : result;
}

// OBJECTS AND SYMBOLS

bool cleat_input_symbol(const CleatInput* input, CleatValue** out) {
  if (cleat__type(input->value) == CLEAT_TYPE_SYMBOL) {
    *out = input->value;
    return true;
  }
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a symbol");
  return false;
}

bool cleat_input_object(const CleatInput* input, CleatValue** out) {
  if (cleat__is_object(input->value)) {
    *out = input->value;
    return true;
  }
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not an object");
  return false;
}

// WHAT A VALUE IS

bool cleat_input_is_undefined(const CleatInput* input) { return cleat__is_undefined(input->value); }

bool cleat_input_is_boolean(const CleatInput* input) { return cleat__type(input->value) == CLEAT_TYPE_BOOLEAN; }

bool cleat_input_is_number(const CleatInput* input) { return cleat__is_number(input->value); }

bool cleat_input_is_bigint(const CleatInput* input) { return cleat__is_bigint(input->value); }

bool cleat_input_is_symbol(const CleatInput* input) { return cleat__type(input->value) == CLEAT_TYPE_SYMBOL; }

bool cleat_input_is_object(const CleatInput* input) { return cleat__is_object(input->value); }

bool cleat_input_is_function(const CleatInput* input) { return cleat__is_function(input->value); }

bool cleat_input_is_interface(const CleatInput* input, const CleatClass* type) {
  return cleat_unwrap(input->env, input->value, type) != NULL;
}

bool cleat_input_to_numeric(const CleatInput* input, CleatInput* numeric) {
  *numeric = *input;
  CleatEnv* env = input->env;
  if (env->pending) return false;
  numeric->value = cleat__to_numeric(env->engine, input->value);
  return cleat__ran(env, numeric->value != NULL);
}

bool cleat_input_is_null(const CleatInput* input) { return cleat__is_null_or_undefined(input->value); }

bool cleat_input_is_exactly_null(const CleatInput* input) { return cleat__type(input->value) == CLEAT_TYPE_NULL; }

// DICTIONARIES

// Web IDL 3.2.17, step 1.
bool cleat_input_dictionary(const CleatInput* input) {
  if (cleat__is_object(input->value) || cleat__is_null_or_undefined(input->value)) return true;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not an object");
  return false;
}

bool cleat_input_check_depth(const CleatInput* input) {
  if ((uintptr_t)__builtin_frame_address(0) > input->env->stack_end) return true;
  // The whole path would be too long to read.
  while (input->outer != NULL && !cleat__is_place(input->outer)) input = input->outer;
  cleat_input_throw(input, CLEAT_THROW_RANGE_ERROR, "is nested too deep");
  return false;
}

static CLEAT_APART bool require(const CleatInput* member, bool required) {
  if (!required) return true;
  cleat_input_throw(member, CLEAT_THROW_TYPE_ERROR, "is required, but it is undefined");
  return false;
}

// Step 4.1.1 to 4.1.3: Get(V, key), or undefined where V is undefined or null.
CLEAT_HOT bool cleat_input_member(CleatInput* member, const char* name, bool required, bool* present) {
  CleatEnv* env = member->env;
  CleatValue* dictionary = member->outer->value;
  member->member = name;
  if (cleat__is_object(dictionary)) {
    if (env->pending) return false;
    member->value = cleat__get_named(env->engine, dictionary, name);
    if (!cleat__ran(env, member->value != NULL)) return false;
  } else {
    member->value = cleat__undefined(env->engine);
  }
  *present = !cleat__is_undefined(member->value);
  return *present || require(member, required);
}
