// What the plan and its gate show before anything is sent: about users, about unknown facts, about the operator. Titles
// start with the section of F5's how-to "Kill active access sessions" that they follow, if there is one.

import type { Page, Request } from "@playwright/test";
import { FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { either, exactly, isolated, rowOf, sentence, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const DEVICES = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/";
const lone = { device: ["lone.example.test"] };

const plan = (page: Page) => page.getByRole("region", { name: text("plan") });
const said = (page: Page, text: string | RegExp) => plan(page).getByText(text);

test("2.1 users of a pasted table: its column is named, duplicate and unusual names are reported, and each name becomes a task as it is spelled", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await app.users("Session ID,User Name,Client IP", "1,user2,192.0.2.1", '2,"CORP\\nobody, the",192.0.2.2', "3,user2,192.0.2.3");
  await app.choose(lone);
  await expect(page.getByText(text("users_read", { n: 2 }), { exact: true })).toBeVisible();
  await expect(page.getByLabel(text("read_as"), { exact: true }).locator("option:checked")).toContainText("User Name");
  await expect(said(page, text("warning_repeated", { name: "user2", n: 2 }))).toBeVisible();
  await expect(plan(page).locator(".plan-users li")).toHaveText([start(isolated("user2")), start(isolated("CORP\\nobody, the"))]);
  await app.review();
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 2, all: 2 }))).toBeVisible();
  const names = ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
  expect(names.sort()).toEqual(["CORP\\nobody, the", "user2"]);
});

test.describe("of a large inventory", () => {
  test.use({ simulatorOptions: ["--devices", "200", "--sessions", "6"] });

  test("2.1 a count says \"at least\" until every device was read, and then the true number", needs("form"), async ({ app, page, simulator }) => {
    test.setTimeout(90_000);
    await app.begin();
    await app.users("user2");
    await page.getByRole("tab", { name: text("groups") }).click();
    await page.getByRole("listbox").press("Control+a");
    const number = page.locator(".plan-users .quiet").first();
    await expect(number).toHaveText(either(textPattern("session_count_at_least"), text("sessions_none_yet")));
    await expect(said(page, text("checked_first", { number: 32 }))).toBeVisible();
    await page.getByRole("button", { name: textPattern("check_devices_again") }).click();
    await expect(said(page, text("checked_first", { number: 32 }))).toBeHidden({ timeout: 60_000 });
    const there = (await simulator.sessions()).filter((session) => session.user === "user2");
    // One device never answers, so the count stays "at least"; all that do were asked.
    await expect(number).toHaveText(text("session_count_at_least", { n: there.length }));
    await expect(said(page, textPattern("sessions_known", { known: 115, amount: "116" }))).toBeVisible();
  });
});

test("2.1 one click removes spaces around names, another removes one's own name", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2 ", "manager", " user3");
  await app.choose(lone);
  await plan(page).getByRole("button", { name: text("trim_spaces", { n: 2 }) }).click();
  await plan(page).getByRole("button", { name: text("leave_out", { device: "manager" }) }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2\nuser3");
  await expect(said(page, either(textPattern("warning_padded"), textPattern("warning_own_sessions")))).toHaveCount(0);
  await app.review();
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 2, all: 2 }))).toBeVisible();
  expect(((await simulator.kills()) as { userName: string }[]).map((body) => body.userName).sort()).toEqual(["user2", "user3"]);
});

test("operators who would end their own sessions are warned, in the plan and in the gate, and not refused", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("CORP\\MANAGER");
  await app.choose(lone);
  const own = sentence("“‹CORP\\MANAGER›” may be you: your own sessions would end. The kill still runs.");
  await expect(said(page, own)).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(own)).toBeVisible();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\/./);
  expect((await simulator.kills()).length).toBe(1);
  await app.menu("nav_kill").click();
  await app.everybody();
  await app.choose(lone);
  const everybody = sentence("If you’re connected through one of these devices, you’ll be disconnected. The kill still runs.");
  await expect(said(page, everybody)).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(everybody)).toBeVisible();
});

test("the plan says what does not end, and how old its inventory is", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ group: ["TestGroup1"] });
  await expect(said(page, sentence("This doesn’t lock the account or revoke OAuth tokens. The user can sign back in."))).toBeVisible();
  await app.unfoldDevices();
  await expect(said(page, exactly(textPattern("reach_as_of", { time: /.*\d.*/ })))).toBeVisible();
});

