// Promises that C settles, once, from any thread; and what is done about them when the runtime closes first.
#include "promise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"

// PENDING PROMISES

static void enlist(CleatEnv* env, CleatPending* pending) {
  pending->previous = NULL;
  pending->next = env->pendings;
  if (env->pendings != NULL) env->pendings->previous = pending;
  env->pendings = pending;
  env->operations += !pending->unawaited;
  pending->listed = true;
}

static void delist(CleatPending* pending) {
  CleatEnv* env = pending->env;
  if (pending->previous != NULL) {
    pending->previous->next = pending->next;
  } else {
    env->pendings = pending->next;
  }
  if (pending->next != NULL) pending->next->previous = pending->previous;
  env->operations -= !pending->unawaited;
  pending->listed = false;
}

void cleat__pending_unawait(CleatPending* pending) {
  pending->unawaited = true;
  pending->env->operations--;
}

bool cleat__pending_hold(CleatPending* pending, CleatEnv* env, CleatValue* const* objects, size_t count) {
  pending->env = env;
  if (count == 0) return true;
  pending->has_many = count > 1;
  CleatValue* all = count > 1 ? cleat__array(env->engine, objects, count) : objects[0];
  pending->operands = all == NULL ? NULL : cleat__handle_new(env->engine, all);
  return pending->operands != NULL;
}

void cleat__pending_let_go(CleatPending* pending) {
  cleat__handle_free(pending->operands);
  pending->operands = NULL;
  cleat__finalize_later(pending->env);
}

static bool holds(CleatEnv* env, const CleatPending* pending, CleatValue* value) {
  CleatValue* all = cleat__handle_value(env->engine, pending->operands);
  if (!pending->has_many) return cleat__strict_equals(all, value);
  uint32_t count = cleat__array_length(all);
  for (uint32_t i = 0; i < count; i++) {
    CleatValue* one = cleat__get_index(env->engine, all, i);
    if (one != NULL && cleat__strict_equals(one, value)) return true;
  }
  return false;
}

bool cleat__promises_hold(CleatEnv* env, CleatValue* value) {
  bool found = false;
  for (const CleatPending* it = env->pendings; it != NULL && !found; it = it->next) {
    if (it->operands == NULL) continue;
    CleatScope scope;
    cleat__scope_open(env->engine, &scope);
    found = holds(env, it, value);
    cleat__scope_close(env->engine, &scope);
  }
  return found;
}

bool cleat__pending_open(CleatPending* pending, CleatEnv* env, void (*closed)(CleatPending* pending),
                         CleatValue** promise) {
  if (env->pending) return false;
  CleatResolver* resolver = cleat__resolver(env->engine, promise);
  if (resolver == NULL) return cleat__fail(env);
  *pending = (CleatPending){
      .env = env,
      .resolver = resolver,
      .closed = closed,
      .operands = pending->operands,
      .has_many = pending->has_many,
  };
  enlist(env, pending);
  return true;
}

// How a promise is being settled.
typedef struct Settlement {
  CleatEnv* env;
  CleatResolver* resolver;
  CleatValue* (*make)(CleatEnv* env, void* data);
  void* data;
  bool terminated;
} Settlement;

static void settle_body(void* data) {
  Settlement* it = data;
  CleatEnv* env = it->env;
  CleatValue* value = it->make(env, it->data);
  if (value == NULL && !env->pending) cleat_throw_error(env, "A promise was resolved without a value");
  if (!env->pending && it->resolver != NULL) cleat__ran(env, cleat__resolve(env->engine, it->resolver, value));
}

static void settle_caught(void* data, const CleatException* exception) {
  Settlement* it = data;
  it->terminated = exception->terminated;
  if (!it->terminated && it->resolver != NULL) cleat__reject(it->env->engine, it->resolver, exception->value);
}

// Takes what settles it, and may be NULL: JavaScript that runs from now on finds it settled.
static inline CleatResolver* take_resolver(CleatPending* pending) {
  CleatResolver* resolver = pending->resolver;
  pending->resolver = NULL;
  cleat__pending_unfollow(pending);
  return resolver;
}

static void settle_pending(CleatPending* pending, CleatValue* (*make)(CleatEnv* env, void* data), void* data) {
  Settlement settlement = {pending->env, take_resolver(pending), make, data, false};
  cleat__try(settlement.env->engine, settle_body, settle_caught, &settlement);
  settlement.env->pending = settlement.terminated;
  cleat__resolver_free(settlement.env->engine, settlement.resolver);
}

void cleat__pending_resolve(CleatPending* pending, CleatValue* (*make)(CleatEnv* env, void* data), void* data) {
  if (pending->listed) delist(pending);
  settle_pending(pending, make, data);
}

