// Counts, of each call, whether optimised code made it.
#include "hooks.h"

#include <math.h>
#include <stdlib.h>

#include "env.h"

static CleatEngine* engine;
int test_fast;
int test_slow;

void test_count_in(CleatRuntime* runtime) {
  engine = runtime == NULL ? NULL : cleat__runtime_env(runtime)->engine;
  test_fast = test_slow = 0;
}

static void count(void) {
  if (engine == NULL) return;
  if (cleat__in_fast_call(engine)) {
    test_fast++;
  } else {
    test_slow++;
  }
}

#define COUNTED(name, type) \
  type name(type value) {   \
    count();                \
    return value;           \
  }

void fast_nothing(void) { count(); }
bool fast_flip(bool value) {
  count();
  return !value;
}
COUNTED(fast_to_byte, int8_t)
COUNTED(fast_to_octet, uint8_t)
COUNTED(fast_to_short, int16_t)
COUNTED(fast_to_unsigned_short, uint16_t)
COUNTED(fast_to_long, int32_t)
COUNTED(fast_to_unsigned_long, uint32_t)
COUNTED(fast_to_long_long, int64_t)
COUNTED(fast_to_unsigned_long_long, uint64_t)
COUNTED(fast_clamp_octet, uint8_t)
COUNTED(fast_clamp_long, int32_t)
COUNTED(fast_clamp_long_long, int64_t)
COUNTED(fast_to_float, float)
COUNTED(fast_to_double, double)
COUNTED(slow_restricted, double)
COUNTED(slow_enforced, uint8_t)
COUNTED(slow_missing, int32_t)
COUNTED(fast_global, int32_t)

double fast_sum(double a, int32_t b, bool c, float d) {
  count();
  return a + b + c + d;
}

double fast_a_number(int32_t which) {
  count();
  const double numbers[] = {0, -0.0, NAN, INFINITY, 0.5};
  return numbers[(uint32_t)which % 5];
}

int32_t slow_thrown(CleatEnv* env, int32_t value) {
  count();
  if (value < 0) cleat_throw_range(env, "negative");
  return value;
}

CleatString slow_text(int32_t value) {
  count();
  return value % 2 == 0 ? CLEAT_STRING("even") : CLEAT_STRING("odd");
}

double slow_total(CleatDoubleSequence values) {
  double total = 0;
  for (size_t i = 0; i < values.length; i++) total += values.items[i];
  return total;
}

double slow_finite(CleatDoubleSequence values) { return slow_total(values); }

CleatDoubleSequence slow_list(uint32_t count) {
  static double numbers[2000];
  for (uint32_t i = 0; i < 2000; i++) numbers[i] = i - 0.5;
  return (CleatDoubleSequence){numbers, count < 2000 ? count : 2000};
}

struct Gauge {
  double level;
};

Gauge* gauge_new(double level) {
  Gauge* self = malloc(sizeof(*self));
  if (self != NULL) self->level = level;
  return self;
}
void gauge_finalize(Gauge* self) { free(self); }
double gauge_get_level(Gauge* self) {
  count();
  return self->level;
}
void gauge_set_level(Gauge* self, double value) {
  count();
  self->level = value;
}
uint8_t gauge_get_grade(Gauge* self) { return (uint8_t)self->level; }
void gauge_set_grade(Gauge* self, uint8_t value) { gauge_set_level(self, value); }
double gauge_raise(Gauge* self, double by) {
  count();
  return self->level += by;
}
double gauge_raise_slowly(Gauge* self, double by) { return gauge_raise(self, by); }
COUNTED(gauge_twice, int32_t)

SubGauge* sub_gauge_new(void) { return (SubGauge*)gauge_new(100); }
void sub_gauge_finalize(SubGauge* self) { free(self); }

int32_t slow_direct_calls(void) { return test_fast; }
