// The image curfew in front of the simulator, run with runc as strictly as possible: a kill in Chromium, its settings, what it refuses,
// its logs, and how it stops. CURFEW_IMAGE names the unpacked image; scripts/test-image.sh sets it.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { get as getPlain } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { call, open, ownPage, send } from "../proxy/lib/browser.js";
import { eventually, killUser2, startChromium, watchedPage } from "../proxy/lib/chromium.js";
import { freePort, listens } from "../proxy/lib/servers.js";
import { startSimulator } from "../proxy/lib/simulator.js";
import { world } from "../proxy/lib/world.js";
import { runContainer } from "./lib/container.js";

const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const LOGIN = "POST /mgmt/shared/authn/login";
const host = "curfew.example.test";
const image = process.env.CURFEW_IMAGE;
assert.ok(image, "CURFEW_IMAGE must name the unpacked image");

const { dir, ca, upstream } = await world({ after });
const front = ca.issue("image-front", { commonName: host, names: [`DNS:${host}`] });
const FILES = { "/etc/curfew/curfew.crt": front.file, "/etc/curfew/curfew.key": front.keyFile, "/etc/curfew/bigiq-ca.pem": ca.file };

/** Starts the image: where to send requests to, and the container. `changes` override variables (without `CURFEW_`) and files. */
async function start(t, { variables = {}, files = {}, ...options } = {}) {
  const port = await freePort();
  const all = { NAME: host, LISTEN: `127.0.0.1:${port}`, BIGIQ: `127.0.0.1:${upstream.port}`, BIGIQ_NAME: "bigiq.example.test", ...variables };
  const env = Object.fromEntries(Object.entries(all).map(([name, value]) => [`CURFEW_${name}`, value]));
  const container = await runContainer(t, image, { env, files: { ...FILES, ...files }, until: () => listens(port), ...options });
  return { port, host, ca: ca.pem, container };
}

/** What the image says, and its exit code, when it doesn't start. */
async function refused(t, changes) {
  const { container } = await start(t, { ...changes, until: undefined });
  return { code: await container.ended, said: container.logs() };
}

function written(name, text) {
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
}

test("a kill in Chromium ends exactly this user's sessions, and the log says who did it", async (t) => {
  const simulator = await startSimulator(t, dir);
  const to = await start(t, {
    variables: { BIGIQ: `127.0.0.1:${simulator.port}`, BIGIQ_NAME: "localhost" },
    files: { "/etc/curfew/bigiq-ca.pem": simulator.caFile },
  });
  const before = await simulator.control("/_sim/sessions");
  const { page, troubles } = await watchedPage(t, await startChromium(t));
  await killUser2(page, `https://${host}:${to.port}/`);
  const left = await simulator.control("/_sim/sessions");
  const gone = before.filter(({ id, device }) => !left.some((other) => other.id === id && other.device === device));
  assert.ok(gone.length > 0 && gone.every(({ user }) => user === "user2"), JSON.stringify(gone));
  assert.deepEqual(troubles, []);
  const kills = to.container.logs().split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter((line) => line.call === "kill");
  assert.deepEqual(kills.map((kill) => [kill.client, kill.status, kill.claimed_operator]), [["127.0.0.1", "200", "manager"]]);
});

test("it runs as its own user without capabilities, and its health can be checked from inside and outside", async (t) => {
  const to = await start(t);
  const status = to.container.status();
  assert.match(status, /^Uid:\t10001\t10001\t10001\t10001$/m);
  for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) assert.match(status, new RegExp(`^${set}:\t0+$`, "m"));
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.equal(to.container.run("/usr/bin/curfew-start", "healthy"), 0);
  const answer = await send({ ...to, host: "localhost" }, "GET /healthz").catch(() => send(to, "GET /healthz"));
  assert.deepEqual([answer.status, answer.text], [200, "ok\n"]);
  assert.equal((await call(to, TASKS)).status, 200);
  assert.equal((await call(to, "GET /mgmt/tm/util/bash")).status, 404);
  assert.doesNotMatch(to.container.logs(), /healthz|\[(warn|error|emerg)\]/);
});

test("it listens on its usual port without a setting, and serves the bundle that it contains", async (t) => {
  const to = await start(t, { variables: { LISTEN: "" }, until: () => listens(8443) });
  assert.match((await send({ ...to, port: 8443 }, "GET /")).text, /Curfew/);
});

