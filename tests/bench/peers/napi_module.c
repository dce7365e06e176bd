// The work as an addon of Node.js by Node-API, as its documentation shows it.
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

static size_t numbers(napi_env env, napi_callback_info info, double* out, size_t count) {
  napi_value arguments[6];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  for (size_t i = 0; i < count; i++) {
    if (napi_get_value_double(env, arguments[i], &out[i]) != napi_ok) napi_throw_type_error(env, NULL, "not a number");
  }
  return count;
}

static napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

static napi_value nothing(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  work_nothing();
  return NULL;
}

static napi_value one(napi_env env, napi_callback_info info) {
  double v[1];
  numbers(env, info, v, 1);
  return number(env, work_one(v[0]));
}

static napi_value two(napi_env env, napi_callback_info info) {
  double v[2];
  numbers(env, info, v, 2);
  return number(env, work_two(v[0], v[1]));
}

static napi_value six(napi_env env, napi_callback_info info) {
  double v[6];
  numbers(env, info, v, 6);
  return number(env, work_six(v[0], v[1], v[2], v[3], v[4], v[5]));
}

static napi_value take(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  char text[256];
  size_t length;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_value_string_utf8(env, argument, text, sizeof(text), &length) != napi_ok) return NULL;
  return number(env, work_take(text));
}

static napi_value give(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  napi_create_string_utf8(env, work_give(), NAPI_AUTO_LENGTH, &result);
  return result;
}

static napi_value give_new(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result;
  napi_create_string_utf8(env, work_give_new(), NAPI_AUTO_LENGTH, &result);
  return result;
}

static napi_value sum(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value array;
  uint32_t length = 0;
  double items[100];
  napi_get_cb_info(env, info, &count, &array, NULL, NULL);
  napi_get_array_length(env, array, &length);
  for (uint32_t i = 0; i < length && i < 100; i++) {
    napi_value element;
    napi_get_element(env, array, i, &element);
    napi_get_value_double(env, element, &items[i]);
  }
  return number(env, work_sum(items, length));
}

static napi_value eight(napi_env env, napi_callback_info info) {
  static const char* const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  size_t count = 1;
  napi_value object;
  double total = 0;
  napi_get_cb_info(env, info, &count, &object, NULL, NULL);
  for (int i = 0; i < 8; i++) {
    napi_value member;
    double value;
    napi_get_named_property(env, object, keys[i], &member);
    if (napi_get_value_double(env, member, &value) == napi_ok) total += value;
  }
  return number(env, total);
}

static napi_value make_pair(napi_env env, napi_callback_info info) {
  double v[2];
  napi_value object;
  numbers(env, info, v, 2);
  napi_create_object(env, &object);
  napi_set_named_property(env, object, "a", number(env, v[0]));
  napi_set_named_property(env, object, "b", number(env, v[1]));
  return object;
}

static napi_value values(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value array;
  const double* items = work_values();
  napi_create_array_with_length(env, 100, &array);
  for (uint32_t i = 0; i < 100; i++) napi_set_element(env, array, i, number(env, items[i]));
  return array;
}

static napi_value total(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value array;
  napi_typedarray_type type;
  size_t length = 0;
  void* data;
  napi_get_cb_info(env, info, &count, &array, NULL, NULL);
  if (napi_get_typedarray_info(env, array, &type, &length, &data, NULL, NULL) != napi_ok ||
      type != napi_float64_array) {
    napi_throw_type_error(env, NULL, "not a Float64Array");
    return NULL;
  }
  return number(env, work_sum(data, length));
}

static napi_value floats(napi_env env, napi_callback_info info) {
  (void)info;
  void* data;
  napi_value buffer;
  napi_value array;
  napi_create_arraybuffer(env, 100 * sizeof(double), &data, &buffer);
  memcpy(data, work_values(), 100 * sizeof(double));
  napi_create_typedarray(env, napi_float64_array, 100, buffer, 0, &array);
  return array;
}

