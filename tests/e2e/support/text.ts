// The texts of the interface, by their keys in languages/*.json, as the app shows them: tests look for these, so that a
// change of words breaks none. Texts whose words matter are `sentence`s.

import { readFileSync } from "node:fs";
import type en from "../../../languages/en.json";
import { ROOT } from "./paths";

type Ending = "zero" | "one" | "two" | "few" | "many" | "other";
type Stem<Entry> = Entry extends `${infer Key}_${Ending}` ? Key : Entry;

/** The key of a text, without the ending of a plural form. */
export type Key = Stem<keyof typeof en>;

/** Names, or numbers, as the app lists them. */
type List = readonly (string | number)[];
type Argument = string | number | List;
/** The arguments of a text, by the names of its placeholders. */
export type Arguments = Record<string, Argument>;
/** The arguments that matter; each may be a pattern. */
export type Known = Record<string, Argument | RegExp>;

interface Placeholders {
  /** What a placeholder stands for: Count, Number, Status, Name, List, Time or Phrase. */
  readonly kinds: ReadonlyMap<string, string>;
  /** How many items a list shows of many. */
  readonly listed: number;
}

const FORM = /_(?:zero|one|two|few|many|other)$/;
const PLACEHOLDER = /\{(\w+)\}/g;
const [FSI, PDI] = ["\u2068", "\u2069"];
/** Characters in a name that don't show, or that change the text around it. */
const HIDDEN = /[\0-\x1f\x7f-\xa0\xad\u034f\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff]/gu;
/** Letters of a word of which some are Latin and some are not. */
const [WORD, LATIN, OTHER] = [/[A-Za-zÀ-ʸͰ-Ͽ\u0400-\u052fԱ-և0-9]+/gu, /[A-Za-zÀ-ʸ]/u, /[Ͱ-Ͽ\u0400-\u052fԱ-և]/gu];
const NUMBER = "\\d[\\d.,\u00a0\u202f]*";

/** As the app's own compiler of texts defines them. */
function placeholders(): Placeholders {
  const source = readFileSync(`${ROOT}/crates/text/compiler.rs`, "utf8");
  const kinds = new Map<string, string>();
  for (const [, kind = "", names = ""] of source.matchAll(/\(\s*Argument::(\w+),\s*&\[([^\]]*)\],?\s*\)/g)) {
    for (const [, name = ""] of names.matchAll(/"(\w+)"/g)) kinds.set(name, kind);
  }
  const listed = Number(/LISTED: usize = (\d+)/.exec(readFileSync(`${ROOT}/crates/text/src/list.rs`, "utf8"))?.[1]);
  if (kinds.size === 0 || !(listed > 0)) throw new Error("crates/text/ defines placeholders and lists in another way: change tests/e2e/support/text.ts, too");
  return { kinds, listed };
}

const PLACEHOLDERS = placeholders();

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const source = (part: string | RegExp): string => (typeof part === "string" ? escaped(part) : part.source);

/** A name as it stands in a text: isolated, so that its direction can't change the sentence around it. */
export function isolated(name: string): string {
  const mark = (char: string) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
  const mixed = name.replace(WORD, (word) => (LATIN.test(word) ? word.replace(OTHER, (letter) => letter + mark(letter)) : word));
  const visible = mixed.replace(HIDDEN, mark);
  return `${FSI}${visible}${PDI}`;
}

/** A sentence word by word; its names are between ‹ and ›. For texts whose words are a promise. */
export const sentence = (words: string): string => words.replaceAll("‹", FSI).replaceAll("›", PDI);

/** These parts, one after the other, anywhere. */
export const pattern = (...parts: readonly (string | RegExp)[]): RegExp => new RegExp(parts.map(source).join(""));
/** These parts at the beginning. */
export const start = (...parts: readonly (string | RegExp)[]): RegExp => new RegExp(`^${parts.map(source).join("")}`);
/** These parts and nothing else. */
export const exactly = (...parts: readonly (string | RegExp)[]): RegExp => new RegExp(`^${parts.map(source).join("")}$`);
/** One of these. */
export const either = (...alternatives: readonly (string | RegExp)[]): RegExp => new RegExp(`(?:${alternatives.map(source).join("|")})`);

/** A language of languages/ in the conventions of a region. */
export class Language {
  private readonly entries: Readonly<Record<string, string>>;
  private readonly numbers: Intl.NumberFormat;
  private readonly plurals: Intl.PluralRules;
  private readonly lists: Intl.ListFormat;

  constructor(locale: string) {
    const [language = ""] = locale.split("-");
    this.entries = JSON.parse(readFileSync(`${ROOT}/languages/${language}.json`, "utf8")) as Record<string, string>;
    this.numbers = new Intl.NumberFormat(locale);
    this.plurals = new Intl.PluralRules(locale);
    this.lists = new Intl.ListFormat(locale, { type: "conjunction" });
  }

