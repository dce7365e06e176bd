// The entries of an object that is printed: elements, keys and values, properties.

#include <string.h>

#include "host/inspector.h"

enum {
  kMostHoles = 1000,  // that are looked at one by one
};

// PROPERTIES

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static bool is_stopped(const Inspector* inspector) { return cleat__is_terminating(inspector->engine); }

// Adds a value as part of an entry.
static void add_value(Inspector* inspector, CleatLayout* layout, CleatValue* value) {
  inspector->style.indentation += 2;
  cleat__inspect_value(inspector, value, &layout->entries.all);
  inspector->style.indentation -= 2;
}

void cleat__inspect_entry(Inspector* inspector, CleatLayout* layout, CleatValue* value) {
  add_value(inspector, layout, value);
  cleat__texts_end(&layout->entries);
}

static void add_text_entry(CleatLayout* layout, const char* text) {
  cleat__text_add_c(&layout->entries.all, text);
  cleat__texts_end(&layout->entries);
}

// Adds "... n more items" where `count` are not shown.
static void add_rest(CleatLayout* layout, size_t count) {
  if (count == 0) return;
  cleat__text_print(&layout->entries.all, "... %zu more item%s", count, count == 1 ? "" : "s");
  cleat__texts_end(&layout->entries);
  layout->is_cut = true;
}

static void add_property_value(Inspector* inspector, CleatLayout* layout, const CleatProperty* property) {
  if (property->value != NULL) {
    add_value(inspector, layout, property->value);
  } else if (property->has_get) {
    cleat__text_add_c(&layout->entries.all, property->has_set ? "[Getter/Setter]" : "[Getter]");
  } else {
    cleat__text_add_c(&layout->entries.all, property->has_set ? "[Setter]" : "undefined");
  }
}

// Returns whether the base says already what a property holds: the `message` of an error.
static bool is_in_base(Inspector* inspector, const CleatLayout* layout, const CleatProperty* property) {
  if (layout->base.length == 0 || property->value == NULL) return false;
  if (cleat__type(property->value) != CLEAT_TYPE_STRING) return false;
  CleatText text = {0};
  cleat__text_add_value(&text, inspector->engine, property->value, true);
  bool found = text.length > 0 && memmem(layout->base.data, layout->base.length, text.data, text.length) != NULL;
  cleat__text_free(&text);
  return found;
}

static bool is_error_text(CleatEngine* engine, CleatValue* key) {
  return cleat__strict_equals(key, cleat__interned(engine, "message")) ||
         cleat__strict_equals(key, cleat__interned(engine, "name")) ||
         cleat__strict_equals(key, cleat__interned(engine, "stack"));
}

static void add_property(Inspector* inspector, CleatLayout* layout, CleatValue* object, CleatValue* key) {
  CleatProperty property;
  if (!cleat__own_property(inspector->engine, object, key, &property)) return;
  if (cleat__is_error(object) && is_error_text(inspector->engine, key) && is_in_base(inspector, layout, &property))
    return;
  if (!property.enumerable) cleat__text_add_c(&layout->entries.all, "[");
  cleat__inspect_key(inspector->engine, key, &layout->entries.all);
  cleat__text_add_c(&layout->entries.all, property.enumerable ? ": " : "]: ");
  add_property_value(inspector, layout, &property);
  cleat__texts_end(&layout->entries);
}

// Adds element `index` of the array `list` of V8's own making as an entry.
static void add_element_of(Inspector* inspector, CleatLayout* layout, CleatValue* list, uint32_t index) {
  CleatValue* value = cleat__get_index(inspector->engine, list, index);
  if (value != NULL) add_value(inspector, layout, value);
}

static void add_keys(Inspector* inspector, CleatLayout* layout, CleatValue* object, CleatValue* keys) {
  uint32_t count = keys == NULL ? 0 : cleat__array_length(keys);
  for (uint32_t i = 0; i < count && !is_stopped(inspector); i++) {
    CleatScope scope;
    cleat__scope_open(inspector->engine, &scope);
    CleatValue* key = cleat__get_index(inspector->engine, keys, i);
    if (key != NULL) add_property(inspector, layout, object, key);
    cleat__scope_close(inspector->engine, &scope);
  }
}

// ARRAYS

