// After the kill: the page of several jobs, their records, and planning failed parts again.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { type Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { announcements, listen } from "./support/announcements";

const SESSIONS = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";

const compared = (page: Page) => page.getByRole("region", { name: "Live sessions, before and after" });

/** The text of a record as saved by the browser. */
async function saved(page: Page, kind: "JSON" | "CSV"): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: `Save record (${kind})` }).click();
  return readFile(await (await download).path(), "utf8");
}

test("several users: one task each, and one page for all", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2", "User2", "nobody");
  await app.choose({ device: ["green.example.test"] });
  await app.review();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown("3 of 3 ended")).toBeVisible();
  await app.isAccessible();
  const users = ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
  expect(users.sort()).toEqual(["User2", "nobody", "user2"]);
  expect(await simulator.idsOf((s) => s.id.startsWith("c4ee"))).toEqual(["c4ee0003"]);
  await page.getByRole("link", { name: "Jobs" }).click();
  await app.isAccessible();
});

test("the record is saved as JSON and as CSV, with who, why and what, and no token", async ({ app, page }) => {
  await app.begin();
  await app.reason("=INC-4711");
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  const json = await saved(page, "JSON");
  const csv = await saved(page, "CSV");
  const record = JSON.parse(json) as { operator: string; reason: string };
  expect(record.operator).toBe("manager");
  expect(record.reason).toBe("=INC-4711");
  expect(csv).toContain("'=INC-4711");
  expect(json + csv).not.toMatch(/eyJ[A-Za-z0-9_-]+\./);
});

test("the timeline has the exact time of each line, and its date once the day is over", async ({ app, page }) => {
  await page.clock.install({ time: new Date("2026-03-02T23:59:30Z") });
  await app.open();
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  const sent = page.getByRole("log", { name: "What happened" }).getByRole("listitem").filter({ hasText: "Request sent" }).locator("time");
  await expect(sent).toHaveText(/^23:59:\d\d\.\d{3}$/);
  await expect(sent).toHaveAttribute("datetime", /^2026-03-02T23:59:\d\d\.\d{3}\+00:00$/);
  await expect(sent).toHaveAttribute("title", /^2 Mar 2026, 23:59:\d\d GMT\+00:00$/);
  await page.clock.fastForward(60_000);
  await expect(sent).toHaveText(/^2 Mar 2026, 23:59:\d\d GMT\+00:00$/);
});

test("each job’s page has its own title, which is announced", async ({ app, page }) => {
  await listen(page);
  await app.open();
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await page.keyboard.press("Shift");
  await expect(page).toHaveTitle("Kill sessions of user2: lone.example.test · Curfew");
  await app.menu("Kill sessions").click();
  await page.getByRole("button", { name: "Clear the form" }).click();
  await app.users("user1", "user3");
  await app.choose({ device: ["lone.example.test"], cluster: ["BlueCluster", "RedCluster"] });
  await app.review();
  await app.confirm();
  await expect(app.shown("2 of 2 ended")).toBeVisible();
  await page.keyboard.press("Shift");
  const many = "Kill sessions of 2 users: BlueCluster, RedCluster and 1 more";
  await expect(page).toHaveTitle(`${many} · Curfew`);
  await announcements(page);
  await page.getByRole("link", { name: "Kill sessions of user3" }).click();
  await expect(page).toHaveTitle("Kill sessions of user3: BlueCluster, RedCluster and 1 more · Curfew");
  expect(await announcements(page)).toContain("status: Kill sessions of user3: BlueCluster, RedCluster and 1 more");
  await page.evaluate(() => (location.hash = "#/jobs/nowhere"));
  await expect(page).toHaveTitle("Job not found · Curfew");
});

test("failed parts are planned again, not sent again", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
  await page.getByRole("button", { name: "Plan what’s left …" }).click();
  await expect(page.getByLabel("User names")).toHaveValue("user2");
  await expect(page.getByRole("group", { name: "Chosen targets" })).toContainText("refusing.example.test");
  expect((await simulator.kills()).length).toBe(1);
});

test("verified: sessions seen before are gone from a pair whose standby mirrors them and from one whose does not", async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ cluster: ["BlueCluster", "RedCluster"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown("Verified: all 4 sessions are gone")).toBeVisible();
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(compared(page).getByRole("listitem")).toHaveText([/BlueCluster.*2 gone/, /RedCluster.*2 gone/]);
  await app.isAccessible();
  expect(await simulator.idsOf((s) => ["b10e0001", "b10e0002", "2a5d7604", "875f7fed"].includes(s.id))).toEqual([]);
  const record = JSON.parse(await saved(page, "JSON")) as {
    jobs: { verdict: unknown; checked: { id: string; user: string; outcome: string }[] }[];
  };
  const [job] = record.jobs;
  expect(job?.verdict).toEqual({ finding: "verified", gone: 4, remaining: 0, unreadable: 0, cameBack: 0, blind: 0 });
  expect(job?.checked.map((one) => `${one.id} ${one.user} ${one.outcome}`).sort()).toEqual([
    "2a5d7604 user2 gone",
    "875f7fed user2 gone",
    "b10e0001 user2 gone",
    "b10e0002 user2 gone",
  ]);
});

