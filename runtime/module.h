// Modules from the inside: records, the graphs of those that are being imported, and loads. All on the JavaScript
// thread, but where said.
#ifndef CLEAT_RUNTIME_MODULE_H_
#define CLEAT_RUNTIME_MODULE_H_

#include "code_cache.h"
#include "promise.h"
#include "runtime.h"

typedef struct CleatRecord CleatRecord;
typedef struct CleatGraph CleatGraph;

// Where a module was first asked for, and where that which asked was. Shared and counted.
typedef struct CleatImporter {
  size_t references;
  struct CleatImporter* outer;  // NULL where the host asked for it
  char place[];                 // "a.js:3"
} CleatImporter;

// A module: one of the map, or one that was evaluated from its source, which nothing can import.
struct CleatRecord {
  CleatModules* modules;
  size_t references;
  char* name;
  bool json;
  CleatImporter* importer;  // NULL for none
  CleatLoad* load;          // that has not been answered, or NULL
  CleatHandle* value;       // of one of JSON
  const CleatBindings* bindings;
  CleatEngineModule* code;  // NULL until it is loaded
  CleatCached cached;       // what a code cache of it is of
  CleatCacheUse cache_use;  // what became of the one it was loaded with
  CleatRecord** links;      // what its requests stand for, NULL where that is not known yet
  size_t link_count;
  bool dropped;          // it is in the map no more, or never was: who links to it asks again
  bool anonymous;        // evaluated from its source: never in the map
  size_t visits;         // sets that it is in
  CleatGraph** waiting;  // what waits for it to be loaded
  size_t waiting_count;
  size_t waiting_capacity;
  CleatRecord* next;          // in its bucket of the map, or of the anonymous ones
  CleatRecord** link;         // of an anonymous one: what points to it there
  CleatRecord* next_garbage;  // found unreachable in garbage collection
};

// Records, each once, in order.
typedef struct CleatRecordSet {
  CleatRecord** list;
  size_t count;
  size_t capacity;
  CleatRecord** slots;  // open addressing
  size_t slot_count;    // a power of two, or 0
  size_t used;
} CleatRecordSet;

// What an environment has of modules; CleatEnv.modules.
struct CleatModules {
  CleatEnv* env;
  CleatRecord** buckets;
  size_t bucket_count;  // a power of two, or 0
  size_t record_count;
  CleatRecord* anonymous;
  CleatRecord* garbage;
  CleatGraph* loaded;   // those to be linked and evaluated in a microtask
  CleatGraph* dropped;  // those whose promise will never settle
  int evaluating;       // evaluations on the stack
  int asking;           // calls of the host's `load` on the stack
  CleatLoad* answered;  // in such a call: to be dealt with after it, the last one first
  CleatLoad* loads;     // not answered yet; under the runtime's mutex
};

// RECORDS. module_map.c.

// Returns a new importer, NULL when memory is short (nothing is thrown); and counts.
CleatImporter* cleat__importer_new(const char* name, uint32_t line, CleatImporter* outer);
CleatImporter* cleat__importer_keep(CleatImporter* importer);
void cleat__importer_release(CleatImporter* importer);

// Returns " (imported by a.js:3, b.js:1)", owned (free); "" for none, NULL when memory is short.
char* cleat__importer_text(const CleatImporter* importer);

// Returns the module of the map, or NULL.
CleatRecord* cleat__record_find(CleatModules* modules, const char* name, bool json);

// Returns a new one, with a reference for its owner: the map, unless it is `anonymous`. [throws]
CleatRecord* cleat__record_new(CleatModules* modules, const char* name, bool json, bool anonymous,
                               CleatImporter* importer);
void cleat__record_keep(CleatRecord* record);
void cleat__record_release(CleatRecord* record);

// Takes one that is not linked out of the map. What its requests stand for it forgets once it is in no set any more.
void cleat__record_drop(CleatRecord* record);

// Gives up one that was evaluated from its source, as soon as V8 does.
void cleat__record_leave(CleatRecord* record);

