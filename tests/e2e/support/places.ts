// The sign-in, each page of the console once, and its dialogs: for what is the same in all states of a page. All states are in states.ts.

import { expect } from "@playwright/test";
import type { Console } from "./console";
import { text } from "./text";

export const LONE = "lone.example.test";

/** Visits the sign-in, each page of the console, and its dialogs. */
export async function places(app: Console, visit: (place: string) => Promise<void>): Promise<void> {
  const { page } = app;
  const goTo = (hash: string) => page.evaluate((hash) => void (location.hash = hash), hash);
  await expect(page.getByLabel(text("provider"))).toBeVisible();
  await visit("sign-in");
  await app.begin();
  await app.users("user2");
  await app.choose({ device: [LONE] });
  await app.knowsSessions();
  await visit("kill");
  await app.review();
  await visit("gate");
  await app.confirm();
  await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
  await visit("job");
  await goTo("#/jobs");
  await expect(page.getByRole("table", { name: text("jobs_title") }).getByRole("link").first()).toBeVisible();
  await visit("jobs");
  await goTo("#/");
  await expect(page.getByRole("grid", { name: text("find_results") }).getByRole("gridcell").first()).toBeVisible();
  // The end of the reading changes the page; that must not happen during the visit.
  await expect(page.getByText(text("find_unread", { names: ["silent.example.test"] }))).toBeVisible({ timeout: 30_000 });
  await visit("find");
  await goTo("#/diagnostics");
  await expect(page.getByRole("heading", { name: text("nav_diagnostics"), level: 1 })).toBeVisible();
  await visit("diagnostics");
  // A header with room for one row only shows the rest on request.
  const menu = page.getByRole("banner").locator("button[aria-expanded=false]");
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("button", { name: text("preferences") }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await visit("preferences");
}
