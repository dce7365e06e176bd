// What both sides call: as little as can be, so that the way there is what is measured.
#include "hooks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// NUMBERS

void ours_nothing(void) {}
double ours_one(double a) { return a; }
double ours_two(double a, double b) { return a + b; }
double ours_six(double a, double b, double c, double d, double e, double f) { return a + b + c + d + e + f; }
int32_t ours_integers(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
bool ours_not(bool value) { return !value; }

void ours_nothing_fast(void) {}
double ours_one_fast(double a) { return a; }
double ours_two_fast(double a, double b) { return a + b; }
double ours_six_fast(double a, double b, double c, double d, double e, double f) { return a + b + c + d + e + f; }
int32_t ours_integers_fast(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
bool ours_not_fast(bool value) { return !value; }

// STRINGS

static CleatString texts[6];

static CleatString make_text(const char* unit, size_t length) {
  size_t size = strlen(unit);
  char* data = malloc(length * size + 1);
  for (size_t i = 0; i < length; i++) memcpy(data + i * size, unit, size);
  data[length * size] = '\0';
  return (CleatString){data, length * size};
}

void bench_make_texts(void) {
  static const size_t lengths[] = {16, 1024, 1024 * 1024};
  for (int i = 0; i < 3; i++) {
    texts[i] = make_text("a", lengths[i]);
    texts[i + 3] = make_text("\xE2\x82\xAC", lengths[i]);
  }
}

void bench_free_texts(void) {
  for (int i = 0; i < 6; i++) free((char*)texts[i].data);
}

uint32_t ours_take(CleatString text) { return (uint32_t)text.length + (uint8_t)text.data[0]; }
CleatString ours_give(uint32_t which) { return texts[which % 6]; }

CleatString ours_give_same(void) { return texts[0]; }

CleatString ours_give_new(void) {
  static char text[] = "aaaaaaaaaaaaaaaa";
  for (char* at = text; ++*at > 'z'; at++) *at = 'a';
  return (CleatString){text, sizeof(text) - 1};
}

// COMPOSITE VALUES

uint32_t ours_shade(Shade shade) { return (uint32_t)shade; }
double ours_sum_pair(const Pair* pair) { return pair->a + pair->b; }
double ours_sum_eight(const Eight* it) { return it->a + it->b + it->c + it->d + it->e + it->f + it->g + it->h; }
Pair ours_make_pair(double a, double b) { return (Pair){.has_a = true, .a = a, .has_b = true, .b = b}; }

double ours_sum(CleatDoubleSequence values) {
  double sum = 0;
  for (size_t i = 0; i < values.length; i++) sum += values.items[i];
  return sum;
}

CleatDoubleSequence ours_values(uint32_t count) {
  static double numbers[1000];
  if (count > 1000) count = 1000;
  for (uint32_t i = 0; i < count; i++) numbers[i] = i + 0.5;
  return (CleatDoubleSequence){numbers, count};
}

CleatBigInt ours_next(CleatBigInt value) {
  static uint64_t words[16];
  if (value.negative || value.count > 15) return value;
  size_t count = 0;
  uint64_t carry = 1;
  for (; count < value.count; count++) {
    words[count] = value.words[count] + carry;
    carry = carry != 0 && words[count] == 0;
  }
  if (carry != 0) words[count++] = 1;
  return (CleatBigInt){false, words, count};
}

double ours_total(CleatFloat64Array values) {
  double sum = 0;
  for (size_t i = 0; i < values.length; i++) sum += values.data[i];
  return sum;
}

CleatFloat64Array ours_floats(uint32_t count) {
  CleatDoubleSequence values = ours_values(count);
  return (CleatFloat64Array){.data = (double*)values.items, .length = values.length};
}

double ours_size__double(double number) { return number; }
double ours_size__string(CleatString text) { return (double)text.length; }
double ours_size__cell(Cell* cell) { return cell->value; }

double ours_weigh(const DoubleOrStringOrCell* value) {
  switch (value->tag) {
    case DOUBLE_OR_STRING_OR_CELL_DOUBLE:
      return ours_size__double(value->double_);
    case DOUBLE_OR_STRING_OR_CELL_STRING:
      return ours_size__string(value->string);
    case DOUBLE_OR_STRING_OR_CELL_CELL:
      break;
  }
  return ours_size__cell(value->cell);
}

// OBJECTS

Cell* cell_new(double value) {
  Cell* cell = malloc(sizeof(*cell));
  if (cell != NULL) cell->value = value;
  return cell;
}
void cell_finalize(Cell* self) { free(self); }
double cell_get_value(Cell* self) { return self->value; }
void cell_set_value(Cell* self, double value) { self->value = value; }
double cell_add(Cell* self, double by) { return self->value + by; }
double cell_add_slow(Cell* self, double by) { return self->value + by; }
double cell_add_fast(Cell* self, double by) { return self->value + by; }
double cell_twice(double value) { return value * 2; }
double ours_sum_cells(Cell* a, Cell* b) { return a->value + b->value; }

// CALLS BACK

double ours_steps(CleatEnv* env, const Step* step, uint32_t count) {
  double value = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (!step_call(env, step, value, &value)) return 0;
  }
  return value;
}

void ours_fail(CleatEnv* env) { cleat_throw_error(env, "failed"); }

// A THREAD THAT SETTLES PROMISES

typedef struct Settlement {
  void (*settle)(void* data, double value);
  void* data;
  double value;
} Settlement;

// As many as a path begins before it waits. The thread is told of all of them together: otherwise what is measured is
// how two threads take turns with a mutex.
enum { SETTLEMENTS = 100 };

static struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  pthread_t thread;
  Settlement begun[SETTLEMENTS];
  size_t count;
  bool stop;
} settler = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

// Takes all that have been begun, once that is as many as there are to be; false at the end.
static bool take_settlements(Settlement* taken) {
  pthread_mutex_lock(&settler.mutex);
  while (settler.count < SETTLEMENTS && !settler.stop) pthread_cond_wait(&settler.changed, &settler.mutex);
  bool stop = settler.stop;
  memcpy(taken, settler.begun, sizeof(settler.begun));
  settler.count = 0;
  pthread_mutex_unlock(&settler.mutex);
  return !stop;
}

static void* settler_main(void* unused) {
  (void)unused;
  static Settlement taken[SETTLEMENTS];
  while (take_settlements(taken)) {
    for (size_t i = 0; i < SETTLEMENTS; i++) taken[i].settle(taken[i].data, taken[i].value);
  }
  return NULL;
}

void bench_settler_start(void) { pthread_create(&settler.thread, NULL, settler_main, NULL); }

void bench_settler_stop(void) {
  pthread_mutex_lock(&settler.mutex);
  settler.stop = true;
  pthread_cond_signal(&settler.changed);
  pthread_mutex_unlock(&settler.mutex);
  pthread_join(settler.thread, NULL);
}

void bench_settle(void (*settle)(void* data, double value), void* data, double value) {
  pthread_mutex_lock(&settler.mutex);
  if (settler.count == SETTLEMENTS) abort();
  settler.begun[settler.count++] = (Settlement){settle, data, value};
  if (settler.count == SETTLEMENTS) pthread_cond_signal(&settler.changed);
  pthread_mutex_unlock(&settler.mutex);
}

static void resolve(void* promise, double value) { cleat_double_promise_resolve(promise, value); }

void ours_later(double value, CleatDoublePromise* promise) { bench_settle(resolve, promise, value); }
