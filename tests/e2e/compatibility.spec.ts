// What version 0.1.0 left in a browser works with today's app, and so does a tab in which 0.1.0 is still open.

import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { needs } from "./support/needs";

const written = (name: string) =>
  JSON.parse(readFileSync(`${ROOT}/crates/core/tests/compatibility/0.1.0/${name}`, "utf8")) as Record<string, string>;

test("jobs, preferences, locks and messages of 0.1.0 are understood, and nothing is sent", needs("tabs"), async ({ app, page, simulator }) => {
  await page.evaluate(
    ([session, local]) => {
      for (const [key, text] of Object.entries(session)) sessionStorage.setItem(key, text);
      for (const [key, text] of Object.entries(local)) localStorage.setItem(key, text);
    },
    [written("session-storage.json"), written("local-storage.json")] as const,
  );
  await page.reload();
  await expect(page.locator("html[lang=de][data-theme=dark]")).toBeVisible();
  await page.evaluate(() => localStorage.setItem("curfew:language", "en"));
  await app.open("#/jobs/19e5c2d-0a1b.2");
  await page.reload();
  await app.signIn();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("EXAMPLE\\user2");
  await expect(page.getByText("userName is missing.").first()).toBeVisible();
  await app.menu("nav_jobs").click();
  // Three batches are this operator's; the fourth belongs to the proxy's service account.
  for (const batch of ["19e5c2d-0a1b", "19e5c2e-ffff", "19e5c30-00a0"]) await expect(page.locator(`a[href^="#/jobs/${batch}"]`)).toHaveCount(1);
  await expect(page.locator('a[href^="#/jobs/19e5c2f-0000"]')).toHaveCount(0);

  const locks = await page.evaluate(async () => (await navigator.locks.query()).held?.map((lock) => lock.name));
  expect(locks).toContain(written("tabs.json").lock);

  const other = await page.context().newPage();
  await other.goto(simulator.url);
  const [answer] = await other.evaluate(
    ([channel, question]) =>
      new Promise<string[]>((resolve) => {
        const tabs = new BroadcastChannel(channel);
        tabs.onmessage = ({ data }) => resolve([data as string]);
        tabs.postMessage(question);
      }),
    [written("tabs.json").channel ?? "", written("tabs.json").question ?? ""] as const,
  );
  expect(answer).toMatch(/^\nmanager\n\d+\nin-flight$/);
  expect(await simulator.kills()).toEqual([]);
});
