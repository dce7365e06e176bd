// How often each member of the bindings is called, where that is asked for (CleatOptions.count_calls): then members are
// installed with a native function that counts and goes on to theirs, and without fast calls; otherwise nothing is
// between.
#include "count_calls.h"

#include <stdlib.h>

#include "globals.h"
#include "runtime.h"

typedef struct Counter {
  const void* key;  // the member, or the class of a constructor: what the function's data is
  CleatCallKind kind;
  const char* bindings;
  const char* owner;
  const char* name;
  atomic_ullong count;  // written on the JavaScript thread
} Counter;

struct CleatCallCounters {
  size_t length;
  Counter** by_key;  // sorted, for finding
  Counter items[];   // in the order of the IDL
};

// MAKING

// Lists what is counted; with `out` NULL only how much that is.
typedef struct Lister {
  const CleatOptions* options;
  const CleatBindings* set;
  Counter* out;
  size_t length;
} Lister;

static void list(Lister* lister, const void* key, CleatCallKind kind, const char* owner, const char* name) {
  if (lister->out != NULL) {
    lister->out[lister->length] =
        (Counter){.key = key, .kind = kind, .bindings = lister->set->name, .owner = owner, .name = name};
  }
  lister->length++;
}

static void list_members(Lister* lister, const CleatMember* members, size_t count, const char* owner) {
  for (size_t i = 0; i < count; i++) {
    const CleatMember* member = &members[i];
    if (!cleat__is_granted(lister->options, member->capability)) continue;
    if (member->kind == CLEAT_OPERATION) list(lister, member, CLEAT_CALL_OPERATION, owner, member->name);
    if (member->kind != CLEAT_ATTRIBUTE) continue;
    list(lister, member, CLEAT_CALL_GET, owner, member->name);
    if (member->set != NULL) list(lister, member, CLEAT_CALL_SET, owner, member->name);
  }
}

static void list_class(Lister* lister, const CleatClass* type) {
  if (!cleat__is_granted(lister->options, type->capability)) return;
  if (type->construct != NULL) list(lister, type, CLEAT_CALL_CONSTRUCT, type->name, type->name);
  for (size_t i = 0; i < type->factory_count; i++) {
    list(lister, &type->factories[i], CLEAT_CALL_CONSTRUCT, type->name, type->factories[i].name);
  }
  list_members(lister, type->members, type->member_count, type->name);
}

static size_t list_all(const CleatOptions* options, Counter* out) {
  Lister lister = {.options = options, .out = out};
  for (size_t i = 0; i < options->binding_count; i++) {
    const CleatBindings* set = lister.set = options->bindings[i];
    for (size_t j = 0; j < set->class_count; j++) list_class(&lister, set->classes[j]);
    for (size_t j = 0; j < set->namespace_count; j++) {
      const CleatNamespace* it = set->namespaces[j];
      if (cleat__is_granted(options, it->capability)) list_members(&lister, it->members, it->member_count, it->name);
    }
    list_members(&lister, set->globals, set->global_count, NULL);
  }
  return lister.length;
}

static int compare(const void* key, CleatCallKind kind, const Counter* counter) {
  if (key != counter->key) return (uintptr_t)key < (uintptr_t)counter->key ? -1 : 1;
  return (kind > counter->kind) - (kind < counter->kind);
}

static int compare_two(const void* left, const void* right) {
  const Counter* a = *(Counter* const*)left;
  return compare(a->key, a->kind, *(Counter* const*)right);
}

bool cleat__call_counters_open(CleatRuntime* runtime) {
  const CleatOptions* options = &runtime->options;
  if (!options->count_calls) return true;
  size_t length = list_all(options, NULL);
  CleatCallCounters* all = calloc(1, sizeof(CleatCallCounters) + length * sizeof(Counter));
  Counter** by_key = malloc((length + 1) * sizeof(Counter*));
  if (all == NULL || by_key == NULL) {
    free(all);
    free(by_key);
    return false;
  }
  list_all(options, all->items);
  for (size_t i = 0; i < length; i++) by_key[i] = &all->items[i];
  qsort(by_key, length, sizeof(Counter*), compare_two);
  all->length = length;
  all->by_key = by_key;
  runtime->call_counters = all;
  return true;
}

void cleat__call_counters_free(CleatRuntime* runtime) {
  if (runtime->call_counters != NULL) free(runtime->call_counters->by_key);
  free(runtime->call_counters);
}

// COUNTING

static void count(CleatCall* call, const void* key, CleatCallKind kind) {
  CleatEnv* env = cleat__call_host(call);
  CleatCallCounters* all = env->runtime->call_counters;
  for (size_t low = 0, high = all->length; low < high;) {
    size_t middle = low + (high - low) / 2;
    int order = compare(key, kind, all->by_key[middle]);
    if (order == 0) {
      cleat__count(&all->by_key[middle]->count, 1);
      return;
    }
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
}

void cleat__count_operation(CleatCall* call) { count(call, cleat__call_data(call), CLEAT_CALL_OPERATION); }
void cleat__count_get(CleatCall* call) { count(call, cleat__call_data(call), CLEAT_CALL_GET); }
void cleat__count_set(CleatCall* call) { count(call, cleat__call_data(call), CLEAT_CALL_SET); }
void cleat__count_construct(CleatCall* call) { count(call, cleat__call_data(call), CLEAT_CALL_CONSTRUCT); }

// TELLING

size_t cleat_call_counts(const CleatRuntime* runtime, CleatCallCount* out, size_t capacity) {
  CLEAT_CHECK_RUNTIME(runtime);
  const CleatCallCounters* all = runtime->call_counters;
  if (all == NULL) return 0;
  for (size_t i = 0; i < all->length && i < capacity; i++) {
    const Counter* it = &all->items[i];
    unsigned long long count = atomic_load_explicit(&it->count, memory_order_relaxed);
    out[i] = (CleatCallCount){it->bindings, it->owner, it->name, it->kind, count};
  }
  return all->length;
}
