// Draws every page and state into docs/pictures, at a fixed time, from the simulator, with the sheet of them all (`make
// pictures`). A chosen few are compared with what is stored there in every run.

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { type State, STATES, whole } from "./support/states";
import { begin } from "./support/tour";
import { walk, WAYS } from "./support/walk";

const FOLDER = `${ROOT}/docs/pictures`;
const WIDTHS = { wide: 1280, narrow: 320 };
const SCHEMES = ["light", "dark"] as const;

test("a chosen few pages look as they are stored", async ({ app, page }) => {
  test.skip(Boolean(process.env.PICTURES), "they are being drawn");
  await page.emulateMedia({ colorScheme: "light" });
  await begin(app);
  const same = async (state: State, size: keyof typeof WIDTHS) => {
    await expect(page).toHaveScreenshot(`${state}-${size}-light.png`, {
      ...(await whole(page, WIDTHS[size])),
      // Letters are drawn a little otherwise elsewhere; a panel that moved is far more than this.
      maxDiffPixelRatio: 0.03,
    });
    await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  };
  await same("sign-in", "wide");
  await same("sign-in", "narrow");
  await app.begin();
  await same("kill-empty", "wide");
  await same("kill-empty", "narrow");
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

  test("the sheet of all", () => {
    const cell = (state: string, text: string, size: string, scheme: string) =>
      `![${text}, ${WIDTHS[size as keyof typeof WIDTHS]} px, ${scheme}](${state}-${size}-${scheme}.png)`;
    const sections = Object.entries(STATES).map(([state, text]) =>
      [
        `## ${text}`,
        "",
        "| light | dark |",
        "| --- | --- |",
        ...Object.keys(WIDTHS).map((size) => `| ${SCHEMES.map((scheme) => cell(state, text, size, scheme)).join(" | ")} |`),
        "",
      ].join("\n"),
    );
    const meant = new Set(Object.keys(STATES).flatMap((state) => Object.keys(WIDTHS).flatMap((size) => SCHEMES.map((scheme) => `${state}-${size}-${scheme}.png`))));
    for (const file of readdirSync(FOLDER)) if (file.endsWith(".png") && !meant.has(file)) rmSync(`${FOLDER}/${file}`);
    const head = "# Pictures\n\nDrawn by `make pictures` from the release bundle against the simulator, each at 1280 and 320 pixels, light and dark.\n";
    writeFileSync(`${FOLDER}/index.md`, [head, ...sections].join("\n"));
  });
});
