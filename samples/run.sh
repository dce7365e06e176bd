#!/bin/sh
# Sets up the machine, builds the samples and the shell, and runs the tour: samples/packages, which loads this machine's
# list of installed packages into an SQLite database and asks it questions.
#
#   samples/run.sh [DATABASE [STATUS [SCRIPT]]]    as samples/packages/main.c says; DATABASE is out/packages.db
set -eu
cd "$(dirname "$0")/.."

build/setup.sh
build/configure.sh release
ninja -C out/release --quiet samples cleat
[ $# -gt 0 ] || set -- out/packages.db
exec out/release/packages "$@"
