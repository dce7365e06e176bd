// The bindings of fixture.h, in the shape of generated glue.
#include "fixture.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "env.h"

// WHAT IS COUNTED

static atomic_int made;
static atomic_int finalized;
static atomic_int jobs_run;
static atomic_int results_freed;
static atomic_bool holding;
static _Atomic(CleatPromise*) last_promise;
static _Atomic(CleatCallback*) kept_callback;

int fixture_made(void) { return made; }
int fixture_finalized(void) { return finalized; }
int fixture_jobs_run(void) { return jobs_run; }
int fixture_results_freed(void) { return results_freed; }
void fixture_hold_blocking(bool hold) { holding = hold; }
CleatPromise* fixture_take_promise(void) { return atomic_exchange(&last_promise, NULL); }
CleatCallback* fixture_take_callback(void) { return atomic_exchange(&kept_callback, NULL); }

void fixture_collect_garbage(CleatEnv* env) { cleat__collect_garbage(env->engine); }

void fixture_reset(void) {
  made = 0;
  finalized = 0;
  jobs_run = 0;
  results_freed = 0;
  holding = false;
}

// interface Thing

typedef struct Thing {
  int id;
  struct Thing* friend;
} Thing;

typedef struct Counter {
  Thing thing;
  double value;
  int color;
} Counter;

static void finalize(void* object) {
  finalized++;
  free(object);
}

extern const CleatClass thing_class;
extern const CleatClass counter_class;

static const char* const color_values[] = {"red", "light-green", ""};
static const CleatEnum color_enum = {"Color", color_values, 3};

// constructor()
static void js_thing_new(CleatCall* call) {
  Thing* thing = calloc(1, sizeof(Thing));
  thing->id = ++made;
  cleat_return_new(call, &thing_class, thing);
}

// readonly attribute long id
static void js_thing_get_id(CleatCall* call) {
  Thing* self = cleat_this(call, &thing_class);
  if (self == NULL) return;
  cleat_return_long(call, self->id);
}

// Thing self()
static void js_thing_self(CleatCall* call) {
  Thing* self = cleat_this(call, &thing_class);
  if (self == NULL) return;
  cleat_return_object_required(call, &thing_class, self);
}

// Thing? friend()
static void js_thing_friend(CleatCall* call) {
  Thing* self = cleat_this(call, &thing_class);
  if (self == NULL) return;
  cleat_return_object(call, &thing_class, self->friend);
}

// undefined befriend(Thing other)
static void js_thing_befriend(CleatCall* call) {
  Thing* self = cleat_this(call, &thing_class);
  if (self == NULL) return;
  if (!cleat_require_args(call, 1)) return;
  Thing* other = cleat_arg_object(call, 0, &thing_class);
  if (other == NULL) return;
  self->friend = other;
}

// Thing required()
static void js_thing_required(CleatCall* call) {
  Thing* self = cleat_this(call, &thing_class);
  if (self == NULL) return;
  cleat_return_object_required(call, &thing_class, NULL);
}

static const CleatMember thing_members[] = {
    {.name = "id", .kind = CLEAT_ATTRIBUTE, .call = js_thing_get_id},
    {.name = "self", .kind = CLEAT_OPERATION, .call = js_thing_self},
    {.name = "friend", .kind = CLEAT_OPERATION, .call = js_thing_friend},
    {.name = "befriend", .kind = CLEAT_OPERATION, .call = js_thing_befriend, .length = 1},
    {.name = "required", .kind = CLEAT_OPERATION, .call = js_thing_required},
    {.name = "secret", .kind = CLEAT_OPERATION, .call = js_thing_self, .capability = "secrets"},
};

const CleatClass thing_class = {
    .name = "Thing",
    .construct = js_thing_new,
    .finalize = finalize,
    .members = thing_members,
    .member_count = sizeof(thing_members) / sizeof(thing_members[0]),
};

// interface Counter : Thing

