// Lists the public types of the domain that CONTRIBUTING.md's glossary does not name. Usage: node glossary.mjs
// A type is named by itself (`SessionId`) or as words (session id, access groups), in the first column of a table.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publicTypes } from "./rust.mjs";

/** The crates whose types the glossary has to name. */
const DOMAIN = ["crates/timestamp/src/", "crates/bigiq/src/", "crates/core/src/", "crates/client/src/", "crates/text/src/"];
/** What the first column of a table with names is called. */
const HEAD = /^(?:word|name|term|type)s?$/i;

const plain = (words) => words.replace(/[\s_-]/g, "").toLowerCase();

/** The names that the tables of a Markdown page explain, in small letters and without spaces. */
export function glossaryNames(page) {
  const names = new Set();
  for (const table of page.match(/(?:^\|.*\n?)+/gm) ?? []) {
    const cells = table.trim().split("\n").map((row) => row.split("|")[1].trim());
    if (!HEAD.test(cells[0])) continue;
    const words = cells.slice(2).flatMap((cell) => cell.split(/[,;()]/));
    for (const word of words.map((one) => plain(one.replaceAll("`", ""))).filter(Boolean)) names.add(word);
  }
  return names;
}

/** The public types of `files` (paths with their sources) that the page does not name, as `file: type`. */
export function missingNames(files, page) {
  const names = glossaryNames(page);
  return DOMAIN.flatMap((folder) => publicTypes(files, `${folder}lib.rs`))
    .filter(({ name }) => !names.has(plain(name)) && !names.has(`${plain(name)}s`))
    .map(({ name, file }) => `${file}: ${name}`);
}

function main() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const files = new Map();
  for (const folder of DOMAIN) {
    for (const path of readdirSync(join(root, folder), { recursive: true }).filter((one) => one.endsWith(".rs"))) {
      files.set(folder + path, readFileSync(join(root, folder, path), "utf8"));
    }
  }
  const missing = missingNames(files, readFileSync(join(root, "CONTRIBUTING.md"), "utf8"));
  for (const line of missing) console.error(line);
  console.log(`${files.size} files, ${missing.length} public types missing in CONTRIBUTING.md`);
  process.exitCode = missing.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
