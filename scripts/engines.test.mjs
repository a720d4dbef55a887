// Tests that what runs in other engines, and what they leave out, names tests that exist.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LEFT_OUT, leftOut } from "../tests/e2e/support/left-out.mjs";

const E2E = join(import.meta.dirname, "../tests/e2e");
const read = (file) => readFileSync(join(E2E, file), "utf8");
/** The titles of a file, as they are written: a part that is filled in later may be anything. */
const titlesOf = (file) => [...read(file).matchAll(/\btest\((["`])(.*?)(?<!\\)\1/g)].map(([, , title]) => title.replaceAll('\\"', '"'));
/** Whether a title begins like this. */
const isBeginning = (title, written) => {
  const fixed = written.split("${")[0];
  return fixed.startsWith(title) || (fixed !== written && title.startsWith(fixed));
};

const [, files] = /const FILES = \[(.*?)\];/s.exec(read("engines.ts"));
const [, selection] = /const SELECTION = \[\n(.*?)\];/s.exec(read("engines.ts"));
const quoted = (text) => [...text.matchAll(/"(.*?)"/g)].map(([, name]) => name);

test("every test that an engine leaves out exists, once in the table, with a reason", () => {
  for (const { engine, spec, title, reason } of LEFT_OUT) {
    assert.ok(quoted(files).includes(spec), spec);
    assert.ok(titlesOf(spec).some((written) => isBeginning(title, written)), `${spec}: ${title}`);
    assert.ok(reason.length > 10 && ["firefox", "webkit"].includes(engine));
    assert.equal(LEFT_OUT.filter((row) => row.engine === engine && row.spec === spec && row.title === title).length, 1);
  }
  assert.equal(leftOut("webkit", "main.spec.ts", "2.1.1 one user"), undefined);
  assert.ok(leftOut("webkit", LEFT_OUT.at(-1).spec, `${LEFT_OUT.at(-1).title}, and more`));
});

test("every title of the selection begins a test of the engines' files", () => {
  const written = quoted(files).flatMap(titlesOf);
  for (const title of quoted(selection)) assert.ok(written.some((one) => isBeginning(title, one)), title);
});