// Notes that its code is there now. [throws]
bool cleat__record_set_code(CleatRecord* record, CleatEngineModule* code);

// Frees what was found unreachable; and all of the map.
void cleat__records_purge(CleatModules* modules);
void cleat__records_close(CleatModules* modules);

// Adds a record, with a reference; stores whether it is new. False when memory is short.
bool cleat__records_add(CleatRecordSet* set, CleatRecord* record, bool* added);
bool cleat__records_again(CleatRecordSet* set, CleatRecord* record);  // to the list only
void cleat__records_free(CleatRecordSet* set);

// RESOLVING. module_resolve.c.

// Returns the name that a specifier stands for, owned (free). [throws]
char* cleat__resolve_name(CleatEnv* env, const CleatImport* import, const CleatImporter* importer);

// Adds who imported it to the message of an error that V8 has made, and, where that is not NULL, what it is of.
void cleat__tell_importers(CleatEnv* env, CleatValue* error, const char* name, const CleatImporter* importer);

// Throws a TypeError "Cannot import 'NAME': WHY (imported by ...)".
void cleat__throw_import(CleatEnv* env, const char* name, const CleatImporter* importer, const char* format, ...)
    CLEAT_PRINTF(4, 5);

// LOADING. module_load.c.

// Gives a new record its code, or begins to load it. [throws]
bool cleat__record_load(CleatRecord* record, const CleatImport* import);

// Compiles a record's source, whose first line has the number `line`, with a code cache (NULL: none), of which none is
// made; or its JSON. [throws]
bool cleat__record_compile(CleatRecord* record, const char* source, size_t length, uint32_t line,
                           CleatCodeCache* cache);

// Makes a code cache of a record that has code, where `cache` wants one.
void cleat__record_cache(CleatRecord* record, CleatCodeCache* cache);

// Returns the name of a module that is being loaded, the one begun last; NULL for none. Under the runtime's mutex, or
// on the JavaScript thread.
const char* cleat__load_pending(const CleatRuntime* runtime);

// Deals with what was answered inside of the host's `load`.
void cleat__loads_answered(CleatModules* modules);

// Lets go of all loads that are not answered. As the runtime closes.
void cleat__loads_close(CleatModules* modules);

// Makes the code of a record of bindings, or of JSON. module_synthetic.c. [throws]
bool cleat__record_synthesize(CleatRecord* record);

// GRAPHS: a module with all that it imports, on its way to being evaluated. module_graph.c.

// Opens one, and stores the promise of the namespace. Where `later`, it is evaluated in a microtask. [throws]
CleatGraph* cleat__graph_open(CleatEnv* env, bool later, CleatValue** promise);

// Imports what find(env, data) returns, a record with a reference, or fails with what that throws.
void cleat__graph_import(CleatGraph* graph, CleatRecord* (*find)(CleatEnv* env, void* data), void* data);

// Tells what waits for `record` that it is loaded, or, where `reason` is not NULL, why it is not.
void cleat__graphs_loaded(CleatRecord* record, CleatValue* reason);

// Lets go of those that will not be evaluated. As the runtime closes.
void cleat__graphs_close(CleatModules* modules);

// Returns the record that a request stands for, its load begun, with a reference. [throws]
CleatRecord* cleat__request_record(CleatEnv* env, const CleatModuleRequest* request, const char* importer_name,
                                   CleatImporter* importer_outer);

// THE WAYS IN. module_import.c.

// Evaluates a module from its source, or imports one whose specifier that is; returns the promise of its namespace.
// [js]
CleatValue* cleat__evaluate_module(CleatEnv* env, const CleatSource* source);
CleatValue* cleat__import(CleatEnv* env, const CleatSource* source);

// Marks an error of V8's compiler, and returns whether `reason` is one that was.
void cleat__mark_compile_error(CleatEnv* env, CleatValue* error);
bool cleat__is_compile_error(CleatEnv* env, CleatValue* reason);

#endif  // CLEAT_RUNTIME_MODULE_H_
