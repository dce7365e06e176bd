// The hooks of labels.idl.
#include "labels_hooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"

// LABELS

typedef struct Label {
  char name[32];
  char value[32];
} Label;

struct Labels {
  Label items[8];
  size_t count;
  char text[32];
};

Labels* labels_new(void) { return calloc(1, sizeof(Labels)); }
void labels_finalize(Labels* self) { free(self); }

static Label* find(Labels* self, const char* name) {
  for (size_t i = 0; i < self->count; i++) {
    if (strcmp(self->items[i].name, name) == 0) return &self->items[i];
  }
  return NULL;
}

bool labels_has_named(Labels* self, const char* name) { return find(self, name) != NULL; }
const char* labels_get_named(Labels* self, const char* name) {
  Label* label = find(self, name);
  return label == NULL ? "" : label->value;
}

bool labels_name_at(Labels* self, size_t index, const char** name) {
  if (index >= self->count) return false;
  *name = self->items[index].name;
  return true;
}

void labels_set_named(Labels* self, const char* name, const char* value) {
  Label* label = find(self, name);
  if (label == NULL && self->count == 8) return;
  if (label == NULL) label = &self->items[self->count++];
  snprintf(label->name, sizeof(label->name), "%s", name);
  snprintf(label->value, sizeof(label->value), "%s", value);
}

bool labels_delete_named(Labels* self, const char* name) {
  Label* label = find(self, name);
  if (label == NULL) return false;
  *label = self->items[--self->count];
  return true;
}

const char* labels_to_string(Labels* self) {
  snprintf(self->text, sizeof(self->text), "%zu label", self->count);
  return self->text;
}

// COPIES

struct Copies {
  int unused;
};

static int32_t unreleased;

Copies* copies_new(CleatEnv* env) {
  (void)env;
  return calloc(1, sizeof(Copies));
}
void copies_finalize(Copies* self) { free(self); }
int32_t copies_get_unreleased(void) { return unreleased; }
uint32_t copies_get_length(Copies* self) {
  (void)self;
  return 2;
}

void copies_release(void* memory) {
  unreleased -= memory != NULL;
  free(memory);
}

static char* copy(const char* text) {
  unreleased++;
  return strdup(text);
}

static CleatString copy_string(const char* text) { return (CleatString){copy(text), strlen(text)}; }

CleatLongSequence copies_get_at(Copies* self, uint32_t index) {
  (void)self;
  if (index > 1000) index = 1000;
  int32_t* items = malloc((index + 1) * sizeof(*items));
  for (uint32_t i = 0; i <= index; i++) items[i] = (int32_t)i;
  unreleased++;
  return (CleatLongSequence){items, index + 1};
}

bool copies_has_named(Copies* self, CleatString name) {
  (void)self;
  return strcmp(name.data, "name") == 0 || strcmp(name.data, "throws") == 0;
}

bool copies_name_at(Copies* self, size_t index, CleatString* name) {
  (void)self;
  *name = index == 0 ? CLEAT_STRING("name") : CLEAT_STRING("throws");
  return index < 2;
}

CleatString copies_item(CleatEnv* env, Copies* self, CleatString name) {
  (void)self;
  if (strcmp(name.data, "throws") != 0) return copy_string(name.data);
  cleat_throw_error(env, "it throws");
  return CLEAT_STRING("ignored");
}

CleatString copies_set_named(Copies* self, CleatString name, CleatString value) {
  (void)self;
  (void)value;
  return copy_string(name.data);
}

char* copies_delete_named(Copies* self, CleatString name) {
  (void)self;
  return copy(name.data);
}

CleatString copies_to_string(Copies* self) {
  (void)self;
  return copy_string("copies");
}

// MACHINES

struct Machine {
  int32_t number;
};

Machine* machine_new(int32_t number) {
  Machine* self = calloc(1, sizeof(*self));
  if (self != NULL) self->number = number;
  return self;
}
void machine_finalize(Machine* self) { free(self); }
static int32_t sum(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
int32_t machine_call_new(Machine* self, int32_t number) { return sum(self->number, number); }
int32_t machine_call_finalize(Machine* self, int32_t number) { return sum(self->number, number); }
int32_t machine_call_class(int32_t number) { return number; }
