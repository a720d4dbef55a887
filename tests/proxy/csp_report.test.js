// Browsers report what the policy stopped: at most 16 kB, 10 a minute, and in the log only what can't be a secret.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { attacked } from "./lib/attacks.js";
import { send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const { upstream, proxy } = await world({ after });
const LOGS_REPORTS = ["nginx", "haproxy"];
const TOKEN = "eyJhbGciOiJSUzM4NCJ9.eyJpc3MiOiJCSUctSVEifQ.c2ln";

const report = (fields) => JSON.stringify({
  "csp-report": {
    "document-uri": "https://curfew.example.test/?user=user2", referrer: "", "violated-directive": "img-src",
    "effective-directive": "img-src", "original-policy": "default-src 'none'", disposition: "enforce",
    "blocked-uri": "https://other.example.test/pixel?secret=1", "line-number": 7, "source-file": "https://curfew.example.test/boot.js?x#y",
    ...fields,
  },
});
function post(to, body) {
  attacked("reports of the policy");
  return send(to, "POST /csp-report", { body, headers: [["Content-Type", "application/csp-report"]] });
}
const reports = (to) => to.logs().split("\n").filter((line) => line.includes("csp_report")).map((line) => JSON.parse(line));

for (const name of names) {
  describe(name, () => {
    test("a report is answered with 204 and, if the server can, logged as one line without queries", async (t) => {
      const to = await proxy(t, name);
      upstream.reset();
      const answer = await post(to, report());
      assert.equal(answer.status, 204);
      assert.match(answer.header("content-security-policy"), /default-src 'none'/);
      await to.logged(/csp-report/);
      assert.equal(upstream.connections, 0);
      if (!LOGS_REPORTS.includes(name)) return;
      const [{ time, client, call, directive, document, blocked, source, line }] = reports(to);
      assert.ok(time);
      assert.deepEqual({ client, call, directive, document, blocked, source, line }, {
        client: "127.0.0.1", call: "csp_report", directive: "img-src", document: "https://curfew.example.test/",
        blocked: "https://other.example.test/pixel", source: "https://curfew.example.test/boot.js", line: "7",
      });
    });

    test("a hostile report can't break its line, and no token or query gets into the log", async (t) => {
      const to = await proxy(t, name);
      const hostile = [
        report({ "blocked-uri": `https://other.example.test/${TOKEN}` }),
        report({ "document-uri": `https://other.example.test/mgmt/shared/authz/tokens/${TOKEN}` }),
        report({ "source-file": "a\",\"claimed_operator\":\"root\"}\n{\"x\":\"" }),
        report({ "effective-directive": "\"}\n{\"claimed_operator\":\"root\"}" }),
        report({ "blocked-uri": "x".repeat(12_000) }),
        report({ "line-number": "1\",\"claimed_operator\":\"root" }),
        "{", "\0\0", "[]", `${"[".repeat(9000)}`,
      ];
      for (const body of hostile) assert.equal((await post(to, body)).status, 204, body.slice(0, 80));
      await send(to, "GET /end-of-test.js");
      await to.logged(/end-of-test/);
      const log = to.logs();
      assert.doesNotMatch(log, /secret=1|user=user2|c2ln|x{300}/);
      for (const line of log.split("\n").filter((one) => one.startsWith("{"))) assert.notEqual(JSON.parse(line).claimed_operator, "root");
      if (LOGS_REPORTS.includes(name)) assert.equal(reports(to).length, hostile.length);
    });

    test("too large a report, another method, and an eleventh in a minute are refused", async (t) => {
      const to = await proxy(t, name, { clients: name !== "caddy" });
      const from = (client) => (name === "caddy" ? to : { ...to, client });
      assert.equal((await post(from("192.0.2.1"), "x".repeat(17_000))).status, 413);
      assert.equal((await post(from("192.0.2.1"), "x".repeat(14_000))).status, 204);
      for (const line of ["GET /csp-report", "PUT /csp-report", "POST /csp-report/x", "POST /csp-report-read"]) {
        const answer = await send(from("192.0.2.1"), line);
        assert.ok(answer.status >= 400, `${answer.status} for ${line}`);
      }
      if (name === "caddy") return; // it limits no rates
      const found = [];
      for (let i = 0; i < 12; i += 1) found.push((await post(from("192.0.2.2"), report())).status);
      assert.deepEqual(found.slice(0, 10), Array.from({ length: 10 }, () => 204));
      assert.ok(found.includes(429), `${found}`);
    });
  });
}
