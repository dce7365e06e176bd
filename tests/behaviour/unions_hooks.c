// The hooks of unions.idl: each tells what its argument was converted to.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

static CleatString told(const char* format, ...) CLEAT_PRINTF(1, 2);
static CleatString told(const char* format, ...) {
  static char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return (CleatString){text, strlen(text)};
}

struct Animal {
  char name[32];
  CleatRef* friend;  // a wrapper, or NULL
  int32_t number;
};

Animal* animal_new(CleatString name) {
  Animal* self = calloc(1, sizeof(Animal));
  snprintf(self->name, sizeof(self->name), "%s", name.data);
  return self;
}
void animal_finalize(Animal* self) {
  cleat_ref_free(self->friend);
  free(self);
}
CleatString animal_get_name(Animal* self) { return (CleatString){self->name, strlen(self->name)}; }
OptionalLongOrAnimalUnion animal_get_companion(CleatEnv* env, Animal* self) {
  Animal* friend = cleat_unwrap(env, cleat_held(env, self->friend), &animal_class);
  if (friend != NULL) return (OptionalLongOrAnimalUnion){true, long_or_animal_animal(friend)};
  if (self->number != 0) return (OptionalLongOrAnimalUnion){true, long_or_animal_long(self->number)};
  return (OptionalLongOrAnimalUnion){0};
}
void animal_set_companion(CleatEnv* env, Animal* self, const OptionalLongOrAnimalUnion* companion) {
  bool friendly = companion->has && companion->value.tag == LONG_OR_ANIMAL_ANIMAL;
  cleat_ref_free(self->friend);
  self->friend = NULL;
  if (friendly) {
    CleatValue* wrapper = cleat_wrap(env, &animal_class, companion->value.animal);
    self->friend = cleat_hold_in(env, &animal_class, self, wrapper);
  }
  self->number = companion->has && companion->value.tag == LONG_OR_ANIMAL_LONG ? companion->value.long_ : 0;
}

CleatString unions_number_or_string(const CleatLongOrString* value) {
  return value->tag == CLEAT_LONG_OR_STRING_LONG ? told("long %d", value->long_)
                                                 : told("string %s", value->string.data);
}

CleatString unions_number_or_boolean(const CleatDoubleOrBoolean* value) {
  return value->tag == CLEAT_DOUBLE_OR_BOOLEAN_DOUBLE ? told("double %g", value->double_)
                                                      : told("boolean %d", value->boolean);
}

static CleatString big(CleatBigInt value) {
  return told("bigint %s%llu", value.negative ? "-" : "", value.count > 0 ? (unsigned long long)value.words[0] : 0);
}

CleatString unions_big_or_number(const CleatBigIntOrOctet* value) {
  return value->tag == CLEAT_BIG_INT_OR_OCTET_OCTET ? told("octet %d", value->octet) : big(value->big_int);
}

CleatString unions_big_or_string(const CleatBigIntOrString* value) {
  return value->tag == CLEAT_BIG_INT_OR_STRING_STRING ? told("string %s", value->string.data) : big(value->big_int);
}

CleatString unions_boolean_or_big(const CleatBooleanOrBigInt* value) {
  return value->tag == CLEAT_BOOLEAN_OR_BIG_INT_BOOLEAN ? told("boolean %d", value->boolean) : big(value->big_int);
}

CleatString unions_dictionary_or_number(const LongOrOffset* value) {
  return value->tag == LONG_OR_OFFSET_LONG ? told("long %d", value->long_) : told("offset %d", value->offset.x);
}

CleatString unions_sequence_or_record(const CleatLongSequenceOrLongRecordOrBoolean* value) {
  switch (value->tag) {
    case CLEAT_LONG_SEQUENCE_OR_LONG_RECORD_OR_BOOLEAN_LONG_SEQUENCE:
      return told("sequence of %zu", value->long_sequence.length);
    case CLEAT_LONG_SEQUENCE_OR_LONG_RECORD_OR_BOOLEAN_LONG_RECORD:
      return told("record of %zu", value->long_record.length);
    case CLEAT_LONG_SEQUENCE_OR_LONG_RECORD_OR_BOOLEAN_BOOLEAN:
      return told("boolean %d", value->boolean);
  }
  return told("nothing");
}

