// The browser sends its reports to the address in the policy, and the server understands them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { site, startChromium, watchedPage } from "./lib/chromium.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const { proxy } = await world({ after }, { site });
const browser = await startChromium({ after });

for (const name of names) {
  test(`${name} gets the browser's report`, async (t) => {
    const to = await proxy(t, name);
    const { page } = await watchedPage(t, browser);
    await page.goto(`https://${to.host}:${to.port}/`);
    await page.evaluate(() => { new Image().src = "https://other.example.test/pixel?secret=1"; });
    await to.logged(/csp-report/);
    assert.doesNotMatch(to.logs(), /secret=1/);
    if (name !== "nginx" && name !== "haproxy") return; // the others can't log a body
    await to.logged(/"directive":"img-src".*"blocked":"https:\/\/other\.example\.test\/pixel"/);
  });
}
