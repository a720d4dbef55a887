// What both tours through the states (states.ts) share.

import { expect, type Page } from "@playwright/test";
import { CONFIRM, type Console } from "./console";
import type { Guard } from "./guard";
import { KILL, type Simulator } from "./simulator";
import type { State } from "./states";
import { text } from "./text";

export const NOW = "2026-03-02T03:12:07Z";
export const MINUTE = 60_000;
export const lone = { device: ["lone.example.test"] };
export const INVENTORY = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/*";
export const GROUPS = "/mgmt/shared/resolver/device-groups";

/** The page at a fixed time on a fresh appliance, before the sign-in. */
export async function begin(app: Console): Promise<void> {
  const { page, simulator } = app;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.clock.install({ time: new Date(NOW) });
  await simulator.reset({ now: NOW });
  await app.open();
  await expect(page.getByLabel(text("provider"))).toBeVisible();
}

/** A tour through states. */
export class Tour {
  readonly page: Page;
  readonly simulator: Simulator;

  constructor(
    readonly app: Console,
    readonly guard: Guard,
    /** Called in each state. */
    readonly visit: (state: State) => Promise<void>,
  ) {
    this.page = app.page;
    this.simulator = app.simulator;
  }

  /** Opens the page with this configuration. */
  async configured(config: unknown): Promise<void> {
    await this.page.unroute("**/config.json");
    await this.page.route("**/config.json", (route) => route.fulfill({ json: config }));
    await this.page.goto("about:blank");
    await this.app.open();
  }

  /** An empty form. */
  async emptyForm(): Promise<void> {
    await this.app.menu("nav_kill").click();
    await this.page.getByRole("button", { name: text("clear_form") }).click();
  }

  /** Closes the dialog with the button that does nothing. */
  async cancel(name = text("cancel")): Promise<void> {
    await this.app.gate.getByRole("button", { name }).click();
    await expect(this.app.gate).toBeHidden();
  }

  /** Presses the gate's button until it shows this: it ignores clicks right after it has appeared. */
  async pressed(seen: string): Promise<void> {
    const button = this.app.gate.getByRole("button", { name: CONFIRM });
    await expect(async () => {
      if (await button.isVisible()) await button.click({ timeout: 1_000 });
      await expect(this.app.gate.getByText(seen)).toBeVisible({ timeout: 250 });
    }).toPass();
  }

  /** Confirms the reviewed plan, after opening the gate if needed, and makes BIG-IQ refuse it. */
  async rejects(): Promise<void> {
    await this.simulator.faults({ method: "POST", path: KILL, fault: { kind: "status", status: 400, message: "deviceReferences is not a list." } });
    if (!(await this.app.gate.isVisible())) await this.app.review();
    await this.pressed(text("rejected_heading"));
    await this.simulator.faults();
  }

  /** Waits until the page itself shows this. */
  async shows(words: string | RegExp): Promise<void> {
    await expect(this.app.shown(words)).toBeVisible({ timeout: 60_000 });
  }
}
