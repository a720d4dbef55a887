// The bundle as browsers get it, under any path: content types, compression and caching.

import assert from "node:assert/strict";
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { send } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { bundle, world } from "./lib/world.js";

const { dir, upstream, proxy } = await world({ after });
/** The bundle without a configuration. */
const unconfigured = join(dir, "unconfigured");
cpSync(join(dir, "bundle"), unconfigured, { recursive: true });
for (const ending of ["", ".br", ".gz"]) rmSync(join(unconfigured, `config.json${ending}`));

const TYPES = {
  "index.html": /^text\/html; ?charset=utf-8$/,
  "curfew-0123456789abcdef.js": /^text\/javascript; ?charset=utf-8$/,
  "curfew-0123456789abcdef_bg.wasm": /^application\/wasm$/,
  "curfew-0123456789abcdef.css": /^text\/css; ?charset=utf-8$/,
  "boot.js": /^text\/javascript; ?charset=utf-8$/,
  "config.json": /^application\/json(; ?charset=utf-8)?$/,
  "icons/plain.svg": /^image\/svg\+xml(; ?charset=utf-8)?$/,
};
const decoders = { br: brotliDecompressSync, gzip: gunzipSync };
/** Why the tests of compressed files are skipped: another nginx may lack the modules for them. */
const uncompressed = (name) => name === "nginx" && process.env.CURFEW_NGINX !== undefined && "this nginx serves no compressed files";
const get = (to, path, ...headers) => send(to, `GET ${path}`, { headers });

