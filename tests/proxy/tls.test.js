// TLS towards browsers: versions and cipher suites.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { connect } from "node:tls";
import { attacked } from "./lib/attacks.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const { ca, proxy } = await world({ after });
const host = "curfew.example.test";
const rsa = ca.issue("front-rsa", { commonName: host, names: [`DNS:${host}`], rsa: true });

/** The cipher suite that a server agrees on, or `undefined` if it refuses all that are offered. */
function agreed({ port, ca: trusted }, options) {
  attacked("cipher suites and versions of TLS");
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", servername: host, ca: trusted, ...options });
    socket.on("secureConnect", () => {
      const { version, standardName } = { version: socket.getProtocol(), ...socket.getCipher() };
      socket.destroy();
      resolve(`${version} ${standardName}`);
    });
    socket.on("error", () => resolve(undefined));
  });
}

// OpenSSL's names. @SECLEVEL=0 lets the client offer what it would refuse itself.
const offer = (suite) => ({ minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers: `${suite}:@SECLEVEL=0` });
const GOOD = ["ECDHE-%-AES256-GCM-SHA384", "ECDHE-%-AES128-GCM-SHA256", "ECDHE-%-CHACHA20-POLY1305"];
const CBC = ["ECDHE-%-AES128-SHA", "ECDHE-%-AES256-SHA", "ECDHE-%-AES128-SHA256", "ECDHE-%-AES256-SHA384"];
const NO_FORWARD_SECRECY = ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA", "AES128-SHA256", "AES256-SHA256"];
const OTHER = ["DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-SHA", "DHE-RSA-AES256-GCM-SHA384"];

for (const name of names) {
  describe(name, () => {
    for (const [kind, changes] of [["ECDSA", {}], ["RSA", { front: rsa }]]) {
      test(`only suites with forward secrecy and authenticated encryption, with an ${kind} certificate`, async (t) => {
        const to = await proxy(t, name, changes);
        const suites = (list) => list.map((suite) => suite.replace("%", kind)).filter((suite) => kind === "RSA" || !/^(AES|DHE)/.test(suite));
        for (const suite of suites(GOOD)) assert.match(await agreed(to, offer(suite)) ?? "", /^TLSv1\.2 TLS_ECDHE_/, suite);
        for (const suite of suites([...CBC, ...NO_FORWARD_SECRECY, ...OTHER])) assert.equal(await agreed(to, offer(suite)), undefined, suite);
      });
    }

    test("TLS 1.3 is spoken, TLS 1.1 and 1.0 are not", async (t) => {
      const to = await proxy(t, name);
      assert.match(await agreed(to, { minVersion: "TLSv1.3" }), /^TLSv1\.3 /);
      for (const version of ["TLSv1.1", "TLSv1"]) {
        assert.equal(await agreed(to, { minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" }), undefined, version);
      }
    });
  });
}
