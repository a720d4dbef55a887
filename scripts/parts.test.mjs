// Tests the bill of materials and the licence texts of a release: they contain everything in the bundle and nothing else, and are
// always the same bytes. Reads what cargo has downloaded.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isAllowed } from "./licences.mjs";

const root = join(import.meta.dirname, "..");
execFileSync("cargo", ["fetch", "--locked", "--quiet"], { cwd: root });

/** The file that licences.mjs writes. */
function written(t, command, ...rest) {
  const dir = mkdtempSync(join(tmpdir(), "parts-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "out");
  execFileSync("node", [join(import.meta.dirname, "licences.mjs"), command, file, ...rest]);
  return readFileSync(file, "utf8");
}

const SHIPPED = ["leptos", "serde_json", "web-sys", "wasm-bindgen", "timestamp", "bigiq", "curfew-core", "text"];
/** For tests, the simulator and the build: none of these is in the bundle. */
const ELSEWHERE = ["proptest", "rstest", "insta", "axum", "tokio", "bigiq-simulator", "wasm-bindgen-test"];

test("the bill of materials names each part with version, licence, checksum and dependencies", (t) => {
  const text = written(t, "sbom", "1.2.3", "1700000000");
  const bill = JSON.parse(text);
  assert.equal(`${bill.bomFormat} ${bill.specVersion}`, "CycloneDX 1.6");
  assert.equal(bill.metadata.timestamp, "2023-11-14T22:13:20.000Z");
  assert.deepEqual([bill.metadata.component.name, bill.metadata.component.version], ["curfew", "1.2.3"]);
  const names = bill.components.map((part) => part.name);
  for (const name of SHIPPED) assert.ok(names.includes(name), name);
  for (const name of ELSEWHERE) assert.ok(!names.includes(name), name);
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  for (const part of bill.components) {
    assert.match(part.purl, /^pkg:cargo\/[\w-]+@\d/);
    assert.ok(isAllowed(part.licenses[0].expression), part.purl);
    const ours = ["timestamp", "bigiq", "curfew-core", "text"].includes(part.name);
    assert.equal(part.hashes === undefined, ours, part.purl);
    if (!ours) assert.ok(lock.includes(`version = "${part.version}"`) && lock.includes(part.hashes[0].content), part.purl);
  }
  const known = new Set([bill.metadata.component["bom-ref"], ...bill.components.map((part) => part["bom-ref"])]);
  assert.equal(known.size, bill.components.length + 1);
  assert.deepEqual(new Set(bill.dependencies.map(({ ref }) => ref)), known);
  for (const { dependsOn } of bill.dependencies) for (const ref of dependsOn) assert.ok(known.has(ref), ref);
  assert.equal(written(t, "sbom", "1.2.3", "1700000000"), text);
  assert.ok(!text.includes(root));
});

test("each third-party part is listed with its licence text, or as one that has none", (t) => {
  const bill = JSON.parse(written(t, "sbom", "1.2.3", "1700000000"));
  const texts = written(t, "texts");
  for (const { name, version, hashes } of bill.components) {
    if (hashes) assert.ok(texts.includes(`${name} ${version} (`), `${name} ${version}`);
  }
  assert.match(texts, /Permission is hereby granted, free of charge/);
  assert.match(texts, /Apache License\s+Version 2\.0, January 2004/);
  assert.equal(written(t, "texts"), texts);
});
