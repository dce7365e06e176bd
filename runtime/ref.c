// CleatRef: a value that is kept, and given up from any thread.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// The runtime's list of refs is touched on the JavaScript thread only. A ref that is freed elsewhere sends itself
// there: the message is part of it, so that freeing needs no memory.
struct CleatRef {
  CleatMessage message;
  CleatRuntime* runtime;  // its memory is kept
  CleatHandle* handle;    // NULL once the runtime has closed
  CleatRef* next;
  CleatRef** link;  // what points to this one; NULL once it is in no list
  char* text;       // what to call it where it is left over at closing; NULL for those that are not told of
};

static void free_memory(void* data) {
  CleatRef* ref = data;
  CleatRuntime* runtime = ref->runtime;
  free(ref->text);
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

void cleat__ref_describe(CleatRef* ref, char* text) { ref->text = text; }

// The most that a report names.
#define MOST_SHOWN 16

// Writes which ones are left, the newest first; NULL for none, or when memory is short.
static char* describe_left(CleatRef* refs) {
  size_t count = 0;
  for (CleatRef* ref = refs; ref != NULL; ref = ref->next) {
    if (ref->text != NULL) count++;
  }
  char* text = NULL;
  size_t length;
  FILE* out = count > 0 ? open_memstream(&text, &length) : NULL;
  if (out == NULL) return NULL;
  fprintf(out, "%zu function handle%s not released before the runtime closed: ", count, count == 1 ? " was" : "s were");
  size_t shown = 0;
  for (CleatRef* ref = refs; ref != NULL && shown < MOST_SHOWN; ref = ref->next) {
    if (ref->text != NULL) fprintf(out, "%s%s", shown++ > 0 ? ", " : "", ref->text);
  }
  if (shown < count) fputs(", ...", out);
  fclose(out);
  return text;
}

static void report_left(CleatEnv* env) {
  char* text = describe_left(env->refs);
  if (text == NULL) return;
  const CleatOptions* options = &env->runtime->options;
  if (options->leaked != NULL) {
    options->leaked(options->data, (CleatString){text, strlen(text)});
  } else {
#ifdef CLEAT_DEBUG
    fprintf(stderr, "cleat: %s: %s\n", env->runtime->name, text);
#endif
  }
  free(text);
}

void cleat__refs_close(CleatEnv* env) {
  report_left(env);
  while (env->refs != NULL) give_up(env->refs);
}
