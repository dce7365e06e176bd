// The hooks of exact.idl: they keep what they are given, and overloads tell which they are.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"

static CleatString string_of(const char* text) { return (CleatString){text, strlen(text)}; }

// ORDERED

struct Ordered {
  int32_t first;
};
Ordered* ordered_new(void) { return calloc(1, sizeof(Ordered)); }
void ordered_finalize(Ordered* self) { free(self); }
void ordered_last(Ordered* self) { (void)self; }
int32_t ordered_get_first(Ordered* self) { return self->first; }
void ordered_set_first(Ordered* self, int32_t first) { self->first = first; }
void ordered_third(Ordered* self) { (void)self; }
void ordered_of_all(void) {}
int32_t ordered_get_own(Ordered* self) { return self->first; }
bool ordered_pair_at(Ordered* self, size_t index, CleatString* key, int32_t* value) {
  *key = CLEAT_STRING("key");
  *value = self->first;
  return index == 0;
}
int32_t ordered_get_shared(void) { return 0; }
void ordered_set_shared(int32_t shared) { (void)shared; }
int32_t ordered_get_second(Ordered* self) { return self->first; }
void ordered_own_too(Ordered* self) { (void)self; }
CleatString ordered_to_string(Ordered* self) {
  (void)self;
  return CLEAT_STRING("ordered");
}

struct OrderedMore {
  Ordered base;
};
OrderedMore* ordered_more_new(void) { return calloc(1, sizeof(OrderedMore)); }
void ordered_more_finalize(OrderedMore* self) { free(self); }
int32_t ordered_more_get_mine(OrderedMore* self) { return self->base.first; }

struct OrderedRow {
  int unused;
};
OrderedRow* ordered_row_new(void) { return calloc(1, sizeof(OrderedRow)); }
void ordered_row_finalize(OrderedRow* self) { free(self); }
int32_t ordered_row_item(OrderedRow* self, uint32_t index) {
  (void)self;
  return (int32_t)index;
}
uint32_t ordered_row_get_length(OrderedRow* self) {
  (void)self;
  return 2;
}

struct OrderedLater {
  int unused;
};
struct OrderedLaterAsyncIterator {
  int unused;
};
OrderedLater* ordered_later_new(void) { return calloc(1, sizeof(OrderedLater)); }
void ordered_later_finalize(OrderedLater* self) { free(self); }
OrderedLaterAsyncIterator* ordered_later_async_iterator_new(OrderedLater* self) {
  (void)self;
  return calloc(1, sizeof(OrderedLaterAsyncIterator));
}
void ordered_later_async_iterator_next(OrderedLater* self, OrderedLaterAsyncIterator* iterator,
                                       OrderedLaterNextPromise* promise) {
  (void)self;
  (void)iterator;
  ordered_later_next_promise_end(promise);
}
void ordered_later_async_iterator_finalize(OrderedLaterAsyncIterator* iterator) { free(iterator); }
void ordered_later_stop(OrderedLater* self) { (void)self; }
int32_t ordered_later_get_value(OrderedLater* self) {
  (void)self;
  return 0;
}

void in_order_f(void) {}
int32_t in_order_get_value(void) { return 0; }

// SETTERS

struct Setters {
  Fruit fruit, produce;
  OptionalFruit maybe;
  FruitOrLong either;
  CleatOptionalOctet limited;
  bool flag;
  char text[32];
  Setters* other;
};
static Fruit common;

Setters* setters_new(void) { return calloc(1, sizeof(Setters)); }
void setters_finalize(Setters* self) { free(self); }
Fruit setters_get_fruit(Setters* self) { return self->fruit; }
void setters_set_fruit(Setters* self, Fruit fruit) { self->fruit = fruit; }
Fruit setters_get_produce(Setters* self) { return self->produce; }
void setters_set_produce(Setters* self, Fruit produce) { self->produce = produce; }
OptionalFruit setters_get_maybe(Setters* self) { return self->maybe; }
void setters_set_maybe(Setters* self, OptionalFruit maybe) { self->maybe = maybe; }
FruitOrLong setters_get_either(Setters* self) { return self->either; }
void setters_set_either(Setters* self, const FruitOrLong* either) { self->either = *either; }
Fruit setters_get_common(void) { return common; }
void setters_set_common(Fruit value) { common = value; }
CleatOptionalOctet setters_get_limited(Setters* self) { return self->limited; }
void setters_set_limited(Setters* self, CleatOptionalOctet limited) { self->limited = limited; }
bool setters_get_flag(Setters* self) { return self->flag; }
void setters_set_flag(Setters* self, bool flag) { self->flag = flag; }
CleatString setters_get_text(Setters* self) { return string_of(self->text); }
void setters_set_text(Setters* self, CleatString text) { snprintf(self->text, sizeof(self->text), "%s", text.data); }
int32_t setters_get_loose(Setters* self) {
  (void)self;
  return 1;
}
int32_t setters_get_looser(Setters* self) {
  (void)self;
  return 2;
}
Fruit setters_get_loosest(Setters* self) { return self->fruit; }
void setters_set_loosest(Setters* self, Fruit fruit) { self->fruit = fruit; }
Setters* setters_get_other(Setters* self) {
  if (self->other == NULL) self->other = setters_new();
  return self->other;
}

