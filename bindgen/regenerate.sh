#!/bin/sh
# Writes generated/ anew from idl/. "bindgen/regenerate.sh DIR" writes into DIR instead.
#
# The prelude and the libraries go into a folder "cleat" because other sets of bindings include them as "cleat/prelude.h".
set -eu
cd "$(dirname "$0")/.."
out=${1:-generated}

python3=/usr/bin/python3
for idl in idl/*.idl; do
  case $idl in
    idl/prelude.idl | idl/dom_exception.idl | idl/events.idl) folder=$out/cleat ;;
    *) folder=$out ;;
  esac
  "$python3" bindgen/bindgen.py --prefix cleat --out "$folder" "$idl"
done
