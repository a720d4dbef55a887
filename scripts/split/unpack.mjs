// Both wasm files are sent as streams, one for each kind of number that follows an instruction, and the browser puts each file together
// again. Numbers of one kind are alike, so brotli needs 13 % fewer bytes for the streams than for the file. This script runs in the browser;
// streams.mjs makes the streams.

let streams = 0;
const parts = (count) => (streams += count) - count;
/**
 * The streams, in an order that suits brotli: types of locals, of blocks; depths of branches; instructions with all that has no stream of
 * its own; locals that are read, set, or set and kept; alignments; places in memory to load, or store; functions; targets of branches by
 * table; globals; long constants; ...
 */
export const [LOCALS, BLOCK, BRANCH, MAIN, READ, SET, KEEP, ALIGN, LOAD, STORE, CALL, TARGET, GLOBAL, LONG] = [1, 1, 2, 1, 3, 1, 3, 1, 2, 1, 2, 1, 1, 3].map(parts);
/** ... constants, with streams for each length, which is in the first byte of their instruction; ... */
export const [INSTRUCTION, BY_LENGTH] = [0x41, 0xf0];
export const CONSTANTS = [6, 6, 1, 2, 1].map(parts);
/** The bytes of the longest number. */
const LONGEST = 5;
/**
 * ... and what is not code. Tables of methods and addresses, which follow the code, are runs of words of four bytes: RUNS has in turn how many
 * bytes are in no run, and how many words in a run. WORDS has small words, and for others the kind; STEP and the two streams after it have
 * the three bytes of the difference to the last word of that kind, with the sign in the lowest bit.
 */
export const [REST, RUNS, WORDS, STEP] = [1, 1, 1, 3].map(parts);
export const STREAMS = streams;
/** The kinds of words that are not small: numbers of functions, and addresses. */
export const [FUNCTION, ADDRESS] = [254, 255];

/** The streams of the first and the second number that follow each instruction. */
export const NONE = 255;
export const [FIRST, SECOND] = [new Uint8Array(256).fill(NONE), new Uint8Array(256).fill(NONE)];
for (const [from, to, first, second = NONE] of [
  [0x02, 0x04, BLOCK],
  [0x0c, 0x0d, BRANCH],
  [0x10, 0x10, CALL],
  [0x11, 0x11, MAIN, MAIN],
  [0x20, 0x20, READ],
  [0x21, 0x21, SET],
  [0x22, 0x22, KEEP],
  [0x23, 0x24, GLOBAL],
  [0x25, 0x26, MAIN],
  [0x28, 0x35, ALIGN, LOAD],
  [0x36, 0x3e, ALIGN, STORE],
  [0x3f, 0x40, MAIN],
  [0x42, 0x42, LONG],
  [0xd0, 0xd0, MAIN],
  [0xd2, 0xd2, MAIN],
  ...CONSTANTS.map((stream, more) => [BY_LENGTH + more, BY_LENGTH + more, stream]),
]) {
  FIRST.fill(first, from, to + 1);
  SECOND.fill(second, from, to + 1);
}

/**
 * Numbers are more alike when what is done with them is: where a stream has parts, the next instruction decides which it is; for a load
 * the instruction before, which has the address. Each list has in turn the first and the last instruction of a range.
 */
const PARTS = new Uint8Array(STREAMS << 8);
const [LOADS, STORES, CONSTANT] = [[0x28, 0x35], [0x36, 0x3e], [BY_LENGTH, BY_LENGTH + LONGEST - 1]];
const USES = [[0x6a, 0x6a], [0x6b, 0x6b], CONSTANT, [0x6c, 0x6c, 0xfc, 0xfc], [0x04, 0x04, 0x0b, 0x0d, 0x20, 0x21, ...STORES, 0x48, 0x48]];
for (const [stream, ...parts] of [
  [BRANCH, [0x05, 0x05, 0x0b, 0x0f]],
  [READ, LOADS, [0x20, 0x20, 0x42, 0x42, ...CONSTANT]],
  [KEEP, [0x24, 0x24], [0x04, 0x04, 0x0c, 0x0d, 0x45, 0x66]],
  [LOAD, [0x20, 0x20, 0x22, 0x22]],
  [CALL, [0x00, 0x00]],
  [LONG, STORES, [0x85, 0x85]],
  [CONSTANTS[0], ...USES],
  [CONSTANTS[1], ...USES],
  [CONSTANTS[3], LOADS],
]) {
  parts.forEach((ranges, part) => {
    for (let at = 0; at < ranges.length; at += 2) PARTS.fill(part + 1, (stream << 8) + ranges[at], (stream << 8) + ranges[at + 1] + 1);
  });
}
/** The stream of a number, by the instruction before its own and the one after. */
export const partOf = (stream, before, after) => stream + PARTS[(stream << 8) | (stream === LOAD ? before : after)];

