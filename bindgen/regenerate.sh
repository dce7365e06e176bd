#!/bin/sh
# Writes generated/ anew from idl/. "bindgen/regenerate.sh DIR" writes into DIR instead.
#
# The prelude goes into a folder "cleat" because every set of bindings includes it as "cleat/prelude.h".
set -eu
cd "$(dirname "$0")/.."
out=${1:-generated}

python3=/usr/bin/python3
"$python3" bindgen/bindgen.py --name prelude --prefix cleat --out "$out/cleat" idl/prelude.idl
for idl in idl/*.idl; do
  [ "$idl" = idl/prelude.idl ] || "$python3" bindgen/bindgen.py --prefix cleat --out "$out" "$idl"
done
