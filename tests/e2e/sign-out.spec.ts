// The end of a sign-in by the operator or after inactivity: Curfew asks first if something would be lost, and the tab's
// knowledge of its jobs stays.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL, Simulator } from "./support/simulator";
import { either, isolated, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const lone = { device: ["lone.example.test"] };

test("nothing to lose, no question", needs("path"), async ({ app, page }) => {
  await app.begin();
  await page.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByLabel(text("user_name"))).toBeVisible();
});

test("Curfew asks about unsaved records, saves them from there, and the same operator still finds the job", needs("tabs"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", lone);
  await expect(app.shown(FINISHED)).toBeVisible();
  await page.getByRole("button", { name: text("sign_out") }).click();
  const question = page.getByRole("dialog", { name: text("sign_out_heading") });
  await expect(question.getByText(text("sign_out_unsaved", { n: 1 }))).toBeVisible();
  await app.isAccessible();
  await question.getByRole("button", { name: text("idle_stay") }).click();
  await expect(app.shown(FINISHED)).toBeVisible();

  await page.getByRole("button", { name: text("sign_out") }).click();
  const saved = page.waitForEvent("download");
  await question.getByRole("button", { name: text("save_records") }).click();
  const record = JSON.parse(await readFile(await (await saved).path(), "utf8")) as { jobs: unknown[] };
  expect(record.jobs.length).toBe(1);
  await expect(question.getByText(textPattern("sign_out_unsaved"))).toBeHidden();
  await question.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByLabel(text("user_name"))).toBeVisible();
  await app.signIn();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(app.shown(text("job_of_user", { user: "user2" }))).toBeVisible();
});

test("Curfew asks about unsent kills, and after the sign-out they are never sent", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "POST", path: KILL, fault: { kind: "delay", ms: 600_000, afterEffect: true } });
  await app.users("user2", "a", "b", "c", "d", "e");
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await expect.poll(async () => (await simulator.kills()).length).toBe(4);
  await page.getByRole("button", { name: text("sign_out") }).click();
  const question = page.getByRole("dialog", { name: text("sign_out_heading") });
  await expect(question.getByText(text("sign_out_unsent", { n: 2 }))).toBeVisible();
  await question.getByRole("button", { name: text("sign_out") }).click();
  await simulator.faults();
  await simulator.advance(600_000);
  await app.signIn();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await page.getByRole("link", { name: text("job_of_users", { n: 6 }) }).click();
  await expect(page.getByText(text("headline_not_sent"), { exact: true })).toHaveCount(2);
  await expect(page.getByRole("main").getByText(start(either(FINISHED, textPattern("headline_verified"), textPattern("headline_no_session_of"))))).toHaveCount(4);
  expect((await simulator.kills()).length).toBe(4);
});

test("an absent operator is signed out without a question, and the job is still there", needs("time"), async ({ app, page, simulator }) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.kill("user2", lone);
  await expect(app.shown(FINISHED)).toBeVisible();
  await page.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByRole("dialog", { name: text("sign_out_heading") })).toBeVisible();
  await page.clock.fastForward(31 * 60_000);
  await expect(page.getByLabel(text("user_name"))).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await app.signIn();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(app.shown(text("job_of_user", { user: "user2" }))).toBeVisible();
  expect((await simulator.kills()).length).toBe(1);
});

