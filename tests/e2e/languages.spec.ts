// Languages: the menu before the sign-in, an operator's own file, which language a browser gets, and two made-up languages
// that show what a longer text or another direction does to the pages.

import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { GERMAN, text } from "./support/text";
// @ts-expect-error a script without types
import { pseudo } from "../../scripts/pseudo.mjs";

type Texts = Record<string, string>;

const ENGLISH = JSON.parse(readFileSync(`${ROOT}/languages/en.json`, "utf8")) as Texts;
const NAMES = [
  "user2",
  "üser 2",
  "пользователь",
  "משתמש",
  "مستخدم",
  "利用者",
  "o'neil \"x\" <b>",
  "evil\u202etxt.exe",
];

/** Serves a language that config.json names. */
async function serve(page: Page, tag: string, texts: Texts | string): Promise<void> {
  await page.route("**/config.json", (route) => route.fulfill({ json: { languages: [tag] } }));
  await page.route(`**/languages/${tag}.json`, (route) =>
    route.fulfill({ body: typeof texts === "string" ? texts : JSON.stringify(texts), contentType: "application/json" }),
  );
}

async function prefer(page: Page, ...languages: string[]): Promise<void> {
  await page.addInitScript((languages) => Object.defineProperty(navigator, "languages", { get: () => languages, configurable: true }), languages);
}

test("the menu before the sign-in changes the language in place: nothing typed is lost, and the choice is remembered", async ({ app, page }) => {
  const menu = page.locator("#languages");
  await expect(menu.locator("option")).toHaveText(["English", "Deutsch"]);
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password"), { exact: true }).fill("manager");
  let reloads = 0;
  page.on("load", () => (reloads += 1));
  await menu.selectOption("de");
  await expect(page.getByLabel(GERMAN.text("user_name"))).toHaveValue("manager");
  await expect(page.getByLabel(GERMAN.text("password"), { exact: true })).toHaveValue("manager");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(menu).toHaveValue("de");
  await expect(menu).toHaveAccessibleName(GERMAN.text("language"));
  expect(reloads).toBe(0);
  await app.isAccessible();
  await page.reload();
  await expect(page.getByLabel(GERMAN.text("provider"))).toBeVisible();
  await expect(menu).toHaveValue("de");
  await menu.selectOption("en");
  await app.begin();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(menu).toBeHidden();
});

test("an operator's own language: its file is read only when it is selected, and what it lacks is English and listed", async ({ app, page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("languages")) fetched.push(request.url());
  });
  const french: Texts = { ...ENGLISH, user_name: "Nom d’utilisateur", kill_title: "Fermer des sessions" };
  delete french["password"];
  // Without its name, the question would not say whose sessions end.
  french["gate_user"] = "Fermer sur {devices} ?";
  await serve(page, "fr", french);
  await app.open();
  await expect(page.locator("#languages option")).toHaveText(["English", "Deutsch", "français"]);
  expect(fetched).toEqual([]);
  await page.locator("#languages").selectOption("fr");
  await expect(page.getByLabel("Nom d’utilisateur")).toBeVisible();
  await expect(page.getByLabel(text("password"), { exact: true })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  expect(fetched.length).toBe(2);
  await page.getByLabel("Nom d’utilisateur").fill("manager");
  await page.getByLabel(text("password"), { exact: true }).fill("manager");
  await page.getByRole("button", { name: text("sign_in") }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Fermer des sessions" })).toBeVisible();
  await page.getByRole("link", { name: text("nav_diagnostics") }).click();
  await expect(page.getByRole("main")).toContainText(text("diagnostics_in_english", { keys: ["password", "gate_user"] }).replace(/password.*/, ""));
  await expect(page.getByRole("main")).toContainText(/password.*gate_user/);
});

test("fault: an operator's own language file is missing, no JSON, or too large: the language stays, with a message", async ({ app, page }) => {
  for (const file of ["<html>", `{"user_name":"x${" ".repeat(256 * 1024)}"}`, "404"]) {
    await page.unrouteAll();
    await serve(page, "fr", file);
    if (file === "404") await page.route("**/languages/fr.json", (route) => route.fulfill({ status: 404 }));
    await app.open();
    await page.locator("#languages").selectOption("fr");
    await expect(page.getByText(text("language_failed"))).toBeVisible();
    await expect(page.locator("#languages")).toHaveValue("en");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  }
});

for (const [browser, own, expected] of [
  [["zh-CN", "en"], "zh-Hans", "zh-Hans"],
  [["zh-TW", "en"], "zh-Hans", "en"],
  [["pt-PT"], "pt-BR", "pt-BR"],
  [["fr-FR", "de-CH", "en"], "pt-BR", "de"],
  [["fr-FR", "en-US", "de"], "pt-BR", "en"],
] as const) {
  test(`a browser that prefers ${browser.join(", ")} gets ${expected} if ${own} is offered, too`, async ({ app, page }) => {
    await serve(page, own, ENGLISH);
    await prefer(page, ...browser);
    await app.open();
    await expect(page.locator("#languages")).toHaveValue(expected);
    await expect(page.locator("html")).toHaveAttribute("lang", expected);
  });
}

