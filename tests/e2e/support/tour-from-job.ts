// The states from the first job on (states.ts), one after the other as an operator reaches them.

import { expect } from "@playwright/test";
import { PlainHost } from "./plain-host";
import { KILL } from "./simulator";
import { begin, lone, MINUTE, type Tour } from "./tour";
import { FINISHED } from "./console";
import { exactly, GERMAN, text, textPattern } from "./text";

const slow = { device: ["slow.example.test"] };
const post = (fault: Record<string, unknown>) => ({ method: "POST", path: KILL, fault });
const looks = (fault: Record<string, unknown>) => ({ method: "GET", path: `${KILL}*`, fault });

export async function fromJob(tour: Tour): Promise<void> {
  await begin(tour.app);
  await tour.configured({ cancel: true, idleMinutes: 30 });
  await tour.app.begin();
  await ended(tour);
  await adrift(tour);
  await several(tour);
  await lists(tour);
  await again(tour);
  await around(tour);
  await idle(tour);
  await german(tour);
  await framed(tour);
}

async function ended(tour: Tour): Promise<void> {
  const { app, page, simulator, visit } = tour;
  const none = { kind: "edit", set: { "/items": [] } };
  await simulator.faults(looks(none));
  await app.menu("nav_jobs").click();
  await expect(page.getByText(text("tasks_empty"))).toBeVisible();
  await visit("jobs-empty");
  await simulator.faults();
  await tour.emptyForm();
  await app.users("user2");
  await app.reason("INC-4711");
  await app.choose({ cluster: ["BlueCluster", "RedCluster"], ...lone });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await tour.shows(textPattern("headline_verified"));
  await visit("job-verified");
  await watched(tour);
  await tour.emptyForm();
  await app.killEverybody("partial.example.test");
  await tour.shows(textPattern("help_remaining_sessions"));
  await visit("job-remaining");
  await simulator.settings({ restProxy: "off" });
  await tour.emptyForm();
  await app.kill("user3", lone);
  await tour.shows(FINISHED);
  await visit("job-done");
  await simulator.settings({ restProxy: "everyone" });
  await tour.emptyForm();
  await simulator.faults({ ...looks({ kind: "edit", set: { "/result": "INCOMPLETE" } }), path: `${KILL}/*` });
  await app.kill("user3", lone);
  await tour.shows(text("headline_incomplete"));
  await visit("job-incomplete");
  await simulator.faults();
  await tour.emptyForm();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await tour.shows(text("headline_failed"));
  await visit("job-failed");
  await tour.emptyForm();
  await app.users("user2");
  await app.reason("INC-4711");
  await app.choose({ cluster: ["BlueCluster", "RedCluster"], ...lone });
  await app.knowsSessions();
  await tour.rejects();
  await tour.cancel(text("back_to_form"));
  await app.menu("nav_jobs").click();
  await page.getByRole("row").filter({ hasText: text("headline_rejected") }).getByRole("link").click();
  await tour.shows(text("headline_rejected"));
  // The header shows how many jobs run, and then is higher on a narrow page.
  await expect(page.getByText(textPattern("jobs_running"))).toHaveCount(0);
  await visit("job-rejected");
  await tour.emptyForm();
  await simulator.faults({ ...looks({ kind: "status", status: 404, message: "no such task" }), path: `${KILL}/*` });
  await app.kill("user2", lone);
  await tour.shows(text("headline_task_gone"));
  await visit("job-gone");
  await simulator.faults();
}

/** The watch for return of the job that is shown. */
async function watched(tour: Tour): Promise<void> {
  await tour.page.getByRole("combobox", { name: text("watch") }).selectOption("30");
  await tour.shows(textPattern("watch_until"));
  await tour.visit("job-watch");
}

