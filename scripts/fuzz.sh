#!/usr/bin/env bash
# Runs each fuzz target for FUZZ_SECONDS (60), or only the targets named as arguments. Findings go to fuzz/seeds/<target>, and
# every later test run repeats them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh fuzz
use_toolchain
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(sed -n 's/^name = "\([a-z_]*\)"$/\1/p' fuzz/Cargo.toml)
say "building the fuzz targets (3 minutes the first time)"
# No sanitizer: it needs a nightly compiler, and we have no unsafe code to sanitize.
cargo fuzz build --release --sanitizer none
failed=()
for target in "${targets[@]}"; do
  say "fuzzing $target for ${FUZZ_SECONDS:-60} s"
  mkdir -p "fuzz/corpus/$target"
  # Findings go to the seeds. New inputs without a finding stay in the corpus, which git ignores.
  log=$(mktemp)
  cargo fuzz run --release --sanitizer none "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" \
    crates/simulator/tests/fixtures/specification -- -max_total_time="${FUZZ_SECONDS:-60}" -timeout=20 \
    -rss_limit_mb=2048 -artifact_prefix="fuzz/seeds/$target/" >"$log" 2>&1 || failed+=("$target")
  grep -aE '^(Done|SUMMARY|thread|assert|  left| right)|Test unit' "$log" || true
  rm "$log"
done
[ ${#failed[@]} = 0 ] || die "these targets found something: ${failed[*]}; see fuzz/seeds"
