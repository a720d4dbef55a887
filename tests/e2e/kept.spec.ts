// What this tab stores of a confirmed kill, before and after it is sent, and what it tells other tabs.

import type { Page } from "@playwright/test";
import { FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { either, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const lone = { device: ["lone.example.test"] };
const never = { method: "POST", path: KILL, fault: { kind: "delay", ms: 600_000, afterEffect: true } };

const kept = (page: Page, prefix: string) =>
  page.evaluate(
    (prefix) => Object.entries({ ...sessionStorage }).filter(([key]) => key.startsWith(prefix)).map(([, text]) => JSON.parse(text as string) as Record<string, unknown>),
    prefix,
  );

test("before a request is sent, its intent is stored: who, the exact request, why and when", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.reason("INC-4711");
  await app.users("user2");
  await app.choose(lone);
  // The POST does not even reach BIG-IQ.
  const posts: string[] = [];
  await page.route(`**${KILL}`, (route) => {
    if (route.request().method() !== "POST") return route.continue();
    posts.push(route.request().postData() ?? "");
  });
  await app.review();
  await app.confirm().catch(() => undefined);
  await expect.poll(() => posts.length).toBe(1);
  const [batch] = await kept(page, "curfew:batch:");
  expect(batch).toMatchObject({ binding: { operator: "manager" }, reason: "INC-4711" });
  const [job] = await kept(page, "curfew:job:");
  // Facts shared by the jobs are stored once, with the batch.
  expect(JSON.stringify({ action: "KILL_BY_USER", userName: job?.user, ...(batch?.targets as object) })).toBe(posts[0]);
  expect((job?.events as { at: number; what: unknown }[]).map((event) => event.what)).toEqual(["Confirmed", "Sent"]);
  expect((job?.events as { at: number }[])[1]?.at).toBeGreaterThan(1_600_000_000_000);
  expect(await simulator.kills()).toEqual([]);
});

test("a browser without storage: a warning before anything is sent, and sent only after another click", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  const unkept = app.gate.getByText(text("not_stored_heading"));
  await app.act();
  await expect(unkept).toBeVisible();
  await app.isAccessible();
  expect(await simulator.kills()).toEqual([]);
  await app.act(text("not_stored_send"));
  await expect(app.shown(FINISHED)).toBeVisible();
  expect((await simulator.kills()).length).toBe(1);
});

test("a request not sent before a reload is listed as not sent, and is never sent", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults(never);
  await app.users("user2", "a", "b", "c", "d", "e");
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect.poll(async () => (await simulator.kills()).length).toBe(4);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await simulator.faults();
  await app.signIn();
  await app.menu("nav_jobs").click();
  await page.getByRole("link", { name: text("job_of_users", { n: 6 }) }).click();
  // The four in flight are dropped when the page closes, and the others must not be sent in their place.
  await expect(page.getByText(text("headline_not_sent"), { exact: true })).toHaveCount(2);
  await expect(page.getByRole("main").getByText(start(either(FINISHED, textPattern("headline_verified"), textPattern("headline_no_session_of"))))).toHaveCount(4);
  await page.getByRole("listitem").filter({ hasText: text("headline_not_sent") }).first().getByRole("link").click();
  await expect(app.shown(text("two_sentences", { text: text("help_not_sent_reload"), next: text("help_new_plan") }))).toBeVisible();
  expect((await simulator.kills()).length).toBe(4);
});

test("leaving the page while the request is in flight aborts nothing", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults(never);
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  await app.confirm().catch(() => undefined);
  await expect.poll(async () => (await simulator.kills()).length).toBe(1);
  const failed: string[] = [];
  page.on("requestfailed", (request) => failed.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.evaluate(() => (location.hash = "#/jobs"));
  await expect(page.getByRole("heading", { name: text("jobs_title"), level: 1 })).toBeVisible();
  await simulator.advance(600_000);
  // Until the answer has arrived, the row may be that of BIG-IQ's list, which opens the task instead of the job.
  await expect(async () => {
    await page.evaluate(() => (location.hash = "#/jobs"));
    await page.getByRole("row").filter({ hasText: text("this_tab") }).getByRole("link").click({ timeout: 1_000 });
    await expect(app.shown(FINISHED)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  expect(failed).not.toContain(`POST ${KILL}`);
  await expect(page.getByText(textPattern("event_adopted"))).toHaveCount(0);
});

test("another operator sees no earlier jobs, and their own operator sees them again", needs("tabs"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", lone);
  await expect(app.shown(FINISHED)).toBeVisible();
  await app.signOut();
  await app.signIn("admin");
  await expect(app.shown(text("job_unknown_title"))).toBeVisible();
  await app.menu("nav_jobs").click();
  await expect(app.shown(text("jobs_empty"))).toBeVisible();
  await app.signOut();
  await app.signIn();
  await app.menu("nav_jobs").click();
  await expect(app.shown(text("job_of_user", { user: "user2" }))).toBeVisible();
});

test("other tabs receive the BIG-IQ, the operator and a hash, and nothing of the request", needs("tabs"), async ({ app, page, simulator }) => {
  const other = await page.context().newPage();
  await other.goto(simulator.url);
  await other.evaluate(() => {
    const heard: string[] = [];
    (window as unknown as { heard: string[] }).heard = heard;
    new BroadcastChannel("curfew:jobs").onmessage = (event) => heard.push(String(event.data));
  });
  await app.begin();
  await app.reason("INC-4711");
  await app.kill("user2", lone);
  await expect(app.shown(FINISHED)).toBeVisible();
  const heard = await other.evaluate(() => (window as unknown as { heard: string[] }).heard);
  const inFlight = heard.filter((text) => text.endsWith("in-flight") && !text.endsWith("what-is-in-flight"));
  expect(inFlight).toHaveLength(1);
  expect(inFlight[0]).toMatch(/^[^\n]*\nmanager\n\d+\nin-flight$/);
  expect(heard.join("\n")).not.toMatch(/user2|lone|INC-4711|3f320100|eyJ/);
});
