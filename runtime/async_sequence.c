// Async sequences: Web IDL 3.2.22. The names in quotes are the standard's.
#include <stdlib.h>
#include <string.h>

#include "async_from_sync.h"
#include "forgotten.h"
#include "promise.h"

// CONVERSION

// GetMethod of a symbol.
static bool get_method(const CleatInput* input, CleatValue* symbol, CleatValue** method) {
  CleatEnv* env = input->env;
  CleatValue* value = cleat__get(env->engine, input->value, symbol);
  if (!cleat__ran(env, value != NULL)) return false;
  *method = cleat__is_null_or_undefined(value) ? NULL : value;
  if (*method == NULL || cleat__is_function(value)) return true;
  cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not iterable");
  return false;
}

bool cleat_input_find_async_iterator(const CleatInput* input, bool no_strings, CleatInput* found) {
  CleatEnv* env = input->env;
  if (found != input) *found = *input;
  if (input->method != NULL || !cleat__is_object(input->value)) return true;
  if (no_strings && cleat__is_string_object(input->value)) return true;
  if (env->pending || !get_method(input, cleat__symbol_async_iterator(env->engine), &found->method)) return false;
  found->async = found->method != NULL;
  return found->async || get_method(input, cleat__symbol_iterator(env->engine), &found->method);
}

bool cleat_input_async_sequence(const CleatInput* input, CleatAsyncSequence* out) {
  CleatInput found;
  if (!cleat_input_find_async_iterator(input, false, &found)) return false;
  if (found.method == NULL) {
    cleat_input_throw(input, CLEAT_THROW_TYPE_ERROR, "is not iterable");
    return false;
  }
  *out = (CleatAsyncSequence){input->value, found.method, !found.async};
  return true;
}

// OPENING

struct CleatAsyncIteration {
  CleatRef* iterator;
  CleatRef* next;
  bool sync;  // the iterator is not asynchronous itself
};

void cleat_async_iteration_release(CleatAsyncIteration* iteration) {
  if (iteration == NULL) return;
  cleat_ref_free(iteration->iterator);
  cleat_ref_free(iteration->next);
  free(iteration);
}

// "Open".
CleatAsyncIteration* cleat_async_sequence_open(CleatEnv* env, const CleatAsyncSequence* sequence) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  if (sequence->object == NULL) {
    cleat_throw_type(env, "There is no async sequence to open");
    return NULL;
  }
  // GetIteratorFromMethod
  CleatValue* iterator = cleat_call(env, sequence->method, sequence->object, 0, NULL);
  if (iterator == NULL) return NULL;
  if (!cleat__is_object(iterator)) {
    cleat_throw_type(env, "The iterator of an async sequence is not an object");
    return NULL;
  }
  CleatValue* next = cleat_get(env, iterator, "next");
  CleatAsyncIteration* iteration = next == NULL ? NULL : calloc(1, sizeof(CleatAsyncIteration));
  if (next != NULL && iteration == NULL) cleat_throw_range(env, "out of memory");
  if (iteration == NULL) return NULL;
  *iteration = (CleatAsyncIteration){cleat_hold(env, iterator), cleat_hold(env, next), sequence->sync};
  if (iteration->iterator != NULL && iteration->next != NULL) return iteration;
  cleat_async_iteration_release(iteration);
  return NULL;
}

// Stores the iterator and its next; throws where the runtime of the iteration is another one's or has closed.
static bool find_record(CleatEnv* env, const CleatAsyncIteration* iteration, CleatIteratorRecord* record) {
  *record = (CleatIteratorRecord){cleat_held(env, iteration->iterator), cleat_held(env, iteration->next)};
  if (record->iterator == NULL) cleat_throw_error(env, "The runtime of the iteration has closed");
  return record->iterator != NULL;
}

// STEPS

// What waits for one step. The value is read into the memory behind it.
typedef struct Step {
  CleatForgotten forgotten;
  CleatEnv* env;
  const CleatStepType* type;  // NULL of `return`
  void (*stepped)(void);
  CleatReturned* returned;
  void* data;
  CleatHandle* reason;  // what reading it threw
  CleatValue* result;   // while that is read
  bool read;
  char value[] __attribute__((aligned(16)));
} Step;

static void tell(Step* step, CleatEnv* env, CleatStep what, CleatValue* reason) {
  if (step->type != NULL) {
    step->type->call(step->stepped, env, step->data, what, step->value, reason);
  } else if (step->returned != NULL) {
    step->returned(env, step->data, what, reason);
  }
}

static void tell_dropped(CleatForgotten* it) {
  Step* step = (Step*)it;
  tell(step, NULL, CLEAT_STEP_CLOSED, NULL);
  free(step);
}

// In garbage collection, or as the runtime closes.
static void drop_step(void* data) {
  Step* step = data;
  cleat__forgotten_add(step->env, &step->forgotten, tell_dropped);
}

