#!/usr/bin/env bash
# Builds what the demo needs, and no browser, then starts it (curfew-demo). PORT sets the port.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

scripts/setup.sh rust
use_toolchain
# The release bundle if there is one; else one of the same code in larger files, a minute and a half earlier.
target=${CARGO_TARGET_DIR:-$PWD/target}
bundle=dist
[ -f dist/index.html.br ] || { export CURFEW_QUICK=1 CURFEW_DIST="$target/demo"; bundle=$CURFEW_DIST; }
# The tools take as long as the app, and the last crates of each keep only one core busy. The simulator needs no tools either.
say "building the simulator and the app's code (3 minutes the first time)"
printf '%s\n' 'scripts/setup.sh build' 'scripts/build.sh compile && cargo build --locked --quiet -p bigiq-simulator' | xargs --max-procs=2 -I{} bash -c {} \
  || die "the demo could not be built"
scripts/build.sh
export CURFEW_SIMULATOR="$target/debug/bigiq-simulator" CURFEW_BUNDLE=$bundle
exec ./curfew-demo "$@"
