// Users who see little, use a screen reader or have no mouse: every page and state against WCAG 2.2 AA, zoomed, in
// forced colours, and what a screen reader announces.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { type State, whole } from "./support/states";
import { announcements, listen } from "./support/announcements";
import { walk, WAYS } from "./support/walk";

const FINISHED = "Finished. BIG-IQ doesn’t report how many sessions ended";
const ON_LONE = "Kill sessions of user2: lone.example.test";
const lone = { device: ["lone.example.test"] };

/** Whether nothing is wider than the page. */
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

/** Each theme in each width; two neighbours in the list differ in both. */
const FORMS = [
  ["light", 1280],
  ["dark", 320],
  ["light", 320],
  ["dark", 1280],
] as const;

/** The rules that another theme or width can break even if all others pass. */
const OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];

for (const way of WAYS) {
  test(`every page and state ${way.name}, light and dark, at 1280 and 320 px: no violation, and no horizontal scrolling`, async ({ app, page, guard }) => {
    test.setTimeout(1_200_000);
    const look = async (state: State, [colorScheme, width]: (typeof FORMS)[number], rules?: string[]) =>
      test.step(`${state}, ${colorScheme}, ${width} px`, async () => {
        await page.emulateMedia({ colorScheme });
        await whole(page, width);
        await app.isAccessible(rules);
        expect(await fits(page), "nothing is wider than the page").toBe(true);
      });
    let turn = 0;
    const left = await walk(way, app, guard, async (state) => {
      if (process.env.ACCESS === "all") {
        for (const form of FORMS) await look(state, form);
      } else {
        // All rules in one combination, the rules for appearance in its opposite; the next state uses the next
        // combination.
        const first = turn++ % FORMS.length;
        await look(state, FORMS[first]!);
        await look(state, FORMS[first ^ 1]!, OF_LOOKS);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    });
    expect(left).toEqual([]);
  });
}

test("announcements from sign-in to a successful kill: each thing once", async ({ app, page }) => {
  await listen(page);
  await app.open();
  await app.signIn();
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  expect(spoken(await announcements(page))).toEqual(["focus: heading Kill sessions", "status: Reading devices, clusters and access groups", "status: 9 of 9 shown"]);
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  const gate = (await announcements(page)).filter((line) => line.startsWith("focus: "));
  expect(gate.at(-1)).toMatch(/^focus: heading Kill all sessions of user2 on 1 device/);
  await app.act();
  await expect(app.shown("Verified: all 2 sessions are gone")).toBeVisible();
  expect(await announcements(page)).toEqual([
    expect.stringMatching(/^focus: button Kill all sessions of user2/),
    "title: 1 in progress: Kill sessions · Curfew",
    "focus: button Kill all sessions of user2 …",
    "focus: heading Kill sessions of user2",
    `title: 1 in progress: ${ON_LONE} · Curfew`,
    `status: ${ON_LONE}`,
    "status: Running on BIG-IQ",
    `title: Ended: ${ON_LONE} · Curfew`,
    `status: ${FINISHED}`,
    "status: Verified: all 2 sessions are gone",
  ]);
});

test("announcements from a refused sign-in to a failed kill: each thing once, errors at once", async ({ app, page }) => {
  await listen(page);
  await app.open();
  const refused = "alert: BIG-IQ didn’t accept this user name and password Check both, and the sign-in provider if there’s a choice. BIG-IQ says: “Authentication failed.”";
  for (let again = 0; again < 2; again++) {
    await app.signIn("manager", "wrong");
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expect(app.shown(/didn’t accept/)).toBeVisible();
    expect((await announcements(page)).filter((line) => line.startsWith("alert"))).toEqual([refused]);
  }
  await app.begin();
  await announcements(page);
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown("1 session seen before is still there.")).toBeVisible();
  const heard = await announcements(page);
  expect(heard.filter((line) => /^(?:title|status: (?:Running|Failed|\d+ session seen)|alert)/.test(line))).toEqual([
    "title: 1 in progress: Kill sessions · Curfew",
    "title: 1 in progress: Kill sessions of user2: refusing.example.test · Curfew",
    "status: Running on BIG-IQ",
    "title: Problem: Kill sessions of user2: refusing.example.test · Curfew",
    expect.stringMatching(/^alert: Failed on BIG-IQ\. BIG-IQ says: “Internal Error occurred” It’s unknown what was done on which device/),
    "status: 1 session seen before is still there.",
  ]);
});

/** Announcements without a key being pressed. */
const spoken = (lines: string[]) => lines.filter((line) => /^(?:status|alert|focus: heading)/.test(line));

test("4K: header and page are equally wide, and nothing is stretched", async ({ app, page }) => {
  await page.setViewportSize({ width: 3840, height: 2160 });
  await app.begin();
  const edges = (selector: string) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);
  const [brand, heading, plan] = [await edges(".brand"), await edges("h1"), await edges(".plan")];
  // The text, not the frame that a button gets under the pointer.
  const out = await page.getByRole("button", { name: "Sign out" }).evaluate((button) => {
    const label = document.createRange();
    label.selectNodeContents(button);
    return label.getBoundingClientRect().toJSON() as DOMRect;
  });
  expect(Math.abs(brand.left - heading.left)).toBeLessThan(2);
  expect(Math.abs(plan.right - out.right)).toBeLessThan(2);
  expect(plan.right - heading.left).toBeLessThan(1600);
  expect(await fits(page)).toBe(true);
});

