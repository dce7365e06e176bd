#!/bin/sh
# Measures Cleat beside its neighbours, in one run: Lua 5.4, LuaJIT's FFI, Node-API, koffi and Deno's FFI.
#
#   tests/bench/peers.sh [ROUNDS]
#
# Needs out/release/bench, and node with its headers and npm for the last three. What else is not installed is fetched into
# out/peers: Lua and LuaJIT as Debian's packages, by apt, koffi and Deno by npm. What cannot be had is left out and named.
#
# Node-API is held to the aims on the V8 that Cleat is linked with: a newer one is another engine, not another binding.
# Where the machine's node has another V8, Debian's node is unpacked beside it, and both are shown.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
peers=$PWD/tests/bench/peers
out=$PWD/out/peers
times=$out/times

[ -x out/release/bench ] || {
  echo "tests/bench/peers.sh: out/release/bench is missing: ninja -C out/release bench" >&2
  exit 1
}
mkdir -p "$out"
rm -rf "$times"
mkdir "$times"
left_out=""
without() { left_out="$left_out
  $1: $2"; }
has() { command -v "$1" >/dev/null 2>&1; }

compile() {
  name=$1
  shift
  cc -O2 -fPIC -shared -o "$out/$name" "$@" 2>"$out/log"
}
compile libwork.so "$peers/work.c"

# Unpacks Debian's packages into out/peers/root: no rights are needed for that.
unpack() {
  mkdir -p "$out/deb"
  (cd "$out/deb" && rm -f ./*.deb && apt-get -qq -o APT::Sandbox::User=root download "$@") >"$out/log" 2>&1 || return
  for deb in "$out"/deb/*.deb; do
    dpkg -x "$deb" "$out/root" || return
  done
}
# Finds a command that is installed, or unpacked, or can be: its packages come after it.
find_command() {
  command -v "$1" && return
  found=$out/root/usr/bin/$1
  [ -x "$found" ] || { has apt-get && shift && unpack "$@"; } || return
  echo "$found"
}

all="ours"
if ! lua=$(find_command lua5.4 lua5.4 liblua5.4-0 liblua5.4-dev); then
  without "Lua 5.4" "apt has no lua5.4, or no liblua5.4-dev"
elif compile peer.so "$peers/lua_module.c" "$peers/work.c" -I/usr/include/lua5.4 -I"$out/root/usr/include/lua5.4" \
  -I"$(echo "$out"/root/usr/include/*-linux-gnu*)"; then
  all="$all lua"
else
  without "Lua 5.4" "no liblua5.4-dev"
fi
if luajit=$(find_command luajit luajit libluajit-5.1-2 libluajit-5.1-common); then
  all="$all luajit"
else
  without "LuaJIT" "apt has no luajit"
fi
libraries=$(echo "$out"/root/usr/lib/*-linux-gnu*)

# Unpacks Debian's Node.js of the libnode that the bench is linked with; false where there is none. It reads modules of
# other packages in /usr/share, and aborts without them: a copy of the library reads them in the current folder instead.
debian_node() {
  # shellcheck disable=SC2046
  set -- $(ldd out/release/bench | sed -n 's|.*libnode\.so\.\([0-9]*\) => \([^ ]*\) .*|\1 \2|p')
  [ $# = 2 ] && has apt-cache || return
  version=$(apt-cache policy "libnode$1" | sed -n 's/ *Candidate: //p')
  modules=$(apt-cache depends "libnode$1" | sed -n 's/ *Depends: \(node-.*\)/\1/p')
  libnode=$(dirname "$2")
  # shellcheck disable=SC2086
  [ -x "$out/root/usr/bin/node" ] || unpack "nodejs=$version" $modules || return
  sed 's|/usr/share/nodejs/|.////share/nodejs/|g' "$2" >"$out/root/libnode.so.$1"
}
run_debian_node() { (cd "$out/root/usr" && LD_LIBRARY_PATH=$out/root:$libnode bin/node "$@"); }

v8=$(out/release/bench --json --filter nothing | sed -n 's/.*"v8": "\(.*\)".*/\1/p')
include=/usr/include/node
[ -e $include/node_api.h ] || include=$(echo out/deps/usr/include/node*/node_api.h | sed 's|/node_api.h.*||')
if ! compile peer.node "$peers/napi_module.c" "$peers/work.c" -I"$include" -I/usr/include/nodejs/src; then
  without "Node-API" "no node_api.h"
elif has node && [ "$(node -p process.versions.v8)" = "$v8" ]; then
  all="$all napi"
  run_napi() { node "$@"; }
elif debian_node && [ "$(run_debian_node -p process.versions.v8)" = "$v8" ]; then
  all="$all napi"
  run_napi() { run_debian_node "$@"; }
  ! has node || all="$all napi_other"
elif has node; then
  without "Node-API on V8 $v8" "no node has it; the one that is measured has V8 $(node -p process.versions.v8)"
  all="$all napi"
  run_napi() { node "$@"; }
else
  without "Node-API" "no node"
fi
for package in koffi deno; do
  if ! has npm; then
    without $package "no npm"
  elif [ -d "$out/node_modules/$package" ] || npm install --silent --prefix "$out" $package >"$out/log" 2>&1; then
    all="$all $package"
  else
    without $package "npm cannot install it"
  fi
done

run() {
  case $1 in
    ours) out/release/bench --json --rounds 9 ;;
    lua) LD_LIBRARY_PATH=$libraries "$lua" "$peers/lua.lua" c "$out" ;;
    luajit) LD_LIBRARY_PATH=$libraries "$luajit" "$peers/lua.lua" ffi "$out" ;;
    napi) run_napi "$peers/node.mjs" napi "$out" ;;
    napi_other) node "$peers/node.mjs" napi "$out" ;;
    koffi) node "$peers/node.mjs" koffi "$out" ;;
    deno) "$out/node_modules/.bin/deno" run --quiet --allow-ffi "$peers/deno.mjs" "$out" ;;
  esac
}
round=1
while [ "$round" -le "$rounds" ]; do
  for one in $all; do
    run "$one" >"$times/$one.$round" 2>"$out/log" || {
      rm -f "$times/$one.$round"
      [ "$round" -gt 1 ] || without "$one" "$(tail -n 1 "$out/log")"
    }
  done
  round=$((round + 1))
done
/usr/bin/python3 "$peers/table.py" "$times"
for one in $all; do
  case $one in
    napi) echo "Node-API is measured in node $(run_napi -p "process.version + ', of V8 ' + process.versions.v8")." ;;
    napi_other) echo "The other is node $(node -p "process.version + ', of V8 ' + process.versions.v8")." ;;
  esac
done
[ -z "$left_out" ] || echo "
Left out:$left_out"
