// A BIG-IP virtual server with proxy/bigip/curfew.irule, as far as tests can have one: tclsh runs the rule (tmm.tcl), and this file stands
// in for the HTTP profile, the client-ssl and server-ssl profiles and the pool. It says nothing about how a BIG-IP parses HTTP.

import { spawn } from "node:child_process";
import { copyFileSync, createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect, createServer } from "node:tls";
import { objects, ruleWith } from "../../../proxy/bigip/make.mjs";
import { readBody, readHead, valuesOf } from "./wire.js";

const hex = (text) => (text === "" ? "{}" : Buffer.from(text, "latin1").toString("hex"));
const text = (word) => Buffer.from(word, "hex").toString("latin1");

/** The elements of a Tcl list whose innermost elements are plain words. */
export function readList(line) {
  const found = [];
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === " ") continue;
    let depth = 0;
    let end = at;
    while (end < line.length && (depth > 0 || line[end] !== " ")) {
      if (line[end] === "{") depth += 1;
      if (line[end] === "}") depth -= 1;
      end += 1;
    }
    const word = line.slice(at, end);
    found.push(word.startsWith("{") ? word.slice(1, -1) : word);
    at = end;
  }
  return found;
}

/** The rule in tclsh: `event` resolves to what it decided. */
function startRule(t, files, log) {
  const child = spawn("tclsh", [join(import.meta.dirname, "tmm.tcl"), ...files], { stdio: ["pipe", "pipe", "pipe"] });
  const waiting = [];
  const output = createWriteStream(log, { flags: "a" });
  createInterface({ input: child.stderr }).on("line", (line) => output.write(`${line.replace(/^log /, "")}\n`));
  const ready = new Promise((resolve, reject) => {
    child.on("error", () => reject(new Error("tclsh is missing: run scripts/setup.sh proxy")));
    child.on("exit", (code) => reject(new Error(`tclsh ended with ${code}: see ${log}`)));
    createInterface({ input: child.stdout }).on("line", (line) => (line === "ready" ? resolve() : waiting.shift()(readList(line))));
  });
  t.after(() => {
    child.stdin.end();
    output.end();
  });
  const event = (name, { number, method = "", uri = "", version = "1.1", client, status = "0", headers }) => new Promise((resolve) => {
    waiting.push(([, isAnswer, code, body, list, pool, collect, release, close]) => {
      const words = readList(list);
      resolve({
        answer: isAnswer === "1" ? { status: code, body: Buffer.from(body, "hex") } : undefined,
        headers: Array.from({ length: words.length / 2 }, (_, i) => [text(words[2 * i]), text(words[2 * i + 1])]),
        pool, collect, released: release === "1", closes: close === "1",
      });
    });
    const pairs = headers.map(([n, v]) => `${hex(n)} ${hex(v)}`).join(" ");
    child.stdin.write(`${name} ${number} ${hex(method)} ${hex(uri)} ${version} ${client} ${status} {${pairs}}\n`);
  });
  return { ready, event };
}

const message = (start, headers, body) => Buffer.concat([Buffer.from(`${start}\r\n${headers.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`, "latin1"), body]);
const simple = (status) => message(`HTTP/1.1 ${status} X`, [["Content-Length", 0], ["Connection", "close"]], Buffer.alloc(0));
const without = (headers, ...names) => headers.filter(([n]) => !names.includes(n.toLowerCase()));

