// Tests the one command of the demo, in a checkout and in an unpacked archive, with a simulator that only prints its options.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ECHO = "#!/bin/sh\necho \"${0##*/} $*\"\n";

/** Runs the command in a folder with these files; a name that ends with `*` is a program. */
function run(t, files, { args = [], env = {} } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "demo "));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  copyFileSync(join(import.meta.dirname, "../curfew-demo"), join(dir, "curfew-demo"));
  for (const file of files) {
    const name = file.replace(/\*$/, "");
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), file.endsWith("*") ? ECHO : "", { mode: file.endsWith("*") ? 0o755 : 0o644 });
  }
  return { dir, ...spawnSync(join(dir, "curfew-demo"), args, { env: { PATH: process.env.PATH, ...env }, encoding: "utf8" }) };
}

test("an unpacked archive starts its simulator with its bundle, on this computer only", (t) => {
  const { dir, stdout, stderr } = run(t, ["bigiq-simulator*", "bundle/index.html"], { args: ["--devices", "3"] });
  assert.equal(stdout, `bigiq-simulator --site ${dir}/bundle --listen 127.0.0.1:8080 --devices 3\n`);
  assert.match(stderr, /http:\/\/127\.0\.0\.1:8080\//);
  assert.match(run(t, ["bigiq-simulator*", "bundle/index.html"], { env: { PORT: "9000" } }).stdout, /--listen 127\.0\.0\.1:9000\n$/);
});

test("a checkout builds first", (t) => {
  assert.equal(run(t, ["scripts/demo.sh*"], { args: ["--devices", "3"] }).stdout, "demo.sh --devices 3\n");
});

test("an incomplete folder says so, and starts nothing", (t) => {
  for (const files of [[], ["bigiq-simulator*"], ["bundle/index.html"]]) {
    const { status, stdout, stderr } = run(t, files);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /this folder is not complete/);
  }
});
