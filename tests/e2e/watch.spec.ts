// The watch for return: who signs in again after a kill. When a session counts as a return is tested in crates/core/src/engine/tests.rs.

import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";
import { needs } from "./support/needs";
import { either, text, textPattern } from "./support/text";

const lone = { device: ["lone.example.test"] };
const SEEN = textPattern("returned_from", { user: "user2", device: "lone.example.test", place: /[\d.]+/ });
const RETURNED = either(textPattern("returned_after", { text: SEEN }), textPattern("returned_within", { text: SEEN }));

test("chosen at the gate: after the kill the page shows who signed in again, from where and after how long; another kill needs a new plan and its gate", needs("path"), async ({ app, page, simulator }) => {
  await simulator.settings({ returningPerMille: 1_000 });
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await app.knowsSessions();
  await app.review();
  await app.gate.getByLabel(text("watch")).selectOption(text("watch_minutes", { number: 10 }));
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible();
  const panel = page.getByRole("region", { name: text("watch") });
  await expect(panel.getByText(textPattern("watch_until"))).toBeVisible();
  await expect(panel.getByText(text("watch_nobody"))).toBeVisible();
  // Both users sign in again within five minutes.
  await simulator.advance(300_000);
  await page.clock.fastForward(16_000);
  await expect(panel.getByText(RETURNED).first()).toBeVisible();
  await expect(panel.getByText(text("watch_nobody"))).toHaveCount(0);
  await app.isAccessible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: text("save_record_json") }).click();
  const record = await readFile(await (await download).path(), "utf8");
  expect(record).toContain('"what": "watch-started"');
  expect(record).toContain('"what": "returned"');
  expect(await simulator.kills()).toHaveLength(1);
  await panel.getByRole("button", { name: text("kill_again") }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(page.getByRole("group", { name: text("chosen_targets") })).toContainText("lone.example.test");
  await app.review();
  expect(await simulator.kills()).toHaveLength(1);
});

test("chosen on the job's page, by keyboard, and switched off again: no device is read any more", needs("keys"), async ({ app, page, simulator }) => {
  const reads = async () => (await simulator.calls("GET")).filter(({ path }) => path.endsWith("/access-info")).length;
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.kill("user2", lone, true);
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible();
  const choice = page.getByRole("combobox", { name: text("watch") });
  await choice.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(choice).toHaveValue("30");
  await expect(page.getByText(textPattern("watch_until"))).toBeVisible();
  await expect.poll(reads).toBeGreaterThan(0);
  const before = await reads();
  await page.clock.fastForward(16_000);
  await expect.poll(reads).toBeGreaterThan(before);
  await page.keyboard.press("Home");
  await expect(page.getByText(textPattern("watch_until"))).toHaveCount(0);
  const after = await reads();
  await page.clock.fastForward(60_000);
  await page.evaluate(() => fetch("/info/system"));
  expect(await reads()).toBe(after);
});

test("when its time is over the page says until when it watched, on how many devices, that nobody returned, and watches again on request", needs("time"), async ({ app, page }) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.kill("user2", lone, true);
  const choice = page.getByRole("combobox", { name: text("watch") });
  await choice.selectOption("10");
  await expect(page.getByText(textPattern("watch_until"))).toBeVisible();
  await page.clock.runFor(60_000);
  await page.clock.fastForward(600_000);
  const over = page.getByText(textPattern("watch_over_part", { done: 1, all: 1 }));
  await expect(over).toBeVisible();
  await expect(over).toContainText(text("watch_nobody"));
  await expect(choice).toHaveValue("");
  await app.isAccessible();
  await page.getByRole("button", { name: text("watch_again") }).click();
  await expect(choice).toHaveValue("10");
  await expect(page.getByText(textPattern("watch_until"))).toBeVisible();
});

test("the idle sign-out comes although the watch reads", needs("time"), async ({ app, page }) => {
  await page.route("**/config.json", (route) => route.fulfill({ json: { idleMinutes: 5 } }));
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.kill("user2", lone, true);
  await page.getByRole("combobox", { name: text("watch") }).selectOption("30");
  await expect(page.getByText(textPattern("watch_until"))).toBeVisible();
  for (let passed = 0; passed < 6; passed += 1) await page.clock.fastForward(60_000);
  await expect(page.getByText(text("idle_ended"))).toBeVisible();
});
