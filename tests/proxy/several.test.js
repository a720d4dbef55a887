// Several BIG-IQs behind one nginx, each under its own path. Each gets only its own calls.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { call } from "./lib/browser.js";
import { endpoints, example } from "./lib/endpoints.js";
import { names } from "./lib/servers.js";
import { Upstream } from "./lib/upstream.js";
import { world } from "./lib/world.js";

const { ca, upstream, proxy } = await world({ after });

describe("nginx with a second BIG-IQ under /east", { skip: !names.includes("nginx") }, async () => {
  if (!names.includes("nginx")) return;
  const east = await Upstream.start({ after }, ca.issue("east", { commonName: "east", names: ["DNS:east.example.test"] }));
  const to = await proxy({ after }, "nginx", { east: { port: east.port, name: "east.example.test" } });
  const reset = () => [upstream, east].forEach((one) => one.reset());

  test("every call reaches the right BIG-IQ, without the prefix and otherwise unchanged", async () => {
    const off = endpoints.filter((endpoint) => endpoint.name !== "CANCEL");
    assert.ok(off.length > 10);
    for (const endpoint of off) {
      const query = endpoint.queries.length > 0 && endpoint.queries.at(-1).length > 0 ? `?${endpoint.queries.at(-1).map((key) => `${key}=%27a%27%20b`).join("&")}` : "";
      for (const [prefix, mine, other] of [["", upstream, east], ["/east", east, upstream]]) {
        reset();
        const answer = await call(to, `${endpoint.method} ${prefix}${example(endpoint)}${query}`);
        // The limit for sign-ins per minute is reached.
        if (answer.status === 429) continue;
        assert.equal(answer.status, 200, `${prefix}${endpoint.path}`);
        assert.deepEqual(mine.requests.map((request) => request.line), [`${endpoint.method} ${example(endpoint)}${query} HTTP/1.1`]);
        assert.deepEqual(other.requests, []);
        assert.equal(Object.fromEntries(mine.requests[0].headers).host, prefix === "" ? "bigiq.example.test" : "east.example.test");
        assert.equal(answer.header("cache-control"), "no-store");
        assert.match(answer.header("content-security-policy"), /default-src 'none'/);
      }
    }
  });

  test("the prefix allows no other path, and no other prefix works", async () => {
    reset();
    const task = "/mgmt/cm/access/tasks/kill-sessions";
    for (const line of [
      "GET /east/mgmt/tm/util/bash",
      `GET /east/east${task}`,
      `GET /east/../east${task}`,
      `GET /east/..${task}`,
      `GET /east/%2e%2e${task}`,
      `GET //east${task}`,
      `GET /East${task}`,
      `GET /west${task}`,
      `GET /eastern${task}`,
      `GET /east${task}/../../../../tm/util/bash`,
      `PATCH /east${task}/1`,
      "GET /east/mgmt",
      "GET /mgmt/east",
    ]) {
      const answer = await call(to, line);
      assert.ok(answer.status >= 400, `${answer.status} for ${line}`);
    }
    assert.deepEqual([...upstream.requests, ...east.requests], []);
  });

  test("each needs a certificate with its own name, and the other's name is refused", async (t) => {
    const wrong = await proxy(t, "nginx", { east: { port: upstream.port, name: "east.example.test" } });
    reset();
    assert.ok((await call(wrong, "GET /east/info/system")).status >= 500);
    assert.equal((await call(wrong, "GET /info/system")).status, 200);
    assert.deepEqual(upstream.requests.map((request) => request.line), ["GET /info/system HTTP/1.1"]);
  });

  test("the log has no token here either, and shows which BIG-IQ it was", async () => {
    reset();
    const secret = "eyJhbGciOiJSUzM4NCJ9.eyJvdGhlciI6ImVhc3QifQ.c2lnbmF0dXJlLW9mLWVhc3Q";
    assert.equal((await call(to, `DELETE /east/mgmt/shared/authz/tokens/${secret}`)).status, 200);
    await to.logged(/"path":"\/east\/mgmt\/shared\/authz\/tokens\/-"/);
    assert.ok(!to.logs().includes(secret.slice(0, 40)));
  });
});
