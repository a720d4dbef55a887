// The simplest static host: no headers except the type, no policy, and nothing behind it until a test adds it. It can
// hold back a file until a test releases it, serve other bytes instead, and it records every request.

import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { DIST } from "./paths";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

export interface Seen {
  method: string;
  url: string;
  body: string;
}

export class PlainHost {
  /** Every request, in order. */
  readonly seen: Seen[] = [];
  private held: { pattern: RegExp; released: Promise<void> }[] = [];
  private behind: { prefix: string; answer: (request: IncomingMessage, response: ServerResponse) => void }[] = [];
  private changed: { pattern: RegExp; change: (data: Buffer) => Buffer }[] = [];

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  /** Serves the bundle under `/folder/`. */
  static async start(folder = ""): Promise<PlainHost> {
    const server = createServer();
    const host = new PlainHost(server, folder === "" ? "/" : `/${folder}/`);
    server.on("request", (request, response) => {
      const behind = host.behind.find(({ prefix }) => request.url?.startsWith(`${prefix}/`));
      if (behind) return behind.answer(request, response);
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const url = request.url ?? "";
        host.seen.push({ method: request.method ?? "", url, body: Buffer.concat(chunks).toString() });
        void host.answer(url).then(
          ([type, data]) => response.writeHead(200, { "content-type": type }).end(data),
          () => response.writeHead(404).end(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.folder}`;
  }

  /** Holds back every file that matches until the returned function is called. */
  hold(pattern: RegExp): () => void {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    this.held.push({ pattern, released });
    return release;
  }

  /** Serves other bytes for every file that matches. */
  tamper(pattern: RegExp, change: (data: Buffer) => Buffer): void {
    this.changed.push({ pattern, change });
  }

  /** Answers everything below a prefix with this function. */
  below(prefix: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void {
    this.behind.push({ prefix, answer });
  }

  /** Forwards everything below a prefix to `url`, which ends in a slash; may omit the sizes of the answers. */
  forward(prefix: string, url: string, announced = true): void {
    this.below(prefix, (request, response) => {
      const target = new URL((request.url ?? "").slice(prefix.length + 1), url);
      const onward = ask(target, { method: request.method, headers: { ...request.headers, host: target.host } }, (answer) => {
        if (!announced) delete answer.headers["content-length"];
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(url: string): Promise<[string, Buffer]> {
    const path = new URL(url, this.url).pathname;
    if (!path.startsWith(this.folder)) throw new Error("outside of the folder");
    const name = path.slice(this.folder.length) || "index.html";
    for (const { pattern, released } of this.held) if (pattern.test(name)) await released;
    let data: Buffer = await readFile(join(DIST, normalize(`/${name}`)));
    for (const { pattern, change } of this.changed) if (pattern.test(name)) data = change(data);
    return [TYPES[extname(name)] ?? "application/octet-stream", data];
  }
}
