// The search in the largest estate: 10,000 devices with 1,000,000 sessions, all of them read.

import { Console } from "../e2e/support/console";
import { expect, test } from "../e2e/support/fixtures";
import { Simulator } from "../e2e/support/simulator";
import { keepMemory, memory } from "./support/memory";
import { report } from "./support/row";
import { text } from "../e2e/support/text";

const DEVICES = 10_000;
const SESSIONS = 100;

test("the search of a million sessions", async ({ page }) => {
  test.setTimeout(1_800_000);
  const simulator = await Simulator.start();
  await fetch(`${simulator.url}_sim/reset`, { method: "POST", body: JSON.stringify({ devices: DEVICES, sessionsPerDevice: SESSIONS }) });
  await page.addInitScript(keepMemory);
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  const app = new Console(page, simulator);
  await app.open("#/");
  await app.signIn();
  const box = page.getByRole("searchbox", { name: text("find_label") });
  await expect(box).toBeFocused();
  // From here on: the list of devices is measured by itself.
  await expect(page.getByRole("button", { name: text("refresh") }).or(box).first()).toBeVisible();
  await box.pressSequentially("user23", { delay: 50 });
  await expect(page.getByRole("button", { name: text("find_read_rest") })).toBeVisible({ timeout: 120_000 });
  await page.evaluate(() => void ((globalThis as unknown as { tasks: number[] }).tasks.length = 0));
  await page.getByRole("button", { name: text("find_read_rest") }).click();
  await expect(page.getByRole("button", { name: text("find_stop") })).toBeVisible();
  await expect(page.getByRole("button", { name: text("find_stop") })).toBeHidden({ timeout: 1_500_000 });
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks));
  report({ name: "find.estate.task", value: longest, unit: "ms", goal: { of: "value", at: "<=", limit: 50 } });
  report({ name: "find.estate.memory", value: await memory(page), unit: "MiB", goal: { of: "value", at: "<=", limit: 96 } });
  await simulator.stop();
});