test("without sessions before, nothing is verified", async ({ app, page }) => {
  await app.begin();
  await app.users("nobody");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown("No matching sessions were found on these devices")).toBeVisible();
  await expect(page.getByText(/^Verified/)).toHaveCount(0);
  await expect(compared(page)).toContainText("nothing to verify");
  await expect(page.getByRole("button", { name: "Compare again" })).toHaveCount(0);
});

test("if no device reports sessions, nothing is verified", async ({ app, page, simulator }) => {
  await simulator.settings({ restProxy: "off" });
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown("Couldn’t verify 1 device or cluster")).toBeVisible();
  await expect(page.getByText(/^Verified/)).toHaveCount(0);
});

test("a truncated reading after the kill proves nothing", async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  const one = (n: number) => [`x/${n}`, { nestedStats: { entries: { sessionId: { description: `f${n}` } } } }];
  const entries = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => one(n)));
  await page.route(/access-info/, (route) => route.fulfill({ json: { entries } }));
  await app.review();
  await app.confirm();
  await expect(app.shown("2 sessions seen before can’t be checked")).toBeVisible();
  await expect(page.getByText(/^Verified/)).toHaveCount(0);
});

/** A kill after which the device's sessions can't be read until its faults are removed. */
async function killUnverified(app: Console): Promise<void> {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.simulator.faults({ method: "GET", path: SESSIONS, fault: { kind: "status", status: 500, message: "no" } });
  await app.review();
  await app.confirm();
  await expect(app.shown("2 sessions seen before can’t be checked")).toBeVisible();
}

test("a device that can’t be read after the kill is reported, and compared again on request", async ({ app, page, simulator }) => {
  await killUnverified(app);
  await expect(compared(page)).toContainText("2hjj234");
  await simulator.faults();
  await page.getByRole("button", { name: "Compare again" }).click();
  await expect(app.shown("Verified: all 2 sessions are gone")).toBeVisible();
});

test("a saved record is reported as outdated when more becomes known", async ({ app, page, simulator }) => {
  await killUnverified(app);
  await saved(page, "JSON");
  const outdated = app.shown("The saved record is missing newer information");
  await expect(outdated).toBeHidden();
  await simulator.faults();
  await page.getByRole("button", { name: "Compare again" }).click();
  await expect(app.shown("Verified: all 2 sessions are gone")).toBeVisible();
  await expect(outdated).toBeVisible();
  await app.isAccessible();
  await saved(page, "JSON");
  await expect(outdated).toBeHidden();
});

test("a job without a task shows no devices that a task would name", async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "POST", path: KILL, count: 1, fault: { kind: "status", status: 400, message: "No." } });
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await app.gate.getByRole("button", { name: "Back to the form" }).click();
  await page.getByRole("link", { name: "Jobs" }).click();
  await page.getByRole("link", { name: "Kill sessions of user2" }).click();
  await expect(app.shown("Rejected by BIG-IQ")).toBeVisible();
  await expect(app.shown("Nothing was killed. To send it, make a new plan.")).toBeVisible();
  await expect(page.getByText("Devices named by the task")).toHaveCount(0);
  await page.getByRole("link", { name: "Kill sessions", exact: true }).click();
  await page.getByRole("button", { name: "Clear the form" }).click();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(page.getByText("Devices named by the task")).toBeVisible();
});

test("remaining sessions are shown, by device and id", async ({ app, page, simulator }) => {
  await app.begin();
  await app.killEverybody("partial.example.test");
  await expect(app.shown("1 session seen before is still there.")).toBeVisible();
  await expect(app.shown("Some sessions didn’t end: see the failures below.")).toBeVisible();
  await expect(page.getByRole("main").getByText("It’s unknown what was done on which device")).toHaveCount(0);
  const left = await simulator.idsOf((s) => s.device === "4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941");
  expect(left).toHaveLength(1);
  await expect(compared(page).getByRole("listitem")).toContainText([new RegExp(`partial.*1 still there.*${left[0]}`)]);
});