// [Throws] constructor(optional double start = 0)
static void js_counter_new(CleatCall* call) {
  CLEAT_FRAME(frame);
  double start = 0;
  if (cleat_has_arg(call, 0) && !cleat_arg_double(call, 0, &start)) return;
  CleatEnv* env = cleat_enter(call, &frame);
  if (start < 0) {
    cleat_throw_range(env, "negative");
    cleat_return_new(call, &counter_class, NULL);
    return;
  }
  if (start == 1e9) {
    cleat_return_new(call, &counter_class, NULL);
    return;
  }
  Counter* counter = calloc(1, sizeof(Counter));
  counter->thing.id = ++made;
  counter->value = start;
  cleat_return_new(call, &counter_class, counter);
}

// attribute double value
static void js_counter_get_value(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  cleat_return_double(call, self->value);
}

static void js_counter_set_value(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  CleatInput input = cleat_assigned(call, NULL);
  double value;
  if (!cleat_input_double(&input, &value)) return;
  self->value = value;
}

// attribute Color color
static void js_counter_get_color(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  cleat_return_enum(call, &color_enum, self->color);
}

static void js_counter_set_color(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  CleatInput input = cleat_assigned(call, NULL);
  int value;
  if (!cleat_assigned_enum(&input, &color_enum, &value)) return;
  self->color = value;
}

// undefined breakColor()
static void js_counter_break_color(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  self->color = 99;
}

// undefined paint(Color color)
static void js_counter_paint(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  if (!cleat_require_args(call, 1)) return;
  CleatInput input = cleat_arg(call, 0, NULL);
  if (!cleat_input_enum(&input, &color_enum, &self->color)) return;
}

// long increment(optional long by = 1)
static void js_counter_increment(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  int32_t by = 1;
  if (cleat_has_arg(call, 0) && !cleat_arg_long(call, 0, &by)) return;
  self->value += by;
  cleat_return_long(call, (int32_t)self->value);
}

// Promise<long> later(long x)
static CleatValue* make_long(CleatEnv* env, void* copy) { return cleat_number(env, *(int32_t*)copy); }

static void js_counter_later(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  if (!cleat_require_args(call, 1)) return;
  int32_t x;
  if (!cleat_arg_long(call, 0, &x)) return;
  CleatPromise* promise = cleat_return_promise(call);
  if (promise == NULL) return;
  cleat_promise_resolve(promise, make_long, &x, sizeof(x), NULL);
}

// [Blocking] Promise<double> slowValue()
typedef struct SlowValueJob {
  CleatJob job;
  Counter* self;
  double result;
} SlowValueJob;

static void run_slow_value(CleatJob* job) {
  SlowValueJob* it = (SlowValueJob*)job;
  jobs_run++;
  while (holding) usleep(1000);
  it->result = it->self->value;
}

static CleatValue* make_slow_value(CleatEnv* env, CleatJob* job) {
  return cleat_number(env, ((SlowValueJob*)job)->result);
}

static const CleatJobType slow_value_job = {sizeof(SlowValueJob), run_slow_value, make_slow_value, NULL};

static void js_counter_slow_value(CleatCall* call) {
  Counter* self = cleat_this(call, &counter_class);
  if (self == NULL) return;
  SlowValueJob* job = (SlowValueJob*)cleat_job(call, &slow_value_job);
  if (job == NULL) return;
  job->self = self;
  cleat_job_start(call, &job->job);
}

// static long created()
static void js_counter_created(CleatCall* call) { cleat_return_long(call, made); }

static const CleatMember counter_members[] = {
    {.name = "value", .kind = CLEAT_ATTRIBUTE, .call = js_counter_get_value, .set = js_counter_set_value},
    {.name = "color", .kind = CLEAT_ATTRIBUTE, .call = js_counter_get_color, .set = js_counter_set_color},
    {.name = "breakColor", .kind = CLEAT_OPERATION, .call = js_counter_break_color},
    {.name = "paint", .kind = CLEAT_OPERATION, .call = js_counter_paint, .length = 1},
    {.name = "increment", .kind = CLEAT_OPERATION, .call = js_counter_increment},
    {.name = "later", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_counter_later, .length = 1},
    {.name = "slowValue", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_counter_slow_value},
    {.name = "created", .kind = CLEAT_OPERATION, .flags = CLEAT_STATIC, .call = js_counter_created},
    {.name = "MAX", .kind = CLEAT_CONSTANT, .value = 100},
    {.name = "FAST", .kind = CLEAT_CONSTANT_BOOLEAN, .value = 1},
};

