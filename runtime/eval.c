// cleat_eval: a script evaluated for a thread that waits for a copy of its value, or of what its promise settles with.
#include "eval.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "code_cache.h"
#include "module.h"

// What V8 gives back when a promise settles. It may outlive the evaluation, which may have run out of time: it is freed
// when the promise settles, or when the engine is gone.
struct CleatAwait {
  CleatEnv* env;
  CleatLimit* limit;  // that holds until it settles; NULL for none
  CleatEval* eval;    // NULL once nobody waits any more; under the runtime's mutex
  bool no_value;
  CleatAwait* next;
  CleatAwait** link;
};

static CleatResult failure(CleatErrorKind kind, const char* message) {
  return (CleatResult){.error = cleat__error_new(kind, "%s", message)};
}

static CleatResult closed(const CleatRuntime* runtime) {
  if (cleat__is_lost(runtime)) return (CleatResult){.error = cleat__lost_error()};
  return failure(CLEAT_ERROR_CLOSED, "the runtime is closed");
}

// RUNNING A SCRIPT

typedef struct Evaluation {
  const CleatSource* source;
  void (*use)(CleatEnv* env, CleatValue* value, void* data);
  void* data;
  bool compiled;
} Evaluation;

static CleatValue* run_script(CleatEnv* env, const CleatSource* source, bool* compiled) {
  if (source->cache == NULL) {
    return cleat__run_script(env->engine, source->text, source->length, source->name, source->line, compiled);
  }
  CleatCaching caching;
  CleatCached of = cleat__cached(source->text, source->length, false);
  CleatEngineCache* cache = cleat__caching_begin(&caching, source->cache, &of);
  CleatValue* value =
      cleat__run_script_cached(env->engine, source->text, source->length, source->name, source->line, compiled, cache);
  cleat__caching_end(&caching, *compiled);
  return value;
}

static CleatValue* value_of(CleatEnv* env, const CleatSource* source, bool* compiled) {
  switch (source->kind) {
    case CLEAT_SOURCE_MODULE:
      return cleat__evaluate_module(env, source);
    case CLEAT_SOURCE_SPECIFIER:
      return cleat__import(env, source);
    case CLEAT_SOURCE_SCRIPT:
      break;
  }
  return run_script(env, source, compiled);
}

static void run_source(CleatEnv* env, void* data) {
  Evaluation* evaluation = data;
  CleatValue* value = value_of(env, evaluation->source, &evaluation->compiled);
  if (cleat__ran(env, value != NULL) && evaluation->use != NULL) evaluation->use(env, value, evaluation->data);
}

CleatError* cleat__evaluate(CleatEnv* env, const CleatSource* source,
                            void (*use)(CleatEnv* env, CleatValue* value, void* data), void* data) {
  cleat__count(&env->runtime->counts.evals, 1);
  Evaluation evaluation = {.source = source, .use = use, .data = data, .compiled = true};
  CleatError* error = cleat__protect_last(env, run_source, &evaluation);
  if (error != NULL && !evaluation.compiled && cleat_error_kind(error) == CLEAT_ERROR_EXCEPTION) {
    cleat__error_set_kind(error, CLEAT_ERROR_SYNTAX);
  }
  return error;
}

// THE RESULT

typedef struct Copying {
  CleatValue* value;
  CleatData* copy;
} Copying;

static void copy_value(CleatEnv* env, void* data) {
  Copying* copying = data;
  copying->copy = cleat__to_data(env, copying->value, "result");
}

static CleatResult result_of(CleatEnv* env, CleatValue* value, bool fulfilled, bool no_value) {
  if (!fulfilled) {
    CleatError* error = cleat__error_from_value(env, value);
    if (cleat__is_compile_error(env, value)) cleat__error_set_kind(error, CLEAT_ERROR_SYNTAX);
    return (CleatResult){.error = error};
  }
  if (no_value) value = cleat__undefined(env->engine);
  Copying copying = {.value = value};
  CleatError* error = cleat__protect(env, copy_value, &copying);
  return (CleatResult){.value = copying.copy, .error = error};
}

// PROMISES

static CleatAwait* new_await(CleatEnv* env, CleatEval* eval) {
  CleatAwait* await = malloc(sizeof(CleatAwait));
  if (await == NULL) return NULL;
  *await = (CleatAwait){.env = env,
                        .eval = eval,
                        .no_value = eval->no_value,
                        .next = env->runtime->awaits,
                        .link = &env->runtime->awaits};
  if (await->next != NULL) await->next->link = &await->next;
  env->runtime->awaits = await;
  return await;
}

