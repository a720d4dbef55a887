// What the budget counts, and when it fails. Run by `make lint`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { bundleFiles, judged, mainJob } from "./budget.mjs";

const HTML = [
  '<link rel="stylesheet" href="./curfew-1.css"><link rel="icon" href="icons/plain.svg">',
  '<link rel="alternate" type="text/plain" href="./languages-list-1.txt">',
  '<link rel="preload" href="./curfew-1_bg.wasm"><link rel="modulepreload" href="./curfew-1.js">',
].join("");

const LIST = "catalogue ./languages-catalogue-1.txt sha384-a\nde ./languages-de-1.txt sha384-b\npl ./languages-pl-1.txt sha384-c";

/** A folder with these files; the bundle's compressed ones have so many bytes. */
function bundle(t, files) {
  const folder = mkdtempSync(join(tmpdir(), "budget-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries({ "index.html": 10, "curfew-1.css": 20, "curfew-1_bg.wasm": 100, "curfew-1.js": 30, "icons/plain.svg": 5, "languages-list-1.txt": 8, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), { "index.html": HTML, "languages-list-1.txt": LIST }[name] ?? "");
    writeFileSync(join(folder, `${name}.br`), "x".repeat(bytes));
    writeFileSync(join(folder, `${name}.gz`), "x".repeat(1000));
  }
  return folder;
}

const LANGUAGES = { "languages-catalogue-1.txt": 30, "languages-de-1.txt": 50, "languages-pl-1.txt": 40 };
const LATER = { "console-1.wasm": 200, "icons/running.svg": 6, ...LANGUAGES, "embed.js": 7 };

test("the sign-in page is what index.html loads; the whole app is every other file, with the list of languages, one of them, and without the portal's script", (t) => {
  const folder = bundle(t, { ...LATER, "later.data": 1 });
  // Not everything has a compressed form.
  writeFileSync(join(folder, "photo.png"), "xyz");
  const { signIn, later, languages } = bundleFiles(folder);
  const bytes = (files) => Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  assert.deepEqual(bytes(signIn), { "index.html": 10, "curfew-1.css": 20, "curfew-1_bg.wasm": 100, "curfew-1.js": 30, "icons/plain.svg": 5 });
  assert.deepEqual(bytes(later), { "console-1.wasm": 200, "icons/running.svg": 6, "languages-list-1.txt": 8, "later.data": 1, "photo.png": 3 });
  assert.deepEqual(bytes(languages), LANGUAGES);
  assert.deepEqual(judged({ signIn, later, languages }).map(({ total }) => total), [165, 433]);
  assert.deepEqual(judged({ signIn, later, languages: [] }).map(({ total }) => total), [165, 383]);
  // The list of languages is loaded with a language only, and the reason why a file is refused only then.
  assert.equal(mainJob({ signIn, later: [...later, { name: "cause-1.js", bytes: 9 }] }), 165 + 210);
});

test("either total over its limit is an error, and so is a folder without the app", (t) => {
  const run = (folder) => spawnSync("node", [join(import.meta.dirname, "budget.mjs"), folder], { encoding: "utf8" });
  const good = run(bundle(t, LATER));
  assert.equal(good.status, 0, good.stderr);
  const signIn = run(bundle(t, { ...LATER, "curfew-1.js": 126_800 - 135 + 1 }));
  assert.match(signIn.stderr, /^error: the sign-in page is 1 bytes over its limit$/m);
  assert.equal(signIn.status, 1);
  const whole = run(bundle(t, { ...LATER, "console-1.wasm": 530_000 - 221 - 8 + 2 }));
  assert.match(whole.stderr, /^error: the whole app is 2 bytes over its limit\n$/);
  assert.equal(whole.status, 1);
  const empty = run(bundle(t, LANGUAGES));
  assert.match(empty.stderr, /too few files/);
  assert.equal(empty.status, 1);
});
