// The hooks of scope.idl.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"

static char told[512];

static void tell(const char* text) { strncat(told, text, sizeof(told) - strlen(told) - 1); }

// VALUES

struct ScopeTools {
  int unused;
};

ScopeTools* scope_tools_new(void) { return calloc(1, sizeof(ScopeTools)); }
void scope_tools_finalize(ScopeTools* self) { free(self); }

uint32_t scope_tools_count(ScopeTools* self, CleatRuntime* scope, CleatGlobalScopeOrStringUnionSequence others,
                           const ScopeOptions* options) {
  (void)self;
  uint32_t count = (scope != NULL) + (options->scope != NULL);
  for (size_t i = 0; i < others.length; i++) {
    count += others.items[i].tag == CLEAT_GLOBAL_SCOPE_OR_STRING_GLOBAL_SCOPE;
  }
  return count;
}

CleatRuntime* scope_tools_scope(CleatEnv* env, ScopeTools* self, bool any) {
  (void)self;
  return any ? cleat_runtime(env) : NULL;
}

CleatRuntime* scope_tools_other(ScopeTools* self) { return (CleatRuntime*)self; }

void scope_tools_later(CleatEnv* env, ScopeTools* self, ScopeGlobalScopePromise* promise) {
  (void)self;
  scope_global_scope_promise_resolve(env, promise, cleat_runtime(env));
}

CleatRuntime* scope_get_scope_itself(CleatEnv* env) { return cleat_runtime(env); }

// MEMBERS

static int32_t hidden;

int32_t scope_get_scope_fixed(void) { return 5; }
int32_t scope_get_scope_fixed_too(void) { return 6; }
int32_t scope_scope_twice(int32_t value) { return (int32_t)((uint32_t)value * 2); }
int32_t scope_get_scope_hidden(void) { return hidden; }
void scope_set_scope_hidden(int32_t value) { hidden = value; }

void scope_set_scope_numbers(size_t index, int32_t value) {
  char text[64];
  snprintf(text, sizeof(text), "set %zu %d;", index, value);
  tell(text);
}

void scope_delete_scope_numbers(size_t index, int32_t value) {
  char text[64];
  snprintf(text, sizeof(text), "delete %zu %d;", index, value);
  tell(text);
}

void scope_append_scope_number(CleatEnv* env, int32_t value) { scope_append_scope_numbers(env, value); }

CleatString scope_scope_told(void) {
  static char copy[sizeof(told)];
  strcpy(copy, told);
  told[0] = '\0';
  return (CleatString){copy, strlen(copy)};
}

// NAMES

static const char* const kNames[] = {"scopeOne", "scopeTwo", "scopeThrows", "Math", "12", "scopeTwice", "scopeShadow"};

bool scope_has_named(CleatEnv* env, CleatString name) {
  (void)env;
  for (size_t i = 0; i < sizeof(kNames) / sizeof(kNames[0]); i++) {
    if (strcmp(kNames[i], name.data) == 0) return true;
  }
  return false;
}

CleatValue* scope_get_named(CleatEnv* env, CleatString name) {
  tell(name.data);
  tell(";");
  if (strcmp(name.data, "scopeThrows") == 0) cleat_throw_error(env, "it throws");
  return cleat_string(env, name);
}
