// CleatData from the inside: its nodes, and how copy.c builds them.
#ifndef CLEAT_RUNTIME_DATA_NODE_H_
#define CLEAT_RUNTIME_DATA_NODE_H_

#include <stdatomic.h>

#include "cleat/cleat.h"

// The parts of a container: elements or values; or keys and values in turn.
typedef struct CleatDataList {
  CleatData** items;
  size_t length;
  size_t capacity;
} CleatDataList;

// A JavaScript function that is held, or an object that is asynchronously iterable. function.c.
typedef struct CleatFunctionHandle {
  atomic_size_t references;
  CleatRuntime* runtime;  // its memory is kept
  CleatRef* ref;
  CleatRef* receiver;  // the object it was read from; NULL for none
  // Of what is asynchronously iterable: the iteration that has begun, on the JavaScript thread; NULL for none.
  CleatRef* iterator;
  CleatRef* next;
} CleatFunctionHandle;

// All nodes of a graph form a ring by `next`, so that the root frees each once, however they refer to each other,
// without recursion. Two rings become one by an exchange of their `next`.
struct CleatData {
  CleatDataKind kind;
  CleatBytesKind bytes_kind;
  bool flag;  // the boolean, or a BigInt's sign
  CleatData* next;
  CleatData* owner;              // NULL for a root; leads to the root, by way of others
  double number;                 // of a number or a Date
  size_t length;                 // of `payload`: bytes of a string, a RegExp's source or bytes, words of a BigInt
  void* payload;                 // lies behind the node
  CleatDataList list;            // of a container or an Error: its aggregated errors
  struct CleatDataTexts* texts;  // of a RegExp, an Error or a function
  CleatFunctionHandle* function;
};

// What only a few kinds have.
typedef struct CleatDataTexts {
  CleatString name;  // or a RegExp's flags; each string is owned
  CleatString message;
  CleatString stack;
  CleatData* cause;
} CleatDataTexts;

// Returns a node whose payload has room for `length` units of `unit` bytes, copied from `payload` unless that is NULL,
// and a NUL behind it.
CleatData* cleat__data_node(CleatDataKind kind, const void* payload, size_t length, size_t unit);

// Has the graph of `root` own `node`, which is a root, without putting it anywhere.
void cleat__data_adopt(CleatData* root, CleatData* node);

// Appends to a container or an Error what is in its graph already. False when memory is short.
bool cleat__data_append(CleatData* container, CleatData* node);

// Stores a copy of a string of a RegExp or an Error. False when memory is short.
bool cleat__data_text(CleatString* out, const char* data, size_t length);

// Holds a function; NULL, and an exception, when memory is short. `receiver` may be NULL. Keeping and releasing is for
// any thread. function.c.
CleatFunctionHandle* cleat__function_new(CleatEnv* env, CleatValue* value, CleatValue* receiver, CleatString name);
CleatFunctionHandle* cleat__function_keep(CleatFunctionHandle* function);
void cleat__function_release(CleatFunctionHandle* function);

// Returns the function itself; NULL, and an exception, in another runtime. function.c.
CleatValue* cleat__function_value(CleatEnv* env, const CleatFunctionHandle* function);

#endif  // CLEAT_RUNTIME_DATA_NODE_H_
