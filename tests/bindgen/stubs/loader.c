// Opens a runtime with the bindings of each of several libraries, has a script touch all that is there, evaluates the
// test of the bindings, and prints what that gives, behind a line with the name of the library.
//
//   program TOUCH.js CAPABILITY [LIBRARY BINDINGS TEST.js]...
#include <cleat/cleat.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

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

static const CleatBindings* load(const char* library, const char* name) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) fail(dlerror());
  const CleatBindings* bindings = dlsym(handle, name);
  if (bindings == NULL) fail(dlerror());
  return bindings;
}

// What `options` points to is to live as long as the runtime.
static CleatRuntime* open_runtime(const CleatBindings* const bindings[3], const char* const* capability) {
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 3;
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

int main(int count, char** arguments) {
  for (int i = 3; i + 2 < count; i += 3) {
    printf("library %s\n", arguments[i]);
    fflush(stdout);
    const CleatBindings* own = load(arguments[i], arguments[i + 1]);
    const CleatBindings* const bindings[] = {own, &cleat_events_bindings, &cleat_dom_exception_bindings};
    CleatRuntime* runtime = open_runtime(bindings, (const char* const*)&arguments[2]);
    run(runtime, arguments[i + 2], true);
    run(runtime, arguments[1], false);
    cleat_release(runtime);
  }
  return 0;
}
