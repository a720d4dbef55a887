// Lists in unusual cases: sessions pasted in the formats of other tools, sessions selected from live ones, targets that
// BIG-IQ does not know. Titles start with the section of F5's how-to "Kill active access sessions" that they follow.

import type { Page } from "@playwright/test";
import { type Console, FINISHED, REVIEW } from "./support/console";
import { expect, test } from "./support/fixtures";
import { either, isolated, pattern, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";

const plan = (page: Page) => page.getByRole("region", { name: text("plan") });
const TWO = {
  action: "KILL_BY_LIST_OF_SESSIONS",
  sessions: [
    { deviceReference: { link: LINK + LONE }, sessionIds: ["2hjj234"] },
    { deviceReference: { link: LINK + RED_A }, sessionIds: ["2a5d7604"] },
  ],
};

const ofUser = (user: string, n: number) => text("sessions_of_user", { user, n });

async function pasteSessions(page: Page, sessions: string): Promise<void> {
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await page.getByRole("textbox", { name: text("paste_sessions") }).fill(sessions);
}

/** At once, like a real paste. Playwright's own filling takes longer than the reading. */
async function pasteAtOnce(page: Page, lines: string[]): Promise<void> {
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await page.getByRole("textbox", { name: text("paste_sessions") }).evaluate((field: HTMLTextAreaElement, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, lines.join("\n"));
}

test("2.1.2 a pasted table with an unclosed quote is refused, and stays so that it can be corrected", needs("form"), async ({ app, page, simulator }) => {
  const table = 'user,comment\nuser2,"leaves today, replaced by\nUser2\nfrom Monday';
  const reason = text("quoted_users", { line: 2 });
  await app.begin();
  await app.choose({ group: ["TestGroup"] });
  await page.getByLabel(text("user_names")).fill(table);
  const note = page.getByRole("status").filter({ hasText: reason });
  await expect(note).toBeVisible();
  await page.getByRole("button", { name: REVIEW }).last().click();
  await expect(page.getByRole("link", { name: reason })).toBeVisible();
  await expect(page.getByLabel(text("user_names"))).toHaveAccessibleDescription(start(reason));
  await expect(note).toBeHidden();
  await expect(app.gate).toBeHidden();
  await expect(page.getByLabel(text("user_names"))).toHaveValue(table);
  expect(await simulator.kills()).toEqual([]);
  await app.users("user2");
  await app.review();
  await expect(app.gate).toContainText("user2");
});

async function send(app: Console): Promise<void> {
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
}

test("2.3 listed sessions, pasted as a table with a header", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await pasteSessions(page, 'Session ID,"User, Name",Client IP,Host Name\r\n2a5d7604,"user2, the",198.51.100.7,red-a.example.test\r\n2hjj234,user2,,lone.example.test\r\n');
  await expect(page.getByText(text("paste_understood", { n: 2, devices: text("device_count", { n: 2 }) }), { exact: true })).toBeVisible();
  await send(app);
  expect(await simulator.kills()).toEqual([TWO]);
  expect(await simulator.idsOf((s) => s.id === "2a5d7604" || s.id === "2hjj234")).toEqual([]);
});

const DUMP = "2a5d7604.session.user.starttime 10 1700000000\n2a5d7604.session.logon.last.username 5 user2\n875f7fed.session.logon.last.username 5 user2\n";
const DUMPED = { action: "KILL_BY_LIST_OF_SESSIONS", sessions: [{ deviceReference: { link: LINK + RED_A }, sessionIds: ["2a5d7604", "875f7fed"] }] };
const ofDevice = (page: Page) => page.getByRole("textbox", { name: text("paste_of") });

test("2.3 sessiondump names no device: each line says so, nothing is guessed, and the operator names it", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await expect(ofDevice(page)).toBeHidden();
  await pasteSessions(page, DUMP);
  await expect(page.getByText(text("paste_no_device", { lines: [1, 2, 3] }))).toBeVisible();
  await page.getByRole("button", { name: REVIEW }).click();
  await expect(page.locator("#kill-errors")).toContainText(text("need_sessions"));
  expect(await simulator.kills()).toEqual([]);
  await ofDevice(page).fill("red-x");
  await expect(ofDevice(page)).toHaveAccessibleDescription(pattern(text("nothing_matches", { filter: "red-x" })));
  await app.isAccessible();
  await ofDevice(page).fill("192.0.2.21");
  await expect(page.getByText(text("paste_unnamed", { n: 3, device: "192.0.2.21" }))).toBeVisible();
  await expect(page.getByText(text("paste_understood", { n: 2, devices: text("device_count", { n: 1 }) }), { exact: true })).toBeVisible();
  await app.isAccessible();
  await send(app);
  expect(await simulator.kills()).toEqual([DUMPED]);
  expect(await simulator.idsOf((s) => s.id === "2a5d7604" || s.id === "875f7fed")).toEqual([]);
});

