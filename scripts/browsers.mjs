// What Curfew requires of a browser: one list for the check in boot.js, the sign-in page, README.md and docs/hosting.md.
// `node scripts/browsers.mjs --write` writes it into them; without it, it reports where they differ. tests/e2e/browsers.spec.ts compares
// the list with what the bundle uses.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest versions that have everything. */
export const VERSIONS = { chrome: "123", firefox: "121", safari: "17.5" };

/**
 * What a browser may lack: its name, as the page shows it; how boot.js finds out; and its key in MDN's compatibility data.
 * A browser without module scripts does not run boot.js, and the page says that Curfew has not started.
 */
export const FEATURES = [
  { name: "WebAssembly (turned off in this browser)", test: "globalThis.WebAssembly?.instantiate", key: "webassembly.reference-types" },
  { name: "dialog elements", test: "globalThis.HTMLDialogElement", key: "api.HTMLDialogElement.showModal" },
  { name: "AbortSignal.timeout()", test: "AbortSignal.timeout", key: "api.AbortSignal.timeout_static" },
  { name: "the CSS function light-dark()", test: 'CSS.supports("color", "light-dark(red, blue)")', key: "css.types.color.light-dark" },
  { name: "the CSS selector :has()", test: 'CSS.supports("selector(:has(a))")', key: "css.selectors.has" },
];

/** The parts of files that come from the list: what is around each, and what belongs between. */
const { chrome, firefox, safari } = VERSIONS;
export const PLACES = [
  {
    path: "boot.js",
    after: "const needs = {\n",
    before: "};",
    text: FEATURES.map(({ name, test }) => `  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}: () => ${test},\n`).join(""),
  },
  { path: "index.html", after: "<p>Curfew needs ", before: "</p>", text: `Chrome or Edge ${chrome}, Firefox ${firefox}, Safari ${safari}, or newer.` },
  { path: "README.md", after: "Browser: ", before: " BIG-IQ:", text: `Chrome or Edge ${chrome}, Firefox ${firefox}, Safari ${safari}, or newer.` },
  { path: "docs/hosting.md", after: "## Browsers\n\nCurfew needs ", before: "\n", text: `Chrome or Edge ${chrome}, Firefox ${firefox}, Safari ${safari}, or newer.` },
];

/** A text with the part of a place replaced. */
export function filled(source, { path, after, before, text }) {
  const start = source.indexOf(after);
  const end = source.indexOf(before, start + after.length);
  if (start < 0 || end < 0 || source.indexOf(after, start + 1) >= 0) throw new Error(`${path} must contain this once: ${after}`);
  return source.slice(0, start + after.length) + text + source.slice(end);
}

function main() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  for (const place of PLACES) {
    const path = join(root, place.path);
    const source = readFileSync(path, "utf8");
    const wanted = filled(source, place);
    if (source === wanted) continue;
    if (process.argv.includes("--write")) writeFileSync(path, wanted);
    else {
      console.error(`${place.path}: differs from the list of required features: run node scripts/browsers.mjs --write`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
