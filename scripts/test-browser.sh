#!/usr/bin/env bash
# Runs tests/browser and tests/panic_page.rs in headless Chromium; an argument filters by name. webdriver.json has the browser's options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh bindgen browser
use_toolchain
say "browser tests (3 minutes the first time)"
# The runner's time limit for all tests together, in seconds. Its default of 20 is too short for a slow machine.
export WASM_BINDGEN_TEST_TIMEOUT="${WASM_BINDGEN_TEST_TIMEOUT:-180}"
export CHROMEDRIVER="${CHROMEDRIVER:-$(command -v chromedriver)}"
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
# Not --quiet: cargo would pass it on to the runner, which does not have that option.
cargo test --locked -p curfew --test browser --test panic_page --target "$WASM_TARGET" -- "$@"
