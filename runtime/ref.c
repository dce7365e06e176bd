// CleatRef: a value that is kept, and given up from any thread.
#include <stdlib.h>

#include "runtime.h"

// The runtime's list of refs is touched on the JavaScript thread only. A ref that is freed elsewhere sends itself
// there: the message is part of it, so that freeing needs no memory.
struct CleatRef {
  CleatMessage message;
  CleatRuntime* runtime;  // its memory is kept
  CleatHandle* handle;    // NULL once the runtime has closed
  CleatRef* next;
  CleatRef** link;  // what points to this one; NULL once it is in no list
};

static void free_memory(void* data) {
  CleatRef* ref = data;
  CleatRuntime* runtime = ref->runtime;
  free(ref);
  cleat__runtime_unkeep(runtime);
}

// Gives up the value. On the JavaScript thread.
static void give_up(CleatRef* ref) {
  if (ref->link == NULL) return;
  *ref->link = ref->next;
  if (ref->next != NULL) ref->next->link = ref->link;
  ref->link = NULL;
  cleat__count(&ref->runtime->counts.handles, -1);
  cleat__handle_free(ref->handle);
  ref->handle = NULL;
}

static void free_here(CleatEnv* env, void* data) {
  (void)env;
  give_up(data);
  free_memory(data);
}

CleatRef* cleat_hold(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending || value == NULL) return NULL;
  CleatRef* ref = calloc(1, sizeof(CleatRef));
  if (ref != NULL) ref->handle = cleat__handle_new(env->engine, value);
  if (ref == NULL || ref->handle == NULL) {
    free(ref);
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  ref->message = (CleatMessage){.run = free_here, .drop = free_memory, .data = ref, .internal = true, .bare = true};
  ref->runtime = cleat__runtime_keep(env->runtime);
  ref->next = env->refs;
  ref->link = &env->refs;
  if (ref->next != NULL) ref->next->link = &ref->next;
  env->refs = ref;
  cleat__count(&env->runtime->counts.handles, 1);
  return ref;
}

CleatValue* cleat_held(CleatEnv* env, const CleatRef* ref) {
  CLEAT_CHECK_ENV(env);
  if (ref->runtime != env->runtime) cleat__misuse(__func__, "the ref is of another runtime");
  return ref->handle != NULL ? cleat__handle_value(env->engine, ref->handle) : NULL;
}

void cleat_ref_free(CleatRef* ref) {
  if (ref == NULL) return;
  if (cleat__on_thread(ref->runtime)) {
    free_here(NULL, ref);
  } else {
    // The task may let go of the runtime before the sending of it has returned.
    CleatRuntime* runtime = cleat__runtime_keep(ref->runtime);
    if (!cleat__send(runtime, &ref->message)) free_memory(ref);
    cleat__runtime_unkeep(runtime);
  }
}

void cleat__refs_close(CleatEnv* env) {
  while (env->refs != NULL) give_up(env->refs);
}
