// What makes Curfew fast, independent of the machine: files, calls, elements. `make bench` measures times.

import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { isolated, exactly, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const DEVICES = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices";

test("the sign-in page loads six files, and only the document and config.json again", needs("size"), async ({ app, page }) => {
  const loaded = () =>
    page.evaluate(() => {
      const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")] as PerformanceResourceTiming[];
      const files = entries.filter(({ name }) => !/\/info\/|\/mgmt\/|\.svg$/.test(name));
      return files.map(({ name, transferSize }) => ({ name: name.replace(/#.*$/, "").replace(/^.*\//, "").replace(/-[0-9a-f]{16}/, ""), transferSize }));
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
  // An answer without a change has no body, and config.json at most a few bytes: this host has none.
  const larger = again.filter(({ transferSize }) => transferSize > document);
  expect(larger.filter(({ name }) => name !== "config.json")).toEqual([]);
  expect(Math.max(0, ...larger.map(({ transferSize }) => transferSize - document))).toBeLessThan(10);
});

test.describe("three thousand devices", () => {
  test.use({ simulatorOptions: ["--devices", "3000"] });

  test("are read in pages of 500, and the document never contains more than a screenful", needs("size"), async ({ app, page, simulator }) => {
    test.slow();
    await app.begin();
    await page.getByRole("tab", { name: start(text("devices")) }).click();
    const list = page.getByRole("listbox", { name: text("devices") });
    const elements = () => list.evaluate((list) => list.querySelectorAll("*").length);
    await expect(list.getByRole("option").first()).toHaveAttribute("aria-posinset", "1");
    expect(await elements()).toBeLessThan(500);
    const all = Number(await list.getByRole("option").first().getAttribute("aria-setsize"));
    expect(all).toBeGreaterThan(2_900);
    await list.press("End");
    await expect(list.getByRole("option").last()).toHaveAttribute("aria-posinset", String(all));
    expect(await elements()).toBeLessThan(500);
    const pages = await simulator.calls("GET", DEVICES);
    const asked = pages.filter((call) => call.path === DEVICES).map((call) => new URLSearchParams(call.query).get("$top"));
    // The last page is short: asking for one device more shows that nothing follows it.
    expect(asked).toEqual([...Array(Math.ceil((all + 1) / 500)).fill("500"), "1"]);
  });
});

test.describe("a selection of thousands", () => {
  test.use({ simulatorOptions: ["--devices", "3000"] });

  test("adds a few hundred elements, in the form, the plan and the gate; and all of it can be read", needs("size"), async ({ app, page }) => {
    test.slow();
    await app.begin();
    const elements = () => page.evaluate(() => document.querySelectorAll("*").length);
    await app.users("user2");
    await page.getByRole("tab", { name: text("devices") }).click();
    const before = await elements();
    await page.getByRole("button", { name: exactly(textPattern("select_shown")) }).click();
    const cart = page.getByRole("group", { name: text("chosen_targets") });
    await expect(cart.getByText(exactly(textPattern("device_count")))).toBeVisible();
    await expect(cart.getByRole("listitem")).toHaveCount(200);
    await expect(cart.getByText(exactly(textPattern("chosen_targets_more")))).toBeVisible();
    expect((await elements()) - before).toBeLessThan(2_000);
    // One of them is removed; the others stay selected.
    await page.getByRole("listbox", { name: text("devices") }).press("Space");
    const all = await page.getByRole("listbox", { name: text("devices") }).getByRole("option").first().getAttribute("aria-setsize");
    await expect(cart.getByText(text("device_count", { n: Number(all) - 1 }), { exact: true })).toBeVisible();
    const plan = page.getByRole("region", { name: text("plan") });
    await plan.getByRole("button", { name: text("use_clusters") }).click();
    await expect(cart.getByText(exactly(textPattern("cluster_count"), " · ", textPattern("device_count")))).toBeVisible();
    await app.review();
    expect((await elements()) - before).toBeLessThan(2_500);
    const label = exactly(textPattern("all_devices"));
    await app.gate.getByText(label).click();
    const region = app.gate.getByRole("region", { name: label });
    const number = Number(/[\d,]+/.exec((await region.getAttribute("aria-label")) ?? "")?.[0].replace(",", ""));
    expect(number).toBeGreaterThan(2_000);
    const lines = ((await region.textContent()) ?? "").trimEnd().split("\n");
    expect(lines.length).toBe(number);
    const named = text("name_and_role", { name: "red-a.example.test", role: text("role_unknown") });
    expect(lines).toContain(`${named} · ${isolated("RedCluster")} · ${text("ready")}`);
    expect((await elements()) - before).toBeLessThan(2_500);
  });
});

test("twenty running tasks are polled through BIG-IQ's task list, and none singly", needs("size"), async ({ app, page, simulator }) => {
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
  await expect(page.getByText(text("headline_watched"))).toHaveCount(users.length);
  const before = (await simulator.calls("GET", KILL)).length;
  for (let seconds = 0; seconds < 60; seconds++) {
    await page.clock.runFor(1_000);
    await page.evaluate(() => fetch("/info/system"));
  }
  const looks = (await simulator.calls("GET", KILL)).slice(before);
  expect(looks.filter((call) => call.path !== KILL)).toEqual([]);
  // Every five seconds, plus or minus a fifth, and faster while they were young.
  expect(looks.length).toBeGreaterThan(8);
  expect(looks.length).toBeLessThan(24);
});
