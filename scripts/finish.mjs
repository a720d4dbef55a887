// Makes the bundle in dist/ from Trunk's output: minified files named by the hash of their content, an integrity value for each,
// and a .br and .gz file next to each. Usage: node finish.mjs RAW_DIR SPLIT_DIR DIST_DIR
// SPLIT_DIR holds the console, which was split off the app's wasm (scripts/split/split.sh), and the script that loads it.
// The same input gives the same output: no times, no paths. It must not change what the code does.
//
// Trunk's own names don't work here: it hashes the wasm before wasm-bindgen and wasm-opt process it. With another tool version
// the old name would have other bytes, and a browser with the old file in its cache would show nothing.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzipSync } from "node:zlib";
import { elements, fileOf, tag, withTexts } from "./html.mjs";
import { streamsOf } from "./split/streams.mjs";

const [raw, split, dist] = process.argv.slice(2);
const { buildSync, transformSync } = createRequire(join(process.env.CURFEW_TOOLS, "npm", "package.json"))("esbuild");

const hash = (data) => createHash("sha256").update(data).digest("hex").slice(0, 16);
const integrity = (data) => `sha384-${createHash("sha384").update(data).digest("base64")}`;
const minify = (text, loader) => transformSync(text, { loader, minify: true, legalComments: "none", target: "es2022" }).code;

/** The one element of the page that names such a file. */
function only(name, pattern, what) {
  const found = onPage.filter((element) => element.name === name && pattern.test(fileOf(element) ?? ""));
  if (found.length !== 1) throw new Error(`index.html must have one element for ${what}, but has ${found.length}`);
  return { element: found[0], file: fileOf(found[0]) };
}

