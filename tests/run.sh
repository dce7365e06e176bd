#!/bin/sh
# Sets up the machine, builds, and runs every test. The last line printed is "N passed, N failed", with ", N skipped"
# behind it where tests were skipped; the exit status is 1 if one failed.
#
#   tests/run.sh            everything: all tests in out/release, the compiled and JavaScript tests in out/asan as well
#   tests/run.sh --quick    out/release only, without the shell tests
#   tests/run.sh --tsan     everything, and the googletests in out/tsan
#
# For one suite: tests/runner.py out/release:googletest --only NAME.
set -eu
cd "$(dirname "$0")/.."

# What is built, and what of it is run: see runner.py.
runs="out/release out/asan:googletest,javascript"
# What Python tests look at for what takes them long.
export CLEAT_THOROUGH=1
for option; do
  case $option in
    --quick)
      runs="out/release:googletest,python,javascript"
      unset CLEAT_THOROUGH
      ;;
    --tsan) runs="$runs out/tsan:googletest" ;;
    *)
      echo "usage: tests/run.sh [--quick] [--tsan]" >&2
      exit 1
      ;;
  esac
done

build() {
  build/setup.sh --tests || return
  for run in $runs; do
    name=$(basename "${run%%:*}")
    echo "building out/$name"
    build/configure.sh "$name" && ninja -C "out/$name" --quiet || return
  done
  # For a shell test; nothing where there is no Node.js with its headers.
  case $runs in
    out/release:*) ;;
    *) ninja -C out/release --quiet node_addon ;;
  esac
}
build || {
  echo "0 passed, 1 failed"
  exit 1
}
# shellcheck disable=SC2086
exec tests/runner.py $runs
