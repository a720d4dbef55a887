// Runs the shell blocks of docs/hosting.md and docs/embedding.md unchanged, except for the ports.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { confirmSeen, openGate, readTheGate, signIn, startChromium, watchedPage } from "./lib/chromium.js";
import { environment, freePort, listens, names, programOf } from "./lib/servers.js";
import { text } from "./lib/text.js";

const repository = join(import.meta.dirname, "../..");

// The commands need an nginx with the module gzip_static.
const skip = !names.includes("nginx") || process.env.CURFEW_NGINX !== undefined;

/** The shell block of a page that is marked for this test. */
function blockOf(page) {
  const text = readFileSync(join(repository, "docs", page), "utf8");
  const [, block] = /<!-- tests\/proxy\/docs\.test\.js runs this block\. -->\n```bash\n(.*?)```/s.exec(text);
  return block;
}

const NGINX = 'nginx -e "$lab/error.log" -c "$lab/nginx.conf"\n';

/** Runs commands on free ports instead of the three that they name, and waits until all of them listen. Returns the new ports by the old ones. */
async function run(t, commands) {
  const ports = {};
  for (const port of [8443, 8444, 8445].filter((port) => commands.includes(`:${port}`))) ports[port] = await freePort();
  const changed = Object.entries(ports).reduce((text, [from, to]) => text.replaceAll(from, to), commands);

  // nginx on the PATH, wherever it is installed, and a TMPDIR that is removed after the test.
  const dir = mkdtempSync(join(tmpdir(), "curfew-docs-"));
  const bin = join(dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "nginx"), `#!/bin/sh\nexec ${programOf("nginx")} "$@"\n`, { mode: 0o755 });
  const child = spawn("bash", ["-euo", "pipefail", "-c", changed], {
    cwd: repository,
    detached: true, // its own process group, so that its children end with it
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(), TMPDIR: dir, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { output += data; });
  let ended = false;
  const gone = new Promise((resolve) => child.on("exit", resolve)).then(() => { ended = true; });
  t.after(async () => {
    if (!ended) process.kill(-child.pid, "SIGTERM");
    await gone;
    rmSync(dir, { recursive: true, force: true });
  });
  for (const port of Object.values(ports)) {
    while (!(await listens(port))) {
      if (ended) throw new Error(output);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return ports;
}

test("nginx in front of the simulator, as docs/hosting.md says", { skip }, async (t) => {
  const block = blockOf("hosting.md");
  assert.ok(block.endsWith(NGINX));
  const ports = await run(t, block);
  const { page, troubles } = await watchedPage(t, await startChromium(t));
  await page.goto(`https://localhost:${ports[8444]}/#/kill`);
  await signIn(page);
  await page.getByLabel(text("user_names")).waitFor();
  assert.deepEqual(troubles, []);
});

test("a portal around that, as docs/embedding.md says", { skip }, async (t) => {
  const ports = await run(t, blockOf("hosting.md").replace(NGINX, "") + blockOf("embedding.md"));
  const { page, troubles } = await watchedPage(t, await startChromium(t));
  await page.goto(`http://localhost:${ports[8445]}/`);
  await page.getByRole("button", { name: "Put into Curfew" }).click();
  const curfew = page.frameLocator("curfew-frame iframe");
  await signIn(curfew);
  await confirmSeen(page, curfew, await openGate(curfew, "TestGroup1"));
  // The test windows are private, and Chromium lets a cross-site frame store nothing there.
  const ended = page.getByRole("listitem").filter({ hasText: /: (finished|verified)$/ });
  const anyway = curfew.getByRole("button", { name: text("not_stored_send") });
  await anyway.or(page.getByRole("listitem")).first().waitFor();
  if (await anyway.isVisible()) {
    await readTheGate(page);
    await anyway.click();
  }
  await ended.waitFor();
  assert.deepEqual(troubles, []);
});
