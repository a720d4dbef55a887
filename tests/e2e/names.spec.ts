// Names in any direction: they can't reorder what stands around them, and a copied name is the name alone.

import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import type { Page } from "@playwright/test";
import { exactly, isolated, pattern, start, text } from "./support/text";
import { needs } from "./support/needs";

test("a selected name is copied without the marks around it", needs("services"), async ({ app, page, context, browserName }) => {
  test.skip(browserName === "firefox", "its driver knows no permission for the clipboard");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await app.users("user2", "\u202euser3");
  await app.choose({ device: ["lone.example.test"] });
  const users = page.getByRole("region", { name: text("plan") }).locator(".plan-users li");
  await expect(users.filter({ hasText: "user3" })).toHaveText(start(isolated("\u202euser3")));
  await users.filter({ hasText: "user2" }).locator(".mono").selectText();
  await page.keyboard.press("Control+c");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("user2");
});

const NAMES = ["user2", "üser 2", "пользователь", "משתמש", "مستخدم", "利用者", "o'neil \"x\" <b>", "evil\u202etxt.exe"];

test("eight names, one with a right-to-left override: no text around them changes in plan, gate, warning, jobs and print, and the record has them as they are", needs("form"), async ({ app, page }) => {
  test.setTimeout(90_000);
  const picture = (name: string) => page.screenshot({ path: `${ROOT}/target/pictures/names-${name}.png`, fullPage: true });
  await app.begin();
  await app.users(...NAMES);
  await app.choose({ device: ["lone.example.test"] });
  const plan = page.getByRole("region", { name: text("plan") });
  for (const [index, name] of NAMES.entries()) await expect(plan.locator(".plan-users li").nth(index)).toHaveText(start(isolated(name)));
  // A warning is one sentence, whatever the name in it.
  await expect(page.locator(".warnings")).toContainText(text("warning_no_session_several", { n: 7 }));
  await picture("plan");
  await app.review();
  await expect(app.gate.getByRole("definition").first().locator("span")).toHaveText(NAMES.map(isolated));
  await picture("gate");
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 8, all: 8 }))).toBeVisible();
  for (const name of NAMES) await expect(page.getByRole("link", { name: text("job_of_user", { user: name }), exact: true })).toBeVisible();
  await picture("jobs");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: text("save_records_json") }).click();
  const record = JSON.parse(await readFile(await (await download).path(), "utf8")) as { jobs: { request: { userName: string } }[] };
  expect(record.jobs.map((job) => job.request.userName)).toEqual(NAMES);
  await page.evaluate(() => Object.assign(window, { print: () => undefined }));
  await page.getByRole("button", { name: text("print_record") }).click();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".print-only").getByRole("heading", { level: 2 })).toHaveText(NAMES.map((user) => text("job_of_user", { user })));
  await picture("print");
});

/** Live sessions of these users, on each device that is read. */
async function live(page: Page, ...users: string[]): Promise<void> {
  const entries = users.map((logonUser, n) => {
    const sessionId = (0xa0000000 + n).toString(16);
    const fields = { sessionId, logonUser, startTime: String(1_700_000_000 + n), clientIp: "198.51.100.7" };
    const described = Object.entries(fields).map(([name, description]) => [name, { description }]);
    return [`https://localhost/mgmt/tm/apm/access-info/${sessionId}`, { nestedStats: { entries: Object.fromEntries(described) } }];
  });
  await page.route("**/rest-proxy/mgmt/tm/apm/access-info*", (route) => route.fulfill({ json: { entries: Object.fromEntries(entries) } }));
}

const DEVICE = { device: ["lone.example.test"] };

for (const [what, name, warning, button, mended] of [
  ["a zero-width space", "user2\u200b", "warning_invisible", "remove_invisible", "user2"],
  ["a no-break space", "user\u00a02", "warning_odd_spaces", "use_ordinary_spaces", "user 2"],
  ["separate accents", "u\u0308ser2", "warning_not_composed", "compose_accents", "üser2"],
] as const) {
  test(`field: ${what} in a name is drawn below the field and in the plan, and one press corrects it`, needs("form"), async ({ app, page }) => {
    await live(page, "user2", "user 2", "üser2");
    await app.begin();
    await app.users(name);
    await app.choose(DEVICE);
    const note = page.locator(".odd-names");
    await expect(note).toContainText(text(warning, { name }));
    await expect(page.locator(".warnings")).toContainText(text(warning, { name }));
    await expect(page.locator(".warnings")).toContainText(text("warning_no_session_similar", { name, similar: [mended] }));
    await expect(page.locator(".plan-users li")).toHaveText(start(isolated(name)));
    await app.isAccessible();
    await note.getByRole("button", { name: text(button, { n: 1 }) }).click();
    await expect(page.getByLabel(text("user_names"))).toHaveValue(mended);
    await expect(note).toBeEmpty();
    await expect(page.locator(".plan-users li")).toHaveText(exactly(isolated(mended), " ", text("sessions_now", { n: 1 }), /.*/));
    await expect(page.locator(".warnings")).toBeEmpty();
  });
}

