// Failures between a confirmed kill and its end: no job lost, none duplicated, and the screen correct. Faults come from
// the simulator's plan, ended sessions from its session table.

import { CONFIRM, Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { either, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

// Whatever fails, there are no more requests than confirmed kills, except those that the test itself sends.
test.afterEach(async ({ app, simulator }) => {
  expect((await simulator.kills()).length - simulator.byHand).toBeLessThanOrEqual(app.confirmedInAll());
});

const UNKNOWN = text("headline_unknown");
const USER2_THERE = ["2hjj234", "9as3323"];
const LONE = "https://localhost/mgmt/cm/system/machineid-resolver/3f320100-2177-42e0-8a46-2e33cd3366d";
/** The kill of user2 on the lone device, as Curfew would send it. */
const SAME = { action: "KILL_BY_USER", userName: "user2", deviceReferences: [{ link: LONE }] };
const NONE = text("help_unknown_none");
const lone = { device: ["lone.example.test"] };
const slow = { device: ["slow.example.test"] };
/** The end of a kill of user2 there, who has no session there. A machine that is slow enough has read that before the kill. */
const ENDED = either(FINISHED, text("headline_no_session_of", { user: "user2" }));

const post = (fault: unknown) => ({ method: "POST", path: KILL, count: 1, fault });
const firstReads = (count: number, fault: unknown) => ({ method: "GET", path: `${KILL}*`, count, fault });
const everyPoll = (fault: unknown) => ({ method: "GET", path: `${KILL}/*`, fault });

const sent = async (app: Console) => (await app.simulator.kills()).length;
const polls = async (app: Console) => (await app.simulator.calls("GET", `${KILL}/`)).length;

/** Opens the page with a clock that the test advances. */
async function openWithClock(app: Console): Promise<void> {
  await app.page.clock.install();
  await app.open();
}

/** Signs in, and kills user2 on these devices while these faults are active. */
async function killUser2(app: Console, where: { device: string[] }, ...faults: unknown[]): Promise<void> {
  await app.begin();
  await app.simulator.faults(...faults);
  await app.kill("user2", where);
}

/** Kills these users with one plan. The page then shows its only job, or all of them. */
async function killUsers(app: Console, where: { device: string[] }, ...users: string[]): Promise<void> {
  await app.users(...users);
  await app.choose(where);
  await app.review();
  await app.confirm();
  app.confirmed = users.length;
}


test("fault: the request is lost before BIG-IQ received it: \"unknown\", and \"none\" only after 75 s of searching", needs("network"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await killUser2(app, lone, post({ kind: "drop-before-effect" }));
  await expect(app.shown(UNKNOWN)).toBeVisible();
  await expect(app.shown(text("help_unknown"))).toBeVisible();
  await page.clock.runFor(30_000);
  await expect(app.shown(NONE)).toBeHidden();
  await app.until(NONE);
  expect(await sent(app)).toBe(1);
  expect(await simulator.idsOf((session) => USER2_THERE.includes(session.id))).toEqual(USER2_THERE);
});

test("fault: a failed search blocks nothing: the other kill of the plan is verified, nothing runs, and a refresh searches again", needs("network"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await app.begin();
  await app.users("user2", "nobody-1");
  await app.choose(lone);
  await app.knowsSessions();
  await app.review();
  await page.route(`**${KILL}`, (route) => (route.request().postData()?.includes("nobody-1") ? route.abort() : route.fallback()));
  await app.confirm();
  app.confirmed = 2;
  const row = (user: string) => page.getByRole("listitem").filter({ has: page.getByRole("link", { name: text("job_of_user", { user }) }) });
  await expect(row("nobody-1")).toContainText(UNKNOWN);
  await app.until(start(text("headline_verified", { n: 2 })));
  await expect(page.getByText(text("jobs_running", { n: 1 }))).toBeVisible();
  await row("nobody-1").getByRole("link").click();
  await app.until(NONE);
  await expect(page.getByText(text("jobs_running", { n: 1 }))).toHaveCount(0);
  // A task that starts late, for whatever reason.
  const late = await simulator.killByHand({ ...SAME, userName: "nobody-1" });
  await app.refresh();
  await app.openLog();
  await expect(page.getByText(text("event_adopted", { id: late }))).toBeVisible();
  await expect(app.shown(FINISHED)).toBeVisible();
});

test("fault: the list can't be read while the answer is lost: the page says since when and why, and stops once it can", needs("path"), async ({ app, simulator }) => {
  await app.begin();
  const message = `Authorization failed: user=manager resource=${KILL} verb=GET`;
  await simulator.faults(
    { method: "GET", path: KILL, fault: { kind: "status", status: 401, message } },
    post({ kind: "drop-before-effect" }),
  );
  await app.kill("user2", lone);
  await expect(app.shown(UNKNOWN)).toBeVisible();
  await expect(app.shown(textPattern("help_list_unreadable"))).toBeVisible();
  await expect(app.shown(text("error_tasks_refused", { operator: "manager" }))).toBeVisible();
  await app.isAccessible();
  await simulator.faults();
  await app.refresh();
  await app.openLog();
  await expect(app.shown(text("event_not_listed"))).toBeVisible();
  await expect(app.shown(textPattern("help_list_unreadable"))).toHaveCount(0);
});

test("fault: several tasks match: all are shown and none is adopted", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  const byHand = await simulator.killByHand(SAME);
  // The list before the kill can't be read, so nothing distinguishes the task that was started by hand.
  await simulator.faults(post({ kind: "drop-after-effect" }), { ...firstReads(1, { kind: "status", status: 500 }), path: KILL });
  await app.kill("user2", lone);
  await expect(app.shown(UNKNOWN)).toBeVisible();
  await expect(app.shown(textPattern("help_unknown_several"))).toContainText(byHand);
  await expect(page.getByText(textPattern("event_adopted"))).toHaveCount(0);
  expect(await sent(app)).toBe(2);
});

const INVALID = "java.security.GeneralSecurityException: Invalid registered claims.";
const again = text("confirm_again");

test("fault: a kill refused for an invalid token is not sent again by itself: the gate renews the sign-in and asks to confirm again", needs("path"), async ({ app, simulator }) => {
  await app.begin();
  await simulator.faults(post({ kind: "revoke-access" }));
  await killUsers(app, lone, "user2");
  await expect(app.gate.getByText(text("sign_in_renewed"))).toBeVisible();
  await expect(app.gate.getByText(text("sign_in_renewed_body"))).toBeVisible();
  await app.isAccessible();
  expect(await sent(app)).toBe(1);
  expect(await simulator.calls("POST", "/mgmt/shared/authn/exchange")).toHaveLength(1);
  app.confirmed += 1;
  await app.act(again);
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await sent(app)).toBe(2);
  expect(await simulator.tasks("manager")).toHaveLength(1);
});

