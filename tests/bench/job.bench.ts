// The page of a job with 10,000 devices, compared with one of ten.

import { Console } from "../e2e/support/console";
import { expect, test } from "../e2e/support/fixtures";
import { KILL, Simulator } from "../e2e/support/simulator";
import { median, report, RUNS } from "./support/row";
import { text, textPattern } from "../e2e/support/text";
import type { Page } from "@playwright/test";

const MANY = 10_000;
const FAILED = 100;

/** The devices that BIG-IQ names for a task, and the failures that it reports. */
function answer(devices: number): Record<string, unknown> {
  const ids = Array.from({ length: devices }, (_, n) => `m${String(n).padStart(5, "0")}`);
  return {
    "/deviceReferences": ids.map((id) => ({ link: `https://localhost/mgmt/cm/system/machineid-resolver/${id}` })),
    "/errors": ids.slice(0, devices / (MANY / FAILED)).map((id) => ({ deviceMachineId: id, errorMessage: "No licence" })),
  };
}

async function kill(app: Console, page: Page, devices: number, user: string): Promise<void> {
  await app.simulator.faults({ method: "GET", path: `${KILL}/*`, fault: { kind: "edit", set: answer(devices) } });
  await app.menu("nav_kill").click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.kill(user, { device: ["lone.example.test"] });
  await expect(page.getByText(textPattern("headline_added")).first()).toBeVisible({ timeout: 60_000 });
}

/** From the click on the row of a job to the end of the frame that shows its page, in milliseconds. */
async function first(app: Console, page: Page, user: string): Promise<number> {
  await app.menu("nav_jobs").click();
  const link = page.getByRole("row").filter({ hasText: text("this_tab") }).getByRole("link", { name: text("job_of_user", { user }) });
  await expect(link).toBeVisible();
  return link.evaluate(
    (link) =>
      new Promise<number>((resolve) => {
        const begun = performance.now();
        (link as HTMLElement).click();
        const look = () => {
          if (document.querySelector(".stepper-label") === null) return void requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
        };
        requestAnimationFrame(look);
      }),
  );
}

test("the page of a job with 10,000 devices", async ({ browser }) => {
  test.setTimeout(600_000);
  const simulator = await Simulator.start();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  const app = new Console(page, simulator);
  await app.open();
  await app.begin();
  await kill(app, page, MANY / 1_000, "user3");
  await kill(app, page, MANY, "user2");
  await simulator.faults();
  const times: Record<string, number[]> = { user2: [], user3: [] };
  for (let run = 0; run < RUNS; run += 1) {
    for (const user of ["user2", "user3"]) times[user]?.push(await first(app, page, user));
  }
  report({
    name: "job.page.first",
    value: median(times["user2"] ?? []),
    unit: "ms",
    against: median(times["user3"] ?? []),
    than: "the page of a job with ten devices",
    goal: { of: "ratio", at: "<=", limit: 1.2 },
    runs: RUNS,
  });
  await first(app, page, "user2");
  const list = page.getByRole("region", { name: text("outcome") }).getByRole("listbox");
  await expect(list).toBeVisible();
  await page.waitForTimeout(1_000);
  await page.evaluate(() => void ((globalThis as unknown as { tasks: number[] }).tasks.length = 0));
  await list.focus();
  for (const key of ["PageDown", "PageDown", "End", "Home", "ArrowDown"]) await page.keyboard.press(key);
  await list.evaluate((list) => list.scrollTo({ top: 200_000 }));
  await page.getByText(text("job_timeline")).click();
  await page.getByText(text("job_timeline")).click();
  await page.getByRole("button", { name: text("copy_record") }).click();
  await page.waitForTimeout(1_000);
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks));
  report({ name: "job.page.task", value: longest, unit: "ms", goal: { of: "value", at: "<=", limit: 50 } });
  await context.close();
  await simulator.stop();
});
