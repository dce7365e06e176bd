#!/bin/sh
# Runs samples/packages inside of Node.js: builds an addon for the `node` on the PATH, which needs the headers of that
# Node.js (they come with it; Debian's are in libnode-dev), and runs the sample's JavaScript in it.
#
#   samples/node_addon/run.sh [DATABASE [STATUS [SCRIPT]]]    as samples/packages/main.c says
set -eu
cd "$(dirname "$0")/../.."

build/setup.sh
/usr/bin/python3 build/find_node.py --check
build/configure.sh release
ninja -C out/release --quiet node_addon
[ $# -gt 0 ] || set -- out/packages.db
exec node samples/node_addon/run.js out/release/node/packages.node "$@"
