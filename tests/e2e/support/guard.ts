// What fails every test: a violation of the security policy, an error of the page, or a console error other than the
// browser's own report of a failed request.

import type { BrowserContext, Page } from "@playwright/test";

export class Guard {
  /** `reads` is whether the driver reports what the browser itself writes to the console. */
  constructor(private readonly reads: boolean) {}

  /** What went wrong, as text. */
  readonly troubles: string[] = [];

  /** Watches every page of the context, from before its first script. */
  async watch(context: BrowserContext): Promise<void> {
    await context.exposeBinding("reportViolation", (_, text: string) => {
      this.troubles.push(`security policy: ${text}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const report = (window as unknown as { reportViolation(text: string): void }).reportViolation;
        report(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    context.on("page", (page) => this.listen(page));
    for (const page of context.pages()) this.listen(page);
  }

  /** Removes the expected problems that match, for tests that cause them; there must be at least one. */
  expectTrouble(pattern: RegExp): void {
    const kept = this.troubles.filter((trouble) => !pattern.test(trouble));
    if (kept.length === this.troubles.length) throw new Error(`no problem like ${pattern}: ${this.troubles.join("; ")}`);
    this.troubles.splice(0, this.troubles.length, ...kept);
  }

  /** The same for what the browser itself writes to the console; only Chromium's driver reports it reliably. */
  expectOfBrowser(pattern: RegExp): void {
    if (this.reads || this.troubles.some((trouble) => pattern.test(trouble))) this.expectTrouble(pattern);
  }

  private listen(page: Page): void {
    page.on("pageerror", (error) => this.troubles.push(`page: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
      this.troubles.push(`console: ${message.text()}`);
    });
  }
}
