// Runs a line of JavaScript and prints what came of it.
#include <cleat/cleat.h>
#include <stdio.h>

int main(void) {
  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(NULL, &error);
  if (runtime == NULL) {
    fprintf(stderr, "%s\n", cleat_error_text(error).data);
    cleat_error_free(error);
    return 1;
  }
  CleatResult result = cleat_eval(runtime, "['Hello', 'from', 'V8'].join(' ')", NULL);
  puts(result.error == NULL ? cleat_data_string(result.value).data : cleat_error_text(result.error).data);
  int status = result.error != NULL;
  cleat_result_free(&result);
  cleat_release(runtime);
  return status;
}