test("a user who comes back has a new session, distinguished from the old one by its id", async ({ app, page, simulator }) => {
  await simulator.settings({ returningPerMille: 1000 });
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown("Verified: all 2 sessions are gone")).toBeVisible();
  await simulator.advance(300_000);
  await page.getByRole("button", { name: "Compare again" }).click();
  await expect(app.shown("2 new sessions of the same users: they signed in again.")).toBeVisible();
  await expect(app.shown("Verified: all 2 sessions are gone")).toBeVisible();
  const back = await simulator.idsOf((s) => s.device === LONE && s.user === "user2");
  expect(back).toHaveLength(2);
  expect(back).not.toContain("2hjj234");
});

test("the sessions before a kill survive a reload, as ids and names only", async ({ app, page }) => {
  await app.begin();
  await app.killEverybody("slow.example.test");
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  const kept = await page.evaluate(() => Object.entries(sessionStorage).filter(([key]) => key.includes("baseline")));
  expect(kept).toHaveLength(1);
  const parts = Object.keys((JSON.parse(kept[0]?.[1] ?? "") as { units: object[] }).units[0] ?? {});
  expect(parts.sort()).toEqual(["blind", "cluster", "members", "others", "sessions", "whole"]);
  await page.reload();
  await app.signIn();
  await expect(app.shown(/Verified: all \d+ sessions are gone/)).toBeVisible({ timeout: 20_000 });
});

const everybodys = (page: Page) => page.getByRole("region", { name: "All kills on BIG-IQ" });

const onLone = (userName: string) => ({
  action: "KILL_BY_USER",
  userName,
  deviceReferences: [{ link: `https://localhost/mgmt/cm/system/machineid-resolver/${LONE}` }],
});

test("all kills on BIG-IQ are listed, page by page, and filtered by operator, user, state and time", async ({
  app,
  page,
  simulator,
}) => {
  test.slow();
  const users = Array.from({ length: 55 }, (_, n) => `someone${n}`);
  for (const user of users) await simulator.killByHand(onLone(user), "admin");
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
  await page.getByRole("link", { name: "Jobs" }).click();
  const list = everybodys(page);
  const rows = list.locator("li.task-row");
  await expect(list.getByText("50 shown of 50 read")).toBeVisible();
  await list.getByRole("button", { name: "Read older" }).click();
  // Three of the specification's samples exist from the start.
  await expect(list.getByText("59 shown of 59 read")).toBeVisible();
  await expect(list.getByRole("button", { name: "Read older" })).toBeHidden();
  await list.getByLabel("Operator").fill("ADMIN");
  await list.getByLabel("User").fill("someone5");
  await expect(rows).toHaveCount(6);
  await expect(rows.first()).toContainText("by admin");
  await list.getByLabel("User").fill("");
  await list.getByLabel("Operator").fill("manager");
  await expect(rows).toHaveCount(1);
  await list.getByLabel("Operator").fill("");
  await list.getByLabel("State").selectOption("failed");
  await list.getByLabel("Started").selectOption("last hour");
  await expect(rows).toHaveCount(1);
  await rows.first().getByText("Details").click();
  await expect(rows.first()).toContainText("Internal Error occurred");
  await expect(rows.first().getByRole("list", { name: "Progress" }).getByRole("listitem")).toHaveCount(4);
  await app.isAccessible();
  await rows.first().getByRole("link", { name: "Job in this tab" }).click();
  await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
});

test("the list of all kills is read again every 15 s, but not while someone reads a row, and not in the background", async ({
  app,
  page,
  simulator,
}) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await page.getByRole("link", { name: "Jobs" }).click();
  const list = everybodys(page);
  await expect(list.getByText("3 shown of 3 read")).toBeVisible();
  await simulator.killByHand(onLone("user2"), "admin");
  await page.clock.fastForward(16_000);
  await expect(list.getByText("4 shown of 4 read")).toBeVisible();
  await expect(list.locator("li.task-row").first()).toContainText("by admin");
  const reads = async () => (await simulator.calls("GET", KILL)).length;
  const later = async () => {
    const before = await reads();
    await page.clock.fastForward(16_000);
    await page.evaluate(() => fetch("/info/system"));
    return (await reads()) - before;
  };
  const row = list.locator("li.task-row").first();
  await row.getByText("Details").click();
  expect(await later()).toBe(0);
  await expect(row.locator("details")).toHaveAttribute("open", "");
  await row.getByText("Details").click();
  await list.getByRole("button", { name: "Refresh" }).focus();
  await expect.poll(later).toBe(1);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  expect(await later()).toBe(0);
});

