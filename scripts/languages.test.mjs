// The messages to translators, and what the app gets from their files. Run by `make lint`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { catalogueOf, directionOf, faultsOf, formsOf, keysOf, noteFaults, reviewFaults, placeholdersOf, tableOf, writeLanguages } from "./languages.mjs";

const ROOT = join(import.meta.dirname, "..");
const ENGLISH = {
  sign_in: "Sign in",
  gate_user: "Kill all sessions of {user} on {devices}?",
  device_count_one: "{n} device of {cluster}",
  device_count_other: "{n} devices of {cluster}",
};
const SIGN_IN_PAGE = "sign_in\n";
const GERMAN = {
  sign_in: "Anmelden",
  gate_user: "Auf {devices} alle Sitzungen von {user} beenden?",
  device_count_one: "{n} Gerät von {cluster}",
  device_count_other: "{n} Geräte von {cluster}",
};
const FRENCH = { ...GERMAN, sign_in: "Se connecter" };
const POLISH = { ...GERMAN, device_count_one: "jedno z {cluster}", device_count_few: "{n} urządzenia z {cluster}", device_count_many: "{n} urządzeń z {cluster}", device_count_other: "{n} urządzenia z {cluster}" };
const JAPANESE = { sign_in: "サインイン", gate_user: "{devices}の{user}?", device_count_other: "{cluster}の{n}台" };
const ARABIC = { ...JAPANESE, ...Object.fromEntries(["zero", "one", "two"].map((form) => [`device_count_${form}`, `${form} {cluster}`])), ...Object.fromEntries(["few", "many", "other"].map((form) => [`device_count_${form}`, `{n} {cluster} ${form}`])) };

const without = (json, ...keys) => Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));

test("complete languages have no fault, each with its own plural forms", () => {
  for (const [tag, json] of Object.entries({ de: GERMAN, fr: FRENCH, pl: POLISH, ja: JAPANESE, ar: ARABIC, "pt-BR": FRENCH, "zh-Hant": JAPANESE })) {
    assert.deepEqual(faultsOf(tag, json, ENGLISH), [], tag);
  }
  // Polish uses `other` only for fractions, which the app doesn't show.
  assert.deepEqual(faultsOf("pl", without(POLISH, "device_count_other"), ENGLISH), []);
});

test("plural forms are those that whole numbers need", () => {
  const forms = (tag) => formsOf(tag).needed.join(" ");
  assert.equal(forms("de"), "one other");
  assert.equal(forms("fr"), "one other");
  assert.equal(forms("pl"), "one few many");
  assert.equal(forms("ja"), "other");
  assert.equal(forms("ar"), "zero one two few many other");
  const single = (tag) => formsOf(tag).single.join(" ");
  assert.equal(single("de"), "one");
  // In French, `one` is for 0, too; in Russian, for 21.
  assert.equal(single("fr"), "");
  assert.equal(single("ru"), "");
  assert.equal(single("pl"), "one");
  assert.equal(single("ar"), "zero one two");
});

test("each fault says what to do", () => {
  const english = "“{n} devices of {cluster}”";
  for (const [tag, json, fault] of [
    ["de", without(GERMAN, "sign_in"), "sign_in is missing: write sign_in. In English: “Sign in”"],
    ["pl", without(POLISH, ...Object.keys(POLISH).filter((key) => key.startsWith("device_count"))), `device_count is missing: write device_count_one, device_count_few, device_count_many. In English: ${english}`],
    ["ja", { ...without(JAPANESE, "device_count_other"), device_count: "{cluster}の{n}台" }, "device_count depends on a number: write only device_count_other"],
    ["de", { ...GERMAN, device_count: "{n} Geräte" }, "device_count depends on a number: write only device_count_one, device_count_other"],
    ["de", { ...GERMAN, sign_in_one: "Anmelden" }, "sign_in doesn’t depend on a number: write one text, without an ending"],
    ["pl", without(POLISH, "device_count_many"), "device_count_many is missing: Polish has the plural forms one, few, many"],
    ["fr", { ...FRENCH, device_count_two: "{n} {cluster}" }, "device_count_two is never used: French has the plural forms one, other"],
    ["ja", { ...JAPANESE, device_count_one: "{n} {cluster}" }, "device_count_one is never used: Japanese has the plural forms other"],
    ["de", { ...GERMAN, sign_in: " " }, "sign_in is empty"],
    ["de", { ...GERMAN, sign_in: 1 }, "sign_in is empty"],
    ["de", { ...GERMAN, gate_user: "Auf {devices} beenden?" }, "gate_user needs {user}, as in English: “Kill all sessions of {user} on {devices}?”"],
    ["de", { ...GERMAN, device_count_other: "Geräte von {cluster}" }, `device_count_other needs {n}, as in English: ${english}`],
    ["de", { ...GERMAN, device_count_one: "ein Gerät" }, `device_count_one needs {cluster}, as in English: ${english}`],
    ["fr", { ...FRENCH, device_count_one: "un de {cluster}" }, `device_count_one needs {n}, as in English: ${english}`],
    ["de", { ...GERMAN, sign_in: "Anmelden an {bigiq}" }, "sign_in has {bigiq}, which English doesn’t have: “Sign in”"],
    ["de", { ...GERMAN, sign_in: "Anmelden {" }, "sign_in has a { or } that is not part of a placeholder such as {user}"],
    ["de", { ...GERMAN, sign_in: "<b>Anmelden</b>" }, "sign_in must be one line of text, without < and without invisible characters other than marks of direction"],
    ["de", { ...GERMAN, sign_in: "An\nmelden" }, "sign_in must be one line of text, without < and without invisible characters other than marks of direction"],
    ["de", { ...GERMAN, sign_in: "\u202eAnmelden" }, "sign_in must be one line of text, without < and without invisible characters other than marks of direction"],
    ["de", { ...GERMAN, sign_up: "Registrieren" }, "sign_up doesn’t exist in English (any more): remove it"],
  ]) {
    assert.deepEqual(faultsOf(tag, json, ENGLISH), [`languages/${tag}.json: ${fault}`]);
  }
  for (const tag of ["qq", "de_CH", "Deutsch!"]) {
    assert.deepEqual(faultsOf(tag, GERMAN, ENGLISH), [`languages/${tag}.json: the name of the file must be the tag of a language, such as de or pt-BR`]);
  }
  assert.deepEqual(faultsOf("ar", { ...ARABIC, sign_in: "\u200f!" }, ENGLISH), []);
});

