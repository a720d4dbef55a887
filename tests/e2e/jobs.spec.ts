// After the kill: the page of several jobs, their records, and planning failed parts again.

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { type Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL, type Simulator } from "./support/simulator";
import { announcements, listen } from "./support/announcements";
import { exactly, isolated, labelled, listOfNames, pattern, rowOf, text, textPattern, titleOf } from "./support/text";

const SESSIONS = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";

const compared = (page: Page) => page.getByRole("region", { name: text("compared") });

/** The text of a record as saved by the browser. */
async function saved(page: Page, kind: "JSON" | "CSV"): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: text(kind === "JSON" ? "save_record_json" : "save_record_csv") }).click();
  return readFile(await (await download).path(), "utf8");
}

test("several users: one task each, and one page for all", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2", "User2", "nobody");
  await app.choose({ device: ["green.example.test"] });
  await app.review();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 3, all: 3 }))).toBeVisible();
  await app.isAccessible();
  const users = ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
  expect(users.sort()).toEqual(["User2", "nobody", "user2"]);
  expect(await simulator.idsOf((s) => s.id.startsWith("c4ee"))).toEqual(["c4ee0003"]);
  await page.getByRole("link", { name: text("nav_jobs") }).click();
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
  const sent = page.getByRole("log", { name: text("job_timeline") }).getByRole("listitem").filter({ hasText: text("event_sent") }).locator("time");
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
  await expect(page).toHaveTitle(titleOf(labelled(text("job_of_user", { user: "user2" }), listOfNames(["lone.example.test"]))));
  await app.menu("nav_kill").click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.users("user1", "user3");
  await app.choose({ device: ["lone.example.test"], cluster: ["BlueCluster", "RedCluster"] });
  await app.review();
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 2, all: 2 }))).toBeVisible();
  await page.keyboard.press("Shift");
  const targets = listOfNames(["BlueCluster", "RedCluster"], 3);
  const many = labelled(text("job_of_users", { n: 2 }), targets);
  await expect(page).toHaveTitle(titleOf(many));
  await announcements(page);
  await page.getByRole("link", { name: text("job_of_user", { user: "user3" }) }).click();
  const one = labelled(text("job_of_user", { user: "user3" }), targets);
  await expect(page).toHaveTitle(titleOf(one));
  expect(await announcements(page)).toContain(`status: ${one}`);
  await page.evaluate(() => (location.hash = "#/jobs/nowhere"));
  await expect(page).toHaveTitle(titleOf(text("job_unknown_title")));
});

test("failed parts are planned again, not sent again", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown(text("headline_failed"))).toBeVisible();
  await page.getByRole("button", { name: text("plan_again") }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(page.getByRole("group", { name: text("chosen_targets") })).toContainText("refusing.example.test");
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
  await expect(app.shown(text("headline_verified", { n: 4 }))).toBeVisible();
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(compared(page).getByRole("listitem")).toHaveText([pattern("BlueCluster", /.*/, text("verification_gone", { n: 2 })), pattern("RedCluster", /.*/, text("verification_gone", { n: 2 }))]);
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
  await expect(app.shown(text("help_nothing"))).toBeVisible();
  await expect(page.getByText(textPattern("headline_verified"))).toHaveCount(0);
  await expect(compared(page)).toContainText(text("verification_nothing"));
  await expect(page.getByRole("button", { name: text("compare_again") })).toHaveCount(0);
});

test("field: if no device reports sessions, nothing is verified, and the device is named", async ({ app, page, simulator }) => {
  await simulator.settings({ restProxy: "off" });
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(text("help_not_read_named", { names: ["lone.example.test"] }))).toBeVisible();
  await expect(page.getByText(textPattern("headline_verified"))).toHaveCount(0);
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
  await expect(app.shown(text("help_unreadable", { n: 2 }))).toBeVisible();
  await expect(page.getByText(textPattern("headline_verified"))).toHaveCount(0);
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
  await expect(app.shown(text("help_unreadable", { n: 2 }))).toBeVisible();
}

