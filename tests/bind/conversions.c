// The conversion bindings of fixture.h: as_long(x) gives back what x becomes as a long, and so on.
#include "fixture.h"

#define DEFINE(name, type, give)                     \
  static void js_##name(CleatCall* call) {           \
    type value;                                      \
    if (!cleat_arg_##name(call, 0, &value)) return;  \
    give(call, value);                               \
  }                                                  \
  static void js_input_##name(CleatCall* call) {     \
    CleatInput input = cleat_arg(call, 0, NULL);     \
    type value;                                      \
    if (!cleat_input_##name(&input, &value)) return; \
    give(call, value);                               \
  }

#define DEFINE_INTEGER(name, type, give) \
  DEFINE(name, type, give)               \
  DEFINE(name##_clamp, type, give)       \
  DEFINE(name##_enforce_range, type, give)

DEFINE_INTEGER(byte, int8_t, cleat_return_long)
DEFINE_INTEGER(octet, uint8_t, cleat_return_unsigned_long)
DEFINE_INTEGER(short, int16_t, cleat_return_long)
DEFINE_INTEGER(unsigned_short, uint16_t, cleat_return_unsigned_long)
DEFINE_INTEGER(long, int32_t, cleat_return_long)
DEFINE_INTEGER(unsigned_long, uint32_t, cleat_return_unsigned_long)
DEFINE_INTEGER(long_long, int64_t, cleat_return_long_long)
DEFINE_INTEGER(unsigned_long_long, uint64_t, cleat_return_unsigned_long_long)
DEFINE(float, float, cleat_return_double)
DEFINE(unrestricted_float, float, cleat_return_double)
DEFINE(double, double, cleat_return_double)
DEFINE(unrestricted_double, double, cleat_return_double)

#define MEMBER(type)                                                                         \
  {.name = "as_" #type, .kind = CLEAT_OPERATION, .call = js_##type, .length = 1}, {          \
    .name = "as_input_" #type, .kind = CLEAT_OPERATION, .call = js_input_##type, .length = 1 \
  }
#define INTEGER_MEMBERS(type) MEMBER(type), MEMBER(type##_clamp), MEMBER(type##_enforce_range)

static const CleatMember globals[] = {
    INTEGER_MEMBERS(byte),
    INTEGER_MEMBERS(octet),
    INTEGER_MEMBERS(short),
    INTEGER_MEMBERS(unsigned_short),
    INTEGER_MEMBERS(long),
    INTEGER_MEMBERS(unsigned_long),
    INTEGER_MEMBERS(long_long),
    INTEGER_MEMBERS(unsigned_long_long),
    MEMBER(float),
    MEMBER(unrestricted_float),
    MEMBER(double),
    MEMBER(unrestricted_double),
};

const CleatBindings conversion_bindings = {
    .size = sizeof(CleatBindings),
    .name = "conversions",
    .globals = globals,
    .global_count = sizeof(globals) / sizeof(globals[0]),
};
