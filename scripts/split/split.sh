#!/usr/bin/env bash
# Trunk runs this after each build (Trunk.toml). For the release bundle, for which scripts/build.sh names a folder in CURFEW_SPLIT, it
# splits the linker's wasm into the sign-in page's part and the console, leaves the console in that folder for finish.mjs, and replaces
# the app in Trunk's output by the first part.
#
# Trunk has no hook between the linker and wasm-bindgen: its own run of wasm-bindgen, on the whole app, takes half a second for nothing.
set -euo pipefail
[ -n "${CURFEW_SPLIT:-}" ] || exit 0
rm -rf "$CURFEW_SPLIT"
mkdir -p "$CURFEW_SPLIT"
wasm-split-cli "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/release/curfew-app.wasm" "$CURFEW_SPLIT" --target web --out-name curfew >&2
# The console imports the function table.
wasm-bindgen --target=web --out-dir="$CURFEW_SPLIT/app" --out-name=curfew-app --no-typescript --keep-lld-exports "$CURFEW_SPLIT/curfew.wasm"
app=$(echo "$TRUNK_STAGING_DIR"/*_bg.wasm)
cp "$CURFEW_SPLIT/app/curfew-app_bg.wasm" "$app"
cp "$CURFEW_SPLIT/app/curfew-app.js" "${app%_bg.wasm}.js"