test("2.3 the only selected device is proposed for lines without one, once for each list, and can be removed", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await app.choose({ device: ["red-a.example.test"] });
  await pasteSessions(page, DUMP);
  await expect(ofDevice(page)).toHaveValue("red-a.example.test");
  await expect(page.getByText(text("paste_unnamed", { n: 3, device: "red-a.example.test" }))).toBeVisible();
  await ofDevice(page).fill("");
  await expect(page.getByText(text("paste_no_device", { lines: [1, 2, 3] }))).toBeVisible();
  await expect(ofDevice(page)).toHaveValue("");
  await pasteSessions(page, "");
  await expect(ofDevice(page)).toBeHidden();
  await pasteSessions(page, "2a5d7604\n875f7fed\nlone.example.test 2hjj234");
  await expect(ofDevice(page)).toHaveValue("red-a.example.test");
  await expect(page.getByText(text("paste_understood", { n: 3, devices: text("device_count", { n: 2 }) }), { exact: true })).toBeVisible();
  await send(app);
  const onLone = { deviceReference: { link: LINK + LONE }, sessionIds: ["2hjj234"] };
  expect(await simulator.kills()).toEqual([{ ...DUMPED, sessions: [onLone, ...DUMPED.sessions] }]);
});

type Held = { hold(on: boolean): void };

/** Runs in the page: holds back the messages by which the page yields to the browser. */
function holdMessages(): void {
  const post = MessagePort.prototype.postMessage;
  const waiting: (() => void)[] = [];
  let held = false;
  MessagePort.prototype.postMessage = function (this: MessagePort, message: unknown) {
    if (held) waiting.push(() => post.call(this, message));
    else post.call(this, message);
  };
  Object.assign(globalThis, {
    hold: (on: boolean) => {
      held = on;
      if (!on) waiting.splice(0).forEach((send) => send());
    },
  });
}

test("2.3 while a long list is read, no plan is made from the previous one", needs("time"), async ({ app, page, simulator }) => {
  await page.addInitScript(holdMessages);
  await app.open();
  await app.begin();
  await pasteAtOnce(page, ["lone.example.test 2hjj234"]);
  await expect(plan(page).getByRole("button", { name: text("review_listed", { n: 1 }) })).toBeVisible();
  await page.evaluate(() => (globalThis as unknown as Held).hold(true));
  await pasteAtOnce(page, Array.from({ length: 100_000 }, (_, n) => `red-a.example.test ${n.toString(16).padStart(8, "0")}`));
  await expect(plan(page).getByText(text("paste_reading"))).toBeVisible();
  await plan(page).getByRole("button", { name: text("review_empty") }).click();
  await expect(app.gate).toBeHidden();
  await page.evaluate(() => (globalThis as unknown as Held).hold(false));
  await expect(plan(page).getByRole("button", { name: text("review_listed", { n: 100000 }) })).toBeVisible();
  expect(await simulator.kills()).toEqual([]);
});

