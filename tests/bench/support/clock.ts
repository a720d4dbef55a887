// What a page itself measures: long tasks, and the time from a key to the painted result.

import type { Page } from "@playwright/test";

interface Noted {
  /** Milliseconds of tasks longer than 50. */
  long: number[];
  /** Milliseconds from each key stroke to the end of the frame that shows the result. */
  strokes: number[];
}

type Noting = { noted: Noted };

/** Starts measuring, before the page's own scripts or at any later time. */
export async function note(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted: Noted = { long: [], strokes: [] };
    Object.assign(globalThis, { noted });
    new PerformanceObserver((list) => noted.long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
    document.addEventListener("input", (event) => {
      requestAnimationFrame(() => {
        // A message arrives after the frame is painted.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => noted.strokes.push(performance.now() - event.timeStamp);
        channel.port2.postMessage(null);
      });
    }, { capture: true });
  });
}

/** The measurements since the last call. */
export async function noted(page: Page): Promise<Noted> {
  return page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100)); // observers get entries late
    const { noted } = globalThis as unknown as Noting;
    const taken = { long: [...noted.long], strokes: [...noted.strokes] };
    noted.long.length = 0;
    noted.strokes.length = 0;
    return taken;
  });
}

/** Presses a key and waits until the page has handled it. */
export async function stroke(page: Page, key: string): Promise<void> {
  const before = await page.evaluate(() => (globalThis as unknown as Noting).noted.strokes.length);
  await page.keyboard.press(key);
  await page.waitForFunction((before) => (globalThis as unknown as Noting).noted.strokes.length > before, before);
}

/**
 * Waits for a text on the page at the lowest cost: on a page with hundreds of rows, locators take so long that they would
 * be measured too. Returns the time by the browser's clock.
 */
export async function shown(page: Page, words: RegExp, polling: number | "raf"): Promise<number> {
  const seen = await page.waitForFunction(
    (words) => new RegExp(words).test(document.querySelector("main")?.textContent ?? "") && Date.now(),
    words.source,
    { polling, timeout: 600_000 },
  );
  return (await seen.jsonValue()) as number;
}
