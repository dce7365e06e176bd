// The ways into modules: import(), evaluating one from its source, importing one for the host; and import.meta.
#include <stdlib.h>
#include <string.h>

#include "module.h"

// ERRORS OF THE COMPILER. No script can see or make the mark.

static const char kCompileError[] = "cleat:compile";

void cleat__mark_compile_error(CleatEnv* env, CleatValue* error) {
  if (!cleat__is_error(error)) return;
  cleat__private_set(env->engine, error, kCompileError, cleat__boolean(env->engine, true));
}

bool cleat__is_compile_error(CleatEnv* env, CleatValue* reason) {
  if (!cleat__is_error(reason)) return false;
  CleatValue* mark = cleat__private_get(env->engine, reason, kCompileError);
  return mark != NULL && !cleat__is_undefined(mark);
}

// IMPORT()

typedef struct Importing {
  const CleatModuleRequest* request;
  CleatValue* referrer;  // a string; NULL for none
} Importing;

static CleatRecord* find_imported(CleatEnv* env, void* data) {
  const Importing* importing = data;
  CleatString name = {NULL, 0};
  if (importing->referrer != NULL && !cleat_to_string(env, importing->referrer, &name)) return NULL;
  const CleatRecord* importer = name.data != NULL ? cleat__record_find(env->modules, name.data, false) : NULL;
  return cleat__request_record(env, importing->request, name.data, importer != NULL ? importer->importer : NULL);
}

static CleatValue* import(CleatEnv* env, bool later, CleatRecord* (*find)(CleatEnv* env, void* data), void* data) {
  CleatValue* promise;
  CleatGraph* graph = cleat__graph_open(env, later, &promise);
  if (graph == NULL) return NULL;
  cleat__graph_import(graph, find, data);
  return promise;
}

// CleatEngineHost.import_module.
static CleatValue* on_import(void* data, const CleatModuleRequest* request, CleatValue* referrer) {
  CleatEnv* env = data;
  env->pending = false;
  return import(env, true, find_imported, &(Importing){request, referrer});
}

// FOR THE HOST

typedef struct Compiling {
  const CleatSource* source;
  CleatRecord* record;  // with a reference; NULL where it could not be compiled
} Compiling;

static CleatRecord* find_compiled(CleatEnv* env, void* data) {
  Compiling* compiling = data;
  const CleatSource* source = compiling->source;
  CleatRecord* record = cleat__record_new(env->modules, source->name, false, true, NULL);
  if (record == NULL) return NULL;
  if (!cleat__record_compile(record, source->text, source->length, source->line, source->cache)) {
    cleat__record_release(record);
    return NULL;
  }
  cleat__record_keep(record);
  compiling->record = record;
  return record;
}

CleatValue* cleat__evaluate_module(CleatEnv* env, const CleatSource* source) {
  Compiling compiling = {source, NULL};
  CleatValue* promise = import(env, false, find_compiled, &compiling);
  if (compiling.record == NULL) return promise;
  if (source->cache != NULL && source->cache->create && !cleat__run_is_struck(env)) {
    cleat__record_cache(compiling.record, source->cache);
  }
  cleat__record_release(compiling.record);
  return promise;
}

CleatValue* cleat__import(CleatEnv* env, const CleatSource* source) {
  CleatModuleRequest request = {.line = 0};
  CleatValue* referrer = NULL;
  request.specifier = cleat__string_wtf8(env->engine, source->text, source->length);
  if (request.specifier != NULL && source->name != NULL) {
    referrer = cleat__string_wtf8(env->engine, source->name, strlen(source->name));
  }
  if (request.specifier == NULL || (source->name != NULL && referrer == NULL)) return NULL;
  return import(env, false, find_imported, &(Importing){&request, referrer});
}

// IMPORT.META

// CleatEngineHost.import_meta.
static void on_import_meta(void* data, void* module_data, CleatValue* meta) {
  CleatEnv* env = data;
  const CleatRecord* record = module_data;
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  env->pending = false;
  CleatString name = {record->name, strlen(record->name)};
  CleatValue* url = cleat_string(env, name);
  cleat_define(env, meta, "url", url);
  if (options->import_meta != NULL && !env->pending) options->import_meta(options->data, env, name, meta);
}

// OPENING AND CLOSING

bool cleat__modules_open(CleatEnv* env, CleatEngineHost* host) {
  env->modules = calloc(1, sizeof(CleatModules));
  if (env->modules == NULL) return false;
  env->modules->env = env;
  host->import_module = on_import;
  host->import_meta = on_import_meta;
  return true;
}

void cleat__modules_close(CleatEnv* env) {
  if (env->modules == NULL) return;
  cleat__loads_close(env->modules);
  cleat__graphs_close(env->modules);
  cleat__records_close(env->modules);
  free(env->modules);
  env->modules = NULL;
}
