// Runs packages.js with SQLite bound by packages.idl:
//
//   packages [DATABASE [STATUS [SCRIPT]]]
//
// DATABASE is the SQLite file to write (default packages.db), STATUS the dpkg status file to read (default
// /var/lib/dpkg/status), SCRIPT the JavaScript to run (default the packages.js beside this file).
#include <cleat/cleat.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packages.h"

static atomic_bool failed;

static void print_uncaught(void* data, const CleatError* error) {
  (void)data;
  fprintf(stderr, "%s\n", cleat_error_text(error).data);
  failed = true;
}

static void print_console(void* data, CleatConsoleLevel level, CleatString text) {
  (void)data;
  FILE* stream = level >= CLEAT_CONSOLE_WARN ? stderr : stdout;
  fwrite(text.data, 1, text.length, stream);
  fputc('\n', stream);
}

// What the script is told: two globals.
typedef struct Arguments {
  const char* database;
  const char* status;
  const char* script;
} Arguments;

static void set_globals(CleatEnv* env, void* data) {
  const Arguments* arguments = data;
  cleat_set(env, cleat_global(env), "databaseFile", cleat_c_string(env, arguments->database));
  cleat_set(env, cleat_global(env), "statusFile", cleat_c_string(env, arguments->status));
}

// Returns the file's text, to be freed, or NULL with a message on stderr.
static char* read_script(const char* path) {
  FILE* file = fopen(path, "rb");
  char* text = NULL;
  size_t capacity = 0;
  errno = 0;
  if (file == NULL || getdelim(&text, &capacity, '\0', file) < 0) {
    fprintf(stderr, "packages: cannot read '%s': %s\n", path, errno == 0 ? "it is empty" : strerror(errno));
    free(text);
    text = NULL;
  }
  if (file != NULL) fclose(file);
  return text;
}

// Runs the script and waits for all it has begun. Returns whether nothing went wrong.
static bool run(CleatRuntime* runtime, Arguments* arguments) {
  char* source = read_script(arguments->script);
  if (source == NULL) return false;
  cleat_dispatch(runtime, set_globals, arguments, NULL);
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.name = arguments->script;
  CleatResult result = cleat_eval(runtime, source, &options);
  if (result.error != NULL) print_uncaught(NULL, result.error);
  cleat_result_free(&result);
  free(source);
  return cleat_wait(runtime, 0) && !failed;
}

int main(int argc, char** argv) {
  Arguments arguments = {
      .database = argc > 1 ? argv[1] : "packages.db",
      .status = argc > 2 ? argv[2] : "/var/lib/dpkg/status",
      .script = argc > 3 ? argv[3] : PACKAGES_SCRIPT,
  };
  const CleatBindings* bindings[] = {&cleat_console_bindings, &packages_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.name = "packages";
  options.bindings = bindings;
  options.binding_count = 2;
  options.console = print_console;
  options.uncaught = print_uncaught;

  CleatError* error = NULL;
  CleatRuntime* runtime = cleat_open(&options, &error);
  if (runtime == NULL) {
    print_uncaught(NULL, error);
    cleat_error_free(error);
    return 1;
  }
  bool succeeded = run(runtime, &arguments);
  cleat_release(runtime);
  return succeeded ? 0 : 1;
}
