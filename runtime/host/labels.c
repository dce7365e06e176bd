// A table from labels to numbers: buckets of lists, about as many as there are labels.

#include "host/labels.h"

#include <stdlib.h>
#include <string.h>

// FNV-1a.
static size_t hash(CleatString name) {
  uint64_t value = 14695981039346656037u;
  for (size_t i = 0; i < name.length; i++) value = (value ^ (unsigned char)name.data[i]) * 1099511628211u;
  return (size_t)value;
}

// Returns the pointer to the label, or to the NULL at the end of its bucket; NULL where there are no buckets.
static CleatLabel** place_of(const CleatLabels* labels, CleatString name) {
  if (labels->bucket_count == 0) return NULL;
  CleatLabel** place = &labels->buckets[hash(name) & (labels->bucket_count - 1)];
  while (*place != NULL && ((*place)->length != name.length || memcmp((*place)->name, name.data, name.length) != 0)) {
    place = &(*place)->next;
  }
  return place;
}

double* cleat__labels_find(const CleatLabels* labels, CleatString name) {
  CleatLabel** place = place_of(labels, name);
  return place == NULL || *place == NULL ? NULL : &(*place)->value;
}

static bool grow(CleatLabels* labels) {
  CleatLabels larger = {.bucket_count = labels->bucket_count == 0 ? 8 : labels->bucket_count * 2};
  larger.buckets = calloc(larger.bucket_count, sizeof *larger.buckets);
  if (larger.buckets == NULL) return labels->bucket_count > 0;
  for (size_t i = 0; i < labels->bucket_count; i++) {
    for (CleatLabel* label = labels->buckets[i]; label != NULL;) {
      CleatLabel* next = label->next;
      CleatLabel** bucket =
          &larger.buckets[hash((CleatString){label->name, label->length}) & (larger.bucket_count - 1)];
      label->next = *bucket;
      *bucket = label;
      label = next;
    }
  }
  free(labels->buckets);
  labels->buckets = larger.buckets;
  labels->bucket_count = larger.bucket_count;
  return true;
}

bool cleat__labels_add(CleatLabels* labels, CleatString name, double value) {
  if (labels->count == labels->bucket_count && !grow(labels)) return false;
  CleatLabel* label = malloc(sizeof *label + name.length);
  if (label == NULL) return false;
  CleatLabel** place = place_of(labels, name);
  label->next = NULL;
  label->value = value;
  label->length = name.length;
  memcpy(label->name, name.data, name.length);
  *place = label;
  labels->count++;
  return true;
}

void cleat__labels_remove(CleatLabels* labels, CleatString name) {
  CleatLabel** place = place_of(labels, name);
  if (place == NULL || *place == NULL) return;
  CleatLabel* label = *place;
  *place = label->next;
  labels->count--;
  free(label);
}

void cleat__labels_free(CleatLabels* labels) {
  for (size_t i = 0; i < labels->bucket_count; i++) {
    for (CleatLabel* label = labels->buckets[i]; label != NULL;) {
      CleatLabel* next = label->next;
      free(label);
      label = next;
    }
  }
  free(labels->buckets);
  *labels = (CleatLabels){0};
}
