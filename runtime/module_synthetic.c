// Modules that no source is of: the value of a JSON text, and what a set of bindings defines.
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "globals.h"
#include "module.h"

// JSON. HTML "create a JSON module script": the value is the default export.

static bool evaluate_json(void* data) {
  CleatRecord* record = data;
  CleatEngine* engine = record->modules->env->engine;
  return cleat__module_export(engine, record->code, "default", cleat__handle_value(engine, record->value));
}

static bool synthesize_json(CleatRecord* record) {
  static const char* const kNames[] = {"default"};
  CleatEnv* env = record->modules->env;
  CleatEngineModule* code = cleat__module_synthetic(env->engine, record->name, kNames, 1, evaluate_json, record);
  return cleat__ran(env, code != NULL) && cleat__record_set_code(record, code);
}

// BINDINGS

// The names that a set exports.
typedef struct Names {
  const char** list;
  size_t count;
} Names;

// Counts the name, and lists it where there is a list.
static bool add_name(void* data, CleatGlobalKind kind, const char* name, const void* what) {
  Names* names = data;
  if (kind == CLEAT_GLOBAL_MEMBER && ((const CleatMember*)what)->kind == CLEAT_ATTRIBUTE) return true;
  // That is the object's.
  if (strcmp(name, "default") == 0) return true;
  if (names->list != NULL) names->list[names->count] = name;
  names->count++;
  return true;
}

// Lists what the runtime was granted, with room for one more; NULL when memory is short.
static Names list_names(CleatEnv* env, const CleatBindings* bindings) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  Names names = {0};
  cleat__visit_globals(options, bindings, add_name, &names);
  names.list = malloc((names.count + 1) * sizeof(char*));
  names.count = 0;
  if (names.list != NULL) cleat__visit_globals(options, bindings, add_name, &names);
  return names;
}

static bool export_all(CleatRecord* record, const Names* names) {
  CleatEnv* env = record->modules->env;
  CleatEngine* engine = env->engine;
  CleatValue* object = cleat__object(engine);
  if (!cleat__define_bindings(env, object, record->bindings)) return false;
  for (size_t i = 0; i < names->count; i++) {
    CleatValue* value = cleat__get(engine, object, cleat__interned(engine, names->list[i]));
    if (value == NULL || !cleat__module_export(engine, record->code, names->list[i], value)) return false;
  }
  return cleat__module_export(engine, record->code, "default", object);
}

static bool evaluate_bindings(void* data) {
  CleatRecord* record = data;
  CleatEnv* env = record->modules->env;
  env->pending = false;
  Names names = list_names(env, record->bindings);
  if (names.list == NULL) cleat_throw_range(env, "out of memory");
  bool done = names.list != NULL && export_all(record, &names);
  free(names.list);
  return done;
}

static bool synthesize_bindings(CleatRecord* record) {
  CleatEnv* env = record->modules->env;
  Names names = list_names(env, record->bindings);
  if (names.list == NULL) {
    cleat_throw_range(env, "out of memory");
    return false;
  }
  names.list[names.count++] = "default";
  CleatEngineModule* code =
      cleat__module_synthetic(env->engine, record->name, names.list, names.count, evaluate_bindings, record);
  free(names.list);
  return cleat__ran(env, code != NULL) && cleat__record_set_code(record, code);
}

bool cleat__record_synthesize(CleatRecord* record) {
  return record->bindings != NULL ? synthesize_bindings(record) : synthesize_json(record);
}
