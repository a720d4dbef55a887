// Playwright's Page: a window of the browser.

import { readdirSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Clock } from "./clock";
import type { Answer, Request } from "./exchange";
import { Finder } from "./finder";
import { Frame, isPassing, TIMEOUT } from "./frame";
import { Keyboard, Mouse } from "./input";
import { Locator } from "./locator";
import { syntax } from "./playwright";
import type { Pattern, Proxy } from "./proxy";
import type { Window } from "./window";

type Load = { waitUntil?: "commit" | "domcontentloaded" | "load" };
type Which<T> = string | RegExp | ((one: T) => boolean);

/** How often something is read again until it has come. */
const PAUSE = 50;
const BY_STATE = { commit: ["loading", "interactive", "complete"], domcontentloaded: ["interactive", "complete"], load: ["complete"] };

/** What is found in a frame of the page. */
class FrameLocator extends Finder<Locator> {
  constructor(private readonly frame: Frame) {
    super();
  }

  protected find(selector: string): Locator {
    return new Locator(this.frame, selector);
  }
}

export class Page extends Finder<Locator> {
  /** By this, Playwright's assertions recognise it. */
  readonly _apiName = "Page";
  readonly clock: Clock;
  readonly keyboard: Keyboard;
  readonly mouse: Mouse;
  private readonly main: Frame;

  constructor(
    private readonly window: Window,
    private readonly proxy: Proxy,
    private readonly owner: unknown,
  ) {
    super();
    window.page = this;
    this.main = new Frame(window);
    this.clock = new Clock(this.main, proxy);
    this.keyboard = new Keyboard(this.main);
    this.mouse = new Mouse(this.main);
  }

  protected find(selector: string): Locator {
    return new Locator(this.main, selector);
  }

  context(): unknown {
    return this.owner;
  }

  mainFrame(): Frame {
    return this.main;
  }

  frames(): Frame[] {
    return [this.main];
  }

  frameLocator(selector: string): FrameLocator {
    return new FrameLocator(new Frame(this.window, this.main, selector));
  }

  // ---- documents

  url(): string {
    return this.window.address;
  }

  async goto(url: string, { waitUntil = "load" }: Load = {}): Promise<void> {
    const [now, next] = [new URL(this.window.address), new URL(url)];
    const isHere = next.hash !== "" && now.href.split("#")[0] === next.href.split("#")[0];
    await this.leave(() => this.main.call("POST", "/url", { url }), isHere ? undefined : waitUntil);
  }

  async reload({ waitUntil = "load" }: Load = {}): Promise<void> {
    await this.leave(() => this.main.call("POST", "/refresh"), waitUntil);
  }

  async goBack(): Promise<void> {
    await this.leave(() => this.main.call("POST", "/back"));
  }

  async goForward(): Promise<void> {
    await this.leave(() => this.main.call("POST", "/forward"));
  }

  /** Does what loads another document, and waits until it is in this state. */
  private async leave(act: () => Promise<unknown>, state?: keyof typeof BY_STATE): Promise<void> {
    await this.execute("window.__left = true; return null;");
    await act();
    const end = Date.now() + 3 * TIMEOUT;
    for (;;) {
      const [isOld, readiness, address] = (await this.execute("return [window.__left === true, document.readyState, location.href]")) as [boolean, string, string];
      this.window.address = address;
      if (state === undefined || (!isOld && BY_STATE[state].includes(readiness))) return;
      if (Date.now() > end) throw new Error(`the document at ${address} is ${isOld ? "still there" : readiness}`);
      await sleep(PAUSE);
    }
  }

