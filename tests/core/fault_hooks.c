// The hooks of fault_bindings.idl. They can do without memory and without threads.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cleat/cleat.h"
#include "cleat/events.h"
#include "fault_bindings.h"

struct Fault {
  CleatEventTarget base;
  char* text;
};

static atomic_int live;

static Fault* make_fault(const char* text) {
  Fault* self = calloc(1, sizeof(Fault));
  char* copy = self == NULL ? NULL : malloc(strlen(text) + 1);
  if (copy == NULL) {
    free(self);
    return NULL;
  }
  self->text = strcpy(copy, text);
  atomic_fetch_add(&live, 1);
  return self;
}

Fault* fault_new(CleatEnv* env, CleatString text) {
  Fault* self = make_fault(text.data);
  if (self == NULL) cleat_throw_range(env, "no memory for a Fault");
  return self;
}

void fault_finalize(Fault* self) {
  atomic_fetch_sub(&live, 1);
  free(self->text);
  free(self);
}

size_t fault_external_memory(const Fault* self) { return strlen(self->text); }
CleatString fault_get_text(Fault* self) { return (CleatString){self->text, strlen(self->text)}; }
CleatValue* fault_get_same(CleatEnv* env, Fault* self) {
  (void)self;
  return cleat_object(env);
}

static const CleatString kTexts[] = {{"one", 3}, {"two", 3}};

CleatStringSequence fault_get_frozen(CleatEnv* env, Fault* self) {
  (void)env, (void)self;
  return (CleatStringSequence){kTexts, 2};
}

Fault* fault_another(CleatEnv* env, Fault* self) { return fault_new(env, fault_get_text(self)); }

CleatString fault_visit(CleatEnv* env, Fault* self, const FaultVisitor* visitor) {
  CleatString result;
  if (!fault_visitor_call(env, visitor, self, CLEAT_STRING("visited"), &result)) return CLEAT_STRING("");
  return result;
}

static void call_kept(CleatEnv* env, void* data) {
  FaultVisitor* visitor = data;
  CleatString result;
  Fault* fault = make_fault("kept");
  if (fault != NULL) fault_visitor_call(env, visitor, fault, CLEAT_STRING("called"), &result);
  fault_visitor_release(visitor);
}

static void drop_kept(void* data) { fault_visitor_release(data); }

void fault_keep(CleatEnv* env, Fault* self, const FaultVisitor* visitor) {
  (void)self;
  FaultVisitor* kept = fault_visitor_retain(env, visitor);
  if (kept == NULL) return;
  if (!cleat_dispatch(cleat_runtime(env), call_kept, kept, drop_kept)) {
    fault_visitor_release(kept);
    cleat_throw_error(env, "no memory for a task");
  }
}

CleatString fault_describe(Fault* self, const FaultMore* options) {
  return options->base.text.length > 0 ? options->base.text : fault_get_text(self);
}

CleatStringSequence fault_list(Fault* self, CleatStringSequence texts) {
  (void)self;
  return texts;
}

CleatStringRecord fault_table(Fault* self) {
  (void)self;
  static const CleatStringRecordEntry entries[] = {{{"a", 1}, {"one", 3}}, {{"b", 1}, {"two", 3}}};
  return (CleatStringRecord){entries, 2};
}

CleatUint8Array fault_bytes(Fault* self, CleatUint8Array given) {
  (void)self;
  return (CleatUint8Array){given.data, given.length, NULL};
}

void fault_fire(CleatEnv* env, Fault* self, CleatString type) {
  cleat_fire_event(env, &fault_class, self, type.data, NULL);
}

void fault_set_texts(Fault* self, size_t index, CleatString value) { (void)self, (void)index, (void)value; }
void fault_delete_texts(Fault* self, size_t index, CleatString value) { (void)self, (void)index, (void)value; }

// Settles on another thread, where there can be one.
static void elsewhere(void* (*settle)(void* promise), void* promise) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, settle, promise) == 0) {
    pthread_detach(thread);
  } else {
    settle(promise);
  }
}

static void* give_text(void* promise) {
  cleat_string_promise_resolve(promise, CLEAT_STRING("a text that is copied"));
  return NULL;
}

void fault_later(Fault* self, const FaultOptions* options, CleatStringPromise* promise) {
  (void)self, (void)options;
  elsewhere(give_text, promise);
}

static void* give_new(void* promise) {
  Fault* fault = make_fault("new");
  if (fault != NULL) {
    fault_promise_resolve_new(promise, fault);
  } else {
    fault_promise_reject(promise, CLEAT_THROW_RANGE_ERROR, "no memory for a %s", "Fault");
  }
  return NULL;
}

void fault_later_new(Fault* self, FaultPromise* promise) {
  (void)self;
  elsewhere(give_new, promise);
}

void fault_later_never(CleatEnv* env, Fault* self, CleatString message, CleatUndefinedPromise* promise) {
  (void)self, (void)promise;
  cleat_throw_type(env, "%s", message.data);
}

CleatString fault_work(Fault* self, CleatString text, const FaultOptions* options) {
  (void)self;
  return options->text.length > 0 ? options->text : text;
}

