// Graphs: a module that is imported is loaded with all that it imports, then linked, then evaluated. ECMAScript "Cyclic
// Module Records", LoadRequestedModules and ContinueDynamicImport; the map is the host's part of it.
#include <stdlib.h>
#include <string.h>

#include "module.h"

struct CleatGraph {
  CleatPending pending;  // the promise of the namespace
  int references;        // the list of promises, where it runs, and what waits for its evaluation
  CleatRecord* root;     // with a reference; NULL until it is found, and at the end
  CleatRecordSet visited;
  size_t next;                // of `visited`, to be looked at
  size_t waits;               // modules that are being loaded
  bool running;               // it is being advanced
  bool later;                 // it is evaluated in a microtask
  bool opening;               // inside of what asked for it
  CleatHandle* continuation;  // of what asked for it, whose time limit then holds; NULL for none
  bool ended;
  bool failed;
  CleatHandle* reason;  // why, then; NULL where memory was too short to keep it
  bool terminated;
  CleatGraph* next_in_list;  // of those that are loaded, or dropped
};

static void release(CleatGraph* graph) {
  if (--graph->references == 0) free(graph);
}

static CleatModules* modules_of(const CleatGraph* graph) { return graph->pending.env->modules; }

// ENDING

static void stop_waiting(CleatGraph* graph, CleatRecord* record) {
  for (size_t i = 0; i < record->waiting_count; i++) {
    if (record->waiting[i] == graph) record->waiting[i] = record->waiting[--record->waiting_count];
  }
}

static void end(CleatGraph* graph) {
  if (graph->ended) return;
  graph->ended = true;
  for (size_t i = 0; i < graph->visited.count; i++) stop_waiting(graph, graph->visited.list[i]);
  cleat__records_free(&graph->visited);
  cleat__handle_free(graph->reason);
  cleat__handle_free(graph->continuation);
  if (graph->root != NULL && graph->root->anonymous) {
    cleat__record_leave(graph->root);
  } else if (graph->root != NULL) {
    cleat__record_release(graph->root);
  }
  graph->root = NULL;
  release(graph);
}

static void on_closed(CleatPending* pending) { end((CleatGraph*)pending); }

static CleatValue* make_namespace(CleatEnv* env, void* data) {
  CleatGraph* graph = data;
  return cleat__module_namespace(env->engine, graph->root->code);
}

// Settles the promise with the namespace, or where it has failed with the reason. It may have ended with the runtime's
// closing, which settles its promise.
static void settle(CleatGraph* graph) {
  if (graph->ended) return;
  CleatEngine* engine = graph->pending.env->engine;
  CleatScope scope;
  cleat__scope_open(engine, &scope);
  if (!graph->failed) {
    cleat__pending_resolve(&graph->pending, make_namespace, graph);
  } else {
    cleat__pending_reject_with(&graph->pending,
                               graph->reason != NULL
                                   ? cleat__handle_value(engine, graph->reason)
                                   : cleat__new_error(engine, CLEAT_THROW_RANGE_ERROR, CLEAT_STRING("out of memory")));
  }
  cleat__scope_close(engine, &scope);
  end(graph);
}

static void fail_with(CleatGraph* graph, CleatValue* reason) {
  if (!graph->failed) graph->reason = cleat__handle_new(graph->pending.env->engine, reason);
  graph->failed = true;
}

// What was terminated has no result.
static void forget(CleatGraph* graph) {
  if (graph->ended) return;
  cleat__pending_forget(&graph->pending);
  cleat__pending_end(&graph->pending);
  end(graph);
}

// TRYING

typedef struct Attempt {
  CleatGraph* graph;
  void (*body)(CleatGraph* graph, void* data);
  void* data;
  void (*failed)(CleatGraph* graph, const CleatException* exception);  // may be NULL
} Attempt;

static void attempt_body(void* data) {
  Attempt* it = data;
  it->body(it->graph, it->data);
}

