// The languages: checks languages/*.json, and writes what the app loads of them. English is compiled in by crates/text; of every
// other language the bundle gets a table with one line per text, in the same order. Trunk runs this after each build, so `make dev`
// and the release bundle have the same tables. `node scripts/languages.mjs check` only checks (make lint).

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The endings of keys for plural forms, and the letters that mark the forms in a table. crates/text reads the same. */
const FORMS = { zero: "z", one: "o", two: "t", few: "f", many: "m", other: "*" };
const CATEGORIES = Object.keys(FORMS);
const ENDING = /_(zero|one|two|few|many|other)$/;
const SEPARATOR = "\u001f";

/** A key without the ending of a plural form. */
export const keyOf = (key) => key.replace(ENDING, "");

/** Texts by key, each with its forms: `{ device_count: { one, other }, curfew: { "": "Curfew" } }`. */
function textsOf(json) {
  const texts = {};
  for (const [key, text] of Object.entries(json)) {
    const form = ENDING.exec(key)?.[1] ?? "";
    (texts[keyOf(key)] ??= {})[form] = text;
  }
  return texts;
}

/** The keys as crates/text numbers them: first the texts of the sign-in page, then all others, each in order. */
export function keysOf(english, signInPage) {
  const first = new Set(signInPage.split("\n").filter(Boolean));
  const keys = Object.keys(textsOf(english)).sort();
  return [...keys.filter((key) => first.has(key)), ...keys.filter((key) => !first.has(key))];
}

export const placeholdersOf = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
const isPlural = (forms) => !("" in forms);

/**
 * The plural forms of a language: those that whole numbers need (CLDR's, without those that only fractions or millions use), those
 * that are for a single number, and all. Russian has its form `one` for 21, too.
 */
export function formsOf(tag) {
  const rules = new Intl.PluralRules(tag);
  const uses = {};
  for (let n = 0; n <= 1000; n += 1) uses[rules.select(n)] = (uses[rules.select(n)] ?? 0) + 1;
  const needed = CATEGORIES.filter((form) => form in uses);
  return { needed, single: needed.filter((form) => uses[form] === 1), known: rules.resolvedOptions().pluralCategories };
}

/** Whether the name of a language's file is the tag of a language with known plural rules. */
function isKnown(tag) {
  try {
    return Intl.PluralRules.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

const nameOf = (tag, inLanguage) => new Intl.DisplayNames([inLanguage], { type: "language" }).of(tag);

/** What is wrong with the texts of a language, for its translator: one line for each fault. */
export function faultsOf(tag, json, english) {
  if (!isKnown(tag)) return [`languages/${tag}.json: the name of the file must be the tag of a language, such as de or pt-BR`];
  const [ours, theirs] = [textsOf(json), textsOf(english)];
  const faults = [];
  const fault = (key, what) => faults.push(`languages/${tag}.json: ${key} ${what}`);
  const { needed, single, known } = formsOf(tag);
  const language = nameOf(tag, "en");
  for (const [key, forms] of Object.entries(theirs)) {
    const own = ours[key];
    const sample = forms[""] ?? forms.other;
    const names = isPlural(forms) ? needed.map((form) => `${key}_${form}`).join(", ") : key;
    if (own === undefined) {
      fault(key, `is missing: write ${names}. In English: “${sample}”`);
      continue;
    }
    if (Object.keys(own).some((form) => (form === "") === isPlural(forms))) {
      fault(key, isPlural(forms) ? `depends on a number: write only ${names}` : "doesn’t depend on a number: write one text, without an ending");
      continue;
    }
    if (isPlural(forms)) {
      for (const form of needed) if (!(form in own)) fault(`${key}_${form}`, `is missing: ${language} has the plural forms ${needed.join(", ")}`);
      for (const form of Object.keys(own)) if (!known.includes(form)) fault(`${key}_${form}`, `is never used: ${language} has the plural forms ${needed.join(", ")}`);
    }
    const wanted = placeholdersOf(Object.values(forms).join(" "));
    for (const [form, text] of Object.entries(own)) {
      const name = form === "" ? key : `${key}_${form}`;
      if (typeof text !== "string" || text.trim() === "") {
        fault(name, "is empty");
        continue;
      }
      // "one device" needs no digit if the form is for 1 alone.
      const needs = single.includes(form) ? wanted.filter((placeholder) => placeholder !== "n") : wanted;
      const has = placeholdersOf(text);
      for (const placeholder of needs) if (!has.includes(placeholder)) fault(name, `needs {${placeholder}}, as in English: “${sample}”`);
      for (const placeholder of has) if (!wanted.includes(placeholder)) fault(name, `has {${placeholder}}, which English doesn’t have: “${sample}”`);
      if (/[{}]/.test(text.replace(/\{\w+\}/g, ""))) fault(name, "has a { or } that is not part of a placeholder such as {user}");
      // A name is between invisible characters that keep its direction from the sentence; a text's own ones could end that.
      if (/[<\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text)) fault(name, "must be one line of text, without < and without invisible characters other than marks of direction");
    }
  }
  for (const key of Object.keys(ours)) if (!(key in theirs)) fault(key, "doesn’t exist in English (any more): remove it");
  return faults;
}

/** Notes about texts that don't exist. */
export function noteFaults(notes, english) {
  const keys = textsOf(english);
  return Object.keys(notes).filter((key) => !(key in keys)).map((key) => `languages/notes.json: ${key} is not a text: remove the note, or name its text without a plural ending`);
}

/** The arguments of a text in the order of its function (crates/text): as they first appear in English; a hidden count is first. */
function argumentsOf(forms) {
  const text = Object.keys(forms).sort().map((form) => forms[form]).join(" ");
  const shown = [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))];
  return isPlural(forms) && !shown.includes("n") ? ["-n", ...shown] : shown;
}

