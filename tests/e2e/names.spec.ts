// Names in any direction: they can't reorder what stands around them, and a copied name is the name alone.

import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { isolated, listOfAllNames, start, text } from "./support/text";

test("a selected name is copied without the marks around it", async ({ app, page, context, browserName }) => {
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

test("eight names, one with a right-to-left override: no text around them changes in plan, gate, warning, jobs and print, and the record has them as they are", async ({ app, page }) => {
  test.setTimeout(90_000);
  const picture = (name: string) => page.screenshot({ path: `${ROOT}/target/pictures/names-${name}.png`, fullPage: true });
  await app.begin();
  await app.users(...NAMES);
  await app.choose({ device: ["lone.example.test"] });
  const plan = page.getByRole("region", { name: text("plan") });
  for (const [index, name] of NAMES.entries()) await expect(plan.locator(".plan-users li").nth(index)).toHaveText(start(isolated(name)));
  // A warning is one sentence, whatever the name in it.
  await expect(page.locator(".warnings")).toContainText(text("warning_more", { text: text("warning_no_session", { name: "üser 2" }), n: 6 }));
  await picture("plan");
  await app.review();
  await expect(app.gate.getByRole("definition").first()).toHaveText(listOfAllNames(NAMES));
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
  await expect(page.locator(".print-only").getByRole("heading")).toHaveText(NAMES.map((user) => text("job_of_user", { user })));
  await picture("print");
});
