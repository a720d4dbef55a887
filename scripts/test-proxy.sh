#!/usr/bin/env bash
# Runs tests/proxy: Debian's nginx, Caddy, HAProxy and Apache httpd with the configurations in proxy/, and the release bundle in
# Chromium through each of them to the simulator; also the rule for a BIG-IP, under tclsh. PROXY=nginx tests one server, PROXY=bigip
# the rule. CURFEW_NGINX=/path/to/nginx tests another nginx,
# without compressed files, and CURFEW_CADDY=/path/to/caddy another Caddy. Starts and enables no service, and writes only to a
# temporary folder.
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
CURFEW_ATTACKS=$(mktemp -d)
export CURFEW_ATTACKS
cd tests/proxy
node --test --test-concurrency=2 --test-reporter=spec "$@" | sed -n '/^ℹ/p; /failing tests/,$p' || failed=yes
cd ../..
# Fewer servers or files send fewer inputs.
if [ -n "${PROXY:-}${CURFEW_NGINX:-}${CURFEW_CADDY:-}$*" ]; then mode=; else mode=--check; fi
node scripts/attacks.mjs "$CURFEW_ATTACKS" $mode || failed=yes
rm -rf "$CURFEW_ATTACKS"
[ "${failed:-no}" = no ]
