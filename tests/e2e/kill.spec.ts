// What to kill, on which targets, and what the plan shows before it is confirmed. Titles start with the section of F5's
// how-to "Kill active access sessions" that they follow. Requests are read from the simulator's record, ended sessions
// from its session table.

import type { Locator, Page } from "@playwright/test";
import { ALL_CHECKED, type Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL, keys, type Session } from "./support/simulator";
import { either, exactly, isolated, type Key, pattern, rowOf, start, text, textPattern, titleOf } from "./support/text";
import { needs } from "./support/needs";

const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
const SILENT = "b7d1e2c3-5f46-4b89-a0c1-7e8f9d0a1b43";
const GREEN = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";
const BLUE_A = "98901455-6384-47cd-bc41-00a39dfe338f";
const RESOLVER = "/mgmt/cm/system/machineid-resolver";

const plan = (page: Page) => page.getByRole("region", { name: text("plan") });
/** What the plan says about somebody without sessions. */
const NOBODY = textPattern("warning_no_session", { name: "somebody-else" });
const withRole = (name: string, role: Key) => text("name_and_role", { name, role: text(role) });
const IN_RED_STANDBY = text("in_cluster_with_role", { cluster: "RedCluster", role: text("role_standby") });
const references = (...ids: string[]) => ids.map((id) => ({ link: LINK + id }));

/** Opens the field for pasted targets and pastes a text. */
async function paste(page: Page, targets: string): Promise<void> {
  const field = page.getByRole("textbox", { name: text("paste_targets_label") });
  if (!(await field.isVisible())) await page.getByText(text("paste_targets")).click();
  await field.fill(targets);
  await page.getByRole("button", { name: text("paste_targets_add"), exact: true }).click();
}

/** Kills the sessions of all users on these targets and waits for the end. */
async function everybody(app: Console, where: Parameters<Console["choose"]>[0]): Promise<void> {
  await app.everybody();
  await app.choose(where);
  await app.review();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
}

/** Every session of these devices. */
const all = (before: Session[], ...devices: string[]) => {
  const hit = before.filter(({ device }) => devices.includes(device));
  expect(new Set(hit.map(({ device }) => device)).size).toBe(devices.length);
  return keys(hit);
};

/** The single row of a device in its list. */
async function row(page: Page, name: string) {
  await page.getByRole("tab", { name: text("devices") }).click();
  await page.getByRole("searchbox", { name: text("filter_devices") }).fill(name);
  return page.getByRole("option", { name: rowOf(name) });
}

test("1 devices are looked up by one or more addresses; missing ones by a filter that typed text can't change", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await paste(page, "192.0.2.30\n192.0.2.31, 192.0.2.99, 192.0.2.98, x'or'y");
  await expect(page.getByText(text("paste_found", { n: 2 }))).toBeVisible();
  await expect(page.getByText(text("missing_reason_trust", { names: ["192.0.2.99", "192.0.2.98"] }))).toBeVisible();
  await expect(page.getByText(text("missing_reason_text", { names: ["x'or'y"] }))).toBeVisible();
  const asked = await simulator.calls("GET", RESOLVER);
  expect(asked.map((call) => new URLSearchParams(call.query).get("$filter"))).toEqual([
    "('address' eq '192.0.2.99' or 'address' eq '192.0.2.98')",
    "('managementAddress' eq '192.0.2.99' or 'managementAddress' eq '192.0.2.98')",
  ]);
  await app.isAccessible();
});

test("1.1 a device without trust is explained, with the next step", needs("form"), async ({ app, page }) => {
  await app.begin();
  await paste(page, "192.0.2.200");
  await expect(page.getByText(text("missing_reason_trust", { names: ["192.0.2.200"] }))).toBeVisible();
});

test("1.3 a device that is not imported can be selected by reference", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  const found = await row(page, "newcomer.example.test");
  await expect(found).toContainText(text("missing_import"));
  await expect(found.getByTitle(pattern("newcomer.example.test", /.*/, text("missing_import_help")))).toBeVisible();
  await app.users("user2");
  await app.choose({ device: ["newcomer.example.test"] });
  await expect(plan(page).getByText(text("devices_not_imported", { names: ["newcomer.example.test"] }))).toBeVisible();
  await page.getByRole("button", { name: text("remove", { name: "newcomer.example.test" }) }).click();
  await app.kill("user2", { device: ["newcomer.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    {
      action: "KILL_BY_USER",
      userName: "user2",
      deviceReferences: references("c8e2f3d4-6a57-4c9a-b1d2-8f9a0e1b2c51"),
    },
  ]);
});

test("1.4 a device shows its access group, and the group finds it", needs("form"), async ({ app, page }) => {
  await app.begin();
  await page.getByRole("tab", { name: text("devices") }).click();
  await page.getByRole("searchbox", { name: text("filter_devices") }).fill("TestGroup2 lone");
  const row = page.getByRole("option", { name: rowOf("lone.example.test") });
  await expect(row.getByText(/· \u2068?TestGroup2\u2069?$/)).toBeVisible();
});