const CleatClass counter_class = {
    .name = "Counter",
    .parent = &thing_class,
    .construct = js_counter_new,
    .finalize = finalize,
    .members = counter_members,
    .member_count = sizeof(counter_members) / sizeof(counter_members[0]),
};

// interface Empty, whose constructor gives no native object
static void js_empty_new(CleatCall* call) { (void)call; }

static void js_empty_use(CleatCall* call);

static const CleatMember empty_members[] = {{.name = "use", .kind = CLEAT_OPERATION, .call = js_empty_use}};

static const CleatClass empty_class = {
    .name = "Empty", .construct = js_empty_new, .finalize = finalize, .members = empty_members, .member_count = 1};

static void js_empty_use(CleatCall* call) {
  if (cleat_this(call, &empty_class) != NULL) abort();
}

// interface Plain, without a constructor
static const CleatClass plain_class = {.name = "Plain"};

// interface Secret, with a capability
static const CleatClass secret_class = {.name = "Secret", .capability = "secrets"};

// namespace Maths

// double hypot(double x, double y)
static void js_maths_hypot(CleatCall* call) {
  if (!cleat_require_args(call, 2)) return;
  double x;
  if (!cleat_arg_double(call, 0, &x)) return;
  double y;
  if (!cleat_arg_double(call, 1, &y)) return;
  cleat_return_double(call, hypot(x, y));
}

// readonly attribute double tau
static void js_maths_get_tau(CleatCall* call) { cleat_return_double(call, 6.25); }

static const CleatMember maths_members[] = {
    {.name = "hypot", .kind = CLEAT_OPERATION, .call = js_maths_hypot, .length = 2},
    {.name = "tau", .kind = CLEAT_ATTRIBUTE, .call = js_maths_get_tau},
    {.name = "ZERO", .kind = CLEAT_CONSTANT, .value = 0},
};
static const CleatNamespace maths_namespace = {"Maths", maths_members, 3, NULL, 0};

// STRINGS

// DOMString dom(DOMString text)
static void js_dom(CleatCall* call) {
  CLEAT_FRAME(frame);
  if (!cleat_require_args(call, 1)) return;
  CleatString text;
  if (!cleat_arg_dom_string(call, 0, &frame, &text)) return;
  if (text.data[text.length] != '\0') abort();
  cleat_return_string(call, text);
}

// USVString usv(USVString text)
static void js_usv(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatString text;
  if (!cleat_arg_usv_string(call, 0, &frame, &text)) return;
  cleat_return_string(call, text);
}

// ByteString bytes(ByteString text)
static void js_bytes(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatString text;
  if (!cleat_arg_byte_string(call, 0, &frame, &text)) return;
  cleat_return_byte_string(call, text);
}

// unsigned long utf8Length([CString] DOMString text)
static void js_utf8_length(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatString text;
  if (!cleat_input_dom_string(&input, &text)) return;
  if (!cleat_check_c_string(&input, text)) return;
  cleat_return_unsigned_long(call, (uint32_t)strlen(text.data));
}

// DOMString? nothing()
static void js_nothing(CleatCall* call) { cleat_return_string(call, (CleatString){NULL, 0}); }

// boolean truth(boolean value)
static void js_truth(CleatCall* call) {
  bool value;
  if (!cleat_arg_boolean(call, 0, &value)) return;
  cleat_return_boolean(call, value);
}

// DICTIONARIES AND SEQUENCES

// dictionary Size { double height = 1; required double width; };  dictionary Box : Size { long depth = 2; Color color;
// };
typedef struct Size {
  double height;
  double width;
} Size;
typedef struct Box {
  Size size;
  int32_t depth;
  bool has_color;
  int color;
} Box;

static bool to_size(const CleatInput* input, Size* out) {
  if (!cleat_input_dictionary(input)) return false;
  CleatInput member = cleat_member_of(input);
  bool present;
  out->height = 1;
  if (!cleat_input_member(&member, "height", false, &present)) return false;
  if (present && !cleat_input_double(&member, &out->height)) return false;
  if (!cleat_input_member(&member, "width", true, &present)) return false;
  return cleat_input_double(&member, &out->width);
}

