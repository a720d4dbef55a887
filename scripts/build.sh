#!/usr/bin/env bash
# Builds the release bundle into dist/: Trunk, then finish.mjs. Does nothing when dist/ is newer than all it is made of.
# It must not install anything; `make setup` or `scripts/setup.sh build` does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
use_toolchain || die "no Rust toolchain here can build for $WASM_TARGET: run make setup"

sources=(index.html boot.js embed.js Trunk.toml Cargo.toml Cargo.lock src style icons languages crates/bigiq crates/core scripts/build.sh scripts/finish.mjs scripts/languages.mjs scripts/split scripts/lib.sh)
if [ -f dist/index.html.br ] && [ -z "$(find "${sources[@]}" -newer dist/index.html.br -print -quit)" ]; then
  say "dist/ is up to date"
  exec node scripts/budget.mjs dist
fi

# The compiler writes the paths of the sources into panic messages. Without the builder's own folders in them the
# bundle is the same wherever it is built, says nothing about the builder, and is a little smaller. Our own sources need
# none: cargo names them relative to the workspace, and one flag for all folders lets them share built dependencies.
target_dir="${CARGO_TARGET_DIR:-$PWD/target}"
remap=""
for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do remap+=" --remap-path-prefix=${registry%/}=crates"; done

started=$(mktemp)
trap 'rm -f "$started"' EXIT
say "building the release bundle (about 3 minutes the first time, 1 minute after a change)"
# What the sign-in page does not need is split off (src/pages/console.rs), which takes the linker's relocations.
# erase_components: Leptos's views as boxed values rather than as one type per view; 22 kB of brotli less here.
# Trunk 0.21 takes NO_COLOR=1 for a wrong use of its option.
export CURFEW_SPLIT="$target_dir/split"
env -u NO_COLOR PATH="$PWD/scripts/split:$PATH" \
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--cfg erase_components --cfg split -Clink-arg=--emit-relocs$remap" \
  trunk --log warn build --release --dist "$target_dir/bundle" || die "the bundle did not build"
# What Trunk does not know of is made small as Trunk does it, and each file some times more: 4 kB in all.
# CURFEW_QUICK leaves that out, for the bundles of scripts/mutate.mjs, whose size is of no account.
# --low-memory-unused holds: the first kilobyte is the far end of the stack, where nothing but an overflow would come.
features=$(sed -n 's/.*data-wasm-opt-params="\(.*\)".*/\1/p' index.html)
smaller() { # FILE PASS...
  local file=$1 pass
  shift
  for pass in "$@"; do
    # shellcheck disable=SC2086 # several flags
    wasm-opt "$pass" $features --strip-producers --strip-target-features "$file" -o "$file" || die "wasm-opt failed on $file"
  done
}
if [ -z "${CURFEW_QUICK:-}" ]; then
  for file in "$target_dir"/bundle/*_bg.wasm; do smaller "$file" -Oz -Os; done
  for part in "$CURFEW_SPLIT"/split_*.wasm; do smaller "$part" -Oz -Oz -Oz -Os; done
fi
node scripts/finish.mjs "$target_dir/bundle" "$CURFEW_SPLIT" dist || die "the bundle could not be finished"
# A source that changed meanwhile is newer than this bundle.
touch -r "$started" dist/index.html.br
node scripts/budget.mjs dist