test("an old or incomplete inventory is reported", needs("form"), async ({ app, page, simulator }) => {
  await page.clock.install();
  await app.open();
  await simulator.faults({ method: "GET", path: "/mgmt/shared/resolver/device-groups/", fault: { kind: "status", status: 500, message: "no" } });
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await expect(said(page, text("warning_partial_groups"))).toBeVisible();
  await expect(said(page, exactly(textPattern("warning_stale")))).toHaveCount(0);
  await page.clock.fastForward(16 * 60_000);
  // Time alone is enough.
  await expect(said(page, exactly(textPattern("warning_stale")))).toBeVisible();
  await app.isAccessible();
  await page.clock.fastForward(10 * 60_000);
  await app.review();
  await expect(app.gate.getByText(exactly(textPattern("warning_stale", { age: /2\d.min.*/ })))).toBeVisible();
  await app.gate.getByRole("button", { name: text("back_to_form") }).or(app.gate.getByRole("button", { name: text("cancel") })).first().click();
  // Its remedy: read it again, completely this time.
  await simulator.faults();
  await plan(page).locator(".warnings").getByRole("button", { name: text("refresh") }).first().click();
  await expect(said(page, either(textPattern("warning_stale"), text("warning_partial_groups")))).toHaveCount(0);
});

test("if reachability can't be read, no device is silently shown as reachable", needs("form"), async ({ app, page, simulator }) => {
  await simulator.faults({ method: "GET", path: `${DEVICES}stats`, fault: { kind: "status", status: 500, message: "no" } });
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await expect(said(page, text("warning_partial_reach"))).toBeVisible();
});

test("a BIG-IQ that is a standby says so after the sign-in", needs("path"), async ({ app, page, simulator }) => {
  await simulator.settings({ nodeRole: "STANDBY" });
  await app.begin();
  await expect(app.shown(text("standby_heading"))).toBeVisible();
  await app.isAccessible();
  await app.signOut();
  await simulator.settings({ nodeRole: "PRIMARY" });
  await app.begin();
  await expect(page.getByText(text("standby_heading"))).toHaveCount(0);
});

test("devices that BIG-IQ resolves beyond the plan are named in the headline", needs("form"), async ({ app, page }) => {
  await page.route(`**${KILL}/*`, async (route) => {
    const answer = await route.fetch();
    const task = (await answer.json()) as { deviceReferences?: { link: string }[] };
    await route.fulfill({ response: answer, json: { ...task, deviceReferences: [...(task.deviceReferences ?? []), { link: LINK + RED_A }] } });
  });
  await app.begin();
  await app.kill("user2", { group: ["TestGroup2"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  const names = ["red-a.example.test"];
  const heading = text("what_and_next", { what: FINISHED, next: text("headline_added", { names }) });
  await expect(page.getByRole("main").getByText(heading, { exact: true })).toBeVisible();
  await expect(app.shown(text("outcome_added", { names }))).toBeVisible();
  await app.isAccessible();
});

test("a role that a device does not report in time is unknown; and never more than four devices are read at once", needs("network"), async ({
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
  await expect(said(page, exactly(textPattern("roles_known", { known: 0, amount: "4" })))).toBeVisible();
  await app.unfoldDevices();
  await expect(said(page, text("name_and_role", { name: "red-a.example.test", role: text("role_unknown") }))).toBeVisible();
  await expect(said(page, text("name_and_role", { name: "red-b.example.test", role: text("role_unknown") }))).toBeVisible();
  await expect.poll(() => asked.size).toBe(4);
  await page.clock.fastForward(16_000);
  await expect.poll(() => asked.size).toBe(1);
});

test("a row registers a click, whatever is updated meanwhile", needs("keys"), async ({ app, page }) => {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(/failover$/, async (route) => {
    await held;
    await route.continue();
  });
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test"] });
  await page.getByRole("searchbox", { name: text("filter_devices") }).fill("red-a");
  const row = page.getByRole("option", { name: rowOf("red-a") });
  await row.hover();
  await page.mouse.down();
  go();
  await expect(said(page, textPattern("roles_known"))).toBeVisible();
  await expect(row).toContainText(text("role_active"));
  await page.mouse.up();
  await expect(row).toHaveAttribute("aria-checked", "true");
});

test("live sessions: how many each user has, and the list read again", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose(lone);
  const read = page.getByRole("button", { name: text("live_read", { n: 1 }) });
  await read.click();
  const list = page.getByRole("region", { name: text("live_heading") });
  await expect(list.getByText(text("sessions_of_user", { user: "user2", n: 2 }))).toBeVisible();
  await simulator.killByHand({ action: "KILL_BY_USER", userName: "user2", deviceReferences: [{ link: `${LINK}3f320100-2177-42e0-8a46-2e33cd3366d` }] });
  await expect.poll(() => simulator.idsOf((session) => session.id === "2hjj234")).toEqual([]);
  await expect(list.getByText(text("sessions_of_user", { user: "user2", n: 2 }))).toBeVisible();
  await read.click();
  await expect(list.getByText(text("sessions_of_user", { user: "user2", n: 2 }))).toBeHidden();
});
