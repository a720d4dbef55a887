// Sends requests exactly as written and reads the whole answer, without redirects, retries or normalisation.

import { connect as connectHttp2 } from "node:http2";
import { Agent, request } from "node:https";
import { connect as connectTcp, isIPv6 } from "node:net";
import { connect } from "node:tls";
import { readBody, readHead, valuesOf } from "./wire.js";

/** An answer: `status`, `headers` as pairs, `header(name)` with all values joined, `body` as bytes, `text`. */
class Answer {
  constructor(head, body) {
    this.status = Number(head.line.split(" ")[1]);
    this.headers = head.headers;
    this.body = body;
  }

  header(name) {
    const values = valuesOf(this.headers, name);
    return values.length === 0 ? undefined : values.join(" || ");
  }

  get text() {
    return this.body.toString();
  }
}

/**
 * A connection for raw bytes. `write` resolves to false once the server has answered or closed the connection. `end` says that
 * nothing more will be sent. `client` is the address to come from, for a server with `clients`. `answer` resolves to the first `Answer`, or to `undefined` if the server closes the connection
 * without one.
 */
export async function open({ port, ca, host, client }) {
  const tcp = connectTcp(port, "127.0.0.1");
  if (client !== undefined) tcp.write(isIPv6(client) ? `PROXY TCP6 ${client} 2001:db8:ffff::1 4000 443\r\n` : `PROXY TCP4 ${client} 192.0.2.1 4000 443\r\n`);
  const socket = connect({ socket: tcp, servername: host, ca, ALPNProtocols: ["http/1.1"] });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  let over = false;
  const answer = new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (ended) => {
      over = true;
      const head = readHead(bytes);
      const content = head && (["204", "304"].includes(head.line.split(" ")[1]) ? Buffer.alloc(0) : readBody(head, ended));
      if (content === undefined && !ended) return;
      socket.destroy();
      resolve(content && new Answer(head, content));
    };
    socket.on("data", (data) => {
      bytes = Buffer.concat([bytes, data]);
      finish(false);
    });
    socket.on("end", () => finish(true));
    socket.on("error", (error) => (error.code === "ECONNRESET" || error.code === "EPIPE" ? finish(true) : reject(error)));
  });
  const write = (bytes) => new Promise((resolve) => {
    if (over || socket.destroyed) resolve(false);
    else socket.write(bytes, (error) => resolve(!error && !over));
  });
  return { write, answer, end: () => socket.end(), close: () => socket.destroy() };
}

/** The start of a request, up to its body. */
export function head(host, line, headers, version = "HTTP/1.1") {
  const lines = [["Host", host], ["Connection", "close"], ...headers];
  return `${line} ${version}\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`;
}

/** Sends one request on a new connection and resolves like `answer` of `open`. `line` is method and target; `headers` are pairs. */
export async function send(to, line, { headers = [], body = "", version } = {}) {
  const connection = await open(to);
  const length = body === "" ? [] : [["Content-Length", Buffer.byteLength(body)]];
  await connection.write(head(to.host, line, [...headers, ...length], version) + body);
  return connection.answer;
}

/** Sends a request over HTTP/2, even if TLS agreed on another `protocol`. Resolves to its status, or to `undefined` if the server closes the connection. */
export function sendOverHttp2({ port, ca, host }, line, headers, protocol = "http/1.1") {
  const [method, path] = line.split(" ");
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", servername: host, ca, ALPNProtocols: [protocol] });
    const session = connectHttp2(`https://${host}:${port}`, { createConnection: () => socket });
    const finish = (status) => {
      resolve(status);
      session.destroy();
      socket.destroy();
    };
    for (const one of [socket, session]) one.on("error", () => finish(undefined)).on("close", () => finish(undefined));
    const request = session.request({ ":method": method, ":path": path, ":authority": host, ...headers });
    request.on("response", (answer) => finish(answer[":status"]));
    request.on("error", () => finish(undefined));
    request.end(method === "POST" ? "{}" : "");
  });
}

/** The headers that the app's own page sends with a call. */
export const ownPage = [
  ["X-Curfew", "1"],
  ["Accept", "application/json"],
  ["Sec-Fetch-Site", "same-origin"],
  ["X-F5-Auth-Token", "eyJhbGciOiJSUzM4NCJ9.eyJpc3MiOiJCSUctSVEifQ.c2ln"],
];

/** Like `send`, with the headers of the app's own page and a JSON body. */
export function call(to, line, { headers = [], body } = {}) {
  const json = /^(POST|PATCH) /.test(line);
  return send(to, line, {
    headers: [...ownPage, ...(json ? [["Content-Type", "application/json"]] : []), ...headers],
    body: body ?? (json ? "{}" : ""),
  });
}

/**
 * Sends calls of the app's own page over one connection, each after the answer to the one before. Resolves to the statuses
 * of the answers: fewer than calls if the server closes the connection.
 */
export function oneAfterTheOther({ port, ca, host }, lines) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", servername: host, ca, ALPNProtocols: ["http/1.1"] });
    const found = [];
    let bytes = Buffer.alloc(0);
    const ask = (line) => {
      const json = line.startsWith("POST ") ? [["Content-Type", "application/json"], ["Content-Length", 2]] : [];
      const headers = [["Host", host], ...ownPage, ...json].map(([n, v]) => `${n}: ${v}\r\n`).join("");
      socket.write(`${line} HTTP/1.1\r\n${headers}\r\n${json.length > 0 ? "{}" : ""}`);
    };
    const finish = () => {
      socket.destroy();
      resolve(found);
    };
    socket.on("secureConnect", () => ask(lines[0]));
    socket.on("data", (data) => {
      bytes = Buffer.concat([bytes, data]);
      const head = readHead(bytes);
      if (head === undefined || readBody(head, false) === undefined) return;
      bytes = Buffer.alloc(0);
      found.push(Number(head.line.split(" ")[1]));
      if (found.length < lines.length) ask(lines[found.length]);
      else finish();
    });
    socket.on("end", finish);
    socket.on("error", (error) => (["ECONNRESET", "EPIPE"].includes(error.code) ? finish() : reject(error)));
  });
}

/** The statuses of many calls of the app's own page, over few connections. Only for targets that Node doesn't normalise. */
export async function statuses({ port, ca, host }, lines) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ca, servername: host });
  const one = (line) => new Promise((resolve, reject) => {
    const [method, path] = line.split(" ");
    const headers = { ...Object.fromEntries(ownPage), Host: host };
    if (/^(POST|PATCH)$/.test(method)) headers["Content-Type"] = "application/json";
    request({ agent, port, host: "127.0.0.1", method, path, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    }).on("error", reject).end();
  });
  const found = new Map();
  await Promise.all(lines.map(async (line) => found.set(line, await one(line))));
  agent.destroy();
  return found;
}
