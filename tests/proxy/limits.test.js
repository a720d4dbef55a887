// Connections and rates: nothing is sent twice, no connection is shared, sign-ins and kills are limited, and BIG-IQ sees one address.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { connect } from "node:tls";
import { attacked } from "./lib/attacks.js";
import { call, oneAfterTheOther, ownPage, send, sendOverHttp2 } from "./lib/browser.js";
import { configs, names } from "./lib/servers.js";
import { CLOSES } from "./lib/upstream.js";
import { world } from "./lib/world.js";

const EXCHANGE = "POST /mgmt/shared/authn/exchange";
const LOGIN = "POST /mgmt/shared/authn/login";
const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const RESOLVER = "GET /mgmt/cm/system/machineid-resolver";
const { upstream, proxy } = await world({ after });

/** The answers to one call, repeated one after the other, each with another address that the client claims to have. */
async function repeated(to, line, times) {
  const answers = [];
  for (let i = 0; i < times; i += 1) {
    const address = `203.0.113.${i}`;
    const headers = ["X-Curfew-Client", "X-Forwarded-For", "X-Real-IP", "X-Client-IP", "True-Client-IP"].map((name) => [name, address]);
    answers.push(await call(to, line, { headers: [...headers, ["Forwarded", `for=${address}`]] }));
  }
  return answers;
}

/** Sends polls and kills in turn. BIG-IQ must see each on its own connection, even if it keeps all of them open. */
async function sharesNoConnection(to) {
  for (const closes of [CLOSES.whenAsked, CLOSES.never]) {
    upstream.reset();
    upstream.closes = closes;
    const lines = [TASKS, KILL, TASKS, TASKS, KILL, KILL, RESOLVER, KILL];
    for (const line of lines) assert.equal((await call(to, line)).status, 200);
    assert.deepEqual(upstream.requests.map(({ line }) => line), lines.map((line) => `${line} HTTP/1.1`));
    assert.equal(new Set(upstream.requests.map(({ connection }) => connection)).size, lines.length, `closes: ${closes}`);
    assert.equal(upstream.connections, lines.length);
    for (const { headers } of upstream.requests) {
      assert.deepEqual(headers.filter(([n]) => n === "connection").map(([, value]) => value.toLowerCase()), ["close"]);
    }
  }
}

