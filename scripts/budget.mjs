// Adds up, in bytes of brotli, what the sign-in page loads and what the whole app loads, and fails where either is over
// its limit. The first is a promise and only ever goes down; the second is there so that nothing grows unseen.
// Usage: node budget.mjs DIST_DIR
// What the sign-in page loads is read from index.html, and what the app loads later is all that is hashed like the app's
// own files: a new file can't be forgotten.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const SIGN_IN = 148_500;
const WHOLE = 521_000;
const dist = process.argv[2];
const html = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set(["index.html"]);
for (const [element, file] of html.matchAll(/<(?:link|script|img)\b[^>]*?\b(?:href|src)="(?:\.\/)?([^":]+)"[^>]*/g)) {
  // Another language is loaded when it is chosen.
  if (!/\brel="?alternate\b/.test(element)) first.add(file);
}
const later = readdirSync(dist).filter((file) => /-[0-9a-f]{16}(_bg)?\.(js|wasm|css)$/.test(file) && !first.has(file));

function sum(files) {
  let total = 0;
  for (const file of files) {
    const size = statSync(join(dist, `${file}.br`)).size;
    total += size;
    console.log(`${String(size).padStart(8)}  ${file}`);
  }
  return total;
}

function hold(name, total, limit) {
  console.log(`${String(total).padStart(8)}  ${name}, in bytes of brotli; the limit is ${limit}`);
  if (total > limit) {
    console.error(`error: ${name} is ${total - limit} bytes over its limit`);
    process.exitCode = 1;
  }
}

const signIn = sum(first);
hold("the sign-in page", signIn, SIGN_IN);
hold("the whole app", signIn + sum(later), WHOLE);
if (!html.includes(".wasm") || first.size < 5 || later.length === 0) {
  console.error("error: too few files to be the app's");
  process.exit(1);
}
