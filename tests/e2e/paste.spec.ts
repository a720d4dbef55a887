// Pasted text: what the page asks before it uses it, what it says about it, and what it suggests. How each format is read is
// tested in crates/core/src/input.

import type { Page } from "@playwright/test";
import { REVIEW } from "./support/console";
import { expect, test } from "./support/fixtures";
import { KILL } from "./support/simulator";
import { either, text } from "./support/text";
import { needs } from "./support/needs";

const plan = (page: Page) => page.getByRole("region", { name: text("plan") });
const readAs = (page: Page) => page.getByLabel(text("read_as"), { exact: true });
const asks = (page: Page, question: string) => page.getByRole("note").filter({ hasText: question });

async function pasteSessions(page: Page, lines: string): Promise<void> {
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await page.getByRole("textbox", { name: text("paste_sessions") }).fill(lines);
}

test("field: a table without a known column asks for it, with its first rows; until then there is no plan", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await app.choose({ group: ["TestGroup"] });
  await app.users("Kürzel;Client-IP", "user2;198.51.100.7", "user3;198.51.100.8", "user4;198.51.100.9", "user5;198.51.100.10");
  const question = asks(page, text("ask_user_column"));
  // The header, three rows, and the row of buttons.
  await expect(question.getByRole("row")).toHaveCount(5);
  await expect(question).toContainText("198.51.100.9");
  await expect(question).not.toContainText("198.51.100.10");
  await expect(question.getByRole("checkbox", { name: text("first_row_is_header") })).toBeChecked();
  await page.getByRole("button", { name: REVIEW }).last().click();
  await expect(page.getByRole("link", { name: text("users_in_doubt") })).toBeVisible();
  await expect(app.gate).toBeHidden();
  await app.isAccessible();
  await question.getByRole("button", { name: text("use_column", { number: 1 }) }).click();
  await expect(question).toBeHidden();
  await expect(readAs(page)).toBeFocused();
  await expect(readAs(page).locator("option:checked")).toHaveText(text("format_table", { column: "Kürzel" }));
  await app.review();
  await app.confirm();
  await expect(app.shown(text("job_batch_done", { done: 4, all: 4 }))).toBeVisible();
  const names = ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
  expect(names.sort()).toEqual(["user2", "user3", "user4", "user5"]);
});

test("field: names with commas are asked about once for each paste, and can be read otherwise later", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.choose({ group: ["TestGroup"] });
  await app.users("user2, user3");
  const question = asks(page, text("ask_parts", { names: ["user2", "user3"], n: 2 }));
  await question.getByRole("button", { name: text("use_parts", { n: 2 }) }).click();
  await expect(page.getByText(text("users_read", { n: 2 }), { exact: true })).toBeVisible();
  await app.users("user2, user3", "user4, user5");
  await expect(page.getByText(text("users_read", { n: 4 }), { exact: true })).toBeVisible();
  await readAs(page).selectOption("lines");
  await expect(page.getByText(text("users_read", { n: 2 }), { exact: true })).toBeVisible();
  await expect(plan(page).locator(".plan-users li").first()).toContainText("user2, user3");
  await app.users("Smith, John");
  await expect(page.getByText(text("ask_parts", { names: ["Smith", "John"], n: 2 }))).toBeVisible();
});

test("field: a quote that isn't closed can be ordinary text, if the operator says so", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.choose({ group: ["TestGroup"] });
  await app.users("user3", '"user2');
  await expect(page.getByText(text("quoted_users", { line: 2 })).first()).toBeVisible();
  await page.getByRole("button", { name: text("quotes_as_text") }).click();
  await expect(plan(page).locator(".plan-users li").last()).toContainText('"user2');
});

test("field: of a line with several possible ids none is used until the column is chosen; the plan says how many lines are left out", needs("form"), async ({ app, page }) => {
  await app.begin();
  await pasteSessions(page, "lone.example.test,10045678,2hjj234\nlone.example.test,10045679,9as3323\nlone.example.test 4kds821");
  const question = asks(page, text("ask_id_column", { line: 1 }));
  await expect(question.getByRole("button")).toHaveText([text("use_column", { number: 2 }), text("use_column", { number: 3 })]);
  await expect(plan(page).getByText(text("warning_unused_lines", { n: 2 }))).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(text("warning_unused_lines", { n: 2 }))).toBeVisible();
  await page.keyboard.press("Escape");
  await question.getByRole("button", { name: text("use_column", { number: 3 }) }).click();
  await expect(plan(page).getByText("2hjj234")).toBeVisible();
  await expect(plan(page).getByText("10045678")).toHaveCount(0);
});