test("the list of all kills shows its age, is read again on request, and ends with its page", async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await page.getByRole("link", { name: "Jobs" }).click();
  const list = everybodys(page);
  await expect(list.getByText(/^Updated /)).toBeVisible();
  await expect(list.getByText("3 shown of 3 read")).toBeVisible();
  await simulator.killByHand(onLone("user2"), "admin");
  await expect(list.getByText("3 shown of 3 read")).toBeVisible();
  await list.getByRole("button", { name: "Refresh" }).click();
  await expect(list.getByText("4 shown of 4 read")).toBeVisible();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 500, message: "no" } });
  await list.getByRole("button", { name: "Refresh" }).click();
  await expect(list.getByText("BIG-IQ’s list couldn’t be read")).toBeVisible();
  await expect(list.getByText(/^The list shown was read (now|\d+ seconds? ago)\.$/)).toBeVisible();
  await expect(list.getByText("4 shown of 4 read")).toBeVisible();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "delay", ms: 60_000 } });
  const cancelled = page.waitForEvent("requestfailed", (request) => request.url().includes("kill-sessions?"));
  await list.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "Kill sessions" }).click();
  await cancelled;
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 500, message: "no" } });
  await page.getByRole("link", { name: "Jobs" }).click();
  await expect(list.getByText("BIG-IQ’s list couldn’t be read")).toBeVisible();
});

test("a task of clusters and devices names both in the list of all kills, and no member of its clusters", async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ cluster: ["BlueCluster"], device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  await app.menu("Jobs").click();
  const row = everybodys(page).locator("li.task-row").first();
  await expect(row.getByText(/^BlueCluster/)).toHaveText("BlueCluster, lone.example.test");
});

/** A kill that takes a while, with this `config.json` setting for cancelling. */
async function slowKill(app: Console, page: Page, cancel: boolean): Promise<void> {
  await page.route("**/config.json", (route) => route.fulfill({ json: { cancel } }));
  await page.reload();
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown("BIG-IQ is ending the sessions, device by device.")).toBeVisible();
}

test("cancelling is not offered unless the configuration says so", async ({ app, page }) => {
  await slowKill(app, page, false);
  await expect(page.getByRole("button", { name: "Ask BIG-IQ to cancel" })).toHaveCount(0);
});

test("if offered, BIG-IQ is asked to cancel once, and the task’s end shows the result", async ({ app, page, simulator }) => {
  await slowKill(app, page, true);
  await expect(app.shown("F5 doesn’t document this")).toBeVisible();
  await page.getByRole("button", { name: "Ask BIG-IQ to cancel" }).click();
  await expect(page.getByRole("button", { name: "Ask BIG-IQ to cancel" })).toHaveCount(0);
  await expect(app.shown("Cancelled on BIG-IQ")).toBeVisible();
  await expect(app.shown("BIG-IQ was asked to cancel")).toBeVisible();
  const asked = await simulator.calls("PATCH");
  expect(asked.map((call) => call.body)).toEqual(['{"status":"CANCEL_REQUESTED"}']);
});

test("cancelled without sessions before: it does not say that sessions may have ended", async ({ app, page }) => {
  await page.route("**/config.json", (route) => route.fulfill({ json: { cancel: true } }));
  await page.reload();
  await app.begin();
  await app.users("nobody");
  await app.choose({ device: ["slow.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await page.getByRole("button", { name: "Ask BIG-IQ to cancel" }).click();
  await expect(app.shown("Cancelled on BIG-IQ")).toBeVisible();
  await expect(app.shown("No matching sessions were found on these devices")).toBeVisible();
  await expect(page.getByRole("main").getByText("sessions may have ended")).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Progress" }).getByText("failed")).toHaveCount(0);
});

test("once BIG-IQ refuses to cancel, it is no longer offered", async ({ app, page, simulator }) => {
  await simulator.faults({ method: "PATCH", path: `${KILL}/*`, fault: { kind: "status", status: 405, message: "no" } });
  await slowKill(app, page, true);
  await page.getByRole("button", { name: "Ask BIG-IQ to cancel" }).click();
  await expect(app.shown("BIG-IQ refused to cancel")).toBeVisible();
  await page.getByRole("link", { name: "Kill sessions" }).click();
  await page.getByRole("button", { name: "Clear the form" }).click();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  await expect(page.getByRole("button", { name: "Ask BIG-IQ to cancel" })).toHaveCount(0);
});

test("the record is copied, and printed with its exact request and without controls", async ({ app, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(app.shown(/^Took .*, checked \d+ times?\.$/)).toBeVisible();
  await page.getByRole("button", { name: "Copy record" }).click();
  await expect(app.shown("Record copied")).toBeVisible();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { operator: string };
  expect(copied.operator).toBe("manager");
  // Text on paper is dark, whatever the screen's theme.
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
  await page.emulateMedia({ media: "print" });
  const ink = await page.getByRole("main").evaluate((main) => getComputedStyle(main).color);
  expect(Math.max(...(ink.match(/\d+(\.\d+)?/g) ?? []).slice(0, 3).map(Number))).toBeLessThan(100);
  await expect(page.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText('"action": "KILL_BY_USER"');
  await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
  await expect(page.locator(".print-only").first()).toBeVisible();
});