test("a device that can’t be read after the kill is reported, and compared again on request", async ({ app, page, simulator }) => {
  await killUnverified(app);
  await expect(compared(page)).toContainText("2hjj234");
  await simulator.faults();
  await page.getByRole("button", { name: text("compare_again") }).click();
  await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
});

test("a saved record is reported as outdated when more becomes known", async ({ app, page, simulator }) => {
  await killUnverified(app);
  await saved(page, "JSON");
  const outdated = app.shown(text("record_outdated"));
  await expect(outdated).toBeHidden();
  await simulator.faults();
  await page.getByRole("button", { name: text("compare_again") }).click();
  await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
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
  await app.gate.getByRole("button", { name: text("back_to_form") }).click();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await page.getByRole("link", { name: text("job_of_user", { user: "user2" }) }).click();
  await expect(app.shown(text("headline_rejected"))).toBeVisible();
  await expect(app.shown(text("two_sentences", { text: text("help_nothing_killed"), next: text("help_new_plan") }))).toBeVisible();
  await expect(page.getByText(text("job_devices"))).toHaveCount(0);
  await page.getByRole("link", { name: text("nav_kill"), exact: true }).click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(page.getByText(text("job_devices"))).toBeVisible();
});

test("remaining sessions are shown, by device and id", async ({ app, page, simulator }) => {
  await app.begin();
  await app.killEverybody("partial.example.test");
  await expect(app.shown(text("help_remaining_sessions", { n: 1 }))).toBeVisible();
  await expect(app.shown(text("help_partly"))).toBeVisible();
  await expect(page.getByRole("main").getByText(text("help_failed"))).toHaveCount(0);
  const left = await simulator.idsOf((s) => s.device === "4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941");
  expect(left).toHaveLength(1);
  await expect(compared(page).getByRole("listitem")).toContainText([pattern("partial", /.*/, text("verification_remaining", { n: 1 }), /.*/, left[0]!)]);
});

test("a user who comes back has a new session, distinguished from the old one by its id", async ({ app, page, simulator }) => {
  await simulator.settings({ returningPerMille: 1000 });
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
  await simulator.advance(300_000);
  await page.getByRole("button", { name: text("compare_again") }).click();
  await expect(app.shown(text("help_back", { n: 2 }))).toBeVisible();
  await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
  const back = await simulator.idsOf((s) => s.device === LONE && s.user === "user2");
  expect(back).toHaveLength(2);
  expect(back).not.toContain("2hjj234");
});

test("the sessions before a kill survive a reload, as ids and names only", async ({ app, page }) => {
  await app.begin();
  await app.killEverybody("slow.example.test");
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  const kept = await page.evaluate(() => Object.entries(sessionStorage).filter(([key]) => key.includes("baseline")));
  expect(kept).toHaveLength(1);
  const parts = Object.keys((JSON.parse(kept[0]?.[1] ?? "") as { units: object[] }).units[0] ?? {});
  expect(parts.sort()).toEqual(["blind", "cluster", "members", "others", "sessions", "whole"]);
  await page.reload();
  await app.signIn();
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible({ timeout: 20_000 });
});

const everybodys = (page: Page) => page.getByRole("region", { name: text("tasks_title") });

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
  await expect(app.shown(text("headline_failed"))).toBeVisible();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  const list = everybodys(page);
  const rows = list.locator("li.task-row");
  await expect(list.getByText(text("tasks_shown", { n: 50, all: 50 }))).toBeVisible();
  await list.getByRole("button", { name: text("tasks_more") }).click();
  // Three of the specification's samples exist from the start.
  await expect(list.getByText(text("tasks_shown", { n: 59, all: 59 }))).toBeVisible();
  await expect(list.getByRole("button", { name: text("tasks_more") })).toBeHidden();
  await list.getByLabel(text("filter_operator")).fill("ADMIN");
  await list.getByLabel(text("filter_user")).fill("someone5");
  await expect(rows).toHaveCount(6);
  await expect(rows.first()).toContainText(textPattern("task_by", { operator: "admin" }));
  await list.getByLabel(text("filter_user")).fill("");
  await list.getByLabel(text("filter_operator")).fill("manager");
  await expect(rows).toHaveCount(1);
  await list.getByLabel(text("filter_operator")).fill("");
  await list.getByLabel(text("filter_state")).selectOption(text("task_state_failed"));
  await list.getByLabel(text("filter_within")).selectOption(text("within_hour"));
  await expect(rows).toHaveCount(1);
  await rows.first().getByText(text("task_details")).click();
  await expect(rows.first()).toContainText("Internal Error occurred");
  await expect(rows.first().getByRole("list", { name: text("job_progress") }).getByRole("listitem")).toHaveCount(4);
  await app.isAccessible();
  await rows.first().getByRole("link", { name: text("task_of_this_tab") }).click();
  await expect(app.shown(text("headline_failed"))).toBeVisible();
});

