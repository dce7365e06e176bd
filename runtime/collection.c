// Maplike and setlike interfaces: Web IDL 3.7.11 and 3.7.12. The entries are a Map or a Set that only the wrapper
// knows.
#include "class.h"
#include "message.h"

// Private properties of the wrapper: V8 must not be given the one for the other.
static const char kMapEntries[] = "entries of the map";
static const char kSetEntries[] = "entries of the set";

// What ECMAScript made for Maps and Sets, kept as private properties of the global object.
typedef struct Kept {
  const char* owner;
  const char* name;
  const char* key;
} Kept;
static const Kept kKept[] = {
    {"Map", "entries", "Map.entries"}, {"Map", "keys", "Map.keys"},     {"Map", "values", "Map.values"},
    {"Set", "entries", "Set.entries"}, {"Set", "values", "Set.values"},
};

static CleatValue* property(CleatEnv* env, CleatValue* object, const char* name) {
  return cleat__get(env->engine, object, cleat__interned(env->engine, name));
}

static bool keep(CleatEnv* env, const char* key, CleatValue* value) {
  return cleat__private_set(env->engine, cleat__global(env->engine), key, value);
}

static CleatValue* kept(CleatEnv* env, const char* key) {
  return cleat__private_get(env->engine, cleat__global(env->engine), key);
}

// The `next` of the iterators over `collection`, an empty Map or Set.
static bool keep_next(CleatEnv* env, CleatValue* collection, const char* entries, const char* key) {
  CleatValue* function = kept(env, entries);
  CleatValue* iterator = function == NULL ? NULL : cleat__call(env->engine, function, collection, 0, NULL);
  CleatValue* next = iterator == NULL ? NULL : property(env, iterator, "next");
  return next != NULL && keep(env, key, next);
}

bool cleat__collections_open(CleatEnv* env) {
  CleatEngine* engine = env->engine;
  for (size_t i = 0; i < sizeof(kKept) / sizeof(kKept[0]); i++) {
    bool is_map = kKept[i].owner[0] == 'M';
    CleatValue* prototype = cleat__prototype(engine, is_map ? cleat__new_map(engine) : cleat__new_set(engine));
    CleatValue* function = property(env, prototype, kKept[i].name);
    if (function == NULL || !keep(env, kKept[i].key, function)) return false;
  }
  return keep_next(env, cleat__new_map(engine), "Map.entries", "Map.next") &&
         keep_next(env, cleat__new_set(engine), "Set.entries", "Set.next");
}

// Returns the Map or Set of `object`, a wrapper; made on first use. [throws]
static CleatValue* entries_of(CleatEnv* env, const CleatCollection* type, CleatValue* object) {
  const char* key = type->slot != NULL ? type->slot : type->value != NULL ? kMapEntries : kSetEntries;
  CleatValue* entries = cleat__private_get(env->engine, object, key);
  if (entries != NULL && cleat__is_undefined(entries)) {
    entries = type->value != NULL ? cleat__new_map(env->engine) : cleat__new_set(env->engine);
    if (!cleat__private_set(env->engine, object, key, entries)) entries = NULL;
  }
  cleat__ran(env, entries != NULL);
  return entries;
}

// Checks `this`; NULL, having thrown, where it is wrong. Arguments that are not given are undefined: the standard makes
// these functions itself, and not as it makes operations.
static CleatValue* begin(CleatCall* call, const CleatCollection* type) {
  if (cleat_this(call, type->type) == NULL) return NULL;
  return entries_of(cleat_env(call), type, cleat__this(call));
}

// Converts argument `index` to its type in the IDL and back. NULL, having thrown, where it cannot be.
static CleatValue* converted(CleatCall* call, int index, CleatFrame* frame,
                             CleatValue* (*convert)(CleatEnv* env, const CleatInput* input)) {
  CleatEnv* env = cleat_enter(call, frame);
  CleatInput input = cleat_arg(call, index, frame);
  return convert(env, &input);
}

void cleat_collection_size(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries != NULL) cleat__return_double(call, (double)cleat__collection_size(entries));
}

void cleat_collection_get(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries == NULL) return;
  CLEAT_FRAME(frame);
  CleatValue* key = converted(call, 0, &frame, type->key);
  if (key == NULL) return;
  CleatEnv* env = cleat_env(call);
  CleatValue* value = cleat__map_get(env->engine, entries, key);
  if (cleat__ran(env, value != NULL)) cleat__return(call, value);
}

void cleat_collection_has(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries == NULL) return;
  CLEAT_FRAME(frame);
  CleatValue* key = converted(call, 0, &frame, type->key);
  bool has;
  if (key == NULL) return;
  CleatEnv* env = cleat_env(call);
  if (cleat__ran(env, cleat__collection_has(env->engine, entries, key, &has))) cleat__return_boolean(call, has);
}

static bool put(CleatEnv* env, CleatValue* entries, CleatValue* key, CleatValue* value) {
  if (value != NULL) return cleat__ran(env, cleat__map_put(env->engine, entries, key, value));
  return cleat__ran(env, cleat__set_add(env->engine, entries, key));
}