// The fulfilment steps of "get the next value" and of "close".
static void read_and_tell(void* data) {
  Step* step = data;
  CleatEnv* env = step->env;
  if (!cleat__is_object(step->result)) {
    cleat_throw_type(env, "An iterator gave a result that is not an object");
    return;
  }
  CleatStep what = CLEAT_STEP_END;
  CLEAT_FRAME(frame);
  cleat__frame_enter(env, &frame);
  if (step->type != NULL) {
    CleatValue* done = cleat_get(env, step->result, "done");
    if (done == NULL) return;
    if (!cleat__boolean_value(env->engine, done)) what = CLEAT_STEP_VALUE;
  }
  if (what == CLEAT_STEP_VALUE) {
    CleatInput input = {.env = env,
                        .frame = &frame,
                        .value = cleat_get(env, step->result, "value"),
                        .member = "a value of the async sequence"};
    if (input.value == NULL || !step->type->read(&input, step->value)) return;
    cleat_find_buffers(env, &frame);
  }
  step->read = true;
  tell(step, env, what, NULL);
}

static void keep_reason(void* data, const CleatException* exception) {
  Step* step = data;
  step->env->pending = exception->terminated;
  if (!exception->terminated) step->reason = cleat__handle_new(step->env->engine, exception->value);
}

static void step_settled(void* data, bool fulfilled, CleatValue* result) {
  Step* step = data;
  CleatEnv* env = step->env;
  env->pending = false;
  step->result = result;
  if (!fulfilled) {
    tell(step, env, CLEAT_STEP_ERROR, result);
  } else if (!cleat__try(env->engine, read_and_tell, keep_reason, step) && !env->pending) {
    CleatValue* reason = step->reason == NULL ? cleat__undefined(env->engine)  // memory is short
                                              : cleat__handle_value(env->engine, step->reason);
    cleat__handle_free(step->reason);
    if (step->read) {
      // Thrown by the program's function.
      cleat_throw_value(env, reason);
    } else {
      if (step->type != NULL) memset(step->value, 0, step->type->size);
      tell(step, env, CLEAT_STEP_ERROR, reason);
    }
  } else if (env->pending && !step->read) {
    // Terminated before the program was told anything.
    tell(step, NULL, CLEAT_STEP_CLOSED, NULL);
  }
  free(step);
}

static Step* new_step(CleatEnv* env, size_t size) {
  Step* step = calloc(1, sizeof(Step) + size);
  if (step == NULL) cleat_throw_range(env, "out of memory");
  if (step != NULL) step->env = env;
  return step;
}

// Has the step told of what `promise` settles with.
static bool wait_for(CleatEnv* env, CleatValue* promise, Step* step) {
  bool waits = promise != NULL && cleat__promise_watch(env->engine, promise, step_settled, drop_step, step);
  if (!waits) free(step);
  return cleat__ran(env, waits);
}

// "a promise resolved with" what IteratorNext gives.
static CleatValue* ask_next(CleatEnv* env, void* data) {
  const CleatAsyncIteration* iteration = data;
  CleatIteratorRecord record;
  if (!find_record(env, iteration, &record)) return NULL;
  CleatValue* result = iteration->sync ? cleat__async_from_sync_next(env, &record)
                                       : cleat__call_method(env, record.next, "next", record.iterator, 0, NULL, true);
  return cleat__resolved_promise(env, result);
}

bool cleat_async_iteration_next(CleatEnv* env, CleatAsyncIteration* iteration, const CleatStepType* type,
                                void (*stepped)(void), void* data) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(iteration, "iteration");
  Step* step = env->pending ? NULL : new_step(env, type->size);
  if (step == NULL) return false;
  step->type = type;
  step->stepped = stepped;
  step->data = data;
  return wait_for(env, cleat__promising(env, ask_next, iteration), step);
}

typedef struct Leaving {
  const CleatAsyncIteration* iteration;
  CleatValue* reason;
} Leaving;

static CleatValue* ask_return(CleatEnv* env, void* data) {
  const Leaving* leaving = data;
  CleatIteratorRecord record;
  if (!find_record(env, leaving->iteration, &record)) return NULL;
  if (leaving->iteration->sync) {
    return cleat__resolved_promise(env, cleat__async_from_sync_return(env, &record, leaving->reason));
  }
  CleatValue* method;
  if (!cleat__get_method(env, record.iterator, "return", &method)) return NULL;
  // "a promise resolved with undefined", which is no object: an empty one stands for it.
  if (method == NULL) return cleat__resolved_promise(env, cleat__null_object(env->engine));
  CleatValue* result = cleat__call_method(env, method, "return", record.iterator, 1, leaving->reason, false);
  return cleat__resolved_promise(env, result);
}

// "Close".
bool cleat_async_iteration_return(CleatEnv* env, CleatAsyncIteration* iteration, CleatValue* reason,
                                  CleatReturned* returned, void* data) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(iteration, "iteration");
  Step* step = env->pending ? NULL : new_step(env, 0);
  if (step == NULL) return false;
  step->returned = returned;
  step->data = data;
  Leaving leaving = {iteration, reason == NULL ? cleat__undefined(env->engine) : reason};
  return wait_for(env, cleat__promising(env, ask_return, &leaving), step);
}