test("the list of all kills is read again every 15 s, but not while someone reads a row, and not in the background", async ({
  app,
  page,
  simulator,
}) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  const list = everybodys(page);
  await expect(list.getByText(text("tasks_shown", { n: 3, all: 3 }))).toBeVisible();
  await simulator.killByHand(onLone("user2"), "admin");
  await page.clock.fastForward(16_000);
  await expect(list.getByText(text("tasks_shown", { n: 4, all: 4 }))).toBeVisible();
  await expect(list.locator("li.task-row").first()).toContainText(textPattern("task_by", { operator: "admin" }));
  const reads = async () => (await simulator.calls("GET", KILL)).length;
  const later = async () => {
    const before = await reads();
    await page.clock.fastForward(16_000);
    await page.evaluate(() => fetch("/info/system"));
    return (await reads()) - before;
  };
  const row = list.locator("li.task-row").first();
  await row.getByText(text("task_details")).click();
  expect(await later()).toBe(0);
  await expect(row.locator("details")).toHaveAttribute("open", "");
  await row.getByText(text("task_details")).click();
  await list.getByRole("button", { name: text("refresh") }).focus();
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
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  const list = everybodys(page);
  await expect(list.getByText(textPattern("tasks_updated"))).toBeVisible();
  await expect(list.getByText(text("tasks_shown", { n: 3, all: 3 }))).toBeVisible();
  await simulator.killByHand(onLone("user2"), "admin");
  await expect(list.getByText(text("tasks_shown", { n: 3, all: 3 }))).toBeVisible();
  await list.getByRole("button", { name: text("refresh") }).click();
  await expect(list.getByText(text("tasks_shown", { n: 4, all: 4 }))).toBeVisible();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 500, message: "no" } });
  await list.getByRole("button", { name: text("refresh") }).click();
  await expect(list.getByText(text("tasks_failed"))).toBeVisible();
  await expect(list.getByText(exactly(textPattern("inventory_stale", { ago: /now|\d+ seconds? ago/ })))).toBeVisible();
  await expect(list.getByText(text("tasks_shown", { n: 4, all: 4 }))).toBeVisible();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "delay", ms: 60_000 } });
  const cancelled = page.waitForEvent("requestfailed", (request) => request.url().includes("kill-sessions?"));
  await list.getByRole("button", { name: text("refresh") }).click();
  await page.getByRole("navigation").getByRole("link", { name: text("nav_kill") }).click();
  await cancelled;
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 500, message: "no" } });
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(list.getByText(text("tasks_failed"))).toBeVisible();
});

test("a task of clusters and devices names both in the list of all kills, and no member of its clusters", async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ cluster: ["BlueCluster"], device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  await app.menu("nav_jobs").click();
  const row = everybodys(page).locator("li.task-row").first();
  await expect(row.getByText(rowOf("BlueCluster"))).toHaveText(listOfNames(["BlueCluster", "lone.example.test"]));
});

const answerOf = (place: Locator) => place.getByRole("region", { name: text("full_answer") });
const readAnswer = (place: Locator) => place.getByRole("button", { name: text("full_answer"), exact: true });
const wholeReads = async (simulator: Simulator) => (await simulator.calls("GET", `${KILL}/`)).filter((call) => call.query === "");

