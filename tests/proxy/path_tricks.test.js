// Request targets that a server might normalise into an allowed one, or forward as one that isn't allowed.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { attacked } from "./lib/attacks.js";
import { call, ownPage, send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const TASKS = "/mgmt/cm/access/tasks/kill-sessions";
const RESOLVER = "/mgmt/cm/system/machineid-resolver";
const { upstream, proxy } = await world({ after });

const tricks = {
  "dots up and down": `GET /mgmt/tm/util/bash/../../..${RESOLVER.slice("/mgmt".length)}`,
  "dots out of an endpoint": `GET ${RESOLVER}/../../../tm/util/bash`,
  "dots as an id": `GET ${RESOLVER}/..`,
  "dots that stay": `GET ${RESOLVER}/./x`,
  "dots behind the app": `GET /icons/..${RESOLVER}`,
  "encoded dots": `GET ${RESOLVER}/%2e%2e/%2e%2e/%2e%2e/tm/util/bash`,
  "half encoded dots": `GET ${RESOLVER}/.%2E/.%2e/tm/util/bash`,
  "dots encoded twice": `GET ${RESOLVER}/%252e%252e/tm/util/bash`,
  "dots with a parameter": `GET ${RESOLVER}/..;/..;/tm/util/bash`,
  "two slashes first": `GET /${RESOLVER}`,
  "two slashes inside": `GET ${RESOLVER.replace("/cm", "//cm")}`,
  "two slashes last": `GET ${RESOLVER}//`,
  "an encoded slash": `GET ${RESOLVER}/x%2Fy`,
  "an encoded slash in the path": `GET ${RESOLVER.replace("/cm/", "%2Fcm%2F")}`,
  "a backslash": `GET ${RESOLVER}\\..\\x`,
  "an encoded backslash": `GET ${RESOLVER}/..%5c..%5ctm`,
  "an encoded letter": `GET ${RESOLVER.replace("cm", "%63m")}`,
  "an absolute target": `GET https://curfew.example.test${RESOLVER}`,
  "an absolute target elsewhere": `GET http://192.0.2.9${RESOLVER}`,
  "mixed case": `GET ${RESOLVER.replace("mgmt", "MGMT")}`,
  "mixed case inside": `GET ${RESOLVER.replace("resolver", "Resolver")}`,
  "a lower-case method": `get ${RESOLVER}`,
  "a semicolon": `GET ${RESOLVER};x=y`,
  "an encoded NUL": `GET ${RESOLVER}/x%00`,
  "an encoded line end": `GET ${RESOLVER}/x%0d%0aX-Evil:%201`,
  "an encoded question mark": `GET ${RESOLVER}%3fx`,
  "a fragment": `GET ${RESOLVER}#/../x`,
  "a query with a slash": `GET ${RESOLVER}?x=/../../`,
  "a query with a bracket": `GET ${RESOLVER}?x=<script>`,
  "a query on a POST": `POST ${TASKS}?x=y`,
  "a space": `GET ${RESOLVER} /x`,
  "a tab": `GET ${RESOLVER}\t/x`,
  "bytes beyond ASCII": `GET ${RESOLVER}/\u00e9`,
  "dots in the rest-proxy": "GET /mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/../rest-proxy/mgmt/tm/sys/failover",
  "another path in the rest-proxy": "GET /mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/x/rest-proxy/mgmt/tm/util/bash",
  "two segments as an id": "GET /mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/x/y/rest-proxy/mgmt/tm/sys/failover",
  "an overlong id": `GET ${RESOLVER}/${"x".repeat(20_000)}`,
  "an overlong query": `GET ${RESOLVER}?$filter=${"x".repeat(20_000)}`,
  "a proxy's own method": "CONNECT bigiq.example.test:443",
};

for (const name of names) {
  describe(name, async () => {
    const to = await proxy({ after }, name);

    for (const [trick, line] of Object.entries(tricks)) {
      test(trick, async () => {
        upstream.reset();
        attacked("paths");
        const answer = await call(to, line);
        assert.ok(answer === undefined || answer.status >= 400, `${answer?.status} for ${line.slice(0, 200)}`);
        assert.deepEqual(upstream.requests, []);
      });
    }

    test("a server-wide target doesn't reach BIG-IQ", async () => {
      upstream.reset();
      await call(to, "OPTIONS *"); // httpd answers it itself, with an empty body
      assert.deepEqual(upstream.requests, []);
    });

    test("HTTP/1.0 and HTTP/0.9 don't get further than HTTP/1.1", async () => {
      upstream.reset();
      for (const version of ["HTTP/1.0", "HTTP/9.9", ""]) {
        const answer = await send(to, "GET /mgmt/tm/util/bash", { version, headers: ownPage });
        assert.ok(answer === undefined || answer.status >= 400, version);
      }
      assert.deepEqual(upstream.requests, []);
    });

    test("a request hidden in the body of another doesn't reach BIG-IQ", async () => {
      upstream.reset();
      const inner = "GET /mgmt/tm/util/bash HTTP/1.1\r\nHost: x\r\n\r\n";
      const chunked = `0\r\n\r\n${inner}`;
      await send(to, `POST ${TASKS}`, {
        headers: [...ownPage, ["Content-Type", "application/json"], ["Transfer-Encoding", "chunked"], ["Content-Length", chunked.length]],
        body: chunked,
      });
      await call(to, `POST ${TASKS}`, { body: inner });
      for (const { line } of upstream.requests) assert.equal(line, `POST ${TASKS} HTTP/1.1`);
    });
  });
}
