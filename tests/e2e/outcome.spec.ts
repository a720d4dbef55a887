// What a kill led to, as the first sentence of its page with the next step as a button, and what can be proven before, during and
// after it. Which sentence and which step belong to which outcome is tested in crates/core/src/job/summary.rs and crates/text.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { needs } from "./support/needs";
import { KILL } from "./support/simulator";
import { text, textPattern } from "./support/text";

const SESSIONS = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";
const button = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name });
const chosen = (page: Page) => page.getByRole("group", { name: text("chosen_targets") });

test("devices are read as soon as a target is selected, and the gate says that the result can be verified", needs("form"), async ({ app, simulator }) => {
  await app.begin();
  await app.choose({ device: ["lone.example.test"] });
  await expect.poll(async () => (await simulator.calls("GET", SESSIONS.slice(0, -1))).length).toBeGreaterThan(0);
  await app.users("user2");
  await app.knowsSessions();
  await app.review();
  await expect(app.gate.getByText(text("proof_complete"))).toBeVisible();
  await app.isAccessible();
});

test("without sessions from before the kill, the job’s page shows who is signed in after it", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "GET", path: SESSIONS, count: 1, fault: { kind: "delay", ms: 600_000 } });
  await app.choose({ device: ["lone.example.test"] });
  // The read that gets no answer has begun: it is not one of those after the kill.
  await expect.poll(async () => (await simulator.calls("GET", SESSIONS.slice(0, -1))).filter(({ path }) => path.endsWith("/access-info")).length).toBe(1);
  await app.users("user2");
  await app.review();
  await expect(app.gate.getByText(text("proof_reading", { known: 0, amount: "1" }))).toBeVisible();
  await app.confirm();
  await expect(app.shown(text("help_not_read_named", { names: ["lone.example.test"] }))).toBeVisible();
  await expect(app.shown(text("signed_in_nobody"))).toBeVisible();
  await expect(page.getByRole("main").getByText(textPattern("headline_verified"))).toHaveCount(0);
});

test("sessions are counted while BIG-IQ still ends them", needs("path"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test", "slow.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown(text("so_far_all"))).toBeVisible();
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  await app.isAccessible();
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("main").getByText(text("so_far_all"))).toHaveCount(0);
});

test("a kill of a misspelt user says that nothing ended, offers the similar name, and searches everywhere", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.kill("usr2", { device: ["lone.example.test"] }, true);
  const nothing = text("headline_no_session_of", { user: "usr2" });
  await expect(app.shown(nothing)).toBeVisible();
  await app.isAccessible();
  await app.menu("nav_jobs").click();
  await expect(page.getByRole("row").getByText(nothing)).toBeVisible();
  await page.getByRole("link", { name: text("job_of_user", { user: "usr2" }) }).click();
  await button(page, text("search_everywhere")).click();
  await expect(page.getByRole("searchbox", { name: text("find_label") })).toHaveValue("usr2");
  await app.menu("nav_jobs").click();
  await page.getByRole("link", { name: text("job_of_user", { user: "usr2" }) }).click();
  await page.getByRole("button", { name: text("did_you_mean", { user: "user2" }), exact: true }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(chosen(page)).toContainText("lone.example.test");
});

test("a kill of a standby says that almost certainly nothing ended, and its cluster can be planned", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test"] });
  await expect(page.getByText(text("warning_standby", { device: "red-b.example.test", cluster: "RedCluster" }))).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(app.shown(text("headline_only_standby"))).toBeVisible();
  await button(page, text("plan_on_clusters", { names: ["RedCluster"] })).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(chosen(page)).toContainText("RedCluster");
  await expect(chosen(page)).not.toContainText("red-b.example.test");
});

test("all jobs of a plan have one sentence, and what was refused is planned again", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "POST", path: KILL, count: 1, fault: { kind: "status", status: 400, message: "No." } });
  await app.users("user1", "user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown(text("batch_some", { what: text("headline_rejected"), number: 1, all: 2 }))).toBeVisible();
  await app.isAccessible();
  await button(page, text("plan_again")).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue(/^user[12]$/);
  await expect(chosen(page)).toContainText("lone.example.test");
});
