#!/usr/bin/env bash
# The app for development: rebuilt when a source changes, served with /mgmt and /info of the simulator, or of a real
# BIG-IQ named by BIGIQ=https://host. Its certificate has to be one this machine trusts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build
use_toolchain
PORT="${PORT:-8080}"
config=Trunk.toml
if [ -n "${BIGIQ:-}" ]; then
  # Trunk takes only one proxy on its command line, so a copy of the configuration names the other backend.
  config=Trunk.dev.toml
  sed "s#http://127\.0\.0\.1:8081/#${BIGIQ%/}/#" Trunk.toml >"$config"
else
  cargo build --locked --quiet -p bigiq-simulator
  "${CARGO_TARGET_DIR:-target}/debug/bigiq-simulator" --listen 127.0.0.1:8081 &
  trap 'kill $!' EXIT
fi
# Trunk 0.21 takes NO_COLOR=1 for a wrong use of its option.
env -u NO_COLOR trunk --config "$config" serve --port "$PORT" --dist "${CARGO_TARGET_DIR:-target}/dev"
