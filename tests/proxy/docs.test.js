// docs/hosting.md's five minutes, run as they stand there: only the ports are others.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { signIn, startChromium, watchedPage } from "./lib/chromium.js";
import { environment, freePort, listens, names, programOf } from "./lib/servers.js";

const repository = join(import.meta.dirname, "../..");

test("nginx in front of the simulator, as docs/hosting.md says", { skip: !names.includes("nginx") }, async (t) => {
  const [, block] = /<!-- tests\/proxy\/docs\.test\.js runs this block\. -->\n```bash\n(.*?)```/s.exec(
    readFileSync(join(repository, "docs/hosting.md"), "utf8"),
  );
  const [bigiq, curfew] = [await freePort(), await freePort()];
  const commands = block.replaceAll("127.0.0.1:8443", `127.0.0.1:${bigiq}`).replaceAll("127.0.0.1:8444", `127.0.0.1:${curfew}`);
  assert.ok(commands.includes(`listen 127.0.0.1:${curfew}`));

  // An nginx on the PATH, wherever it really is, and a TMPDIR that goes with the test.
  const dir = mkdtempSync(join(tmpdir(), "curfew-docs-"));
  const bin = join(dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "nginx"), `#!/bin/sh\nexec ${programOf("nginx")} "$@"\n`, { mode: 0o755 });
  const child = spawn("bash", ["-euo", "pipefail", "-c", commands], {
    cwd: repository,
    detached: true, // a group of its own, so that what it starts ends with it
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(), TMPDIR: dir, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { said += data; });
  let ended = false;
  const gone = new Promise((resolve) => child.on("exit", resolve)).then(() => { ended = true; });
  t.after(async () => {
    if (!ended) process.kill(-child.pid, "SIGTERM");
    await gone;
    rmSync(dir, { recursive: true, force: true });
  });
  for (const port of [bigiq, curfew]) {
    while (!(await listens(port))) {
      if (ended) throw new Error(said);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const { page, troubles } = await watchedPage(t, await startChromium(t));
  await page.goto(`https://localhost:${curfew}/`);
  await signIn(page);
  await page.getByLabel("User names").waitFor();
  assert.deepEqual(troubles, []);
});
