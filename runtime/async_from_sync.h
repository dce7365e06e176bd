// ECMAScript's async-from-sync iterators, and calls of the methods of iterators. async_from_sync.c.
#ifndef CLEAT_RUNTIME_ASYNC_FROM_SYNC_H_
#define CLEAT_RUNTIME_ASYNC_FROM_SYNC_H_

#include "env.h"

// An iterator of ECMAScript's, or an asynchronous one: IteratorRecord.
typedef struct CleatIteratorRecord {
  CleatValue* iterator;
  CleatValue* next;
} CleatIteratorRecord;

// Returns what the two methods of %AsyncFromSyncIteratorPrototype% do of an iterator: a promise. They throw where that
// would be rejected at once. [js]
CleatValue* cleat__async_from_sync_next(CleatEnv* env, const CleatIteratorRecord* record);
CleatValue* cleat__async_from_sync_return(CleatEnv* env, const CleatIteratorRecord* record, CleatValue* value);

// GetMethod; stores NULL where there is none. [js]
bool cleat__get_method(CleatEnv* env, CleatValue* object, const char* name, CleatValue** method);

// Call, of what may not be a function: a TypeError that names `what`. The result has to be an object where `object`
// says so. [js]
CleatValue* cleat__call_method(CleatEnv* env, CleatValue* method, const char* what, CleatValue* receiver, int count,
                               CleatValue* argument, bool object);

#endif  // CLEAT_RUNTIME_ASYNC_FROM_SYNC_H_