test("1.5 a device shows its cluster, which is offered instead and selected with one click", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await expect(await row(page, "red-b.example.test")).toContainText(text("in_cluster", { cluster: "RedCluster" }));
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test"] });
  await expect(plan(page).getByText(text("warning_standby", { device: "red-b.example.test", cluster: "RedCluster" }))).toBeVisible();
  await app.isAccessible();
  await plan(page).getByRole("button", { name: text("use_cluster", { cluster: "RedCluster" }) }).click();
  await expect(plan(page).getByText(textPattern("warning_standby", { cluster: "RedCluster" }))).toBeHidden();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", clusterNames: ["RedCluster"] },
  ]);
});

test("1.6 a device reference keeps the host localhost, in the exact request and in the curl command", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await expect(page.locator("pre")).toHaveCount(0);
  await plan(page).getByText(text("exact_request")).click();
  await expect(plan(page).getByRole("region", { name: text("exact_request") })).toContainText(LINK + LONE);
  await plan(page).getByText(text("as_curl")).click();
  const command = plan(page).getByRole("region", { name: text("as_curl") });
  await expect(command).toContainText(LINK + LONE);
  await expect(command).not.toContainText(/eyJ/);
  await plan(page).getByRole("button", { name: text("copy") }).last().focus();
  await app.isAccessible();
});

test("2.2.4 all users by access groups, clusters and device references together", needs("path"), async ({ app, simulator }) => {
  await app.begin();
  const before = await simulator.sessions();
  await everybody(app, {
    group: ["TestGroup1", "TestGroup2"],
    cluster: ["BlueCluster", "RedCluster"],
    device: ["red-a.example.test", "lone.example.test"],
  });
  expect(await simulator.kills()).toEqual([
    {
      action: "KILL_ALL_SESSIONS",
      accessGroupNames: ["TestGroup1", "TestGroup2"],
      clusterNames: ["BlueCluster", "RedCluster"],
      deviceReferences: references(LONE, RED_A),
    },
  ]);
  expect(await simulator.gone(before)).toEqual(all(before, BLUE_A, RED_A, LONE, GREEN));
});

test("2.3 listed sessions, pasted: the result is shown line by line", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  const before = await simulator.idsOf(() => true);
  await page.getByRole("radio", { name: text("who_listed") }).check();
  const lines = ["red-a.example.test 2a5d7604", "red-a.example.test 875f7fed", "lone.example.test 2hjj234"];
  await page.getByRole("textbox", { name: text("paste_sessions") }).fill([...lines, lines[0], "nowhere.example.test 1"].join("\n"));
  await expect(page.getByText(text("paste_understood", { n: 3, devices: text("device_count", { n: 2 }) }), { exact: true })).toBeVisible();
  await expect(page.getByText(text("paste_repeated", { lines: [4] }))).toBeVisible();
  const trouble = page.getByText(text("paste_unknown_device", { device: "nowhere.example.test", lines: [5] }));
  await expect(trouble).toBeVisible();
  // Lines that will not be killed look different.
  const colour = (line: Locator) => line.evaluate((element) => getComputedStyle(element).color);
  expect(await colour(trouble)).not.toBe(await colour(page.getByText(text("paste_understood", { n: 3, devices: text("device_count", { n: 2 }) }), { exact: true })));
  await expect(page.getByRole("region", { name: text("section_where") })).toContainText(text("where_listed"));
  await app.isAccessible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    {
      action: "KILL_BY_LIST_OF_SESSIONS",
      sessions: [
        { deviceReference: { link: LINK + LONE }, sessionIds: ["2hjj234"] },
        { deviceReference: { link: LINK + RED_A }, sessionIds: ["2a5d7604", "875f7fed"] },
      ],
    },
  ]);
  const left = await simulator.idsOf(() => true);
  expect(before.filter((id) => !left.includes(id))).toEqual(["2a5d7604", "2hjj234", "875f7fed"]);
});

test("2.3 listed sessions, selected from a cluster's live ones: they go to its active member", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose({ cluster: ["RedCluster"] });
  await page.getByRole("button", { name: text("live_read", { n: 2 }) }).click();
  await expect(app.shown(textPattern("live_complete", { device_and_role: withRole("red-a.example.test", "role_active") }))).toBeVisible();
  await page.getByRole("searchbox", { name: text("filter_sessions") }).fill("user2 2a5d7604");
  await page.getByRole("listbox", { name: text("live_heading") }).getByRole("option").click();
  await expect(page.getByText(text("sessions_selected", { n: 1 }))).toBeVisible();
  const named = ["user2", "2a5d7604", "red-a.example.test"].map(isolated).join(" · ");
  await expect(plan(page).getByText(named)).toBeVisible();
  await app.isAccessible();
  await app.review();
  await expect(app.gate.getByText(named)).toBeVisible();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    {
      action: "KILL_BY_LIST_OF_SESSIONS",
      sessions: [{ deviceReference: { link: LINK + RED_A }, sessionIds: ["2a5d7604"] }],
    },
  ]);
  expect(await simulator.idsOf((s) => s.id === "2a5d7604" || s.id === "875f7fed")).toEqual(["875f7fed"]);
});

