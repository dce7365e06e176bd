// What attaching changes of the objects of a host's, so that it can be undone.
#ifndef CLEAT_RUNTIME_CHANGES_H_
#define CLEAT_RUNTIME_CHANGES_H_

#include "env.h"

// Nothing is changed yet where all is zero.
typedef struct CleatChanges {
  CleatHandle* list;  // a JavaScript array
  uint32_t length;
} CleatChanges;

// Keeps what `object` has as its own property `key`, which is to be defined next; or its prototype, where that is NULL.
// Takes CLEAT_DONT_DELETE from `attributes`, which cleat__changes_seal makes good. NULL stands for no attributes.
// [throws]
bool cleat__changes_note(CleatEnv* env, CleatChanges* changes, CleatValue* object, CleatValue* key, int* attributes);

// Has what is there now stay, where it was meant to, and forgets the changes. NULL, or the error.
CleatError* cleat__changes_seal(CleatEnv* env, CleatChanges* changes);

// Puts back what was there before, and forgets the changes.
void cleat__changes_undo(CleatEnv* env, CleatChanges* changes);

#endif  // CLEAT_RUNTIME_CHANGES_H_
