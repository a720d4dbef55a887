// Checks the rules of this repository that no compiler enforces: which layer may use which, where texts may be, what must not be
// in the sources. Run by `make lint`; prints each breach as `file:line: what`. Its own tests: check.test.mjs.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { keyOf } from "./languages.mjs";
import { filesBelow, strayStyles } from "./styles.mjs";

/** Which of our own crates a crate may depend on; tests may use any. The simulator's list is empty, so that it does not share the app's reading of the wire. */
const CRATES = {
  timestamp: [],
  bigiq: [],
  "curfew-core": ["bigiq", "timestamp"],
  "curfew-client": ["bigiq", "curfew-core"],
  text: ["curfew-core", "timestamp"],
  "bigiq-simulator": [],
  "curfew-container": ["curfew-core"],
  curfew: ["curfew-client", "curfew-core", "text"],
};

/**
 * Which folders of src/ and which of our crates a folder of src/ may use. `curfew_core::app::window` allows only that module. `ui`
 * gets its texts as properties; `web` knows them only for `Intl`, and of the client only what the browser does for it.
 */
const LAYERS = {
  web: ["text", "curfew_core::timestamp", "curfew_client::platform", "curfew_client::inventory::Profiler"],
  ui: ["web", "curfew_core::app::window"],
  state: ["web", "text", "curfew_client", "curfew_core"],
  pages: ["ui", "state", "web", "text", "curfew_core"],
};

/** Breaches of the crate graph. `dependencies` maps each crate to the names of its dependencies. */
export function crateBreaches(dependencies) {
  const breaches = [];
  for (const [name, all] of Object.entries(dependencies)) {
    if (!(name in CRATES)) breaches.push(`Cargo.toml:1: crate ${name} has no rule in scripts/check.mjs`);
    for (const used of all.filter((other) => other in CRATES)) {
      if (!CRATES[name]?.includes(used)) breaches.push(`Cargo.toml:1: ${name} must not depend on ${used}`);
    }
  }
  return breaches;
}

/** The source without comments and with the same number of lines. It assumes code formatted by rustfmt. */
function withoutComments(source) {
  return source.replace(/^(\s*)\/\/.*$/gm, "$1").replace(/\s\/\/ .*$/gm, "");
}

