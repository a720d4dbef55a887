// Playwright's Locator. Clicks and keys are the driver's; everything else is done by Playwright's injected script.

import { DriverError, ELEMENT } from "./driver";
import { Finder, type Filter, narrowed } from "./finder";
import { type Expected, type Frame, type Injected, type Judged, TIMEOUT } from "./frame";
import { Keyboard, Mouse } from "./input";
import { syntax } from "./playwright";

interface Click {
  timeout?: number;
  position?: { x: number; y: number };
  modifiers?: string[];
  clickCount?: number;
}
type Wait = { timeout?: number };
type Select = string | { label?: string; value?: string; index?: number };

export class Locator extends Finder<Locator> {
  /** By this, Playwright's assertions recognise it. */
  readonly _apiName = "Locator";
  private readonly keyboard: Keyboard;
  private readonly mouse: Mouse;

  constructor(
    private readonly frame: Frame,
    readonly _selector: string,
  ) {
    super();
    this.keyboard = new Keyboard(frame);
    this.mouse = new Mouse(frame);
  }

  protected find(selector: string): Locator {
    return new Locator(this.frame, `${this._selector} >> ${selector}`);
  }

  toString(): string {
    return syntax.asLocator("javascript", this._selector);
  }

  page(): unknown {
    return this.frame.window.page;
  }

  _expect(expression: string, options: Expected): Promise<Judged> {
    return this.frame.judge(this._selector, expression, options);
  }

  filter(filter: Filter): Locator {
    return new Locator(this.frame, narrowed(this._selector, filter));
  }

  first(): Locator {
    return this.nth(0);
  }

  last(): Locator {
    return this.nth(-1);
  }

  nth(index: number): Locator {
    return this.find(`nth=${index}`);
  }

  and(other: Locator): Locator {
    return this.find(`internal:and=${JSON.stringify(other._selector)}`);
  }

  or(other: Locator): Locator {
    return this.find(`internal:or=${JSON.stringify(other._selector)}`);
  }

  async all(): Promise<Locator[]> {
    return Array.from({ length: await this.count() }, (_, index) => this.nth(index));
  }

  // ---- what an operator does

  async click({ timeout = TIMEOUT, position, modifiers = [], clickCount = 1 }: Click = {}): Promise<void> {
    await this.frame.withElement(this._selector, ["visible", "enabled", "stable"], timeout, async (element) => {
      if (!position && modifiers.length === 0 && clickCount === 1) return void (await this.frame.call("POST", `/element/${element[ELEMENT]}/click`));
      await this.frame.run((_pw, element: Element) => element.scrollIntoView({ block: "nearest" }), element);
      await this.keyboard.holding(modifiers, () => this.mouse.clickElement(element, clickCount, position));
    });
  }

  dblclick(options?: Click): Promise<void> {
    return this.click({ ...options, clickCount: 2 });
  }

  async hover({ timeout = TIMEOUT }: Wait = {}): Promise<void> {
    await this.frame.withElement(this._selector, ["visible", "stable"], timeout, (element) => this.mouse.over(element));
  }

  async fill(value: string, { timeout = TIMEOUT }: Wait = {}): Promise<void> {
    await this.frame.withElement(this._selector, ["visible", "enabled", "editable"], timeout, async (element) => {
      // In a frame without the focus, nothing can be inserted.
      if (this.frame.parent) await this.frame.call("POST", `/element/${element[ELEMENT]}/click`);
      const outcome = await this.frame.run(
        (pw, element: Element, value: string) => {
          const outcome: unknown = pw.fill(element, value);
          // The text is selected now.
          if (outcome === "needsinput") document.execCommand(value ? "insertText" : "delete", false, value);
          return outcome;
        },
        element,
        value,
      );
      if (String(outcome).startsWith("error")) throw new DriverError("stale element reference", String(outcome));
    });
  }

  clear(): Promise<void> {
    return this.fill("");
  }

  check(options?: Click): Promise<void> {
    return this.setChecked(true, options);
  }

  uncheck(options?: Click): Promise<void> {
    return this.setChecked(false, options);
  }

  private async setChecked(wanted: boolean, options?: Click): Promise<void> {
    if ((await this.isChecked()) !== wanted) await this.click(options);
    if ((await this.isChecked()) !== wanted) throw new Error(`the click did not change ${this}`);
  }

