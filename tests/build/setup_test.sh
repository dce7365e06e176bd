# build/setup.sh on a machine that has everything, as this one has by now.
. tests/tap.sh

silent() {
  said=$(build/setup.sh 2>&1) || return
  [ -z "$said" ] || {
    echo "it said: $said"
    return 1
  }
}

asks_nobody() {
  mkdir -p "$work/bin"
  for command in apt-get apt-cache dpkg-query sudo; do
    printf '#!/bin/sh\necho "$0" >>"%s/asked"\n' "$work" >"$work/bin/$command"
  done
  chmod +x "$work/bin/"*
  PATH="$work/bin:$PATH" build/setup.sh && [ ! -e "$work/asked" ]
}

unknown_configuration() {
  said=$(build/configure.sh no-such 2>&1) && return 1
  echo "$said"
  [ ! -e out/no-such ]
}

check "setup is silent when nothing is missing" silent
check "setup asks neither apt nor sudo when nothing is missing, and so is quick" asks_nobody
check "an unknown configuration is an error and leaves no folder" unknown_configuration
finish
