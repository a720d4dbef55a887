// Who sees little, hears the page, or has no mouse: every page and state against WCAG 2.2 AA, zoomed, in forced colours, and
// what a screen reader is told.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { listen, told } from "./support/told";

const FINISHED = "BIG-IQ finished; it does not say how many sessions ended";
const lone = { device: ["lone.example.test"] };

/** Whether nothing is wider than the page. */
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 320]) {
    test(`every page and state, ${colorScheme}, ${width} px: no violation, and no scrolling sideways`, async ({ app, page, simulator }) => {
      test.setTimeout(180_000);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      const passes = async (state: string) => {
        await test.step(state, async () => {
          await app.isAccessible();
          expect(await fits(page), "fits").toBe(true);
        });
      };
      const start = async () => {
        await page.getByRole("navigation").getByRole("link", { name: "Kill sessions" }).click();
        await page.getByRole("button", { name: "Clear the form" }).click();
      };
      await passes("sign-in");
      await page.getByRole("button", { name: "Sign in" }).click();
      await passes("sign-in with blank fields");
      await app.signIn("manager", "wrong");
      await expect(app.shown(/does not accept/)).toBeVisible();
      await passes("sign-in refused");
      await app.begin();
      await passes("kill page, nothing chosen");
      await page.getByRole("button", { name: /^Kill/ }).click();
      await passes("kill page, what is missing");
      await page.getByRole("button", { name: "Preferences" }).click();
      await passes("preferences");
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await passes("shortcuts");
      await page.keyboard.press("Escape");
      await page.getByRole("radio", { name: "Listed sessions" }).check();
      await app.choose({ cluster: ["RedCluster"] });
      await passes("listed sessions");
      await start();
      await app.users("user2", "user3");
      await app.choose({ cluster: ["BlueCluster"], device: ["red-b.example.test", "silent.example.test", "lone.example.test"] });
      await passes("a plan with warnings");
      await app.review();
      await passes("gate with names");
      await app.gate.getByRole("button", { name: "Cancel" }).click();
      await start();
      await app.users(...Array.from({ length: 12 }, (_, n) => `user${n}`));
      await app.choose(lone);
      await app.review();
      await passes("gate with a phrase");
      await app.gate.getByRole("button", { name: "Cancel" }).click();
      await start();
      await app.everybody();
      await app.choose({ group: ["TestGroup1"] });
      await app.review();
      await passes("gate for everybody");
      await app.gate.getByRole("button", { name: "Cancel" }).click();
      await start();
      await simulator.faults({ method: "POST", path: KILL, fault: { kind: "status", status: 400, message: "no" } });
      await app.users("user2");
      await app.choose(lone);
      await app.review();
      await app.act().catch(() => undefined);
      await expect(app.gate.getByText("BIG-IQ did not start the kill")).toBeVisible();
      await passes("gate, refused");
      await simulator.faults();
      await page.getByRole("button", { name: "Back to the form" }).click();
      await start();
      await app.kill("user2", { device: ["refusing.example.test"] });
      await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
      await passes("job, failed");
      await start();
      await app.users("user2", "user3");
      await app.choose(lone);
      await app.review();
      await app.confirm();
      await expect(app.shown("2 of 2 ended")).toBeVisible({ timeout: 20_000 });
      await passes("jobs of a plan");
      await page.getByRole("link", { name: "Jobs" }).click();
      await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
      await passes("jobs");
      await page.getByRole("link", { name: "Diagnostics" }).click();
      await passes("diagnostics");
      await app.open("#/nowhere");
      await expect(app.shown("No such page")).toBeVisible();
      await passes("no such page");
    });
  }
}