static bool to_box(const CleatInput* input, Box* out) {
  memset(out, 0, sizeof(*out));
  if (!to_size(input, &out->size)) return false;
  CleatInput member = cleat_member_of(input);
  bool present;
  if (!cleat_input_member(&member, "color", false, &out->has_color)) return false;
  if (out->has_color && !cleat_input_enum(&member, &color_enum, &out->color)) return false;
  out->depth = 2;
  if (!cleat_input_member(&member, "depth", false, &present)) return false;
  return !present || cleat_input_long(&member, &out->depth);
}

// double volume(Box box)
static void js_volume(CleatCall* call) {
  CLEAT_FRAME(frame);
  if (!cleat_require_args(call, 1)) return;
  CleatInput input = cleat_arg(call, 0, &frame);
  Box box;
  if (!to_box(&input, &box)) return;
  cleat_return_double(call, box.size.height * box.size.width * box.depth);
}

static bool to_doubles(const CleatInput* input, CleatDoubleSequence* out) {
  CleatIteration iteration;
  if (!cleat_iterate(input, sizeof(double), &iteration)) return false;
  while (cleat_iterate_next(&iteration)) {
    if (!cleat_input_double(&iteration.element, iteration.slot)) return false;
  }
  return cleat_iterate_end(&iteration, (void**)&out->items, &out->length);
}

// double sum(sequence<double> numbers)
static void js_sum(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatDoubleSequence numbers;
  if (!to_doubles(&input, &numbers)) return;
  double sum = 0;
  for (size_t i = 0; i < numbers.length; i++) sum += numbers.items[i];
  cleat_return_double(call, sum);
}

// double sumSizes(sequence<Size> sizes)
static void js_sum_sizes(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatIteration iteration;
  if (!cleat_iterate(&input, sizeof(Size), &iteration)) return;
  while (cleat_iterate_next(&iteration)) {
    if (!to_size(&iteration.element, iteration.slot)) return;
  }
  Size* sizes;
  size_t length;
  if (!cleat_iterate_end(&iteration, (void**)&sizes, &length)) return;
  double sum = 0;
  for (size_t i = 0; i < length; i++) sum += sizes[i].width * sizes[i].height;
  cleat_return_double(call, sum);
}

// CALLBACKS

// DOMString spread(Callback f): many allocations around a call that allocates itself
static void js_spread(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatCallback callback;
  if (!cleat_input_callback(&input, &callback)) return;
  CleatEnv* env = cleat_enter(call, &frame);
  char* before = cleat_allocate(env, 10000);
  memset(before, 'a', 10000);
  CleatInput result;
  CleatString text;
  if (!cleat_callback_call(env, &callback, NULL, 0, NULL, &result)) return;
  if (!cleat_input_dom_string(&result, &text)) return;
  char* after = cleat_allocate(env, 100);
  memset(after, 'b', 100);
  for (int i = 0; i < 10000; i++) {
    if (before[i] != 'a') abort();
  }
  cleat_return_string(call, text);
}

// long twice(Callback f, long x)
static bool call_long(CleatEnv* env, const CleatCallback* callback, int32_t x, int32_t* out) {
  CleatValue* argument = cleat_number(env, x);
  CleatInput result;
  return cleat_callback_call(env, callback, NULL, 1, &argument, &result) &&
         cleat_input_long_enforce_range(&result, out);
}

static void js_twice(CleatCall* call) {
  CLEAT_FRAME(frame);
  if (!cleat_require_args(call, 2)) return;
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatCallback callback;
  if (!cleat_input_callback(&input, &callback)) return;
  int32_t x;
  if (!cleat_arg_long(call, 1, &x)) return;
  CleatEnv* env = cleat_enter(call, &frame);
  if (!call_long(env, &callback, x, &x) || !call_long(env, &callback, x, &x)) return;
  cleat_return_long(call, x);
}

// undefined keep(Callback f)
static void js_keep(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatInput input = cleat_arg(call, 0, &frame);
  CleatCallback callback;
  if (!cleat_input_callback(&input, &callback)) return;
  CleatEnv* env = cleat_enter(call, &frame);
  CleatCallback* kept = cleat_callback_retain(env, &callback);
  if (kept == NULL) return;
  cleat_callback_release(atomic_exchange(&kept_callback, kept));
}

