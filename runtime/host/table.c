// console.table: an array or an object as rows, the properties of its elements as columns.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/format.h"

enum {
  kMostRows = 1000,
  kMostColumns = 100,
};

typedef struct Table {
  CleatEngine* engine;
  CleatTexts keys;     // of the columns that show properties, or "Key" of a Map
  CleatTexts columns;  // their headings, all of them
  CleatTexts cells;    // as many a row as there are columns
  size_t more_rows;    // that are not shown
} Table;

// What a row is made of.
typedef struct Row {
  CleatValue* index;  // a number or a property key
  CleatValue* key;    // of a Map, or NULL
  CleatValue* value;  // NULL of an accessor
} Row;

// The rows of a value, counted first and then got one by one.
typedef struct Source {
  CleatValue* data;
  CleatShape shape;
  CleatValue* list;  // the entries of a collection, or the keys of an object; NULL of an array
  bool pairs;
  size_t count;
} Source;

static bool is_list(CleatShape shape) { return shape == CLEAT_SHAPE_ARRAY || shape == CLEAT_SHAPE_TYPED_ARRAY; }

static bool is_collection(CleatShape shape) {
  return shape == CLEAT_SHAPE_MAP || shape == CLEAT_SHAPE_SET || shape == CLEAT_SHAPE_MAP_ITERATOR ||
         shape == CLEAT_SHAPE_SET_ITERATOR;
}

static size_t list_length(CleatEngine* engine, CleatValue* list) {
  size_t bytes;
  size_t offset;
  CleatValue* buffer;
  return cleat__is_array(list) ? cleat__array_length(list) : cleat__view_extent(engine, list, &bytes, &offset, &buffer);
}

static Source open_source(CleatEngine* engine, CleatValue* data) {
  Source source = {.data = data, .shape = cleat__shape(data)};
  if (is_list(source.shape)) {
    source.count = list_length(engine, data);
    return source;
  }
  source.list =
      is_collection(source.shape) ? cleat__preview(engine, data, &source.pairs) : cleat__own_names(engine, data, true);
  source.count = source.list == NULL ? 0 : cleat__array_length(source.list) / (source.pairs ? 2 : 1);
  return source;
}

// Stores row `at`; false for a hole, a symbol, and what cannot be read.
static bool get_row(CleatEngine* engine, const Source* source, uint32_t at, Row* row) {
  CleatProperty property;
  *row = (Row){.index = cleat__number(engine, at)};
  if (is_collection(source->shape)) {
    if (source->pairs) row->key = cleat__get_index(engine, source->list, at * 2);
    row->value = cleat__get_index(engine, source->list, source->pairs ? at * 2 + 1 : at);
    return row->value != NULL;
  }
  if (source->list != NULL) row->index = cleat__get_index(engine, source->list, at);
  if (row->index == NULL || cleat__type(row->index) == CLEAT_TYPE_SYMBOL) return false;
  if (!cleat__own_property(engine, source->data, row->index, &property)) return false;
  row->value = property.value;
  return true;
}

// Returns whether the properties of a row's value are its columns.
static bool has_columns(const Row* row) {
  return row->key == NULL && row->value != NULL && cleat__is_object(row->value) && !cleat__is_proxy(row->value) &&
         !cleat__is_function(row->value);
}

