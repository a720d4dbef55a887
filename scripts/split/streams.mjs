// Takes a wasm file apart into the streams that unpack.mjs puts together again.

import { CODE, Reader, number, sections } from "../wasm.mjs";
import { ADDRESS, BY_LENGTH, FIRST, FUNCTION, INSTRUCTION, LOCALS, MAIN, NONE, REST, RUNS, SECOND, STEP, STREAMS, TARGET, WORDS, more, partOf, unpack } from "./unpack.mjs";

/** Addresses are less than 2 MB, and no table has more functions than the smallest address. */
const [HIGHEST, LOWEST] = [0x20_0000, 0x1_0000];
/** A shorter run costs more than it saves. */
const SHORTEST = 3;

/** Adds to the streams what follows the code. */
function words(after, streams, shortest) {
  const isWord = (at) => at + 4 <= after.length && after.readUInt32LE(at) < HIGHEST;
  const run = (at) => {
    let count = 0;
    while (isWord(at + 4 * count)) count++;
    return count;
  };
  const last = { [FUNCTION]: 0, [ADDRESS]: 0 };
  let others = 0;
  for (let at = 0; at < after.length; ) {
    const count = run(at);
    // A zero before the first word would move all words of the run.
    if (count < shortest || Math.max(run(at + 1), run(at + 2), run(at + 3)) > count) {
      streams[REST].push(after[at++]);
      others++;
      continue;
    }
    streams[RUNS].push(...number(others), ...number(count));
    others = 0;
    for (const end = at + 4 * count; at < end; at += 4) {
      const word = after.readUInt32LE(at);
      const kind = word < LOWEST ? FUNCTION : ADDRESS;
      streams[WORDS].push(Math.min(word, kind));
      if (word < FUNCTION) continue;
      const step = word - last[kind];
      last[kind] = word;
      for (let byte = 0; byte < 3; byte++) streams[STEP + byte].push((((step << 1) ^ (step >> 31)) >> (8 * byte)) & 0xff);
    }
  }
  streams[RUNS].push(...number(others), 0);
}

/** A wasm file as streams: three numbers about the file, the length of each stream, and the streams. Without `hasWords` no run is sought. */
export function streamsOf(wasm, hasWords = true) {
  const code = [...sections(wasm)].find(({ id }) => id === CODE);
  const reader = new Reader(wasm, code.start);
  const functions = reader.number();
  const about = [wasm.length, reader.at, functions];
  const streams = Array.from({ length: STREAMS }, () => []);
  streams[REST].push(...wasm.subarray(0, reader.at));
  const bytes = (stream, count) => {
    for (; count > 0; count--) streams[stream].push(wasm[reader.at++]);
  };
  const move = (stream) => {
    const { at } = reader;
    const value = reader.number();
    reader.at = at;
    while (wasm[reader.at] & 0x80) bytes(stream, 1);
    bytes(stream, 1);
    return value;
  };
  const moveAll = (stream, count) => {
    for (; count > 0; count--) move(stream);
  };
  /** The place after some numbers. */
  const past = (at, numbers) => {
    for (; numbers > 0; numbers--) while (wasm[at++] & 0x80);
    return at;
  };
  /** The instruction as it is in its stream. */
  const instructionAt = (at) => (wasm[at] === INSTRUCTION ? BY_LENGTH + past(at + 1, 1) - at - 2 : wasm[at]);
  for (let left = functions; left > 0; left--) {
    const length = reader.number();
    const end = reader.at + length;
    moveAll(LOCALS, 2 * move(LOCALS));
    for (let before = 0; reader.at < end; ) {
      const instruction = instructionAt(reader.at++);
      streams[MAIN].push(instruction);
      const used = [FIRST[instruction], SECOND[instruction]].filter((stream) => stream !== NONE);
      const after = instructionAt(past(reader.at, used.length));
      for (const stream of used) move(partOf(stream, before, after));
      if ([0x0e, 0x1c, 0xfc].includes(instruction)) moveAll(instruction === 0x0e ? TARGET : MAIN, more(instruction, move(MAIN)));
      if (instruction === 0x43 || instruction === 0x44) bytes(MAIN, 4 * (instruction - 0x42));
      before = instruction;
    }
  }
  words(wasm.subarray(code.end), streams, hasWords ? SHORTEST : Infinity);
  const packed = Buffer.concat([...[...about, ...streams.map(({ length }) => length)].map(number), ...streams].map((part) => Buffer.from(part)));
  // Also if a function has an instruction that unpack.mjs does not know.
  // guard: same-wasm
  if (!wasm.equals(unpack(packed))) throw new Error("the streams do not give the same file");
  return packed;
}