// PROMISES

typedef struct Later {
  CleatPromise* promise;
  int32_t x;
  bool reject;
} Later;

static void* settle_later(void* data) {
  Later* later = data;
  if (later->reject) {
    cleat_promise_reject(later->promise, CLEAT_THROW_RANGE_ERROR, "no %d", (int)later->x);
  } else {
    cleat_promise_resolve(later->promise, make_long, &later->x, sizeof(later->x), NULL);
  }
  free(later);
  return NULL;
}

static void start_later(CleatCall* call, bool reject) {
  int32_t x;
  if (!cleat_arg_long(call, 0, &x)) return;
  CleatPromise* promise = cleat_return_promise(call);
  if (promise == NULL) return;
  Later* later = malloc(sizeof(Later));
  *later = (Later){promise, x, reject};
  pthread_t thread;
  pthread_create(&thread, NULL, settle_later, later);
  pthread_detach(thread);
}

// Promise<long> soon(long x)
static void js_soon(CleatCall* call) { start_later(call, false); }

// Promise<long> fail(long x)
static void js_fail(CleatCall* call) { start_later(call, true); }

// Promise<undefined> neverSettled()
static void js_never_settled(CleatCall* call) {
  CleatPromise* promise = cleat_return_promise(call);
  if (promise != NULL) last_promise = promise;
}

// Promise<Thenable> resolveWith(any value)
static CleatValue* make_value(CleatEnv* env, void* copy) {
  CleatRef* ref = *(CleatRef**)copy;
  CleatValue* value = cleat_held(env, ref);
  cleat_ref_free(ref);
  return value;
}

static void js_resolve_with(CleatCall* call) {
  CleatPromise* promise = cleat_return_promise(call);
  if (promise == NULL) return;
  CleatRef* ref = cleat_hold(cleat_env(call), cleat_arg_any(call, 0));
  cleat_promise_resolve(promise, make_value, &ref, sizeof(ref), NULL);
}

// [Throws] Promise<any> resolveOrThrow(any value, Function then): resolves with the value, where that is not undefined,
// and then calls the function
static void js_resolve_or_throw(CleatCall* call) {
  CLEAT_FRAME(frame);
  CleatEnv* env = cleat_enter(call, &frame);
  CleatPromise* promise = cleat_return_promise(call);
  if (promise == NULL) return;
  cleat_promise_enter(promise);
  if (cleat_has_arg(call, 0)) {
    CleatRef* ref = cleat_hold(env, cleat_arg_any(call, 0));
    cleat_promise_resolve(promise, make_value, &ref, sizeof(ref), NULL);
  }
  cleat_call(env, cleat_arg_any(call, 1), NULL, 0, NULL);
  cleat_promise_leave(env, promise);
}

// BLOCKING

// [Blocking, Throws] Promise<DOMString> shout(DOMString text)
typedef struct ShoutJob {
  CleatJob job;
  CleatString text;
  char* result;
} ShoutJob;

static void run_shout(CleatJob* job) {
  ShoutJob* it = (ShoutJob*)job;
  jobs_run++;
  while (holding) usleep(1000);
  if (it->text.length == 0) {
    cleat_thrower_throw(job->thrower, CLEAT_THROW_TYPE_ERROR, "nothing to %s", "shout");
    return;
  }
  it->result = malloc(it->text.length + 2);
  memcpy(it->result, it->text.data, it->text.length);
  strcpy(it->result + it->text.length, "!");
}

static CleatValue* make_shout(CleatEnv* env, CleatJob* job) { return cleat_c_string(env, ((ShoutJob*)job)->result); }

static void free_shout(CleatJob* job) {
  results_freed++;
  free(((ShoutJob*)job)->result);
}

static const CleatJobType shout_job = {sizeof(ShoutJob), run_shout, make_shout, free_shout};

static void js_shout(CleatCall* call) {
  if (!cleat_require_args(call, 1)) return;
  ShoutJob* job = (ShoutJob*)cleat_job(call, &shout_job);
  if (job == NULL) return;
  if (!cleat_arg_dom_string(call, 0, job->job.frame, &job->text)) {
    cleat_job_free(&job->job);
    return;
  }
  cleat_job_start(call, &job->job);
}