test("field: a Cyrillic letter is drawn and its scripts are named; a misspelt name gets a suggestion of its own", needs("form"), async ({ app, page }) => {
  await live(page, "user2", "user3", "Иванов");
  await app.begin();
  const twin = "us\u0435r2";
  await app.users(twin, "usr3", "Иванов", "nobody");
  await app.choose(DEVICE);
  const warnings = page.locator(".warnings");
  await expect(warnings).toContainText(text("warning_mixed_scripts", { name: twin, script: text("script_latin"), other_script: text("script_cyrillic") }));
  await expect(page.locator(".plan-users li")).toHaveText([twin, "usr3", "Иванов", "nobody"].map((name) => start(isolated(name))));
  const use = (name: string, user: string) => warnings.getByRole("button", { name: text("replace_name", { name, user }), exact: true });
  await use("user2", twin).click();
  await use("user3", "usr3").click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2\nuser3\nИванов\nnobody");
  await expect(warnings).toContainText(text("warning_no_session", { name: "nobody" }));
  await expect(warnings.getByRole("button", { name: text("leave_out", { device: "nobody" }) })).toBeVisible();
});

test("field: sessions of n/a have no user: they are listed as that, and never count for all but the newest", needs("form"), async ({ app, page }) => {
  await live(page, "n/a", "-", "user2", "user2", "N/A");
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose(DEVICE);
  await page.getByRole("button", { name: text("live_read", { n: 1 }) }).click();
  const rows = page.locator(".live .row-name");
  await expect(rows).toHaveText([text("no_user_name"), text("no_user_name"), isolated("user2"), isolated("user2"), text("no_user_name")]);
  await expect(page.getByText(pattern(text("sessions_of_nobody", { n: 3 })))).toBeVisible();
  await page.getByRole("button", { name: text("select_but_newest", { n: 1 }) }).click();
  await expect(page.getByRole("heading", { name: text("sessions_selected", { n: 1 }) })).toBeVisible();
});

test("a name that looks like another live name is marked in the list; an ordinary Russian name is not", needs("form"), async ({ app, page }) => {
  await live(page, "\u0440\u0430\u0443", "pay", "Иванов", "соса");
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose(DEVICE);
  await page.getByRole("button", { name: text("live_read", { n: 1 }) }).click();
  const marked = page.locator(".live").getByText(text("looks_like", { name: "pay" }));
  await expect(page.locator(".live .row-name")).toHaveCount(4);
  await expect(marked).toHaveCount(1);
  await expect(page.locator(".live").getByText(pattern(text("looks_like", { name: "coca" })))).toHaveCount(0);
});

test("field: the phrase has the number of the heading, can't be translated, and no button copies it", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.everybody();
  await app.choose({ cluster: ["BlueCluster"] });
  await app.review();
  const devices = text("device_count", { n: 2 });
  await expect(app.gate.getByRole("heading").first()).toHaveText(text("gate_everybody", { devices }));
  const phrase = app.gate.locator("pre code");
  await expect(phrase).toHaveText(text("phrase_everybody", { devices: text("device_count", { n: 2 }) }));
  await expect(phrase).toHaveAttribute("translate", "no");
  await expect(phrase).toHaveCSS("unicode-bidi", /isolate|plaintext/);
  await expect(app.gate.getByRole("button", { name: text("copy"), exact: true })).toHaveCount(0);
  await app.isAccessible();
  await app.confirm();
  await expect(page).toHaveURL(/#\/jobs\/./);
});

test("a link with an odd name shows the name as it is", needs("form"), async ({ app, page }) => {
  const name = "us\u200ber2";
  await app.open(`#/kill?user=${encodeURIComponent(name)}`);
  await app.begin();
  await expect(page.locator(".odd-names")).toContainText(text("warning_invisible", { name }));
  await app.choose(DEVICE);
  await page.locator("summary", { hasText: text("exact_request") }).click();
  await expect(page.getByText(text("exact_hides"))).toBeVisible();
});

test("500 names are compared with 20,000 read ones, and the page rests in between", needs("time"), async ({ app, page }) => {
  test.slow();
  const known = Array.from({ length: 20_000 }, (_, n) => `${String.fromCharCode(97 + (n % 26))}.person${(n * 7919).toString(36)}@example.test`);
  await live(page, ...known, "somebody");
  await app.begin();
  await app.users("x");
  await app.choose(DEVICE);
  await app.knowsSessions();
  // Each rest is a message that the page sends to itself.
  await page.evaluate(() => {
    const { postMessage } = MessagePort.prototype;
    const counted = { rests: 0 };
    Object.assign(globalThis, { counted });
    MessagePort.prototype.postMessage = function (this: MessagePort, ...message: unknown[]) {
      counted.rests += 1;
      Reflect.apply(postMessage, this, message);
    };
  });
  const typed = Array.from({ length: 499 }, (_, n) => `q${(n * 104_729).toString(36)}.nobody`);
  // As a paste does: one event for all lines.
  await page.getByLabel(text("user_names")).evaluate((field: HTMLTextAreaElement, names) => {
    field.value = names;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, ["sombody", ...typed].join("\n"));
  await expect(page.locator(".warnings").getByRole("button", { name: text("replace_name", { name: "somebody", user: "sombody" }) })).toBeVisible();
  expect(await page.evaluate(() => (globalThis as unknown as { counted: { rests: number } }).counted.rests)).toBeGreaterThan(3);
});