/** Jobs that run, or whose result is unknown. */
async function adrift(tour: Tour): Promise<void> {
  const { app, page, simulator, visit } = tour;
  await tour.emptyForm();
  await simulator.faults(looks({ kind: "drop-before-effect" }));
  await app.kill("user2", lone);
  await tour.shows(textPattern("headline_connection_lost"));
  await visit("job-lost");
  await simulator.faults();
  await tour.emptyForm();
  await simulator.faults(post({ kind: "drop-before-effect" }), looks({ kind: "status", status: 503 }));
  await app.kill("user2", lone);
  await tour.shows(text("headline_unknown"));
  await visit("job-unknown");
  await simulator.faults();
  await tour.emptyForm();
  await simulator.faults({ ...looks({ kind: "cancel-requested" }), path: `${KILL}/*` });
  await app.kill("user2", slow);
  await tour.shows(text("headline_cancelling"));
  await visit("job-cancelling");
  await simulator.faults();
  await page.getByRole("button", { name: text("ask_cancel") }).click();
  await tour.shows(text("headline_cancelled"));
  await visit("job-cancelled");
  await tour.emptyForm();
  await app.kill("user2", slow);
  await tour.shows(text("headline_watched"));
  await visit("job-running");
  await page.context().setOffline(true);
  await app.refresh();
  await tour.shows(textPattern("headline_connection_lost"));
  await visit("job-offline");
  await page.context().setOffline(false);
  await page.evaluate(() => (location.hash = "#/jobs/nowhere"));
  await tour.shows(text("job_unknown_title"));
  await visit("job-none");
}

/** A plan of ten jobs. Four are in flight at a time. */
async function several(tour: Tour): Promise<void> {
  const { app, page, simulator, visit } = tour;
  const first = (words: string) => page.getByRole("listitem").filter({ hasText: words }).first().getByRole("link");
  await tour.emptyForm();
  await simulator.faults(post({ kind: "delay", ms: 20_000 }));
  await app.users(...Array.from({ length: 10 }, (_, n) => `user${n + 1}`));
  await app.choose(lone);
  await app.review();
  await app.confirm();
  await page.getByRole("button", { name: text("pause_sending") }).click();
  await tour.shows(text("paused", { n: 6 }));
  await simulator.advance(20_000);
  await tour.shows(text("job_batch_done", { done: 4, all: 10 }));
  await visit("batch-paused");
  await first(text("headline_paused")).click();
  await expect(page.getByText(text("job_timeline"))).toBeVisible();
  await visit("job-waiting");
  await page.goBack();
  await page.getByRole("button", { name: text("resume_sending") }).click();
  await expect(page.getByText(text("headline_sending"), { exact: true })).toHaveCount(4);
  await visit("batch-running");
  await page.getByRole("button", { name: text("discard_unsent") }).click();
  await first(text("headline_not_sent")).click();
  await tour.shows(text("help_not_sent_dropped"));
  await visit("job-not-sent");
  await page.goBack();
  await simulator.advance(20_000);
  await tour.shows(text("job_batch_done", { done: 10, all: 10 }));
  await visit("job-several");
  await simulator.faults();
}

async function lists({ app, page, simulator, visit }: Tour): Promise<void> {
  await app.menu("nav_jobs").click();
  await expect(page.getByRole("row").filter({ hasText: text("this_tab") }).first()).toBeVisible();
  await visit("jobs");
  await page.getByRole("row").filter({ hasText: text("task_state_failed"), hasNotText: text("this_tab") }).first().getByRole("link").click();
  await expect(page.getByText(/Internal Error occurred/).first()).toBeVisible();
  await visit("task");
  await app.menu("nav_jobs").click();
  await page.getByLabel(text("filter_operator")).fill("nobody");
  await expect(app.shown(exactly(textPattern("tasks_none")))).toBeVisible();
  await visit("jobs-no-match");
  await page.getByLabel(text("filter_operator")).clear();
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 503 } });
  await page.getByRole("button", { name: text("refresh") }).last().click();
  await expect(page.getByText(text("tasks_failed"))).toBeVisible();
  await visit("jobs-unread");
  await simulator.faults();
}

async function again(tour: Tour): Promise<void> {
  const { app, page, simulator, visit } = tour;
  await tour.emptyForm();
  await app.kill("user2", slow);
  await tour.shows(text("headline_watched"));
  const dead = { kind: "status", status: 401, message: "Invalid registered claims." };
  await simulator.faults(looks(dead), { method: "POST", path: "/mgmt/shared/authn/exchange", fault: dead });
  await expect(app.again).toBeVisible({ timeout: 30_000 });
  await visit("sign-in-again");
  await simulator.faults();
  await app.again.getByLabel(text("user_name")).fill("admin");
  await app.again.getByLabel(text("password")).fill("admin");
  await app.again.getByRole("button", { name: text("sign_in") }).click();
  await expect(app.again.getByText(text("other_operator", { operator: "manager" }))).toBeVisible();
  await visit("sign-in-again-other");
  await app.again.getByLabel(text("user_name")).fill("manager");
  await app.signInAgain();
  await page.evaluate(() => (location.hash = "#/jobs"));
  await page.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByRole("dialog", { name: text("sign_out_heading") })).toBeVisible();
  await visit("sign-out");
  await tour.cancel(text("idle_stay"));
}

