// Favourite and recent targets, and the link to a plan: what is kept and copied, and that a link or a favourite confirms nothing. Their
// rules are tested in crates/core/src/app/saved_targets.rs and link.rs.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { isolated, listOfNames, text } from "./support/text";
import { needs } from "./support/needs";

const LONE = "lone.example.test";
const remove = (page: Page, name: string) => page.getByRole("button", { name: text("remove", { name }) });
const offered = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const kept = (page: Page) => page.evaluate(() => JSON.stringify({ ...localStorage }));

test("a favourite is added with a name, fills in the form on another day, and is forgotten; user names are kept only on request", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ cluster: ["BlueCluster"] });
  await page.getByText(text("saved_heading")).click();
  await page.getByLabel(text("saved_name")).fill("Branch");
  await page.getByRole("button", { name: text("saved_add") }).click();
  await expect(page.getByRole("main").getByText(text("saved_added"))).toBeVisible();
  await app.isAccessible();
  expect(await kept(page)).toContain("BlueCluster");
  expect(await kept(page)).not.toContain("user2");
  await app.open();
  await app.begin();
  await offered(page, isolated("Branch")).click();
  await expect(page.getByText(text("suggestion_filled", { source: text("source_saved") }))).toBeVisible();
  await expect(remove(page, "BlueCluster")).toBeVisible();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("");
  expect(await simulator.kills()).toEqual([]);
  await page.getByText(text("saved_heading")).click();
  await page.getByRole("button", { name: text("saved_forget") }).click();
  expect(await kept(page)).not.toContain("BlueCluster");
});

test("the targets of a kill are offered after the next sign-in, without its users, and another operator doesn't see them", needs("tabs"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", { device: [LONE] });
  expect(await kept(page)).not.toContain("user2");
  const recent = offered(page, text("saved_recent", { text: listOfNames([LONE]) }));
  await app.open();
  await app.begin();
  await recent.click();
  await expect(remove(page, LONE)).toBeVisible();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.signOut();
  await app.begin("admin");
  await expect(recent).toBeHidden();
});

test("the link to a plan fills in users and targets for a colleague, without the reason, and confirms nothing", needs("services"), async ({ app, page, context, simulator }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await app.users("user2", "CORP\\user3");
  await app.choose({ device: [LONE] });
  await app.reason("INC-4711");
  await page.getByRole("button", { name: text("link_copy") }).click();
  await expect(page.getByRole("main").getByText(text("link_copied"))).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain("#/kill?user=user2&user=CORP%5Cuser3&device=");
  expect(link).not.toContain("INC-4711");
  await page.goto("about:blank");
  await page.goto(link);
  await app.signIn();
  await expect(page.getByText(text("suggestion_filled", { source: text("source_link") }))).toBeVisible();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2\nCORP\\user3");
  await expect(remove(page, LONE)).toBeVisible();
  await expect(page.getByLabel(text("reason")).first()).toHaveValue("");
  await expect(app.gate).toBeHidden();
  expect(await simulator.kills()).toEqual([]);
  // A link can't say "all users".
  await page.getByRole("radio", { name: text("who_everybody") }).check();
  await expect(page.getByText(text("link_everybody"))).toBeVisible();
});
