// What goes wrong between a confirmed kill and its end: no job lost, none doubled, and the screen true.
// Faults come from the simulator's plan, deaths from its table of sessions.

import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";

const FINISHED = "BIG-IQ finished; it does not say how many sessions ended";
const UNKNOWN = "Unknown whether BIG-IQ started it";
const USER2_THERE = ["2hjj234", "9as3323"];
const lone = { device: ["lone.example.test"] };
const slow = { device: ["slow.example.test"] };

const post = (fault: unknown) => ({ method: "POST", path: KILL, count: 1, fault });
const look = (count: number, fault: unknown) => ({ method: "GET", path: `${KILL}*`, count, fault });

for (const [what, fault] of [
  ["the answer is lost after the task was created", { kind: "drop-after-effect" }],
  ["a 502 after the task was created", { kind: "html", status: 502, afterEffect: true }],
  ["a web page with status 200 in place of the answer", { kind: "html", status: 200, afterEffect: true }],
  ["the answer is cut in half", { kind: "truncate" }],
] as const) {
  test(`fault: ${what}: the task is found, and nothing is sent again`, async ({ app, page, simulator }) => {
    await app.begin();
    await simulator.faults(post(fault));
    await app.kill("user2", lone);
    await expect(app.shown(FINISHED)).toBeVisible();
    await expect(page.getByText(/Its task was found/)).toBeVisible();
    expect((await simulator.kills()).length).toBe(1);
    const ids = await simulator.idsOf((session) => USER2_THERE.includes(session.id));
    expect(ids).toEqual([]);
  });
}

for (const [what, fault] of [
  ["the request is lost before BIG-IQ saw it", { kind: "drop-before-effect" }],
  ["a 502 before the task was created", { kind: "html", status: 502 }],
] as const) {
  test(`fault: ${what}: "unknown", and "none" only after 75 s of looking`, async ({ app, page, simulator }) => {
    await page.clock.install();
    await app.open();
    await app.begin();
    await simulator.faults(post(fault));
    await app.kill("user2", lone);
    await expect(app.shown(UNKNOWN)).toBeVisible();
    await expect(app.shown(/does not send again/)).toBeVisible();
    await page.clock.runFor(30_000);
    await expect(app.shown(/holds no task that could be the one/)).toBeHidden();
    await expect(async () => {
      await page.clock.runFor(10_000);
      await expect(app.shown(/holds no task that could be the one/)).toBeVisible({ timeout: 500 });
    }).toPass();
    expect((await simulator.kills()).length).toBe(1);
    expect(await simulator.idsOf((session) => USER2_THERE.includes(session.id))).toEqual(USER2_THERE);
  });
}

for (const [what, fault] of [
  ["HTML in place of JSON", { kind: "html", status: 200 }],
  ["truncated JSON", { kind: "truncate" }],
  ["a dropped connection", { kind: "drop-before-effect" }],
  ["a 503 that asks to wait", { kind: "status", status: 503, retryAfter: 1 }],
  ["bytes that are no UTF-8", { kind: "invalid-utf8" }],
  ["whole numbers as floats", { kind: "floats" }],
  ["fields nobody knows", { kind: "extra-fields" }],
] as const) {
  test(`fault: ${what} while watching: the job goes on to its end`, async ({ app, simulator }) => {
    await app.begin();
    await simulator.faults(look(3, fault));
    await app.kill("user2", lone);
    await expect(app.shown(FINISHED)).toBeVisible({ timeout: 20_000 });
    expect((await simulator.kills()).length).toBe(1);
  });
}

test("fault: contact is lost for long: it says since when, and that the task goes on", async ({ app, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "GET", path: `${KILL}*`, fault: { kind: "drop-before-effect" } });
  await app.kill("user2", lone);
  await expect(app.shown(/Contact lost since .*the task goes on/)).toBeVisible();
  await simulator.faults();
  await app.page.getByRole("button", { name: "Refresh" }).click();
  await expect(app.shown(FINISHED)).toBeVisible();
});

