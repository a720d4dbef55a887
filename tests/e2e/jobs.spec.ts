// After the kill: the page of several jobs, their records, and planning failed parts again.

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { type Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL, type Simulator } from "./support/simulator";
import { announcements, listen } from "./support/announcements";
import { exactly, isolated, labelled, listOfNames, pattern, rowOf, text, textPattern, titleOf } from "./support/text";
import { needs } from "./support/needs";

const SESSIONS = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";

/** The rows of the list of jobs, below its head. */
const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("cell") });

const compared = (page: Page) => page.getByRole("region", { name: text("compared") });

/** The text of a record as saved by the browser. */
async function saved(page: Page, kind: "JSON" | "CSV"): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: text(kind === "JSON" ? "save_record_json" : "save_record_csv") }).click();
  return readFile(await (await download).path(), "utf8");
}

test("the record is saved as JSON and as CSV, with who, why and what, and no token", needs("services"), async ({ app, page }) => {
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

test("the timeline has the exact time of each line, and its date once the day is over", needs("languages"), async ({ app, page }) => {
  await page.clock.install({ time: new Date("2026-03-02T23:59:30Z") });
  await app.open();
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await app.openLog();
  const sent = page.getByRole("log", { name: text("job_timeline") }).getByRole("listitem").filter({ hasText: text("event_sent") }).locator("time");
  await expect(sent).toHaveText(/^23:59:\d\d\.\d{3}$/);
  await expect(sent).toHaveAttribute("datetime", /^2026-03-02T23:59:\d\d\.\d{3}\+00:00$/);
  await expect(sent).toHaveAttribute("title", /^2 Mar 2026, 23:59:\d\d GMT\+00:00$/);
  await page.clock.fastForward(60_000);
  await expect(sent).toHaveText(/^2 Mar 2026, 23:59:\d\d GMT\+00:00$/);
});

test("each job’s page has its own title, which is announced", needs("keys"), async ({ app, page }) => {
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

test("failed parts are planned again, not sent again", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown(text("headline_failed"))).toBeVisible();
  await page.getByRole("button", { name: text("retry_on", { names: ["refusing.example.test"] }) }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(page.getByRole("group", { name: text("chosen_targets") })).toContainText("refusing.example.test");
  expect((await simulator.kills()).length).toBe(1);
});

test("verified: sessions seen before are gone from a pair whose standby mirrors them and from one whose does not", needs("path"), async ({
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

test("field: if no device reports sessions, nothing is verified, and the device is named", needs("path"), async ({ app, page, simulator }) => {
  await simulator.settings({ restProxy: "off" });
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(text("help_not_read_named", { names: ["lone.example.test"] }))).toBeVisible();
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

test("a saved record is reported as outdated when more becomes known", needs("services"), async ({ app, page, simulator }) => {
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

test("a job without a task shows no devices that a task would name", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "POST", path: KILL, count: 1, fault: { kind: "status", status: 400, message: "No." } });
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await app.gate.getByRole("button", { name: text("back_to_form") }).click();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await rows(page).filter({ hasText: text("this_tab") }).getByRole("link").click();
  await expect(app.shown(text("headline_rejected"))).toBeVisible();
  await expect(app.shown(text("two_sentences", { text: text("help_nothing_killed"), next: text("help_new_plan") }))).toBeVisible();
  await expect(page.getByText(text("job_devices"))).toHaveCount(0);
  await page.getByRole("link", { name: text("nav_kill"), exact: true }).click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(page.getByText(text("job_devices"))).toBeVisible();
});

test("remaining sessions are shown, by device and id", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.killEverybody("partial.example.test");
  await expect(app.shown(text("help_remaining_sessions", { n: 1 }))).toBeVisible();
  await expect(app.shown(textPattern("sessions_not_ended"))).toBeVisible();
  await expect(page.getByRole("main").getByText(text("help_failed"))).toHaveCount(0);
  const left = await simulator.idsOf((s) => s.device === "4c9f0e6e-1a57-4b0e-bd07-25f1f1a4d941");
  expect(left).toHaveLength(1);
  await expect(compared(page).getByRole("listitem")).toContainText([pattern("partial", /.*/, text("verification_remaining", { n: 1 }), /.*/, left[0]!)]);
});

const onLone = (userName: string) => ({
  action: "KILL_BY_USER",
  userName,
  deviceReferences: [{ link: `https://localhost/mgmt/cm/system/machineid-resolver/${LONE}` }],
});

test("the kills of this tab and BIG-IQ's are one list, each once, page by page, and filtered by operator, user, state and time", needs("path"), async ({
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
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 50, all: 50 }))).toBeVisible();
  await page.getByRole("button", { name: text("tasks_more") }).click();
  // Three of the specification's samples exist from the start. The kill of this tab is in BIG-IQ's list too.
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 59, all: 59 }))).toBeVisible();
  await expect(page.getByRole("button", { name: text("tasks_more") })).toBeHidden();
  const own = rows(page).filter({ hasText: text("this_tab") });
  await expect(own).toHaveCount(1);
  await expect(own.getByRole("cell")).toHaveText([
    text("headline_failed"),
    pattern(text("job_of_user", { user: "user2" }), text("this_tab")),
    isolated("refusing.example.test"),
    isolated("manager"),
    /now|seconds? ago/,
  ]);
  await expect(own.getByRole("link")).toHaveAttribute("title", /\d{4}, \d\d:\d\d:\d\d GMT/);
  await page.getByLabel(text("filter_operator")).fill("ADMIN");
  await page.getByLabel(text("filter_user")).fill("someone5");
  await expect(rows(page)).toHaveCount(6);
  await expect(rows(page).first()).toContainText("admin");
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: text("find_save") }).click()]);
  const lines = (await readFile(await csv.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(7);
  expect(lines[0]).toContain('"started","state","action","user","targets","operator","task","job"');
  for (const line of lines.slice(1)) expect(line).toMatch(/"finished","KILL_BY_USER","someone5\d?","lone.example.test","admin"/);
  await page.getByLabel(text("filter_user")).fill("");
  await page.getByLabel(text("filter_operator")).fill("manager");
  await expect(rows(page)).toHaveCount(1);
  await page.getByLabel(text("filter_operator")).fill("");
  await page.getByLabel(text("filter_state")).selectOption(text("task_state_failed"));
  await page.getByLabel(text("filter_within")).selectOption(text("within_hour"));
  await expect(rows(page)).toHaveCount(1);
  await app.isAccessible();
  // The whole row is the link.
  await own.click();
  await expect(app.shown(text("headline_failed"))).toBeVisible();
});

