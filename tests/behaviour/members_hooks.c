// The hooks of members.idl.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"

struct Part {
  char href[32];
};

Part* part_new(void) { return calloc(1, sizeof(Part)); }
void part_finalize(Part* self) { free(self); }
CleatString part_get_href(Part* self) { return (CleatString){self->href, strlen(self->href)}; }
void part_set_href(Part* self, CleatString href) { snprintf(self->href, sizeof(self->href), "%s", href.data); }

Base* base_new(int32_t x) {
  Base* base = calloc(1, sizeof(Base));
  base->x = x;
  return base;
}
void base_finalize(Base* self) { free(self); }
int32_t base_get_x(Base* self) { return self->x; }
void base_set_x(Base* self, int32_t x) { self->x = x; }
int32_t base_get_y(Base* self) { return self->y; }
void base_set_y(Base* self, int32_t y) { self->y = y; }
CleatValue* base_get_thing(CleatEnv* env, Base* self) {
  (void)self;
  return cleat_object(env);
}
CleatString base_to_string(Base* self) { return self->x == 0 ? CLEAT_STRING("zero") : CLEAT_STRING("some"); }

struct Derived {
  Base base;
  Part* where;
  int32_t any_this;
};

static int32_t plus(Derived* self, int32_t a) { return (int32_t)((uint32_t)self->base.x + (uint32_t)a); }

Derived* derived_new(void) { return calloc(1, sizeof(Derived)); }
void derived_finalize(Derived* self) { free(self); }
void derived_set_x(Derived* self, int32_t x) { self->base.x = (int32_t)(10 * (uint32_t)x); }
Part* derived_get_part(Derived* self) {
  (void)self;
  return part_new();
}
Part* derived_get_where(Derived* self) {
  if (self->where == NULL) self->where = part_new();
  return self->where;
}
int32_t derived_get_replaceable(Derived* self) { return plus(self, 1); }
int32_t derived_get_lenient(Derived* self) { return plus(self, 2); }
int32_t derived_get_any_this(Derived* self) { return self->any_this; }
void derived_set_any_this(Derived* self, int32_t any_this) { self->any_this = any_this; }
int32_t derived_get_fixed(Derived* self) { return plus(self, 3); }
int32_t derived_fixed_too(Derived* self, int32_t a) { return plus(self, a); }
void derived_hidden(Derived* self) { (void)self; }
void derived_either__long(Derived* self, int32_t x) { self->base.x = x; }
void derived_either__string(Derived* self, CleatString x) { self->base.x = (int32_t)x.length; }
double derived_get_z(Derived* self) { return self->base.x + 0.5; }

struct Further {
  Derived derived;
  char label[32];
};

Further* further_new(void) { return calloc(1, sizeof(Further)); }
void further_finalize(Further* self) { free(self); }
CleatString further_get_label(Further* self) { return (CleatString){self->label, strlen(self->label)}; }
void further_set_label(Further* self, CleatString label) {
  snprintf(self->label, sizeof(self->label), "%s", label.data);
}

struct Secret {
  int unused;
};

void secret_finalize(Secret* self) { free(self); }
int32_t secret_f(Secret* self) { return self->unused + 7; }
Secret* places_secret(void) { return calloc(1, sizeof(Secret)); }

struct Picture {
  int32_t area;
};

Picture* picture_new(void) { return calloc(1, sizeof(Picture)); }
Picture* picture_image(int32_t width, int32_t height) {
  Picture* picture = picture_new();
  picture->area = (int32_t)((uint32_t)width * (uint32_t)height);
  return picture;
}
void picture_finalize(Picture* self) { free(self); }
int32_t picture_get_area(Picture* self) { return self->area; }

struct Listing {
  size_t length;
  int32_t values[8];
  char keys[8][16];
};

Listing* listing_new(void) { return calloc(1, sizeof(Listing)); }
void listing_finalize(Listing* self) { free(self); }
void listing_append(Listing* self, CleatString key, int32_t value) {
  if (self->length == 8) return;
  snprintf(self->keys[self->length], sizeof(self->keys[0]), "%s", key.data);
  self->values[self->length++] = value;
}
bool listing_pair_at(CleatEnv* env, Listing* self, size_t index, CleatString* key, int32_t* value) {
  if (index >= self->length) return false;
  if (self->values[index] < 0) cleat_throw_range(env, "negative");
  *key = (CleatString){self->keys[index], strlen(self->keys[index])};
  *value = self->values[index];
  return true;
}

