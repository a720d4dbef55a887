import end_to_end from "../e2e/playwright.config";

// One row after the other: parallel measurements would influence each other.
export default {
  ...end_to_end,
  projects: undefined,
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../../target/bench/test-results",
  fullyParallel: false,
  workers: 1,
  timeout: 900_000,
  // These tests have no time limits of their own.
  expect: { timeout: 120_000 },
  globalSetup: "./support/sites.ts",
  reporter: [["list"], ["./support/reporter.ts"]],
  use: { ...end_to_end.use, actionTimeout: 60_000, trace: "off" as const },
};