test("fault: BIG-IQ ended the sign-in: the dialog to sign in again opens over the gate, the plan stays, and another press sends it", needs("keys"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await app.begin();
  await app.everybody();
  await app.choose(lone);
  await app.review();
  await simulator.faults(
    post({ kind: "revoke-access" }),
    { method: "POST", path: "/mgmt/shared/authn/exchange", count: 1, fault: { kind: "revoke-refresh" } },
    { method: "POST", path: "/mgmt/shared/authn/exchange", fault: { kind: "status", status: 401, message: INVALID } },
  );
  await page.clock.fastForward(600);
  await app.confirm();
  await expect(app.again).toBeVisible();
  // From here the clock stands still: whatever is pressed comes right after the sign-in.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000);
  await app.again.getByLabel(text("password")).fill("manager");
  await app.again.getByLabel(text("password")).press("Enter");
  await expect(app.again).toBeHidden();
  const button = app.gate.getByRole("button", { name: again });
  // A key that is still down does not confirm.
  await expect(button).toBeFocused();
  await button.press("Enter");
  expect(await sent(app)).toBe(1);
  await expect(app.gate.getByText(text("sign_in_renewed"))).toBeVisible();
  await expect(app.gate.getByRole("textbox", { name: text("gate_type") })).not.toHaveValue("");
  await page.clock.resume();
  app.confirmed += 1;
  await app.act(again);
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await sent(app)).toBe(2);
  expect(await simulator.tasks("manager")).toHaveLength(1);
});

