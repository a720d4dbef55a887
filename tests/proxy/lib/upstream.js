// Takes BIG-IQ's place and records, byte for byte, what reaches it. It knows nothing about BIG-IQ: tests say how it answers.

import { createServer } from "node:tls";
import { readBody, readHead, valuesOf } from "./wire.js";

const good = () => ({ status: 200, headers: [["Content-Type", "application/json; charset=UTF-8"]], body: "{}" });

/** When a connection ends: after each answer, after the answer to a request that says `Connection: close`, or never. */
export const CLOSES = { always: "always", whenAsked: "when asked", never: "never" };

export class Upstream {
  /** Every complete request, oldest first: `{line, headers, body, from, connection}`. Each connection has its own number, and
   * `rest` is what came after the body in the same packets. */
  requests = [];
  /** How many connections were opened, also those without a complete request. */
  connections = 0;
  /** How to answer a request, now or later: `{status, headers, body}`, or "reset" to break the connection. */
  answer = good;
  /** One of `CLOSES`. */
  closes = CLOSES.always;
  #connected = 0;

  static async start(t, { cert, key }) {
    const upstream = new Upstream();
    const sockets = new Set();
    const server = createServer({ cert, key }, (socket) => {
      upstream.#connected += 1;
      upstream.#serve(socket, upstream.#connected);
    });
    server.on("connection", (socket) => {
      upstream.connections += 1;
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => {});
    });
    // A proxy that refuses the certificate breaks off the handshake.
    server.on("tlsClientError", () => {});
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    upstream.port = server.address().port;
    return upstream;
  }

  /** Forgets all requests and goes back to the usual answer. */
  reset() {
    this.requests = [];
    this.connections = 0;
    this.answer = good;
    this.closes = CLOSES.always;
  }

  #serve(socket, connection) {
    let bytes = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      bytes = Buffer.concat([bytes, data]);
      for (;;) {
        const head = readHead(bytes);
        if (head === undefined) return;
        const bodyless = valuesOf(head.headers, "content-length").length === 0
          && valuesOf(head.headers, "transfer-encoding").length === 0;
        const body = bodyless ? Buffer.alloc(0) : readBody(head, false);
        if (body === undefined) return;
        const rest = head.rest.subarray(Math.min(head.rest.length, Number(valuesOf(head.headers, "content-length")[0] ?? head.rest.length)));
        bytes = bodyless ? head.rest : Buffer.alloc(0);
        const request = { line: head.line, headers: head.headers, body: body.toString(), from: socket.remoteAddress, connection, rest: rest.toString() };
        this.requests.push(request);
        void Promise.resolve(this.answer(request)).then((answer) => this.#send(socket, request, answer));
      }
    });
  }

  #send(socket, { headers }, answer) {
    if (answer === "reset") {
      socket.destroy();
      return;
    }
    const asked = valuesOf(headers, "connection").some((value) => /\bclose\b/i.test(value));
    const ends = this.closes === CLOSES.always || (this.closes === CLOSES.whenAsked && asked);
    const content = Buffer.from(answer.body);
    const lines = [...answer.headers, ["Content-Length", content.length], ...(ends ? [["Connection", "close"]] : [])];
    const message = Buffer.concat([
      Buffer.from(`HTTP/1.1 ${answer.status} X\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`),
      content,
    ]);
    if (ends) socket.end(message);
    else socket.write(message);
  }
}