static bool is_same(CleatString a, CleatString b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

// Adds a column for a property, where there is none yet.
static void add_key(Table* table, CleatString key) {
  if (table->keys.count == kMostColumns) return;
  for (size_t i = 0; i < table->keys.count; i++) {
    if (is_same(cleat__texts_at(&table->keys, i), key)) return;
  }
  cleat__text_add(&table->keys.all, key.data, key.length);
  cleat__texts_end(&table->keys);
}

static void add_key_value(Table* table, CleatValue* key) {
  CleatText text = {0};
  CleatValue* string = cleat__primitive_text(table->engine, key);
  if (string != NULL) cleat__text_add_value(&text, table->engine, string, false);
  add_key(table, cleat__text_string(&text));
  cleat__text_free(&text);
}

// Adds the columns that a row's value needs.
static void add_keys_of(Table* table, CleatValue* value) {
  Source source = open_source(table->engine, value);
  if (is_collection(source.shape)) return;
  for (uint32_t i = 0; i < source.count && i < kMostColumns; i++) {
    CleatScope scope;
    Row row;
    cleat__scope_open(table->engine, &scope);
    if (get_row(table->engine, &source, i, &row)) add_key_value(table, row.index);
    cleat__scope_close(table->engine, &scope);
  }
}

// CELLS

static size_t key_count(CleatEngine* engine, CleatValue* object) {
  CleatValue* keys = cleat__is_array(object) ? NULL : cleat__own_names(engine, object, true);
  return keys == NULL ? 0 : cleat__array_length(keys);
}

// Adds a value in one line; objects with many properties only by their name.
static void add_cell(Table* table, CleatValue* value) {
  CleatInspectStyle style = {.depth = 0, .width = SIZE_MAX, .elements = 3};
  CleatText text = {0};
  if (value == NULL) {
    cleat__text_add_c(&text, "[Getter]");
  } else {
    if (cleat__is_object(value) && !cleat__is_proxy(value) && key_count(table->engine, value) > 2) style.depth = -1;
    cleat__inspect(table->engine, value, &style, &text);
  }
  for (size_t i = 0; i < text.length; i++) {
    if (text.data[i] == '\n') text.data[i] = ' ';
  }
  cleat__text_add(&table->cells.all, text.data, text.length);
  cleat__text_free(&text);
}

static void add_property_cell(Table* table, CleatValue* object, CleatString key) {
  CleatProperty property;
  CleatValue* name = cleat__string_wtf8(table->engine, key.data, key.length);
  if (name != NULL && cleat__own_property(table->engine, object, name, &property)) add_cell(table, property.value);
}

static void add_index_cell(Table* table, CleatValue* index) {
  CleatValue* text = cleat__primitive_text(table->engine, index);
  if (text != NULL) cleat__text_add_value(&table->cells.all, table->engine, text, true);
}

static void add_row(Table* table, const Row* row, bool has_values) {
  add_index_cell(table, row->index);
  cleat__texts_end(&table->cells);
  for (size_t i = 0; i < table->keys.count; i++) {
    if (row->key != NULL) {
      add_cell(table, row->key);
    } else if (has_columns(row)) {
      add_property_cell(table, row->value, cleat__texts_at(&table->keys, i));
    }
    cleat__texts_end(&table->cells);
  }
  if (!has_values) return;
  if (!has_columns(row)) add_cell(table, row->value);
  cleat__texts_end(&table->cells);
}

static void add_heading(Table* table, CleatString heading) {
  cleat__text_add(&table->columns.all, heading.data, heading.length);
  cleat__texts_end(&table->columns);
}

// Finds the columns; returns whether there is one for values that have no properties.
static bool add_columns(Table* table, const Source* source, const CleatStringSequence* properties) {
  bool has_values = false;
  for (size_t i = 0; properties != NULL && i < properties->length; i++) add_key(table, properties->items[i]);
  for (uint32_t i = 0; i < source->count && i < kMostRows; i++) {
    CleatScope scope;
    Row row;
    cleat__scope_open(table->engine, &scope);
    if (get_row(table->engine, source, i, &row)) {
      if (!has_columns(&row)) has_values = true;
      if (row.key != NULL) add_key(table, CLEAT_STRING("Key"));
      if (has_columns(&row) && properties == NULL) add_keys_of(table, row.value);
    }
    cleat__scope_close(table->engine, &scope);
  }
  add_heading(table, is_collection(source->shape) ? CLEAT_STRING("(iteration index)") : CLEAT_STRING("(index)"));
  for (size_t i = 0; i < table->keys.count; i++) add_heading(table, cleat__texts_at(&table->keys, i));
  if (has_values) add_heading(table, CLEAT_STRING("Values"));
  return has_values;
}

// DRAWING

static void draw_line(const size_t* widths, size_t columns, const char* const corners[3], CleatText* out) {
  for (size_t i = 0; i < columns; i++) {
    cleat__text_add_c(out, i == 0 ? corners[0] : corners[1]);
    cleat__text_add_repeated(out, "─", widths[i] + 2);
  }
  cleat__text_add_c(out, corners[2]);
}

static void draw_row(const CleatTexts* cells, size_t first, const size_t* widths, size_t columns, CleatText* out) {
  for (size_t i = 0; i < columns; i++) {
    CleatString cell = cleat__texts_at(cells, first + i);
    cleat__text_add_c(out, "│ ");
    cleat__text_add(out, cell.data, cell.length);
    cleat__text_add_repeated(out, " ", widths[i] - cleat__text_width(cell.data, cell.length) + 1);
  }
  cleat__text_add_c(out, "│\n");
}

static void widen(size_t* widths, size_t columns, const CleatTexts* cells) {
  for (size_t i = 0; i < cells->count; i++) {
    CleatString cell = cleat__texts_at(cells, i);
    size_t width = cleat__text_width(cell.data, cell.length);
    if (width > widths[i % columns]) widths[i % columns] = width;
  }
}

static void draw(const Table* table, CleatText* out) {
  static const char* const kTop[3] = {"┌", "┬", "┐\n"};
  static const char* const kMiddle[3] = {"├", "┼", "┤\n"};
  static const char* const kBottom[3] = {"└", "┴", "┘"};
  size_t widths[kMostColumns + 2] = {0};
  size_t columns = table->columns.count;
  widen(widths, columns, &table->columns);
  widen(widths, columns, &table->cells);
  draw_line(widths, columns, kTop, out);
  draw_row(&table->columns, 0, widths, columns, out);
  draw_line(widths, columns, kMiddle, out);
  for (size_t i = 0; i + columns <= table->cells.count; i += columns) {
    draw_row(&table->cells, i, widths, columns, out);
  }
  draw_line(widths, columns, kBottom, out);
  if (table->more_rows > 0) {
    cleat__text_print(out, "\n... %zu more row%s", table->more_rows, table->more_rows == 1 ? "" : "s");
  }
}

bool cleat__table(CleatEngine* engine, CleatValue* data, const CleatStringSequence* properties, CleatText* out) {
  if (!cleat__is_object(data) || cleat__is_proxy(data) || cleat__is_function(data)) return false;
  Table table = {.engine = engine};
  Source source = open_source(engine, data);
  bool has_values = add_columns(&table, &source, properties);
  size_t shown = source.count < kMostRows ? source.count : kMostRows;
  table.more_rows = source.count - shown;
  for (uint32_t i = 0; i < shown; i++) {
    CleatScope scope;
    Row row;
    cleat__scope_open(engine, &scope);
    if (get_row(engine, &source, i, &row)) add_row(&table, &row, has_values);
    cleat__scope_close(engine, &scope);
  }
  draw(&table, out);
  cleat__texts_free(&table.keys);
  cleat__texts_free(&table.columns);
  cleat__texts_free(&table.cells);
  return true;
}
