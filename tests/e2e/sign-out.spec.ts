// The end of a sign-in by the operator or after inactivity: Curfew asks first if something would be lost, and the tab's
// knowledge of its jobs stays.

import { readFile } from "node:fs/promises";
import { FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { either, start, text, textPattern } from "./support/text";

const lone = { device: ["lone.example.test"] };

test("nothing to lose, no question", async ({ app, page }) => {
  await app.begin();
  await page.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByLabel(text("user_name"))).toBeVisible();
});

test("Curfew asks about unsaved records, saves them from there, and the same operator still finds the job", async ({ app, page }) => {
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

test("Curfew asks about unsent kills, and after the sign-out they are never sent", async ({ app, page, simulator }) => {
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
  await expect(page.getByText(text("headline_not_sent"), { exact: true })).toHaveCount(2);
  await expect(page.getByRole("main").getByText(start(either(FINISHED, textPattern("headline_verified"))))).toHaveCount(4);
  expect((await simulator.kills()).length).toBe(4);
});

test("an absent operator is signed out without a question, and the job is still there", async ({ app, page, simulator }) => {
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
