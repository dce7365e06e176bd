// Evaluations and calls that nobody waits for: their result goes to a callback, once.
#include <stdlib.h>
#include <string.h>

#include "data_node.h"
#include "eval.h"

typedef struct Async Async;

// The end of the time that one has for its promise; it may come after the result.
typedef struct Lateness {
  Async* async;  // NULL once that is done
} Lateness;

struct Async {
  CleatEval eval;
  void (*done)(void* data, CleatResult result);
  void* data;
  Lateness* lateness;  // NULL for none
  char* text;
  char* name;
  CleatFunctionHandle* function;  // kept, for `node`
  CleatData node;
  CleatData* receiver;
  CleatData* arguments;
};

static void free_async(Async* async) {
  if (async->lateness != NULL) async->lateness->async = NULL;
  if (async->function != NULL) cleat__function_release(async->function);
  cleat_data_free(async->receiver);
  cleat_data_free(async->arguments);
  free(async->text);
  free(async->name);
  free(async);
}

static void deliver(void* data) {
  Async* async = data;
  void (*done)(void* data, CleatResult result) = async->done;
  void* what = async->data;
  CleatResult result = async->eval.result;
  free_async(async);
  if (done != NULL) {
    done(what, result);
  } else {
    cleat_result_free(&result);
  }
}

static void deliver_in_task(CleatEnv* env, void* data) {
  (void)env;
  deliver(data);
}

// In a task of its own, since the callback may do anything. The queue takes it: it is closed after all evaluations.
void cleat__eval_done(CleatEval* eval) {
  if (!cleat__dispatch_internal(eval->runtime, deliver_in_task, eval, deliver)) deliver(eval);
}

static void expire(CleatEnv* env, void* data) {
  (void)env;
  Lateness* lateness = data;
  Async* async = lateness->async;
  free(lateness);
  if (async == NULL) return;
  async->lateness = NULL;
  if (cleat__run_clock(async->eval.runtime) < async->eval.deadline) {
    cleat__eval_waits(&async->eval);
  } else {
    cleat__eval_expire(&async->eval);
  }
}

static void drop_lateness(void* data) {
  Lateness* lateness = data;
  if (lateness->async != NULL) lateness->async->lateness = NULL;
  free(lateness);
}

void cleat__eval_waits(CleatEval* eval) {
  Async* async = (Async*)eval;
  Lateness* lateness = malloc(sizeof(Lateness));
  uint64_t now = cleat__run_clock(eval->runtime);
  double left = eval->deadline > now ? (double)(eval->deadline - now) / 1e6 : 0;
  if (lateness != NULL) {
    *lateness = (Lateness){async};
    async->lateness = lateness;
    if (cleat__delay(eval->runtime, left, true, expire, lateness, drop_lateness)) return;
    async->lateness = NULL;
    free(lateness);
  }
  cleat__eval_expire(eval);
}

// Sends it; where that is refused it is freed, and nobody told.
static bool start(Async* async) {
  if (cleat__eval_send(&async->eval)) return true;
  free_async(async);
  return false;
}

static Async* new_async(CleatRuntime* runtime, const CleatEvalOptions* options, const char* source, bool import,
                        void (*done)(void* data, CleatResult result), void* data) {
  Async* async = calloc(1, sizeof(Async));
  if (async == NULL) return NULL;
  CleatError* error = cleat__eval_init(&async->eval, runtime, options, source, import);
  if (error != NULL) {
    cleat_error_free(error);
    free(async);
    return NULL;
  }
  async->eval.async = true;
  async->done = done;
  async->data = data;
  return async;
}

static bool eval_async(CleatRuntime* runtime, const char* source, const CleatEvalOptions* options, bool import,
                       void (*done)(void* data, CleatResult result), void* data) {
  if (runtime == NULL || source == NULL) return false;
  Async* async = new_async(runtime, options, source, import, done, data);
  if (async == NULL) return false;
  CleatSource* it = &async->eval.source;
  async->text = malloc(it->length + 1);
  if (it->name != NULL) async->name = strdup(it->name);
  if (async->text == NULL || (it->name != NULL && async->name == NULL)) {
    free_async(async);
    return false;
  }
  memcpy(async->text, it->text, it->length);
  async->text[it->length] = 0;
  it->text = async->text;
  it->name = async->name;
  return start(async);
}

bool cleat_eval_async(CleatRuntime* runtime, const char* source, const CleatEvalOptions* options,
                      void (*done)(void* data, CleatResult result), void* data) {
  return eval_async(runtime, source, options, false, done, data);
}

bool cleat_import_async(CleatRuntime* runtime, const char* specifier, const CleatEvalOptions* options,
                        void (*done)(void* data, CleatResult result), void* data) {
  return eval_async(runtime, specifier, options, true, done, data);
}

bool cleat_data_call_async(const CleatData* function, CleatData* receiver, CleatData* arguments,
                           const CleatEvalOptions* options, void (*done)(void* data, CleatResult result), void* data) {
  return cleat__step_async(function, CLEAT_EVAL_CALL, receiver, arguments, options, done, data);
}

bool cleat__step_async(const CleatData* handle, CleatEvalStep step, CleatData* receiver, CleatData* arguments,
                       const CleatEvalOptions* options, void (*done)(void* data, CleatResult result), void* data) {
  CleatDataKind kind = step == CLEAT_EVAL_CALL ? CLEAT_DATA_FUNCTION : CLEAT_DATA_ASYNC_ITERABLE;
  bool usable =
      cleat_data_kind(handle) == kind && (arguments == NULL || cleat_data_kind(arguments) == CLEAT_DATA_ARRAY);
  Async* async = usable ? new_async(handle->function->runtime, options, "", false, done, data) : NULL;
  if (async == NULL) {
    cleat_data_free(receiver);
    cleat_data_free(arguments);
    return false;
  }
  // The caller may free the node that it calls at once.
  async->function = cleat__function_keep(handle->function);
  async->node = (CleatData){.kind = kind, .function = async->function};
  async->eval.function = &async->node;
  async->eval.step = step;
  async->eval.receiver = async->receiver = receiver;
  async->eval.arguments = async->arguments = arguments;
  // The task may let go of the last handle, and of the runtime, before the sending has returned.
  CleatRuntime* runtime = cleat__runtime_keep(async->eval.runtime);
  bool accepted = start(async);
  cleat__runtime_unkeep(runtime);
  return accepted;
}
