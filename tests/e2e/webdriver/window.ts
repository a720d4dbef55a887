// A window of a session, to which commands go one window at a time.

import type { Session } from "./driver";

export class Window {
  /** The address of its document, when it was last seen. */
  address = "about:blank";
  /** What Playwright's assertions get as the page of a locator. */
  page: unknown;

  constructor(
    readonly session: Session,
    private readonly handle: string,
  ) {}

  /** Sends the next commands to this window. */
  select(): Promise<void> {
    return this.session.select(this.handle);
  }

  async close(): Promise<void> {
    await this.select();
    await this.session.closeWindow();
  }
}