for (const name of names) {
  for (const subPath of ["/", "/tools/curfew/"]) {
    describe(`${name} at ${subPath}`, async () => {
      const to = await proxy({ after }, name, { subPath });

      for (const [file, type] of Object.entries(TYPES)) {
        test(`${file}: its content type, uncompressed and compressed`, { skip: uncompressed(name) }, async () => {
          const plain = await get(to, subPath + file);
          assert.equal(plain.status, 200);
          assert.equal(plain.header("content-encoding"), undefined);
          assert.equal(plain.text, bundle[file]);
          assert.match(plain.header("content-type"), type);
          assert.match(plain.header("vary") ?? "", /accept-encoding/i);
          for (const [coding, decode] of Object.entries(decoders)) {
            const answer = await get(to, subPath + file, ["Accept-Encoding", coding]);
            assert.equal(answer.status, 200);
            assert.equal(answer.header("content-encoding"), coding);
            assert.equal(decode(answer.body).toString(), bundle[file]);
            assert.match(answer.header("content-type"), type);
            assert.match(answer.header("vary"), /accept-encoding/i);
            assert.ok(answer.body.length < plain.body.length / 4);
          }
          const best = await get(to, subPath + file, ["Accept-Encoding", "gzip, deflate, br, zstd"]);
          assert.equal(best.header("content-encoding"), "br");
        });
      }

      test("the folder serves the page, also compressed", { skip: uncompressed(name) }, async () => {
        const answer = await get(to, subPath, ["Accept-Encoding", "gzip, br"]);
        assert.equal(answer.status, 200);
        assert.equal(brotliDecompressSync(answer.body).toString(), bundle["index.html"]);
        assert.match(answer.header("content-type"), TYPES["index.html"]);
        assert.equal(answer.header("cache-control"), "no-cache");
      });

      test("only names with a content hash are cached without revalidation", async () => {
        for (const file of Object.keys(TYPES)) {
          const wanted = file.includes("0123456789abcdef") ? "public, max-age=31536000, immutable" : "no-cache";
          for (const coding of ["identity", "gzip", "br"]) {
            assert.equal((await get(to, subPath + file, ["Accept-Encoding", coding])).header("cache-control"), wanted, file);
          }
        }
      });

      test("an unchanged file is not sent again", async () => {
        for (const coding of ["identity", "br"]) {
          const first = await get(to, `${subPath}index.html`, ["Accept-Encoding", coding]);
          const again = await get(to, `${subPath}index.html`, ["Accept-Encoding", coding], ["If-None-Match", first.header("etag")]);
          assert.equal(again.status, 304);
          assert.equal(again.header("cache-control"), "no-cache");
        }
      });

      test("a missing file is an error, not the page, and is not cached", async () => {
        for (const file of ["curfew-ffffffffffffffff_bg.wasm", "curfew-ffffffffffffffff.js", "jobs", "icons/"]) {
          const answer = await get(to, subPath + file);
          assert.ok([403, 404].includes(answer.status), `${answer.status} for ${file}`);
          assert.equal(answer.header("cache-control"), "no-store");
          assert.ok(!answer.text.includes("Curfew"));
        }
      });

      test("a missing config.json is an empty one, and nothing else is", async (t) => {
        upstream.reset();
        const to = await proxy(t, name, { subPath, site: unconfigured });
        for (const coding of ["identity", "gzip, br"]) {
          const answer = await get(to, `${subPath}config.json`, ["Accept-Encoding", coding]);
          assert.equal(answer.status, 200);
          assert.deepEqual(JSON.parse(answer.text), {});
          assert.equal(answer.header("content-encoding"), undefined);
          assert.match(answer.header("content-type"), TYPES["config.json"]);
          assert.equal(answer.header("cache-control"), "no-cache");
          assert.equal(answer.header("x-content-type-options"), "nosniff");
          assert.match(answer.header("content-security-policy"), /default-src 'none'/);
        }
        for (const line of ["POST config.json", "DELETE config.json", "GET config.jsonx", "GET xconfig.json", "GET languages.json", "GET config.json.br", "GET config.js"]) {
          const answer = await send(to, line.replace(" ", ` ${subPath}`));
          assert.ok(answer.status >= 400, `${answer.status} for ${line}`);
          assert.notEqual(answer.text.trim(), "{}", line);
        }
        for (const path of ["/mgmt/config.json", "/info/config.json"]) assert.ok((await get(to, path)).status >= 400, path);
        assert.deepEqual(upstream.requests, []);
        assert.match((await get(to, subPath)).text, /Curfew/);
      });

      test("a config.json that can't be read is an error, not an empty one", async (t) => {
        const site = join(dir, "unreadable");
        cpSync(unconfigured, site, { recursive: true });
        t.after(() => rmSync(site, { recursive: true }));
        symlinkSync("config.json", join(site, "config.json")); // a link to itself
        const to = await proxy(t, name, { subPath, site });
        const answer = await get(to, `${subPath}config.json`);
        assert.ok(answer.status >= 400, `${answer.status}`);
        assert.equal(answer.header("cache-control"), "no-store");
        assert.notEqual(answer.text.trim(), "{}");
      });

      test("files that are not for browsers are not served, nor directory listings, nor files outside the folder", async () => {
        for (const file of [".secret", "notes.bak", "icons/", "../front.key", "..%2ffront.key", "%2e%2e/front.key", ".secret.br"]) {
          const answer = await get(to, subPath + file);
          assert.ok(answer.status >= 400, `${answer.status} for ${file}`);
          assert.doesNotMatch(answer.text, /not for browsers|PRIVATE KEY|plain\.svg/);
        }
      });

      test("the app is only under its path, and BIG-IQ always at the root", async () => {
        upstream.reset();
        const page = await get(to, "/");
        assert.equal(page.text.includes("Curfew"), subPath === "/");
        assert.equal((await get(to, "/info/system")).status, 200);
        assert.equal(upstream.requests.length, 1);
        if (subPath === "/") return;
        assert.ok((await get(to, `${subPath}info/system`)).status >= 400);
        assert.ok((await get(to, `${subPath}mgmt/tm/util/bash`)).status >= 400);
        assert.ok((await get(to, "/boot.js")).status >= 400);
        assert.equal(upstream.requests.length, 1);
      });
    });
  }
}
