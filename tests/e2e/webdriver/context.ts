// Playwright's BrowserContext: the windows of a session, and the proxy that all of them use.

import type { Session } from "./driver";
import { Page } from "./page";
import type { Proxy } from "./proxy";
import { Window } from "./window";

export class Context {
  private readonly made: Page[] = [];
  /** Playwright's assertions read the base address from here. */
  readonly _options = {};
  private opened: (page: Page) => void = () => {};

  constructor(
    private readonly session: Session,
    readonly proxy: Proxy,
  ) {}

  /** The page of the window that a session starts with. */
  async firstPage(): Promise<Page> {
    return this.add((await this.session.call("GET", "/window")) as string);
  }

  async newPage(): Promise<Page> {
    const { handle } = (await this.session.call("POST", "/window/new", { type: "tab" })) as { handle: string };
    return this.add(handle);
  }

  private add(handle: string): Page {
    const page = new Page(new Window(this.session, handle), this.proxy, this);
    if (this.made.length === 0) this.opened(page);
    this.made.push(page);
    return page;
  }

  pages(): Page[] {
    return this.made;
  }

  /** Only the first page is announced: pages report through the proxy, which can't tell them apart. */
  on(_name: "page", listener: (page: Page) => void): void {
    this.opened = listener;
  }

  async route(...route: Parameters<Proxy["route"]>): Promise<void> {
    this.proxy.route(...route);
  }

  async setOffline(offline: boolean): Promise<void> {
    this.proxy.offline = offline;
  }

  async addInitScript(body: string | ((value: never) => unknown), value?: unknown): Promise<void> {
    this.proxy.addFunction(body, value);
  }

  /** A function of the page that reports to the test. It has no result. */
  async exposeBinding(name: string, called: (source: object, ...values: never[]) => void): Promise<void> {
    this.proxy.events.on(name, (...values) => called({}, ...(values as never[])));
    this.proxy.addScript(`globalThis[${JSON.stringify(name)}] = (...values) => report(${JSON.stringify(name)}, ...values);`);
  }
}
