// The sign-in form never just sits there: if Curfew can't start or can't load a file, the page says why and names the file.

import { readFileSync } from "node:fs";
import type { Page, Route } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { DIST } from "./support/paths";
import { GERMAN, text } from "./support/text";
import { needs } from "./support/needs";

const BOOT = /\/boot-[0-9a-f]{16}\.js$/;
const GLUE = /\/curfew-[0-9a-f]{16}\.js$/;
const WASM = /\/curfew-[0-9a-f]{16}_bg\.wasm$/;
const STYLES = /\/curfew-[0-9a-f]{16}\.css$/;
const CONSOLE = /\/console-[0-9a-f]{16}\.wasm$/;
const CONSOLE_STYLES = /\/console-[0-9a-f]{16}\.css$/;
const LANGUAGE_LIST = /\/languages-list-[0-9a-f]{16}\.txt$/;
const GERMAN_TEXTS = /\/languages-de-[0-9a-f]{16}\.txt$/;
const PAGE = readFileSync(`${DIST}/index.html`, "utf8");

/** What can happen to a file on its way, and how the page says it. */
const changed = {
  how: async (route: Route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: Buffer.concat([await answer.body(), Buffer.from(" ")]) });
  },
  cause: /was changed on its way, or belongs to another release: its integrity check failed/,
};
const missing = { how: (route: Route) => route.fulfill({ status: 404, body: "" }), cause: /^The server has no / };
/** Hosts of single-page apps answer with their page. */
const replaced = { how: (route: Route) => route.fulfill({ contentType: "text/html", body: PAGE }), cause: /^The server has no / };
const refused = { how: (route: Route) => route.fulfill({ status: 403, body: "" }), cause: /^The server refuses .*: status 403/ };
const lost = { how: (route: Route) => route.abort(), cause: /could not be fetched: the connection failed/ };
const typed = (contentType: string) => ({
  how: async (route: Route) => route.fulfill({ response: await route.fetch(), headers: { "content-type": contentType } }),
  cause: new RegExp(`^The server sends .* as ${contentType}`),
});

const notice = (page: Page) => page.getByText("Curfew has not started");

/** Lets the time until the notice pass. */
const pass = (page: Page) => page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));

/** Any message of the browser about the refused file. */
const REFUSAL = /integrity|MIME|Failed to fetch|net::|[Ee]rror/;

for (const [what, how] of [
  ["is blocked", lost.how],
  ["is changed on its way", changed.how],
] as const) {
  test(`field: the first script ${what}: a notice says what to check`, needs("start"), async ({ page, plainHost, guard }) => {
    await page.route(BOOT, how);
    await page.goto(plainHost.url);
    await expect(page.getByLabel(text("user_name"))).toBeVisible();
    await expect(notice(page)).toBeHidden();
    await pass(page);
    await expect(notice(page)).toBeVisible();
    await expect(page.getByText("the address must end with a slash")).toBeVisible();
    if (guard.troubles.length > 0) guard.expectTrouble(REFUSAL);
  });
}

test("field: a proxy rewrites the script, as Rocket Loader does: the notice appears by itself after some seconds", needs("start"), async ({ page, plainHost }) => {
  await page.route(plainHost.url, (route) => route.fulfill({ contentType: "text/html", body: PAGE.replace('type="module"', 'type="a1b2-module"') }));
  await page.goto(plainHost.url);
  await expect(notice(page)).toBeHidden();
  await expect(notice(page)).toBeVisible({ timeout: 20_000 });
});

test("field: Rocket Loader is asked to leave the script alone", needs("bundle"), () => {
  expect(PAGE).toMatch(/<script [^>]*data-cfasync="false"/);
});