/** Starts the stand-in on a port. Settings as for the other servers; `client` is the address that the rule sees. */
export async function bigip(t, s) {
  const ifiles = join(s.dir, "ifiles");
  mkdirSync(ifiles, { recursive: true });
  const { files, records } = objects(s.site);
  for (const [name, path] of files) copyFileSync(path, join(ifiles, name));
  writeFileSync(join(s.dir, "data-group"), [...records].map(([path, value]) => `${path} ${value}`).join("\n"));
  const rule = ruleWith({ host: s.host, bigiqName: s.bigiqName, ...(s.ancestors ? { ancestors: s.ancestors } : {}) });
  writeFileSync(join(s.dir, "curfew.irule"), s.cancel ? rule.replace(/# (lappend .* cancel)$/m, "$1") : rule);
  const { ready, event } = startRule(t, [join(s.dir, "curfew.irule"), ifiles, join(s.dir, "data-group")], join(s.dir, "access.log"));
  await ready;
  let number = 0;

  /** The call to BIG-IQ, over a connection of its own, and its answer. */
  function openUpstream() {
    const socket = connect({ host: "127.0.0.1", port: s.upstreamPort, servername: s.bigiqName, ca: readFileSync(s.bigiqCa) });
    let bytes = Buffer.alloc(0);
    const answer = new Promise((resolve) => {
      const finish = (ended) => {
        const head = readHead(bytes);
        const body = head && readBody(head, ended);
        if (body === undefined && !ended) return;
        socket.destroy();
        resolve(body && { status: head.line.split(" ")[1], headers: head.headers, body });
      };
      socket.on("data", (data) => { bytes = Buffer.concat([bytes, data]); finish(false); });
      socket.on("end", () => finish(true));
      socket.on("error", () => resolve(undefined));
    });
    return { send: (data) => socket.write(data), answer };
  }

  async function one(socket, head, bodyOf) {
    number += 1;
    const mine = number;
    const [method, uri, protocol] = head.line.split(" ");
    if (!/^[A-Z]+ \S+ HTTP\/1\.[01]$/.test(head.line)) return socket.end(simple(400));
    const about = { number: mine, method, uri, version: protocol.slice(5), client: s.client ?? "127.0.0.1" };
    const decided = await event("HTTP_REQUEST", { ...about, headers: head.headers });
    if (decided.answer) {
      const { status, body } = decided.answer;
      const length = ["204", "304"].includes(status) ? [] : [["Content-Length", body.length]];
      return socket.end(message(`HTTP/1.1 ${status} X`, [...decided.headers, ...length, ["Connection", "close"]], body));
    }
    if (decided.pool !== "curfew_bigiq") return socket.end(simple(500));
    const start = (upstream) => upstream.send(message(`${method} ${uri} HTTP/1.1`, decided.headers, Buffer.alloc(0)));
    let upstream;
    if (decided.collect === "") {
      upstream = openUpstream();
      start(upstream);
    }
    const body = await bodyOf();
    if (decided.collect !== "") {
      const data = await event("HTTP_REQUEST_DATA", { ...about, headers: decided.headers });
      if (!data.released) return socket.end(simple(500));
      upstream = openUpstream();
      start(upstream);
    }
    upstream.send(body);
    const answer = await upstream.answer;
    if (answer === undefined) return socket.destroy();
    const changed = await event("HTTP_RESPONSE", { ...about, status: answer.status, headers: answer.headers });
    const headers = [...without(changed.headers, "content-length", "transfer-encoding"), ["Content-Length", answer.body.length], ...(changed.closes ? [["Connection", "close"]] : [])];
    const out = message(`HTTP/1.1 ${answer.status} X`, headers, answer.body);
    return changed.closes ? socket.end(out) : socket.write(out);
  }

  const sockets = new Set();
  const server = createServer({ cert: s.front.cert, key: s.front.key, ALPNProtocols: ["http/1.1"] }, (socket) => {
    let bytes = Buffer.alloc(0);
    let wake = () => {};
    const next = () => new Promise((resolve) => { wake = resolve; });
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => { bytes = Buffer.concat([bytes, data]); wake(); });
    socket.on("close", () => { sockets.delete(socket); wake(); });
    (async () => {
      while (!socket.destroyed && socket.writable) {
        const head = readHead(bytes);
        if (head === undefined) { await next(); continue; }
        const length = Number(valuesOf(head.headers, "content-length")[0] ?? 0);
        bytes = head.rest;
        await one(socket, head, async () => {
          while (bytes.length < length) {
            if (socket.destroyed) throw new Error("the client closed the connection");
            await next();
          }
          const body = bytes.subarray(0, length);
          bytes = bytes.subarray(length);
          return body;
        });
      }
    })().catch(() => socket.destroy());
  });
  server.on("tlsClientError", () => {});
  await new Promise((resolve) => server.listen(s.port, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}
