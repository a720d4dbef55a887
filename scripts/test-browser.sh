#!/usr/bin/env bash
# Runs tests/browser and tests/panic_page.rs in headless Chromium; an argument filters by name. webdriver.json says how the browser is started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh bindgen browser
use_toolchain
say "browser tests (3 minutes the first time)"
# The runner gives up on all tests together after this many seconds; its own 20 are too few for a slow machine.
export WASM_BINDGEN_TEST_TIMEOUT="${WASM_BINDGEN_TEST_TIMEOUT:-180}"
export CHROMEDRIVER="${CHROMEDRIVER:-$(command -v chromedriver)}"
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
# Not --quiet: cargo would hand it on to the runner, which knows no such option.
cargo test --locked -p curfew --test browser --test panic_page --target "$WASM_TARGET" -- "$@"