test("2.3 a short list appears at once even on a slow machine, without a \"reading\" message", needs("time"), async ({ app, page }) => {
  await page.addInitScript(holdMessages);
  await app.open();
  await app.begin();
  await pasteAtOnce(page, ["lone.example.test 2hjj234"]);
  await expect(plan(page).getByRole("button", { name: text("review_listed", { n: 1 }) })).toBeVisible();
  await page.evaluate(() => {
    (globalThis as unknown as Held).hold(true);
    // Everything takes long, as far as the page can measure.
    let now = performance.now();
    performance.now = () => (now += 100);
  });
  await pasteAtOnce(page, ["lone.example.test 2hjj234", "red-a.example.test 2hjj235"]);
  await expect(plan(page).getByRole("button", { name: text("review_listed", { n: 2 }) })).toBeVisible();
});

test("2.3 of many invalid lines a few are shown, and all can be read on request", needs("form"), async ({ app, page }) => {
  await app.begin();
  const odd = Array.from({ length: 20_000 }, (_, n) => `nowhere-${n}.example.test ${n}`);
  await pasteAtOnce(page, [...odd, "lone.example.test 2hjj234"]);
  await expect(page.getByText(text("paste_understood", { n: 1, devices: text("device_count", { n: 1 }) }), { exact: true })).toBeVisible();
  await expect(page.getByText(text("paste_more_devices", { n: 19995 }))).toBeVisible();
  expect(await page.getByText(textPattern("paste_unknown_device", { device: /nowhere-\d+\.example\.test/ })).count()).toBe(5);
  await page.getByText(text("paste_unused")).click();
  const left = page.getByRole("region", { name: text("paste_unused") });
  expect((await left.textContent())?.trimEnd().split("\n")).toEqual(odd);
});

test("2.3 a guessed device that was removed is not guessed again on return to the page", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.choose({ device: ["red-a.example.test"] });
  await pasteSessions(page, DUMP);
  await expect(ofDevice(page)).toHaveValue("red-a.example.test");
  await ofDevice(page).fill("");
  await expect(page.getByText(text("paste_no_device", { lines: [1, 2, 3] }))).toBeVisible();
  await app.menu("nav_jobs").click();
  await app.menu("nav_kill").click();
  await expect(page.getByText(text("paste_no_device", { lines: [1, 2, 3] }))).toBeVisible();
  await expect(ofDevice(page)).toHaveValue("");
});

interface Entry {
  nestedStats: { entries: Record<string, { description: string }> };
}

/** Changes every device's live sessions on their way to the page. */
async function rewrite(page: Page, change: (entries: Record<string, Entry>) => Record<string, Entry>): Promise<void> {
  await page.route("**/rest-proxy/mgmt/tm/apm/access-info*", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { entries: Record<string, Entry> };
    await route.fulfill({ response: answer, json: { ...body, entries: change(body.entries) } });
  });
}

const entry = (sessionId: string, logonUser: string, startTime?: string): Entry => ({
  nestedStats: {
    entries: Object.fromEntries(
      Object.entries({ sessionId, logonUser, startTime, clientIp: "198.51.100.7" })
        .filter((field): field is [string, string] => field[1] !== undefined)
        .map(([name, description]) => [name, { description }]),
    ),
  },
});

async function readLive(app: Console, page: Page, device: string): Promise<void> {
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose({ device: [device] });
  await page.getByRole("button", { name: text("live_read", { n: 1 }) }).click();
}

test("2.3 all but one's own sessions, whatever their domain and case, and all but each user's newest", needs("form"), async ({
  app,
  page,
}) => {
  await rewrite(page, () => ({
    a: entry("aaaa0001", "user2", "2026-11-24T10:00:00Z"),
    b: entry("aaaa0002", "user2", "2026-11-24T11:00:00Z"),
    c: entry("aaaa0003", "CORP\\Manager", "2026-11-24T09:00:00Z"),
    d: entry("aaaa0004", "user3", "2026-11-24T08:00:00Z"),
  }));
  await app.begin();
  await readLive(app, page, "lone.example.test");
  await expect(app.shown(textPattern("live_complete", { device_and_role: isolated("lone.example.test"), n: 4 }))).toBeVisible();
  await page.getByRole("button", { name: text("select_but_own", { n: 3 }) }).click();
  await expect(page.getByText(text("sessions_selected", { n: 3 }))).toBeVisible();
  await plan(page).getByText(text("exact_request")).click();
  const request = plan(page).getByRole("region", { name: text("exact_request") });
  await expect(request).toContainText("aaaa0001");
  await expect(request).not.toContainText("aaaa0003");
  await page.getByRole("region", { name: text("live_heading") }).getByRole("button", { name: text("chosen_targets_clear") }).click();
  await page.getByRole("button", { name: text("select_but_newest", { n: 1 }) }).click();
  await expect(page.getByText(text("sessions_selected", { n: 1 }))).toBeVisible();
  const list = page.getByRole("listbox", { name: text("live_heading") });
  await expect(list.getByRole("option", { checked: true })).toHaveText([/aaaa0001/]);
  await app.isAccessible();
});