test("2.3 a session pasted for the standby is sent to the active member with one click", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  const pasted = page.getByRole("textbox", { name: text("paste_sessions") });
  await pasted.fill("red-b.example.test 2a5d7604\nnowhere.example.test 1");
  await expect(plan(page).getByText(textPattern("warning_standby", { device: "red-b.example.test" }))).toBeVisible();
  await plan(page).getByRole("button", { name: text("use_active") }).click();
  // Lines without a session stay.
  await expect(pasted).toHaveValue("nowhere.example.test 1\n");
  await expect(page.getByText(text("paste_unknown_device", { device: "nowhere.example.test", lines: [1] }))).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.idsOf((s) => s.id === "2a5d7604")).toEqual([]);
});

test("errors: action missing, no target, session ids missing: nothing is sent that BIG-IQ would refuse", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  const press = page.getByRole("button", { name: text("review_empty") });
  await expect(plan(page)).toContainText(text("plan_empty"));
  await press.click();
  const summary = page.locator("#kill-errors");
  await expect(summary).toContainText(text("need_user"));
  await expect(summary).toContainText(text("need_target"));
  await expect(summary).toBeFocused();
  await expect(page).toHaveTitle(text("title_error", { title: titleOf(text("kill_title")) }));
  await app.isAccessible();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await press.click();
  await expect(summary).toContainText(text("need_sessions"));
  // If one thing is missing, the plan names it.
  await expect(plan(page)).toContainText(text("need_sessions"));
  await app.isAccessible();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await expect(page).toHaveTitle(titleOf(text("kill_title")));
  expect(await simulator.kills()).toEqual([]);
});

test("until the inventory is read, the plan's button says why it does nothing", needs("form"), async ({ app, page, simulator }) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/cm-access-allBigIpDevices/, async (route) => {
    await held;
    await route.continue();
  });
  await simulator.faults({ method: "GET", path: "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/*", fault: { kind: "status", status: 503 } });
  await app.signIn();
  const press = page.getByRole("button", { name: text("review_empty") });
  await expect(press).toHaveAttribute("aria-disabled", "true");
  await expect(press).toHaveAccessibleDescription(text("reading"));
  // Nothing was read, so there is nothing to refresh.
  await expect(page.getByRole("button", { name: start(text("refresh")) })).toHaveCount(0);
  answer();
  await expect(press).toHaveAccessibleDescription(text("inventory_failed"));
  await app.isAccessible();
  const none = { kind: "edit", set: { "/items": [] } };
  await simulator.faults(
    { method: "GET", path: "/mgmt/shared/resolver/device-groups/*", fault: none },
    { method: "GET", path: "/mgmt/cm/system/machineid-resolver", fault: none },
  );
  await page.getByRole("button", { name: text("retry") }).click();
  await expect(app.shown(text("inventory_empty"))).toBeVisible();
  await expect(app.shown(text("nothing_listed"))).toBeVisible();
  await expect(page.getByText(text("shown", { n: 0, all: 0 }))).toHaveCount(0);
  // One action has one name.
  await expect(page.getByRole("button", { name: text("refresh") })).toHaveCount(2);
  await expect(page.getByRole("button", { name: text("retry") })).toHaveCount(0);
  await expect(press).not.toHaveAttribute("aria-disabled");
});

test("errors: BIG-IQ's refusal appears in the gate, word for word", needs("form"), async ({ app, simulator }) => {
  const message = "Request should have atleast one of these fields populated: accessGroupNames , clusterNames , deviceReferences";
  await app.begin();
  const before = await simulator.idsOf(() => true);
  await simulator.faults({ method: "POST", path: KILL, count: 1, fault: { kind: "status", status: 400, message } });
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await expect(app.gate.getByRole("note").getByText(message)).toBeVisible();
  await expect(app.gate.getByRole("note").getByText(text("rejected_heading"))).toBeVisible();
  await app.isAccessible();
  expect(await simulator.idsOf(() => true)).toEqual(before);
});

test("a name without sessions is reported before it is sent, with similar names", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("USER2");
  await app.choose({ device: ["green.example.test"] });
  await expect(plan(page).getByText(text("warning_no_session_similar", { name: "USER2", similar: ["User2", "user2", "user2@example.test"] }))).toBeVisible();
  await app.isAccessible();
  await plan(page).getByRole("button", { name: text("replace_name", { name: "user2", user: "USER2" }), exact: true }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(plan(page).getByText(text("sessions_now", { n: 1 }))).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.idsOf((s) => s.id.startsWith("c4ee"))).toEqual(["c4ee0002", "c4ee0003"]);
});

test("a user without sessions can be removed with one click; the only user can't", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2", "somebody-else");
  await app.choose({ device: ["green.example.test"] });
  await expect(plan(page).getByText(NOBODY)).toBeVisible();
  await plan(page).getByRole("button", { name: text("leave_out", { device: "somebody-else" }) }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(plan(page).getByText(NOBODY)).toBeHidden();
  await app.users("somebody-else");
  await expect(plan(page).getByText(NOBODY)).toBeVisible();
  await expect(plan(page).getByRole("button", { name: either(textPattern("leave_out"), textPattern("leave_out_number")) })).toHaveCount(0);
});

