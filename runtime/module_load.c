// Loading modules: from what the program brought along, or from the host, which may answer later and from any thread.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

struct CleatLoad {
  CleatMessage message;
  CleatRuntime* runtime;  // kept
  atomic_int holders;     // the host until it has answered, JavaScript until it has got that or closes
  atomic_bool answered;
  CleatRecord* record;  // with a reference; NULL once JavaScript has let go of it

  // The answer. Written by who gives it, before it is handed over.
  char* source;
  size_t length;
  void* cache;
  size_t cache_length;
  char* failure;

  CleatLoad* next_answered;
  CleatLoad* next;   // in the list of those that are not answered; under the runtime's mutex
  CleatLoad** link;  // what points to this one there
};

static void release(CleatLoad* load) {
  if (atomic_fetch_sub(&load->holders, 1) != 1) return;
  cleat__runtime_unkeep(load->runtime);
  free(load->source);
  free(load->cache);
  free(load->failure);
  free(load);
}

// Takes it from its record, which is returned with the reference. On the JavaScript thread.
static CleatRecord* detach(CleatLoad* load) {
  CleatRecord* record = load->record;
  if (record == NULL) return NULL;
  CleatRuntime* runtime = load->runtime;
  pthread_mutex_lock(&runtime->mutex);
  *load->link = load->next;
  if (load->next != NULL) load->next->link = load->link;
  pthread_mutex_unlock(&runtime->mutex);
  load->record = NULL;
  record->load = NULL;
  record->modules->env->operations--;
  release(load);
  return record;
}

// COMPILING

typedef struct Compilation {
  CleatEnv* env;
  CleatRecord* record;
  const char* source;
  size_t length;
  uint32_t line;
  CleatCodeCache* cache;
} Compilation;

static void compile_body(void* data) {
  Compilation* it = data;
  CleatEnv* env = it->env;
  CleatRecord* record = it->record;
  if (record->json) {
    CleatValue* value = cleat__json_parse(env->engine, it->source, it->length);
    if (!cleat__ran(env, value != NULL)) return;
    record->value = cleat__handle_new(env->engine, value);
    if (record->value == NULL) {
      cleat_throw_range(env, "out of memory");
    } else {
      cleat__record_synthesize(record);
    }
    return;
  }
  CleatCaching caching;
  record->cached = cleat__cached(it->source, it->length, true);
  CleatEngineCache* cache = cleat__caching_begin(&caching, it->cache, &record->cached);
  CleatEngineModule* code =
      cleat__module_compile(env->engine, it->source, it->length, record->name, it->line, cache, record);
  cleat__caching_end(&caching, code != NULL);
  if (cleat__ran(env, code != NULL)) cleat__record_set_code(record, code);
}

// Throws it again.
static void compile_caught(void* data, const CleatException* exception) {
  Compilation* it = data;
  it->env->pending = false;
  if (!exception->terminated) {
    const CleatRecord* record = it->record;
    cleat__tell_importers(it->env, exception->value, record->json ? record->name : NULL, record->importer);
    cleat__mark_compile_error(it->env, exception->value);
    cleat__throw(it->env->engine, exception->value);
  }
  it->env->pending = true;
}

bool cleat__record_compile(CleatRecord* record, const char* source, size_t length, uint32_t line,
                           CleatCodeCache* cache) {
  CleatEnv* env = record->modules->env;
  Compilation it = {env, record, source, length, line, cache};
  return cleat__try(env->engine, compile_body, compile_caught, &it) && record->code != NULL;
}

// What comes from files may begin with a byte order mark.
static bool compile(CleatRecord* record, const char* source, size_t length, CleatCodeCache* cache) {
  static const char kMark[] = "\xEF\xBB\xBF";
  size_t skipped = length >= 3 && memcmp(source, kMark, 3) == 0 ? 3 : 0;
  return cleat__record_compile(record, source + skipped, length - skipped, 1, cache);
}

// CODE CACHES

