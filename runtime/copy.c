// cleat_to_data: copies a JavaScript value, with what it refers to, into nodes that need no runtime.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data_node.h"
#include "runtime.h"

// Far beyond what programs hand over, and below what would take a machine's memory.
#define MOST_BYTES ((size_t)1 << 30)
#define MOST_LEVELS 1000000

// The options' limits, or those.
static size_t most_bytes(const CleatEnv* env) {
  size_t most = cleat__runtime_options(env->runtime)->copy_bytes;
  return most != 0 ? most : MOST_BYTES;
}

static size_t most_levels(const CleatEnv* env) {
  size_t most = cleat__runtime_options(env->runtime)->copy_depth;
  return most != 0 ? most : MOST_LEVELS;
}

// A container that is being copied. There is no recursion: nested data may be deeper than the stack.
typedef struct Level {
  CleatData* node;
  CleatValue* parts;  // the array, the object, the entries of a Map or a Set, the aggregated errors, or NULL for none
  CleatValue* keys;   // of an object
  uint32_t index;     // of the part that is being copied
  uint32_t length;
} Level;

// An object that has been copied, for the next time it is met.
typedef struct Seen {
  CleatValue* value;  // NULL in an empty slot
  CleatData* node;
} Seen;

typedef struct Copier {
  CleatEnv* env;
  CleatEngine* engine;
  const char* root;   // what the path begins with
  CleatData* graph;   // the node that all others belong to
  CleatData* hole;    // one for all
  CleatValue* owner;  // the object whose property is being copied, or NULL
  size_t bytes;
  Level* levels;
  size_t depth;
  size_t level_capacity;
  Seen* seen;  // open addressing
  size_t seen_count;
  size_t seen_capacity;  // a power of two
} Copier;

// PATHS