test("a similar name replaces its cell in a pasted table", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("IP,User,Note", "192.0.2.1,USER2,USER2", "192.0.2.2,,", "192.0.2.3, user3,x");
  await expect(page.getByText(pattern("· ", text("rows_blank", { n: 1 }), " · ", text("names_trimmed", { n: 1 }), /$/))).toBeVisible();
  await app.choose({ device: ["green.example.test"] });
  await plan(page).getByRole("button", { name: text("replace_name", { name: "user2", user: "USER2" }), exact: true }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue('IP,User,Note\n192.0.2.1,"user2",USER2\n192.0.2.2,,\n192.0.2.3, user3,x');
  await expect(plan(page).locator(".plan-users li").first()).toHaveText(start(/\u2068?user2\u2069? /, text("sessions_now", { n: 1 })));
});

test("of many users the plan shows the first fifty, and all of them on request", needs("form"), async ({ app, page }) => {
  await app.begin();
  const users = ["user2", ...Array.from({ length: 59 }, (_, i) => `nobody-${i}`)];
  await app.users(...users);
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await expect(plan(page).locator(".plan-users li")).toHaveCount(51);
  await expect(plan(page).locator(".plan-users li").last()).toHaveText(text("and_more", { n: 10 }));
  await plan(page).getByText(text("all_users", { n: 60 }), { exact: true }).click();
  const lines = (await plan(page).locator("pre").innerText()).trim().split("\n");
  expect(lines).toHaveLength(60);
  expect(lines[0]).toContain(`user2\u2069 · ${text("sessions_now", { n: 2 })}`);
  expect(lines[59]).toContain("nobody-58");
});

for (const [where, width, height] of [["wide", 1280, 1000], ["low", 1280, 640], ["narrow", 320, 900]] as const) {
  test(`the button that opens the gate does not move, however long the plan and whenever counts arrive above it: ${where}`, needs("layout"), async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route(/access-info/, async (route) => {
      await held;
      await route.continue();
    });
    await app.begin();
    await app.users("user2");
    await app.choose({ device: ["lone.example.test"] });
    const button = plan(page).getByRole("button", { name: exactly(either(textPattern("review_user"), textPattern("review_users"))) });
    await expect(button).toBeVisible();
    /** Its position while the page is scrolled to the top: typing and selecting scroll it. */
    const place = async () => {
      await page.evaluate(() => window.scrollTo(0, 0));
      return button.boundingBox();
    };
    const before = await place();
    // A plan longer than any screen.
    await app.users("user2", ...Array.from({ length: 80 }, (_, n) => `nobody-${n}`));
    await expect(button).toHaveText(text("review_users", { n: 81 }));
    expect(await place()).toEqual(before);
    await expect(plan(page).getByText(text("sessions_now", { n: 2 }))).toBeHidden();
    go();
    await expect(plan(page).getByText(text("sessions_now", { n: 2 }))).toBeVisible();
    expect(await place()).toEqual(before);
  });
}

test("all users: the plan and the gate show the number of sessions and users now, and which are unknown", needs("form"), async ({
  app,
  page,
  simulator,
}) => {
  await app.begin();
  await app.everybody();
  await app.choose({ cluster: ["RedCluster"], device: ["lone.example.test", "silent.example.test"] });
  const there = (await simulator.sessions()).filter((session) => [RED_A, LONE].includes(session.device));
  const users = new Set(there.map((session) => session.user));
  const now = text("sessions_of_all_at_least", { n: there.length, of_users: text("users_read", { n: users.size }) });
  const onRedA = text("sessions_on", { device: "red-a.example.test", number: there.filter((s) => s.device === RED_A).length });
  await expect(plan(page).getByText(now)).toContainText(onRedA);
  // The count, then the places.
  await expect(plan(page).getByText(pattern(textPattern("labelled", { label: now, text: pattern(textPattern("sessions_on", { device: "lone.example.test" })) })))).toBeVisible();
  await expect(plan(page).getByText(exactly(textPattern("sessions_known", { known: 2, amount: "3" })))).toBeVisible();
  await expect(plan(page).getByText(text("sessions_unknown_of", { names: ["silent.example.test"] }))).toBeVisible();
  await app.isAccessible();
  await app.review();
  await expect(app.gate.getByText(now)).toBeVisible();
  await expect(app.gate.getByText(text("units_read", { known: 2, amount: "3" }))).toBeVisible();
  await expect(app.gate.getByText(text("sessions_unknown_of", { names: ["silent.example.test"] }))).toBeVisible();
});

test("until the devices have been read, nothing is called unknown", needs("form"), async ({ app, page }) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/access-info/, async (route) => {
    await held;
    await route.continue();
  });
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  const asking = plan(page).getByRole("button", { name: text("checking_devices") });
  await expect(asking).toHaveAttribute("aria-disabled", "true");
  await expect(plan(page).getByText(text("sessions_unknown"))).toHaveCount(0);
  answer();
  await app.knowsSessions();
  await expect(asking).toHaveCount(0);
  await expect(plan(page).getByRole("button", { name: text("check_devices_again", { n: 1 }) })).toBeVisible();
});

