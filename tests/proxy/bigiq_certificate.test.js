// The proxy checks BIG-IQ's certificate before it sends any part of a request.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { call } from "./lib/browser.js";
import { Authority, selfSigned } from "./lib/pki.js";
import { names } from "./lib/servers.js";
import { Upstream } from "./lib/upstream.js";
import { world } from "./lib/world.js";

const { ca, dir, proxy } = await world({ after });
const NAMES = ["DNS:bigiq.example.test", "DNS:localhost"]; // httpd needs a name that resolves
const otherCa = new Authority(dir, "other-ca");
const pinned = selfSigned(dir, "pinned", { commonName: "bigiq", names: NAMES });
const commonNameOnly = (name) => selfSigned(dir, `${name}-cn`, { commonName: name === "httpd" ? "localhost" : "bigiq.example.test" });

/** Whether a proxy that trusts `bigiqCa` sends calls to a BIG-IQ with this certificate. */
async function trusts(t, name, certificate, bigiqCa) {
  const upstream = await Upstream.start(t, certificate);
  const to = await proxy(t, name, { upstreamPort: upstream.port, bigiqCa });
  const statuses = [];
  // Two calls: a server that resumes TLS sessions must not resume one with a bad certificate.
  for (const line of ["POST /mgmt/shared/authn/login", "GET /info/system"]) statuses.push((await call(to, line)).status);
  if (statuses.every((s) => s === 200)) {
    assert.equal(upstream.requests.length, 2);
    return true;
  }
  assert.ok(statuses.every((s) => s >= 500), `${statuses}`);
  assert.deepEqual(upstream.requests, []);
  return false;
}

for (const name of names) {
  describe(name, () => {
    test("the right name from the right authority is trusted", async (t) => {
      assert.ok(await trusts(t, name, ca.issue(`${name}-good`, { commonName: "x", names: NAMES }), ca.file));
    });

    test("a certificate with another name is refused", async (t) => {
      const other = ca.issue(`${name}-other`, { commonName: "other.example.test", names: ["DNS:other.example.test"] });
      assert.ok(!(await trusts(t, name, other, ca.file)));
    });

    test("another alternative name next to the right common name is refused, except by HAProxy", async (t) => {
      const other = ca.issue(`${name}-mixed`, { commonName: "bigiq.example.test", names: ["DNS:other.example.test"] });
      assert.equal(await trusts(t, name, other, ca.file), name === "haproxy");
    });

    test("a certificate from another authority is refused", async (t) => {
      const other = otherCa.issue(`${name}-stranger`, { commonName: "bigiq.example.test", names: NAMES });
      assert.ok(!(await trusts(t, name, other, ca.file)));
    });

    test("an expired certificate is refused", async (t) => {
      const old = ca.issue(`${name}-old`, { commonName: "bigiq.example.test", names: NAMES, expired: true });
      assert.ok(!(await trusts(t, name, old, ca.file)));
    });

    test("a self-signed certificate is trusted only if it is pinned", async (t) => {
      assert.ok(await trusts(t, name, pinned, pinned.file));
      assert.ok(!(await trusts(t, name, pinned, ca.file)));
    });

    test("a certificate with only a common name is trusted if it is pinned, but never by Caddy", async (t) => {
      const old = commonNameOnly(name);
      assert.equal(await trusts(t, name, old, old.file), name !== "caddy");
    });
  });
}