test("field: 3 the complete answer of a task is read on demand, unfolds part by part, is copied as it is, and belongs to the record", async ({ app, page, simulator, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  const name = "us\u202eer2\u200b";
  await simulator.faults({ method: "GET", path: `${KILL}/*`, fault: { kind: "edit", set: { "/userName": name, "/markup": "<b>x</b>", "/none": [], "/deviceReferences": Array.from({ length: 250 }, (_, n) => ({ link: `https://localhost/x/m${n}` })) } } });
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await wholeReads(simulator)).toEqual([]);
  await readAnswer(page.getByRole("main")).click();
  const answer = answerOf(page.getByRole("main"));
  await expect(answer.getByText(isolated("identityReferences"), { exact: true })).toBeVisible();
  expect(await wholeReads(simulator)).toHaveLength(1);
  // A name is drawn as everywhere else; text is never markup.
  await expect(answer.getByText("us[U+202E]er2[U+200B]")).toBeVisible();
  await expect(answer.getByText("<b>x</b>")).toBeVisible();
  await expect(answer.getByRole("listitem").filter({ hasText: /^\W*none\W*$/ }).getByText("[]")).toBeVisible();
  // Only what is unfolded exists.
  await expect(answer.getByText("https://localhost/x/")).toHaveCount(0);
  await answer.locator("summary").filter({ hasText: "deviceReferences" }).filter({ hasText: "[250]" }).click();
  await expect(answer.getByText("https://localhost/x/")).toHaveCount(0);
  await answer.locator("summary").filter({ hasText: /^\W*249\W/ }).filter({ hasText: "{1}" }).click();
  await expect(answer.getByText("https://localhost/x/m249")).toBeVisible();
  await expect(answer.getByText("https://localhost/x/")).toHaveCount(1);
  await expect(answer.locator("code")).toHaveAttribute("translate", "no");
  await app.isAccessible();
  await page.locator(".code", { has: page.getByRole("region", { name: text("full_answer") }) }).getByRole("button", { name: text("copy") }).click();
  await expect(page.locator(".code", { has: page.getByRole("region", { name: text("full_answer") }) }).getByText(text("copied"))).toBeVisible();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied.userName).toBe(name);
  expect(copied.deviceReferences).toHaveLength(250);
  const [record] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: text("save_record_json") }).click()]);
  const [job] = JSON.parse(await readFile(await record.path(), "utf8")).jobs;
  expect(JSON.parse(job.fullAnswer.answer)).toEqual(copied);
  expect(job.fullAnswer.readAt).toMatch(/^\d{4}-/);
});

test("field: 3 a complete answer that can't be read says why, and what to do; trying again reads it", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  const main = page.getByRole("main");
  await simulator.faults({ method: "GET", path: `${KILL}/*`, fault: { kind: "task-gone" } });
  await readAnswer(main).click();
  const banner = main.locator(".banner", { hasText: text("full_answer_failed") });
  await expect(banner).toContainText(text("error_task_unknown"));
  await expect(banner).toContainText(text("error_not_found_help"));
  await app.isAccessible();
  await simulator.faults();
  await readAnswer(main).click();
  await expect(answerOf(main)).toBeVisible();
  await expect(banner).toHaveCount(0);
});

test("field: 3 a complete answer larger than 2 MB is not drawn, but saved", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await simulator.faults({ method: "GET", path: `${KILL}/*`, fault: { kind: "oversized", bytes: 2_500_000 } });
  const [saved] = await Promise.all([page.waitForEvent("download"), readAnswer(page.getByRole("main")).click()]);
  await expect(page.getByText(textPattern("full_answer_large", { number: /2.50\d/ }))).toBeVisible();
  await expect(answerOf(page.getByRole("main"))).toHaveCount(0);
  expect(saved.suggestedFilename()).toMatch(/^curfew-task-[-\w]+\.json$/);
  expect(JSON.parse(await readFile(await saved.path(), "utf8")).status).toBe("FINISHED");
});

