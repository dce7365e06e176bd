// Observable arrays: Web IDL 3.10, "observable array exotic objects". Each is a proxy whose handler only this file
// knows; the handler keeps the object that it is of, and the backing list, an Array that no script sees.
#include "class.h"
#include "convert.h"
#include "message.h"

static const char kList[] = "list";
static const char kObject[] = "object";

// The internal methods of the proxy's target, as Reflect had them before scripts could change it.
static const char* const kMethods[] = {
    "defineProperty", "deleteProperty", "get", "getOwnPropertyDescriptor", "has", "ownKeys", "set",
};

bool cleat__observables_open(CleatEnv* env) {
  CleatEngine* engine = env->engine;
  CleatValue* global = cleat__global(engine);
  CleatValue* reflect = cleat__get(engine, global, cleat__interned(engine, "Reflect"));
  for (size_t i = 0; reflect != NULL && i < sizeof(kMethods) / sizeof(kMethods[0]); i++) {
    CleatValue* method = cleat__get(engine, reflect, cleat__interned(engine, kMethods[i]));
    if (method == NULL || !cleat__private_set(engine, global, kMethods[i], method)) return false;
  }
  return reflect != NULL;
}

// One call of a trap: `this` is the handler.
typedef struct Trap {
  CleatCall* call;
  CleatEnv* env;
  CleatFrame* frame;
  const CleatObservable* type;
  CleatValue* object;  // the wrapper
  CleatValue* list;
} Trap;

static bool begin(Trap* it, CleatCall* call, CleatFrame* frame) {
  if (cleat_ends(call)) return false;
  CleatEnv* env = cleat_enter(call, frame);
  *it = (Trap){.call = call, .env = env, .frame = frame, .type = cleat__call_data(call)};
  it->object = cleat__private_get(env->engine, cleat__this(call), kObject);
  it->list = it->object == NULL ? NULL : cleat__private_get(env->engine, cleat__this(call), kList);
  return cleat__ran(env, it->list != NULL);
}

// What the trap does with keys that are neither `length` nor an index: the same, with the target.
static void pass_on(Trap* it, const char* method, size_t count) {
  CleatEngine* engine = it->env->engine;
  CleatValue* function = cleat__private_get(engine, cleat__global(engine), method);
  CleatValue* arguments[4];
  for (size_t i = 0; i < count; i++) arguments[i] = cleat__arg(it->call, (int)i);
  CleatValue* result =
      function == NULL ? NULL : cleat__call(engine, function, cleat__undefined(engine), count, arguments);
  if (cleat__ran(it->env, result != NULL)) cleat__return(it->call, result);
}

static bool is_length(Trap* it, CleatValue* key) {
  return cleat__strict_equals(key, cleat__interned(it->env->engine, "length"));
}

static CleatInput element_of(const Trap* it, const CleatInput* place, uint32_t index, CleatValue* value) {
  return (CleatInput){.env = it->env, .frame = it->frame, .value = value, .outer = place, .index = index};
}

// THE LIST

static bool put(CleatEnv* env, CleatValue* list, uint32_t index, CleatValue* value) {
  return cleat__ran(env, cleat__define_index(env->engine, list, index, value));
}

static bool set_length(CleatEnv* env, CleatValue* list, uint32_t length) {
  CleatEngine* engine = env->engine;
  return cleat__ran(env, cleat__set(engine, list, cleat__interned(engine, "length"), cleat__number(engine, length)));
}

// Calls a hook with an element, while nothing else may have changed the list: a hook may run scripts that do.
static bool tell(Trap* it, bool (*hook)(CleatEnv*, void*, size_t, const CleatInput*), uint32_t index,
                 CleatValue* value) {
  void* object = cleat_unwrap(it->env, it->object, it->type->type);
  CleatInput place = cleat__place(it->type->key);
  CleatInput input = element_of(it, &place, index, value);
  if (object == NULL) {
    const CleatClass* disposed;
    bool was_disposed = cleat__is_disposed(it->env, it->object, &disposed);
    cleat_throw_type(it->env, "The %s %s", it->type->type->name, was_disposed ? "was disposed" : "is gone");
    return false;
  }
  return hook(it->env, object, index, &input) && !it->env->pending;
}

static CleatValue* element(Trap* it, uint32_t index) {
  CleatValue* value = cleat__get_index(it->env->engine, it->list, index);
  cleat__ran(it->env, value != NULL);
  return value;
}