// [Blocking] Promise<double> sumLater(sequence<Counter> counters)
typedef struct SumLaterJob {
  CleatJob job;
  Counter** counters;
  size_t count;
  double result;
} SumLaterJob;

static void run_sum_later(CleatJob* job) {
  SumLaterJob* it = (SumLaterJob*)job;
  jobs_run++;
  while (holding) usleep(1000);
  for (size_t i = 0; i < it->count; i++) it->result += it->counters[i]->value;
}

static CleatValue* make_sum_later(CleatEnv* env, CleatJob* job) {
  return cleat_number(env, ((SumLaterJob*)job)->result);
}

static const CleatJobType sum_later_job = {sizeof(SumLaterJob), run_sum_later, make_sum_later, NULL};

static bool to_counters(const CleatInput* input, SumLaterJob* out) {
  CleatIteration iteration;
  if (!cleat_iterate(input, sizeof(Counter*), &iteration)) return false;
  while (cleat_iterate_next(&iteration)) {
    Counter* counter = cleat_input_interface(&iteration.element, &counter_class);
    if (counter == NULL) return false;
    *(Counter**)iteration.slot = counter;
  }
  return cleat_iterate_end(&iteration, (void**)&out->counters, &out->count);
}

static void js_sum_later(CleatCall* call) {
  if (!cleat_require_args(call, 1)) return;
  SumLaterJob* job = (SumLaterJob*)cleat_job(call, &sum_later_job);
  if (job == NULL) return;
  CleatInput counters = cleat_arg(call, 0, job->job.frame);
  if (!to_counters(&counters, job)) {
    cleat_job_free(&job->job);
    return;
  }
  cleat_job_start(call, &job->job);
}

static const CleatMember globals[] = {
    {.name = "dom", .kind = CLEAT_OPERATION, .call = js_dom, .length = 1},
    {.name = "usv", .kind = CLEAT_OPERATION, .call = js_usv, .length = 1},
    {.name = "bytes", .kind = CLEAT_OPERATION, .call = js_bytes, .length = 1},
    {.name = "utf8Length", .kind = CLEAT_OPERATION, .call = js_utf8_length, .length = 1},
    {.name = "nothing", .kind = CLEAT_OPERATION, .call = js_nothing},
    {.name = "truth", .kind = CLEAT_OPERATION, .call = js_truth, .length = 1},
    {.name = "volume", .kind = CLEAT_OPERATION, .call = js_volume, .length = 1},
    {.name = "sum", .kind = CLEAT_OPERATION, .call = js_sum, .length = 1},
    {.name = "sumSizes", .kind = CLEAT_OPERATION, .call = js_sum_sizes, .length = 1},
    {.name = "spread", .kind = CLEAT_OPERATION, .call = js_spread, .length = 1},
    {.name = "twice", .kind = CLEAT_OPERATION, .call = js_twice, .length = 2},
    {.name = "keep", .kind = CLEAT_OPERATION, .call = js_keep, .length = 1},
    {.name = "soon", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_soon, .length = 1},
    {.name = "fail", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_fail, .length = 1},
    {.name = "neverSettled", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_never_settled},
    {.name = "resolveWith", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_resolve_with, .length = 1},
    {.name = "resolveOrThrow", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_resolve_or_throw},
    {.name = "shout", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_shout, .length = 1},
    {.name = "sumLater", .kind = CLEAT_OPERATION, .flags = CLEAT_PROMISING, .call = js_sum_later, .length = 1},
    {.name = "answer", .kind = CLEAT_CONSTANT, .value = 42},
    {.name = "madeSoFar", .kind = CLEAT_ATTRIBUTE, .call = js_counter_created},
};

static const CleatClass* const classes[] = {&thing_class, &counter_class, &empty_class, &plain_class, &secret_class};
static const CleatNamespace* const namespaces[] = {&maths_namespace};

const CleatBindings fixture_bindings = {
    .size = sizeof(CleatBindings),
    .name = "fixture",
    .classes = classes,
    .class_count = sizeof(classes) / sizeof(classes[0]),
    .namespaces = namespaces,
    .namespace_count = 1,
    .globals = globals,
    .global_count = sizeof(globals) / sizeof(globals[0]),
};
