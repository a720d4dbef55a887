// The headers that pass from the browser to BIG-IQ and back, and those on every answer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { HIDDEN_HEADERS } from "../../scripts/proxies.mjs";
import { attacked } from "./lib/attacks.js";
import { call, open, ownPage, send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const { upstream, proxy } = await world({ after });

const SECURITY = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; "
    + "require-trusted-types-for 'script'; trusted-types default; report-uri /csp-report",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "strict-transport-security": "max-age=31536000",
};

// Headers that a browser, another proxy or an attacker may send.
const UNWANTED = [
  "Cookie", "Referer", "Origin", "Authorization", "Proxy-Authorization", "User-Agent", "Accept-Language", "Accept-Encoding",
  "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP", "Via",
  "X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-F5-REST-Coordination-Id", "Idempotency-Key",
  "Range", "If-None-Match", "If-Modified-Since", "Cache-Control", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Traceparent",
  "X-Curfew-Operator", "X-Curfew-Job", "X-Curfew-Action", "X-Curfew-Reason",
];
const WANTED = ["host", "accept", "content-type", "content-length", "x-f5-auth-token", "connection"];

// Headers that a server sets itself.
const OWN = new Set(["Server", "Cache-Control", "Vary", "Content-Encoding", "Upgrade", "Trailer"]);

// Headers with which BIG-IQ, or a server in its place, may try to change something on this origin.
const HIDDEN = {
  "Set-Cookie": "BIGIPAuthCookie=x; Path=/",
  "WWW-Authenticate": "Basic realm=\"BIG-IQ\"",
  Location: "https://localhost/mgmt",
  Refresh: "0; url=https://localhost/",
  Link: "<https://localhost/x.css>; rel=stylesheet",
  "Clear-Site-Data": "\"*\"",
  "Alt-Svc": "h3=\":443\"",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Credentials": "true",
  "X-Powered-By": "Jetty",
};
const HIDDEN_BY_NAME = {
  ...Object.fromEntries(HIDDEN_HEADERS.filter((n) => !(n.toLowerCase() in SECURITY) && !OWN.has(n)).map((n) => [n, "x"])),
};
const OVERRIDDEN = {
  "Content-Security-Policy": "default-src *",
  "X-Content-Type-Options": "sniff",
  "X-Frame-Options": "ALLOWALL",
  "Origin-Agent-Cluster": "?0",
  "Referrer-Policy": "unsafe-url",
  "Strict-Transport-Security": "max-age=0",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Cache-Control": "public, max-age=600",
};

function secured(answer, what) {
  for (const [name, value] of Object.entries(SECURITY)) assert.equal(answer.header(name), value, `${name} on ${what}`);
  assert.doesNotMatch(answer.header("server") ?? "", /[0-9]/, what);
}

