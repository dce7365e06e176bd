#!/bin/sh
# Builds what is to be installed in out/release, where that is not done yet, and installs it.
#
#   build/install.sh --prefix DIR
#
# include/cleat/*.h; lib/libcleat.so and libcleat.a, libcleat-inspector.so and .a (the debuggers' server), with their .pc
# files in lib/pkgconfig; bin/cleat (the shell), and bin/cleat-bindgen (IDL to C) with what it needs in share/cleat. A V8
# that build/setup.sh unpacked goes to lib/cleat. DESTDIR in the environment, for makers of packages, goes in front of DIR
# but not into the files.
set -eu

die() {
  echo "build/install.sh: $*" >&2
  exit 1
}

prefix=""
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) prefix=${2:-} && shift ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    *) die "unknown argument: $1" ;;
  esac
  shift
done
case $prefix in
  "") die "usage: build/install.sh --prefix DIR" ;;
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac

cd "$(dirname "$0")/.."
out=out/release
build/setup.sh
build/configure.sh release
ninja -C "$out" --quiet installed

to=${DESTDIR:-}$prefix
version=$(sed -n 's/^Version: //p' "$out/cleat.pc")

umask 022
install -d "$to/bin" "$to/include/cleat" "$to/lib/pkgconfig" "$to/share/cleat"

install -m 644 runtime/include/cleat/*.h "$out"/gen/runtime/include/cleat/*.h "$to/include/cleat"
for library in libcleat libcleat-inspector; do
  soname=$(readelf -d "$out/$library.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
  install -m 644 "$out/$library.a" "$to/lib"
  install -m 644 "$out/$library.so" "$to/lib/$library.so.$version"
  ln -sf "$library.so.$version" "$to/lib/$soname"
  ln -sf "$soname" "$to/lib/$library.so"
done

# A program finds the library in a folder of its own without LD_LIBRARY_PATH; the system's folders need no help.
case $prefix in
  /usr | /usr/local) rpath="" ;;
  *) rpath=" -Wl,-rpath,\${libdir}" ;;
esac
for library in cleat cleat-inspector; do
  sed -e "s|@prefix@|$prefix|" -e "s|@rpath@|$rpath|" "$out/$library.pc" >"$to/lib/pkgconfig/$library.pc"
done

if grep -q '{libdir}/cleat' "$out/cleat.pc"; then
  rm -rf "$to/lib/cleat"
  mkdir "$to/lib/cleat"
  cp -P out/deps/usr/lib/*/lib*.so* "$to/lib/cleat"
fi

install -m 755 "$out/cleat" "$to/bin"
rm -rf "$to/share/cleat"
mkdir "$to/share/cleat" "$to/share/cleat/idl"
cp -R bindgen "$to/share/cleat"
cp idl/*.idl "$to/share/cleat/idl"
find "$to/share/cleat" -name __pycache__ -prune -exec rm -rf {} +
cat >"$to/bin/cleat-bindgen" <<'END'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec /usr/bin/python3 "$here/../share/cleat/bindgen/bindgen.py" "$@"
END
chmod 755 "$to/bin/cleat-bindgen"

if [ "$(id -u)" = 0 ] && [ -z "${DESTDIR:-}" ] && [ -z "$rpath" ]; then
  ldconfig
fi
