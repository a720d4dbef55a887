// The search for sessions: what is found is compared with the simulator's session table, and so is what ends. These tests need a
// browser for the keyboard, the focus and the list; what is found, chosen and read next is tested in crates/core/src/find.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { type Console, REVIEW } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL, type Session, keys } from "./support/simulator";
import { isolated, rowOf, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const SILENT = "silent.example.test";
const UNREAD = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
/** What BIG-IP's session ids look like; some of the simulator's are from F5's documentation and look otherwise. */
const IS_ID = /^[0-9a-f]{8}$/;
const PARTIAL = "4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941";
/** A device on which a kill fails. */
const REFUSING = "217270dc-83bc-469d-9b84-36d7ebf2f6be";
const box = (page: Page) => page.getByRole("searchbox", { name: text("find_label") });
const results = (page: Page) => page.getByRole("grid", { name: text("find_results") });
const rows = (page: Page) => results(page).getByRole("row").filter({ has: page.getByRole("gridcell") });
const rowsOf = (page: Page, name: string) => rows(page).and(page.getByRole("row", { name: rowOf(name) }));
const killButton = (page: Page, user: string) => page.getByRole("button", { name: text("find_kill_user", { user }) });

/** Signs in, which leads to the search, and waits until everything that answers was read. */
async function search(app: Console): Promise<void> {
  await app.open("");
  await app.signIn();
  await expect(box(app.page)).toBeFocused();
  await expect(app.page.getByText(text("find_unread", { names: [SILENT] }))).toBeVisible({ timeout: 30_000 });
}

/** The sessions that devices list: one device answers nothing. */
const listed = async ({ simulator }: Console): Promise<Session[]> => (await simulator.sessions()).filter(({ device }) => device !== UNREAD);

test("2.1 a user is found, killed everywhere and verified with the keyboard alone", needs("keys"), async ({ app, page, simulator }) => {
  await search(app);
  const before = await listed(app);
  const own = before.filter((session) => session.user === "user2");
  await page.keyboard.type("user2");
  await expect(rowsOf(page, "user2")).toHaveCount(own.length);
  await page.keyboard.press("Enter");
  await expect(app.gate.getByText(textPattern("sessions_from"))).toBeVisible();
  await expect(app.gate.getByText(text("everywhere"))).toBeVisible();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\//);
  const ending = own.filter(({ device }) => device !== REFUSING);
  await expect(async () => expect(await simulator.gone(before)).toEqual(keys(ending))).toPass({ timeout: 30_000 });
});

test("Enter reviews and Enter confirms; an early, a held or repeated Enter confirms nothing", needs("keys"), async ({ app, page, simulator }) => {
  await page.clock.install();
  await search(app);
  await page.keyboard.type("user2");
  await page.clock.pauseAt(new Date(Date.now() + 60_000));
  await page.keyboard.down("Enter");
  await expect(app.gate).toBeVisible();
  await page.clock.runFor(1_000);
  // The key is still down, so these repeat it.
  for (let i = 0; i < 5; i += 1) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await app.gate.getByRole("button", { name: text("cancel") }).click();
  await box(page).press("Enter");
  await expect(app.gate).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(app.gate.getByText(text("gate_too_early"))).toBeVisible();
  expect(await simulator.kills()).toEqual([]);
  await page.clock.runFor(1_000);
  app.confirmed += 1;
  await page.keyboard.press("Enter");
  await page.clock.resume();
  await expect(page).toHaveURL(/#\/jobs\//);
});

test("the gate has the remedies for a device that can't be reached; each makes another plan, which has to be read", needs("keys"), async ({ app, page, simulator }) => {
  await page.clock.install();
  await search(app);
  await box(page).fill("user2");
  const leaveOut = app.gate.getByRole("button", { name: text("leave_out", { device: SILENT }) });
  const apart = app.gate.getByRole("button", { name: text("send_separately", { device: SILENT }) });
  // Nothing replaces a plan that is being sent, or the answer to it.
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const isKill = (url: URL) => url.pathname === KILL;
  await page.route(isKill, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await held;
    await route.fulfill({ status: 403, json: { code: 403, message: "no" } });
  });
  await box(page).press("Enter");
  await expect(app.gate.getByText(text("what_stays"))).toBeVisible();
  await expect(leaveOut).toBeEnabled();
  await app.confirm();
  await expect(leaveOut).toBeDisabled();
  release();
  await expect(leaveOut).toBeHidden();
  await page.unroute(isKill);
  await app.gate.getByRole("button", { name: text("back_to_form") }).click();

  await box(page).press("Enter");
  await app.gate.getByLabel(text("watch"), { exact: true }).selectOption("10");
  await page.clock.pauseAt(new Date(Date.now() + 60_000));
  await page.clock.runFor(1_000);
  await apart.click();
  await expect(apart).toBeHidden();
  await expect(app.gate.locator(".dialog-heading")).toBeFocused();
  await expect(app.gate.getByLabel(text("watch"), { exact: true })).toHaveValue("10");
  await page.keyboard.press("Enter");
  await expect(app.gate.getByText(text("gate_too_early"))).toBeVisible();
  expect(await simulator.kills()).toEqual([]);
  await leaveOut.click();
  await expect(leaveOut).toBeHidden();
  await page.clock.resume();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\//);
  const sent = JSON.stringify(await simulator.kills());
  expect(sent).toContain(LONE);
  expect(sent).not.toContain(UNREAD);
});

test("2.3 selected rows end, and no other session", needs("path"), async ({ app, page, simulator }) => {
  await search(app);
  const before = await listed(app);
  const [first, second] = before.filter((session) => session.user === "user2");
  await box(page).fill("user:\"user2\"");
  for (const session of [first!, second!]) {
    await rows(page).filter({ hasText: session.id }).click();
  }
  await page.getByRole("button", { name: text("find_kill_selected", { n: 2 }) }).click();
  await app.confirm();
  await expect(async () => expect(await simulator.gone(before)).toEqual(keys([first!, second!]))).toPass({ timeout: 30_000 });
});

test("a rule that needs every device says which one is not read; from the others it selects on request, and the gate names what was left out", needs("form"), async ({ app, page }) => {
  // The simulator's sessions have no start.
  await page.route(new RegExp(`/devices/(?!${UNREAD})[^/]+/rest-proxy/mgmt/tm/apm/access-info`), async (route) => {
    const answer = await route.fetch();
    const json = (await answer.json()) as { entries: Record<string, { nestedStats: { entries: Record<string, unknown> } }> };
    for (const [n, { nestedStats }] of Object.values(json.entries).entries()) nestedStats.entries["startTime"] = { description: String(1_700_000_000 + n) };
    await route.fulfill({ response: answer, json });
  });
  await search(app);
  const select = page.getByLabel(text("rule_label"));
  const press = () => page.getByRole("button", { name: text("rule_select"), exact: true }).click();
  await select.selectOption({ label: text("rule_oldest_10") });
  await press();
  await expect(page.getByText(text("two_sentences", { text: text("rule_not_all_read"), next: text("find_unread", { names: [SILENT] }) }))).toBeVisible();
  await app.isAccessible();
  await page.getByRole("button", { name: textPattern("rule_use_read") }).click();
  await expect(page.getByText(text("rule_selected", { n: 10 }))).toBeVisible();
  await expect(page.getByRole("button", { name: textPattern("rule_use_read") })).toBeFocused();
  // Another selection is not the rule's any more.
  await rows(page).first().click();
  await expect(page.getByText(text("rule_selected", { n: 10 }))).toBeHidden();
  await rows(page).first().click();
  await expect(page.getByText(text("rule_selected", { n: 10 }))).toBeVisible();
  await page.getByRole("button", { name: text("find_kill_selected", { n: 10 }) }).click();
  const leftOut = text("warning_not_read", { n: 1, names: [SILENT] });
  await expect(app.gate.getByText(leftOut)).toBeVisible();
  await app.gate.getByRole("button", { name: text("cancel") }).click();
  // A selection without the rule says nothing of it.
  await page.getByRole("button", { name: text("chosen_targets_clear") }).click();
  await rows(page).first().click();
  await page.getByRole("button", { name: text("find_kill_selected", { n: 1 }) }).click();
  await expect(app.gate).toBeVisible();
  await expect(app.gate.getByText(leftOut)).toBeHidden();
  await app.gate.getByRole("button", { name: text("cancel") }).click();
  await page.getByRole("button", { name: text("chosen_targets_clear") }).click();
  const own = (await listed(app)).filter((session) => session.user !== "manager");
  await select.selectOption({ label: text("rule_but_own") });
  await press();
  await expect(page.getByText(text("rule_selected", { n: own.length }))).toBeVisible();
});

test("a name that is also a device's is not taken as a user's without a question", needs("form"), async ({ app, page }) => {
  await search(app);
  await box(page).fill("lone.example.test");
  await box(page).press("Enter");
  await expect(page.getByText(text("find_ambiguous", { name: "lone.example.test" }))).toBeVisible();
  await expect(app.gate).toBeHidden();
  await page.getByRole("button", { name: text("find_as_user", { name: "lone.example.test" }) }).click();
  await expect(app.gate).toBeVisible();
});

test("the number at the button is that of exactly this user, whose similar names are not offered", needs("form"), async ({ app, page }) => {
  await search(app);
  await box(page).fill("user2");
  const found = (await listed(app)).filter(({ user }) => user.toLowerCase().includes("user2"));
  const own = found.filter(({ user }) => user === "user2");
  expect(own.length).toBeLessThan(found.length);
  const all = text("labelled", { label: text("find_results"), text: text("number_at_least", { number: found.length }) });
  await expect(page.getByText(all)).toBeVisible();
  const number = text("labelled", { label: isolated("user2"), text: text("session_count_at_least", { n: own.length }) });
  await expect(page.getByText(number, { exact: true })).toBeVisible();
  await expect(killButton(page, "user2")).toHaveClass(/danger/);
  // Longer than the search for similar names takes.
  await box(page).fill("usr2");
  await expect(page.getByText(text("find_similar"))).toBeVisible();
  await box(page).fill("user2");
  await expect(page.getByText(text("find_similar"))).toBeHidden();
});

test("a name that nobody has is planned with a plain button, which says so once everything is read", needs("form"), async ({ app, page }) => {
  await page.route(new RegExp(`${UNREAD}/rest-proxy/mgmt/tm/apm/access-info`), (route) => route.fulfill({ json: { entries: {} } }));
  await app.open("");
  await app.signIn();
  await box(page).fill("nobody else");
  await expect(page.getByText(text("find_nobody", { user: "nobody else" }))).toBeVisible({ timeout: 30_000 });
  await expect(killButton(page, "nobody else")).not.toHaveClass(/danger/);
  await box(page).press("Enter");
  await expect(app.gate.getByText(text("everywhere"))).toBeVisible();
});

test("a session id is not taken as a user without a question", needs("form"), async ({ app, page }) => {
  await search(app);
  const { id } = (await listed(app))[0]!;
  await box(page).fill(id);
  await expect(rows(page)).toHaveCount(1);
  await box(page).press("Enter");
  await expect(page.getByText(text("find_ambiguous", { name: id }))).toBeVisible();
  await expect(app.gate).toBeHidden();
});

test("a line of a log is recognised, and leads to the form for listed sessions", needs("path"), async ({ app, page }) => {
  await search(app);
  const { id } = (await listed(app)).find((session) => session.device === LONE && IS_ID.test(session.id))!;
  const line = `Nov 29 10:00:00 lone.example.test notice tmm[1]: 01490500:5: /Common/vpn:Common:${id}: New session from client IP 198.51.100.7`;
  await box(page).fill(line);
  await expect(page.getByText(text("find_list", { label: text("format_apm_log") }))).toBeVisible();
  await expect(page.getByRole("button", { name: textPattern("find_kill_user") })).toBeHidden();
  await app.isAccessible();
  await box(page).press("Enter");
  await expect(page).toHaveURL(/#\/kill/);
  await expect(page.getByRole("textbox", { name: text("paste_sessions") })).toHaveValue(line);
  await expect(page.getByText(text("paste_understood", { n: 1, devices: text("device_count", { n: 1 }) }), { exact: true })).toBeVisible();

  // Another list replaces it, and it can be restored. This one names a device on which its session isn't.
  const moved = (await listed(app)).find((session) => session.device === PARTIAL && IS_ID.test(session.id))!;
  const other = line.replace(id, moved.id);
  await app.menu("nav_find").click();
  await box(page).fill(other);
  await box(page).press("Enter");
  await expect(page.getByText(text("list_replaced"))).toBeVisible();
  await app.isAccessible();
  const where = text("warning_sessions_moved", { n: 1, place: "partial.example.test", device: "lone.example.test" });
  await expect(page.getByText(where)).toBeVisible();
  await page.getByRole("button", { name: text("use_device", { device: "partial.example.test" }) }).click();
  await expect(page.getByText(where)).toBeHidden();
  await page.getByRole("button", { name: text("list_restore") }).click();
  await expect(page.getByRole("textbox", { name: text("paste_sessions") })).toHaveValue(line);
});

test("session ids that are pasted in several lines get their devices", needs("services"), async ({ app, page, context, browserName }) => {
  test.skip(browserName === "firefox", "its driver knows no permission for the clipboard");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await search(app);
  const [first, second] = (await listed(app)).filter((session) => session.device === LONE && IS_ID.test(session.id));
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), `${first!.id}\n${second!.id}\n`);
  await page.keyboard.press("Control+v");
  await expect(page.getByText(text("find_list", { label: text("format_lines") }))).toBeVisible();
  await page.getByRole("button", { name: text("find_open_list") }).click();
  const lines = [first!, second!].map(({ id }) => `lone.example.test ${id}\n`).join("");
  await expect(page.getByRole("textbox", { name: text("paste_sessions") })).toHaveValue(lines);
  await expect(page.getByText(text("paste_understood", { n: 2, devices: text("device_count", { n: 1 }) }), { exact: true })).toBeVisible();
});

