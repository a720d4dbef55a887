// Draws the pages into docs/pictures, at a fixed time, from the simulator. Run by `make pictures`.

import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";

test.skip(!process.env.PICTURES, "drawn by `make pictures` only");

const WIDTHS = { wide: 1280, narrow: 320 };
const NOW = "2026-03-02T03:12:07Z";

for (const [size, width] of Object.entries(WIDTHS)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${size} ${colorScheme}`, async ({ app, page, simulator }) => {
      test.setTimeout(90_000);
      const draw = async (name: string) => {
        const file = `${ROOT}/docs/pictures/${name}-${size}-${colorScheme}.png`;
        await page.screenshot({ path: file, fullPage: true, animations: "disabled" });
      };
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await page.clock.install({ time: new Date(NOW) });
      await simulator.reset({ now: NOW });
      await app.open();
      await expect(page.getByLabel("Sign-in provider")).toBeVisible();
      await draw("sign-in");
      await app.signIn("manager", "wrong");
      await expect(app.shown(/does not accept/)).toBeVisible();
      await draw("sign-in-refused");
      await app.begin();
      await draw("kill-empty");
      await app.users("user2");
      await app.reason("INC-4711");
      await app.choose({ cluster: ["BlueCluster", "RedCluster"], device: ["lone.example.test"] });
      await draw("kill");
      await app.review();
      await draw("gate");
      await app.confirm();
      await expect(app.shown(/BIG-IQ finished|Failed on BIG-IQ/)).toBeVisible({ timeout: 60_000 });
      await draw("job-done");
      await page.getByRole("link", { name: "Kill sessions" }).click();
      await page.getByRole("button", { name: "Clear the form" }).click();
      await app.kill("user2", { device: ["refusing.example.test"] });
      await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
      await draw("job-failed");
      await page.getByRole("link", { name: "Kill sessions" }).click();
      await page.getByRole("button", { name: "Clear the form" }).click();
      await app.everybody();
      await app.choose({ group: ["TestGroup"] });
      await app.review();
      await draw("gate-everybody");
      await app.gate.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("link", { name: "Jobs" }).click();
      await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
      await draw("jobs");
      await page.getByRole("link", { name: "Diagnostics" }).click();
      await draw("diagnostics");
    });
  }
}