function put(name, data) {
  writeFileSync(join(dist, name), data);
  return { name, integrity: integrity(data) };
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
if (existsSync(join(raw, "snippets"))) throw new Error("a crate contains JavaScript snippets, which this script does not rename or hash");
const read = (file, encoding) => readFileSync(join(raw, file), encoding);

const page = read("index.html", "utf8");
const onPage = elements(page);
const newTexts = onPage.filter(({ name }) => name === "#comment").map((comment) => [comment, ""]);
const firstSheet = only("link", /^curfew\.css$/, "the style sheet curfew.css");
const laterSheet = only("link", /^console\.css$/, "the style sheet console.css");
const script = only("script", /^boot.*\.js$/, "boot.js");
const glue = only("link", /\.js$/, "the app's JavaScript");
const wasm = only("link", /\.wasm$/, "the app's wasm");

// Two style sheets (scripts/styles.mjs): one for the sign-in page, one that loads with the console.
function styles({ file }, name) {
  const css = minify(read(file, "utf8"), "css");
  return put(`${name}-${hash(css)}.css`, css);
}
const sheet = styles(firstSheet, "curfew");
const consoleSheet = styles(laterSheet, "console");
// guard: style-integrity
newTexts.push([firstSheet.element, `<link rel="stylesheet" href="./${sheet.name}" integrity="${sheet.integrity}">`]);
newTexts.push([laterSheet.element, ""]);

// Both wasm files are sent as streams. In the small file, runs of words cost more than they save.
const wasmData = streamsOf(read(wasm.file), false);
// guard: wasm-name
const newWasm = put(`curfew-${hash(wasmData)}_bg.wasm`, wasmData);

// Loaded only when another file can't be used.
const causeText = minify(read("cause.js", "utf8"), "js");
const cause = put(`cause-${hash(causeText)}.js`, causeText);

// The console's wasm is fetched when somebody is about to sign in. The fetch in the generated script has no integrity value; with
// one, the browser accepts only these bytes. The console waits for its style sheet.
const chunks = readdirSync(split).filter((file) => file.startsWith("split_"));
if (chunks.length !== 1) throw new Error(`expected one file to be split off, found ${chunks.length}: ${chunks}`);
const consoleData = streamsOf(readFileSync(join(split, chunks[0])));
const newConsole = put(`console-${hash(consoleData)}.wasm`, consoleData);
const loader = readFileSync(join(split, "__wasm_split.js"), "utf8");
const fetched = `fetch(new URL("./${chunks[0]}", import.meta.url))`;
if (loader.split(fetched).length !== 2) throw new Error(`the console's loader must contain this exactly once: ${fetched}`);
// guard: console-integrity
const get = "({ href, integrity }) => fetch(href, { integrity })";
const file = ({ name, integrity }) => `{ href: new URL("./${name}", import.meta.url).href, integrity: "${integrity}" }`;
// If a file is refused, the app shows why (src/pages/app.rs).
const whole = `(async (files) => {
  try {
    const [wasm, css] = await Promise.all(files.map(${get}));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await css.text());
    document.adoptedStyleSheets.push(sheet);
    return await unpacked(wasm);
  } catch (error) {
    document.documentElement.dataset.cause = await curfewCause(files, error);
    throw error;
  }
})([${file(newConsole)}, ${file(consoleSheet)}])`;

// The app's JavaScript and that loader import each other, so bundle them into one file. It starts with wasm that boot.js has fetched.
const joined = join(split, "joined");
mkdirSync(joined, { recursive: true });
writeFileSync(join(joined, "curfew.js"), read(glue.file, "utf8").replaceAll(wasm.file, newWasm.name));
const importUnpacked = `import { unpacked } from ${JSON.stringify(fileURLToPath(new URL("split/unpack.mjs", import.meta.url)))};\n`;
writeFileSync(join(joined, "__wasm_split.js"), importUnpacked + loader.replace(fetched, () => whole));
const start = `import init from "./curfew.js";
globalThis.curfewStart = ({ module_or_path }) => init({ module_or_path: unpacked(module_or_path) });
`;
writeFileSync(join(joined, "start.js"), importUnpacked + start);
const bundled = buildSync({
  entryPoints: [join(joined, "start.js")],
  bundle: true,
  format: "esm",
  write: false,
  minify: true,
  legalComments: "none",
  target: "es2022",
});
const js = bundled.outputFiles[0].text;
const newGlue = put(`curfew-${hash(js)}.js`, js);
const bootText = minify(read(script.file, "utf8"), "js");
if (bootText.split("./cause.js").length !== 2) throw new Error("boot.js must import ./cause.js exactly once");
const boot = bootText.replace("./cause.js", `./${cause.name}`);
const newBoot = put(`boot-${hash(boot)}.js`, boot);

// The texts of a language (scripts/languages.mjs) are fetched when it is selected, after the list that has their hashes. The page has
// only the hash of the list.
const list = only("link", /\.txt$/, "the list of languages");
const putTexts = (file, text) => put(`${file.replace(/\.txt$/, "").replace("/", "-")}-${hash(text)}.txt`, text);
const listed = read(list.file, "utf8").split("\n").map((line) => {
  const [language, file] = line.split(" ./");
  const texts = putTexts(file, read(file, "utf8"));
  // guard: language-integrity
  return `${language} ./${texts.name} ${texts.integrity}`;
});
const languages = putTexts(list.file, listed.join("\n"));
// guard: language-list-integrity
newTexts.push([list.element, tag("link", new Map([...list.element.attributes, ["href", `./${languages.name}`], ["integrity", languages.integrity]]))]);

// Cloudflare's Rocket Loader leaves a script with data-cfasync alone.
newTexts.push(
  [script.element, `<script type="module" blocking="render" data-cfasync="false" src="./${newBoot.name}" integrity="${newBoot.integrity}"></script>`],
  // guard: app-script-integrity
  [glue.element, `<script type="module" async fetchpriority="high" data-cfasync="false" src="./${newGlue.name}" integrity="${newGlue.integrity}"></script>`],
  [wasm.element, `<link rel="preload" href="./${newWasm.name}" as="fetch" type="application/wasm" crossorigin="anonymous" integrity="${newWasm.integrity}">`],
);
writeFileSync(join(dist, "index.html"), withTexts(page, newTexts).replace(/\s*\n\s*/g, "\n"));

const replaced = new Set(["index.html", "cause.js", "languages", script.file, glue.file, wasm.file, firstSheet.file, laterSheet.file]);
for (const entry of readdirSync(raw)) {
  if (!replaced.has(entry)) cpSync(join(raw, entry), join(dist, entry), { recursive: true });
}

// Brotli's options for coding distances, [postfix bits, direct codes], and the bits of its longest block; 0 is its own choice. The best
// differ from file to file, by up to 0.6 %.
const DISTANCES = [[0, 0], [0, 4], [0, 6], [1, 0], [1, 8]];
const BLOCKS = [0, 16, 24];
/** The best compression, except for a bundle whose size does not matter. */
const QUALITY = process.env.CURFEW_QUICK ? 4 : 11;
const compressed = promisify(brotliCompress);

/** The smallest of several attempts, which run on all cores. */
async function brotli(data) {
  const coded = async ([postfix, direct], block) => {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      // 4 MB: the console is larger than the 1 MB of the next smaller useful window.
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
      [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
      [constants.BROTLI_PARAM_NDIRECT]: direct,
      [constants.BROTLI_PARAM_LGBLOCK]: block,
    };
    return { distances: [postfix, direct], bytes: await compressed(data, { params }) };
  };
  const best = async (tries) => (await Promise.all(tries)).reduce((best, next) => (next.bytes.length < best.bytes.length ? next : best));
  const { distances } = await best(DISTANCES.map((distances) => coded(distances, BLOCKS[0])));
  return (await best(BLOCKS.map((block) => coded(distances, block)))).bytes;
}

async function compress(folder) {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) await compress(path);
    else if (/\.(html|js|css|wasm|svg|json|txt)$/.test(entry)) {
      const data = readFileSync(path);
      writeFileSync(`${path}.br`, await brotli(data));
      writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
    }
  }
}
await compress(dist);
