// The hooks of dispose.idl.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleat/cleat.h"
#include "cleat/events.h"
#include "dispose.h"

enum { LIVE = 0x11FE, DEAD = 0xDEAD };

struct Resource {
  int state;
  uint32_t size;
  int32_t mark;
};

struct File {
  Resource base;
  char name[32];
};

static atomic_int live;
static atomic_int finalized;

// What is freed is marked and given back later, so that a use of it is told by every build.
static void check(const Resource* self, const char* function) {
  if (self->state == LIVE) return;
  fprintf(stderr, "%s: the resource was freed before\n", function);
  abort();
}
#define CHECK(self) check(self, __func__)

static void* graveyard[64];
static size_t graves;

static void bury(void* object) {
  void** grave = &graveyard[graves++ % 64];
  free(*grave);
  *grave = object;
}

Resource* resource_new(uint32_t size) {
  Resource* self = calloc(1, sizeof(Resource));
  *self = (Resource){LIVE, size, 0};
  atomic_fetch_add(&live, 1);
  return self;
}

void resource_finalize(Resource* self) {
  CHECK(self);
  self->state = DEAD;
  atomic_fetch_sub(&live, 1);
  atomic_fetch_add(&finalized, 1);
  bury(self);
}

size_t resource_external_memory(const Resource* self) {
  CHECK(self);
  return self->size;
}

uint32_t resource_get_size(Resource* self) {
  CHECK(self);
  return self->size;
}

int32_t resource_get_mark(Resource* self) {
  CHECK(self);
  return self->mark;
}

void resource_set_mark(Resource* self, int32_t mark) {
  CHECK(self);
  self->mark = mark;
}

int32_t resource_get_lenient(Resource* self) {
  CHECK(self);
  return 1;
}

void resource_set_lenient(Resource* self, int32_t lenient) {
  (void)lenient;
  CHECK(self);
}

uint32_t resource_times(Resource* self, uint32_t factor) {
  CHECK(self);
  return self->size * factor;
}

double resource_combine(Resource* self, const ResourceOptions* options) {
  CHECK(self);
  if (options->other != NULL) CHECK(options->other);
  return (self->size + (options->other != NULL ? options->other->size : 0)) * options->factor;
}

double resource_add(Resource* self, Resource* other, double number) {
  CHECK(self);
  CHECK(other);
  return self->size + other->size + number;
}

CleatString resource_say(Resource* self, CleatString text) {
  CHECK(self);
  return text;
}

CleatValue* resource_visit(CleatEnv* env, Resource* self, const ResourceVisitor* visitor) {
  CHECK(self);
  CleatValue* result = NULL;
  resource_visitor_call(env, visitor, self, &result);
  CHECK(self);
  return result;
}

uint32_t resource_grow(CleatEnv* env, Resource* self, uint32_t size) {
  CHECK(self);
  uint32_t before = self->size;
  self->size = size;
  if (!resource_external_memory_changed(env, self)) self->size = before;
  return self->size;
}

bool resource_pair_at(Resource* self, size_t index, CleatString* key, uint32_t* value) {
  CHECK(self);
  if (index > 1) return false;
  *key = index == 0 ? CLEAT_STRING("size") : CLEAT_STRING("mark");
  *value = index == 0 ? self->size : (uint32_t)self->mark;
  return true;
}

CleatValue* resource_get_same(CleatEnv* env, Resource* self) {
  CHECK(self);
  return cleat_object(env);
}

// PROMISES

typedef struct Later {
  Resource* self;
  Resource* other;
  CleatUnsignedLongPromise* promise;
  struct Later* next;
} Later;
static Later* laters;

void resource_later(Resource* self, Resource* other, CleatUnsignedLongPromise* promise) {
  CHECK(self);
  Later* later = malloc(sizeof(*later));
  *later = (Later){self, other, promise, laters};
  laters = later;
}