for (const name of names) {
  describe(name, async () => {
    const to = await proxy({ after }, name);

    test("BIG-IQ gets the few headers it needs, and no others", async () => {
      upstream.reset();
      attacked("request headers", UNWANTED.length);
      await call(to, KILL, { headers: UNWANTED.map((n) => [n, n === "Sec-Fetch-Dest" ? "empty" : "x"]) });
      const [{ headers, body }] = upstream.requests;
      assert.deepEqual(headers.map(([n]) => n).filter((n) => !WANTED.includes(n)), []);
      const sent = Object.fromEntries(headers);
      assert.match(sent.host, name === "httpd" ? /^localhost:/ : /^bigiq\.example\.test$/);
      assert.equal(sent.accept, "application/json");
      assert.equal(sent["content-type"], "application/json");
      assert.equal(sent["x-f5-auth-token"], Object.fromEntries(ownPage)["X-F5-Auth-Token"]);
      assert.equal(body, "{}");
    });

    test("unknown headers don't pass either", async () => {
      upstream.reset();
      await call(to, TASKS, { headers: [["X-Nobody-Thought-Of", "x"], ["X-F5-Auth-Token-2", "x"], ["Expect", "x"], ["TE", "trailers"], ["Keep-Alive", "9"]] });
      const others = upstream.requests.flatMap(({ headers }) => headers.map(([n]) => n)).filter((n) => !WANTED.includes(n));
      assert.deepEqual(others, []);
    });

    test("the browser can't make the proxy drop the token or the content type", async () => {
      for (const dropped of ["X-F5-Auth-Token", "close, X-F5-Auth-Token", "keep-alive, Content-Type, Accept, X-F5-Auth-Token"]) {
        upstream.reset();
        attacked("request headers");
        const answer = await call(to, KILL, { headers: [["Connection", dropped], ["Authorization", "Basic YWRtaW46"]] });
        assert.equal(answer.status, 200, dropped);
        const sent = Object.fromEntries(upstream.requests[0].headers);
        assert.equal(sent["x-f5-auth-token"], Object.fromEntries(ownPage)["X-F5-Auth-Token"], dropped);
        assert.equal(sent["content-type"], "application/json", dropped);
        assert.equal(sent.authorization, undefined, dropped);
        assert.match(sent.connection, /^close$/i, dropped);
      }
    });

    test("repeated headers: BIG-IQ gets only what was checked", async () => {
      for (const [header, first, second] of [
        ["X-F5-Auth-Token", undefined, "other"],
        ["Content-Type", undefined, "text/plain"],
        ["Sec-Fetch-Site", "cross-site", "same-origin"],
        ["X-Curfew", "0", "1"],
        ["X-Curfew-Operator", "a", "b"],
      ]) {
        for (const reversed of [false, true]) {
          upstream.reset();
          attacked("request headers");
          const own = [...ownPage, ["Content-Type", "application/json"]];
          const pair = [[header, first ?? own.find(([n]) => n === header)[1]], [header, second]];
          const headers = [...own.filter(([n]) => n !== header), ...(reversed ? pair.toReversed() : pair)];
          const answer = await send(to, KILL, { headers, body: "{}" });
          for (const { headers: sent } of upstream.requests) {
            const values = sent.filter(([n]) => n === header.toLowerCase()).map(([, value]) => value);
            assert.equal(values.length, header === "X-F5-Auth-Token" || header === "Content-Type" ? 1 : 0, header);
            assert.ok(values.every((value) => pair.some(([, one]) => one === value)), values.join());
          }
          assert.ok(answer.status === 200 || upstream.requests.length === 0, `${answer.status} for ${header}`);
        }
      }
    });

    test("no NUL, control character or list in a header that is checked or forwarded", async () => {
      upstream.reset();
      const own = Object.fromEntries([...ownPage, ["Content-Type", "application/json"], ["Sec-Fetch-Dest", "empty"]]);
      for (const header of ["Content-Type", "X-F5-Auth-Token", "Sec-Fetch-Site", "Sec-Fetch-Dest", "X-Curfew", "X-Curfew-Reason", "X-Curfew-Operator"]) {
        for (const bad of ["\0", "\x01", "\x1f", "\x7f", "\r", "\x0b", ", text/plain"]) {
          if (header === "X-F5-Auth-Token" && bad.startsWith(",")) continue; // BIG-IQ refuses such a token
          for (const value of [`${own[header] ?? "a"}${bad}`, `${own[header] ?? "a"}${bad}x`, `${bad}${own[header] ?? "a"}`]) {
            upstream.reset();
            attacked("request headers");
            const answer = await send(to, KILL, { headers: Object.entries({ ...own, [header]: value }), body: "{}" });
            const what = `${answer?.status} for ${header}: ${JSON.stringify(value.slice(0, 80))}`;
            if (answer === undefined || answer.status >= 400) {
              assert.deepEqual(upstream.requests, [], what);
              continue;
            }
            // A server may remove what is no part of the value, and then forward the clean value.
            assert.ok(!bad.includes("\0"), what);
            const sent = Object.fromEntries(upstream.requests[0].headers);
            assert.deepEqual([sent["content-type"], sent["x-f5-auth-token"]], [own["Content-Type"], own["X-F5-Auth-Token"]], what);
          }
        }
      }
    });

    test("only requests for Curfew's own host name are answered, and health checks", async () => {
      upstream.reset();
      const raw = async (line, host) => {
        const connection = await open(to);
        await connection.write(`${line} HTTP/1.1\r\n${host === undefined ? "" : `Host: ${host}\r\n`}Connection: close\r\n`
          + `${ownPage.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`);
        return connection.answer;
      };
      for (const host of ["other.example.test", "127.0.0.1", "localhost", "[::1]", `x${to.host}`, `${to.host}.example.test`, `${to.host}.`, `other.example.test:${to.port}`, ""]) {
        for (const line of [TASKS, "GET /", "GET /config.json", "GET /info/system"]) {
          attacked("foreign hosts and pages");
          const answer = await raw(line, host);
          if (host === "") assert.ok(answer.status >= 400, `${answer.status} for ${line} without a host`);
          else if (host === `${to.host}.`) assert.ok([200, 421].includes(answer.status)); // the same name, with its root
          else assert.equal(answer.status, 421, `${line} for ${host}`);
          if (answer.status === 421) secured(answer, `${line} for ${host}`);
        }
      }
      if (upstream.requests.length > 0) assert.ok(upstream.requests.every(({ headers }) => !headers.some(([, v]) => v.includes("other"))));
      for (const host of [to.host, to.host.toUpperCase(), `${to.host}:${to.port}`]) assert.equal((await raw(TASKS, host)).status, 200, host);
    });

    test("/healthz answers without BIG-IQ, for any host name, and is not logged", async () => {
      upstream.reset();
      for (const host of [to.host, "127.0.0.1"]) {
        for (const method of ["GET", "HEAD"]) {
          const connection = await open(to);
          await connection.write(`${method} /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
          const answer = await connection.answer;
          if (method === "HEAD" && answer === undefined) continue; // the test's client waits for the body that HEAD has not
          assert.equal(answer.status, 200, `${method} for ${host}`);
          assert.equal(answer.text.trim(), method === "GET" ? "ok" : "");
          assert.equal(answer.header("cache-control"), "no-store");
          assert.match(answer.header("content-type"), /^text\/plain/);
          secured(answer, "/healthz");
        }
      }
      for (const line of ["GET /healthz/x", "GET /healthz.json"]) assert.ok((await call(to, line)).status >= 400, line);
      assert.equal(upstream.connections, 0);
      await call(to, "GET /after-health.js");
      await to.logged(/after-health/);
      assert.doesNotMatch(to.logs(), /"\/healthz"/);
    });

    test("httpd forwards nothing if its script is missing", { skip: name !== "httpd" && "only httpd has a script" }, async (t) => {
      const broken = await proxy(t, name, { noLua: true });
      upstream.reset();
      for (const line of [KILL, TASKS, "GET /info/system"]) assert.equal((await call(broken, line)).status, 500, line);
      assert.equal(upstream.connections, 0);
    });

    test("a call without a token reaches BIG-IQ without one", async () => {
      upstream.reset();
      await send(to, "GET /info/system");
      assert.ok(!upstream.requests[0].headers.some(([n]) => n === "x-f5-auth-token" || n === "content-type"));
    });

    test("only the app's own page can send calls", async () => {
      upstream.reset();
      const page = Object.fromEntries(ownPage);
      const json = { "Content-Type": "application/json" };
      const foreign = [
        [KILL, { ...page, ...json, "Sec-Fetch-Site": "cross-site" }],
        [KILL, { ...page, ...json, "Sec-Fetch-Site": "same-site" }],
        [KILL, { ...page, ...json, "Sec-Fetch-Site": "none" }],
        [KILL, { ...page, ...json, "Sec-Fetch-Site": undefined }],
        [KILL, { ...page, ...json, "X-Curfew": undefined }],
        [KILL, { ...page, ...json, "X-Curfew": "2" }],
        [KILL, page],
        [KILL, { ...page, "Content-Type": "text/plain" }],
        [KILL, { ...page, "Content-Type": "application/x-www-form-urlencoded" }],
        [KILL, { ...page, "Content-Type": "multipart/form-data; boundary=application/json" }],
        ["DELETE /mgmt/shared/authz/tokens/eyJ.eyJ.x", { ...page, "X-Curfew": undefined }],
        ["DELETE /mgmt/shared/authz/tokens/eyJ.eyJ.x", { ...page, "Sec-Fetch-Site": "cross-site" }],
        [TASKS, { ...page, "Sec-Fetch-Site": "cross-site" }],
        [TASKS, { ...page, "Sec-Fetch-Site": "none" }],
        // An answer must never become a page, a script, a worker, a style sheet or a picture.
        ...["document", "iframe", "frame", "embed", "object", "script", "worker", "sharedworker", "serviceworker", "style", "image", "manifest", "xslt", "report"]
          .flatMap((dest) => [[TASKS, { ...page, "Sec-Fetch-Dest": dest }], [KILL, { ...page, ...json, "Sec-Fetch-Dest": dest }]]),
      ];
      for (const [line, headers] of foreign) {
        attacked("foreign hosts and pages");
        const sent = Object.entries(headers).filter(([, value]) => value !== undefined);
        const answer = await send(to, line, { headers: sent, body: line.startsWith("POST") ? "{}" : "" });
        assert.equal(answer.status, 403, JSON.stringify([line, headers]));
        secured(answer, "a refusal");
      }
      assert.deepEqual(upstream.requests, []);
      const own = await send(to, KILL, { headers: [...ownPage, ["Content-Type", "application/json; charset=utf-8"]], body: "{}" });
      assert.equal(own.status, 200);
    });

    test("the browser gets BIG-IQ's status, body, content type and date, and no header that changes anything", async () => {
      for (const status of [200, 202, 400, 401, 404, 503]) {
        upstream.reset();
        const Date = "Tue, 24 Nov 2020 04:02:58 GMT";
        upstream.answer = () => ({
          status,
          headers: Object.entries({ "Content-Type": "application/json; charset=UTF-8", Server: "webd", Date, ...HIDDEN, ...OVERRIDDEN, "Retry-After": "7" }),
          body: "{\"a\":1}",
        });
        const answer = await call(to, TASKS);
        assert.equal(answer.status, status);
        assert.equal(answer.text, "{\"a\":1}");
        assert.match(answer.header("content-type"), /^application\/json; ?charset=utf-8$/i);
        assert.equal(answer.header("date"), Date);
        for (const header of Object.keys(HIDDEN)) assert.equal(answer.header(header), undefined, `${header} with ${status}`);
        assert.equal(answer.header("cache-control"), "no-store");
        secured(answer, `BIG-IQ's ${status}`);
      }
    });

    test("none of the known headers that change something in the browser passes, and unknown ones pass only nginx and httpd", async () => {
      const all = Object.entries({ ...HIDDEN_BY_NAME, "X-Nobody-Thought-Of": "x" });
      assert.ok(all.length > 100);
      for (const status of [200, 401, 503]) {
        for (let at = 0; at < all.length; at += 40) {
          const some = all.slice(at, at + 40); // HAProxy accepts at most 101 headers
          attacked("response headers", some.length);
          upstream.reset();
          upstream.answer = () => ({ status, headers: [["Content-Type", "application/json"], ...some], body: "{}" });
          const answer = await call(to, TASKS);
          assert.equal(answer.status, status);
          const passed = some.map(([n]) => n).filter((n) => answer.header(n) !== undefined);
          const byName = name === "nginx" || name === "httpd";
          assert.deepEqual(passed, byName ? some.map(([n]) => n).filter((n) => n === "X-Nobody-Thought-Of") : []);
        }
      }
    });

    test("the document has the same policy as the header, apart from what a document can't say", () => {
      const page = readFileSync(join(import.meta.dirname, "../../index.html"), "utf8");
      const directives = (policy) => policy.split(";").map((directive) => directive.trim()).filter((d) => d !== "");
      const [, document] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page);
      const header = directives(SECURITY["content-security-policy"]).filter((d) => !/^(frame-ancestors|report-uri) /.test(d));
      assert.deepEqual(directives(document).sort(), header.sort());
    });

    test("a redirect from BIG-IQ is not passed on", async () => {
      upstream.reset();
      upstream.answer = () => ({ status: 302, headers: [["Location", "https://192.0.2.9/"]], body: "" });
      assert.equal((await call(to, TASKS)).header("location"), undefined);
      upstream.answer = () => ({ status: 200, headers: [["X-Accel-Redirect", "/index.html"], ["Content-Type", "application/json"]], body: "{}" });
      assert.equal((await call(to, TASKS)).text, "{}");
    });

    test("requests that can't be parsed get the security headers too, if the server can send them", async () => {
      upstream.reset();
      for (const [what, line, options] of [
        ["an invalid method", "G@T /", {}],
        ["a header without a colon", "GET /", { headers: [["Bad Header", "x"]] }],
        ["too many headers", "GET /", { headers: [["X-Big", "x".repeat(70_000)]] }],
        ["an invalid length", "GET /", { headers: [["Content-Length", "x"]] }],
        ["two hosts", "GET /", { headers: [["Host", "other.example.test"]] }],
        ["a NUL", "GET /\0x", {}],
        ["an unknown transfer coding", "POST /mgmt/cm/access/tasks/kill-sessions", { headers: [...ownPage, ["Transfer-Encoding", "x"]] }],
      ]) {
        attacked("requests that can't be parsed");
        const answer = await send(to, line, options);
        assert.ok(answer.status >= 400, what);
        if (name === "caddy" || name === "haproxy") {
          // They answer before they apply any rule: a short fixed text without any part of the request. hosting.md says so.
          assert.match(answer.text, /^(\d{3} [A-Z][A-Za-z: ]+|Unsupported transfer encoding|<html><body><h1>400 Bad request<\/h1>\nYour browser sent an invalid request\.\n<\/body><\/html>\n)$/, what);
          assert.equal(answer.header("set-cookie"), undefined, what);
          continue;
        }
        assert.equal(answer.header("cache-control"), "no-store", what);
        secured(answer, what);
      }
      assert.deepEqual(upstream.requests, []);
    });

    test("a request that can't be parsed is logged, except by Caddy", async (t) => {
      const fresh = await proxy(t, name);
      await send(fresh, "GET /\0x");
      await call(fresh, "GET /after-it.js");
      await fresh.logged(/after-it/);
      const refused = fresh.logs().split("\n").filter((line) => /"status":"?400/.test(line));
      assert.equal(refused.length, name === "caddy" ? 0 : 1, fresh.logs());
    });

    test("errors carry the same security headers as pages", async () => {
      upstream.reset();
      for (const [line, expected] of [
        ["GET /", 200],
        ["GET /curfew-0123456789abcdef.js", 200],
        ["GET /missing-0123456789abcdef.js", 404],
        ["GET /mgmt/tm/util/bash", name === "httpd" ? 403 : 404],
        ["POST /index.html", undefined],
        ["DELETE /index.html", undefined],
        ["GET /mgmt", name === "httpd" ? 403 : 404],
        ["GET /info", name === "httpd" ? 403 : 404],
      ]) {
        const answer = await call(to, line);
        if (expected === undefined) assert.ok(answer.status >= 400, line);
        else assert.equal(answer.status, expected, line);
        secured(answer, line);
        if (answer.status >= 400) assert.equal(answer.header("cache-control"), "no-store", line);
      }
      upstream.answer = () => "reset";
      const answer = await call(to, TASKS);
      assert.ok(answer.status >= 500);
      secured(answer, "a dead BIG-IQ");
      assert.equal(answer.header("cache-control"), "no-store");
    });
  });
}