static void attempt_caught(void* data, const CleatException* exception) {
  Attempt* it = data;
  CleatEnv* env = it->graph->pending.env;
  env->pending = false;
  if (it->failed != NULL) it->failed(it->graph, exception);
  if (exception->terminated) {
    it->graph->terminated = true;
    env->pending = true;
  } else {
    fail_with(it->graph, exception->value);
  }
}

// Calls body(graph, data); what that throws is why the graph fails.
static void attempt(Attempt it) {
  it.graph->pending.env->pending = false;
  cleat__try(it.graph->pending.env->engine, attempt_body, attempt_caught, &it);
}

// FINDING WHAT IT IMPORTS

static bool is_json(CleatValue* type, CleatEnv* env) {
  return cleat__strict_equals(type, cleat__interned(env->engine, "json"));
}

// HTML "module type allowed", and ECMAScript AllImportAttributesSupported.
static bool check_type(CleatEnv* env, const CleatModuleRequest* request, const char* specifier,
                       const CleatImporter* importer) {
  CleatString text;
  if (request->unknown != NULL) {
    if (cleat_to_string(env, request->unknown, &text)) {
      cleat__throw_import(env, specifier, importer, "there is no import assertion '%s'", text.data);
    }
    return false;
  }
  if (request->type == NULL || is_json(request->type, env)) return true;
  if (cleat_to_string(env, request->type, &text)) {
    cleat__throw_import(env, specifier, importer, "there is no module type '%s'", text.data);
  }
  return false;
}

static CleatRecord* find_record(CleatEnv* env, const char* name, CleatImport* import, CleatImporter* importer) {
  CleatModules* modules = env->modules;
  CleatRecord* record = cleat__record_find(modules, name, import->json);
  if (record != NULL) {
    cleat__record_keep(record);
    return record;
  }
  record = cleat__record_new(modules, name, import->json, false, importer);
  if (record == NULL) return NULL;
  cleat__record_keep(record);
  import->specifier = (CleatString){record->name, strlen(record->name)};
  if (cleat__record_load(record, import)) return record;
  cleat__record_drop(record);
  cleat__record_release(record);
  return NULL;
}

CleatRecord* cleat__request_record(CleatEnv* env, const CleatModuleRequest* request, const char* importer_name,
                                   CleatImporter* importer_outer) {
  CleatImport import = {.line = request->line, .json = request->type != NULL && is_json(request->type, env)};
  CleatImporter* importer = NULL;
  if (!cleat_to_string(env, request->specifier, &import.specifier)) return NULL;
  if (importer_name != NULL) {
    import.importer = (CleatString){importer_name, strlen(importer_name)};
    importer = cleat__importer_new(importer_name, request->line, importer_outer);
    if (importer == NULL) {
      cleat_throw_range(env, "out of memory");
      return NULL;
    }
  }
  CleatRecord* record = NULL;
  if (check_type(env, request, import.specifier.data, importer)) {
    char* name = cleat__resolve_name(env, &import, importer);
    if (name != NULL) record = find_record(env, name, &import, importer);
    free(name);
  }
  cleat__importer_release(importer);
  return record;
}

static bool out_of_memory(CleatEnv* env) {
  cleat_throw_range(env, "out of memory");
  return false;
}

static bool visit(CleatGraph* graph, CleatRecord* record) {
  bool added;
  return cleat__records_add(&graph->visited, record, &added) || out_of_memory(graph->pending.env);
}

static bool wait_for(CleatGraph* graph, CleatRecord* record) {
  if (record->waiting_count == record->waiting_capacity) {
    size_t capacity = record->waiting_capacity == 0 ? 2 : record->waiting_capacity * 2;
    CleatGraph** waiting = realloc(record->waiting, capacity * sizeof(CleatGraph*));
    if (waiting == NULL) return out_of_memory(graph->pending.env);
    record->waiting = waiting;
    record->waiting_capacity = capacity;
  }
  record->waiting[record->waiting_count++] = graph;
  graph->waits++;
  return true;
}

