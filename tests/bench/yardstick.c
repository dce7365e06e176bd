// The physical limits: C calls through a pointer, and memcpy.
#include <stdlib.h>
#include <string.h>

#include "hooks.h"

// Read anew for each call, so that no compiler sees through it.
static void (*volatile nothing)(void) = ours_nothing;
static double (*volatile one)(double) = ours_one;
static double (*volatile two)(double, double) = ours_two;
static double (*volatile six)(double, double, double, double, double, double) = ours_six;
static int32_t (*volatile integers)(int32_t, int32_t) = ours_integers;
static bool (*volatile negate)(bool) = ours_not;
static double (*volatile add)(Cell*, double) = cell_add;
static double (*volatile get)(Cell*) = cell_get_value;
static void (*volatile set)(Cell*, double) = cell_set_value;
static double (*volatile twice)(double) = cell_twice;
static Cell* (*volatile make)(double) = cell_new;
static void (*volatile finalize)(Cell*) = cell_finalize;
static double (*volatile total)(CleatFloat64Array) = ours_total;
static void* (*volatile copy)(void*, const void*, size_t) = memcpy;

static int32_t count_of(CleatCall* call) {
  int32_t count = 0;
  return cleat_arg_long(call, 0, &count) ? count : 0;
}

#define LOOP(name, body)                   \
  static void js_##name(CleatCall* call) { \
    double sum = 0;                        \
    int32_t count = count_of(call);        \
    for (int32_t i = 0; i < count; i++) {  \
      body;                                \
    }                                      \
    cleat_return_double(call, sum);        \
  }

LOOP(nothing, nothing(); sum += i)
LOOP(one, sum += one(i + 0.5))
LOOP(two, sum += two(i + 0.5, 2))
LOOP(six, sum += six(i + 0.5, 2, 3, 4, 5, 6))
LOOP(integers, sum += integers(i, 2))
LOOP(not, sum += negate((i & 1) == 0))

static Cell cell = {1};
static CleatFloat64Array list;
LOOP(add, sum += add(&cell, 2))
LOOP(get, sum += get(&cell))
LOOP(set, set(&cell, i); sum += i)
LOOP(twice, sum += twice(i))
LOOP(allocate, finalize(make(i)); sum += i)
LOOP(total, sum += total(list))
LOOP(hundred, for (int k = 0; k < 100; k++) sum = one(sum + 1))

static void copy_often(CleatCall* call, size_t length) {
  static char from[1024 * 1024];
  static char to[1024 * 1024];
  int32_t count = count_of(call);
  for (int32_t i = 0; i < count; i++) copy(to, from, length);
  cleat_return_double(call, to[0]);
}

static void js_copy16(CleatCall* call) { copy_often(call, 16); }
static void js_copy800(CleatCall* call) { copy_often(call, 800); }
static void js_copy1024(CleatCall* call) { copy_often(call, 1024); }
static void js_copy1048576(CleatCall* call) { copy_often(call, 1024 * 1024); }

CleatValue* bench_yardstick(CleatEnv* env) {
  static const struct {
    const char* name;
    CleatNative call;
  } functions[] = {
      {"nothing", js_nothing},
      {"one", js_one},
      {"two", js_two},
      {"six", js_six},
      {"integers", js_integers},
      {"not", js_not},
      {"copy16", js_copy16},
      {"copy800", js_copy800},
      {"copy1024", js_copy1024},
      {"add", js_add},
      {"get", js_get},
      {"set", js_set},
      {"twice", js_twice},
      {"allocate", js_allocate},
      {"total", js_total},
      {"hundred", js_hundred},
      {"copy1048576", js_copy1048576},
  };
  list = ours_floats(100);
  CleatValue* object = cleat_object(env);
  for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
    cleat_set(env, object, functions[i].name, cleat_function(env, functions[i].name, 1, functions[i].call, NULL));
  }
  return object;
}
