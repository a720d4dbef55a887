// An operator who does anything at any time, in two tabs, while one call in five fails. At the end, the records that
// Curfew would save are compared with the simulator's tasks, one by one.
//
// CHAOS_ACTIONS is the number of actions, CHAOS_SEED selects them: the same seed does the same, as far as the machine's
// timing allows. The test prints the seed and the actions.

import { readFile } from "node:fs/promises";
import { Console, JOB, REVIEW } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL, type Simulator } from "./support/simulator";
import { either, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const ACTIONS = Number(process.env.CHAOS_ACTIONS ?? 20);
const SEED = Number(process.env.CHAOS_SEED ?? 11);
/** How long an action waits for an element, in milliseconds. Without it the action is not possible. */
const PATIENCE = 1_500;
/** The share of failing calls. */
const FAULTY = 0.2;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULTS = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503, retryAfter: 1 },
  { kind: "status", status: 429, retryAfter: 1 },
  { kind: "html", status: 502 },
  { kind: "html", status: 502, afterEffect: true },
  { kind: "html", status: 200 },
  { kind: "html", status: 401 },
  { kind: "drop-before-effect" },
  { kind: "drop-after-effect" },
  { kind: "truncate" },
  { kind: "invalid-utf8" },
  { kind: "floats" },
  { kind: "extra-fields" },
  { kind: "unknown-enum" },
  { kind: "delay", ms: { median: 100, p99: 2_000 } },
  { kind: "delay", ms: [0, 1_500], afterEffect: true },
  { kind: "revoke-access" },
  { kind: "restart", seconds: 2, status: 503 },
];

const WHO = ["user2", "User2", "nobody", "user 2", "user2@example.test"];
const WHERE = [
  { device: ["lone.example.test"] },
  { device: ["slow.example.test"] },
  { device: ["refusing.example.test"] },
  { device: ["partial.example.test"] },
  { device: ["green.example.test"] },
  { cluster: ["RedCluster"] },
  { group: ["TestGroup1"] },
  // Its tasks run for 75 s unless cancelled.
  { device: ["silent.example.test"] },
];

interface Tab {
  app: Console;
}

/** Signs in if needed; if it fails now, the next action tries again. */
async function signedIn(app: Console): Promise<boolean> {
  const kill = app.menu("nav_kill");
  for (let tries = 0; tries < 20; tries++) {
    const where = (await app.again.isVisible()) ? app.again : app.page;
    const password = where.getByLabel(text("password"));
    if (!(await password.isVisible())) {
      if (await kill.isVisible()) return true;
    } else {
      const name = where.getByLabel(text("user_name"));
      if ((await name.inputValue()) === "") await name.fill("manager");
      await password.fill("manager");
      // While an earlier press is answered, the button is called otherwise.
      await where.getByRole("button", { name: text("sign_in") }).click().catch(() => {});
    }
    // Until it is signed in or refused.
    await Promise.race([kill.waitFor({ timeout: 2_000 }), app.page.locator(".banner").first().waitFor({ timeout: 2_000 })]).catch(() => {});
  }
  return false;
}

/** Closes the gate if it is open. */
async function leaveGate(app: Console): Promise<void> {
  await app.page.keyboard.press("Escape");
  await expect(app.gate).toBeHidden();
}

/** Opens the gate, unless the form shows what is missing. */
async function reviewed(app: Console): Promise<boolean> {
  await app.menu("nav_kill").click();
  await app.page.getByRole("button", { name: REVIEW }).click();
  const missing = app.page.getByRole("group", { name: text("there_is_a_problem") });
  await expect(app.gate.or(missing).first()).toBeVisible();
  return app.gate.first().isVisible();
}

