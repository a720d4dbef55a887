// A work shift on one page: sign-in, then hours of polling, token exchanges, kills of one user and of several, and
// navigation, with a virtual clock, next to a task that never ends, until BIG-IQ's ten-hour window is over. Nothing may
// grow, and there may be no unnecessary requests.
//
// SOAK=full simulates 11 hours in steps; SOAK=short shortens the refresh token's life, and one hour stands for the
// shift.

import type { CDPSession } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { FINISHED } from "./support/console";
import { KILL } from "./support/simulator";
import { start, text } from "./support/text";
import { needs } from "./support/needs";

const FULL = process.env.SOAK === "full";
const MINUTE = 60_000;
/** The refresh token's life, the whole run and one step, in minutes of the virtual clock. */
const [WINDOW, LENGTH, STEP] = FULL ? [600, 660, 2] : [50, 55, 1];
/** A confirmation every this many steps: in turn for one user and for several at once. */
const KILLS = FULL ? 15 : 6;
/** In the last third there are no more kills: then nothing may grow at all. */
const QUIET = (WINDOW * 2) / 3;
// No more at once: with more than three running tasks Curfew reads BIG-IQ's list, which shows the true state of the
// endless task.
const USERS = [["nobody"], ["nobody", "no-one"]];

test.use({ simulatorOptions: ["--set", `refreshSeconds=${WINDOW * 60}`] });

interface Weight {
  heap: number;
  nodes: number;
  listeners: number;
  timers: number;
  /** The memory of the WebAssembly module, which never shrinks. */
  wasm: number;
}

/** How much a page may grow without new content. */
const MEBI = 1_048_576;

/** The memory use of the page, after garbage collection. */
async function weigh(client: CDPSession): Promise<Weight> {
  for (let n = 0; n < 3; n++) await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  const number = async (expression: string) =>
    Number((await client.send("Runtime.evaluate", { expression, returnByValue: true })).result.value);
  return {
    heap: of("JSHeapUsedSize"),
    nodes: of("Nodes"),
    listeners: of("JSEventListeners"),
    timers: await number("window.openTimers.size"),
    wasm: await number("window.wasmMemory.buffer.byteLength"),
  };
}

