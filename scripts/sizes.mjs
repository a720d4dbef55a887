// Prints how many bytes of code each crate has in the bundle, and in Curfew's own crates each page or module, as the table of
// docs/performance.md. It reads the linker's wasm, which has the names of the functions. Usage: node sizes.mjs WASM DIST_DIR

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleFiles, sum } from "./budget.mjs";
import { functionsOf } from "./order.mjs";
import { CUSTOM, Reader, sections } from "./wasm.mjs";

/** What has less of the code than this is left out. */
const SMALLEST = 0.004;
/** The section of a file's names that has those of functions. */
const FUNCTION_NAMES = 1;

/** The names of functions by their index. */
function namesOf(bytes) {
  const names = new Map();
  for (const { id, start, end } of sections(bytes)) {
    const reader = new Reader(bytes, start);
    if (id !== CUSTOM || reader.text() !== "name") continue;
    while (reader.at < end) {
      const kind = bytes[reader.at++];
      const length = reader.number();
      const next = reader.at + length;
      if (kind === FUNCTION_NAMES) for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
      reader.at = next;
    }
  }
  return names;
}

/** The crate of a function by its mangled name, and in our own crates the page or module. */
export function owner(name) {
  // wasm_split's entry of the console.
  if (name.startsWith("__wasm_split")) return "curfew::pages::console";
  if (/^__w(?:bg|bindgen)/.test(name)) return "wasm_bindgen";
  // The standard library is built with the newer mangling.
  const newer = /^_R.*?Cs[0-9A-Za-z]+_\d+(core|alloc|std|dlmalloc|hashbrown)/.exec(name);
  if (newer) return newer[1];
  const parts = [];
  for (let rest = /^_ZN(.*)E/.exec(name)?.[1] ?? ""; ; ) {
    const length = /^\d+/.exec(rest)?.[0];
    if (!length) break;
    rest = rest.slice(length.length);
    parts.push(rest.slice(0, Number(length)));
    rest = rest.slice(Number(length));
  }
  // The method of a trait has the type and the trait in one part: `_$LT$curfew..ui..Text$u20$as$u20$…`.
  const [first = ""] = parts;
  const path = /[a-z]\w*(?:\.\.\w+)+/.exec(first)?.[0].split("..") ?? parts;
  const own = { curfew: path[1] === "pages" ? 3 : 2, curfew_core: 2 }[path[0]] ?? 1;
  return path.slice(0, own).join("::") || "other";
}

/** The owners with the bytes of their functions, the largest first. */
export function sizes(bytes) {
  const names = namesOf(bytes);
  const { imported, bodies } = functionsOf(bytes);
  const found = new Map();
  bodies.forEach(({ length }, index) => {
    const name = names.get(imported + index) ?? "";
    // These tell wasm-bindgen which functions of JavaScript are used, and it removes them.
    if (name.startsWith("__wbindgen_describe")) return;
    found.set(owner(name), (found.get(owner(name)) ?? 0) + length);
  });
  return [...found].sort(([, one], [, other]) => other - one);
}

function main() {
  const [wasm, dist] = process.argv.slice(2);
  const all = sizes(readFileSync(wasm));
  const code = all.reduce((total, [, bytes]) => total + bytes, 0);
  const { signIn, later } = bundleFiles(dist);
  const compressed = sum([...signIn, ...later].filter(({ name }) => name.endsWith(".wasm")));
  console.log("| crate, page or module | code | share | about, of the brotli of both files |\n| --- | ---: | ---: | ---: |");
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const row = (name, bytes) => console.log(`| ${name} | ${kB(bytes)} | ${((100 * bytes) / code).toFixed(1)} % | ${kB((bytes / code) * compressed)} |`);
  const shown = all.filter(([, bytes]) => bytes >= SMALLEST * code);
  for (const [name, bytes] of shown) row(`\`${name}\``, bytes);
  row("the rest", code - shown.reduce((total, [, bytes]) => total + bytes, 0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
