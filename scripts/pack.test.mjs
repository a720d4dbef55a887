// Tests that pack.sh gives the same bytes for the same files, independent of user, place and time.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const FILES = { "b.txt": "b", "a/z.txt": "z", "a/B.txt": "B", "é.txt": "e" };

/** Packs the files, created in the given order with the given time and permissions. */
function packed(t, { order = Object.keys(FILES), time, mode, files = FILES, env = {} }) {
  const dir = mkdtempSync(join(tmpdir(), "pack-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const name of order) {
    const file = join(dir, "curfew-1", name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, files[name]);
    chmodSync(file, mode);
    utimesSync(file, time, time);
  }
  const out = join(dir, "out.tar.gz");
  execFileSync(join(import.meta.dirname, "pack.sh"), [join(dir, "curfew-1"), "1700000000", out], { env: { ...process.env, ...env } });
  return { bytes: readFileSync(out), dir, out };
}

test("folder, time, permissions, order and language make no difference", (t) => {
  const one = packed(t, { time: 1, mode: 0o644 });
  const two = packed(t, { time: 1_600_000_000, mode: 0o640, order: Object.keys(FILES).reverse(), env: { LC_ALL: "en_US.UTF-8", TZ: "Asia/Tokyo" } });
  assert.ok(one.bytes.equals(two.bytes));
});

test("a changed byte in a file makes a difference", (t) => {
  const one = packed(t, { time: 1, mode: 0o644 });
  const two = packed(t, { time: 1, mode: 0o644, files: { ...FILES, "b.txt": "c" } });
  assert.ok(!one.bytes.equals(two.bytes));
});

test("the archive's checksums match its files", (t) => {
  const { dir, out } = packed(t, { time: 1, mode: 0o644 });
  const there = join(dir, "there");
  mkdirSync(there);
  execFileSync("tar", ["-xzf", out, "-C", there]);
  const said = execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: join(there, "curfew-1"), encoding: "utf8" });
  assert.equal(said.trim().split("\n").length, Object.keys(FILES).length);
});
