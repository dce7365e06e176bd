// Indexed and named properties: Web IDL 3.9, legacy platform objects, over V8's interceptors.
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "convert.h"
#include "message.h"

// One access, with what all answers need.
typedef struct Question {
  CleatEnv* env;
  CleatFrame frame;
  CleatFrame* outer_frame;
  const CleatProperties* properties;
  const CleatAccess* access;
  void* object;
  CleatValue* key;   // a string; NULL for an index of an interface with indexed properties
  CleatString name;  // of it
  uint32_t index;
} Question;

static CleatValue* index_text(CleatEnv* env, uint32_t index) {
  return cleat__to_string(env->engine, cleat__number(env->engine, index));
}

// Returns whether what is asked is the named properties object of the global object, which that inherits from.
static bool is_of_global(const CleatAccess* access) {
  return cleat__class_inherits(access->data, &cleat_global_scope_class);
}

static void* object_of(const CleatAccess* access) {
  CleatEnv* env = access->host;
  return is_of_global(access) ? env->runtime : cleat_unwrap(env, access->holder, access->data);
}

// Returns the object that has the properties as far as scripts see.
static CleatValue* owner_of(const CleatAccess* access) {
  return is_of_global(access) ? cleat__global(((CleatEnv*)access->host)->engine) : access->holder;
}

// Begins to answer; false where there is nothing to be asked. An index is a name to interfaces without indexed
// properties.
static bool begin(Question* it, const CleatAccess* access, CleatKey key) {
  const CleatClass* type = access->data;
  CleatEnv* env = access->host;
  env->pending = false;
  *it = (Question){.env = env, .properties = type->properties, .access = access, .key = key.name, .index = key.index};
  it->object = object_of(access);
  if (it->object == NULL) return false;
  if (key.name == NULL) {
    if (it->properties->length != NULL) return true;
    it->key = index_text(env, key.index);
  }
  return it->properties->has_name != NULL && it->key != NULL;
}

// The part that needs memory; end() gives it back. False where an exception is pending: then there is no name.
static bool enter(Question* it) {
  cleat_frame_init(&it->frame);
  it->outer_frame = it->env->frame;
  it->env->frame = &it->frame;
  if (it->key == NULL || cleat__copy_string(it->env->engine, it->key, &it->frame, false, &it->name)) return true;
  cleat_throw_range(it->env, "out of memory");
  return false;
}

static void end(Question* it) {
  it->env->frame = it->outer_frame;
  cleat_frame_leave(&it->frame);
}

static bool is_supported_index(const Question* it) { return it->index < it->properties->length(it->env, it->object); }

// Refuses a change: a TypeError in strict code, silence in other.
static bool refuse(Question* it, const char* what) {
  if (!it->access->strict || it->env->pending) return true;
  const char* owner = ((const CleatClass*)it->access->data)->name;
  if (it->key == NULL) {
    cleat_throw_type(it->env, "Element %u of a %s cannot be %s", (unsigned)it->index, owner, what);
  } else {
    cleat_throw_type(it->env, "The property '%.100s' of a %s cannot be %s", it->name.data, owner, what);
  }
  return true;
}

// Refuses what would change a named properties object. Web IDL 3.7.4.2 and 3.7.4.3.
static bool is_fixed(const CleatAccess* access, const char* what) {
  if (!is_of_global(access)) return false;
  CleatEnv* env = access->host;
  env->pending = false;
  if (access->strict) cleat_throw_type(env, "A property of CleatGlobalScopeProperties cannot be %s", what);
  return true;
}

static bool has_own_real(Question* it) {
  bool has = false;
  cleat__ran(it->env, cleat__has_real_property(it->env->engine, owner_of(it->access), it->key, &has));
  return has;
}

// Web IDL "named property visibility algorithm".
static bool is_visible(Question* it) {
  if (!it->properties->has_name(it->env, it->object, it->name) || it->env->pending || has_own_real(it)) return false;
  if (it->properties->overrides) return !it->env->pending;
  CleatEngine* engine = it->env->engine;
  // Named properties objects do not count.
  CleatValue* prototype = cleat__prototype(engine, it->access->holder);
  while (!it->env->pending && cleat__is_object(prototype)) {
    bool has = false;
    if (!cleat__ran(it->env, cleat__has_own(engine, prototype, it->key, &has)) || has) return false;
    prototype = cleat__prototype(engine, prototype);
  }
  return !it->env->pending;
}

