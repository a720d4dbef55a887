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

/** The file that a script writes. */
function written(t, script, args) {
  const dir = mkdtempSync(join(tmpdir(), "parts-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "out");
  execFileSync("node", [join(import.meta.dirname, script), ...args(file)]);
  return readFileSync(file, "utf8");
}

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const write = (t, commit = COMMIT, ...part) => written(t, "sbom.mjs", (file) => [file, "1.2.3", "1700000000", commit, ...part]);
let first;
const bill = (t) => (first ??= write(t));
const licences = (t) => written(t, "licences.mjs", (file) => ["texts", file]);

const SHIPPED = ["leptos", "serde_json", "web-sys", "wasm-bindgen", "timestamp", "bigiq", "curfew-core", "curfew-client", "text"];
/** For tests, the simulator and the build: none of these is in the bundle. */
const ELSEWHERE = ["proptest", "rstest", "insta", "axum", "tokio", "bigiq-simulator", "wasm-bindgen-test"];

const OWN = ["timestamp", "bigiq", "curfew-core", "curfew-client", "text"];

test("the bill of materials names each part with version, licence, checksum and dependencies", (t) => {
  const text = bill(t);
  const { bomFormat, specVersion, metadata, components, dependencies } = JSON.parse(text);
  assert.equal(`${bomFormat} ${specVersion}`, "CycloneDX 1.6");
  assert.equal(metadata.timestamp, "2023-11-14T22:13:20.000Z");
  assert.deepEqual([metadata.component.name, metadata.component.version], ["curfew", "1.2.3"]);
  const names = components.map((part) => part.name);
  for (const name of SHIPPED) assert.ok(names.includes(name), name);
  for (const name of ELSEWHERE) assert.ok(!names.includes(name), name);
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  for (const part of components.filter(({ name }) => name !== "rust-std")) {
    assert.ok(isAllowed(part.licenses[0].expression), part.name);
    if (OWN.includes(part.name)) continue;
    assert.match(part.purl, /^pkg:cargo\/[\w-]+@\d/);
    assert.ok(lock.includes(`version = "${part.version}"`) && lock.includes(part.hashes[0].content), part.purl);
  }
  const known = new Set([metadata.component["bom-ref"], ...components.map((part) => part["bom-ref"])]);
  assert.equal(known.size, components.length + 1);
  assert.deepEqual(new Set(dependencies.map(({ ref }) => ref)), known);
  for (const { dependsOn } of dependencies) for (const ref of dependsOn) assert.ok(known.has(ref), ref);
  assert.equal(write(t), text);
  assert.ok(!text.includes(root));
});

test("our own crates are not said to come from a registry", (t) => {
  const { metadata, components, dependencies } = JSON.parse(bill(t));
  const own = [metadata.component, ...components.filter(({ name }) => OWN.includes(name))];
  assert.equal(own.length, OWN.length + 1);
  for (const part of own) assert.ok(part.purl === undefined && part.hashes === undefined && part["bom-ref"].startsWith("curfew:"), part.name);
  assert.deepEqual(dependencies.map(({ ref }) => ref).filter((ref) => /^pkg:.*\/(?:curfew|timestamp|bigiq|curfew-core|curfew-client|text)@/.test(ref)), []);
});

test("the bill of materials names commit, compiler and tools, each with its checksum", (t) => {
  const { metadata, components, formulation } = JSON.parse(bill(t));
  assert.deepEqual(metadata.component.pedigree, { commits: [{ uid: COMMIT }] });
  const tools = new Map(formulation[0].components.map((tool) => [tool.name, tool]));
  const release = /^rustc ([\d.]+)/.exec(execFileSync("rustc", ["--version"], { cwd: root, encoding: "utf8" }))[1];
  assert.equal(tools.get("rustc").version, release);
  assert.equal(components.find(({ name }) => name === "rust-std").version, release);
  assert.equal(tools.get("node").version, process.versions.node);
  const pins = readFileSync(join(root, "scripts/lib.sh"), "utf8");
  for (const name of ["trunk", "wasm-bindgen-cli", "wasm_split_cli_support"]) {
    const { version, hashes: [{ content }] } = tools.get(name);
    assert.match(content, /^[0-9a-f]{64}$/);
    assert.ok(pins.includes(`_VERSION=${version}\n`) && pins.includes(`_SHA256=${content}\n`), name);
  }
  for (const name of ["binaryen", "esbuild", `@esbuild/${process.platform}-${process.arch}`]) assert.match(tools.get(name).hashes[0].content, /^[0-9a-f]{128}$/);
});

test("the demo's bill names the crates of the simulator, and the tools that wrote it", (t) => {
  const { metadata, components, formulation } = JSON.parse(write(t, COMMIT, "simulator"));
  assert.equal(metadata.component.name, "bigiq-simulator");
  const names = components.map(({ name }) => name);
  for (const name of ["axum", "tokio", "ring", "rust-std"]) assert.ok(names.includes(name), name);
  for (const name of ["leptos", "proptest", "curfew-core"]) assert.ok(!names.includes(name), name);
  const tools = new Map(formulation[0].components.map((tool) => [tool.name, tool]));
  assert.deepEqual([...tools.keys()], ["rustc", "cc", "strip"]);
  for (const { version } of tools.values()) assert.match(version, /^\d+\.\d+/);
});

test("the serial number follows from the content, and files that are not in the commit are mentioned", (t) => {
  const [one, two, changed] = [COMMIT, COMMIT.replace("0", "1"), `${COMMIT}-changed`].map((commit) => JSON.parse(write(t, commit)));
  for (const { serialNumber } of [one, two, changed]) assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set([one, two, changed].map(({ serialNumber }) => serialNumber)).size, 3);
  assert.deepEqual([one, changed].map(({ metadata }) => metadata.component.properties?.length), [undefined, 1]);
});

test("each third-party part is listed with its licence text, or as one that has none", (t) => {
  const texts = licences(t);
  for (const { name, version, hashes } of JSON.parse(bill(t)).components) {
    if (hashes) assert.ok(texts.includes(`${name} ${version} (`), `${name} ${version}`);
  }
  assert.match(texts, /Permission is hereby granted, free of charge/);
  assert.match(texts, /Apache License\s+Version 2\.0, January 2004/);
  assert.equal(licences(t), texts);
});
