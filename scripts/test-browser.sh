#!/usr/bin/env bash
# Runs tests/browser in headless Chromium. webdriver.json says how the browser is started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh bindgen browser
use_toolchain
say "browser tests (3 minutes the first time)"
export CHROMEDRIVER="${CHROMEDRIVER:-$(command -v chromedriver)}"
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
cargo test --locked --quiet -p curfew --target "$WASM_TARGET"
