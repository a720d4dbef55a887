// The time from "Sign in" to a console that can be used, compared with BIG-IQ's answers alone.

import type { BrowserContext, Page } from "@playwright/test";
import { Console } from "../e2e/support/console";
import { expect, test } from "../e2e/support/fixtures";
import { type Call, Simulator } from "../e2e/support/simulator";
import { text } from "../e2e/support/text";
import { slow } from "./support/conditions";
import { byTurns, median, report, RUNS } from "./support/row";
import { OUT } from "./support/sites";

/** A target that can be selected in the kill form. */
const TARGET = "[role=listbox] [role=option]";

/** Milliseconds from the press of "Sign in" to the first frame with a target. */
async function signIn(page: Page, app: Console): Promise<number> {
  await app.open();
  await page.getByLabel(text("user_name"), { exact: true }).fill("manager");
  await page.getByLabel(text("password")).fill("manager");
  const button = page.getByRole("button", { name: text("sign_in") });
  // What loads while somebody types is loaded before the press.
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => {
    addEventListener("click", (event) => Object.assign(globalThis, { pressed: event.timeStamp }), { capture: true, once: true });
  });
  await button.click();
  const ready = await page.waitForFunction(
    (target) => {
      const { pressed } = globalThis as unknown as { pressed?: number };
      return pressed !== undefined && document.querySelector(target) !== null && performance.now() - pressed;
    },
    TARGET,
    { polling: "raf" },
  );
  return (await ready.jsonValue()) as number;
}

/** Milliseconds for the same calls by a page without an app: the sign-in, then all others at once, but the pages of a list in turn. */
async function replay(page: Page, calls: Call[]): Promise<number> {
  const paths = [...new Set(calls.map(({ path }) => path))];
  const lists = paths.map((path) => calls.filter((call) => call.path === path).map(({ query }) => (query ? `${path}?${query}` : path)));
  return page.evaluate(async (lists) => {
    const begun = performance.now();
    const login = await fetch("/mgmt/shared/authn/login", { method: "POST", body: JSON.stringify({ username: "manager", password: "manager" }) });
    const { token } = (await login.json()) as { token: { token: string } };
    const read = async (calls: string[]) => {
      for (const path of calls) await (await fetch(path, { headers: { "X-F5-Auth-Token": token.token } })).arrayBuffer();
    };
    await Promise.all(lists.map(read));
    return performance.now() - begun;
  }, lists);
}

test("the console after a sign-in", async ({ browser }) => {
  const [curfew, plain] = [await Simulator.start(), await Simulator.start("--site", `${OUT}/sites/files`, "--no-csp")];
  let context: BrowserContext | undefined;
  let needed: Call[] = [];
  const app = async (): Promise<number> => {
    context ??= await browser.newContext();
    const page = await context.newPage();
    await slow(page);
    const before = (await curfew.calls("POST")).length;
    const time = await signIn(page, new Console(page, curfew));
    const [login] = (await curfew.calls("POST")).slice(before);
    // What the sign-in page itself asks is answered before.
    needed = (await curfew.calls("GET")).filter(({ number }) => number > (login?.number ?? Number.NaN));
    await page.close();
    return time;
  };
  const answers = async (): Promise<number> => {
    const page = await browser.newPage();
    await page.goto(plain.url);
    await slow(page);
    const time = await replay(page, needed);
    await page.close();
    return time;
  };
  // The first visit fills the cache, and shows which calls the console needs.
  await app();
  expect(needed.length, "the console reads").toBeGreaterThan(2);
  const seen = await byTurns(RUNS, { app, answers });
  await context?.close();
  await Promise.all([curfew.stop(), plain.stop()]);
  report({
    name: "console.ready",
    value: median(seen.app),
    unit: "ms",
    against: median(seen.answers),
    than: "BIG-IQ's answers alone",
    goal: { of: "ratio", at: "<=", limit: 1.2 },
    runs: RUNS,
  });
});
