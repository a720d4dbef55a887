// What the keyboard does from the search or the form to the gate, what an input method keeps from happening, and the ways to begin
// the next kill. Held and repeated keys in the gate are in find.spec.ts and kill.spec.ts.

import type { CDPSession, Page } from "@playwright/test";
import type { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { rowOf, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const LONE = "lone.example.test";
const box = (page: Page) => page.getByRole("searchbox", { name: text("find_label") });
const hits = (page: Page) => page.getByRole("listbox", { name: text("targets_found") });
const remove = (page: Page, name: string) => page.getByRole("button", { name: text("remove", { name }) });

/** Presses Enter in the gate once it can have been read. */
async function confirmByKey({ gate, page }: Console): Promise<void> {
  await expect(gate).toBeVisible();
  await expect(async () => {
    if (await gate.isVisible()) await page.keyboard.press("Enter");
    await expect(gate).toBeHidden({ timeout: 600 });
  }).toPass();
}

test("one search finds groups, clusters and devices; the down arrow goes into the list, and Enter selects the only hit", needs("keys"), async ({ app, page }) => {
  await app.begin();
  const search = page.getByRole("searchbox", { name: text("filter_targets") });
  await search.focus();
  await page.keyboard.type("red");
  for (const kind of ["kind_cluster", "kind_device"] as const) {
    await expect(hits(page).getByRole("option").filter({ hasText: text(kind) }).first()).toBeVisible();
  }
  await app.isAccessible();
  await page.keyboard.press("ArrowDown");
  await expect(hits(page)).toBeFocused();
  await search.fill("testgroup1");
  await expect(hits(page).getByRole("option", { name: rowOf("TestGroup1") }).filter({ hasText: text("kind_group") })).toBeVisible();
  await search.fill(LONE);
  await expect(hits(page).getByRole("option")).toHaveCount(1);
  await search.press("Enter");
  await expect(remove(page, LONE)).toBeVisible();
  // A second Enter does not deselect it.
  await search.press("Enter");
  await expect(remove(page, LONE)).toBeVisible();
  // The lists are still there, each with its own filter.
  await search.fill("");
  await page.getByRole("tab", { name: text("clusters") }).click();
  const filter = page.getByRole("searchbox", { name: text("filter_clusters") });
  await filter.fill("blue");
  await filter.press("Enter");
  await expect(remove(page, "BlueCluster")).toBeVisible();
  await filter.press("ArrowDown");
  await expect(page.getByRole("listbox", { name: text("clusters") })).toBeFocused();
});

test("Ctrl+Enter reviews from a field, a list and a button, and confirms nothing while it is held", needs("keys"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: [LONE] });
  for (const at of [page.getByLabel(text("user_names")), page.getByLabel(text("reason")), page.getByRole("listbox").first(), page.getByRole("button", { name: text("clear_form") })]) {
    await at.focus();
    await page.keyboard.down("Control");
    await page.keyboard.down("Enter");
    await expect(app.gate).toBeVisible();
    // The keys are still down, so this repeats them.
    for (let i = 0; i < 5; i += 1) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.keyboard.up("Control");
    await page.keyboard.press("Escape");
    await expect(app.gate).toBeHidden();
  }
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await app.menu("nav_find").click();
  await box(page).fill("user2");
  await page.getByRole("button", { name: text("preferences") }).focus();
  await page.keyboard.press("Control+Enter");
  await expect(app.gate.getByText(text("everywhere"))).toBeVisible();
  expect(await simulator.kills()).toEqual([]);
});

/** Presses a key while an input method composes a text in the focused field. */
async function pressWhileComposing(page: Page, cdp: CDPSession, key: string): Promise<void> {
  await cdp.send("Input.imeSetComposition", { text: "user2", selectionStart: 5, selectionEnd: 5 });
  await page.keyboard.press(key);
}

test("Enter does nothing while an input method composes a text: not in the search, in a filter, on the form or in the gate", needs("keys"), async ({ app, page, simulator, browserName }) => {
  test.skip(browserName !== "chromium", "only its protocol composes texts");
  const cdp = await page.context().newCDPSession(page);
  await app.begin();
  await app.everybody();
  const search = page.getByRole("searchbox", { name: text("filter_targets") });
  await search.fill(LONE.replace(".example.test", ""));
  await expect(hits(page).getByRole("option")).toHaveCount(1);
  await search.focus();
  await cdp.send("Input.imeSetComposition", { text: ".example", selectionStart: 8, selectionEnd: 8 });
  await page.keyboard.press("Enter");
  await cdp.send("Input.insertText", { text: ".example" });
  await expect(search).toHaveValue("lone.example");
  await expect(remove(page, LONE)).toBeHidden();
  await search.press("Enter");
  await expect(remove(page, LONE)).toBeVisible();

  await page.getByLabel(text("reason")).focus();
  await pressWhileComposing(page, cdp, "Control+Enter");
  await cdp.send("Input.insertText", { text: "user2" });
  await expect(app.gate).toBeHidden();
  await page.keyboard.press("Control+Enter");
  await app.gate.getByRole("textbox", { name: text("gate_type") }).focus();
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + 600;
  });
  await pressWhileComposing(page, cdp, "Enter");
  await cdp.send("Input.insertText", { text: "user2" });
  await expect(app.gate.getByText(text("phrase_wrong"))).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(app.gate.getByText(text("phrase_wrong"))).toBeVisible();
  await page.keyboard.press("Escape");

  await app.menu("nav_find").click();
  await box(page).focus();
  await pressWhileComposing(page, cdp, "Enter");
  await cdp.send("Input.insertText", { text: "user2" });
  await expect(box(page)).toHaveValue("user2");
  await expect(app.gate).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(app.gate).toBeVisible();
  expect(await simulator.kills()).toEqual([]);
});

