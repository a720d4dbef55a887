#!/usr/bin/env bash
# Packs the demo: the bundle in dist/, the simulator for this computer's platform, and the command that starts both. The same sources
# give the same bytes in any folder. Usage: pack-demo.sh OUT_DIR VERSION EPOCH_SECONDS COMMIT
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
use_toolchain || die "no installed Rust toolchain: run make setup"
out=$1 version=$2 epoch=$3 commit=$4
mkdir -p "$out"
host=$(rustc -vV | sed -n 's/^host: //p')
say "building the simulator for $host (3 minutes the first time)"
cargo fetch --locked --quiet || die "cargo could not fetch the dependencies"
# With --target, the flags apply to the simulator alone, and not to what runs during the build.
RUSTFLAGS=$(remap_flags) cargo build --locked --quiet --release --package bigiq-simulator --target "$host"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
name=curfew-demo-$version-linux-${host%%-*}
mkdir "$stage/$name"
cp curfew-demo LICENSE-MIT LICENSE-APACHE "$stage/$name/"
cp -r dist "$stage/$name/bundle"
strip --strip-all -o "$stage/$name/bigiq-simulator" "${CARGO_TARGET_DIR:-target}/$host/release/bigiq-simulator"
no_builder_folders "$stage/$name"
node scripts/licences.mjs texts "$stage/$name/LICENSES-OF-PARTS.txt" bundle simulator >&2
node scripts/sbom.mjs "$stage/$name/simulator.cdx.json" "$version" "$epoch" "$commit" simulator >&2
cat >"$stage/$name/README.txt" <<TEXT
Curfew $version with a simulated BIG-IQ, for Linux on ${host%%-*} with glibc $(needed_glibc "$stage/$name/bigiq-simulator") or newer.

Start it with ./curfew-demo and open http://127.0.0.1:8080/ in a browser on the same computer.
Sign in as manager with the password manager. Ctrl-C ends the demo.

It listens on this computer only, connects to no other server, and writes no file. Everything in it is made up.
Use the other archive of this release, without the simulator, with a real BIG-IQ.
TEXT
scripts/pack.sh "$stage/$name" "$epoch" "$out/$name.tar.gz"
