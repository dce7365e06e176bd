// What nobody handled: rejected promises and errors of microtasks, noted while JavaScript runs, reported after it; and
// what was reported and then was handled after all.
#include <stdlib.h>

#include "runtime.h"

// Where a promise that was reported keeps its number.
#define REPORTED "cleat.rejection"

// Where a promise keeps its place in the list, behind the first few.
#define NOTED "cleat.noted"
#define FEW 16

// What is reported by one task: so many, and more where that takes no longer than that.
#define LEAST_AT_ONCE 100
#define MOST_AT_ONCE_NS UINT64_C(10000000)

// A promise that was rejected without a handler, and with what.
typedef struct Rejection {
  CleatHandle* promise;  // NULL once it got a handler
  CleatHandle* reason;
  uint64_t reported;  // its number, where it was reported and then got a handler; else 0
} Rejection;

// The lists grow while they are reported, since whoever is told may run JavaScript.
struct CleatRejections {
  Rejection* items;
  size_t reported;  // how many, from the first; they are empty
  size_t length;
  size_t capacity;

  CleatError** errors;  // of microtasks
  size_t errors_reported;
  size_t error_count;
  size_t error_capacity;

  bool later;  // a task of its own goes on with what is left
};

bool cleat__rejections_open(CleatEnv* env) {
  env->rejections = calloc(1, sizeof(CleatRejections));
  return env->rejections != NULL;
}

static void free_rejection(Rejection* rejection) {
  cleat__handle_free(rejection->promise);
  cleat__handle_free(rejection->reason);
  *rejection = (Rejection){NULL, NULL, 0};
}

void cleat__rejections_close(CleatEnv* env) {
  CleatRejections* all = env->rejections;
  if (all == NULL) return;
  for (size_t i = all->reported; i < all->length; i++) {
    if (all->items[i].promise != NULL) free_rejection(&all->items[i]);
  }
  for (size_t i = all->errors_reported; i < all->error_count; i++) cleat_error_free(all->errors[i]);
  free(all->items);
  free(all->errors);
  free(all);
  env->rejections = NULL;
}

// NOTING

// Makes room for one more item of `size` bytes.
static bool grow(void* items, size_t size, size_t length, size_t* capacity) {
  if (length < *capacity) return true;
  size_t more = *capacity == 0 ? 8 : *capacity * 2;
  void* grown = realloc(*(void**)items, more * size);
  if (grown == NULL) return false;
  *(void**)items = grown;
  *capacity = more;
  return true;
}

static void note(CleatEnv* env, CleatValue* promise, CleatValue* reason, uint64_t reported) {
  CleatRejections* all = env->rejections;
  if (!grow(&all->items, sizeof(Rejection), all->length, &all->capacity)) return;
  Rejection rejection = {cleat__handle_new(env->engine, promise), cleat__handle_new(env->engine, reason), reported};
  if (rejection.promise == NULL || rejection.reason == NULL) {
    if (rejection.promise != NULL) cleat__handle_free(rejection.promise);
    if (rejection.reason != NULL) cleat__handle_free(rejection.reason);
    return;
  }
  if (all->length >= FEW) {
    cleat__private_set(env->engine, promise, NOTED, cleat__number(env->engine, (double)all->length));
  }
  all->items[all->length++] = rejection;
}

static bool is_at(CleatEnv* env, size_t place, CleatValue* promise) {
  const CleatHandle* noted = env->rejections->items[place].promise;
  return noted != NULL && cleat__strict_equals(cleat__handle_value(env->engine, noted), promise);
}

// Returns where the promise is noted, or the length of the list. What it keeps may be its place in an earlier list.
static size_t place_of(CleatEnv* env, CleatValue* promise) {
  const size_t length = env->rejections->length;
  CleatValue* kept = length > FEW ? cleat__private_get(env->engine, promise, NOTED) : NULL;
  if (kept != NULL && cleat__is_number(kept)) {
    size_t place = (size_t)cleat__number_value(kept);
    if (place < length && is_at(env, place, promise)) return place;
  }
  for (size_t place = 0; place < length && place < FEW; place++) {
    if (is_at(env, place, promise)) return place;
  }
  return length;
}

