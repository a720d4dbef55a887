// Ambiguous lengths, transfer codings and chunks. A server in front of another can be made to see one request where the other sees
// two. BIG-IQ must get one request with one length, or none.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { attacked } from "./lib/attacks.js";
import { call, open, ownPage } from "./lib/browser.js";
import { names } from "./lib/servers.js";
import { world } from "./lib/world.js";

const KILL = "POST /mgmt/cm/access/tasks/kill-sessions";
const TASKS = "GET /mgmt/cm/access/tasks/kill-sessions";
const { upstream, proxy } = await world({ after });

const HIDDEN = "GET /mgmt/tm/util/bash HTTP/1.1\r\nHost: curfew.example.test\r\nConnection: close\r\n\r\n";
const bodyOf = (id) => `{"userName":"variant-${String(id).padStart(2, "0")}"}`;
const LENGTH = bodyOf(0).length;
const LONGER = LENGTH + HIDDEN.length;
const size = LENGTH.toString(16);
const chunks = (body) => `${size}\r\n${body}\r\n0\r\n\r\n`;
const plain = (body) => body;

/** The headers as they are sent, how the body is sent, and the version of HTTP. */
const VARIANTS = [
  [`Content-Length: ${LENGTH}`], // the only one that is not hostile
  [`Content-Length: ${LENGTH}\r\nContent-Length: ${LENGTH}`],
  [`Content-Length: ${LENGTH}\r\nContent-Length: ${LONGER}`],
  [`Content-Length: ${LONGER}\r\nContent-Length: ${LENGTH}`],
  [`Content-Length: ${LENGTH}, ${LENGTH}`],
  [`Content-Length: ${LENGTH}, ${LONGER}`],
  [`Content-Length: +${LENGTH}`],
  [`Content-Length: -${LENGTH}`],
  [`Content-Length: 0x${size}`],
  [`Content-Length: ${LENGTH};`],
  [`Content-Length: 00${LENGTH}`],
  [`Content-Length: ${LENGTH}e0`],
  [`Content-Length: ${LENGTH} 0`],
  ["Content-Length:"],
  ["Content-Length: 0"],
  [`Content-Length: ${2n ** 64n + BigInt(LENGTH)}`],
  [`Content-Length : ${LENGTH}`],
  [`Content-Length\t: ${LENGTH}`],
  [`Content_Length: ${LONGER}\r\nContent-Length: ${LENGTH}`],
  [`X: x\nContent-Length: ${LENGTH}`],
  [`X: x\rContent-Length: ${LENGTH}`],
  [`Content-Length:\r\n ${LENGTH}`],
  [`Content-Length: ${LENGTH}\r\nTransfer-Encoding: chunked`, chunks],
  [`Transfer-Encoding: chunked\r\nContent-Length: ${LONGER}`, chunks],
  [`Content-Length: ${LENGTH}\r\nTransfer-Encoding: identity`],
  [`Content-Length: ${LENGTH}\r\nTransfer-Encoding: xchunked`],
  [`Content-Length: ${LENGTH}\r\nTransfer-Encoding : chunked`],
  [`Content-Length: ${LENGTH}\r\n Transfer-Encoding: chunked`],
  [`Content-Length: ${LENGTH}\r\nTransfer-Encoding:\r\n chunked`],
  [`Content-Length: ${LENGTH}\r\nTransfer-Encoding: \x0bchunked`],
  [`Content-Length: ${LENGTH}\r\nTransfer_Encoding: chunked`],
  ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunks],
  ["Transfer-Encoding: identity, chunked", chunks],
  ["Transfer-Encoding: chunked, chunked", chunks],
  ["Transfer-Encoding: gzip, chunked", chunks],
  ["Transfer-Encoding: chunked;x=y", chunks],
  ["Transfer-Encoding: CHUNKED", chunks],
  ["Transfer-Encoding: chunked", chunks, "HTTP/1.0"],
  ["Transfer-Encoding: chunked", (body) => `0x${chunks(body)}`],
  ["Transfer-Encoding: chunked", (body) => `-${chunks(body)}`],
  ["Transfer-Encoding: chunked", (body) => `${size} \r\n${body}\r\n0\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `${size};a="\r\n${body}\r\n0\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `1${"0".repeat(15)}${size}\r\n${body}\r\n0\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `${"0".repeat(40)}${size}\r\n${body}\r\n0\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `${size}\n${body}\n0\n\n`],
  ["Transfer-Encoding: chunked", (body) => `${size}\r\n${body}0\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `${size}\r\n${body}xx0\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `${size}\r\n${body}\r\n0\r\nContent-Length: 5\r\nX-F5-Auth-Token: other\r\n\r\n`],
  ["Transfer-Encoding: chunked", (body) => `${size}\r\n${body}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n`],
];

for (const name of names) {
  describe(name, async () => {
    const to = await proxy({ after }, name);

    test("BIG-IQ gets one request with one length, or none", async () => {
      upstream.reset();
      const json = [...ownPage, ["Content-Type", "application/json"]].map(([n, v]) => `${n}: ${v}\r\n`).join("");
      const sent = [];
      for (const [index, [headers, encoded = plain, version = "HTTP/1.1"]] of VARIANTS.entries()) {
        const connection = await open(to);
        await connection.write(`${KILL} ${version}\r\nHost: ${to.host}\r\n${json}${headers}\r\n\r\n${encoded(bodyOf(index))}${HIDDEN}`);
        sent.push(connection);
        if (index > 0) attacked("request smuggling");
      }
      // The answers to later calls show that the server had time to forward the earlier requests.
      for (let i = 0; i < 3; i += 1) assert.equal((await call(to, TASKS)).status, 200);
      for (const connection of sent) connection.close();
      assert.equal((await call(to, TASKS)).status, 200);
      const kills = upstream.requests.filter(({ line }) => line !== `${TASKS} HTTP/1.1`);
      assert.ok(kills.some(({ body }) => body === bodyOf(0)));
      for (const { line, headers, body, rest } of kills) {
        const what = `${body} of ${VARIANTS[Number(/variant-(\d+)/.exec(body)?.[1])]?.[0]}`;
        assert.equal(line, `${KILL} HTTP/1.1`, what);
        assert.deepEqual(headers.filter(([n]) => /length/.test(n)), [["content-length", `${body.length}`]], what);
        assert.deepEqual(headers.filter(([n]) => /transfer|trailer/.test(n)), [], what);
        assert.equal(Object.fromEntries(headers)["x-f5-auth-token"], Object.fromEntries(ownPage)["X-F5-Auth-Token"], what);
        assert.ok(body === "" || VARIANTS.some((_, index) => body === bodyOf(index)), what);
        assert.equal(rest, "", what);
      }
      assert.equal(new Set(kills.map(({ connection }) => connection)).size, kills.length);
    });
  });
}