static napi_value next(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_value result;
  int negative;
  uint64_t words[8] = {0};
  size_t length = 7;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_value_bigint_words(env, argument, &negative, &length, words) != napi_ok) return NULL;
  for (size_t i = 0; ++words[i] == 0; i++) continue;
  napi_create_bigint_words(env, negative, length, words, &result);
  return result;
}

static napi_value steps(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_value undefined;
  uint32_t times = 0;
  double value = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_uint32(env, arguments[1], &times);
  napi_get_undefined(env, &undefined);
  for (uint32_t i = 0; i < times; i++) {
    napi_handle_scope scope;
    napi_open_handle_scope(env, &scope);
    napi_value argument = number(env, value);
    napi_value result;
    if (napi_call_function(env, undefined, arguments[0], 1, &argument, &result) != napi_ok) return NULL;
    napi_get_value_double(env, result, &value);
    napi_close_handle_scope(env, scope);
  }
  return number(env, value);
}

static napi_value fail(napi_env env, napi_callback_info info) {
  (void)info;
  napi_throw_error(env, NULL, "failed");
  return NULL;
}

static void finalize_cell(napi_env env, void* cell, void* hint) {
  (void)env;
  (void)hint;
  free(cell);
}

static napi_value new_cell(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_value self;
  double* cell = malloc(sizeof(*cell));
  napi_get_cb_info(env, info, &count, &argument, &self, NULL);
  if (cell == NULL || napi_get_value_double(env, argument, cell) != napi_ok) return NULL;
  napi_wrap(env, self, cell, finalize_cell, NULL, NULL);
  return self;
}

static double* cell_of(napi_env env, napi_callback_info info, napi_value* argument) {
  size_t count = 1;
  napi_value self;
  void* cell = NULL;
  napi_get_cb_info(env, info, &count, argument, &self, NULL);
  napi_unwrap(env, self, &cell);
  return cell;
}

static napi_value add(napi_env env, napi_callback_info info) {
  napi_value argument;
  double by;
  double* cell = cell_of(env, info, &argument);
  if (cell == NULL || napi_get_value_double(env, argument, &by) != napi_ok) return NULL;
  return number(env, *cell + by);
}

static napi_value get_value(napi_env env, napi_callback_info info) {
  napi_value argument;
  double* cell = cell_of(env, info, &argument);
  return cell == NULL ? NULL : number(env, *cell);
}

static napi_value set_value(napi_env env, napi_callback_info info) {
  napi_value argument;
  double* cell = cell_of(env, info, &argument);
  if (cell != NULL) napi_get_value_double(env, argument, cell);
  return NULL;
}

static napi_value twice(napi_env env, napi_callback_info info) {
  double v[1];
  numbers(env, info, v, 1);
  return number(env, v[0] * 2);
}

NAPI_MODULE_INIT() {
  static const struct {
    const char* name;
    napi_callback call;
  } functions[] = {{"nothing", nothing}, {"one", one},
                   {"two", two},         {"six", six},
                   {"take", take},       {"give", give},
                   {"sum", sum},         {"eight", eight},
                   {"steps", steps},     {"fail", fail},
                   {"total", total},     {"floats", floats},
                   {"values", values},   {"makePair", make_pair},
                   {"next", next},       {"giveNew", give_new}};
  for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  const napi_property_descriptor members[] = {
      {.utf8name = "add", .method = add, .attributes = napi_default_method},
      {.utf8name = "value", .getter = get_value, .setter = set_value, .attributes = napi_default},
      {.utf8name = "twice", .method = twice, .attributes = napi_static},
  };
  napi_value cell;
  napi_define_class(env, "Cell", NAPI_AUTO_LENGTH, new_cell, NULL, 3, members, &cell);
  napi_set_named_property(env, exports, "Cell", cell);
  return exports;
}
