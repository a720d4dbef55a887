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

test("twenty running tasks are looked at through BIG-IQ's list of all", async ({ app, simulator }) => {
  test.slow();
  const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
  await app.begin();
  await app.users(...users);
  await app.choose({ device: ["silent.example.test"] });
  await app.review();
  await app.confirm();
  const looks = () => simulator.calls("GET", KILL);
  const lists = async () => (await looks()).filter((call) => call.path === KILL).length;
  await expect.poll(lists, { timeout: 40_000 }).toBeGreaterThan(2);
  // A task or two whose time has come alone is looked at alone.
  expect((await looks()).length).toBeLessThan((await lists()) * users.length);
});
