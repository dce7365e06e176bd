// The hook of readText: a blocking function, which Cleat calls on a thread of its pool.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packages.h"

// Reads `file` to its end into memory of malloc's. {NULL, 0} when memory is short or reading fails.
static CleatString read_all(FILE* file) {
  char* data = NULL;
  size_t length = 0;
  size_t capacity = 0;
  for (;;) {
    if (capacity - length < 4096) {
      capacity = capacity == 0 ? 65536 : capacity * 2;
      char* larger = realloc(data, capacity);
      if (larger == NULL) break;
      data = larger;
    }
    size_t got = fread(data + length, 1, capacity - length - 1, file);
    length += got;
    if (got > 0) continue;
    if (ferror(file)) break;
    data[length] = '\0';
    return (CleatString){data, length};
  }
  free(data);
  return (CleatString){NULL, 0};
}

CleatString packages_read_text(CleatThrower* thrower, const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) {
    cleat_thrower_throw(thrower, CLEAT_THROW_ERROR, "cannot read '%s': %s", path, strerror(errno));
    return (CleatString){NULL, 0};
  }
  CleatString text = read_all(file);
  if (text.data == NULL) cleat_thrower_throw(thrower, CLEAT_THROW_ERROR, "cannot read '%s': %s", path, strerror(errno));
  fclose(file);
  return text;
}
