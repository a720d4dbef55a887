import assert from "node:assert/strict";
import { test } from "node:test";
import { overstated, sums, table } from "./attacks.mjs";

const all = sums([{ paths: 3 }, { paths: 4, queries: 1 }]);
const page = (rows) => `text\n\n<!-- attacks: scripts/attacks.mjs -->\n${rows}\n\nmore text\n`;

test("counts of several test files are added by area", () => {
  assert.deepEqual(all, { paths: 7, queries: 1 });
  assert.match(table(all), /\| paths \| 7 \|\n\| queries \| 1 \|\n\| all \| 8 \|$/);
});

test("a page may claim as many inputs as were sent, or fewer, but not more, and it must claim some", () => {
  assert.deepEqual(overstated(page(table(all)), all), []);
  assert.deepEqual(overstated(page(table(all)), { paths: 8, queries: 1 }), []);
  assert.deepEqual(overstated(page(table(all)), { paths: 6, queries: 1 }), ["paths: 7 claimed, 6 sent"]);
  assert.deepEqual(overstated(page(table(all)), { paths: 7 }), ["queries: 1 claimed, 0 sent"]);
  assert.equal(overstated("text", all).length, 1);
});
