// What a heap may point to of Cleat and of bindings: the addresses that a snapshot has by their places.
#ifndef CLEAT_RUNTIME_REFERENCES_H_
#define CLEAT_RUNTIME_REFERENCES_H_

#include "env.h"

// The list of all native functions and descriptors of the bindings in `options`. Its order is that of the bindings, and
// so the same in each process. False when memory is short; freed by cleat__references_free.
typedef struct CleatReferenceList {
  const void** addresses;
  size_t count;
  const CleatFast** fast;
  size_t fast_count;
} CleatReferenceList;
bool cleat__references_list(const CleatOptions* options, CleatReferenceList* out);
void cleat__references_free(CleatReferenceList* list);

// Returns a hash of what the bindings in `options` are: their names and members, in order, and which of those are
// granted. What has the same hash has the same list, and globals.
uint64_t cleat__bindings_hash(const CleatOptions* options);

#endif  // CLEAT_RUNTIME_REFERENCES_H_
