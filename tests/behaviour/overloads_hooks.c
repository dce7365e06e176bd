// The hooks of overloads.idl: each tells which it is.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

struct Target {
  char made[32];
};

static _Thread_local char text[128];

static CleatString told(const char* name, size_t number) {
  snprintf(text, sizeof(text), "%s %zu", name, number);
  return (CleatString){text, strlen(text)};
}

static Target* make(const char* name, int32_t number) {
  Target* self = calloc(1, sizeof(Target));
  snprintf(self->made, sizeof(self->made), "%s %d", name, number);
  return self;
}

Target* target_new(void) { return make("none", 0); }
Target* target_new__long(int32_t size) { return make("long", size); }
Target* target_new__target_long(Target* other, int32_t size) {
  (void)other;
  return make("target", size);
}
void target_finalize(Target* self) { free(self); }
CleatString target_get_made(Target* self) { return (CleatString){self->made, strlen(self->made)}; }
CleatString target_send(Target* self) { return told(self->made, 0); }
CleatString target_send__long(Target* self, int32_t number) {
  (void)self;
  return told("long", (size_t)number);
}
CleatString target_send__target(Target* self, Target* target) { return told("target", self == target); }
CleatString target_send__long_sequence(Target* self, CleatLongSequence list) {
  (void)self;
  return told("list", list.length);
}
CleatString target_send__string_string_string(Target* self, CleatString first, CleatString second, CleatString third) {
  (void)self;
  return told("strings", first.length + second.length + third.length);
}
CleatString target_of__boolean(bool flag) { return told("boolean", flag); }
CleatString target_of__string(CleatString value) { return told("string", value.length); }
CleatString target_of__big_int(CleatBigInt big) { return told("bigint", big.count); }

CleatString overloads_kind__target(Target* target) { return told("target", target != NULL); }
CleatString overloads_kind__uint8_array(CleatUint8Array bytes) { return told("bytes", bytes.length); }
CleatString overloads_kind__listener(const Listener* listener) { return told("listener", listener != NULL); }
CleatString overloads_kind__long_sequence(CleatLongSequence list) { return told("list", list.length); }
CleatString overloads_kind__boolean(bool flag) { return told("boolean", flag); }
CleatString overloads_kind__double(double number) { return told("double", (size_t)number); }
CleatString overloads_kind__string(CleatString value) { return told("string", value.length); }
CleatString overloads_opt__detail(const Detail* detail) { return told("detail", (size_t)detail->level); }
CleatString overloads_opt__long(int32_t number) { return told("long", (size_t)number); }
CleatString overloads_undef__string_long(CleatString first, CleatOptionalLong second) {
  return told(first.data, second.has ? (size_t)second.value : 99);
}
CleatString overloads_undef__string_boolean_long(CleatString first, bool second, int32_t third) {
  (void)second;
  return told(first.data, (size_t)third + 1000);
}
CleatString overloads_data__level_long(Level target, int32_t size) { return told("size", (size_t)target * 10 + size); }
CleatString overloads_data__level_long_sequence(Level target, CleatLongSequence items) {
  return told("items", (size_t)target * 10 + items.length);
}
CleatString overloads_data__level_target_or_long_record_union_long(Level target, const TargetOrLongRecord* it,
                                                                   int32_t more) {
  return told(it->tag == TARGET_OR_LONG_RECORD_TARGET ? "target" : "record", (size_t)target * 10 + more);
}
CleatString overloads_many__string_list(CleatStringSequence texts) { return told("strings", texts.length); }
CleatString overloads_many__long_detail_long_sequence(int32_t number, const Detail* detail, CleatLongSequence list) {
  return told("detail", (size_t)number + detail->level + list.length);
}
CleatString overloads_lists__boolean(bool flag) { return told("flag", flag); }
CleatString overloads_lists__long_sequence_list(CleatLongSequenceSequence lists) {
  size_t sum = lists.length * 100;
  for (size_t i = 0; i < lists.length; i++) sum += lists.items[i].length;
  return told("lists", sum);
}
void overloads_later__long(int32_t number, CleatStringPromise* promise) {
  cleat_string_promise_resolve(promise, told("long", (size_t)number));
}
void overloads_later__target(Target* target, CleatStringPromise* promise) {
  cleat_string_promise_resolve(promise, told("target", target != NULL));
}

CleatString types_anywhere__long(int32_t number) { return told("one", (size_t)number); }
CleatString types_anywhere__long_long(int32_t number, int32_t other) {
  return told("two", (size_t)((int64_t)number + other));
}

CleatString overloads_sized__uint8_array_boolean(CleatUint8Array bytes, bool flag) {
  return told(flag ? "true" : "false", bytes.length);
}
CleatString overloads_sized__uint8_array_long_sequence(CleatUint8Array bytes, CleatLongSequence list) {
  return told(list.length == 0 ? "none" : "some", bytes.length);
}
CleatString overloads_split__long_sequence_string(CleatLongSequence list, CleatString by) {
  return told(by.data == NULL ? "nothing" : by.data, list.length);
}
CleatString overloads_split__boolean(bool flag) { return told("flag", flag); }
CleatString overloads_split__long_sequence_boolean(CleatLongSequence list, bool each) {
  return told(each ? "each" : "all", list.length);
}

// What the thread of a job sees of its arguments.
static CleatString worked(CleatString name, Target* target, CleatUint8Array bytes, const char* last) {
  const char* made = target == NULL ? "nobody" : target->made;
  int first = bytes.length == 0 ? -1 : bytes.data[0];
  snprintf(text, sizeof(text), "%s %s %d %s", name.data, made, first, last);
  return (CleatString){text, strlen(text)};
}
CleatString overloads_work__string_target_uint8_array_long(CleatString name, Target* target, CleatUint8Array bytes,
                                                           int32_t number) {
  return worked(name, target, bytes, number == 0 ? "zero" : "number");
}
CleatString overloads_work__string_target_uint8_array_string_sequence(CleatString name, Target* target,
                                                                      CleatUint8Array bytes, CleatStringSequence list) {
  return worked(name, target, bytes, list.length == 0 ? "empty" : list.items[0].data);
}
void overloads_work__string_target_uint8_array_boolean(CleatString name, Target* target, CleatUint8Array bytes,
                                                       bool flag, CleatStringPromise* promise) {
  cleat_string_promise_resolve(promise, worked(name, target, bytes, flag ? "true" : "false"));
}
