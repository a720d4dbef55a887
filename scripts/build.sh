#!/usr/bin/env bash
# Builds the release bundle in dist/ with Trunk, then finish.mjs. Does nothing if dist/ is newer than all its sources.
# It must not install anything; `make setup` or `scripts/setup.sh build` does that. `build.sh compile` does only what needs no tools.
# CURFEW_QUICK=1 leaves out what only makes the files smaller, for bundles whose size does not matter. CURFEW_DIST is another folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
use_toolchain || die "no installed Rust toolchain can build for $WASM_TARGET: run make setup"

sources=(index.html boot.js cause.js embed.js Trunk.toml Cargo.toml Cargo.lock src style icons languages crates/timestamp crates/bigiq crates/core crates/client crates/text scripts/build.sh scripts/finish.mjs scripts/html.mjs scripts/order.mjs scripts/glue.mjs scripts/wasm.mjs scripts/languages.mjs scripts/styles.mjs scripts/cycles.mjs scripts/rust.mjs scripts/split scripts/lib.sh)
dist=${CURFEW_DIST:-dist}
check_size() { [ -n "${CURFEW_QUICK:-}" ] || node scripts/budget.mjs "$dist"; }
if [ -f "$dist/index.html.br" ] && [ -z "$(find "${sources[@]}" -newer "$dist/index.html.br" -print -quit)" ]; then
  if [ "${1:-}" = compile ]; then exit 0; fi
  say "$dist/ is up to date"
  check_size
  exit
fi

target_dir="${CARGO_TARGET_DIR:-$PWD/target}"

started=$(mktemp)
trap 'rm -f "$started"' EXIT
# Code that the sign-in page does not need is split off (src/pages/console.rs, scripts/split/split.sh), which needs the linker's
# relocations.
# erase_components: Leptos boxes its views instead of making one type per view, which saves 22 kB of brotli here.
# Trunk 0.21 rejects NO_COLOR=1 as an invalid option value.
export CURFEW_SPLIT="$target_dir/split"
# Trunk would download a tool that is missing or has another version, as a program without a checksum. Offline it fails instead. Then
# cargo is offline too, so it has to fetch the dependencies first.
cargo fetch --locked --quiet || die "cargo could not fetch the dependencies"
remap=$(remap_flags)
# guard: trunk-offline
export TRUNK_OFFLINE=true
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--cfg erase_components --cfg split -Clink-arg=--emit-relocs $remap"
if [ "${1:-}" = compile ]; then
  cargo build --locked --quiet --release --target "$WASM_TARGET" --bin curfew-app || die "the app did not compile"
  exit
fi
say "building the release bundle (about 3 minutes the first time, 1 minute after a change)"
env -u NO_COLOR trunk --log warn build --release --dist "$target_dir/bundle" || die "the bundle did not build"
# The files are optimised several times, which saves 4 kB. Then similar functions are put side by side, which saves 20 kB
# (scripts/order.mjs).
# Alignments are only hints; if all are the same, they take no space in the compressed file.
# --low-memory-unused is safe: the first kilobyte is the far end of the stack, which only an overflow would reach.
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals
  --enable-reference-types --enable-multivalue --low-memory-unused --skip-pass=local-cse --skip-pass=merge-similar-functions --skip-pass=inlining-optimizing --dealign)
optimise() { # FILE FLAG...
  local file=$1
  shift
  wasm-opt "$@" "${features[@]}" --strip-producers --strip-target-features "$file" -o "$file" || die "wasm-opt failed on $file"
}
smaller() { # FILE PASS...
  local file=$1 pass
  shift
  for pass in "$@"; do optimise "$file" "$pass"; done
  node scripts/order.mjs "$file" || die "the functions of $file could not be ordered"
  optimise "$file" -Os --reorder-functions-by-name
}
app=$(echo "$target_dir"/bundle/*_bg.wasm)
glue=${app%_bg.wasm}.js
[ -n "${CURFEW_QUICK:-}" ] || optimise "$app" -Oz
# Leave out what wasm-bindgen wrote and nothing uses, and give the rest short names, which saves 8 kB.
node scripts/glue.mjs exports "$glue" "$CURFEW_SPLIT/__wasm_split.js" "$app" || die "the exports of $app could not be reduced"
if [ -z "${CURFEW_QUICK:-}" ]; then
  # wasm-opt from npm uses one core.
  smaller "$app" -Oz & parts=($!)
  for part in "$CURFEW_SPLIT"/split_*.wasm; do smaller "$part" -Oz -Oz -Oz & parts+=($!); done
  for part in "${parts[@]}"; do wait "$part" || exit 1; done
fi
node scripts/glue.mjs imports "$glue" "$app" || die "the imports of $app could not be named"
node scripts/finish.mjs "$target_dir/bundle" "$CURFEW_SPLIT" "$dist" || die "the bundle could not be finished"
# A source that changed during the build must be newer than this bundle.
touch -r "$started" "$dist/index.html.br"
check_size