static void free_await(CleatAwait* await) {
  cleat__limit_free(await->limit);
  *await->link = await->next;
  if (await->next != NULL) await->next->link = await->link;
  free(await);
}

// Under the mutex. A thread that waits is told once that its promise has a deadline, where it has one, and that the
// evaluation is done; after that, its memory may be gone.
static void tell_waiter(CleatEval* eval, bool done) {
  eval->done = done;
  if (!eval->async) sem_post(&eval->told);
}

// Gives the evaluation its result, where somebody still waits for it.
static void settle(CleatAwait* await, CleatResult result) {
  CleatRuntime* runtime = await->env->runtime;
  pthread_mutex_lock(&runtime->mutex);
  CleatEval* eval = await->eval;
  bool done = false;
  bool async = false;
  await->eval = NULL;
  if (eval != NULL) {
    eval->result = result;
    eval->await = NULL;
    // Where the script still runs, it is done when the microtasks are.
    done = !eval->running;
    async = eval->async;
    if (done) tell_waiter(eval, true);
  }
  pthread_mutex_unlock(&runtime->mutex);
  if (eval == NULL) cleat_result_free(&result);
  if (done && async) cleat__eval_done(eval);
}

static bool is_abandoned(CleatAwait* await) {
  CleatRuntime* runtime = await->env->runtime;
  pthread_mutex_lock(&runtime->mutex);
  bool abandoned = await->eval == NULL;
  pthread_mutex_unlock(&runtime->mutex);
  return abandoned;
}

// Called by V8, in a microtask.
static void on_settled(void* data, bool fulfilled, CleatValue* value) {
  CleatAwait* await = data;
  if (!is_abandoned(await)) settle(await, result_of(await->env, value, fulfilled, await->no_value));
  free_await(await);
}

static uint64_t deadline_of(const CleatEval* eval) { return eval->started + eval->timeout_ms * UINT64_C(1000000); }

static bool limit_continuation(CleatEnv* env, const CleatEval* eval, CleatValue* token, CleatLimit** place) {
  return eval->timeout_ms == 0 || cleat__limit_set(env, token, place, deadline_of(eval), eval->timeout_ms);
}

static void wait_for_promise(CleatEnv* env, CleatEval* eval, CleatValue* promise) {
  eval->await = new_await(env, eval);
  if (eval->await == NULL || !limit_continuation(env, eval, cleat__continuation(env->engine), &eval->await->limit)) {
    if (eval->await != NULL) free_await(eval->await);
    eval->await = NULL;
    cleat_throw_range(env, "out of memory");
  } else if (!cleat__promise_then(env->engine, promise, on_settled, eval->await)) {
    free_await(eval->await);
    eval->await = NULL;
    env->pending = true;
  }
}

void cleat__evals_cancel(CleatEnv* env) {
  for (CleatAwait* await = env->runtime->awaits; await != NULL; await = await->next) {
    if (!is_abandoned(await)) settle(await, closed(env->runtime));
  }
  cleat__limits_close(env);
}

void cleat__evals_free(CleatEnv* env) {
  cleat__evals_cancel(env);
  while (env->runtime->awaits != NULL) free_await(env->runtime->awaits);
}

// FROM ANOTHER THREAD

static void use_value(CleatEnv* env, CleatValue* value, void* data) {
  CleatEval* eval = data;
  if (cleat__is_promise(value) && !eval->no_await) {
    wait_for_promise(env, eval, value);
  } else {
    if (eval->no_value) value = cleat__undefined(env->engine);
    eval->result.value = cleat__to_data(env, value, "result");
    if (eval->result.value == NULL) env->pending = true;
  }
}

static void fail(CleatEval* eval, CleatError* error) {
  cleat_result_free(&eval->result);
  eval->result.error = error;
}

// Ends the evaluation, or lets its thread wait for the promise for as long as is left of its time.
static void finish(CleatEval* eval) {
  CleatRuntime* runtime = eval->runtime;
  pthread_mutex_lock(&runtime->mutex);
  eval->running = false;
  if (eval->await != NULL && eval->result.error != NULL) {
    eval->await->eval = NULL;
    eval->await = NULL;
  }
  bool async = eval->async;
  bool done = eval->await == NULL;
  bool limited = eval->timeout_ms != 0;
  if (!done && limited) eval->deadline = deadline_of(eval);
  if (done || limited) tell_waiter(eval, done);
  pthread_mutex_unlock(&runtime->mutex);
  if (async && done) cleat__eval_done(eval);
  if (async && !done && limited) cleat__eval_waits(eval);
}

