// The properties of the global object that sets of bindings define: which they are, for the check that no two sets
// define one of the same name, and for installing them.
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

// THE WALK

// Visits what the global object has of an interface.
static bool visit_class(const CleatClass* type, CleatVisit* visit, void* data) {
  if ((type->flags & CLEAT_NO_INTERFACE_OBJECT) != 0) return true;
  if (type->namespace_name == NULL && !visit(data, CLEAT_GLOBAL_CLASS, type->name, type)) return false;
  for (size_t i = 0; i < type->alias_count; i++) {
    if (!visit(data, CLEAT_GLOBAL_CLASS, type->aliases[i], type)) return false;
  }
  for (size_t i = 0; i < type->factory_count; i++) {
    if (!visit(data, CLEAT_GLOBAL_FACTORY, type->factories[i].name, &type->factories[i])) return false;
  }
  return true;
}

bool cleat__visit_globals(const CleatOptions* options, const CleatBindings* set, CleatVisit* visit, void* data) {
  for (size_t i = 0; i < set->class_count; i++) {
    const CleatClass* type = set->classes[i];
    if (cleat__is_granted(options, type->capability) && !visit_class(type, visit, data)) return false;
  }
  for (size_t i = 0; i < set->namespace_count; i++) {
    const CleatNamespace* it = set->namespaces[i];
    if (cleat__is_granted(options, it->capability) && !visit(data, CLEAT_GLOBAL_NAMESPACE, it->name, it)) return false;
  }
  for (size_t i = 0; i < set->global_count; i++) {
    const CleatMember* it = &set->globals[i];
    if (cleat__is_granted(options, it->capability) && !visit(data, CLEAT_GLOBAL_MEMBER, it->name, it)) return false;
  }
  return true;
}

// FINDING

typedef struct Search {
  bool (*wanted)(void* data, const char* name);
  void* data;
  const char* found;
} Search;

static bool search(void* data, CleatGlobalKind kind, const char* name, const void* what) {
  (void)kind;
  (void)what;
  Search* search = data;
  if (search->wanted(search->data, name)) search->found = name;
  return search->found == NULL;
}

const char* cleat__find_global(const CleatOptions* options, bool (*wanted)(void* data, const char* name), void* data) {
  Search it = {wanted, data, NULL};
  for (size_t i = 0; i < options->binding_count && it.found == NULL; i++) {
    cleat__visit_globals(options, options->bindings[i], search, &it);
  }
  return it.found;
}

// THE CHECK

typedef struct Global {
  const char* name;
  size_t set;  // its index in the option
} Global;

typedef struct Globals {
  Global* items;
  size_t count;
  size_t capacity;
  size_t set;  // whose globals are visited
} Globals;

static int compare(const void* left, const void* right) {
  const Global* a = left;
  const Global* b = right;
  int order = strcmp(a->name, b->name);
  return order != 0 ? order : (a->set > b->set) - (a->set < b->set);
}

static bool add(void* data, CleatGlobalKind kind, const char* name, const void* what) {
  (void)kind;
  (void)what;
  Globals* globals = data;
  if (globals->count == globals->capacity) {
    size_t capacity = globals->capacity == 0 ? 64 : globals->capacity * 2;
    Global* items = realloc(globals->items, capacity * sizeof(Global));
    if (items == NULL) return false;
    globals->items = items;
    globals->capacity = capacity;
  }
  globals->items[globals->count++] = (Global){name, globals->set};
  return true;
}

static CleatError* find_double(const CleatOptions* options, const Globals* globals) {
  for (size_t i = 1; i < globals->count; i++) {
    const Global* a = &globals->items[i - 1];
    const Global* b = &globals->items[i];
    if (strcmp(a->name, b->name) != 0 || a->set == b->set) continue;
    const char* first = options->bindings[a->set]->name;
    const char* second = options->bindings[b->set]->name;
    if (options->bindings[a->set] == options->bindings[b->set]) {
      return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option bindings: '%s' is given twice", first);
    }
    return cleat__error_new(CLEAT_ERROR_BAD_ARGUMENT, "option bindings: '%s' is in both '%s' and '%s'", a->name, first,
                            second);
  }
  return NULL;
}

CleatError* cleat__check_globals(const CleatOptions* options) {
  if (options->binding_count < 2) return NULL;
  Globals globals = {0};
  bool listed = true;
  for (; listed && globals.set < options->binding_count; globals.set++) {
    listed = cleat__visit_globals(options, options->bindings[globals.set], add, &globals);
  }
  if (listed && globals.count > 0) qsort(globals.items, globals.count, sizeof(Global), compare);
  CleatError* error =
      listed ? find_double(options, &globals) : cleat__error_new(CLEAT_ERROR_OUT_OF_MEMORY, "out of memory");
  free(globals.items);
  return error;
}