test("HA roles are shown with their age, and read again on request", needs("form"), async ({ app, page }) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.users("user2");
  await app.choose({ cluster: ["RedCluster"] });
  await expect(plan(page).getByText(exactly(textPattern("roles_known", { known: 2, amount: "2" })))).toBeVisible();
  await app.unfoldDevices();
  // One line each.
  await expect(plan(page).getByText(withRole("red-a.example.test", "role_active"), { exact: true })).toBeVisible();
  await expect(plan(page).getByText(withRole("red-b.example.test", "role_standby"), { exact: true })).toBeVisible();
  await expect((await row(page, "red-b.example.test")).getByText(IN_RED_STANDBY)).toBeVisible();
  await page.clock.fastForward(30_000);
  await expect(plan(page).getByText(exactly(textPattern("roles_known", { known: 2, amount: "2", ago: /[345]\d seconds ago/ })))).toBeVisible();
  // The pair has failed over since then.
  await page.route(/tm\/sys\/failover/, async (route) => {
    const answer = await route.fetch();
    const other = (word: string) => (word === "active" ? "standby" : "active");
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/active|standby/, other) });
  });
  const ask = plan(page).getByRole("button", { name: text("check_devices_again", { n: 2 }) });
  await ask.focus();
  await page.keyboard.press("Enter");
  await expect(plan(page).getByText(withRole("red-a.example.test", "role_standby"), { exact: true })).toBeVisible();
  await expect(plan(page).getByText(withRole("red-b.example.test", "role_active"), { exact: true })).toBeVisible();
  await expect(plan(page).getByText(exactly(textPattern("roles_known", { known: 2, amount: "2", ago: /now|\d seconds? ago/ })))).toBeVisible();
  await expect(ask).toBeFocused();
  await app.isAccessible();
});

test.describe("a selection of more devices than are read automatically", () => {
  test.use({ simulatorOptions: ["--devices", "60"] });

  test("says so, and reads all of them on request", needs("path"), async ({ app, page, simulator }) => {
    test.slow();
    await app.begin();
    await app.users("user2");
    await page.getByRole("tab", { name: text("devices") }).click();
    await page.getByRole("searchbox", { name: text("filter_devices") }).fill("bigip-");
    await page.getByRole("button", { name: exactly(textPattern("select_shown")) }).click();
    const asked = async () => {
      const calls = await simulator.calls("GET", "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/");
      return new Set(calls.filter((call) => call.path.endsWith("/access-info")).map((call) => call.path)).size;
    };
    await expect(plan(page).getByText(text("checked_first", { number: 32 }))).toBeVisible();
    const ask = plan(page).getByRole("button", { name: textPattern("check_devices_again") });
    await expect(plan(page).getByText(textPattern("sessions_known"))).toBeVisible();
    await expect(ask).not.toHaveAttribute("aria-disabled", { timeout: 30_000 });
    await expect(plan(page).getByText(exactly(textPattern("sessions_unknown_of", { names: pattern(/.+/, textPattern("more_in_list")) })))).toBeVisible();
    const unasked = await asked();
    expect(unasked).toBeLessThanOrEqual(32);
    await app.isAccessible();
    await ask.click();
    await expect(plan(page).getByText(ALL_CHECKED)).toBeVisible({ timeout: 60_000 });
    expect(await asked()).toBeGreaterThan(unasked);
  });
});

test("after a kill the plan counts again", needs("form"), async ({ app, page }) => {
  await page.clock.install();
  await app.open();
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await expect(plan(page).getByText(text("sessions_now", { n: 2 }))).toBeVisible();
  await app.review();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  await page.getByRole("link", { name: text("nav_kill") }).click();
  await app.users("user2");
  await page.getByRole("button", { name: text("use_last_targets") }).click();
  await expect(plan(page).getByText(text("sessions_now", { n: 0 }))).toBeVisible();
});

test("an unreachable device can be removed or sent separately", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test", "silent.example.test"] });
  await plan(page).getByRole("button", { name: text("send_separately", { device: "silent.example.test" }) }).click();
  await expect(plan(page).getByRole("button", { name: textPattern("send_separately") })).toBeHidden();
  const apart = text("plan_separately", { n: 1, names: ["silent.example.test"] });
  await expect(plan(page).getByText(apart)).toBeVisible();
  await expect(plan(page).getByText(text("exact_requests", { n: 2 }))).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(apart)).toBeVisible();
  await app.confirm();
  await expect(page.getByRole("heading", { name: text("job_of_user", { user: "user2" }), level: 1 })).toBeVisible();
  await expect.poll(async () => (await simulator.kills()).length).toBe(2);
  // Both are sent at once: BIG-IQ may receive them in any order.
  const kills = (await simulator.kills()).map((body) => JSON.stringify(body)).sort();
  expect(kills.map((body) => JSON.parse(body) as unknown)).toEqual([
    { action: "KILL_BY_USER", userName: "user2", deviceReferences: references(LONE) },
    { action: "KILL_BY_USER", userName: "user2", deviceReferences: references(SILENT) },
  ]);
});