// Has the last element deleted.
static bool remove_last(Trap* it) {
  uint32_t last = cleat__array_length(it->list) - 1;
  CleatValue* value = element(it, last);
  if (value == NULL || !tell(it, it->type->remove, last, value)) return false;
  return cleat__array_length(it->list) <= last || set_length(it->env, it->list, last);
}

// Web IDL "set the length". Stores in `done` whether it is: it can only be made less.
static bool change_length(Trap* it, CleatValue* wanted, bool* done) {
  CleatEngine* engine = it->env->engine;
  double first, second;
  if (!cleat__ran(it->env, cleat__to_number(engine, wanted, &first))) return false;  // ToUint32
  if (!cleat__ran(it->env, cleat__to_number(engine, wanted, &second))) return false;
  uint32_t length = (uint32_t)cleat_fast_modulo(first);
  if ((double)length != second) {
    cleat_throw_range(it->env, "Failed to set the length of '%s': it is not that of an array", it->type->key);
    return false;
  }
  *done = length <= cleat__array_length(it->list);
  while (*done && cleat__array_length(it->list) > length) {
    if (!remove_last(it)) return false;
  }
  return true;
}

// Web IDL "set the indexed value". Stores in `done` whether it is: there are no holes.
static bool change_element(Trap* it, uint32_t index, CleatValue* value, bool* done) {
  uint32_t length = cleat__array_length(it->list);
  *done = index <= length;
  if (!*done) return true;
  CleatInput place = cleat__place(it->type->key);
  CleatInput input = element_of(it, &place, index, value);
  CleatValue* converted = it->type->convert(it->env, &input);
  if (converted == NULL) return false;
  if (index < cleat__array_length(it->list)) {
    CleatValue* old = element(it, index);
    if (old == NULL || !tell(it, it->type->remove, index, old)) return false;
  }
  if (!tell(it, it->type->set, index, converted)) return false;
  // What a hook's script has taken away leaves no hole either.
  *done = index <= cleat__array_length(it->list);
  return !*done || put(it->env, it->list, index, converted);
}

// THE TRAPS

static CleatValue* field(Trap* it, const char* name) {
  CleatValue* key = cleat__interned(it->env->engine, name);
  CleatValue* value = cleat__get(it->env->engine, cleat__arg(it->call, 2), key);
  cleat__ran(it->env, value != NULL);
  return value;
}

static bool has_field(Trap* it, const char* name, bool* has) {
  CleatValue* key = cleat__interned(it->env->engine, name);
  return cleat__ran(it->env, cleat__has(it->env->engine, cleat__arg(it->call, 2), key, has));
}

// Stores in `allowed` whether a flag of the property's descriptor is left out, or what it has to be.
static bool check_flag(Trap* it, const char* name, bool wanted, bool* allowed) {
  bool has;
  if (!has_field(it, name, &has)) return false;
  CleatValue* value = has ? field(it, name) : NULL;
  if (has && value == NULL) return false;
  *allowed = *allowed && (!has || cleat__boolean_value(it->env->engine, value) == wanted);
  return true;
}

// Of `length`, which is neither enumerable nor configurable, or of an index, which is both.
static bool check_descriptor(Trap* it, bool open, bool* allowed) {
  bool has_get, has_set;
  if (!has_field(it, "get", &has_get) || !has_field(it, "set", &has_set)) return false;
  *allowed = !has_get && !has_set;
  return check_flag(it, "configurable", open, allowed) && check_flag(it, "enumerable", open, allowed) &&
         check_flag(it, "writable", true, allowed);
}

static void js_define_property(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  uint32_t index;
  CleatValue* key = cleat__arg(call, 1);
  bool length = is_length(&it, key);
  if (!length && !cleat__array_index(it.env->engine, key, &index)) {
    pass_on(&it, "defineProperty", 3);
    return;
  }
  bool done = false, has = false;
  if (!check_descriptor(&it, !length, &done) || (done && !has_field(&it, "value", &has))) return;
  if (done && has) {
    CleatValue* value = field(&it, "value");
    if (value == NULL) return;
    if (!(length ? change_length(&it, value, &done) : change_element(&it, index, value, &done))) return;
  }
  cleat__return_boolean(call, done);
}

static void js_delete_property(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  uint32_t index;
  if (is_length(&it, cleat__arg(call, 1))) {
    cleat__return_boolean(call, false);
  } else if (!cleat__array_index(it.env->engine, cleat__arg(call, 1), &index)) {
    pass_on(&it, "deleteProperty", 2);
  } else if (index + 1 != cleat__array_length(it.list)) {
    cleat__return_boolean(call, false);
  } else if (remove_last(&it)) {
    cleat__return_boolean(call, true);
  }
}

