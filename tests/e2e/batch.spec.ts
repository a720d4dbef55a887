// Many kills in one plan: a few at a time, none lost, none sent twice, and each shown with its own outcome.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { announcements, listen } from "./support/announcements";
import { KILL } from "./support/simulator";
import { either, exactly, labelled, pattern, start, text, textPattern } from "./support/text";

const UNKNOWN = text("headline_unknown");
const confirmed = text("event_confirmed", { operator: "manager" });
const outcome = pattern("lone.example.test", /.*/, text("target_status_reported"));
const lone = { device: ["lone.example.test"] };

const post = (rule: Record<string, unknown>) => ({ method: "POST", path: KILL, ...rule });

/** Serves this as the bundle's config.json. */
const configure = (page: Page, config: Record<string, unknown>) =>
  page.route("**/config.json", (route) => route.fulfill({ json: config }));

// A trace contains the page at each step, and the largest page has 500 rows.
test.use({ trace: "off" });

test("500 users, two of them refused and one lost: each shown outcome matches the simulator", async ({ app, page, simulator }) => {
  test.setTimeout(300_000);
  await page.clock.install();
  await app.open();
  await app.begin();
  const before = (await simulator.sessions()).filter((session) => session.device.startsWith("3f320100-2177"));
  const real = [...new Set(before.map((session) => session.user))];
  expect(real.length).toBeGreaterThan(2);
  const users = [...real, ...Array.from({ length: 500 - real.length }, (_, i) => `nobody-${i}`)];
  await app.users(...users);
  await app.choose(lone);
  await app.review();
  await simulator.faults(
    post({ count: 2, fault: { kind: "status", status: 400, message: "No." } }),
    post({ count: 1, fault: { kind: "drop-before-effect" } }),
  );
  await app.confirm();
  // Read from the simulator, because each query of a page with 500 rows slows it down.
  const slowly = { timeout: 200_000, intervals: [2_000] };
  await expect.poll(async () => (await simulator.kills()).length, slowly).toBe(500);
  await expect(app.shown(text("job_batch_done", { done: 499, all: 500 }))).toBeVisible({ timeout: 90_000 });
  await expect(app.shown(UNKNOWN)).toBeVisible();
  await expect(page.getByRole("main").getByText(start(either(FINISHED, textPattern("headline_verified"))))).toHaveCount(497);
  await expect(page.getByRole("main").getByText(text("headline_rejected"))).toHaveCount(2);
  await expect(page.getByRole("main").getByText(UNKNOWN)).toHaveCount(1);

  const calls = await simulator.calls("POST", KILL);
  const asked = calls.map((call) => (JSON.parse(call.body ?? "{}") as { userName: string }).userName);
  expect([...asked].sort()).toEqual([...users].sort());
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: text("save_records_json") }).click();
  const record = JSON.parse(await readFile(await (await saved).path(), "utf8")) as {
    jobs: { request: { userName: string }; stands: { phase: string } }[];
  };
  const left = new Set((await simulator.sessions()).filter((s) => before.some((b) => b.id === s.id)).map((s) => s.user));
  const truth = (user: string) => {
    const status = calls[asked.indexOf(user)]?.status;
    return status === 200 ? "ended" : status === 400 ? "rejected" : "unknown";
  };
  expect(record.jobs.map((job) => [job.request.userName, job.stands.phase])).toEqual(
    record.jobs.map((job) => [job.request.userName, truth(job.request.userName)]),
  );
  for (const job of record.jobs) {
    const { userName } = job.request;
    const untouched = real.includes(userName) && job.stands.phase !== "ended";
    expect(left.has(userName), userName).toBe(untouched);
  }
});

