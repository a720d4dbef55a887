// A system notification when jobs end, and when a user signs in again after a kill.

import { expect, test } from "./support/fixtures";
import { labelled, text, textPattern } from "./support/text";
import { needs } from "./support/needs";
import type { Page } from "@playwright/test";

const lone = { device: ["lone.example.test"] };

/** Records notifications instead of showing them, and lets a test hide the page. */
async function record(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: string[] = [];
    const Real = window.Notification;
    class Recorded extends EventTarget {
      static permission = Real.permission;
      static requestPermission = async () => "granted" as const;
      constructor(title: string, options: NotificationOptions) {
        super();
        shown.push(`${title}: ${options.body}`);
      }
    }
    Object.assign(window, { Notification: Recorded, shown });
    Object.defineProperty(document, "hidden", { get: () => Boolean((window as { away?: boolean }).away) });
  });
}

const shownBy = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown);

test("a notification when the jobs end: only if enabled, only in the background, and without names", needs("services"), async ({ app, page, context }) => {
  // In the background, tasks are polled less often: the clock is set forward.
  const ended = () =>
    expect(async () => {
      await page.clock.fastForward(15_000);
      await expect(page).toHaveTitle(textPattern("title_ended"), { timeout: 500 });
    }).toPass();
  await page.clock.install();
  await context.grantPermissions(["notifications"]);
  await record(page);
  const shown = () => shownBy(page);
  const away = (away: boolean) => page.evaluate((away) => Object.assign(window, { away }), away);
  await app.open();
  await app.begin();
  await away(true);
  await app.kill("user2", lone);
  await ended();
  expect(await shown()).toEqual([]);
  await away(false);
  await page.getByRole("button", { name: text("preferences") }).click();
  await page.getByRole("checkbox", { name: text("notify") }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: text("nav_kill") }).click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await app.kill("user3", lone);
  await ended();
  expect(await shown()).toEqual([]);
  await page.getByRole("link", { name: text("nav_kill") }).click();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await away(true);
  await app.kill("user1", lone);
  await ended();
  expect(await shown()).toEqual([labelled(text("curfew"), text("notify_ended"))]);
});

test("a notification reports a return in the background, without names, and every page announces it", needs("services"), async ({ app, page, simulator, context }) => {
  await simulator.settings({ returningPerMille: 1_000 });
  await page.clock.install();
  await context.grantPermissions(["notifications"]);
  await record(page);
  await app.open();
  await app.begin();
  await page.getByRole("button", { name: text("preferences") }).click();
  await page.getByRole("checkbox", { name: text("notify") }).click();
  await expect(page.getByRole("checkbox", { name: text("notify") })).toBeChecked();
  await page.keyboard.press("Escape");
  await app.kill("user2", lone, true);
  await page.getByRole("combobox", { name: text("watch") }).selectOption("10");
  await expect(page.getByText(textPattern("watch_until"))).toBeVisible();
  await app.menu("nav_find").click();
  await page.evaluate(() => Object.assign(window, { away: true }));
  await simulator.advance(300_000);
  await expect(async () => {
    await page.clock.fastForward(31_000);
    expect(await shownBy(page)).toContain(labelled(text("curfew"), text("notify_return")));
  }).toPass();
  await expect(page.getByRole("alert").getByText(text("notify_return"))).toBeAttached();
});