test("what a screen reader is told during a kill that succeeds", async ({ app, page }) => {
  await listen(page);
  await app.open();
  await app.signIn();
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  await told(page);
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  const gate = (await told(page)).filter((line) => line.startsWith("focus: "));
  expect(gate.at(-1)).toMatch(/^focus: heading Kill all sessions of user2 on 1 device/);
  await app.act();
  await expect(app.shown("Verified: all 2 sessions seen before are gone")).toBeVisible();
  const heard = await told(page);
  expect(heard.filter((line) => !/^(?:status|alert): Jobs$/.test(line)).filter(once)).toEqual([
    expect.stringMatching(/^focus: button Kill all sessions of user2/),
    "title: 1 running: Kill sessions · Curfew",
    "focus: button Kill all sessions of user2 …",
    "focus: heading Kill sessions of user2",
    "title: 1 running: Jobs · Curfew",
    "status: Running on BIG-IQ",
    "title: Ended: Jobs · Curfew",
    `status: ${FINISHED}`,
    "status: Verified: all 2 sessions seen before are gone",
  ]);
});

test("what a screen reader is told during a kill that fails", async ({ app, page }) => {
  await listen(page);
  await app.open();
  await app.signIn("manager", "wrong");
  await expect(app.shown(/does not accept/)).toBeVisible();
  expect((await told(page)).filter((line) => line.startsWith("alert: ")).join("\n")).toContain("BIG-IQ does not accept this user name and password");
  await app.begin();
  await told(page);
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown("1 session that was there before is still there.")).toBeVisible();
  const heard = await told(page);
  expect(heard.filter((line) => /^(?:title|status: (?:Running|Failed)|alert)/.test(line)).filter(once)).toEqual([
    "title: 1 running: Kill sessions · Curfew",
    "title: 1 running: Jobs · Curfew",
    "status: Running on BIG-IQ",
    "title: Trouble: Jobs · Curfew",
    "alert: Failed on BIG-IQ",
    "alert: BIG-IQ says: “Internal Error occurred”",
    expect.stringMatching(/^alert: What was done on which device is not known/),
    "status: Failed on BIG-IQ",
    "alert: 1 session that was there before is still there.",
  ]);
});

const once = (line: string, index: number, all: string[]) => all.indexOf(line) === index;

test("the main flow at 400 %: nothing scrolls sideways, and what has the focus is in sight", async ({ app, page }) => {
  // 1280 by 1024 at 400 %.
  await page.setViewportSize({ width: 320, height: 256 });
  const inSight = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return true;
      const box = at.getBoundingClientRect();
      // Something of it, not covered by what stays in place while the page scrolls.
      for (let y = Math.max(box.top, 0) + 1; y < Math.min(box.bottom, innerHeight); y += 4) {
        const hit = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), y);
        if (hit && (at.contains(hit) || hit.contains(at))) return true;
      }
      return false;
    });
  await app.begin();
  expect(await fits(page)).toBe(true);
  await app.users("user2");
  await app.choose(lone);
  await page.getByRole("heading", { level: 1 }).focus();
  for (let n = 0; n < 30; n++) {
    await page.keyboard.press("Tab");
    expect(await inSight(), await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))).toBe(true);
  }
  await app.review();
  expect(await fits(page)).toBe(true);
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await fits(page)).toBe(true);
});

test("forced colours: what is chosen and what has the focus can be told apart", async ({ app, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await app.begin();
  const tab = page.getByRole("tab", { name: "Devices" });
  await tab.click();
  await page.keyboard.press("Shift");
  const styles = await page.evaluate(() => {
    const chosen = document.querySelector("[role=tab][aria-selected=true]")!;
    const other = document.querySelector("[role=tab][aria-selected=false]")!;
    const look = (element: Element) => {
      const { color, backgroundColor, borderBlockEndColor, borderBlockEndWidth } = getComputedStyle(element);
      return [color, backgroundColor, borderBlockEndColor, borderBlockEndWidth].join(" ");
    };
    return [look(chosen), look(other), getComputedStyle(chosen).outlineStyle];
  });
  expect(styles[0]).not.toBe(styles[1]);
  expect(styles[2]).not.toBe("none");
});

test("reduced motion: nothing moves", async ({ app, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1 && animation.playState === "running").length,
  );
  expect(moving).toBe(0);
});

test("right to left: nothing scrolls sideways, and the page is mirrored", async ({ app, page }) => {
  await app.begin();
  const edge = () => page.getByRole("link", { name: "Curfew" }).evaluate((brand) => brand.getBoundingClientRect().left);
  const before = await edge();
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  expect(await edge()).toBeGreaterThan(before + 400);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await fits(page)).toBe(true);
});
