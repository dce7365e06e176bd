// The hooks of behaviour.idl: most give back what they are given.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "behaviour.h"

// COUNTERS

struct Counter {
  int32_t value;
  Color color;
  CleatRef* next;  // a wrapper, or NULL
  char name[32];
};

struct Timer {
  Counter base;
  int32_t limit;
};

static int32_t counters_made;
static int32_t counters_finalized;

static Counter* init_counter(Counter* counter, int32_t value) {
  counter->value = value;
  counters_made++;
  return counter;
}

Counter* counter_new(CleatEnv* env, int32_t start) {
  if (start < 0) {
    cleat_throw_range(env, "%d is negative", start);
    return NULL;
  }
  return init_counter(calloc(1, sizeof(Counter)), start);
}

void counter_finalize(Counter* self) {
  counters_finalized++;
  cleat_ref_free(self->next);
  free(self);
}

int32_t counter_get_value(Counter* self) { return self->value; }
void counter_set_value(Counter* self, int32_t value) { self->value = value; }
Color counter_get_color(Counter* self) { return self->color; }
void counter_set_color(Counter* self, Color color) { self->color = color; }
Counter* counter_get_next(CleatEnv* env, Counter* self) {
  return cleat_unwrap(env, cleat_held(env, self->next), &counter_class);
}
void counter_set_next(CleatEnv* env, Counter* self, Counter* next) {
  cleat_ref_free(self->next);
  self->next = next == NULL ? NULL : cleat_hold_in(env, &counter_class, self, cleat_wrap(env, &counter_class, next));
}
CleatString counter_get_text(Counter* self) { return self->value == 0 ? CLEAT_STRING("none") : CLEAT_STRING("some"); }
int32_t counter_get_made(void) { return counters_made; }
void counter_set_made(int32_t made) { counters_made = made; }
int32_t counter_get_finalized(void) { return counters_finalized; }

int32_t counter_increment(CleatEnv* env, Counter* self, int32_t by) {
  if ((int64_t)self->value + by > COUNTER_MAX) {
    cleat_throw_range(env, "beyond %d", COUNTER_MAX);
    return 0;
  }
  return self->value = (int32_t)((uint32_t)self->value + (uint32_t)by);
}

int32_t counter_add(Counter* self, int32_t a, uint8_t b, uint16_t c) {
  return (int32_t)((uint32_t)self->value + (uint32_t)a + b + c);
}
Counter* counter_self(Counter* self) { return self; }
Counter* counter_of(int32_t value) { return init_counter(calloc(1, sizeof(Counter)), value); }
void counter_later(Counter* self, CleatLongPromise* promise) { cleat_long_promise_resolve(promise, self->value); }

CleatString counter_get_name(Counter* self) { return (CleatString){self->name, strlen(self->name)}; }
void counter_set_name(Counter* self, CleatString name) { snprintf(self->name, sizeof(self->name), "%s", name.data); }

Timer* timer_new(int32_t start, int32_t limit) {
  Timer* timer = calloc(1, sizeof(Timer));
  init_counter(&timer->base, start);
  timer->limit = limit;
  return timer;
}
void timer_finalize(Timer* self) {
  cleat_ref_free(self->base.next);
  free(self);
}
int32_t timer_get_limit(Timer* self) { return self->limit; }

// STRINGS AND NUMBERS

CleatString strings_dom(CleatString text) { return text; }
CleatString strings_usv(CleatString text) { return text; }
CleatString strings_bytes(CleatString text) { return text; }
uint32_t strings_length(const char* text) { return (uint32_t)strlen(text); }
CleatString strings_nullable(CleatString text) { return text; }
char* strings_owned(CleatString text) { return strdup(text.data); }
CleatString strings_missing(CleatString text, CleatOptionalString both) {
  if (text.data == NULL) return CLEAT_STRING("no text");
  if (!both.has) return CLEAT_STRING("no both");
  return both.value.data == NULL ? CLEAT_STRING("null") : both.value;
}

bool numbers_flag(bool value) { return value; }
int8_t numbers_small(int8_t value) { return value; }
uint64_t numbers_unsigned_large(uint64_t value) { return value; }
int64_t numbers_large(int64_t value) { return value; }
float numbers_single(float value) { return value; }
double numbers_real(double value) { return value; }
double numbers_unrestricted_double(double value) { return value; }
CleatOptionalDouble numbers_nullable(CleatOptionalDouble value) { return value; }
CleatString numbers_given(CleatOptionalLong a, CleatOptionalOptionalBoolean b) {
  static char text[64];
  int length = snprintf(text, sizeof(text), "%s %s", a.has ? "a" : "-", !b.has ? "-" : b.value.has ? "b" : "null");
  return (CleatString){text, (size_t)length};
}
double numbers_sum(CleatDoubleSequence values) {
  double sum = 0;
  for (size_t i = 0; i < values.length; i++) sum += values.items[i];
  return sum;
}

// SHAPES