/** The operator's actions. Each may fail because of a fault; what counts is the final state. */
const DEEDS: Record<string, (tab: Tab, pick: <T>(all: readonly T[]) => T) => Promise<unknown>> = {
  async choose({ app }, pick) {
    await app.menu("nav_kill").click();
    await app.users(pick(WHO));
    await app.choose(pick(WHERE));
  },
  async "review and confirm"({ app }) {
    if (!(await reviewed(app))) return;
    await app.confirm();
    const back = app.gate.getByRole("button", { name: text("back_to_form") });
    const again = app.gate.getByRole("button", { name: text("confirm_again") });
    await expect(async () => {
      if (await back.isVisible()) await back.click({ timeout: 500 });
      if (await again.isVisible()) {
        app.confirmed += 1;
        await again.click({ timeout: 500 });
      }
      // If the sign-in has ended, its dialog comes first.
      if (!(await app.again.isVisible())) await expect(app.gate).toBeHidden({ timeout: 250 });
    }).toPass({ timeout: 10_000 });
  },
  async "review and cancel"({ app }) {
    if (await reviewed(app)) await leaveGate(app);
  },
  "look at the jobs": ({ app }) => app.menu("nav_jobs").click(),
  async "ask to cancel"({ app }) {
    await app.menu("nav_jobs").click();
    await app.page.getByRole("main").getByRole("link", { name: JOB }).first().click();
    await app.page.getByRole("button", { name: text("ask_cancel") }).click();
  },
  "look at the diagnostics": ({ app }) => app.page.getByRole("link", { name: text("nav_diagnostics") }).click(),
  // Before the app there is an empty page without any actions.
  "go back": async ({ app }) => {
    await app.page.goBack();
    if (app.page.url() === "about:blank") await app.page.goForward();
  },
  reload: ({ app }) => app.page.reload(),
  "sign out": ({ app }) => app.signOut(),
  "clear the form": ({ app }) => app.page.getByRole("button", { name: text("clear_form") }).click(),
};

/** The relative frequency of each action. */
const OFTEN: readonly (keyof typeof DEEDS)[] = [
  ...Array<string>(5).fill("choose"),
  ...Array<string>(6).fill("review and confirm"),
  "review and cancel",
  "look at the jobs",
  "look at the jobs",
  "look at the diagnostics",
  "ask to cancel",
  "ask to cancel",
  "go back",
  "reload",
  "reload",
  "sign out",
  "clear the form",
];

interface Recorded {
  id: string;
  task?: string;
  request: { action: string; userName?: string };
  stands: { phase: string; end?: string; status?: string; result?: string; candidates?: string[] };
}

/** The records of a tab's jobs, as saved. */
async function records({ app }: Tab): Promise<Recorded[]> {
  const page = app.page;
  await app.menu("nav_jobs").click();
  const links = page.getByRole("main").getByRole("link", { name: JOB });
  const hrefs = await links.evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  const found: Recorded[] = [];
  for (const href of hrefs.filter((href) => href.includes("/jobs/"))) {
    await page.evaluate((to) => (location.hash = to), href);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: either(text("save_record_json"), text("save_records_json")) }).click();
    const record = JSON.parse(await readFile(await (await saved).path(), "utf8")) as { jobs: Recorded[] };
    found.push(...record.jobs);
  }
  return found;
}