for (const name of names) {
  describe(name, () => {
    test("a kill without an answer is not sent again", async (t) => {
      const to = await proxy(t, name);
      upstream.reset();
      upstream.answer = () => "reset";
      assert.ok((await call(to, KILL)).status >= 500);
      assert.equal(upstream.requests.length, 1);
      // A server that keeps connections may find one closed and retry on another.
      upstream.answer = () => ({ status: 200, headers: [["Content-Type", "application/json"]], body: "{}" });
      await call(to, TASKS);
      upstream.answer = () => "reset";
      upstream.requests = [];
      await call(to, KILL);
      assert.equal(upstream.requests.length, 1);
    });

    test("a kill's connection closes after the answer, good or bad, so that the next kill uses a new one", async (t) => {
      const to = await proxy(t, name);
      upstream.reset();
      // Other calls share a connection. Otherwise the next two checks would prove nothing.
      assert.deepEqual(await oneAfterTheOther(to, [RESOLVER, RESOLVER]), [200, 200]);
      assert.deepEqual(await oneAfterTheOther(to, [RESOLVER, KILL, RESOLVER]), [200, 200]);
      upstream.answer = (request) => (request.line.startsWith("POST") ? "reset" : { status: 200, headers: [], body: "{}" });
      const [refused, ...more] = await oneAfterTheOther(to, [KILL, RESOLVER]);
      assert.ok(refused >= 500);
      assert.deepEqual(more, []);
    });

    test("no two calls share a connection to BIG-IQ", async (t) => {
      await sharesNoConnection(await proxy(t, name));
    });

    test("HTTP/2 is refused: kills would share one connection, and browsers would repeat them when it breaks", async (t) => {
      for (const http2 of [false, true]) {
        const to = await proxy(t, name, { http2 });
        upstream.reset();
        const socket = connect({ port: to.port, host: "127.0.0.1", servername: to.host, ca: to.ca, ALPNProtocols: ["h2", "http/1.1"] });
        await new Promise((resolve, reject) => socket.on("secureConnect", resolve).on("error", reject));
        const agreed = socket.alpnProtocol;
        socket.destroy();
        if (name !== "nginx" || !http2) assert.equal(agreed, "http/1.1");
        for (const line of [KILL, TASKS]) {
          for (const protocol of new Set(["http/1.1", agreed])) {
            attacked("other protocols");
            const status = await sendOverHttp2(to, line, { ...Object.fromEntries(ownPage), "content-type": "application/json" }, protocol);
            assert.ok(status === undefined || status === 505, `${status} for ${line} after ${protocol}`);
          }
        }
        assert.deepEqual(upstream.requests, []);
        assert.equal(upstream.connections, 0);
        assert.equal((await call(to, TASKS)).status, 200);
      }
    });

    test("an upgrade to another protocol doesn't reach BIG-IQ", async (t) => {
      const to = await proxy(t, name);
      for (const upgrade of ["h2c", "websocket", "TLS/1.3"]) {
        upstream.reset();
        attacked("other protocols");
        const headers = [...ownPage, ["Upgrade", upgrade], ["Connection", "Upgrade, HTTP2-Settings"], ["HTTP2-Settings", "AAMAAABkAAQAAP__"]];
        const answer = await send(to, TASKS, { headers });
        assert.ok(answer.status === 200 || answer.status >= 400, `${answer.status} for ${upgrade}`);
        for (const request of upstream.requests) {
          assert.deepEqual(request.headers.filter(([n]) => n === "upgrade" || n === "http2-settings"), []);
          assert.deepEqual(request.headers.filter(([n]) => n === "connection"), [["connection", "close"]]);
        }
      }
    });

    if (name === "nginx") {
      test("no two calls share a connection if nginx keeps connections by default, as from 1.29.7 on", async (t) => {
        await sharesNoConnection(await proxy(t, name, { keepalive: true }));
        assert.match(configs.nginx, /^ {4}proxy_set_header Connection close;$/m); // before 1.29.7 the default has the same effect
      });

      test("no call is sent again to a second address, if the configuration has two", async (t) => {
        const to = await proxy(t, name, { twoAddresses: true });
        upstream.reset();
        upstream.answer = () => "reset";
        for (const line of [TASKS, KILL]) assert.ok((await call(to, line)).status >= 500);
        assert.deepEqual(upstream.requests.map((request) => request.line), [`${TASKS} HTTP/1.1`, `${KILL} HTTP/1.1`]);
      });
    }

    if (name === "caddy") {
      test("at most four sign-ins run at the same time, and other calls don't wait for them", async (t) => {
        const to = await proxy(t, name);
        upstream.reset();
        let running = 0;
        let most = 0;
        const held = [];
        let full = () => {};
        const four = new Promise((resolve) => { full = resolve; });
        const good = upstream.answer;
        upstream.answer = (request) => {
          if (!request.line.startsWith(LOGIN)) return good();
          running += 1;
          most = Math.max(most, running);
          if (running === 4) full();
          return new Promise((resolve) => held.push(() => { running -= 1; resolve(good()); }));
        };
        const logins = Array.from({ length: 8 }, () => call(to, LOGIN));
        await four;
        // A call that arrives after all eight is answered while they wait.
        assert.equal((await call(to, TASKS)).status, 200);
        assert.equal(running, 4);
        const done = Promise.all(logins).then(() => "done");
        while ((await Promise.race([done, new Promise((resolve) => setImmediate(resolve))])) !== "done") held.splice(0).forEach((go) => go());
        assert.equal(most, 4);
      });
      return;
    }

    for (const [what, line, most] of [["sign-ins", LOGIN, 12], ["renewed tokens", EXCHANGE, 62], ["kills", KILL, 62]]) {
      test(`too many ${what} from one address are refused, with the time to wait`, async (t) => {
        const to = await proxy(t, name);
        upstream.reset();
        attacked("rates", most);
        const answers = await repeated(to, line, most);
        const refused = answers.filter((answer) => answer.status === 429);
        assert.ok(refused.length > 0, `${answers.map((a) => a.status)}`);
        // nginx allows a burst and then the rate, the others the whole number at once.
        const burst = { [LOGIN]: 6, [EXCHANGE]: 21, [KILL]: 31 }[line];
        assert.ok(answers.slice(0, name === "nginx" ? burst : most - 2).every(({ status }) => status === 200), `${answers.map((a) => a.status)}`);
        assert.equal(upstream.requests.length, answers.length - refused.length);
        for (const answer of refused) {
          assert.equal(answer.header("retry-after"), "10");
          assert.equal(answer.header("cache-control"), "no-store");
          assert.match(answer.header("content-security-policy"), /default-src 'none'/);
        }
        // An operator who reached the limit can still follow the tasks.
        assert.equal((await call(to, TASKS)).status, 200);
      });
    }

    test("the addresses of an IPv6 network count as one, however they are written, and IPv4 addresses count alone", async (t) => {
      const to = await proxy(t, name, { clients: true });
      upstream.reset();
      const networks = {
        "2001:db8:0:1::/64": ["2001:db8:0:1::1", "2001:db8:0:1:5:6:7:8", "2001:db8:0:1:a::b", "2001:db8:0:1:c:0:0:d", "2001:db8:0:1:ffff:ffff:ffff:ffff"],
        "2001:db8::/64": ["2001:db8::1", "2001:db8::5:6:7:8", "2001:db8::5:0:0:8", "2001:db8:0:0:1::", "2001:db8::"],
        "2001:0:0:1::/64": ["2001::1:5:6:7:8", "2001:0:0:1::1", "2001:0:0:1:5::8", "2001:0:0:1::"],
        "::/64": ["::1", "::5:6:7:8", "::5:0:0:7"],
      };
      for (const [network, addresses] of Object.entries(networks)) {
        const found = [];
        attacked("rates", 12);
        for (let i = 0; i < 12; i += 1) found.push((await call({ ...to, client: addresses[i % addresses.length] }, LOGIN)).status);
        assert.equal(found[0], 200, network);
        assert.ok(found.slice(name === "nginx" ? 6 : 10).includes(429), `${network}: ${found}`);
      }
      for (const client of ["2001:db8:0:2::1", "2001:db9::1", "2001:0:0:2:5:6:7:8", ...Array.from({ length: 8 }, (_, i) => `192.0.2.${i}`)]) {
        assert.equal((await call({ ...to, client }, LOGIN)).status, 200, client);
      }
      // httpd writes these addresses as IPv4 itself, and can't read them from the test's PROXY protocol.
      for (let i = 0; i < (name === "httpd" ? 0 : 12); i += 1) {
        const client = `::ffff:198.51.100.${i}`;
        assert.equal((await call({ ...to, client }, LOGIN)).status, 200, client);
      }
    });

    test("sign-ins from many addresses have a limit together, which no other call meets", async (t) => {
      const to = await proxy(t, name, { clients: true });
      upstream.reset();
      const found = [];
      attacked("rates", 125);
      for (let i = 0; i < 125; i += 1) found.push((await call({ ...to, client: `198.51.100.${i}` }, LOGIN)).status);
      assert.ok(found.slice(0, name === "nginx" ? 60 : 120).every((status) => status === 200), `${found}`);
      assert.ok(found.includes(429), `${found}`);
      assert.equal(upstream.requests.length, found.filter((status) => status === 200).length);
      for (const line of [EXCHANGE, KILL, TASKS]) assert.equal((await call({ ...to, client: "198.51.100.200" }, line)).status, 200, line);
    });

    test("requests that another site makes a browser send don't use up its sign-ins and kills", async (t) => {
      const to = await proxy(t, name);
      upstream.reset();
      const foreign = [["Sec-Fetch-Site", "cross-site"], ["Content-Type", "text/plain"]];
      for (const [line, times] of [[LOGIN, 20], [KILL, 70]]) {
        attacked("rates", times);
        for (let i = 0; i < times; i += 1) assert.equal((await send(to, line, { headers: foreign, body: "{}" })).status, 403);
        assert.equal((await call(to, line)).status, 200, line);
      }
    });

    test("one address alone can't use up the sign-ins of all", async (t) => {
      const to = await proxy(t, name, { clients: true });
      upstream.reset();
      attacked("rates", 200);
      for (let i = 0; i < 200; i += 1) await call({ ...to, client: "198.51.100.1" }, LOGIN);
      assert.equal((await call({ ...to, client: "198.51.100.2" }, LOGIN)).status, 200);
    });

    test("BIG-IQ sees the source address from the configuration", async (t) => {
      const to = await proxy(t, name, { source: "127.0.0.2" });
      upstream.reset();
      await call(to, TASKS);
      await call(to, KILL);
      assert.deepEqual(upstream.requests.map((request) => request.from), ["127.0.0.2", "127.0.0.2"]);
    });
  });
}
