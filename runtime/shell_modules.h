// The modules of the shell: files below a root, imported by paths.
#ifndef CLEAT_RUNTIME_SHELL_MODULES_H_
#define CLEAT_RUNTIME_SHELL_MODULES_H_

#include <stdio.h>

#include "cleat/cleat.h"

// Reads all of `file` into memory of its own; NULL, with errno set, when that fails.
char* shell_read(FILE* file, size_t* length);

// Where modules may be; the memory is static.
typedef struct ShellRoot {
  char path[4096];  // as realpath gives it
} ShellRoot;

// Makes `folder` the root, or where that is NULL the folder of the file `main` (NULL: the current one). False, with
// errno set, where there is none.
bool shell_root_open(ShellRoot* root, const char* folder, const char* main);

// Resolves a specifier that `importer` has, or the path of the main file where that is NULL, to the real path of a file
// below the root. `importer` is a real path; or one as given on the command line, relative to the current folder; or a
// name in angle brackets, for what is in no file. CleatOptions.resolve.
void shell_resolve(const ShellRoot* root, const CleatImport* import, CleatResolve* resolve);

// Reads the file, which must still be below the root. CleatOptions.load.
void shell_load(const ShellRoot* root, const CleatImport* import, CleatLoad* load);

#endif  // CLEAT_RUNTIME_SHELL_MODULES_H_
