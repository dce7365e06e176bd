# build/install.sh, and a program outside the tree that is built from what it installed.
. tests/tap.sh

prefix=$work/prefix
PKG_CONFIG_PATH=$prefix/lib/pkgconfig
export PKG_CONFIG_PATH
mkdir "$work/app"

installs() { build/install.sh --prefix "$prefix"; }
check "installs" installs

complete() {
  for file in include/cleat/cleat.h include/cleat/bind.h lib/libcleat.so lib/libcleat.a lib/pkgconfig/cleat.pc \
    lib/libcleat-inspector.so lib/libcleat-inspector.a lib/pkgconfig/cleat-inspector.pc \
    bin/cleat bin/cleat-bindgen; do
    [ -e "$prefix/$file" ] || {
      echo "no $file"
      return 1
    }
  done
}
check "headers, libraries, cleat.pc and commands are there" complete

shell() { [ "$("$prefix/bin/cleat" -e 'console.log(6 * 7)')" = 42 ]; }
check "the installed shell runs JavaScript" shell

exported() {
  nm -D --defined-only "$prefix/lib/$1" | awk '$3 !~ /^cleat_[^_]/' | grep . && return 1
  [ "$(nm -D --defined-only "$prefix/lib/$1" | wc -l)" -ge "$2" ]
}
check "libcleat.so exports public functions only" exported libcleat.so 10
check "libcleat-inspector.so exports public functions only" exported libcleat-inspector.so 5

lean() { ! readelf -d "$prefix/lib/libcleat.so" | grep websockets; }
check "libcleat.so does without libwebsockets" lean

needs() { readelf -d "$prefix/lib/libcleat-inspector.so" | grep -q 'NEEDED.*libcleat\.so'; }
check "libcleat-inspector.so says that it needs libcleat.so" needs

alone() {
  for header in "$prefix"/include/cleat/*.h; do
    name=$(basename "$header")
    echo "#include <cleat/$name>" | cc -std=c11 -Wall -Wextra -Werror -pedantic -x c -fsyntax-only -I "$prefix/include" - || return
    echo "#include <cleat/$name>" | c++ -std=c++11 -Wall -Wextra -Werror -x c++ -fsyntax-only -I "$prefix/include" - || return
  done
}
check "each header compiles alone, as C and as C++" alone

cat >"$work/app/app.idl" <<'END'
partial interface CleatGlobalScope {
  double twice(double x);
};
END
cat >"$work/app/main.c" <<'END'
#include <cleat/cleat.h>
#include <stdio.h>

#include "app.h"

double app_twice(double x) { return x * 2; }

int main(void) {
  const CleatBindings* bindings[] = {&app_bindings};
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.bindings = bindings;
  options.binding_count = 1;
  CleatRuntime* runtime = cleat_open(&options, NULL);
  CleatResult result = cleat_eval(runtime, "twice(21)", NULL);
  printf("%g\n", cleat_data_number(result.value));
  cleat_result_free(&result);
  cleat_release(runtime);
}
END
generates() { cd "$work/app" && "$prefix/bin/cleat-bindgen" --name app --out . app.idl && [ -s app.h ] && [ -s app.c ]; }
check "cleat-bindgen generates from a folder outside the tree" generates

# The flags are many words.
# shellcheck disable=SC2046
shared() {
  cd "$work/app" && cc -o shared main.c app.c $(pkg-config --cflags --libs cleat) && [ "$(./shared)" = 42 ]
}
check "a program on libcleat.so builds by pkg-config and runs" shared

# shellcheck disable=SC2046
static() {
  cd "$work/app" && cc -o static main.c app.c $(pkg-config --cflags --static --libs cleat | sed 's/-lcleat/-l:libcleat.a/') &&
    [ "$(./static)" = 42 ] && ! readelf -d static | grep -q libcleat
}
check "a program on libcleat.a builds by pkg-config and runs" static

cat >"$work/app/debugged.c" <<'END'
#include <cleat/cleat.h>
#include <cleat/inspector_server.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ignore(void* data, CleatString text) {}

int main(void) {
  CleatInspectorServerOptions server_options = CLEAT_INSPECTOR_SERVER_OPTIONS_INIT;
  server_options.notice = ignore;
  CleatInspectorServer* server = cleat_inspector_server_open(&server_options, NULL);
  CleatOptions options = CLEAT_OPTIONS_INIT;
  options.inspector = cleat_inspector_server_inspector(server);
  CleatRuntime* runtime = cleat_open(&options, NULL);
  char* url = cleat_inspector_server_url(server, runtime);
  puts(strncmp(url, "ws://127.0.0.1:", 15) == 0 ? "listens" : url);
  free(url);
  cleat_release(runtime);
  cleat_inspector_server_close(server);
}
END
# shellcheck disable=SC2046
debugged() {
  cd "$work/app" && cc -o debugged debugged.c $(pkg-config --cflags --libs cleat-inspector) && [ "$(./debugged)" = listens ]
}
check "a program with the debuggers' server builds by pkg-config and runs" debugged

# shellcheck disable=SC2046
debugged_static() {
  cd "$work/app" &&
    cc -o debugged debugged.c $(pkg-config --cflags --static --libs cleat-inspector | sed 's/-lcleat\(-inspector\)\?\>/-l:libcleat\1.a/g') &&
    [ "$(./debugged)" = listens ] && ! readelf -d debugged | grep -q libcleat
}
check "and on the static libraries" debugged_static

unknown() { build/install.sh --prefiks "$work/other" || build/install.sh; }
check "wrong arguments are an error" fails unknown
finish
