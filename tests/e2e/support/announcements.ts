// What a screen reader announces, as text: additions to live regions, the tab's title, and where the focus goes.

import type { Page } from "@playwright/test";

/** Starts recording; call it before the page's scripts run. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const announced: string[] = [];
    Object.assign(window, { announced });
    // The same focus or title again is not announced again.
    const tell = (line: string) => {
      if (announced.at(-1) !== line || /^(?:status|alert)/.test(line)) announced.push(line);
    };
    const region = (node: Node) => (node instanceof Element ? node : node.parentElement)?.closest("[role=status], [role=alert], [role=log], [aria-live]");
    new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.target.nodeName === "TITLE" || change.target.parentNode?.nodeName === "TITLE") tell(`title: ${document.title}`);
        const place = region(change.target);
        // A region that appears with its text is silent, except for an alert.
        if (!place) {
          for (const node of change.addedNodes) {
            if (!(node instanceof Element)) continue;
            if (document.readyState === "loading") continue;
            const alerts = node.matches("[role=alert]") ? [node] : [...node.querySelectorAll("[role=alert]")];
            for (const alert of alerts) if (alert.checkVisibility() && alert.textContent?.trim()) tell(`alert: ${(alert as HTMLElement).innerText.replace(/\s+/g, " ").trim()}`);
          }
          continue;
        }
        // Hidden elements, and a document that is still loading, are silent.
        if (place.getAttribute("role") === "log" || document.readyState === "loading" || !place.checkVisibility()) continue;
        const loud = place.getAttribute("role") === "alert" || place.getAttribute("aria-live") === "assertive";
        const added = change.type === "characterData" ? [change.target] : [...change.addedNodes];
        const text = added.map((node) => (node instanceof HTMLElement ? node.innerText : node.textContent) ?? "").join(" ").replace(/\s+/g, " ").trim();
        if (text) tell(`${loud ? "alert" : "status"}: ${text}`);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
    document.addEventListener("focusin", (event) => {
      const at = event.target as HTMLElement;
      const label = (at as HTMLInputElement).labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.innerText;
      tell(`focus: ${at.matches("h1, h2") ? "heading" : (at.getAttribute("role") ?? at.tagName.toLowerCase())} ${label.replace(/\s+/g, " ").trim()}`);
    });
  });
}

/** The announcements since the last call. */
export function announcements(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { announced: string[] }).announced.splice(0));
}
