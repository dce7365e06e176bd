// cleat_from_data: makes a JavaScript value of a copy.
#include <stdlib.h>
#include <string.h>

#include "data_node.h"
#include "env.h"

// A container that is being filled. There is no recursion: nested data may be deeper than the stack.
typedef struct Level {
  const CleatData* node;
  CleatValue* value;
  CleatValue* errors;  // the array of an Error's aggregated errors, or NULL
  size_t index;        // of the node's list
  CleatValue* key;     // of the entry whose value comes next, or NULL
} Level;

// A node and the object that was made of it, so that what was shared is shared again.
typedef struct Made {
  const CleatData* node;  // NULL in an empty slot
  CleatValue* value;
} Made;

typedef struct Builder {
  CleatEnv* env;
  CleatEngine* engine;
  Level* levels;
  size_t depth;
  size_t level_capacity;
  Made* made;  // open addressing
  size_t made_count;
  size_t made_capacity;  // a power of two
} Builder;

static void* fail_memory(Builder* builder) {
  cleat_throw_range(builder->env, "out of memory");
  return NULL;
}

// OBJECTS MADE BEFORE

static Made* slot_of(const Builder* builder, const CleatData* node) {
  size_t mask = builder->made_capacity - 1;
  size_t i = ((uintptr_t)node >> 4) * 0x9E3779B97F4A7C15 >> 20 & mask;
  while (builder->made[i].node != NULL && builder->made[i].node != node) i = (i + 1) & mask;
  return &builder->made[i];
}

static bool grow_made(Builder* builder) {
  Made* old = builder->made;
  size_t old_capacity = builder->made_capacity;
  size_t capacity = old_capacity == 0 ? 16 : old_capacity * 2;
  Made* grown = calloc(capacity, sizeof(Made));
  if (grown == NULL) return false;
  builder->made = grown;
  builder->made_capacity = capacity;
  for (size_t i = 0; i < old_capacity; i++) {
    if (old[i].node != NULL) *slot_of(builder, old[i].node) = old[i];
  }
  free(old);
  return true;
}

// MAKING

static CleatValue* make_string(Builder* builder, CleatString string) {
  return cleat__string_wtf8(builder->engine, string.data, string.length);
}

static CleatValue* make_bytes(Builder* builder, const CleatData* node) {
  CleatValue* buffer = cleat__array_buffer(builder->engine, node->payload, node->length);
  if (buffer == NULL || node->bytes_kind == CLEAT_BYTES_ARRAY_BUFFER) return buffer;
  return cleat__view(builder->engine, node->bytes_kind, buffer, 0, node->length);
}

static CleatValue* make_regexp(Builder* builder, const CleatData* node) {
  CleatValue* source = make_string(builder, cleat_data_string(node));
  return source != NULL ? cleat__regexp(builder->engine, source, node->texts->name.data) : NULL;
}

static bool define(Builder* builder, CleatValue* object, const char* key, CleatValue* value) {
  CleatValue* name = cleat__interned(builder->engine, key);
  return value != NULL && cleat__define(builder->engine, object, name, value, CLEAT_DONT_ENUM);
}

// The kinds of errors that can be made as they were; others become an Error with a name of its own.
static bool throw_kind_of(CleatString name, CleatThrowKind* kind) {
  static const char* const names[] = {"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if (strcmp(name.data, names[i]) == 0) {
      *kind = (CleatThrowKind)i;
      return true;
    }
  }
  return false;
}

static CleatValue* make_error(Builder* builder, const CleatData* node) {
  const CleatDataTexts* texts = node->texts;
  CleatThrowKind kind = CLEAT_THROW_ERROR;
  bool known = throw_kind_of(texts->name, &kind);
  CleatValue* error = cleat__new_error(builder->engine, kind, texts->message);
  if (!known && !define(builder, error, "name", make_string(builder, texts->name))) return NULL;
  return define(builder, error, "stack", make_string(builder, texts->stack)) ? error : NULL;
}

static CleatValue* make_object(Builder* builder, const CleatData* node) {
  CleatEngine* engine = builder->engine;
  switch (node->kind) {
    case CLEAT_DATA_BYTES:
      return make_bytes(builder, node);
    case CLEAT_DATA_DATE:
      return cleat__date(engine, node->number);
    case CLEAT_DATA_REGEXP:
      return make_regexp(builder, node);
    case CLEAT_DATA_ARRAY:
      return cleat__array(engine, NULL, node->list.length);
    case CLEAT_DATA_OBJECT:
      return cleat__object(engine);
    case CLEAT_DATA_MAP:
      return cleat__new_map(engine);
    case CLEAT_DATA_SET:
      return cleat__new_set(engine);
    default:
      return make_error(builder, node);
  }
}

