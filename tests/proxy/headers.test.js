// The headers that pass from the browser to BIG-IQ and back, and those on every answer.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { call, ownPage, send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const { upstream, proxy } = await world({ after });

const SECURITY = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    + "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; "
    + "require-trusted-types-for 'script'; trusted-types default",
  "x-content-type-options": "nosniff",
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
  "X-Frame-Options": "ALLOWALL",
};
const OVERRIDDEN = {
  "Content-Security-Policy": "default-src *",
  "X-Content-Type-Options": "sniff",
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
      await call(to, KILL, { headers: UNWANTED.map((n) => [n, "x"]) });
      const [{ headers, body }] = upstream.requests;
      assert.deepEqual(headers.map(([n]) => n).filter((n) => !WANTED.includes(n)), []);
      const sent = Object.fromEntries(headers);
      assert.match(sent.host, name === "httpd" ? /^localhost:/ : /^bigiq\.example\.test$/);
      assert.equal(sent.accept, "application/json");
      assert.equal(sent["content-type"], "application/json");
      assert.equal(sent["x-f5-auth-token"], Object.fromEntries(ownPage)["X-F5-Auth-Token"]);
      assert.equal(body, "{}");
    });

    test("unknown headers don't pass either, except through httpd", async () => {
      upstream.reset();
      await call(to, TASKS, { headers: [["X-Nobody-Thought-Of", "x"]] });
      const passed = upstream.requests[0].headers.some(([n]) => n === "x-nobody-thought-of");
      assert.equal(passed, name === "httpd"); // it can only remove headers by name, as its configuration says
    });

    test("the browser can't make the proxy drop the token but keep the rest", async () => {
      upstream.reset();
      await call(to, TASKS, { headers: [["Connection", "keep-alive, X-F5-Auth-Token"], ["Authorization", "Basic YWRtaW46"]] });
      for (const { headers } of upstream.requests) {
        assert.ok(!headers.some(([n]) => n === "authorization"));
        assert.ok(!headers.some(([n, v]) => n === "connection" && /token/i.test(v)));
      }
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
      ];
      for (const [line, headers] of foreign) {
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
          headers: Object.entries({ "Content-Type": "application/json; charset=UTF-8", Server: "webd", Date, ...HIDDEN, ...OVERRIDDEN }),
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
