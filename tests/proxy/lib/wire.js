// Reads raw HTTP/1.1. Node's own client and server would normalise the very things that these tests check.

/** Splits off a message's head: its first line, its headers as sent, and the rest. `undefined` until the head is complete. */
export function readHead(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line, ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = lines.map((l) => {
    const colon = l.indexOf(":");
    return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()];
  });
  return { line, headers, rest: bytes.subarray(end + 4) };
}

/** All values of a header. */
export function valuesOf(headers, name) {
  return headers.filter(([n]) => n === name.toLowerCase()).map(([, v]) => v);
}

/** The body after a head. `undefined` until it is complete; `ended` means that no more bytes will come. */
export function readBody({ headers, rest }, ended) {
  const [length] = valuesOf(headers, "content-length");
  if (valuesOf(headers, "transfer-encoding").includes("chunked")) return readChunks(rest);
  if (length === undefined) return ended ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function readChunks(bytes) {
  const parts = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, end), 16);
    const next = end + 2 + size;
    if (bytes.length < next + 2) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, next));
    at = next + 2;
  }
}
