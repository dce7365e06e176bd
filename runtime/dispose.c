// Symbol.dispose and Symbol.asyncDispose, the well-known symbols of ECMAScript's explicit resource management, in
// engines that have none: there they are defined for bindings that need them, as the engine would, and for those alone.
#include "attach.h"
#include "class.h"

// In the order of `async`. They are kept as private properties of the global object, which scripts cannot change.
static const struct {
  const char* name;
  const char* description;
} kSymbols[] = {{"dispose", "Symbol.dispose"}, {"asyncDispose", "Symbol.asyncDispose"}};

// Returns what Symbol has under `name`, the engine's own or what somebody has defined before; or defines it. [throws]
static CleatValue* find_or_define(CleatEnv* env, CleatValue* symbols, const char* name, const char* description) {
  CleatEngine* engine = env->engine;
  CleatValue* key = cleat__interned(engine, name);
  CleatValue* known = cleat__get_own_data(engine, symbols, key);
  if (known != NULL && cleat__type(known) == CLEAT_TYPE_SYMBOL) return known;
  CleatValue* made = cleat__symbol(engine, description);
  int attributes = CLEAT_READ_ONLY | CLEAT_DONT_ENUM | CLEAT_DONT_DELETE;
  if (!cleat__attachment_changes(env, symbols, key, &attributes)) return NULL;
  return cleat__define(engine, symbols, key, made, attributes) ? made : NULL;
}

bool cleat__dispose_open(CleatEnv* env) {
  CleatEngine* engine = env->engine;
  CleatValue* global = cleat__global(engine);
  CleatValue* symbols = cleat__get(engine, global, cleat__interned(engine, "Symbol"));
  if (symbols == NULL) return false;
  for (int i = 0; i < 2; i++) {
    CleatValue* symbol = cleat__is_object(symbols)
                             ? find_or_define(env, symbols, kSymbols[i].name, kSymbols[i].description)
                             : cleat__symbol(engine, kSymbols[i].description);
    if (symbol == NULL || !cleat__private_set(engine, global, kSymbols[i].description, symbol)) return false;
  }
  return true;
}

// Of classes that C uses without having their bindings installed, it is found, or made, when the first one is used.
CleatValue* cleat__symbol_dispose(CleatEnv* env, bool async) {
  CleatValue* global = cleat__global(env->engine);
  CleatValue* symbol = cleat__private_get(env->engine, global, kSymbols[async].description);
  if (symbol == NULL || cleat__type(symbol) == CLEAT_TYPE_SYMBOL) return symbol;
  return cleat__dispose_open(env) ? cleat__private_get(env->engine, global, kSymbols[async].description) : NULL;
}
