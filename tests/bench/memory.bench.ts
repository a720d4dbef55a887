// How much memory the app uses, and whether it grows.

import type { Page } from "@playwright/test";
import { Console } from "../e2e/support/console";
import { expect, test } from "../e2e/support/fixtures";
import { KILL, Simulator } from "../e2e/support/simulator";
import { keepMemory, memory } from "./support/memory";
import { report } from "./support/row";
import { text } from "../e2e/support/text";

const DEVICES = 10_000;
/** Bytes of a device's entry: BIG-IQ's entries are far larger than the simulator's. */
const ENTRY = 4_000;
const JOBS = 500;
const POLLS = Number(process.env.BENCH_POLLS ?? 1_000);

/** Opens the app with an inventory of large entries; paging is followed, or ignored as some BIG-IQs may do. */
async function open(page: Page, simulator: Simulator, paging: boolean): Promise<Console> {
  await page.addInitScript(keepMemory);
  await page.route(/cm-access-allBigIpDevices\/devices\?/, async (route) => {
    const url = paging ? route.request().url() : route.request().url().replace(/&(\$|%24)(top|skip)=\d+/g, "");
    const answer = await route.fetch({ url });
    const body = (await answer.json()) as { items: { properties: Record<string, string> }[] };
    for (const item of body.items) item.properties.padding = "x".repeat(Math.max(0, ENTRY - JSON.stringify(item).length));
    await route.fulfill({ response: answer, json: body });
  });
  const app = new Console(page, simulator);
  await app.open();
  await app.begin();
  // Where paging is ignored, the number is "at least" so many.
  const devices = new RegExp(`^${text("devices")}\\b.*\\d,\\d{3}$`);
  await expect(page.getByRole("tab", { name: devices })).toBeVisible({ timeout: 120_000 });
  return app;
}

test("memory", async ({ page, context }) => {
  test.setTimeout(3_600_000);
  const simulator = await Simulator.start("--devices", String(DEVICES));
  await page.clock.install();
  const app = await open(page, simulator, true);
  // Their tasks do not end while the appliance's clock is frozen.
  await fetch(`${simulator.url}_sim/clock`, { method: "POST", body: JSON.stringify({ frozen: true }) });
  await app.users(...Array.from({ length: JOBS }, (_, i) => `user-${i}`));
  await app.choose({ device: ["slow.example.test"] });
  await app.review();
  await app.confirm();
  await expect(async () => {
    await page.clock.runFor(1_000);
    expect((await simulator.calls("POST", KILL)).length).toBe(JOBS);
  }).toPass({ timeout: 600_000 });
  const poll = async () => {
    // Without an occasional key the operator would be signed out.
    await page.keyboard.press("Shift");
    const answer = page.waitForResponse((response) => response.url().includes(KILL), { timeout: 60_000 });
    await page.clock.runFor(15_000);
    await answer;
  };
  for (let polls = 0; polls < POLLS / 20; polls += 1) await poll();
  const before = await memory(page);
  for (let polls = 0; polls < POLLS; polls += 1) await poll();
  const after = await memory(page);
  report({ name: "memory.wasm", value: before, unit: "MiB", goal: { of: "value", at: "<=", limit: 16 } });
  report({ name: "memory.wasm.growth", value: after - before, unit: "MiB", goal: { of: "value", at: "<=", limit: 0 }, runs: POLLS });

  const other = await context.newPage();
  await open(other, simulator, false);
  report({ name: "memory.wasm.one-answer", value: await memory(other), unit: "MiB", goal: { of: "value", at: "<=", limit: 96 } });
  await simulator.stop();
});
