#!/usr/bin/env bash
# Runs tests/e2e: the release bundle in Debian's Chromium against the simulator. GREP filters by title.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build e2e
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
say "end-to-end tests"
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
cd tests/e2e
npx --no-install playwright test ${GREP:+--grep "$GREP"} "$@"
