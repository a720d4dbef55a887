#!/usr/bin/env bash
# Runs end-to-end tests in Debian's Firefox ESR through WebDriver BiDi: a selection, or with ENGINE=all all of tests/e2e/engines.ts.
# Playwright's support for it is new: 1.60.0 works with Firefox 153, 1.65.1 sends a command that Firefox does not have. So these runs use
# their own Playwright (tests/e2e/firefox), in target/firefox, with a copy of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build e2e firefox
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
mkdir -p target/firefox
cp -r tests/e2e/*.ts tests/e2e/tsconfig.json tests/e2e/support tests/e2e/webdriver target/firefox/
cd target/firefox
if ! cmp -s ../../tests/e2e/firefox/package-lock.json node_modules/installed.json; then
  say "installing the Playwright for Firefox"
  cp ../../tests/e2e/firefox/package.json ../../tests/e2e/firefox/package-lock.json .
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --ignore-scripts --no-audit --no-fund >&2 || die "npm could not install Playwright"
  cp package-lock.json node_modules/installed.json
fi
say "end-to-end tests in $("${FIREFOX:-firefox-esr}" --version)"
npx --no-install playwright test --config firefox.config.ts ${GREP:+--grep "$GREP"} "$@"
