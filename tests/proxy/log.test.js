// The log says who did what and when, marks claims of the browser as claims, and never contains a token.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { attacked } from "./lib/attacks.js";
import { call, ownPage, send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const TOKENS = "/mgmt/shared/authz/tokens/";
const { dir, upstream, proxy } = await world({ after });
const hasJq = spawnSync("jq", ["--version"]).status === 0;

/** A token in BIG-IQ's format: three parts, about a thousand characters, each one different. */
let made = 0;
function token() {
  made += 1;
  const part = (length) => `${made}`.repeat(length).slice(0, length);
  return `eyJhbGciOiJSUzM4NCJ9${part(20)}.eyJpc3MiOiJCSUctSVEi${part(500)}.${part(400)}`;
}

const operate = readFileSync(join(import.meta.dirname, "../../docs/operate.md"), "utf8");

/** The lines of the log that are JSON. */
const lines = (to) => to.logs().split("\n").filter((l) => l.startsWith("{")).map((l) => JSON.parse(l));

/** A line about a kill in one format for all servers: Caddy logs the browser's headers as they are. */
function entry(line) {
  const claim = (name) => line[`claimed_${name.toLowerCase()}`] ?? line.request?.headers?.[`X-Curfew-${name}`]?.[0];
  return {
    when: line.time ?? line.ts,
    who: line.client ?? line.request?.remote_ip,
    method: line.method ?? line.request?.method,
    path: line.path ?? line.request?.uri,
    status: Number(line.status),
    operator: claim("Operator"),
    job: claim("Job"),
    action: claim("Action"),
    reason: claim("Reason"),
  };
}

/** The fields of the log, in their order. Programs that read it rely on their names, so none may go. */
const FIELDS = {
  nginx: ["time", "client", "call", "method", "path", "status", "bytes", "seconds", "bigiq_status"],
  haproxy: ["time", "client", "call", "method", "path", "status", "bytes", "ms", "server"],
  httpd: ["time", "client", "call", "method", "path", "status", "bytes", "ms"],
};
const CLAIMS = ["claimed_operator", "claimed_job", "claimed_action", "claimed_reason"];
/** HAProxy has one format for all lines, so a browser's report (csp_report.test.js) is part of it. */
const REPORT = ["directive", "document", "blocked", "source", "line"];
/** Caddy's own format; the claims are headers in it. */
const CADDY = ["ts", "request.remote_ip", "request.method", "request.uri", "request.headers", "status", "size", "duration"];

for (const name of names) {
  describe(name, async () => {
    const to = await proxy({ after }, name);

    test("a kill is one line: who, when, what, and the browser's claims", async () => {
      upstream.reset();
      upstream.answer = () => ({ status: 202, headers: [["Content-Type", "application/json"]], body: "{}" });
      await call(to, KILL, {
        headers: [
          ["X-Curfew-Operator", "admin"], ["X-Curfew-Job", "job-7"], ["X-Curfew-Action", "KILL_USER_SESSIONS"],
          ["X-Curfew-Reason", "CHG-1042%20stolen%20laptop%2C%20%22now%22%0a"],
        ],
      });
      await to.logged(/CHG-1042/);
      const { when, ...line } = lines(to).map(entry).find((l) => l.reason?.startsWith("CHG-1042"));
      assert.ok(when);
      const raw = lines(to).find((l) => JSON.stringify(l).includes("CHG-1042"));
      if (name === "caddy") {
        for (const field of CADDY) assert.ok(field.split(".").reduce((at, part) => at?.[part], raw) !== undefined, field);
      } else {
        assert.deepEqual(Object.keys(raw), [...FIELDS[name], ...CLAIMS, ...(name === "haproxy" ? REPORT : [])]);
      }
      assert.deepEqual(line, {
        who: "127.0.0.1",
        method: "POST",
        path: "/mgmt/cm/access/tasks/kill-sessions",
        status: 202,
        operator: "admin",
        job: "job-7",
        action: "KILL_USER_SESSIONS",
        reason: "CHG-1042%20stolen%20laptop%2C%20%22now%22%0a",
      });
      assert.ok(!upstream.requests[0].headers.some(([n]) => n.startsWith("x-curfew")));
    });

    test("the longest claims that the app makes still fit", async () => {
      upstream.reset();
      const longest = "%F0%9F%94%A5".repeat(200);
      const answer = await call(to, KILL, { headers: [["X-Curfew-Operator", longest], ["X-Curfew-Reason", longest]] });
      assert.equal(answer.status, 200);
    });

    test("a kill with a claim that is too long or could break out of its line is refused", async () => {
      upstream.reset();
      for (const bad of ["x".repeat(2401), "a\"b", "a b", "a\\", "{\"}", "a,\"claimed_operator\":\"root\"", "\u00e9", "a(b)", "a\0\",\"claimed_operator\":\"root"]) {
        for (const header of ["Operator", "Job", "Action", "Reason"]) {
          attacked("the log");
          const answer = await call(to, KILL, { headers: [[`X-Curfew-${header}`, bad]] });
          // Servers that find the NUL themselves answer 400.
          assert.ok(answer.status === 403 || (answer.status === 400 && bad.includes("\0")), `${answer.status} for ${header}: ${bad.slice(0, 60)}`);
        }
      }
      assert.deepEqual(upstream.requests, []);
      if (name !== "caddy") assert.ok(!to.logs().includes("x".repeat(2401)));
      assert.ok(lines(to).every((l) => l.claimed_operator !== "root"));
    });

    test("signing out leaves no token in the log, whatever BIG-IQ answers", async () => {
      upstream.reset();
      const tokens = [];
      const fresh = () => { tokens.push(token()); return tokens.at(-1); };
      const own = (t) => ownPage.map(([n, v]) => [n, n === "X-F5-Auth-Token" ? t : v]);
      const answers = [
        () => ({ status: 200, headers: [["Content-Type", "application/json"]], body: "{}" }),
        () => ({ status: 401, headers: [["Content-Type", "text/html"]], body: "no" }),
        () => ({ status: 503, headers: [], body: "" }),
        () => ({ status: 200, headers: [["Content-Length", "1"], ["Bad Header", "x"]], body: "{}" }),
        () => "reset",
      ];
      for (const answer of answers) {
        upstream.answer = answer;
        const t = fresh();
        attacked("the log");
        await send(to, `DELETE ${TOKENS}${t}`, { headers: own(t) });
      }
      upstream.reset();
      // Refused: another site, another method, and targets that are almost the endpoint.
      const t = fresh();
      for (const [line, headers] of [
        [`DELETE ${TOKENS}${t}`, own(t).filter(([n]) => n !== "Sec-Fetch-Site")],
        [`DELETE ${TOKENS}${t}`, [...own(t), ["X-Curfew-Reason", "\""]]],
        [`GET ${TOKENS}${t}`, own(t)],
        [`DELETE ${TOKENS}${t}/x`, own(t)],
        [`DELETE ${TOKENS}x/${t}`, own(t)],
        [`DELETE ${TOKENS}?token=${t}`, own(t)],
        [`DELETE /${TOKENS}${t}`, own(t)],
        [`DELETE ${TOKENS}../tokens/${t}`, own(t)],
        [`DELETE ${TOKENS.toUpperCase()}${t}`, own(t)],
        [`GET /${t}`, own(t)],
        [`GET /${t}.js`, own(t)],
        ["GET /info/system", [...own(t), ["Authorization", `Bearer ${t}`], ["Cookie", `x=${t}`], ["Referer", `https://x/${t}`]]],
        ["POST /mgmt/shared/authn/exchange", [...own(t), ["Content-Type", "application/json"]]],
      ]) {
        attacked("the log");
        await send(to, line, { headers, body: line.startsWith("POST") ? JSON.stringify({ refreshToken: { token: t } }) : "" });
      }
      await send(to, `DELETE ${TOKENS}${fresh()}${"x".repeat(20_000)}`, { headers: ownPage });

      await call(to, "GET /end-of-test.js");
      await to.logged(/end-of-test/);
      const log = to.logs();
      for (const secret of tokens) {
        for (const part of secret.split(".")) assert.ok(!log.includes(part.slice(0, 120)), `${name} logged ${part.slice(0, 30)}…`);
      }
      assert.ok(lines(to).some((l) => entry(l).method === "DELETE" && entry(l).path === `${TOKENS}-`));
    });
  });
}

for (const name of names) {
  test(`${name}: the command in docs/operate.md lists the kills`, { skip: !hasJq && "jq is not installed" }, async (t) => {
    const to = await proxy(t, name);
    upstream.reset();
    const claims = { Operator: "admin", Action: "KILL_USER_SESSIONS", Job: "job-9", Reason: "CHG-7%20lost" };
    await call(to, KILL, { headers: Object.entries(claims).map(([claim, value]) => [`X-Curfew-${claim}`, value]) });
    await call(to, "GET /mgmt/cm/access/tasks/kill-sessions");
    await call(to, "GET /after-the-kill.js");
    await to.logged(/after-the-kill/);
    const file = join(dir, `${name}-copy.log`);
    writeFileSync(file, `no JSON\n${to.logs()}`);
    const [, block] = /<!-- tests\/proxy\/log\.test\.js runs these lines\. -->\n```bash\n(.*?)```/s.exec(operate);
    const title = { nginx: "# nginx, httpd", httpd: "# nginx, httpd", haproxy: "# HAProxy", caddy: "# Caddy" }[name];
    const command = block.split("\n").at(block.split("\n").indexOf(title) + 1)
      .replace("journalctl -u haproxy -o cat", `cat ${file}`).replace(/\/var\/log\/\S+/, file);
    const found = execFileSync("bash", ["-c", command], { encoding: "utf8" }).trim().split("\n").map((line) => line.split("\t"));
    assert.deepEqual(found.map((line) => line.slice(1)), [["127.0.0.1", "200", claims.Operator, claims.Action, claims.Job, claims.Reason]]);
    assert.match(found[0][0], /^20\d\d-\d\d-\d\dT/);
  });

  test(`${name}: the other queries in docs/operate.md find what they name`, { skip: (name === "caddy" && "its log has another format") || (!hasJq && "jq is not installed") }, async (t) => {
    const to = await proxy(t, name);
    upstream.reset();
    const claimed = { headers: [["X-Curfew-Operator", "admin"], ["X-Curfew-Job", "job-3"]] };
    await call(to, KILL, claimed);
    upstream.answer = () => ({ status: 401, headers: [], body: "{}" });
    for (let i = 0; i < 2; i += 1) await call(to, "POST /mgmt/shared/authn/login");
    upstream.answer = () => "reset";
    await call(to, KILL, claimed);
    await call(to, "GET /mgmt/tm/util/bash");
    await call(to, "GET /missing.js");
    await to.logged(/missing/);
    const file = join(dir, `${name}-queries.log`);
    writeFileSync(file, `no JSON\n${to.logs()}`);
    const [, block] = /<!-- tests\/proxy\/log\.test\.js runs each of these\. -->\n```bash\n(.*?)```/s.exec(operate);
    const found = block.split("\n").filter((line) => line.startsWith("jq")).map((line) => execFileSync("bash", ["-c", line.replace(/\/var\/log\/\S+/, file)], { encoding: "utf8" }).trim().split(/\s+/));
    assert.equal(found.length, 4);
    const [kills, signIns, unknown, refused] = found;
    assert.deepEqual(kills, ["2", "admin"]);
    assert.deepEqual(signIns, ["2", "127.0.0.1"]);
    assert.deepEqual(unknown.slice(1), ["127.0.0.1", "admin", "job-3"]);
    assert.deepEqual(refused, ["1", "127.0.0.1", "GET", "/mgmt/tm/util/bash", name === "httpd" ? "403" : "404"]);
  });

  test(`${name}: no token in the log if BIG-IQ is unreachable or has the wrong certificate`, async (t) => {
    const secret = token();
    for (const changes of [{ upstreamPort: 9 }, { bigiqName: "other.example.test" }]) {
      const to = await proxy(t, name, changes);
      for (const line of [`DELETE ${TOKENS}${secret}`, "GET /info/system", KILL]) {
        await send(to, line, {
          headers: [...ownPage.map(([n, v]) => [n, n === "X-F5-Auth-Token" ? secret : v]), ["Content-Type", "application/json"]],
          body: line === KILL ? "{}" : "",
        });
      }
      await to.logged(/kill-sessions/);
      assert.ok(!to.logs().includes(secret.slice(0, 120)));
    }
  });
}
