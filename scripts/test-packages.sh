#!/usr/bin/env bash
# Makes the packages twice, compares the bytes, and runs tests/packages: the .deb and the archive in a bare Debian, in a chroot below a
# temporary folder, with Debian's nginx in front of the simulator; the images; and the .rpm as a file. Prints the time of each way for
# docs/install.md. Starts and enables no service. Needs root, for the chroot.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
[ "$(id -u)" = 0 ] || die "the package tests need root, for a chroot"
scripts/setup.sh build e2e proxy image packages
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
there=$(mktemp -d)
trap 'rm -rf --one-file-system "$there"' EXIT
chmod 755 "$there"
scripts/packages.sh "$there/packages"
scripts/packages.sh "$there/again" 2>/dev/null
same_files "$there/packages" "$there/again"
CURFEW_PACKAGE_VERSION=9.0.0 scripts/packages.sh "$there/packages" 2>/dev/null
scripts/image.sh "$there/images"
name=curfew-$(curfew_version)
scripts/release-files.sh dist "$there/$name"
scripts/pack.sh "$there/$name" "$(git log -1 --format=%ct)" "$there/$name.tar.gz"
say "a bare Debian (2 minutes)"
debootstrap --variant=minbase "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$there/debian" >"$there/log" 2>&1 \
  || { tail -n 20 "$there/log" >&2; die "debootstrap failed"; }
# Debian's way to say that no service may start.
printf '#!/bin/sh\nexit 101\n' >"$there/debian/usr/sbin/policy-rc.d"
chmod 755 "$there/debian/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$there/debian/etc/"
say "package tests"
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator" CURFEW_PACKAGES="$there/packages" CURFEW_ROOT="$there/debian"
export CURFEW_ARCHIVE="$there/$name.tar.gz" CURFEW_IMAGES="$there/images"
# One after the other, for the times.
node --test --test-concurrency=1 --test-reporter=spec tests/packages/
