# The idl_bindings template: what changes when, in a copy of the tree that has two sets of bindings and nothing else.
. tests/tap.sh

tree=$work/tree
out=$tree/out/test
mkdir -p "$tree/out" "$tree/sets"
tar -c --exclude=./out --exclude=./.git . | tar -x -C "$tree"
[ ! -d out/deps ] || ln -s "$top/out/deps" "$tree/out/deps"
echo 'root = "//sets"' >>"$tree/.gn"
cat >"$tree/sets/BUILD.gn" <<'END'
import("//build/idl_bindings.gni")

idl_bindings("one") {
  sources = [ "one.idl" ]
}

idl_bindings("two") {
  sources = [ "two.idl" ]
}

group("sets") {
  deps = [
    ":one",
    ":two",
  ]
}
END
cat >"$tree/sets/one.idl" <<'END'
partial interface CleatGlobalScope {
  double one(double x);
};
END
sed s/one/two/ "$tree/sets/one.idl" >"$tree/sets/two.idl"

# Runs ninja; what it did is then in $work/log.
build() { ninja -C "$out" -v sets >"$work/log" 2>&1; }
ran() { grep -q -- "$1" "$work/log"; }
generated() { ran "bindgen.py --name $1 "; }
compiled() { ran " -c [^ ]*$1\.c "; }
nothing() { ran "no work to do"; }

# Builds, and again; shows that the second time did nothing; leaves the first one's log.
settles() {
  build || {
    cat "$work/log"
    return 1
  }
  cp "$work/log" "$work/first"
  build
  nothing || {
    cat "$work/log"
    return 1
  }
  mv "$work/first" "$work/log"
}

first() { (cd "$tree" && gn gen -q out/test --args=) && settles && generated one && compiled one && compiled two; }
check "a build, then a second one that does nothing" first

touched() { touch "$tree/sets/one.idl" && settles && generated one && ! generated two && ! compiled one; }
check "a touched IDL file runs bindgen on it, and compiles nothing" touched

changed() {
  sed -i 's/one(/uno(/' "$tree/sets/one.idl" && settles && generated one && ! generated two && compiled one && ! compiled two
}
check "a changed IDL file rebuilds what depends on it, and nothing else" changed

module() { touch "$tree/bindgen/bindgen.py" && settles && generated one && generated two && ! compiled one; }
check "a touched module of bindgen runs it on everything, and compiles nothing" module

template() {
  touch "$(find "$tree/bindgen" -name '*.c.*' | head -n 1)" && settles && generated one && generated two && ! compiled one
}
check "a touched template does the same" template

wrong() {
  cp "$tree/sets/one.idl" "$work/good.idl"
  cp "$out/gen/sets/one.c" "$work/good.c"
  echo 'interface {' >>"$tree/sets/one.idl"
  build && return 1
  ran 'one\.idl:4:11: error\[' && cmp "$out/gen/sets/one.c" "$work/good.c"
}
check "a wrong IDL file stops the build with its place, and leaves the output alone" wrong

mended() { cp "$work/good.idl" "$tree/sets/one.idl" && settles; }
check "and once mended builds again" mended
finish
