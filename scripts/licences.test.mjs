// Tests the rules of licences.mjs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { breaches, isAllowed } from "./licences.mjs";

test("an expression is satisfied by allowed licences alone", () => {
  for (const good of [
    "MIT", "MIT OR Apache-2.0", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0",
    "Apache-2.0 WITH LLVM-exception OR GPL-2.0", "MIT AND (GPL-2.0 OR ISC)",
  ]) assert.ok(isAllowed(good), good);
  for (const bad of [
    "", "GPL-3.0", "MIT AND GPL-3.0", "AGPL-3.0 OR SSPL-1.0", "(MIT OR GPL-2.0) AND GPL-2.0", "Apache-2.0 WITH Other-exception",
    "MIT MIT", "(MIT", "MIT)",
  ]) assert.ok(!isAllowed(bad), bad);
});

test("a package without a licence, with another licence, or that is banned is a breach", () => {
  const found = breaches([
    { name: "good", version: "1.0.0", license: "MIT" },
    { name: "silent", version: "1.0.0", license: null },
    { name: "greedy", version: "1.0.0", license: "AGPL-3.0" },
    { name: "openssl-sys", version: "0.9.0", license: "MIT" },
  ]);
  assert.deepEqual(found.map((f) => f.split(" ")[0]), ["silent", "greedy", "openssl-sys"]);
});

test("each known vulnerability that cargo-deny ignores is judged in docs/supply-chain.md, and no other", () => {
  const ids = (file) => new Set(readFileSync(join(import.meta.dirname, "..", file), "utf8").match(/RUSTSEC-\d+-\d+/g));
  assert.deepEqual([...ids("docs/supply-chain.md")].sort(), [...new Set([...ids("deny.toml"), ...ids("scripts/tools/deny.toml")])].sort());
});
