// Says why a file of the bundle could not be used. boot.js loads it only then.

/** Content types that a browser accepts, by the ending of the file; it reads any other file whatever its type is. */
const TYPES = { js: /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i, css: /^text\/css\b/i };

/** How long an answer may take, in milliseconds. */
const PATIENCE = 4_000;

/** Why one file, `{href, integrity}`, can't be used: a kind and a detail; undefined if it can. */
async function problem({ href, integrity }) {
  let answer;
  try {
    // Not from the cache, where the right file of an earlier visit may be.
    answer = await fetch(href, { cache: "reload", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return ["connection", ""];
  }
  const type = answer.headers.get("content-type") ?? "";
  // Many servers answer with a page, and status 200, if there is no such file.
  if (answer.status === 404 || /^text\/html\b/i.test(type)) return ["missing", ""];
  if (!answer.ok) return ["status", String(answer.status)];
  if (TYPES[href.split(".").pop()]?.test(type) === false) return ["type", type];
  if (!integrity) return undefined;
  try {
    await fetch(href, { integrity, cache: "no-cache" });
    return undefined;
  } catch {
    return ["changed", ""];
  }
}

/**
 * Why one of these files can't be used, in English: the sign-in page may have no other language yet. Without a cause, the error itself;
 * without an error either, an empty text.
 */
export async function explain(files, error) {
  const found = await Promise.all(files.map(problem));
  const index = found.findIndex((one) => one !== undefined);
  const name = files[index]?.href.split("/").pop();
  const [kind, detail] = found[index] ?? [];
  switch (kind) {
    case "missing":
      return `The server has no ${name}. A new version may have been installed, or the bundle is incomplete.`;
    case "changed":
      return `${name} was changed on its way, or belongs to another release: its integrity check failed. A proxy may change files.`;
    case "type":
      return `The server sends ${name} as ${detail || "a file without a type"}, which browsers refuse.`;
    case "status":
      return `The server refuses ${name}: status ${detail}.`;
    case "connection":
      return `${name} could not be fetched: the connection failed.`;
  }
  if (/WebAssembly|CompileError/.test(error)) return `WebAssembly is blocked, by the browser or by the server’s content security policy: ${error}`;
  return String(error);
}
