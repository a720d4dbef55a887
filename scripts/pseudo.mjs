// Makes languages that nobody speaks from languages/en.json, for tests of the layout. They can be read aloud as English:
// - en-XA: accented letters, and 40 % longer. Shows what is cut, and texts that are not in the catalogue.
// - ar-XB: Arabic letters instead of Latin ones, from right to left, with the six plural forms of Arabic.
// Usage: node pseudo.mjs TAG, which prints the file. To try one by hand, add it as an organisation's own language (docs/languages.md).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formsOf, keyOf } from "./languages.mjs";

const LATIN = "abcdefghijklmnopqrstuvwxyz";
const ACCENTED = "áƀçďéƒğĥîĵķļɱñöþǫřšţûṽŵẋýž";
const ACCENTED_CAPITALS = "ÁɃÇĎÉƑĞĤÎĴĶĻṀÑÖÞǪŘŠŢÛṼŴẊÝŽ";
/** By sound, where there is one. */
const ARABIC = "ابكديفغهيجكلمنوپقرستوڤوخيز";

/** A text with `change` applied to all but its placeholders. */
const outsidePlaceholders = (text, change) => text.replace(/\{\w+\}|[^{}]+/g, (part) => (part.startsWith("{") ? part : change(part)));

const replaced = (text, letters, capitals) =>
  text.replace(/[a-z]/gi, (letter) => {
    const place = LATIN.indexOf(letter.toLowerCase());
    return [...(letter === letter.toLowerCase() ? letters : capitals)][place];
  });

/** By how much a text gets longer. */
const LONGER = 0.4;

/** Repeats vowels, evenly, so that lines break where they did. */
function lengthened(text) {
  const all = text.match(/\{\w+\}|./gu) ?? [];
  const ours = all.filter((part) => !part.startsWith("{"));
  const placesOf = (pattern) => all.flatMap((part, place) => (pattern.test(part) ? [place] : []));
  const [vowels, letters] = [placesOf(/^[aeiouy]$/i), placesOf(/^\p{L}$/u)];
  const places = vowels.length > 0 ? vowels : letters;
  if (places.length === 0) return text;
  const extra = Math.ceil(ours.length * LONGER);
  const times = (place) => Math.floor(extra / places.length) + (place < extra % places.length ? 1 : 0);
  for (const [index, place] of places.entries()) all[place] += all[place].toLowerCase().repeat(times(index));
  return all.join("");
}

const CHANGES = {
  "en-XA": (text) => outsidePlaceholders(lengthened(text), (part) => replaced(part, ACCENTED, ACCENTED_CAPITALS)),
  "ar-XB": (text) => outsidePlaceholders(text, (part) => replaced(part, ARABIC, ARABIC)),
};

/** The texts of a pseudo-locale, as its file holds them. */
export function pseudo(tag, english) {
  const change = CHANGES[tag];
  const forms = formsOf(tag).needed;
  return Object.fromEntries(
    Object.entries(english).flatMap(([key, text]) => {
      const name = keyOf(key);
      if (name === key) return [[key, change(text)]];
      // English's form for one is for one everywhere, its other form for all others.
      const ours = key.endsWith("_one") ? ["one"] : forms.filter((form) => form !== "one");
      return ours.map((form) => [`${name}_${form}`, change(text)]);
    }),
  );
}

function main() {
  const tag = process.argv[2];
  if (!(tag in CHANGES)) throw new Error(`name one of: ${Object.keys(CHANGES).join(", ")}`);
  const english = JSON.parse(readFileSync(join(import.meta.dirname, "../languages/en.json"), "utf8"));
  console.log(JSON.stringify(pseudo(tag, english), null, 2));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
