// The texts of the interface, by their keys in languages/en.json: tests look for these, so that a change of words breaks none.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const texts = JSON.parse(readFileSync(join(import.meta.dirname, "../../../languages/en.json"), "utf8"));

/** A text without placeholders. */
export function text(key) {
  const found = texts[key];
  assert.ok(found !== undefined && !found.includes("{"), `languages/en.json has no text ${key} without placeholders`);
  return found;
}

/** Matches a text about something that the test's portal suggests. */
export function saidOf(key, values) {
  const named = { source: "\u2068portal\\.example\\.test:\\d+\u2069", ...values };
  const escaped = texts[key].replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(escaped.replace(/\{(\w+)\}/g, (_, name) => (name === "source" ? named.source : `\u2068${named[name]}\u2069`)));
}

/** Matches a label that is one of these texts, whatever their placeholders hold. */
export function anyOf(...keys) {
  const forms = keys.flatMap((key) => [key, `${key}_one`, `${key}_other`]).filter((key) => key in texts);
  assert.ok(forms.length >= keys.length, `languages/en.json lacks one of: ${keys.join(", ")}`);
  const escaped = forms.map((key) => texts[key].replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".+"));
  return new RegExp(`^(?:${escaped.join("|")})$`);
}

/** The button that opens the gate, whatever the plan. */
export const REVIEW = anyOf("review_user", "review_users", "review_everybody", "review_listed", "review_empty");
/** The button that confirms a plan in the gate. */
export const CONFIRM = anyOf("confirm_user", "confirm_users", "confirm_everybody", "confirm_listed");
