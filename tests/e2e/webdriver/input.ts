// Keys and pointer, through the driver.

import type { Reference } from "./driver";
import type { Frame } from "./frame";

/** The driver's codes of the keys that are no characters. */
const CODES: Record<string, string> = {
  Enter: "\uE007",
  Escape: "\uE00C",
  Tab: "\uE004",
  Backspace: "\uE003",
  Delete: "\uE017",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Home: "\uE011",
  End: "\uE010",
  PageUp: "\uE00E",
  PageDown: "\uE00F",
  Space: " ",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Meta: "\uE03D",
  ControlOrMeta: process.platform === "darwin" ? "\uE03D" : "\uE009",
};

function code(key: string): string {
  const found = CODES[key] ?? (key.length === 1 ? key : undefined);
  if (found === undefined) throw new Error(`the adapter does not know the key ${key}`);
  return found;
}

const press = (value: string) => ({ type: "keyDown", value });
const release = (value: string) => ({ type: "keyUp", value });

export class Keyboard {
  constructor(private readonly frame: Frame) {}

  async press(keys: string): Promise<void> {
    const codes = (keys === "+" ? ["+"] : keys.split("+")).map(code);
    await this.act(...codes.map(press), ...codes.reverse().map(release));
  }

  async type(text: string): Promise<void> {
    await this.act(...[...text].map((one) => code(one === "\n" ? "Enter" : one)).flatMap((value) => [press(value), release(value)]));
  }

  async insertText(text: string): Promise<void> {
    await this.frame.run((_pw, text: string) => void document.execCommand("insertText", false, text), text);
  }

  down(key: string): Promise<void> {
    return this.act(press(code(key)));
  }

  up(key: string): Promise<void> {
    return this.act(release(code(key)));
  }

  /** Does something while keys are down. */
  async holding(keys: string[], act: () => Promise<void>): Promise<void> {
    if (keys.length === 0) return act();
    const codes = keys.map(code);
    await this.act(...codes.map(press));
    await act();
    await this.act(...codes.map(release));
  }

  private async act(...actions: object[]): Promise<void> {
    await this.frame.call("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }
}

const DOWN = { type: "pointerDown", button: 0 };
const UP = { type: "pointerUp", button: 0 };

export class Mouse {
  constructor(private readonly frame: Frame) {}

  move(x: number, y: number): Promise<void> {
    return this.act({ type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) });
  }

  down(): Promise<void> {
    return this.act(DOWN);
  }

  up(): Promise<void> {
    return this.act(UP);
  }

  async click(x: number, y: number): Promise<void> {
    await this.move(x, y);
    await this.act(DOWN, UP);
  }

  /** Moves to the middle of an element. */
  over(origin: Reference): Promise<void> {
    return this.act({ type: "pointerMove", duration: 0, origin, x: 0, y: 0 });
  }

  /** Clicks an element at a position from its corner, or in its middle. */
  async clickElement(element: Reference, count: number, position?: { x: number; y: number }): Promise<void> {
    if (position) {
      const { left, top } = await this.frame.run((_pw, element: Element) => element.getBoundingClientRect().toJSON() as DOMRect, element);
      await this.move(left + position.x, top + position.y);
    } else {
      await this.over(element);
    }
    await this.act(...Array.from({ length: count }, () => [DOWN, UP]).flat());
  }

  private async act(...actions: object[]): Promise<void> {
    const pointer = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions };
    await this.frame.call("POST", "/actions", { actions: [pointer] });
  }
}
