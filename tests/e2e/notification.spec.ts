// A system notification when jobs end.

import { expect, test } from "./support/fixtures";
import { labelled, text, textPattern } from "./support/text";

const lone = { device: ["lone.example.test"] };

test("a notification when the jobs end: only if enabled, only in the background, and without names", async ({ app, page, context }) => {
  // In the background, tasks are polled less often: the clock is set forward.
  const ended = () =>
    expect(async () => {
      await page.clock.fastForward(15_000);
      await expect(page).toHaveTitle(textPattern("title_ended"), { timeout: 500 });
    }).toPass();
  await page.clock.install();
  await context.grantPermissions(["notifications"]);
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
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
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
