#!/bin/sh
# Installs what is missing to build Cleat, and is silent when nothing is.
#
#   build/setup.sh [--tests]    with --tests, what only the tests need too
#
# Everything comes from the Debian or Ubuntu archive. V8 is the package libnode-dev; where that cannot be installed
# (another Node.js is in its way, or there are no root rights) its packages are unpacked into out/deps instead.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C # apt's answers are read.

say() { echo "build/setup.sh: $*" >&2; }
die() {
  say "$*"
  exit 1
}

case ${1:-} in
  "") tests=false ;;
  --tests) tests=true ;;
  *) die "usage: build/setup.sh [--tests]" ;;
esac

# Each package, and the path or the command that shows it is there.
packages() {
  cat <<END
gcc gcc
g++ g++
pkg-config pkg-config
generate-ninja gn
ninja-build ninja
python3 /usr/bin/python3
python3-jinja2 /usr/lib/python3/dist-packages/jinja2
libuv1-dev /usr/include/uv.h
libwebsockets-dev /usr/include/libwebsockets.h
libxxhash-dev /usr/include/xxhash.h
libgtest-dev /usr/include/gtest/gtest.h
libsqlite3-dev /usr/include/sqlite3.h
END
  ! $tests || cat <<END
mypy mypy
python3-lark /usr/lib/python3/dist-packages/lark
zlib1g-dev /usr/include/zlib.h
END
}

missing_packages() {
  packages | while read -r package sign; do
    case $sign in
      /*) [ -e "$sign" ] || echo "$package" ;;
      *) command -v "$sign" >/dev/null || echo "$package" ;;
    esac
  done
}

have_v8() { /usr/bin/python3 -I build/find_v8.py >/dev/null 2>&1; }

missing=$(missing_packages | xargs)
[ -n "$missing" ] || ! have_v8 || exit 0

command -v apt-get >/dev/null ||
  die "no apt-get on this system; missing, by their Debian names: $missing libnode-dev"

# How to run a command as root; not possible where it takes a password and nobody is there to type it.
rootly=false
if [ "$(id -u)" = 0 ]; then
  rootly="env"
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
  rootly="sudo env"
fi

# apt's own lists of packages, unless only root could refresh them and we are not (see update).
apt_options=""

known() {
  for package in "$@"; do
    # shellcheck disable=SC2086
    apt-cache $apt_options show --no-all-versions "$package" >/dev/null 2>&1 || return 1
  done
}

updated=false
update() {
  say "fetching the lists of packages (apt-get update)"
  updated=true
  [ "$rootly" = false ] || { $rootly apt-get -qq update && return; }
  mkdir -p out/apt/lists/partial out/apt/archives/partial
  apt_options="-o Dir::State::Lists=$PWD/out/apt/lists -o Dir::Cache=$PWD/out/apt"
  # shellcheck disable=SC2086
  apt-get -qq $apt_options update
}

# Installs packages, and never at the price of removing one, such as a Node.js from elsewhere.
install() {
  $rootly DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends --no-remove -o Dpkg::Use-Pty=0 install "$@" >/dev/null
}

installable() { apt-get -qq -s --no-remove install "$@" >/dev/null 2>&1; }

if [ -n "$missing" ]; then
  [ "$rootly" != false ] || die "missing, and only root can install: apt-get install $missing"
  say "installing $missing (apt-get install)"
  # shellcheck disable=SC2086
  known $missing || update || true
  # shellcheck disable=SC2086
  install $missing || { ! $updated && update && install $missing; } ||
    die "apt could not install them (see above): do so by hand, then run this again"
fi

have_v8 && exit 0
known libnode-dev || $updated || update || true
known libnode-dev || die "apt knows no package libnode-dev; for another V8 see build/v8.gni"

if [ "$rootly" != false ] && installable libnode-dev; then
  say "installing libnode-dev (apt-get install)"
  install libnode-dev || { ! $updated && update && install libnode-dev; } || true
  ! have_v8 || exit 0
fi

# The packages that libnode-dev's library needs and that are not installed; libraries only, since the library
# needs none of the JavaScript packages that it names.
library_packages() {
  # shellcheck disable=SC2086
  apt-cache $apt_options depends --important "$1" | sed -n 's/^ *|\?Depends: \(lib[^ ]*\)$/\1/p'
}
closure() {
  todo=$1
  seen=" $todo "
  while [ -n "$todo" ]; do
    next=""
    for package in $todo; do
      echo "$package"
      for needed in $(library_packages "$package"); do
        case $seen in *" $needed "*) continue ;; esac
        seen="$seen$needed "
        dpkg-query -W -f '${db:Status-Status}' "$needed" 2>/dev/null | grep -q '^installed' || next="$next $needed"
      done
    done
    todo=$next
  done
}

new=$PWD/out/deps.new
unpack() {
  library=$(library_packages libnode-dev | grep '^libnode[0-9]*$') || return
  packages="libnode-dev $(closure "$library" | xargs)"
  say "libnode-dev cannot be installed here: unpacking $packages into out/deps"
  rm -rf "$new"
  mkdir -p "$new/deb" "$new/root"
  # apt drops root's rights for a download and warns where it cannot; the folder is ours alone, so it need not.
  # shellcheck disable=SC2086
  (cd "$new/deb" && apt-get -qq $apt_options -o APT::Sandbox::User=root download $packages) || return
  for deb in "$new"/deb/*.deb; do
    dpkg -x "$deb" "$new/root" || return
  done
  lost=$(LD_LIBRARY_PATH=$(echo "$new"/root/usr/lib/*-linux-gnu*) ldd "$new"/root/usr/lib/*/libnode.so | grep 'not found') &&
    say "libnode.so will not load:" "$lost" && return 1
  rm -rf out/deps
  mv "$new/root" out/deps
}
trap 'rm -rf "$new" out/apt' EXIT

unpack || { ! $updated && update && unpack; } ||
  die "could not get V8: libnode-dev can neither be installed nor unpacked (see above); for another V8 see build/v8.gni"
have_v8 || die "libnode-dev was unpacked into out/deps but holds no V8 that build/find_v8.py knows"
