// Promises of JavaScript that C waits for: a call back, once, when one settles or never will.
#include <stdlib.h>

#include "env.h"

typedef struct Reaction {
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

// In garbage collection, or as the runtime closes.
static void on_dropped(void* data) {
  Reaction reaction = *(Reaction*)data;
  free(data);
  reaction.settled(NULL, reaction.data, false, NULL);
}

bool cleat_promise_then(CleatEnv* env, CleatValue* promise,
                        void (*settled)(CleatEnv* env, void* data, bool fulfilled, CleatValue* result), void* data) {
  CLEAT_CHECK_ENV(env);
  if (env->pending || promise == NULL) return false;
  if (!cleat__is_promise(promise)) {
    cleat_throw_type(env, "cleat_promise_then needs a promise");
    return false;
  }
  Reaction* reaction = malloc(sizeof(Reaction));
  if (reaction == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  *reaction = (Reaction){env, settled, data};
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
  cleat__resolver_free(resolver);
  return cleat__ran(env, resolved);
}