static void forget(CleatEnv* env, CleatValue* promise) {
  CleatRejections* all = env->rejections;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  size_t place = place_of(env, promise);
  if (place < all->length) free_rejection(&all->items[place]);
  cleat__scope_close(env->engine, &scope);
  while (all->length > all->reported && all->items[all->length - 1].promise == NULL) all->length--;
}

// Returns the number that the promise was reported with, or 0.
static uint64_t reported_as(CleatEnv* env, CleatValue* promise) {
  if (env->reported == 0) return 0;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  CleatValue* number = cleat__private_get(env->engine, promise, REPORTED);
  uint64_t reported = number != NULL && cleat__is_number(number) ? (uint64_t)cleat__number_value(number) : 0;
  cleat__scope_close(env->engine, &scope);
  return reported;
}

void cleat__rejected(void* data, CleatValue* promise, CleatValue* reason, bool handled) {
  CleatEnv* env = data;
  if (env->rejections == NULL) return;
  uint64_t reported = handled ? reported_as(env, promise) : 0;
  if (handled && reported == 0) {
    forget(env, promise);
  } else {
    note(env, promise, reason, reported);
  }
}

void cleat__note_uncaught(void* data, const CleatException* exception) {
  CleatEnv* env = data;
  CleatRejections* all = env->rejections;
  if (all == NULL || exception->terminated) return;
  if (!grow(&all->errors, sizeof(CleatError*), all->error_count, &all->error_capacity)) return;
  all->errors[all->error_count++] = cleat__error_from_exception(env, exception);
}

// REPORTING

static void report_rejection(CleatEnv* env, Rejection* rejection) {
  if (rejection->promise == NULL) return;
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  CleatValue* reason = cleat__handle_value(env->engine, rejection->reason);
  uint64_t handled = rejection->reported;
  if (handled == 0) cleat__inspector_exception(env->engine, reason);
  CleatError* error = cleat__error_from_value(env, reason);
  if (handled == 0) {
    CleatValue* number = cleat__number(env->engine, (double)++env->reported);
    cleat__private_set(env->engine, cleat__handle_value(env->engine, rejection->promise), REPORTED, number);
  }
  cleat__error_set_rejection(error, handled != 0 ? handled : env->reported);
  free_rejection(rejection);
  if (handled != 0) {
    cleat__report_handled(env, error);
  } else {
    cleat__report_uncaught(env, error);
  }
  cleat__scope_close(env->engine, &scope);
}

// Takes the oldest thing that was noted, and reports it; false where there is none.
static bool report_next(CleatEnv* env) {
  CleatRejections* all = env->rejections;
  if (all->errors_reported < all->error_count) {
    cleat__report_uncaught(env, all->errors[all->errors_reported++]);
  } else if (all->reported < all->length) {
    Rejection rejection = all->items[all->reported];
    all->items[all->reported++] = (Rejection){NULL, NULL, 0};
    report_rejection(env, &rejection);
  } else {
    return false;
  }
  return true;
}

// Reports what there is, for as long as one task may; returns whether that was all.
static bool report_some(CleatEnv* env) {
  const uint64_t begun = cleat__now();
  for (size_t count = 1; report_next(env); count++) {
    if (cleat__run_is_struck(env)) return false;
    if (count % LEAST_AT_ONCE == 0 && cleat__now() - begun > MOST_AT_ONCE_NS) return false;
  }
  return true;
}

static bool has_noted(const CleatRejections* all) {
  return all->errors_reported < all->error_count || all->reported < all->length;
}

// The task's end reports what it can.
static void go_on(CleatEnv* env, void* data) {
  (void)data;
  env->rejections->later = false;
}

void cleat__report_later(CleatEnv* env) {
  CleatRejections* all = env->rejections;
  if (!has_noted(all) || all->later || cleat__is_dropping(env->runtime)) return;
  all->later = cleat__dispatch_internal(env->runtime, go_on, NULL, NULL);
}

bool cleat__report_noted(CleatEnv* env) {
  CleatRejections* all = env->rejections;
  if (!has_noted(all) || all->later) return false;
  if (!report_some(env)) {
    cleat__report_later(env);
    return all->later;
  }
  free(all->items);
  free(all->errors);
  *all = (CleatRejections){0};
  return true;
}