test("fault: the sign-in can't be renewed: the gate says why, and another press renews and sends", needs("path"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  await simulator.faults({ method: "POST", path: "/mgmt/shared/authn/exchange", fault: { kind: "html", status: 502 } });
  await page.clock.fastForward(4 * 60_000);
  await app.confirm();
  await expect(app.gate.getByText(text("sign_in_not_renewed"))).toBeVisible();
  await expect(app.gate.getByText(textPattern("error_server", { status: 502 }))).toBeVisible();
  expect(await sent(app)).toBe(0);
  await simulator.faults();
  app.confirmed += 1;
  await app.act(again);
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await sent(app)).toBe(1);
});

// Nothing in a 401 says whether the body was processed: a kill that is repeated automatically would run twice, and only
// BIG-IQ's list shows that it has started.
test("fault: a kill gets a 401 on the way back: it is never repeated without a confirmation, and the gate names its task", needs("path"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  await simulator.faults(post({ kind: "status", status: 401, message: INVALID, afterEffect: true }));
  await app.confirm();
  await expect(app.gate.getByRole("button", { name: again })).toBeVisible();
  const [task] = await simulator.tasks("manager");
  await expect(app.gate.getByText(text("started_anyway", { id: task!.id }), { exact: true })).toBeVisible();
  const list = app.gate.getByRole("link", { name: text("tasks_title") });
  await expect(list).toHaveCount(1);
  await expect(app.gate.getByText(text("nothing_killed"))).toHaveCount(0);
  await page.clock.fastForward(10 * 60_000);
  await expect(app.gate.getByRole("button", { name: again })).toBeVisible();
  expect((await simulator.calls("POST", KILL)).map((call) => call.status)).toEqual([401]);
  expect(await simulator.tasks("manager")).toHaveLength(1);
  await app.isAccessible();
  await list.click();
  await page.getByRole("row").filter({ hasText: text("job_of_user", { user: "user2" }), hasNotText: text("this_tab") }).first().getByRole("link").click();
  await expect(page.getByText(text("job_task", { id: task!.id }))).toBeVisible();
});

test("fault: a kill gets a 401, and BIG-IQ's list can't be read: nobody says that nothing was killed", needs("path"), async ({ app, simulator }) => {
  await app.begin();
  await simulator.faults(post({ kind: "revoke-access" }), { method: "GET", path: KILL, fault: { kind: "html", status: 502 } });
  await killUsers(app, lone, "user2");
  await expect(app.gate.getByText(text("may_have_started"))).toBeVisible();
  await expect(app.gate.getByText(text("nothing_killed"))).toHaveCount(0);
  await expect(app.gate.getByRole("link", { name: text("tasks_title") })).toBeVisible();
  await expect(app.gate.getByRole("button", { name: again })).toBeVisible();
});

test("fault: the browser can't store a record: nothing is sent until the operator has seen the warning and confirmed again; closing the gate leaves no job", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2");
  await app.choose(lone);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await app.review();
  const warning = app.gate.getByText(text("not_stored_heading")).first();
  await app.act();
  await expect(warning).toBeVisible();
  await app.gate.getByRole("button", { name: text("cancel") }).click();
  await app.menu("nav_jobs").click();
  await expect(page.getByRole("row").filter({ hasText: text("this_tab") })).toHaveCount(0);
  await app.menu("nav_kill").click();
  await app.review();
  app.confirmed = 1;
  // The second click of a double click comes before anyone can have read the warning.
  await expect(async () => {
    await app.gate.getByRole("button", { name: CONFIRM }).dblclick({ timeout: 1_000 });
    await expect(warning).toBeVisible({ timeout: 250 });
  }).toPass();
  expect(await simulator.kills()).toEqual([]);
  await app.act(text("not_stored_send"));
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await sent(app)).toBe(1);
});

