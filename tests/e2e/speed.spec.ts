// What makes Curfew fast and does not depend on the machine's mood: files, calls, elements. Times are `make bench`'s.

import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";

const DEVICES = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";

test("the sign-in page loads six files, and of these only the document again", async ({ app, page }) => {
  const loaded = () =>
    page.evaluate(() => {
      const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")] as PerformanceResourceTiming[];
      const files = entries.filter(({ name }) => !/\/info\/|\/mgmt\/|\.svg$/.test(name));
      return files.map(({ name, transferSize }) => ({ name: name.replace(/^.*\//, "").replace(/-[0-9a-f]{16}/, ""), transferSize }));
    });
  await expect(page.locator("#boot")).toBeHidden();
  await page.waitForLoadState("networkidle");
  expect((await loaded()).map(({ name }) => name).sort()).toEqual([
    "",
    "boot.js",
    "config.json",
    "curfew.css",
    "curfew.js",
    "curfew_bg.wasm",
  ]);
  await app.open();
  await expect(page.locator("#boot")).toBeHidden();
  const again = await loaded();
  const document = again.find(({ name }) => name === "")?.transferSize ?? 0;
  expect(document).toBeGreaterThan(0);
  const larger = again.filter(({ transferSize }) => transferSize > document);
  expect(larger).toEqual([]);
});

test.describe("three thousand devices", () => {
  test.use({ simulatorOptions: ["--devices", "3000"] });

  test("are read in pages of 500, and never more than a screenful is in the document", async ({ app, page, simulator }) => {
    test.slow();
    await app.begin();
    await page.getByRole("tab", { name: /^Devices/ }).click();
    const list = page.getByRole("listbox", { name: "Devices" });
    const elements = () => list.evaluate((list) => list.querySelectorAll("*").length);
    await expect(list.getByRole("option").first()).toHaveAttribute("aria-posinset", "1");
    expect(await elements()).toBeLessThan(500);
    const all = Number(await list.getByRole("option").first().getAttribute("aria-setsize"));
    expect(all).toBeGreaterThan(2_900);
    await list.press("End");
    await expect(list.getByRole("option").last()).toHaveAttribute("aria-posinset", String(all));
    expect(await elements()).toBeLessThan(500);
    const pages = await simulator.calls("GET", DEVICES);
    expect(pages.filter((call) => call.path === DEVICES).length).toBe(Math.ceil((all + 1) / 500));
  });
});

test("twenty running tasks are looked at through BIG-IQ's list of all, and none alone", async ({ app, page, simulator }) => {
  test.slow();
  await page.clock.install();
  await app.open();
  const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
  await app.begin();
  await app.users(...users);
  await app.choose({ device: ["silent.example.test"] });
  await app.review();
  await app.confirm();
  await expect.poll(async () => (await simulator.kills()).length).toBe(users.length);
  await expect(page.getByText("Running on BIG-IQ")).toHaveCount(users.length);
  const before = (await simulator.calls("GET", KILL)).length;
  for (let seconds = 0; seconds < 60; seconds++) {
    await page.clock.runFor(1_000);
    await page.evaluate(() => fetch("/info/system"));
  }
  const looks = (await simulator.calls("GET", KILL)).slice(before);
  expect(looks.filter((call) => call.path !== KILL)).toEqual([]);
  // Every five seconds, a fifth more or less, and faster while they were young.
  expect(looks.length).toBeGreaterThan(8);
  expect(looks.length).toBeLessThan(24);
});
