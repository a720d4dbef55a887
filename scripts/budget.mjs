// Adds up, in bytes of brotli, what the sign-in page loads and what the whole app loads, and fails when either is over its
// limit. The first limit is a promise and only ever goes down; the second one makes growth visible.
//
// The whole app is what one operator can load. A language is fetched only when it is selected, and an operator reads one, so of
// the languages' files only the largest counts: another language costs nobody anything who does not read it.
// The benchmark counts the same files (tests/bench/size.bench.ts).
// Usage: node budget.mjs DIST_DIR

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SIGN_IN = 126_800;
const WHOLE = 530_000;
/** The only file that no page of the app loads: it belongs to the portal's page. */
const PORTAL = "embed.js";

/**
 * The bundle's files with their bytes of brotli: what the sign-in page loads, as index.html says, and all others. `languages` are those
 * of which one is loaded, when it is selected: the texts, and the list of keys that an operator's own language file needs. The list
 * that names them is loaded with any of them.
 */
export function bundleFiles(dist) {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const first = new Set(["index.html"]);
  const selected = new Set();
  for (const [element, file] of html.matchAll(/<(?:link|script|img)\b[^>]*?\b(?:href|src)="(?:\.\/)?([^":]+)"[^>]*/g)) {
    if (!/\brel="?alternate\b/.test(element)) first.add(file);
    else for (const [, named] of readFileSync(join(dist, file), "utf8").matchAll(/ \.\/(\S+)/g)) selected.add(named);
  }
  const sized = (name) => {
    const path = join(dist, name);
    return { name, bytes: statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size };
  };
  const all = readdirSync(dist, { recursive: true }).filter((name) => !/\.(?:br|gz)$/.test(name) && statSync(join(dist, name)).isFile());
  const later = all.filter((name) => name !== PORTAL && !first.has(name) && !selected.has(name));
  return { signIn: [...first].map(sized), later: later.sort().map(sized), languages: [...selected].sort().map(sized) };
}

/** The bytes of some files together. */
export const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);

/** The bytes of all that one operator can load. */
export const whole = ({ signIn, later, languages }) => sum(signIn) + sum(later) + Math.max(0, ...languages.map(({ bytes }) => bytes));

/** What the main job does not load: the reason why a file is refused, and the list of the languages. */
const NOT_FOR_MAIN_JOB = /^(?:cause-|languages-list-)/;
/** The bytes that signing in, the search, the gate and the page of a job load, in English. */
export const mainJob = ({ signIn, later }) => sum(signIn) + sum(later.filter(({ name }) => !NOT_FOR_MAIN_JOB.test(name)));

/** The two totals beside their limits, and by how many bytes each is over. */
export function judged(files) {
  const totals = [
    { name: "the sign-in page", total: sum(files.signIn), limit: SIGN_IN },
    { name: "the whole app", total: whole(files), limit: WHOLE },
  ];
  return totals.map((one) => ({ ...one, over: Math.max(0, one.total - one.limit) }));
}

function main() {
  const files = bundleFiles(process.argv[2]);
  const [signIn, all] = judged(files);
  for (const file of files.languages) console.log(`${String(file.bytes).padStart(8)}  ${file.name}, when it is selected`);
  for (const [list, { name, total, limit, over }] of [
    [files.signIn, signIn],
    [files.later, all],
  ]) {
    for (const file of list) console.log(`${String(file.bytes).padStart(8)}  ${file.name}`);
    console.log(`${String(total).padStart(8)}  ${name}, in bytes of brotli; the limit is ${limit}`);
    if (over > 0) {
      console.error(`error: ${name} is ${over} bytes over its limit`);
      process.exitCode = 1;
    }
  }
  console.log(`${String(mainJob(files)).padStart(8)}  of these for signing in, the search, the gate and a job`);
  const hasWasm = (list) => list.some(({ name }) => name.endsWith(".wasm"));
  if (!hasWasm(files.signIn) || files.signIn.length < 5 || !hasWasm(files.later)) {
    console.error("error: too few files to be the app's");
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