static CleatValue* throw_reason(CleatEnv* env, void* data) {
  cleat_throw_value(env, data);
  return NULL;
}

void cleat__pending_abort(CleatPending* pending, CleatValue* reason) { settle_pending(pending, throw_reason, reason); }

void cleat__pending_forget(CleatPending* pending) {
  cleat__resolver_free(pending->env->engine, take_resolver(pending));
}

bool cleat__pending_end(CleatPending* pending) {
  bool listed = pending->listed;
  if (listed) delist(pending);
  return listed;
}

void cleat__pending_reject_with(CleatPending* pending, CleatValue* reason) {
  cleat__reject(pending->env->engine, pending->resolver, reason);
  cleat__pending_forget(pending);
  cleat__pending_end(pending);
}

static CleatValue* throw_failure(CleatEnv* env, void* data) {
  const CleatFailure* failure = data;
  cleat_throw(env, failure->kind, "%s", failure->message);
  return NULL;
}

void cleat__pending_reject(CleatPending* pending, CleatThrowKind kind, const char* message) {
  CleatFailure failure = {kind, (char*)(message == NULL ? "out of memory" : message)};
  cleat__pending_resolve(pending, throw_failure, &failure);
}

static CleatValue* throw_abort(CleatEnv* env, void* data) {
  (void)data;
  if (cleat__has_bindings(env, &cleat_dom_exception_bindings)) {
    cleat_throw_dom(env, "AbortError", "The runtime is closing");
    return NULL;
  }
  CleatValue* error = cleat__new_error(env->engine, CLEAT_THROW_ERROR, CLEAT_STRING("The runtime is closing"));
  CleatValue* name = cleat__interned(env->engine, "AbortError");
  if (cleat__define(env->engine, error, cleat__interned(env->engine, "name"), name, CLEAT_DONT_ENUM)) {
    cleat__throw(env->engine, error);
  }
  return cleat__fail(env);
}

void cleat__promises_close(CleatEnv* env) {
  while (env->pendings != NULL) {
    CleatPending* pending = env->pendings;
    env->closing = pending;
    if (pending->resolver != NULL) {
      cleat__pending_resolve(pending, throw_abort, NULL);
    } else {
      delist(pending);
    }
    env->closing = NULL;
    pending->closed(pending);
  }
}

void cleat__promises_abandon(CleatEnv* env) {
  // One that was being rejected when the engine was lost is in the list no more.
  if (env->closing != NULL) enlist(env, env->closing);
  env->closing = NULL;
  for (CleatPending* it = env->pendings; it != NULL; it = it->next) cleat__pending_forget(it);
}

void cleat__promises_drop(CleatEnv* env) {
  while (env->pendings != NULL) {
    CleatPending* pending = env->pendings;
    delist(pending);
    pending->closed(pending);
  }
}

CleatFailure cleat__failure(CleatThrowKind kind, const char* format, va_list arguments) {
  CleatFailure failure = {kind, NULL};
  if (vasprintf(&failure.message, format, arguments) < 0) failure.message = NULL;
  return failure;
}

// PROMISES OF C

enum { LINE = 64 };  // bytes, of the cache

// In two parts, each in lines of the cache of its own: what only JavaScript's thread uses, but for cancellation, and
// what goes to whoever settles it and back. The latter is one line where what it is resolved with is small.
struct CleatPromise {
  CleatPending pending;

  // Whether nobody waits for it any more, and who is told, under the mutex. That is recursive: who is told may settle
  // it.
  pthread_mutex_t cancelling;
  void (*on_cancel)(void* data);
  void* on_cancel_data;

  _Alignas(LINE) CleatRuntime* runtime;  // whose thread keeps it, see `kept`
  atomic_int holders;   // JavaScript until it is settled there, C until it has settled it, a [Throws] hook that runs
  atomic_bool settled;  // by C
  atomic_bool telling;
  atomic_bool is_cancelled;
  bool kept;  // the runtime is, since it has closed before C has settled the promise

  // How: by `make`, or where that is NULL by `failure`. Written by who settles it, before it is handed over.
  CleatResolution make;
  void (*discard)(void* copy);
  void* copy;   // of what it is resolved with, owned, in `space` where it is small; NULL for none
  void* value;  // the same, or what is borrowed while it is resolved at once
  _Alignas(16) char space[32];
  CleatFailure failure;
};

// Those that have ended are kept for the next ones, on the JavaScript thread: malloc takes several times as long.

#ifdef __SANITIZE_ADDRESS__
enum { MOST_SPARES = 0 };  // it is to see each of them
#else
enum { MOST_SPARES = 128 };
#endif