  /** A text as the page shows it. */
  text(key: Key, values: Arguments = {}): string {
    const names = this.argumentsOf(key);
    for (const name of names) if (!(name in values)) throw new Error(`the text ${key} needs {${name}}`);
    return this.filled(key, this.forms(key, values["n"])[0] ?? "", values, (text) => text);
  }

  /** Finds a text anywhere; what is not given may be anything of its kind. */
  textPattern(key: Key, known: Known = {}): RegExp {
    const forms = new Set(this.forms(key, known["n"]).map((form) => this.filled(key, form, known, escaped)));
    return new RegExp(`(?:${[...forms].join("|")})`);
  }

  /** Names, each isolated, or numbers, in words; all of a few, else the first and the number of the others. */
  names(names: List, all = names.length, most = PLACEHOLDERS.listed): string {
    const words = names.slice(0, most).map((name) => (typeof name === "number" ? this.numbers.format(name) : isolated(name)));
    if (words.length < all) words.push(this.text("more_in_list", { n: all - words.length }));
    return this.lists.format(words);
  }

  /** The names of the arguments that a text has. */
  argumentsOf(key: string): Set<string> {
    const forms = this.forms(key, undefined);
    const names = new Set(forms.flatMap((form) => [...form.matchAll(PLACEHOLDER)].map(([, name = ""]) => name)));
    if (!(key in this.entries)) names.add("n");
    return names;
  }

  /** The words for a number, or for all. */
  private forms(key: string, n: Argument | RegExp | undefined): string[] {
    const only = this.entries[key];
    if (only !== undefined) return [only];
    const all = Object.keys(this.entries).filter((entry) => FORM.test(entry) && entry.replace(FORM, "") === key);
    if (all.length === 0) throw new Error(`there is no text ${key} in languages/`);
    if (typeof n !== "number") return all.map((entry) => this.entries[entry] ?? "");
    return [this.entries[`${key}_${this.plurals.select(n)}`] ?? this.entries[`${key}_other`] ?? ""];
  }

  private filled(key: Key, form: string, values: Known, literal: (text: string) => string): string {
    const names = this.argumentsOf(key);
    for (const name in values) if (!names.has(name)) throw new Error(`the text ${key} has no {${name}}`);
    const parts = form.split(/(\{\w+\})/).map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      return name === undefined ? literal(part) : this.value(key, name, values[name], literal);
    });
    return parts.join("");
  }

  private value(key: string, name: string, value: Argument | RegExp | undefined, literal: (text: string) => string): string {
    const kind = PLACEHOLDERS.kinds.get(name);
    const wrong = (needed: string) => new Error(`{${name}} of the text ${key} is a ${kind}: it needs ${needed}`);
    const around = (inner: string) => (kind === "Name" ? `${FSI}${inner}${PDI}` : `(?:${inner})`);
    if (value === undefined) return kind === "Name" ? around(`[^${PDI}]*`) : kind === "Status" ? "\\d+" : kind === "Count" || kind === "Number" ? NUMBER : ".+";
    if (value instanceof RegExp) return around(value.source);
    switch (kind) {
      case "Count":
      case "Number":
        if (typeof value !== "number") throw wrong("a number");
        return literal(this.numbers.format(value));
      case "Status":
        if (typeof value !== "number") throw wrong("a number");
        return String(value);
      case "List":
        if (!Array.isArray(value)) throw wrong("an array of names or numbers");
        return literal(this.names(value as List));
      case "Name":
        if (typeof value !== "string") throw wrong("a string");
        return literal(isolated(value));
      default:
        if (typeof value !== "string") throw wrong("a string");
        return literal(value);
    }
  }
}

/** The language of all tests but those of a language. */
const ENGLISH = new Language("en-GB");

export const GERMAN = new Language("de-DE");

/** An English text as the page shows it. */
export const text = (key: Key, values?: Arguments): string => ENGLISH.text(key, values);
/** Finds an English text anywhere; what is not given may be anything of its kind. */
export const textPattern = (key: Key, known?: Known): RegExp => ENGLISH.textPattern(key, known);
/** The names of the arguments that a text has. */
export const argumentsOf = (key: Key): Set<string> => ENGLISH.argumentsOf(key);
/** Names in words, each isolated: all, or these first ones of a number. */
export const listOfNames = (names: List, all?: number): string => ENGLISH.names(names, all);
/** All these names in words, however many. */
export const listOfAllNames = (names: List): string => ENGLISH.names(names, names.length, names.length);
/** A name, or the beginning of one, before other words of a row. */
export const rowOf = (name: string): RegExp => new RegExp(`^${FSI}?${escaped(name)}\\b`);
/** The title of the browser's tab. */
export const titleOf = (page: string): string => text("title_of", { page, app: text("curfew") });
/** What stands before a text, as in “Outcome: unknown”. */
export const labelled = (label: string, words: string): string => text("labelled", { label, text: words });
