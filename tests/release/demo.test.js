// The demo archive as a visitor gets it: unpacked into an empty folder, started with its one command, and used in Chromium.
// CURFEW_DEMO names the archive; scripts/test-release.sh sets it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { verifiedKill } from "../proxy/lib/chromium.js";
import { freePort, listening } from "../proxy/lib/servers.js";

const MEGABYTE = 1_000_000;
const archive = process.env.CURFEW_DEMO;
assert.ok(archive, "CURFEW_DEMO must name the archive");

const folder = mkdtempSync(join(tmpdir(), "curfew-demo-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the command of an unpacked archive, without the variables of this test, and waits until it listens. */
async function start(t, unpacked) {
  const port = await freePort();
  const child = spawn("./curfew-demo", { cwd: unpacked, env: { PATH: process.env.PATH, PORT: `${port}` }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { output += data; });
  await listening(t, child, port, () => output);
  return { address: `http://127.0.0.1:${port}/`, output: () => output };
}

test("one command serves the page within a minute, and a kill ends exactly this user's sessions", async (t) => {
  assert.ok(statSync(archive).size < 6 * MEGABYTE, "the archive stays small");
  const begun = performance.now();
  execFileSync("tar", ["-xzf", archive, "-C", folder]);
  const [name] = readdirSync(folder);
  const { address, output } = await start(t, join(folder, name));
  const page = await fetch(address);
  assert.equal(page.status, 200);
  const seconds = (performance.now() - begun) / 1000;
  assert.ok(seconds < 60, `${seconds} s`);
  assert.match(output(), /manager +manager/);

  await verifiedKill(t, address, async () => (await fetch(`${address}_sim/sessions`)).json());
  t.diagnostic(`unpacked and served after ${seconds.toFixed(1)} s, a kill verified after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
});

test("the files match the checksums in the archive", () => {
  const [name] = readdirSync(folder);
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: join(folder, name) });
});
