// The start of every test: a guard on the page, a fresh simulator, and hosts that end with the test.

import { test as base } from "@playwright/test";
import { Guard } from "./guard";
import { Console } from "./console";
import { PlainHost } from "./plain-host";
import { Simulator } from "./simulator";

export { expect } from "@playwright/test";

interface Fixtures {
  guard: Guard;
  plainHost: PlainHost;
  /** How the simulator is started. */
  simulatorOptions: string[];
  simulator: Simulator;
  /** The app, opened on the simulator, before the sign-in. */
  app: Console;
}

export const test = base.extend<Fixtures>({
  guard: [
    async ({ context }, use) => {
      const guard = new Guard();
      await guard.watch(context);
      await use(guard);
      base.expect(guard.troubles, "violations of the policy, page errors, console errors").toEqual([]);
    },
    { auto: true },
  ],

  plainHost: async ({}, use) => {
    const host = await PlainHost.start();
    await use(host);
    await host.stop();
  },

  simulatorOptions: [[], { option: true }],

  simulator: async ({ simulatorOptions }, use) => {
    const simulator = await Simulator.start(...simulatorOptions);
    await use(simulator);
    await simulator.stop();
  },

  app: async ({ page, simulator }, use) => {
    const app = new Console(page, simulator);
    await app.open();
    await use(app);
  },
});