/** The part of a Rust file before its tests. */
function withoutTests(source) {
  const tests = source.search(/^\s*#\[cfg\((?:all\()?test/m);
  return tests < 0 ? source : source.slice(0, tests);
}

const lineOf = (source, index) => source.slice(0, index).split("\n").length;

/** The names directly after `root::`, including those in `root::{a::B, c}`. */
function usedNames(source, root) {
  const found = [];
  for (const match of source.matchAll(new RegExp(`\\b${root}::(?:\\{([^;]*?)\\};|(\\w+)(?:::(\\w+))?)`, "gs"))) {
    const add = (first, second) => found.push({ first, second, index: match.index });
    if (match[2]) add(match[2], match[3]);
    let depth = 0;
    for (const part of (match[1] ?? "").matchAll(/[{}]|(?:^|,)\s*(\w+)(?:::(\w+))?/g)) {
      if (part[0] === "{") depth += 1;
      else if (part[0] === "}") depth -= 1;
      else if (depth === 0) add(part[1], part[2]);
    }
  }
  return found;
}

/** Breaches of the order of layers in one file in src/. */
export function layerBreaches(path, source) {
  const layer = /^src\/(\w+?)(?:\.rs|\/)/.exec(path)?.[1];
  if (layer === "lib" || layer === "main" || layer === undefined) return [];
  const allowed = LAYERS[layer];
  if (!allowed) return [`${path}:1: src/${layer} has no rule in scripts/check.mjs`];
  const code = withoutTests(withoutComments(source));
  const breaches = [];
  const breach = (index, used) => breaches.push(`${path}:${lineOf(code, index)}: ${layer} must not use ${used}`);
  for (const root of ["crate", "super"]) {
    for (const { first, index } of usedNames(code, root)) {
      if (first in LAYERS && first !== layer && !allowed.includes(first)) breach(index, first);
    }
  }
  for (const library of ["bigiq", "curfew_client", "curfew_core", "text"]) {
    for (const { first, second, index } of usedNames(code, library)) {
      const names = [library, `${library}::${first}`, `${library}::${first}::${second}`];
      if (!names.some((name) => allowed.includes(name))) breach(index, names[1]);
    }
  }
  return breaches;
}

// A string literal in a view may only be a name for machines. A text for people has a capital letter or a space.
const ATTRIBUTE = /(?:^|[\s(,])(?:class|id|role|type|name|rel|href|src|target|autocomplete|inputmode|d|viewBox|points|transform|for|style:[\w-]+|attr:[\w-]+|prop:[\w-]+|data-[\w-]+|aria-(?!label\b|description\b|roledescription\b|valuetext\b)[\w-]+)\s*=\s*(?:\{\s*)?(?:move \|\| ?)?$/;

/** Names of keys, as the browser reports them, and the name that the language of the catalogue has in every language. */
const NAMES = new Set(["Enter", "Escape", "Tab", "Home", "End", "Space", "Backspace", "Delete", "English"]);

/** Punctuation between two texts, as in `": "` or `"{} ({})"`. It differs between languages; " · " does not. */
function glues(text) {
  const between = text.replace(/\{[^{}]*\}/g, "\u0000");
  return /^[\s\p{P}\u0000]*$/u.test(between) && /[.,:;!?()“”„«»–—]/.test(between) && /\s/.test(between);
}

/** Texts for people that are in a view and not in the catalogue, and sentences that are assembled from texts. */
export function wordBreaches(path, source) {
  if (!/^src\/(?:pages|ui|state)\//.test(path)) return [];
  const code = withoutTests(withoutComments(source));
  const breaches = [];
  for (const match of code.matchAll(/"((?:[^"\\]|\\.)*)"/gs)) {
    const [, text] = match;
    const words = /\p{Lu}?\p{Ll}{2,} \p{L}|^\p{Lu}\p{Ll}{2,}[^\p{Lu}]*$|\p{L}{2,}[.?!…]$/u.test(text);
    const before = code.slice(code.lastIndexOf("\n", match.index) + 1, match.index);
    const forMachines = ATTRIBUTE.test(before) || /\b(?:expect|reason)\s*[(=]\s*$|class:?\w*\s*=?.*$/.test(before) || /^\s*#!?\[/.test(before);
    if (glues(text) && !forMachines && !/\bsplit(?:_once)?\(\s*$/.test(before)) {
      breaches.push(`${path}:${lineOf(code, match.index)}: "${text}" joins texts: write one text with placeholders into languages/en.json`);
    }
    if (words && !forMachines && !NAMES.has(text)) breaches.push(`${path}:${lineOf(code, match.index)}: text outside languages/en.json: "${text}"`);
  }
  for (const match of code.matchAll(/<\w[^<>]*>\s*(\p{L}{2,}[^<>{}"=;]*)<\//gu)) {
    breaches.push(`${path}:${lineOf(code, match.index)}: text outside languages/en.json: ${match[1].trim()}`);
  }
  return breaches;
}

/** Files whose texts may be shown before the console has loaded. The console's texts load with it (crates/text). */
const FIRST_SHOWN = /^(?:src\/(?:lib|state\/(?:\w+|language\/mod)|ui\/\w+|pages\/(?:mod|app|document|sign_in|error_text))|crates\/text\/src\/sentences\/error)\.rs$/;

/** Modules of crates/text whose sentences may be shown then: each is one of those files. */
const FIRST_SENTENCES = ["error"];

/**
 * Texts of the console used in views that are shown before it: they would be empty there. `keys` are those of all texts, `first` those
 * that load with the sign-in page (crates/text/sign-in-page.txt).
 */
export function firstTextBreaches(path, source, keys, first) {
  if (!FIRST_SHOWN.test(path)) return [];
  const code = withoutTests(withoutComments(source));
  const used = usedNames(code, path.startsWith("src/") ? "text" : "crate");
  const sentences = used.filter(({ first, second }) => first === "sentences" && !FIRST_SENTENCES.includes(second));
  const texts = used.filter(({ first: key }) => keys.has(key) && !first.has(key));
  const breach = (index, what) => `${path}:${lineOf(code, index)}: ${what} with the console, but may be shown before it`;
  return [
    ...sentences.map(({ second, index }) => breach(index, `the texts of sentences::${second} load`)),
    ...texts.map(({ first: key, index }) => breach(index, `the text ${key} is not in crates/text/sign-in-page.txt, so it loads`)),
  ];
}

/** Literal text between the tags of a view, or in an attribute that people read or hear. */
export function markupBreaches(path, source) {
  if (!/^src\/(?:pages|ui)\//.test(path)) return [];
  const code = withoutTests(withoutComments(source));
  const breaches = [];
  const breach = (index, text) => breaches.push(`${path}:${lineOf(code, index)}: text outside languages/en.json: "${text}"`);
  for (const { index, body } of viewBodies(code)) {
    // A child follows a tag or a block and precedes one. `=>` and `->` are Rust syntax.
    for (const match of body.matchAll(/(?<![=-])(?:>|\})\s*"((?:[^"\\]|\\.)*)"\s*(?=[<{"])/gs)) {
      if (/\p{L}/u.test(match[1])) breach(index + match.index, match[1]);
    }
    const read = /\s(?:label|title|heading|hint|placeholder|alt|aria-(?:label|description|roledescription|valuetext))=(?:\{\s*)?"([^"]*\p{L}[^"]*)"/gu;
    for (const match of body.matchAll(read)) breach(index + match.index, match[1]);
  }
  return breaches;
}

/** An expression that gives a text: a text of the catalogue, a name, a number. */
const GIVES_TEXT = /^(?:move \|\|\s*)?(?:text::\w+|isolated|exact|relative|list_of_\w+|\w+_of_text|format!)\s*\([^]*\)$|\.(?:into_text|to_string|to_owned|to_uppercase)\(\)$|^(?:move \|\|\s*)?\w+\.get\(\)$/;

/** The type of a text, or of a signal of one. */
const TEXT_TYPE = /^(?:&(?:'\w+ )?(?:str|String)|(?:Option<|Signal<|RwSignal<|Memo<)*String>*|Label)$/;

/** The code from here to the semicolon that ends the statement. */
function statementAt(code, start) {
  let depth = 0;
  for (let end = start; end < code.length; end += 1) {
    if ("([{".includes(code[end])) depth += 1;
    else if (")]}".includes(code[end])) depth -= 1;
    else if (code[end] === ";" && depth === 0) return code.slice(start, end);
  }
  return code.slice(start);
}

/** Elements that hold a text and nothing else, if they have one child. */
const OF_TEXT = /<(?:p|h[1-6]|span|label|legend|summary|a|button|code|pre|kbd|time|option|strong|em|small|td|th)\b[^<>]*(?:=>[^<>]*)*(?<!\/)$/;

/** Whether a name in a view stands for a text: by its type, or by what it is made from. */
function isText(name, code) {
  const typed = [...code.matchAll(new RegExp(`\\b${name}: ([&\\w<>' ]+)`, "g"))].map((match) => match[1].trim());
  const made = [...code.matchAll(new RegExp(`\\blet ${name} =\\s*`, "g"))].map((match) => statementAt(code, match.index + match[0].length));
  if (typed.length + made.length === 0) return false;
  return typed.every((type) => TEXT_TYPE.test(type)) && made.every((from) => GIVES_TEXT.test(from));
}

/**
 * Texts as children in a view. Translators replace their nodes, and then the page shows an old state, so a text must be the whole
 * content of its element: `prop:textContent=content(text)` (src/ui/content.rs).
 */
export function textChildBreaches(path, source) {
  if (!/^src\/(?:pages|ui)\//.test(path)) return [];
  const code = withoutTests(withoutComments(source));
  const breaches = [];
  const breach = (index, what) => breaches.push(`${path}:${lineOf(code, index)}: ${what}: use prop:textContent=content(text)`);
  for (const { index, body } of viewBodies(code)) {
    for (const match of body.matchAll(/(?:prop:(?:textContent|innerText|innerHTML)=(?!content\(|aside\b)|\binner_html=)[^\s>]*/g)) {
      breach(index + match.index, `another way to set a text: ${match[0]}`);
    }
    // A child follows a tag, a block or a text. `=>` and `->` are Rust syntax.
    for (const match of body.matchAll(/(?:(?<![=-])>|\}|"|^)\s*\{/g)) {
      const start = match.index + match[0].length;
      const end = start + lengthOfBlock(body.slice(start));
      const child = body.slice(start, end).trim();
      const isOnly = OF_TEXT.test(body.slice(0, match.index)) && /^\}\s*<\//.test(body.slice(end)) && !/view!|\.view\(|::view\b|children\(/.test(child);
      if (isOnly || GIVES_TEXT.test(child) || (/^\w+$/.test(child) && isText(child, code))) breach(index + start, `a text as a child: {${child}}`);
    }
  }
  return breaches;
}

/** The length of the code up to the brace that closes its block. */
function lengthOfBlock(code) {
  let depth = 1;
  for (let end = 0; end < code.length; end += 1) {
    const string = /^"(?:[^"\\]|\\.)*"/s.exec(code.slice(end, end + 400));
    if (string) end += string[0].length - 1;
    else if (code[end] === "{") depth += 1;
    else if (code[end] === "}" && (depth -= 1) === 0) return end;
  }
  return code.length;
}

/** The code between the braces of each outermost `view!`. */
function viewBodies(code) {
  const found = [];
  for (const match of code.matchAll(/\bview!\s*\{/g)) {
    const start = match.index + match[0].length;
    if (found.some(({ index, body }) => start < index + body.length)) continue;
    let depth = 1;
    let end = start;
    while (end < code.length && depth > 0) {
      const string = /^"(?:[^"\\]|\\.)*"/s.exec(code.slice(end));
      if (string) end += string[0].length;
      else {
        if (code[end] === "{") depth += 1;
        if (code[end] === "}") depth -= 1;
        end += 1;
      }
    }
    found.push({ index: start, body: code.slice(start, end) });
  }
  return found;
}

/** Physical sides in a style sheet: right-to-left languages need start and end. And positioned table rows, which WebKit leaves where they are. */
export function styleBreaches(path, source) {
  if (!/^style\/.*\.css$/.test(path)) return [];
  const code = source.replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, " "));
  const sides = /(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)?|left|right|top|bottom)\s*:/;
  const sizes = /(?:min-|max-)?(?:width|height)\s*:[^();{}]*[;}]/;
  const ways = /(?:text-align|float|clear)\s*:\s*(?:left|right)/;
  const physical = new RegExp(`(?<![\\w-])(?:${sides.source}|${sizes.source}|${ways.source})`, "g");
  // What is placed in such a row would be placed in the page.
  const rows = /(?<![\w.#-])(?:tr|tbody|thead)(?:[:.[][^\s,{]*)?\s*(?:,[^{}]*)?\{[^{}]*\bposition\s*:\s*relative/g;
  return [
    ...[...code.matchAll(physical)].map((match) => `${path}:${lineOf(code, match.index)}: differs for right-to-left languages: ${match[0].trim()}`),
    ...[...code.matchAll(rows)].map((match) => `${path}:${lineOf(code, match.index)}: WebKit doesn't position table rows: ${match[0].split("{")[0].trim()}`),
  ];
}

/** Things that belong to one machine or one person and not to the project. */
export function leakBreaches(path, source) {
  const breaches = [];
  const rules = [
    [/(?<![\w.~-])\/(?:root|home\/\w+|Users\/\w+|work)\/[\w.]/g, "a folder on one machine"],
    [/-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{20}/g, "a private key"],
    [/\beyJ[\w-]{30,}\.eyJ[\w-]{30,}\.[\w-]{30,}/g, "a token"],
  ];
  if (path.endsWith("package-lock.json")) rules.push([/"resolved": "http[^"]*"/g, "a registry's address"]);
  if (path === "Cargo.lock") rules.push([/source = "(?!registry\+https:\/\/github\.com\/rust-lang\/)[^"]*"/g, "a source other than the public registry"]);
  for (const [pattern, what] of rules) {
    for (const match of source.matchAll(pattern)) breaches.push(`${path}:${lineOf(source, match.index)}: ${what}: ${match[0].slice(0, 40)}`);
  }
  return breaches;
}

/** Packages in a lock of npm without a checksum: `npm ci` would accept any bytes for them. */
export function lockBreaches(path, source) {
  if (!path.endsWith("package-lock.json")) return [];
  const packages = Object.entries(JSON.parse(source).packages).filter(([name]) => name !== "");
  // guard: lock-checksums
  const bare = packages.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""));
  return bare.map(([name]) => `${path}:1: ${name} has no checksum`);
}

function main() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const metadata = JSON.parse(
    execFileSync("cargo", ["metadata", "--no-deps", "--offline", "--format-version", "1"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }),
  );
  const dependencies = Object.fromEntries(metadata.packages.map((p) => [p.name, p.dependencies.filter((d) => d.kind !== "dev").map((d) => d.name)]));
  const breaches = crateBreaches(dependencies);
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const keys = new Set(Object.keys(JSON.parse(readFileSync(`${root}/languages/en.json`, "utf8"))).map(keyOf));
  const first = new Set(readFileSync(`${root}/crates/text/sign-in-page.txt`, "utf8").split("\n").filter(Boolean));
  let read = 0;
  for (const path of listed.split("\0").filter((p) => p && !/\.(?:png|ico|webp|gif)$/.test(p))) {
    let source;
    try {
      source = readFileSync(`${root}/${path}`, "utf8");
    } catch {
      continue; // deleted, but the deletion is not committed yet
    }
    read += 1;
    breaches.push(...leakBreaches(path, source), ...lockBreaches(path, source));
    if (path.endsWith(".rs")) breaches.push(...layerBreaches(path, source), ...wordBreaches(path, source), ...firstTextBreaches(path, source, keys, first), ...markupBreaches(path, source), ...textChildBreaches(path, source));
    if (path.endsWith(".css")) breaches.push(...styleBreaches(path, source));
  }
  breaches.push(
    ...strayStyles({
      styles: filesBelow(`${root}/style`, ".css"),
      sources: filesBelow(`${root}/src`, ".rs", "src/"),
      page: readFileSync(`${root}/index.html`, "utf8"),
      tests: readFileSync(`${root}/tests/browser/support.rs`, "utf8"),
    }),
  );
  for (const breach of breaches) console.error(breach);
  console.log(`${read} files checked, ${breaches.length} breaches`);
  process.exitCode = breaches.length > 0 || read === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