test("a row of the list is opened by keyboard, and a task has a page of its own", needs("keys"), async ({ app, page, simulator }) => {
  const id = await simulator.killByHand(onLone("user3"), "admin");
  await app.begin();
  await app.menu("nav_jobs").click();
  const row = rows(page).filter({ hasText: text("job_of_user", { user: "user3" }) });
  await row.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(text("job_task", { id }));
  await expect(page.getByRole("main")).toContainText(textPattern("task_by", { operator: "admin" }));
  await expect(page.getByRole("list", { name: text("job_progress") }).getByRole("listitem")).toHaveCount(4);
  await app.isAccessible();
  // A link to it works after a reload too.
  await page.reload();
  await app.signIn();
  await expect(page.getByRole("main")).toContainText(text("job_of_user", { user: "user3" }));
  await page.evaluate(() => (location.hash = "#/tasks/nowhere"));
  await expect(page.getByText(text("error_task_unknown"))).toBeVisible();
});

test("a kill of yesterday that changed nothing says what is there now, with the next step", needs("path"), async ({ app, page, simulator }) => {
  await simulator.killByHand(onLone("USER2"), "admin");
  await app.begin();
  await app.menu("nav_jobs").click();
  await rows(page).getByRole("link", { name: text("job_of_user", { user: "USER2" }), exact: true }).click();
  await expect(page.getByText(text("later_no_session_of", { user: "USER2" }))).toBeVisible();
  await app.isAccessible();
  await page.getByRole("button", { name: text("did_you_mean", { user: "user2" }), exact: true }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(page.getByRole("group", { name: text("chosen_targets") })).toContainText("lone.example.test");
});

test("the list of all kills is read again every 15 s, but not while a row has the keyboard focus, and not in the background", needs("time"), async ({
  app,
  page,
  simulator,
}) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 3, all: 3 }))).toBeVisible();
  await simulator.killByHand(onLone("user2"), "admin");
  await page.clock.fastForward(16_000);
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 4, all: 4 }))).toBeVisible();
  await expect(rows(page).first()).toContainText("admin");
  const reads = async () => (await simulator.calls("GET", KILL)).length;
  const later = async () => {
    const before = await reads();
    await page.clock.fastForward(16_000);
    await page.evaluate(() => fetch("/info/system"));
    return (await reads()) - before;
  };
  await page.getByRole("button", { name: text("refresh") }).focus();
  await page.keyboard.press("Tab");
  await expect(rows(page).first().getByRole("link")).toBeFocused();
  expect(await later()).toBe(0);
  await page.getByRole("button", { name: text("refresh") }).focus();
  await expect.poll(later).toBe(1);
  await page.getByRole("button", { name: text("tasks_pause") }).click();
  expect(await later()).toBe(0);
  await page.getByRole("button", { name: text("tasks_resume") }).click();
  await expect.poll(later).toBe(1);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  expect(await later()).toBe(0);
});

