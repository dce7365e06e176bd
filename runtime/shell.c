// The shell: runs a script file, written against Cleat's public headers only.

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleat/cleat.h"
#include "cleat/inspector_server.h"
#include "shell_modules.h"

enum {
  kSucceeded = 0,
  kFailed = 1,
  kMisused = 2,
};

static const char kHelp[] =
    "usage: cleat FILE [ARGUMENT...]     run a script, or a module where its name ends with .mjs\n"
    "       cleat - [ARGUMENT...]        run the script that standard input has\n"
    "       cleat -e CODE [ARGUMENT...]  run CODE\n"
    "       cleat --root FOLDER ...      the same, and modules may be imported from FOLDER\n"
    "       cleat --help                 print this\n"
    "       cleat --version              print the versions of Cleat and V8\n"
    "\n"
    "Before these, for debuggers (chrome://inspect, node inspect HOST:PORT, editors):\n"
    "       --inspect[=[HOST:]PORT]       let them attach, at 127.0.0.1:9229 unless said otherwise\n"
    "       --inspect-wait[=[HOST:]PORT]  wait for one\n"
    "       --inspect-brk[=[HOST:]PORT]   wait for one, and pause at the first statement\n"
    "\n"
    "The script has console, timers, queueMicrotask and performance; scriptArgs is the array of its arguments. It has\n"
    "ended when nothing is left to do. An error that is not caught ends it sooner, with the exit status 1.\n"
    "Modules are imported by paths, beside the importing file; only from the folder of FILE (of CODE the current one) "
    "and\n"
    "what is in it, unless another is given. Links are followed first.\n";

// What is to be run.
typedef struct Program {
  const char* name;  // what stack traces call it
  const char* path;  // of the file, "-" for standard input, or NULL: it is in `source` already
  char* source;      // owned
  size_t length;
  char** arguments;
  size_t argument_count;
  const char* folder;  // that modules may be imported from; NULL for that of the file
  ShellRoot root;
  bool is_module;
  atomic_bool evaluated;  // the module has been
  CleatRuntime* runtime;
  atomic_bool failed;

  bool inspected;  // debuggers may attach
  CleatInspectorStart start;
  char host[64];  // "" for the default
  uint16_t port;
  char* title;  // the file's whole path, by which they find it; owned, or NULL
} Program;

// READING

static bool is_input(const Program* program) { return program->path != NULL && strcmp(program->path, "-") == 0; }

static bool read_program(Program* program) {
  if (program->path == NULL || program->is_module) return true;
  FILE* file = is_input(program) ? stdin : fopen(program->path, "rb");
  if (file != NULL) program->source = shell_read(file, &program->length);
  if (program->source == NULL) fprintf(stderr, "cleat: cannot read '%s': %s\n", program->path, strerror(errno));
  if (file != NULL && !is_input(program)) fclose(file);
  return program->source != NULL;
}

// RUNNING

// Ends the process where nobody reads what it prints: its JavaScript thread gets no SIGPIPE.
static void print_line(FILE* file, CleatString text) {
  fwrite(text.data, 1, text.length, file);
  putc('\n', file);
  if (fflush(file) != 0) _exit(kFailed);
}

static void on_console(void* data, CleatConsoleLevel level, CleatString text) {
  (void)data;
  print_line(level == CLEAT_CONSOLE_WARN || level == CLEAT_CONSOLE_ERROR ? stderr : stdout, text);
}

// The first error that nobody caught ends the program, however much is left to do.
static void on_uncaught(void* data, const CleatError* error) {
  Program* program = data;
  if (atomic_exchange(&program->failed, true)) return;
  print_line(stderr, cleat_error_text(error));
  // None yet while the runtime opens.
  if (program->runtime != NULL) cleat_close(program->runtime, CLEAT_CLOSE_DROP);
}

static void set_arguments(CleatEnv* env, const Program* program) {
  CleatValue* list = cleat_array(env);
  for (size_t i = 0; i < program->argument_count; i++) {
    cleat_set_index(env, list, (uint32_t)i, cleat_c_string(env, program->arguments[i]));
  }
  cleat_set(env, cleat_global(env), "scriptArgs", list);
}

