# What the shell tests share. A test runs at the top of the tree, begins with ". tests/tap.sh", has a folder of its own in
# $work and the build in $OUT, says for each thing it shows
#
#   check "what is shown" COMMAND...
#
# which holds when COMMAND succeeds, and ends with "finish".
set -u

: "${OUT:=out/release}"
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
checks=0
failures=0

check() {
  what=$1
  shift
  checks=$((checks + 1))
  if output=$("$@" 2>&1); then
    echo "ok $checks - $what"
  else
    failures=$((failures + 1))
    echo "$output"
    echo "not ok $checks - $what"
  fi
}

# Succeeds when COMMAND fails: "check ... fails COMMAND...".
fails() { ! "$@"; }

finish() { [ "$failures" = 0 ]; exit; }