test("the form for 1 alone may leave out the number", () => {
  assert.deepEqual(faultsOf("de", { ...GERMAN, device_count_one: "ein Gerät von {cluster}" }, ENGLISH), []);
});

test("a note belongs to a text", () => {
  assert.deepEqual(noteFaults({ sign_in: "A button.", device_count: "…" }, ENGLISH), []);
  assert.deepEqual(noteFaults({ device_count_one: "…" }, ENGLISH), ["languages/notes.json: device_count_one is not a text: remove the note, or name its text without a plural ending"]);
});

test("a table has one line per text: the sign-in page's first, plural forms after their letters, the one for all others last; arguments are numbered", () => {
  const keys = keysOf(ENGLISH, SIGN_IN_PAGE);
  assert.deepEqual(keys, ["sign_in", "device_count", "gate_user"]);
  const line = (json) => tableOf(json, keys, ENGLISH).split("\n")[1];
  assert.equal(tableOf(GERMAN, keys, ENGLISH), "Anmelden\no\u0001 Gerät von \u0002\u001f*\u0001 Geräte von \u0002\nAuf \u0002 alle Sitzungen von \u0001 beenden?");
  assert.equal(line(POLISH), "ojedno z \u0002\u001ff\u0001 urządzenia z \u0002\u001fm\u0001 urządzeń z \u0002\u001f*\u0001 urządzenia z \u0002");
  assert.equal(line(without(POLISH, "device_count_other")), "ojedno z \u0002\u001ff\u0001 urządzenia z \u0002\u001fm\u0001 urządzeń z \u0002\u001f*\u0001 urządzeń z \u0002");
  assert.equal(line(JAPANESE), "*\u0002の\u0001台");
  assert.equal(line(ARABIC), "zzero \u0002\u001foone \u0002\u001fttwo \u0002\u001ff\u0001 \u0002 few\u001fm\u0001 \u0002 many\u001f*\u0001 \u0002 other");
});

test("the catalogue has each key with its placeholders in English order, and marks plurals and counts that are not shown", () => {
  assert.equal(catalogueOf(ENGLISH, keysOf(ENGLISH, SIGN_IN_PAGE)), "sign_in\n#device_count n cluster\ngate_user user devices");
  const hidden = { sent_one: "{names} is sent", sent_other: "{names} are sent" };
  assert.equal(catalogueOf(hidden, ["sent"]), "#sent -n names");
  assert.equal(tableOf(hidden, ["sent"], hidden), "o\u0002 is sent\u001f*\u0002 are sent");
});