static bool is_called(const CleatMember* member, CleatString name) {
  return strlen(member->name) == name.length && memcmp(member->name, name.data, name.length) == 0;
}

// Web IDL "unforgeable property name".
static bool is_unforgeable(const Question* it) {
  const CleatClass* type = NULL;
  cleat__unwrap_any(it->env, it->access->holder, &type);
  for (; type != NULL; type = type->parent) {
    for (size_t i = 0; i < type->member_count; i++) {
      const CleatMember* member = &type->members[i];
      bool is_it = (member->flags & CLEAT_UNFORGEABLE) != 0 && is_called(member, it->name);
      if (is_it && cleat__env_grants(it->env, member->capability)) return true;
    }
  }
  return false;
}

// Whether 3.9.3 [[DefineOwnProperty]] looks at the interface before it looks at the object's own properties.
static bool is_defined_by_name(Question* it) {
  return it->properties->overrides ? !is_unforgeable(it) : !has_own_real(it);
}

// Web IDL "LegacyPlatformObjectGetOwnProperty".
static bool find(Question* it, CleatValue** value, int* attributes) {
  const CleatProperties* properties = it->properties;
  if (it->key == NULL) {
    if (!is_supported_index(it)) return false;
    *attributes = properties->set_index == NULL ? CLEAT_READ_ONLY : 0;
    if (value != NULL) *value = properties->get_index(it->env, it->object, it->index);
  } else {
    if (!is_visible(it)) return it->env->pending;
    *attributes = properties->set_name == NULL && !is_of_global(it->access) ? CLEAT_READ_ONLY : 0;
    if (properties->unenumerable) *attributes |= CLEAT_DONT_ENUM;
    if (value != NULL) *value = properties->get_name(it->env, it->object, it->name);
  }
  return value == NULL || *value != NULL;
}

static bool get(const CleatAccess* access, CleatKey key, CleatValue** value, int* attributes) {
  Question it;
  if (!begin(&it, access, key)) return false;
  *attributes = 0;
  bool found = enter(&it) && find(&it, value, attributes) && !it.env->pending;
  // V8 asks this, too, before it assigns to an object that inherits from this one, for which names do not count: 3.9.2
  // [[Set]], the steps after those for the object itself.
  if (it.key != NULL && !cleat__strict_equals(access->holder, access->receiver)) *attributes &= ~CLEAT_READ_ONLY;
  end(&it);
  return found;
}

bool cleat_check_property_name(CleatEnv* env, CleatString name) {
  CLEAT_CHECK_ENV(env);
  if (env->pending) return false;
  if (name.data == NULL || strlen(name.data) == name.length) return true;
  cleat_throw_type(env, "The name of the property has a NUL character");
  return false;
}

// Calls the setter of the key's kind; returns whether there is one.
static bool assign(Question* it, CleatValue* value) {
  CleatInput place = cleat__place(((const CleatClass*)it->access->data)->name);
  CleatInput input = {.env = it->env, .frame = &it->frame, .value = value, .outer = &place};
  if (it->key == NULL) {
    if (it->properties->set_index == NULL) return false;
    input.index = it->index;
    it->properties->set_index(it->env, it->object, it->index, &input);
  } else {
    if (it->properties->set_name == NULL) return false;
    input.member = it->name.data;
    it->properties->set_name(it->env, it->object, it->name, &input);
  }
  return true;
}

// Whether no property of the object's own can come of an assignment: 3.9.3 refuses it.
static bool is_taken(Question* it) {
  if (it->key == NULL || is_visible(it)) return true;
  return it->properties->overrides && it->properties->has_name(it->env, it->object, it->name) && !is_unforgeable(it);
}

// 3.9.2 [[Set]]. What V8 does with an object that has no such setter would make a property of its own.
static bool set(const CleatAccess* access, CleatKey key, CleatValue* value) {
  Question it;
  if (!cleat__strict_equals(access->holder, access->receiver)) return false;
  if (is_fixed(access, "assigned to")) return true;
  if (!begin(&it, access, key)) return false;
  // An index is a string, too, to a named setter that has no indexed one beside it.
  bool as_name = it.key == NULL && it.properties->set_index == NULL && it.properties->set_name != NULL;
  if (as_name) it.key = index_text(it.env, key.index);
  bool entered = enter(&it);
  bool answered = entered && assign(&it, value);
  if (entered && !answered && is_taken(&it)) answered = refuse(&it, "assigned to");
  end(&it);
  return answered || it.env->pending;
}