typedef struct CleatSparePromise {
  struct CleatSparePromise* next;
} Spare;

static CleatPromise* take_promise(CleatEnv* env) {
  Spare* spare = env->spare_promises;
  if (spare != NULL) {
    env->spare_promises = spare->next;
    env->spare_promise_count--;
  }
  CleatPromise* promise = spare != NULL ? (void*)spare : aligned_alloc(LINE, sizeof(CleatPromise));
  if (promise != NULL) memset(promise, 0, sizeof(*promise));
  return promise;
}

// Any thread.
static void give_back(CleatRuntime* runtime, CleatPromise* promise) {
  CleatEnv* env = cleat__runtime_env(runtime);
  if (!cleat__on_thread(runtime) || env->spare_promise_count == MOST_SPARES) {
    free(promise);
    return;
  }
  Spare* spare = (void*)promise;
  spare->next = env->spare_promises;
  env->spare_promises = spare;
  env->spare_promise_count++;
}

void cleat__promises_free(CleatEnv* env) {
  for (Spare *it = env->spare_promises, *next; it != NULL; it = next) {
    next = it->next;
    free(it);
  }
}

// Gives up `count` holds.
static void release_holds(CleatPromise* promise, int count) {
  if (atomic_fetch_sub(&promise->holders, count) != count) return;
  CleatRuntime* runtime = promise->runtime;
  bool kept = promise->kept;
  pthread_mutex_destroy(&promise->cancelling);
  if (promise->copy != promise->space) free(promise->copy);
  free(promise->failure.message);
  give_back(runtime, promise);
  if (kept) cleat__runtime_unkeep(runtime);
}

static void release(CleatPromise* promise) { release_holds(promise, 1); }

// Tells C that nobody waits any more, unless it has settled the promise. It does not settle it meanwhile, but where it
// is told.
static void cancel(CleatPromise* promise) {
  atomic_fetch_add(&promise->holders, 1);
  pthread_mutex_lock(&promise->cancelling);
  bool is_first = !atomic_exchange(&promise->is_cancelled, true);
  // Before it is looked at whether it is settled: whoever settles it meanwhile waits until C has been told.
  atomic_store(&promise->telling, true);
  if (is_first && promise->on_cancel != NULL && !atomic_load(&promise->settled)) {
    promise->on_cancel(promise->on_cancel_data);
  }
  atomic_store(&promise->telling, false);
  pthread_mutex_unlock(&promise->cancelling);
  release(promise);
}

static void promise_aborted(CleatPending* pending) { cancel((CleatPromise*)pending); }

static void promise_closed(CleatPending* pending) {
  CleatPromise* promise = (CleatPromise*)pending;
  // Until now it was in the list of a thread that keeps it.
  promise->kept = true;
  cleat__runtime_keep(promise->runtime);
  cancel(promise);
  cleat__pending_let_go(&promise->pending);
  release(promise);
}

// Keeps objects, which a thread that is to settle the promise may use what they wrap of. Throws when memory is short.
CleatPromise* cleat__promise_new(CleatEnv* env, CleatValue* const* objects, size_t count, CleatValue** out) {
  CleatPromise* promise = take_promise(env);
  bool ok = promise != NULL && cleat__pending_hold(&promise->pending, env, objects, count);
  if (!ok) cleat_throw_range(env, "out of memory");
  if (!ok || !cleat__pending_open(&promise->pending, env, promise_closed, out)) {
    if (promise != NULL) {
      cleat__pending_let_go(&promise->pending);
      give_back(env->runtime, promise);
    }
    return NULL;
  }
  promise->pending.aborted = promise_aborted;
  promise->runtime = env->runtime;
  promise->cancelling = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  atomic_init(&promise->is_cancelled, false);
  atomic_init(&promise->holders, 2);
  atomic_init(&promise->settled, false);
  return promise;
}

