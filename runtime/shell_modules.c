// Modules of the shell: what a specifier stands for, and whether it may be read. Links are followed before that is
// decided, and it is decided once more when the file is open, since it may have been exchanged.
#include "shell_modules.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char* shell_read(FILE* file, size_t* length) {
  size_t capacity = 0;
  char* data = NULL;
  *length = 0;
  do {
    if (capacity - *length < 4096) {
      capacity = capacity * 2 + 65536;
      char* larger = realloc(data, capacity);
      if (larger == NULL) break;
      data = larger;
    }
    *length += fread(data + *length, 1, capacity - *length, file);
    if (feof(file)) return data;
  } while (!ferror(file));
  free(data);
  return NULL;
}

// Stores the folder that `path` is in; false where it is too long.
static bool folder_of(const char* path, char out[PATH_MAX]) {
  const char* slash = strrchr(path, '/');
  int length =
      slash == NULL ? snprintf(out, PATH_MAX, ".") : snprintf(out, PATH_MAX, "%.*s", (int)(slash + 1 - path), path);
  return length < PATH_MAX;
}

bool shell_root_open(ShellRoot* root, const char* folder, const char* main) {
  _Static_assert(sizeof(root->path) >= PATH_MAX, "realpath writes as much");
  char of_main[PATH_MAX] = ".";
  char real[PATH_MAX];
  if (folder == NULL && main != NULL) {
    // That of the file itself, where `main` is a link to it.
    if (realpath(main, real) == NULL || !folder_of(real, of_main)) return false;
  }
  if (realpath(folder != NULL ? folder : of_main, root->path) == NULL) return false;
  struct stat status;
  if (stat(root->path, &status) != 0) return false;
  errno = ENOTDIR;
  return S_ISDIR(status.st_mode);
}

static bool is_below(const ShellRoot* root, const char* path) {
  size_t length = strlen(root->path);
  if (strcmp(root->path, "/") == 0) return true;
  return strncmp(path, root->path, length) == 0 && path[length] == '/';
}

static bool is_path(const char* specifier) {
  return strncmp(specifier, "./", 2) == 0 || strncmp(specifier, "../", 3) == 0 || specifier[0] == '/';
}

void shell_resolve(const ShellRoot* root, const CleatImport* import, CleatResolve* resolve) {
  const char* specifier = import->specifier.data;
  const char* importer = import->importer.data;
  char folder[PATH_MAX] = "";
  char path[PATH_MAX];
  char real[PATH_MAX];
  if (importer != NULL && !is_path(specifier)) {
    cleat_resolve_fail(resolve, "only paths that begin with ./, ../ or / can be imported");
    return;
  }
  bool relative = importer != NULL && specifier[0] != '/';
  bool fits = !relative || folder_of(importer[0] == '<' ? "" : importer, folder);
  fits = fits && snprintf(path, sizeof(path), "%s%s%s", folder, relative ? "/" : "", specifier) < (int)sizeof(path);
  if (!fits) errno = ENAMETOOLONG;
  if (!fits || realpath(path, real) == NULL) {
    cleat_resolve_fail(resolve, "%s", strerror(errno));
  } else if (!is_below(root, real)) {
    cleat_resolve_fail(resolve, "it is outside of '%s'", root->path);
  } else {
    cleat_resolve_to(resolve, real);
  }
}

// Returns where the open file is.
static bool path_of(int file, char out[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, out, PATH_MAX - 1);
  if (length >= 0) out[length] = 0;
  return length >= 0;
}

void shell_load(const ShellRoot* root, const CleatImport* import, CleatLoad* load) {
  char path[PATH_MAX];
  struct stat status;
  // Without waiting for who would write into a pipe.
  int descriptor = open(import->specifier.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 || fstat(descriptor, &status) != 0 || !path_of(descriptor, path)) {
    cleat_load_fail(load, "%s", strerror(errno));
    if (descriptor >= 0) close(descriptor);
    return;
  }
  FILE* file = NULL;
  size_t length = 0;
  char* source = NULL;
  if (!is_below(root, path)) {
    cleat_load_fail(load, "it is outside of '%s'", root->path);
  } else if (!S_ISREG(status.st_mode)) {
    cleat_load_fail(load, S_ISDIR(status.st_mode) ? "it is a folder" : "it is no ordinary file");
  } else if ((file = fdopen(descriptor, "rb")) == NULL || (source = shell_read(file, &length)) == NULL) {
    cleat_load_fail(load, "%s", strerror(errno));
  } else {
    cleat_load_answer(load, source, length);
  }
  free(source);
  if (file != NULL) {
    fclose(file);
  } else {
    close(descriptor);
  }
}
