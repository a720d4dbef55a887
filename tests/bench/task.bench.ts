// One user, killed everywhere and verified, by keyboard only: how many keys that takes, and how long by the keystroke-level model.
// And how soon the search shows sessions, compared with the appliance's own time.

import type { Page } from "@playwright/test";
import { expect, test } from "../e2e/support/fixtures";
import { Console } from "../e2e/support/console";
import { KILL, Simulator } from "../e2e/support/simulator";
import { text, textPattern } from "../e2e/support/text";
import { median, report, RUNS } from "./support/row";
import type { Task } from "./support/script";

/** Seconds of the keystroke-level model (Card, Moran, Newell 1980): a key of a skilled typist, and a decision. */
const KEY = 0.2;
const THINK = 1.35;

/** An operator who takes as long as the model says, and waits for the page where it is slower. */
class Operator {
  keys = 0;
  decisions = 0;
  /** Seconds. */
  waited = 0;

  constructor(private readonly page: Page) {}

  /** Decides what comes next. */
  async think(): Promise<void> {
    this.decisions += 1;
    await this.page.waitForTimeout(1000 * THINK);
  }

  async type(words: string): Promise<void> {
    this.keys += words.length;
    await this.page.keyboard.type(words, { delay: 1000 * KEY });
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.page.keyboard.press(key);
    await this.page.waitForTimeout(1000 * KEY);
  }

  /** Waits for the page. */
  async wait(until: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await until();
    this.waited += (performance.now() - begun) / 1000;
  }

  /** Milliseconds by the model. */
  get time(): number {
    return 1000 * (this.keys * KEY + this.decisions * THINK + this.waited);
  }
}

/** Leaves out the simulator's devices that fail in some way: with them, not everything can be verified. */
async function withoutFailing(page: Page): Promise<void> {
  await page.route(/cm-access-allBigIpDevices\/devices\?/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: unknown[] };
    const fails = /"(?:partial|slow|silent|refusing|newcomer|traffic|bare|pending)\.example\.test"/;
    body.items = body.items.filter((item) => !fails.test(JSON.stringify(item)));
    await route.fulfill({ response: answer, json: body });
  });
}

async function signIn(page: Page, operator: Operator): Promise<void> {
  // A name and its password are one thought. The focus is in the first field.
  await operator.think();
  await operator.type("manager");
  await operator.press("Tab");
  await operator.type("manager");
  await operator.press("Enter");
}

/** Reads the gate, confirms, and waits for the proof. */
async function confirm(page: Page, operator: Operator, app: Console): Promise<void> {
  await operator.wait(() => expect(app.gate).toBeVisible());
  // The gate accepts no key before it can have been read: a decision takes longer than that.
  await operator.think();
  app.confirmed += 1;
  await operator.press("Enter");
  const waited = operator.waited;
  await operator.wait(() => expect(page.getByRole("main").getByText(textPattern("headline_verified")).first()).toBeVisible());
  // BIG-IQ's own time is not Curfew's.
  const [post] = await app.simulator.calls("POST", KILL);
  const [task] = (await app.simulator.tasks("manager")) as Partial<Task>[];
  const own = (Date.parse(task?.endDateTime ?? "") - (post?.time ?? Number.NaN)) / 1000;
  expect(own).toBeGreaterThan(0);
  operator.waited = Math.max(waited, operator.waited - own);
}

/** The search: sign in, type the name, review, confirm. */
async function bySearch(page: Page, app: Console): Promise<Operator> {
  const operator = new Operator(page);
  await app.open("");
  await expect(page.getByLabel(text("user_name"))).toBeFocused();
  await signIn(page, operator);
  await operator.think();
  await operator.wait(() => expect(page.getByRole("searchbox", { name: text("find_label") })).toBeFocused());
  await operator.type("user2");
  // The sessions are shown; Enter reviews.
  await operator.think();
  await operator.press("Enter");
  await confirm(page, operator, app);
  return operator;
}

/** A link that fills in the user and the targets: sign in, review, confirm. */
async function byLink(page: Page, app: Console): Promise<Operator> {
  const operator = new Operator(page);
  await app.open("#/kill?user=user2&everywhere=1");
  await page.reload();
  await expect(page.getByLabel(text("user_name"))).toBeFocused();
  await signIn(page, operator);
  await operator.wait(() => expect(page.getByRole("button", { name: text("review_user", { user: "user2" }) })).toBeVisible());
  await operator.think();
  await operator.press("Enter");
  await confirm(page, operator, app);
  return operator;
}

for (const [name, act, keys, limit] of [
  ["", bySearch, 23, 12_000],
  [".link", byLink, 18, 9_000],
] as const) {
  test(`task, by keyboard${name && ", from a link"}`, async ({ browser }) => {
    const times: number[] = [];
    let pressed = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const simulator = await Simulator.start("--set", "returningPerMille=0");
      const context = await browser.newContext();
      const page = await context.newPage();
      await withoutFailing(page);
      const operator = await act(page, new Console(page, simulator));
      pressed = operator.keys;
      times.push(operator.time);
      await context.close();
      await simulator.stop();
    }
    report({ name: `task.keys${name}`, value: pressed, unit: "keys", goal: { of: "value", at: "<=", limit: keys }, runs: RUNS });
    report({ name: `task.time${name}`, value: median(times), unit: "ms", goal: { of: "value", at: "<=", limit }, runs: RUNS });
  });
}

const LATENCY = 150;
const AT_ONCE = 8;

test("find, the first row and 200 units", async ({ browser }) => {
  const first: number[] = [];
  const all: number[] = [];
  let reads = 0;
  for (let run = 0; run < Math.min(RUNS, 3); run += 1) {
    const simulator = await Simulator.start("--devices", "400", "--sessions", "5", "--set", `latencyMs=[${LATENCY},${LATENCY}]`);
    const context = await browser.newContext();
    const page = await context.newPage();
    const app = new Console(page, simulator);
    await app.open("");
    await app.signIn();
    await expect(page.getByRole("searchbox", { name: text("find_label") })).toBeFocused();
    // The devices are listed; no session is read yet.
    await page.waitForLoadState("networkidle");
    const begun = performance.now();
    await page.keyboard.type("user");
    await page.waitForFunction(() => document.querySelector(".find-results [role=gridcell]"), undefined, { polling: "raf" });
    first.push(performance.now() - begun);
    await expect(page.getByRole("button", { name: text("find_read_rest") })).toBeVisible({ timeout: 120_000 });
    const calls = (await simulator.calls("GET")).filter(({ path }) => path.includes("rest-proxy"));
    const times = calls.map(({ time }) => time);
    all.push(Math.max(...times) + LATENCY - Math.min(...times));
    reads = calls.length;
    await context.close();
    await simulator.stop();
  }
  report({
    name: "find.first",
    value: median(first),
    unit: "ms",
    against: 1.2 * LATENCY + 300,
    than: "1.2 reads + 300 ms",
    goal: { of: "ratio", at: "<=", limit: 1 },
    runs: first.length,
  });
  report({
    name: "find.all",
    value: median(all),
    unit: "ms",
    against: (reads * LATENCY) / AT_ONCE,
    than: "reads x latency / 8",
    goal: { of: "ratio", at: "<=", limit: 1.25 },
    runs: all.length,
  });
});