/** Lets all jobs end that can. */
async function settle(tabs: readonly Tab[], simulator: Simulator): Promise<void> {
  await simulator.faults();
  for (const { app } of tabs) {
    // A tab in the background polls less often.
    await app.page.bringToFront();
    if (await app.gate.isVisible()) await app.page.keyboard.press("Escape");
    // A call in flight may still end the sign-in.
    await expect(async () => {
      expect(await signedIn(app)).toBe(true);
      await app.menu("nav_jobs").click({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    await expect(async () => {
      await simulator.advance(30_000);
      await expect(app.page.getByRole("navigation").getByText(textPattern("jobs_running"))).toHaveCount(0, { timeout: 100 });
      for (const open of [text("headline_sending"), text("headline_watched"), text("headline_cancelling"), text("headline_confirmed"), textPattern("headline_connection_lost")]) {
        await expect(app.page.getByRole("main").getByText(open)).toHaveCount(0, { timeout: 100 });
      }
    }).toPass({ timeout: 90_000 });
  }
}

test(`fault: chaos: ${ACTIONS} actions, seed ${SEED}: every job matches its task`, needs("tabs"), async ({ app, page, simulator, guard }) => {
  test.setTimeout(120_000 + ACTIONS * 15_000);
  // Cancelling is off by default.
  await page.context().route("**/config.json", (route) => route.fulfill({ json: { cancel: true } }));
  await app.open();
  const tabs: Tab[] = [{ app }];
  page.on("dialog", (dialog) => void dialog.accept());
  let done = 0;
  for (let n = 1; n <= ACTIONS; n++) {
    if (tabs.length < 2 && n > ACTIONS / 4) {
      const other = await page.context().newPage();
      other.setDefaultTimeout(PATIENCE);
      other.on("dialog", (dialog) => void dialog.accept());
      tabs.push({ app: new Console(other, simulator) });
      await tabs[1]!.app.open();
    }
    page.setDefaultTimeout(PATIENCE);
    // Separate random numbers for each action: how many one uses does not change later ones.
    const random = numbers(SEED * 100_003 + n);
    const pick = <T,>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
    const [at, name, fault] = [pick(tabs), pick(OFTEN), pick(FAULTS)];
    await at.app.page.bringToFront();
    await simulator.faults({ path: "/mgmt/*", chance: FAULTY, fault });
    const outcome = !(await signedIn(at.app))
      ? "not signed in"
      : await DEEDS[name]!(at, pick).then(
          () => ((done += 1), "done"),
          // A missing element can't be clicked. Every other error is a finding.
          (error: Error) => {
            if (!/Timeout|toPass|aborted/.test(error.message)) throw error;
            return "not possible now";
          },
        );
    console.log(`${n}/${ACTIONS} tab ${tabs.indexOf(at) + 1}: ${name}, ${fault.kind}: ${outcome}`);
    // Only signing in again closes that dialog.
    const asked = await at.app.again.isVisible();
    if (!asked && (await at.app.gate.isVisible())) await at.app.page.keyboard.press("Escape");
    await expect(at.app.page.locator("main.stopped")).toHaveCount(0);
  }
  expect(done).toBeGreaterThan(ACTIONS / 4);
  await settle(tabs, simulator);

  const jobs = (await Promise.all(tabs.map((tab) => records(tab)))).flat();
  const tasks = await simulator.tasks("manager");
  const sent = (await simulator.calls("POST", KILL)).length;
  const confirmed = tabs.reduce((sum, tab) => sum + tab.app.confirmed, 0);
  // A long run with almost no kills shows nothing.
  expect(tasks.length).toBeGreaterThanOrEqual(Math.floor(ACTIONS / 50));
  const cancelled = tasks.filter(({ status }) => /^CANCEL/.test(status)).length;
  console.log(`${confirmed} confirmations, ${jobs.length} jobs, ${sent} requests, ${tasks.length} tasks, ${cancelled} of them cancelled`);
  expect(sent).toBeLessThanOrEqual(confirmed);
  expect(tasks.length).toBeLessThanOrEqual(sent);
  // No job is lost, duplicated or invented.
  expect(jobs.length).toBeGreaterThanOrEqual(sent);
  expect(jobs.length).toBeLessThanOrEqual(confirmed);
  expect(new Set(jobs.map((job) => job.id)).size).toBe(jobs.length);
  // Each job with a task shows that task's result; no task belongs to two jobs.
  const claimed = jobs.flatMap((job) => (job.task ? [job.task] : []));
  expect(new Set(claimed).size).toBe(claimed.length);
  for (const job of jobs.filter((job) => job.task)) {
    const task = tasks.find(({ id }) => id === job.task);
    expect(task, `job ${job.id}'s task exists`).toBeTruthy();
    expect([job.request.action, job.request.userName]).toEqual([task?.action, task?.userName]);
    // Curfew treats the two spellings of this status as one.
    const status = task?.status.replace("CANCELED", "CANCELLED");
    expect([job.stands.phase, job.stands.status], `job ${job.id}`).toEqual(["ended", status]);
    if (task?.result) expect(job.stands.result).toBe(task.result);
  }
  // For each task without a job, a job says that it does not know.
  const open = jobs.filter((job) => job.stands.phase === "unknown");
  const unclaimed = tasks.filter(({ id }) => !claimed.includes(id));
  expect(unclaimed.length).toBeLessThanOrEqual(open.length);
  // Jobs shown as not sent or not started are correct.
  const nothing = jobs.filter((job) => ["not-sent", "rejected", "waiting"].includes(job.stands.phase));
  expect(nothing.length + tasks.length).toBeLessThanOrEqual(jobs.length);
  // The browser reports failed requests itself; nothing else may have gone wrong.
  expect(guard.troubles).toEqual([]);
});