test("field: a folder's address without its slash: the notice is visible at once", needs("start"), async ({ page, plainHost }) => {
  await page.route(`${plainHost.url}curfew`, (route) => route.fulfill({ contentType: "text/html", body: PAGE }));
  await page.route(`${plainHost.url}*-*`, (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(`${plainHost.url}curfew`);
  await expect(notice(page)).toBeVisible();
  await expect(page.getByText("the address must end with a slash")).toBeVisible();
});

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`the notice goes when the script runs, and is not seen before (reduced motion: ${reducedMotion})`, needs("start"), async ({ page, plainHost }) => {
    await page.emulateMedia({ reducedMotion });
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    // Without the attribute, as in browsers that don't know it, the page is painted before the script runs.
    await page.route(plainHost.url, (route) => route.fulfill({ contentType: "text/html", body: PAGE.replace('blocking="render"', "") }));
    await page.route(BOOT, async (route) => {
      await held;
      await route.continue();
    });
    // The form stays.
    await page.route(WASM, () => {});
    await page.goto(plainHost.url, { waitUntil: "commit" });
    await expect(page.getByLabel(text("user_name"))).toBeVisible();
    await expect(notice(page)).toBeHidden();
    const before = await page.locator(".card").boundingBox();
    go();
    await expect(page.locator("#boot-late")).toHaveCount(0);
    expect(await page.locator(".card").boundingBox()).toEqual(before);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("field: the page says that it needs it, and only that", needs("start"), async ({ page, plainHost }) => {
    await page.goto(plainHost.url);
    expect(await page.locator("body").innerText()).toMatch(/Curfew needs JavaScript\s+Allow it/);
    await expect(notice(page)).toBeHidden();
  });
});

for (const [file, what, name, pattern, { how, cause }] of [
  ["style sheet", "changed", /curfew-[0-9a-f]{16}\.css/, STYLES, changed],
  ["style sheet", "replaced by a page", /curfew-[0-9a-f]{16}\.css/, STYLES, replaced],
  ["JavaScript", "of a wrong type", /curfew-[0-9a-f]{16}\.js/, GLUE, typed("application/octet-stream")],
  ["JavaScript", "refused", /curfew-[0-9a-f]{16}\.js/, GLUE, refused],
  ["wasm", "missing", /curfew-[0-9a-f]{16}_bg\.wasm/, WASM, missing],
  ["wasm", "lost", /curfew-[0-9a-f]{16}_bg\.wasm/, WASM, lost],
] as const) {
  test(`field: the ${file} is ${what}: the page names the file and the cause, and that nothing was sent`, needs("start"), async ({ page, plainHost, guard }) => {
    await page.route(pattern, how);
    await page.goto(plainHost.url);
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("couldn’t be loaded, and nothing was sent");
    await expect(alert.getByText(name)).toHaveText(cause);
    await expect(page.getByLabel(text("user_name"))).toHaveCount(0);
    await expect(notice(page)).toHaveCount(0);
    guard.expectTrouble(REFUSAL);
  });
}

test("field: the page of an old release asks for files that are gone: the page says so", needs("start"), async ({ page, plainHost, guard }) => {
  const old = PAGE.replaceAll(/curfew-[0-9a-f]{15}/g, "curfew-0123456789abcde");
  await page.route(plainHost.url, (route) => route.fulfill({ contentType: "text/html", body: old }));
  await page.goto(plainHost.url);
  await expect(page.getByRole("alert").getByText(/curfew-0123456789abcde/)).toHaveText(/^The server has no .*A new version may have been installed/);
  guard.expectTrouble(REFUSAL);
});

test("field: wasm served as text/plain: the sign-in page and the console work", needs("start"), async ({ app, page }) => {
  await page.route(/\.wasm$/, typed("text/plain").how);
  await app.open();
  await app.begin();
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
});

for (const [file, what, name, pattern, { how, cause }] of [
  ["wasm", "changed", /console-[0-9a-f]{16}\.wasm/, CONSOLE, changed],
  ["style sheet", "lost", /console-[0-9a-f]{16}\.css/, CONSOLE_STYLES, lost],
] as const) {
  test(`field: the console's ${file} is ${what}: the page names the file and the cause, and "try again" works`, needs("start"), async ({ app, page, guard }) => {
    await page.route(pattern, how);
    await app.signIn();
    const problem = page.getByRole("alert").filter({ hasText: text("console_not_loaded") });
    await expect(problem.getByText(name)).toHaveText(cause);
    await page.unroute(pattern);
    await page.getByRole("button", { name: text("retry") }).click();
    await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
    guard.expectTrouble(REFUSAL);
  });
}

for (const [what, pattern, name] of [
  ["the texts of a language are changed", GERMAN_TEXTS, /languages-de-/],
  ["the list of languages is changed", LANGUAGE_LIST, /languages-list-/],
] as const) {
  test(`field: ${what}: the language stays, and the page names the file and the cause`, needs("start"), async ({ app, page, guard }) => {
    await page.route(pattern, changed.how);
    await app.begin();
    await page.getByRole("button", { name: text("preferences") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(text("language")).selectOption("Deutsch");
    await expect(dialog.locator(".field-error")).toHaveText(text("language_failed"));
    await expect(dialog.getByText(name)).toHaveText(changed.cause);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.unroute(pattern);
    await dialog.getByLabel(text("language")).selectOption("Deutsch");
    await expect(page.getByRole("dialog", { name: GERMAN.text("preferences") })).toBeVisible();
    await expect(page.getByText(name)).toHaveCount(0);
    if (guard.troubles.length > 0) guard.expectTrouble(REFUSAL);
  });
}

test("field: a browser prefers German, and the list of languages is changed: the page is in English and names the file when the operator signs in", needs("start"), async ({ app, page, guard }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "languages", { get: () => ["de"], configurable: true }));
  await page.route(LANGUAGE_LIST, changed.how);
  await app.open();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByLabel(text("user_name")).fill("m");
  await expect(page.locator("#languages-note")).toContainText(changed.cause);
  await expect(page.locator("#languages-note")).toContainText("languages-list-");
  if (guard.troubles.length > 0) guard.expectTrouble(REFUSAL);
});

test("field: a policy of the server forbids WebAssembly: the page names it", needs("start"), async ({ page, plainHost, guard }) => {
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";
  await page.route(plainHost.url, (route) => route.fulfill({ contentType: "text/html", headers: { "content-security-policy": policy }, body: PAGE }));
  await page.goto(plainHost.url);
  await expect(page.getByRole("alert")).toContainText("WebAssembly is blocked, by the browser or by the server’s content security policy");
  guard.expectTrouble(/WebAssembly|wasm|script-src/);
});
