// Tests that the pages about security and about the specification name only tests that exist, and files that exist.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const SECURITY = ["docs/security.md", "docs/threat-model.md", "docs/supply-chain.md"];
const PAGES = [...SECURITY, "docs/specification.md"];
const read = (file) => readFileSync(join(ROOT, file), "utf8");
const FILES = { proxy: (name) => `tests/proxy/${name}.test.js`, e2e: (name) => `tests/e2e/${name}.spec.ts` };

/** The titles in a test file, each as the texts between its placeholders. */
function titlesIn(source) {
  const found = source.matchAll(/\b(?:test|it|describe)(?:\.\w+)*\(\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g);
  return [...found].map(([, plain, template]) => (plain ?? template).replaceAll("\\\"", "\"").split(/\$\{[^}]*\}/));
}

/** Whether a title is the quoted one. A quotation may end early, with an ellipsis, and leave out what a placeholder stands for. */
function matches(parts, quoted) {
  const start = quoted.replace(/…$/, "");
  const isShort = start !== quoted;
  if (parts.length === 1) return isShort ? parts[0].startsWith(start) : parts[0] === start;
  const texts = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (new RegExp(`^${texts.join(".+")}`).test(start)) return true;
  const [before, after] = parts;
  const ends = [...after].some((_, index) => index > 3 && start.endsWith(after.slice(0, index + 1)));
  return isShort && (before.startsWith(start) || after.replace(/^[\s:,]+/, "").startsWith(start) || (start.startsWith(before) && ends));
}

/** The tests that a page names: `proxy/x` "title", "another title". */
const named = (page) => [...page.matchAll(/`(proxy|e2e)\/(\w[\w-]*)`:?((?:(?:,|;| and)?\s"[^"]+")*)/g)].map(([, kind, name, titles]) => ({ file: FILES[kind](name), titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title]) => title) }));

for (const path of PAGES) {
  test(`${path} names only tests that exist`, () => {
    const missing = [];
    for (const { file, titles } of named(read(path))) {
      if (file.endsWith("/x.test.js") || file.endsWith("/x.spec.ts")) continue; // the explanation of the form
      assert.ok(existsSync(join(ROOT, file)), file);
      const all = titlesIn(read(file));
      for (const title of titles) if (!all.some((parts) => matches(parts, title))) missing.push(`${file}: ${title}`);
    }
    for (const [, crate, file, name] of read(path).matchAll(/`(bigiq|client|core|text)\/([\w/]+\.rs)` `(\w+)`/g)) {
      const folder = file.startsWith("tests/") ? "" : "src/";
      if (!new RegExp(`\\bfn ${name}\\(`).test(read(`crates/${crate}/${folder}${file}`))) missing.push(`${file}: ${name}`);
    }
    assert.deepEqual(missing, []);
    for (const [, name] of read(path).matchAll(/`([\w.-]+\.test\.mjs)`/g)) assert.ok(existsSync(join(ROOT, "scripts", name)), name);
  });

  test(`${path} links only to pages and sections that exist`, () => {
    for (const [, file, section] of read(path).matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const target = file === "" ? path : join(dirname(path), file);
      assert.ok(existsSync(join(ROOT, target)), target);
      const anchors = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-"));
      if (section !== undefined) assert.ok(anchors.includes(section), `${target}#${section}`);
    }
  });
}

test("a renamed test is noticed", () => {
  const titles = titlesIn('test("one, two", () => {}); test(`changed ${what} is refused, and so on`); it("a \\"b\\"", f);');
  const known = (quoted) => titles.some((parts) => matches(parts, quoted));
  for (const good of ["one, two", "one…", "changed wasm is refused, and so on", 'a "b"']) assert.ok(known(good), good);
  for (const bad of ["one", "two…", "changed wasm is taken"]) assert.ok(!known(bad), bad);
});

test("all pages about security are in the list of the README", () => {
  const readme = read("README.md");
  for (const page of SECURITY) assert.ok(readme.includes(`(${page})`), page);
});

test("no page has a merge conflict that was not resolved", () => {
  const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
  assert.ok(pages.length > 10);
  assert.deepEqual(pages.filter((page) => /^(?:<{7}|>{7}) /m.test(read(page))), []);
});
