#!/usr/bin/env bash
# Measures how many lines of the engine and the client the host tests execute, and fails if they are too few. The exploration is left
# out: it would take minutes, and executes nothing that the tables don't.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh coverage
use_toolchain
say "line coverage of the engine and the client (3 minutes the first time)"
tools=$(llvm_tools) || die "there is no llvm-cov for this compiler"
folder=$PWD/target/coverage
rm -rf "$folder/profiles"
tests() { CARGO_TARGET_DIR="$folder" CARGO_INCREMENTAL=0 RUSTFLAGS="-Cinstrument-coverage" LLVM_PROFILE_FILE="$folder/profiles/%p-%m.profraw" cargo test --locked --quiet "$@"; }
tests -p curfew-core --lib -- --skip engine::exploration
tests -p curfew-client --tests
"$tools/llvm-profdata" merge --sparse "$folder"/profiles/*.profraw -o "$folder/all.profdata"
objects=()
for program in "$folder"/debug/deps/{curfew_core,client}-*; do [ -x "$program" ] && [ -f "$program" ] && objects+=(--object "$program"); done
"$tools/llvm-cov" export --format=lcov --instr-profile "$folder/all.profdata" "${objects[@]}" --sources crates/core/src/engine crates/client/src >"$folder/lcov.info"
node scripts/coverage.mjs "$folder/lcov.info"
