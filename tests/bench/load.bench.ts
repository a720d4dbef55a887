// The time from the address to a sign-in form. The same server serves all sides, with the same compression.

import type { Browser, BrowserContext } from "@playwright/test";
import { expect, test } from "../e2e/support/fixtures";
import { Simulator } from "../e2e/support/simulator";
import { slow } from "./support/conditions";
import { byTurns, median, report, RUNS } from "./support/row";
import { OUT } from "./support/sites";

interface Seen {
  /** The first contentful paint. */
  painted: number;
  /** A form exists that accepts input and remembers a click on its button. */
  usable: number;
  /** The form that signs in: the app's own, if the document shows another one first. */
  live: number;
}

interface Transfer {
  bytes: number;
  type: string;
  url: string;
}

type Measured = Seen & { transfers: Transfer[] };

const SITES = {
  curfew: [],
  react: ["--site", `${OUT}/sites/react`, "--no-csp"],
  vanilla: ["--site", `${OUT}/sites/vanilla`, "--no-csp"],
  beside: ["--site", `${OUT}/sites/beside`, "--no-csp"],
  files: ["--site", `${OUT}/sites/files`, "--no-csp"],
};
type Site = keyof typeof SITES;

/** Runs in the page before everything else. */
function watch(): void {
  const seen: Seen = { painted: 0, usable: 0, live: 0 };
  Object.assign(globalThis, { seen });
  let listens = false;
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...args: Parameters<typeof add>) {
    if (args[0] === "submit") listens = true;
    add.apply(this, args);
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) seen.painted = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  const look = () => {
    const field = document.querySelector<HTMLInputElement>("input[type=password]");
    const shown = listens && field !== null && !field.disabled && field.getClientRects().length > 0;
    if (shown && seen.usable === 0) seen.usable = performance.now();
    if (shown && !document.getElementById("boot")) seen.live = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** One visit on a slow connection. */
async function visit(context: BrowserContext, url: string, site: Site): Promise<Measured> {
  const page = await context.newPage();
  const session = await slow(page);
  const transfers: Transfer[] = [];
  const sent = new Map<string, Omit<Transfer, "bytes">>();
  session.on("Network.requestWillBeSent", ({ requestId, type, request }) => sent.set(requestId, { type: type ?? "", url: request.url }));
  session.on("Network.requestServedFromCache", ({ requestId }) => sent.delete(requestId));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength: bytes }) => {
    const request = sent.get(requestId);
    if (request && bytes > 0) transfers.push({ ...request, bytes });
  });
  await page.addInitScript(watch);
  await page.goto(url, { waitUntil: "commit" });
  let seen: Seen;
  if (site === "files") {
    const ready = await page.waitForFunction(() => (globalThis as unknown as { fetched?: number }).fetched);
    seen = { painted: 0, usable: 0, live: (await ready.jsonValue()) ?? 0 };
  } else {
    const ready = await page.waitForFunction(() => {
      const { seen } = globalThis as unknown as { seen: Seen };
      return seen.live > 0 && seen.painted > 0 && seen;
    });
    seen = (await ready.jsonValue()) as Seen;
  }
  await page.waitForLoadState("load");
  await page.close();
  return { ...seen, transfers };
}

async function cold(browser: Browser, url: string, site: Site): Promise<Measured> {
  const context = await browser.newContext();
  const seen = await visit(context, url, site);
  await context.close();
  return seen;
}

const simulators = {} as Record<Site, Simulator>;

test.beforeAll(async () => {
  for (const site of Object.keys(SITES) as Site[]) simulators[site] = await Simulator.start(...SITES[site]);
});

test.afterAll(async () => {
  for (const simulator of Object.values(simulators)) await simulator.stop();
});

test("load, cold", async ({ browser }) => {
  const visits = (site: Site) => () => cold(browser, simulators[site].url, site);
  const seen = await byTurns(RUNS, {
    curfew: visits("curfew"),
    react: visits("react"),
    vanilla: visits("vanilla"),
    beside: visits("beside"),
    files: visits("files"),
  });
  const mid = (site: Site, what: keyof Seen) => median(seen[site].map((one) => one[what]));
  const shared = { unit: "ms", runs: RUNS };
  report({
    ...shared,
    name: "load.usable.slow",
    value: mid("curfew", "usable"),
    against: mid("react", "usable"),
    than: "React's form",
    goal: { of: "ratio", at: "<=", limit: 1 },
  });
  report({
    ...shared,
    name: "load.usable.slow.live",
    value: mid("curfew", "live"),
    against: mid("files", "live"),
    than: "fetching the files",
    goal: { of: "ratio", at: "<=", limit: 1.2 },
  });
  report({
    ...shared,
    name: "load.usable.slow.react",
    value: mid("curfew", "live"),
    against: mid("react", "live"),
    than: "React's form, both signing in",
    goal: { of: "ratio", at: "<=", limit: 1.2 },
  });
  report({
    ...shared,
    name: "load.first-paint",
    value: mid("curfew", "painted"),
    against: mid("beside", "painted"),
    than: "a page by hand that requests the same files",
    goal: { of: "ratio", at: "<=", limit: 1.1 },
  });
});

test("load, a second visit", async ({ browser }) => {
  const again = (site: Site) => async () => {
    const context = await browser.newContext();
    const first = await context.newPage();
    await first.goto(simulators[site].url, { waitUntil: "networkidle" });
    await first.close();
    const second = await visit(context, simulators[site].url, site);
    await context.close();
    return second;
  };
  const seen = await byTurns(RUNS, { curfew: again("curfew"), vanilla: again("vanilla") });
  const shared = { runs: RUNS };
  report({
    ...shared,
    name: "load.repeat",
    unit: "ms",
    value: median(seen.curfew.map((one) => one.usable)),
    against: median(seen.vanilla.map((one) => one.usable)),
    than: "a page by hand",
    goal: { of: "ratio", at: "<=", limit: 1.15 },
  });
  const bytes = (one: Measured, wanted: (type: string) => boolean) =>
    Math.max(0, ...one.transfers.filter(({ type }) => wanted(type)).map((transfer) => transfer.bytes));
  const largest = seen.curfew.map((one) => bytes(one, (type) => type !== "Document"));
  const documents = seen.curfew.map((one) => bytes(one, (type) => type === "Document"));
  expect(Math.min(...documents), "the document is asked for each time").toBeGreaterThan(0);
  report({
    ...shared,
    name: "load.repeat.largest",
    unit: "bytes",
    value: Math.max(...largest),
    against: Math.min(...documents),
    than: "the document",
    goal: { of: "ratio", at: "<=", limit: 1 },
  });
});