/** How many numbers follow the first one of a branch by table, a selection of a type, and what 0xfc starts. */
export const more = (code, number) => (code === 0x0e ? number + 1 : code === 0x1c ? number : Number("000000002121212111"[number]));

/** Puts the file together. One loop with few calls: each byte passes through it. */
export function unpack(file) {
  let at = 0;
  const number = () => {
    let [value, shift] = [0, 0];
    do {
      value |= (file[at] & 0x7f) << shift;
      shift += 7;
    } while (file[at++] & 0x80);
    return value;
  };
  const size = number();
  const bytes = new Uint8Array(size + LONGEST);
  const before = number();
  const functions = number();
  const lengths = Array.from({ length: STREAMS }, number);
  const next = new Uint32Array(lengths.map((length) => (at += length) - length));
  bytes.set(file.subarray(next[REST], (next[REST] += before)));
  let [to, locals, main, aligns] = [before, next[LOCALS], next[MAIN], next[ALIGN]];
  for (let left = functions; left > 0; left--) {
    // A function follows its length, which takes up to five bytes.
    const body = to + LONGEST;
    let start = to;
    to = body;
    // The groups of locals have two numbers each, and there are few.
    for (let numbers = 2 * (bytes[to++] = file[locals++]); numbers > 0; numbers--) while ((bytes[to++] = file[locals++]) & 0x80);
    for (let depth = 1, last = 0; depth > 0 && main < file.length; ) {
      const code = file[main++];
      bytes[to++] = code >= BY_LENGTH && code < BY_LENGTH + LONGEST ? INSTRUCTION : code;
      let stream = FIRST[code];
      if (stream === ALIGN) {
        bytes[to++] = file[aligns++];
        stream = SECOND[code];
      } else if (stream === MAIN) {
        while ((bytes[to++] = file[main++]) & 0x80);
        stream = SECOND[code];
      }
      if (stream === MAIN) {
        while ((bytes[to++] = file[main++]) & 0x80);
      } else if (stream !== NONE) {
        const part = partOf(stream, last, file[main]);
        let from = next[part];
        while ((bytes[to++] = file[from++]) & 0x80);
        next[part] = from;
      }
      last = code;
      if (code >= 0x02 && code <= 0x04) depth++;
      else if (code === 0x0b) depth--;
      else if (code === 0x43 || code === 0x44) for (let floats = 4 * (code - 0x42); floats > 0; floats--) bytes[to++] = file[main++];
      else if (code === 0x0e || code === 0x1c || code === 0xfc) {
        at = main;
        let numbers = more(code, number());
        while (main < at) bytes[to++] = file[main++];
        for (; numbers > 0; numbers--) {
          if (code === 0x0e) while ((bytes[to++] = file[next[TARGET]++]) & 0x80);
          else while ((bytes[to++] = file[main++]) & 0x80);
        }
      }
    }
    const length = to - body;
    for (let value = length; ; value >>>= 7) {
      bytes[start++] = value > 0x7f ? value | 0x80 : value;
      if (value <= 0x7f) break;
    }
    bytes.copyWithin(start, body, to);
    to = start + length;
  }
  at = next[RUNS];
  let [rest, words, step] = [next[REST], next[WORDS], next[STEP]];
  const steps = next[STEP + 1] - step;
  const last = [0, 0];
  while (to < size && at < file.length) {
    for (let left = number(); left > 0; left--) bytes[to++] = file[rest++];
    for (let left = number(); left > 0; left--, to += 4) {
      let word = file[words++];
      if (word >= FUNCTION) {
        const sized = file[step] | (file[step + steps] << 8) | (file[step + 2 * steps] << 16);
        word = last[word - FUNCTION] += (sized >>> 1) ^ -(sized & 1);
        step++;
      }
      bytes[to] = word;
      bytes[to + 1] = word >> 8;
      bytes[to + 2] = word >> 16;
      bytes[to + 3] = 0;
    }
  }
  return bytes.subarray(0, size);
}

/** A wasm file from a response that contains its streams. Browsers compile a response only if it has this type. */
export async function unpacked(response) {
  const wasm = unpack(new Uint8Array(await response.arrayBuffer()));
  // guard: wasm-any-type
  return new Response(wasm, { headers: { "content-type": "application/wasm" } });
}
