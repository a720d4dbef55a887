// Draws every page and state into docs/pictures, at a fixed time, from the simulator, with the sheet of them all (`make
// pictures`). A chosen few are compared with what is stored there in every run.

import type { Page } from "@playwright/test";
import { writeFileSync } from "node:fs";
import type { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { KILL, type Simulator } from "./support/simulator";

const WIDTHS = { wide: 1280, narrow: 320 };
const SCHEMES = ["light", "dark"] as const;
const NOW = "2026-03-02T03:12:07Z";
const lone = { device: ["lone.example.test"] };

/** What is drawn, in the order of the sheet: the name of the files and what they show. */
const STATES = {
  misconfigured: "A wrong configuration",
  "sign-in": "Sign-in",
  "sign-in-blank": "Sign-in with nothing typed",
  "sign-in-refused": "Sign-in refused",
  "inventory-failed": "The inventory could not be read",
  "kill-empty": "Kill page, nothing chosen",
  "kill-missing": "Kill page, reviewed too early",
  kill: "Kill page with a plan",
  "kill-warnings": "Kill page, a plan with warnings",
  "kill-listed": "Kill page, sessions pasted as a list",
  gate: "Gate: one user",
  "gate-names": "Gate: a few users by name",
  "gate-phrase": "Gate: more than ten users",
  "gate-everybody": "Gate: everybody",
  "gate-not-permitted": "Gate: BIG-IQ does not permit it",
  "job-running": "Job, running",
  "job-done": "Job, done",
  "job-failed": "Job, failed",
  "job-lost": "Job, contact lost",
  "job-unknown": "Job, the answer was lost",
  "job-several": "Jobs of one plan",
  jobs: "Jobs of this tab",
  "jobs-empty": "No jobs yet",
  "sign-in-again": "The sign-in has ended",
  preferences: "Preferences",
  shortcuts: "Keyboard shortcuts",
  diagnostics: "Diagnostics",
  "not-found": "No such page",
  german: "Kill page in German",
} as const;

type State = keyof typeof STATES;

/** Shows the page from its top, as tall as it is: what sticks to an edge then hides nothing. A dialog keeps its window. */
async function picture(page: Page, width: number): Promise<{ fullPage: boolean }> {
  const dialog = (await page.getByRole("dialog").count()) > 0;
  await page.setViewportSize({ width, height: 900 });
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
  if (dialog) return { fullPage: false };
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 900) });
  return { fullPage: true };
}

async function begin(page: Page, app: Console, simulator: Simulator, width: number, colorScheme: "light" | "dark") {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 900 });
  await page.clock.install({ time: new Date(NOW) });
  await simulator.reset({ now: NOW });
  await app.open();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
}

test("a chosen few pages look as they are stored", async ({ app, page, simulator }) => {
  test.skip(Boolean(process.env.PICTURES), "they are being drawn");
  await begin(page, app, simulator, WIDTHS.wide, "light");
  const same = async (state: State, width: number, size: keyof typeof WIDTHS) =>
    expect(page).toHaveScreenshot(`${state}-${size}-light.png`, {
      ...(await picture(page, width)),
      // Letters are drawn a little otherwise elsewhere; a panel that moved is far more than this.
      maxDiffPixelRatio: 0.03,
    });
  await same("sign-in", WIDTHS.wide, "wide");
  await same("sign-in", WIDTHS.narrow, "narrow");
  await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  await app.begin();
  await same("kill-empty", WIDTHS.wide, "wide");
  await page.getByRole("button", { name: "Preferences" }).click();
  await same("preferences", WIDTHS.wide, "wide");
});

