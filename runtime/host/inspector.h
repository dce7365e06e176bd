// The printing of one value, as inspect.c and entries.c share it.
#ifndef CLEAT_RUNTIME_HOST_INSPECTOR_H_
#define CLEAT_RUNTIME_HOST_INSPECTOR_H_

#include "host/inspect.h"

// An object that is being printed, and those it is in.
typedef struct Ancestor Ancestor;

typedef struct Inspector {
  CleatEngine* engine;
  CleatInspectStyle style;
  const Ancestor* ancestors;
  int level;       // of the object that is printed
  int deepest;     // the level of the object that was printed last
  int references;  // given out
  size_t bytes;    // of the objects printed
} Inspector;

// What is known of an object before its entries are looked at.
typedef struct Subject {
  CleatValue* object;
  CleatShape shape;
  CleatInspectName name;
  CleatValue* keys;     // of its properties
  CleatValue* entries;  // of a collection
  bool pairs;
  size_t size;  // of an array or a collection
} Subject;

// Adds any value. inspect.c.
void cleat__inspect_value(Inspector* inspector, CleatValue* value, CleatText* out);

// Returns whether there is anything to show between the braces of an object. entries.c.
bool cleat__inspect_has_entries(Inspector* inspector, const Subject* subject);

// Adds all that is shown between the braces. entries.c.
void cleat__inspect_entries(Inspector* inspector, const Subject* subject, CleatLayout* layout);

// Adds one value as an entry. entries.c.
void cleat__inspect_entry(Inspector* inspector, CleatLayout* layout, CleatValue* value);

#endif  // CLEAT_RUNTIME_HOST_INSPECTOR_H_