CleatStringSequence fault_fail(CleatThrower* thrower, Fault* self, CleatString message) {
  (void)self;
  cleat_thrower_throw(thrower, CLEAT_THROW_RANGE_ERROR, "it %s", message.data);
  return (CleatStringSequence){NULL, 0};
}

// How many values an async sequence has.
typedef struct Counting {
  FaultBindingsDomStringAsyncIteration* iteration;
  CleatUnsignedLongPromise* promise;
  uint32_t count;
} Counting;

static void end_counting(Counting* counting) {
  FaultBindingsDomStringAsyncIteration* iteration = counting->iteration;
  free(counting);
  fault_bindings_dom_string_async_iteration_release(iteration);
}

static void counted(CleatEnv* env, void* data, CleatStep step, CleatString value, CleatValue* reason) {
  (void)value;
  Counting* counting = data;
  if (step == CLEAT_STEP_VALUE) {
    counting->count++;
    if (fault_bindings_dom_string_async_iteration_next(env, counting->iteration, counted, counting)) return;
    cleat_unsigned_long_promise_reject(counting->promise, CLEAT_THROW_ERROR, "the next step cannot be taken");
  } else if (step == CLEAT_STEP_END) {
    cleat_unsigned_long_promise_resolve(counting->promise, counting->count);
  } else if (step == CLEAT_STEP_ERROR) {
    cleat_promise_reject_value(env, (CleatPromise*)counting->promise, reason);
  } else {
    cleat_unsigned_long_promise_reject(counting->promise, CLEAT_THROW_ERROR, "nothing more will come");
  }
  end_counting(counting);
}

void fault_count(CleatEnv* env, Fault* self, FaultBindingsDomStringAsyncSequence values,
                 CleatUnsignedLongPromise* promise) {
  (void)self;
  Counting* counting = calloc(1, sizeof(Counting));
  if (counting == NULL) {
    cleat_unsigned_long_promise_reject(promise, CLEAT_THROW_RANGE_ERROR, "no memory to count");
    return;
  }
  counting->promise = promise;
  counting->iteration = fault_bindings_dom_string_async_sequence_open(env, values);
  if (counting->iteration != NULL &&
      fault_bindings_dom_string_async_iteration_next(env, counting->iteration, counted, counting)) {
    return;
  }
  // What is pending is the result of the call.
  cleat_unsigned_long_promise_reject(promise, CLEAT_THROW_ERROR, "it cannot be iterated over");
  end_counting(counting);
}

bool fault_pair_at(Fault* self, size_t index, CleatString* key, uint32_t* value) {
  (void)self;
  if (index > 1) return false;
  *key = kTexts[index];
  *value = (uint32_t)index;
  return true;
}

int32_t fault_get_live(void) { return atomic_load(&live); }

// OTHERS

struct FaultMap {
  int none;
};
FaultMap* fault_map_new(void) { return calloc(1, sizeof(FaultMap)); }
void fault_map_finalize(FaultMap* self) { free(self); }

struct FaultStream {
  int none;
};
struct FaultStreamAsyncIterator {
  int count;
};
FaultStream* fault_stream_new(void) { return calloc(1, sizeof(FaultStream)); }
void fault_stream_finalize(FaultStream* self) { free(self); }
FaultStreamAsyncIterator* fault_stream_async_iterator_new(FaultStream* self) {
  (void)self;
  return calloc(1, sizeof(FaultStreamAsyncIterator));
}
void fault_stream_async_iterator_next(FaultStream* self, FaultStreamAsyncIterator* iterator,
                                      FaultStreamNextPromise* promise) {
  (void)self;
  if (iterator->count++ < 3) {
    fault_stream_next_promise_resolve(promise, CLEAT_STRING("next"));
  } else {
    fault_stream_next_promise_end(promise);
  }
}
void fault_stream_async_iterator_return(FaultStream* self, FaultStreamAsyncIterator* iterator, CleatValue* value,
                                        CleatUndefinedPromise* promise) {
  (void)self, (void)iterator, (void)value;
  cleat_undefined_promise_resolve(promise);
}
void fault_stream_async_iterator_finalize(FaultStreamAsyncIterator* iterator) { free(iterator); }

struct FaultCells {
  int none;
};
FaultCells* fault_cells_new(void) { return calloc(1, sizeof(FaultCells)); }
void fault_cells_finalize(FaultCells* self) { free(self); }
uint32_t fault_cells_get_length(FaultCells* self) {
  (void)self;
  return 3;
}
CleatString fault_cells_get_at(FaultCells* self, uint32_t index) {
  (void)self, (void)index;
  return CLEAT_STRING("cell");
}
CleatString fault_cells_get_named(FaultCells* self, CleatString name) {
  (void)self;
  return name;
}
bool fault_cells_has_named(FaultCells* self, CleatString name) {
  (void)self;
  return name.length == 1;
}
bool fault_cells_name_at(FaultCells* self, size_t index, CleatString* name) {
  (void)self;
  *name = CLEAT_STRING("n");
  return index == 0;
}
