// Each configuration forwards exactly the calls in crates/bigiq, no more and no fewer.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { call, statuses } from "./lib/browser.js";
import { covers, endpoints, example, registered } from "./lib/endpoints.js";
import { configs, names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
const { upstream, proxy } = await world({ after });

/** The pattern with which a configuration allows an endpoint. */
function pattern({ method, path }) {
  const segment = "[A-Za-z0-9][A-Za-z0-9._~-]*";
  const query = method === "GET" ? "(\\?[A-Za-z0-9$%&=._~,-]*)?" : "";
  return `^${method} ${path.replace("{}", segment)}${query}`;
}

/** The patterns of a configuration: the active ones, and the ones in comments. */
function patterns(config) {
  const lines = config.split("\n").map((l) => ({ text: l.trim(), found: /(\^[A-Z]+ \/\S*?)(?: HTTP\/|\$["'#])/.exec(l)?.[1] }));
  const of = (off) => lines.filter(({ text, found }) => found && text.startsWith("#") === off).map(({ found }) => found).sort();
  return { on: of(false), off: of(true) };
}

for (const name of names) {
  describe(name, async () => {
    test("the config lists the endpoints of crates/bigiq, with cancel as a comment", () => {
      const cancel = endpoints.filter((e) => e.name === "CANCEL");
      assert.deepEqual(patterns(configs[name]), {
        on: endpoints.filter((e) => !cancel.includes(e)).map(pattern).sort(),
        off: cancel.map(pattern),
      });
    });

    const to = await proxy({ after }, name);
    const withCancel = await proxy({ after }, name, { cancel: true });

    /** Requests the paths with every method that no endpoint covers. None of these may reach BIG-IQ. */
    async function refuses(paths) {
      upstream.reset();
      const lines = paths.flatMap((path) => METHODS
        .filter((method) => !endpoints.some((e) => e.method === method && covers(e, path)))
        .map((method) => `${method} ${path}`));
      const good = [...await statuses(to, lines)].filter(([, status]) => status < 400).map(([line]) => line);
      assert.deepEqual(good, []);
      assert.deepEqual(upstream.requests.map((r) => r.line), []);
    }

    test("every endpoint reaches BIG-IQ, and its target is unchanged", async () => {
      for (const endpoint of endpoints) {
        const query = endpoint.method === "GET" ? "?$filter=%27address%27%20eq%20%27192.0.2.1%27&$select=a,b&$top=5" : "";
        const line = `${endpoint.method} ${example(endpoint)}${query}`;
        upstream.reset();
        assert.equal((await call(withCancel, line)).status, 200, line);
        assert.deepEqual(upstream.requests.map((r) => r.line), [`${line} HTTP/1.1`]);
      }
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
