// A request of the browser and its answer, as a test sees them.

import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

export class Request {
  constructor(
    readonly address: string,
    private readonly verb: string,
    private readonly sent: IncomingHttpHeaders,
    readonly content: Buffer,
  ) {}

  url(): string {
    return this.address;
  }

  method(): string {
    return this.verb;
  }

  headers(): IncomingHttpHeaders {
    return this.sent;
  }

  postData(): string | null {
    return this.content.length > 0 ? this.content.toString() : null;
  }

  postDataJSON(): unknown {
    return JSON.parse(this.content.toString());
  }
}

export class Answer {
  private readonly content: Promise<Buffer>;

  constructor(
    private readonly asked: Request,
    private readonly message: IncomingMessage,
  ) {
    const pieces: Buffer[] = [];
    message.on("data", (piece: Buffer) => pieces.push(piece));
    this.content = new Promise((resolve, reject) => {
      message.once("end", () => resolve(Buffer.concat(pieces)));
      message.once("error", reject);
    });
    // A test need not wait for it.
    this.content.catch(() => {});
  }

  url(): string {
    return this.asked.url();
  }

  request(): Request {
    return this.asked;
  }

  status(): number {
    return this.message.statusCode ?? 0;
  }

  ok(): boolean {
    return this.status() >= 200 && this.status() < 300;
  }

  headers(): IncomingHttpHeaders {
    return this.message.headers;
  }

  async headerValue(name: string): Promise<string | null> {
    return String(this.message.headers[name] ?? "") || null;
  }

  /** Waits until all of it has passed. */
  async finished(): Promise<null> {
    await this.content;
    return null;
  }

  body(): Promise<Buffer> {
    return this.content;
  }

  async text(): Promise<string> {
    return (await this.content).toString();
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}
