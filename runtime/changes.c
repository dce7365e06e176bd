// What attaching changes of the objects of a host's. All of it can be undone until attaching has succeeded: only then
// is a property made such that it stays, as [LegacyUnforgeable] members do.
#include "changes.h"

// The parts of a change, one after the other in the list.
enum {
  OBJECT,
  KEY,     // undefined for the prototype
  BEFORE,  // the property's descriptor, undefined for none; or the prototype
  STAYS,
  PARTS,
};

static bool ensure_list(CleatEnv* env, CleatChanges* changes) {
  if (changes->list != NULL) return true;
  changes->list = cleat__handle_new(env->engine, cleat__array(env->engine, NULL, 0));
  if (changes->list == NULL) cleat_throw_range(env, "out of memory");
  return changes->list != NULL;
}

static bool add(CleatEnv* env, CleatChanges* changes, CleatValue* const* parts) {
  CleatValue* list = cleat__handle_value(env->engine, changes->list);
  for (uint32_t i = 0; i < PARTS; i++) {
    if (!cleat__define_index(env->engine, list, changes->length + i, parts[i])) return false;
  }
  changes->length += PARTS;
  return true;
}

bool cleat__changes_note(CleatEnv* env, CleatChanges* changes, CleatValue* object, CleatValue* key, int* attributes) {
  CleatEngine* engine = env->engine;
  if (!ensure_list(env, changes)) return false;
  bool stays = attributes != NULL && (*attributes & CLEAT_DONT_DELETE) != 0;
  if (stays) *attributes &= ~CLEAT_DONT_DELETE;
  CleatValue* parts[PARTS] = {
      [OBJECT] = object,
      [KEY] = key != NULL ? key : cleat__undefined(engine),
      [BEFORE] = key != NULL ? cleat__own_descriptor(engine, object, key) : cleat__prototype(engine, object),
      [STAYS] = cleat__boolean(engine, stays),
  };
  return parts[BEFORE] != NULL && add(env, changes, parts);
}

// One change of the list, in a body of cleat__protect.
typedef struct Step {
  CleatHandle* list;
  uint32_t at;
} Step;

static CleatValue* part(CleatEnv* env, const Step* step, uint32_t index) {
  return cleat__get_index(env->engine, cleat__handle_value(env->engine, step->list), step->at + index);
}

static void seal(CleatEnv* env, void* data) {
  const Step* step = data;
  if (!cleat__boolean_value(env->engine, part(env, step, STAYS))) return;
  cleat__ran(env, cleat__fix_property(env->engine, part(env, step, OBJECT), part(env, step, KEY)));
}

static void undo(CleatEnv* env, void* data) {
  const Step* step = data;
  CleatEngine* engine = env->engine;
  CleatValue* object = part(env, step, OBJECT);
  CleatValue* key = part(env, step, KEY);
  CleatValue* before = part(env, step, BEFORE);
  bool deleted;
  if (cleat__is_undefined(key)) {
    cleat__ran(env, cleat__set_prototype(engine, object, before));
  } else if (cleat__is_undefined(before)) {
    cleat__ran(env, cleat__delete(engine, object, key, &deleted));
  } else {
    cleat__ran(env, cleat__define_as(engine, object, key, before));
  }
}

static void forget(CleatChanges* changes) {
  cleat__handle_free(changes->list);
  *changes = (CleatChanges){NULL, 0};
}

CleatError* cleat__changes_seal(CleatEnv* env, CleatChanges* changes) {
  CleatError* error = NULL;
  for (Step step = {changes->list, 0}; step.at < changes->length && error == NULL; step.at += PARTS) {
    error = cleat__protect(env, seal, &step);
  }
  if (error == NULL) forget(changes);
  return error;
}

void cleat__changes_undo(CleatEnv* env, CleatChanges* changes) {
  for (Step step = {changes->list, changes->length}; step.at > 0;) {
    step.at -= PARTS;
    cleat_error_free(cleat__protect(env, undo, &step));
  }
  forget(changes);
}
