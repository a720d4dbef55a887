// A document: the page's own, or that of a frame in it. Functions run in it with Playwright's injected script as their first argument.

import { setTimeout as sleep } from "node:timers/promises";
import { DriverError, isReference, type Reference } from "./driver";
import { INJECTED, syntax } from "./playwright";
import type { Window } from "./window";

export const TIMEOUT = 10_000;
const PAUSE = 60;

/** Playwright's injected script. It has no public types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Injected = any;
type Reply<T> = { missing: true } | { error: string } | { value: T; url: string };

/** What Playwright's assertions ask a locator or a page. */
export interface Expected {
  isNot: boolean;
  timeout?: number;
  [option: string]: unknown;
}

export interface Judged {
  matches: boolean;
  received?: unknown;
  errorMessage?: string;
  timedOut?: boolean;
  log: string[];
}

/** Runs a function with the arguments of a script, and reports its result or error to the driver's callback. */
const scriptOf = (body: string): string => `const done = arguments[arguments.length - 1], pw = globalThis.__pw;
if (!pw) return done({ missing: true });
(async () => (${body})(pw, ...[...arguments].slice(0, -1)))().then(
  (value) => done({ value, url: location.href }), (error) => done({ error: String(error?.message ?? error) }));`;

/** Errors of a document or an element that has been replaced meanwhile. */
export const isPassing = (error: unknown) =>
  error instanceof DriverError && /stale element|no such (?:element|frame)|intercepted|not interactable|Could not parse script result/.test(error.message);

export class Frame {
  constructor(
    readonly window: Window,
    readonly parent?: Frame,
    private readonly selector = "",
  ) {}

  /** Sends the next commands to this document. */
  private async enter(): Promise<void> {
    await this.window.select();
    const { session } = this.window;
    if (session.frame === this) return;
    if (this.parent) {
      const element = await this.parent.element(this.selector, ["attached"]);
      await session.call("POST", "/frame", { id: element });
    } else {
      await session.call("POST", "/frame", { id: null });
    }
    session.frame = this;
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    await this.enter();
    return this.window.session.call(method, path, body);
  }

  /** Runs a function in the document. */
  async run<T>(body: ((pw: Injected, ...values: never[]) => T | Promise<T>) | string, ...values: unknown[]): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        const reply = (await this.call("POST", "/execute/async", { script: scriptOf(String(body)), args: values })) as Reply<T>;
        if ("missing" in reply) await this.call("POST", "/execute/sync", { script: INJECTED, args: [] });
        else if ("error" in reply) throw new Error(reply.error);
        else {
          if (!this.parent) this.window.address = reply.url;
          return reply.value;
        }
      } catch (error) {
        // With an element that is gone, the next try would fail too: withElement() finds the new one.
        if (!isPassing(error) || tries > 20 || values.some(isReference)) throw error;
        this.window.session.frame = undefined;
        await sleep(PAUSE);
      }
    }
  }

  /** The one element of a selector, once it has these states. */
  async element(selector: string, states: string[], timeout = TIMEOUT): Promise<Reference> {
    const end = Date.now() + timeout;
    for (;;) {
      const found = await this.run(
        async (pw, selector: string, states: string[]) => {
          const parsed = pw.parseSelector(selector);
          const all = pw.querySelectorAll(parsed, document);
          if (all.length > 1) throw pw.strictModeViolationError(parsed, all);
          if (all.length === 0) return { problem: "not found" };
          const wrong = states.includes("attached") ? undefined : await pw.checkElementStates(all[0], states, true);
          return wrong ? { problem: `not ${wrong.missingState ?? wrong}` } : { element: all[0] as unknown as Reference };
        },
        selector,
        states,
      );
      if (found.element) return found.element;
      if (Date.now() > end) throw new Error(`Timeout ${timeout}ms exceeded: ${syntax.asLocator("javascript", selector)} is ${found.problem}`);
      await sleep(PAUSE);
    }
  }

  /** Does something with an element; once more if the element was replaced, hidden or covered meanwhile. */
  async withElement(selector: string, states: string[], timeout: number, act: (element: Reference) => Promise<void>): Promise<void> {
    const end = Date.now() + timeout;
    for (;;) {
      const element = await this.element(selector, states, Math.max(end - Date.now(), 1));
      try {
        return await act(element);
      } catch (error) {
        if (!isPassing(error) || Date.now() > end) throw error;
        await sleep(PAUSE);
      }
    }
  }

  /** Judges an assertion until it holds. */
  async judge(selector: string, expression: string, { timeout = TIMEOUT, isNot, ...options }: Expected): Promise<Judged> {
    const { signal: _, title: __, ...rest } = options;
    const end = Date.now() + timeout;
    for (;;) {
      const result = await this.run(judge, selector, { ...rest, isNot, expression });
      if (result.error) return { matches: isNot, errorMessage: result.error, log: [] };
      if (result.matches !== isNot) return { matches: result.matches, received: result.received, log: [] };
      if (Date.now() > end) {
        return { matches: isNot, received: result.received, ...(result.isMissing ? { errorMessage: "element(s) not found" } : {}), timedOut: true, log: [] };
      }
      await sleep(PAUSE);
    }
  }

  // What Playwright's assertions about a page use.

  url(): string {
    return this.window.address;
  }

  _expect(expression: string, options: Expected): Promise<Judged> {
    return this.judge(":root", expression, options);
  }
}

interface Judgement {
  matches: boolean;
  received?: unknown;
  isMissing?: boolean;
  error?: string;
}

/** Runs in the page. */
async function judge(pw: Injected, selector: string, options: { expression: string; isNot: boolean }): Promise<Judgement> {
  const { expression, isNot } = options;
  const parsed = pw.parseSelector(selector);
  const all = pw.querySelectorAll(parsed, document);
  if (expression !== "to.have.count" && !expression.endsWith(".array")) {
    if (all.length > 1) return { matches: isNot, error: pw.strictModeViolationError(parsed, all).message };
    if (all.length === 0) {
      if (!isNot && /^to\.be\.(?:hidden|detached)$/.test(expression)) return { matches: true };
      if (isNot && /^to\.be\.(?:visible|attached|in\.viewport)$/.test(expression)) return { matches: false };
      return { matches: isNot, isMissing: true };
    }
  }
  const { matches, received } = await pw.expect(all[0], options, all, true);
  return { matches, received };
}
