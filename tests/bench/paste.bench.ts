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
      for (const line of text.split("\n")) {
        const [device = "", id = "", ...more] = line.trim().split(/\s+/);
        if (!known.has(device) || !/^\S{1,128}$/.test(id) || more.length > 0) odd += 1;
        else {
          const of = found.get(device) ?? new Set();
          found.set(device, of.add(id));
          sessions += 1;
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
    than: "split and count in plain JavaScript",
    goal: { of: "ratio", at: "<=", limit: 2 },
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
