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

// Calls visit(data, name) for each global that the set defines in a runtime of these options.
static void each_global(const CleatOptions* options, const CleatBindings* set,
                        void (*visit)(void* data, const char* name), void* data) {
  for (size_t i = 0; i < set->class_count; i++) {
    const CleatClass* type = set->classes[i];
    if ((type->flags & CLEAT_NO_INTERFACE_OBJECT) != 0 || !cleat__is_granted(options, type->capability)) continue;
    if (type->namespace_name == NULL) visit(data, type->name);
    for (size_t j = 0; j < type->alias_count; j++) visit(data, type->aliases[j]);
    for (size_t j = 0; j < type->factory_count; j++) visit(data, type->factories[j].name);
  }
  for (size_t i = 0; i < set->namespace_count; i++) {
    if (cleat__is_granted(options, set->namespaces[i]->capability)) visit(data, set->namespaces[i]->name);
  }
  for (size_t i = 0; i < set->global_count; i++) {
    if (cleat__is_granted(options, set->globals[i].capability)) visit(data, set->globals[i].name);
  }
}

static void count_global(void* data, const char* name) {
  (void)name;
  (*(size_t*)data)++;
}

static size_t count_globals(const CleatOptions* options) {
  size_t count = 0;
  for (size_t i = 0; i < options->binding_count; i++) {
    each_global(options, options->bindings[i], count_global, &count);
  }
  return count;
}

typedef struct Listing {
  Global* next;
  size_t set;
} Listing;

static void list_global(void* data, const char* name) {
  Listing* listing = data;
  *listing->next++ = (Global){name, listing->set};
}

// Stores what the sets define in a runtime of these options.
static void list_globals(const CleatOptions* options, Global* out) {
  Listing listing = {out, 0};
  for (; listing.set < options->binding_count; listing.set++) {
    each_global(options, options->bindings[listing.set], list_global, &listing);
  }
}

typedef struct Search {
  bool (*wanted)(void* data, const char* name);
  void* data;
  const char* found;
} Search;

static void search_global(void* data, const char* name) {
  Search* search = data;
  if (search->found == NULL && search->wanted(search->data, name)) search->found = name;
}

const char* cleat__find_global(const CleatOptions* options, bool (*wanted)(void* data, const char* name), void* data) {
  Search search = {wanted, data, NULL};
  for (size_t i = 0; i < options->binding_count && search.found == NULL; i++) {
    each_global(options, options->bindings[i], search_global, &search);
  }
  return search.found;
}

CleatError* cleat__check_globals(const CleatOptions* options) {
  if (options->binding_count < 2) return NULL;
  size_t count = count_globals(options);
  Global* globals = malloc((count + 1) * sizeof(Global));
  if (globals == NULL) return cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  list_globals(options, globals);
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
