// What a test does with a request that it has routed.

import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Answer, Request } from "./exchange";

/** Headers that describe how a body was sent, and not what it is. */
const OF_THE_WIRE = ["content-length", "transfer-encoding", "content-encoding", "connection"];

interface Reply {
  response?: Answer;
  status?: number;
  headers?: Record<string, string>;
  contentType?: string;
  body?: string | Buffer;
  json?: unknown;
}

export interface Ways {
  /** Passes the request on and its answer back. */
  forward(url?: string): Promise<void>;
  /** Passes the request on, for the test. */
  fetch(url?: string): Promise<Answer>;
  /** Asks the route that was registered before this one. */
  next(): Promise<void>;
}

export class Route {
  /** Resolves when the browser has its answer. */
  readonly settled: Promise<void>;
  private settle = () => {};

  constructor(
    private readonly asked: Request,
    private readonly response: ServerResponse,
    private readonly ways: Ways,
  ) {
    this.settled = new Promise((resolve) => (this.settle = resolve));
  }

  request(): Request {
    return this.asked;
  }

  async abort(): Promise<void> {
    this.response.destroy();
    this.settle();
  }

  async continue(changes: { url?: string } = {}): Promise<void> {
    await this.ways.forward(changes.url);
    this.settle();
  }

  async fallback(): Promise<void> {
    await this.ways.next();
    this.settle();
  }

  fetch(changes: { url?: string } = {}): Promise<Answer> {
    return this.ways.fetch(changes.url);
  }

  async fulfill(reply: Reply): Promise<void> {
    const { response: copied, json } = reply;
    const headers: IncomingHttpHeaders = { ...copied?.headers(), ...reply.headers };
    for (const name of OF_THE_WIRE) delete headers[name];
    // A test that routes a file again must be asked again.
    headers["cache-control"] = "no-store";
    if (json !== undefined) headers["content-type"] = "application/json";
    if (reply.contentType) headers["content-type"] = reply.contentType;
    const body = json === undefined ? (reply.body ?? (await copied?.body()) ?? "") : JSON.stringify(json);
    this.response.writeHead(reply.status ?? copied?.status() ?? 200, headers).end(body);
    this.settle();
  }
}
