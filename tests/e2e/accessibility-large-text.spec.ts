// Text at twice its size, set in the browser and not by a zoom (WCAG 2.2, 1.4.4). A file of its own: the setting needs its own browser.

import { expect, test } from "./support/fixtures";
import { lostWith } from "./support/layout";
import { places } from "./support/places";
import { needs } from "./support/needs";

test.use({
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--blink-settings=defaultFontSize=32"] }),
});

test("text at twice its size: nothing is cut off, and nothing scrolls sideways", needs("layout"), async ({ app, page }) => {
  test.slow();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
  await places(app, async (place) => expect(await lostWith(page), place).toEqual([]));
});
