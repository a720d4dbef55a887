// Each configuration forwards exactly the calls in crates/bigiq, no more and no fewer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { generated } from "../../scripts/proxies.mjs";
import { attacked } from "./lib/attacks.js";
import { call, statuses } from "./lib/browser.js";
import { covers, endpoints, example, registered } from "./lib/endpoints.js";
import { configs, names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
const { upstream, proxy } = await world({ after });

const VALUE = "%27a%20b%27,c_d.e~f-1";

/** A target with the keys in this order, each with a value. */
const withQuery = (endpoint, keys) => `${example(endpoint)}${keys.length > 0 ? "?" : ""}${keys.map((key) => `${key}=${VALUE}`).join("&")}`;

for (const name of names) {
  describe(name, async () => {
    test("the config has exactly the generated lists", () => {
      assert.equal(configs[name], generated(name, configs[name], endpoints));
    });

    const to = await proxy({ after }, name);
    const withCancel = await proxy({ after }, name, { cancel: true });

    /** Requests the paths with every method that no endpoint covers. None of these may reach BIG-IQ. */
    async function refuses(paths) {
      upstream.reset();
      const lines = paths.flatMap((path) => METHODS
        .filter((method) => !endpoints.some((e) => e.method === method && covers(e, path)))
        .map((method) => `${method} ${path}`));
      attacked("methods and paths outside the list", lines.length);
      const good = [...await statuses(to, lines)].filter(([, status]) => status < 400).map(([line]) => line);
      assert.deepEqual(good, []);
      assert.deepEqual(upstream.requests.map((r) => r.line), []);
    }

    test("every endpoint reaches BIG-IQ with every query of the app, and its target is unchanged", async () => {
      for (const endpoint of endpoints) {
        for (const [keys, end] of [[[], ""], ...endpoint.queries.flatMap((keys) => (keys.length > 0 ? [[keys, ""], [keys, "&"]] : []))]) {
          const line = `${endpoint.method} ${withQuery(endpoint, keys)}${end}`;
          upstream.reset();
          assert.equal((await call(withCancel, line)).status, 200, line);
          assert.deepEqual(upstream.requests.map((r) => r.line), [`${line} HTTP/1.1`]);
        }
      }
    });

    test("no other query: unknown keys, repeated keys, another order, control characters, bad escapes", async () => {
      upstream.reset();
      const lines = [];
      for (const endpoint of endpoints.filter(({ method }) => method !== "PATCH")) {
        const path = example(endpoint);
        const full = endpoint.queries.find((keys) => keys.length > 1) ?? endpoint.queries.find((keys) => keys.length > 0) ?? [];
        const queries = [
          "", "x", "x=y", "$expand=x", "$top=1;x=y", "%24top=1", "$TOP=1", "=", "&",
          ...endpoint.queries.filter((keys) => keys.length > 0).flatMap((keys) => {
            const [, query] = withQuery(endpoint, keys).split("?");
            return [`${query}&x=y`, `x=y&${query}`, `${query}&${query}`, `${query}&&`, `&${query}`, `?${query}`, `${query}=x`];
          }),
          ...(full.length > 1 ? [withQuery(endpoint, full.toReversed()).split("?")[1]] : []),
          ...full.slice(0, 1).flatMap((key) => ["%00", "x%00", "%0a", "%0D", "%1f", "%", "%4", "%zz", "%2", "%u0041", "a+b", "'", "a\"b"]
            .map((value) => [key, ...full.slice(1)].map((k, i) => `${k}=${i === 0 ? value : "1"}`).join("&"))),
        ];
        lines.push(...queries.map((query) => `${endpoint.method} ${path}?${query}`));
      }
      attacked("queries", lines.length);
      const good = [...await statuses(to, lines)].filter(([, status]) => status < 400).map(([line]) => line);
      assert.deepEqual(good, []);
      assert.deepEqual(upstream.requests.map((r) => r.line), []);
    });

    test("the log has the endpoint's name", async () => {
      if (name === "caddy") return; // its log has only method and path
      for (const endpoint of endpoints) await withCancel.logged(new RegExp(`"call":"${endpoint.name.toLowerCase()}"`));
    });

    test("cancelling is off until its line is uncommented", async () => {
      const [endpoint] = endpoints.filter((e) => e.name === "CANCEL");
      upstream.reset();
      assert.ok((await call(to, `PATCH ${example(endpoint)}`)).status >= 400);
      assert.deepEqual(upstream.requests, []);
    });

    test("no other method, and no path above, below or next to an endpoint", async () => {
      const paths = new Set(endpoints.flatMap((endpoint) => {
        const path = example(endpoint);
        return [
          path,
          path.endsWith("/") ? path.slice(0, -1) : `${path}/`,
          `${path}/x`,
          `${path}x`,
          path.slice(0, path.lastIndexOf("/")),
          path.replace(/[a-z](?=[^a-z]*$)/, (c) => c.toUpperCase()),
          `${path};x=y`,
          `/x${path}`,
        ];
      }));
      await refuses([...paths]);
    });

    test("nothing else that a BIG-IQ offers", async () => {
      await refuses(registered);
    });
  });
}

test("the calls from which the lists are made are all reads of the app", () => {
  const read = (path) => readFileSync(join(import.meta.dirname, "../..", path), "utf8");
  const table = read("crates/bigiq/src/call.rs");
  const functions = [...table.matchAll(/^ {4}pub fn (\w+)\([^)]*\) -> (?:Self|\[Self; \d\]) \{\n([^]*?)\n {4}\}$/gm)]
    .filter(([, , body]) => !/&(LOGIN|EXCHANGE|FORGET|KILL|CANCEL)\b/.test(body)).map(([, name]) => name);
  assert.ok(functions.length > 15);
  const listed = [...read("crates/bigiq/examples/endpoints.rs").matchAll(/\bCall::(\w+)\(/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(listed)].sort(), functions.sort());
});
