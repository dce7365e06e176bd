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
  const char* file;       // where it was made, or NULL
  int line;
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

// The name in parentheses is no call of the macro.
CleatRef* cleat_hold(CleatEnv* env, CleatValue* value) { return cleat_hold_at(env, value, NULL, 0); }

CleatRef* cleat_hold_at(CleatEnv* env, CleatValue* value, const char* file, int line) {
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
  ref->file = file;
  ref->line = line;
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

// Function handles are told of on stderr in debug builds only; CleatRefs wherever the program lets their places be known.
static bool is_told(const CleatRef* ref, bool functions) {
  return ref->file != NULL || (functions && ref->text != NULL);
}

// Writes which ones are left, the newest first; NULL for none, or when memory is short.
static char* describe_left(const CleatRef* refs, bool functions) {
  size_t count = 0;
  for (const CleatRef* ref = refs; ref != NULL; ref = ref->next) count += is_told(ref, functions);
  char* text = NULL;
  size_t length;
  FILE* out = count > 0 ? open_memstream(&text, &length) : NULL;
  if (out == NULL) return NULL;
  fprintf(out, "%zu value%s not released before the runtime closed: ", count, count == 1 ? " was" : "s were");
  size_t shown = 0;
  for (const CleatRef* ref = refs; ref != NULL && shown < MOST_SHOWN; ref = ref->next) {
    if (!is_told(ref, functions)) continue;
    if (shown++ > 0) fputs(", ", out);
    if (ref->file != NULL) {
      fprintf(out, "the CleatRef made at %s:%d", ref->file, ref->line);
    } else {
      fprintf(out, "the function %s", ref->text);
    }
  }
  if (shown < count) fputs(", ...", out);
  fclose(out);
  return text;
}

#ifdef CLEAT_DEBUG
#define TELL_OF_FUNCTIONS true
#else
#define TELL_OF_FUNCTIONS false
#endif

static void report_left(CleatEnv* env) {
  const CleatOptions* options = &env->runtime->options;
  char* text = describe_left(env->refs, TELL_OF_FUNCTIONS || options->leaked != NULL);
  if (text == NULL) return;
  if (options->leaked != NULL) {
    options->leaked(options->data, (CleatString){text, strlen(text)});
  } else {
    fprintf(stderr, "cleat: %s: %s\n", env->runtime->name, text);
  }
  free(text);
}

void cleat__refs_close(CleatEnv* env) {
  report_left(env);
  while (env->refs != NULL) give_up(env->refs);
}