test("where no start is reported, there is no column of starts", needs("form"), async ({ app, page }) => {
  await page.route("**/rest-proxy/mgmt/tm/apm/access-info*", (route) => {
    const entry = { nestedStats: { entries: { sessionId: { description: "2a5d7604" }, logonUser: { description: "user2" } } } };
    return route.fulfill({ json: { entries: { "https://localhost/mgmt/tm/apm/access-info/2a5d7604": entry } } });
  });
  await app.open("");
  await app.signIn();
  await box(page).fill("user2");
  await expect(rows(page).first()).toBeVisible();
  await expect(results(page).getByRole("columnheader")).toHaveCount(5);
  await expect(results(page).getByRole("columnheader", { name: text("column_started") })).toBeHidden();
  await expect(rows(page).first().getByRole("gridcell").nth(2)).toHaveText(isolated("2a5d7604"));
});

test("the table is sorted by its headings, and saved as it is shown", needs("services"), async ({ app, page }) => {
  await search(app);
  await box(page).fill("user2");
  const head = results(page);
  await head.getByRole("button", { name: text("column_session") }).click();
  const sorted = (await listed(app)).filter(({ user }) => user.toLowerCase().includes("user2"));
  const ids = sorted.map(({ id }) => id).sort();
  await expect(rows(page).first()).toContainText(ids[0]!);
  await head.getByRole("button", { name: text("column_session") }).click();
  await expect(rows(page).first()).toContainText(ids.at(-1)!);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: text("find_save") }).click();
  const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\r\n");
  expect(lines.length).toBe(1 + sorted.length);
  expect(lines[1]).toContain(ids.at(-1)!);
});

