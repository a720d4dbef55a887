// A long list of sessions, pasted.

import { expect, test } from "../e2e/support/fixtures";
import { note, noted } from "./support/clock";
import { median, report, RUNS } from "./support/row";
import { text } from "../e2e/support/text";

const LINES = 100_000;

test.use({ simulatorOptions: ["--devices", "500"] });

test("paste, read", async ({ app, page, simulator }) => {
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  const devices = [...new Set((await simulator.sessions()).map((session) => session.device))];
  const lines = Array.from({ length: LINES }, (_, i) => `${devices[i % devices.length]} ${i.toString(16).padStart(8, "0")}`);
  const pasted = lines.join("\n");
  const understood = text("paste_understood", { n: LINES, devices: text("device_count", { n: devices.length }) });
  const field = page.getByRole("textbox", { name: text("paste_sessions") });
  // Passing the text to the page is not part of a paste.
  await page.evaluate((text) => void Object.assign(globalThis, { text }), pasted);
  await note(page);
  const ours: number[] = [];
  const theirs: number[] = [];
  const long: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    // A text this long is not shown in the field.
    const before = page.getByRole("button", { name: text("paste_clear") });
    if (await before.isVisible()) await before.click();
    await expect(page.getByText(understood)).toBeHidden();
    await noted(page);
    ours.push(await field.evaluate((field: HTMLTextAreaElement, understood) => new Promise<number>((resolve) => {
      setTimeout(() => {
        const begun = performance.now();
        new MutationObserver((_, observer) => {
          if (!document.querySelector("main")?.textContent?.includes(understood)) return;
          observer.disconnect();
          resolve(performance.now() - begun);
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
        const { text } = globalThis as unknown as { text: string };
        // Like a paste; what no handler takes goes into the field.
        const paste = new InputEvent("beforeinput", { bubbles: true, cancelable: true, inputType: "insertFromPaste", data: text });
        if (!field.dispatchEvent(paste)) return;
        field.value = text;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      });
    }), understood));
    await expect(page.getByRole("button", { name: text("review_listed", { n: LINES }) })).toBeVisible();
    long.push(Math.max(0, ...(await noted(page)).long));
    theirs.push(await page.evaluate((devices) => {
      const { text } = globalThis as unknown as { text: string };
      const begun = performance.now();
      const known = new Set(devices);
      const found = new Map<string, Set<string>>();
      let sessions = 0;
      let odd = 0;
      const take = ([device = "", id = "", ...more]: string[]) => {
        if (!known.has(device) || !/^\S{1,128}$/.test(id) || more.length > 0) odd += 1;
        else {
          const of = found.get(device) ?? new Set();
          found.set(device, of.add(id));
          sessions += 1;
        }
      };
      const value = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
      // A quote at the start of a cell quotes it, also over line ends; a doubled one inside stands for itself.
      let cells: string[] = [];
      let start = 0;
      let isInside = false;
      for (let at = 0; at <= text.length; at += 1) {
        const char = at < text.length ? text[at] : "\n";
        if (char === '"' && (isInside || at === start || text[at - 1] === '"')) isInside = !isInside;
        else if (!isInside && (char === " " || char === "\t" || char === "," || char === ";" || char === "\n" || char === "\r")) {
          if (at > start) cells.push(value(text.slice(start, at)));
          start = at + 1;
          if (char === "\n" && cells.length > 0) {
            take(cells);
            cells = [];
          }
        }
      }
      if (odd > 0 || sessions !== 100_000) throw new Error("not the same list");
      return performance.now() - begun;
    }, devices));
  }
  report({
    name: "paste.parse",
    value: median(ours),
    unit: "ms",
    against: median(theirs),
    than: "a reader in plain JavaScript that honours quotes",
    goal: { of: "ratio", at: "<=", limit: 1.3 },
    runs: RUNS,
  });
  report({
    name: "paste.parse.longest",
    value: median(long),
    unit: "ms",
    goal: { of: "value", at: "<=", limit: 50 },
    runs: RUNS,
  });
});