// Returns the first index from `from` on that the array has, or its length. `indices` keeps V8's list of them, which is
// only asked for where many are missing.
static uint32_t next_element(Inspector* inspector, CleatValue* array, uint32_t from, uint32_t length,
                             CleatValue** indices) {
  CleatEngine* engine = inspector->engine;
  for (uint32_t i = from; i < length && *indices == NULL; i++) {
    CleatScope scope;
    CleatProperty property;
    if (i - from == kMostHoles) break;
    cleat__scope_open(engine, &scope);
    bool found = cleat__own_property(engine, array, cleat__number(engine, i), &property);
    cleat__scope_close(engine, &scope);
    if (found) return i;
    if (i == length - 1) return length;
  }
  if (*indices == NULL) *indices = cleat__own_indices(engine, array);
  uint32_t count = *indices == NULL ? 0 : cleat__array_length(*indices);
  for (uint32_t i = 0; i < count; i++) {
    CleatScope scope;
    cleat__scope_open(engine, &scope);
    CleatValue* key = cleat__get_index(engine, *indices, i);
    double index = key != NULL && cleat__is_number(key) ? cleat__number_value(key) : length;
    cleat__scope_close(engine, &scope);
    if (index >= from) return index < length ? (uint32_t)index : length;
  }
  return length;
}

static void add_element(Inspector* inspector, CleatLayout* layout, CleatValue* array, uint32_t index) {
  CleatScope scope;
  CleatProperty property;
  cleat__scope_open(inspector->engine, &scope);
  if (cleat__own_property(inspector->engine, array, cleat__number(inspector->engine, index), &property)) {
    CleatType type = property.value == NULL ? CLEAT_TYPE_UNDEFINED : cleat__type(property.value);
    if (type != CLEAT_TYPE_NUMBER && type != CLEAT_TYPE_BIGINT) layout->all_numbers = false;
    add_property_value(inspector, layout, &property);
    cleat__texts_end(&layout->entries);
  }
  cleat__scope_close(inspector->engine, &scope);
}

// Adds the elements of an array; each run of holes is one entry.
static void add_elements(Inspector* inspector, CleatLayout* layout, CleatValue* array, uint32_t length) {
  CleatValue* indices = NULL;
  uint32_t index = 0;
  layout->is_list = true;
  layout->all_numbers = true;
  for (size_t shown = 0; shown < inspector->style.elements && index < length && !is_stopped(inspector); shown++) {
    uint32_t next = next_element(inspector, array, index, length, &indices);
    if (next == index) {
      add_element(inspector, layout, array, index++);
      continue;
    }
    cleat__text_print(&layout->entries.all, "<%u empty item%s>", next - index, next - index == 1 ? "" : "s");
    cleat__texts_end(&layout->entries);
    layout->all_numbers = false;
    index = next;
  }
  add_rest(layout, length - index);
}

static void add_typed_elements(Inspector* inspector, CleatLayout* layout, CleatValue* view, size_t length) {
  layout->is_list = true;
  layout->all_numbers = true;
  size_t shown = smaller(length, inspector->style.elements);
  for (uint32_t i = 0; i < shown; i++) {
    add_element_of(inspector, layout, view, i);
    cleat__texts_end(&layout->entries);
  }
  add_rest(layout, length - shown);
}

// COLLECTIONS

// Adds what cleat__preview gave; `arrow` stands between a key and its value.
static void add_preview(Inspector* inspector, CleatLayout* layout, CleatValue* list, bool pairs, bool arrow) {
  uint32_t step = pairs ? 2 : 1;
  uint32_t count = list == NULL ? 0 : cleat__array_length(list) / step;
  uint32_t shown = (uint32_t)smaller(count, inspector->style.elements);
  for (uint32_t i = 0; i < shown && !is_stopped(inspector); i++) {
    CleatScope scope;
    cleat__scope_open(inspector->engine, &scope);
    if (pairs && !arrow) cleat__text_add_c(&layout->entries.all, "[ ");
    add_element_of(inspector, layout, list, i * step);
    if (pairs) {
      cleat__text_add_c(&layout->entries.all, arrow ? " => " : ", ");
      add_element_of(inspector, layout, list, i * step + 1);
    }
    if (pairs && !arrow) cleat__text_add_c(&layout->entries.all, " ]");
    cleat__texts_end(&layout->entries);
    cleat__scope_close(inspector->engine, &scope);
  }
  add_rest(layout, count - shown);
}

static void add_promise(Inspector* inspector, CleatLayout* layout, CleatValue* promise) {
  int state = cleat__promise_state(promise);
  if (state == 0) {
    add_text_entry(layout, "<pending>");
    return;
  }
  CleatValue* result = cleat__promise_result(inspector->engine, promise);
  if (state == 2) cleat__text_add_c(&layout->entries.all, "<rejected> ");
  if (result != NULL) add_value(inspector, layout, result);
  cleat__texts_end(&layout->entries);
}

// BYTES

