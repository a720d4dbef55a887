#!/usr/bin/env bash
# Measures the release bundle in Debian's Chromium against the simulator; see docs/performance.md. GREP filters by file and
# title, BENCH_RUNS sets how often each time is measured, BENCH_DOC=1 also writes the figures to the document.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build e2e
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
if [ ! -d tests/bench/node_modules ] || [ tests/bench/package-lock.json -nt tests/bench/node_modules/.package-lock.json ]; then
  say "installing the packages that Curfew is compared with"
  (cd tests/bench && npm ci --silent) >&2 || die "npm could not install the packages for the comparison"
fi
say "measuring (15 minutes); the machine should do nothing else; load now: $(cut -d' ' -f1 /proc/loadavg)"
export CURFEW_SIMULATOR="${CURFEW_SIMULATOR:-${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator}"
cd tests/e2e
npx --no-install playwright test --config ../bench/playwright.config.ts ${GREP:+--grep "$GREP"} "$@"