  async press(keys: string): Promise<void> {
    await this.focus();
    await this.keyboard.press(keys);
  }

  async pressSequentially(text: string): Promise<void> {
    await this.focus();
    await this.keyboard.type(text);
  }

  async selectOption(choice: Select | Select[]): Promise<void> {
    const wanted = [choice].flat().map((one) => (typeof one === "string" ? { valueOrLabel: one } : one));
    const outcome = await this.on((pw, element, wanted: Select[]) => pw.selectOptions(element, wanted) as unknown, wanted);
    if (typeof outcome === "string") throw new Error(`${this}: ${outcome}`);
  }

  focus(): Promise<void> {
    return this.on((pw, element) => void pw.focusNode(element));
  }

  blur(): Promise<void> {
    return this.on((_pw, element) => element.blur());
  }

  dispatchEvent(type: string, init: object = {}): Promise<void> {
    return this.on((pw, element, type: string, init: object) => void pw.dispatchEvent(element, type, init), type, init);
  }

  scrollIntoViewIfNeeded(): Promise<void> {
    return this.on((_pw, element) => element.scrollIntoView({ block: "center" }));
  }

  // ---- what a test reads

  evaluate<T>(body: (element: HTMLElement, value: never) => T, value?: unknown): Promise<Awaited<T>> {
    return this.on<T>(`(_pw, element, value) => (${body})(element, value)`, value);
  }

  evaluateAll<T>(body: (elements: HTMLElement[], value: never) => T, value?: unknown): Promise<T> {
    return this.frame.run(`(pw, selector, value) => (${body})(pw.querySelectorAll(pw.parseSelector(selector), document), value)`, this._selector, value);
  }

  count(): Promise<number> {
    return this.evaluateAll((elements) => elements.length);
  }

  /** At once, unlike the other questions. */
  isVisible(): Promise<boolean> {
    return this.frame.run((pw, selector: string) => {
      const parsed = pw.parseSelector(selector);
      const all = pw.querySelectorAll(parsed, document);
      if (all.length > 1) throw pw.strictModeViolationError(parsed, all);
      return all.length === 1 && (pw.elementState(all[0], "visible", true).matches as boolean);
    }, this._selector);
  }

  async isHidden(): Promise<boolean> {
    return !(await this.isVisible());
  }

  isEnabled(): Promise<boolean> {
    return this.on((pw, element) => pw.elementState(element, "enabled").matches as boolean);
  }

  isChecked(): Promise<boolean> {
    return this.on((pw, element) => pw.elementState(element, "checked").matches as boolean);
  }

  innerText(): Promise<string> {
    return this.on((_pw, element) => element.innerText);
  }

  textContent(): Promise<string | null> {
    return this.on((_pw, element) => element.textContent);
  }

  inputValue(): Promise<string> {
    return this.on((_pw, element) => (element as HTMLInputElement).value);
  }

  getAttribute(name: string): Promise<string | null> {
    return this.on((_pw, element, name: string) => element.getAttribute(name), name);
  }

  boundingBox(): Promise<{ x: number; y: number; width: number; height: number }> {
    return this.on((_pw, element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });
  }

  allInnerTexts(): Promise<string[]> {
    return this.evaluateAll((elements) => elements.map((element) => element.innerText));
  }

  allTextContents(): Promise<(string | null)[]> {
    return this.evaluateAll((elements) => elements.map((element) => element.textContent));
  }

  async waitFor({ state = "visible", timeout = TIMEOUT }: { state?: string; timeout?: number } = {}): Promise<void> {
    const { matches } = await this._expect(`to.be.${state}`, { isNot: false, timeout });
    if (!matches) throw new Error(`Timeout ${timeout}ms exceeded: ${this} is not ${state}`);
  }

  /** Runs a function on the one element, once it exists. */
  private async on<T>(body: ((pw: Injected, element: HTMLElement, ...values: never[]) => T) | string, ...values: unknown[]): Promise<Awaited<T>> {
    let result: unknown;
    await this.frame.withElement(this._selector, ["attached"], TIMEOUT, async (element) => {
      result = await this.frame.run(String(body), element, ...values);
    });
    return result as Awaited<T>;
  }
}