async function around({ app, page, visit }: Tour): Promise<void> {
  // The link to it is below a list that is still being read: it may move before the click.
  await page.evaluate(() => (location.hash = "#/diagnostics"));
  await page.getByRole("button", { name: text("diagnostics_check_run") }).click();
  await expect(page.getByText(text("diagnostics_checked")).first()).toBeVisible();
  await visit("diagnostics");
  await page.getByRole("button", { name: text("preferences") }).click();
  await visit("preferences");
  await app.gate.getByRole("button", { name: text("shortcuts") }).click();
  await expect(page.getByRole("dialog", { name: text("shortcuts") })).toBeVisible();
  await visit("shortcuts");
  await page.keyboard.press("Escape");
  await page.evaluate(() => (location.hash = "#/nowhere"));
  await expect(app.shown(text("not_found_title"))).toBeVisible();
  await visit("not-found");
}

async function idle(tour: Tour): Promise<void> {
  const { page, visit } = tour;
  await tour.emptyForm();
  await page.clock.fastForward(29.2 * MINUTE);
  await expect(page.getByRole("dialog", { name: text("idle_heading") })).toBeVisible();
  await visit("idle");
  await page.clock.fastForward(2 * MINUTE);
  await expect(page.getByText(text("idle_ended"))).toBeVisible();
  await visit("idle-ended");
}

async function german({ app, page, visit }: Tour): Promise<void> {
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await app.knowsSessions();
  await page.getByRole("button", { name: text("preferences") }).click();
  await app.gate.getByLabel(text("language")).selectOption("Deutsch");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.keyboard.press("Escape");
  await visit("german");
  await page.getByRole("button", { name: GERMAN.text("preferences") }).click();
  await app.gate.getByLabel(GERMAN.text("language")).selectOption("English");
  await page.keyboard.press("Escape");
}

/** The states in a frame of another page: allowed, themed and filled in by it, and not allowed. */
async function framed({ page, simulator, visit }: Tour): Promise<void> {
  const [portal, curfew] = [await PlainHost.start(), await PlainHost.start()];
  try {
    for (const path of ["mgmt", "info"]) curfew.forward(`/${path}`, `${simulator.url}${path}/`);
    portal.below("/portal", (_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(
        `<!doctype html><html lang="en"><head><title>Portal</title><meta name="viewport" content="width=device-width">` +
          `<meta name="color-scheme" content="light dark"><style>body { font: 15px/1.5 system-ui, sans-serif; margin: 16px }</style>` +
          `<script type="module" src="/embed.js"></script></head><body><main><h1>Operations portal</h1>` +
          `<curfew-frame src="${curfew.url}" accent="#7a4fc9"></curfew-frame></main></body></html>`,
      );
    });
    const show = async (config: unknown) => {
      await page.unroute("**/config.json");
      await page.route("**/config.json", (route) => route.fulfill({ json: config }));
      await page.goto("about:blank");
      await page.goto(`${portal.url}portal/`);
    };
    const frame = page.frameLocator("iframe");
    await show({ embedParents: [new URL(portal.url).origin] });
    await frame.getByLabel(text("user_name")).fill("manager");
    await frame.getByLabel(text("password")).fill("manager");
    await frame.getByRole("button", { name: text("sign_in") }).click();
    await expect(frame.getByRole("gridcell").first()).toBeVisible();
    await page.evaluate(() => {
      const element = document.querySelector("curfew-frame") as unknown as { prefill(form: object): void };
      element.prefill({ users: ["user2"], clusters: ["RedCluster"], reason: "INC-4711" });
    });
    await expect(frame.getByRole("group", { name: text("chosen_targets") })).toContainText("RedCluster");
    await expect(frame.getByText(textPattern("sessions_known"))).toBeVisible();
    await visit("embedded");
    await show({});
    await expect(frame.getByRole("heading", { name: text("framed_title") })).toBeVisible();
    await visit("framed");
  } finally {
    await Promise.all([portal.stop(), curfew.stop()]);
  }
}
