// Tests that the pages about security, the specification, the architecture and accessibility name only tests that exist, and that all
// pages link only to pages that exist. And that translated pages keep the form of the English ones.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const SECURITY = ["docs/security.md", "docs/threat-model.md", "docs/supply-chain.md"];
const ACCESSIBILITY = "docs/accessibility.md";
const PAGES = [...SECURITY, "docs/specification.md", "docs/architecture.md", ACCESSIBILITY];
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
    for (const [, crate, file, name] of read(path).matchAll(/`(bigiq|client|core|text|browser)\/([\w/]+\.rs)` `(\w+)`/g)) {
      const folder = file.startsWith("tests/") ? "" : "src/";
      const place = crate === "browser" ? `tests/browser/${file}` : `crates/${crate}/${folder}${file}`;
      if (!new RegExp(`\\bfn ${name}\\(`).test(read(place))) missing.push(`${file}: ${name}`);
    }
    assert.deepEqual(missing, []);
    for (const [, name] of read(path).matchAll(/`([\w.-]+\.test\.mjs)`/g)) assert.ok(existsSync(join(ROOT, "scripts", name)), name);
  });

}

for (const path of execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n")) {
  test(`${path} links only to pages and sections that exist`, () => {
    for (const [, file, section] of read(path).replace(/^```[^]*?^```/gm, "").replace(/`[^`\n]*`/g, "").matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)) {
      const target = file === "" ? path : join(dirname(path), file);
      assert.ok(existsSync(join(ROOT, target)), target);
      if (section === undefined) continue;
      const anchors = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N}_\s-]/gu, "").replaceAll(" ", "-"));
      assert.ok(anchors.includes(section), `${target}#${section}`);
    }
  });
}

/** The criteria of WCAG 2.2 at level A and AA: how many each guideline has, and those of level AAA among their numbers. 4.1.1 was removed. */
const WCAG = [
  ["1.1", 1], ["1.2", 5], ["1.3", 5], ["1.4", 13, 6, 7, 8, 9], ["2.1", 4, 3], ["2.2", 2], ["2.3", 1], ["2.4", 11, 8, 9, 10],
  ["2.5", 8, 5, 6], ["3.1", 2], ["3.2", 6, 5], ["3.3", 8, 5, 6], ["4.1", 3, 1],
].flatMap(([guideline, last, ...without]) => Array.from({ length: last }, (_, index) => index + 1).filter((n) => !without.includes(n)).map((n) => `${guideline}.${n}`));

test("each criterion of WCAG 2.2 A and AA has one row with a state, and those that are met partly are listed at the top", () => {
  assert.equal(WCAG.length, 55);
  const page = read(ACCESSIBILITY);
  const rows = [...page.matchAll(/^\| (\d\.\d\.\d+) ([^|]+) \| (supports|partly|not applicable|not tested) \| [^|]+ \| ?([^|]*)\|$/gm)].map(([, number, name, state, shown]) => ({ number, name, state, shown: shown.trim() }));
  assert.deepEqual(rows.map(({ number }) => number), WCAG);
  for (const { number, state, shown } of rows) assert.equal(shown === "", state === "not applicable" || state === "not tested", `${number}: what shows it`);
  const missing = [...page.matchAll(/^\| (\d\.\d\.\d+) ([^|]+) \| [^|]+ \|$/gm)].map(([, number, name]) => `${number} ${name}`);
  assert.deepEqual(missing, rows.filter(({ state }) => state === "partly").map(({ number, name }) => `${number} ${name}`));
});

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

test("the commands to install and to release name the version in Cargo.toml", () => {
  const [, version] = /^\[workspace\.package\]\nversion = "(.*)"/m.exec(read("Cargo.toml"));
  for (const page of ["docs/install.md", "docs/releasing.md"]) {
    const named = [...read(page).matchAll(/(?:curfew[\w-]*[:-]|release-|\bv|Curfew )(\d+\.\d+\.\d+)/g)].map(([, found]) => found);
    assert.ok(named.length > 2, page);
    assert.deepEqual([...new Set(named)], [version], page);
  }
});

test("no page has a merge conflict that was not resolved", () => {
  const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
  assert.ok(pages.length > 10);
  assert.deepEqual(pages.filter((page) => /^(?:<{7}|>{7}) /m.test(read(page))), []);
});

/** What a translation keeps: the levels of the headings, the code, the columns of each table's rows, and the numbers. */
function shape(page) {
  const code = [...page.matchAll(/^```[\s\S]*?^```/gm)].map(([block]) => block);
  const text = page.replace(/^```[\s\S]*?^```/gm, "");
  return {
    code,
    headings: [...text.matchAll(/^(#+) /gm)].map(([, level]) => level.length),
    tables: text.split("\n").filter((line) => line.startsWith("|")).map((line) => line.split("|").length),
  };
}

const TRANSLATED = ["README.md", "docs/install.md"];

test("a translated page has the headings, the code and the tables of the English one, and links to it", () => {
  const folders = readdirSync(join(ROOT, "docs"), { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(ROOT, "languages", `${entry.name}.json`)));
  assert.ok(folders.length > 0);
  for (const { name } of folders) {
    for (const english of TRANSLATED) {
      const page = `docs/${name}/${basename(english)}`;
      assert.deepEqual(shape(read(page)), shape(read(english)), page);
      assert.ok(read(page).includes(`](${relative(join(ROOT, "docs", name), join(ROOT, english))})`), `${page} links to ${english}`);
      assert.ok(read("README.md").includes(`](docs/${name}/README.md)`), `the README links to ${page}`);
    }
  }
});
