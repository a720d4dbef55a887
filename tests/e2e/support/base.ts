// Playwright's fixtures, on which support/fixtures.ts builds. WEBDRIVER selects a browser that Playwright can't drive
// (webdriver/engines.ts).

import { test } from "@playwright/test";

export const base = process.env.WEBDRIVER ? (await import("../webdriver/base")).base : test;