test("2.3 a session can be selected while other lists are still being read: none of the reads is cancelled", needs("form"), async ({ app, page }) => {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose({ device: ["green.example.test", "lone.example.test"] });
  await page.route(new RegExp(`${LONE}/rest-proxy/mgmt/tm/apm/access-info`), async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: text("live_read", { n: 2 }) }).click();
  await expect(app.shown(textPattern("live_complete", { device_and_role: isolated("green.example.test") }))).toBeVisible();
  await page.getByRole("listbox", { name: text("live_heading") }).getByRole("option").first().click();
  await expect(page.getByText(text("sessions_selected", { n: 1 }))).toBeVisible();
  go();
  await expect(app.shown(textPattern("live_complete", { device_and_role: isolated("lone.example.test") }))).toBeVisible();
  await expect(page.getByText(textPattern("live_unanswered"))).toHaveCount(0);
});

test("2.3 selected sessions have their own list, whatever hides them elsewhere, and can be removed there", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await readLive(app, page, "lone.example.test");
  const live = page.getByRole("listbox", { name: text("live_heading") });
  const search = page.getByRole("searchbox", { name: text("filter_sessions") });
  for (const id of ["2hjj234", "9as3323"]) {
    await search.fill(id);
    await live.getByRole("option").click();
  }
  await search.fill("nobody");
  await expect(live.getByRole("option")).toHaveCount(0);
  // From the targets, too.
  await page.getByRole("group", { name: text("chosen_targets") }).getByRole("button", { name: text("remove", { name: "lone.example.test" }) }).click();
  const picked = page.getByRole("listbox", { name: text("sessions_selected", { n: 2 }) });
  await expect(picked.getByRole("option", { checked: true })).toHaveText([/2hjj234.*lone\.example\.test/, /9as3323.*lone\.example\.test/]);
  await app.isAccessible();
  await picked.getByRole("option", { name: /2hjj234/ }).click();
  await expect(page.getByRole("listbox", { name: text("sessions_selected", { n: 1 }) }).getByRole("option")).toHaveText([/9as3323/]);
  await send(app);
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_LIST_OF_SESSIONS", sessions: [{ deviceReference: { link: LINK + LONE }, sessionIds: ["9as3323"] }] },
  ]);
});

test("2.3 all users are listed with their numbers of sessions, largest first", needs("form"), async ({ app, page }) => {
  const users = ["ann", "ben", "cid", "dan", "eve", "fay", "gus", "gus"];
  await rewrite(page, () => Object.fromEntries(users.map((user, i) => [user + String(i), entry(`aaaa000${i}`, user)])));
  await app.begin();
  await readLive(app, page, "lone.example.test");
  const list = page.getByRole("region", { name: text("live_heading") });
  await expect(list.getByText(textPattern("most_sessions", { counts: pattern(ofUser("gus", 2), ", ", ofUser("ann", 1), /.*/) }))).toBeVisible();
  await list.getByText(text("sessions_by_user", { n: 7 })).click();
  const listed = await list.getByRole("region", { name: text("sessions_by_user", { n: 7 }) }).innerText();
  expect(listed.trimEnd().split("\n").slice(-7)).toEqual([ofUser("gus", 2), ...["ann", "ben", "cid", "dan", "eve", "fay"].map((user) => ofUser(user, 1))]);
});

