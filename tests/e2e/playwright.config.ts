import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

/**
 * These also concern the browser around the page: the main job, and notifications, which the headless shell does not
 * support.
 */
const WHOLE_BROWSER = /(?:main\.spec\.ts 2\.1\.1|notification\.spec\.ts) /;

const launch = (browser: string) => ({
  executablePath: process.env.CHROMIUM ?? browser,
  // The same fonts on every machine, because pictures are compared.
  env: { ...process.env, FONTCONFIG_FILE: fileURLToPath(new URL("support/fonts.conf", import.meta.url)) },
  args: [
    "--no-sandbox", // the tests may run as root, where Chromium's sandbox can't
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ],
});

// Each worker has its own simulator (support/fixtures.ts), so tests can run in parallel.
export default defineConfig({
  testDir: ".",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  // pictures.spec.ts decodes the pictures of docs/pictures into this folder; `make pictures` draws them.
  snapshotPathTemplate: "../../target/pictures/stored/{arg}{ext}",
  updateSnapshots: "none",
  reporter: process.env.CI ? [["list"], ["html", { open: "never" }], ["./support/failures.ts"]] : [["list"]],
  use: {
    actionTimeout: 10_000,
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    // Actions and requests, without a picture of each step: pictures take a third of the time. `--trace on` includes
    // them.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    screenshot: "only-on-failure",
    launchOptions: launch("/usr/bin/chromium"),
  },
  projects: [
    { name: "chromium", grep: WHOLE_BROWSER },
    // The same engine without browser windows: two thirds of the time.
    { name: "shell", grepInvert: WHOLE_BROWSER, use: { launchOptions: launch("/usr/bin/chromium-headless-shell") } },
  ],
});
