// Other software that changes the page while Curfew runs: translators, password managers, checkers of grammar and themes.

import type { Page } from "@playwright/test";

/**
 * Does what browsers' translators do: each text node is replaced by a `<font>` in a `<font>` that holds the text, at once and
 * whenever the page changes. A change of a replaced text node is not visible, so the page has failed: a console error says so, and
 * fails the test.
 */
export async function translate(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const lost = (text: Text, what: string): void => console.error(`a translator hides that text is ${what}: "${text.data}"`);
    /** Notices when the app changes a node that is no longer in the document. */
    const watch = (text: Text): void => {
      new MutationObserver(() => lost(text, "changed")).observe(text, { characterData: true });
      text.remove = () => lost(text, "removed");
      Object.defineProperty(text, "parentNode", {
        get() {
          lost(text, "replaced");
          return null;
        },
      });
    };
    const replace = (text: Text): void => {
      const [outer, inner] = [document.createElement("font"), document.createElement("font")];
      inner.textContent = text.data;
      outer.append(inner);
      text.replaceWith(outer);
      watch(text);
    };
    const replaceAll = (): void => {
      if (document.body === null) return;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: Text[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (/\S/.test((node as Text).data) && !node.parentElement?.closest("font font, script, style, textarea, noscript")) found.push(node as Text);
      }
      found.forEach(replace);
    };
    new MutationObserver(replaceAll).observe(document, { childList: true, characterData: true, subtree: true });
  });
}
