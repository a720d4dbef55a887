// Ways to set Curfew up, as config.json says: signed out when idle, several BIG-IQs behind one host name.

import type { Page } from "@playwright/test";
import { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import { Simulator } from "./support/simulator";

const FINISHED = "BIG-IQ finished; it does not say how many sessions ended";
const TOKENS = "/mgmt/shared/authz/tokens/";
const MINUTE = 60_000;

/** Has the host's config.json say this. */
async function configure(page: Page, config: unknown): Promise<void> {
  await page.route("**/config.json", (route) => route.fulfill({ json: config }));
}

test("the self-check's report names nobody, whatever BIG-IQ answers", async ({ app, page, simulator }) => {
  await app.begin();
  const message = "Authorization failed: user=https://localhost/mgmt/shared/authz/users/somebody";
  await simulator.faults({ method: "GET", path: "/mgmt/*", fault: { kind: "status", status: 403, message } });
  await page.getByRole("link", { name: "Diagnostics" }).click();
  await page.getByRole("button", { name: "Run the check" }).click();
  await expect(page.getByText(/The check is done/).first()).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("somebody");
});

test.describe("idle", () => {
  test("whoever leaves is told a minute before, then signed out, and both tokens are forgotten", async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.users("user2");
    const asks = page.getByRole("dialog", { name: "Still there?" });
    // The appliance's clock goes on too: the access token is dead long before the end.
    const later = async (minutes: number) => {
      await simulator.advance(minutes * MINUTE);
      await page.clock.fastForward(minutes * MINUTE);
    };
    await later(8);
    await expect(asks).toBeHidden();
    await later(1.2);
    await expect(asks).toContainText(/You will be signed out in [1-4]?\d seconds?/);
    await app.isAccessible();
    await later(1);
    await expect(page.getByText("You were signed out because nobody used the page")).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await app.isAccessible();
    await expect.poll(async () => (await simulator.calls("DELETE", TOKENS)).map((call) => call.status)).toEqual([200, 200]);
    // Nothing of the work that was under way is left for whoever comes next.
    await app.begin();
    await expect(page.getByLabel("User names")).toHaveValue("");
  });

  test("whoever comes back in time sees what a sign-out would lose, and saves it from there", async ({ app, page }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.kill("user2", { device: ["lone.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    const asks = page.getByRole("dialog", { name: "Still there?" });
    await page.clock.fastForward(9.2 * MINUTE);
    await expect(asks.getByText("The record of 1 job is not saved as it stands.")).toBeVisible();
    await app.isAccessible();
    const saved = page.waitForEvent("download");
    await asks.getByRole("button", { name: "Save records" }).click();
    expect((await saved).suggestedFilename()).toMatch(/^curfew-.*\.json$/);
    // A press is use.
    await expect(asks).toBeHidden();
  });

  test("a batch that is being sent is not cut off", async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 2, killsPerMinute: 3 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.users("a", "b", "c", "d", "e", "f", "g", "h");
    await app.choose({ device: ["lone.example.test"] });
    await app.review();
    await app.confirm();
    await expect(async () => {
      await page.clock.runFor(10_000);
      expect((await simulator.kills()).length).toBe(8);
    }).toPass({ timeout: 60_000 });
    await expect(page.getByText("You were signed out because nobody used the page")).toBeHidden();
    await page.clock.fastForward(3 * MINUTE);
    await expect(page.getByText("You were signed out because nobody used the page")).toBeVisible();
  });

  test("a press or a key is use, and a sleeping computer's time counts", async ({ app, page }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    const asks = page.getByRole("dialog", { name: "Still there?" });
    await page.clock.fastForward(9.2 * MINUTE);
    await asks.getByRole("button", { name: "Stay signed in" }).click();
    await expect(asks).toBeHidden();
    await page.clock.fastForward(8 * MINUTE);
    await page.keyboard.press("Shift");
    await page.clock.fastForward(8 * MINUTE);
    await expect(asks).toBeHidden();
    // Timers stood still meanwhile; the clock did not.
    await page.clock.fastForward(60 * MINUTE);
    await expect(page.getByText("You were signed out because nobody used the page")).toBeVisible();
  });

  test("a kill that was sent goes on, and is watched again after the next sign-in", async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 2 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.kill("user2", { device: ["silent.example.test"] });
    await expect(app.shown("Running on BIG-IQ")).toBeVisible();
    await page.clock.fastForward(3 * MINUTE);
    await expect(page.getByText("You were signed out because nobody used the page")).toBeVisible();
    await simulator.advance(90_000);
    await app.signIn();
    await page.getByRole("link", { name: "Jobs" }).click();
    await expect(async () => {
      await page.clock.runFor(2_000);
      await expect(app.shown("Failed on BIG-IQ")).toBeVisible({ timeout: 500 });
    }).toPass();
    expect((await simulator.kills()).length).toBe(1);
  });

  test("0 minutes is never", async ({ app, page }) => {
    await configure(page, { idleMinutes: 0 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await page.clock.fastForward(24 * 60 * MINUTE);
    await page.clock.runFor(3_000);
    await expect(page.getByRole("heading", { name: "Kill sessions", level: 1 })).toBeVisible();
    await expect(page.getByText("You were signed out because nobody used the page")).toBeHidden();
  });
});

test("several BIG-IQs by path prefix: jobs and plans stay with theirs", async ({ page, plainHost, simulator: east }) => {
  const west = await Simulator.start();
  try {
    await configure(page, {
      bigiqs: [
        { name: "East", prefix: "/east" },
        { name: "West", prefix: "/west" },
      ],
    });
    plainHost.forward("/east", east.url);
    plainHost.forward("/west", west.url);
    await page.goto(plainHost.url);
    const app = new Console(page, west);
    const mine = page.getByRole("region", { name: "This tab’s jobs" });
    const which = page.getByRole("combobox", { name: "BIG-IQ" });

    await which.selectOption("West");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("West");
    await app.begin();
    await expect(page.getByRole("banner")).toContainText("West");
    await app.kill("user2", { device: ["lone.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    const job = new URL(page.url()).hash;
    // What is being planned belongs to this one too.
    await page.getByRole("link", { name: "Kill sessions" }).click();
    await app.users("somebody");
    await app.signOut();

    await which.selectOption("East");
    await app.begin();
    await expect(page.getByRole("banner")).toContainText("East");
    await expect(page.getByLabel("User names")).toHaveValue("");
    await page.getByRole("link", { name: "Jobs" }).click();
    await expect(mine).toContainText("No jobs in this tab yet");
    await page.evaluate((hash) => (location.hash = hash), job);
    await expect(page.getByRole("main")).not.toContainText("user2");
    await page.getByRole("link", { name: "Kill sessions" }).click();
    await app.kill("user 2", { device: ["green.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    await page.getByRole("link", { name: "Kill sessions" }).click();

    await app.signOut();
    await which.selectOption("West");
    await app.begin();
    await page.getByRole("link", { name: "Jobs" }).click();
    await expect(mine).toContainText("user2");
    await expect(mine).not.toContainText("user 2");

    const names = async (simulator: Simulator) => ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
    expect(await names(west)).toEqual(["user2"]);
    expect(await names(east)).toEqual(["user 2"]);
    expect(await west.idsOf((session) => session.id === "2hjj234")).toEqual([]);
    expect(await east.idsOf((session) => session.id === "2hjj234")).toEqual(["2hjj234"]);
  } finally {
    await west.stop();
  }
});

test("answers that do not say how long they are serve as well", async ({ page, plainHost, simulator }) => {
  for (const prefix of ["/info", "/mgmt"]) plainHost.forward(prefix, `${simulator.url}${prefix.slice(1)}/`, false);
  const size = page.waitForResponse(/cm-access-allBigIpDevices/).then((answer) => answer.headerValue("content-length"));
  await page.goto(plainHost.url);
  const app = new Console(page, simulator);
  await app.begin();
  expect(await size, "nothing was announced").toBeNull();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown(/^Verified/)).toBeVisible();
  await page.reload();
  await app.signIn();
  await expect(app.shown(/^Verified/)).toBeVisible();
  await app.signOut();
});

test("an answer without an end is read no further than any estate needs, and told", async ({ page, plainHost, simulator }) => {
  let stopped = false;
  plainHost.forward("/info", `${simulator.url}info/`);
  plainHost.below("/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices", (_, response) => {
    response.on("close", () => (stopped = true));
    response.writeHead(200, { "content-type": "application/json" });
    const piece = Buffer.alloc(4 << 20, " ");
    // No length is announced, and whoever reads on is sent more.
    const more = () => void (response.destroyed || response.write(piece, more));
    more();
  });
  plainHost.forward("/mgmt", `${simulator.url}mgmt/`);
  await page.goto(plainHost.url);
  const app = new Console(page, simulator);
  await app.signIn();
  await expect(app.shown("The answer is too large to be read")).toBeVisible({ timeout: 25_000 });
  await expect.poll(() => stopped).toBe(true);
  await app.isAccessible();
});
