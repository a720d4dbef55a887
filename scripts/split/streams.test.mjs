import assert from "node:assert/strict";
import { test } from "node:test";
import { streamsOf } from "./streams.mjs";
import { ADDRESS, BY_LENGTH, CONSTANTS, FUNCTION, LOAD, MAIN, READ, REST, STEP, STREAMS, WORDS, partOf, unpack } from "./unpack.mjs";

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const section = (id, ...bytes) => [id, bytes.length, ...bytes];
/** A file with these functions, and with a section before and after the code. */
const file = (...functions) =>
  Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, ...section(3, 1, 2), ...section(10, functions.length, ...functions.flatMap((body) => [body.length, ...body])), ...section(11, 4, 5, 6)]);

/** Functions with each kind of instruction that has numbers, and with numbers of several bytes. */
const FUNCTIONS = {
  empty: [0, 0x0b],
  locals: [2, 0x81, 0x01, 0x7f, 1, 0x7e, 0x20, 0x80, 0x01, 0x21, 3, 0x22, 0x85, 0x02, 0x1a, 0x0b],
  blocks: [0, 0x02, 0x40, 0x03, 0x7f, 0x04, 0x81, 0x01, 0x05, 0x0b, 0x0c, 1, 0x0b, 0x0d, 0, 0x0e, 2, 0, 1, 0, 0x0b, 0x0b],
  calls: [0, 0x10, 0x8b, 0x0b, 0x11, 0x0b, 0, 0x23, 0x0b, 0x24, 1, 0x0b],
  memory: [0, 0x28, 2, 0x8b, 0x0b, 0x2d, 0, 0x0b, 0x36, 2, 0x80, 0x0b, 0x3a, 0, 4, 0x3f, 0, 0x40, 0, 0x0b],
  constants: [0, 0x41, 0x0b, 0x41, 0x80, 0x0b, 0x41, 0x80, 0x80, 4, 0x41, 0x80, 0x80, 0x80, 8, 0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x42, 0x80, 0x0b, 0x0b],
  floats: [0, 0x43, 0x0b, 0x0b, 0x0b, 0x0b, 0x44, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b],
  "bulk memory": [0, 0xfc, 10, 0x0b, 0x0b, 0xfc, 11, 0x0b, 0xfc, 6, 0x0b],
  tables: [0, 0x25, 0x0b, 0x26, 0x0b, 0xd0, 0x6f, 0xd1, 0xd2, 0x8b, 0x0b, 0x1c, 1, 0x6f, 0xfc, 12, 0x0b, 0x0b, 0xfc, 15, 0x0b, 0xfc, 17, 0x0b, 0x0b],
};

for (const [name, body] of Object.entries(FUNCTIONS)) {
  test(`${name}: the streams give the same file`, () => {
    const wasm = file(FUNCTIONS.blocks, body, FUNCTIONS.locals);
    assert.deepEqual(Buffer.from(unpack(streamsOf(wasm))), wasm);
  });
}

test("a file without functions, and a function of more than 127 bytes", () => {
  for (const wasm of [file(), Buffer.concat([file().subarray(0, 12), Buffer.from([10, 0xcc, 1, 1, 0xc9, 1, 0, ...Array(199).fill(0x01), 0x0b])])]) {
    assert.deepEqual(Buffer.from(unpack(streamsOf(wasm))), wasm);
  }
});

/** The content of each stream. */
function contents(packed) {
  const lengths = [...packed.subarray(3, 3 + STREAMS)];
  return lengths.map((length, stream) => [...packed.subarray(3 + STREAMS + sum(lengths.slice(0, stream))).subarray(0, length)]);
}

test("constants are in streams by their length, and their instruction says which", () => {
  const streams = contents(streamsOf(file(FUNCTIONS.constants)));
  const lengths = CONSTANTS.map((start, length) => sum(streams.slice(start, CONSTANTS[length + 1] ?? REST).map((stream) => stream.length)));
  assert.deepEqual(lengths, [1, 2, 3, 4, 5]);
  assert.deepEqual(streams[MAIN], [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0x42, 0x0b]);
});

test("what is done with a number decides in which part of a stream it is", () => {
  const reads = contents(streamsOf(file([0, 0x20, 1, 0x28, 2, 3, 0x20, 4, 0x41, 5, 0x20, 6, 0x6a, 0x28, 2, 7, 0x36, 2, 8, 0x0b])));
  assert.deepEqual([0, 1, 2].map((part) => reads[READ + part]), [[6], [1], [4]]);
  assert.deepEqual([0, 1].map((part) => reads[LOAD + part]), [[7], [3]]);
  const constant = (next) => partOf(CONSTANTS[0], 0, next) - CONSTANTS[0];
  assert.deepEqual([0x6a, 0x6b, BY_LENGTH + 4, 0xfc, 0x36, 0x71].map(constant), [1, 2, 3, 4, 5, 0]);
});

test("words after the code are in streams of their own: small ones, functions and addresses as differences", () => {
  const word = (value) => [0, 8, 16, 24].map((shift) => (value >> shift) & 0xff);
  const words = [3, 4, 0x400, 0x3fe, 0x10_0000, 253, 254, 0x10_0004, 0x1f_ffff, 0x401];
  // At each place in the file, and after a zero, which could be a byte of the first word.
  for (const before of [[], [255], [255, 0], [255, 255, 0], [255, 255, 255, 0]]) {
    const data = [...before, ...words.flatMap(word), 255, 255, 255, 255, ...[250, 251, 0x20_0000].flatMap(word)];
    const wasm = Buffer.concat([file().subarray(0, -5), Buffer.from(section(11, ...data))]);
    const packed = streamsOf(wasm);
    assert.deepEqual(Buffer.from(unpack(packed)), wasm);
    const streams = contents(packed);
    assert.deepEqual(streams[WORDS], [3, 4, FUNCTION, FUNCTION, ADDRESS, 253, FUNCTION, ADDRESS, ADDRESS, FUNCTION], `after ${before}`);
    assert.equal(streams[STEP].length, 7);
  }
});

test("an instruction that is not known is an error", () => {
  assert.throws(() => streamsOf(file([0, 0xfd, 12, ...Array(16).fill(0x0b), 0x0b])), /the same file/);
});

test("a length that is longer than necessary is an error: the browser would get another file", () => {
  assert.throws(() => streamsOf(Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 10, 5, 1, 0x82, 0, 0, 0x0b])), /the same file/);
});
