// Sequences of Web IDL, 3.2.21: the iteration protocol, step by step, into memory of a frame.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "runtime.h"

enum {
  FIRST_CAPACITY = 8,
  MOST_BELIEVED = 1024,
  MOST_AT_ONCE = 1 << 24,  // elements that memory is taken for before it is known whether they are Numbers
};

// The iteration of arrays as ECMAScript has it. All but `sample` are NULL where that is not known.
struct CleatArrays {
  CleatHandle* values;              // Array.prototype[Symbol.iterator]
  CleatHandle* iterator_prototype;  // %ArrayIteratorPrototype%
  CleatHandle* next;                // its `next`
  CleatHandle* sample;              // an array of one small integer, which no script sees
};

static bool throw_not_iterable(const CleatInput* input) {
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not iterable");
  return false;
}

static CleatValue* get(CleatEnv* env, CleatValue* object, CleatValue* key) {
  CleatValue* value = cleat__get(env->engine, object, key);
  cleat__ran(env, value != NULL);
  return value;
}

static CleatValue* call(CleatEnv* env, CleatValue* function, CleatValue* receiver) {
  CleatValue* value = cleat__call(env->engine, function, receiver, 0, NULL);
  cleat__ran(env, value != NULL);
  return value;
}

static bool keep(CleatEnv* env, CleatHandle** handle, CleatValue* value) {
  *handle = cleat__handle_new(env->engine, value);
  if (*handle == NULL) cleat_throw_range(env, "out of memory");
  return *handle != NULL;
}

static bool find_iteration(CleatEnv* env, CleatArrays* arrays) {
  CleatEngine* engine = env->engine;
  CleatValue* values = cleat__intrinsic(engine, CLEAT_ARRAY_VALUES);
  if (values == NULL) return cleat__ran(env, false);
  CleatValue* iterator = call(env, values, cleat__handle_value(engine, arrays->sample));
  if (iterator == NULL) return false;
  CleatValue* prototype = cleat__prototype(engine, iterator);
  CleatValue* next = get(env, prototype, cleat__interned(engine, "next"));
  return next != NULL && keep(env, &arrays->values, values) && keep(env, &arrays->iterator_prototype, prototype) &&
         keep(env, &arrays->next, next);
}

// Of JSON, since an array that is made by V8's API may hold anything, and is never read in one piece.
static bool make_sample(CleatEnv* env, CleatArrays* arrays) {
  CleatValue* sample = cleat__json_parse(env->engine, "[1]", 3);
  return cleat__ran(env, sample != NULL) && keep(env, &arrays->sample, sample);
}

// V8 itself reads an array in one piece only as long as nobody has changed how arrays are iterated.
static bool is_iteration_unchanged(CleatEnv* env, const CleatArrays* arrays) {
  double number;
  return cleat__array_doubles(cleat__handle_value(env->engine, arrays->sample), &number, 1);
}

// In an isolate of others it is taken for ECMAScript's as it is when this is opened: V8 may not tell there. Elsewhere
// where somebody has changed it, nothing is kept, and no array is taken for plain from then on.
static bool open_arrays(CleatEnv* env, CleatArrays* arrays) {
  if (!make_sample(env, arrays)) return false;
  if (env->runtime->attachment == NULL && !is_iteration_unchanged(env, arrays)) return true;
  return find_iteration(env, arrays);
}