static CleatError* perform(CleatEnv* env, CleatEval* eval, CleatUse use) {
  if (eval->step != CLEAT_EVAL_CALL) return cleat__perform_step(env, eval, use, eval);
  return eval->function != NULL ? cleat__perform_call(env, eval, use, eval)
                                : cleat__evaluate(env, &eval->source, use, eval);
}

// Returns the error of what struck it, owned, or NULL.
static CleatError* evaluate_in_task(CleatEnv* env, CleatEval* eval) {
  CleatTask task;
  cleat__task_begin(env, &task, eval->timeout_ms);
  CleatError* error = perform(env, eval, use_value);
  if (eval->timeout_ms != 0) cleat__continuation_end(env);
  env->pending = false;
  if (error != NULL) fail(eval, error);
  cleat__checkpoint(env);
  CleatError* strike = cleat__task_end(env, &task);
  if (strike != NULL) fail(eval, strike);
  return strike;
}

static void evaluate_outside(CleatEnv* env, void* data) {
  CleatEval* eval = data;
  if (eval->timeout_ms == 0) {
    evaluate_in_task(env, eval);
    return;
  }
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  CleatValue* token = cleat__continuation_begin(env);
  CleatError* strike = evaluate_in_task(env, eval);
  // What it has begun may follow all the same: its time has passed, too.
  if (strike != NULL && cleat_error_kind(strike) == CLEAT_ERROR_TIMEOUT && eval->await == NULL) {
    limit_continuation(env, eval, token, NULL);
  }
  cleat__scope_close(env->engine, &scope);
}

void cleat__eval_run(CleatEnv* env, void* data) {
  CleatEval* eval = data;
  eval->running = true;
  if (eval->timeout_ms != 0) eval->started = cleat__run_clock(env->runtime);
  if (!cleat__survive(env, evaluate_outside, eval)) fail(eval, cleat__lost_error());
  finish(eval);
}

static void drop_eval(void* data) {
  CleatEval* eval = data;
  eval->result = closed(eval->runtime);
  finish(eval);
}

// Under the mutex, or on the JavaScript thread.
static CleatError* waited_too_long(const CleatEval* eval) {
  const char* loading = cleat__load_pending(eval->runtime);
  return loading == NULL
             ? cleat__error_new(CLEAT_ERROR_TIMEOUT, "the time limit of %u ms has passed while a promise was pending",
                                eval->timeout_ms)
             : cleat__error_new(CLEAT_ERROR_TIMEOUT,
                                "the time limit of %u ms has passed while the module '%s' was being loaded",
                                eval->timeout_ms, loading);
}

void cleat__eval_expire(CleatEval* eval) {
  CleatRuntime* runtime = eval->runtime;
  pthread_mutex_lock(&runtime->mutex);
  bool expired = eval->await != NULL;
  if (expired) {
    eval->await->eval = NULL;
    eval->await = NULL;
    eval->result.error = waited_too_long(eval);
  }
  pthread_mutex_unlock(&runtime->mutex);
  if (expired) cleat__eval_done(eval);
}

// Waits until it is done, or until the time is over that the promise had. Where the JavaScript thread tells the waiter,
// it has the mutex: a waiter that needs it too would sleep again.
static void wait_done(CleatEval* eval) {
  CleatRuntime* runtime = eval->runtime;
  while (sem_wait(&eval->told) != 0) continue;
  // Then it is done: of a deadline it is told first.
  if (eval->deadline == 0) return;
  pthread_mutex_lock(&runtime->mutex);
  while (!eval->done) {
    if (cleat__run_clock(runtime) >= eval->deadline) {
      eval->await->eval = NULL;
      eval->result.error = waited_too_long(eval);
      break;
    }
    struct timespec deadline = cleat__timespec(cleat__run_clock_real(runtime, eval->deadline));
    pthread_mutex_unlock(&runtime->mutex);
    sem_clockwait(&eval->told, CLOCK_MONOTONIC, &deadline);
    pthread_mutex_lock(&runtime->mutex);
  }
  pthread_mutex_unlock(&runtime->mutex);
}