test("devices are filtered by readiness and role; hidden devices stay selected", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.choose({ device: ["red-a.example.test", "red-b.example.test"] });
  const state = page.getByRole("combobox", { name: text("state") });
  await expect(state).toBeHidden();
  await page.getByText(text("more_filters"), { exact: true }).click();
  await state.selectOption(text("missing_import"));
  const list = page.getByRole("listbox", { name: text("devices") });
  await expect(list.getByRole("option", { name: rowOf("newcomer.example.test") })).toBeVisible();
  await expect(list.getByRole("option", { name: rowOf("red-a") })).toHaveCount(0);
  await expect(page.getByText(text("chosen_targets_hidden", { n: 2 }))).toBeVisible();
  await app.users("user2");
  const role = page.getByRole("combobox", { name: text("role") });
  await role.selectOption(text("role_standby"));
  // Both filters at once, and how many there are while they are closed.
  await expect(page.getByText(text("filters_active", { n: 2 }), { exact: true })).toBeVisible();
  await expect(list.getByRole("option")).toHaveCount(0);
  await expect(page.getByText(text("nothing_in_state"))).toBeVisible();
  await state.selectOption(text("ready"));
  await expect(list.getByRole("option")).toHaveText([pattern("red-b.example.test", /.*/, IN_RED_STANDBY)]);
  await app.isAccessible();
});

test("devices are filtered by version, access group and cluster, each by itself and all together", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.choose({ device: ["lone.example.test"] });
  const options = page.getByRole("listbox", { name: text("devices") }).getByRole("option");
  await page.getByText(text("more_filters"), { exact: true }).click();
  const field = (key: Key) => page.getByRole("combobox", { name: text(key), exact: true });
  await expect(field("version").getByRole("option")).toHaveText([text("state_any"), ...["12.1.0", "14.1.4", "15.1.3"].map(isolated)]);
  await field("version").selectOption("15.1.3");
  await expect(options.filter({ hasText: "bluebigipveha1" })).toHaveCount(0);
  const cluster = page.getByRole("searchbox", { name: text("cluster"), exact: true });
  await cluster.fill("blue");
  await expect(options).toHaveText([start(isolated("blue-b.example.test"))]);
  await expect(page.getByText(text("chosen_targets_hidden", { n: 1 }))).toBeVisible();
  await field("group").selectOption("TestGroup1");
  await expect(page.getByText(text("nothing_in_state"))).toBeVisible();
  await cluster.fill("");
  await expect(options).toHaveText([start(isolated("red-a.example.test")), start(isolated("red-b.example.test"))]);
  // A text filters further.
  await page.getByRole("searchbox", { name: text("filter_devices") }).fill("red-b");
  await expect(options).toHaveText([start(isolated("red-b.example.test"))]);
  await page.getByRole("tab", { name: text("clusters") }).click();
  await page.getByRole("tab", { name: text("devices") }).click();
  await expect(field("group")).toHaveValue("TestGroup1");
  await expect(options).toHaveText([start(isolated("red-b.example.test"))]);
  await app.isAccessible();
});

test("a link fills in the form, is removed from the address, and sends nothing", needs("start"), async ({ app, page, simulator }) => {
  await app.open("#/kill?user=user2&group=TestGroup&group=NoSuchGroup&reason=INC-1");
  await app.signIn();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(page.getByRole("button", { name: text("remove", { name: "TestGroup" }) })).toBeVisible();
  await expect(page.getByText(text("unknown_from_link", { names: ["NoSuchGroup"] }))).toBeVisible();
  await expect(page.getByText(text("suggestion_filled", { source: text("source_link") }))).toBeVisible();
  // Why is the operator's own statement.
  await expect(page.getByLabel(text("reason"))).toHaveValue("");
  await expect(page.getByText("INC-1")).toHaveCount(0);
  expect(page.url()).not.toContain("user2");
  await expect(app.gate).toBeHidden();
  await app.isAccessible();
  expect(await simulator.kills()).toEqual([]);
});

test("a link into a used form asks first, and then brings its users, its targets, and nothing of the previous ones", needs("start"), async ({ app, page }) => {
  // Two devices with the same name: a link to that name selects neither.
  await page.route("**/cm-access-allBigIpDevices/devices?*", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: { hostname: string }[] };
    const twin = { ...body.items[0], hostname: "lone.example.test", machineId: "twin", uuid: "twin", address: "192.0.2.77" };
    // An empty page is the end of the list.
    await route.fulfill({ response: answer, json: { ...body, items: body.items.length > 0 ? [...body.items, twin] : [] } });
  });
  await app.begin();
  await app.everybody();
  await app.choose({ cluster: ["RedCluster"], device: ["green.example.test"] });
  await app.open("#/kill?user=user2&device=GREEN.example.test&device=lone.example.test");
  const names = ["user2", "GREEN.example.test", "lone.example.test"];
  const asks = page.getByRole("note").filter({ hasText: text("suggestion_asked", { source: text("source_link"), names }) });
  await expect(asks).toBeVisible();
  await expect(page.getByRole("radio", { name: text("who_everybody") })).toBeChecked();
  await app.isAccessible();
  // What is dismissed changes nothing, and the next link asks again.
  await asks.getByRole("button", { name: text("dismiss") }).click();
  await expect(asks).toHaveCount(0);
  await expect(page.getByRole("radio", { name: text("who_everybody") })).toBeChecked();
  await page.evaluate(() => (location.hash = "#/kill?user=user2&device=GREEN.example.test&device=lone.example.test"));
  await asks.getByRole("button", { name: text("suggestion_replace") }).click();
  await expect(page.getByRole("radio", { name: text("who_users") })).toBeChecked();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  await expect(page.getByText(text("paste_several", { names: ["lone.example.test"] }))).toBeVisible();
  await expect(page.getByRole("group", { name: text("chosen_targets") }).getByRole("listitem")).toHaveText([isolated("green.example.test")]);
  await app.isAccessible();
});

