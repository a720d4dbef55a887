// A proxy, a bundle and an upstream, ready for requests.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Authority, scratch } from "./pki.js";
import { start } from "./servers.js";
import { Upstream } from "./upstream.js";

/** A bundle like the real one: hashed names, plain names, and two compressed copies of each file. */
export const bundle = {
  "index.html": "<!doctype html><title>Curfew</title>" + " ".repeat(2000),
  "curfew-0123456789abcdef.js": "export default 1;" + "/**/".repeat(500),
  "curfew-0123456789abcdef_bg.wasm": "\0asm" + "\u0001\0\0\0".repeat(500),
  "curfew-0123456789abcdef.css": "body { color: black }" + " ".repeat(2000),
  "boot.js": "export {};" + " ".repeat(2000),
  "config.json": "{}" + " ".repeat(2000),
  "icons/plain.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>" + " ".repeat(2000),
  ".secret": "not for browsers",
  "notes.bak": "not for browsers",
};

function writeBundle(dir) {
  for (const [name, text] of Object.entries(bundle)) {
    const file = join(dir, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    writeFileSync(`${file}.gz`, gzipSync(text));
    writeFileSync(`${file}.br`, brotliCompressSync(text));
  }
}

/** What all servers of one test file share: certificates, a bundle, and a trusted upstream. */
export async function world(t, { site } = {}) {
  const dir = scratch(t);
  const ca = new Authority(dir, "test-ca");
  const host = "curfew.example.test";
  const front = ca.issue("front", { commonName: host, names: [`DNS:${host}`] });
  const bigiq = ca.issue("bigiq", { commonName: "bigiq", names: ["DNS:bigiq.example.test", "DNS:localhost"] });
  const upstream = await Upstream.start(t, bigiq);
  if (site === undefined) {
    site = join(dir, "bundle");
    writeBundle(site);
  }
  let count = 0;
  return {
    dir,
    ca,
    upstream,
    /** Starts a server; `changes` override the usual settings. */
    async proxy(t, name, changes = {}) {
      count += 1;
      const server = await start(t, name, {
        dir: join(dir, `${name}-${count}`),
        site,
        subPath: "/",
        host,
        front,
        upstreamPort: upstream.port,
        bigiqName: "bigiq.example.test",
        bigiqCa: ca.file,
        ...changes,
      });
      return { ...server, ca: ca.pem };
    },
  };
}