  /** Runs a script in whatever document is there, once more if it goes away meanwhile. */
  private async execute(script: string): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.main.call("POST", "/execute/sync", { script, args: [] });
      } catch (error) {
        if (!isPassing(error) || tries > 20) throw error;
        await sleep(PAUSE);
      }
    }
  }

  async title(): Promise<string> {
    return (await this.main.call("GET", "/title")) as string;
  }

  async bringToFront(): Promise<void> {
    await this.window.select();
  }

  async close(): Promise<void> {
    await this.window.close();
  }

  async setViewportSize({ width, height }: { width: number; height: number }): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      const [w, h] = (await this.execute("return [innerWidth, innerHeight]")) as [number, number];
      if (w === width && h === height) return;
      const window = (await this.main.call("GET", "/window/rect")) as { width: number; height: number };
      await this.main.call("POST", "/window/rect", { width: window.width + width - w, height: window.height + height - h });
      await sleep(PAUSE);
    }
    throw new Error(`the window does not become ${width} by ${height}`);
  }

  async screenshot({ path }: { path: string }): Promise<void> {
    await writeFile(path, Buffer.from((await this.main.call("GET", "/screenshot")) as string, "base64"));
  }

  async addInitScript(body: string | ((value: never) => unknown), value?: unknown): Promise<void> {
    this.proxy.addFunction(body, value);
  }

  async evaluate<T>(body: ((value: never) => T) | string, value?: unknown): Promise<T> {
    if (typeof body === "function") return this.main.run(`(_pw, value) => (${body})(value)`, value);
    // The page's policy forbids eval, so the text becomes part of the driver's script.
    return this.main.run(isExpression(body) ? `() => (${body}\n)` : `() => { ${body}\n }`);
  }

  async waitForFunction(body: ((value: never) => unknown) | string, value?: unknown): Promise<void> {
    for (const end = Date.now() + TIMEOUT; !(await this.evaluate(body, value)); await sleep(PAUSE)) {
      if (Date.now() > end) throw new Error("waitForFunction: never true");
    }
  }

  async waitForTimeout(ms: number): Promise<void> {
    await sleep(ms);
  }

  // ---- the network

  async route(...route: Parameters<Proxy["route"]>): Promise<void> {
    this.proxy.route(...route);
  }

  async unroute(pattern: Pattern): Promise<void> {
    this.proxy.unroute(pattern);
  }

  async unrouteAll(): Promise<void> {
    this.proxy.unroute();
  }

  on(name: string, listener: (value: never) => void): this {
    this.proxy.events.on(name, name === "console" ? (words: string) => listener(consoleMessage(words) as never) : (listener as never));
    return this;
  }

  waitForRequest(which: Which<Request>): Promise<Request> {
    return this.first("request", which);
  }

  waitForResponse(which: Which<Answer>): Promise<Answer> {
    return this.first("response", which);
  }

  private first<T extends Request | Answer>(name: string, which: Which<T>): Promise<T> {
    const fits = (one: T) => (typeof which === "function" ? (which as (one: T) => boolean)(one) : syntax.urlMatches(undefined, one.url(), which));
    const { events } = this.proxy;
    return new Promise((resolve, reject) => {
      const listener = (one: T) => fits(one) && end(() => resolve(one));
      const end = (settle: () => void) => {
        clearTimeout(timer);
        events.off(name, listener);
        settle();
      };
      const timer = setTimeout(() => end(() => reject(new Error(`no ${name} like ${which}`))), 3 * TIMEOUT);
      events.on(name, listener);
    });
  }

  async waitForEvent(name: string): Promise<Download> {
    const folder = this.window.session.driver.engine.downloads;
    if (name !== "download" || !folder) throw new Error(`the adapter can't wait for a ${name}`);
    const saved = () => readdirSync(folder).filter((file) => /\.(?:json|csv|txt)$/.test(file));
    const before = new Set(saved());
    for (const end = Date.now() + TIMEOUT; Date.now() < end; await sleep(PAUSE)) {
      const file = saved().find((file) => !before.has(file));
      if (file) return new Download(join(folder, file), file);
    }
    throw new Error("nothing was downloaded");
  }
}

/** Whether a script is an expression, and not statements. */
function isExpression(script: string): boolean {
  try {
    new Function(`return (${script}\n);`);
    return true;
  } catch {
    return false;
  }
}

const consoleMessage = (words: string) => ({ type: () => "error", text: () => words });

class Download {
  constructor(
    private readonly file: string,
    private readonly name: string,
  ) {}

  suggestedFilename(): string {
    return this.name;
  }

  async path(): Promise<string> {
    return this.file;
  }

  saveAs(path: string): Promise<void> {
    return copyFile(this.file, path);
  }
}
