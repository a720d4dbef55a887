// How soon the end of a task is shown, and how many calls that takes.

import type { Browser } from "@playwright/test";
import { Console, FINISHED } from "../e2e/support/console";
import { expect, test } from "../e2e/support/fixtures";
import { KILL, Simulator } from "../e2e/support/simulator";
import { shown } from "./support/clock";
import { median, report, RUNS } from "./support/row";
import { Script } from "./support/script";
import { either, pattern, text } from "../e2e/support/text";

const OVER = either(FINISHED, text("headline_failed"));
/** F5's own page polls once a second. */
const LOOP = 1_000;

interface Watched {
  /** Milliseconds from the task's end to the frame that shows it. */
  lag: number;
  /** Polls of the task until then. */
  looks: number;
  /** How long the task took. */
  took: number;
}

/** Kills on these devices with a separate browser and BIG-IQ, and watches until the end is shown. */
async function watchKill(browser: Browser, devices: number | string): Promise<Watched> {
  const simulator = await Simulator.start("--devices", "60");
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  const app = new Console(page, simulator);
  const script = await Script.signIn(simulator, "admin");
  // A healthy device takes a tenth of a second, one after the other.
  const names = typeof devices === "string" ? [devices] : await healthy(simulator, devices);
  await app.open(`#/kill?user=nobody&${names.map((name) => `device=${name}`).join("&")}`);
  await app.begin();
  await app.review();
  await app.confirm();
  const shownAt = await shown(page, OVER, "raf");
  const clock = (await (await fetch(`${simulator.url}_sim/clock`)).json()) as { nowMs: number };
  const ahead = clock.nowMs - Date.now();
  const looks = await simulator.calls("GET", `${KILL}`);
  const posted = (await simulator.calls("POST", KILL)).at(-1);
  const task = (await script.tasks()).find((task) => task.endDateTime && looks.some((look) => look.path.endsWith(task.id)));
  expect(task, "the task that was watched").toBeDefined();
  const ended = Date.parse((task?.endDateTime ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  await context.close();
  await simulator.stop();
  return {
    lag: shownAt + ahead - ended,
    looks: looks.filter((look) => look.operator === "manager").length,
    took: ended - (posted?.time ?? Number.NaN),
  };
}

async function healthy(simulator: Simulator, number: number): Promise<string[]> {
  const script = await Script.signIn(simulator, "admin");
  const path = "mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";
  const { items } = (await script.call(path)) as { items: { machineId: string; hostname: string }[] };
  const fleet = items.filter(({ hostname }) => !/example\.test$|localhost|labf/.test(hostname) || /^bigip-/.test(hostname));
  expect(fleet.length).toBeGreaterThanOrEqual(number);
  return fleet.slice(0, number).map(({ machineId }) => machineId);
}

for (const { name, devices, limit, atOnce } of [
  { name: "0.15s", devices: 1, limit: 400, atOnce: 1 },
  { name: "2s", devices: 17, limit: 600, atOnce: 1 },
  { name: "75s", devices: "silent.example.test", limit: 5_000, atOnce: RUNS },
]) {
  test(`poll, tasks of ${name}`, async ({ browser }) => {
    const seen: Watched[] = [];
    while (seen.length < RUNS) {
      seen.push(...(await Promise.all(Array.from({ length: atOnce }, () => watchKill(browser, devices)))));
    }
    report({
      name: `poll.lag.${name}`,
      value: median(seen.map(({ lag }) => lag)),
      unit: "ms",
      goal: { of: "value", at: "<=", limit },
      runs: seen.length,
    });
    // A loop that polls once a second sees the end at the first poll after it.
    const loop = Math.ceil(median(seen.map(({ took }) => took)) / LOOP);
    report({
      name: `poll.cost.${name}`,
      value: median(seen.map(({ looks }) => looks)),
      unit: "calls",
      against: loop,
      than: "of a loop of one second",
      goal: atOnce > 1 ? { of: "ratio", at: "<=", limit: 0.5 } : { of: "value", at: "<=", limit: 5 },
      runs: seen.length,
    });
  });
}

test("poll, 200 tasks at once", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users(...Array.from({ length: 200 }, (_, i) => `user-${i}`));
  await app.choose({ device: ["slow.example.test"] });
  await app.review();
  await app.confirm();
  await shown(page, pattern(text("job_batch_done", { done: 200, all: 200 })), 1_000);
  const posted = (await simulator.calls("POST", KILL)).at(-1)?.number ?? Number.NaN;
  const looks = (await simulator.calls("GET", KILL)).filter((look) => look.number > posted);
  // Calls of one round start together; rounds are at least a fifth of a second apart.
  const ticks: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of looks) {
    if (time - last > 150) ticks.push(0);
    ticks[ticks.length - 1] = (ticks.at(-1) ?? 0) + 1;
    last = time;
  }
  expect(ticks.length).toBeGreaterThan(1);
  report({
    name: "poll.cost.200",
    value: Math.max(...ticks),
    unit: "calls",
    against: 200,
    than: "a tick of one loop for each task",
    goal: { of: "value", at: "<=", limit: 2 },
    runs: ticks.length,
  });
});
