// What a BIG-IQ, or a server in its place, could send instead of an answer. The final answer has the proxy's headers and only them.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { connect, createServer } from "node:tls";
import { attacked } from "./lib/attacks.js";
import { ownPage } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const { ca, proxy } = await world({ after });

const BAD = "Set-Cookie: a=b\r\nNEL: x\r\nLink: </x>; rel=preload";
const JSON_TYPE = "Content-Type: application/json";
const OK = `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nContent-Length: 2\r\n\r\n{}`;

/** Interim answers. HAProxy and Caddy pass them on with their headers, which browsers ignore. nginx takes the first one for the
 * final one, and what follows for its body. */
const INTERIM = {
  "100 Continue": `HTTP/1.1 100 Continue\r\n${BAD}\r\n\r\n${OK}`,
  "103 Early Hints": `HTTP/1.1 103 Early Hints\r\n${BAD}\r\n\r\n${OK}`,
  "102 three times": `HTTP/1.1 102 Processing\r\n${BAD}\r\n\r\n`.repeat(3) + OK,
};
/** Not HTTP, or a switch away from it. */
const RAW = {
  "101 without an upgrade": `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${BAD}\r\n\r\n${OK}`,
  "HTTP/0.9": "hello",
  "a status line with a CR": `HTTP/1.1 200 OK\r${BAD}\r\n${JSON_TYPE}\r\nContent-Length: 2\r\n\r\n{}`,
};
const OTHER = {
  "two answers": OK + `HTTP/1.1 200 OK\r\n${BAD}\r\n\r\n`,
  trailers: `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nTrailer: Set-Cookie\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n${BAD}\r\n\r\n`,
  "204 with a body": `HTTP/1.1 204 No Content\r\nContent-Length: ${BAD.length}\r\n\r\n${BAD}`,
  "a space before the colon": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nSet-Cookie : a=b\r\nContent-Length: 2\r\n\r\n{}`,
  "line feeds alone": `HTTP/1.1 200 OK\n${JSON_TYPE}\nSet-Cookie: a=b\nContent-Length: 2\n\n{}`,
  "a CR in a header": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nX-A: a\rSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}`,
  "a NUL in a header": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nX-A: a\0b\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}`,
  "a length and chunks": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  "two lengths": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nContent-Length: 2\r\nContent-Length: 90\r\n\r\n{}`,
  "a length that is too long": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nContent-Length: 90\r\n\r\n{}`,
  "Connection with the proxy's headers": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\nConnection: close, Content-Security-Policy, X-Frame-Options\r\nContent-Length: 2\r\n\r\n{}`,
  "200 headers": `HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\n${"Set-Cookie: a=b\r\n".repeat(200)}Content-Length: 2\r\n\r\n{}`,
  "an endless header": `HTTP/1.1 200 OK\r\nSet-Cookie: ${"a".repeat(200_000)}\r\n${JSON_TYPE}\r\nContent-Length: 2\r\n\r\n{}`,
  nothing: "",
};

let answer = OK;
const certificate = ca.issue("raw", { commonName: "bigiq", names: ["DNS:bigiq.example.test", "DNS:localhost"] });
const sockets = new Set();
const bigiq = createServer(certificate, (socket) => {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.once("data", () => socket.end(Buffer.from(answer, "latin1")));
});
bigiq.on("tlsClientError", () => {});
await new Promise((resolve) => bigiq.listen(0, "127.0.0.1", resolve));
after(() => {
  bigiq.close();
  for (const socket of sockets) socket.destroy();
});

/** All bytes that the browser gets for a call. */
function bytesOf(to) {
  return new Promise((resolve) => {
    let all = "";
    const headers = ownPage.map(([n, v]) => `${n}: ${v}\r\n`).join("");
    const socket = connect({ port: to.port, host: "127.0.0.1", servername: to.host, ca: to.ca }, () => {
      socket.write(`GET /mgmt/cm/access/tasks/kill-sessions HTTP/1.1\r\nHost: ${to.host}\r\nConnection: close\r\n${headers}\r\n`);
    });
    socket.on("data", (data) => { all += data.toString("latin1"); });
    for (const end of ["close", "error"]) socket.on(end, () => resolve(all));
  });
}

/** The answers in the bytes: interim ones first, each `{status, head}`, and the bytes after the last head. */
function answersIn(bytes) {
  const heads = [];
  for (let rest = bytes; ; ) {
    const end = rest.indexOf("\r\n\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(rest)?.[1]);
    if (end < 0 || Number.isNaN(status)) return { heads, body: rest };
    heads.push({ status, head: rest.slice(0, end) });
    rest = rest.slice(end + 4);
    if (status >= 200) return { heads, body: rest };
  }
}

const hostile = /^(set-cookie|nel|link|upgrade) *:/im;

for (const name of names) {
  describe(name, async () => {
    const to = await proxy({ after }, name, { upstreamPort: bigiq.address().port });

    for (const [what, bytes] of Object.entries({ ...INTERIM, ...RAW, ...OTHER })) {
      const known = name === "nginx" && (what in INTERIM || what in RAW) && "nginx passes this on byte by byte: docs/security.md";
      test(what, { skip: known }, async () => {
        attacked("hostile answers");
        answer = bytes;
        const { heads, body } = answersIn(await bytesOf(to));
        const final = heads.at(-1);
        if (name === "httpd") assert.equal(heads.length, 1, "interim answers are suppressed");
        if (name === "caddy" && what in RAW && final?.status === 200 && body === "") {
          // Caddy answers an upgrade that nobody wanted with an empty answer without headers.
          assert.doesNotMatch(final.head, hostile);
          return;
        }
        assert.ok(final.status >= 200);
        assert.doesNotMatch(final.head, hostile);
        assert.match(final.head, /content-security-policy: default-src 'none'/i);
        assert.match(final.head, /x-frame-options: DENY/i);
        assert.match(final.head, /cache-control: no-store/i);
        if (what === "204 with a body" || what === "two answers") assert.doesNotMatch(body, hostile);
      });
    }
  });
}
