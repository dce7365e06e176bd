// What a heap may point to, listed and described: one walk over bindings for each.
#include "references.h"

#include <stdlib.h>
#include <string.h>

// The whole of it is in the header.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "class.h"
#include "globals.h"

// LISTING

typedef CleatReferenceList List;

static void add(List* list, const void* address) {
  if (address != NULL) list->addresses[list->count++] = address;
}

static void add_native(List* list, CleatNative native) { add(list, (const void*)(uintptr_t)native); }

// At most three addresses each.
static void add_members(List* list, const CleatMember* members, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const CleatMember* member = &members[i];
    if (member->call == NULL) continue;
    add(list, member);
    add_native(list, member->call);
    add_native(list, member->set);
    if (member->fast != NULL) list->fast[list->fast_count++] = member->fast;
  }
}

static size_t count_members(const CleatBindings* set) {
  size_t count = set->global_count;
  for (size_t i = 0; i < set->class_count; i++) count += set->classes[i]->member_count + set->classes[i]->factory_count;
  for (size_t i = 0; i < set->namespace_count; i++) count += set->namespaces[i]->member_count;
  return count;
}

static void add_set(List* list, const CleatBindings* set) {
  for (size_t i = 0; i < set->class_count; i++) {
    const CleatClass* type = set->classes[i];
    add(list, type);
    add_members(list, type->members, type->member_count);
    add_members(list, type->factories, type->factory_count);
  }
  for (size_t i = 0; i < set->namespace_count; i++) {
    add(list, set->namespaces[i]);
    add_members(list, set->namespaces[i]->members, set->namespaces[i]->member_count);
  }
  add_members(list, set->globals, set->global_count);
  add(list, set->global_scope);
}

bool cleat__references_list(const CleatOptions* options, CleatReferenceList* out) {
  size_t members = 0;
  size_t descriptors = 0;
  for (size_t i = 0; i < options->binding_count; i++) {
    members += count_members(options->bindings[i]);
    descriptors += options->bindings[i]->class_count + options->bindings[i]->namespace_count + 1;
  }
  CleatNative natives[CLEAT_CLASS_NATIVES];
  cleat__class_natives(natives);
  *out = (List){
      .addresses = malloc((CLEAT_CLASS_NATIVES + descriptors + members * 3) * sizeof(void*)),
      .fast = malloc((members + 1) * sizeof(CleatFast*)),
  };
  if (out->addresses == NULL || out->fast == NULL) {
    cleat__references_free(out);
    return false;
  }
  for (size_t i = 0; i < CLEAT_CLASS_NATIVES; i++) add_native(out, natives[i]);
  for (size_t i = 0; i < options->binding_count; i++) add_set(out, options->bindings[i]);
  return true;
}

void cleat__references_free(CleatReferenceList* list) {
  free(list->addresses);
  free(list->fast);
}

// DESCRIBING. Each part has a hash of its own, which the processor works out beside that of the next one, as they are
// chained by a multiplication only. Lists begin with their lengths, and texts end with their NUL.

#define FACTOR UINT64_C(0x9E3779B97F4A7C15)

static void hash_bytes(uint64_t* hash, const void* bytes, size_t size) {
  *hash = *hash * FACTOR + XXH3_64bits(bytes, size);
}

static void hash_number(uint64_t* hash, uint64_t number) { hash_bytes(hash, &number, sizeof(number)); }

// No text of bindings begins with the byte that stands for NULL.
static void hash_text(uint64_t* hash, const char* text) {
  if (text == NULL) text = "\xFF";
  hash_bytes(hash, text, strlen(text) + 1);
}

static void hash_fast(uint64_t* hash, const CleatFast* fast) {
  hash_number(hash, (uint64_t)fast->result);
  hash_number(hash, (uint64_t)fast->argument_count);
  hash_bytes(hash, fast->arguments, (size_t)fast->argument_count * sizeof(fast->arguments[0]));
}

static void hash_bigint(uint64_t* hash, const CleatBigInt* bigint) {
  hash_number(hash, bigint->negative);
  hash_number(hash, bigint->count);
  if (bigint->count > 0) hash_bytes(hash, bigint->words, bigint->count * sizeof(bigint->words[0]));
}

// Without padding, so that its bytes are all that it is.
typedef struct Facts {
  uint32_t kind;
  uint32_t flags;
  uint32_t length;
  uint32_t is_there;
  double value;
} Facts;

static void hash_members(uint64_t* hash, const CleatOptions* options, const CleatMember* members, size_t count) {
  hash_number(hash, count);
  for (size_t i = 0; i < count; i++) {
    const CleatMember* member = &members[i];
    const unsigned is_there = (member->call != NULL) | (member->set != NULL) << 1 | (member->fast != NULL) << 2 |
                              (member->bigint != NULL) << 3 | cleat__is_granted(options, member->capability) << 4;
    const Facts facts = {member->kind, member->flags, (uint32_t)member->length, is_there, member->value};
    hash_text(hash, member->name);
    hash_bytes(hash, &facts, sizeof(facts));
    if (member->fast != NULL) hash_fast(hash, member->fast);
    if (member->bigint != NULL) hash_bigint(hash, member->bigint);
  }
}

static void hash_class(uint64_t* hash, const CleatOptions* options, const CleatClass* type) {
  hash_text(hash, type->name);
  hash_text(hash, type->parent == NULL ? NULL : type->parent->name);
  hash_text(hash, type->namespace_name);
  hash_number(hash, type->flags);
  hash_number(hash, (uint64_t)type->length);
  hash_number(hash, type->properties != NULL);
  hash_number(hash, cleat__is_granted(options, type->capability));
  hash_number(hash, type->alias_count);
  for (size_t i = 0; i < type->alias_count; i++) hash_text(hash, type->aliases[i]);
  hash_members(hash, options, type->members, type->member_count);
  hash_members(hash, options, type->factories, type->factory_count);
}

static void hash_set(uint64_t* hash, const CleatOptions* options, const CleatBindings* set) {
  hash_text(hash, set->name);
  hash_number(hash, set->class_count);
  for (size_t i = 0; i < set->class_count; i++) hash_class(hash, options, set->classes[i]);
  hash_number(hash, set->namespace_count);
  for (size_t i = 0; i < set->namespace_count; i++) {
    const CleatNamespace* it = set->namespaces[i];
    hash_text(hash, it->name);
    hash_number(hash, it->flags);
    hash_number(hash, cleat__is_granted(options, it->capability));
    hash_members(hash, options, it->members, it->member_count);
  }
  const CleatClass* scope = set->global_scope;
  bool named = scope != NULL && scope->properties != NULL && cleat__is_granted(options, scope->capability);
  hash_number(hash, named);
  hash_members(hash, options, set->globals, set->global_count);
}

uint64_t cleat__bindings_hash(const CleatOptions* options) {
  uint64_t hash = 0;
  hash_number(&hash, options->binding_count);
  hash_number(&hash, options->count_calls);
  for (size_t i = 0; i < options->binding_count; i++) hash_set(&hash, options, options->bindings[i]);
  return hash;
}
