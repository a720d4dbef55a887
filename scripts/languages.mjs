// Makes the tables of the other languages as the app reads them: a line per word, in the order of the catalogue, and the
// document's links to them. Run by Trunk after each build, so that `make dev` and the release bundle have the same.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The names of the catalogue's words, in its order. */
export const wordsOf = (catalogue) => [...catalogue.matchAll(/^ +(\w+) = "/gm)].map(([, name]) => name);

/** Writes the tables in a bundle's folder, in place of the files that the document's links name. */
export function writeTables(folder, catalogue) {
  const words = wordsOf(catalogue);
  const page = join(folder, "index.html");
  const html = readFileSync(page, "utf8");
  const link = /(<link[^>]*\brel="?alternate"?[^>]*?\bhref="?(?:\.\/)?)([^" >]+)\.json/g;
  const linked = html.replace(link, (_, before, name) => {
    const file = join(folder, `${name}.json`);
    const table = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(join(folder, `${name}.txt`), words.map((word) => table[word]).join("\n"));
    rmSync(file);
    return `${before}${name}.txt`;
  });
  writeFileSync(page, linked);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeTables(process.env.TRUNK_STAGING_DIR, readFileSync(new URL("../src/text/words.rs", import.meta.url), "utf8"));
}