// Makes sure that a request of `record` has its module. The host's functions may run in here, and import other graphs.
static bool link_request(CleatEnv* env, CleatRecord* record, size_t index) {
  CleatRecord* known = record->links[index];
  if (known != NULL && !known->dropped) return true;
  CleatModuleRequest request;
  cleat__module_request(env->engine, record->code, index, &request);
  CleatRecord* found = cleat__request_record(env, &request, record->name, record->importer);
  if (found == NULL) return false;
  // Another graph may have found it meanwhile; it stays as long as this one visits `record`.
  if (record->links[index] != NULL) cleat__record_release(record->links[index]);
  record->links[index] = found;
  return true;
}

static bool is_in_state(const CleatRecord* record, CleatModuleState state) {
  return record->code != NULL && cleat__module_state(record->modules->env->engine, record->code) == state;
}

static void visit_next(CleatGraph* graph, void* data) {
  (void)data;
  CleatEnv* env = graph->pending.env;
  CleatRecord* record = graph->visited.list[graph->next++];
  if (record->code == NULL) {
    if (record->load != NULL) {
      wait_for(graph, record);
    } else {
      cleat__throw_import(env, record->name, record->importer, "it could not be loaded");
    }
    return;
  }
  if (!is_in_state(record, CLEAT_MODULE_UNLINKED)) return;
  for (size_t i = 0; i < record->link_count; i++) {
    // The graph may have ended in a function of the host's.
    if (!link_request(env, record, i) || graph->ended || !visit(graph, record->links[i])) return;
  }
}

// LINKING

static CleatEngineModule* requested(void* data, size_t index) {
  CleatRecord* record = data;
  return record->links[index]->code;
}

static void link_graph(CleatGraph* graph, void* data) {
  (void)data;
  CleatEnv* env = graph->pending.env;
  if (is_in_state(graph->root, CLEAT_MODULE_UNLINKED))
    cleat__ran(env, cleat__module_link(env->engine, graph->root->code, requested));
}

// Tells who imported the module that the error is in.
static void tell_importers(CleatGraph* graph, const CleatException* exception) {
  CleatEnv* env = graph->pending.env;
  CleatString script;
  if (exception->script == NULL || !cleat_to_string(env, exception->script, &script)) return;
  for (size_t i = 0; i < graph->visited.count; i++) {
    const CleatRecord* record = graph->visited.list[i];
    if (strcmp(record->name, script.data) != 0) continue;
    cleat__tell_importers(env, exception->value, NULL, record->importer);
    return;
  }
}

// Nothing of the graph that has not run is kept: it is loaded again the next time, when the program may have mended it.
// But for what another graph has, too.
static void link_failed(CleatGraph* graph, const CleatException* exception) {
  CleatEnv* env = graph->pending.env;
  if (!exception->terminated) {
    tell_importers(graph, exception);
    cleat__mark_compile_error(env, exception->value);
  }
  for (size_t i = 0; i < graph->visited.count; i++) {
    CleatRecord* record = graph->visited.list[i];
    bool ran = !is_in_state(record, CLEAT_MODULE_UNLINKED) && !is_in_state(record, CLEAT_MODULE_LINKED);
    if (record->visits == 1 && !ran) cleat__record_drop(record);
  }
}

// EVALUATING

// Returns all that the root imports, directly or not. An empty set when memory is short.
static CleatRecordSet closure_of(CleatRecord* root) {
  CleatRecordSet set = {0};
  bool added;
  bool ok = cleat__records_add(&set, root, &added);
  for (size_t i = 0; ok && i < set.count; i++) {
    const CleatRecord* record = set.list[i];
    for (size_t k = 0; ok && k < record->link_count; k++) {
      ok = record->links[k] == NULL || cleat__records_add(&set, record->links[k], &added);
    }
  }
  if (!ok) cleat__records_free(&set);
  return set;
}

