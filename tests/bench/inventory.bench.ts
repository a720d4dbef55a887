// Ten thousand devices: read, filtered, scrolled through.

import type { Page } from "@playwright/test";
import { Console } from "../e2e/support/console";
import { expect, test } from "../e2e/support/fixtures";
import { Simulator } from "../e2e/support/simulator";
import { note, noted, stroke } from "./support/clock";
import { slowProcessor } from "./support/conditions";
import { median, quantile, report, RUNS } from "./support/row";
import { OUT } from "./support/sites";
import { type Key, start, text } from "../e2e/support/text";

const DEVICES = 10_000;
/** Typed and deleted key by key. */
const TYPED = ["example", "bigip-12", "192.0.2", "cluster 1"];

type Kept = { texts: string[] };

/** Runs in the page: keeps the text of every answer that lists devices. */
function keepAnswers(): void {
  const texts: string[] = [];
  Object.assign(globalThis, { texts });
  const original = Response.prototype.arrayBuffer;
  Response.prototype.arrayBuffer = async function (this: Response) {
    const buffer = await original.call(this);
    if (this.url.includes("cm-access-allBigIpDevices/devices?")) texts.push(new TextDecoder().decode(buffer));
    return buffer;
  };
}

async function open(page: Page, simulator: Simulator): Promise<Console> {
  const app = new Console(page, simulator);
  await app.open();
  await app.begin();
  await page.getByRole("tab", { name: start(text("devices")) }).click();
  await expect(page.getByRole("listbox", { name: text("devices") }).getByRole("option").first()).toBeVisible();
  return app;
}

/** Reads the inventory again and waits for it. */
async function refresh(page: Page): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().includes("%24skip=0") || response.url().includes("$skip=0"));
  await page.getByRole("button", { name: text("refresh") }).click();
  await answer;
  await expect(page.getByRole("button", { name: text("refresh") })).toBeEnabled({ timeout: 60_000 });
}

let simulator: Simulator;

test.beforeAll(async () => {
  simulator = await Simulator.start("--devices", String(DEVICES));
});

test.afterAll(async () => {
  await simulator.stop();
});

test("inventory, decoded", async ({ page }) => {
  await page.addInitScript(keepAnswers);
  await open(page, simulator);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await page.evaluate(() => void ((globalThis as unknown as Kept).texts.length = 0));
    await refresh(page);
    const [own, parsed] = await page.evaluate(() => {
      const spans = performance.getEntriesByName("inventory.decode", "measure");
      const { texts } = globalThis as unknown as Kept;
      const begun = performance.now();
      for (const text of texts) JSON.parse(text);
      return [spans.reduce((sum, span) => sum + span.duration, 0), performance.now() - begun];
    });
    ours.push(own ?? 0);
    theirs.push(parsed ?? 0);
  }
  expect(Math.min(...ours), "the app has measured its steps").toBeGreaterThan(0);
  report({
    name: "inventory.decode",
    value: median(ours),
    unit: "ms",
    against: median(theirs),
    than: "JSON.parse",
    goal: { of: "ratio", at: "<=", limit: 1.4 },
    runs: RUNS,
  });
});

/** Browsers report only tasks of at least 50 ms: if there is none, the longest may have taken as long. */
const longestOf = (long: number[] = []) => Math.max(50, ...long);

test("inventory, filtered and scrolled", async ({ page, context }) => {
  await page.addInitScript(keepAnswers);
  await open(page, simulator);
  const items = await page.evaluate(() => {
    const { texts } = globalThis as unknown as Kept;
    // Don't collect the measurement's own data while it runs.
    return texts.splice(0).flatMap((text) => (JSON.parse(text) as { items: unknown[] }).items);
  });
  const other = await Simulator.start("--site", `${OUT}/sites/vanilla`, "--no-csp");
  const byHand = await context.newPage();
  await byHand.goto(`${other.url}list.html`);
  await byHand.evaluate((items) => (globalThis as unknown as { start(items: unknown[]): void }).start(items), items);

  for (const one of [page, byHand]) {
    await slowProcessor(one);
    await note(one);
  }
  const strokes = new Map<Page, number[]>([[page, []], [byHand, []]]);
  const long = new Map<Page, number[]>([[page, []], [byHand, []]]);
  // The list by hand has its own words.
  const named = (one: Page, key: Key) => (one === page ? { name: text(key) } : {});
  for (const typed of TYPED) {
    for (const one of [page, byHand]) {
      await one.bringToFront();
      await one.getByRole("searchbox", named(one, "filter_devices")).focus();
      await noted(one);
      for (const key of typed) await stroke(one, key === " " ? "Space" : key);
      for (let at = 0; at < typed.length; at += 1) await stroke(one, "Backspace");
      const seen = await noted(one);
      strokes.get(one)?.push(...seen.strokes);
      long.get(one)?.push(...seen.long);
    }
  }
  const of = (one: Page) => strokes.get(one) ?? [];
  const runs = of(page).length;
  report({
    name: "inventory.filter",
    value: quantile(of(page), 0.95),
    unit: "ms",
    against: quantile(of(byHand), 0.95),
    than: "a list by hand, 95th percentile",
    goal: { of: "ratio", at: "<=", limit: 1.1 },
    runs,
  });
  report({
    name: "inventory.filter.longest",
    value: longestOf(long.get(page)),
    unit: "ms",
    against: longestOf(long.get(byHand)),
    than: "the list by hand",
    goal: { of: "ratio", at: "<=", limit: 1.1 },
    runs,
  });

  const flings = 60;
  let nodes = 0;
  const longest = new Map<Page, number>();
  for (const one of [page, byHand]) {
    await one.bringToFront();
    const list = one.getByRole("listbox", named(one, "devices"));
    await list.hover();
    // A search by role would take longer than the measured time.
    const found = await list.elementHandle();
    await noted(one);
    for (let fling = 0; fling < flings; fling += 1) {
      await one.mouse.wheel(0, fling < flings / 2 ? 13_000 : -13_000);
      const seen = await found?.evaluate((list) => new Promise<number>((resolve) => {
        requestAnimationFrame(() => resolve(list.querySelectorAll("*").length));
      }));
      if (one === page) nodes = Math.max(nodes, seen ?? 0);
    }
    longest.set(one, longestOf((await noted(one)).long));
  }
  report({
    name: "inventory.scroll",
    value: longest.get(page) ?? 0,
    unit: "ms",
    against: longest.get(byHand) ?? 0,
    than: "the list by hand",
    goal: { of: "ratio", at: "<=", limit: 0.8 },
    runs: flings,
  });
  report({ name: "inventory.scroll.nodes", value: nodes, unit: "nodes", goal: { of: "value", at: "<=", limit: 500 }, runs: flings });
  await other.stop();
});
