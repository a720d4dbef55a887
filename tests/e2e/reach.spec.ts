// What a kill reaches when BIG-IQ's lists are absent, refused, nested, short or broken: plan and gate have the true numbers, or
// say "at least". The truth is the simulator's: the devices that it resolved, and its session table.

import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { type Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { keys, type Simulator } from "./support/simulator";
import { exactly, isolated, labelled, listOfNames, rowOf, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const BLUE_A = "98901455-6384-47cd-bc41-00a39dfe338f";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
const GREEN = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const ACCESS = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";
const RESOLVER = "/mgmt/cm/system/machineid-resolver";
const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";

const plan = (page: Page) => page.getByRole("region", { name: text("plan") });
const devices = (n: number) => text("device_count", { n });
const atLeast = (n: number) => text("device_count_at_least", { n });

/** The devices that the simulator resolved for the newest task. */
async function resolved(simulator: Simulator): Promise<string[]> {
  const [task] = (await simulator.tasks("manager")) as unknown as { deviceReferences?: { link: string }[] }[];
  return (task?.deviceReferences ?? []).map(({ link }) => link.slice(link.lastIndexOf("/") + 1)).sort();
}

/** The label of the tab of devices. */
const tab = (page: Page) => page.getByRole("tab", { name: text("devices") }).innerText();

/** Ends all sessions on two access groups and a cluster; plan and gate say `shown`. Returns the devices that BIG-IQ resolved. */
async function mainJob(app: Console, shown: string): Promise<string[]> {
  const { page, simulator } = app;
  const before = await simulator.sessions();
  await app.everybody();
  await app.choose({ group: ["TestGroup1", "TestGroup2"], cluster: ["BlueCluster"] });
  await expect(plan(page).getByText(text("plan_everybody", { devices: shown }), { exact: true })).toBeVisible();
  await app.review();
  await expect(app.gate.getByRole("heading", { name: text("gate_everybody", { devices: shown }) })).toBeVisible();
  await expect(app.gate.getByRole("definition").filter({ hasText: shown }).last()).toHaveText(shown);
  await expect(app.gate.locator("pre")).toHaveText(new RegExp(` ${shown}$`));
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    { action: "KILL_ALL_SESSIONS", accessGroupNames: ["TestGroup1", "TestGroup2"], clusterNames: ["BlueCluster"] },
  ]);
  // A standby lists sessions of its partner, or none.
  const hit = before.filter(({ device }) => [BLUE_A, RED_A, LONE, GREEN].includes(device));
  expect(await simulator.gone(before)).toEqual(keys(hit));
  return resolved(simulator);
}

/** The record of the job on the page, as JSON. */
async function record(page: Page): Promise<{ devicesReached: { certainty: string; known: number } }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: text("save_record_json") }).click();
  return JSON.parse(readFileSync(await (await download).path(), "utf8")) as { devicesReached: { certainty: string; known: number } };
}

test("field: with the Access list absent, and the machineid-resolver paged short, plan and gate have the true numbers", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessList: "absent", resolverPages: { limit: 3, withoutTotals: true } });
  await app.begin();
  const reached = await mainJob(app, devices(6));
  expect(reached).toHaveLength(6);
  expect((await record(page)).devicesReached).toEqual({ certainty: "exactly", known: 6 });
});

test("field: the Access list refused or absent: the page and the report name the list that was used", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessList: "refused" });
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await expect(plan(page).getByText(text("warning_access_list"))).toBeVisible();
  await page.getByRole("link", { name: text("nav_diagnostics") }).click();
  const report = page.locator("pre");
  await expect(report).toContainText(labelled(text("devices"), "machineid-resolver"));
  await expect(report).toContainText(text("warning_access_list"));
});

test("the report names the Access list, and a total of BIG-IQ that disagrees", needs("form"), async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: ACCESS, fault: { kind: "wrong-total", value: 1 } });
  await app.begin();
  await app.users("user2");
  await app.choose({ group: ["TestGroup2"] });
  // More devices than BIG-IQ counts were listed, so all are known.
  await expect(plan(page).getByText(text("plan_user", { user: "user2", devices: devices(2) }), { exact: true })).toBeVisible();
  await page.getByRole("link", { name: text("nav_diagnostics") }).click();
  const report = page.locator("pre");
  await expect(report).toContainText(labelled(text("devices"), "cm-access-allBigIpDevices"));
  await expect(report).toContainText(textPattern("warning_list_total", { all: 1 }));
});

test("BIG-IQ counts more devices than it lists: the numbers say at least, and the plan says why", needs("form"), async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: ACCESS, fault: { kind: "wrong-total", value: 300 } });
  await app.begin();
  expect(await tab(page)).toMatch(exactly(textPattern("labelled", { label: text("devices"), text: textPattern("number_at_least") })));
  expect(await mainJob(app, atLeast(6))).toHaveLength(6);
  const { devicesReached } = await record(page);
  expect(devicesReached).toEqual({ certainty: "at-least", known: 6 });
});

