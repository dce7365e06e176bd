// The hooks of the sets.
#include <stdlib.h>
#include <string.h>

#include "scope_entries.h"
#include "scope_items.h"
#include "scope_names.h"
#include "scope_pairs.h"
#include "scope_steps.h"

// PAIRS

bool scope_pairs_pair_at(size_t index, CleatString* key, int32_t* value) {
  *key = index == 0 ? CLEAT_STRING("first") : CLEAT_STRING("second");
  *value = (int32_t)index + 1;
  return index < 2;
}

bool scope_pairs_has_named(CleatEnv* env, CleatString name) {
  (void)env;
  return strcmp(name.data, "mine") == 0 || strcmp(name.data, "both") == 0;
}
CleatValue* scope_pairs_get_named(CleatEnv* env, CleatString name) {
  (void)name;
  return cleat_string(env, CLEAT_STRING("of pairs"));
}

void scope_pairs_hidden_too(void) {}

// ENTRIES

void scope_entries_put(CleatEnv* env, CleatString key, int32_t value) { scope_entries_set_entry(env, key, value); }
bool scope_entries_drop(CleatEnv* env, CleatString key) { return scope_entries_delete_entry(env, key); }
void scope_entries_drop_all(CleatEnv* env) { scope_entries_clear_entries(env); }

// ITEMS

void scope_items_include(CleatEnv* env, int32_t value) { scope_items_add_entry(env, value); }

// NAMES

bool scope_names_has_named(CleatEnv* env, CleatString name) {
  (void)env;
  return strcmp(name.data, "theirs") == 0 || strcmp(name.data, "both") == 0;
}
CleatValue* scope_names_get_named(CleatEnv* env, CleatString name) {
  (void)name;
  return cleat_string(env, CLEAT_STRING("of names"));
}
void scope_names_hidden(void) {}

// STEPS

struct ScopeStepsAsyncIterator {
  int32_t at;
};

static const char* left = "";

ScopeStepsAsyncIterator* scope_steps_async_iterator_new(int32_t from) {
  ScopeStepsAsyncIterator* self = malloc(sizeof(*self));
  if (self != NULL) self->at = from;
  return self;
}
void scope_steps_async_iterator_next(ScopeStepsAsyncIterator* iterator, ScopeStepsNextPromise* promise) {
  if (iterator->at < 3) {
    scope_steps_next_promise_resolve(promise, iterator->at++);
  } else {
    scope_steps_next_promise_end(promise);
  }
}
void scope_steps_async_iterator_return(ScopeStepsAsyncIterator* iterator, CleatValue* value,
                                       CleatUndefinedPromise* promise) {
  (void)iterator;
  (void)value;
  left = "left";
  cleat_undefined_promise_resolve(promise);
}
void scope_steps_async_iterator_finalize(ScopeStepsAsyncIterator* iterator) { free(iterator); }
CleatString scope_steps_left(void) { return (CleatString){left, strlen(left)}; }
