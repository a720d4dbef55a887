// Lists words that we no longer write, wherever somebody reads: interface, documents, comments, messages. Usage: node words.mjs

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RETIRED = ["anew", "whoever", "of late", "to the letter", "is told", "are told", "goes on"];

/** Text that we write, in English: all of these files is read, not only their comments. */
const OURS = /\.(?:rs|ts|js|mjs|css|html|md|sh|toml)$|^(?:Makefile|\.ci\/run|scripts\/split\/[\w-]+|proxy\/.+|languages\/(?:en[\w-]*|notes)\.json)$/;

/** Files that may hold such words. */
const EXCEPTIONS = [
  { file: /^scripts\/words(?:\.test)?\.mjs$/, reason: "they name the words" },
  { file: /(?:^|\/)fixtures\//, reason: "they hold what others wrote" },
];

/** What may stand between two words: spaces, or the end of a line and the start of the next comment line. */
const GAP = String.raw`(?:[ \t]+|[ \t]*\n[ \t]*(?:(?:\/\/[\/!]?|\*|#|<!--)[ \t]*)?)`;
const PATTERN = new RegExp(String.raw`(?<![\w-])(?:${RETIRED.map((words) => words.split(" ").join(GAP)).join("|")})(?![\w-])`, "gi");

/** The retired words of one file, as `file:line: words`. */
export function retiredWords(path, source) {
  if (!OURS.test(path) || EXCEPTIONS.some(({ file }) => file.test(path))) return [];
  return [...source.matchAll(PATTERN)].map((match) => {
    const line = source.slice(0, match.index).split("\n").length;
    const words = match[0].toLowerCase().replace(new RegExp(GAP, "g"), " ");
    return `${path}:${line}: "${words}" is a word that we no longer write`;
  });
}

function main() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const breaches = [];
  let read = 0;
  for (const path of listed.split("\0").filter((one) => OURS.test(one))) {
    try {
      breaches.push(...retiredWords(path, readFileSync(join(root, path), "utf8")));
      read += 1;
    } catch {
      // Deleted, and not yet committed so.
    }
  }
  for (const breach of breaches) console.error(breach);
  console.log(`${read} files, ${breaches.length} retired words`);
  process.exitCode = breaches.length > 0 || read === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
