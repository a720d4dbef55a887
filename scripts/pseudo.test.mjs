// What the pseudo-locales look like. Run by `make lint`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { faultsOf, keyOf } from "./languages.mjs";
import { pseudo } from "./pseudo.mjs";

const ENGLISH = JSON.parse(readFileSync(join(import.meta.dirname, "../languages/en.json"), "utf8"));
const withoutPlaceholders = (text) => text.replace(/\{\w+\}/g, "");

test("both are languages without a fault, and small enough for an operator's own file", () => {
  for (const tag of ["en-XA", "ar-XB"]) {
    const json = pseudo(tag, ENGLISH);
    assert.deepEqual(faultsOf(tag, json, ENGLISH), []);
    assert.ok(Buffer.byteLength(JSON.stringify(json, null, 2)) <= 256 * 1024);
  }
});

test("en-XA is at least 40 % longer and has no letter without an accent", () => {
  assert.deepEqual(pseudo("en-XA", { a: "Sign in to {bigiq}", b_one: "{n} DB", b_other: "{n} DBs" }), { a: "Šîîîğñ îîîñ ţöö {bigiq}", b_one: "{n} ĎďɃƀ", b_other: "{n} ĎďɃƀš" });
  for (const [key, text] of Object.entries(pseudo("en-XA", ENGLISH))) {
    const [long, short] = [text, ENGLISH[key]].map((one) => [...withoutPlaceholders(one)].length);
    if (/\p{L}/u.test(withoutPlaceholders(text))) assert.ok(long >= short * 1.4, text);
    assert.doesNotMatch(withoutPlaceholders(text), /[a-z]/i);
  }
});

test("ar-XB is written in Arabic letters, in six plural forms, without characters that override a direction", () => {
  const json = pseudo("ar-XB", { a: "Sign in to {bigiq}", b_one: "{n} day", b_other: "{n} days" });
  assert.equal(json.a, "سيغن ين تو {bigiq}");
  assert.deepEqual(Object.keys(json), ["a", "b_one", "b_zero", "b_two", "b_few", "b_many", "b_other"]);
  assert.equal(json.b_one, "{n} داي");
  for (const form of ["zero", "two", "few", "many", "other"]) assert.equal(json[`b_${form}`], "{n} دايس");
  const all = pseudo("ar-XB", ENGLISH);
  assert.deepEqual(new Set(Object.keys(all).map(keyOf)), new Set(Object.keys(ENGLISH).map(keyOf)));
  for (const text of Object.values(all)) {
    assert.doesNotMatch(withoutPlaceholders(text), /[a-z]/i);
    assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/);
  }
});