static void js_get(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  uint32_t index;
  if (is_length(&it, cleat__arg(call, 1))) {
    cleat__return_uint32(call, cleat__array_length(it.list));
  } else if (!cleat__array_index(it.env->engine, cleat__arg(call, 1), &index)) {
    pass_on(&it, "get", 3);
  } else if (index < cleat__array_length(it.list)) {
    cleat_return(call, element(&it, index));
  }
}

// FromPropertyDescriptor of a writable data property.
static void return_descriptor(Trap* it, CleatValue* value, bool open) {
  CleatEnv* env = it->env;
  CleatValue* descriptor = cleat__object(env->engine);
  CleatValue* flag = cleat__boolean(env->engine, open);
  cleat_define(env, descriptor, "value", value);
  cleat_define(env, descriptor, "writable", cleat__boolean(env->engine, true));
  cleat_define(env, descriptor, "enumerable", flag);
  cleat_define(env, descriptor, "configurable", flag);
  if (!env->pending) cleat__return(it->call, descriptor);
}

static void js_get_own_property_descriptor(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  uint32_t index;
  if (is_length(&it, cleat__arg(call, 1))) {
    return_descriptor(&it, cleat__number(it.env->engine, cleat__array_length(it.list)), false);
  } else if (!cleat__array_index(it.env->engine, cleat__arg(call, 1), &index)) {
    pass_on(&it, "getOwnPropertyDescriptor", 2);
  } else if (index < cleat__array_length(it.list)) {
    return_descriptor(&it, element(&it, index), true);
  }
}

static void js_has(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  uint32_t index;
  if (is_length(&it, cleat__arg(call, 1))) {
    cleat__return_boolean(call, true);
  } else if (!cleat__array_index(it.env->engine, cleat__arg(call, 1), &index)) {
    pass_on(&it, "has", 2);
  } else {
    cleat__return_boolean(call, index < cleat__array_length(it.list));
  }
}

static void js_own_keys(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  CleatEngine* engine = it.env->engine;
  uint32_t length = cleat__array_length(it.list);
  CleatValue* others = cleat__own_property_keys(engine, cleat__arg(call, 0));
  if (!cleat__ran(it.env, others != NULL)) return;
  uint32_t more = cleat__array_length(others);
  CleatValue** keys = cleat_allocate(it.env, ((size_t)length + more + 1) * sizeof(CleatValue*));
  if (keys == NULL) return;
  for (uint32_t i = 0; i < length; i++) keys[i] = cleat__to_string(engine, cleat__number(engine, i));
  for (uint32_t i = 0; i < more; i++) keys[length + i] = cleat__get_index(engine, others, i);
  cleat_return(call, cleat_array_of(it.env, keys, (size_t)length + more));
}

static void js_prevent_extensions(CleatCall* call) { cleat__return_boolean(call, false); }

static void js_set(CleatCall* call) {
  CLEAT_FRAME(frame);
  Trap it;
  if (!begin(&it, call, &frame)) return;
  uint32_t index;
  bool done;
  CleatValue* value = cleat__arg(call, 2);
  if (is_length(&it, cleat__arg(call, 1))) {
    if (change_length(&it, value, &done)) cleat__return_boolean(call, done);
  } else if (!cleat__array_index(it.env->engine, cleat__arg(call, 1), &index)) {
    pass_on(&it, "set", 4);
  } else if (change_element(&it, index, value, &done)) {
    cleat__return_boolean(call, done);
  }
}

// CREATION

static bool add_trap(CleatEnv* env, CleatValue* handler, const CleatObservable* type, const char* name, int length,
                     CleatNative trap) {
  CleatValue* function = cleat__function(env->engine, "", length, trap, type);
  return function != NULL && cleat__define(env->engine, handler, cleat__interned(env->engine, name), function, 0);
}

