// Opens a runtime with the bindings BINDINGS of HEADER, evaluates a file, and prints the string it gives.
//
//   program FILE.js [CAPABILITY...]
#include <cleat/cleat.h>
#include <stdio.h>
#include <stdlib.h>

#include HEADER

static char* read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) exit(1);
  size_t length = (size_t)ftell(file);
  rewind(file);
  char* text = calloc(1, length + 1);
  if (text == NULL || fread(text, 1, length, file) != length) exit(1);
  fclose(file);
  return text;
}

int main(int count, char** arguments) {
  if (count < 2) return 1;
  const CleatBindings* bindings[] = {&BINDINGS, &cleat_events_bindings, &cleat_dom_exception_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 3;
  options.capabilities = (const char* const*)arguments + 2;
  options.capability_count = (size_t)count - 2;
  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(&options, &error);
  if (runtime == NULL) {
    puts(cleat_error_text(error).data);
    cleat_error_free(error);
    return 1;
  }
  char* script = read_file(arguments[1]);
  CleatResult result = cleat_eval(runtime, script, NULL);
  free(script);
  int status = result.error != NULL;
  puts(status ? cleat_error_text(result.error).data : cleat_data_string(result.value).data);
  cleat_result_free(&result);
  cleat_release(runtime);
  return status;
}
