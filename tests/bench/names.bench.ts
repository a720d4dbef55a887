// Many pasted names, compared with all names that were read.

import { expect, test } from "../e2e/support/fixtures";
import { text } from "../e2e/support/text";
import { note, noted } from "./support/clock";
import { report, RUNS } from "./support/row";

const READ = 100_000;
const PASTED = 500;

test("names, similar", async ({ app, page }) => {
  test.slow();
  const entries = Array.from({ length: READ }, (_, n) => {
    const sessionId = (0xa0000000 + n).toString(16);
    const logonUser = n === 0 ? "somebody" : `${String.fromCharCode(97 + (n % 26))}.person${(n * 7919).toString(36)}@example.test`;
    const entries = { sessionId: { description: sessionId }, logonUser: { description: logonUser } };
    return [`https://localhost/mgmt/tm/apm/access-info/${sessionId}`, { nestedStats: { entries } }];
  });
  const json = { entries: Object.fromEntries(entries) };
  await page.route("**/rest-proxy/mgmt/tm/apm/access-info*", (route) => route.fulfill({ json }));
  await app.begin();
  await app.users("x");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  const pasted = Array.from({ length: PASTED - 1 }, (_, n) => `q${(n * 104_729).toString(36)}.nobody`);
  const offer = text("replace_name", { name: "somebody", user: "sombody" });
  const use = page.getByRole("button", { name: offer });
  await note(page);
  const long: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await app.users("x");
    await expect(use).toBeHidden();
    await noted(page);
    // As a paste does: one event for all lines. The page itself waits: Playwright's own checks are longer tasks than the search.
    await page.getByLabel(text("user_names")).evaluate((field: HTMLTextAreaElement, [names, offer]) => new Promise<void>((resolve) => {
      new MutationObserver((_, observer) => {
        if (![...document.querySelectorAll("main button")].some((button) => button.textContent === offer)) return;
        observer.disconnect();
        resolve();
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
      field.value = names;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }), [["sombody", ...pasted].join("\n"), offer] as const);
    long.push(...(await noted(page)).long);
    await expect(use).toBeVisible();
  }
  report({ name: "names.similar.longest", value: Math.max(0, ...long), unit: "ms", goal: { of: "value", at: "<=", limit: 50 }, runs: RUNS });
});
