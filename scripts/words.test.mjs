// Texts with and without words that we no longer write. Run by `make lint`.

import assert from "node:assert/strict";
import test from "node:test";
import { retiredWords } from "./words.mjs";

test("retired words are found, also over the end of a line", () => {
  for (const [path, source, words] of [
    ["README.md", "Read\nit anew.", "anew"],
    ["src/a.rs", "// Whoever asks", "whoever"],
    ["src/a.rs", "    /// What is\n    /// told here", "is told"],
    ["languages/en.json", '{"a": "The kill goes on"}', "goes on"],
    ["style/a.css", "/* those that are\n   told */", "are told"],
    ["scripts/a.sh", "# word of\n# late", "of late"],
    ["proxy/nginx/curfew.conf", "# to the letter", "to the letter"],
    ["languages/notes.json", '{"a": "anew"}', "anew"],
  ]) {
    const found = retiredWords(path, source);
    assert.equal(found.length, 1, source);
    assert.ok(found[0].includes(`"${words}"`), found[0]);
  }
  assert.match(retiredWords("a.md", "one\ntwo\nof\nlate")[0], /^a\.md:3: /);
});

test("other words, parts of words and what others wrote stay", () => {
  for (const [path, source] of [
    ["README.md", "renew, a new one, going on, it was told, this told, letter"],
    ["src/a.rs", "fn is_told() {} let goes_on = anew_id; .anew-class"],
    ["src/a.rs", "of.late, is(told)"],
    ["languages/de.json", '{"a": "anew"}'],
    ["crates/simulator/tests/fixtures/specification/a.md", "anew"],
    ["scripts/words.mjs", "anew"],
    ["Cargo.lock", "anew"],
  ]) {
    assert.deepEqual(retiredWords(path, source), [], source);
  }
});