Place shapes_echo(const Place* place) { return *place; }
Point shapes_half(const Place* place) { return (Point){place->base.x / 2, place->base.y / 2}; }
CleatDoubleSequence shapes_doubles(CleatDoubleSequence values) { return values; }
CleatLongSequenceSequence shapes_grid(CleatLongSequenceSequence values) { return values; }
PointSequence shapes_points(PointSequence points) { return points; }
CounterSequence shapes_counters(CounterSequence counters) { return counters; }
ColorSequence shapes_colors(ColorSequence colors) { return colors; }
CleatValue* shapes_thing(CleatValue* it) { return it; }
CleatValue* shapes_whatever(CleatValue* value) { return value; }

// CALLBACKS

static CleatVoidFunction* kept;

bool calls_visit(CleatEnv* env, const Visitor* visitor, int32_t times) {
  bool result = false;
  for (int32_t i = 0; i < times && i < 1000; i++) {
    Point point = {.x = i, .y = -i};
    if (!visitor_call(env, visitor, i, &point, CLEAT_STRING("text"), &result)) return false;
    if (!result) return false;
  }
  return result;
}

void calls_log(CleatEnv* env, const Logger* logger, CleatValueSequence data) {
  if (logger != NULL) logger_call(env, logger, CLEAT_STRING("label"), data);
}

void calls_keep(CleatEnv* env, const CleatVoidFunction* callback) {
  cleat_void_function_release(kept);
  kept = cleat_void_function_retain(env, callback);
}

void calls_call_kept(CleatEnv* env) {
  if (kept == NULL) return;
  CleatVoidFunction* callback = kept;
  kept = NULL;
  cleat_void_function_call(env, callback);
  cleat_void_function_release(callback);
}

CleatValue* calls_apply(CleatEnv* env, const CleatFunction* callback, CleatValue* value) {
  CleatValue* result = NULL;
  CleatValueSequence arguments = {&value, 1};
  return cleat_function_call(env, callback, arguments, &result) ? result : NULL;
}

// PROMISES

typedef struct Reply {
  CleatStringPromise* promise;
  char* text;
} Reply;

static void* reply_from_thread(void* data) {
  Reply* reply = data;
  cleat_string_promise_resolve(reply->promise, (CleatString){reply->text, strlen(reply->text)});
  memset(reply->text, '?', strlen(reply->text));
  free(reply->text);
  free(reply);
  return NULL;
}

void promises_number(double value, CleatDoublePromise* promise) { cleat_double_promise_resolve(promise, value); }
void promises_nothing(CleatUndefinedPromise* promise) { cleat_undefined_promise_resolve(promise); }

void promises_from_thread(CleatString text, CleatStringPromise* promise) {
  Reply* reply = malloc(sizeof(Reply));
  *reply = (Reply){promise, strdup(text.data)};
  pthread_t thread;
  pthread_create(&thread, NULL, reply_from_thread, reply);
  pthread_detach(thread);
}

void promises_label(LabelPromise* promise) {
  char text[] = "label";
  CleatString parts[] = {CLEAT_STRING("a"), {text, 5}};
  Label label = {.text = {text, 5}, .has_parts = true, .parts = {parts, 2}};
  label_promise_resolve(promise, &label);
  memset(text, '?', sizeof(text));
}

void promises_list(BehaviourStringSequencePromise* promise) {
  char text[] = "one";
  CleatString items[] = {{text, 3}, CLEAT_STRING("two")};
  behaviour_string_sequence_promise_resolve(promise, (CleatStringSequence){items, 2});
  memset(text, '?', sizeof(text));
}

void promises_rejected(CleatString message, CleatUndefinedPromise* promise) {
  cleat_undefined_promise_reject(promise, CLEAT_THROW_RANGE_ERROR, "%s", message.data);
}

void promises_thrown(CleatEnv* env, CleatString message, CleatLongPromise* promise) {
  if (message.length > 0) {
    cleat_throw_type(env, "%s", message.data);
  } else {
    cleat_long_promise_resolve(promise, 7);
  }
}

CleatString promises_join(CleatStringSequence parts, CleatString by) {
  static _Thread_local char text[256];
  text[0] = '\0';
  for (size_t i = 0; i < parts.length; i++) {
    if (i > 0) strncat(text, by.data, sizeof(text) - strlen(text) - 1);
    strncat(text, parts.items[i].data, sizeof(text) - strlen(text) - 1);
  }
  return (CleatString){text, strlen(text)};
}

int32_t promises_divide(CleatThrower* thrower, int32_t a, int32_t b) {
  if (b != 0) return (int32_t)((int64_t)a / b);
  cleat_thrower_throw(thrower, CLEAT_THROW_RANGE_ERROR, "%d by zero", a);
  return 0;
}

char* promises_slow(uint32_t ms) {
  nanosleep(&(struct timespec){.tv_nsec = (ms < 500 ? (long)ms : 500) * 1000000}, NULL);
  return strdup("slow");
}

// GLOBALS

static int32_t level;

void behaviour_print(CleatString line) {
  puts(line.data);
  fflush(stdout);
}
int32_t behaviour_get_level(void) { return level; }
void behaviour_set_level(int32_t value) { level = value; }
void behaviour_dangerous(void) { abort(); }
