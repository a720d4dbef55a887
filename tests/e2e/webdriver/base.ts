// Playwright's own fixtures, for a browser behind WebDriver: they take the place of support/base.ts.

import { type Fixtures, test } from "@playwright/test";
import { Context } from "./context";
import { Driver } from "./driver";
import type { Page } from "./page";
import { Proxy } from "./proxy";

interface Own {
  context: Context;
  page: Page;
}

interface OfWorker {
  driver: Driver;
  browser: object;
}

const fixtures: Fixtures<Own, OfWorker> = {
  driver: [
    async ({}, use) => {
      const driver = await Driver.start();
      await use(driver);
      driver.stop();
    },
    { scope: "worker" },
  ],

  // So that Playwright starts none.
  browser: [async ({}, use) => use({}), { scope: "worker" }],

  context: async ({ driver }, use) => {
    const proxy = await Proxy.start();
    const session = await driver.session(proxy.address);
    await use(new Context(session, proxy));
    await session.close();
    await proxy.stop();
  },

  page: async ({ context }, use, info) => {
    const page = await context.firstPage();
    await page.setViewportSize({ width: 1280, height: 900 });
    await use(page);
    if (info.status !== info.expectedStatus) await page.screenshot({ path: info.outputPath("page.png") }).catch(() => {});
  },
};

// They have the names of Playwright's own, with other types.
export const base = test.extend<Own, OfWorker>(fixtures as never) as unknown as typeof test;
