// The hooks of callbacks.idl.
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "types.h"

struct Worker {
  int32_t number;
};

Worker* worker_new(int32_t number) {
  Worker* self = calloc(1, sizeof(Worker));
  self->number = number;
  return self;
}
void worker_finalize(Worker* self) {
  self->number = -1000;
  free(self);
}
int32_t worker_get_number(Worker* self) { return self->number; }

int32_t worker_add(Worker* self, int32_t ms, Worker* other, OptionalWorker third) {
  nanosleep(&(struct timespec){.tv_nsec = (ms < 500 ? (long)ms : 500) * 1000000}, NULL);
  int64_t sum = (int64_t)self->number + other->number + (third.has && third.value != NULL ? third.value->number : 0);
  return (int32_t)sum;
}

int32_t worker_sum(CleatThrower* thrower, Worker* self, WorkerSequence workers) {
  int64_t sum = self->number;
  for (size_t i = 0; i < workers.length; i++) sum += workers.items[i]->number;
  if (sum < 0) cleat_thrower_throw(thrower, CLEAT_THROW_RANGE_ERROR, "%d is negative", (int32_t)sum);
  return (int32_t)sum;
}

CleatBooleanOrString callbacks_filter(CleatEnv* env, const Filter* filter, int32_t number, bool named) {
  CleatBooleanOrString result = {0};
  filter_call(env, filter, number, named ? CLEAT_STRING("name") : (CleatString){0}, &result);
  return result;
}

static Filter* kept;

CleatBooleanOrString callbacks_keep(CleatEnv* env, const Filter* filter) {
  CleatBooleanOrString result = cleat_boolean_or_string_boolean(false);
  if (filter != NULL) {
    filter_release(kept);
    kept = filter_retain(env, filter);
  } else if (kept != NULL) {
    Filter* called = kept;
    kept = NULL;
    filter_call(env, called, 1, (CleatString){0}, &result);
    filter_release(called);
  }
  return result;
}

static char waited[128];
static int32_t dropped;

static void settled(CleatEnv* env, void* data, bool fulfilled, CleatValue* result) {
  if (env == NULL) {
    dropped++;
  } else {
    CleatString text = {"", 0};
    if (cleat_to_string(env, result, &text)) {
      snprintf(waited, sizeof(waited), "%s: %s %s", (char*)data, fulfilled ? "fulfilled" : "rejected", text.data);
    }
  }
  free(data);
}

static void wait_for(CleatEnv* env, CleatValue* promise, CleatString tag) {
  char* copy = strdup(tag.data);
  if (!cleat_promise_then(env, promise, settled, copy)) free(copy);
}

void callbacks_wait(CleatEnv* env, CleatValue* promise, CleatValue* tag) {
  CleatString text;
  if (cleat_to_string(env, tag, &text)) wait_for(env, promise, text);
}

void callbacks_ask(CleatEnv* env, const Asker* asker, int32_t number) {
  CleatValue* promise = NULL;
  if (asker_call(env, asker, number, &promise)) wait_for(env, promise, CLEAT_STRING("asked"));
}

const Asker* callbacks_nobody(void) { return NULL; }
CleatString callbacks_get_waited(void) { return (CleatString){waited, strlen(waited)}; }
int32_t callbacks_get_dropped(void) { return dropped; }

// CALLBACKS OF NUMBERS

static double grown;

double callbacks_get_grown(void) { return grown; }

// Without a scope: what is left behind stays until it returns.
double callbacks_fold(CleatEnv* env, const Folder* folder, double start, uint32_t count) {
  double value = start;
  size_t before = mallinfo2().uordblks;
  for (uint32_t i = 0; i < count; i++) {
    if (!folder_call(env, folder, value, i, &value)) return 0;
  }
  grown = (double)mallinfo2().uordblks - (double)before;
  return value;
}

double callbacks_fold_kept(CleatEnv* env, const Folder* folder, double start, uint32_t count) {
  Folder* kept = folder_retain(env, folder);
  double value = kept == NULL ? 0 : callbacks_fold(env, kept, start, count);
  folder_release(kept);
  return value;
}

double callbacks_fraction(CleatEnv* env, const Fraction* fraction, float number) {
  double result = 0;
  fraction_call(env, fraction, number, &result);
  return result;
}

void callbacks_note(CleatEnv* env, const Noter* noter, uint8_t value, uint64_t count) {
  noter_call(env, noter, value, count);
}
