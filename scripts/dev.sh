#!/usr/bin/env bash
# The app for development: rebuilds when a source changes, and serves it with /mgmt and /info of the simulator, or of a real
# BIG-IQ with BIGIQ=https://host. This machine must trust its certificate.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build
use_toolchain
PORT="${PORT:-8080}"
config=Trunk.toml
if [ -n "${BIGIQ:-}" ]; then
  # Trunk accepts only one proxy on its command line, so a copy of the configuration names the real BIG-IQ.
  config=Trunk.dev.toml
  sed "s#http://127\.0\.0\.1:8081/#${BIGIQ%/}/#" Trunk.toml >"$config"
else
  cargo build --locked --quiet -p bigiq-simulator
  "${CARGO_TARGET_DIR:-target}/debug/bigiq-simulator" --listen 127.0.0.1:8081 &
  trap 'kill $!' EXIT
fi
# Trunk 0.21 rejects NO_COLOR=1 as an invalid option value.
env -u NO_COLOR trunk --config "$config" serve --port "$PORT" --dist "${CARGO_TARGET_DIR:-target}/dev"
