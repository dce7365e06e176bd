#!/bin/sh
# Measures Cleat beside its neighbours, in one run: Lua 5.4, LuaJIT's FFI, Node-API, koffi and Deno's FFI.
#
#   tests/bench/peers.sh [ROUNDS]
#
# Needs out/release/bench, and node with its headers and npm for the last three. What else is not installed is fetched into
# out/peers: Lua and LuaJIT as Debian's packages, by apt, koffi and Deno by npm. What cannot be had is left out and named.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-3}
peers=tests/bench/peers
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
compile libwork.so $peers/work.c

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
elif compile peer.so $peers/lua_module.c $peers/work.c -I/usr/include/lua5.4 -I"$out/root/usr/include/lua5.4" \
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
if ! has node; then
  without "Node-API" "no node"
elif compile peer.node $peers/napi_module.c $peers/work.c -I/usr/include/node -I/usr/include/nodejs/src; then
  all="$all napi"
else
  without "Node-API" "no node_api.h"
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
    lua) LD_LIBRARY_PATH=$libraries "$lua" $peers/lua.lua c "$out" ;;
    luajit) LD_LIBRARY_PATH=$libraries "$luajit" $peers/lua.lua ffi "$out" ;;
    napi) node $peers/node.mjs napi "$out" ;;
    koffi) node $peers/node.mjs koffi "$out" ;;
    deno) "$out/node_modules/.bin/deno" run --quiet --allow-ffi $peers/deno.mjs "$out" ;;
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
/usr/bin/python3 $peers/table.py "$times"
[ -z "$left_out" ] || echo "
Left out:$left_out"
