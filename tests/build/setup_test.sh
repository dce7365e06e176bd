# build/setup.sh on a machine that has everything, as this one has by now.
. tests/tap.sh

silent() {
  said=$(build/setup.sh 2>&1) || return
  [ -z "$said" ] || {
    echo "it said: $said"
    return 1
  }
}

quick() {
  begin=$(date +%s%N)
  build/setup.sh
  build/setup.sh
  build/setup.sh
  milliseconds=$((($(date +%s%N) - begin) / 3000000))
  [ "$milliseconds" -lt 300 ] || {
    echo "it took $milliseconds ms"
    return 1
  }
}

unknown_configuration() {
  said=$(build/configure.sh no-such 2>&1) && return 1
  echo "$said"
  [ ! -e out/no-such ]
}

check "setup is silent when nothing is missing" silent
check "setup is quick when nothing is missing" quick
check "an unknown configuration is an error and leaves no folder" unknown_configuration
finish
