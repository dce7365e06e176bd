// The hooks of messages.idl, which do little: what matters is what happens before and after them.
#include <stdlib.h>

#include "messages.h"

struct Message {
  double width;
};

Message* message_new(double width) {
  Message* self = calloc(1, sizeof(Message));
  if (self != NULL) self->width = width;
  return self;
}
Message* message_message_of(double width) { return message_new(width); }
void message_finalize(Message* self) { free(self); }
double message_get_width(Message* self) { return self->width; }
void message_set_width(Message* self, double width) { self->width = width; }
Message* message_get_forwards(Message* self) { return self; }
double message_get_shared(void) { return 0; }
void message_call(CleatEnv* env, Message* self, const MessageNumber* callback) {
  (void)self;
  double result;
  message_number_call(env, callback, &result);
}
void message_call_size(CleatEnv* env, Message* self, const MessageSizeOf* callback) {
  (void)self;
  MessageSize result;
  message_size_of_call(env, callback, &result);
}
void message_call_list(CleatEnv* env, Message* self, const MessageList* callback) {
  (void)self;
  CleatLongSequence result;
  message_list_call(env, callback, &result);
}
void message_visit(CleatEnv* env, Message* self, const MessageVisitor* visitor) {
  (void)self;
  int32_t result;
  message_visitor_call(env, visitor, &result);
}

// Attributes and arguments that nobody looks at.
#define IGNORES(function, ...) \
  void function(__VA_ARGS__) {}
#pragma GCC diagnostic ignored "-Wunused-parameter"
IGNORES(message_set_color, Message* self, MessageColor color)
IGNORES(message_set_other, Message* self, Message* other)
IGNORES(message_set_either, Message* self, const DoubleOrMessage* either)
IGNORES(message_set_numbers, Message* self, size_t index, double value)
IGNORES(message_delete_numbers, Message* self, size_t index, double value)
IGNORES(message_set_shared, double shared)
IGNORES(message_kinds, Message* self, const MessageKinds* kinds)
IGNORES(message_several, Message* self, int32_t first, const MessageSize* size, CleatDoubleSequence rest)
IGNORES(message_grid, Message* self, CleatDoubleSequenceSequence grid)
IGNORES(message_sizes, Message* self, MessageSizeSequenceRecord sizes)
IGNORES(message_fixed, double width)
IGNORES(message_overloaded__double, Message* self, double a)
IGNORES(message_overloaded__message_message_size, Message* self, Message* a, const MessageSize* b)
IGNORES(message_blocking, Message* self, const MessageSize* size)
IGNORES(message_indexed_set_at, MessageIndexed* self, uint32_t index, double value)
IGNORES(message_named_set_named, MessageNamed* self, CleatString name, const MessageSize* value)
IGNORES(messages_one, double width)
IGNORES(messages_message_one, double width)
IGNORES(messages_set_message_width, double width)
void message_promised(Message* self, double width, CleatUndefinedPromise* promise) {
  cleat_undefined_promise_resolve(promise);
}
MessageColor message_get_color(Message* self) { return MESSAGE_COLOR_RED; }
Message* message_get_other(Message* self) { return NULL; }
DoubleOrMessage message_get_either(Message* self) { return double_or_message_double(0); }
double messages_get_message_width(void) { return 0; }

// The objects with properties of their own have one each: 0, and "known".
#define PLAIN(type, prefix)                                    \
  struct type {                                                \
    int unused;                                                \
  };                                                           \
  type* prefix##_new(void) { return calloc(1, sizeof(type)); } \
  void prefix##_finalize(type* self) { free(self); }
PLAIN(MessageIndexed, message_indexed)
PLAIN(MessageNamed, message_named)
PLAIN(MessageConstant, message_constant)
PLAIN(MessageMap, message_map)
uint32_t message_indexed_get_length(MessageIndexed* self) { return 1; }
double message_indexed_get_at(MessageIndexed* self, uint32_t index) { return 0; }
uint32_t message_constant_get_length(MessageConstant* self) { return 1; }
double message_constant_get_at(MessageConstant* self, uint32_t index) { return 0; }

static bool is_known(CleatString name) { return name.length == 5 && name.data[0] == 'k'; }
static bool name_at(size_t index, CleatString* name) {
  *name = CLEAT_STRING("known");
  return index == 0;
}
bool message_named_has_named(MessageNamed* self, CleatString name) { return is_known(name); }
bool message_named_name_at(MessageNamed* self, size_t index, CleatString* name) { return name_at(index, name); }
MessageSize message_named_get_named(MessageNamed* self, CleatString name) { return (MessageSize){0}; }
bool message_constant_has_named(MessageConstant* self, CleatString name) { return is_known(name); }
bool message_constant_name_at(MessageConstant* self, size_t index, CleatString* name) { return name_at(index, name); }
double message_constant_get_named(MessageConstant* self, CleatString name) { return 0; }
