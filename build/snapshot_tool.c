// Makes a snapshot and writes it as C: what cleat_snapshot of cleat_snapshot.gni builds and runs, with the bindings.
//
//   NAME_tool --name NAME --out FOLDER [--capability NAME]... SCRIPT...
//
// writes FOLDER/NAME.c and FOLDER/NAME.h, which declares `extern const CleatSnapshot NAME`.
#include <cleat/cleat.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The sets of bindings, in order, and NULL.
extern const CleatBindings* const cleat_snapshot_tool_bindings[];

enum { WORDS_A_LINE = 5 };

static _Noreturn void fail(const char* what, const char* why) {
  fprintf(stderr, "snapshot_tool: %s: %s\n", what, why);
  exit(1);
}

static char* read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) fail(path, strerror(errno));
  char* text = NULL;
  size_t length = 0;
  FILE* out = open_memstream(&text, &length);
  if (out == NULL) fail(path, strerror(errno));
  for (int byte; (byte = getc(file)) != EOF;) putc(byte, out);
  if (ferror(file) || fclose(out) != 0) fail(path, "it cannot be read");
  fclose(file);
  return text;
}

// What stack traces call a script: its path in the tree, and not the way there from the build's folder.
static const char* name_of(const char* path) {
  while (strncmp(path, "../", 3) == 0) path += 3;
  return path;
}

static FILE* create(const char* folder, const char* name, const char* suffix, char** path) {
  if (asprintf(path, "%s/%s%s", folder, name, suffix) < 0) fail(name, "out of memory");
  FILE* file = fopen(*path, "w");
  if (file == NULL) fail(*path, strerror(errno));
  return file;
}

static void finish(FILE* file, char* path) {
  bool failed = ferror(file) != 0;
  if (fclose(file) != 0 || failed) fail(path, "it cannot be written");
  free(path);
}

static void write_header(const char* folder, const char* name) {
  char* path;
  FILE* file = create(folder, name, ".h", &path);
  fprintf(file, "// A snapshot, made by the build. Do not edit.\n#include <cleat/cleat.h>\n\n");
  fprintf(file, "#ifdef __cplusplus\nextern \"C\" {\n#endif\nextern const CleatSnapshot %s;\n", name);
  fprintf(file, "#ifdef __cplusplus\n}\n#endif\n");
  finish(file, path);
}

static void write_source(const char* folder, const char* name, const CleatSnapshot* snapshot) {
  char* path;
  FILE* file = create(folder, name, ".c", &path);
  fprintf(file, "// A snapshot, made by the build. Do not edit.\n#include \"%s.h\"\n\n", name);
  fprintf(file, "static const uint64_t words[] = {");
  const char* bytes = snapshot->data;
  for (size_t at = 0; at < snapshot->length; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    size_t left = snapshot->length - at;
    memcpy(&word, bytes + at, left < sizeof(word) ? left : sizeof(word));
    fprintf(file, "%s0x%" PRIx64 ",", at / sizeof(word) % WORDS_A_LINE == 0 ? "\n    " : " ", word);
  }
  fprintf(file, "\n};\n\nconst CleatSnapshot %s = {.data = words, .length = %zu, .intact = true};\n", name,
          snapshot->length);
  finish(file, path);
}

int main(int count, char** arguments) {
  const char* name = NULL;
  const char* folder = NULL;
  CleatOptions options = CLEAT_OPTIONS_INIT;
  CleatScript* scripts = calloc((size_t)count, sizeof(CleatScript));
  const char** capabilities = calloc((size_t)count, sizeof(char*));
  if (scripts == NULL || capabilities == NULL) fail("arguments", "out of memory");
  for (int i = 1; i < count; i++) {
    const char* argument = arguments[i];
    bool is_option = strncmp(argument, "--", 2) == 0;
    if (is_option && i + 1 == count) fail(argument, "its value is missing");
    if (strcmp(argument, "--name") == 0) {
      name = arguments[++i];
    } else if (strcmp(argument, "--out") == 0) {
      folder = arguments[++i];
    } else if (strcmp(argument, "--capability") == 0) {
      capabilities[options.capability_count++] = arguments[++i];
    } else if (is_option) {
      fail(argument, "there is no such option");
    } else {
      scripts[options.script_count++] = (CleatScript){.name = name_of(argument), .source = read_file(argument)};
    }
  }
  if (name == NULL || folder == NULL || options.script_count == 0) {
    fail("usage", "--name NAME --out FOLDER [--capability NAME]... SCRIPT...");
  }
  options.scripts = scripts;
  options.capabilities = capabilities;
  while (cleat_snapshot_tool_bindings[options.binding_count] != NULL) options.binding_count++;
  options.bindings = options.binding_count > 0 ? cleat_snapshot_tool_bindings : NULL;
  CleatError* error = NULL;
  CleatSnapshot* snapshot = cleat_snapshot_create(&options, &error);
  if (snapshot == NULL) fail(name, cleat_error_text(error).data);
  write_header(folder, name);
  write_source(folder, name, snapshot);
  cleat_snapshot_free(snapshot);
  for (size_t i = 0; i < options.script_count; i++) free((char*)scripts[i].source);
  free(scripts);
  free(capabilities);
  return 0;
}