test.describe("several tabs", () => {
  const MINUTE = 60_000;
  const warning = (page: Page) => page.getByRole("dialog", { name: text("idle_heading") });

  test("use in one tab counts in the others of the same operator, and the clock ends both", needs("tabs"), async ({ app, page, simulator }) => {
    await page.context().route("**/config.json", (route) => route.fulfill({ json: { idleMinutes: 10 } }));
    await page.context().clock.install();
    await app.open();
    await app.begin();
    const second = await app.secondTab();
    const other = new Console(await page.context().newPage(), simulator);
    await other.open();
    await other.begin("admin");
    // All clocks of the context advance together, and timers of all tabs run.
    for (let used = 0; used < 3; used += 1) {
      await page.context().clock.fastForward(5 * MINUTE);
      await second.page.keyboard.press("Shift");
      await page.context().clock.runFor(3_000);
    }
    await expect(app.menu("nav_kill")).toBeVisible();
    await expect(warning(page)).toBeHidden();
    await expect(second.menu("nav_kill")).toBeVisible();
    // Another operator's use counts for nobody else.
    await expect(other.page.getByText(text("idle_ended"))).toBeVisible();
    await page.context().clock.fastForward(11 * MINUTE);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
    await expect(second.page.getByText(text("idle_ended"))).toBeVisible();
  });

  test("without messages between tabs each one is signed out by its own clock", needs("tabs"), async ({ app, page }) => {
    await page.context().addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
    await page.context().route("**/config.json", (route) => route.fulfill({ json: { idleMinutes: 10 } }));
    await page.context().clock.install();
    await app.open();
    await app.begin();
    await page.context().clock.fastForward(11 * MINUTE);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
  });

  test("a sign-out asks about the unsent kills of another tab, names them, and ends the tabs of this operator only", needs("tabs"), async ({ app, page, simulator }) => {
    await app.begin();
    const second = await app.secondTab();
    const other = new Console(await page.context().newPage(), simulator);
    await other.open();
    await other.begin("admin");
    await other.users("typed by admin");
    await simulator.faults({ method: "POST", path: KILL, fault: { kind: "delay", ms: 600_000, afterEffect: true } });
    await second.users("user2", "a", "b", "c", "d", "e");
    await second.choose(lone);
    await second.review();
    await second.confirm();
    await expect.poll(async () => (await simulator.kills()).length).toBe(4);

    await page.bringToFront();
    await page.getByRole("button", { name: text("sign_out") }).click();
    const question = page.getByRole("dialog", { name: text("sign_out_heading") });
    const names = ["d", "e"].map((user) => text("job_of_user", { user }));
    for (const name of names) await expect(question.getByText(textPattern("sign_out_unsent_elsewhere", { n: 2 }))).toContainText(name);
    await app.isAccessible();
    await question.getByRole("button", { name: text("idle_stay") }).click();
    await expect(second.menu("nav_jobs")).toBeVisible();
    await page.getByRole("button", { name: text("sign_out") }).click();
    await question.getByRole("button", { name: text("sign_out") }).click();
    await expect(page.getByLabel(text("user_name"))).toBeVisible();
    // The other tab waits for the answers to what it has sent.
    await expect(second.page.getByText(text("signing_out"))).toBeVisible();
    await simulator.faults();
    await simulator.advance(600_000);
    await expect(second.page.getByText(text("ended_in_other_tab"))).toBeVisible();
    expect((await simulator.kills()).length).toBe(4);
    await expect(other.page.getByLabel(text("user_names"))).toHaveValue("typed by admin");
    await second.signIn();
    await second.menu("nav_jobs").click();
    await second.page.getByRole("link", { name: text("job_of_users", { n: 6 }) }).click();
    await expect(second.page.getByText(text("headline_not_sent"), { exact: true })).toHaveCount(2);
    await expect(second.page.getByRole("main").getByText(start(either(FINISHED, textPattern("headline_verified"), textPattern("headline_no_session_of"))))).toHaveCount(4);
  });

  test("a sign-out from one BIG-IQ leaves the tabs of another signed in, and messages hold no secret", needs("tabs"), async ({ page, plainHost, simulator: east }) => {
    const west = await Simulator.start();
    try {
      const bigiqs = [{ name: "East", prefix: "/east" }, { name: "West", prefix: "/west" }];
      await page.context().route("**/config.json", (route) => route.fulfill({ json: { bigiqs } }));
      plainHost.forward("/east", east.url);
      plainHost.forward("/west", west.url);
      await page.goto(plainHost.url);
      // Other accounts, other words, and too many parts.
      const hostile = ["", "\n", "/east\nadmin\n\nsigned-out", "\nmanager\n\nsigned-out", "/east\nmanager\nx\nsigned-out", "/east\nmanager\n\nsigned-out\n"];
      hostile.push("/east\nmanager\n9999999999999\nused", "x".repeat(1 << 20));
      const heard: string[] = [];
      await page.exposeFunction("heard", (message: string) => heard.push(message));
      await page.evaluate(() => {
        new BroadcastChannel("curfew:jobs").onmessage = (event) => (window as unknown as { heard(text: string): void }).heard(String(event.data));
      });
      const tabs = [];
      for (const name of ["East", "West", "East"]) {
        const tab = new Console(await page.context().newPage(), east);
        await tab.page.goto(`${plainHost.url}#/kill`);
        await tab.page.getByRole("combobox", { name: text("bigiq_to_use") }).selectOption({ label: isolated(name) });
        await tab.begin();
        tabs.push(tab);
      }
      const [first, western, third] = tabs as [Console, Console, Console];
      await page.evaluate((texts) => {
        const channel = new BroadcastChannel("curfew:jobs");
        for (const text of texts) channel.postMessage(text);
      }, hostile);
      await first.signOut();
      // The selected BIG-IQ stays selected.
      await expect(first.page.getByRole("heading", { level: 1 })).toContainText("East");
      await expect(third.page.getByText(text("ended_in_other_tab"))).toBeVisible();
      await expect(western.menu("nav_kill")).toBeVisible();
      await western.menu("nav_jobs").click();
      await expect(western.page.getByRole("main")).toContainText(text("jobs_empty"));
      const sent = heard.filter((message) => !hostile.includes(message));
      expect(sent.length).toBeGreaterThan(0);
      for (const message of sent) expect(message).toMatch(/^\/(?:east|west)\nmanager\n\d*\n(?:used|what-is-in-flight|what-is-unsent|signed-out)$/);
    } finally {
      await west.stop();
    }
  });
});

test("records that the operator has deleted at the sign-out can't be read by the next one", needs("tabs"), async ({ app, page }) => {
  await app.begin();
  await app.reason("INC-4711");
  await app.kill("user2", lone, true);
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible();
  await page.getByRole("button", { name: text("sign_out") }).click();
  const question = page.getByRole("dialog", { name: text("sign_out_heading") });
  await question.getByRole("checkbox", { name: text("sign_out_forget") }).check();
  await question.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByLabel(text("user_name"))).toBeVisible();
  const stored = () => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  await expect.poll(stored).not.toMatch(/user2|INC-4711|manager|lone|2hjj234/);
  for (const operator of ["admin", "manager"]) {
    await app.signIn(operator);
    await app.menu("nav_jobs").click();
    await expect(app.shown(text("jobs_empty"))).toBeVisible();
    await app.signOut();
  }
});
