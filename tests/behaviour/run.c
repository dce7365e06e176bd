// What the tests of behaviour are run with, in a runtime of Cleat's and in one that is attached to a host.
#include "run.h"

#include <stdio.h>
#include <stdlib.h>

#include "async.h"
#include "behaviour.h"
#include "cleat/events.h"
#include "dispose.h"
#include "exact.h"
#include "exposure.h"
#include "libraries.h"
#include "members.h"
#include "messages.h"
#include "scope.h"
#include "special.h"
#include "types.h"

static char* read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  size_t length = 0;
  size_t capacity = 4096;
  char* text = malloc(capacity);
  while (text != NULL) {
    length += fread(text + length, 1, capacity - length - 1, file);
    if (feof(file)) break;
    if (length == capacity - 1) text = realloc(text, capacity *= 2);
  }
  fclose(file);
  if (text != NULL) text[length] = '\0';
  return text;
}

static int failed(const CleatError* error) {
  printf("%s\nnot ok - %s\n", cleat_error_text(error).data, cleat_error_message(error).data);
  return 1;
}

static int load(CleatRuntime* runtime, const char* path) {
  char* tests = read_file(path);
  CleatEvalOptions named = CLEAT_EVAL_OPTIONS_INIT;
  named.name = path;
  CleatResult loaded = cleat_eval(runtime, tests, &named);
  free(tests);
  int status = loaded.error != NULL ? failed(loaded.error) : 0;
  cleat_result_free(&loaded);
  return status;
}

const CleatOptions* behaviour_options(int count, char** paths) {
  static const CleatBindings* bindings[] = {&async_bindings,
                                            &behaviour_bindings,
                                            &dispose_bindings,
                                            &exact_bindings,
                                            &exposure_bindings,
                                            &libraries_bindings,
                                            &members_bindings,
                                            &messages_bindings,
                                            &scope_bindings,
                                            &special_bindings,
                                            &types_bindings,
                                            &cleat_events_bindings,
                                            &cleat_dom_exception_bindings};
  static CleatScript scripts[64];
  static CleatOptions options;
  if (count > 64) exit(1);
  for (int i = 0; i < count; i++) scripts[i] = (CleatScript){.name = paths[i], .source = read_file(paths[i])};
  options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = sizeof(bindings) / sizeof(bindings[0]);
  options.scripts = scripts;
  options.script_count = (size_t)count;
  return &options;
}

int behaviour_not_open(CleatError* error) {
  int status = failed(error);
  cleat_error_free(error);
  return status;
}

int behaviour_run(CleatRuntime* runtime, int count, char** paths) {
  int status = 0;
  for (int i = 0; i < count; i++) status |= load(runtime, paths[i]);
  CleatResult result = cleat_eval(runtime, "runTests()", NULL);
  if (result.error != NULL) {
    status = failed(result.error);
  } else if (cleat_data_number(result.value) != 0) {
    status = 1;
  }
  cleat_result_free(&result);
  return status;
}