test("links with too much, or too many of them, are ignored as a whole", needs("start"), async ({ app, page }) => {
  await app.begin();
  const refused = page.getByText(text("suggestion_refused", { source: text("source_link") }));
  await page.evaluate(() => (location.hash = `#/kill?${Array.from({ length: 1_001 }, (_, i) => `user=u${i}`).join("&")}`));
  await expect(refused).toBeVisible();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("");
  await page.getByRole("button", { name: text("dismiss") }).click();
  await expect(refused).toBeHidden();
  await page.evaluate(() => (location.hash = `#/kill?${Array.from({ length: 1_001 }, (_, i) => `user=v${i}`).join("&")}`));
  await expect(refused).toBeVisible();
  await page.getByRole("button", { name: text("clear_form") }).click();
  await expect(refused).toBeHidden();
  await page.evaluate(async () => {
    for (let i = 0; i < 100; i += 1) {
      location.hash = `#/kill?user=u${i}`;
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
  await expect(refused).toBeVisible();
});

test("the gate names 2 to 10 users, and requires a phrase above that", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  const names = Array.from({ length: 10 }, (_, i) => `someone${i}`);
  await app.users(...names);
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  await expect(app.gate.getByRole("definition").first().locator("span")).toHaveText(names.map(isolated));
  await expect(app.gate.getByRole("textbox")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await app.users(...names, "someone10");
  await app.review();
  await expect(app.gate.locator("pre")).toHaveText(text("phrase_users", { users: 11, devices: text("device_count", { n: 1 }) }));
  const phrase = app.gate.getByRole("textbox", { name: text("gate_type") });
  await phrase.fill(text("phrase_users", { users: 10, devices: text("device_count", { n: 1 }) }));
  await expect(async () => {
    await phrase.press("Enter");
    await expect(app.gate.getByText(text("phrase_wrong"))).toBeVisible({ timeout: 250 });
  }).toPass();
  await app.isAccessible();
  expect(await simulator.kills()).toEqual([]);
});

test("all users: the gate requires the phrase and a reason", needs("form"), async ({ app, simulator }) => {
  await app.begin();
  await app.everybody();
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  const phrase = app.gate.getByRole("textbox", { name: text("gate_type") });
  await phrase.fill(text("phrase_everybody", { devices: text("device_count", { n: 1 }) }));
  await expect(async () => {
    await phrase.press("Enter");
    await expect(app.gate.getByText(text("reason_missing"))).toBeVisible({ timeout: 250 });
  }).toPass();
  expect(await simulator.kills()).toEqual([]);
});

/** Keyboard only: presses a key until a condition holds. */
async function press(page: Page, key: string, until: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 80 && !(await until()); n++) await page.keyboard.press(key);
  expect(await until()).toBe(true);
}

/** Whether the focused element matches a selector and this text. */
const focused =
  (page: Page, selector: string, words = "") =>
  (): Promise<boolean> =>
    page.evaluate(([s, t]) => !!document.activeElement?.matches(s!) && (document.activeElement.textContent ?? "").includes(t!), [selector, words]);

/** Signs in with the keyboard only. */
async function signInByKeys(page: Page): Promise<void> {
  await press(page, "Tab", focused(page, "input[autocomplete=username]"));
  await page.keyboard.type("manager");
  await page.keyboard.press("Tab");
  await page.keyboard.type("manager");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
}

/** Selects the first device that matches a filter, with the keyboard only. */
async function chooseByKeys(page: Page, name: string): Promise<void> {
  await press(page, "Tab", focused(page, "[role=tab]"));
  await page.keyboard.press("End");
  await press(page, "Tab", focused(page, "#filter-devices"));
  await page.keyboard.type(name);
  await expect(page.getByRole("listbox", { name: text("devices") }).getByRole("option")).toHaveCount(1);
  await press(page, "Tab", focused(page, "[role=listbox]"));
  await page.keyboard.press("Space");
}

/** Opens the gate and presses its confirm button until that works, with the keyboard only. */
async function reviewByKeys(app: Console, page: Page, label: string): Promise<void> {
  await press(page, "Tab", focused(page, "button", label));
  await page.keyboard.press("Enter");
  await expect(app.gate).toBeVisible();
}

async function actByKeys(app: Console, page: Page, label: string): Promise<void> {
  await press(page, "Tab", focused(page, "dialog button", label));
  await expect(async () => {
    if (await app.gate.isVisible()) await page.keyboard.press("Enter");
    await expect(app.gate).toBeHidden({ timeout: 500 });
  }).toPass();
  await expect(app.shown(FINISHED)).toBeVisible();
}

test("keyboard only: one user, from the sign-in to the end", needs("keys"), async ({ app, page, simulator }) => {
  await signInByKeys(page);
  await press(page, "Tab", focused(page, "#kill-users"));
  await page.keyboard.type("user2");
  await chooseByKeys(page, "lone.example");
  await reviewByKeys(app, page, text("review_user", { user: "user2" }));
  await actByKeys(app, page, text("confirm_user", { user: "user2", devices: text("device_count", { n: 1 }) }));
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", deviceReferences: references(LONE) },
  ]);
});

