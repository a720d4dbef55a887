// The main flow in German, with the texts of its table: a browser that prefers German needs no selection.

import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";

const words = JSON.parse(readFileSync(`${ROOT}/languages/de.json`, "utf8")) as Record<string, string>;
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";

/** The German text of a word, in its singular form if it has forms, with its placeholders filled in. */
function say(word: string, blanks: Record<string, string> = {}): string {
  const text = words[word]?.split("|")[0];
  if (text === undefined) throw new Error(`no ${word} in the table`);
  return text.replaceAll(/\{(\w+)\}/g, (_, blank: string) => blanks[blank] ?? "");
}

test.use({ locale: "de-DE" });

test("the main flow in German: no English is left, numbers and times are German", async ({ app, page, simulator }) => {
  test.setTimeout(90_000);
  const said: string[] = [];
  const read = async () => said.push(await page.locator("body").innerText());
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { name: say("SignIn") })).toBeVisible();
  await app.isAccessible();
  await read();
  await page.getByLabel(say("UserName")).fill("manager");
  await page.getByLabel(say("Password")).fill("manager");
  await page.getByRole("button", { name: say("SignIn") }).click();
  await expect(page.getByRole("heading", { name: say("KillTitle"), level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(`${say("KillTitle")} · Curfew`);
  await page.getByLabel(say("UserNames")).fill("user2");
  await page.getByRole("tab", { name: say("Devices") }).click();
  await page.getByRole("searchbox", { name: say("FilterDevices") }).fill("lone");
  await page.getByRole("option", { name: /^lone\.example\.test/ }).click();
  await app.isAccessible();
  await read();
  const act = say("ActUser", { user: "user2", devices: say("DeviceCount", { n: "1" }) });
  await page.getByRole("button", { name: say("ReviewUser", { user: "user2" }) }).click();
  await expect(app.gate).toBeVisible();
  await app.isAccessible();
  await read();
  const button = app.gate.getByRole("button", { name: act });
  await expect(async () => {
    if (await button.isVisible()) await button.click({ timeout: 1_000 });
    await expect(button).toBeHidden({ timeout: 250 });
  }).toPass();
  await expect(app.shown(say("HeadSuccess"))).toBeVisible();
  await app.isAccessible();
  await read();
  await expect(page.getByRole("main")).toContainText(/\d{1,2}\. [A-ZÄ][a-zä]+\.? \d{4}/);
  expect((await simulator.kills()).length).toBe(1);
  expect(JSON.stringify(await simulator.kills())).toContain(LONE);
  // Words that exist only in English and that neither German nor BIG-IQ's own names contain.
  expect(said.join("\n").match(/\b(?:the|and|of|kills?|sessions?|device|devices|sign|who|where|reason|ready)\b/gi) ?? []).toEqual([]);
});
