// CleatData: building, reading and freeing copies of values.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data_node.h"
#include "env.h"

#define LARGEST_INTEGER 9007199254740991.0  // 2^53 - 1

// READING

CleatDataKind cleat_data_kind(const CleatData* data) { return data != NULL ? data->kind : CLEAT_DATA_UNDEFINED; }

static bool is(const CleatData* data, CleatDataKind kind) { return cleat_data_kind(data) == kind; }

bool cleat_data_boolean(const CleatData* data) { return is(data, CLEAT_DATA_BOOLEAN) && data->flag; }

double cleat_data_number(const CleatData* data) {
  return is(data, CLEAT_DATA_NUMBER) || is(data, CLEAT_DATA_DATE) ? data->number : NAN;
}

static bool number_to_int64(double number, int64_t* out) {
  if (!(fabs(number) <= LARGEST_INTEGER) || number != trunc(number)) return false;
  if (number == 0 && signbit(number)) return false;
  *out = (int64_t)number;
  return true;
}

static bool bigint_to_int64(const CleatData* data, int64_t* out) {
  const uint64_t* words = data->payload;
  size_t count = data->length;
  while (count > 0 && words[count - 1] == 0) count--;
  if (count > 1) return false;
  uint64_t magnitude = count == 1 ? words[0] : 0;
  if (magnitude > (uint64_t)INT64_MAX + (data->flag ? 1 : 0)) return false;
  *out = (int64_t)(data->flag ? 0 - magnitude : magnitude);
  return true;
}

bool cleat_data_int64(const CleatData* data, int64_t* out) {
  if (is(data, CLEAT_DATA_NUMBER)) return number_to_int64(data->number, out);
  return is(data, CLEAT_DATA_BIGINT) && bigint_to_int64(data, out);
}

const uint64_t* cleat_data_bigint(const CleatData* data, size_t* word_count, bool* negative) {
  if (!is(data, CLEAT_DATA_BIGINT)) return NULL;
  *word_count = data->length;
  *negative = data->flag;
  return data->payload;
}

static const CleatString no_string = {NULL, 0};

CleatString cleat_data_string(const CleatData* data) {
  switch (cleat_data_kind(data)) {
    case CLEAT_DATA_STRING:
    case CLEAT_DATA_REGEXP:
      return (CleatString){data->payload, data->length};
    case CLEAT_DATA_ERROR:
      return data->texts->message;
    default:
      return no_string;
  }
}

CleatString cleat_data_name(const CleatData* data) {
  bool named = is(data, CLEAT_DATA_REGEXP) || is(data, CLEAT_DATA_ERROR) || is(data, CLEAT_DATA_FUNCTION);
  return named ? data->texts->name : no_string;
}

CleatString cleat_data_stack(const CleatData* data) {
  return is(data, CLEAT_DATA_ERROR) ? data->texts->stack : no_string;
}

const uint8_t* cleat_data_bytes(const CleatData* data, size_t* length, CleatBytesKind* kind) {
  if (!is(data, CLEAT_DATA_BYTES)) return NULL;
  if (length != NULL) *length = data->length;
  if (kind != NULL) *kind = data->bytes_kind;
  return data->payload;
}

static bool has_keys(const CleatData* data) { return is(data, CLEAT_DATA_OBJECT) || is(data, CLEAT_DATA_MAP); }

size_t cleat_data_length(const CleatData* data) {
  if (data == NULL) return 0;
  return has_keys(data) ? data->list.length / 2 : data->list.length;
}

const CleatData* cleat_data_at(const CleatData* data, size_t index) {
  if (index >= cleat_data_length(data)) return NULL;
  return data->list.items[has_keys(data) ? 2 * index + 1 : index];
}

const CleatData* cleat_data_key(const CleatData* data, size_t index) {
  return has_keys(data) && index < cleat_data_length(data) ? data->list.items[2 * index] : NULL;
}