test("2.3 the age of a list is updated; a device without a list says why and what to do", needs("form"), async ({ app, page }) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await readLive(app, page, "lone.example.test");
  await expect(page.getByText(start(textPattern("live_complete", { device_and_role: isolated("lone.example.test"), ago: /now|\d+ sec.*/ })))).toBeVisible();
  await page.clock.fastForward(5 * 60_000);
  await expect(page.getByText(start(textPattern("live_complete", { device_and_role: isolated("lone.example.test"), ago: /5 min.*/ })))).toBeVisible();
  await page.route(/apm\/access-info/, (route) => route.fulfill({ status: 503, json: { code: 503, message: "overloaded" } }));
  await page.getByRole("button", { name: text("live_read", { n: 1 }) }).click();
  await expect(page.getByText(start(text("live_unanswered", { names: ["lone.example.test"] }), " ", text("what_and_next", { what: text("error_server", { status: 503 }), next: text("error_server_help") })))).toBeVisible();
});

test("field: an Access Manager may not use the rest-proxy: the page names what was refused, and not who may kill", needs("path"), async ({ app, page, simulator }) => {
  await simulator.settings({ restProxy: "admin" });
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose({ device: ["lone.example.test"] });
  await page.getByRole("button", { name: text("live_read", { n: 1 }) }).click();
  await expect(page.getByText(start(text("live_unanswered", { names: ["lone.example.test"] }), " ", text("what_and_next", { what: text("error_sessions_refused", { operator: "manager" }), next: text("error_sessions_refused_help") })))).toBeVisible();
  await expect(page.getByText(text("error_kill_refused_help"))).toHaveCount(0);
  await app.menu("nav_jobs").click();
  await simulator.settings({ refusedReads: { "/mgmt/cm/access/tasks/kill-sessions": 403 } });
  await page.getByRole("main").getByRole("button", { name: text("refresh") }).click();
  await expect(page.getByText(start(text("error_tasks_refused", { operator: "manager" })))).toBeVisible();
  await app.menu("nav_kill").click();
  await app.users("user2");
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
});

test("2.3 in a narrow window a session still shows its user and id, and everything when it is active", needs("layout"), async ({ app, page }) => {
  await page.setViewportSize({ width: 320, height: 900 });
  await rewrite(page, () => ({ a: entry("aaaa0001", "user2", "2026-11-24T10:00:00Z"), b: entry("aaaa0002", "user2", "2026-11-24T11:00:00Z") }));
  await app.begin();
  await readLive(app, page, "lone.example.test");
  const rows = page.getByRole("listbox", { name: text("live_heading") }).getByRole("option");
  await expect(rows.getByText("aaaa0001")).toBeVisible();
  await expect(rows.getByText("aaaa0002")).toBeVisible();
  await expect(rows.getByText("lone.example.test").first()).toBeVisible();
  await page.getByRole("listbox", { name: text("live_heading") }).focus();
  await page.keyboard.press("Home");
  await expect(rows.first().getByText("lone.example.test")).toBeVisible();
});

test("2.3 a list that BIG-IQ truncated says where", needs("form"), async ({ app, page }) => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`${n}`, entry(n.toString(16).padStart(8, "0"), `user${n}`)]));
  await rewrite(page, () => many);
  await app.begin();
  await readLive(app, page, "lone.example.test");
  await expect(app.shown(textPattern("live_cut_off", { device_and_role: isolated("lone.example.test"), n: 10_000 }))).toBeVisible();
});

test("several remedies, one after the other: each fixes its own problem, and the request matches the plan shown after that", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test", "silent.example.test", "lone.example.test"] });
  await plan(page).getByRole("button", { name: text("use_cluster", { cluster: "RedCluster" }) }).click();
  await plan(page).getByRole("button", { name: text("leave_out", { device: "silent.example.test" }) }).click();
  await expect(plan(page).getByRole("button", { name: either(textPattern("use_cluster"), text("use_clusters"), textPattern("leave_out"), textPattern("send_separately")) })).toHaveCount(0);
  await send(app);
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", clusterNames: ["RedCluster"], deviceReferences: [{ link: LINK + LONE }] },
  ]);
});