bool cleat__arrays_open(CleatEnv* env) {
  if (env->arrays != NULL) return true;
  env->arrays = calloc(1, sizeof(CleatArrays));
  if (env->arrays == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  if (open_arrays(env, env->arrays)) return true;
  cleat__arrays_close(env);
  return false;
}

void cleat__arrays_close(CleatEnv* env) {
  if (env->arrays == NULL) return;
  cleat__handle_free(env->arrays->values);
  cleat__handle_free(env->arrays->iterator_prototype);
  cleat__handle_free(env->arrays->next);
  cleat__handle_free(env->arrays->sample);
  free(env->arrays);
  env->arrays = NULL;
}

static bool is_same(CleatEnv* env, const CleatHandle* handle, CleatValue* value) {
  return value != NULL && cleat__strict_equals(cleat__handle_value(env->engine, handle), value);
}

// Returns whether the iteration of an array by `method` is such that no script can tell it from reading its elements in
// turn.
static bool is_plainly_iterated(CleatEnv* env, CleatValue* method) {
  const CleatArrays* arrays = env->arrays;
  if (arrays->values == NULL || !is_same(env, arrays->values, method)) return false;
  if (is_iteration_unchanged(env, arrays)) return true;
  CleatValue* prototype = cleat__handle_value(env->engine, arrays->iterator_prototype);
  CleatValue* next = cleat__get_own_data(env->engine, prototype, cleat__interned(env->engine, "next"));
  return is_same(env, arrays->next, next);
}

bool cleat_input_find_iterator(const CleatInput* input, CleatInput* found) {
  CleatEnv* env = input->env;
  if (found != input) *found = *input;
  if (input->method != NULL || !cleat__is_object(input->value)) return true;
  if (env->pending) return false;
  CleatValue* method = get(env, input->value, cleat__symbol_iterator(env->engine));
  if (method == NULL) return false;
  // GetMethod: undefined and null are none.
  if (cleat__is_null_or_undefined(method)) return true;
  if (!cleat__is_function(method)) return throw_not_iterable(input);
  found->method = method;
  return true;
}

bool cleat_iterate(const CleatInput* input, size_t element_size, CleatIteration* iteration) {
  CleatEnv* env = input->env;
  if (env->pending) return false;
  memset(iteration, 0, sizeof(*iteration));
  iteration->input = input;
  iteration->element_size = element_size;
  iteration->element = *input;
  iteration->element.outer = input;
  iteration->element.member = NULL;
  if (!cleat__is_object(input->value)) return throw_not_iterable(input);
  // GetMethod(V, @@iterator), then "creating a sequence from an iterable": GetIteratorFromMethod.
  CleatValue* method = input->method;
  if (method == NULL) method = get(env, input->value, cleat__symbol_iterator(env->engine));
  if (method == NULL) return false;
  if (!cleat__is_function(method)) return throw_not_iterable(input);
  if (cleat__is_array(input->value)) {
    if (!cleat__arrays_open(env)) return false;
    if (is_plainly_iterated(env, method)) return true;  // without an iterator
  }
  iteration->iterator = call(env, method, input->value);
  if (iteration->iterator == NULL) return false;
  if (!cleat__is_object(iteration->iterator)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "has an iterator that is not an object");
    return false;
  }
  iteration->next = get(env, iteration->iterator, cleat__interned(env->engine, "next"));
  return iteration->next != NULL;
}

static bool fail(CleatIteration* iteration) {
  iteration->failed = true;
  return false;
}

// Stores the next element of a plain array, or NULL at its end, which may have moved.
static bool step_array(CleatIteration* iteration, CleatValue** out) {
  const CleatInput* input = iteration->input;
  *out = NULL;
  if (iteration->length >= cleat__array_length(input->value)) return true;
  *out = cleat__get_index(input->env->engine, input->value, (uint32_t)iteration->length);
  return cleat__ran(input->env, *out != NULL);
}

// IteratorStepValue: stores the value, or NULL at the end.
static bool step(CleatIteration* iteration, CleatValue** out) {
  const CleatInput* input = iteration->input;
  CleatEnv* env = input->env;
  if (iteration->iterator == NULL) return step_array(iteration, out);
  if (!cleat__is_function(iteration->next)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "has an iterator whose next is not a function");
    return false;
  }
  CleatValue* result = call(env, iteration->next, iteration->iterator);
  if (result == NULL) return false;
  if (!cleat__is_object(result)) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "has an iterator that gives a result that is not an object");
    return false;
  }
  CleatValue* done = get(env, result, cleat__interned(env->engine, "done"));
  if (done == NULL) return false;
  *out = NULL;
  if (cleat__boolean_value(env->engine, done)) return true;
  *out = get(env, result, cleat__interned(env->engine, "value"));
  return *out != NULL;
}

// An array says how many elements will come, as far as it is to be believed.
static size_t first_capacity(const CleatIteration* iteration) {
  if (iteration->iterator != NULL) return FIRST_CAPACITY;
  uint32_t length = cleat__array_length(iteration->input->value);
  return length < FIRST_CAPACITY ? FIRST_CAPACITY : length > MOST_BELIEVED ? MOST_BELIEVED : length;
}

