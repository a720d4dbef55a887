// What the plan and its gate show before anything is sent: about users, about unknown facts, about the operator. Titles
// start with the section of F5's how-to "Kill active access sessions" that they follow, if there is one.

import type { Page, Request } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";

const FINISHED = "Finished. BIG-IQ doesn’t report how many sessions ended";
const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
const DEVICES = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/";
const lone = { device: ["lone.example.test"] };

const plan = (page: Page) => page.getByRole("region", { name: "Plan" });
const said = (page: Page, text: string | RegExp) => plan(page).getByText(text);

test("2.1 users of a pasted table: its column is named, duplicate and unusual names are reported, and each name becomes a task as it is spelled", async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await app.users("Session ID,User Name,Client IP", "1,user2,192.0.2.1", '2,"CORP\\nobody, the",192.0.2.2', "3,user2,192.0.2.3");
  await app.choose(lone);
  await expect(page.getByText("2 users · Read from column “User Name”")).toBeVisible();
  await expect(said(page, "“user2” is listed 2 times but sent only once.")).toBeVisible();
  await expect(plan(page).locator(".plan-users li")).toHaveText([/^user2/, /^CORP\\nobody, the/]);
  await app.review();
  await app.confirm();
  await expect(app.shown("2 of 2 ended")).toBeVisible();
  const names = ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
  expect(names.sort()).toEqual(["CORP\\nobody, the", "user2"]);
});

test.describe("of a large inventory", () => {
  test.use({ simulatorOptions: ["--devices", "200", "--sessions", "6"] });

  test("2.1 a count says \"at least\" until every device was read, and then the true number", async ({ app, page, simulator }) => {
    test.setTimeout(90_000);
    await app.begin();
    await app.users("user2");
    await page.getByRole("tab", { name: "Access groups" }).click();
    await page.getByRole("listbox").press("Control+a");
    await expect(said(page, /(at least \d+|0 found so far) \(\d+ of \d+ checked\)/)).toBeVisible();
    await expect(said(page, /Only the first 32 devices/)).toBeVisible();
    await page.getByRole("button", { name: /^Check \d+ devices again$/ }).click();
    await expect(said(page, /Only the first 32 devices/)).toBeHidden({ timeout: 60_000 });
    const there = (await simulator.sessions()).filter((session) => session.user === "user2");
    const all = await said(page, /\d+ sessions? now|at least \d+ \(/).innerText();
    // One device never answers, so the count stays "at least"; all that do were asked.
    expect(all.trim()).toBe(`at least ${there.length} (115 of 116 checked)`);
  });
});

test("2.1 spaces around a name are sent with it, and reported before", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2 ");
  await app.choose(lone);
  await expect(said(page, /^“user2 ” has leading or trailing spaces, which are sent too\.$/)).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\/./);
  expect(((await simulator.kills()) as { userName: string }[]).map((body) => body.userName)).toEqual(["user2 "]);
});

test("2.1 one click removes spaces around names, another removes one's own name", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2 ", "manager", " user3");
  await app.choose(lone);
  await plan(page).getByRole("button", { name: "Trim spaces from all 2 names" }).click();
  await plan(page).getByRole("button", { name: "Leave out manager" }).click();
  await expect(page.getByLabel("User names")).toHaveValue("user2\nuser3");
  await expect(said(page, /leading or trailing spaces|may be you/)).toHaveCount(0);
  await app.review();
  await app.confirm();
  await expect(app.shown("2 of 2 ended")).toBeVisible();
  expect(((await simulator.kills()) as { userName: string }[]).map((body) => body.userName).sort()).toEqual(["user2", "user3"]);
});

test("operators who would end their own sessions are warned, in the plan and in the gate, and not refused", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("CORP\\MANAGER");
  await app.choose(lone);
  const own = "“CORP\\MANAGER” may be you: your own sessions would end. The kill still runs.";
  await expect(said(page, own)).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(own)).toBeVisible();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\/./);
  expect((await simulator.kills()).length).toBe(1);
  await app.menu("Kill sessions").click();
  await app.everybody();
  const everybody = "If you’re connected through one of these devices, you’ll be disconnected. The kill still runs.";
  await expect(said(page, everybody)).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(everybody)).toBeVisible();
});