CleatPromise* cleat_return_promise(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  CLEAT_FRAME(frame);
  int arg_count = cleat__arg_count(call);
  CleatValue** objects = cleat_frame_allocate(&frame, ((size_t)arg_count + 1) * sizeof(CleatValue*));
  if (objects == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  size_t count = 0;
  // Not the object of a namespace: nothing is C's there.
  if (cleat__this_native(call) != NULL) objects[count++] = cleat__this(call);
  for (int i = 0; i < arg_count; i++) {
    CleatValue* argument = cleat__arg(call, i);
    if (cleat__is_object(argument)) objects[count++] = argument;
  }
  CleatValue* value;
  CleatPromise* promise = cleat__promise_new(env, objects, count, &value);
  if (promise != NULL) cleat__return(call, value);
  return promise;
}

CleatPromise* cleat_property_promise(CleatEnv* env, const CleatClass* type, void* object, CleatValue** value) {
  CLEAT_CHECK_ENV(env);
  CleatValue* wrapper = cleat__find_wrapper(env, type, object);
  return cleat__promise_new(env, &wrapper, wrapper == NULL ? 0 : 1, value);
}

// Gives up what the settlement brought, when the runtime has closed or a signal has aborted first.
static void discard_settlement(void* data) {
  CleatPromise* promise = data;
  if (promise->discard != NULL) promise->discard(promise->copy);
  release(promise);
}

// Gives up what JavaScript has of one that was aborted, unless closing has done that.
static void end_aborted(CleatPromise* promise) {
  if (!cleat__pending_end(&promise->pending)) return;
  cleat__pending_let_go(&promise->pending);
  release(promise);
}

static CleatValue* make_value(CleatEnv* env, void* data) {
  CleatPromise* promise = data;
  return promise->make(env, promise->value);
}

static CleatValue* make_undefined(CleatEnv* env, void* copy) {
  (void)copy;
  return cleat__undefined(env->engine);
}

static CleatValue* make_number(CleatEnv* env, void* copy) { return cleat__number(env->engine, *(double*)copy); }

static CleatValue* make_boolean(CleatEnv* env, void* copy) { return cleat__boolean(env->engine, *(bool*)copy); }

// What is made by these is no object, and made without fail.
static bool is_plain(const CleatPromise* promise) {
  return promise->make == make_number || promise->make == make_boolean || promise->make == make_undefined;
}

// On the JavaScript thread, in a task or a call.
static void settle_here(CleatEnv* env, void* data) {
  (void)env;
  CleatPromise* promise = data;
  if (promise->pending.resolver == NULL) {
    end_aborted(promise);
    discard_settlement(promise);
    return;
  }
  if (promise->make != NULL) {
    cleat__pending_resolve(&promise->pending, make_value, promise);
  } else {
    cleat__pending_reject(&promise->pending, promise->failure.kind, promise->failure.message);
  }
  // Not sooner: they may be part of the value.
  cleat__pending_let_go(&promise->pending);
  release_holds(promise, 2);
}

// As a task, whose handle scope and catch are enough where nothing can be thrown, but a termination.
static CLEAT_HOT void settle_in_task(CleatEnv* env, void* data) {
  CleatPromise* promise = data;
  CleatPending* pending = &promise->pending;
  if (pending->resolver == NULL || !is_plain(promise)) {
    settle_here(env, promise);
    return;
  }
  CleatResolver* resolver = take_resolver(pending);
  if (pending->listed) delist(pending);
  cleat__ran(env, cleat__resolve(env->engine, resolver, promise->make(env, promise->value)));
  cleat__resolver_free(env->engine, resolver);
  cleat__pending_let_go(pending);
  release_holds(promise, 2);
}

// Returns the environment where JavaScript may be run here and now; otherwise NULL.
static CleatEnv* running(CleatRuntime* runtime) {
  if (!cleat__on_thread(runtime)) return NULL;
  CleatEnv* env = cleat__runtime_env(runtime);
  env->used = true;
  return env->depth > 0 && !env->pending ? env : NULL;
}

// At once where that can be, otherwise in a task, to which the promise belongs as soon as it is sent.
static void settle(CleatPromise* promise) {
  CleatEnv* env = running(promise->runtime);
  if (env != NULL) {
    settle_here(env, promise);
    return;
  }
  if (!cleat__dispatch_parting(promise->runtime, settle_in_task, promise, discard_settlement)) {
    discard_settlement(promise);
  }
}

// Settling twice is an error of the program that is told as long as the promise is in memory: until the first
// settlement has reached JavaScript.
static void begin_settling(CleatPromise* promise, const char* function) {
  if (promise == NULL) cleat__misuse(function, "the promise is NULL");
  if (atomic_exchange(&promise->settled, true)) cleat__misuse(function, "the promise has been settled already");
  if (!atomic_load(&promise->telling)) return;
  pthread_mutex_lock(&promise->cancelling);
  pthread_mutex_unlock(&promise->cancelling);
}

void cleat_promise_resolve(CleatPromise* promise, CleatResolution make, const void* value, size_t size,
                           void (*discard)(void* copy)) {
  begin_settling(promise, __func__);
  promise->copy = size <= sizeof(promise->space) ? promise->space : malloc(size);
  if (promise->copy == NULL) {
    if (discard != NULL) discard((void*)value);
  } else {
    if (size > 0) memcpy(promise->copy, value, size);
    promise->value = promise->copy;
    promise->make = make;
    promise->discard = discard;
  }
  settle(promise);
}

void cleat_promise_resolve_here(CleatEnv* env, CleatPromise* promise, CleatResolution make, const void* value) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(promise, "promise");
  if (promise->runtime != env->runtime) cleat__misuse(__func__, "the promise is of another runtime");
  begin_settling(promise, __func__);
  if (env->pending) {
    promise->failure = (CleatFailure){CLEAT_THROW_ERROR, strdup("It was resolved while an exception was pending")};
    settle(promise);
    return;
  }
  promise->make = make;
  promise->value = (void*)value;
  if (promise->pending.resolver != NULL) {
    settle_here(env, promise);
    return;
  }
  // Closing, or a signal, has settled it first. The value is made all the same: native objects become JavaScript's by
  // that.
  bool was_aborted = promise->pending.listed;
  cleat__pending_resolve(&promise->pending, make_value, promise);
  if (was_aborted) {
    cleat__pending_let_go(&promise->pending);
    release(promise);
  }
  release(promise);
}

