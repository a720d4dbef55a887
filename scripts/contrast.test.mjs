// The contrast of all colours in style/tokens.css, in both themes (WCAG 2.2: 4.5 for text, 3 for marks and the lines around controls).
// axe sees only text, and only where a test has been.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { filesBelow } from "./styles.mjs";

const ROOT = join(import.meta.dirname, "..");
const SURFACES = ["ground", "surface", "sunken", "hover"];
/** On each surface, at 4.5 : 1. */
const TEXT = ["ink", "ink-soft", "accent", "danger", "error", "good", "warning"];
/** On each surface, at 3 : 1. */
const MARKS = ["line-strong", "fill", "check", "focus"];
/** On a colour, at 4.5 : 1. */
const ON = { "accent-ink": "accent", "fill-ink": "fill", "danger-ink": "danger-fill", "error-ink": "error-fill" };
/** Nothing is only recognised by these. */
const OTHERS = ["line", "accent-tint", "error-tint", "good-tint", "warning-tint", "veil", "shadow"];

/** The colours of a style sheet's tokens in a theme, 0 for light and 1 for dark. */
function colours(css, theme) {
  const tokens = new Map([...css.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]));
  const valueOf = (text) => {
    const [, name, fallback] = /^var\(--([\w-]+)(?:, (.*))?\)$/.exec(text) ?? [];
    if (name) return tokens.has(name) ? valueOf(tokens.get(name)) : valueOf(fallback);
    const both = /^light-dark\((.*?), (.*)\)$/.exec(text);
    return both ? both[1 + theme] : text;
  };
  return new Map([...tokens].map(([name, value]) => [name, valueOf(value)]));
}

function luminance(hex) {
  assert.match(hex, /^#[0-9a-f]{6}$/);
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(...pair) {
  const [dark, bright] = pair.map(luminance).sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/** The pairs of a style sheet's tokens that have too little contrast. */
function pale(css) {
  return ["light", "dark"].flatMap((theme, index) => {
    const all = colours(css, index);
    const pairs = [
      ...SURFACES.flatMap((surface) => [...TEXT.map((name) => [name, surface, 4.5]), ...MARKS.map((name) => [name, surface, 3])]),
      ...Object.entries(ON).map(([name, below]) => [name, below, 4.5]),
      ...["#ffffff", "#000000"].map((mark) => [mark, "check", 3]),
    ];
    return pairs.filter(([name, below, least]) => contrast(all.get(name) ?? name, all.get(below)) < least).map(([name, below]) => `${theme}: ${name} on ${below}`);
  });
}

const tokens = readFileSync(join(ROOT, "style/tokens.css"), "utf8").replace(/\/\*.*?\*\//gs, "");

test("every colour stands out on what it is drawn on, in both themes", () => {
  assert.deepEqual(pale(tokens), []);
  assert.deepEqual(pale(tokens.replace("#3f86c9", "#74b4f2")), ["dark: #ffffff on check"]);
  assert.deepEqual(pale(tokens.replace("--line-strong: light-dark(#78828f,", "--line-strong: light-dark(#a0a8b4,")).length, 4);
});

test("every colour is one of these", () => {
  const named = [...tokens.matchAll(/--([\w-]+): [^;]*(?:#|rgb|color-mix|var\(--(?:portal|accent))/g)].map(([, name]) => name);
  assert.deepEqual(named.sort(), [...SURFACES, ...TEXT, ...MARKS, ...Object.keys(ON), "danger-fill", "error-fill", ...OTHERS].sort());
});

test("browsers draw their own marks on the colour for it", () => {
  for (const [path, css] of filesBelow(join(ROOT, "style"), ".css")) {
    for (const [, colour] of css.matchAll(/accent-color: ([^;]*);/g)) assert.equal(colour, "var(--check)", path);
  }
});