test("the plan says what does not end, and how old its inventory is", async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ group: ["TestGroup1"] });
  await expect(said(page, /^This doesn’t lock the account or revoke OAuth tokens\. The user can sign back in\.$/)).toBeVisible();
  await expect(said(page, /^As of .*\d.* BIG-IQ resolves groups and clusters itself when the kill runs\.$/)).toBeVisible();
});

test("an old or incomplete inventory is reported", async ({ app, page, simulator }) => {
  await page.clock.install();
  await app.open();
  await simulator.faults({ method: "GET", path: "/mgmt/shared/resolver/device-groups/", fault: { kind: "status", status: 500, message: "no" } });
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await expect(said(page, /^The access groups couldn’t be read/)).toBeVisible();
  await expect(said(page, /^The inventory is .* old\.$/)).toHaveCount(0);
  await page.clock.fastForward(16 * 60_000);
  // Time alone is enough.
  await expect(said(page, /^The inventory is .* old\.$/)).toBeVisible();
  await app.isAccessible();
  await page.clock.fastForward(10 * 60_000);
  await app.review();
  await expect(app.gate.getByText(/^The inventory is 2\d.min.* old\.$/)).toBeVisible();
  await app.gate.getByRole("button", { name: "Back to the form" }).or(app.gate.getByRole("button", { name: "Cancel" })).first().click();
  // Its remedy: read it again, completely this time.
  await simulator.faults();
  await plan(page).locator(".warnings").getByRole("button", { name: "Refresh" }).first().click();
  await expect(said(page, /^The inventory is .* old\.$|^The access groups couldn’t be read/)).toHaveCount(0);
});

test("if reachability can't be read, no device is silently shown as reachable", async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: `${DEVICES}stats`, fault: { kind: "status", status: 500, message: "no" } });
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await expect(said(page, /^Device reachability couldn’t be read/)).toBeVisible();
});

test("a BIG-IQ that returns fewer devices than requested is read to the end", async ({ app, page }) => {
  await page.route("**/cm-access-allBigIpDevices/devices?*", (route) => route.continue({ url: route.request().url().replace(/top=500/, "top=7") }));
  await app.begin();
  await app.users("user2");
  // They come after the first seven.
  await app.choose({ device: ["silent.example.test", "lone.example.test", "red-a.example.test"] });
  await expect(said(page, "on 3 devices")).toBeVisible();
});

test("a BIG-IQ that is a standby says so after the sign-in", async ({ app, page, simulator }) => {
  await simulator.settings({ nodeRole: "STANDBY" });
  await app.begin();
  await expect(app.shown("This BIG-IQ is a standby")).toBeVisible();
  await app.isAccessible();
  await app.signOut();
  await simulator.settings({ nodeRole: "PRIMARY" });
  await app.begin();
  await expect(page.getByText("This BIG-IQ is a standby")).toHaveCount(0);
});

