// The palette: what it offers, where each offer leads, and that it confirms nothing. How names are matched is tested in
// crates/core/src/app/palette.rs.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { isolated, text } from "./support/text";
import { needs } from "./support/needs";

const palette = (page: Page) => page.getByRole("dialog", { name: text("palette") });
const box = (page: Page) => palette(page).getByRole("combobox", { name: text("palette_label") });
const offer = (page: Page, name: string) => palette(page).getByRole("listbox").getByRole("option").filter({ hasText: name });
const active = (page: Page) => palette(page).getByRole("listbox").getByRole("option", { selected: true });

test("Ctrl+K finds a user that was seen, and Enter searches for exactly that user", needs("keys"), async ({ app, page, simulator }) => {
  await app.open("");
  await app.signIn();
  const find = page.getByRole("searchbox", { name: text("find_label") });
  await expect(page.getByRole("grid", { name: text("find_results") }).getByRole("gridcell").first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(box(page)).toBeFocused();
  await page.keyboard.type("user2");
  await expect(offer(page, isolated("user2")).filter({ hasText: text("column_user") }).first()).toBeVisible();
  const id = await active(page).getAttribute("id");
  await expect(box(page)).toHaveAttribute("aria-activedescendant", id ?? "");
  await expect(active(page)).toContainText(isolated("user2"));
  await app.isAccessible();
  // Up from the first one leads to the last one, the search for the text itself, and down leads back.
  await page.keyboard.press("ArrowUp");
  await expect(active(page)).toContainText(text("palette_find", { filter: "user2" }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(palette(page)).toBeHidden();
  await expect(find).toBeFocused();
  await expect(find).toHaveValue('user:"user2"');
  expect(await simulator.kills()).toEqual([]);
  // The choice is offered again before anything is typed.
  await page.keyboard.press("Control+k");
  await expect(active(page)).toContainText(isolated("user2"));
});

test("a target, a page and an action: each leads where it says, also with Command+K and without single-key shortcuts", needs("keys"), async ({ app, page }) => {
  await app.begin();
  await page.getByRole("button", { name: text("preferences") }).click();
  await page.getByRole("dialog").getByLabel(text("use_shortcuts")).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Meta+k");
  await box(page).fill("bluecl");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("searchbox", { name: text("find_label") })).toHaveValue('cluster:"BlueCluster"');
  await page.keyboard.press("Control+k");
  await box(page).fill(text("nav_jobs"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: text("jobs_title"), level: 1 })).toBeFocused();
  await page.getByRole("banner").getByRole("button", { name: text("palette") }).click();
  await offer(page, text("preferences")).click();
  await expect(page.getByRole("dialog", { name: text("preferences") })).toBeVisible();
});

test("Escape closes it without an effect and returns the focus, and it never opens over a question", needs("keys"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  const users = page.getByLabel(text("user_names"));
  await users.focus();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("jobs");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(users).toBeFocused();
  await app.review();
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeHidden();
  expect(await simulator.kills()).toEqual([]);
});
