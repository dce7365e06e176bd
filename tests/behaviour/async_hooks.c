// What async.idl names.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "async.h"

static CleatString string_of(const char* text) { return (CleatString){text, strlen(text)}; }

// MANUAL

enum { MOST = 16 };

struct Manual {
  char log[1024];
  ManualNextPromise* nexts[MOST];
  int next_count;
  CleatUndefinedPromise* returns[MOST];
  int return_count;
};

struct ManualAsyncIterator {
  char name[32];
};

static void note(Manual* self, const char* format, const char* first, int second) {
  size_t used = strlen(self->log);
  snprintf(self->log + used, sizeof(self->log) - used, format, first, second);
}

Manual* manual_new(void) { return calloc(1, sizeof(Manual)); }

// What waits for its object keeps that: this is as the runtime closes.
void manual_finalize(Manual* self) {
  for (int i = 0; i < self->next_count; i++) manual_next_promise_end(self->nexts[i]);
  for (int i = 0; i < self->return_count; i++) cleat_undefined_promise_resolve(self->returns[i]);
  free(self);
}

CleatString manual_get_log(Manual* self) { return string_of(self->log); }

ManualAsyncIterator* manual_async_iterator_new(CleatEnv* env, Manual* self, CleatString name, uint8_t start) {
  if (name.data != NULL && strcmp(name.data, "throw") == 0) cleat_throw_range(env, "no such iteration");
  if (name.data != NULL && strcmp(name.data, "none") == 0) return NULL;
  if (cleat_failed(env)) return NULL;
  ManualAsyncIterator* iterator = calloc(1, sizeof(*iterator));
  if (iterator == NULL) return NULL;
  snprintf(iterator->name, sizeof(iterator->name), "%s", name.data == NULL ? "missing" : name.data);
  note(self, "new %s %d;", iterator->name, start);
  return iterator;
}

void manual_async_iterator_finalize(ManualAsyncIterator* iterator) { free(iterator); }

void manual_async_iterator_next(CleatEnv* env, Manual* self, ManualAsyncIterator* iterator,
                                ManualNextPromise* promise) {
  note(self, "next %s %d;", iterator->name, self->next_count);
  if (strcmp(iterator->name, "throws next") == 0) {
    cleat_throw_range(env, "next threw");
    return;
  }
  if (strcmp(iterator->name, "at once") == 0) {
    manual_next_promise_resolve(promise, CLEAT_STRING("now"));
    return;
  }
  if (self->next_count == MOST) {
    cleat_throw_range(env, "too many wait");
  } else {
    self->nexts[self->next_count++] = promise;
  }
}

void manual_async_iterator_return(CleatEnv* env, Manual* self, ManualAsyncIterator* iterator, CleatValue* value,
                                  CleatUndefinedPromise* promise) {
  CleatString text;
  if (!cleat_to_string(env, value, &text)) return;
  note(self, "return %s %d;", text.data, self->return_count);
  if (strcmp(iterator->name, "at once") == 0) {
    cleat_undefined_promise_resolve(promise);
  } else if (self->return_count == MOST) {
    cleat_throw_range(env, "too many leave");
  } else {
    self->returns[self->return_count++] = promise;
  }
}

static ManualNextPromise* take_next(CleatEnv* env, Manual* self) {
  if (self->next_count == 0) {
    cleat_throw_range(env, "nobody waits");
    return NULL;
  }
  ManualNextPromise* promise = self->nexts[0];
  memmove(self->nexts, self->nexts + 1, (size_t)--self->next_count * sizeof(promise));
  return promise;
}

void manual_give(CleatEnv* env, Manual* self, CleatString value) {
  ManualNextPromise* promise = take_next(env, self);
  if (promise != NULL) manual_next_promise_resolve(promise, value);
}

void manual_end(CleatEnv* env, Manual* self) {
  ManualNextPromise* promise = take_next(env, self);
  if (promise != NULL) manual_next_promise_end(promise);
}

void manual_fail(CleatEnv* env, Manual* self, CleatString message) {
  ManualNextPromise* promise = take_next(env, self);
  if (promise != NULL) manual_next_promise_reject(promise, CLEAT_THROW_RANGE_ERROR, "%s", message.data);
}