void errors_dom(CleatEnv* env, CleatString name, CleatString message) {
  cleat_throw_dom(env, name.data, "%s", message.data);
}

struct Scores {
  int unused;
};

Scores* scores_new(void) { return calloc(1, sizeof(Scores)); }
void scores_finalize(Scores* self) { free(self); }

struct Tags {
  int unused;
};

Tags* tags_new(void) { return calloc(1, sizeof(Tags)); }
void tags_finalize(Tags* self) { free(self); }
CleatString tags_clear(Tags* self) {
  (void)self;
  return CLEAT_STRING("its own");
}

struct Fixed {
  int unused;
};

void fixed_finalize(Fixed* self) { free(self); }
Fixed* collections_fixed(CleatEnv* env) {
  Fixed* fixed = calloc(1, sizeof(Fixed));
  fixed_add_entry(env, fixed, CLEAT_STRING("one"));
  fixed_add_entry(env, fixed, CLEAT_STRING("two"));
  fixed_add_entry(env, fixed, CLEAT_STRING("three"));
  fixed_delete_entry(env, fixed, CLEAT_STRING("two"));
  return fixed;
}

struct Table {
  int unused;
};

void table_finalize(Table* self) { free(self); }
Table* collections_table(CleatEnv* env) {
  Table* table = calloc(1, sizeof(Table));
  table_set_entry(env, table, 9, CLEAT_STRING("gone"));
  table_clear_entries(env, table);
  table_set_entry(env, table, 1, CLEAT_STRING("first"));
  return table;
}

struct List {
  uint32_t length;
  char items[8][16];
};

List* list_new(void) { return calloc(1, sizeof(List)); }
void list_finalize(List* self) { free(self); }
uint32_t list_get_length(List* self) { return self->length; }
CleatString list_item(List* self, uint32_t index) {
  return index < self->length ? (CleatString){self->items[index], strlen(self->items[index])} : CLEAT_STRING("");
}
void list_set_at(List* self, uint32_t index, int32_t value) {
  if (index > self->length || index >= 8) return;
  if (index == self->length) self->length++;
  snprintf(self->items[index], sizeof(self->items[0]), "%d", value);
}
void list_push(List* self, int32_t value) { list_set_at(self, self->length, value); }

struct Frozen {
  List list;
};

Frozen* frozen_new(void) { return calloc(1, sizeof(Frozen)); }
void frozen_finalize(Frozen* self) { free(self); }

struct Row {
  int unused;
};

Row* row_new(void) { return calloc(1, sizeof(Row)); }
void row_finalize(Row* self) { free(self); }
uint32_t row_get_length(Row* self) {
  (void)self;
  return 2;
}
int32_t row_get_at(Row* self, uint32_t index) {
  (void)self;
  return (int32_t)(10 + index);
}

struct Store {
  size_t count;
  char names[8][16];
  char values[8][16];
};

Store* store_new(void) { return calloc(1, sizeof(Store)); }
void store_finalize(Store* self) { free(self); }
static size_t store_find(Store* self, CleatString name) {
  size_t i = 0;
  while (i < self->count && strcmp(self->names[i], name.data) != 0) i++;
  return i;
}
bool store_has_named(Store* self, CleatString name) { return store_find(self, name) < self->count; }
bool store_name_at(Store* self, size_t index, CleatString* name) {
  if (index >= self->count) return false;
  *name = (CleatString){self->names[index], strlen(self->names[index])};
  return true;
}
CleatString store_get_named(Store* self, CleatString name) {
  size_t at = store_find(self, name);
  if (at == self->count) return CLEAT_STRING("");
  return (CleatString){self->values[at], strlen(self->values[at])};
}
void store_set(Store* self, CleatString name, CleatString value) {
  size_t at = store_find(self, name);
  if (at == 8) return;
  if (at == self->count) self->count++;
  snprintf(self->names[at], sizeof(self->names[at]), "%s", name.data);
  snprintf(self->values[at], sizeof(self->values[at]), "%s", value.data);
}
bool store_remove(Store* self, CleatString name) {
  size_t at = store_find(self, name);
  if (at == self->count || strcmp(name.data, "locked") == 0) return false;
  self->count--;
  memmove(self->names[at], self->names[at + 1], (self->count - at) * sizeof(self->names[0]));
  memmove(self->values[at], self->values[at + 1], (self->count - at) * sizeof(self->values[0]));
  return true;
}
void store_plain(Store* self) { (void)self; }

