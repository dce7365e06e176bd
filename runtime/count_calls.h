// Counting the calls of members, as class.c sees it.
#ifndef CLEAT_RUNTIME_COUNT_CALLS_H_
#define CLEAT_RUNTIME_COUNT_CALLS_H_

#include "env.h"

// Makes the counters, where the runtime's options ask for them; false when memory is short. And frees them.
bool cleat__call_counters_open(CleatRuntime* runtime);
void cleat__call_counters_free(CleatRuntime* runtime);

// Count one call, in the native function that is called: of a member, or of the constructor of an interface or a
// factory.
void cleat__count_operation(CleatCall* call);
void cleat__count_get(CleatCall* call);
void cleat__count_set(CleatCall* call);
void cleat__count_construct(CleatCall* call);

#endif  // CLEAT_RUNTIME_COUNT_CALLS_H_