test.describe("drawn", () => {
  test.skip(!process.env.PICTURES, "drawn by `make pictures` only");

  for (const [size, width] of Object.entries(WIDTHS)) {
    for (const colorScheme of SCHEMES) {
      test(`${size} ${colorScheme}`, async ({ app, page, simulator }) => {
        test.setTimeout(300_000);
        const drawn = new Set<State>();
        const draw = async (name: State) => {
          const file = `${ROOT}/docs/pictures/${name}-${size}-${colorScheme}.png`;
          await page.screenshot({ ...(await picture(page, width)), path: file, animations: "disabled" });
          await page.setViewportSize({ width, height: 900 });
          drawn.add(name);
        };
        const anew = async () => {
          await page.getByRole("navigation").getByRole("link", { name: "Kill sessions" }).click();
          await page.getByRole("button", { name: "Clear the form" }).click();
        };
        const cancel = () => app.gate.getByRole("button", { name: "Cancel" }).click();

        await begin(page, app, simulator, width, colorScheme);
        await page.route("**/config.json", (route) => route.fulfill({ json: { idleMinutes: "soon" } }));
        await page.reload();
        await expect(page.getByText("idleMinutes")).toBeVisible();
        await draw("misconfigured");
        await page.unroute("**/config.json");
        await page.reload();
        await expect(page.getByLabel("Sign-in provider")).toBeVisible();
        await draw("sign-in");
        await page.getByRole("button", { name: "Sign in" }).click();
        await draw("sign-in-blank");
        await app.signIn("manager", "wrong");
        await expect(app.shown(/does not accept/)).toBeVisible();
        await draw("sign-in-refused");
        const inventory = { method: "GET", path: "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/*", fault: { kind: "status", status: 503 } };
        await simulator.faults(inventory);
        await app.signIn();
        await expect(app.shown("The inventory could not be read")).toBeVisible();
        await draw("inventory-failed");
        await simulator.faults();
        await page.getByRole("button", { name: "Try again" }).first().click();
        await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
        await page.getByRole("link", { name: "Jobs" }).click();
        await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
        await draw("jobs-empty");
        await page.getByRole("navigation").getByRole("link", { name: "Kill sessions" }).click();
        await draw("kill-empty");
        await page.getByRole("button", { name: /^Kill/ }).click();
        await draw("kill-missing");

        await app.users("user2");
        await app.reason("INC-4711");
        await app.choose({ cluster: ["BlueCluster", "RedCluster"], ...lone });
        await draw("kill");
        await app.review();
        await draw("gate");
        await app.confirm();
        await expect(app.shown(/BIG-IQ finished/)).toBeVisible({ timeout: 60_000 });
        await draw("job-done");

        await anew();
        await app.users("user2");
        await app.choose({ device: ["red-b.example.test", "silent.example.test", "lone.example.test"] });
        await draw("kill-warnings");
        await anew();
        await page.getByRole("radio", { name: "Listed sessions" }).check();
        await page.getByLabel("Sessions", { exact: true }).fill("device,session\nlone.example.test,0a1b2c3d\nred-a.example.test,4e5f6a7b\nnowhere.example.test,8c9d0e1f\n");
        await draw("kill-listed");

        await anew();
        await app.users("user1", "user2", "user3");
        await app.choose(lone);
        await app.review();
        await draw("gate-names");
        await app.confirm();
        await expect(app.shown("3 of 3 ended")).toBeVisible({ timeout: 60_000 });
        await draw("job-several");
        await anew();
        await app.users(...Array.from({ length: 12 }, (_, n) => `user${n + 1}`));
        await app.choose(lone);
        await app.review();
        await draw("gate-phrase");
        await cancel();
        await anew();
        await app.everybody();
        await app.choose({ group: ["TestGroup"] });
        await app.review();
        await draw("gate-everybody");
        await cancel();

        await anew();
        await app.kill("user2", { device: ["refusing.example.test"] });
        await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
        await draw("job-failed");
        await anew();
        await simulator.faults({ method: "GET", path: `${KILL}*`, fault: { kind: "drop-before-effect" } });
        await app.kill("user2", lone);
        await expect(app.shown(/Contact lost since/)).toBeVisible({ timeout: 60_000 });
        await draw("job-lost");
        await simulator.faults();
        await anew();
        await simulator.faults(
          { method: "POST", path: KILL, fault: { kind: "drop-before-effect" } },
          { method: "GET", path: `${KILL}*`, fault: { kind: "status", status: 503 } },
        );
        await app.kill("user2", lone);
        await expect(app.shown(/^Unknown/)).toBeVisible();
        await draw("job-unknown");
        await simulator.faults();
        await anew();
        await app.kill("user2", { device: ["slow.example.test"] });
        await expect(app.shown("Running on BIG-IQ")).toBeVisible();
        await draw("job-running");
        const ended = { kind: "status", status: 401, message: "Invalid registered claims." };
        await simulator.faults(
          { method: "GET", path: `${KILL}*`, fault: ended },
          { method: "POST", path: "/mgmt/shared/authn/exchange", fault: ended },
        );
        await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible({ timeout: 30_000 });
        await draw("sign-in-again");
        await simulator.faults();
        await app.gate.getByLabel("Password").fill("manager");
        await app.gate.getByRole("button", { name: "Sign in" }).click();
        await expect(app.gate).toBeHidden();

        await page.getByRole("link", { name: "Jobs" }).click();
        await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
        await draw("jobs");
        await page.getByRole("link", { name: "Diagnostics" }).click();
        await draw("diagnostics");
        await page.getByRole("button", { name: "Preferences" }).click();
        await draw("preferences");
        await app.gate.getByRole("button", { name: "Keyboard shortcuts" }).click();
        await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
        await draw("shortcuts");
        await page.keyboard.press("Escape");
        await page.evaluate(() => (location.hash = "#/nowhere"));
        await expect(app.shown("No such page")).toBeVisible();
        await draw("not-found");

        await page.evaluate(() => (location.hash = "#/kill"));
        await page.getByRole("button", { name: "Sign out" }).click();
        // Records are not saved: it asks.
        await app.gate.getByRole("button", { name: "Sign out" }).click();
        await app.begin("viewer");
        await app.users("user2");
        await app.choose(lone);
        await app.review();
        await app.gate.getByRole("button", { name: /^Kill / }).click({ delay: 500 });
        await expect(app.gate.getByText(/may not do this/)).toBeVisible();
        await draw("gate-not-permitted");
        await page.getByRole("button", { name: "Back to the form" }).click();
        await page.getByRole("button", { name: "Preferences" }).click();
        await page.getByLabel("Language").selectOption("Deutsch");
        await expect(page.locator("html")).toHaveAttribute("lang", "de");
        await page.keyboard.press("Escape");
        await draw("german");
        expect(Object.keys(STATES).filter((state) => !drawn.has(state as State))).toEqual([]);
      });
    }
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
    const head = "# Pictures\n\nDrawn by `make pictures` from the release bundle against the simulator, each at 1280 and 320 pixels, light and dark.\n";
    writeFileSync(`${ROOT}/docs/pictures/index.md`, [head, ...sections].join("\n"));
  });
});
