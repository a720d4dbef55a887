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

/**
 * Does what password managers, checkers of grammar and dark themes do: each field gets elements beside it and in its label's place,
 * the root and the head get attributes and styles, and the body gets a host of its own. Repeated whenever the page changes.
 */
export async function decorate(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const host = (name: string): HTMLElement => {
      const element = document.createElement(name);
      element.attachShadow({ mode: "closed" }).append(document.createElement("button"));
      return element;
    };
    const decorateAll = (): void => {
      const root = document.documentElement;
      if (!document.head || !document.body) return;
      root.setAttribute("data-darkreader-mode", "dynamic");
      root.setAttribute("data-darkreader-scheme", "dark");
      if (!document.head.querySelector(".darkreader")) {
        for (const kind of ["fallback", "user-agent"]) {
          const style = document.createElement("style");
          style.className = `darkreader darkreader--${kind}`;
          style.media = "screen";
          document.head.prepend(style);
        }
        const meta = document.createElement("meta");
        meta.name = "darkreader";
        document.head.append(meta);
      }
      for (const sheet of document.querySelectorAll("link[rel=stylesheet]:not([data-dark])")) {
        sheet.setAttribute("data-dark", "");
        const copy = document.createElement("style");
        copy.className = "darkreader darkreader--sync";
        sheet.after(copy);
      }
      for (const field of document.querySelectorAll("input:not([data-1p]), textarea:not([data-1p])")) {
        field.setAttribute("data-1p", "");
        field.setAttribute("data-lpignore", "false");
        field.setAttribute("data-gramm", "true");
        field.before(host("grammarly-extension"));
        field.after(host("com-1password-button"), host("div"));
      }
      if (!document.body.querySelector(":scope > lastpass-save")) {
        document.body.append(host("lastpass-save"));
        document.body.prepend(host("grammarly-desktop-integration"));
      }
    };
    const dark = new CSSStyleSheet();
    dark.replaceSync(":root { --darkreader: 1; }");
    document.adoptedStyleSheets.push(dark);
    new MutationObserver(decorateAll).observe(document, { childList: true, subtree: true });
  });
}
