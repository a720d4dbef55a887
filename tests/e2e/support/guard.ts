// What fails every test: a violation of the security policy, an error of the page, or a console error other than the
// browser's own report of a failed request.

import { type BrowserContext, expect, type Page } from "@playwright/test";

/** Whether a problem is an expected one. Firefox's driver reports an error that was written to the console without its message. */
const are = ({ pattern }: { pattern: RegExp }) => (trouble: string) => pattern.test(trouble) || trouble === "console: Error";

export class Guard {
  /** `reads` is whether the driver reports what the browser itself writes to the console. */
  constructor(private readonly reads: boolean) {}

  /** What went wrong, as text. */
  readonly troubles: string[] = [];
  private isOver = false;
  /** Expected problems that a driver may report later. */
  private readonly late: { pattern: RegExp; isSure: boolean }[] = [];

  /** Watches every page of the context, from before its first script. */
  async watch(context: BrowserContext): Promise<void> {
    await context.exposeBinding("reportViolation", (_, text: string) => {
      this.add(`security policy: ${text}`);
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
    // Firefox's driver reports a problem after the test's next step.
    if (!this.reads) return void this.late.push({ pattern, isSure: true });
    const kept = this.troubles.filter((trouble) => !pattern.test(trouble));
    if (kept.length === this.troubles.length) throw new Error(`no problem like ${pattern}: ${this.troubles.join("; ")}`);
    this.troubles.splice(0, this.troubles.length, ...kept);
  }

  /** The same for what the browser itself writes to the console; only Chromium's driver reports it reliably. */
  expectOfBrowser(pattern: RegExp): void {
    if (this.reads) this.expectTrouble(pattern);
    else this.late.push({ pattern, isSure: false });
  }

  /**
   * Ends the watch, after everything that was expected has been reported. The appliance stops next, and a page that was still
   * loading reports that as an error.
   */
  async finish(): Promise<void> {
    const missing = () => this.late.filter((one) => one.isSure && !this.troubles.some(are(one))).map(({ pattern }) => String(pattern));
    await expect.poll(missing, "expected problems that were not reported").toEqual([]);
    this.isOver = true;
  }

  /** What went wrong and was not expected. */
  async unexpected(): Promise<string[]> {
    await this.finish();
    return this.troubles.filter((trouble) => !this.late.some((one) => are(one)(trouble)));
  }

  private listen(page: Page): void {
    page.on("pageerror", (error) => this.add(`page: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
      this.add(`console: ${message.text()}`);
    });
  }

  private add(trouble: string): void {
    if (!this.isOver) this.troubles.push(trouble);
  }
}
