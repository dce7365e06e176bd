// A table from labels to numbers, for the console's counters and stopwatches.
#ifndef CLEAT_RUNTIME_HOST_LABELS_H_
#define CLEAT_RUNTIME_HOST_LABELS_H_

#include "cleat/base.h"

typedef struct CleatLabel {
  struct CleatLabel* next;  // of the same bucket
  double value;
  size_t length;
  char name[];
} CleatLabel;

// All zeros is an empty table.
typedef struct CleatLabels {
  CleatLabel** buckets;
  size_t bucket_count;
  size_t count;
} CleatLabels;

// Returns the number of `name`, to be read and written, or NULL.
double* cleat__labels_find(const CleatLabels* labels, CleatString name);

// Adds `name`, which is not there yet; false when memory is short.
bool cleat__labels_add(CleatLabels* labels, CleatString name, double value);

void cleat__labels_remove(CleatLabels* labels, CleatString name);
void cleat__labels_free(CleatLabels* labels);

#endif  // CLEAT_RUNTIME_HOST_LABELS_H_
