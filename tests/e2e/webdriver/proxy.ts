// The browser's HTTP proxy. WebDriver can't change requests, so this does what Playwright does inside a browser: it answers what a test
// routes, reports requests, puts a test's scripts before those of a document, and cuts the network off.

import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, request as ask, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Answer, Request } from "./exchange";
import { syntax } from "./playwright";
import { Route } from "./route";

type Handler = (route: Route, request: Request) => unknown;
export type Pattern = string | RegExp | ((url: URL) => boolean);

/** Below this path, pages fetch scripts from the proxy and report to it. The pages' policy allows it: it is on their own origin. */
const OWN = "/webdriver-proxy/";

/** What a page reports: the name of a binding, and the arguments. */
interface Report {
  name: string;
  values: unknown[];
}

/** Defines `report`, for the scripts of tests. It waits for the proxy, so that a test knows what happened before its next step. */
const REPORT = `const report = (() => { const Request = XMLHttpRequest, json = JSON.stringify;
return (name, ...values) => { const request = new Request(); request.open("POST", "${OWN}report", false); request.send(json({ name, values })); }; })();`;

/** Reports errors of the page. */
const ERRORS = `addEventListener("error", (event) => event.message && report("pageerror", event.message));
addEventListener("unhandledrejection", ({ reason }) => report("pageerror", String(reason?.message ?? reason)));
{ const own = console.error; console.error = (...values) => { report("console", values.map(String).join(" ")); own.apply(console, values); }; }`;

export class Proxy {
  /** "request" and "response", and what pages report. */
  readonly events = new EventEmitter();
  offline = false;
  private routes: { pattern: Pattern; handler: Handler }[] = [];
  private readonly scripts: string[] = [ERRORS];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on("request", (request, response) => void proxy.take(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(Number(process.env.WEBDRIVER_PROXY_PORT ?? 0), "127.0.0.1", resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  route(pattern: Pattern, handler: Handler): void {
    this.routes.unshift({ pattern, handler });
  }

  unroute(pattern?: Pattern): void {
    this.routes = this.routes.filter((route) => pattern !== undefined && String(route.pattern) !== String(pattern));
  }

  /** Runs a script in every document from now on, before its own scripts. */
  addScript(script: string): void {
    this.scripts.push(script);
  }

  /** Runs a function with an argument, or a script, in the same way. */
  addFunction(body: string | ((value: never) => unknown), value?: unknown): void {
    this.addScript(typeof body === "string" ? body : `(${body})(${JSON.stringify(value) ?? ""});`);
  }

  private async take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece as Buffer);
    const content = Buffer.concat(pieces);
    // A browser asks a proxy for whole addresses.
    const url = new URL(message.url ?? "");
    if (url.pathname.startsWith(OWN)) return this.answer(url.pathname.slice(OWN.length), content, response);
    if (this.offline) return void response.destroy();
    const { "proxy-connection": _, connection: __, ...headers } = message.headers;
    const request = new Request(url.href, message.method ?? "GET", headers, content);
    this.events.emit("request", request);
    const routes = this.routes.filter(({ pattern }) => syntax.urlMatches(undefined, url.href, pattern));
    await this.follow(routes, request, response);
  }

  private async answer(path: string, content: Buffer, response: ServerResponse): Promise<void> {
    if (path === "report") {
      const { name, values } = JSON.parse(content.toString()) as Report;
      this.events.emit(name, ...values);
      response.writeHead(204).end();
    } else {
      const script = this.scripts.map((one) => `try { ${one}\n } catch (error) { report("pageerror", String(error)); }`).join("\n");
      response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-store" }).end(`{ ${REPORT}\n${script} }`);
    }
  }

  private async follow([first, ...rest]: { handler: Handler }[], request: Request, response: ServerResponse): Promise<void> {
    if (!first) return this.forward(request, response);
    const route = new Route(request, response, {
      forward: (url) => this.forward(request, response, url),
      fetch: async (url) => {
        const answer = await this.send(request, url, { "accept-encoding": "identity" });
        return new Answer(request, answer);
      },
      next: () => this.follow(rest, request, response),
    });
    await first.handler(route, request);
    await route.settled;
  }

  private send(request: Request, url = request.url(), changed: Record<string, string | undefined> = {}): Promise<IncomingMessage> {
    const headers = { ...request.headers(), ...changed };
    for (const name of Object.keys(headers)) if (headers[name] === undefined) delete headers[name];
    return new Promise((resolve, reject) => {
      const onward = ask(url, { method: request.method(), headers, agent: false }, resolve);
      onward.on("error", reject);
      onward.end(request.content);
    });
  }

  private async forward(request: Request, response: ServerResponse, url?: string): Promise<void> {
    if (isDocument(request)) return this.forwardDocument(request, response, url);
    const message = await this.send(request, url);
    const answer = new Answer(request, message);
    this.events.emit("response", answer);
    // What ends too early must do so here as well.
    message.on("error", () => response.destroy());
    response.on("close", () => message.destroy());
    response.writeHead(answer.status(), message.headers);
    response.flushHeaders();
    message.pipe(response);
  }

  /** Adds the scripts to a document. */
  private async forwardDocument(request: Request, response: ServerResponse, url?: string): Promise<void> {
    const message = await this.send(request, url, { "accept-encoding": "identity", "if-none-match": undefined, "if-modified-since": undefined });
    const answer = new Answer(request, message);
    this.events.emit("response", answer);
    const { "content-length": _, "transfer-encoding": __, etag: ___, "last-modified": ____, ...headers } = message.headers;
    const html = (await answer.text()).replace("<head>", `<head><script src="${OWN}scripts.js"></script>`);
    response.writeHead(answer.status(), headers).end(html);
  }
}

function isDocument(request: Request): boolean {
  const headers = request.headers();
  const into = headers["sec-fetch-dest"];
  if (request.method() !== "GET") return false;
  return into === undefined ? /text\/html/.test(headers.accept ?? "") : into === "document" || into === "iframe";
}
