// Draws every page and state into target/pictures, at a fixed time, from the simulator, with an overview page, and
// stores those that the docs show (`make pictures`). Every run compares a selected few with the stored ones.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { decode, DRAWN, moving, removeUnshown, shown, store, stored } from "./support/pictures";
import { type State, STATES, whole } from "./support/states";
import { begin, lone, Tour } from "./support/tour";
import { walk, WAYS } from "./support/walk";
import { text } from "./support/text";
import { needs } from "./support/needs";

const WIDTHS = { wide: 1280, narrow: 320 };
const SCHEMES = ["light", "dark"] as const;
/** The only state that no tour reaches: the accessibility check itself is a script. */
const SHEET = { "no-script": "JavaScript is switched off", ...STATES };

test("the stored pictures are those that the README and the docs show", needs("bundle"), () => {
  test.skip(Boolean(process.env.PICTURES), "they are being drawn");
  expect(stored()).toEqual(shown());
});

test("selected pages look like the stored pictures", needs("layout"), async ({ app, page, guard }) => {
  test.skip(Boolean(process.env.PICTURES), "they are being drawn");
  test.setTimeout(60_000);
  await begin(app);
  const tour = new Tour(app, guard, async () => {});
  const same = async (state: State, size: keyof typeof WIDTHS, colorScheme: (typeof SCHEMES)[number]) => {
    await page.emulateMedia({ colorScheme });
    const name = `${state}-${size}-${colorScheme}`;
    decode(name, test.info().snapshotPath(`${name}.png`, { kind: "screenshot" }));
    await expect(page).toHaveScreenshot(`${name}.png`, {
      ...(await whole(page, WIDTHS[size])),
      // Digits of times may differ, and slightly the edges of letters.
      maxDiffPixelRatio: 0.005,
    });
    await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  };
  await same("sign-in", "wide", "light");
  await same("sign-in", "narrow", "dark");
  await app.begin();
  // The age of the inventory has as many words as in the stored pictures, which a longer tour drew.
  await page.clock.runFor(4_000);
  await same("kill-empty", "wide", "light");
  await same("kill-empty", "narrow", "light");
  await app.users("user2");
  await app.reason("INC-4711");
  await app.choose({ cluster: ["BlueCluster", "RedCluster"], ...lone });
  await app.knowsSessions();
  await same("kill", "wide", "light");
  await same("kill", "narrow", "dark");
  await app.review();
  await same("gate", "wide", "dark");
  await same("gate", "narrow", "light");
  await tour.cancel();
  await tour.rejects();
  await same("gate-rejected", "wide", "light");
  await tour.cancel(text("back_to_form"));
  await app.menu("nav_jobs").click();
  await page.getByRole("row").filter({ hasText: text("headline_rejected") }).getByRole("link").click();
  await same("job-rejected", "wide", "light");
  await same("job-rejected", "narrow", "dark");
  await page.evaluate(() => (location.hash = "#/nowhere"));
  await same("not-found", "wide", "dark");
});

test.describe("drawn", () => {
  test.skip(!process.env.PICTURES, "drawn by `make pictures` only");

  /** Every picture of these states. */
  const names = (states: readonly string[]) =>
    states.flatMap((state) => Object.keys(WIDTHS).flatMap((size) => SCHEMES.map((scheme) => `${state}-${size}-${scheme}`)));

  /**
   * Draws the page. Returns a function that stores the picture if the docs show it: storing takes seconds, in which
   * jobs would end.
   */
  const draw = async (page: Page, name: string, fullPage: boolean) => {
    const path = `${DRAWN}/${name}.png`;
    const shot = () => page.screenshot({ fullPage, path, animations: "disabled" });
    let last = await shot();
    if (!shown().includes(name)) return () => {};
    // A layer that is no longer needed is painted with its neighbours a frame later, and rounded otherwise.
    for (let again = 0; again < 5; again += 1) {
      const next = await shot();
      if (next.equals(last)) break;
      last = next;
    }
    const except = await moving(page);
    return () => store(name, path, except);
  };

  for (const way of WAYS) {
    test(`every state ${way.name}`, needs("layout"), async ({ app, page, guard }) => {
      test.setTimeout(900_000);
      const drawn: (() => void)[] = [];
      const left = await walk(way, app, guard, async (state) => {
        for (const [size, width] of Object.entries(WIDTHS)) {
          for (const colorScheme of SCHEMES) {
            await page.emulateMedia({ colorScheme });
            const { fullPage } = await whole(page, width);
            drawn.push(await draw(page, `${state}-${size}-${colorScheme}`, fullPage));
          }
        }
        await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
      });
      expect(left).toEqual([]);
      for (const keep of drawn) keep();
    });
  }

  test.describe("without JavaScript", () => {
    test.use({ javaScriptEnabled: false });
    test("the page that needs it", needs("layout"), async ({ page, simulator }) => {
      await page.goto(simulator.url);
      for (const [size, width] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          const keep = await draw(page, `no-script-${size}-${colorScheme}`, false);
          keep();
        }
      }
    });
  });

  test("the overview page", needs("layout"), () => {
    const cell = (state: string, text: string, size: string, scheme: string) =>
      `![${text}, ${WIDTHS[size as keyof typeof WIDTHS]} px, ${scheme}](${state}-${size}-${scheme}.png)`;
    const sections = Object.entries(SHEET).map(([state, text]) =>
      [
        `## ${text}`,
        "",
        "| light | dark |",
        "| --- | --- |",
        ...Object.keys(WIDTHS).map((size) => `| ${SCHEMES.map((scheme) => cell(state, text, size, scheme)).join(" | ")} |`),
        "",
      ].join("\n"),
    );
    const meant = new Set(names(Object.keys(SHEET)).map((name) => `${name}.png`));
    mkdirSync(DRAWN, { recursive: true });
    for (const file of readdirSync(DRAWN)) if (file.endsWith(".png") && !meant.has(file)) rmSync(`${DRAWN}/${file}`);
    const head = "# Pictures\n\nDrawn by `make pictures` from the release bundle against the simulator, each at 1280 and 320 pixels, light and dark.\n";
    writeFileSync(`${DRAWN}/index.md`, [head, ...sections].join("\n"));
    removeUnshown();
  });
});
