// The app itself, in Chromium, through each server to a whole simulated BIG-IQ: it loads, signs in, kills, signs out.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { names } from "./lib/servers.js";
import { startSimulator } from "./lib/simulator.js";
import { world } from "./lib/world.js";

const repository = join(import.meta.dirname, "../..");
const site = join(repository, "dist");
assert.ok(existsSync(join(site, "index.html")), "there is no bundle: run scripts/build.sh");
const { chromium } = createRequire(join(repository, "tests/e2e/package.json"))("@playwright/test");

const { dir, proxy } = await world({ after }, { site });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP curfew.example.test 127.0.0.1"],
});
after(() => browser.close());

/** A page that remembers what went wrong in it and which tokens it sent. */
async function watchedPage(t) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const troubles = [];
  const tokens = new Set();
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    // config.json may be missing; the browser says so by itself.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) troubles.push(message.text());
  });
  page.on("request", (request) => {
    const carried = [request.headers()["x-f5-auth-token"], /tokens\/(.+)$/.exec(request.url())?.[1]];
    for (const token of carried.filter((t) => t !== undefined)) tokens.add(decodeURIComponent(token));
  });
  return { page, troubles, tokens };
}

for (const name of names) {
  for (const subPath of ["/", "/tools/curfew/"]) {
    describe(`${name} at ${subPath}`, () => {
      test("the app loads, kills a user's sessions, and signs out without a trace of a token", async (t) => {
        const simulator = await startSimulator(t, dir);
        const to = await proxy(t, name, { subPath, upstreamPort: simulator.port, bigiqCa: simulator.caFile });
        const { page, troubles, tokens } = await watchedPage(t);
        const before = await simulator.control("/_sim/sessions");
        const hers = (session) => session.user === "user2";

        await page.goto(`https://${to.host}:${to.port}${subPath}`);
        await page.getByLabel("User name").fill("manager");
        await page.getByLabel("Password").fill("manager");
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByLabel("User names").fill("user2");
        await page.getByRole("option", { name: /^TestGroup1 / }).click();
        await page.getByLabel("Reason or ticket").fill("CHG-1042 lost laptop");
        await page.getByRole("region", { name: "Plan" }).getByRole("button", { name: /^Kill/ }).click();
        const gate = page.getByRole("dialog");
        const confirm = gate.getByRole("button", { name: /^Kill/ });
        await confirm.waitFor();
        const open = await page.evaluate(() => performance.now());
        // The gate takes no press in its first half second.
        await page.waitForFunction((since) => performance.now() - since > 600, open);
        await confirm.click();
        await page.getByRole("main").getByText(/^BIG-IQ finished/).first().waitFor();

        const left = await simulator.control("/_sim/sessions");
        const gone = before.filter((session) => !left.some((other) => other.id === session.id && other.device === session.device));
        assert.ok(gone.length > 0 && gone.every(hers), JSON.stringify(gone));

        const forgotten = [1, 2].map(() => page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.ok()));
        await page.getByRole("button", { name: "Sign out" }).click();
        await Promise.all(forgotten);
        await page.getByRole("button", { name: "Sign in" }).waitFor();
        assert.deepEqual(troubles, []);

        await to.logged(/CHG-1042%20lost%20laptop/);
        await to.logged(/"DELETE"/);
        const logs = to.logs() + simulator.output();
        assert.ok(tokens.size >= 2, "the access token and the refresh token");
        for (const token of tokens) assert.ok(!logs.includes(token) && !logs.includes(token.split(".")[2].slice(0, 60)));
      });
    });
  }
}
