// The hooks of values.idl.
#include <stdlib.h>
#include <string.h>

#include "types.h"

struct Handled {
  Handler* handler;
};

Handled* handled_new(void) { return calloc(1, sizeof(Handled)); }

void handled_finalize(Handled* self) {
  handler_release(self->handler);
  free(self);
}

const Handler* handled_get_handler(CleatEnv* env, Handled* self) {
  (void)env;
  return self->handler;
}

void handled_set_handler(CleatEnv* env, Handled* self, const Handler* handler) {
  handler_release(self->handler);
  self->handler = handler_retain(env, handler);
}

CleatValue* handled_handle(CleatEnv* env, Handled* self, int32_t value) {
  CleatValue* result = NULL;
  if (self->handler == NULL) return cleat_c_string(env, "none");
  return handler_call(env, self->handler, value, &result) ? result : NULL;
}

CleatBigInt values_big(CleatBigInt value) { return value; }
CleatBigInt values_big_or_less(CleatBigInt value) { return value; }
CleatOptionalBigInt values_maybe_big(CleatOptionalBigInt value) { return value; }
CleatBigIntSequence values_bigs(CleatBigIntSequence values) { return values; }
void values_later_big(CleatBigInt value, CleatBigIntPromise* promise) { cleat_big_int_promise_resolve(promise, value); }
CleatValue* values_sign(CleatValue* value) { return value; }
CleatValue* values_maybe_sign(CleatValue* value) { return value; }
CleatString values_empty(CleatString text) { return text; }
CleatString values_empty_optional(CleatString text) { return text; }
uint32_t values_empty_length(const char* text) { return (uint32_t)strlen(text); }
CleatString16 values_utf16(CleatString16 text) { return text; }
CleatString16 values_usv16(CleatString16 text) { return text; }
CleatUnsignedShortSequence values_units(CleatString16 text) {
  return (CleatUnsignedShortSequence){text.data, text.length};
}
CleatString values_latin1(CleatString text) { return text; }
CleatValue* values_or_null(CleatValue* value) { return value; }
CleatValue* values_or_list(CleatValue* value) { return value; }
CleatValue* values_or_text(CleatValue* value) { return value; }
CleatValue* values_or_number(CleatValue* value) { return value; }
Anything values_anything(const Anything* it) { return *it; }

int32_t values_optionals(CleatEnv* env, const Optionals* callback, int32_t given) {
  Anything anything = {.number = cleat_number(env, 3)};
  int32_t result = 0;
  optionals_call(env, callback, given, given > 0 ? CLEAT_STRING("text") : (CleatString){0},
                 (CleatOptionalLong){given == 2, 7}, given > 2 ? &anything : NULL, &result);
  return result;
}

CleatValue* values_optional_rest(CleatEnv* env, const OptionalRest* callback, int32_t given, CleatValueSequence rest) {
  CleatValue* result = NULL;
  CleatOptionalOptionalLong first = {.has = given > 0, .value = {given > 1, 5}};
  return optional_rest_call(env, callback, first, rest, &result) ? result : NULL;
}

CleatLongSequence frozen_longs(CleatLongSequence value) { return value; }
CleatOptionalStringSequence frozen_maybe(CleatOptionalStringSequence value) { return value; }
CleatLongSequenceSequence frozen_rows(CleatLongSequenceSequence value) { return value; }
CleatLongSequenceOrString frozen_either(const CleatLongSequenceOrString* value) { return *value; }
FrozenHolder frozen_held(const FrozenHolder* value) { return *value; }
CleatLongSequenceRecord frozen_table(CleatLongSequenceRecord value) { return value; }
void frozen_later(CleatLongSequence value, TypesLongFrozenArrayPromise* promise) {
  types_long_frozen_array_promise_resolve(promise, value);
}
uint32_t frozen_count(CleatLongSequenceSequence values) {
  uint32_t count = 0;
  for (size_t i = 0; i < values.length; i++) count += (uint32_t)values.items[i].length;
  return count;
}
CleatLongSequenceOrString frozen_thawed(const CleatLongSequenceOrString* value) { return *value; }
CleatLongSequenceSequence frozen_thawed_rows(CleatLongSequenceSequence value) { return value; }
CleatOptionalLongSequence frozen_maybe_thawed(CleatOptionalLongSequence value) { return value; }
CleatOptionalLongSequence frozen_maybe_frozen(CleatOptionalLongSequence value) { return value; }

CleatLongSequence frozen_call(CleatEnv* env, const FrozenCallback* callback, CleatLongSequence value) {
  CleatLongSequence result = {0};
  frozen_callback_call(env, callback, value, &result);
  return result;
}