test("docs/languages.md says what each placeholder stands for", () => {
  const [page, english] = ["docs/languages.md", "languages/en.json"].map((path) => readFileSync(join(ROOT, path), "utf8"));
  const explained = new Set([...page.matchAll(/^\| (`\{.*?) \|/gm)].flatMap(([, cell]) => placeholdersOf(cell)));
  assert.deepEqual([...explained].sort(), placeholdersOf(english));
});

test("docs/languages.md names the languages that no native speaker has reviewed", () => {
  const read = (path) => readFileSync(join(ROOT, path), "utf8");
  const reviewed = JSON.parse(read("languages/reviewed.json"));
  const tags = readdirSync(join(ROOT, "languages")).map((file) => file.replace(".json", ""));
  const others = tags.filter((tag) => !/^(en|notes|reviewed|glossary\.md)$/.test(tag) && !reviewed.includes(tag));
  const names = new Map(Object.entries({ de: "German", es: "Spanish", fr: "French", ja: "Japanese", ko: "Korean", "pt-BR": "Portuguese (Brazil)", "zh-Hans": "Chinese (simplified)", "zh-Hant": "Chinese (traditional)" }));
  const sentence = /No native speaker has reviewed any of these yet: ([^.]*)\./.exec(read("docs/languages.md"))?.[1] ?? "";
  assert.deepEqual(sentence.replace(/\s+/g, " ").split(", ").sort(), others.map((tag) => names.get(tag)).sort());
});

test("keys have the numbers that crates/text gives them", () => {
  const output = execFileSync("cargo", ["check", "--locked", "--quiet", "-p", "text", "--message-format=json"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 });
  const messages = output.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const { out_dir: folder } = messages.find(({ reason, package_id: id }) => reason === "build-script-executed" && /crates\/text\b/.test(id));
  const code = readFileSync(join(folder, "functions.rs"), "utf8");
  const numbers = [...code.matchAll(/^pub fn (\w+)\(.*\n +\w+\(Key\((\d+)\)/gm)].map(([, key, number]) => [key, Number(number)]);
  const read = (path) => readFileSync(join(ROOT, path), "utf8");
  const keys = keysOf(JSON.parse(read("languages/en.json")), read("crates/text/sign-in-page.txt"));
  assert.deepEqual(numbers, keys.map((key, number) => [key, number]));
});

/** A bundle's folder as Trunk leaves it, and one with sources. */
function folders(t, languages, html) {
  const root = mkdtempSync(join(tmpdir(), "languages-"));
  t.after(() => rmSync(root, { recursive: true }));
  const [bundle, sources] = ["bundle", "sources"].map((name) => join(root, name));
  for (const folder of [join(bundle, "languages"), sources]) {
    mkdirSync(folder, { recursive: true });
    for (const [name, json] of Object.entries({ en: ENGLISH, notes: {}, reviewed: ["de"], ...languages })) writeFileSync(join(folder, `${name}.json`), JSON.stringify(json));
  }
  writeFileSync(join(bundle, "index.html"), html);
  return { bundle, sources };
}

// Trunk removes the quotes that HTML does not need.
const PAGE = "<head><title>a</title></head><select id=languages><option value=en>English</select>";

test("the bundle gets tables and a list of them, and its document a link to the list and a menu of languages by their own names", (t) => {
  const { bundle, sources } = folders(t, { de: GERMAN, ar: ARABIC }, PAGE);
  writeLanguages(bundle, sources, SIGN_IN_PAGE);
  const read = (name) => readFileSync(join(bundle, name), "utf8");
  const keys = keysOf(ENGLISH, SIGN_IN_PAGE);
  assert.equal(read("languages/de.txt"), tableOf(GERMAN, keys, ENGLISH));
  assert.equal(read("languages/ar.txt"), tableOf(ARABIC, keys, ENGLISH));
  assert.equal(read("languages/catalogue.txt"), catalogueOf(ENGLISH, keys));
  assert.equal(read("languages/list.txt"), ["catalogue ./languages/catalogue.txt", "ar ./languages/ar.txt", "de ./languages/de.txt"].join("\n"));
  for (const name of ["en", "de", "ar", "notes", "reviewed"]) assert.equal(existsSync(join(bundle, `languages/${name}.json`)), false, name);
  assert.equal(
    read("index.html"),
    [
      "<head><title>a</title>",
      '<link rel="alternate" type="text/plain" href="./languages/list.txt"></head>',
      "<select id=languages><option value=en>English",
      '<option value="ar" lang="ar" dir="rtl">العربية</option><option value="de" lang="de" data-reviewed>Deutsch</option></select>',
    ].join(""),
  );
});

test("a language that is called reviewed exists", () => {
  assert.deepEqual(reviewFaults(["de"], ["de", "fr"]), []);
  assert.deepEqual(reviewFaults(["de", "xx"], ["de"]), ["languages/reviewed.json: there is no languages/xx.json"]);
});

test("no bundle with a wrong language, and none without its menu", (t) => {
  const wrong = folders(t, { de: without(GERMAN, "sign_in"), fr: without(FRENCH, "gate_user") }, PAGE);
  assert.throws(() => writeLanguages(wrong.bundle, wrong.sources, SIGN_IN_PAGE), /^Error: languages\/de\.json: sign_in is missing.*\nlanguages\/fr\.json: gate_user is missing.*$/);
  const noMenu = folders(t, { de: GERMAN }, "<head></head>");
  assert.throws(() => writeLanguages(noMenu.bundle, noMenu.sources, SIGN_IN_PAGE), /index\.html has no menu of languages/);
});

test("directions are those of the script", () => {
  for (const [tag, direction] of [["ar", "rtl"], ["he", "rtl"], ["ar-XB", "rtl"], ["az-Arab", "rtl"], ["az", "ltr"], ["de", "ltr"], ["ja", "ltr"]]) assert.equal(directionOf(tag), direction, tag);
});