test("field: 3 every task of BIG-IQ's list has its complete answer, which a sign-out forgets", async ({ app, page, simulator }) => {
  await app.begin();
  const id = await simulator.killByHand(onLone("user2"), "admin");
  await app.menu("nav_jobs").click();
  const row = everybodys(page).locator("li.task-row").first();
  await row.locator("summary").first().click();
  await readAnswer(row).click();
  await expect(answerOf(row).getByText(id, { exact: false }).first()).toBeVisible();
  await answerOf(row).locator("summary").filter({ hasText: "deviceReferences" }).click();
  await answerOf(row).locator("summary").filter({ hasText: /^\W*0\W/ }).click();
  await expect(answerOf(row).getByText(LONE)).toBeVisible();
  await app.menu("nav_kill").click();
  await app.menu("nav_jobs").click();
  await row.locator("summary").first().click();
  await expect(answerOf(row)).toBeVisible();
  expect(await wholeReads(simulator)).toHaveLength(1);
  await app.signOut();
  await app.signIn();
  await row.locator("summary").first().click();
  await expect(readAnswer(row)).toBeVisible();
  await expect(answerOf(row)).toHaveCount(0);
});

/** A kill that takes a while, with this `config.json` setting for cancelling. */
async function slowKill(app: Console, page: Page, cancel: boolean): Promise<void> {
  await page.route("**/config.json", (route) => route.fulfill({ json: { cancel } }));
  await page.reload();
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown(text("now_kill"))).toBeVisible();
}

test("cancelling is not offered unless the configuration says so", async ({ app, page }) => {
  await slowKill(app, page, false);
  await expect(page.getByRole("button", { name: text("ask_cancel") })).toHaveCount(0);
});

test("if offered, BIG-IQ is asked to cancel once, and the task’s end shows the result", async ({ app, page, simulator }) => {
  await slowKill(app, page, true);
  await expect(app.shown(text("ask_cancel_hint"))).toBeVisible();
  await page.getByRole("button", { name: text("ask_cancel") }).click();
  await expect(page.getByRole("button", { name: text("ask_cancel") })).toHaveCount(0);
  await expect(app.shown(text("headline_cancelled"))).toBeVisible();
  await expect(app.shown(text("event_cancel_asked"))).toBeVisible();
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
  await page.getByRole("button", { name: text("ask_cancel") }).click();
  await expect(app.shown(text("headline_cancelled"))).toBeVisible();
  await expect(app.shown(text("help_nothing"))).toBeVisible();
  await expect(page.getByRole("main").getByText(text("help_failed"))).toHaveCount(0);
  await expect(page.getByRole("list", { name: text("job_progress") }).getByText(text("state_failed"))).toHaveCount(0);
});

test("once BIG-IQ refuses to cancel, it is no longer offered", async ({ app, page, simulator }) => {
  await simulator.faults({ method: "PATCH", path: `${KILL}/*`, fault: { kind: "status", status: 405, message: "no" } });
  await slowKill(app, page, true);
  await page.getByRole("button", { name: text("ask_cancel") }).click();
  await expect(app.shown(text("event_cancel_refused"))).toBeVisible();
  await page.getByRole("link", { name: text("nav_kill") }).click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  await expect(page.getByRole("button", { name: text("ask_cancel") })).toHaveCount(0);
});

test("the record is copied, and printed with its exact request and without controls", async ({ app, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(app.shown(exactly(textPattern("job_took")))).toBeVisible();
  await page.getByRole("button", { name: text("copy_record") }).click();
  await expect(app.shown(text("record_copied"))).toBeVisible();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { operator: string };
  expect(copied.operator).toBe("manager");
  // Text on paper is dark, whatever the screen's theme.
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
  await page.emulateMedia({ media: "print" });
  const ink = await page.getByRole("main").evaluate((main) => getComputedStyle(main).color);
  expect(Math.max(...(ink.match(/\d+(\.\d+)?/g) ?? []).slice(0, 3).map(Number))).toBeLessThan(100);
  await expect(page.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText('"action": "KILL_BY_USER"');
  await expect(page.getByRole("heading", { name: text("job_timeline") })).toBeVisible();
  await expect(page.locator(".print-only").first()).toBeVisible();
});