test("field: a server that caps pages and ignores $skip: tab, plan, gate, sessions and record say at least", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessPages: { limit: 8, withoutTotals: true, ignored: ["$skip"] } });
  await app.begin();
  expect(await tab(page)).toBe(labelled(text("devices"), text("number_at_least", { number: 8 })));
  await app.users("user2");
  await app.choose({ group: ["TestGroup1"] });
  await expect(plan(page).getByText(text("warning_list_end"))).toBeVisible();
  const lead = await plan(page).getByText(textPattern("plan_user")).innerText();
  const known = Number(/at least (\d+) device/.exec(lead)?.[1]);
  await expect(plan(page).getByText(textPattern("sessions_known", { amount: textPattern("number_at_least") }))).toBeVisible();
  await app.isAccessible();
  await app.review();
  await expect(app.gate.getByRole("heading", { name: text("gate_user", { user: "user2", devices: atLeast(known) }) })).toBeVisible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  const reached = await resolved(simulator);
  expect(known).toBeLessThanOrEqual(reached.length);
  expect((await record(page)).devicesReached).toEqual({ certainty: "at-least", known });
});

test("no button has a number that may be too small: on the form, in the gate and in the search", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessPages: { limit: 8, withoutTotals: true, ignored: ["$skip"] } });
  await app.begin();
  /** The labels with a number, of buttons and of lines that open. A list knows how many rows it has. */
  const numbered = async (): Promise<string[]> => {
    const all = await page.locator("button:not([role=tab]):visible, summary:visible").allInnerTexts();
    return all.filter((label) => /\d/.test(label.replaceAll(isolated("user2"), "")) && !exactly(textPattern("select_shown")).test(label));
  };
  await app.users("user2");
  await app.choose({ group: ["TestGroup1"] });
  await expect(plan(page).getByText(textPattern("sessions_known", { amount: textPattern("number_at_least") }))).toBeVisible();
  await expect(plan(page).getByRole("button", { name: text("check_these_devices_again") })).toBeVisible();
  expect(await numbered()).toEqual([]);
  await app.review();
  const confirm = text("confirm_user", { user: "user2", devices: text("these_devices") });
  await expect(app.gate.getByRole("button", { name: confirm })).toBeVisible();
  expect(await numbered()).toEqual([]);
  await page.keyboard.press("Escape");
  await app.menu("nav_find").click();
  await page.getByRole("searchbox", { name: text("find_label") }).fill("user");
  await expect(page.getByText(textPattern("units_read", { amount: textPattern("number_at_least") })).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: isolated("user2"), exact: true })).toBeVisible();
  const counted = exactly(textPattern("sessions_of_user"));
  expect((await page.locator("button:visible").allInnerTexts()).filter((label) => counted.test(label))).toEqual([]);
});

test("field: one device whose properties is a text is alone unreadable, and groups have at least their known members", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ brokenItems: ["text-properties", "duplicate"] });
  await app.begin();
  await page.getByRole("tab", { name: text("devices") }).click();
  const filter = page.getByRole("searchbox", { name: text("filter_devices") });
  await filter.fill("green.example.test");
  await expect(page.getByRole("option", { name: rowOf("green.example.test") })).toContainText(text("missing_data"));
  await filter.fill("red-a.example.test");
  const red = page.getByRole("option", { name: rowOf("red-a.example.test") });
  await expect(red).toHaveCount(1);
  await expect(red).toContainText(text("ready"));
  await page.getByRole("tab", { name: text("groups") }).click();
  await page.getByRole("searchbox", { name: text("filter_groups") }).fill("TestGroup2");
  await expect(page.getByRole("option", { name: rowOf("TestGroup2") })).toContainText(textPattern("device_count_at_least"));
});

/** Pastes targets into the form. */
async function paste(page: Page, targets: string): Promise<void> {
  const field = page.getByRole("textbox", { name: text("paste_targets_label") });
  if (!(await field.isVisible())) await page.getByText(text("paste_targets")).click();
  await field.fill(targets);
  await page.getByRole("button", { name: text("paste_targets_add"), exact: true }).click();
}

/** The chosen targets. */
const chosen = (page: Page) => page.getByRole("group", { name: text("chosen_targets") });

test("field: without any list of devices, targets are pasted by machine id and by reference link", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessList: "refused", resolverList: "refused" });
  await app.signIn();
  await expect(app.shown(text("inventory_failed"))).toBeVisible();
  await expect(app.shown(text("inventory_typed"))).toBeVisible();
  const nobody = "00000000-1111-4222-8333-444444444444";
  await paste(page, `${LONE}\n${LINK}${GREEN}\n${nobody}\nnowhere.example.test`);
  await expect(page.getByText(text("looked_up", { names: [LONE, LINK + GREEN] }))).toBeVisible();
  await expect(page.getByText(textPattern("missing_reason_unknown", { names: [nobody, "nowhere.example.test"] }))).toBeVisible();
  await expect(chosen(page)).toContainText("lone.example.test");
  await expect(chosen(page)).toContainText("green.example.test");
  await app.users("user2");
  await expect(plan(page).getByText(text("plan_user", { user: "user2", devices: devices(2) }), { exact: true })).toBeVisible();
  await app.isAccessible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", deviceReferences: [{ link: LINK + LONE }, { link: LINK + GREEN }] },
  ]);
});