// Returns where the value of `key` is in the list of an object, or NULL.
static CleatData** find(const CleatData* object, const char* key) {
  size_t length = strlen(key);
  for (size_t i = 0; i < object->list.length; i += 2) {
    const CleatData* name = object->list.items[i];
    if (name->length == length && memcmp(name->payload, key, length) == 0) return &object->list.items[i + 1];
  }
  return NULL;
}

const CleatData* cleat_data_get(const CleatData* data, const char* key) {
  if (key == NULL) return NULL;
  if (is(data, CLEAT_DATA_ERROR)) return strcmp(key, "cause") == 0 ? data->texts->cause : NULL;
  if (!is(data, CLEAT_DATA_OBJECT)) return NULL;
  CleatData** value = find(data, key);
  return value != NULL ? *value : NULL;
}

// NODES

CleatData* cleat__data_node(CleatDataKind kind, const void* payload, size_t length, size_t unit) {
  if (length > (SIZE_MAX / 2) / unit) return NULL;
  size_t size = length * unit;
  CleatData* node = malloc(sizeof(CleatData) + size + 1);
  if (node == NULL) return NULL;
  *node = (CleatData){.kind = kind, .next = node, .length = length, .payload = node + 1};
  if (payload != NULL && size > 0) memcpy(node->payload, payload, size);
  ((char*)node->payload)[size] = 0;
  return node;
}

static CleatData* new_node(CleatDataKind kind) { return cleat__data_node(kind, NULL, 0, 1); }

static void free_node(CleatData* node) {
  free(node->list.items);
  if (node->texts != NULL) {
    free((char*)node->texts->name.data);
    free((char*)node->texts->message.data);
    free((char*)node->texts->stack.data);
    free(node->texts);
  }
  cleat__function_release(node->function);
  free(node);
}

void cleat_data_free(CleatData* data) {
  if (data == NULL) return;
  if (data->owner != NULL) cleat__misuse(__func__, "the node belongs to a root, which frees it");
  CleatData* node = data->next;
  while (node != data) {
    CleatData* next = node->next;
    free_node(node);
    node = next;
  }
  free_node(data);
}

// Returns the root, and makes the way to it shorter for the next time.
static CleatData* root_of(CleatData* node) {
  while (node->owner != NULL) {
    if (node->owner->owner != NULL) node->owner = node->owner->owner;
    node = node->owner;
  }
  return node;
}

void cleat__data_adopt(CleatData* root, CleatData* node) {
  CleatData* next = root->next;
  root->next = node->next;
  node->next = next;
  node->owner = root;
}

bool cleat__data_append(CleatData* container, CleatData* node) {
  CleatDataList* list = &container->list;
  if (list->length == list->capacity) {
    size_t capacity = list->capacity == 0 ? 4 : list->capacity * 2;
    CleatData** items = realloc(list->items, capacity * sizeof(CleatData*));
    if (items == NULL) return false;
    list->items = items;
    list->capacity = capacity;
  }
  list->items[list->length++] = node;
  return true;
}

bool cleat__data_text(CleatString* out, const char* data, size_t length) {
  char* copy = malloc(length + 1);
  if (copy == NULL) return false;
  memcpy(copy, data, length);
  copy[length] = 0;
  *out = (CleatString){copy, length};
  return true;
}

// BUILDING

CleatData* cleat_data_new_undefined(void) { return new_node(CLEAT_DATA_UNDEFINED); }

CleatData* cleat_data_new_null(void) { return new_node(CLEAT_DATA_NULL); }

CleatData* cleat_data_new_boolean(bool value) {
  CleatData* node = new_node(CLEAT_DATA_BOOLEAN);
  if (node != NULL) node->flag = value;
  return node;
}

static CleatData* new_number(CleatDataKind kind, double number) {
  CleatData* node = new_node(kind);
  if (node != NULL) node->number = number;
  return node;
}

CleatData* cleat_data_new_number(double value) { return new_number(CLEAT_DATA_NUMBER, value); }

// ECMAScript's TimeClip.
CleatData* cleat_data_new_date(double milliseconds) {
  bool valid = fabs(milliseconds) <= 8.64e15;
  return new_number(CLEAT_DATA_DATE, valid ? trunc(milliseconds) + 0.0 : NAN);
}