static bool is_identifier(const char* text) {
  for (size_t i = 0; text[i] != 0; i++) {
    char c = text[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
  }
  return text[0] != 0;
}

static void print_key(FILE* out, Copier* copier, const Level* level) {
  CleatValue* key = cleat__get_index(copier->engine, level->keys, level->index);
  size_t length = key != NULL ? cleat__string_wtf8_length(copier->engine, key) : 0;
  char* text = calloc(length + 1, 1);
  if (text == NULL) return;
  if (key != NULL) cleat__string_write_wtf8(copier->engine, key, text, true);
  fprintf(out, is_identifier(text) ? ".%.100s" : "[\"%.100s\"]", text);
  free(text);
}

static void print_step(FILE* out, Copier* copier, const Level* level) {
  switch (level->node->kind) {
    case CLEAT_DATA_OBJECT:
      print_key(out, copier, level);
      break;
    case CLEAT_DATA_MAP:
      fprintf(out, ".<%s %u>", level->index % 2 == 0 ? "key" : "value", level->index / 2);
      break;
    case CLEAT_DATA_SET:
      fprintf(out, ".<value %u>", level->index);
      break;
    case CLEAT_DATA_ERROR:
      if (level->index == 0) {
        fputs(".cause", out);
      } else {
        fprintf(out, ".errors[%u]", level->index - 1);
      }
      break;
    default:
      fprintf(out, "[%u]", level->index);
  }
}

// The most steps of a path that are printed, at each of its ends.
#define STEPS_SHOWN 16

// Throws an error whose message begins with the path to what is being copied.
static void* fail(Copier* copier, CleatThrowKind kind, const char* problem) {
  char* path = NULL;
  size_t length;
  FILE* out = open_memstream(&path, &length);
  if (out != NULL) {
    fputs(copier->root, out);
    for (size_t i = 0; i < copier->depth; i++) {
      if (i == STEPS_SHOWN && copier->depth > 2 * STEPS_SHOWN) {
        fputs("...", out);
        i = copier->depth - STEPS_SHOWN;
      }
      print_step(out, copier, &copier->levels[i]);
    }
    fclose(out);
  }
  cleat_throw(copier->env, kind, "%s %s", path != NULL ? path : copier->root, problem);
  free(path);
  return NULL;
}

static void* fail_memory(Copier* copier) {
  return fail(copier, CLEAT_THROW_RANGE_ERROR, "cannot be copied: out of memory");
}

static void* fail_type(Copier* copier, const char* what) {
  char problem[200];
  snprintf(problem, sizeof(problem), "cannot be copied: it is %s", what);
  return fail(copier, CLEAT_THROW_TYPE_ERROR, problem);
}

// NODES

// Makes `node` (NULL: memory is short) part of the graph.
static CleatData* adopt(Copier* copier, CleatData* node) {
  if (node == NULL) return fail_memory(copier);
  if (copier->graph == NULL) {
    copier->graph = node;
  } else {
    cleat__data_adopt(copier->graph, node);
  }
  return node;
}

// Counts `size` more bytes; false, and an error, where they are too many.
static bool count_bytes(Copier* copier, size_t size) {
  copier->bytes += size;
  size_t most = most_bytes(copier->env);
  if (copier->bytes <= most && size <= most) return true;
  char problem[100];
  snprintf(problem, sizeof(problem), "cannot be copied: the copy is larger than %zu bytes", most);
  fail(copier, CLEAT_THROW_RANGE_ERROR, problem);
  return false;
}

static CleatData* copy_string(Copier* copier, CleatValue* string, CleatDataKind kind) {
  size_t length = cleat__string_wtf8_length(copier->engine, string);
  if (!count_bytes(copier, length + sizeof(CleatData))) return NULL;
  CleatData* node = adopt(copier, cleat__data_node(kind, NULL, length, 1));
  if (node == NULL) return NULL;
  cleat__string_write_wtf8(copier->engine, string, node->payload, false);
  ((char*)node->payload)[length] = 0;
  return node;
}

static CleatData* copy_bigint(Copier* copier, CleatValue* bigint) {
  bool negative;
  size_t count = cleat__bigint_words(bigint, &negative, NULL, 0);
  if (!count_bytes(copier, count * sizeof(uint64_t) + sizeof(CleatData))) return NULL;
  CleatData* node = adopt(copier, cleat__data_node(CLEAT_DATA_BIGINT, NULL, count, sizeof(uint64_t)));
  if (node == NULL) return NULL;
  cleat__bigint_words(bigint, &negative, node->payload, count);
  node->flag = negative;
  return node;
}

static CleatData* copy_bytes(Copier* copier, CleatValue* value) {
  size_t length;
  CleatBytesKind kind = CLEAT_BYTES_ARRAY_BUFFER;
  const uint8_t* bytes = cleat__bytes(copier->engine, value, &length, &kind);
  if (!count_bytes(copier, length + sizeof(CleatData))) return NULL;
  return adopt(copier, cleat_data_new_bytes(kind, bytes, length));
}

// False when memory is short, and, with an error, where the copy would be too large.
static bool copy_text(Copier* copier, CleatString* out, CleatValue* string) {
  if (string == NULL || cleat__type(string) != CLEAT_TYPE_STRING) return cleat__data_text(out, "", 0);
  size_t length = cleat__string_wtf8_length(copier->engine, string);
  char* text = count_bytes(copier, length + 1) ? malloc(length + 1) : NULL;
  if (text == NULL) return false;
  cleat__string_write_wtf8(copier->engine, string, text, false);
  text[length] = 0;
  *out = (CleatString){text, length};
  return true;
}

static CleatData* copy_date(Copier* copier, CleatValue* date) {
  if (!count_bytes(copier, sizeof(CleatData))) return NULL;
  return adopt(copier, cleat_data_new_date(cleat__date_value(date)));
}

static CleatData* copy_regexp(Copier* copier, CleatValue* regexp) {
  char flags[16];
  CleatValue* source = cleat__regexp_source(copier->engine, regexp, flags);
  CleatData* node = copy_string(copier, source, CLEAT_DATA_REGEXP);
  if (node == NULL) return NULL;
  node->texts = calloc(1, sizeof(CleatDataTexts));
  if (node->texts == NULL || !cleat__data_text(&node->texts->name, flags, strlen(flags))) return fail_memory(copier);
  return node;
}

// OBJECTS SEEN BEFORE

static Seen* slot_of(Copier* copier, CleatValue* value) {
  size_t mask = copier->seen_capacity - 1;
  size_t i = (size_t)cleat__identity_hash(value) * 0x9E3779B97F4A7C15 >> 20 & mask;
  while (copier->seen[i].value != NULL && !cleat__strict_equals(copier->seen[i].value, value)) i = (i + 1) & mask;
  return &copier->seen[i];
}

static bool grow_seen(Copier* copier) {
  Seen* old = copier->seen;
  size_t old_capacity = copier->seen_capacity;
  size_t capacity = old_capacity == 0 ? 16 : old_capacity * 2;
  Seen* grown = calloc(capacity, sizeof(Seen));
  if (grown == NULL) return false;
  copier->seen = grown;
  copier->seen_capacity = capacity;
  for (size_t i = 0; i < old_capacity; i++) {
    if (old[i].value != NULL) *slot_of(copier, old[i].value) = old[i];
  }
  free(old);
  return true;
}

// Returns where `value` is or is to be noted; NULL, and an error, when memory is short.
static Seen* find_seen(Copier* copier, CleatValue* value) {
  if (2 * copier->seen_count >= copier->seen_capacity && !grow_seen(copier)) return fail_memory(copier);
  return slot_of(copier, value);
}

// CONTAINERS

// Goes down into `node`: its parts are copied next.
static CleatData* enter(Copier* copier, CleatData* node, CleatValue* parts, CleatValue* keys, uint32_t length) {
  if (copier->depth >= most_levels(copier->env)) {
    return fail(copier, CLEAT_THROW_RANGE_ERROR, "cannot be copied: it is nested too deeply");
  }
  if (copier->depth == copier->level_capacity) {
    size_t capacity = copier->level_capacity == 0 ? 16 : copier->level_capacity * 2;
    Level* levels = realloc(copier->levels, capacity * sizeof(Level));
    if (levels == NULL) return fail_memory(copier);
    copier->levels = levels;
    copier->level_capacity = capacity;
  }
  copier->levels[copier->depth++] = (Level){node, parts, keys, 0, length};
  return node;
}

static CleatData* new_container(Copier* copier, CleatDataKind kind) {
  if (!count_bytes(copier, sizeof(CleatData))) return NULL;
  return adopt(copier, cleat__data_node(kind, NULL, 0, 1));
}

static CleatData* enter_array(Copier* copier, CleatValue* array) {
  CleatData* node = new_container(copier, CLEAT_DATA_ARRAY);
  return node != NULL ? enter(copier, node, array, NULL, cleat__array_length(array)) : NULL;
}

static CleatData* enter_entries(Copier* copier, CleatValue* value, CleatDataKind kind) {
  CleatData* node = new_container(copier, kind);
  CleatValue* entries = node != NULL ? cleat__entries(copier->engine, value) : NULL;
  return entries != NULL ? enter(copier, node, entries, NULL, cleat__array_length(entries)) : NULL;
}

static CleatData* enter_object(Copier* copier, CleatValue* object) {
  CleatData* node = new_container(copier, CLEAT_DATA_OBJECT);
  if (node == NULL) return NULL;
  CleatValue* keys = cleat__own_keys(copier->engine, object);
  if (!cleat__ran(copier->env, keys != NULL)) return NULL;
  return enter(copier, node, object, keys, cleat__array_length(keys));
}

// What a script has put in the way of reading a stack may have called native functions that threw, which nobody sees.
static CleatValue* own_data(Copier* copier, CleatValue* object, const char* key) {
  CleatValue* value = cleat__get_own_data(copier->engine, object, cleat__interned(copier->engine, key));
  copier->env->pending = false;
  return value;
}

// An Error's parts are its cause, and then its aggregated errors.
static CleatData* enter_error(Copier* copier, CleatValue* error) {
  CleatData* node = new_container(copier, CLEAT_DATA_ERROR);
  if (node == NULL) return NULL;
  node->texts = calloc(1, sizeof(CleatDataTexts));
  CleatDataTexts* texts = node->texts;
  if (texts == NULL || !copy_text(copier, &texts->name, cleat__constructor_name(copier->engine, error)) ||
      !copy_text(copier, &texts->message, own_data(copier, error, "message")) ||
      !copy_text(copier, &texts->stack, own_data(copier, error, "stack"))) {
    return fail_memory(copier);
  }
  CleatValue* errors = own_data(copier, error, "errors");
  if (errors != NULL && !cleat__is_array(errors)) errors = NULL;
  return enter(copier, node, error, errors, 1 + (errors != NULL ? cleat__array_length(errors) : 0));
}

// Not one for all places it is met at: the object that it is read from goes with it.
static CleatData* copy_function(Copier* copier, CleatValue* function) {
  if (!count_bytes(copier, sizeof(CleatData) + sizeof(CleatFunctionHandle))) return NULL;
  CleatData* node = adopt(copier, cleat__data_node(CLEAT_DATA_FUNCTION, NULL, 0, 1));
  if (node == NULL) return NULL;
  node->texts = calloc(1, sizeof(CleatDataTexts));
  if (node->texts == NULL || !copy_text(copier, &node->texts->name, own_data(copier, function, "name"))) {
    return fail_memory(copier);
  }
  node->function = cleat__function_new(copier->env, function, copier->owner, node->texts->name);
  return node->function != NULL ? node : fail_memory(copier);
}

// Whether it has a method Symbol.asyncIterator, as far as that can be told without running JavaScript.
static bool is_async_iterable(Copier* copier, CleatValue* object) {
  CleatValue* symbol = cleat__symbol_async_iterator(copier->engine);
  CleatValue* method = cleat__lookup_data(copier->engine, object, symbol);
  return method != NULL && cleat__is_function(method);
}

static CleatData* copy_async_iterable(Copier* copier, CleatValue* object) {
  if (!count_bytes(copier, sizeof(CleatData) + sizeof(CleatFunctionHandle))) return NULL;
  CleatData* node = adopt(copier, cleat__data_node(CLEAT_DATA_ASYNC_ITERABLE, NULL, 0, 1));
  if (node == NULL) return NULL;
  node->function = cleat__function_new(copier->env, object, NULL, CLEAT_STRING("async iterable"));
  return node->function != NULL ? node : fail_memory(copier);
}

// Says what kind of object it is that cannot be copied; NULL for one that can.
static const char* uncopyable(CleatValue* object) {
  if (cleat__is_promise(object)) return "a promise";
  if (cleat__native(object) != NULL) return "a native object";
  const char* weak = cleat__weak_kind(object);
  if (weak == NULL) return NULL;
  return strcmp(weak, "WeakMap") == 0 ? "a WeakMap" : strcmp(weak, "WeakSet") == 0 ? "a WeakSet" : "a WeakRef";
}

static CleatData* copy_new_object(Copier* copier, CleatValue* value) {
  if (cleat__is_array(value)) return enter_array(copier, value);
  if (cleat__is_map(value)) return enter_entries(copier, value, CLEAT_DATA_MAP);
  if (cleat__is_set(value)) return enter_entries(copier, value, CLEAT_DATA_SET);
  if (cleat__is_error(value)) return enter_error(copier, value);
  if (cleat__is_date(value)) return copy_date(copier, value);
  if (cleat__is_regexp(value)) return copy_regexp(copier, value);
  if (cleat__is_array_buffer(value) || cleat__is_shared_array_buffer(value) || cleat__is_view(value)) {
    return copy_bytes(copier, value);
  }
  if (is_async_iterable(copier, value)) return copy_async_iterable(copier, value);
  const char* what = uncopyable(value);
  return what != NULL ? fail_type(copier, what) : enter_object(copier, value);
}

static CleatData* copy_object(Copier* copier, CleatValue* value) {
  if (cleat__is_function(value)) return copy_function(copier, value);
  Seen* seen = find_seen(copier, value);
  if (seen == NULL) return NULL;
  if (seen->value != NULL) return seen->node;
  CleatData* node = copy_new_object(copier, value);
  if (node == NULL) return NULL;
  // Looked for again: V8 may have given the value its hash only now, and getters may have run.
  *slot_of(copier, value) = (Seen){value, node};
  copier->seen_count++;
  return node;
}

// Returns the node of `value`, whose parts, where it has any, follow; NULL, and an error, where it has none.
static CleatData* copy(Copier* copier, CleatValue* value) {
  CleatType type = cleat__type(value);
  if (type == CLEAT_TYPE_OBJECT) return copy_object(copier, value);
  if (type == CLEAT_TYPE_STRING) return copy_string(copier, value, CLEAT_DATA_STRING);
  if (type == CLEAT_TYPE_BIGINT) return copy_bigint(copier, value);
  if (type == CLEAT_TYPE_SYMBOL) return fail_type(copier, "a symbol");
  if (!count_bytes(copier, sizeof(CleatData))) return NULL;
  switch (type) {
    case CLEAT_TYPE_NULL:
      return adopt(copier, cleat_data_new_null());
    case CLEAT_TYPE_BOOLEAN:
      return adopt(copier, cleat_data_new_boolean(cleat__boolean_value(copier->engine, value)));
    case CLEAT_TYPE_NUMBER:
      return adopt(copier, cleat_data_new_number(cleat__number_value(value)));
    default:
      return adopt(copier, cleat_data_new_undefined());
  }
}

// PARTS

static bool append(Copier* copier, CleatData* container, CleatData* node) {
  if (node == NULL) return false;
  if (!count_bytes(copier, sizeof(CleatData*))) return false;
  if (cleat__data_append(container, node)) return true;
  fail_memory(copier);
  return false;
}

// One node serves for all holes of a copy.
static CleatData* hole(Copier* copier) {
  if (copier->hole == NULL) copier->hole = adopt(copier, cleat__data_node(CLEAT_DATA_HOLE, NULL, 0, 1));
  return copier->hole;
}

static bool copy_element(Copier* copier, const Level* level) {
  CleatEngine* engine = copier->engine;
  CleatData* node = level->node;
  CleatValue* value = cleat__get_index(engine, level->parts, level->index);
  if (!cleat__ran(copier->env, value != NULL)) return false;
  if (node->kind == CLEAT_DATA_ARRAY && cleat__is_undefined(value)) {
    bool present;
    bool known = cleat__has(engine, level->parts, cleat__number(engine, level->index), &present);
    if (!cleat__ran(copier->env, known)) return false;
    if (!present) return append(copier, node, hole(copier));
  }
  return append(copier, node, copy(copier, value));
}

static bool copy_property(Copier* copier, const Level* level) {
  CleatEngine* engine = copier->engine;
  CleatData* node = level->node;
  CleatValue* object = level->parts;
  CleatValue* key = cleat__get_index(engine, level->keys, level->index);
  if (!cleat__ran(copier->env, key != NULL)) return false;
  CleatValue* value = cleat__get(engine, object, key);
  if (!cleat__ran(copier->env, value != NULL)) return false;
  if (!append(copier, node, copy_string(copier, key, CLEAT_DATA_STRING))) return false;
  copier->owner = object;
  CleatData* copied = copy(copier, value);
  copier->owner = NULL;
  return append(copier, node, copied);
}

static bool copy_error_part(Copier* copier, const Level* level) {
  CleatData* node = level->node;
  if (level->index > 0) {
    CleatValue* value = cleat__get_index(copier->engine, level->keys, level->index - 1);
    return cleat__ran(copier->env, value != NULL) && append(copier, node, copy(copier, value));
  }
  CleatValue* cause = own_data(copier, level->parts, "cause");
  if (cause == NULL) return true;
  node->texts->cause = copy(copier, cause);
  return node->texts->cause != NULL;
}

static bool copy_part(Copier* copier, const Level* level) {
  switch (level->node->kind) {
    case CLEAT_DATA_OBJECT:
      return copy_property(copier, level);
    case CLEAT_DATA_ERROR:
      return copy_error_part(copier, level);
    default:
      return copy_element(copier, level);
  }
}

// Returns whether the run was struck, and leaves that with V8 then: copying without getters never enters JavaScript,
// where it would be noticed.
static bool is_struck(Copier* copier) {
  return cleat__run_is_struck(copier->env) && cleat__run_script(copier->engine, "", 0, "", 1, NULL) == NULL;
}

static bool copy_all(Copier* copier, CleatValue* value) {
  if (copy(copier, value) == NULL) return false;
  while (copier->depth > 0) {
    if (is_struck(copier)) return false;
    size_t top = copier->depth - 1;
    // A copy, because the levels may move.
    Level level = copier->levels[top];
    if (level.index == level.length) {
      copier->depth--;
      if (top > 0) copier->levels[top - 1].index++;
      continue;
    }
    if (!copy_part(copier, &level)) return false;
    // The index stays, for the path, until what it has led into is done.
    if (copier->depth == top + 1) copier->levels[top].index++;
  }
  return true;
}

CleatData* cleat__to_data(CleatEnv* env, CleatValue* value, const char* root) {
  Copier copier = {.env = env, .engine = env->engine, .root = root};
  CleatScope scope;
  cleat__scope_open(env->engine, &scope);
  bool copied = copy_all(&copier, value);
  cleat__scope_close(env->engine, &scope);
  free(copier.levels);
  free(copier.seen);
  if (copied) return copier.graph;
  env->pending = true;
  cleat_data_free(copier.graph);
  return NULL;
}
