// Joins the files of style/ into the two style sheets of the app: curfew.css, which loads with the sign-in page, and
// console.css. Trunk runs it after each build, so that `make dev` and the release bundle have the same.
//
// Each file is one layer or part of one (style/layers.css). A file in style/ui or style/pages is for the file of the same
// name in src/, and loads with the sign-in page if what that page imports includes it.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rustSteps } from "./cycles.mjs";
import { tokens } from "./rust.mjs";

/** Where the app begins, and where the console begins, whose code is loaded later. */
const APP = "src/lib.rs";
const CONSOLE = "src/pages/console.rs";
/** The folders whose files are named after those of src/. */
const FOLDERS = ["ui", "pages"];
/** The files at the top of style/ that load with the sign-in page; the others are the console's. */
const FIRST = ["tokens", "base"];

/** The layers, from the weakest on; `source` is style/layers.css. */
export function layersOf(source) {
  const [, names] = /@layer ([^;{]+);/.exec(source) ?? [];
  return (names ?? "").split(",").map((name) => name.trim());
}

/** The layer of a file, and the file of src/ that it is for, if any; `path` begins below style/. */
function described(path) {
  const [folder] = path.split("/");
  if (!FOLDERS.includes(folder)) return { layer: path.replace(/\.css$/, ""), component: null };
  return { layer: folder, component: `src/${path.replace(/\.css$/, ".rs")}` };
}

/** Everything that the sign-in page imports; `sources` maps the files of src/ to their text. */
export function importedBySignIn(sources) {
  const steps = rustSteps(sources);
  const seen = new Set();
  const next = [APP];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (file === CONSOLE || seen.has(file)) continue;
    seen.add(file);
    next.push(...steps.from(file));
  }
  return seen;
}

/** By this files of a layer are sorted: a folder's own file comes before those beside it. */
const sortKey = (path) => path.replace(/(^|\/)mod\.css$/, "$1");

/** The two style sheets; `styles` maps the files of style/ to their text, `sources` those of src/. */
export function joined(styles, sources) {
  const order = styles.get("layers.css");
  const first = importedBySignIn(sources);
  const sorted = [...styles.keys()].sort((a, b) => sortKey(a).localeCompare(sortKey(b), "en"));
  const sheet = (isIn) =>
    layersOf(order).flatMap((layer) => {
      const files = sorted.filter((path) => path !== "layers.css" && described(path).layer === layer && isIn(described(path)));
      return files.length > 0 ? [`@layer ${layer} {\n${files.map((path) => styles.get(path)).join("\n")}}\n`] : [];
    });
  const isFirst = ({ layer, component }) => (component ? first.has(component) : FIRST.includes(layer));
  return { curfew: [order, ...sheet(isFirst)].join("\n"), console: sheet((one) => !isFirst(one)).join("\n") };
}

/** The words that may be classes: those of string literals, and of `class:name=...`. */
function wordsOf(source) {
  const texts = tokens(source).filter(({ kind }) => kind === "text").flatMap(({ text }) => text.match(/[\w-]+/g) ?? []);
  return [...texts, ...[...source.matchAll(/\bclass:([\w-]+)/g)].map(([, name]) => name)];
}

/**
 * Styles that belong to nothing: files without their component or their layer, layers without a file, classes that no
 * source has, and parts whose style the browser tests lack. `page` is the text of index.html, `tests` that of
 * tests/browser/support.rs.
 */
export function strayStyles({ styles, sources, page, tests }) {
  const breaches = [];
  const layers = layersOf(styles.get("layers.css") ?? "");
  const used = new Set([...[...sources.values()].flatMap(wordsOf), ...(page.match(/[\w-]+/g) ?? [])]);
  const tested = /= styles! \{([^}]*)\}/.exec(tests)?.[1] ?? "";
  const filled = new Set();
  for (const [path, source] of styles) {
    if (path === "layers.css") continue;
    const { layer, component } = described(path);
    filled.add(layer);
    if (component && !sources.has(component)) breaches.push(`style/${path}:1: there is no ${component}`);
    if (!layers.includes(layer)) breaches.push(`style/${path}:1: style/layers.css has no layer ${layer}`);
    const rules = source.replace(/\/\*.*?\*\//gs, "");
    for (const name of new Set([...rules.matchAll(/\.([A-Za-z][\w-]*)(?=[^{}]*\{)/g)].map(([, one]) => one))) {
      if (!used.has(name)) breaches.push(`style/${path}:1: nothing has the class ${name}`);
    }
    const part = /^ui\/(\w+)\.css$/.exec(path)?.[1];
    if (part && !tested.includes(`"${part}"`)) breaches.push(`tests/browser/support.rs:1: STYLES lacks "${part}"`);
  }
  for (const layer of layers) if (!filled.has(layer)) breaches.push(`style/layers.css:1: no file is the layer ${layer}`);
  return breaches;
}

/** All files of a folder with such an ending, by their path below it. */
export function filesBelow(folder, ending, prefix = "") {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(ending));
  return new Map(names.map((name) => [prefix + name, readFileSync(join(folder, name), "utf8")]));
}

function main() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const sheets = joined(filesBelow(join(root, "style"), ".css"), filesBelow(join(root, "src"), ".rs", "src/"));
  for (const [name, text] of Object.entries(sheets)) writeFileSync(join(process.env.TRUNK_STAGING_DIR, `${name}.css`), text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
