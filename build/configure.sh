#!/bin/sh
# Makes the output folder out/NAME, if it is not there yet.
#
#   build/configure.sh NAME [GN-ARGUMENT...]
#
# NAME is release, debug, asan (with UndefinedBehaviorSanitizer, too) or tsan, with "-clang" behind it for clang in the
# place of gcc. More arguments, such as 'v8_include="/opt/v8/include"', configure the folder anew.
set -eu
cd "$(dirname "$0")/.."

name=${1:?"usage: build/configure.sh release|debug|asan|tsan[-clang] [GN-ARGUMENT...]"}
shift
case ${name%-clang} in
  release) args="" ;;
  debug) args="is_debug=true" ;;
  asan) args="is_debug=true is_asan=true is_ubsan=true" ;;
  tsan) args="is_debug=true is_tsan=true" ;;
  *)
    echo "build/configure.sh: no such configuration: $name" >&2
    exit 1
    ;;
esac
case $name in
  *-clang) args="$args is_clang=true" ;;
esac

# Ninja itself notices changes of the GN files from here on.
if [ $# -gt 0 ] || [ ! -f "out/$name/build.ninja" ]; then
  gn gen -q "out/$name" --args="$args $*"
fi
