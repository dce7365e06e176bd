// Which globals sets of bindings define.
#ifndef CLEAT_RUNTIME_GLOBALS_H_
#define CLEAT_RUNTIME_GLOBALS_H_

#include "env.h"

// Returns whether a runtime of these options has what is marked with `capability`; NULL is granted always.
bool cleat__is_granted(const CleatOptions* options, const char* capability);

typedef enum CleatGlobalKind {
  CLEAT_GLOBAL_CLASS,      // of a CleatClass: by its name or an alias
  CLEAT_GLOBAL_FACTORY,    // of a CleatMember: of the factories of a class
  CLEAT_GLOBAL_NAMESPACE,  // of a CleatNamespace
  CLEAT_GLOBAL_MEMBER,     // of a CleatMember: an operation, an attribute or a constant
} CleatGlobalKind;

// Called for each property that the global object of a runtime of these options has from `set`, in order, until it
// returns false: that is returned.
typedef bool CleatVisit(void* data, CleatGlobalKind kind, const char* name, const void* what);
bool cleat__visit_globals(const CleatOptions* options, const CleatBindings* set, CleatVisit* visit, void* data);

// Returns an error where two of the sets in `options` define the same global, else NULL.
CleatError* cleat__check_globals(const CleatOptions* options);

// Returns the first global that the sets in `options` define and for which wanted(data, name) is true; NULL for none.
const char* cleat__find_global(const CleatOptions* options, bool (*wanted)(void* data, const char* name), void* data);

#endif  // CLEAT_RUNTIME_GLOBALS_H_
