#!/usr/bin/env bash
# Makes the container images twice, compares the bytes, and runs tests/image: both images with runc, and a part of tests/proxy with nginx
# in the image. Starts and enables no service. Without root there is no runc, and nothing runs. ARCH=arm64 tests the images for another
# processor, which qemu emulates.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
if [ "$(id -u)" != 0 ]; then
  [ -z "${CI:-}" ] || die "the image tests need root, for runc"
  say "NOT RUN: the image tests need root, for runc"
  exit 0
fi
scripts/setup.sh build e2e proxy image
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
cargo build --locked --quiet -p bigiq --example endpoints
images=$(mktemp -d)
emulated=/proc/sys/fs/binfmt_misc/curfew-test
clean_up() {
  rm -rf "$images"
  if [ -e "$emulated" ]; then echo -1 >"$emulated"; fi
}
trap clean_up EXIT
if [ "$(image_arch)" != "$(ARCH='' image_arch)" ]; then
  [ "$(image_arch)" = arm64 ] || die "this can emulate arm64 only"
  # The kernel starts programs for that processor with qemu, also in a container (F: opened now, outside).
  mountpoint -q /proc/sys/fs/binfmt_misc || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || die "this kernel can't start programs with qemu"
  [ -e "$emulated" ] || printf '%s' ':curfew-test:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' \
    >/proc/sys/fs/binfmt_misc/register || die "this kernel can't start programs with qemu"
fi
chmod 755 "$images"
scripts/image.sh "$images/one"
scripts/image.sh "$images/two" 2>/dev/null
same_files "$images/one" "$images/two"
say "image tests (1 minute)"
node tests/image/lib/unpack.js "$images"/one/curfew-image-*.tar "$images/curfew"
node tests/image/lib/unpack.js "$images"/one/curfew-demo-image-*.tar "$images/demo"
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
export CURFEW_IMAGES="$images/one" CURFEW_IMAGE="$images/curfew" CURFEW_DEMO_IMAGE="$images/demo" PROXY=nginx
node --test --test-concurrency=2 --test-reporter=spec tests/image/ | sed -n '/^ℹ/p; /failing tests/,$p' || failed=yes
# As for nginx itself: headers, refusals, several BIG-IQs.
cd tests/proxy
node --test --test-concurrency=2 --test-reporter=spec headers.test.js path_tricks.test.js several.test.js sign_in_by_proxy.test.js \
  | sed -n '/^ℹ/p; /failing tests/,$p' || failed=yes
[ "${failed:-no}" = no ]
