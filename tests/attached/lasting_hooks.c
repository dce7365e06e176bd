// The hooks of lasting.idl and lasting_more.idl.
#include <string.h>

#include "lasting.h"
#include "lasting_more.h"

static char object;

Lasting* lasting_new(void) { return (Lasting*)&object; }
void lasting_finalize(Lasting* self) { (void)self; }

int32_t lasting_get_lasting_fixed(void) { return 1; }
int32_t lasting_lasting_twice(int32_t value) { return value * 2; }
void lasting_lasting_hidden(void) {}

bool lasting_pair_at(size_t index, CleatString* key, int32_t* value) {
  *key = CLEAT_STRING("one");
  *value = 1;
  return index == 0;
}

bool lasting_has_named(CleatString name) { return strcmp(name.data, "lastingName") == 0; }
CleatString lasting_get_named(CleatString name) { return name; }

int32_t lasting_more_get_more_fixed(void) { return 2; }
void lasting_more_more_hidden(void) {}

bool lasting_more_has_named(CleatString name) { return strcmp(name.data, "moreName") == 0; }
CleatString lasting_more_get_named(CleatString name) { return name; }