for (const [what, changes, message] of [
  ["a missing variable", { variables: { BIGIQ: "" } }, /^curfew: CURFEW_BIGIQ is missing: /m],
  ["an invalid variable", { variables: { PHRASE_ABOVE: "11" } }, /^curfew: CURFEW_PHRASE_ABOVE is "?11"?, but must be a whole number from 0 to 10$/m],
  ["an unknown variable", { variables: { IDLE_MINUTE: "5" } }, /^curfew: CURFEW_IDLE_MINUTE is not a setting of Curfew/m],
  ["an invalid file", { files: { "/etc/curfew/config.json": written("wrong.json", '{"reason":"never"}') } }, /^curfew: \/etc\/curfew\/config\.json: reason is "never", but must be everybody or always$/m],
  ["a key that can't be read", { unreadable: ["/etc/curfew/curfew.key"] }, /^curfew: can't read \/etc\/curfew\/curfew\.key, .*Permission denied/m],
]) {
  test(`${what} stops it with a message that names it`, async (t) => {
    const { code, said } = await refused(t, changes);
    assert.equal(code, 78);
    assert.match(said, message);
    assert.equal(said.trim().split("\n").length, 1);
  });
}

test("without a place to write to, it says what to mount", async (t) => {
  const { code, said } = await refused(t, { writable: false });
  assert.equal(code, 1);
  assert.match(said, /^curfew: can't write to \/run\/curfew: .* Mount a tmpfs there/m);
});

test("the rules of a mounted config.json apply, with those from variables", async (t) => {
  const strict = { reason: "always", phraseAbove: 0 };
  const to = await start(t, { variables: { IDLE_MINUTES: "5" }, files: { "/etc/curfew/config.json": written("strict.json", JSON.stringify(strict)) } });
  const answer = await send(to, "GET /config.json");
  assert.deepEqual(JSON.parse(answer.text), { ...strict, idleMinutes: 5 });
  assert.match(answer.header("content-type"), /^application\/json/);
  assert.equal(answer.header("cache-control"), "no-cache");
  assert.match(answer.header("content-security-policy"), /frame-ancestors 'none'/);
});

test("own languages are served, and nothing else from their folder", async (t) => {
  const french = { sign_in: "Se connecter" };
  const to = await start(t, {
    variables: { LANGUAGES: "fr" },
    files: { "/etc/curfew/languages/fr.json": written("fr.json", JSON.stringify(french)), "/etc/curfew/languages/notes.bak": written("notes.bak", "x") },
  });
  assert.deepEqual(JSON.parse((await send(to, "GET /languages/fr.json")).text), french);
  for (const path of ["/languages/", "/languages/notes.bak", "/languages/../curfew.key", "/languages/..%2fcurfew.key"]) {
    assert.ok((await send(to, `GET ${path}`)).status >= 400, path);
  }
});

test("without TLS it warns, and works behind something that ends TLS", async (t) => {
  const to = await start(t, { variables: { TLS: "off" }, files: { "/etc/curfew/curfew.crt": written("none", ""), "/etc/curfew/curfew.key": written("none", "") } });
  assert.match(to.container.logs(), /^curfew: WARNING: CURFEW_TLS=off: /m);
  const status = await new Promise((resolve, reject) => {
    getPlain({ port: to.port, host: "127.0.0.1", path: TASKS.slice(4), headers: { ...Object.fromEntries(ownPage), Host: host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on("error", reject);
  });
  assert.equal(status, 200);
});

test("a trusted proxy says who the client is, for the log and the limits; others can't", async (t) => {
  const signInFrom = (to, client) => call(to, LOGIN, { headers: [["X-Forwarded-For", client]] });
  const statuses = async (to) => {
    const found = [];
    for (let index = 0; index < 8; index += 1) found.push((await signInFrom(to, `192.0.2.${index}`)).status);
    return found;
  };
  const trusting = await start(t, { variables: { TRUSTED_PROXIES: "127.0.0.0/8" } });
  assert.deepEqual(new Set(await statuses(trusting)), new Set([200]));
  await eventually(() => assert.match(trusting.container.logs(), /"client":"192\.0\.2\.7"/));
  const other = await start(t, { variables: { TRUSTED_PROXIES: "198.51.100.0/24" } });
  assert.ok((await statuses(other)).includes(429));
  assert.doesNotMatch(other.container.logs(), /"client":"192\.0\.2\./);
});

test("SIGTERM ends it at once, and SIGQUIT lets a running call end, both without an error", async (t) => {
  const quick = await start(t);
  assert.equal(await quick.container.stop("SIGTERM"), 0);
  const to = await start(t);
  let answer;
  upstream.answer = () => new Promise((resolve) => { answer = resolve; });
  t.after(() => upstream.reset());
  const running = await open(to);
  await running.write(`${TASKS} HTTP/1.1\r\nHost: ${host}\r\n${ownPage.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`);
  await eventually(() => assert.ok(answer));
  const stopped = to.container.stop("SIGQUIT");
  await eventually(async () => assert.ok(!(await listens(to.port))));
  answer({ status: 200, headers: [["Content-Type", "application/json"]], body: "{}" });
  assert.equal((await running.answer).status, 200);
  assert.equal(await stopped, 0);
  for (const { container } of [quick, to]) assert.doesNotMatch(container.logs(), /\[(warn|error|crit|alert|emerg)\]/);
});
