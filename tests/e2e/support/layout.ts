// What the browser's layout shows of a page: what is cut off, where the focus is, and which colours are next to each other.

import type { Page } from "@playwright/test";

/** Whether nothing is wider than the page. */
export const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

/** Whether some of the focused element is on the screen, and not covered by sticky parts. */
export const inSight = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return true;
    const box = at.getBoundingClientRect();
    for (let y = Math.max(box.top, 0) + 1; y < Math.min(box.bottom, innerHeight); y += 4) {
      const hit = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), y);
      if (hit && (at.contains(hit) || hit.contains(at))) return true;
    }
    return false;
  });

/** The text spacing that a page must survive (WCAG 2.2, 1.4.12). */
export const SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }";

/** Names that are cut off in a row, and complete while the row has the focus. */
const COMPLETE_ON_FOCUS = ".row-name, .row-more, .row-aside, .find-results .list-row > span, .chip-label";

/** The texts that are cut off or outside of the page, with an added style sheet. */
export async function lostWith(page: Page, style = ""): Promise<string[]> {
  await page.evaluate((style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets.push(sheet); // the console's own is there, too
    dispatchEvent(new Event("resize")); // lists measure their text
  }, style);
  // Lists are drawn again.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const lost = await page.evaluate((complete) => {
    const words = (element: Element) => `${element.tagName.toLowerCase()}.${element.className} ${element.textContent?.trim().slice(0, 60)}`;
    const found: string[] = [];
    /** Whether it is only for screen readers. */
    const isUnseen = (element: Element) => {
      for (let at: Element | null = element; at; at = at.parentElement) if (getComputedStyle(at).clipPath === "inset(50%)") return true;
      return false;
    };
    const isWide = document.documentElement.scrollWidth > innerWidth;
    if (isWide) found.push("the page is wider than the window");
    for (const element of document.body.querySelectorAll("*")) {
      if (!element.textContent?.trim() || !element.checkVisibility() || element.closest("svg") || element.matches(complete) || isUnseen(element)) continue;
      const { overflowX, overflowY } = getComputedStyle(element);
      const cutX = /hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1;
      const cutY = /hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1;
      if (cutX || cutY || (isWide && element.getBoundingClientRect().right > innerWidth)) found.push(words(element));
      // A row has a fixed height: its parts stay within it.
      const row = element.parentElement?.closest(".list-row");
      if (row && element.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom + 1) found.push(words(element));
    }
    return found;
  }, COMPLETE_ON_FOCUS);
  await page.evaluate(() => {
    document.adoptedStyleSheets.pop();
    dispatchEvent(new Event("resize"));
  });
  return lost;
}

/** Colours that must differ: of which element, which of its properties, and whether from what is inside or around it. */
type Pair = readonly [selector: string, property: string, against: "inside" | "around"];

/** The pairs of colours with a contrast below `least`. Every selector must match a visible element. */
export const tooSimilar = (page: Page, least: number, pairs: readonly Pair[]): Promise<string[]> =>
  page.evaluate(
    ([least, pairs]) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 1;
      const brush = canvas.getContext("2d", { willReadFrequently: true })!;
      /** The brightness of colours on top of each other, the lowest first. */
      const brightness = (colours: string[]): number => {
        brush.clearRect(0, 0, 1, 1);
        for (const colour of colours) {
          brush.fillStyle = colour;
          brush.fillRect(0, 0, 1, 1);
        }
        const [r = 0, g = 0, b = 0] = [...brush.getImageData(0, 0, 1, 1).data].map((byte) => {
          const part = byte / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      /** The backgrounds of an element and those around it, the lowest first. */
      const grounds = (element: Element | null): string[] => (element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : []);
      const found: string[] = [];
      for (const [selector, property, against] of pairs) {
        const element = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
        if (!element) {
          found.push(`${selector}: not there`);
          continue;
        }
        const below = grounds(against === "inside" ? element : element.parentElement);
        const [dark = 0, light = 0] = [brightness(below), brightness([...below, getComputedStyle(element).getPropertyValue(property)])].sort((a, b) => a - b);
        const contrast = (light + 0.05) / (dark + 0.05);
        if (contrast < least) found.push(`${selector} ${property}: ${contrast.toFixed(2)}`);
      }
      return found;
    },
    [least, pairs] as const,
  );