void manual_let_return(CleatEnv* env, Manual* self, CleatString failure) {
  if (self->return_count == 0) {
    cleat_throw_range(env, "nobody leaves");
    return;
  }
  CleatUndefinedPromise* promise = self->returns[--self->return_count];
  if (failure.data == NULL) {
    cleat_undefined_promise_resolve(promise);
  } else {
    cleat_undefined_promise_reject(promise, CLEAT_THROW_RANGE_ERROR, "%s", failure.data);
  }
}

// TREE

struct Tree {
  char names[MOST][32];
  Tree* children[MOST];
  CleatRef* refs[MOST];  // to their wrappers
  int count;
};

struct TreeAsyncIterator {
  int index;
};

Tree* tree_new(void) { return calloc(1, sizeof(Tree)); }

void tree_finalize(Tree* self) {
  for (int i = 0; i < self->count; i++) cleat_ref_free(self->refs[i]);
  free(self);
}

void tree_add(CleatEnv* env, Tree* self, CleatString name, Tree* child) {
  if (self->count == MOST) return;
  CleatRef* ref = cleat_hold_in(env, &tree_class, self, cleat_wrap(env, &tree_class, child));
  if (ref == NULL) return;
  snprintf(self->names[self->count], sizeof(self->names[0]), "%s", name.data);
  self->refs[self->count] = ref;
  self->children[self->count++] = child;
}

TreeAsyncIterator* tree_async_iterator_new(CleatEnv* env, Tree* self) {
  (void)env;
  (void)self;
  return calloc(1, sizeof(TreeAsyncIterator));
}

void tree_async_iterator_finalize(TreeAsyncIterator* iterator) { free(iterator); }

void tree_async_iterator_next(CleatEnv* env, Tree* self, TreeAsyncIterator* iterator, TreeNextPromise* promise) {
  if (iterator->index == self->count) {
    tree_next_promise_end(promise);
    return;
  }
  int i = iterator->index++;
  tree_next_promise_resolve(env, promise, string_of(self->names[i]), self->children[i]);
}

// COUNTDOWN

struct Countdown {
  uint32_t from;
};

struct CountdownAsyncIterator {
  uint32_t left;
};

typedef struct Tick {
  uint32_t value;
  CountdownNextPromise* promise;
} Tick;

Countdown* countdown_new(uint32_t from) {
  Countdown* self = malloc(sizeof(*self));
  if (self != NULL) self->from = from;
  return self;
}

void countdown_finalize(Countdown* self) { free(self); }

CountdownAsyncIterator* countdown_async_iterator_new(Countdown* self) {
  CountdownAsyncIterator* iterator = malloc(sizeof(*iterator));
  if (iterator != NULL) iterator->left = self->from;
  return iterator;
}

void countdown_async_iterator_finalize(CountdownAsyncIterator* iterator) { free(iterator); }

static void* tick(void* data) {
  Tick it = *(Tick*)data;
  free(data);
  if (it.value == 0) {
    countdown_next_promise_end(it.promise);
  } else {
    countdown_next_promise_resolve(it.promise, it.value);
  }
  return NULL;
}

void countdown_async_iterator_next(Countdown* self, CountdownAsyncIterator* iterator, CountdownNextPromise* promise) {
  (void)self;
  Tick* it = malloc(sizeof(*it));
  pthread_t thread;
  if (it == NULL) abort();
  *it = (Tick){iterator->left, promise};
  if (iterator->left > 0) iterator->left--;
  if (pthread_create(&thread, NULL, tick, it) != 0) abort();
  pthread_detach(thread);
}

// SPOTS

struct Spots {
  int unused;
};

struct SpotsAsyncIterator {
  int index;
};

Spots* spots_new(void) { return calloc(1, sizeof(Spots)); }

void spots_finalize(Spots* self) { free(self); }

SpotsAsyncIterator* spots_async_iterator_new(Spots* self) {
  (void)self;
  return calloc(1, sizeof(SpotsAsyncIterator));
}

void spots_async_iterator_finalize(SpotsAsyncIterator* iterator) { free(iterator); }

void spots_async_iterator_next(Spots* self, SpotsAsyncIterator* iterator, SpotsNextPromise* promise) {
  (void)self;
  char label[16];
  if (iterator->index == 2) {
    spots_next_promise_end(promise);
    return;
  }
  snprintf(label, sizeof(label), "point %d", iterator->index);
  Spot point = {.x = iterator->index++, .label = string_of(label)};
  spots_next_promise_resolve(promise, &point);
}
