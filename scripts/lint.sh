#!/usr/bin/env bash
# All checks that don't run the project. Warnings are errors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh rust sign
use_toolchain
host=(-p timestamp -p bigiq -p curfew-core -p curfew-client -p text -p bigiq-simulator -p curfew-container)

say "rules of the repository"
node --test scripts/ >/dev/null || { node --test scripts/; exit 1; }
node scripts/check.mjs
node scripts/languages.mjs check
node scripts/words.mjs
node scripts/cycles.mjs
node scripts/glossary.mjs
node scripts/mutate.mjs --check
say "format"
cargo fmt --all --check
say "clippy and rustdoc (3 minutes the first time)"
cargo clippy --locked --quiet "${host[@]}" --all-targets -- -D warnings
cargo clippy --locked --quiet -p curfew --all-targets --target "$WASM_TARGET" -- -D warnings
export RUSTDOCFLAGS="-D warnings"
cargo doc --locked --quiet --no-deps "${host[@]}"
cargo doc --locked --quiet --no-deps -p curfew --lib --target "$WASM_TARGET"
say "licences"
node scripts/licences.mjs check
