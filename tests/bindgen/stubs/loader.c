// Opens a runtime with the sets of bindings of each of several libraries, evaluates the test of each set, and prints
// what that gives, behind a line with the name of the library; then it has a script touch all that is there.
//
//   program TOUCH.js CAPABILITY [library LIBRARY [BINDINGS TEST.js]...]...
#include <cleat/cleat.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleat/dom_exception.h"
#include "cleat/events.h"

static void fail(const char* text) {
  puts(text);
  exit(1);
}

static char* read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail(path);
  size_t length = (size_t)ftell(file);
  rewind(file);
  char* text = calloc(1, length + 1);
  if (text == NULL || fread(text, 1, length, file) != length) fail(path);
  fclose(file);
  return text;
}

enum { MOST_SETS = 8 };

// What a runtime is opened with, which is to live as long as that.
typedef struct Sets {
  const CleatBindings* bindings[MOST_SETS];
  size_t count;
} Sets;

static void add(Sets* sets, const CleatBindings* bindings) {
  if (bindings == NULL) fail(dlerror());
  if (sets->count == MOST_SETS) fail("too many sets of bindings");
  sets->bindings[sets->count++] = bindings;
}

static CleatRuntime* open_runtime(const Sets* sets, const char* const* capability) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = sets->bindings;
  options.binding_count = sets->count;
  options.capabilities = capability;
  options.capability_count = 1;
  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(&options, &error);
  if (runtime == NULL) fail(cleat_error_text(error).data);
  return runtime;
}

static void run(CleatRuntime* runtime, const char* path, bool is_shown) {
  char* script = read_file(path);
  CleatResult result = cleat_eval(runtime, script, NULL);
  free(script);
  if (result.error != NULL) fail(cleat_error_text(result.error).data);
  if (is_shown) puts(cleat_data_string(result.value).data);
  fflush(stdout);
  cleat_result_free(&result);
}

// Of one library, whose sets and tests stand in pairs from `arguments` to `end`.
static void run_all(const char* library, char** arguments, char** end, const char* touch, const char* capability) {
  printf("library %s\n", library);
  fflush(stdout);
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) fail(dlerror());
  Sets sets = {{&cleat_events_bindings, &cleat_dom_exception_bindings}, 2};
  for (char** it = arguments; it < end; it += 2) add(&sets, dlsym(handle, *it));
  CleatRuntime* runtime = open_runtime(&sets, &capability);
  for (char** it = arguments; it < end; it += 2) run(runtime, it[1], true);
  run(runtime, touch, false);
  cleat_release(runtime);
}

int main(int count, char** arguments) {
  for (int i = 3; i + 1 < count;) {
    int end = i + 2;
    while (end < count && strcmp(arguments[end], "library") != 0) end++;
    run_all(arguments[i + 1], &arguments[i + 2], &arguments[end], arguments[1], arguments[2]);
    i = end;
  }
  return 0;
}