test("field: without any list, the names of clusters and access groups are used as typed, and called unchecked", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessList: "refused", resolverList: "refused" });
  await app.signIn();
  await expect(app.shown(text("inventory_failed"))).toBeVisible();
  await paste(page, "RedCluster\nTestGroup2");
  await page.getByRole("button", { name: text("use_as_cluster", { name: "RedCluster" }) }).click();
  await page.getByRole("button", { name: text("use_as_group", { name: "TestGroup2" }) }).click();
  await expect(page.getByRole("button", { name: text("use_as_cluster", { name: "TestGroup2" }) })).toHaveCount(0);
  await expect(chosen(page)).toContainText("RedCluster");
  await app.users("user2");
  const unchecked = text("warning_unchecked", { name: "TestGroup2" });
  await expect(plan(page).getByText(text("warning_more", { text: unchecked, n: 1 }))).toBeVisible();
  await expect(plan(page).getByText(listOfNames(["TestGroup2", "RedCluster"]))).toBeVisible();
  await app.isAccessible();
  await app.review();
  await expect(app.gate.getByText(unchecked)).toBeVisible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", accessGroupNames: ["TestGroup2"], clusterNames: ["RedCluster"] },
  ]);
});

test("field: a machine id is enough for a kill, even if no device can be read", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessList: "refused", resolverList: "refused", refusedReads: { [`${RESOLVER}/*`]: 403 } });
  await app.signIn();
  await expect(app.shown(text("inventory_failed"))).toBeVisible();
  await paste(page, `${LONE}\n${LINK}${GREEN}`);
  await expect(page.getByText(text("looked_up", { names: [LONE, LINK + GREEN] }))).toBeVisible();
  await app.users("user2");
  await expect(plan(page).getByText(textPattern("warning_not_ready_several", { missing: text("missing_data") }))).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", deviceReferences: [{ link: LINK + LONE }, { link: LINK + GREEN }] },
  ]);
});

test("field: without any list of devices, names and addresses are looked up, and then their groups and clusters can be chosen", needs("form"), async ({ app, page, simulator }) => {
  // Filters work, lists as a whole do not.
  await simulator.settings({ accessList: "absent" });
  const whole = (url: URL) => url.pathname.endsWith(RESOLVER) && url.searchParams.has("$top");
  await page.route(whole, (route) => route.fulfill({ status: 403, json: { code: 403, message: "No." } }));
  await app.signIn();
  await expect(app.shown(text("inventory_failed"))).toBeVisible();
  await paste(page, "red-a.example.test\n192.0.2.30\nlone");
  await expect(page.getByText(text("looked_up", { names: ["red-a.example.test", "192.0.2.30", "lone"] }))).toBeVisible();
  await expect(chosen(page)).toContainText("red-a.example.test");
  await expect(chosen(page)).toContainText("lone.example.test");
  await page.getByRole("button", { name: text("chosen_targets_clear") }).click();
  await app.users("user2");
  await app.choose({ cluster: ["RedCluster"] });
  // Its other member is not known.
  await expect(plan(page).getByText(text("plan_user", { user: "user2", devices: atLeast(1) }), { exact: true })).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([{ action: "KILL_BY_USER", userName: "user2", clusterNames: ["RedCluster"] }]);
});

test("a device that the list left out is looked up and chosen", needs("form"), async ({ app, page, simulator }) => {
  await simulator.settings({ accessPages: { limit: 3, withoutTotals: true, ignored: ["$skip"] } });
  await app.begin();
  await paste(page, "lone.example.test");
  await expect(page.getByText(text("looked_up", { names: ["lone.example.test"] }))).toBeVisible();
  await expect(chosen(page)).toContainText("lone.example.test");
  // The next reading of the list does not have it either.
  const read = page.waitForResponse((answer) => answer.url().includes(ACCESS));
  await page.getByRole("button", { name: text("refresh"), exact: true }).click();
  await read;
  await app.users("user2");
  await expect(chosen(page)).toContainText("lone.example.test");
  await expect(plan(page).getByText(text("plan_user", { user: "user2", devices: devices(1) }), { exact: true })).toBeVisible();
});

test("targets and sessions that are pasted before the devices are read are not silently ignored", needs("form"), async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: ACCESS, count: 1, fault: { kind: "delay", ms: 600_000 } });
  await app.signIn();
  await paste(page, "lone.example.test");
  const notes = page.getByRole("listitem").getByText(text("reading"), { exact: true });
  await expect(notes.first()).toBeVisible();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await page.getByRole("textbox", { name: text("paste_sessions") }).fill("lone.example.test 2hjj234");
  await expect(notes).toHaveCount(2);
  await simulator.advance(600_001);
  await expect(page.getByText(text("paste_understood", { n: 1, devices: devices(1) }), { exact: true })).toBeVisible();
});