test("similar names and client addresses are buttons that narrow the search", needs("form"), async ({ app, page }) => {
  await search(app);
  await box(page).fill("usr2");
  await page.getByRole("button", { name: isolated("user2"), exact: true }).click();
  await expect(box(page)).toHaveValue('user:"user2"');
  const own = (await listed(app)).filter(({ user }) => user === "user2");
  await expect(rowsOf(page, "user2")).toHaveCount(own.length);
  const { clientIp } = own[0]!;
  // One device answers nothing, so the numbers are not exact, and the buttons have none.
  await page.getByRole("button", { name: isolated(clientIp), exact: true }).click();
  await expect(box(page)).toHaveValue(`user:"user2" ${clientIp}`);
  await expect(rowsOf(page, "user2")).toHaveCount(own.filter((session) => session.clientIp === clientIp).length);
});

test("where sessions can't be read, the user is killed everywhere all the same", needs("path"), async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: "/mgmt/shared/resolver/device-groups/*", fault: { kind: "status", status: 403 } });
  await app.open("");
  await app.signIn();
  await box(page).fill("user2");
  await box(page).press("Enter");
  await expect(app.gate.getByText(text("everywhere"))).toBeVisible();
});

test.describe("of a large inventory", () => {
  test.use({ simulatorOptions: ["--devices", "2000", "--sessions", "2"] });

  test("nothing is read at the sign-in; a search reads the first 200 units, eight at a time, and the rest on request", needs("network"), async ({ app, page, simulator }) => {
    test.setTimeout(120_000);
    await app.open("");
    await app.signIn();
    await expect(page.getByText(text("find_reading"))).toBeHidden();
    const reads = async () => (await simulator.calls()).filter(({ path }) => path.includes("access-info")).length;
    expect(await reads()).toBe(0);
    await box(page).fill("user2");
    await expect(page.getByRole("button", { name: text("find_read_rest") })).toBeVisible({ timeout: 90_000 });
    const first = await reads();
    expect(first).toBeGreaterThan(150);
    await page.getByRole("button", { name: text("find_read_rest") }).click();
    await expect(page.getByRole("button", { name: text("find_stop") })).toBeVisible();
    await page.getByRole("button", { name: text("find_stop") }).click();
    await expect(page.getByRole("button", { name: text("find_continue") })).toBeVisible();
  });
});

test("2.1 everywhere in the form: all clusters by name, all other devices by reference, and what is not covered is named", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2");
  await page.getByLabel(text("everywhere")).check();
  await expect(page.getByRole("tab", { name: text("groups") })).toBeHidden();
  await page.getByRole("button", { name: REVIEW }).click();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\//);
  const [body] = (await simulator.kills()) as { clusterNames: string[]; deviceReferences: unknown[]; accessGroupNames?: string[] }[];
  expect(body!.accessGroupNames).toBeUndefined();
  expect(body!.clusterNames.slice(0, 2)).toEqual(["BlueCluster", "RedCluster"]);
  expect(body!.deviceReferences.length).toBeGreaterThan(3);
});

test("all access groups: a device in none of them is named, and added with one press", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await page.getByRole("tab", { name: text("groups") }).click();
  await page.getByRole("listbox").press("Control+a");
  const add = page.getByRole("button", { name: textPattern("add_device") }).or(page.getByRole("button", { name: textPattern("add_devices") }));
  await add.click();
  await expect(add).toBeHidden();
});
