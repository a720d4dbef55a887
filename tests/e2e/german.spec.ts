// The main flow in German, with the texts of its table: a browser that prefers German needs no selection.

import { expect, test } from "./support/fixtures";
import { GERMAN, rowOf } from "./support/text";
import { needs } from "./support/needs";

const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";

test.use({ locale: "de-DE" });

test("the main flow in German: no English is left, numbers and times are German", needs("languages"), async ({ app, page, simulator }) => {
  test.setTimeout(90_000);
  const said: string[] = [];
  const read = async () => said.push(await page.locator("body").innerText());
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { name: GERMAN.text("sign_in") })).toBeVisible();
  await app.isAccessible();
  await read();
  await page.getByLabel(GERMAN.text("user_name")).fill("manager");
  await page.getByLabel(GERMAN.text("password")).fill("manager");
  await page.getByRole("button", { name: GERMAN.text("sign_in") }).click();
  await expect(page.getByRole("heading", { name: GERMAN.text("kill_title"), level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(GERMAN.text("title_of", { page: GERMAN.text("kill_title"), app: GERMAN.text("curfew") }));
  await page.getByLabel(GERMAN.text("user_names")).fill("user2");
  await page.getByRole("tab", { name: GERMAN.text("devices") }).click();
  await page.getByRole("searchbox", { name: GERMAN.text("filter_devices") }).fill("lone");
  await page.getByRole("option", { name: rowOf("lone.example.test") }).click();
  await app.isAccessible();
  await read();
  const act = GERMAN.text("confirm_user", { user: "user2", devices: GERMAN.text("device_count", { n: 1 }) });
  await page.getByRole("button", { name: GERMAN.text("review_user", { user: "user2" }) }).click();
  await expect(app.gate).toBeVisible();
  await app.isAccessible();
  await read();
  const button = app.gate.getByRole("button", { name: act });
  await expect(async () => {
    if (await button.isVisible()) await button.click({ timeout: 1_000 });
    await expect(button).toBeHidden({ timeout: 250 });
  }).toPass();
  await expect(app.shown(GERMAN.text("headline_success"))).toBeVisible();
  await app.isAccessible();
  await read();
  await expect(page.getByRole("main")).toContainText(/\d{1,2}\. [A-ZÄ][a-zä]+\.? \d{4}/);
  expect((await simulator.kills()).length).toBe(1);
  expect(JSON.stringify(await simulator.kills())).toContain(LONE);
  // Words that exist only in English and that neither German nor BIG-IQ's own names contain.
  expect(said.join("\n").match(/\b(?:the|and|of|kills?|sessions?|device|devices|sign|who|where|reason|ready)\b/gi) ?? []).toEqual([]);
});
