#!/usr/bin/env bash
# Runs tests/proxy: Debian's nginx, Caddy, HAProxy and Apache httpd with the configs in proxy/, and through each of them the
# release bundle in Chromium against the simulator. PROXY=nginx tests one server only.
# No service is started or enabled, and nothing outside a temporary folder is written.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build e2e proxy
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
cargo build --locked --quiet -p bigiq --example endpoints
say "proxy tests (2 minutes)"
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
cd tests/proxy
node --test --test-concurrency=2 --test-reporter=spec "$@" | sed -n '/^ℹ/p; /failing tests/,$p'