// `set` of a maplike, `add` of a setlike.
void cleat_collection_put(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries == NULL) return;
  CLEAT_FRAME(frame);
  CleatValue* key = converted(call, 0, &frame, type->key);
  if (key == NULL) return;
  CleatValue* value = type->value == NULL ? NULL : converted(call, 1, &frame, type->value);
  if (type->value != NULL && value == NULL) return;
  if (put(cleat_env(call), entries, key, value)) cleat__return(call, cleat__this(call));
}

void cleat_collection_delete(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries == NULL) return;
  CLEAT_FRAME(frame);
  CleatValue* key = converted(call, 0, &frame, type->key);
  bool had;
  if (key == NULL) return;
  CleatEnv* env = cleat_env(call);
  if (cleat__ran(env, cleat__collection_delete(env->engine, entries, key, &had))) cleat__return_boolean(call, had);
}

void cleat_collection_clear(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries != NULL) cleat__collection_clear(entries);
}

static CleatValue* iterator_over(CleatEnv* env, const CleatCollection* type, CleatValue* entries,
                                 CleatIteratorKind kind) {
  static const char* const kMap[] = {"Map.keys", "Map.values", "Map.entries"};
  static const char* const kSet[] = {"Set.values", "Set.values", "Set.entries"};
  CleatValue* function = kept(env, type->value != NULL ? kMap[kind] : kSet[kind]);
  CleatValue* iterator = function == NULL ? NULL : cleat__call(env->engine, function, entries, 0, NULL);
  cleat__ran(env, iterator != NULL);
  return iterator;
}

void cleat_collection_iterate(CleatCall* call, const CleatCollection* type, CleatIteratorKind kind) {
  CleatValue* entries = begin(call, type);
  if (entries != NULL) cleat_return(call, iterator_over(cleat_env(call), type, entries, kind));
}

// One step of forEach; false at the end, and where an exception is pending.
static bool step(CleatEnv* env, CleatCall* call, const CleatCallback* callback, CleatValue* iterator,
                 CleatValue* next) {
  CleatEngine* engine = env->engine;
  CleatValue* result = cleat__call(engine, next, iterator, 0, NULL);
  CleatValue* done = result == NULL ? NULL : property(env, result, "done");
  CleatValue* pair = done == NULL ? NULL : property(env, result, "value");
  if (!cleat__ran(env, pair != NULL) || cleat__boolean_value(engine, done)) return false;
  CleatValue* arguments[] = {cleat__get_index(engine, pair, 1), cleat__get_index(engine, pair, 0), cleat__this(call)};
  CleatInput output;
  if (!cleat__ran(env, arguments[0] != NULL && arguments[1] != NULL)) return false;
  return cleat_callback_call(env, callback, cleat__arg(call, 1), 3, arguments, &output);
}

void cleat_collection_for_each(CleatCall* call, const CleatCollection* type) {
  CleatValue* entries = begin(call, type);
  if (entries == NULL) return;
  CleatEnv* env = cleat_env(call);
  CleatInput input = cleat_arg(call, 0, NULL);
  CleatCallback callback;
  if (!cleat_input_callback(&input, &callback)) return;
  CleatValue* iterator = iterator_over(env, type, entries, CLEAT_ENTRIES);
  if (iterator == NULL) return;
  CleatValue* next = kept(env, type->value != NULL ? "Map.next" : "Set.next");
  if (!cleat__ran(env, next != NULL)) return;
  for (bool goes_on = true; goes_on;) {
    CleatScope scope;
    cleat__scope_open(env->engine, &scope);
    goes_on = step(env, call, &callback, iterator, next);
    cleat__scope_close(env->engine, &scope);
  }
}

// FROM C

static CleatValue* entries_of_native(CleatEnv* env, const CleatCollection* type, void* object) {
  CleatValue* wrapper = cleat_wrap(env, type->type, object);
  return wrapper == NULL ? NULL : entries_of(env, type, wrapper);
}

bool cleat_entry_put(CleatEnv* env, const CleatCollection* type, void* object, CleatValue* key, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  CleatValue* entries = entries_of_native(env, type, object);
  if (entries == NULL || key == NULL || (type->value != NULL && value == NULL)) return false;
  return put(env, entries, key, value);
}

bool cleat_entry_delete(CleatEnv* env, const CleatCollection* type, void* object, CleatValue* key) {
  CLEAT_CHECK_ENV(env);
  CleatValue* entries = entries_of_native(env, type, object);
  bool had = false;
  if (entries == NULL || key == NULL) return false;
  return cleat__ran(env, cleat__collection_delete(env->engine, entries, key, &had)) && had;
}

bool cleat_entries_clear(CleatEnv* env, const CleatCollection* type, void* object) {
  CLEAT_CHECK_ENV(env);
  CleatValue* entries = entries_of_native(env, type, object);
  if (entries != NULL) cleat__collection_clear(entries);
  return entries != NULL;
}
