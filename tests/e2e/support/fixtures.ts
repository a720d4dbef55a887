// What every test starts from: a guard on the page, a fresh simulator, and hosts that end with the test.

import { test as base } from "@playwright/test";
import { Guard } from "./guard";
import { PlainHost } from "./plain-host";

export { expect } from "@playwright/test";

interface Fixtures {
  guard: Guard;
  plainHost: PlainHost;
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
});