static void run_program(CleatEnv* env, void* data) {
  static const char kMark[] = "\xEF\xBB\xBF";
  const Program* program = data;
  size_t skipped = program->length >= 3 && memcmp(program->source, kMark, 3) == 0 ? 3 : 0;
  set_arguments(env, program);
  cleat_run_script(env, program->source + skipped, program->length - skipped, program->name, 1);
}

// MODULES

static void resolve(void* data, const CleatImport* import, CleatResolve* resolve) {
  shell_resolve(&((Program*)data)->root, import, resolve);
}

static void load(void* data, const CleatImport* import, CleatLoad* load) {
  shell_load(&((Program*)data)->root, import, load);
}

static bool open_root(Program* program) {
  const char* main = is_input(program) ? NULL : program->path;
  if (shell_root_open(&program->root, program->folder, main)) return true;
  const char* what = program->folder != NULL ? program->folder : main != NULL ? main : ".";
  fprintf(stderr, "cleat: cannot read '%s': %s\n", what, strerror(errno));
  return false;
}

static void on_evaluated(void* data, CleatResult result) {
  Program* program = data;
  bool closed = result.error != NULL && cleat_error_kind(result.error) == CLEAT_ERROR_CLOSED;
  if (!closed) atomic_store(&program->evaluated, true);
  if (result.error != NULL && !closed) on_uncaught(program, result.error);
  cleat_result_free(&result);
}

static void prepare_module(CleatEnv* env, void* data) { set_arguments(env, data); }

static void start(Program* program) {
  if (!program->is_module) {
    cleat_dispatch(program->runtime, run_program, program, NULL);
    return;
  }
  CleatEvalOptions options = CLEAT_EVAL_OPTIONS_INIT;
  options.no_value = true;
  cleat_dispatch(program->runtime, prepare_module, program, NULL);
  cleat_import_async(program->runtime, program->path, &options, on_evaluated, program);
}

static int fail(CleatError* error) {
  fprintf(stderr, "cleat: %s\n", cleat_error_message(error).data);
  cleat_error_free(error);
  return kFailed;
}

static int run_inspected(Program* program, const CleatInspector* inspector) {
  static const CleatBindings* const kBindings[] = {
      &cleat_console_bindings, &cleat_dom_exception_bindings, &cleat_events_bindings,
      &cleat_timers_bindings,  &cleat_performance_bindings,
  };
  CleatError* error = NULL;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.data = program;
  options.bindings = kBindings;
  options.binding_count = sizeof kBindings / sizeof *kBindings;
  options.console = on_console;
  options.uncaught = on_uncaught;
  options.resolve = resolve;
  options.load = load;
  options.inspector = inspector;
  options.inspector_title = program->name;
  options.inspector_start = program->start;
  if (!open_root(program)) return kFailed;
  program->runtime = cleat_open(&options, &error);
  if (program->runtime == NULL) return fail(error);
  start(program);
  cleat_wait(program->runtime, 0);
  if (program->is_module && !atomic_load(&program->evaluated) && !atomic_exchange(&program->failed, true)) {
    fprintf(stderr, "cleat: '%s' awaits what never comes\n", program->path);
  }
  cleat_release(program->runtime);
  return atomic_load(&program->failed) ? kFailed : kSucceeded;
}

static int run(Program* program) {
  if (!program->inspected) return run_inspected(program, NULL);
  if (program->path != NULL) program->title = realpath(program->path, NULL);
  if (program->title != NULL) program->name = program->title;
  CleatError* error = NULL;
  CleatInspectorServerOptions options = CLEAT_INSPECTOR_SERVER_OPTIONS_INIT;
  options.host = program->host[0] != 0 ? program->host : NULL;
  options.port = program->port;
  CleatInspectorServer* server = cleat_inspector_server_open(&options, &error);
  if (server == NULL) return fail(error);
  int status = run_inspected(program, cleat_inspector_server_inspector(server));
  cleat_inspector_server_close(server);
  free(program->title);
  return status;
}

// THE COMMAND LINE

static int misuse(const char* what, const char* argument) {
  fprintf(stderr, "cleat: %s%s\nTry 'cleat --help'.\n", what, argument);
  return kMisused;
}