CleatData* cleat_data_new_int64(int64_t value) {
  if (value >= -(int64_t)LARGEST_INTEGER && value <= (int64_t)LARGEST_INTEGER) {
    return cleat_data_new_number((double)value);
  }
  uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  return cleat_data_new_bigint(value < 0, &magnitude, 1);
}

CleatData* cleat_data_new_bigint(bool negative, const uint64_t* words, size_t word_count) {
  if (words == NULL && word_count > 0) return NULL;
  while (word_count > 0 && words[word_count - 1] == 0) word_count--;
  CleatData* node = cleat__data_node(CLEAT_DATA_BIGINT, words, word_count, sizeof(uint64_t));
  if (node != NULL) node->flag = negative && word_count > 0;
  return node;
}

CleatData* cleat_data_new_string(const char* data, size_t length) {
  if (data == NULL && length > 0) return NULL;
  return cleat__data_node(CLEAT_DATA_STRING, data, length, 1);
}

CleatData* cleat_data_new_bytes(CleatBytesKind kind, const void* data, size_t length) {
  if ((unsigned)kind > CLEAT_BYTES_BIGUINT64) return NULL;
  CleatData* node = cleat__data_node(CLEAT_DATA_BYTES, data, length, 1);
  if (node == NULL) return NULL;
  if (data == NULL) memset(node->payload, 0, length);
  node->bytes_kind = kind;
  return node;
}

CleatData* cleat_data_new_array(void) { return new_node(CLEAT_DATA_ARRAY); }

CleatData* cleat_data_new_object(void) { return new_node(CLEAT_DATA_OBJECT); }

CleatData* cleat_data_new_map(void) { return new_node(CLEAT_DATA_MAP); }

CleatData* cleat_data_new_set(void) { return new_node(CLEAT_DATA_SET); }

// Whether `node` may be given to the graph of `container`: it is a root, and of another graph.
static bool can_adopt(CleatData* container, const CleatData* node) {
  return container != NULL && node != NULL && node->owner == NULL && root_of(container) != node;
}

// Frees what was given to a function that failed, except what belongs to a root or is the container's own.
static void discard(CleatData* container, CleatData* node) {
  if (node == NULL || node->owner != NULL) return;
  if (container == NULL || root_of(container) != node) cleat_data_free(node);
}

static bool put(CleatData* container, CleatData* node) {
  if (!can_adopt(container, node) || !cleat__data_append(container, node)) {
    discard(container, node);
    return false;
  }
  cleat__data_adopt(root_of(container), node);
  return true;
}

bool cleat_data_push(CleatData* container, CleatData* value) {
  if (!is(container, CLEAT_DATA_ARRAY) && !is(container, CLEAT_DATA_SET)) {
    discard(container, value);
    return false;
  }
  return put(container, value);
}

// Appends a key and a value, or neither.
static bool put_both(CleatData* container, CleatData* key, CleatData* value) {
  if (key == value || !can_adopt(container, value)) {
    if (key != value) discard(container, key);
    discard(container, value);
    return false;
  }
  if (!put(container, key)) {
    discard(container, value);
    return false;
  }
  if (put(container, value)) return true;
  container->list.length--;  // the key stays in the graph, unreferenced, until that is freed
  return false;
}

bool cleat_data_set(CleatData* object, const char* key, CleatData* value) {
  if (!is(object, CLEAT_DATA_OBJECT) || key == NULL) {
    discard(object, value);
    return false;
  }
  CleatData** existing = find(object, key);
  if (existing == NULL) return put_both(object, cleat_data_new_string(key, strlen(key)), value);
  if (!can_adopt(object, value)) {
    discard(object, value);
    return false;
  }
  cleat__data_adopt(root_of(object), value);  // the value before stays in the graph until that is freed
  *existing = value;
  return true;
}

bool cleat_data_put(CleatData* map, CleatData* key, CleatData* value) {
  if (!is(map, CLEAT_DATA_MAP)) {
    discard(map, key);
    if (value != key) discard(map, value);
    return false;
  }
  return put_both(map, key, value);
}