// V8 must not be asked to evaluate what is being evaluated further out: this is an evaluation inside of a native
// function that such a module has called.
static bool check_not_evaluating(CleatGraph* graph) {
  CleatEnv* env = graph->pending.env;
  if (env->modules->evaluating == 0) return true;
  CleatRecordSet set = closure_of(graph->root);
  if (set.count == 0) return out_of_memory(env);
  const CleatRecord* found = NULL;
  for (size_t i = 0; i < set.count && found == NULL; i++) {
    if (is_in_state(set.list[i], CLEAT_MODULE_EVALUATING)) found = set.list[i];
  }
  if (found != NULL) cleat__throw_import(env, found->name, found->importer, "it is being evaluated");
  cleat__records_free(&set);
  return found == NULL;
}

// V8 takes what was terminated for failed, with no error to tell.
static void evaluation_failed(CleatGraph* graph, const CleatException* exception) {
  if (!exception->terminated) return;
  CleatRecordSet set = closure_of(graph->root);
  for (size_t i = 0; i < set.count; i++) {
    if (is_in_state(set.list[i], CLEAT_MODULE_FAILED)) cleat__record_drop(set.list[i]);
  }
  cleat__records_free(&set);
}

static void on_evaluated(void* data, bool fulfilled, CleatValue* result) {
  CleatGraph* graph = data;
  graph->pending.env->pending = false;
  if (!graph->ended && !fulfilled) fail_with(graph, result);
  settle(graph);
  release(graph);
}

// In garbage collection, or as the engine closes.
static void on_dropped(void* data) {
  CleatGraph* graph = data;
  if (graph->ended) {
    release(graph);
    return;
  }
  graph->next_in_list = modules_of(graph)->dropped;
  modules_of(graph)->dropped = graph;
}

static void evaluate_graph(CleatGraph* graph, void* data) {
  CleatEnv* env = graph->pending.env;
  int* state = data;
  if (!check_not_evaluating(graph)) return;
  env->modules->evaluating++;
  CleatValue* promise = cleat__module_evaluate(env->engine, graph->root->code);
  env->modules->evaluating--;
  if (!cleat__ran(env, promise != NULL)) return;
  *state = cleat__promise_state(promise);
  if (*state == 0) {
    graph->references++;
    if (cleat__ran(env, cleat__promise_watch(env->engine, promise, on_evaluated, on_dropped, graph))) return;
    graph->references--;
    *state = 2;
  } else if (*state == 2) {
    CleatValue* reason = cleat__promise_result(env->engine, promise);
    cleat__rejected(env, promise, reason, true);  // handled here, of which V8 knows nothing
    cleat__promise_mark_handled(promise);
    fail_with(graph, reason);
  }
}

static void link_and_evaluate(CleatGraph* graph) {
  int state = 2;
  graph->references++;
  attempt((Attempt){graph, link_graph, NULL, link_failed});
  if (!graph->failed && !graph->terminated) {
    attempt((Attempt){graph, evaluate_graph, &state, evaluation_failed});
  }
  if (graph->terminated) {
    forget(graph);
  } else if (graph->failed || state == 1) {
    settle(graph);
  }
  release(graph);
}

// ADVANCING

static void evaluate_body(CleatEnv* env, void* graph) {
  (void)env;
  link_and_evaluate(graph);
}

static void evaluate_later(CleatGraph* graph) {
  cleat__continue(graph->pending.env, graph->continuation, evaluate_body, graph);
}

// A microtask. Termination forgets those that are queued; what they were for is done by the next one.
static void evaluate_loaded(void* data) {
  CleatEnv* env = data;
  CleatModules* modules = env->modules;
  CleatGraph* graph = modules->loaded;
  modules->loaded = NULL;
  CleatGraph* first = NULL;
  while (graph != NULL) {  // into the order in which they came
    CleatGraph* next = graph->next_in_list;
    graph->next_in_list = first;
    first = graph;
    graph = next;
  }
  while (first != NULL && !cleat__run_is_struck(env)) {
    graph = first;
    first = graph->next_in_list;
    if (!graph->ended) evaluate_later(graph);
    release(graph);
  }
  while (first != NULL) {
    graph = first;
    first = graph->next_in_list;
    graph->next_in_list = modules->loaded;
    modules->loaded = graph;
  }
}