test("the unsent rest is paused, resumed and discarded", async ({ app, page, simulator }) => {
  const sent = async () => (await simulator.kills()).length;
  await app.begin();
  await simulator.faults(post({ fault: { kind: "delay", ms: 600_000 } }));
  await app.users(...Array.from({ length: 10 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect.poll(sent).toBe(4);
  await page.getByRole("button", { name: text("pause_sending") }).click();
  await expect(app.shown(text("paused", { n: 6 }))).toBeVisible();
  await app.isAccessible();
  await simulator.advance(600_000);
  await expect(app.shown(text("job_batch_done", { done: 4, all: 10 }))).toBeVisible();
  expect(await sent()).toBe(4);
  await page.getByRole("button", { name: text("resume_sending") }).click();
  await expect.poll(sent).toBe(8);
  await page.getByRole("button", { name: text("discard_unsent") }).click();
  await expect(page.getByText(text("headline_not_sent"), { exact: true })).toHaveCount(2);
  await simulator.advance(600_000);
  await expect(app.shown(text("job_batch_done", { done: 10, all: 10 }))).toBeVisible();
  expect(await sent()).toBe(8);
});

test("each job of a plan, and the list, links to its other jobs; a paused plan says so and does not count as in progress", async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await simulator.faults(post({ fault: { kind: "delay", ms: 120_000 } }));
  await app.users(...Array.from({ length: 10 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect.poll(async () => (await simulator.kills()).length).toBe(4);
  await page.getByRole("button", { name: text("pause_sending") }).click();
  const main = page.getByRole("main");
  await expect(main.getByText(text("headline_paused"), { exact: true })).toHaveCount(6);
  await expect(main.getByText(text("headline_confirmed"))).toHaveCount(0);
  await expect(page.getByRole("navigation")).toContainText(text("jobs_running", { n: 4 }));
  await expect(page).toHaveTitle(textPattern("title_running", { n: 4, title: pattern(text("job_of_users", { n: 10 })) }));

  await page.getByRole("link", { name: text("job_of_user", { user: "nobody-9" }) }).click();
  await expect(app.shown(text("now_paused"))).toBeVisible();
  await expect(page.getByRole("button", { name: text("refresh") })).toHaveCount(0);
  await app.isAccessible();
  await page.getByRole("link", { name: text("job_batch") }).click();
  await expect(page.getByRole("button", { name: text("resume_sending") })).toBeVisible();

  await page.getByRole("link", { name: text("job_of_user", { user: "nobody-0" }) }).click();
  await expect(app.shown(exactly(either(text("job_just_sent"), textPattern("job_sent", { ago: /\d+ seconds? ago/ }))))).toBeVisible();
  await expect(page.locator("[aria-current=step]")).toHaveCount(1);
  await app.menu("nav_jobs").click();
  await app.isAccessible();
  await page.getByRole("link", { name: labelled(text("job_batch"), text("job_of_users", { n: 10 })) }).click();
  await simulator.advance(120_000);
  await expect(app.shown(text("job_batch_done", { done: 4, all: 10 }))).toBeVisible();
  // A job that waits for the operator has not ended.
  await expect(page).toHaveTitle(start(text("job_of_users", { n: 10 })));
  await expect(page.getByRole("navigation")).not.toContainText(text("state_current"));

  await page.getByRole("button", { name: text("discard_unsent") }).click();
  await expect(main.getByText(text("headline_not_sent"), { exact: true })).toHaveCount(6);
  await page.getByRole("link", { name: text("job_of_user", { user: "nobody-9" }) }).click();
  await expect(app.shown(text("two_sentences", { text: text("help_not_sent_dropped"), next: text("help_new_plan") }))).toBeVisible();
  await expect(page.getByRole("list", { name: text("job_progress") }).getByText(text("state_failed"))).toHaveCount(0);
});

test("two plans together have four requests in flight, not four each", async ({ app, page, simulator }) => {
  const sent = async () => (await simulator.kills()).length;
  await page.clock.install();
  await app.open();
  await app.begin();
  await simulator.faults(post({ fault: { kind: "delay", ms: 600_000 } }));
  await app.users(...Array.from({ length: 3 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect.poll(sent).toBe(3);
  await app.menu("nav_kill").click();
  await app.users(...Array.from({ length: 3 }, (_, i) => `somebody-${i}`));
  await app.review();
  await app.confirm();
  await expect.poll(sent).toBe(4);
  await expect(page.getByText(text("headline_confirmed"))).toHaveCount(2);
  await page.clock.runFor(2_000);
  await page.evaluate(() => fetch("/info/system"));
  expect(await sent()).toBe(4);
  await simulator.advance(600_000);
  await expect.poll(sent).toBe(6);
  await simulator.advance(600_000);
  await expect(app.shown(text("job_batch_done", { done: 3, all: 3 }))).toBeVisible();
});

test("as many requests are in flight as the configuration allows", async ({ app, page, simulator }) => {
  await configure(page, { killsAtOnce: 6 });
  await app.open();
  await app.begin();
  await simulator.faults(post({ fault: { kind: "delay", ms: 600_000 } }));
  await app.users(...Array.from({ length: 8 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect.poll(async () => (await simulator.kills()).length).toBe(6);
  await expect(page.getByText(text("headline_confirmed"))).toHaveCount(2);
});

test("a batch prints each job's exact request, timeline and outcome, and the app's version", async ({ app, page }) => {
  await app.begin();
  await app.users("user2", "nobody-1");
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 2, all: 2 }))).toBeVisible();
  await page.evaluate(() => {
    const printed: string[] = [];
    Object.assign(window, { printed, print: () => printed.push(document.querySelector(".print-only")?.textContent ?? "") });
  });
  await page.getByRole("button", { name: text("print_record") }).click();
  // Everything is rendered when the browser prints.
  await expect.poll(() => page.evaluate(() => (window as unknown as { printed: string[] }).printed.join("")))
    .toMatch(pattern('"userName": "user2"', /[^]*/, confirmed, /[^]*/, '"userName": "nobody-1"', /[^]*/, confirmed));
  await page.emulateMedia({ media: "print" });
  const paper = page.locator(".print-only");
  await expect(paper.getByRole("heading")).toHaveText([text("job_of_user", { user: "user2" }), text("job_of_user", { user: "nobody-1" })]);
  await expect(paper.locator("pre")).toHaveCount(2);
  // Rows that were never on screen would be empty.
  const drawn = await page.locator(".job-row").evaluateAll((rows) => rows.map((row) => getComputedStyle(row).contentVisibility));
  expect(drawn).toEqual(["visible", "visible"]);
  await expect(paper.locator(".log-text").filter({ hasText: start(textPattern("event_accepted")) })).toHaveCount(2);
  await expect(paper.locator(".outcome")).toHaveText([outcome, outcome]);
  await expect(paper.getByText(exactly(textPattern("diagnostics_version", { version: /\d+\.\d+\.\d+/, build: /curfew-[0-9a-f]{16}\.js/ })))).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});

test("the progress of a large batch is announced at each quarter and its end, also on the page of all jobs", async ({ app, page, simulator }) => {
  await listen(page);
  await app.open();
  await app.begin();
  await simulator.faults(post({ fault: { kind: "status", status: 400, message: "No." } }));
  await app.users(...Array.from({ length: 20 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await announcements(page);
  await app.confirm();
  app.confirmed = 20;
  await app.menu("nav_jobs").click();
  await expect(page.getByText(text("headline_rejected"))).toHaveCount(20);
  const heard: string[] = [];
  await expect(async () => {
    heard.push(...(await announcements(page)));
    expect(heard).toContain(`status: ${text("job_batch_done", { done: 20, all: 20 })}`);
  }).toPass();
  const numbers = heard.filter((line) => textPattern("job_batch_done", { all: 20 }).test(line));
  expect(numbers.length).toBeGreaterThan(1);
  expect(numbers.length).toBeLessThanOrEqual(4);
});

test("while BIG-IQ answers only 502 a batch sends four, pauses, and pauses longer each time", async ({ app, page, simulator }) => {
  const sent = async () => (await simulator.kills()).length;
  await page.clock.install();
  await app.open();
  await app.begin();
  await simulator.faults(post({ fault: { kind: "html", status: 502 } }));
  await app.users(...Array.from({ length: 40 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await page.clock.pauseAt(Date.now() + 60_000);
  await app.confirm();
  await page.clock.runFor(1_000);
  await expect(page.getByRole("main").getByText(UNKNOWN)).toHaveCount(4);
  for (let seconds = 0; seconds < 30; seconds++) {
    await page.clock.runFor(1_000);
    await page.evaluate(() => fetch("/info/system"));
  }
  // After 2, 4, 8 and 16 s more.
  expect(await sent()).toBeLessThanOrEqual(20);
  expect(await sent()).toBeGreaterThanOrEqual(12);
});

test("the first failure in a batch is announced at once, and so is its end", async ({ app, page, simulator }) => {
  await listen(page);
  await app.open();
  await app.begin();
  await simulator.faults(post({ count: 1, fault: { kind: "status", status: 400, message: "No." } }));
  await app.users(...Array.from({ length: 8 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await announcements(page);
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 8, all: 8 }))).toBeVisible();
  const heard: string[] = [];
  await expect(async () => {
    heard.push(...(await announcements(page)));
    expect(heard).toContain(`status: ${text("job_batch_done", { done: 8, all: 8 })}`);
  }).toPass();
  expect(heard.filter((line) => either(text("headline_rejected"), text("rejected_heading")).test(line))).toHaveLength(1);
  expect(heard.filter((line) => textPattern("job_batch_done", { all: 8 }).test(line)).length).toBe(1);
});

test("after 429 the rest waits as long as requested; a refused kill is not sent again", async ({ app, page, simulator }) => {
  const sent = async () => (await simulator.kills()).length;
  await page.clock.install();
  await app.open();
  await app.begin();
  await simulator.faults(post({ count: 1, fault: { kind: "status", status: 429, retryAfter: 100 } }));
  await app.users(...Array.from({ length: 8 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect(page.getByRole("main").getByText(text("headline_rejected"))).toHaveCount(1);
  await expect(page.getByText(text("headline_confirmed")).first()).toBeVisible();
  // Four are in flight at once, so no more than those were sent before the refusal was known.
  await page.clock.fastForward(60_000);
  await page.evaluate(() => fetch("/info/system"));
  expect(await sent()).toBeLessThan(8);
  await expect(async () => {
    await page.clock.runFor(15_000);
    await expect(app.shown(text("job_batch_done", { done: 8, all: 8 }))).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(page.getByRole("main").getByText(text("headline_rejected"))).toHaveCount(1);
  expect(await sent()).toBe(8);
});

test("at 60 a minute 20 are sent at once, the others one every 1.5 s", async ({ app, page, simulator }) => {
  const sent = async () => (await simulator.kills()).length;
  await configure(page, { killsPerMinute: 60 });
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.users(...Array.from({ length: 22 }, (_, i) => `nobody-${i}`));
  await app.choose(lone);
  await app.review();
  await page.clock.pauseAt(Date.now() + 60_000);
  await app.confirm();
  await page.clock.runFor(1_000);
  await expect.poll(sent).toBe(20);
  await page.clock.runFor(1_000);
  await page.evaluate(() => fetch("/info/system"));
  expect(await sent()).toBeLessThan(22);
  await page.clock.runFor(3_000);
  await expect.poll(sent).toBe(22);
});