test("fault: the task is gone", async ({ app, simulator }) => {
  await app.begin();
  await simulator.faults(look(9, { kind: "status", status: 404, message: "no such task" }));
  await app.kill("user2", lone);
  await expect(app.shown("BIG-IQ knows the task no more")).toBeVisible();
  await expect(app.shown(/Whether sessions ended is not known/)).toBeVisible();
});

test("fault: FINISHED without a result is not called complete", async ({ app, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "GET", path: `${KILL}*`, fault: { kind: "missing-field", name: "result" } });
  await app.kill("user2", lone);
  await expect(app.shown("BIG-IQ finished, but not completely")).toBeVisible();
  await expect(app.shown(/It gives no result/)).toBeVisible();
});

test("fault: a status from a newer BIG-IQ is shown as it is, and watched on", async ({ app, simulator }) => {
  await app.begin();
  await simulator.faults(look(2, { kind: "unknown-enum" }));
  await app.kill("user2", lone);
  await expect(app.shown(FINISHED)).toBeVisible({ timeout: 20_000 });
});

test("fault: reload while running: the job is watched on after the sign-in, and not sent again", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", slow);
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }));
  expect(stored).not.toMatch(/eyJ|token|password/i);
  await page.reload();
  await app.signIn();
  await page.getByRole("link", { name: "Jobs" }).click();
  await expect(app.shown(FINISHED)).toBeVisible({ timeout: 20_000 });
  expect((await simulator.kills()).length).toBe(1);
});

test("fault: offline and back", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", slow);
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  await page.context().setOffline(true);
  await simulator.advance(20_000);
  await page.context().setOffline(false);
  await expect(app.shown(FINISHED)).toBeVisible({ timeout: 20_000 });
  expect((await simulator.kills()).length).toBe(1);
});

test("fault: this computer's clock is wrong by an hour", async ({ app, page, simulator }) => {
  await page.clock.install({ time: Date.now() + 3_600_000 });
  await app.open();
  await app.begin();
  await simulator.faults(post({ kind: "drop-after-effect" }));
  await app.kill("user2", lone);
  await expect(app.shown(FINISHED)).toBeVisible();
  expect((await simulator.kills()).length).toBe(1);
});

test("fault: the sign-in ends while a job runs: signed in again in place, nothing lost", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", slow);
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  // Every token is dead, as after a restart of the appliance.
  await simulator.faults(
    { method: "GET", path: `${KILL}*`, fault: { kind: "status", status: 401, message: "Invalid registered claims." } },
    { method: "POST", path: "/mgmt/shared/authn/exchange", fault: { kind: "status", status: 401, message: "Invalid registered claims." } },
  );
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await expect(again).toBeVisible({ timeout: 20_000 });
  await app.isAccessible();
  await simulator.faults();
  await again.getByLabel("Password").fill("manager");
  await again.getByRole("button", { name: "Sign in" }).click();
  await expect(again).toBeHidden();
  await expect(app.shown(FINISHED)).toBeVisible({ timeout: 20_000 });
  expect((await simulator.kills()).length).toBe(1);
});

test("fault: a device that does not answer holds the task for 75 s", async ({ app, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["silent.example.test"] });
  await expect(app.shown("Running on BIG-IQ")).toBeVisible();
  await simulator.advance(90_000);
  await expect(app.shown("Failed on BIG-IQ")).toBeVisible({ timeout: 20_000 });
  await expect(app.shown(/sessions may have ended/)).toBeVisible();
});

test("fault: two tabs each watch their own job", async ({ app, page, simulator }) => {
  await app.begin();
  const other = await page.context().newPage();
  const second = new (app.constructor as typeof import("./support/console").Console)(other, simulator);
  await second.open();
  await second.begin();
  await app.kill("user2", lone);
  await second.kill("user 2", { device: ["green.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(second.shown(FINISHED)).toBeVisible();
  expect((await simulator.kills()).length).toBe(2);
});
