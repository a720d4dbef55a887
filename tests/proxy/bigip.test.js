// The iRule for a BIG-IP virtual server, under a stand-in (lib/tmm.tcl, lib/bigip.js): the rule's own decisions, not how a BIG-IP parses
// HTTP. The objects for tmsh and AS3 are compared with the bundle.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { as3Declaration, configuration, objects, ruleWith, settingsOf, tmshScript } from "../../proxy/bigip/make.mjs";
import { generated } from "../../scripts/proxies.mjs";
import { call, head, open, ownPage, send } from "./lib/browser.js";
import { endpoints, example, registered } from "./lib/endpoints.js";
import { testsBigip } from "./lib/servers.js";
import { bundle, world } from "./lib/world.js";

const RULE = readFileSync(join(import.meta.dirname, "../../proxy/bigip/curfew.irule"), "utf8");
const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const LOGIN = "POST /mgmt/shared/authn/login";
const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const RESOLVER = "/mgmt/cm/system/machineid-resolver";
const json = ["Content-Type", "application/json"];
const SETTINGS = { CURFEW_NAME: "curfew.example.test", CURFEW_ADDRESS: "192.0.2.20", CURFEW_BIGIQ: "192.0.2.10:443", CURFEW_BIGIQ_NAME: "bigiq.example.test" };

