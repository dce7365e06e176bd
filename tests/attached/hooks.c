// The hooks of attached.idl.
#include "hooks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "attached.h"
#include "cleat/cleat.h"

struct Gadget {
  int32_t value;
};

// Of all runtimes, on any thread.
static atomic_int gadgets;
static atomic_int finalized;

int gadgets_finalized_so_far(void) { return finalized; }

Gadget* gadget_new(int32_t value) {
  Gadget* self = calloc(1, sizeof(Gadget));
  if (self == NULL) return NULL;
  self->value = value;
  gadgets++;
  return self;
}
void gadget_finalize(Gadget* self) {
  gadgets--;
  finalized++;
  free(self);
}
int32_t gadget_get_value(Gadget* self) { return self->value; }
void gadget_set_value(Gadget* self, int32_t value) { self->value = value; }
int32_t gadget_get_at(Gadget* self, uint32_t index) { return self->value + (int32_t)index; }
Gadget* gadget_itself(Gadget* self) { return self; }
int32_t gadget_plus(Gadget* self, Gadget* other) { return self->value + other->value; }
uint32_t gadget_get_length(Gadget* self) {
  (void)self;
  return 3;
}

int32_t attached_get_gadgets_left(void) { return gadgets; }

void attached_run(CleatEnv* env, const Callback* callback) { callback_call(env, callback); }

static _Thread_local Callback* kept;

void attached_keep(CleatEnv* env, const Callback* callback) {
  release_kept();
  kept = callback_retain(env, callback);
}
void call_kept(CleatEnv* env) { callback_call(env, kept); }
void release_kept(void) {
  callback_release(kept);
  kept = NULL;
}

// In memory of the call's.
CleatString attached_evaluate(CleatEnv* env, CleatString source) {
  CleatResult result = cleat_eval(cleat_runtime(env), source.data, NULL);
  char* text = cleat_allocate(env, 200);
  int length = result.error != NULL ? snprintf(text, 200, "%s", cleat_error_message(result.error).data)
                                    : snprintf(text, 200, "%g", cleat_data_number(result.value));
  cleat_result_free(&result);
  return (CleatString){text, (size_t)length};
}

void attached_close(CleatEnv* env) { cleat_close(cleat_runtime(env), CLEAT_CLOSE_DROP); }

CleatValue* attached_bytes(CleatEnv* env, uint32_t length) { return cleat_array_buffer(env, NULL, length); }

typedef struct Settling {
  CleatLongPromise* promise;
  int32_t value;
} Settling;

static void* settle(void* data) {
  Settling* it = data;
  if (it->value < 0) {
    cleat_long_promise_reject(it->promise, CLEAT_THROW_RANGE_ERROR, "%d is negative", it->value);
  } else {
    cleat_long_promise_resolve(it->promise, it->value);
  }
  free(it);
  return NULL;
}

void attached_soon(int32_t value, CleatLongPromise* promise) {
  Settling* it = malloc(sizeof(Settling));
  *it = (Settling){promise, value};
  pthread_t thread;
  pthread_create(&thread, NULL, settle, it);
  pthread_detach(thread);
}

static _Thread_local CleatLongPromise* never_settled;

void attached_never(CleatLongPromise* promise) { never_settled = promise; }
void settle_never(void) {
  if (never_settled != NULL) cleat_long_promise_resolve(never_settled, 1);
  never_settled = NULL;
}

int32_t attached_slowly(int32_t value) { return value; }