test("fault: a long loss of connection: the page says since when, that the task continues, and calls nothing updated", needs("network"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await killUser2(app, lone, { method: "GET", path: `${KILL}*`, fault: { kind: "drop-before-effect" } });
  await expect(app.shown(textPattern("headline_connection_lost"))).toBeVisible();
  const before = await polls(app);
  await page.clock.fastForward(90_000);
  await expect.poll(() => polls(app)).toBeGreaterThan(before);
  // The accepted request was the last information about it, however often it was polled since.
  await expect(app.shown(textPattern("job_updated", { ago: "1 minute ago" }))).toBeVisible();
  await expect(app.shown(text("help_still_checking"))).toBeVisible();
  // It must not read as a reason to kill again.
  await expect(page.getByRole("main")).not.toContainText(/try again/i);
  await simulator.faults();
  await app.refresh();
  await expect(app.shown(FINISHED)).toBeVisible();
});

test("fault: a tab with a job is reloaded twice in a row: polling resumes after each sign-in, and nothing is sent again", needs("tabs"), async ({ app, page, simulator }) => {
  await killUser2(app, slow, everyPoll({ kind: "status-regress" }));
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }));
  expect(stored).not.toMatch(/eyJ|token|password/i);
  for (let n = 0; n < 2; n++) {
    await page.reload();
    await app.signIn();
    await expect(app.shown(text("headline_watched"))).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  }
  await simulator.faults();
  await simulator.advance(20_000);
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(app.shown(ENDED)).toBeVisible({ timeout: 20_000 });
  expect(await sent(app)).toBe(1);
});

test("fault: a tab that comes back to the front polls at once", needs("time"), async ({ app, page }) => {
  await openWithClock(app);
  await killUser2(app, lone, everyPoll({ kind: "status-regress" }));
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  const turn = (to: "hidden" | "visible") =>
    page.evaluate((to) => {
      Object.defineProperty(document, "visibilityState", { value: to, configurable: true });
      Object.defineProperty(document, "hidden", { value: to === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, to);
  // No timer fires from here on.
  await page.clock.pauseAt(Date.now() + 60_000);
  await turn("hidden");
  await page.evaluate(() => fetch("/info/system"));
  const before = await polls(app);
  await turn("visible");
  await expect.poll(() => polls(app)).toBeGreaterThan(before);
});

test("fault: the tab is duplicated while a batch is sent: the copy shows none of it as not sent, and sends nothing", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "POST", path: KILL, fault: { kind: "delay", ms: 600_000, afterEffect: true } });
  await killUsers(app, lone, "user2", "a", "b", "c", "d", "e");
  await expect.poll(() => sent(app)).toBe(4);
  const copied = await page.evaluate(() => ({ ...sessionStorage }) as Record<string, string>);
  expect(Object.keys(copied).filter((key) => key.startsWith("curfew:job:"))).toHaveLength(6);
  const second = new Console(await page.context().newPage(), simulator);
  await second.page.addInitScript((copied) => {
    // A window begins with an empty document, which has no storage.
    if (location.href.startsWith("http") && !sessionStorage.getItem("copied")) Object.entries({ ...copied, copied: "1" }).forEach(([key, text]) => sessionStorage.setItem(key, text));
  }, copied);
  await second.open();
  await second.begin();
  await second.menu("nav_jobs").click();
  await expect(second.shown(text("jobs_empty"))).toBeVisible();
  await simulator.faults();
  await simulator.advance(600_000);
  await expect(app.shown(text("job_batch_done", { done: 6, all: 6 }))).toBeVisible({ timeout: 20_000 });
  // Nor after a reload when the first tab is closed.
  await page.close({ runBeforeUnload: false });
  await second.open();
  await second.begin();
  await second.menu("nav_jobs").click();
  await expect(second.shown(text("jobs_empty"))).toBeVisible();
  expect(await sent(app)).toBe(6);
});

test("fault: offline and back", needs("network"), async ({ app, page, simulator }) => {
  await killUser2(app, slow);
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  await page.context().setOffline(true);
  await expect(app.shown(textPattern("headline_connection_lost"))).toBeVisible();
  await expect(app.shown(text("error_network"))).toBeVisible();
  await simulator.advance(20_000);
  await page.context().setOffline(false);
  await expect(app.shown(ENDED)).toBeVisible({ timeout: 20_000 });
  expect(await sent(app)).toBe(1);
});

