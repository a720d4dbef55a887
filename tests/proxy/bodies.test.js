// Request bodies: at most 2 MB, with a known length, and complete before BIG-IQ sees any of it.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { attacked } from "./lib/attacks.js";
import { call, head, open, ownPage, send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const LOGIN = "POST /mgmt/shared/authn/login";
const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const PIECE = Buffer.alloc(64 * 1024, " ");
const { upstream, proxy } = await world({ after });

/** The headers of a kill, or of a GET with a body. */
const headersOf = (line, ...more) => [...ownPage, ...(line === KILL ? [["Content-Type", "application/json"]] : []), ...more];

/** Sends a request in pieces until the server answers or closes the connection. */
async function stream(to, line, headers, pieces) {
  attacked("bodies");
  const connection = await open(to);
  let listens = await connection.write(head(to.host, line, headersOf(line, ...headers)));
  for (const piece of pieces) {
    if (!listens) break;
    listens = await connection.write(piece);
  }
  return connection.answer;
}

const pieces = (bytes) => Array.from({ length: Math.ceil(bytes / PIECE.length) }, () => PIECE);
const chunk = (bytes) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
const MB3 = 48 * PIECE.length;

for (const name of names) {
  describe(name, async () => {
    const to = await proxy({ after }, name);

    /** BIG-IQ sees nothing at all, not even a connection, and the answer has one of the statuses. */
    function refused(answer, what, ...statuses) {
      assert.deepEqual(upstream.requests, [], what);
      assert.equal(upstream.connections, 0, what);
      assert.ok(statuses.includes(answer?.status), `${answer?.status} for ${what}`);
      if (answer?.status !== 413) return; // headers.test.js covers the headers of requests that can't be parsed
      assert.equal(answer.header("cache-control"), "no-store", what);
      assert.match(answer.header("content-security-policy"), /default-src 'none'/, what);
    }

    test("a body of almost 2 MB passes", async () => {
      upstream.reset();
      const body = JSON.stringify({ x: "x".repeat(1_990_000) });
      assert.equal((await call(to, KILL, { body })).status, 200);
      assert.deepEqual(upstream.requests.map((request) => request.body === body), [true]);
    });

    test("3 MB with a length are refused before BIG-IQ sees any of it", async () => {
      for (const line of [KILL, TASKS]) {
        upstream.reset();
        refused(await stream(to, line, [["Content-Length", MB3]], []), line, 413);
        // The answer can get lost if the server closes the connection while the client still sends.
        refused(await stream(to, line, [["Content-Length", MB3]], pieces(MB3)), line, 413, undefined);
      }
    });

    test("3 MB in chunks are refused before BIG-IQ sees any of it", async () => {
      for (const line of [KILL, TASKS]) {
        upstream.reset();
        const body = [...pieces(MB3).map(chunk), "0\r\n\r\n"];
        refused(await stream(to, line, [["Transfer-Encoding", "chunked"]], body), line, 400, 413, 500, undefined);
      }
    });

    test("a length that is small when cut to 32 or 64 bits is refused", async () => {
      for (const bits of [32n, 33n, 63n, 64n]) {
        for (const line of [KILL, TASKS]) {
          upstream.reset();
          const answer = await stream(to, line, [["Content-Length", 2n ** bits + 2n]], ["{}"]);
          refused(answer, `${line} with ${bits} bits`, 413, ...(bits < 63n ? [] : [400]));
        }
      }
    });

    test("BIG-IQ sees a request when its body is complete, and never if it stays incomplete", async () => {
      upstream.reset();
      const body = JSON.stringify({ userName: "user2", clusterNames: ["RedCluster"] });
      const slow = await open(to);
      const aborted = await open(to);
      for (const connection of [slow, aborted]) {
        await connection.write(head(to.host, KILL, headersOf(KILL, ["Content-Length", body.length])) + body.slice(0, 20));
      }
      // The answers to later calls show that the server had time to forward the earlier requests.
      for (let i = 0; i < 3; i += 1) assert.equal((await call(to, TASKS)).status, 200);
      assert.equal(upstream.connections, 3);
      aborted.close();
      await slow.write(body.slice(20));
      assert.equal((await slow.answer).status, 200);
      assert.equal((await call(to, TASKS)).status, 200);
      assert.deepEqual(upstream.requests.filter(({ line }) => line.startsWith("POST")).map((request) => request.body), [body]);
      assert.equal(upstream.connections, 5);
    });

    test("slow sign-ins don't delay another one", async () => {
      upstream.reset();
      // Together not more than nginx' burst. Caddy lets four sign-ins run at BIG-IQ, and these must not be counted.
      const slow = await Promise.all(Array.from({ length: name === "caddy" ? 12 : 4 }, async () => {
        const connection = await open(to);
        attacked("bodies");
        await connection.write(head(to.host, LOGIN, [...ownPage, ["Content-Type", "application/json"], ["Content-Length", 100]]) + "{");
        return connection;
      }));
      assert.equal((await call(to, LOGIN)).status, 200);
      assert.equal(upstream.connections, 1);
      for (const connection of slow) assert.ok(await connection.write(" "), "the slow ones are still open");
      for (const connection of slow) connection.close();
    });

    test("one address can't hold more than 100 calls open", { skip: name !== "nginx" && "the others limit the time of a whole body" }, async (t) => {
      const many = await proxy(t, name, { clients: true });
      const client = "198.51.100.1";
      upstream.reset();
      const slow = await Promise.all(Array.from({ length: 100 }, async () => {
        attacked("bodies");
        const connection = await open({ ...many, client });
        await connection.write(head(to.host, TASKS, [...ownPage, ["Content-Length", 100]]) + "{");
        return connection;
      }));
      const refused = await call({ ...many, client }, TASKS);
      assert.equal(refused.status, 429);
      assert.equal(refused.header("retry-after"), "10");
      assert.equal((await send({ ...many, client }, "POST /csp-report", { body: "{}" })).status, 429);
      assert.equal((await send({ ...many, client }, "GET /boot.js")).status, 200);
      assert.equal((await call({ ...many, client: "198.51.100.2" }, TASKS)).status, 200);
      for (const connection of slow) connection.close();
    });
  });
}

// All servers at the same time, because each waits 10 seconds for a silent client.
test("a kill whose headers or body never arrive gets no success, neither in the answer nor in the log", { timeout: 60_000 }, async (t) => {
  const body = JSON.stringify({ userName: "user2", clusterNames: ["RedCluster"] });
  const ways = { empty: ["", "end"], half: [body.slice(0, 20), "end"], silent: [body.slice(0, 20), "wait"] };
  const servers = await Promise.all(names.map(async (name) => [name, await proxy(t, name)]));
  upstream.reset();
  // Headers without an end: each server gives up after 10 seconds too.
  const unfinished = servers.map(async ([name, to]) => {
    attacked("bodies");
    const connection = await open(to);
    await connection.write(head(to.host, KILL, headersOf(KILL)).slice(0, -20));
    const answer = await connection.answer;
    assert.ok(answer === undefined || answer.status >= 400, `${name}: ${answer?.status}`);
  });
  await Promise.all(servers.flatMap(([name, to]) => Object.entries(ways).map(async ([way, [sent, then]]) => {
    const what = `${name}, ${way}`;
    const connection = await open(to);
    const job = `never-${way}`;
    attacked("bodies");
    await connection.write(head(to.host, KILL, headersOf(KILL, ["X-Curfew-Job", job], ["Content-Length", body.length])) + sent);
    if (then === "end") connection.end();
    const answer = await connection.answer;
    if (answer !== undefined) {
      assert.ok(answer.status >= 400, `${what}: ${answer.status}`);
      // HAProxy's own 408 has no headers at all.
      if (name !== "haproxy") assert.match(answer.header("content-security-policy") ?? "", /default-src 'none'/, what);
    }
    const line = new RegExp(`^.*${job}.*$`, "m");
    await to.logged(line);
    const { status } = JSON.parse(line.exec(to.logs())[0]);
    assert.doesNotMatch(`${status}`, /^[123]/, `${what}, in the log`);
  })));
  await Promise.all(unfinished);
  assert.deepEqual(upstream.requests, []);
  assert.equal(upstream.connections, 0);
});