/** A language as the app loads it: one line per text; plural forms after their letters, the one for all other counts last. A
 *  placeholder is one character: U+0001 for the first argument. */
export function tableOf(json, keys, english) {
  const [texts, theirs] = [textsOf(json), textsOf(english)];
  const numbered = (text, names) => names.reduce((text, name, index) => text.replaceAll(`{${name.replace("-", "")}}`, String.fromCharCode(index + 1)), text);
  const line = (key) => {
    const names = argumentsOf(theirs[key]);
    const forms = Object.fromEntries(Object.entries(texts[key]).map(([form, text]) => [form, numbered(text, names)]));
    if (!isPlural(forms)) return forms[""];
    const rest = forms.other ?? forms.many ?? forms.few;
    const named = Object.entries(forms).filter(([form]) => form !== "other");
    return [...named.map(([form, text]) => `${FORMS[form]}${text}`), `*${rest}`].join(SEPARATOR);
  };
  return keys.map(line).join("\n");
}

/** What a language that is not part of the bundle needs to become a table (crates/text/src/own_language.rs): keys and placeholders. */
export function catalogueOf(english, keys) {
  const texts = textsOf(english);
  return keys.map((key) => [isPlural(texts[key]) ? `#${key}` : key, ...argumentsOf(texts[key])].join(" ")).join("\n");
}

/** Not languages to check: English, which the app contains, the notes for translators, and the list of reviewed languages. */
const NOT_OTHERS = ["en.json", "notes.json", "reviewed.json"];

/** The tags of the languages that a native speaker has reviewed. */
function reviewedIn(folder) {
  return JSON.parse(readFileSync(join(folder, "reviewed.json"), "utf8"));
}

/** Reviewed languages that don't exist. */
export function reviewFaults(reviewed, tags) {
  return reviewed.filter((tag) => !tags.includes(tag)).map((tag) => `languages/reviewed.json: there is no languages/${tag}.json`);
}

/** All languages but English: their tags and texts. */
function others(folder) {
  const tags = readdirSync(folder).filter((file) => file.endsWith(".json") && !NOT_OTHERS.includes(file)).map((file) => file.slice(0, -5));
  return tags.sort().map((tag) => ({ tag, json: JSON.parse(readFileSync(join(folder, `${tag}.json`), "utf8")) }));
}

/** Whether a language is written from right to left. */
export function directionOf(tag) {
  return ["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"].includes(new Intl.Locale(tag).maximize().script) ? "rtl" : "ltr";
}

const escaped = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/**
 * Writes the tables into a bundle's folder, and a list of them: a name and an address on each line, to which finish.mjs adds a hash.
 * The document gets a link to the list, and its menu gets the languages by their own names.
 */
export function writeLanguages(folder, sources, signInPage) {
  const english = JSON.parse(readFileSync(join(sources, "en.json"), "utf8"));
  const keys = keysOf(english, signInPage);
  const languages = others(sources);
  const reviewed = reviewedIn(sources);
  const faults = [
    ...languages.flatMap(({ tag, json }) => faultsOf(tag, json, english)),
    ...reviewFaults(reviewed, languages.map(({ tag }) => tag)),
  ];
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const put = (name, text) => writeFileSync(join(folder, "languages", name), text);
  for (const file of [...NOT_OTHERS, "glossary.md"]) rmSync(join(folder, "languages", file), { force: true });
  put("catalogue.txt", catalogueOf(english, keys));
  const options = languages.map(({ tag, json }) => {
    rmSync(join(folder, `languages/${tag}.json`), { force: true });
    put(`${tag}.txt`, tableOf(json, keys, english));
    // Only what is true of few languages costs bytes.
    const marks = [directionOf(tag) === "rtl" ? ' dir="rtl"' : "", reviewed.includes(tag) ? " data-reviewed" : ""].join("");
    return `<option value="${tag}" lang="${tag}"${marks}>${escaped(nameOf(tag, tag))}</option>`;
  });
  const names = ["catalogue", ...languages.map(({ tag }) => tag)];
  put("list.txt", names.map((name) => `${name} ./languages/${name}.txt`).join("\n"));
  const link = '<link rel="alternate" type="text/plain" href="./languages/list.txt">';
  const page = join(folder, "index.html");
  const html = readFileSync(page, "utf8");
  const inserted = html.replace(/<\/head>/, () => `${link}</head>`).replace(/(<select[^>]*\bid="?languages"?[^>]*>[\s\S]*?)<\/select>/, (_, before) => `${before}${options.join("")}</select>`);
  if (languages.length > 0 && !inserted.includes(options.join(""))) throw new Error("index.html has no menu of languages");
  writeFileSync(page, inserted);
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    if (process.argv[2] === "check") {
      const [english, notes] = ["en", "notes"].map((name) => JSON.parse(readFileSync(join(ROOT, `languages/${name}.json`), "utf8")));
      const languages = others(join(ROOT, "languages"));
      const reviewed = reviewFaults(reviewedIn(join(ROOT, "languages")), languages.map(({ tag }) => tag));
      const faults = [...languages.flatMap(({ tag, json }) => faultsOf(tag, json, english)), ...noteFaults(notes, english), ...reviewed];
      if (faults.length > 0) throw new Error(faults.join("\n"));
    } else {
      writeLanguages(process.env.TRUNK_STAGING_DIR, join(ROOT, "languages"), readFileSync(join(ROOT, "crates/text/sign-in-page.txt"), "utf8"));
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
