#!/usr/bin/env bash
# Runs tests/proxy: nginx, Caddy, HAProxy and Apache httpd of Debian with the configs of proxy/, on ports of their own.
# PROXY=nginx takes one server only. No service is started or enabled, and nothing outside a temporary folder is written.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh rust proxy
use_toolchain || die "no Rust toolchain here can build for $WASM_TARGET"
cargo build --locked --quiet -p bigiq --example endpoints
say "proxy tests (1 minute)"
cd tests/proxy
node --test --test-concurrency=2 --test-reporter=dot