struct Overriding {
  int unused;
};

Overriding* overriding_new(void) { return calloc(1, sizeof(Overriding)); }
void overriding_finalize(Overriding* self) { free(self); }
bool overriding_has_named(Overriding* self, CleatString name) {
  (void)self;
  return strcmp(name.data, "toString") == 0 || strcmp(name.data, "bad") == 0;
}
bool overriding_name_at(Overriding* self, size_t index, CleatString* name) {
  (void)self;
  if (index == 0) *name = CLEAT_STRING("toString");
  return index == 0;
}
int32_t overriding_get_named(CleatEnv* env, Overriding* self, CleatString name) {
  (void)self;
  if (strcmp(name.data, "bad") == 0) cleat_throw_range(env, "it is bad");
  return 5;
}

struct Spacing {
  int32_t hyphened;
  int32_t cased;
};

Spacing* spacing_new(void) { return calloc(1, sizeof(Spacing)); }
void spacing_finalize(Spacing* self) { free(self); }
int32_t spacing_get_top__left(Spacing* self) { return self->hyphened; }
void spacing_set_top__left(Spacing* self, int32_t top_left) { self->hyphened = top_left; }
int32_t spacing_get_top_left(Spacing* self) { return self->cased; }
void spacing_set_top_left(Spacing* self, int32_t top_left) { self->cased = top_left; }

struct Stage {
  int32_t width;
};

static Stage* last_stage;
void stage_finalize(Stage* self) {
  if (self == last_stage) last_stage = NULL;
  free(self);
}
int32_t stage_get_width(Stage* self) { return self->width; }
void stage_set_width(Stage* self, int32_t width) { self->width = width; }
int32_t stage_twice(Stage* self, int32_t x) {
  (void)self;
  return (int32_t)(2 * (uint32_t)x);
}
int32_t stage_count(void) { return 1; }
CleatString stage_to_string(Stage* self) {
  (void)self;
  return CLEAT_STRING("stage");
}
Stage* stages_open(void) { return last_stage = calloc(1, sizeof(Stage)); }
Stage* stages_again(void) { return last_stage; }

struct Fetcher {
  char text[32];
};
Fetcher* fetcher_new(void) { return calloc(1, sizeof(Fetcher)); }
void fetcher_finalize(Fetcher* self) { free(self); }
bool fetcher_has_named(Fetcher* self, CleatString name) {
  (void)self;
  return name.data[0] == 'k';
}
bool fetcher_name_at(Fetcher* self, size_t index, CleatString* name) {
  (void)self;
  *name = CLEAT_STRING("k");
  return index == 0;
}
void fetcher_fetch__string(Fetcher* self, CleatString name, CleatStringPromise* promise) {
  char text[64];
  snprintf(text, sizeof(text), "%s is %s", name.data, self->text);
  cleat_string_promise_resolve(promise, (CleatString){text, strlen(text)});
}
void fetcher_fetch__unsigned_long(Fetcher* self, uint32_t number, CleatStringPromise* promise) {
  (void)self;
  char text[32];
  int length = snprintf(text, sizeof(text), "number %u", number);
  cleat_string_promise_resolve(promise, (CleatString){text, (size_t)length});
}
void fetcher_set_named(CleatEnv* env, Fetcher* self, CleatString name, CleatString text,
                       CleatUndefinedPromise* promise) {
  if (strcmp(name.data, "kbad") == 0) {
    cleat_throw_range(env, "no %s", name.data);
    return;
  }
  snprintf(self->text, sizeof(self->text), "%s", text.data);
  cleat_undefined_promise_resolve(promise);
}

struct Fragile {
  bool broken;
};
Fragile* fragile_new(void) { return calloc(1, sizeof(Fragile)); }
void fragile_finalize(Fragile* self) { free(self); }
uint32_t fragile_get_length(CleatEnv* env, Fragile* self) {
  if (self->broken) cleat_throw_range(env, "it is broken");
  return 2;
}
void fragile_get_at(Fragile* self, uint32_t index, CleatLongPromise* promise) {
  (void)self;
  cleat_long_promise_resolve(promise, (int32_t)(index * 10));
}
void fragile_smash(Fragile* self) { self->broken = true; }
