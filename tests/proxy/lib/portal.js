// Web servers on other origins than Curfew's, with the pages of a test.

import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { extname, join } from "node:path";

const repository = join(import.meta.dirname, "../../..");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };

/** The example portal's files with Curfew's address `curfew`, and the portal's own copy of embed.js. */
export function examplePortal(curfew) {
  const read = (path) => readFileSync(join(repository, path), "utf8");
  const page = read("examples/portal/index.html");
  if (!page.includes("https://curfew.example.test/")) throw new Error("the example portal names no Curfew");
  return {
    "/": page.replaceAll("https://curfew.example.test", curfew),
    "/portal.js": read("examples/portal/portal.js"),
    "/portal.css": read("examples/portal/portal.css"),
    "/embed.js": read("embed.js"),
  };
}

/** Serves files, `{path: text}`, over TLS under a name for the duration of the test. Resolves to its origin. */
export async function startHost(t, { cert, key }, name, files) {
  const server = createServer({ cert, key }, (request, response) => {
    const path = new URL(request.url, "https://x").pathname;
    const text = typeof files === "function" ? files(path) : files[path];
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Type": TYPES[extname(path) || ".html"] }).end(text);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://${name}:${server.address().port}`;
}
