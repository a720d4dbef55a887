import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { FEATURES, filled, PLACES, VERSIONS } from "./browsers.mjs";

test("boot.js, the sign-in page, README and docs have the one list of required features", () => {
  for (const place of PLACES) {
    const source = readFileSync(new URL(`../${place.path}`, import.meta.url), "utf8");
    assert.equal(filled(source, place), source, place.path);
  }
});

test("a place is replaced between its marks, and must exist once", () => {
  const place = { path: "a.md", after: "needs ", before: ".", text: "x 2" };
  assert.equal(filled("It needs x 1. More.", place), "It needs x 2. More.");
  assert.throws(() => filled("It wants x 1.", place), /a\.md/);
  assert.throws(() => filled("It needs a. It needs b.", place), /a\.md/);
});

test("each feature has a name, a test and a key of its own", () => {
  for (const field of ["name", "test", "key"]) assert.equal(new Set(FEATURES.map((feature) => feature[field])).size, FEATURES.length);
  assert.deepEqual(Object.keys(VERSIONS), ["chrome", "firefox", "safari"]);
});