test("field: a number that a spreadsheet changed is sent only if the operator insists, and counts as unusual", needs("form"), async ({ app, page }) => {
  await app.begin();
  await pasteSessions(page, "Session ID,Device\n2a5d7604,red-a.example.test\n4.90E+20,red-a.example.test");
  await expect(page.getByText(text("paste_changed_numbers", { lines: [3] }))).toBeVisible();
  await page.getByRole("button", { name: text("use_changed_ids") }).click();
  await expect(plan(page).getByText(text("warning_unusual_ids", { n: 1 }))).toBeVisible();
  await app.review();
  await expect(app.gate.getByText(text("warning_unusual_ids", { n: 1 }))).toBeVisible();
  await expect(app.gate.getByText(text("id_is_unusual"))).toBeVisible();
});

test("field: the report says what happened to each line", needs("form"), async ({ app, page }) => {
  await app.begin();
  await app.users("#TYPE x", "Username,IP", '"user2",198.51.100.7', "n/a,198.51.100.8");
  await expect(readAs(page).locator("option:checked")).toHaveText(text("read_recognised", { label: text("format_table", { column: "Username" }) }));
  await page.getByText(text("paste_report")).click();
  const report = page.getByRole("region", { name: text("paste_report") });
  const line = (line: number, label: string, name: string) => text("report_line", { line, label, name });
  await expect(report).toContainText(line(1, text("skipped_preamble"), "#TYPE x"));
  await expect(report).toContainText(line(2, text("skipped_header"), "Username,IP"));
  await expect(report).toContainText(line(3, text("line_quotes"), '"user2",198.51.100.7'));
  await expect(report).toContainText(line(4, text("skipped_no_value"), "n/a,198.51.100.8"));
  await app.isAccessible();
});

test("field: a misspelt cluster is suggested, for its entry, and needs no trust", needs("form"), async ({ app, page }) => {
  await app.begin();
  await page.getByText(text("paste_targets")).click();
  await page.getByRole("textbox", { name: text("paste_targets_label") }).fill("bluecluster, testgroup\nhttps://lone.example.test:443");
  await page.getByRole("button", { name: text("paste_targets_add"), exact: true }).click();
  await expect(page.getByText(text("paste_found", { n: 1 }))).toBeVisible();
  await expect(page.getByText(text("missing_reason_similar", { name: "bluecluster", similar: ["BlueCluster"] }))).toBeVisible();
  await expect(page.getByText(text("missing_reason_similar", { name: "testgroup", similar: ["TestGroup"] }))).toBeVisible();
  await expect(page.getByText(text("missing_reason_trust", { names: ["bluecluster"] }))).toHaveCount(0);
  await page.getByRole("button", { name: text("use_name", { name: "BlueCluster" }) }).click();
  const chosen = page.getByRole("group", { name: text("chosen_targets") });
  await expect(chosen).toContainText("BlueCluster");
  await expect(chosen).toContainText("lone.example.test");
  await app.isAccessible();
});

test("field: a retry carries its sessions as values, not as a text that is read again", needs("form"), async ({ app, page, simulator }) => {
  await app.begin();
  await simulator.faults({ method: "POST", path: KILL, count: 1, fault: { kind: "status", status: 403, message: "Not now" } });
  await pasteSessions(page, "lone.example.test policy-1\nsilent.example.test policy-2");
  await plan(page).getByRole("button", { name: text("send_separately", { device: "silent.example.test" }) }).click();
  await app.review();
  await app.confirm();
  // The other job is still running, so its plan can't be continued yet.
  await page.getByRole("listitem").filter({ hasText: text("headline_rejected") }).getByRole("link").click();
  await page.getByRole("button", { name: either(text("retry_failed"), text("plan_again")) }).click();
  await expect(page.getByText(text("sessions_selected", { n: 1 }))).toBeVisible();
  await expect(page.getByRole("textbox", { name: text("paste_sessions") })).toHaveValue("");
  await expect(plan(page).getByText(text("warning_unusual_ids", { n: 1 }))).toBeVisible();
});
