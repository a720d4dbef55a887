#!/usr/bin/env bash
# The demo: the simulator serves the release bundle and simulates BIG-IQ. PORT sets the port.
# Installs only what the build needs, no browser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

PORT="${PORT:-8080}"
scripts/setup.sh build
use_toolchain
scripts/build.sh
say "building the simulator (1 minute the first time)"
cargo build --locked --quiet -p bigiq-simulator
cat >&2 <<TEXT

  Curfew with a simulated BIG-IQ:  http://127.0.0.1:$PORT/

  sign in as     password
  admin          admin      administrator
  manager        manager    Access Manager: can end sessions
  viewer         viewer     read-only: can't end sessions

  Try: end the sessions of user2 in the access group TestGroup. Ctrl-C ends the demo.

TEXT
exec "${CARGO_TARGET_DIR:-target}/debug/bigiq-simulator" --site dist --listen "127.0.0.1:$PORT"
