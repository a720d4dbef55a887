// Reads and writes the sections of a wasm file, for the scripts that change the release bundle.

/** The numbers of the sections that the scripts need. */
export const [CUSTOM, IMPORTS, EXPORTS, CODE] = [0, 2, 7, 10];

/** Reads the parts of a file one after the other. */
export class Reader {
  constructor(bytes, at) {
    Object.assign(this, { bytes, at });
  }

  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.bytes[this.at++];
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    return value >>> 0;
  }

  text() {
    const length = this.number();
    return this.bytes.toString("utf8", this.at, (this.at += length));
  }

  skip(bytes) {
    this.at += bytes;
  }

  limits() {
    const flags = this.number();
    this.number();
    if (flags & 1) this.number();
  }
}

export function number(value) {
  const bytes = [];
  for (let rest = value; ; ) {
    const byte = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? byte : byte | 0x80);
    if (rest === 0) return bytes;
  }
}

export const text = (string) => [...number(Buffer.byteLength(string)), ...Buffer.from(string)];

/** The sections of a file, with the place of their content. */
export function* sections(bytes) {
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const reader = new Reader(bytes, at + 1);
    const length = reader.number();
    const [start, end] = [reader.at, reader.at + length];
    yield { id, start, end };
    at = end;
  }
}

/** The imports of a file. `rest` is what follows the names: the kind and the type. */
export function importsOf(bytes) {
  const section = [...sections(bytes)].find(({ id }) => id === IMPORTS);
  const reader = new Reader(bytes, section?.start);
  return Array.from({ length: section ? reader.number() : 0 }, () => {
    const [module, name, start] = [reader.text(), reader.text(), reader.at];
    const kind = reader.number();
    // A function has a type, a table has a type and limits, a memory has limits, and a global has a type and a flag.
    if (kind > 3) throw new Error(`an import of kind ${kind}`);
    if (kind !== 2) reader.number();
    if (kind === 1 || kind === 2) reader.limits();
    if (kind === 3) reader.number();
    return { module, name, kind, rest: bytes.subarray(start, reader.at) };
  });
}

/** The exports of a file. `rest` is what follows the name: the kind and the index. */
export function exportsOf(bytes) {
  const section = [...sections(bytes)].find(({ id }) => id === EXPORTS);
  const reader = new Reader(bytes, section?.start);
  return Array.from({ length: section ? reader.number() : 0 }, () => {
    const [name, start] = [reader.text(), reader.at];
    reader.skip(1);
    reader.number();
    return { name, rest: bytes.subarray(start, reader.at) };
  });
}

/** The file with another content of one section. `entries` are its entries, as bytes. */
export function replaced(bytes, wanted, entries) {
  const content = Buffer.concat([Buffer.from(number(entries.length)), ...entries.map((entry) => Buffer.from(entry))]);
  const parts = [...sections(bytes)].flatMap(({ id, start, end }) => {
    const now = id === wanted ? content : bytes.subarray(start, end);
    return [Buffer.from([id, ...number(now.length)]), now];
  });
  return Buffer.concat([bytes.subarray(0, 8), ...parts]);
}
