// Resolving: from what a script writes to the name of a module.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

struct CleatResolve {
  char* name;  // owned, as is the other; at most one is there
  char* failure;
  bool answered;
};

static void forget_answer(CleatResolve* resolve) {
  free(resolve->name);
  free(resolve->failure);
  *resolve = (CleatResolve){.answered = true};
}

void cleat_resolve_to(CleatResolve* resolve, const char* name) {
  CLEAT_CHECK_GIVEN(resolve, "resolve");
  CLEAT_CHECK_GIVEN(name, "name");
  forget_answer(resolve);
  resolve->name = strdup(name);
}

void cleat_resolve_fail(CleatResolve* resolve, const char* format, ...) {
  CLEAT_CHECK_GIVEN(resolve, "resolve");
  forget_answer(resolve);
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&resolve->failure, format, arguments) < 0) resolve->failure = NULL;
  va_end(arguments);
}

void cleat__throw_import(CleatEnv* env, const char* name, const CleatImporter* importer, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char* why = NULL;
  if (vasprintf(&why, format, arguments) < 0) why = NULL;
  va_end(arguments);
  char* chain = cleat__importer_text(importer);
  if (why == NULL || chain == NULL) {
    cleat_throw_range(env, "out of memory");
  } else {
    cleat_throw_type(env, "Cannot import '%s': %s%s", name, why, chain);
  }
  free(why);
  free(chain);
}

void cleat__tell_importers(CleatEnv* env, CleatValue* error, const char* name, const CleatImporter* importer) {
  if (!cleat__is_error(error)) return;
  CleatEngine* engine = env->engine;
  CleatValue* key = cleat__interned(engine, "message");
  CleatValue* message = cleat__get_own_data(engine, error, key);
  CleatString text;
  char* chain = cleat__importer_text(importer);
  char* longer = NULL;
  if (chain != NULL && message != NULL && cleat__is_string(message) && cleat_to_string(env, message, &text) &&
      asprintf(&longer, "%s%s%s%s", name != NULL ? name : "", name != NULL ? ": " : "", text.data, chain) >= 0) {
    CleatValue* value = cleat__string_wtf8(engine, longer, strlen(longer));
    if (value != NULL) cleat__define(engine, error, key, value, CLEAT_DONT_ENUM);
    free(longer);
  }
  free(chain);
}

// PATHS

static bool is_relative(const char* specifier) {
  return strncmp(specifier, "./", 2) == 0 || strncmp(specifier, "../", 3) == 0 || specifier[0] == '/';
}

// Returns the length of what no ".." leaves: "https://host/", "app:", "/", or nothing.
static size_t origin_length(const char* name) {
  size_t scheme = strcspn(name, ":/");
  if (name[scheme] != ':') return name[0] == '/' ? 1 : 0;
  if (strncmp(name + scheme, "://", 3) != 0) return scheme + 1;
  size_t host = scheme + 3 + strcspn(name + scheme + 3, "/");
  return name[host] == '/' ? host + 1 : host;
}

// Writes the segments of `path` behind what `out` has, with those that are "." and ".." done; returns where it ends.
// `root` is where the first segment begins.
static char* append_segments(char* root, char* out, const char* path, bool rooted) {
  while (*path != 0) {
    size_t length = strcspn(path, "/");
    bool last = path[length] == 0;
    if (length == 2 && path[0] == '.' && path[1] == '.') {
      char* before = out;
      if (before > root) before--;  // the slash
      while (before > root && before[-1] != '/') before--;
      bool climbs = out > root && strncmp(before, "../", 3) != 0;
      if (climbs) {
        out = before;
      } else if (!rooted) {
        memcpy(out, "../", 3);
        out += 3;
      }
    } else if (!(length == 1 && path[0] == '.') && (length > 0 || last)) {
      memcpy(out, path, length + !last);
      out += length + !last;
    }
    path += length + !last;
  }
  return out;
}

// Returns the path that `specifier` is beside `importer`; NULL when memory is short.
static char* join(const char* specifier, const char* importer) {
  size_t origin = origin_length(importer);
  const char* slash = strrchr(importer + origin, '/');
  size_t folder = slash != NULL ? (size_t)(slash + 1 - importer) : origin;
  char* name = malloc(strlen(importer) + strlen(specifier) + 3);
  char* directory = strndup(importer + origin, folder - origin);
  if (name == NULL || directory == NULL) {
    free(name);
    free(directory);
    return NULL;
  }
  memcpy(name, importer, origin);
  char* root = name + origin;
  if (origin > 0 && strchr(importer, ':') != NULL && root[-1] != '/' && root[-1] != ':') *root++ = '/';
  char* out = root;
  if (specifier[0] == '/') {
    if (origin == 0) *out++ = '/', root = out;
    out = append_segments(root, out, specifier + 1, true);
  } else {
    out = append_segments(root, out, directory, origin > 0);
    out = append_segments(root, out, specifier, origin > 0);
  }
  *out = 0;
  free(directory);
  return name;
}

// RESOLVING

static char* out_of_memory(CleatEnv* env) {
  cleat_throw_range(env, "out of memory");
  return NULL;
}

char* cleat__resolve_name(CleatEnv* env, const CleatImport* import, const CleatImporter* importer) {
  const CleatOptions* options = cleat__runtime_options(env->runtime);
  const char* specifier = import->specifier.data;
  if (strlen(specifier) != import->specifier.length) {
    cleat__throw_import(env, specifier, importer, "there is a NUL behind that");
    return NULL;
  }
  CleatResolve resolution = {0};
  if (options->resolve != NULL) options->resolve(options->data, import, &resolution);
  char* name = resolution.name;
  if (resolution.failure != NULL) {
    cleat__throw_import(env, specifier, importer, "%s", resolution.failure);
    free(resolution.failure);
    return NULL;
  }
  if (resolution.answered) return name != NULL ? name : out_of_memory(env);
  name = is_relative(specifier) ? join(specifier, import->importer.data != NULL ? import->importer.data : "")
                                : strdup(specifier);
  return name != NULL ? name : out_of_memory(env);
}
