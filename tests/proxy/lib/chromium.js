// Debian's Chromium for these tests. Names under example.test resolve to this machine, and certificates are not checked.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CONFIRM, REVIEW, text } from "./text.js";

const repository = join(import.meta.dirname, "../../..");

/** The release bundle. */
export const site = join(repository, "dist");
assert.ok(existsSync(join(site, "index.html")), "there is no bundle: run scripts/build.sh");

const { chromium } = createRequire(join(repository, "tests/e2e/package.json"))("@playwright/test");

/** Starts a browser for the duration of the test. */
export async function startChromium(t) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP *.example.test 127.0.0.1"],
  });
  t.after(() => browser.close());
  return browser;
}

/**
 * A page that records its errors and policy violations (`troubles`), also those of frames, and the tokens that it sent
 * (`tokens`).
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
    // The browser logs an error if an answer has an error's status, and if a frame can't take the focus. Both are expected, but
    // not for config.json.
    const { url } = message.location();
    if (message.type() !== "error" || (/^(Failed to load resource|Blocked autofocusing)/.test(message.text()) && !url.endsWith("/config.json"))) return;
    troubles.push(`${message.text()} ${url}`);
  });
  const sent = [];
  page.on("request", (request) => {
    // Keep the places where a token belongs apart from everything else.
    const { "x-f5-auth-token": header, ...headers } = request.headers();
    const path = /^(.*\/tokens\/)(.+)$/.exec(request.url());
    const exchange = request.url().endsWith("/authn/exchange");
    for (const token of [header, path?.[2]].filter((t) => t !== undefined)) tokens.add(decodeURIComponent(token));
    sent.push(JSON.stringify([path?.[1] ?? request.url(), headers, exchange ? "" : request.postData()]));
  });
  return { page, troubles, tokens, sent };
}

/** Everything that the browser stores for a page, as one text: storages, databases, caches, cookies, address, and the page itself. */
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

/** Signs in on a page or in a frame. */
export async function signIn(place) {
  await place.getByLabel(text("user_name"), { exact: true }).fill("manager");
  await place.getByLabel(text("password")).fill("manager");
  await place.getByRole("button", { name: text("sign_in") }).click();
}

/** Selects an access group, opens the gate, and returns its confirm button. */
export async function openGate(place, group) {
  await place.getByRole("option", { name: new RegExp(`^\u2068?${group}\\b`) }).click();
  await place.getByRole("region", { name: text("plan") }).getByRole("button", { name: REVIEW }).click();
  const confirm = place.getByRole("dialog").getByRole("button", { name: CONFIRM });
  await confirm.waitFor();
  return confirm;
}

/** Signs in at an address, kills the sessions of user2 in TestGroup1 and waits until BIG-IQ reports success. */
export async function killUser2(page, address) {
  await page.goto(`${address}#/kill`);
  await signIn(page);
  await page.getByLabel(text("user_names")).fill("user2");
  const confirm = await openGate(page, "TestGroup1");
  await readTheGate(page);
  await confirm.click();
  await page.getByRole("main").getByText(text("headline_success")).first().waitFor();
}

/**
 * Ends the sessions of one user in a new browser, and checks in BIG-IQ's own table, which `sessions` reads, that they and no others are
 * gone. Resolves to the page.
 */
export async function verifiedKill(t, address, sessions) {
  const before = await sessions();
  const { page, troubles } = await watchedPage(t, await startChromium(t));
  await killUser2(page, address);
  const left = await sessions();
  const gone = before.filter(({ id, device }) => !left.some((other) => other.id === id && other.device === device));
  assert.ok(gone.length > 0 && gone.every(({ user }) => user === "user2"), JSON.stringify(gone));
  assert.deepEqual(troubles, []);
  return page;
}

/** Types the phrase that the gate of a frame always asks for. */
export async function typePhrase(place) {
  const gate = place.getByRole("dialog");
  await gate.getByRole("textbox", { name: text("gate_type") }).fill(await gate.locator("pre").innerText());
}

/** Repeats a check for up to ten seconds, until it passes. */
export async function eventually(look) {
  for (const end = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Waits until the gate knows that the operator can see it. */
export const seen = (confirm) => eventually(async () => assert.equal(await confirm.getAttribute("aria-disabled"), null));

/** Waits until the gate accepts clicks: it ignores them for half a second after it appears or gets the focus back. */
export async function readTheGate(page) {
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction((since) => performance.now() - since > 600, since);
}

/** Types the phrase and confirms, as an operator does who sees the gate of a frame. */
export async function confirmSeen(page, curfew, confirm) {
  await typePhrase(curfew);
  // The gate can be higher than the part of the frame that was scrolled into view for a field.
  await curfew.getByRole("dialog").scrollIntoViewIfNeeded();
  await seen(confirm);
  await readTheGate(page);
  await confirm.click();
}