test(`soak: ${LENGTH} minutes: nothing grows, a token is exchanged once per life, and the end of the window asks for a sign-in`, needs("size"), async ({
  app,
  page,
  context,
  simulator,
}) => {
  test.skip(!process.env.SOAK, "takes minutes: only with make test-full");
  test.setTimeout(FULL ? 1_800_000 : 240_000);
  await context.route("**/config.json", (route) => route.fulfill({ json: { idleMinutes: 0 } }));
  await page.clock.install();
  await page.addInitScript(() => {
    // Counts the app's pending timers.
    const open = new Set<number>();
    Object.assign(window, { openTimers: open });
    const { setTimeout: set, clearTimeout: clear } = window;
    window.setTimeout = ((run: () => void, ms?: number, ...rest: unknown[]) => {
      const id: number = set(
        () => {
          open.delete(id);
          run();
        },
        ms,
        ...rest,
      ) as unknown as number;
      open.add(id);
      return id;
    }) as typeof window.setTimeout;
    window.clearTimeout = (id) => {
      open.delete(id as number);
      clear(id);
    };
  });
  await page.addInitScript(() => {
    // The first module is the app's; modules loaded later use its memory.
    for (const name of ["instantiate", "instantiateStreaming"] as const) {
      const real = WebAssembly[name].bind(WebAssembly) as (...args: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
      const watched = async (...args: unknown[]) => {
        const made = await real(...args);
        const { memory } = (made.instance ?? made).exports as { memory?: WebAssembly.Memory };
        if (memory && !("wasmMemory" in window)) Object.assign(window, { wasmMemory: memory });
        return made;
      };
      Object.assign(WebAssembly, { [name]: watched });
    }
  });
  await app.open();
  // By the page's clock, which also advances during a step.
  const clock = () => page.evaluate(() => Date.now());
  const began = await clock();
  // BIG-IQ ends a sign-in by its own clock, and over hours of small steps the two clocks drift apart by seconds.
  const bigiqs = async () => ((await (await fetch(`${simulator.url}_sim/clock`)).json()) as { nowMs: number }).nowMs;
  const signedIn = await bigiqs();
  await app.begin();
  const client = await context.newCDPSession(page);
  await client.send("Performance.enable");

  /** Advances the clocks of the appliance and the page, with everything that happens meanwhile. */
  const run = async (ms: number) => {
    await simulator.advance(ms);
    await page.clock.runFor(ms);
  };
  /** Confirms a kill of these users, and returns its number of requests. */
  const kill = async (users: readonly string[], until: string | RegExp) => {
    await app.menu("nav_kill").click();
    await app.users(...users);
    await app.review();
    await run(1_000);
    await app.confirm();
    await expect(async () => {
      await run(1_000);
      await expect(app.shown(until)).toBeVisible({ timeout: 250 });
    }).toPass();
    return users.length;
  };

  // A running task: each poll shows it as just started.
  const regress = (path: string) => ({ method: "GET", path, fault: { kind: "status-regress" } });
  await simulator.faults(regress(`${KILL}/*`));
  await app.choose({ device: ["lone.example.test"] });
  let requests = await kill(["for-ever"], text("headline_watched"));
  const looks = () => simulator.calls("GET", `${KILL}/`);
  await expect.poll(async () => (await looks()).length).toBeGreaterThan(0);
  const endless = (await looks()).at(-1)!.path;
  await simulator.faults(regress(endless));

  const weights: (Weight & { minute: number })[] = [];
  let asked = -1;
  let minute = 0;
  for (let step = 0; minute < LENGTH; step++) {
    if (step % KILLS === 1 && minute < WINDOW - 5) {
      const users = USERS[((step - 1) / KILLS) % 2]!;
      if (minute < QUIET) requests += await kill(users, users.length === 1 ? FINISHED : text("job_batch_done", { done: users.length, all: users.length }));
      await app.menu("nav_jobs").click();
      await page.getByRole("link", { name: text("nav_diagnostics") }).click();
    }
    await simulator.advance(STEP * MINUTE);
    await page.clock.fastForward(STEP * MINUTE);
    await app.menu("nav_kill").click({ timeout: 1_000 }).catch(() => {});
    const refresh = page.getByRole("button", { name: text("refresh"), exact: true });
    if (!(await app.again.isVisible())) await refresh.click();
    await expect(refresh.or(app.again).first()).toBeVisible();
    await run(500);
    minute = ((await clock()) - began) / MINUTE;
    if (step % KILLS === KILLS - 1 && minute < WINDOW) weights.push({ ...(await weigh(client)), minute });
    if (await app.again.isVisible()) {
      asked = ((await bigiqs()) - signedIn) / MINUTE;
      break;
    }
  }
  // Not before the window ends; a token renewed just before is used for 3.5 minutes more, and then the next use ends
  // the sign-in.
  expect(asked).toBeGreaterThanOrEqual(WINDOW);
  expect(asked).toBeLessThanOrEqual(WINDOW + 3.5 + STEP);
  // A token lives for five minutes and is exchanged when fewer than 90 s are left.
  const exchanges = await simulator.calls("POST", "/mgmt/shared/authn/exchange");
  expect(exchanges.length).toBeLessThanOrEqual(Math.ceil(WINDOW / 3.5) + 2);
  expect(exchanges.length).toBeGreaterThanOrEqual(Math.floor(WINDOW / 5) - 1);
  expect((await simulator.calls("POST", "/mgmt/shared/authn/login")).length).toBe(1);
  expect((await simulator.calls("POST", KILL)).length).toBe(requests);
  // The endless task was polled in nearly every step, and is followed to its end once it ends and someone is signed in.
  const watched = (await looks()).filter(({ path }) => path === endless).length;
  expect(watched).toBeGreaterThan(0.8 * (WINDOW / STEP));
  await simulator.faults();
  await app.signInAgain();
  await app.menu("nav_jobs").click();
  await expect(page.getByRole("main").getByRole("link", { name: start(text("job_of_user", { user: "for-ever" })) })).toBeVisible();
  await expect(async () => {
    await run(1_000);
    await expect(page.getByRole("main").getByText(text("headline_watched"))).toHaveCount(0, { timeout: 250 });
  }).toPass();

  // By the second measurement, everything was shown once.
  const [first, last] = [weights[1]!, weights.at(-1)!];
  const quiet = weights.find(({ minute }) => minute > QUIET + KILLS * STEP)!;
  console.log(JSON.stringify({ weighings: weights.length, first, quiet, last, exchanges: exchanges.length, requests, watched, asked }));
  expect(weights.length).toBeGreaterThan(3);
  expect(last.timers).toBeLessThanOrEqual(first.timers + 2);
  expect(last.listeners).toBeLessThanOrEqual(first.listeners * 1.1 + 10);
  expect(last.nodes).toBeLessThanOrEqual(first.nodes * 1.1 + 200);
  // Jobs are stored, and their list shows each: each job may add this much.
  expect(last.heap).toBeLessThanOrEqual(first.heap + 1_000_000 + requests * 20_000);
  expect(last.wasm).toBeLessThanOrEqual(first.wasm + requests * 70_000);
  // Without new jobs: a list shown again, an inventory read again, or an exchanged token leaves nothing behind.
  expect(last.wasm).toBeLessThanOrEqual(quiet.wasm + MEBI / 4);
  expect(last.heap).toBeLessThanOrEqual(quiet.heap + MEBI / 4);
});