CleatString unions_sequence_or_dictionary(const LongSequenceOrOffset* value) {
  return value->tag == LONG_SEQUENCE_OR_OFFSET_OFFSET ? told("offset %d", value->offset.x)
                                                      : told("sequence of %zu", value->long_sequence.length);
}

CleatString unions_callback_or_record(const ChooserOrValueRecordOrString* value) {
  switch (value->tag) {
    case CHOOSER_OR_VALUE_RECORD_OR_STRING_CHOOSER:
      return told("callback");
    case CHOOSER_OR_VALUE_RECORD_OR_STRING_VALUE_RECORD:
      return told("record of %zu", value->value_record.length);
    case CHOOSER_OR_VALUE_RECORD_OR_STRING_STRING:
      return told("string %s", value->string.data);
  }
  return told("nothing");
}

CleatString unions_object_or_symbol(const CleatObjectOrSymbolOrLong* value) {
  switch (value->tag) {
    case CLEAT_OBJECT_OR_SYMBOL_OR_LONG_OBJECT:
      return told("object");
    case CLEAT_OBJECT_OR_SYMBOL_OR_LONG_SYMBOL:
      return told("symbol");
    case CLEAT_OBJECT_OR_SYMBOL_OR_LONG_LONG:
      return told("long %d", value->long_);
  }
  return told("nothing");
}

CleatString unions_animal_or_dictionary(const AnimalOrOffset* value) {
  return value->tag == ANIMAL_OR_OFFSET_ANIMAL ? told("animal %s", value->animal->name)
                                               : told("offset %d", value->offset.x);
}

CleatString unions_bytes_or_sequence(const CleatBufferSourceOrOctetSequence* value) {
  return value->tag == CLEAT_BUFFER_SOURCE_OR_OCTET_SEQUENCE_BUFFER_SOURCE
             ? told("%zu bytes", value->buffer_source.length)
             : told("sequence of %zu", value->octet_sequence.length);
}

CleatString unions_floats_or_buffer(const CleatFloat32ArrayOrArrayBufferOrString* value) {
  switch (value->tag) {
    case CLEAT_FLOAT32_ARRAY_OR_ARRAY_BUFFER_OR_STRING_FLOAT32_ARRAY:
      return told("%zu floats", value->float32_array.length);
    case CLEAT_FLOAT32_ARRAY_OR_ARRAY_BUFFER_OR_STRING_ARRAY_BUFFER:
      return told("%zu bytes", value->array_buffer.length);
    case CLEAT_FLOAT32_ARRAY_OR_ARRAY_BUFFER_OR_STRING_STRING:
      return told("string %s", value->string.data);
  }
  return told("nothing");
}

OptionalLongOrAnimalUnion unions_echo(const OptionalLongOrAnimalUnion* value) { return *value; }
Being unions_being(const Being* being) { return *being; }
CleatLongOrStringOrLongOrStringUnionSequence unions_nested(const CleatLongOrStringOrLongOrStringUnionSequence* value) {
  return *value;
}
CleatUndefinedOrString unions_maybe(bool give) {
  return give ? cleat_undefined_or_string_string(CLEAT_STRING("given")) : cleat_undefined_or_string_undefined();
}
Box unions_box(const Box* box) { return *box; }

CleatLongOrString unions_choose(CleatEnv* env, const Chooser* chooser, Mood mood) {
  CleatLongOrString result = {0};
  chooser_call(env, chooser, mood, &result);
  return result;
}

void unions_later(const CleatLongOrString* value, TypesLongOrStringUnionPromise* promise) {
  types_long_or_string_union_promise_resolve(promise, value);
}

CleatLongOrStringSequence unions_blocked(const CleatLongOrStringSequence* value) { return *value; }

CleatString unions_defaulted(const DoubleOrMood* value, const DoubleOrMood* other, const LongOrOffset* missing,
                             const CleatOptionalLongOrStringUnion* none) {
  return told("%d %g %d %d", value->tag == DOUBLE_OR_MOOD_MOOD ? (int)value->mood : -1,
              other->tag == DOUBLE_OR_MOOD_DOUBLE ? other->double_ : -1,
              missing->tag == LONG_OR_OFFSET_LONG ? missing->long_ : -1, none->has);
}
