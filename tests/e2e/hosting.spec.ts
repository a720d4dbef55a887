// Configurations in config.json: invalid values, rules of the gate, idle sign-out, several BIG-IQs behind one host
// name; and what the diagnostics report about them.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { CONFIRM, Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { Simulator } from "./support/simulator";
import { isolated, either, exactly, type Key, labelled, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const TOKENS = "/mgmt/shared/authz/tokens/";
const MINUTE = 60_000;

/** Makes this the host's config.json. */
async function configure(page: Page, config: unknown): Promise<void> {
  await page.route("**/config.json", (route) => route.fulfill({ json: config }));
}

/** These words as a line of their own. */
const line = (words: string | RegExp) => new RegExp(exactly(words), "m");
/** The answer to a question of the check, on a line of its own. */
const answered = (question: Key, answer: RegExp) => new RegExp(start(text(question), ": ", answer), "m");

test("an invalid value of each kind stops Curfew with a page that shows the key, the value and what is allowed", needs("start"), async ({ page, plainHost }) => {
  const wrong: [file: string, key: string, found: RegExp, accepted: string][] = [
    ["[1]", "config.json", /^\[1\]$/, text("accepts_object")],
    ['{"idleMinutes": 5', "config.json", /EOF/, text("accepts_object")],
    ['{"bigiqs": []}', "bigiqs", /^\[\]$/, text("accepts_list")],
    ['{"bigiqs": [{"name": " "}]}', "bigiqs[0].name", /^" "$/, text("accepts_text")],
    ['{"bigiqs": [{"prefix": "//elsewhere.example.test"}]}', "bigiqs[0].prefix", /^"\/\/elsewhere/, text("accepts_path")],
    ['{"bigiqs": [{}, {"name": "b"}]}', "bigiqs[1].prefix", /^""$/, text("accepts_path")],
    ['{"signIn": "cookie"}', "signIn", /^"cookie"$/, text("accepts_one_of", { words: ["form", "proxy"] })],
    ['{"idleMinutes": 601}', "idleMinutes", /^601$/, text("accepts_whole", { least: 0, most: 600 })],
    ['{"phraseAbove": 11}', "phraseAbove", /^11$/, text("accepts_whole", { least: 0, most: 10 })],
    ['{"cancel": "yes"}', "cancel", /^"yes"$/, text("accepts_flag")],
    ['{"embedParents": ["http://portal.example.test"]}', "embedParents[0]", /^"http:\/\/portal\.example\.test"$/, text("accepts_origin")],
    ['{"embedParents": ["*"]}', "embedParents[0]", /^"\*"$/, text("accepts_origin")],
  ];
  let file = "";
  await page.route("**/config.json", (route) => route.fulfill({ body: file, contentType: "application/json" }));
  for (const [config, key, found, accepted] of wrong) {
    file = config;
    await page.goto(plainHost.url);
    const said = page.getByRole("alert").filter({ hasText: text("config_title") });
    const shown = new RegExp(found.source.replace(/^\^/, "^\u2068").replace(/\$$/, "\u2069$"));
    await expect(said.getByRole("definition")).toHaveText([isolated(key), shown, accepted]);
    await expect(page.getByRole("button"), config).toHaveCount(0);
  }
  // Once it is corrected, the page itself leads on.
  file = "{}";
  await page.getByRole("link", { name: text("stopped_reload") }).click();
  await expect(page.getByRole("heading", { name: textPattern("sign_in_to") })).toBeVisible();
});

test("a portal's accent is the only accent: everything filled or underlined uses it", needs("layout"), async ({ app, page }) => {
  await app.begin();
  await page.getByRole("option").first().click();
  await page.evaluate(() => document.documentElement.style.setProperty("--portal", "#7a4fc9"));
  const style = (selector: string, property: string) => page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  const taken = "rgb(122, 79, 201)";
  await expect.poll(() => style('.list-row[aria-checked="true"] .list-tick', "background-color")).toBe(taken);
  expect(await style('[role="tab"][aria-selected="true"]', "border-bottom-color")).toBe(taken);
  expect(await style('a[aria-current="page"]', "box-shadow")).toContain(taken);
});

test("the gate follows config.json: a reason for every kill, a phrase for one user", needs("path"), async ({ app, page, simulator }) => {
  await configure(page, { reason: "always", phraseAbove: 0 });
  await app.open();
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  const phrase = app.gate.getByRole("textbox", { name: text("gate_type") });
  const reason = app.gate.getByRole("textbox", { name: text("reason") });
  await expect(phrase).toBeVisible();
  const words = await app.gate.locator("pre, code").first().innerText();
  // Each answer alone is not enough; a wrong one is reported at its field.
  for (const [typed, why] of [
    ["", "INC-1"],
    [words, ""],
  ] as const) {
    await phrase.fill(typed);
    await reason.fill(why);
    await expect(async () => {
      await app.gate.getByRole("button", { name: CONFIRM }).click();
      await expect(typed === "" ? phrase : reason).toHaveAttribute("aria-invalid", "true", { timeout: 250 });
    }).toPass();
    expect(await simulator.kills()).toEqual([]);
  }
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect((await simulator.kills()).length).toBe(1);
});

test.describe("diagnostics", () => {
  const REST_PROXY = "/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/*";
  const SOMEBODY = "Authorization failed: user=https://localhost/mgmt/shared/authz/users/somebody";

  const check = async (page: Page): Promise<void> => {
    await page.getByRole("link", { name: text("nav_diagnostics") }).click();
    await page.getByRole("button", { name: text("diagnostics_check_run") }).click();
    await expect(page.getByText(text("diagnostics_checked")).first()).toBeVisible();
  };

  test("the report contains no names, whatever BIG-IQ answers: no user, no BIG-IQ, no device", needs("path"), async ({ app, page, simulator }) => {
    await configure(page, { bigiqs: [{ name: "Secret name", prefix: "", colour: 1 }], idleMinuts: 5 });
    await app.open();
    await app.begin();
    await simulator.faults({ method: "GET", path: "/mgmt/*", fault: { kind: "status", status: 403, message: SOMEBODY } });
    await check(page);
    const report = page.getByRole("region", { name: text("diagnostics_report") }).last();
    await expect(report).toContainText(text("diagnostics_unknown_keys", { keys: ["bigiqs[0].colour", "idleMinuts"] }));
    await expect(report).toContainText(line(textPattern("diagnostics_version", { version: /\d+\.\d+\.\d+/, build: /curfew-[0-9a-f]{16}\.js/ })));
    for (const name of ["somebody", "Secret name", ".example.test", "manager"]) await expect(report).not.toContainText(name);
  });

  test("a page that came over HTTP/2 says that kills share a connection, also in the report; over HTTP/1.1 it says nothing", needs("network"), async ({ app, page }) => {
    const warning = page.getByText(textPattern("shared_connection_heading"));
    await app.begin();
    await page.getByRole("link", { name: text("nav_diagnostics") }).click();
    await expect(page.getByRole("button", { name: text("diagnostics_check_run") })).toBeVisible();
    expect(await page.evaluate(() => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).nextHopProtocol)).toBe("http/1.1");
    await expect(warning).toHaveCount(0);
    await page.addInitScript(() => Object.defineProperty(PerformanceResourceTiming.prototype, "nextHopProtocol", { get: () => "h2" }));
    await page.reload();
    await app.signIn("manager");
    await expect(warning.filter({ visible: true })).toHaveCount(2);
    await expect(page.getByText(text("shared_connection_body"))).toBeVisible();
    const report = page.getByRole("region", { name: text("diagnostics_report") }).last();
    await expect(report).toContainText(text("shared_connection_heading", { name: "h2" }));
  });

  test("the report says what this BIG-IQ answers and what failed recently; Java stacks only on request, and none of their messages", needs("path"), async ({ app, page, simulator }) => {
    await app.begin();
    const failover = "com.f5.rest.workers.X.onGet(X.java:7)";
    await page.route("**/rest-proxy/mgmt/tm/sys/failover", (route) =>
      route.fulfill({
        status: 404,
        json: { code: 404, message: "gone", errorStack: [`com.f5.rest.Gone: user somebody`, `at ${failover}`], kind: ":resterrorresponse" },
      }),
    );
    await check(page);
    const report = page.getByRole("region", { name: text("diagnostics_report") }).last();
    await expect(report).toContainText(textPattern("diagnostics_answered", { names: /.*\bACCESS_DEVICES\b.*\bDEVICE_SESSIONS\b.*/ }));
    await expect(report).toContainText(line(either(text("diagnostics_failing", { names: ["PERMISSIONS", "DEVICE_FAILOVER"] }), text("diagnostics_failing", { names: ["DEVICE_FAILOVER", "PERMISSIONS"] }))));
    await expect(report).toContainText(textPattern("diagnostics_unasked", { names: /.*\bKILL\b.*/ }));
    await expect(report).toContainText(textPattern("diagnostics_failure", { call: "DEVICE_FAILOVER" }));
    await expect(report).toContainText(line(labelled(text("question_paging"), "kept")));
    await expect(report).toContainText(answered("question_this_bigiq", /.*version: \d/));
    await expect(report).toContainText(answered("question_device_role", /.*: 404 \{code: whole, errorStack: 2 \[text\]/));
    await expect(report).not.toContainText(/X\.java/);
    await page.getByRole("checkbox", { name: text("diagnostics_stacks") }).check();
    await expect(report).toContainText(`at ${failover}`);
    await expect(report).toContainText("com.f5.rest.Gone: …");
    await expect(report).not.toContainText(/somebody|gone/);
    await app.isAccessible();
    // Current failures appear too, including kills, even after BIG-IQ ended the sign-in.
    await simulator.faults({ method: "POST", path: "/mgmt/cm/access/tasks/kill-sessions", fault: { kind: "status", status: 503 } });
    await page.getByRole("link", { name: text("nav_kill") }).click();
    await app.kill("user2", { device: ["lone.example.test"] });
    await page.getByRole("link", { name: text("nav_diagnostics") }).click();
    await expect(report).toContainText(textPattern("diagnostics_failure", { call: "KILL", problem: /.*503.*/ }));
  });

  test("the report is saved as JSON, without data; a simulator that is started with it gives the same report", needs("services"), async ({ app, page, simulator }, info) => {
    const save = async (name: string): Promise<string> => {
      const button = page.getByRole("button", { name: text("diagnostics_save") });
      await expect(button).toHaveCount(0);
      await check(page);
      const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
      expect(file.suggestedFilename()).toBe("curfew-self-check.json");
      const path = info.outputPath(name);
      await file.saveAs(path);
      return path;
    };
    await simulator.settings({ accessList: "nested", accessPages: { limit: 7, withoutTotals: true }, restProxy: "admin", forbiddenStatus: 403 });
    await app.begin();
    const path = await save("first.json");
    const report = await readFile(path, "utf8");
    expect(JSON.parse(report)).toMatchObject({ format: "curfew-self-check/1", lists: { access: { pageLimit: 7, totals: "absent", properties: "nested" } } });
    for (const data of [".example.test", "manager", "user2", "TestGroup", "BlueCluster", "192.0.2.", "eyJ"]) expect(report).not.toContain(data);
    const same = await Simulator.start("--profile-from", path);
    const again = new Console(page, same);
    await again.open();
    await again.begin();
    expect(await readFile(await save("again.json"), "utf8")).toBe(report);
    await again.isAccessible();
    await same.stop();
  });

  test("a 401 for an optional call does not end the sign-in, whichever part of the app made the call", needs("path"), async ({ app, page, simulator }) => {
    await simulator.faults({ method: "GET", path: REST_PROXY, fault: { kind: "html", status: 401 } });
    await app.begin();
    await app.users("user2");
    await app.choose({ device: ["lone.example.test"] });
    const lists = async () => (await simulator.calls("GET", REST_PROXY.slice(0, -1))).filter((call) => call.path.endsWith("access-info"));
    // Read, and read again with a new token.
    await expect.poll(async () => (await lists()).map((call) => call.status)).toEqual([401, 401]);
    await simulator.faults({ method: "GET", path: "/mgmt/*", fault: { kind: "html", status: 401 } });
    await check(page);
    await expect(page.getByRole("region", { name: text("diagnostics_report") }).last()).toContainText(answered("question_trusted_device", /.*: 401 page$/));
    await simulator.faults();
    await page.getByRole("link", { name: text("nav_kill") }).click();
    await expect(app.again).toBeHidden();
    await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  });
});

test.describe("idle", () => {
  test("an idle operator is warned a minute before the sign-out, and both tokens are revoked", needs("time"), async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.users("user2");
    const asks = page.getByRole("dialog", { name: text("idle_heading") });
    // The appliance's clock advances too: the access token expires long before the end.
    const later = async (minutes: number) => {
      await simulator.advance(minutes * MINUTE);
      await page.clock.fastForward(minutes * MINUTE);
    };
    await later(8);
    await expect(asks).toBeHidden();
    await later(1.2);
    await expect(asks).toContainText(textPattern("idle_body", { n: /[1-4]?\d/ }));
    await app.isAccessible();
    await later(1);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
    await expect(page.getByRole("button", { name: text("sign_in") })).toBeVisible();
    await app.isAccessible();
    await expect.poll(async () => (await simulator.calls("DELETE", TOKENS)).map((call) => call.status)).toEqual([200, 200]);
    // Nothing of the operator's unfinished work is left for the next one.
    await app.begin();
    await expect(page.getByLabel(text("user_names"))).toHaveValue("");
  });

  test("an operator who returns in time sees what a sign-out would lose, and saves it from there", needs("time"), async ({ app, page }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.kill("user2", { device: ["lone.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    const asks = page.getByRole("dialog", { name: text("idle_heading") });
    await page.clock.fastForward(9.2 * MINUTE);
    await expect(asks.getByText(text("sign_out_unsaved", { n: 1 }))).toBeVisible();
    await expect(asks.getByText(text("sign_out_stored"))).toBeVisible();
    await app.isAccessible();
    const saved = page.waitForEvent("download");
    await asks.getByRole("button", { name: text("save_records") }).click();
    expect((await saved).suggestedFilename()).toMatch(/^curfew-.*\.json$/);
    // A click counts as activity.
    await expect(asks).toBeHidden();
  });

  test("a batch that is being sent is not interrupted", needs("time"), async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 2, killsPerMinute: 3 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.users("a", "b", "c", "d", "e", "f", "g", "h");
    await app.choose({ device: ["lone.example.test"] });
    await app.review();
    await app.confirm();
    await expect(async () => {
      await page.clock.fastForward(10_000);
      expect((await simulator.kills()).length).toBe(8);
    }).toPass({ intervals: [50], timeout: 60_000 });
    await expect(page.getByText(text("idle_ended"))).toBeHidden();
    await page.clock.fastForward(3 * MINUTE);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
  });

  test("the first key after hours of sleep signs out, and confirms nothing", needs("time"), async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.users("user2");
    await app.choose({ device: ["lone.example.test"] });
    await app.review();
    // The computer slept: no timer has fired when the key comes.
    await page.clock.setSystemTime(Date.now() + 120 * MINUTE);
    await page.keyboard.press("Enter");
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
    expect(await simulator.kills()).toEqual([]);
    await app.begin();
    await expect(page.getByLabel(text("user_names"))).toHaveValue("");
    expect(await simulator.kills()).toEqual([]);
  });

  test("a batch that a sleeping computer left unsent is not sent when it wakes up", needs("time"), async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 10, killsPerMinute: 1 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.users("a", "b", "c");
    await app.choose({ device: ["lone.example.test"] });
    await app.review();
    await app.confirm();
    await expect.poll(async () => (await simulator.kills()).length).toBe(1);
    await page.clock.setSystemTime(Date.now() + 120 * MINUTE);
    // Whichever timer comes first.
    await page.clock.runFor(5_000);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
    expect((await simulator.kills()).length).toBe(1);
  });

  test("a click or a key counts as activity, and a computer's sleep counts as idle time", needs("time"), async ({ app, page }) => {
    await configure(page, { idleMinutes: 10 });
    await page.clock.install();
    await app.open();
    await app.begin();
    const asks = page.getByRole("dialog", { name: text("idle_heading") });
    await page.clock.fastForward(9.2 * MINUTE);
    await asks.getByRole("button", { name: text("idle_stay") }).click();
    await expect(asks).toBeHidden();
    await page.clock.fastForward(8 * MINUTE);
    await page.keyboard.press("Shift");
    await page.clock.fastForward(8 * MINUTE);
    await page.clock.runFor(2_000);
    await expect(asks).toBeHidden();
    // After the sign-out, the question is closed too.
    await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
    // Timers stopped meanwhile; the clock did not.
    await page.clock.fastForward(60 * MINUTE);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
  });

  test("a sent kill continues, and is polled again after the next sign-in", needs("time"), async ({ app, page, simulator }) => {
    await configure(page, { idleMinutes: 2 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await app.kill("user2", { device: ["silent.example.test"] });
    await expect(app.shown(text("headline_watched"))).toBeVisible();
    await page.clock.fastForward(3 * MINUTE);
    await expect(page.getByText(text("idle_ended"))).toBeVisible();
    await simulator.advance(90_000);
    await app.signIn();
    await page.getByRole("link", { name: text("nav_jobs") }).click();
    await expect(async () => {
      await page.clock.runFor(2_000);
      await expect(app.shown(text("headline_failed"))).toBeVisible({ timeout: 500 });
    }).toPass();
    expect((await simulator.kills()).length).toBe(1);
  });

  test("0 minutes means never", needs("time"), async ({ app, page }) => {
    await configure(page, { idleMinutes: 0 });
    await page.clock.install();
    await app.open();
    await app.begin();
    await page.clock.fastForward(24 * 60 * MINUTE);
    await page.clock.runFor(3_000);
    await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
    await expect(page.getByText(text("idle_ended"))).toBeHidden();
  });
});

test("several BIG-IQs by path prefix: jobs and plans belong to one of them", needs("tabs"), async ({ page, plainHost, simulator: east }) => {
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
    await page.goto(`${plainHost.url}#/kill`);
    const app = new Console(page, west);
    const mine = page.getByRole("row").filter({ hasText: text("this_tab") });
    const which = page.getByRole("combobox", { name: text("bigiq_to_use") });

    await which.selectOption({ label: isolated("West") });
    await expect(page.getByRole("heading", { level: 1 })).toContainText("West");
    await app.begin();
    await expect(page.getByRole("banner")).toContainText("West");
    await app.kill("user2", { device: ["lone.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    const job = new URL(page.url()).hash;
    // The plan in progress belongs to this BIG-IQ too.
    await page.getByRole("link", { name: text("nav_kill") }).click();
    await app.users("somebody");
    await app.signOut();

    await which.selectOption({ label: isolated("East") });
    await app.begin();
    await expect(page.getByRole("banner")).toContainText("East");
    await expect(page.getByLabel(text("user_names"))).toHaveValue("");
    await page.getByRole("link", { name: text("nav_jobs") }).click();
    await expect(app.shown(text("jobs_empty"))).toBeVisible();
    await expect(mine).toHaveCount(0);
    await page.evaluate((hash) => (location.hash = hash), job);
    await expect(page.getByRole("main")).not.toContainText("user2");
    await page.getByRole("link", { name: text("nav_kill") }).click();
    await app.kill("user 2", { device: ["green.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    await page.getByRole("link", { name: text("nav_kill") }).click();

    await app.signOut();
    await which.selectOption({ label: isolated("West") });
    await app.begin();
    await page.getByRole("link", { name: text("nav_jobs") }).click();
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

test("responses without an announced length work as well", needs("network"), async ({ page, plainHost, simulator }) => {
  for (const prefix of ["/info", "/mgmt"]) plainHost.forward(prefix, `${simulator.url}${prefix.slice(1)}/`, false);
  const size = page.waitForResponse(/cm-access-allBigIpDevices/).then((answer) => answer.headerValue("content-length"));
  await page.goto(`${plainHost.url}#/kill`);
  const app = new Console(page, simulator);
  await app.begin();
  expect(await size, "nothing was announced").toBeNull();
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible();
  await page.reload();
  await app.signIn();
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible();
  await app.signOut();
});

test("an endless response is read only up to the limit, and reported", needs("network"), async ({ page, plainHost, simulator }) => {
  let stopped = false;
  plainHost.forward("/info", `${simulator.url}info/`);
  plainHost.below("/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices", (_, response) => {
    response.on("close", () => (stopped = true));
    response.writeHead(200, { "content-type": "application/json" });
    const piece = Buffer.alloc(4 << 20, " ");
    // No length is announced, and the server sends more as long as the app reads.
    const more = () => void (response.destroyed || response.write(piece, more));
    more();
  });
  plainHost.forward("/mgmt", `${simulator.url}mgmt/`);
  await page.goto(`${plainHost.url}#/kill`);
  const app = new Console(page, simulator);
  await app.signIn();
  await expect(app.shown(text("error_too_large"))).toBeVisible({ timeout: 25_000 });
  await expect.poll(() => stopped).toBe(true);
  await app.isAccessible();
});
