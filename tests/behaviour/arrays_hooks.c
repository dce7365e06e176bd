// The hooks of arrays.idl.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members.h"

enum { MOST_THINGS = 4, LONGEST = 32 };

struct Polygon {
  int32_t calls;
  double sides[3];
  size_t side_count;
  bool tagged;
  size_t tag_count;
  char tags[MOST_THINGS][LONGEST];
  CleatString tag_strings[MOST_THINGS];
  size_t thing_count;
  CleatRef* things[MOST_THINGS];
  CleatValue* thing_values[MOST_THINGS];
  Polygon* parts[2];
};

Polygon* polygon_new(void) {
  Polygon* self = calloc(1, sizeof(Polygon));
  for (int i = 0; i < 3; i++) self->sides[i] = i + 0.5;
  self->side_count = 2;
  return self;
}

void polygon_finalize(Polygon* self) {
  for (size_t i = 0; i < self->thing_count; i++) cleat_ref_free(self->things[i]);
  free(self);
}

int32_t polygon_get_calls(Polygon* self) { return self->calls; }

CleatDoubleSequence polygon_get_sides(Polygon* self) {
  self->calls++;
  return (CleatDoubleSequence){self->sides, self->side_count};
}

CleatOptionalStringSequence polygon_get_tags(Polygon* self) {
  self->calls++;
  for (size_t i = 0; i < self->tag_count; i++) {
    self->tag_strings[i] = (CleatString){self->tags[i], strlen(self->tags[i])};
  }
  return (CleatOptionalStringSequence){self->tagged, {self->tag_strings, self->tag_count}};
}

void polygon_set_tags(Polygon* self, CleatOptionalStringSequence tags) {
  self->calls++;
  self->tagged = tags.has;
  self->tag_count = 0;
  for (size_t i = 0; tags.has && i < tags.value.length && i < MOST_THINGS; i++) {
    strncpy(self->tags[self->tag_count++], tags.value.items[i].data, LONGEST - 1);
  }
}

CleatValueSequence polygon_get_things(CleatEnv* env, Polygon* self) {
  self->calls++;
  if (self->thing_count == 0) cleat_throw_range(env, "there is nothing");
  for (size_t i = 0; i < self->thing_count; i++) self->thing_values[i] = cleat_held(env, self->things[i]);
  return (CleatValueSequence){self->thing_values, self->thing_count};
}

void polygon_set_things(CleatEnv* env, Polygon* self, CleatValueSequence things) {
  self->calls++;
  if (things.length > MOST_THINGS) {
    cleat_throw_range(env, "too many things");
    return;
  }
  for (size_t i = 0; i < self->thing_count; i++) cleat_ref_free(self->things[i]);
  self->thing_count = things.length;
  for (size_t i = 0; i < things.length; i++) self->things[i] = cleat_hold(env, things.items[i]);
}

PolygonSequence polygon_get_parts(Polygon* self) {
  self->calls++;
  for (int i = 0; i < 2; i++) self->parts[i] = polygon_new();
  return (PolygonSequence){self->parts, 2};
}

static int32_t sizes[3] = {1, 2, 3};
static size_t size_count = 2;
CleatLongSequence polygon_get_sizes(void) { return (CleatLongSequence){sizes, size_count}; }

void polygon_lengthen(CleatEnv* env, Polygon* self) {
  self->side_count = 3;
  polygon_sides_changed(env, self);
}

void polygon_resize(CleatEnv* env) {
  size_count = 3;
  polygon_sizes_changed(env);
}

void polygon_get_area(Polygon* self, CleatLongPromise* promise) {
  self->calls++;
  cleat_long_promise_resolve(promise, self->calls);
}

void polygon_move(CleatEnv* env, Polygon* self) { polygon_area_changed(env, self); }

CleatLongOrStringUnionSequence polygons_get_kinds(void) {
  static CleatLongOrString kinds[2];
  kinds[0] = cleat_long_or_string_long(3);
  kinds[1] = cleat_long_or_string_string(CLEAT_STRING("many"));
  return (CleatLongOrStringUnionSequence){kinds, 2};
}

struct Sheet {
  int unused;
};

Sheet* sheet_new(void) { return calloc(1, sizeof(Sheet)); }
void sheet_finalize(Sheet* self) { free(self); }

struct Page {
  int32_t title;
  char told[1024];
  char answer[1024];
};

static void tell(Page* self, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t length = strlen(self->told);
  vsnprintf(self->told + length, sizeof(self->told) - length, format, arguments);
  va_end(arguments);
}

Page* page_new(void) { return calloc(1, sizeof(Page)); }
void page_finalize(Page* self) { free(self); }

CleatString page_told(Page* self) {
  memcpy(self->answer, self->told, sizeof(self->told));
  self->told[0] = '\0';
  return (CleatString){self->answer, strlen(self->answer)};
}

void page_set_numbers(CleatEnv* env, Page* self, size_t index, int32_t value) {
  tell(self, "set %zu %d;", index, value);
  if (value >= 100) cleat_throw_range(env, "%d is too much", value);
}
void page_delete_numbers(CleatEnv* env, Page* self, size_t index, int32_t value) {
  tell(self, "delete %zu %d;", index, value);
  if (value == 13) cleat_throw_range(env, "%d stays", value);
}

void page_set_sheets(Page* self, size_t index, Sheet* value) { tell(self, "set %zu %d;", index, value != NULL); }
void page_delete_sheets(Page* self, size_t index, Sheet* value) { tell(self, "delete %zu %d;", index, value != NULL); }

void page_set_words(Page* self, size_t index, CleatString value) { tell(self, "set %zu %s;", index, value.data); }
void page_delete_words(Page* self, size_t index, CleatString value) { tell(self, "delete %zu %s;", index, value.data); }

void page_put_mark(Page* self, size_t index, int32_t value) { tell(self, "put %zu %d;", index, value); }
void page_take_mark(Page* self, size_t index, int32_t value) { tell(self, "take %zu %d;", index, value); }

void page_set_spares(Page* self, size_t index, int32_t value) { tell(self, "set %zu %d;", index, value); }
void page_delete_spares(Page* self, size_t index, int32_t value) { tell(self, "delete %zu %d;", index, value); }
void page_set_fixed(Page* self, size_t index, int32_t value) { tell(self, "set %zu %d;", index, value); }
void page_delete_fixed(Page* self, size_t index, int32_t value) { tell(self, "delete %zu %d;", index, value); }

int32_t page_title(Page* self) { return self->title; }
void page_entitle(Page* self, int32_t title) { self->title = title; }

void page_add(CleatEnv* env, Page* self, CleatString word) { page_append_words(env, self, word); }
void page_forget(CleatEnv* env, Page* self) { page_clear_words(env, self); }