void cleat__record_cache(CleatRecord* record, CleatCodeCache* cache) {
  CleatCodeCache made = {.create = cache->create};
  CleatCaching caching;
  CleatEngineCache* engine_cache = cleat__caching_begin(&caching, &made, &record->cached);
  if (engine_cache->take != NULL) cleat__module_cache(record->modules->env->engine, record->code, engine_cache);
  cache->made = made.made;
  cache->made_length = made.made_length;
}

bool cleat_module_code_cache(CleatEnv* env, const char* name, CleatCodeCache* cache) {
  CLEAT_CHECK_ENV(env);
  CLEAT_CHECK_GIVEN(name, "name");
  CLEAT_CHECK_GIVEN(cache, "code cache");
  CleatRecord* record = env->modules != NULL ? cleat__record_find(env->modules, name, false) : NULL;
  if (record == NULL || record->code == NULL || record->bindings != NULL) return false;
  cleat__record_cache(record, cache);
  cache->use = record->cache_use;
  return true;
}

// ANSWERS

typedef struct Finishing {
  CleatEnv* env;
  CleatLoad* load;
  CleatRecord* record;
} Finishing;

static void finish_body(void* data) {
  Finishing* it = data;
  CleatLoad* load = it->load;
  CleatRecord* record = it->record;
  if (load->source != NULL) {
    CleatCodeCache cache = {.data = load->cache, .length = load->cache_length};
    compile(record, load->source, load->length, &cache);
    record->cache_use = cache.use;
  } else {
    cleat__throw_import(it->env, record->name, record->importer, "%s",
                        load->failure != NULL ? load->failure : "out of memory");
  }
}

static void finish_caught(void* data, const CleatException* exception) {
  Finishing* it = data;
  it->env->pending = false;
  cleat__record_drop(it->record);
  CleatValue* reason = exception->value;
  if (exception->terminated) {
    reason = cleat__new_error(it->env->engine, CLEAT_THROW_ERROR, CLEAT_STRING("The loading was terminated"));
  }
  cleat__graphs_loaded(it->record, reason);
}

// In a task, or after the host's `load` has returned.
static void finish(CleatEnv* env, CleatLoad* load) {
  CleatRecord* record = detach(load);
  if (record != NULL) {
    Finishing it = {env, load, record};
    if (cleat__try(env->engine, finish_body, finish_caught, &it)) cleat__graphs_loaded(record, NULL);
    cleat__record_release(record);
  }
  release(load);
}

static void finish_in_task(CleatEnv* env, void* load) {
  finish(env, load);
  // What it imports may have been answered at once.
  cleat__loads_answered(env->modules);
}

static void drop_answer(void* load) { release(load); }

// Hands the answer over, with the host's hold of the load.
static void answer(CleatLoad* load) {
  CleatRuntime* runtime = load->runtime;
  if (cleat__on_thread(runtime)) {
    CleatModules* modules = cleat__runtime_env(runtime)->modules;
    if (modules != NULL && modules->asking > 0) {
      load->next_answered = modules->answered;
      modules->answered = load;
      return;
    }
  }
  load->message = (CleatMessage){.run = finish_in_task, .drop = drop_answer, .data = load, .internal = true};
  // The task may free the load, and let go of the runtime, before the sending of it has returned.
  cleat__runtime_keep(runtime);
  if (!cleat__send(runtime, &load->message)) release(load);
  cleat__runtime_unkeep(runtime);
}

static void begin_answer(CleatLoad* load, const char* function) {
  if (load == NULL) cleat__misuse(function, "the load is NULL");
  if (atomic_exchange(&load->answered, true)) cleat__misuse(function, "the load has been answered already");
}

static void* copy(const void* data, size_t length) {
  char* result = malloc(length + 1);
  if (result == NULL) return NULL;
  if (length > 0) memcpy(result, data, length);
  result[length] = 0;
  return result;
}

