# samples/node_addon in this machine's Node.js, where there is one with its headers: that it prints what samples/packages
# does, and what node_addon.js checks.
. tests/tap.sh

problem=$(/usr/bin/python3 build/find_node.py --check 2>&1) || {
  echo "ok 1 - samples/node_addon # SKIP $problem"
  exit 0
}

addon=$OUT/node/packages.node
check "the addons are built for $(node --version)" ninja -C "$OUT" --quiet node_addon

needs_no_v8() { ! ldd "$addon" | grep -E 'libnode|libuv|libv8'; }
check "it takes V8 and libuv from the program that loads it" needs_no_v8

same_output() {
  "$OUT/packages" "$work/one.db" >"$work/one" &&
    node samples/node_addon/run.js "$addon" "$work/two.db" >"$work/two" && diff "$work/one" "$work/two" && [ -s "$work/two" ]
}
check "packages.js prints in Node.js what it prints in samples/packages" same_output

bad_status() {
  ! node samples/node_addon/run.js "$addon" ":memory:" "$work/no-such-file" 2>"$work/err" &&
    grep -q "cannot read '$work/no-such-file'" "$work/err"
}
check "a missing status file is an error of Node's, and status 1" bad_status

# conforms ADDON IDL INSTANCES: what bindgen --emit test makes of the IDL passes in Node.js.
conforms() {
  name=$(basename "$2" .idl)
  /usr/bin/python3 bindgen/bindgen.py --emit test --out "$work" "$2" || return
  # shellcheck disable=SC2016
  code='const [addon, test, instances] = process.argv.slice(1); require(addon);
    globalThis.conformanceInstances = eval(`(${instances})`);
    require("node:vm").runInThisContext(require("node:fs").readFileSync(test, "utf8"), {filename: test});'
  node -e "$code" "$PWD/$1" "$work/${name}_test.js" "$3" >"$work/$name.tap" || return
  grep -q '^ok' "$work/$name.tap" && ! grep '^#\|^not ok\|# SKIP' "$work/$name.tap"
}
check "node_host keeps to its IDL in Node.js" conforms "$OUT/node/node_host.node" tests/samples/node_host/host_test.idl "{}"
check "samples/packages keeps to its IDL in Node.js" conforms "$addon" samples/packages/packages.idl \
  "{Database: () => new Database(':memory:'), Statement: () => new Database(':memory:').prepare('SELECT 1')}"

TMPDIR=$work node --expose-gc tests/samples/node_addon.js "$addon" "$OUT/node/node_host.node" || failures=$((failures + 1))
finish
