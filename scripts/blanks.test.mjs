// No text of the interface is shown with a blank that nothing fills. Run by `make lint`.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { blankBreaches } from "./blanks.mjs";

const CATALOGUE = `words! {
    first {
        Version = "Curfew {version}, {build}";
        Users = "{n} user|{n} users";
        Kills = "{n} kill on {devices}|{n} kills on {devices}";
        Plain = "Sign out";
    }
}`;
const found = (source) => blankBreaches("src/a.rs", source, CATALOGUE);

test("all blanks that are filled where a text is named pass", () => {
  assert.deepEqual(
    found(`
fn all(build: &str) -> Vec<String> {
    vec![
        t(Word::Plain),
        fill(
            Word::Version,
            &[("version", "1 (one)"), ("build", build)],
        ),
        count(Word::Users, 3),
        count_and(Word::Kills, 3, &[("devices", &count(Word::Users, 2))]),
    ]
}`),
    [],
  );
});

test("a blank that the call leaves out is found", () => {
  const source = 'fn version() -> String {\n    fill(Word::Version, &[("version", env!("CARGO_PKG_VERSION"))])\n}\n';
  assert.deepEqual(found(source), ['src/a.rs:2: Version is shown without its {build}: "Curfew {version}, {build}"']);
  assert.deepEqual(found("fn a() { count(Word::Kills, 3) }").length, 1);
  assert.deepEqual(found("fn a() { t(Word::Version) }").length, 2);
  // What another call in the same function fills does not help.
  assert.deepEqual(found('fn a() { fill(Word::Version, &[("version", "1"), ("build", "2")]); fill(Word::Version, &[("version", "1")]) }').length, 1);
});

test("a text with forms for one and for many has to be counted", () => {
  assert.match(found('fn a() { fill(Word::Users, &[("n", "3")]) }').join(), /forms for one and for many/);
});

test("a text that is chosen first is filled by its function, by one that takes it, or by one that it is given back to", () => {
  const chosen = (rest) => `fn a() {\n    let word = if b { Word::Version } else { Word::Plain };\n    fill(word, &[("version", "1")${rest}])\n}\n`;
  assert.deepEqual(found(chosen(', ("build", "2")')), []);
  assert.deepEqual(found(chosen("")).length, 1);
  const handed = (rest) => `fn a() { by_kind([Word::Kills, Word::Plain]) }\nfn by_kind([one, other]: [Word; 2]) -> String {\n    count_and(one, 3, &[${rest}])\n}\n`;
  assert.deepEqual(found(handed('("devices", "2 devices")')), []);
  assert.deepEqual(found(handed("")).length, 1);
  const back = (rest) => `fn word() -> Word { Word::Kills }\nfn a() -> String { count_and(word(), 3, &[${rest}]) }\n`;
  assert.deepEqual(found(back('("devices", "2 devices")')), []);
  assert.deepEqual(found(back("")).length, 1);
});

test("no text of the interface is shown with a blank that nothing fills", () => {
  const root = join(import.meta.dirname, "..");
  const catalogue = readFileSync(join(root, "src/text/words.rs"), "utf8");
  const files = readdirSync(join(root, "src"), { recursive: true }).filter((file) => file.endsWith(".rs"));
  const read = (file) => readFileSync(join(root, "src", file), "utf8");
  assert.ok(files.some((file) => /\bfill\(Word::/.test(read(file))));
  assert.deepEqual(files.flatMap((file) => blankBreaches(`src/${file}`, read(file), catalogue)), []);
});
