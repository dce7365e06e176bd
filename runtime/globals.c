// The globals that sets of bindings define: no two sets may define one of the same name.
#include "globals.h"

#include <stdlib.h>
#include <string.h>

bool cleat__is_granted(const CleatOptions* options, const char* capability) {
  if (capability == NULL) return true;
  for (size_t i = 0; i < options->capability_count; i++) {
    if (strcmp(options->capabilities[i], capability) == 0) return true;
  }
  return false;
}

typedef struct Global {
  const char* name;
  size_t set;  // its index in the option
} Global;

static int compare(const void* left, const void* right) {
  const Global* a = left;
  const Global* b = right;
  int order = strcmp(a->name, b->name);
  return order != 0 ? order : (a->set > b->set) - (a->set < b->set);
}

static size_t count_globals(const CleatOptions* options) {
  size_t count = 0;
  for (size_t i = 0; i < options->binding_count; i++) {
    const CleatBindings* set = options->bindings[i];
    count += set->class_count + set->namespace_count + set->global_count;
  }
  return count;
}

// Stores what the sets define in a runtime of these options; returns how many.
static size_t list_globals(const CleatOptions* options, Global* out) {
  Global* next = out;
  for (size_t i = 0; i < options->binding_count; i++) {
    const CleatBindings* set = options->bindings[i];
    for (size_t j = 0; j < set->class_count; j++) {
      if (cleat__is_granted(options, set->classes[j]->capability)) *next++ = (Global){set->classes[j]->name, i};
    }
    for (size_t j = 0; j < set->namespace_count; j++) {
      if (cleat__is_granted(options, set->namespaces[j]->capability)) *next++ = (Global){set->namespaces[j]->name, i};
    }
    for (size_t j = 0; j < set->global_count; j++) {
      if (cleat__is_granted(options, set->globals[j].capability)) *next++ = (Global){set->globals[j].name, i};
    }
  }
  return (size_t)(next - out);
}

CleatError* cleat__check_globals(const CleatOptions* options) {
  if (options->binding_count < 2) return NULL;
  Global* globals = malloc((count_globals(options) + 1) * sizeof(Global));
  if (globals == NULL) return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  size_t count = list_globals(options, globals);
  qsort(globals, count, sizeof(Global), compare);
  CleatError* error = NULL;
  for (size_t i = 1; i < count && error == NULL; i++) {
    const Global* a = &globals[i - 1];
    const Global* b = &globals[i];
    if (strcmp(a->name, b->name) != 0 || a->set == b->set) continue;
    const char* first = options->bindings[a->set]->name;
    const char* second = options->bindings[b->set]->name;
    error = options->bindings[a->set] == options->bindings[b->set]
                ? cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option bindings: '%s' is given twice", first)
                : cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option bindings: '%s' is in both '%s' and '%s'", a->name,
                                   first, second);
  }
  free(globals);
  return error;
}