bool cleat__eval_send(CleatEval* eval) {
  return cleat__send(eval->runtime, &(CleatMessage){
                                        .run = cleat__eval_run,
                                        .drop = drop_eval,
                                        .data = eval,
                                        .bare = true,
                                    });
}

static CleatResult eval_from_outside(CleatEval* eval) {
  CleatRuntime* runtime = eval->runtime;
  sem_init(&eval->told, 0, 0);
  if (cleat__eval_send(eval)) {
    wait_done(eval);
  } else if (cleat__is_closing(runtime)) {
    eval->result = closed(runtime);
  } else {
    eval->result = failure(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  }
  sem_destroy(&eval->told);
  return eval->result;
}

// ON THE JAVASCRIPT THREAD

static CleatError* cannot_wait(void) {
  return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "a pending promise cannot be waited for on the JavaScript thread");
}

static void ignore(void* data, bool fulfilled, CleatValue* result) {
  (void)data;
  (void)fulfilled;
  (void)result;
}

// A rejection is handled here, of which V8 knows nothing.
static void note_handled(CleatEnv* env, CleatValue* promise, CleatValue* reason) {
  if (env->runtime->attachment != NULL) {
    cleat__ran(env, cleat__promise_then(env->engine, promise, ignore, NULL));
  } else {
    cleat__rejected(env, promise, reason, true);
  }
}

static void use_nested(CleatEnv* env, CleatValue* value, void* data) {
  CleatEval* eval = data;
  bool promise = cleat__is_promise(value) && !eval->no_await;
  if (promise && cleat__promise_state(value) == 0) {
    fail(eval, cannot_wait());
    return;
  }
  bool fulfilled = !promise || cleat__promise_state(value) == 1;
  if (promise) {
    CleatValue* settled = cleat__promise_result(env->engine, value);
    if (!fulfilled) note_handled(env, value, settled);
    value = settled;
  }
  eval->result = result_of(env, value, fulfilled, eval->no_value);
}

static CleatResult eval_nested(CleatEval* eval) {
  CleatEnv* env = cleat__runtime_env(eval->runtime);
  if (env->depth == 0) {  // in a finalizer, or in what closing drops
    if (cleat__is_closing(eval->runtime)) return closed(eval->runtime);
    return failure(CLEAT_ERROR_BAD_ARGUMENT, "a finalizer cannot run JavaScript");
  }
  if (env->pending) return failure(CLEAT_ERROR_BAD_ARGUMENT, "an exception is pending");
  CleatEngineEntry entry;
  // A runtime of another kind may have been entered since.
  cleat__engine_enter(env->engine, &entry);
  CleatTask task;
  cleat__task_begin(env, &task, eval->timeout_ms);
  CleatError* error = perform(env, eval, use_nested);
  if (error != NULL) fail(eval, error);
  CleatError* strike = cleat__task_end(env, &task);
  if (strike != NULL) fail(eval, strike);
  // What struck this run only is over; what struck the run around it is not.
  env->pending = env->run != NULL && cleat__run_is_struck(env);
  cleat__engine_leave(env->engine, &entry);
  return eval->result;
}

// ON THE THREAD OF A HOST THAT DRIVES THE RUNTIME

static int remaining_ms(const CleatEval* eval) {
  if (eval->deadline == 0) return -1;
  uint64_t now = cleat__run_clock(eval->runtime);
  return eval->deadline > now ? (int)((eval->deadline - now) / 1000000) + 1 : 0;
}

// Turns the loop until the promise settles.
static void drive_until_done(CleatEval* eval) {
  // The loop of an attached runtime is its host's.
  if (!eval->done && eval->runtime->attachment != NULL) {
    eval->result.error = cannot_wait();
    eval->await->eval = NULL;
    return;
  }
  while (!eval->done) {
    int remaining = remaining_ms(eval);
    if (remaining == 0 || cleat__is_closing(eval->runtime)) {
      eval->result.error = remaining == 0 ? waited_too_long(eval) : closed(eval->runtime).error;
      eval->await->eval = NULL;
      return;
    }
    cleat__turn(eval->runtime, remaining);
  }
}

static CleatResult eval_driving(CleatEval* eval) {
  CleatRuntime* runtime = eval->runtime;
  if (cleat__is_closing(runtime)) return closed(runtime);
  CleatEngineEntry entry;
  cleat__drive_begin(runtime, &entry);
  sem_init(&eval->told, 0, 0);
  cleat__eval_run(&runtime->env, eval);
  drive_until_done(eval);
  sem_destroy(&eval->told);
  cleat__drive_end(runtime, &entry);
  return eval->result;
}