describe("BIG-IP", { skip: !testsBigip }, async () => {
  if (!testsBigip) return;
  const { upstream, dir, proxy } = await world({ after });
  const to = await proxy({ after }, "bigip");

  test("the rule has exactly the generated list, and only what Tcl 8.4 has", () => {
    assert.equal(RULE, generated("bigip", RULE, endpoints));
    assert.doesNotMatch(RULE, /\{\*\}|\b(?:dict|lassign|lreverse|lrepeat|apply|try)\s|\s(?:in|ni) \{|\bstring is wide/);
    execFileSync("tclsh", [], { input: "exit [expr { [info complete [read [open $env(RULE)]]] ? 0 : 1 }]", env: { ...process.env, RULE: join(import.meta.dirname, "../../proxy/bigip/curfew.irule") } });
  });

  test("every endpoint reaches BIG-IQ with every query of the app, and its target is unchanged", async () => {
    const withCancel = await proxy({ after }, "bigip", { cancel: true });
    for (const endpoint of endpoints) {
      for (const keys of [[], ...endpoint.queries.filter((some) => some.length > 0)]) {
        const query = keys.map((key) => `${key}=%27a%20b%27,c_d.e~f-1`).join("&");
        for (const line of [`${endpoint.method} ${example(endpoint)}${query && `?${query}`}`, ...(query ? [`${endpoint.method} ${example(endpoint)}?${query}&`] : [])]) {
          upstream.reset();
          assert.equal((await call(withCancel, line)).status, 200, line);
          assert.deepEqual(upstream.requests.map((r) => r.line), [`${line} HTTP/1.1`]);
        }
      }
    }
    upstream.reset();
    assert.equal((await call(to, `PATCH ${example(endpoints.find(({ name }) => name === "CANCEL"))}`)).status, 404);
    assert.deepEqual(upstream.requests, []);
  });

  test("no other method, path or query, and nothing else that a BIG-IQ offers", async () => {
    upstream.reset();
    const lines = [
      ...endpoints.flatMap((endpoint) => ["PUT", "TRACE"].map((method) => `${method} ${example(endpoint)}`)),
      ...endpoints.flatMap((endpoint) => [`${example(endpoint)}/x`, `${example(endpoint)}x`, `/x${example(endpoint)}`].map((path) => `DELETE ${path}`).filter((line) => !/tokens\/[\w.~-]+$/.test(line))),
      ...registered.filter((path) => !endpoints.some((endpoint) => example(endpoint) === path || endpoint.path === path)).map((path) => `POST ${path}`).filter((line) => !endpoints.some(({ method, path }) => line === `${method} ${path}`)),
      `GET ${RESOLVER}?x=y`, `GET ${RESOLVER}?$filter=%00`, `GET ${RESOLVER}?$filter=%`, `GET ${RESOLVER}?$filter=%zz`, `GET ${RESOLVER}?$filter=a&$filter=a`,
      `GET ${RESOLVER}/..`, `GET ${RESOLVER}/%2e%2e/x`, `GET ${RESOLVER}/x%2Fy`, `GET /mgmt/tm/util/bash/../../..${RESOLVER.slice("/mgmt".length)}`, `GET /${RESOLVER}`,
      `GET ${RESOLVER};x=y`, `GET https://curfew.example.test${RESOLVER}`, `get ${RESOLVER}`, `GET ${RESOLVER}#x`, `${KILL}?x=y`, "GET /mgmt", "GET /info",
    ];
    assert.ok(lines.length > 150);
    for (const line of lines) assert.ok((await call(to, line)).status >= 400, line);
    assert.deepEqual(upstream.requests, []);
  });

  test("only the app's own page can send calls, each header once", async () => {
    upstream.reset();
    const page = Object.fromEntries(ownPage);
    const foreign = [
      { "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "none" }, { "Sec-Fetch-Site": "" }, { "X-Curfew": "" }, { "X-Curfew": "2" },
      { "Content-Type": "text/plain" }, { "Content-Type": "" }, { "Sec-Fetch-Dest": "document" }, { "Sec-Fetch-Dest": "script" },
      { "X-F5-Auth-Token": "a b" }, { "X-F5-Auth-Token": "a, b" }, { "X-Curfew-Reason": "a\"b" }, { "X-Curfew-Operator": "x".repeat(2401) },
    ];
    for (const changes of foreign) {
      const headers = Object.entries({ ...page, "Content-Type": "application/json", ...changes }).filter(([, value]) => value !== "");
      assert.equal((await send(to, KILL, { headers, body: "{}" })).status, 403, JSON.stringify(changes).slice(0, 80));
    }
    for (const [name, value] of [["X-F5-Auth-Token", "other"], ["Content-Type", "text/plain"], ["Sec-Fetch-Site", "same-origin"], ["X-Curfew-Job", "b"]]) {
      assert.equal((await send(to, KILL, { headers: [...ownPage, json, ["X-Curfew-Job", "a"], [name, value]], body: "{}" })).status, 403, name);
    }
    assert.equal((await send(to, TASKS, { headers: [["Sec-Fetch-Dest", "iframe"]] })).status, 403);
    assert.deepEqual(upstream.requests, []);
    assert.equal((await call(to, KILL)).status, 200);
  });

  test("other host names get 421, and /healthz answers for all", async () => {
    upstream.reset();
    for (const [host, line, status] of [["other.example.test", TASKS, 421], [`${to.host}.example.test`, "GET /", 421], ["other.example.test", "GET /healthz", 200], [to.host.toUpperCase(), TASKS, 200], [`${to.host}:${to.port}`, TASKS, 200]]) {
      const connection = await open(to);
      await connection.write(head(host, line, ownPage));
      assert.equal((await connection.answer).status, status, `${line} for ${host}`);
    }
    assert.equal(upstream.requests.length, 2);
  });

  test("BIG-IQ gets the few headers it needs, and the browser none that changes anything", async () => {
    upstream.reset();
    upstream.answer = () => ({
      status: 202,
      headers: [["Content-Type", "application/json"], ["Date", "Tue, 24 Nov 2020 04:02:58 GMT"], ["Set-Cookie", "a=b"], ["Location", "/x"], ["X-Nobody-Thought-Of", "x"], ["Content-Security-Policy", "default-src *"], ["Cache-Control", "public"]],
      body: "{\"a\":1}",
    });
    const answer = await call(to, KILL, { headers: [["Cookie", "a=b"], ["Origin", "https://x.example.test"], ["X-Forwarded-For", "203.0.113.1"], ["X-Curfew-Job", "j"]] });
    assert.deepEqual([answer.status, answer.text, answer.header("date")], [202, "{\"a\":1}", "Tue, 24 Nov 2020 04:02:58 GMT"]);
    for (const name of ["set-cookie", "location", "x-nobody-thought-of"]) assert.equal(answer.header(name), undefined, name);
    assert.equal(answer.header("cache-control"), "no-store");
    assert.match(answer.header("content-security-policy"), /^default-src 'none'; /);
    assert.equal(answer.header("connection"), "close");
    const sent = upstream.requests[0].headers;
    assert.deepEqual(sent.map(([n]) => n).sort(), ["accept", "connection", "content-length", "content-type", "host", "x-f5-auth-token"]);
    assert.deepEqual([Object.fromEntries(sent).host, Object.fromEntries(sent).connection], ["bigiq.example.test", "close"]);
  });

  test("every answer has the headers of the other servers", async () => {
    const nginx = readFileSync(join(import.meta.dirname, "../../proxy/nginx/curfew.conf"), "utf8");
    const wanted = [...nginx.matchAll(/^ {4}add_header (?!Cache-Control|Retry-After)(\S+) "?(.*?)"? always;/gm)].map(([, name, value]) => [name, value]);
    assert.equal(wanted.length, 10);
    upstream.reset();
    for (const line of ["GET /", "GET /boot.js", "GET /missing.js", "GET /mgmt/tm/util/bash", TASKS, "GET /healthz"]) {
      const answer = await call(to, line);
      for (const [name, value] of wanted) assert.equal(answer.header(name), value, `${name} on ${line}`);
      assert.equal(answer.header("server"), undefined);
    }
  });

  test("a body of more than 2 MB or without a length is refused, and BIG-IQ sees a request when its body is complete", async (t) => {
    const other = await proxy(t, "bigip");
    upstream.reset();
    for (const header of [["Content-Length", "2097153"], ["Content-Length", "4294967298"], ["Content-Length", "002"], ["Content-Length", "+2"], ["Transfer-Encoding", "chunked"]]) {
      // A rule that accepts the length waits for the body.
      const answer = send(other, KILL, { headers: [...ownPage, json, header] }).then((refused) => refused?.status);
      assert.equal(await Promise.race([answer, setTimeout(3000, "none")]), 413, header.join());
    }
    const connection = await open(other);
    await connection.write(`${head(other.host, KILL, [...ownPage, json, ["Content-Length", "10"]])}{"a"`);
    await setTimeout(200);
    assert.equal(upstream.connections, 0);
    await connection.write(":1234}");
    assert.equal((await connection.answer).status, 200);
    assert.equal(upstream.requests[0].body, "{\"a\":1234}");
  });

  test("too many sign-ins, renewed tokens and kills are refused, and an IPv6 network counts as one client", async (t) => {
    for (const [line, most] of [[LOGIN, 10], ["POST /mgmt/shared/authn/exchange", 60], [KILL, 60]]) {
      const fresh = await proxy(t, "bigip");
      upstream.reset();
      for (let i = 0; i < most; i += 1) assert.equal((await call(fresh, line)).status, 200, `${line} ${i}`);
      const refused = await call(fresh, line);
      assert.deepEqual([refused.status, refused.header("retry-after")], [429, "10"]);
      assert.equal(upstream.requests.length, most);
      assert.equal((await call(fresh, TASKS)).status, 200);
    }
    const settings = { client: "2001:db8:1:2::1" };
    const fresh = await proxy(t, "bigip", settings);
    for (let i = 0; i < 10; i += 1) await call(fresh, LOGIN);
    assert.equal((await call(fresh, LOGIN)).status, 429);
  });

  test("the log has each call with the browser's claims, and never a token", async (t) => {
    const fresh = await proxy(t, "bigip");
    upstream.reset();
    const token = `eyJhbGciOiJSUzM4NCJ9.eyJpc3MiOiJCSUctSVEifQ.${"x".repeat(300)}`;
    await call(fresh, KILL, { headers: [["X-Curfew-Operator", "admin"], ["X-Curfew-Job", "job-7"], ["X-Curfew-Action", "KILL_USER_SESSIONS"], ["X-Curfew-Reason", "CHG-1042%20x"]] });
    await call(fresh, `DELETE /mgmt/shared/authz/tokens/${token}`);
    await call(fresh, `GET /mgmt/shared/authz/tokens/${token}`);
    await call(fresh, `GET /x?y=${token}`);
    await call(fresh, "GET /the-end");
    await fresh.logged(/the-end/);
    const lines = fresh.logs().trim().split("\n").map((line) => JSON.parse(line));
    const { time, ...kill } = lines[0];
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(kill, {
      client: "127.0.0.1", call: "kill", method: "POST", path: "/mgmt/cm/access/tasks/kill-sessions", status: "200",
      claimed_operator: "admin", claimed_job: "job-7", claimed_action: "KILL_USER_SESSIONS", claimed_reason: "CHG-1042%20x",
    });
    assert.deepEqual(lines.slice(1).map(({ call: name, status }) => [name, status]), [["forget", "200"], ["", "404"], ["", "404"], ["", "404"]]);
    assert.doesNotMatch(fresh.logs(), /xxxx|eyJhbG/);
  });

  test("files have their type, compression, caching and validator; nothing else is served", async () => {
    for (const [file, type] of [["index.html", "text/html;charset=utf-8"], ["curfew-0123456789abcdef.js", "text/javascript;charset=utf-8"], ["curfew-0123456789abcdef_bg.wasm", "application/wasm"], ["icons/plain.svg", "image/svg+xml"]]) {
      for (const [coding, decode] of [["", (bytes) => bytes], ["gzip", gunzipSync], ["gzip, deflate, br, zstd", brotliDecompressSync]]) {
        const answer = await send(to, `GET /${file}`, { headers: coding ? [["Accept-Encoding", coding]] : [] });
        assert.equal(answer.status, 200);
        assert.equal(decode(answer.body).toString(), bundle[file]);
        assert.deepEqual([answer.header("content-type"), answer.header("vary")], [type, "Accept-Encoding"]);
        assert.equal(answer.header("cache-control"), file.includes("0123456789abcdef") ? "public,max-age=31536000,immutable" : "no-cache");
        const again = await send(to, `GET /${file}`, { headers: [["If-None-Match", answer.header("etag")], ...(coding ? [["Accept-Encoding", coding]] : [])] });
        assert.equal(again.status, 304);
      }
    }
    assert.equal((await send(to, "GET /")).text, bundle["index.html"]);
    for (const file of [".secret", "notes.bak", "icons/", "index.html.gz", "../front.key", "%2e%2e/front.key"]) assert.equal((await send(to, `GET /${file}`)).status, 404, file);
  });

  test("a missing config.json is an empty one, and nothing else is", async (t) => {
    const site = join(dir, "unconfigured");
    cpSync(join(dir, "bundle"), site, { recursive: true });
    for (const ending of ["", ".br", ".gz"]) rmSync(join(site, `config.json${ending}`));
    const fresh = await proxy(t, "bigip", { site });
    assert.equal((await send(fresh, "GET /config.json")).text, "{}\n");
    for (const line of ["POST /config.json", "GET /xconfig.json", "GET /languages.json"]) assert.equal((await send(fresh, line)).status, 404, line);
  });

  test("a browser's report is counted, and not forwarded", async (t) => {
    const fresh = await proxy(t, "bigip");
    upstream.reset();
    for (let i = 0; i < 10; i += 1) assert.equal((await send(fresh, "POST /csp-report", { headers: [["Content-Type", "application/csp-report"]], body: "{}" })).status, 204);
    assert.equal((await send(fresh, "POST /csp-report", { body: "{}" })).status, 429);
    assert.deepEqual(upstream.requests, []);
  });

  test("tmsh and AS3 get all files, the settings, and no private key", () => {
    const settings = settingsOf(SETTINGS);
    const made = objects(join(dir, "bundle"));
    const conf = configuration(settings, made);
    const script = tmshScript(made);
    for (const [path, value] of made.records) assert.ok(conf.includes(`        ${path} {\n            data "${value}"\n`), path);
    for (const name of made.files.keys()) assert.ok(script.includes(` ${name}`), name);
    for (const part of ["destination 192.0.2.20:443", "192.0.2.10:443 {", "authenticate-name bigiq.example.test", "peer-cert-mode require", "set static::curfew_host \"curfew.example.test\""]) assert.ok(conf.includes(part), part);
    assert.doesNotMatch(conf, /oneconnect|http2/i);
    let depth = 0;
    for (const [bracket] of conf.replace(/\\./g, "").matchAll(/[{}]/g)) {
      depth += bracket === "{" ? 1 : -1;
      assert.ok(depth >= 0);
    }
    assert.equal(depth, 0, "tmsh counts brackets, also in a rule's texts");
    execFileSync("bash", ["-n"], { input: script });

    const { declaration: { Curfew: { Console: console } } } = as3Declaration(settings, made);
    const names = new Set(Object.keys(console));
    assert.equal(console.curfew_files.records.length, made.records.size);
    for (const { value } of console.curfew_files.records) {
      for (const word of value.split(" ").slice(2).filter((one) => one !== "{}")) assert.ok(names.has(word.replace("/Curfew/Console/", "")), word);
    }
    const rule = Buffer.from(console.curfew_rule.iRule.base64, "base64").toString();
    assert.match(rule, /equals \/Curfew\/Console\/curfew_files\]/);
    assert.match(rule, /pool \/Curfew\/Console\/curfew_bigiq\n/);
    assert.equal(console.curfew_bigiq_tls.validateCertificate, true);
    assert.doesNotMatch(JSON.stringify(console) + conf, /PRIVATE KEY/);
  });

  test("a missing or invalid setting is an error that names it", () => {
    for (const name of Object.keys(SETTINGS)) {
      assert.throws(() => settingsOf({ ...SETTINGS, [name]: undefined }), new RegExp(`^Error: ${name} must look like`));
      assert.throws(() => settingsOf({ ...SETTINGS, [name]: "a\"b" }), new RegExp(`^Error: ${name} must look like`));
    }
    assert.throws(() => settingsOf({ ...SETTINGS, CURFEW_FRAME_ANCESTORS: "*" }), /CURFEW_FRAME_ANCESTORS/);
    assert.match(ruleWith(settingsOf({ ...SETTINGS, CURFEW_FRAME_ANCESTORS: "https://portal.example.test" })), /frame-ancestors https:\/\/portal\.example\.test;/);
  });
});
