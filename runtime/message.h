// The messages of exceptions that glue throws: what was called, and the path to the value that was wrong.
#ifndef CLEAT_RUNTIME_MESSAGE_H_
#define CLEAT_RUNTIME_MESSAGE_H_

#include "env.h"

// Throws an exception whose message begins with what was called: "Failed to execute 'resize' on 'Canvas': <text>". It
// does nothing while an exception is pending. [throws]
void cleat__call_throw(CleatCall* call, CleatThrowKind kind, const char* format, ...) CLEAT_PRINTF(3, 4);

// Throws the TypeError of a member that was called on something that is not a `type`. [throws]
void cleat__throw_illegal_invocation(CleatCall* call, const CleatClass* type);

// Returns what stands for an object, or an array, whose property is assigned to without a setter of its own: the
// `outer` of the value, whose `member` or `index` is the property. `name` is the interface, or "Interface.attribute".
// [-]
CleatInput cleat__place(const char* name);

// Returns whether it is such a place, rather than a value. [-]
bool cleat__is_place(const CleatInput* input);

#endif  // CLEAT_RUNTIME_MESSAGE_H_