static void answer_source(CleatLoad* load, const char* source, size_t length, const void* cache, size_t cache_length,
                          const char* function) {
  begin_answer(load, function);
  if (source == NULL && length > 0) cleat__misuse(function, "the source is NULL");
  load->source = copy(source, length);
  load->length = length;
  // Where memory is short, it is done without.
  if (cache != NULL) load->cache = copy(cache, cache_length);
  load->cache_length = cache_length;
  answer(load);
}

void cleat_load_answer(CleatLoad* load, const char* source, size_t length) {
  answer_source(load, source, length, NULL, 0, __func__);
}

void cleat_load_answer_cached(CleatLoad* load, const char* source, size_t length, const void* cache,
                              size_t cache_length) {
  answer_source(load, source, length, cache, cache_length, __func__);
}

void cleat_load_fail(CleatLoad* load, const char* format, ...) {
  begin_answer(load, __func__);
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&load->failure, format, arguments) < 0) load->failure = NULL;
  va_end(arguments);
  answer(load);
}

void cleat__loads_answered(CleatModules* modules) {
  while (modules->asking == 0 && modules->answered != NULL) {
    CleatLoad* load = modules->answered;
    modules->answered = load->next_answered;
    finish(modules->env, load);
  }
}

const char* cleat__load_pending(const CleatRuntime* runtime) {
  const CleatModules* modules = runtime->env.modules;
  return modules != NULL && modules->loads != NULL ? modules->loads->record->name : NULL;
}

void cleat__loads_close(CleatModules* modules) {
  while (modules->answered != NULL) {
    CleatLoad* load = modules->answered;
    modules->answered = load->next_answered;
    release(load);
  }
  while (modules->loads != NULL) cleat__record_release(detach(modules->loads));
}

// BEGINNING

static const CleatModule* find_brought(const CleatOptions* options, const char* name) {
  for (size_t i = 0; i < options->module_count; i++) {
    if (strcmp(options->modules[i].name, name) == 0) return &options->modules[i];
  }
  return NULL;
}

static bool take_brought(CleatRecord* record, const CleatModule* module) {
  if (module->json != record->json) {
    cleat__throw_import(record->modules->env, record->name, record->importer,
                        module->json ? "it is JSON, and is to be imported with the type \"json\"" : "it is not JSON");
    return false;
  }
  record->bindings = module->bindings;
  if (module->bindings != NULL) return cleat__record_synthesize(record);
  return compile(record, module->source, module->length != 0 ? module->length : strlen(module->source), NULL);
}

static bool ask(CleatRecord* record, const CleatImport* import) {
  CleatModules* modules = record->modules;
  CleatRuntime* runtime = modules->env->runtime;
  CleatLoad* load = calloc(1, sizeof(CleatLoad));
  if (load == NULL) {
    cleat_throw_range(modules->env, "out of memory");
    return false;
  }
  load->runtime = cleat__runtime_keep(runtime);
  atomic_init(&load->holders, 2);
  atomic_init(&load->answered, false);
  load->record = record;
  cleat__record_keep(record);
  record->load = load;
  pthread_mutex_lock(&runtime->mutex);
  load->next = modules->loads;
  load->link = &modules->loads;
  if (load->next != NULL) load->next->link = &load->next;
  modules->loads = load;
  pthread_mutex_unlock(&runtime->mutex);
  modules->env->operations++;
  modules->asking++;
  runtime->options.load(runtime->options.data, import, load);
  modules->asking--;
  return true;
}

bool cleat__record_load(CleatRecord* record, const CleatImport* import) {
  CleatEnv* env = record->modules->env;
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  const CleatModule* brought = find_brought(options, record->name);
  if (brought != NULL) return take_brought(record, brought);
  if (options->load != NULL) return ask(record, import);
  cleat__throw_import(env, record->name, record->importer,
                      options->module_count > 0 || options->resolve != NULL ? "there is no such module"
                                                                            : "this runtime has no modules");
  return false;
}
