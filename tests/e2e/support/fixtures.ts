// The start of every test: a guard on the page, a fresh simulator, and hosts that end with the test.

import { basename } from "node:path";
import { base } from "./base";
import { Guard } from "./guard";
import { Console } from "./console";
import { leftOut } from "./left-out.mjs";
import { PlainHost } from "./plain-host";
import { Simulator } from "./simulator";

export { expect } from "@playwright/test";

interface Fixtures {
  leftOut: void;
  guard: Guard;
  plainHost: PlainHost;
  /** How the simulator is started. */
  simulatorOptions: string[];
  simulator: Simulator;
  /** The app, opened on the simulator, before the sign-in. */
  app: Console;
}

export const test = base.extend<Fixtures>({
  leftOut: [
    async ({}, use, { project, file, title, skip }) => {
      const reason = leftOut(project.name, basename(file), title);
      skip(reason !== undefined, reason);
      await use();
    },
    { auto: true },
  ],

  guard: [
    async ({ context, browserName }, use, { annotations, file }) => {
      // A benchmark measures the browser.
      if (!file.endsWith(".bench.ts")) base.expect(annotations.map(({ type }) => type), "the test says why it needs a browser (support/needs.ts)").toContain("browser");
      const guard = new Guard(browserName === "chromium");
      await guard.watch(context);
      await use(guard);
      base.expect(await guard.unexpected(), "violations of the policy, page errors, console errors").toEqual([]);
    },
    { auto: true },
  ],

  plainHost: async ({}, use) => {
    const host = await PlainHost.start();
    await use(host);
    await host.stop();
  },

  simulatorOptions: [[], { option: true }],

  simulator: async ({ guard, simulatorOptions }, use) => {
    const simulator = await Simulator.start(...simulatorOptions);
    await use(simulator);
    await guard.finish();
    await simulator.stop();
  },

  app: async ({ page, simulator }, use) => {
    const app = new Console(page, simulator);
    await app.open();
    await use(app);
  },
});
