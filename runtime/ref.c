// CleatRef: a value that is kept, by C, by a native object or by nobody, and given up from any thread.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "runtime.h"

// What a native object keeps is in cells, which its wrapper keeps in a list: so the garbage collector sees who keeps
// what, and collects cycles. The first cell is only the head.
enum { CELL_VALUE, CELL_NEXT, CELL_PREVIOUS };
static const char kHeld[] = "held";

// The runtime's list of refs is touched on the JavaScript thread only. A ref that is freed elsewhere is sent there.
struct CleatRef {
  CleatRuntime* runtime;  // its memory is kept
  CleatHandle* handle;    // of the value, or of its cell; NULL once the runtime has closed
  bool is_cell;
  bool is_weak;      // it keeps nothing
  const char* file;  // where it was made, or NULL
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

// Takes a cell out of the list that it is in. The list may have gone, but for cells that V8 has not collected yet.
static void unlink_cell(CleatRef* ref) {
  CleatEngine* engine = cleat__runtime_env(ref->runtime)->engine;
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  CleatValue* cell = cleat__handle_value(engine, ref->handle);
  if (cell != NULL) {
    CleatValue* next = cleat__cell_get(cell, CELL_NEXT);
    CleatValue* previous = cleat__cell_get(cell, CELL_PREVIOUS);
    cleat__cell_set(previous, CELL_NEXT, next);
    if (cleat__is_object(next)) cleat__cell_set(next, CELL_PREVIOUS, previous);
    cleat__cell_set(cell, CELL_VALUE, cleat__undefined(engine));
  }
  cleat__scope_close(engine, &scope);
}

// Gives up the value. On the JavaScript thread.
static void give_up(CleatRef* ref) {
  if (ref->link == NULL) return;
  if (ref->is_cell && !cleat__is_lost(ref->runtime)) unlink_cell(ref);
  *ref->link = ref->next;
  if (ref->next != NULL) ref->next->link = ref->link;
  ref->link = NULL;
  cleat__count(&ref->runtime->counts.handles, -1);
  cleat__handle_free(ref->handle);
  ref->handle = NULL;
  if (!ref->is_weak) cleat__finalize_later(cleat__runtime_env(ref->runtime));
}

static void free_here(CleatEnv* env, void* data) {
  (void)env;
  give_up(data);
  free_memory(data);
}

// HOLDING

static void enlist(CleatEnv* env, CleatRef* ref) {
  ref->runtime = cleat__runtime_keep(env->runtime);
  ref->next = env->refs;
  ref->link = &env->refs;
  if (ref->next != NULL) ref->next->link = &ref->next;
  env->refs = ref;
  cleat__count(&env->runtime->counts.handles, 1);
}

// Keeps `value` itself.
static CleatRef* hold(CleatEnv* env, CleatValue* value) {
  CleatRef* ref = calloc(1, sizeof(CleatRef));
  if (ref != NULL) ref->handle = cleat__handle_new(env->engine, value);
  if (ref == NULL || ref->handle == NULL) {
    free(ref);
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  enlist(env, ref);
  return ref;
}

// cleat__handle_value tells.
static void ignore_collected(void* data) { (void)data; }

static CleatRef* hold_weak(CleatEnv* env, CleatValue* value) {
  CleatRef* ref = hold(env, value);
  if (ref != NULL) cleat__handle_set_weak(ref->handle, ignore_collected, NULL);
  return ref;
}

// The names in parentheses are no calls of the macros.
CleatRef*(cleat_hold)(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  return env->pending || value == NULL ? NULL : hold(env, value);
}

CleatRef*(cleat_hold_weak)(CleatEnv* env, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  if (env->pending || value == NULL) return NULL;
  if (cleat__is_object(value)) {
    CleatRef* ref = hold_weak(env, value);
    if (ref != NULL) ref->is_weak = true;
    return ref;
  }
  cleat_throw_type(env, "cleat_hold_weak needs an object");
  return NULL;
}

// Returns the cell that begins the list of `wrapper`; made on first use. [throws]
static CleatValue* head_of(CleatEnv* env, CleatValue* wrapper) {
  CleatValue* head = cleat__private_get(env->engine, wrapper, kHeld);
  if (head == NULL || cleat__is_object(head)) return head;
  head = cleat__cell(env->engine);
  return head != NULL && cleat__private_set(env->engine, wrapper, kHeld, head) ? head : NULL;
}

CleatRef*(cleat_hold_in)(CleatEnv* env, const CleatClass* type, void* owner, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  CleatValue* wrapper = value == NULL ? NULL : cleat_wrap(env, type, owner);
  if (wrapper == NULL) return NULL;
  CleatValue* head = head_of(env, wrapper);
  CleatValue* cell = head == NULL ? NULL : cleat__cell(env->engine);
  if (!cleat__ran(env, cell != NULL)) return NULL;
  CleatRef* ref = hold_weak(env, cell);
  if (ref == NULL) return NULL;
  ref->is_cell = true;
  CleatValue* next = cleat__cell_get(head, CELL_NEXT);
  cleat__cell_set(cell, CELL_VALUE, value);
  cleat__cell_set(cell, CELL_NEXT, next);
  cleat__cell_set(cell, CELL_PREVIOUS, head);
  if (cleat__is_object(next)) cleat__cell_set(next, CELL_PREVIOUS, cell);
  cleat__cell_set(head, CELL_NEXT, cell);
  return ref;
}

CleatRef* cleat_ref_place(CleatRef* ref, const char* file, int line) {
  if (ref == NULL) return NULL;
  ref->file = file;
  ref->line = line;
  return ref;
}

static CleatValue* value_of(CleatEnv* env, const CleatRef* ref) {
  CleatValue* value = ref->handle != NULL ? cleat__handle_value(env->engine, ref->handle) : NULL;
  return value != NULL && ref->is_cell ? cleat__cell_get(value, CELL_VALUE) : value;
}

CleatValue* cleat_held(CleatEnv* env, const CleatRef* ref) {
  CLEAT_CHECK_ENV(env);
  if (ref == NULL) return NULL;
  if (ref->runtime != env->runtime) cleat__misuse(__func__, "the ref is of another runtime");
  return value_of(env, ref);
}

bool cleat__refs_hold(CleatEnv* env, CleatValue* value) {
  bool holds = false;
  for (const CleatRef* ref = env->refs; ref != NULL && !holds; ref = ref->next) {
    if (ref->is_weak) continue;
    CleatScope scope;
    cleat__scope_open(env->engine, &scope);
    CleatValue* held = value_of(env, ref);
    holds = held != NULL && cleat__strict_equals(held, value);
    cleat__scope_close(env->engine, &scope);
  }
  return holds;
}

void cleat_ref_free(CleatRef* ref) {
  if (ref == NULL) return;
  if (cleat__on_thread(ref->runtime)) {
    free_here(NULL, ref);
  } else {
    // The task may let go of the runtime before the sending of it has returned.
    CleatRuntime* runtime = cleat__runtime_keep(ref->runtime);
    const CleatMessage message = {.run = free_here, .drop = free_memory, .data = ref, .internal = true, .bare = true};
    if (!cleat__send(runtime, &message)) free_memory(ref);
    cleat__runtime_unkeep(runtime);
  }
}

void cleat__ref_describe(CleatRef* ref, char* text) { ref->text = text; }

// The most that a report names.
#define MOST_SHOWN 16

// Function handles are told of on stderr in debug builds only; CleatRefs wherever the program lets their places be
// known.
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

bool cleat__refs_describe(const CleatEnv* env, char* out, size_t size) {
  const CleatRef* ref = env->refs;
  if (ref == NULL) return false;
  if (ref->file != NULL) {
    snprintf(out, size, "a value that C holds, by the CleatRef made at %s:%d", ref->file, ref->line);
  } else if (ref->text != NULL) {
    snprintf(out, size, "a value that C holds, by a handle of the function %s", ref->text);
  } else {
    snprintf(out, size, "a value that C holds, by a CleatRef");
  }
  return true;
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