static void loaded(CleatGraph* graph) {
  CleatModules* modules = modules_of(graph);
  if (!graph->later) {
    if (graph->opening) {
      link_and_evaluate(graph);
    } else {
      evaluate_later(graph);
    }
    return;
  }
  graph->references++;
  graph->next_in_list = modules->loaded;
  modules->loaded = graph;
  cleat__enqueue_callback(modules->env->engine, evaluate_loaded, modules->env);
}

static void advance(CleatGraph* graph) {
  if (graph->running || graph->ended) return;
  graph->references++;
  graph->running = true;
  while (!graph->ended && !graph->terminated && !graph->failed && graph->next < graph->visited.count) {
    attempt((Attempt){.graph = graph, .body = visit_next});
  }
  graph->running = false;
  if (graph->terminated) {
    forget(graph);
  } else if (graph->failed) {
    settle(graph);
  } else if (!graph->ended && graph->waits == 0) {
    loaded(graph);
  }
  release(graph);
}

void cleat__graphs_loaded(CleatRecord* record, CleatValue* reason) {
  CleatGraph** waiting = record->waiting;
  size_t count = record->waiting_count;
  record->waiting = NULL;
  record->waiting_count = record->waiting_capacity = 0;
  for (size_t i = 0; i < count; i++) waiting[i]->references++;
  for (size_t i = 0; i < count; i++) {
    CleatGraph* graph = waiting[i];
    if (!graph->ended) {
      graph->waits--;
      if (reason != NULL) {
        fail_with(graph, reason);
      } else if (!cleat__records_again(&graph->visited, record)) {
        fail_with(graph,
                  cleat__new_error(graph->pending.env->engine, CLEAT_THROW_RANGE_ERROR, CLEAT_STRING("out of memory")));
      }
      advance(graph);
    }
    release(graph);
  }
  free(waiting);
}

// BEGINNING

// Ends those that wait for promises which nothing can settle any more.
static void purge_dropped(CleatModules* modules) {
  while (modules->dropped != NULL) {
    CleatGraph* graph = modules->dropped;
    modules->dropped = graph->next_in_list;
    forget(graph);
    release(graph);
  }
}

CleatGraph* cleat__graph_open(CleatEnv* env, bool later, CleatValue** promise) {
  purge_dropped(env->modules);
  CleatGraph* graph = calloc(1, sizeof(CleatGraph));
  if (graph == NULL) {
    cleat_throw_range(env, "out of memory");
    return NULL;
  }
  graph->references = 1;
  graph->later = later;
  graph->continuation = cleat__continuation_keep(env);
  if (cleat__pending_open(&graph->pending, env, on_closed, promise)) {
    // Its loads are waited for; its evaluation is like any promise.
    cleat__pending_unawait(&graph->pending);
    return graph;
  }
  cleat__handle_free(graph->continuation);
  free(graph);
  return NULL;
}

typedef struct Finding {
  CleatRecord* (*find)(CleatEnv* env, void* data);
  void* data;
} Finding;

static void find_root(CleatGraph* graph, void* data) {
  const Finding* finding = data;
  graph->root = finding->find(graph->pending.env, finding->data);
  if (graph->root != NULL) visit(graph, graph->root);
}

void cleat__graph_import(CleatGraph* graph, CleatRecord* (*find)(CleatEnv* env, void* data), void* data) {
  CleatModules* modules = modules_of(graph);
  graph->references++;
  graph->opening = true;
  attempt((Attempt){.graph = graph, .body = find_root, .data = &(Finding){find, data}});
  advance(graph);
  cleat__loads_answered(modules);
  graph->opening = false;
  release(graph);
}

void cleat__graphs_close(CleatModules* modules) {
  purge_dropped(modules);
  while (modules->loaded != NULL) {
    CleatGraph* graph = modules->loaded;
    modules->loaded = graph->next_in_list;
    release(graph);
  }
}
