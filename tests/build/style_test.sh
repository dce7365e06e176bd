# What the tree promises about itself.
. tests/tap.sh

# The files of that name, but for the build's.
files() { find . -path ./out -prune -o -path ./.git -prune -o -type f -name "$1" -print; }

gn_format() { files '*.gn' | xargs gn format --dry-run && files '*.gni' | xargs gn format --dry-run; }
check "GN files are formatted" gn_format

typed() { mypy --strict --no-error-summary bindgen/*.py tests/bindgen/*.py tests/inspector/*.py tests/*.py build/*.py tests/bench/*.py; }
check "the types of all Python are right" typed

v8_headers() {
  grep -rlE '#include [<"](v8[-.]|libplatform/)' --include='*.[ch]' --include='*.cc' . >"$work/found"
  grep -vE '^\./(out|runtime/v8|tests/bench|tests/attached|samples/node_addon)/' "$work/found" || return 0
  return 1
}
check "only the shim, the benchmark and what has V8 already include V8's headers" v8_headers
finish