test("the list of all kills shows its age, is read again on request, and ends with its page", needs("path"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(page.getByText(textPattern("tasks_updated"))).toBeVisible();
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 3, all: 3 }))).toBeVisible();
  await simulator.killByHand(onLone("user2"), "admin");
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 3, all: 3 }))).toBeVisible();
  const refresh = page.getByRole("button", { name: text("refresh") });
  await refresh.click();
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 4, all: 4 }))).toBeVisible();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 500, message: "no" } });
  await refresh.click();
  await expect(page.getByText(text("tasks_failed"))).toBeVisible();
  await expect(page.getByText(exactly(textPattern("inventory_stale", { ago: /now|\d+ seconds? ago/ })))).toBeVisible();
  await expect(page.getByRole("main").getByText(text("tasks_shown", { n: 4, all: 4 }))).toBeVisible();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "delay", ms: 60_000 } });
  const cancelled = page.waitForEvent("requestfailed", (request) => request.url().includes("kill-sessions?"));
  await refresh.click();
  await page.getByRole("navigation").getByRole("link", { name: text("nav_kill") }).click();
  await cancelled;
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 500, message: "no" } });
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(page.getByText(text("tasks_failed"))).toBeVisible();
});

test("a task of clusters and devices names both in the list of all kills, and no member of its clusters", needs("path"), async ({ app, page, simulator }) => {
  await simulator.killByHand({ ...onLone("user3"), clusterNames: ["BlueCluster"] }, "admin");
  await app.begin();
  await app.menu("nav_jobs").click();
  const row = rows(page).filter({ hasText: text("job_of_user", { user: "user3" }) });
  await expect(row.getByText(rowOf("BlueCluster"))).toHaveText(listOfNames(["BlueCluster", "lone.example.test"]));
});

const answerOf = (place: Locator) => place.getByRole("region", { name: text("full_answer") });
const readAnswer = (place: Locator) => place.getByRole("button", { name: text("full_answer"), exact: true });
const wholeReads = async (simulator: Simulator) => (await simulator.calls("GET", `${KILL}/`)).filter((call) => call.query === "");