// Takes the arguments from `first` on for those of the script.
static void take_arguments(Program* program, int first, int argc, char** argv) {
  program->arguments = argv + first;
  program->argument_count = (size_t)(argc - first);
}

static int run_code(Program* program, int argc, char** argv) {
  if (argc < 3) return misuse("-e needs the code to run", "");
  program->name = "<eval>";
  program->source = strdup(argv[2]);
  program->length = strlen(argv[2]);
  take_arguments(program, 3, argc, argv);
  return program->source == NULL ? kFailed : run(program);
}

static int run_file(Program* program, int at, int argc, char** argv) {
  program->path = argv[at];
  size_t length = strlen(argv[at]);
  program->is_module = length > 4 && strcmp(argv[at] + length - 4, ".mjs") == 0;
  program->name = strcmp(argv[at], "-") == 0 ? "<stdin>" : argv[at];
  take_arguments(program, at + 1, argc, argv);
  return read_program(program) ? run(program) : kFailed;
}

// Reads "PORT", "HOST:PORT" or "[HOST]:PORT".
static bool read_address(Program* program, const char* text) {
  const char* colon = strrchr(text, ':');
  const char* digits = colon != NULL ? colon + 1 : text;
  size_t length = colon != NULL ? (size_t)(colon - text) : 0;
  unsigned long port = strtoul(digits, NULL, 10);
  bool is_port = *digits != 0 && strlen(digits) <= 5 && digits[strspn(digits, "0123456789")] == 0 && port <= UINT16_MAX;
  if (colon != NULL && length > 2 && text[0] == '[' && text[length - 1] == ']') {
    text++;
    length -= 2;
  }
  if (!is_port || (colon != NULL && length == 0) || length >= sizeof(program->host)) return false;
  memcpy(program->host, text, length);
  program->port = (uint16_t)port;
  return true;
}

// Reads --inspect and its kin; false for another option. `*failed` where the address is wrong.
static bool read_inspect(Program* program, const char* option, bool* failed) {
  enum { kDefaultPort = 9229 };
  static const struct {
    const char* name;
    CleatInspectorStart start;
  } kOptions[] = {
      {"--inspect-wait", CLEAT_INSPECTOR_WAIT},
      {"--inspect-brk", CLEAT_INSPECTOR_PAUSE},
      {"--inspect", CLEAT_INSPECTOR_RUN},
  };
  for (size_t i = 0; i < sizeof kOptions / sizeof *kOptions; i++) {
    size_t length = strlen(kOptions[i].name);
    if (strncmp(option, kOptions[i].name, length) != 0 || (option[length] != 0 && option[length] != '=')) continue;
    program->inspected = true;
    program->start = kOptions[i].start;
    program->port = kDefaultPort;
    *failed = option[length] == '=' && !read_address(program, option + length + 1);
    return true;
  }
  return false;
}

static int run_command(Program* program, int argc, char** argv) {
  bool failed = false;
  while (argc > 1 && read_inspect(program, argv[1], &failed)) {
    if (failed) return misuse("no address to listen on: ", argv[1]);
    argc--;
    argv++;
  }
  const char* first = argc > 1 ? argv[1] : NULL;
  if (first == NULL) return misuse("no script is given", "");
  if (strcmp(first, "--root") == 0) {
    if (argc < 3) return misuse("--root needs a folder", "");
    program->folder = argv[2];
    return run_command(program, argc - 2, argv + 2);
  }
  if (strcmp(first, "-e") == 0) return run_code(program, argc, argv);
  if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
    fputs(kHelp, stdout);
    return kSucceeded;
  }
  if (strcmp(first, "--version") == 0) {
    printf("Cleat %s, V8 %s\n", cleat_version(), cleat_engine_version());
    return kSucceeded;
  }
  if (strcmp(first, "--") == 0) {
    return argc < 3 ? misuse("no script is given", "") : run_file(program, 2, argc, argv);
  }
  if (first[0] == '-' && first[1] != 0) return misuse("no such option: ", first);
  return run_file(program, 1, argc, argv);
}

int main(int argc, char** argv) {
  Program program = {0};
  int status = run_command(&program, argc, argv);
  free(program.source);
  return status;
}
