// The overview, which the search page shows while nothing is typed. What it counts is tested in crates/core/src/find/overview.rs and
// against the simulator's table in crates/core/tests/simulator/overview.rs; these tests need a browser for its buttons and the keyboard.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import type { Session } from "./support/simulator";
import { isolated, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const SILENT = "silent.example.test";
/** The machine ids of the device that doesn't answer and of a standalone one. */
const UNREAD = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
const box = (page: Page) => page.getByRole("searchbox", { name: text("find_label") });
const overview = (page: Page) => page.getByRole("region", { name: text("find_overview") });
const bar = (page: Page, name: string) => overview(page).getByRole("button").filter({ hasText: isolated(name) });
const results = (page: Page) => page.getByRole("grid", { name: text("find_results") });
const found = (page: Page) => results(page).getByRole("row").filter({ has: page.getByRole("gridcell") });

/** Signs in, which leads to the search, and waits until everything that answers was read. */
async function begin(app: Console): Promise<Session[]> {
  await app.open("");
  await app.signIn();
  await expect(app.page.getByText(text("find_unread", { names: [SILENT] }))).toBeVisible({ timeout: 30_000 });
  return (await app.simulator.sessions()).filter(({ device }) => device !== UNREAD);
}

test("the overview counts what was read, says where a number is a lower bound, and a bar searches for what it counts", needs("form"), async ({ app, page }) => {
  const listed = await begin(app);
  const own = listed.filter(({ user }) => user === "user2").length;
  // One device does not answer: it may have more of any user's sessions, and is in no cluster.
  await expect(bar(page, "user2")).toContainText(text("number_at_least", { number: own }));
  await expect(bar(page, "BlueCluster")).toContainText(/\d$/);
  const cluster = Number((await bar(page, "BlueCluster").innerText()).match(/(\d+)$/)?.[1]);
  await bar(page, "BlueCluster").focus();
  await page.keyboard.press("Enter");
  await expect(box(page)).toHaveValue('cluster:"BlueCluster"');
  await expect(box(page)).toBeFocused();
  // With the row of headings.
  await expect(results(page)).toHaveAttribute("aria-rowcount", String(cluster + 1));
  await expect(overview(page)).toBeHidden();
  await box(page).clear();
  await bar(page, "user2").click();
  await expect(box(page)).toHaveValue('user:"user2"');
  await expect(found(page).filter({ hasText: isolated("user2") }).first()).toBeVisible();
});

test("read again shows what changed since the reading before, and on how many devices", needs("form"), async ({ app, page }) => {
  const listed = await begin(app);
  const ended = listed.filter(({ device }) => device === LONE).length;
  expect(ended).toBeGreaterThan(0);
  await expect(overview(page).getByText(textPattern("find_changes_part"))).toBeHidden();
  await page.route(new RegExp(`${LONE}/rest-proxy/mgmt/tm/apm/access-info`), (route) => route.fulfill({ json: { entries: {} } }));
  await overview(page).getByRole("button", { name: text("find_read_again") }).click();
  await expect(overview(page).getByText(textPattern("find_changes_part", { number: 0, done: ended }))).toBeVisible({ timeout: 30_000 });
});

test("the overview is saved with every name, and with how certain each number is", needs("services"), async ({ app, page }) => {
  const listed = await begin(app);
  const saving = page.waitForEvent("download");
  await overview(page).getByRole("button", { name: text("find_save_overview") }).click();
  const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\r\n");
  expect(lines[0]).toContain('"by","name","sessions"');
  expect(lines).toContain(`"device","${SILENT}","unknown"`);
  const users = new Set(listed.map(({ user }) => user).filter((user) => user !== ""));
  expect(lines.filter((line) => line.startsWith('"user"')).length).toBe(users.size);
});

test.describe("of more than 50 devices", () => {
  test.use({ simulatorOptions: ["--devices", "150", "--sessions", "2"] });

  test("nothing is read at the sign-in, and one press reads all", needs("network"), async ({ app, page, simulator }) => {
    await app.open("");
    await app.signIn();
    await expect(overview(page).getByText(text("find_read_on_request", { most: 50 }))).toBeVisible();
    const reads = async () => (await simulator.calls()).filter(({ path }) => path.includes("access-info")).length;
    expect(await reads()).toBe(0);
    await app.isAccessible();
    await overview(page).getByRole("button", { name: textPattern("find_read_first") }).click();
    await expect(overview(page).getByRole("button", { name: text("find_read_again") })).toBeVisible();
    await expect(page.getByRole("button", { name: text("find_stop") })).toBeHidden({ timeout: 60_000 });
    expect(await reads()).toBeGreaterThan(30);
  });
});
