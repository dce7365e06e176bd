// The console standard's Formatter and its table. Nothing here runs JavaScript or leaves an exception.
#ifndef CLEAT_RUNTIME_HOST_FORMAT_H_
#define CLEAT_RUNTIME_HOST_FORMAT_H_

#include "host/inspect.h"

// Adds the arguments of a console function, separated by spaces: what the first one asks for by %s and its kin, strings
// as they are, everything else inspected. format.c.
void cleat__format(CleatEngine* engine, CleatValue* const* values, size_t count, CleatText* out);

// Adds `data` as a table, with the columns `properties` only, unless that is NULL. False where it is no object, which
// adds nothing. table.c.
bool cleat__table(CleatEngine* engine, CleatValue* data, const CleatStringSequence* properties, CleatText* out);

#endif  // CLEAT_RUNTIME_HOST_FORMAT_H_
