// A WebDriver program and its sessions, by the W3C's protocol: https://www.w3.org/TR/webdriver2/

import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, launch } from "./engines";

/** The member that marks a reference to an element. */
export const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
export type Reference = { [ELEMENT]: string };

export const isReference = (value: unknown): value is Reference => typeof value === "object" && value !== null && ELEMENT in value;

/** An error of the protocol, such as "stale element reference". */
export class DriverError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Driver {
  private constructor(
    readonly engine: Engine,
    private readonly url: string,
  ) {
    process.once("exit", () => engine.end());
  }

  static async start(): Promise<Driver> {
    const port = await freePort();
    const driver = new Driver(await launch(port), `http://127.0.0.1:${port}`);
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        await driver.call("GET", "/status");
        return driver;
      } catch (error) {
        if (error instanceof DriverError) throw error;
        await sleep(50);
      }
    }
    throw new Error("the driver did not start");
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(this.url + path, { method, ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}) });
    const { value } = (await answer.json()) as { value: unknown };
    if (answer.ok) return value;
    const { error, message } = value as { error: string; message: string };
    throw new DriverError(error, `WebDriver: ${error}: ${message}`);
  }

  /** A new window, whose requests go through this proxy. */
  async session(proxy: string): Promise<Session> {
    const alwaysMatch = {
      ...this.engine.capabilities,
      // The adapter waits itself, for what a test asks for.
      pageLoadStrategy: "none",
      unhandledPromptBehavior: "accept",
      proxy: { proxyType: "manual", httpProxy: proxy },
    };
    const { sessionId } = (await this.call("POST", "/session", { capabilities: { alwaysMatch } })) as { sessionId: string };
    const session = new Session(this, sessionId);
    // The limit for scripts runs on the page's clock, which tests set forward.
    await session.call("POST", "/timeouts", { script: 2_000_000_000 });
    return session;
  }

  stop(): void {
    this.engine.end();
  }
}

export class Session {
  /** The document in that window that commands go to, if it is known. */
  frame: unknown;
  /** The window that commands go to. */
  private current = "";

  constructor(
    readonly driver: Driver,
    private readonly id: string,
  ) {}

  call(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.driver.call(method, `/session/${this.id}${path}`, body);
  }

  /** Sends the next commands to this window. */
  async select(handle: string): Promise<void> {
    if (this.current === handle) return;
    await this.call("POST", "/window", { handle });
    this.current = handle;
    this.frame = undefined;
  }

  async closeWindow(): Promise<void> {
    await this.call("DELETE", "/window");
    this.current = "";
  }

  async close(): Promise<void> {
    // If its last window is closed, the session has ended by itself.
    await this.call("DELETE", "").catch(() => {});
  }
}