static bool enter(Builder* builder, const CleatData* node, CleatValue* value) {
  if (builder->depth == builder->level_capacity) {
    size_t capacity = builder->level_capacity == 0 ? 16 : builder->level_capacity * 2;
    Level* levels = realloc(builder->levels, capacity * sizeof(Level));
    if (levels == NULL) return fail_memory(builder);
    builder->levels = levels;
    builder->level_capacity = capacity;
  }
  builder->levels[builder->depth++] = (Level){.node = node, .value = value};
  return true;
}

static bool has_parts(const CleatData* node) {
  return node->list.length > 0 || (node->kind == CLEAT_DATA_ERROR && node->texts->cause != NULL);
}

static CleatValue* build_object(Builder* builder, const CleatData* node) {
  if (2 * builder->made_count >= builder->made_capacity && !grow_made(builder)) return fail_memory(builder);
  Made* made = slot_of(builder, node);
  if (made->node != NULL) return made->value;
  CleatValue* value = make_object(builder, node);
  if (value == NULL) return cleat__fail(builder->env);
  *made = (Made){node, value};
  builder->made_count++;
  if (has_parts(node) && !enter(builder, node, value)) return NULL;
  return value;
}

// Returns the value of `node`; what is in it follows. NULL where it cannot be made.
static CleatValue* build(Builder* builder, const CleatData* node) {
  CleatEngine* engine = builder->engine;
  CleatValue* value;
  switch (cleat_data_kind(node)) {
    case CLEAT_DATA_UNDEFINED:
    case CLEAT_DATA_HOLE:
      return cleat__undefined(engine);
    case CLEAT_DATA_NULL:
      return cleat__null(engine);
    case CLEAT_DATA_BOOLEAN:
      return cleat__boolean(engine, node->flag);
    case CLEAT_DATA_NUMBER:
      return cleat__number(engine, node->number);
    case CLEAT_DATA_BIGINT:
      value = cleat__bigint(engine, node->flag, node->payload, node->length);
      break;
    case CLEAT_DATA_STRING:
      value = make_string(builder, cleat_data_string(node));
      break;
    case CLEAT_DATA_FUNCTION:
    case CLEAT_DATA_ASYNC_ITERABLE:
      value = cleat__function_value(builder->env, node->function);
      break;
    default:
      return build_object(builder, node);
  }
  return value != NULL ? value : cleat__fail(builder->env);
}

// PARTS

static bool put_entry(Builder* builder, const Level* level, CleatValue* value) {
  if (level->node->kind == CLEAT_DATA_MAP) return cleat__map_put(builder->engine, level->value, level->key, value);
  return cleat__define(builder->engine, level->value, level->key, value, 0);
}

static bool put_aggregated(Builder* builder, Level* level, size_t index, CleatValue* value) {
  if (level->errors == NULL) {
    level->errors = cleat__array(builder->engine, NULL, level->node->list.length);
    if (!define(builder, level->value, "errors", level->errors)) return false;
  }
  return cleat__define_index(builder->engine, level->errors, (uint32_t)index, value);
}

// Puts part `index` of the list of the level, which is `value`, where it belongs.
static bool put_part(Builder* builder, size_t top, size_t index, CleatValue* value) {
  Level* level = &builder->levels[top];
  switch (level->node->kind) {
    case CLEAT_DATA_ARRAY:
      if (level->node->list.items[index]->kind == CLEAT_DATA_HOLE) return true;
      return cleat__define_index(builder->engine, level->value, (uint32_t)index, value);
    case CLEAT_DATA_SET:
      return cleat__set_add(builder->engine, level->value, value);
    case CLEAT_DATA_ERROR:
      return put_aggregated(builder, level, index, value);
    default:
      if (index % 2 == 1) return put_entry(builder, level, value);
      level->key = value;
      return true;
  }
}

static bool build_cause(Builder* builder, const Level* level) {
  CleatValue* cause = build(builder, level->node->texts->cause);
  return cause != NULL && define(builder, level->value, "cause", cause);
}

// Makes the next part of the topmost level, or leaves that.
static bool step(Builder* builder) {
  size_t top = builder->depth - 1;
  Level level = builder->levels[top];
  bool is_error = level.node->kind == CLEAT_DATA_ERROR;
  size_t length = level.node->list.length + (is_error ? 1 : 0);
  if (level.index == length) {
    builder->depth--;
    return true;
  }
  builder->levels[top].index++;
  if (is_error && level.index == length - 1) {
    return level.node->texts->cause == NULL || build_cause(builder, &level);
  }
  CleatValue* value = build(builder, level.node->list.items[level.index]);
  return value != NULL && put_part(builder, top, level.index, value);
}

CleatValue* cleat_from_data(CleatEnv* env, const CleatData* data) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return NULL;
  Builder builder = {.env = env, .engine = env->engine};
  CleatValue* value = build(&builder, data);
  bool built = value != NULL;
  while (built && builder.depth > 0) built = step(&builder);
  free(builder.levels);
  free(builder.made);
  return cleat__ran(env, built) ? value : NULL;
}