// CONVERT

int8_t convert_as_byte(int8_t value) { return value; }
uint8_t convert_as_octet(uint8_t value) { return value; }
int16_t convert_as_short(int16_t value) { return value; }
uint16_t convert_as_unsigned_short(uint16_t value) { return value; }
int32_t convert_as_long(int32_t value) { return value; }
uint32_t convert_as_unsigned_long(uint32_t value) { return value; }
int64_t convert_as_long_long(int64_t value) { return value; }
uint64_t convert_as_unsigned_long_long(uint64_t value) { return value; }
int8_t convert_clamp_byte(int8_t value) { return value; }
uint8_t convert_clamp_octet(uint8_t value) { return value; }
int16_t convert_clamp_short(int16_t value) { return value; }
uint16_t convert_clamp_unsigned_short(uint16_t value) { return value; }
int32_t convert_clamp_long(int32_t value) { return value; }
uint32_t convert_clamp_unsigned_long(uint32_t value) { return value; }
int64_t convert_clamp_long_long(int64_t value) { return value; }
uint64_t convert_clamp_unsigned_long_long(uint64_t value) { return value; }
int8_t convert_enforce_byte(int8_t value) { return value; }
uint8_t convert_enforce_octet(uint8_t value) { return value; }
int16_t convert_enforce_short(int16_t value) { return value; }
uint16_t convert_enforce_unsigned_short(uint16_t value) { return value; }
int32_t convert_enforce_long(int32_t value) { return value; }
uint32_t convert_enforce_unsigned_long(uint32_t value) { return value; }
int64_t convert_enforce_long_long(int64_t value) { return value; }
uint64_t convert_enforce_unsigned_long_long(uint64_t value) { return value; }
float convert_as_float(float value) { return value; }
float convert_as_unrestricted_float(float value) { return value; }
double convert_as_double(double value) { return value; }
double convert_as_unrestricted_double(double value) { return value; }
Heavy convert_heavy(const Heavy* value) { return *value; }
CleatOptionalUndefinedOrStringUnion convert_maybe(uint32_t which) {
  CleatOptionalUndefinedOrStringUnion result = {which != 0, cleat_undefined_or_string_undefined()};
  if (which > 1) result.value = cleat_undefined_or_string_string(CLEAT_STRING("text"));
  return result;
}

// RESOLVE

struct Resolved {
  int unused;
};
Resolved* resolved_new(void) { return calloc(1, sizeof(Resolved)); }
void resolved_finalize(Resolved* self) { free(self); }

#define TELLS(function, Type, name)  \
  CleatString function(Type value) { \
    (void)value;                     \
    return CLEAT_STRING(name);       \
  }

TELLS(resolve_buffers__array_buffer, CleatArrayBuffer, "ArrayBuffer")
TELLS(resolve_buffers__shared_array_buffer, CleatSharedArrayBuffer, "SharedArrayBuffer")
TELLS(resolve_buffers__data_view, CleatDataView, "DataView")
TELLS(resolve_buffers__uint8_array, CleatUint8Array, "Uint8Array")
TELLS(resolve_buffers__bag, const Bag*, "dictionary")
TELLS(resolve_objects__value, CleatValue*, "object")
TELLS(resolve_objects__symbol_or_boolean_union, const CleatSymbolOrBoolean*, "symbol or boolean")
TELLS(resolve_objects__long, int32_t, "long")
TELLS(resolve_functions__hook, const Hook*, "callback")
TELLS(resolve_functions__bag, const Bag*, "dictionary")
TELLS(resolve_functions__boolean, bool, "boolean")
TELLS(resolve_watchers__watcher, const Watcher*, "callback interface")
TELLS(resolve_watchers__value_sequence, CleatValueSequence, "sequence")
TELLS(resolve_watchers__string, CleatString, "string")
TELLS(resolve_records__value_record, CleatValueRecord, "record")
TELLS(resolve_records__boolean, bool, "boolean")
TELLS(resolve_records__big_int, CleatBigInt, "bigint")
TELLS(resolve_streams__exact_any_async_sequence, ExactAnyAsyncSequence, "async sequence")
TELLS(resolve_streams__string, CleatString, "string")
TELLS(resolve_streams__bag, const Bag*, "dictionary")
TELLS(resolve_lists__value_sequence, CleatValueSequence, "sequence")
TELLS(resolve_lists__string, CleatString, "string")
TELLS(resolve_lists__resolved, Resolved*, "interface")
TELLS(resolve_nullables__double, double, "double")
TELLS(resolve_numbers__double, double, "double")
TELLS(resolve_numbers__boolean, bool, "boolean")

