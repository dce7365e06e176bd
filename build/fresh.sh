#!/bin/sh
# Tries the tree on a bare Debian, as a new contributor meets it: in a debootstrap that holds nothing but apt.
#
#   build/fresh.sh bookworm|trixie [COMMAND]
#
# Run by hand, as root, on a machine with debootstrap. The tree is the working tree without what git ignores. COMMAND is
# a shell command run at its top; without one, samples/run.sh twice and tests/run.sh. What is left:
#
#   CACHE=DIR   keeps the unpacked system's archive there for the next time (default: the folder for temporary files)
#   KEEP=DIR    works in DIR, which must not exist, and keeps it, for chroot DIR afterwards
set -eu
cd "$(dirname "$0")/.."

suite=${1:?"usage: build/fresh.sh bookworm|trixie [COMMAND]"}
command=${2:-'time samples/run.sh && time samples/run.sh && time tests/run.sh'}
cache=${CACHE:-${TMPDIR:-/tmp}/cleat-fresh}
base=$cache/$suite.tar

[ "$(id -u)" = 0 ] || {
  echo "build/fresh.sh: debootstrap and chroot need root" >&2
  exit 1
}

if [ ! -f "$base" ]; then
  # The machine's own mirror, where it has one of Debian's; else debootstrap's default.
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' | sed -n 's/^Debian //p' | head -n 1)
  mkdir -p "$cache"
  new=$(mktemp -d "$cache/$suite.XXXXXX")
  # shellcheck disable=SC2086
  debootstrap --variant=minbase "$suite" "$new" $mirror
  chmod 755 "$new"
  rm -f "$new"/var/cache/apt/archives/*.deb
  tar -C "$new" -cf "$base.part" .
  mv "$base.part" "$base"
  rm -rf --one-file-system "$new"
fi

root=${KEEP:-$(mktemp -d "$cache/run.XXXXXX")}
mkdir -p "$root"
chmod 755 "$root"
leave() {
  umount "$root/proc" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$root"
}
trap leave EXIT
trap 'exit 1' INT TERM

tar -C "$root" -xf "$base"
cp /etc/resolv.conf "$root/etc/"
mkdir -p "$root/cleat"
git ls-files -z --cached --others --exclude-standard |
  tar -c --null -T - --ignore-failed-read | tar -C "$root/cleat" -x --no-same-owner
mount -t proc proc "$root/proc"
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
  bash -c "cd /cleat && { $command; }" </dev/null