static void add_buffer(Inspector* inspector, CleatLayout* layout, CleatValue* buffer) {
  enum { kMostBytesShown = 50 };
  CleatBytesKind kind;
  size_t length = 0;
  const uint8_t* bytes = cleat__bytes(inspector->engine, buffer, &length, &kind);
  CleatText* text = &layout->entries.all;
  cleat__text_add_c(text, "[Uint8Contents]: <");
  for (size_t i = 0; i < length && i < kMostBytesShown; i++)
    cleat__text_print(text, i == 0 ? "%02x" : " %02x", bytes[i]);
  if (length > kMostBytesShown) {
    size_t rest = length - kMostBytesShown;
    cleat__text_print(text, " ... %zu more byte%s", rest, rest == 1 ? "" : "s");
  }
  cleat__text_add_c(text, ">");
  cleat__texts_end(&layout->entries);
  cleat__text_print(text, "byteLength: %zu", length);
  cleat__texts_end(&layout->entries);
}

static void add_data_view(Inspector* inspector, CleatLayout* layout, CleatValue* view) {
  size_t length;
  size_t offset;
  CleatValue* buffer;
  cleat__view_extent(inspector->engine, view, &length, &offset, &buffer);
  cleat__text_print(&layout->entries.all, "byteLength: %zu", length);
  cleat__texts_end(&layout->entries);
  cleat__text_print(&layout->entries.all, "byteOffset: %zu", offset);
  cleat__texts_end(&layout->entries);
  cleat__text_add_c(&layout->entries.all, "buffer: ");
  add_value(inspector, layout, buffer);
  cleat__texts_end(&layout->entries);
}

// ALL

// Adds what `error` has besides its stack and enumerable properties.
static void add_error_entries(Inspector* inspector, CleatLayout* layout, CleatValue* error) {
  static const char* const kHidden[] = {"cause", "errors"};
  for (size_t i = 0; i < sizeof kHidden / sizeof *kHidden; i++) {
    CleatValue* key = cleat__interned(inspector->engine, kHidden[i]);
    CleatProperty property;
    if (cleat__own_property(inspector->engine, error, key, &property) && !property.enumerable) {
      add_property(inspector, layout, error, key);
    }
  }
}

void cleat__inspect_entries(Inspector* inspector, const Subject* subject, CleatLayout* layout) {
  CleatValue* object = subject->object;
  switch (subject->shape) {
    case CLEAT_SHAPE_ARRAY:
    case CLEAT_SHAPE_ARGUMENTS:
      add_elements(inspector, layout, object, (uint32_t)subject->size);
      break;
    case CLEAT_SHAPE_TYPED_ARRAY:
      add_typed_elements(inspector, layout, object, subject->size);
      break;
    case CLEAT_SHAPE_MAP:
    case CLEAT_SHAPE_SET:
      add_preview(inspector, layout, subject->entries, subject->pairs, true);
      break;
    case CLEAT_SHAPE_MAP_ITERATOR:
    case CLEAT_SHAPE_SET_ITERATOR:
      add_preview(inspector, layout, subject->entries, subject->pairs, false);
      break;
    case CLEAT_SHAPE_WEAK_COLLECTION:
      add_text_entry(layout, "<items unknown>");
      break;
    case CLEAT_SHAPE_PROMISE:
      add_promise(inspector, layout, object);
      break;
    case CLEAT_SHAPE_ARRAY_BUFFER:
      add_buffer(inspector, layout, object);
      break;
    case CLEAT_SHAPE_DATA_VIEW:
      add_data_view(inspector, layout, object);
      break;
    case CLEAT_SHAPE_ERROR:
      add_error_entries(inspector, layout, object);
      break;
    default:
      break;
  }
  add_keys(inspector, layout, object, subject->keys);
}

bool cleat__inspect_has_entries(Inspector* inspector, const Subject* subject) {
  if (subject->size > 0 || (subject->keys != NULL && cleat__array_length(subject->keys) > 0)) return true;
  switch (subject->shape) {
    case CLEAT_SHAPE_WEAK_COLLECTION:
    case CLEAT_SHAPE_PROMISE:
    case CLEAT_SHAPE_ARRAY_BUFFER:
    case CLEAT_SHAPE_DATA_VIEW:
      return true;
    case CLEAT_SHAPE_ERROR: {
      CleatProperty property;
      CleatEngine* engine = inspector->engine;
      return cleat__own_property(engine, subject->object, cleat__interned(engine, "cause"), &property) ||
             cleat__own_property(engine, subject->object, cleat__interned(engine, "errors"), &property);
    }
    default:
      return false;
  }
}