test("devices that BIG-IQ resolves beyond the plan are reported", async ({ app, page }) => {
  await page.route(`**${KILL}/*`, async (route) => {
    const answer = await route.fetch();
    const task = (await answer.json()) as { deviceReferences?: { link: string }[] };
    await route.fulfill({ response: answer, json: { ...task, deviceReferences: [...(task.deviceReferences ?? []), { link: LINK + RED_A }] } });
  });
  await app.begin();
  await app.kill("user2", { group: ["TestGroup2"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(app.shown(`BIG-IQ named devices that weren’t in the plan: ${RED_A}.`)).toBeVisible();
});

test("a device missing from those that BIG-IQ resolved is not shown as done", async ({ app, page }) => {
  await page.route(`**${KILL}/*`, async (route) => {
    const answer = await route.fetch();
    const task = (await answer.json()) as { deviceReferences?: { link: string }[] };
    const some = task.deviceReferences?.filter(({ link }) => !link.endsWith(LONE));
    await route.fulfill({ response: answer, json: { ...task, deviceReferences: some } });
  });
  await app.begin();
  await app.kill("user2", { group: ["TestGroup2"] });
  await expect(app.shown(/^BIG-IQ named neither lone\.example\.test nor other members of their clusters/)).toBeVisible();
  const lone = page.getByRole("region", { name: "Outcome" }).getByRole("listitem").filter({ hasText: "lone.example.test" });
  await expect(lone.getByText("unknown", { exact: true })).toBeVisible();
  await app.isAccessible();
});

test("after a failure without details no device is shown as not done", async ({ app, page, simulator }) => {
  await simulator.settings({ failureShape: "none" });
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test", "refusing.example.test"] });
  await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
  await expect(page.getByRole("region", { name: "Outcome" }).getByText("unknown", { exact: true })).toHaveCount(2);
});

test("a role that a device does not report in time is unknown; and never more than four devices are read at once", async ({
  app,
  page,
  simulator,
}) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  // Requests in flight: another selection cancels the previous ones.
  const asked = new Set<Request>();
  page.on("request", (request) => {
    if (/failover$|access-info/.test(new URL(request.url()).pathname)) asked.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const) page.on(end, (request) => asked.delete(request));
  await simulator.faults({ method: "GET", path: `${DEVICES}*`, fault: { kind: "delay", ms: 600_000 } });
  await app.users("user2");
  await app.choose({ cluster: ["RedCluster", "BlueCluster"], device: ["lone.example.test"] });
  await page.clock.fastForward(1_000);
  await expect.poll(() => asked.size).toBe(4);
  await page.clock.fastForward(16_000);
  // The four did not answer in time: the session lists come next.
  await expect(said(page, /^HA roles: 0 of 4 \(.+\)$/)).toBeVisible();
  await expect(said(page, "red-a.example.test (role unknown)")).toBeVisible();
  await expect(said(page, "red-b.example.test (role unknown)")).toBeVisible();
  await expect.poll(() => asked.size).toBe(4);
  await page.clock.fastForward(16_000);
  await expect.poll(() => asked.size).toBe(1);
});

test("a row registers a click, whatever is updated meanwhile", async ({ app, page }) => {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(/failover$/, async (route) => {
    await held;
    await route.continue();
  });
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test"] });
  await page.getByRole("searchbox", { name: "Filter devices" }).fill("red-a");
  const row = page.getByRole("option", { name: /^red-a/ });
  await row.hover();
  await page.mouse.down();
  go();
  await expect(said(page, /^HA roles: /)).toBeVisible();
  await expect(row).toContainText("active");
  await page.mouse.up();
  await expect(row).toHaveAttribute("aria-checked", "true");
});

test("live sessions: how many each user has, and the list read again", async ({ app, page, simulator }) => {
  await app.begin();
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  await app.choose(lone);
  const read = page.getByRole("button", { name: "Read the live sessions of 1 device" });
  await read.click();
  const list = page.getByRole("region", { name: "Live sessions" });
  await expect(list.getByText(/\buser2 2\b/)).toBeVisible();
  await simulator.killByHand({ action: "KILL_BY_USER", userName: "user2", deviceReferences: [{ link: `${LINK}3f320100-2177-42e0-8a46-2e33cd3366d` }] });
  await expect.poll(() => simulator.idsOf((session) => session.id === "2hjj234")).toEqual([]);
  await expect(list.getByText(/\buser2 2\b/)).toBeVisible();
  await read.click();
  await expect(list.getByText(/\buser2 2\b/)).toBeHidden();
});

test("a kill with an action of a newer BIG-IQ is listed with its own text and breaks nothing", async ({ app, page, simulator }) => {
  await simulator.killByHand({ action: "KILL_BY_USER", userName: "user2", deviceReferences: [{ link: LINK + RED_A }] });
  await page.route(`**${KILL}?*`, async (route) => {
    const answer = await route.fetch();
    const list = (await answer.json()) as { items: Record<string, unknown>[] };
    const [first, ...rest] = list.items;
    const newer = { ...first, action: "KILL_BY_MOOD", status: "PONDERING", currentStep: "REFLECT", result: "PERHAPS" };
    await route.fulfill({ response: answer, json: { ...list, items: [newer, ...rest] } });
  });
  await app.begin();
  await app.menu("Jobs").click();
  await expect(app.shown("Kill of an unknown kind: KILL_BY_MOOD")).toBeVisible();
  await page.getByText("Details").first().click();
  await expect(app.shown("PONDERING · REFLECT · PERHAPS")).toBeVisible();
  await app.isAccessible();
});
