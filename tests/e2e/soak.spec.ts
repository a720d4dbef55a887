// A shift in one page: sign-in, then hours of polling, token exchanges, kills and navigation by a virtual clock, until
// BIG-IQ's ten-hour window ends. Nothing may grow, and no more may be asked than is needed.
//
// SOAK=full takes 11 hours in steps; with SOAK=short the refresh token's life is shortened and one hour stands for the shift.

import type { CDPSession } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { FINISHED } from "./support/console";
import { KILL } from "./support/simulator";

const FULL = process.env.SOAK === "full";
const MINUTE = 60_000;
/** Length of the refresh token's life, of the whole soak, and of a step, in minutes of the virtual clock. */
const [WINDOW, LENGTH, STEP] = FULL ? [600, 660, 2] : [50, 55, 1];
/** A kill each so many steps. */
const KILLS = FULL ? 15 : 6;

test.use({ simulatorOptions: ["--set", `refreshSeconds=${WINDOW * 60}`] });

interface Weight {
  heap: number;
  nodes: number;
  listeners: number;
  timers: number;
}

/** What the page weighs, after a collection of garbage. */
async function weigh(client: CDPSession): Promise<Weight> {
  for (let n = 0; n < 3; n++) await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  const { result } = await client.send("Runtime.evaluate", { expression: "window.openTimers.size", returnByValue: true });
  return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners"), timers: Number(result.value) };
}

test(`soak: ${LENGTH} minutes: nothing grows, a token is exchanged once a life, and the window's end asks for a sign-in`, async ({
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
    // Counts what the app has set and neither cleared nor had run.
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
  await app.open();
  // By the page's clock, which goes on by itself while a step takes its time.
  const clock = () => page.evaluate(() => Date.now());
  const began = await clock();
  await app.begin();
  const client = await context.newCDPSession(page);
  await client.send("Performance.enable");

  const weights: Weight[] = [];
  let asked = -1;
  let minute = 0;
  for (let step = 0; minute < LENGTH; step++) {
    if (step % KILLS === 1 && minute < WINDOW - 5) {
      await app.menu("Kill sessions").click();
      await app.users("nobody");
      if (step === 1) await app.choose({ device: ["lone.example.test"] });
      await app.review();
      await page.clock.runFor(1_000);
      await app.confirm();
      await expect(async () => {
        await page.clock.runFor(1_000);
        await expect(app.shown(FINISHED)).toBeVisible({ timeout: 250 });
      }).toPass();
      await app.menu("Jobs").click();
      await page.getByRole("link", { name: "Diagnostics" }).click();
    }
    await simulator.advance(STEP * MINUTE);
    await page.clock.fastForward(STEP * MINUTE);
    await app.menu("Kill sessions").click({ timeout: 1_000 }).catch(() => {});
    const refresh = page.getByRole("button", { name: "Refresh", exact: true });
    if (!(await app.again.isVisible())) await refresh.click();
    await expect(refresh.or(app.again).first()).toBeVisible();
    await page.clock.runFor(500);
    minute = ((await clock()) - began) / MINUTE;
    if (step % KILLS === KILLS - 1 && minute < WINDOW) weights.push(await weigh(client));
    if (await app.again.isVisible()) {
      asked = minute;
      break;
    }
  }
  // Not before the window ends, and with the next use after it.
  expect(asked).toBeGreaterThanOrEqual(WINDOW);
  expect(asked).toBeLessThanOrEqual(WINDOW + 3 * STEP);
  // A token lives for five minutes and is exchanged when fewer than 90 s remain.
  const exchanges = await simulator.calls("POST", "/mgmt/shared/authn/exchange");
  expect(exchanges.length).toBeLessThanOrEqual(Math.ceil(WINDOW / 3.5) + 2);
  expect(exchanges.length).toBeGreaterThanOrEqual(Math.floor(WINDOW / 5) - 1);
  expect((await simulator.calls("POST", "/mgmt/shared/authn/login")).length).toBe(1);
  expect((await simulator.calls("POST", KILL)).length).toBe(app.confirmed);

  // The first weighing comes after everything was shown once.
  const [first, last] = [weights[0]!, weights.at(-1)!];
  console.log(JSON.stringify({ weighings: weights.length, first, last, exchanges: exchanges.length, kills: app.confirmed, asked }));
  expect(weights.length).toBeGreaterThan(2);
  expect(last.timers).toBeLessThanOrEqual(first.timers + 2);
  expect(last.listeners).toBeLessThanOrEqual(first.listeners * 1.1 + 10);
  expect(last.nodes).toBeLessThanOrEqual(first.nodes * 1.1 + 200);
  // Jobs are kept, so a little comes with each.
  expect(last.heap).toBeLessThanOrEqual(first.heap + 1_000_000 + app.confirmed * 50_000);
});