// 3.9.3 [[DefineOwnProperty]]
static bool define(const CleatAccess* access, CleatKey key, CleatValue* value) {
  Question it;
  if (is_fixed(access, "defined")) return true;
  if (!begin(&it, access, key)) return false;
  bool answered = false;
  if (enter(&it)) {
    bool mine = it.key == NULL || is_defined_by_name(&it);
    bool sets = it.key == NULL ? it.properties->set_index != NULL : it.properties->set_name != NULL;
    bool known = it.key == NULL || it.properties->has_name(it.env, it.object, it.name);
    if (mine && sets && value != NULL) {
      answered = assign(&it, value);
    } else if (mine && (sets || known)) {
      answered = refuse(&it, "defined");
    }
  }
  end(&it);
  return answered || it.env->pending;
}

// 3.9.4 [[Delete]]
static bool delete_found(Question* it, bool* removed) {
  if (it->key == NULL) {
    *removed = !is_supported_index(it);
  } else if (!is_visible(it)) {
    return it->env->pending;
  } else {
    *removed = it->properties->delete_name != NULL && it->properties->delete_name(it->env, it->object, it->name);
  }
  return *removed || refuse(it, "deleted");
}

static bool remove_property(const CleatAccess* access, CleatKey key, bool* removed) {
  Question it;
  *removed = false;
  if (is_fixed(access, "deleted")) return true;
  if (!begin(&it, access, key)) return false;
  bool answered = enter(&it) && delete_found(&it, removed);
  end(&it);
  return answered;
}

// 3.9.6 [[OwnPropertyKeys]]: what is asked for one by one, at most as many as an array can hold.
typedef struct Keys {
  CleatValue** items;
  size_t count;
  size_t capacity;
} Keys;

static bool add_key(Question* it, Keys* keys, CleatValue* key) {
  if (keys->count == keys->capacity) {
    size_t capacity = keys->capacity == 0 ? 16 : keys->capacity * 2;
    CleatValue** items = realloc(keys->items, capacity * sizeof(*items));
    if (items == NULL) {
      cleat_throw_range(it->env, "out of memory");
      return false;
    }
    keys->items = items;
    keys->capacity = capacity;
  }
  keys->items[keys->count++] = key;
  return true;
}

static void add_indices(Question* it, Keys* keys) {
  uint32_t length = it->properties->length(it->env, it->object);
  for (uint32_t i = 0; i < length; i++) {
    if (!add_key(it, keys, cleat__number(it->env->engine, i))) return;
  }
}

// Whether the name is that of a supported index, which the object has already.
static bool is_index(const Question* it) {
  if (it->properties->length == NULL || it->name.length == 0 || it->name.length > 10) return false;
  if (it->name.data[0] == '0' && it->name.length > 1) return false;
  uint64_t index = 0;
  for (size_t i = 0; i < it->name.length; i++) {
    if (it->name.data[i] < '0' || it->name.data[i] > '9') return false;
    index = index * 10 + (uint64_t)(it->name.data[i] - '0');
  }
  return index < it->properties->length(it->env, it->object);
}

static void add_names(Question* it, Keys* keys) {
  for (size_t i = 0; !it->env->pending && it->properties->name_at(it->env, it->object, i, &it->name); i++) {
    if (is_index(it)) continue;
    it->key = cleat_string(it->env, it->name);
    if (it->key != NULL && is_visible(it) && !add_key(it, keys, it->key)) return;
  }
}

static CleatValue* list_keys(const CleatAccess* access, bool indices) {
  const CleatClass* type = access->data;
  Question it = {.env = access->host, .properties = type->properties, .access = access};
  it.env->pending = false;
  it.object = object_of(access);
  if (it.object == NULL || (indices ? it.properties->length == NULL : it.properties->name_at == NULL)) return NULL;
  Keys keys = {NULL, 0, 0};
  if (indices) {
    add_indices(&it, &keys);
  } else {
    add_names(&it, &keys);
  }
  CleatValue* array = it.env->pending ? NULL : cleat__array(it.env->engine, keys.items, keys.count);
  free(keys.items);
  return array;
}

const CleatInterceptor cleat__properties = {get, set, define, remove_property, list_keys};