test("a language that fits the browser's is not stored: it is no choice, and must not outlast a change of the browser's languages", async ({ app, page }) => {
  const stored = () => page.evaluate(() => localStorage.getItem("curfew:language"));
  await serve(page, "fr", ENGLISH);
  await prefer(page, "fr");
  await app.open();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  expect(await stored()).toBeNull();
  await page.locator("#languages").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  expect(await stored()).toBe("de");
});

test("BIG-IQ's own words are marked as English: in the state and the timeline of a refused kill, and of a task that failed", async ({ app, page, simulator }) => {
  const english = (words: string) => page.getByRole("main").locator('span[lang="en"]', { hasText: words });
  await app.begin();
  const path = "/mgmt/cm/access/tasks/kill-sessions";
  await simulator.faults({ method: "POST", path, count: 1, fault: { kind: "status", status: 400, message: "No such group" } });
  await app.users("user2");
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await expect(app.gate.getByText(text("rejected_heading")).first()).toBeVisible();
  await page.goto(`${page.url().split("#")[0]}#/jobs`);
  await page.getByRole("main").getByRole("link", { name: text("job_of_user", { user: "user2" }) }).first().click();
  await expect(english("No such group")).toHaveCount(2);
  await simulator.faults({ method: "GET", path: `${path}/*`, fault: { kind: "edit", set: { "/errorMessage": "Disk full", "/status": "FAILED" } } });
  await page.getByRole("link", { name: text("nav_kill") }).click();
  await app.review();
  await app.confirm();
  await expect(app.shown(text("headline_failed"))).toBeVisible();
  await expect(english("Disk full").first()).toBeVisible();
});

/** Texts that are cut, and a page that is wider than the window. */
async function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth + 1 ? [`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth}`] : [];
    for (const element of document.querySelectorAll<HTMLElement>("button, label, legend, h1, h2, h3, p, dt, dd, a, .badge, .tab, summary")) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || element.closest(".virtual-list, pre, [hidden], .visually-hidden")) continue;
      const style = getComputedStyle(element);
      if (style.overflow !== "visible" && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${element.textContent}`);
      if (box.left < -1 || box.right > root.clientWidth + 1) found.push(`outside: ${element.textContent}`);
    }
    return found;
  });
}

for (const [tag, direction] of [
  ["en-XA", "ltr"],
  ["ar-XB", "rtl"],
] as const) {
  for (const width of [1280, 320]) {
    test(`in ${tag} at ${width} px nothing is cut or outside the page`, async ({ app, page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height: 800 });
      const texts = pseudo(tag, ENGLISH) as Texts;
      const shown = (key: string) => texts[key] ?? "";
      await serve(page, tag, texts);
      await prefer(page, tag);
      await app.open();
      await expect(page.locator("html")).toHaveAttribute("dir", direction);
      await expect(page.locator("html")).toHaveAttribute("lang", tag);
      await expect(page.getByLabel(shown("provider"))).toBeVisible();
      expect(await cut(page)).toEqual([]);
      await page.screenshot({ path: `${ROOT}/target/pictures/${tag}-${width}-sign-in.png`, fullPage: true });
      await page.getByLabel(shown("user_name")).fill("manager");
      await page.getByLabel(shown("password"), { exact: true }).fill("manager");
      await page.getByRole("button", { name: shown("sign_in"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: shown("kill_title") })).toBeVisible();
      await page.getByLabel(shown("user_names")).fill(NAMES.join("\n"));
      await page.getByRole("listbox").getByRole("option").first().click();
      await expect(page.locator(".warnings").first()).toBeVisible();
      expect(await cut(page)).toEqual([]);
      await page.screenshot({ path: `${ROOT}/target/pictures/${tag}-${width}-kill.png`, fullPage: true });
      await page.locator(".plan .button-primary, .plan .button-danger, [data-look=danger]").last().click();
      await expect(app.gate).toBeVisible();
      expect(await cut(page)).toEqual([]);
      await app.isAccessible();
      await page.screenshot({ path: `${ROOT}/target/pictures/${tag}-${width}-gate.png` });
      const check = async (name: string) => {
        expect(await cut(page), name).toEqual([]);
        await app.isAccessible();
        await page.screenshot({ path: `${ROOT}/target/pictures/${tag}-${width}-${name}.png`, fullPage: true });
      };
      // The gate ignores a click right after it has opened.
      await expect(async () => {
        if (await app.gate.isVisible()) await app.gate.getByRole("button").last().click({ timeout: 1_000 });
        await expect(app.gate).toBeHidden({ timeout: 500 });
      }).toPass();
      await expect(page.locator(".job-row")).toHaveCount(NAMES.length);
      await check("plan-jobs");
      await page.locator(".job-row a").first().click();
      await expect(page.locator(".stepper-label").first()).toBeVisible();
      await check("job");
      await page.getByRole("link", { name: shown("nav_jobs"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: shown("jobs_title") })).toBeVisible();
      await check("jobs");
      await page.getByRole("link", { name: shown("nav_diagnostics"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: shown("nav_diagnostics") })).toBeVisible();
      await check("diagnostics");
      await page.getByRole("button", { name: shown("preferences"), exact: true }).click();
      await expect(page.getByRole("dialog", { name: shown("preferences") })).toBeVisible();
      await check("preferences");
    });
  }
}