test("field: 3 the complete answer of a task is read on demand, unfolds part by part, is copied as it is, and belongs to the record", needs("services"), async ({ app, page, simulator, context }) => {
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

test("field: 3 a complete answer that can't be read says why, and what to do; trying again reads it", needs("path"), async ({ app, page, simulator }) => {
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

test("field: 3 a complete answer larger than 2 MB is not drawn, but saved", needs("services"), async ({ app, page, simulator }) => {
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

test("field: 3 every task of BIG-IQ's list has its complete answer, which a sign-out forgets", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  const id = await simulator.killByHand(onLone("user3"), "admin");
  const open = async () => {
    await app.menu("nav_jobs").click();
    await rows(page).filter({ hasText: text("job_of_user", { user: "user3" }) }).getByRole("link").click();
  };
  const main = page.getByRole("main");
  await open();
  await expect(main).toContainText(textPattern("task_by", { operator: "admin" }));
  await readAnswer(main).click();
  await expect(answerOf(main).getByText(id, { exact: false }).first()).toBeVisible();
  await answerOf(main).locator("summary").filter({ hasText: "deviceReferences" }).click();
  await answerOf(main).locator("summary").filter({ hasText: /^\W*0\W/ }).click();
  await expect(answerOf(main).getByText(LONE)).toBeVisible();
  const before = (await wholeReads(simulator)).length;
  await open();
  await expect(answerOf(main)).toBeVisible();
  // The page reads its task; the answer is not read again.
  const reads = async () => (await wholeReads(simulator)).length;
  await expect.poll(reads).toBe(before + 1);
  await app.signOut();
  expect(await reads()).toBe(before + 1);
  await app.signIn();
  await expect(readAnswer(main)).toBeVisible();
  await expect(answerOf(main)).toHaveCount(0);
});

test("a job of many devices shows what failed first, and only the rows in sight are in the document; on paper, all", needs("path"), async ({ app, page, simulator }) => {
  const devices = Array.from({ length: 300 }, (_, n) => `m${n}`);
  const failures = [{ deviceMachineId: "m250", deviceHostName: "m250", errorMessage: "No licence" }];
  expect([devices.length, failures.length]).toEqual([300, 1]);
  await app.begin();
  await simulator.faults({ method: "GET", path: `${KILL}/*`, fault: { kind: "edit", set: { "/deviceReferences": devices.map((id) => ({ link: `https://localhost/x/${id}` })) } } });
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(textPattern("headline_added"))).toBeVisible();
  const outcome = page.getByRole("region", { name: text("outcome") });
  await expect(outcome.getByText(labelled(text("target_status_reported"), "300"))).toBeVisible();
  const list = outcome.getByRole("listbox");
  expect(await list.getByRole("option").count()).toBeLessThan(40);
  await list.focus();
  await page.keyboard.press("End");
  await expect(list.getByText("m99")).toBeVisible();
  await app.isAccessible();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await expect(page.locator(".print-only .outcomes").first().locator("li")).toHaveCount(301);
});

/** A kill that takes a while, with this `config.json` setting for cancelling. */
async function slowKill(app: Console, page: Page, cancel: boolean): Promise<void> {
  await page.route("**/config.json", (route) => route.fulfill({ json: { cancel } }));
  await page.reload();
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown(text("now_kill"))).toBeVisible();
}

test("cancelling is not offered unless the configuration says so", needs("path"), async ({ app, page }) => {
  await slowKill(app, page, false);
  await expect(page.getByRole("button", { name: text("ask_cancel") })).toHaveCount(0);
});

test("once BIG-IQ refuses to cancel, it is no longer offered", needs("path"), async ({ app, page, simulator }) => {
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

test("the record is copied, and printed with its exact request and without controls", needs("services"), async ({ app, page, context }) => {
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
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  const ink = await page.getByRole("main").evaluate((main) => getComputedStyle(main).color);
  expect(Math.max(...(ink.match(/\d+(\.\d+)?/g) ?? []).slice(0, 3).map(Number))).toBeLessThan(100);
  await expect(page.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText('"action": "KILL_BY_USER"');
  await expect(page.getByRole("heading", { name: text("job_timeline") })).toBeVisible();
  await expect(page.locator(".print-only").first()).toBeVisible();
});