CleatString resolve_nullables__resolved(Resolved* value) { return string_of(value == NULL ? "null" : "interface"); }
CleatString resolve_unions_too__resolved_or_string_union(const ResolvedOrString* value) {
  return string_of(value->tag == RESOLVED_OR_STRING_RESOLVED ? "interface" : "string");
}
CleatString resolve_unions_too__value_sequence_or_boolean_union(const CleatValueSequenceOrBoolean* value) {
  return string_of(value->tag == CLEAT_VALUE_SEQUENCE_OR_BOOLEAN_BOOLEAN ? "boolean" : "sequence");
}
CleatString resolve_unions_too__optional_double_or_hook_union(const OptionalDoubleOrHookUnion* value) {
  if (!value->has) return CLEAT_STRING("null");
  return string_of(value->value.tag == DOUBLE_OR_HOOK_DOUBLE ? "double" : "callback");
}

static char text[256];

CleatString resolve_optionals__long_string_string(int32_t first, CleatString second, CleatString third) {
  snprintf(text, sizeof(text), "%d %s %s", first, second.data == NULL ? "missing" : second.data, third.data);
  return string_of(text);
}
CleatString resolve_optionals__resolved_long_long_long(Resolved* first, int32_t second, int32_t third, int32_t fourth) {
  (void)first;
  snprintf(text, sizeof(text), "resolved %d %d %d", second, third, fourth);
  return string_of(text);
}
CleatString resolve_spread__string_long_list(CleatString first, CleatLongSequence rest) {
  snprintf(text, sizeof(text), "%s", first.data);
  for (size_t i = 0; i < rest.length; i++) {
    snprintf(text + strlen(text), sizeof(text) - strlen(text), " %d", rest.items[i]);
  }
  return string_of(text);
}
CleatString resolve_spread__string_resolved_long(CleatString first, Resolved* second, int32_t third) {
  (void)second;
  snprintf(text, sizeof(text), "%s resolved %d", first.data, third);
  return string_of(text);
}

// MAPS AND SETS

struct ListMap {
  int unused;
};
ListMap* list_map_new(void) { return calloc(1, sizeof(ListMap)); }
void list_map_finalize(ListMap* self) { free(self); }

struct BagMap {
  int unused;
};
BagMap* bag_map_new(void) { return calloc(1, sizeof(BagMap)); }
void bag_map_finalize(BagMap* self) { free(self); }
void bag_map_put(CleatEnv* env, BagMap* self, CleatString key, int32_t count) {
  Bag bag = {.has_count = true, .count = count};
  bag_map_set_entry(env, self, key, &bag);
}

struct FloatSet {
  int unused;
};
FloatSet* float_set_new(void) { return calloc(1, sizeof(FloatSet)); }
void float_set_finalize(FloatSet* self) { free(self); }

// NAMED PROPERTIES

typedef struct Names {
  size_t count;
  char names[8][16];
  char values[8][16];
} Names;

static size_t place_of(const Names* it, CleatString name) {
  size_t at = 0;
  while (at < it->count && strcmp(it->names[at], name.data) != 0) at++;
  return at;
}

static bool has(const Names* it, CleatString name) { return place_of(it, name) < it->count; }

static bool name_at(const Names* it, size_t index, CleatString* name) {
  if (index < it->count) *name = string_of(it->names[index]);
  return index < it->count;
}

static CleatString value_of(const Names* it, CleatString name) {
  size_t at = place_of(it, name);
  return string_of(at < it->count ? it->values[at] : "");
}

static void put(Names* it, CleatString name, CleatString value) {
  size_t at = place_of(it, name);
  if (at == 8) return;
  if (at == it->count) snprintf(it->names[it->count++], 16, "%s", name.data);
  snprintf(it->values[at], 16, "%s", value.data);
}

