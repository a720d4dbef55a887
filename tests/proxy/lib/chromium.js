// Debian's Chromium for tests of this folder: every name under example.test is this machine, certificates are not its concern.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../../..");

/** The release bundle. */
export const site = join(repository, "dist");
assert.ok(existsSync(join(site, "index.html")), "there is no bundle: run scripts/build.sh");

const { chromium } = createRequire(join(repository, "tests/e2e/package.json"))("@playwright/test");

/** A browser that ends with the test. */
export async function startChromium(t) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP *.example.test 127.0.0.1"],
  });
  t.after(() => browser.close());
  return browser;
}

/**
 * A page that remembers what went wrong in it (`troubles`: errors, and violations of any frame's policy) and which
 * tokens it sent (`tokens`).
 */
export async function watchedPage(t, browser) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const troubles = [];
  const tokens = new Set();
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    // config.json may be missing, and a frame takes no focus by itself; the browser says so.
    if (message.type() !== "error" || /^(Failed to load resource|Blocked autofocusing)/.test(message.text())) return;
    troubles.push(message.text());
  });
  const sent = [];
  page.on("request", (request) => {
    // The places where a token belongs are kept apart from all else.
    const { "x-f5-auth-token": header, ...headers } = request.headers();
    const path = /^(.*\/tokens\/)(.+)$/.exec(request.url());
    const exchange = request.url().endsWith("/authn/exchange");
    for (const token of [header, path?.[2]].filter((t) => t !== undefined)) tokens.add(decodeURIComponent(token));
    sent.push(JSON.stringify([path?.[1] ?? request.url(), headers, exchange ? "" : request.postData()]));
  });
  return { page, troubles, tokens, sent };
}

/** Everything that the browser keeps of a page, as one text: storages, databases, caches, cookies, address, and the page. */
export async function keptBy(page) {
  const kept = await page.evaluate(async () => JSON.stringify({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookie: document.cookie,
    address: location.href,
    state: history.state,
    name: window.name,
    html: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("input, textarea")].map((field) => field.value),
  }));
  return kept + JSON.stringify(await page.context().cookies());
}

/** Signs in where a sign-in form is: in a page, or in a frame of one. */
export async function signIn(place) {
  await place.getByLabel("User name", { exact: true }).fill("manager");
  await place.getByLabel("Password").fill("manager");
  await place.getByRole("button", { name: "Sign in" }).click();
}

/** Chooses an access group, opens the gate, and gives its confirming button. */
export async function openGate(place, group) {
  await place.getByRole("option", { name: new RegExp(`^${group} `) }).click();
  await place.getByRole("region", { name: "Plan" }).getByRole("button", { name: /^Kill/ }).click();
  const confirm = place.getByRole("dialog").getByRole("button", { name: /^Kill/ });
  await confirm.waitFor();
  return confirm;
}

/** Waits in the page until the gate takes presses again: it takes none in the first half second that it is looked at. */
export async function readTheGate(page) {
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction((since) => performance.now() - since > 600, since);
}
