// Promises of JavaScript: those that C waits for, with a call back, once, when one settles or never will; and those
// made of what is at hand.
#include <stdlib.h>

#include "forgotten.h"
#include "promise.h"

typedef struct Reaction {
  CleatForgotten forgotten;
  CleatEnv* env;
  void (*settled)(CleatEnv* env, void* data, bool fulfilled, CleatValue* result);
  void* data;
} Reaction;

// In a microtask, called by JavaScript: what is thrown there rejects a promise that nobody has, and is so reported.
static void on_settled(void* data, bool fulfilled, CleatValue* result) {
  Reaction reaction = *(Reaction*)data;
  free(data);
  reaction.env->pending = false;
  reaction.settled(reaction.env, reaction.data, fulfilled, result);
}

static void tell_dropped(CleatForgotten* it) {
  Reaction reaction = *(Reaction*)it;
  free(it);
  reaction.settled(NULL, reaction.data, false, NULL);
}

// In garbage collection, or as the runtime closes.
static void on_dropped(void* data) {
  Reaction* reaction = data;
  cleat__forgotten_add(reaction->env, &reaction->forgotten, tell_dropped);
}

bool cleat_promise_then(CleatEnv* env, CleatValue* promise,
                        void (*settled)(CleatEnv* env, void* data, bool fulfilled, CleatValue* result), void* data) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(settled, "function to call");
  if (!cleat__ready(env, promise)) return false;
  if (!cleat__is_promise(promise)) {
    cleat_throw_type(env, "cleat_promise_then needs a promise");
    return false;
  }
  Reaction* reaction = malloc(sizeof(Reaction));
  if (reaction == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  *reaction = (Reaction){.env = env, .settled = settled, .data = data};
  if (cleat__ran(env, cleat__promise_watch(env->engine, promise, on_settled, on_dropped, reaction))) return true;
  free(reaction);
  return false;
}

bool cleat_input_promise(const CleatInput* input, CleatValue** out) {
  CleatEnv* env = input->env;
  if (env->pending) return false;
  CleatResolver* resolver = cleat__resolver(env->engine, out);
  if (resolver == NULL) return cleat__fail(env);
  bool resolved = cleat__resolve(env->engine, resolver, input->value);
  cleat__resolver_free(env->engine, resolver);
  return cleat__ran(env, resolved);
}

CleatValue* cleat__resolved_promise(CleatEnv* env, CleatValue* value) {
  CleatInput input = {.env = env, .value = value};
  CleatValue* promise;
  return value != NULL && cleat_input_promise(&input, &promise) ? promise : NULL;
}

CleatValue* cleat__rejected_promise(CleatEnv* env, CleatValue* reason) {
  CleatValue* promise;
  CleatResolver* resolver = cleat__resolver(env->engine, &promise);
  if (resolver == NULL) return cleat__fail(env);
  bool rejected = cleat__reject(env->engine, resolver, reason);
  cleat__resolver_free(env->engine, resolver);
  return cleat__ran(env, rejected) ? promise : NULL;
}

// The promise is kept over the end of what protects the call.
typedef struct Promising {
  CleatEnv* env;
  CleatValue* (*body)(CleatEnv* env, void* data);
  void* data;
  CleatHandle* promise;
  bool terminated;
} Promising;

static void keep_promise(Promising* it, CleatValue* promise) {
  if (promise != NULL) it->promise = cleat__handle_new(it->env->engine, promise);
}

static void run_promising(void* data) {
  Promising* it = data;
  keep_promise(it, it->body(it->env, it->data));
}

static void reject_promising(void* data, const CleatException* exception) {
  Promising* it = data;
  it->terminated = exception->terminated;
  it->env->pending = false;
  if (!it->terminated) keep_promise(it, cleat__rejected_promise(it->env, exception->value));
}

CleatValue* cleat__promising(CleatEnv* env, CleatValue* (*body)(CleatEnv* env, void* data), void* data) {
  Promising it = {env, body, data, NULL, false};
  cleat__try(env->engine, run_promising, reject_promising, &it);
  env->pending = it.terminated;
  if (it.promise == NULL) {
    if (!it.terminated) cleat_throw_range(env, "out of memory");
    return NULL;
  }
  CleatValue* promise = cleat__handle_value(env->engine, it.promise);
  cleat__handle_free(it.promise);
  return promise;
}