test("a name too long for its row is visibly cut off, and complete while its row has the focus", async ({ app, page }) => {
  const long = `edge-${"very-".repeat(12)}long.example.test`;
  await page.route("**/cm-access-allBigIpDevices/devices?*", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: { hostname: string }[] };
    const named = { ...body.items[0], hostname: long, machineId: "00000000-1111-4222-8333-444444444444", uuid: "00000000-1111-4222-8333-444444444444" };
    await route.fulfill({ response: answer, json: { ...body, items: [...body.items, named] } });
  });
  await page.setViewportSize({ width: 320, height: 900 });
  await app.begin();
  await page.getByRole("tab", { name: "Devices" }).click();
  await page.getByRole("searchbox", { name: "Filter devices" }).fill("very");
  const name = page.getByRole("option").getByText(long);
  const cut = () => name.evaluate((element) => [element.scrollWidth > element.clientWidth, getComputedStyle(element).textOverflow]);
  expect(await cut()).toEqual([true, "ellipsis"]);
  await expect(name).toHaveAttribute("title", long);
  await page.getByRole("listbox").focus();
  await page.keyboard.press("Home");
  expect((await cut())[0]).toBe(false);
  await page.keyboard.press("Space");
  expect((await cut())[0]).toBe(false);
  const remove = page.getByRole("button", { name: `Remove ${long}` });
  const chip = page.locator(".chip-label");
  const chipCut = () => chip.evaluate((element) => element.scrollWidth > element.clientWidth);
  expect(await chipCut()).toBe(true);
  await remove.focus();
  expect(await chipCut()).toBe(false);
});

test("at 320 px a row is still clear: a cluster shows its size, a session its device and address", async ({ app, page }) => {
  await page.setViewportSize({ width: 320, height: 900 });
  await app.begin();
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  await page.getByRole("tab", { name: "Clusters" }).click();
  await expect(page.getByRole("option", { name: /RedCluster/ }).getByText("2 devices")).toBeVisible();
  await app.choose({ cluster: ["RedCluster"] });
  await page.getByRole("button", { name: "Read the live sessions of 2 devices" }).click();
  const list = page.getByRole("listbox", { name: "Live sessions" });
  const row = list.getByRole("option").first();
  await expect(row.getByText("red-a.example.test")).toBeVisible();
  await expect(row.getByText(/^\d+\.\d+\.\d+\.\d+/)).toBeVisible();
  // In its own row, also while it is the active one.
  const over = () =>
    list.evaluate((list) => {
      const rows = [...list.querySelectorAll(".list-row")].map((row) => row.getBoundingClientRect());
      const parts = [...list.querySelectorAll(".list-row > *")].map((part) => part.getBoundingClientRect());
      const within = parts.every((part) => rows.some((row) => part.top >= row.top && part.bottom <= row.bottom + 1));
      const apart = rows.every((row, n) => n === 0 || row.top >= (rows[n - 1]?.bottom ?? 0) - 1);
      return within && apart;
    });
  expect(await over()).toBe(true);
  await list.focus();
  await page.keyboard.press("Home");
  expect(await over()).toBe(true);
  await app.isAccessible();
});

for (const [what, height] of [
  ["at 400 %", 256], // of 1280 by 1024: nothing sticks
  ["on a small phone, where the plan’s button sticks", 640],
] as const) {
  test(`the main flow ${what}: no horizontal scrolling, and the focused element is visible`, async ({ app, page }) => {
    await page.setViewportSize({ width: 320, height });
    const inSight = () =>
      page.evaluate(() => {
        const at = document.activeElement;
        if (!at || at === document.body) return true;
        const box = at.getBoundingClientRect();
        // Some of it is not covered by sticky parts.
        for (let y = Math.max(box.top, 0) + 1; y < Math.min(box.bottom, innerHeight); y += 4) {
          const hit = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), y);
          if (hit && (at.contains(hit) || hit.contains(at))) return true;
        }
        return false;
      });
    await app.begin();
    expect(await fits(page)).toBe(true);
    const tab = async (times: number) => {
      for (let n = 0; n < times; n++) {
        await page.keyboard.press("Tab");
        expect(await inSight(), await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))).toBe(true);
      }
    };
    await app.users(...Array.from({ length: 12 }, (_, n) => `user${n + 1}`));
    await app.choose(lone);
    await app.review();
    // The phrase is shown completely, and neither its field nor the error is covered.
    const phrase = app.gate.locator("pre");
    expect(await phrase.evaluate((block) => block.scrollWidth <= block.clientWidth)).toBe(true);
    await tab(8);
    await app.gate.getByRole("button", { name: /^Kill/ }).focus();
    await expect(async () => {
      await page.keyboard.press("Enter");
      await expect(app.gate.getByText("This isn’t the phrase shown above")).toBeInViewport({ timeout: 250 });
    }).toPass();
    await expect(app.gate.getByRole("textbox")).toBeFocused();
    expect(await inSight()).toBe(true);
    await app.gate.getByRole("button", { name: "Cancel" }).click();
    await app.users("user2");
    await page.getByRole("heading", { level: 1 }).focus();
    await tab(30);
    await app.review();
    expect(await fits(page)).toBe(true);
    await app.confirm();
    await expect(app.shown(FINISHED)).toBeVisible();
    expect(await fits(page)).toBe(true);
  });
}

test("forced colours: selection and focus are distinguishable", async ({ app, page }) => {
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

test("right to left: no horizontal scrolling, and the page is mirrored", async ({ app, page }) => {
  await app.begin();
  const edge = () => page.getByRole("link", { name: "Curfew" }).evaluate((brand) => brand.getBoundingClientRect().left);
  const before = await edge();
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  expect(await edge()).toBeGreaterThan(before + 400);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await fits(page)).toBe(true);
});