test("keyboard only: all users, with the phrase and the reason", needs("keys"), async ({ app, page, simulator }) => {
  await signInByKeys(page);
  await press(page, "Tab", focused(page, "input[type=radio]"));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: text("who_everybody") })).toBeChecked();
  await chooseByKeys(page, "lone.example");
  await reviewByKeys(app, page, text("review_everybody"));
  await press(page, "Tab", focused(page, "#gate-phrase"));
  await page.keyboard.type(text("phrase_everybody", { devices: text("device_count", { n: 1 }) }));
  await press(page, "Tab", focused(page, "#gate-reason"));
  await page.keyboard.type("INC-1");
  await actByKeys(app, page, text("confirm_everybody", { devices: text("device_count", { n: 1 }) }));
  expect(await simulator.kills()).toEqual([{ action: "KILL_ALL_SESSIONS", deviceReferences: references(LONE) }]);
});

test("keyboard only: a live session, selected from its list", needs("keys"), async ({ app, page, simulator }) => {
  await signInByKeys(page);
  await press(page, "Tab", focused(page, "input[type=radio]"));
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("radio", { name: text("who_listed") })).toBeChecked();
  await chooseByKeys(page, "lone.example");
  await press(page, "Tab", focused(page, "button", text("live_read", { n: 1 })));
  await page.keyboard.press("Enter");
  await expect(app.shown(textPattern("live_complete", { device_and_role: isolated("lone.example.test") }))).toBeVisible();
  await press(page, "Tab", focused(page, "#filter-sessions"));
  await page.keyboard.type("2hjj234");
  const list = page.getByRole("listbox", { name: text("live_heading") });
  await expect(list.getByRole("option")).toHaveCount(1);
  await press(page, "Tab", focused(page, "[role=listbox]"));
  await page.keyboard.press("Space");
  await reviewByKeys(app, page, text("review_listed", { n: 1 }));
  await actByKeys(app, page, text("confirm_listed", { n: 1, devices: text("device_count", { n: 1 }) }));
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_LIST_OF_SESSIONS", sessions: [{ deviceReference: { link: LINK + LONE }, sessionIds: ["2hjj234"] }] },
  ]);
});

test("100,000 pasted lines are read to the last", needs("size"), async ({ app, page }) => {
  test.slow();
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  const lines = Array.from({ length: 100_000 }, (_, i) => `lone.example.test ${i.toString(16).padStart(8, "0")}`);
  // At once, like a real paste. Playwright's own filling takes longer than the reading.
  await page.getByRole("textbox", { name: text("paste_sessions") }).evaluate((field: HTMLTextAreaElement, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, lines.join("\n"));
  await expect(page.getByText(text("paste_understood", { n: 100000, devices: text("device_count", { n: 1 }) }), { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: text("review_listed", { n: 100000 }) })).toBeVisible({ timeout: 30_000 });
  // No field shows them: the browser would take seconds for the layout.
  await expect(page.getByRole("textbox", { name: text("paste_sessions") })).toBeHidden();
  await expect(page.getByText(text("paste_not_shown", { n: 100_000 }))).toBeVisible();
  await page.getByRole("button", { name: text("paste_clear") }).click();
  await expect(page.getByRole("textbox", { name: text("paste_sessions") })).toHaveValue("");
  await expect(page.getByRole("button", { name: text("review_listed", { n: 100000 }) })).toBeHidden();
});

test("a long pasted list replaces the selected text, and is shown on request", needs("services"), async ({ app, context, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  const field = page.getByRole("textbox", { name: text("paste_sessions") });
  // The browser counts the emoji as two units, Rust as one character of four bytes.
  await field.fill("lone.example.test 2hjj😀34\nlone.example.test not this");
  await field.press("Control+End");
  for (let i = 0; i < "not this".length; i += 1) await field.press("Shift+ArrowLeft");
  const ids = Array.from({ length: 6_000 }, (_, i) => `${i.toString(16).padStart(8, "0")}`);
  const lines = ids.map((id, i) => (i === 0 ? id : `lone.example.test ${id}`)).join("\n");
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines);
  await field.press("Control+V");
  // No session id has an emoji.
  await expect(page.getByText(text("paste_understood", { n: 6000, devices: text("device_count", { n: 1 }) }), { exact: true })).toBeVisible();
  await expect(field).toBeHidden();
  await app.isAccessible();
  const show = page.getByRole("button", { name: text("paste_show") });
  await expect(show).toBeFocused();
  await show.click();
  await expect(field).toHaveValue(`lone.example.test 2hjj😀34\nlone.example.test ${lines}`);
});
