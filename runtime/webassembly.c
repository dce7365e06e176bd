// WebAssembly's asynchronous functions: V8 compiles on threads of its own, and does not tell that it is at it. So that
// cleat_wait waits for the result, and closing settles the promise, they give promises of Cleat's, as native operations
// do.
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "promise.h"

typedef struct Compilation {
  CleatPending pending;
  int references;  // the list of promises, and V8's promise
  CleatHandle* result;
  bool ended;
} Compilation;

static void release(Compilation* compilation) {
  if (--compilation->references == 0) free(compilation);
}

static void end(Compilation* compilation) {
  compilation->ended = true;
  release(compilation);
}

static void on_closed(CleatPending* pending) { end((Compilation*)pending); }

static CleatValue* make_result(CleatEnv* env, void* data) {
  (void)env;
  return data;
}

// In a microtask.
static void on_settled(void* data, bool fulfilled, CleatValue* result) {
  Compilation* compilation = data;
  if (!compilation->ended) {
    compilation->pending.env->pending = false;
    if (fulfilled) {
      cleat__pending_resolve(&compilation->pending, make_result, result);
    } else {
      cleat__pending_reject_with(&compilation->pending, result);
    }
    end(compilation);
  }
  release(compilation);
}

// As the engine closes, after the promise was settled by that.
static void on_dropped(void* data) { release(data); }

// Returns a promise that settles as `promise` does, and is waited for.
static CleatValue* await(CleatEnv* env, CleatValue* promise) {
  Compilation* compilation = calloc(1, sizeof(Compilation));
  CleatValue* result = NULL;
  if (compilation == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  compilation->references = 1;
  if (!cleat__pending_open(&compilation->pending, env, on_closed, &result)) {
    free(compilation);
    return NULL;
  }
  compilation->references++;
  if (cleat__ran(env, cleat__promise_watch(env->engine, promise, on_settled, on_dropped, compilation))) return result;
  compilation->references--;
  cleat__pending_forget(&compilation->pending);
  cleat__pending_end(&compilation->pending);
  end(compilation);
  return NULL;
}

// `data` is V8's function, kept by its handle.
static void js_call(CleatCall* call) {
  CleatEnv* env = cleat_env(call);
  const CleatHandle* handle = cleat__call_data(call);
  CLEAT_FRAME(frame);
  int count = cleat__arg_count(call);
  CleatValue** arguments = cleat_frame_allocate(&frame, ((size_t)count + 1) * sizeof(CleatValue*));
  if (arguments == NULL) {
    cleat_throw_range(env, "out of memory");
    return;
  }
  for (int i = 0; i < count; i++) arguments[i] = cleat__arg(call, i);
  CleatValue* function = cleat__handle_value(env->engine, handle);
  CleatValue* promise = cleat__call(env->engine, function, cleat__this(call), (size_t)count, arguments);
  if (!cleat__ran(env, promise != NULL)) return;
  if (cleat__is_promise(promise) && cleat__promise_state(promise) == 0) promise = await(env, promise);
  if (promise != NULL) cleat__return(call, promise);
}

static bool replace(CleatEnv* env, CleatValue* object, const char* name, CleatHandle** kept) {
  CleatEngine* engine = env->engine;
  CleatValue* key = cleat__interned(engine, name);
  CleatValue* function = cleat__get_own_data(engine, object, key);
  if (function == NULL) return true;
  if (*kept == NULL) *kept = cleat__handle_new(engine, function);
  if (*kept == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  CleatValue* replaced = cleat__function(engine, name, 1, js_call, *kept);
  return replaced != NULL && cleat__define(engine, object, key, replaced, 0);
}

static CleatValue* compute(CleatEnv* env) {
  env->pending = false;
  CleatValue* object = cleat__handle_value(env->engine, env->webassembly.object);
  bool replaced = replace(env, object, "compile", &env->webassembly.compile) &&
                  replace(env, object, "instantiate", &env->webassembly.instantiate);
  return cleat__ran(env, replaced) ? object : NULL;
}

// Most runtimes never use it, and it is reached by the global property alone.
bool cleat__webassembly_open(CleatEnv* env) {
  static const CleatLazy lazy = {compute};
  CleatEngine* engine = env->engine;
  CleatValue* global = cleat__global(engine);
  // Not interned, for which many runtimes have no use.
  CleatValue* key = cleat__string_latin1(engine, (const uint8_t*)"WebAssembly", strlen("WebAssembly"));
  CleatValue* object = key != NULL ? cleat__get(engine, global, key) : NULL;
  if (object == NULL || !cleat__is_object(object)) return object != NULL;
  env->webassembly.object = cleat__handle_new(engine, object);
  if (env->webassembly.object == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  return cleat__define_lazily(env, global, "WebAssembly", &lazy, CLEAT_DONT_ENUM);
}

void cleat__webassembly_close(CleatEnv* env) {
  cleat__handle_free(env->webassembly.object);
  cleat__handle_free(env->webassembly.compile);
  cleat__handle_free(env->webassembly.instantiate);
}
