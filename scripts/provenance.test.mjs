// Tests what a release says about itself: the provenance and the notes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notes, sectionOf } from "./notes.mjs";
import { statement } from "./provenance.mjs";

const ROOT = join(import.meta.dirname, "..");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const used = [
  { name: "rustc", version: "1.95.0", description: "rustc 1.95.0", pedigree: { commits: [{ uid: COMMIT }] } },
  { name: "trunk", version: "0.21.14", hashes: [{ alg: "SHA-256", content: "ab" }], purl: "pkg:cargo/trunk@0.21.14" },
];

test("the provenance names each file with its hash, the commit, and what the build used", () => {
  const made = statement([["a.tar.gz", "a"], ["b.json", "b"]], { version: "1.0.0", commit: COMMIT, used });
  assert.equal(made._type, "https://in-toto.io/Statement/v1");
  assert.equal(made.predicateType, "https://slsa.dev/provenance/v1");
  assert.deepEqual(made.subject, [{ name: "a.tar.gz", digest: { sha256: sha256("a") } }, { name: "b.json", digest: { sha256: sha256("b") } }]);
  const [source, rustc, trunk] = made.predicate.buildDefinition.resolvedDependencies;
  assert.deepEqual(source, { name: "source", digest: { gitCommit: COMMIT } });
  assert.deepEqual(rustc, { name: "rustc", uri: "pkg:generic/rustc@1.95.0", digest: { gitCommit: COMMIT }, annotations: { description: "rustc 1.95.0" } });
  assert.deepEqual(trunk, { name: "trunk", uri: "pkg:cargo/trunk@0.21.14", digest: { sha256: "ab" } });
  assert.equal(made.predicate.runDetails.builder.id, "urn:curfew:builder:local");
});

test("the provenance says if the sources were not those of the commit, and who built it", () => {
  const made = statement([], { version: "1.0.0", commit: `${COMMIT}-changed`, builder: "https://ci.example.test/", used });
  const [source] = made.predicate.buildDefinition.resolvedDependencies;
  assert.equal(source.digest.gitCommit, COMMIT);
  assert.match(source.annotations.changes, /not in the commit/);
  assert.equal(made.predicate.runDetails.builder.id, "https://ci.example.test/");
});

test("the notes have the section of their version alone, and the hash of the page", () => {
  const changelog = "# Changes\n\n## 1.10.0\n\nten\n\n## 1.1.0 (2026-01-01)\n\none\n\n### Upgrade\n\nfirst\n\n## 1.0.0\n\nold\n";
  assert.equal(sectionOf(changelog, "1.1.0"), "one\n\n### Upgrade\n\nfirst");
  assert.equal(sectionOf(changelog, "1.0.0"), "old");
  const text = notes("1.1.0", changelog, "<!doctype html>");
  assert.ok(text.includes(sha256("<!doctype html>")));
  assert.doesNotMatch(text, /ten|old/);
});

test("a release without a section, or with an empty one, is an error", () => {
  assert.throws(() => sectionOf("## 1.0.0\n\nx\n", "1.0.1"), /no section/);
  assert.throws(() => sectionOf("## 1.0.0\n\nx\n", "1.0"), /no section/);
  assert.throws(() => sectionOf("## 1.0.1\n\n## 1.0.0\n\nx\n", "1.0.1"), /is empty/);
});

test("CHANGELOG.md has a section for the version in Cargo.toml", () => {
  const [, version] = /^\[workspace\.package\]\nversion = "(.*)"/m.exec(readFileSync(join(ROOT, "Cargo.toml"), "utf8"));
  assert.ok(sectionOf(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"), version));
});
