#!/usr/bin/env bash
# Runs end-to-end tests in WebKitGTK, which has Safari's engine, through WebDriver (tests/e2e/webdriver): a selection, or with ENGINE=all
# all of tests/e2e/engines.ts. WEBDRIVER=safari runs them in Safari on a Mac instead; that has not run yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
export WEBDRIVER=${WEBDRIVER:-webkitgtk}
scripts/setup.sh build e2e
[ "$WEBDRIVER" = safari ] || scripts/setup.sh webkit
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
# WebKitWebDriver can't print its version; Debian's Python, which shows the window, knows the engine's.
if [ "$WEBDRIVER" = safari ]; then version=$(safaridriver --version); else version=$(tests/e2e/webdriver/window.py --version); fi
say "end-to-end tests in $version"
cd tests/e2e
npx --no-install playwright test --config webkit.config.ts ${GREP:+--grep "$GREP"} "$@"