test("after a link, Enter reviews what it filled in, and Enter confirms", needs("keys"), async ({ app, page, simulator }) => {
  await page.goto(`${simulator.url}#/kill?user=user2&everywhere=1`);
  await page.getByLabel(text("user_name")).focus();
  await page.keyboard.type("manager");
  await page.keyboard.press("Tab");
  await page.keyboard.type("manager");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeFocused();
  await expect(page.getByRole("button", { name: text("review_user", { user: "user2" }) })).toBeVisible();
  await page.keyboard.press("Enter");
  app.confirmed += 1;
  await confirmByKey(app);
  await expect(page).toHaveURL(/#\/jobs\//);
});

test("the form is empty after its kill, and takes the last targets with one press", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", { device: [LONE] });
  await app.menu("nav_kill").click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("");
  await expect(remove(page, LONE)).toBeHidden();
  await page.getByRole("button", { name: text("use_last_targets") }).click();
  await expect(remove(page, LONE)).toBeVisible();
  await expect(page.getByRole("button", { name: text("use_last_targets") })).toBeHidden();
});

test("after a kill that BIG-IQ refused because of the role, the search and the form say so", needs("path"), async ({ app, page }) => {
  const told = page.getByText(text("kill_not_permitted", { operator: "viewer" }));
  await app.begin("viewer");
  await expect(told).toBeHidden();
  await app.users("user2");
  await app.choose({ device: [LONE] });
  await app.review();
  await app.confirm();
  // What BIG-IQ refuses can be done by hand.
  await expect(app.gate.locator("summary").filter({ hasText: text("by_hand") })).toBeVisible();
  await expect(app.gate.locator("code")).toContainText(`# ${LONE}\nsessiondump --allkeys | CURFEW_USER='user2'`);
  await app.isAccessible();
  await app.gate.getByRole("button", { name: text("back_to_form") }).click();
  await expect(told).toBeVisible();
  await app.menu("nav_find").click();
  await expect(told).toBeVisible();
  await app.isAccessible();
  await app.menu("nav_jobs").click();
  await expect(told).toBeHidden();
});

test("after a reload while a kill is running, the sign-in page says so, has the user name, and waits for the password", needs("tabs"), async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: `${KILL}/*`, fault: { kind: "status", status: 503 } });
  await app.begin();
  await app.kill("user2", { device: [LONE] });
  // Also after a second reload.
  for (let times = 0; times < 2; times += 1) {
    await page.reload();
    await expect(page.getByRole("status").getByText(text("reloaded_while_running"))).toBeVisible();
    await expect(page.getByLabel(text("user_name"))).toHaveValue("manager");
    await expect(page.getByLabel(text("password"))).toBeFocused();
  }
  await app.isAccessible();
  await simulator.faults();
  await page.keyboard.type("manager");
  await page.keyboard.press("Enter");
  await app.menu("nav_jobs").click();
  await expect(page.getByText(textPattern("jobs_running"))).toBeHidden({ timeout: 30_000 });
  await page.reload();
  await expect(page.getByLabel(text("user_name"))).toHaveValue("");
  await expect(page.getByText(text("reloaded_while_running"))).toBeHidden();
});

test("a job that failed has the same kill as commands for the devices, copied with one press", needs("services"), async ({ app, page, context, browserName }) => {
  test.skip(browserName === "firefox", "its driver knows no permission for the clipboard");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await app.kill("o'user $(x)", { device: ["refusing.example.test"] });
  const commands = page.getByRole("region", { name: text("by_hand") });
  // It opens only when asked.
  await expect(commands).toBeHidden();
  await page.locator("summary").filter({ hasText: text("by_hand") }).click();
  await expect(commands).toContainText("CURFEW_USER='o'\\''user $(x)' awk");
  await expect(page.getByText(text("by_hand_source"))).toBeVisible();
  await page.locator(".code").filter({ has: commands }).getByRole("button", { name: text("copy") }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(await commands.innerText());
  await app.isAccessible();
});