// OPTIONS

static bool read_eval_options(const CleatEvalOptions* given, CleatEvalOptions* options) {
  *options = CLEAT_EVAL_OPTIONS_INIT;
  if (given == NULL) return true;
  if (!cleat__options_fit(given, given->size, offsetof(CleatEvalOptions, name), sizeof(CleatEvalOptions))) return false;
  memcpy(options, given, given->size < sizeof(*options) ? given->size : sizeof(*options));
  return true;
}

CleatError* cleat__eval_init(CleatEval* eval, CleatRuntime* runtime, const CleatEvalOptions* given, const char* source,
                             bool import) {
  CleatEvalOptions options;
  if (!read_eval_options(given, &options)) {
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT,
                            "option size: not set, or of a newer version whose options are set");
  }
  if (options.line > INT32_MAX) {
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option line: more than %d", INT32_MAX);
  }
  if (runtime->attachment != NULL && (options.module || import)) {
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "an attached runtime has no modules: they are its owner's");
  }
  if (options.code_cache != NULL && import) {
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option code_cache: what is imported has none of its own");
  }
  if (options.code_cache != NULL) {
    options.code_cache->use = CLEAT_CACHE_NONE;
    options.code_cache->made = NULL;
    options.code_cache->made_length = 0;
  }
  *eval = (CleatEval){
      .runtime = runtime,
      .timeout_ms = options.timeout_ms != 0 ? options.timeout_ms : runtime->options.timeout_ms,
      .no_await = options.no_await && !options.module && !import,
      .no_value = options.no_value,
      .source =
          {
              .kind = import           ? CLEAT_SOURCE_SPECIFIER
                      : options.module ? CLEAT_SOURCE_MODULE
                                       : CLEAT_SOURCE_SCRIPT,
              .text = source,
              .length = options.length != 0 ? options.length : strlen(source),
              .name = options.name != NULL || import ? options.name : "<eval>",
              .line = options.line != 0 ? options.line : 1,
              .cache = options.code_cache,
          },
  };
  if (eval->timeout_ms == 0 || cleat__watchdog_start(runtime)) return NULL;
  return cleat__error_new(CLEAT_ERROR_SYSTEM, "the thread that keeps time limits cannot be started");
}

CleatResult cleat__eval_wait(CleatEval* eval) {
  CleatRuntime* runtime = eval->runtime;
  if (!cleat__on_thread(runtime)) return eval_from_outside(eval);
  return cleat__is_driven(runtime) && runtime->drives == 0 ? eval_driving(eval) : eval_nested(eval);
}

static CleatResult eval(CleatRuntime* runtime, const char* source, const CleatEvalOptions* options, bool import) {
  CleatEval eval;
  CleatError* error = cleat__eval_init(&eval, runtime, options, source, import);
  return error != NULL ? (CleatResult){.error = error} : cleat__eval_wait(&eval);
}

CleatResult cleat_eval(CleatRuntime* runtime, const char* source, const CleatEvalOptions* options) {
  if (runtime == NULL) return failure(CLEAT_ERROR_BAD_ARGUMENT, "argument runtime: NULL");
  if (source == NULL) return failure(CLEAT_ERROR_BAD_ARGUMENT, "argument source: NULL");
  return eval(runtime, source, options, false);
}

CleatResult cleat_import(CleatRuntime* runtime, const char* specifier, const CleatEvalOptions* options) {
  if (runtime == NULL) return failure(CLEAT_ERROR_BAD_ARGUMENT, "argument runtime: NULL");
  if (specifier == NULL) return failure(CLEAT_ERROR_BAD_ARGUMENT, "argument specifier: NULL");
  return eval(runtime, specifier, options, true);
}

CleatResult cleat_eval_once(const char* source, const CleatOptions* options) {
  CleatResult result = {NULL, NULL};
  CleatRuntime* runtime = cleat_open(options, &result.error);
  if (runtime != NULL) result = cleat_eval(runtime, source, NULL);
  cleat_release(runtime);
  return result;
}

void cleat_result_free(CleatResult* result) {
  if (result == NULL) return;
  cleat_data_free(result->value);
  cleat_error_free(result->error);
  *result = (CleatResult){NULL, NULL};
}
