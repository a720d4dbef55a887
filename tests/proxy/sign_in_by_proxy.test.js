// Sign-in by the proxy: a broker holds the service account's token, the browser has none, and other sites can't use it.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { startBroker } from "./lib/broker.js";
import { oneAfterTheOther } from "./lib/browser.js";
import { keptBy, openGate, readTheGate, site, startChromium, watchedPage } from "./lib/chromium.js";
import { startHost } from "./lib/portal.js";
import { names } from "./lib/servers.js";
import { startSimulator } from "./lib/simulator.js";
import { text } from "./lib/text.js";
import { world } from "./lib/world.js";

const KILL = "/mgmt/cm/access/tasks/kill-sessions";
const RESOLVER = "GET /mgmt/cm/system/machineid-resolver";
const { dir, ca, proxy } = await world({ after }, { site });
const browser = await startChromium({ after });
const bundle = join(dir, "bundle-by-proxy");
cpSync(site, bundle, { recursive: true });
writeFileSync(join(bundle, "config.json"), JSON.stringify({ signIn: "proxy" }));
const certificate = ca.issue("broker", { commonName: "bigiq", names: ["DNS:bigiq.example.test", "DNS:localhost"] });

/** The simulator, a broker in front of it, and a server in front of the broker. */
async function chain(t, name) {
  const simulator = await startSimulator(t, dir);
  const broker = await startBroker(t, certificate, simulator, "manager");
  const to = await proxy(t, name, { site: bundle, upstreamPort: broker.port, fresh: true });
  const kills = async () => (await simulator.control("/_sim/requests")).filter((call) => call.method === "POST" && call.path === KILL);
  return { simulator, to, origin: `https://${to.host}:${to.port}`, kills };
}

for (const name of names) {
  describe(name, () => {
    test("BIG-IQ sees a kill by the service account; page and record say so, and the browser never has a token", async (t) => {
      const { simulator, to, origin, kills } = await chain(t, name);
      const { page, troubles, tokens, sent } = await watchedPage(t, browser);
      const before = await simulator.control("/_sim/sessions");
      await page.goto(`${origin}/#/kill`);
      await page.getByText(text("by_proxy_body")).waitFor();
      await page.getByRole("button", { name: text("by_proxy_continue") }).click();
      await page.getByText(text("signed_in_by_proxy")).waitFor();
      await page.getByLabel(text("user_names")).fill("user2");
      await page.getByLabel(text("reason")).fill("CHG-1042 for J. at the desk");
      const confirm = await openGate(page, "TestGroup1");
      assert.ok((await page.getByRole("dialog").innerText()).includes(text("by_proxy_body")));
      await readTheGate(page);
      await confirm.click();
      await page.getByRole("main").getByText(text("headline_success")).first().waitFor();

      const left = await simulator.control("/_sim/sessions");
      assert.ok(left.length < before.length);
      assert.deepEqual((await kills()).map((call) => call.operator), ["manager"]);
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: text("save_record_json") }).click();
      const record = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
      assert.equal(record.operator, "(proxy-service-account)");
      assert.equal(record.signedInBy, "proxy");
      assert.equal(record.reason, "CHG-1042 for J. at the desk");
      await to.logged(/CHG-1042%20for%20J\.%20at%20the%20desk/);
      assert.deepEqual([...tokens], []);
      assert.doesNotMatch((await keptBy(page)) + sent.join("\n") + to.logs(), /eyJ[A-Za-z0-9_-]{20}/);
      assert.deepEqual(troubles, []);
    });

    test("a form and a script of another site are refused, though the proxy would sign them in", async (t) => {
      const { origin, kills } = await chain(t, name);
      const body = "{\"action\":\"KILL_ALL_SESSIONS\",\"clusterNames\":[\"RedCluster\"],\"x\":\"";
      const foreign = await startHost(t, certificate, "localhost", {
        "/": `<!doctype html><form method="post" enctype="text/plain" action="${origin}${KILL}">`
          + `<input name='${body}' value='"}'><button>Win a prize</button></form>`,
      });
      const { page } = await watchedPage(t, browser);
      const answers = [];
      page.on("response", (answer) => answers.push([answer.request().method(), answer.status()]));
      await page.goto(foreign);
      const refused = page.waitForResponse((answer) => answer.url() === origin + KILL);
      await page.getByRole("button", { name: "Win a prize" }).click();
      assert.equal((await refused).status(), 403);

      await page.goto(foreign);
      const told = await page.evaluate(async ([target, text]) => {
        const attempt = (init) => fetch(target, { method: "POST", credentials: "include", body: text, ...init }).then((a) => a.type, () => "failed");
        return [
          await attempt({ mode: "no-cors", headers: { "Content-Type": "text/plain" } }),
          await attempt({ mode: "cors", headers: { "Content-Type": "application/json", "X-Curfew": "1" } }),
        ];
      }, [origin + KILL, `${body}"}`]);
      // The other site can't read the answer to the first, and can't send the second.
      assert.deepEqual(told.map((type) => type === "opaque" || type === "failed"), [true, true]);
      assert.ok(answers.filter(([method]) => method === "POST").every(([, status]) => status === 403), JSON.stringify(answers));
      assert.deepEqual(await kills(), []);
    });

    test("every connection closes after one answer, so a kill never uses an old connection", async (t) => {
      const { to } = await chain(t, name);
      assert.deepEqual(await oneAfterTheOther(to, [RESOLVER, RESOLVER]), [200]);
    });
  });
}
