// Writes the translations as the app reads them, with one line per text in the order of the catalogue, and the document's links to
// them. Trunk runs it after each build, so `make dev` and the release bundle have the same tables.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The names of the catalogue's texts, in its order. */
export const wordsOf = (catalogue) => [...catalogue.matchAll(/^ +(\w+) = "/gm)].map(([, name]) => name);

/** Writes the tables in a bundle's folder and replaces the files that the document links to. */
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
