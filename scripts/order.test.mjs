import assert from "node:assert/strict";
import { test } from "node:test";
import { functionsOf, named, similarOrder } from "./order.mjs";

/** A section of a wasm file. */
const section = (id, ...bytes) => [id, bytes.length, ...bytes];

/** An import of each kind: a memory, a table, a global and a function. */
const imports = [
  [1, 97, 1, 109, 2, 1, 1, 9],
  [1, 97, 1, 116, 1, 112, 0, 1],
  [1, 97, 1, 103, 3, 127, 0],
  [1, 97, 1, 102, 0, 0],
];

/** A file with these imports, and functions with this code. */
function wasm(bodies, imported = imports) {
  const code = bodies.flatMap((body) => [body.length, ...body]);
  const [first, second] = [section(2, imported.length, ...imported.flat()), section(10, bodies.length, ...code)];
  return Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, ...first, ...second]);
}

const counting = [...Array(20).keys()];
const bodies = [counting.slice(0, 18), Array(9).fill(7), counting, Array(8).fill(7)];

test("the functions of a file are found behind its imports", () => {
  const found = functionsOf(wasm(bodies));
  assert.equal(found.imported, 1);
  assert.deepEqual(found.bodies.map((body) => [...body]), bodies);
  assert.throws(() => functionsOf(wasm(bodies, [[1, 97, 1, 101, 4, 0, 0]])), /kind 4/);
});

test("similar functions stand side by side, the longest first", () => {
  assert.deepEqual(similarOrder(bodies.map((body) => Buffer.from(body))), [2, 0, 1, 3]);
  assert.deepEqual(similarOrder([Buffer.from([11])]), [0]);
});

test("functions with the same instructions are similar if their numbers differ", () => {
  const adds = (local) => [0, ...[0, 1, 2].flatMap((at) => [0x20, local + at, 0x41, local + 3 * at, 0x6a, 0x21, local + at]), 0x0b];
  const shifts = [0, ...[0, 1, 2].flatMap((at) => [0x20, 0x40 + at, 0x41, 0x50 + at, 0x74, 0x22, 0x60 + at]), 0x0b];
  const longer = [...adds(1).slice(0, -1), 0x01, 0x0b];
  assert.deepEqual(similarOrder([longer, shifts, adds(30)].map((body) => Buffer.from(body))), [0, 2, 1]);
});

test("a file gets a name for each function, in their order, and is otherwise the same", () => {
  const file = wasm(bodies);
  const result = named(file);
  assert.deepEqual(result.subarray(0, file.length), file);
  const names = [1, "000001", 2, "000002", 3, "000000", 4, "000003"];
  const map = names.flatMap((name) => (typeof name === "number" ? [name] : [name.length, ...Buffer.from(name)]));
  const expected = section(0, 4, ...Buffer.from("name"), ...section(1, bodies.length, ...map));
  assert.deepEqual([...result.subarray(file.length)], expected);
});