// Web IDL "create an observable array exotic object". NULL, and an exception that has not been noted.
static CleatValue* create(CleatEnv* env, const CleatObservable* type, CleatValue* object) {
  CleatEngine* engine = env->engine;
  CleatValue* handler = cleat__null_object(engine);
  CleatValue* list = cleat__array(engine, NULL, 0);
  CleatValue* target = cleat__array(engine, NULL, 0);
  bool ok = list != NULL && target != NULL && cleat__private_set(engine, handler, kList, list) &&
            cleat__private_set(engine, handler, kObject, object) &&
            add_trap(env, handler, type, "defineProperty", 3, js_define_property) &&
            add_trap(env, handler, type, "deleteProperty", 2, js_delete_property) &&
            add_trap(env, handler, type, "get", 3, js_get) &&
            add_trap(env, handler, type, "getOwnPropertyDescriptor", 2, js_get_own_property_descriptor) &&
            add_trap(env, handler, type, "has", 2, js_has) && add_trap(env, handler, type, "ownKeys", 1, js_own_keys) &&
            add_trap(env, handler, type, "preventExtensions", 0, js_prevent_extensions) &&
            add_trap(env, handler, type, "set", 4, js_set);
  return ok ? cleat__proxy(engine, target, handler) : NULL;
}

// Returns the observable array of `object`, a wrapper; made on first use. [throws]
static CleatValue* array_of(CleatEnv* env, const CleatObservable* type, CleatValue* object) {
  const char* key = type->slot != NULL ? type->slot : type->key;
  CleatValue* array = cleat__private_get(env->engine, object, key);
  if (array != NULL && cleat__is_undefined(array)) {
    array = create(env, type, object);
    if (array != NULL && !cleat__private_set(env->engine, object, key, array)) array = NULL;
  }
  cleat__ran(env, array != NULL);
  return array;
}

static CleatValue* list_of(CleatEnv* env, CleatValue* array) {
  CleatValue* list = cleat__private_get(env->engine, cleat__proxy_handler(array), kList);
  cleat__ran(env, list != NULL);
  return list;
}

void cleat_return_observable(CleatCall* call, const CleatObservable* type) {
  if (cleat_this(call, type->type) == NULL) return;
  cleat_return(call, array_of(cleat_env(call), type, cleat__this(call)));
}

// Converts the whole of what is assigned, before anything changes. [js]
static bool convert_all(const CleatInput* input, const CleatObservable* type, CleatValueSequence* out) {
  CleatIteration iteration;
  if (!cleat_iterate(input, sizeof(CleatValue*), &iteration)) return false;
  while (cleat_iterate_next(&iteration)) {
    CleatValue* converted = type->convert(input->env, &iteration.element);
    if (converted == NULL) return false;
    *(CleatValue**)iteration.slot = converted;
  }
  return cleat_iterate_end(&iteration, (void**)&out->items, &out->length);
}

// Web IDL "attribute setter", the steps for an observable array type.
void cleat_assign_observable(CleatCall* call, const CleatObservable* type) {
  if (cleat_this(call, type->type) == NULL) return;
  CLEAT_FRAME(frame);
  CleatEnv* env = cleat_enter(call, &frame);
  CleatInput input = cleat_assigned(call, &frame);
  CleatValueSequence values;
  if (!convert_all(&input, type, &values)) return;
  CleatValue* object = cleat__this(call);
  CleatValue* array = array_of(env, type, object);
  CleatValue* list = array == NULL ? NULL : list_of(env, array);
  if (list == NULL) return;
  Trap it = {.call = call, .env = env, .frame = &frame, .type = type, .object = object, .list = list};
  while (cleat__array_length(list) > 0) {
    if (!remove_last(&it)) return;
  }
  for (size_t i = 0; i < values.length; i++) {
    if (!tell(&it, type->set, (uint32_t)i, values.items[i])) return;
    if (!put(env, list, cleat__array_length(list), values.items[i])) return;
  }
}

// FROM C

static CleatValue* list_of_native(CleatEnv* env, const CleatObservable* type, void* object) {
  CleatValue* wrapper = cleat_wrap(env, type->type, object);
  CleatValue* array = wrapper == NULL ? NULL : array_of(env, type, wrapper);
  return array == NULL ? NULL : list_of(env, array);
}

bool cleat_observable_append(CleatEnv* env, const CleatObservable* type, void* object, CleatValue* value) {
  CLEAT_CHECK_ENV(env);
  CleatValue* list = value == NULL ? NULL : list_of_native(env, type, object);
  return list != NULL && put(env, list, cleat__array_length(list), value);
}

bool cleat_observable_clear(CleatEnv* env, const CleatObservable* type, void* object) {
  CLEAT_CHECK_ENV(env);
  CleatValue* list = list_of_native(env, type, object);
  return list != NULL && set_length(env, list, 0);
}
