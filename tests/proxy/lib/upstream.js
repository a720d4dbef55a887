// Stands where BIG-IQ would and remembers, to the byte, what reached it. It knows no BIG-IQ: it answers as it is told.

import { createServer } from "node:tls";
import { readBody, readHead, valuesOf } from "./wire.js";

const good = () => ({ status: 200, headers: [["Content-Type", "application/json; charset=UTF-8"]], body: "{}" });

export class Upstream {
  /** Every request that came, oldest first: `{line, headers, body, from}`. */
  requests = [];
  /** What is answered to a request, now or later: `{status, headers, body}`, or "reset" for a connection that breaks. */
  answer = good;

  static async start(t, { cert, key }) {
    const upstream = new Upstream();
    const sockets = new Set();
    const server = createServer({ cert, key }, (socket) => upstream.#serve(socket));
    server.on("connection", (socket) => {
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

  /** Forgets what came and answers well again. */
  reset() {
    this.requests = [];
    this.answer = good;
  }

  #serve(socket) {
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
        bytes = bodyless ? head.rest : Buffer.alloc(0);
        const request = { line: head.line, headers: head.headers, body: body.toString(), from: socket.remoteAddress };
        this.requests.push(request);
        void Promise.resolve(this.answer(request)).then((answer) => this.#send(socket, answer));
      }
    });
  }

  #send(socket, answer) {
    if (answer === "reset") {
      socket.destroy();
      return;
    }
    const content = Buffer.from(answer.body);
    const lines = [...answer.headers, ["Content-Length", content.length], ["Connection", "close"]];
    socket.end(Buffer.concat([
      Buffer.from(`HTTP/1.1 ${answer.status} X\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`),
      content,
    ]));
  }
}
