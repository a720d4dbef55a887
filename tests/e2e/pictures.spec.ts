// Draws every page and state into docs/pictures, at a fixed time, from the simulator, with the sheet of them all (`make
// pictures`). A chosen few are compared with what is stored there in every run.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { type State, STATES, whole } from "./support/states";
import { begin, lone, Tour } from "./support/tour";
import { walk, WAYS } from "./support/walk";

const FOLDER = `${ROOT}/docs/pictures`;
const WIDTHS = { wide: 1280, narrow: 320 };
const SCHEMES = ["light", "dark"] as const;
/** The one state that no walk comes to: what looks at its accessibility is a script. */
const SHEET = { "no-script": "JavaScript is switched off", ...STATES };

test("a chosen few pages look as they are stored", async ({ app, page, guard }) => {
  test.skip(Boolean(process.env.PICTURES), "they are being drawn");
  test.setTimeout(60_000);
  await begin(app);
  const tour = new Tour(app, guard, async () => {});
  const same = async (state: State, size: keyof typeof WIDTHS, colorScheme: (typeof SCHEMES)[number]) => {
    await page.emulateMedia({ colorScheme });
    await expect(page).toHaveScreenshot(`${state}-${size}-${colorScheme}.png`, {
      ...(await whole(page, WIDTHS[size])),
      // What may differ are the digits of times, and by a shade the edges of letters.
      maxDiffPixelRatio: 0.005,
    });
    await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  };
  await same("sign-in", "wide", "light");
  await same("sign-in", "narrow", "dark");
  await app.begin();
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
  await tour.cancel("Back to the form");
  await app.menu("Jobs").click();
  await page.getByRole("listitem").filter({ hasText: "Rejected by BIG-IQ" }).getByRole("link").click();
  await same("job-rejected", "wide", "light");
  await same("job-rejected", "narrow", "dark");
  await page.evaluate(() => (location.hash = "#/nowhere"));
  await same("not-found", "wide", "dark");
});

test.describe("drawn", () => {
  test.skip(!process.env.PICTURES, "drawn by `make pictures` only");

  for (const way of WAYS) {
    test(`every state ${way.name}`, async ({ app, page, guard }) => {
      test.setTimeout(900_000);
      const left = await walk(way, app, guard, async (state) => {
        for (const [size, width] of Object.entries(WIDTHS)) {
          for (const colorScheme of SCHEMES) {
            await page.emulateMedia({ colorScheme });
            const path = `${FOLDER}/${state}-${size}-${colorScheme}.png`;
            await page.screenshot({ ...(await whole(page, width)), path, animations: "disabled" });
          }
        }
        await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
      });
      expect(left).toEqual([]);
    });
  }

  test.describe("without JavaScript", () => {
    test.use({ javaScriptEnabled: false });
    test("the page that needs it", async ({ page, simulator }) => {
      await page.goto(simulator.url);
      for (const [size, width] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `${FOLDER}/no-script-${size}-${colorScheme}.png` });
        }
      }
    });
  });

  test("the sheet of all", () => {
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
    const meant = new Set(Object.keys(SHEET).flatMap((state) => Object.keys(WIDTHS).flatMap((size) => SCHEMES.map((scheme) => `${state}-${size}-${scheme}.png`))));
    for (const file of readdirSync(FOLDER)) if (file.endsWith(".png") && !meant.has(file)) rmSync(`${FOLDER}/${file}`);
    const head = "# Pictures\n\nDrawn by `make pictures` from the release bundle against the simulator, each at 1280 and 320 pixels, light and dark.\n";
    writeFileSync(`${FOLDER}/index.md`, [head, ...sections].join("\n"));
  });
});
