// Where the lines of an inspected object break. The rules are those of Node.js's console, which people know.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/inspect.h"

enum {
  kGroupMoreThan = 6,  // entries of a list: fewer are never put in columns
  kMostColumns = 12,
  kSeparator = 2,  // the width of ", "
};

static size_t width_of(CleatString text) { return cleat__text_width(text.data, text.length); }

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// Returns how many columns `count` entries with these widths look best in; 1 for no columns. The block should be about
// 2.5 times as many characters wide as it has lines; what most entries leave empty of a column is not counted.
static size_t columns_for(const size_t* widths, size_t count, size_t all, const CleatInspectStyle* style) {
  size_t total = 0;
  size_t longest = 0;
  for (size_t i = 0; i < count; i++) {
    total += widths[i] + kSeparator;
    longest = larger(longest, widths[i]);
  }
  size_t column = longest + kSeparator;
  if (column * 3 + style->indentation >= style->width) return 1;
  if ((double)total / (double)column <= 5 && longest > 6) return 1;
  double bias = sqrt(fmax((double)column - (double)total / (double)all, 0));
  double biased = fmax((double)column - 3 - bias, 1);
  size_t square = (size_t)(sqrt(2.5 * biased * (double)count) / biased + 0.5);
  return smaller(smaller(square, (style->width - style->indentation) / column), kMostColumns);
}

static void add_cell(CleatText* out, CleatString cell, size_t padding, bool right, bool last) {
  if (right) cleat__text_add_repeated(out, " ", padding);
  cleat__text_add(out, cell.data, cell.length);
  if (last) return;
  cleat__text_add_c(out, ", ");
  if (!right) cleat__text_add_repeated(out, " ", padding);
}

// Adds to `rows` the first `count` entries in `columns` columns.
static void add_rows(const CleatLayout* layout, const size_t* widths, size_t count, size_t columns, CleatTexts* rows) {
  size_t column_widths[kMostColumns] = {0};
  for (size_t i = 0; i < count; i++) {
    column_widths[i % columns] = larger(column_widths[i % columns], widths[i]);
  }
  for (size_t i = 0; i < count; i++) {
    size_t column = i % columns;
    bool last = column == columns - 1 || i == count - 1;
    CleatString cell = cleat__texts_at(&layout->entries, i);
    add_cell(&rows->all, cell, column_widths[column] - widths[i], layout->all_numbers, last);
    if (last) cleat__texts_end(rows);
  }
}

// Puts the entries of a list into columns; false where they are to stay as they are.
static bool group(const CleatLayout* layout, const CleatInspectStyle* style, CleatTexts* rows) {
  size_t all = layout->entries.count;
  if (!layout->is_list || all <= kGroupMoreThan) return false;
  size_t count = layout->is_cut ? all - 1 : all;
  size_t* widths = calloc(count, sizeof *widths);
  if (widths == NULL) return false;
  for (size_t i = 0; i < count; i++) widths[i] = width_of(cleat__texts_at(&layout->entries, i));
  size_t columns = columns_for(widths, count, all, style);
  if (columns > 1) {
    add_rows(layout, widths, count, columns, rows);
    if (layout->is_cut) {
      CleatString rest = cleat__texts_at(&layout->entries, count);
      cleat__text_add(&rows->all, rest.data, rest.length);
      cleat__texts_end(rows);
    }
  }
  free(widths);
  return columns > 1;
}

static bool has_newline(const CleatText* text) { return text->length > 0 && memchr(text->data, '\n', text->length); }

static bool fits_one_line(const CleatLayout* layout, const CleatInspectStyle* style) {
  if (layout->is_nested || has_newline(&layout->base) || has_newline(&layout->entries.all)) return false;
  size_t fixed = 2 * layout->entries.count + style->indentation + layout->open.length + layout->base.length + 10;
  return fixed + cleat__text_width(layout->entries.all.data, layout->entries.all.length) <= style->width;
}

static void add_broken(const CleatTexts* entries, const CleatInspectStyle* style, CleatText* out) {
  for (size_t i = 0; i < entries->count; i++) {
    CleatString entry = cleat__texts_at(entries, i);
    cleat__text_add_c(out, i == 0 ? "\n" : ",\n");
    cleat__text_add_repeated(out, " ", style->indentation + 2);
    cleat__text_add(out, entry.data, entry.length);
  }
  cleat__text_add_c(out, "\n");
  cleat__text_add_repeated(out, " ", style->indentation);
}

static void add_line(const CleatTexts* entries, CleatText* out) {
  for (size_t i = 0; i < entries->count; i++) {
    CleatString entry = cleat__texts_at(entries, i);
    cleat__text_add_c(out, i == 0 ? " " : ", ");
    cleat__text_add(out, entry.data, entry.length);
  }
  if (entries->count > 0) cleat__text_add_c(out, " ");
}

void cleat__layout(const CleatLayout* layout, const CleatInspectStyle* style, CleatText* out) {
  CleatTexts rows = {0};
  cleat__text_add(out, layout->base.data, layout->base.length);
  if (layout->base.length > 0) cleat__text_add_c(out, " ");
  cleat__text_add(out, layout->open.data, layout->open.length);
  if (layout->entries.count > 0 && group(layout, style, &rows)) {
    add_broken(&rows, style, out);
  } else if (layout->entries.count == 0 || fits_one_line(layout, style)) {
    add_line(&layout->entries, out);
  } else {
    add_broken(&layout->entries, style, out);
  }
  cleat__text_add_c(out, layout->close);
  cleat__texts_free(&rows);
}

void cleat__layout_free(CleatLayout* layout) {
  cleat__text_free(&layout->base);
  cleat__text_free(&layout->open);
  cleat__texts_free(&layout->entries);
}