struct Hiding {
  Names names;
};
Hiding* hiding_new(void) { return calloc(1, sizeof(Hiding)); }
void hiding_finalize(Hiding* self) { free(self); }
int32_t hiding_get_fixed(Hiding* self) {
  (void)self;
  return 7;
}
bool hiding_has_named(Hiding* self, CleatString name) { return has(&self->names, name); }
bool hiding_name_at(Hiding* self, size_t index, CleatString* name) { return name_at(&self->names, index, name); }
CleatString hiding_get_named(Hiding* self, CleatString name) { return value_of(&self->names, name); }
void hiding_set_named(Hiding* self, CleatString name, CleatString value) { put(&self->names, name, value); }

struct Showing {
  Names names;
};
Showing* showing_new(void) { return calloc(1, sizeof(Showing)); }
void showing_finalize(Showing* self) { free(self); }
void showing_show(Showing* self, CleatString name) { put(&self->names, name, CLEAT_STRING("shown")); }
bool showing_has_named(Showing* self, CleatString name) { return has(&self->names, name); }
bool showing_name_at(Showing* self, size_t index, CleatString* name) { return name_at(&self->names, index, name); }
CleatString showing_get_named(Showing* self, CleatString name) { return value_of(&self->names, name); }

struct Shown {
  Names names;
};
Shown* shown_new(void) { return calloc(1, sizeof(Shown)); }
void shown_finalize(Shown* self) { free(self); }
void shown_show(Shown* self, CleatString name) { put(&self->names, name, CLEAT_STRING("shown")); }
bool shown_has_named(Shown* self, CleatString name) { return has(&self->names, name); }
bool shown_name_at(Shown* self, size_t index, CleatString* name) { return name_at(&self->names, index, name); }
CleatString shown_get_named(Shown* self, CleatString name) { return value_of(&self->names, name); }

struct Both {
  Names names;
};
Both* both_new(void) { return calloc(1, sizeof(Both)); }
void both_finalize(Both* self) { free(self); }
uint32_t both_get_length(Both* self) {
  (void)self;
  return 2;
}
int32_t both_get_at(Both* self, uint32_t index) {
  (void)self;
  return (int32_t)(10 + index);
}
bool both_has_named(Both* self, CleatString name) { return has(&self->names, name); }
bool both_name_at(Both* self, size_t index, CleatString* name) { return name_at(&self->names, index, name); }
CleatString both_get_named(Both* self, CleatString name) { return value_of(&self->names, name); }
void both_set_named(Both* self, CleatString name, CleatString value) { put(&self->names, name, value); }
void both_delete_named(Both* self, CleatString name) {
  size_t at = place_of(&self->names, name);
  if (at == self->names.count) return;
  self->names.count--;
  memmove(self->names.names[at], self->names.names[self->names.count], 16);
  memmove(self->names.values[at], self->names.values[self->names.count], 16);
}

// CALLBACKS

static char told[256];

CleatValue* callbacks_exactly_call(CleatEnv* env, const Hook* hook, CleatValue* value) {
  CleatValue* result = NULL;
  return hook_call(env, hook, value, &result) ? result : NULL;
}
CleatValue* callbacks_exactly_watch(CleatEnv* env, const Watcher* watcher, CleatValue* value) {
  CleatValue* result = NULL;
  return watcher_call(env, watcher, value, &result) ? result : NULL;
}
void callbacks_exactly_same(CleatEnv* env, CleatValue* given, CleatValuePromise* promise) {
  cleat_value_promise_resolve(env, promise, given);
}

static void answered(CleatEnv* env, void* data, bool fulfilled, CleatValue* result) {
  (void)data;
  CleatString as_text = {"", 0};
  if (env == NULL || !cleat_to_string(env, result, &as_text)) return;
  snprintf(told, sizeof(told), "%s %s", fulfilled ? "fulfilled" : "rejected", as_text.data);
}
void callbacks_exactly_answer(CleatEnv* env, const Answer* answer, CleatValue* value) {
  CleatValue* promise = NULL;
  if (answer_call(env, answer, value, &promise)) cleat_promise_then(env, promise, answered, NULL);
}
CleatString callbacks_exactly_told(void) { return string_of(told); }

// THE GLOBAL OBJECT

static int32_t global_number;
int32_t exact_get_global_number(void) { return global_number; }
void exact_set_global_number(int32_t value) { global_number = value; }
int32_t exact_global_twice(int32_t value) { return (int32_t)(2 * (uint32_t)value); }
void exact_get_global_promise(CleatLongPromise* promise) { cleat_long_promise_resolve(promise, 1); }