test("fault: the page is reloaded before BIG-IQ has answered: the task is found, and nothing is sent again", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults(post({ kind: "delay", ms: 600_000, afterEffect: true }));
  await killUsers(app, lone, "user2");
  await expect.poll(() => sent(app)).toBe(1);
  // As if the browser ended at once: changes made while the page closes are not stored.
  await page.evaluate(() => void (Storage.prototype.setItem = () => {}));
  // The browser asks before it leaves the page, because a request is in flight.
  const asked = page.waitForEvent("dialog");
  const reloaded = page.reload();
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.accept();
  await reloaded;
  await app.signIn();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await page.getByRole("row").filter({ hasText: text("this_tab") }).getByRole("link").click();
  await expect(app.shown(FINISHED)).toBeVisible();
  await app.openLog();
  await expect(page.getByText(textPattern("event_adopted"))).toBeVisible();
  expect(await sent(app)).toBe(1);
});

test("fault: a kill that hangs for 75 s: unknown after 65 s, then its task is found", needs("network"), async ({ app, page, simulator }) => {
  await openWithClock(app);
  await app.begin();
  await simulator.faults(post({ kind: "delay", ms: 75_000, afterEffect: true }));
  await killUsers(app, lone, "user2");
  await expect.poll(() => sent(app)).toBe(1);
  await expect(app.gate.getByRole("button", { name: text("headline_sending") })).toBeVisible();
  await page.clock.fastForward(66_000);
  await app.until(FINISHED);
  await app.openLog();
  await expect(page.getByText(text("event_lost"))).toBeVisible();
  await expect(page.getByText(textPattern("event_adopted"))).toBeVisible();
  await simulator.advance(75_000);
  expect(await sent(app)).toBe(1);
});

test("fault: the sign-in ends while a job runs: signed in again in place, nothing lost", needs("path"), async ({ app, simulator }) => {
  await killUser2(app, slow);
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  // Every token is invalid, as after a restart of the appliance.
  await simulator.faults(
    { method: "GET", path: `${KILL}*`, fault: { kind: "status", status: 401, message: "Invalid registered claims." } },
    { method: "POST", path: "/mgmt/shared/authn/exchange", fault: { kind: "status", status: 401, message: "Invalid registered claims." } },
  );
  await expect(app.again).toBeVisible({ timeout: 20_000 });
  await app.isAccessible();
  await simulator.faults();
  await app.signInAgain();
  await expect(app.shown(ENDED)).toBeVisible({ timeout: 20_000 });
  expect(await sent(app)).toBe(1);
});

test("fault: the same kill in two tabs: the second gate shows a warning, and each has its own task", needs("tabs"), async ({ app, page, simulator }) => {
  await app.begin();
  const second = await app.secondTab();
  const warning = second.gate.getByText(text("in_flight_elsewhere", { n: 1 }));
  // No task ends before both gates have opened.
  await simulator.faults(everyPoll({ kind: "status-regress" }));
  // Another user's kill is not identical.
  await app.kill("User2", slow);
  await second.users("user2");
  await second.choose(slow);
  await second.review();
  await page.bringToFront();
  await page.getByRole("link", { name: text("nav_kill"), exact: true }).click();
  await app.users("user2");
  await app.choose(slow);
  await app.review();
  await expect(app.gate.getByText(textPattern("in_flight_elsewhere"))).toHaveCount(0);
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\/./);
  await expect(warning).toBeVisible();
  await second.page.bringToFront();
  await second.isAccessible();
  await second.gate.getByRole("button", { name: text("cancel") }).click();
  // A gate that opens later asks the other tabs.
  await second.review();
  await expect(warning).toBeVisible();
  await second.confirm();
  await simulator.faults();
  await simulator.advance(20_000);
  await expect(second.shown(ENDED)).toBeVisible({ timeout: 20_000 });
  await expect(app.shown(ENDED)).toBeVisible({ timeout: 20_000 });
  const task = async (shown: Console) => shown.page.getByText(textPattern("job_task")).innerText();
  expect(await task(second)).not.toBe(await task(app));
  expect(await sent(app)).toBe(3);
});
