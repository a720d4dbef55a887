// The operator's preferences: theme, shortcuts, notifications, language. And the state of the jobs in the tab.

import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { OWN } from "./support/languages";
import { either, GERMAN, labelled, listOfNames, text, titleOf } from "./support/text";
import { needs } from "./support/needs";

const icon = (page: Page) => page.locator("link[rel=icon]").getAttribute("href");

/** The menu of languages on the sign-in page, and a preference of the console. */
const menu = (page: Page) => page.locator("#languages");
const preference = (page: Page, label: string) => page.getByRole("dialog").getByLabel(label);
const titleOn = (device: string) => titleOf(labelled(text("job_of_user", { user: "user2" }), listOfNames([device])));

test("the tab's title and icon show that a kill runs and that it ended, and nothing more once the page is touched", needs("services"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(page).toHaveTitle(text("title_running", { n: 1, title: titleOn("slow.example.test") }));
  expect(await icon(page)).toBe("icons/running.svg");
  await expect(page).toHaveTitle(text("title_ended", { title: titleOn("slow.example.test") }), { timeout: 20_000 });
  expect(await icon(page)).toBe("icons/done.svg");
  await page.keyboard.press("Shift");
  await expect(page).toHaveTitle(titleOn("slow.example.test"));
  expect(await icon(page)).toBe("icons/plain.svg");
});

test("the tab shows that a kill failed", needs("services"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(page).toHaveTitle(text("title_problem", { title: titleOn("refusing.example.test") }));
  expect(await icon(page)).toBe("icons/failed.svg");
});

test("? lists the shortcuts, / goes to the search field, neither while text is typed, and both can be switched off", needs("keys"), async ({ app, page }) => {
  await app.begin();
  const keys = page.getByRole("dialog", { name: text("shortcuts") });
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
  await expect(keys.locator("kbd").filter({ hasText: /^Page/ })).toHaveText(["Page Up", "Page Down"]);
  await app.isAccessible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox").first();
  await expect(search).toBeFocused();
  await page.keyboard.type("/?");
  await expect(search).toHaveValue("/?");
  await expect(keys).toBeHidden();
  await search.clear();
  await page.getByRole("button", { name: text("preferences") }).click();
  await page.getByRole("checkbox", { name: text("use_shortcuts") }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.keyboard.press("/");
  await expect(keys).toBeHidden();
  await expect(search).not.toBeFocused();
});

test("preferences survive a reload, and the focus returns to the button that opened them", needs("tabs"), async ({ app, page }) => {
  await app.begin();
  const open = page.getByRole("button", { name: text("preferences") });
  await open.click();
  await app.isAccessible();
  await page.getByLabel(text("theme")).selectOption(text("theme_dark"));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: text("close") }).click();
  await expect(open).toBeFocused();
  await app.open();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("another language is fetched when it is selected, and not before; selections and typed text stay", needs("languages"), async ({ app, page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("languages")) fetched.push(request.url());
  });
  await app.open();
  await app.begin();
  await app.users("user2");
  expect(fetched).toEqual([]);
  await page.getByRole("button", { name: text("preferences") }).click();
  await preference(page, text("language")).selectOption("Deutsch");
  const choice = preference(page, GERMAN.text("language"));
  await expect(choice).toBeFocused();
  expect(fetched.map((url) => /languages-[a-z]+/.exec(url)?.[0])).toEqual(["languages-list", "languages-de"]);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page).toHaveTitle(GERMAN.text("title_of", { page: GERMAN.text("kill_title"), app: GERMAN.text("curfew") }));
  await expect(page.getByLabel(GERMAN.text("user_names"))).toHaveValue("user2");
  // languages/reviewed.json lists no language yet.
  await expect(page.getByText(GERMAN.text("language_unreviewed"))).toBeVisible();
  await choice.selectOption("English");
  await expect(preference(page, text("language"))).toBeFocused();
  await expect(page.getByText(text("language_unreviewed"))).toHaveCount(0);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  expect(fetched.length).toBe(2);
});

test("the sign-in page's menu has each language under its own name; a choice keeps what is typed, and is remembered", needs("languages"), async ({ app, page }) => {
  const offered = OWN.map((tag) => [tag, new Intl.DisplayNames([tag], { type: "language" }).of(tag)]);
  const options = menu(page).locator("option");
  expect(await options.evaluateAll((all) => all.map((one) => [one.getAttribute("lang"), one.textContent]))).toEqual([["en", "English"], ...offered]);
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).fill("secret-7");
  await menu(page).selectOption("Deutsch");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByLabel(GERMAN.text("user_name"))).toHaveValue("manager");
  await expect(page.getByLabel(GERMAN.text("password"))).toHaveValue("secret-7");
  await expect(menu(page)).toHaveValue("de");
  await app.isAccessible();
  await app.open();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(menu(page)).toHaveValue("de");
  await menu(page).selectOption("English");
  await expect(page.getByLabel(text("user_name"))).toBeVisible();
  await app.begin();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(menu(page)).toBeHidden();
});

test("the first available language of the browser is used", needs("languages"), async ({ app, page }) => {
  const asks = async (...languages: string[]) => {
    await page.addInitScript((languages) => Object.defineProperty(navigator, "languages", { get: () => languages, configurable: true }), languages);
    await page.reload();
    await expect(page.getByLabel(either(text("provider"), GERMAN.text("provider")))).toBeVisible();
  };
  await app.open();
  await asks("it-IT", "de-CH", "en");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await asks("it-IT", "en-US", "de");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  // A selected language takes precedence.
  await menu(page).selectOption("Deutsch");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
});

test("after a sign-out the first field has the focus", needs("keys"), async ({ app, page }) => {
  await app.begin();
  await page.getByRole("button", { name: text("sign_out") }).click();
  await expect(page.getByLabel(text("user_name"))).toBeFocused();
});
