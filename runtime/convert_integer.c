// The integer types of Web IDL, 3.2.4: modulo, [Clamp] and [EnforceRange].
#include <math.h>

#include "convert.h"

static CLEAT_APART bool convert_number(const CleatInput* input, double* out) {
  CleatEnv* env = input->env;
  return !env->pending && cleat__refuse_types(input, 1u << CLEAT_TYPE_SYMBOL | 1u << CLEAT_TYPE_BIGINT, "a number") &&
         cleat__ran(env, cleat__to_number(env->engine, input->value, out));
}

bool cleat__input_number(const CleatInput* input, double* out) {
  return cleat__read_number(input->value, out) || convert_number(input, out);
}

// Web IDL "ConvertToInt", steps 8 to 11, but for the last narrowing, which C's own conversion does: the integer part
// modulo 2^64.
static uint64_t modulo(double number) {
  if (fabs(number) < 9223372036854775808.0) return (uint64_t)(int64_t)number;
  if (!isfinite(number)) return 0;
  uint64_t magnitude = (uint64_t)fmod(trunc(fabs(number)), 18446744073709551616.0);
  return number < 0 ? 0 - magnitude : magnitude;
}

// Step 7: to the nearest integer within the bounds, of two equally near ones the even one; NaN is 0.
static double clamp(double number, double lower, double upper) {
  if (isnan(number)) return 0;
  return nearbyint(number < lower ? lower : number > upper ? upper : number);
}

uint64_t cleat_fast_modulo(double number) { return modulo(number); }

double cleat_fast_clamp(double number, double lower, double upper) { return clamp(number, lower, upper); }

// Step 6.
static bool enforce_range(const CleatInput* input, double number, double lower, double upper, const char* type,
                          double* out) {
  if (!isfinite(number)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not a finite number");
    return false;
  }
  *out = trunc(number);
  if (*out >= lower && *out <= upper) return true;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is outside the range of type '%s'", type);
  return false;
}

// The six functions of one type. Small integers, which most are, need no arithmetic.
#define INTEGER_CONVERSIONS(name, idl_name, type, lower, upper)                                    \
  bool cleat_input_##name(const CleatInput* input, type* out) {                                    \
    double number;                                                                                 \
    if (!cleat__input_number(input, &number)) return false;                                        \
    *out = (type)modulo(number);                                                                   \
    return true;                                                                                   \
  }                                                                                                \
  bool cleat_input_##name##_clamp(const CleatInput* input, type* out) {                            \
    double number;                                                                                 \
    if (!cleat__input_number(input, &number)) return false;                                        \
    *out = (type)clamp(number, lower, upper);                                                      \
    return true;                                                                                   \
  }                                                                                                \
  bool cleat_input_##name##_enforce_range(const CleatInput* input, type* out) {                    \
    double number;                                                                                 \
    if (!cleat__input_number(input, &number)) return false;                                        \
    if (!enforce_range(input, number, lower, upper, idl_name, &number)) return false;              \
    *out = (type)number;                                                                           \
    return true;                                                                                   \
  }                                                                                                \
  static CLEAT_APART bool convert_##name(CleatCall* call, int index, type* out) {                  \
    CleatInput input = cleat_arg(call, index, NULL);                                               \
    return cleat_input_##name(&input, out);                                                        \
  }                                                                                                \
  CLEAT_HOT bool cleat_arg_##name(CleatCall* call, int index, type* out) {                         \
    int32_t integer;                                                                               \
    if (!cleat__arg_small_integer(call, index, &integer)) return convert_##name(call, index, out); \
    *out = (type)integer;                                                                          \
    return true;                                                                                   \
  }                                                                                                \
  bool cleat_arg_##name##_clamp(CleatCall* call, int index, type* out) {                           \
    CleatInput input = cleat_arg(call, index, NULL);                                               \
    return cleat_input_##name##_clamp(&input, out);                                                \
  }                                                                                                \
  bool cleat_arg_##name##_enforce_range(CleatCall* call, int index, type* out) {                   \
    CleatInput input = cleat_arg(call, index, NULL);                                               \
    return cleat_input_##name##_enforce_range(&input, out);                                        \
  }

// Steps 1 to 3: of 64 bits, the bounds are those up to which every integer is a Number of its own.
#define SAFE 9007199254740991.0
INTEGER_CONVERSIONS(byte, "byte", int8_t, -128.0, 127.0)
INTEGER_CONVERSIONS(octet, "octet", uint8_t, 0.0, 255.0)
INTEGER_CONVERSIONS(short, "short", int16_t, -32768.0, 32767.0)
INTEGER_CONVERSIONS(unsigned_short, "unsigned short", uint16_t, 0.0, 65535.0)
INTEGER_CONVERSIONS(long, "long", int32_t, -2147483648.0, 2147483647.0)
INTEGER_CONVERSIONS(unsigned_long, "unsigned long", uint32_t, 0.0, 4294967295.0)
INTEGER_CONVERSIONS(long_long, "long long", int64_t, -SAFE, SAFE)
INTEGER_CONVERSIONS(unsigned_long_long, "unsigned long long", uint64_t, 0.0, SAFE)
