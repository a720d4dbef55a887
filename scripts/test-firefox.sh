#!/usr/bin/env bash
# Runs the main flow and its faults in Debian's Firefox ESR through WebDriver BiDi. Playwright's support for it is new: 1.60.0 works
# with Firefox 153, 1.65.1 sends a command that Firefox does not have. So these runs use their own Playwright, in target/firefox,
# with a copy of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh build e2e firefox
use_toolchain
scripts/build.sh
cargo build --locked --quiet -p bigiq-simulator
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
mkdir -p target/firefox
cp -r tests/e2e/*.ts tests/e2e/*.json tests/e2e/support target/firefox/
cd target/firefox
rm -f package-lock.json
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --silent --no-audit --no-fund --save-exact \
  "@playwright/test@$FIREFOX_PLAYWRIGHT_VERSION" @axe-core/playwright@4.13.0 >&2 || die "npm could not install Playwright"
cat >firefox.config.ts <<'CONFIG'
import { defineConfig } from "@playwright/test";
import base from "./playwright.config";
export default defineConfig({
  ...base,
  projects: undefined,
  timeout: 60_000,
  use: { ...base.use, browserName: "firefox", channel: "moz-firefox", launchOptions: { executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" } },
});
CONFIG
say "the main flow and its faults in Firefox"
[ $# -gt 0 ] || set -- main.spec.ts kill.spec.ts faults.spec.ts
npx --no-install playwright test --config firefox.config.ts ${GREP:+--grep "$GREP"} "$@"