static void* settle_all(void* data) {
  for (Later *it = data, *next; it != NULL; it = next) {
    next = it->next;
    CHECK(it->self);
    if (it->other != NULL) CHECK(it->other);
    cleat_unsigned_long_promise_resolve(it->promise, it->self->size + (it->other == NULL ? 0 : it->other->size));
    free(it);
  }
  return NULL;
}

void resource_settle(bool elsewhere) {
  Later* all = laters;
  laters = NULL;
  pthread_t thread;
  if (elsewhere && pthread_create(&thread, NULL, settle_all, all) == 0) {
    pthread_join(thread, NULL);
  } else {
    settle_all(all);
  }
}

uint32_t resource_work(Resource* self, uint32_t ms, const ResourceOptions* options) {
  CHECK(self);
  usleep(ms < 500 ? ms * 1000 : 500000);
  CHECK(self);
  if (options->other != NULL) CHECK(options->other);
  return self->size + (options->other != NULL ? options->other->size : 0);
}

int32_t resource_get_live(void) { return atomic_load(&live); }
int32_t resource_get_finalized(void) { return atomic_load(&finalized); }

File* file_new(CleatString name) {
  File* self = calloc(1, sizeof(File));
  self->base = (Resource){LIVE, (uint32_t)name.length, 0};
  snprintf(self->name, sizeof(self->name), "%s", name.data);
  atomic_fetch_add(&live, 1);
  return self;
}

void file_finalize(File* self) {
  self->name[0] = '\0';
  resource_finalize(&self->base);
}

CleatString file_get_name(File* self) {
  CHECK(&self->base);
  return (CleatString){self->name, strlen(self->name)};
}

// OTHERS

struct Plain {
  uint32_t factor;
};
struct Disposable {
  Plain base;
};

Plain* plain_new(void) {
  Plain* self = malloc(sizeof(Plain));
  self->factor = 2;
  return self;
}
void plain_finalize(Plain* self) { free(self); }
uint32_t plain_twice(Plain* self, uint32_t value) { return self->factor * value; }

Disposable* disposable_new(void) {
  Disposable* self = malloc(sizeof(Disposable));
  self->base.factor = 2;
  return self;
}
void disposable_finalize(Disposable* self) { free(self); }

struct Channel {
  CleatEventTarget base;
  Resource resource;
};
static int32_t channels_finalized;

Channel* channel_new(void) {
  Channel* self = calloc(1, sizeof(Channel));
  self->resource.state = LIVE;
  return self;
}
void channel_finalize(Channel* self) {
  CHECK(&self->resource);
  self->resource.state = DEAD;
  channels_finalized++;
  bury(self);
}
void channel_post(CleatEnv* env, Channel* self, CleatString type) {
  cleat_fire_event(env, &channel_class, self, type.data, NULL);
  CHECK(&self->resource);
}
void channel_set_numbers(Channel* self, size_t index, int32_t value) {
  (void)index, (void)value;
  CHECK(&self->resource);
}
void channel_delete_numbers(Channel* self, size_t index, int32_t value) {
  (void)index, (void)value;
  CHECK(&self->resource);
}
int32_t channel_get_finalized(void) { return channels_finalized; }

struct Cells {
  uint32_t length;
};
Cells* cells_new(void) {
  Cells* self = malloc(sizeof(Cells));
  self->length = 3;
  return self;
}
void cells_finalize(Cells* self) { free(self); }
uint32_t cells_get_length(Cells* self) { return self->length; }
uint32_t cells_get_at(Cells* self, uint32_t index) { return index * self->length; }

struct Lexicon {
  int none;
};
Lexicon* lexicon_new(void) { return calloc(1, sizeof(Lexicon)); }
void lexicon_finalize(Lexicon* self) { free(self); }

struct Ticker {
  Resource resource;
};
struct TickerAsyncIterator {
  int32_t count;
};
static int32_t tickers_finalized;
static Ticker* waiting_ticker;
static TickerNextPromise* waiting;  // or NULL