static CleatValue* throw_given(CleatEnv* env, void* copy) {
  cleat_throw_value(env, *(CleatValue**)copy);
  return NULL;
}

void cleat_promise_reject_value(CleatEnv* env, CleatPromise* promise, CleatValue* reason) {
  cleat_promise_resolve_here(env, promise, throw_given, &reason);
}

void cleat_promise_resolve_undefined(CleatPromise* promise) {
  begin_settling(promise, __func__);
  promise->make = make_undefined;
  settle(promise);
}

static void resolve_plainly(CleatPromise* promise, CleatResolution make, const void* value, size_t size) {
  promise->make = make;
  promise->value = memcpy(promise->space, value, size);
  settle(promise);
}

void cleat_promise_resolve_number(CleatPromise* promise, double value) {
  begin_settling(promise, __func__);
  resolve_plainly(promise, make_number, &value, sizeof(value));
}

void cleat_promise_resolve_boolean(CleatPromise* promise, bool value) {
  begin_settling(promise, __func__);
  resolve_plainly(promise, make_boolean, &value, sizeof(value));
}

void cleat_promise_enter(CleatPromise* promise) {
  CLEAT_CHECK_GIVEN(promise, "promise");
  atomic_fetch_add(&promise->holders, 1);
}

// A hook may have settled it, which freed it but for `enter`, before it threw: by a callback of the script's that it
// called.
void cleat_promise_leave(CleatEnv* env, CleatPromise* promise) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(promise, "promise");
  if (env->pending && !atomic_exchange(&promise->settled, true)) {
    promise->make = make_undefined;
    settle(promise);
  }
  release(promise);
}

void cleat_promise_reject(CleatPromise* promise, CleatThrowKind kind, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  cleat_promise_reject_v(promise, kind, format, arguments);
  va_end(arguments);
}

void cleat_promise_reject_v(CleatPromise* promise, CleatThrowKind kind, const char* format, va_list arguments) {
  begin_settling(promise, "cleat_promise_reject");
  promise->failure = cleat__failure(kind, format, arguments);
  settle(promise);
}

// CANCELLATION

bool cleat_promise_follow(CleatPromise* promise, CleatAbortSignal* signal) {
  CLEAT_CHECK_GIVEN(promise, "promise");
  if (signal == NULL) return true;
  CleatPending* pending = &promise->pending;
  CleatEnv* env = pending->env;
  if (!cleat_abort_signal_get_aborted(signal) && cleat__pending_follow(pending, signal)) return true;
  // C never sees it. An exception that is pending is the result of the call instead.
  if (env->pending) {
    cleat__pending_forget(pending);
  } else {
    cleat__pending_abort(pending, cleat_abort_signal_get_reason(env, signal));
  }
  end_aborted(promise);
  release(promise);
  return false;
}

void cleat_promise_on_cancel(CleatPromise* promise, void (*cancelled)(void* data), void* data) {
  CLEAT_CHECK_GIVEN(promise, "promise");
  CLEAT_CHECK_GIVEN(cancelled, "function to call");
  pthread_mutex_lock(&promise->cancelling);
  promise->on_cancel = cancelled;
  promise->on_cancel_data = data;
  bool is_late = atomic_load(&promise->is_cancelled);
  pthread_mutex_unlock(&promise->cancelling);
  if (is_late) cancelled(data);
}

bool cleat_promise_is_cancelled(const CleatPromise* promise) {
  CLEAT_CHECK_GIVEN(promise, "promise");
  return atomic_load(&promise->is_cancelled);
}