// Returns whether there may be so many handles of V8's as that many elements take: those of the call stay until its
// end.
static bool may_have_handles(size_t count) {
  enum { LARGE = 1 << 16, OF_EACH = 4 * sizeof(void*) };
  CleatEngine* engine;
  if (count < LARGE) return true;
  if (count > SIZE_MAX / OF_EACH || !cleat__call_memory_take(count * OF_EACH, &engine)) return false;
  if (engine != NULL) cleat__call_memory_give(engine, count * OF_EACH);
  return true;
}

// Makes room for one more element.
static bool reserve(CleatIteration* iteration) {
  if (iteration->length < iteration->capacity) return true;
  size_t capacity = iteration->capacity == 0 ? first_capacity(iteration) : iteration->capacity * 2;
  char* items = NULL;
  if (may_have_handles(capacity) && capacity <= SIZE_MAX / iteration->element_size) {
    items = cleat_frame_allocate(iteration->input->frame, capacity * iteration->element_size);
  }
  if (items == NULL) {
    cleat_input_throw(iteration->input, CLEAT_THROW_RANGE_ERROR, "is too long: memory ran out");
    return false;
  }
  if (iteration->length > 0) {
    size_t size = iteration->length * iteration->element_size;
    memcpy(items, iteration->items, size);
    cleat__move_borrowed(iteration->input->frame, iteration->items, size, items);
  }
  iteration->items = items;
  iteration->capacity = capacity;
  return true;
}

CLEAT_HOT bool cleat_iterate_next(CleatIteration* iteration) {
  CleatValue* value;
  if (iteration->input->env->pending || !step(iteration, &value)) return fail(iteration);
  if (value == NULL) return false;
  if (!reserve(iteration)) return fail(iteration);
  iteration->element.value = value;
  iteration->element.method = NULL;
  iteration->element.async = false;
  iteration->element.index = iteration->length;
  iteration->slot = iteration->items + iteration->length * iteration->element_size;
  iteration->length++;
  return true;
}

bool cleat_iterate_end(CleatIteration* iteration, void** items, size_t* length) {
  if (iteration->failed) return false;
  *items = iteration->items;
  *length = iteration->length;
  return true;
}

// SEQUENCES OF DOUBLES

static bool are_finite(const double* numbers, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!isfinite(numbers[i])) return false;
  }
  return true;
}

// Stores the elements of an array by `read`, where that can and all of them are as they should be; false, with nothing
// thrown, for every other value, which is then iterated.
static bool read_doubles(const CleatInput* input, bool finite,
                         bool (*read)(CleatValue* array, double* out, uint32_t length), CleatDoubleSequence* out) {
  if (input->env->pending || !cleat__is_array(input->value)) return false;
  uint32_t length = cleat__array_length(input->value);
  if (length > MOST_AT_ONCE) return false;
  double* numbers = cleat_frame_allocate(input->frame, (length + 1) * sizeof(double));
  if (numbers == NULL) return false;
  if (!read(input->value, numbers, length)) {
    cleat__frame_give_back(input->frame, numbers);
    return false;
  }
  *out = (CleatDoubleSequence){numbers, length};
  return !finite || are_finite(numbers, length);
}

static bool iterate_doubles(const CleatInput* input, bool finite, CleatDoubleSequence* out) {
  CleatIteration iteration;
  if (!cleat_iterate(input, sizeof(double), &iteration)) return false;
  if (iteration.iterator == NULL && read_doubles(input, finite, cleat__array_doubles_in_place, out)) return true;
  while (cleat_iterate_next(&iteration)) {
    double* number = iteration.slot;
    const CleatInput* element = &iteration.element;
    if (!(finite ? cleat_input_double(element, number) : cleat_input_unrestricted_double(element, number)))
      return false;
  }
  return cleat_iterate_end(&iteration, (void**)&out->items, &out->length);
}

static bool convert_doubles(const CleatInput* input, bool finite, CleatDoubleSequence* out) {
  return read_doubles(input, finite, cleat__array_doubles, out) || iterate_doubles(input, finite, out);
}

CLEAT_HOT bool cleat_input_double_sequence(const CleatInput* input, CleatDoubleSequence* out) {
  return convert_doubles(input, true, out);
}

CLEAT_HOT bool cleat_input_unrestricted_double_sequence(const CleatInput* input, CleatDoubleSequence* out) {
  return convert_doubles(input, false, out);
}

CleatValue* cleat_double_array(CleatEnv* env, CleatDoubleSequence value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  CleatValue* array = cleat__array_of_doubles(env->engine, value.items, value.length);
  return array == NULL ? cleat__fail(env) : array;
}