Ticker* ticker_new(void) {
  Ticker* self = calloc(1, sizeof(Ticker));
  self->resource.state = LIVE;
  return self;
}
void ticker_finalize(Ticker* self) {
  CHECK(&self->resource);
  self->resource.state = DEAD;
  tickers_finalized++;
  bury(self);
}
TickerAsyncIterator* ticker_async_iterator_new(Ticker* self) {
  CHECK(&self->resource);
  return calloc(1, sizeof(TickerAsyncIterator));
}
void ticker_async_iterator_next(Ticker* self, TickerAsyncIterator* iterator, TickerNextPromise* promise) {
  CHECK(&self->resource);
  iterator->count++;
  if (waiting != NULL) ticker_next_promise_end(waiting);
  waiting = promise;
  waiting_ticker = self;
}
void ticker_async_iterator_return(Ticker* self, TickerAsyncIterator* iterator, CleatValue* value,
                                  CleatUndefinedPromise* promise) {
  (void)iterator, (void)value;
  CHECK(&self->resource);
  cleat_undefined_promise_resolve(promise);
}
void ticker_async_iterator_finalize(TickerAsyncIterator* iterator) { free(iterator); }
void ticker_tick(void) {
  TickerNextPromise* promise = waiting;
  waiting = NULL;
  if (promise == NULL) return;
  CHECK(&waiting_ticker->resource);
  ticker_next_promise_resolve(promise, 7);
}
int32_t ticker_get_finalized(void) { return tickers_finalized; }

struct Keeper {
  Resource* resource;  // NULL where nothing keeps it
  CleatRef* ref;
};
Keeper* keeper_new(void) { return calloc(1, sizeof(Keeper)); }
void keeper_finalize(Keeper* self) {
  cleat_ref_free(self->ref);
  free(self);
}
void keeper_let_go(Keeper* self) {
  cleat_ref_free(self->ref);
  *self = (Keeper){NULL, NULL};
}
void keeper_hold(CleatEnv* env, Keeper* self, Resource* resource) {
  keeper_let_go(self);
  *self = (Keeper){resource, cleat_hold(env, cleat_wrap(env, &resource_class, resource))};
}
void keeper_hold_in(CleatEnv* env, Keeper* self, Resource* resource) {
  CleatValue* wrapper = cleat_wrap(env, &resource_class, resource);
  keeper_let_go(self);
  *self = (Keeper){resource, cleat_hold_in(env, &keeper_class, self, wrapper)};
}
void keeper_hold_weak(CleatEnv* env, Keeper* self, Resource* resource) {
  keeper_let_go(self);
  *self = (Keeper){NULL, cleat_hold_weak(env, cleat_wrap(env, &resource_class, resource))};
}
uint32_t keeper_peek(Keeper* self) {
  if (self->resource == NULL) return 0;
  CHECK(self->resource);
  return self->resource->size;
}
bool keeper_finds(CleatEnv* env, Keeper* self) {
  return cleat_unwrap(env, cleat_held(env, self->ref), &resource_class) != NULL;
}

struct Door {
  bool closed;
};
Door* door_new(void) { return calloc(1, sizeof(Door)); }
void door_finalize(Door* self) { free(self); }
bool door_get_closed(Door* self) { return self->closed; }
bool door_close(Door* self, bool hard) {
  self->closed = true;
  return hard;
}
void door_close_later(Door* self, CleatStringPromise* promise) {
  self->closed = true;
  cleat_string_promise_resolve(promise, CLEAT_STRING("closed"));
}

struct Window2 {
  int32_t shuts;
};
Window2* window2_new(void) { return calloc(1, sizeof(Window2)); }
void window2_finalize(Window2* self) { free(self); }
int32_t window2_get_shuts(Window2* self) { return self->shuts; }
void window2_shut(Window2* self) { self->shuts++; }
