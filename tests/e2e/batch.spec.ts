// Many kills in one plan: a few at a time, none lost, none sent twice, and each shown with its own outcome.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { announcements, listen } from "./support/announcements";
import { KILL } from "./support/simulator";
import { either, exactly, pattern, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const confirmed = text("event_confirmed", { operator: "manager" });
const outcome = pattern("lone.example.test", /.*/, text("target_status_reported"));
const lone = { device: ["lone.example.test"] };

const post = (rule: Record<string, unknown>) => ({ method: "POST", path: KILL, ...rule });

/** Serves this as the bundle's config.json. */
const configure = (page: Page, config: Record<string, unknown>) =>
  page.route("**/config.json", (route) => route.fulfill({ json: config }));

// A trace contains the page at each step, and the largest page has 500 rows.
test.use({ trace: "off" });

test("the unsent rest is paused, resumed and discarded", needs("path"), async ({ app, page, simulator }) => {
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

test("each job of a plan, and the list, links to its other jobs; a paused plan says so and does not count as in progress", needs("path"), async ({
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
  await expect(page.getByRole("banner")).toContainText(text("jobs_running", { n: 4 }));
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
  await expect(page.getByRole("row").filter({ hasText: text("this_tab") })).toContainText(text("job_batch_done", { done: 0, all: 10 }));
  await page.getByRole("link", { name: text("job_of_users", { n: 10 }) }).click();
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

test("as many requests are in flight as the configuration allows", needs("path"), async ({ app, page, simulator }) => {
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

test("a batch prints each job's exact request, timeline and outcome, and the app's version", needs("services"), async ({ app, page }) => {
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
    .toMatch(pattern(confirmed, /[^]*/, '"userName": "user2"', /[^]*/, confirmed, /[^]*/, '"userName": "nobody-1"'));
  await page.emulateMedia({ media: "print" });
  const paper = page.locator(".print-only");
  await expect(paper.getByRole("heading", { level: 2 })).toHaveText([text("job_of_user", { user: "user2" }), text("job_of_user", { user: "nobody-1" })]);
  await expect(paper.locator("pre")).toHaveCount(2);
  // Rows that were never on screen would be empty.
  const drawn = await page.locator(".job-row").evaluateAll((rows) => rows.map((row) => getComputedStyle(row).contentVisibility));
  expect(drawn).toEqual(["visible", "visible"]);
  await expect(paper.locator(".log-text").filter({ hasText: start(textPattern("event_accepted")) })).toHaveCount(2);
  await expect(paper.locator(".outcome").filter({ hasText: text("target_status_reported") })).toHaveText([outcome, outcome]);
  await expect(paper.getByText(exactly(textPattern("diagnostics_version", { version: /\d+\.\d+\.\d+/, build: /curfew-[0-9a-f]{16}\.js/ })))).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});

test("the progress of a large batch is announced at each quarter and its end, also on the page of all jobs", needs("keys"), async ({ app, page, simulator }) => {
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
  await expect(page.getByText(text("batch_some", { what: text("headline_rejected"), number: 20, all: 20 }))).toBeVisible();
  const heard: string[] = [];
  await expect(async () => {
    heard.push(...(await announcements(page)));
    expect(heard).toContain(`status: ${text("job_batch_done", { done: 20, all: 20 })}`);
  }).toPass();
  const numbers = heard.filter((line) => textPattern("job_batch_done", { all: 20 }).test(line));
  expect(numbers.length).toBeGreaterThan(1);
  expect(numbers.length).toBeLessThanOrEqual(4);
});

test("the first failure in a batch is announced at once, and so is its end", needs("keys"), async ({ app, page, simulator }) => {
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

test("at 60 a minute 20 are sent at once, the others one every 1.5 s", needs("path"), async ({ app, page, simulator }) => {
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
