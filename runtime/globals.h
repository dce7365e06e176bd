// Which globals sets of bindings define.
#ifndef CLEAT_RUNTIME_GLOBALS_H_
#define CLEAT_RUNTIME_GLOBALS_H_

#include "env.h"

// Returns whether a runtime of these options has what is marked with `capability`; NULL is granted always.
bool cleat__is_granted(const CleatOptions* options, const char* capability);

// Returns an error where two of the sets in `options` define the same global, else NULL.
CleatError* cleat__check_globals(const CleatOptions* options);

// Returns the first global that the sets in `options` define and for which wanted(data, name) is true; NULL for none.
const char* cleat__find_global(const CleatOptions* options, bool (*wanted)(void* data, const char* name), void* data);

#endif  // CLEAT_RUNTIME_GLOBALS_H_
