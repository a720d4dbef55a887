// Languages: the menu before the sign-in, an operator's own file, which language a browser gets, and two made-up languages
// that show what a longer text or another direction does to the pages.

import type { Locator, Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import type { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import { OWN } from "./support/languages";
import { ROOT } from "./support/paths";
import { GERMAN, isolated, text } from "./support/text";
import { needs } from "./support/needs";
// @ts-expect-error a script without types
import { pseudo } from "../../scripts/pseudo.mjs";

type Texts = Record<string, string>;

const wordsOf = (tag: string) => JSON.parse(readFileSync(`${ROOT}/languages/${tag}.json`, "utf8")) as Texts;

const ENGLISH = wordsOf("en");
const nameOf = (tag: string) => new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? "";
/** Made-up languages (scripts/pseudo.mjs). */
const PSEUDO = ["en-XA", "ar-XB"];
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

test("the menu before the sign-in changes the language in place: nothing typed is lost, and the choice is remembered", needs("languages"), async ({ app, page }) => {
  const menu = page.locator("#languages");
  await expect(menu.locator("option")).toHaveText(["English", ...OWN.map(nameOf)]);
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

test("an operator's own language: its file is read only when it is selected, and what it lacks is English and listed", needs("languages"), async ({ app, page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("languages")) fetched.push(request.url());
  });
  const italian: Texts = { ...ENGLISH, user_name: "Nome utente", kill_title: "Chiudi sessioni" };
  delete italian["password"];
  // Without its name, the question would not say whose sessions end.
  italian["gate_user"] = "Chiudere su {devices}?";
  await serve(page, "it", italian);
  await app.open();
  await expect(page.locator("#languages option")).toHaveText(["English", ...OWN.map(nameOf), "italiano"]);
  expect(fetched).toEqual([]);
  await page.locator("#languages").selectOption("it");
  await expect(page.getByLabel("Nome utente")).toBeVisible();
  await expect(page.getByLabel(text("password"), { exact: true })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "it");
  expect(fetched.map((url) => /languages[-/][a-z]+/.exec(url)?.[0]).sort()).toEqual(["languages-catalogue", "languages-list", "languages/it"]);
  await page.getByLabel("Nome utente").fill("manager");
  await page.getByLabel(text("password"), { exact: true }).fill("manager");
  await page.getByRole("button", { name: text("sign_in") }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Chiudi sessioni" })).toBeVisible();
  await page.getByRole("link", { name: text("nav_diagnostics") }).click();
  await expect(page.getByRole("main")).toContainText(text("diagnostics_in_english", { keys: ["password", "gate_user"] }).replace(/password.*/, ""));
  await expect(page.getByRole("main")).toContainText(/password.*gate_user/);
});

test("fault: an operator's own language file is missing, no JSON, or too large: the language stays, with a message", needs("languages"), async ({ app, page }) => {
  for (const file of ["<html>", `{"user_name":"x${" ".repeat(256 * 1024)}"}`, "404"]) {
    await page.unrouteAll({ behavior: "wait" });
    await serve(page, "it", file);
    if (file === "404") await page.route("**/languages/it.json", (route) => route.fulfill({ status: 404 }));
    await app.open();
    await page.locator("#languages").selectOption("it");
    await expect(page.getByText(text("language_failed"))).toBeVisible();
    await expect(page.locator("#languages")).toHaveValue("en");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  }
});

for (const [browser, own, expected] of [
  [["sr-Latn-RS", "en"], "sr-Latn", "sr-Latn"],
  [["it-IT", "de-CH", "en"], "nl", "de"],
] as const) {
  test(`a browser that prefers ${browser.join(", ")} gets ${expected} if ${own} is offered, too`, needs("languages"), async ({ app, page }) => {
    await serve(page, own, ENGLISH);
    await prefer(page, ...browser);
    await app.open();
    await expect(page.locator("#languages")).toHaveValue(expected);
    await expect(page.locator("html")).toHaveAttribute("lang", expected);
  });
}

test("a language that fits the browser's is not stored: it is no choice, and must not outlast a change of the browser's languages", needs("languages"), async ({ app, page }) => {
  const stored = () => page.evaluate(() => localStorage.getItem("curfew:language"));
  await serve(page, "it", ENGLISH);
  await prefer(page, "it");
  await app.open();
  await expect(page.locator("html")).toHaveAttribute("lang", "it");
  expect(await stored()).toBeNull();
  await page.locator("#languages").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  expect(await stored()).toBe("de");
});

test("BIG-IQ's own words are marked as English: in the state and the timeline of a refused kill, and of a task that failed", needs("languages"), async ({ app, page, simulator }) => {
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

/** Signs in, in a language that the browser prefers. */
async function signInPreferring(app: Console, tag: string): Promise<void> {
  const { page } = app;
  await prefer(page, tag);
  await app.open();
  await expect(page.locator("html")).toHaveAttribute("lang", tag);
  await page.getByLabel(wordsOf(tag)["user_name"] ?? "").fill("manager");
  await page.locator("input[type=password]").fill("manager");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
}

/** Where the page's texts are broken into lines: the texts before and after each break. */
async function lineBreaks(page: Page): Promise<[before: string, after: string][]> {
  return page.evaluate(() => {
    const found: [string, string][] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? "";
      let bottom = Number.NaN;
      for (let at = 0; at < text.length; at += 1) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const box = range.getBoundingClientRect();
        if (box.height === 0 || box.width === 0) continue;
        if (box.bottom > bottom + box.height / 2) found.push([text.slice(0, at), text.slice(at)]);
        bottom = box.bottom;
      }
    }
    return found;
  });
}

for (const [tag, wrong] of [
  ["ko", /^\p{Script=Hangul}\|\p{Script=Hangul}/u],
  ["ja", /\|[、。，」』）ゃゅょっァィゥェォャュョッー々]/u],
  ["zh-Hans", /\|[，。、；：？！」』）》]/u],
] as const) {
  test(`in ${tag} from 320 px on, lines break where the language allows it`, needs("languages"), async ({ app, page }) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await signInPreferring(app, tag);
    // At one width alone, no line may end where it must not by chance.
    const breaks: [before: string, after: string][] = [];
    for (const width of [320, 335, 350, 365, 380, 395, 410]) {
      await page.setViewportSize({ width, height: 800 });
      breaks.push(...(await lineBreaks(page)));
    }
    expect(breaks.length).toBeGreaterThan(5);
    expect(breaks.filter(([before, after]) => wrong.test(`${before.slice(-1)}|${after}`))).toEqual([]);
  });
}

for (const tag of ["ja", "ko", "zh-Hans", "zh-Hant"]) {
  test(`in ${tag} a role in brackets stays on one line, however narrow the page is`, needs("languages"), async ({ app, page }) => {
    await signInPreferring(app, tag);
    const texts = wordsOf(tag);
    await page.getByLabel(texts["user_names"] ?? "").fill("user2");
    await page.getByRole("listbox").getByRole("option").first().click();
    await page.getByText(texts["devices_reached"] ?? "", { exact: true }).click();
    const roles = ["role_active", "role_standby"].map((key) => texts[key] ?? "");
    for (const role of roles) await expect(page.locator(".reach").getByText(new RegExp(`[（(]${role}[）)]`))).toBeVisible();
    const within: string[] = [];
    for (let width = 200; width <= 320; width += 5) {
      await page.setViewportSize({ width, height: 800 });
      for (const [before, after] of await lineBreaks(page)) {
        const [start, end] = [/[（(]([^（()）]*)$/.exec(before)?.[1], /^([^（()）]*)[）)]/.exec(after)?.[1]];
        if (start !== undefined && end !== undefined && roles.includes(start + end)) within.push(`${before}|${after}`);
      }
    }
    expect(within).toEqual([]);
  });
}

/** Composes a text as an input method does: Enter chooses a candidate, and the text arrives at the end. */
async function compose(page: Page, field: Locator, candidates: readonly string[], composed: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await field.focus();
  for (const candidate of candidates) {
    await cdp.send("Input.imeSetComposition", { text: candidate, selectionStart: candidate.length, selectionEnd: candidate.length });
    await expect(field).toHaveValue(candidate);
    await page.keyboard.press("Enter");
  }
  await cdp.send("Input.insertText", { text: composed });
  await expect(field).toHaveValue(composed);
}

/** Digits and Latin letters as input methods of Chinese and Japanese write them. */
const fullwidth = (text: string) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

/** Answers the gate with Enter, once it can have been read. */
async function enter({ gate, page }: Console, expected: () => Promise<void>): Promise<void> {
  await expect(async () => {
    if (await gate.isVisible()) await page.keyboard.press("Enter");
    await expected();
  }).toPass();
}

for (const [tag, candidates, name] of [
  ["ja", ["り", "りよう", "利用"], "利用者"],
  ["ko", ["ㅅ", "사", "사요"], "사용자"],
  ["zh-Hans", ["yong", "yong hu", "用"], "用户"],
] as const) {
  test(`an input method of ${tag}: text arrives whole in the search, the users and the phrase, and Enter only ends the composition`, needs("languages"), async ({ app, page, simulator, browserName }) => {
    test.skip(browserName !== "chromium", "only its protocol composes texts");
    await signInPreferring(app, tag);
    const shown = (key: string) => wordsOf(tag)[key] ?? "";
    const users = page.getByLabel(shown("user_names"));
    await compose(page, users, candidates, name);
    await page.keyboard.press("Enter");
    await expect(users).toHaveValue(`${name}\n`);
    await page.getByLabel(shown("who_everybody"), { exact: true }).check();
    await page.getByRole("listbox").getByRole("option").first().click();
    await page.getByLabel(shown("reason"), { exact: true }).focus();
    await compose(page, page.getByLabel(shown("reason"), { exact: true }), candidates, name);
    await expect(app.gate).toBeHidden();
    await page.keyboard.press("Control+Enter");
    const phrase = page.locator("#gate-phrase");
    const asked = await app.gate.locator("pre").innerText();
    expect(asked).toMatch(/\d/);
    await compose(page, phrase, candidates, name);
    await expect(app.gate.getByText(shown("phrase_wrong"))).toBeHidden();
    await phrase.fill(fullwidth(asked.replace(/\d+/, (number) => `${number}0`)));
    await enter(app, () => expect(app.gate.getByText(shown("phrase_wrong"))).toBeVisible({ timeout: 500 }));
    expect(await simulator.kills()).toEqual([]);
    await phrase.fill("");
    await compose(page, phrase, candidates, fullwidth(asked));
    app.confirmed += 1;
    await enter(app, () => expect(app.gate).toBeHidden({ timeout: 500 }));
    await expect.poll(async () => (await simulator.kills()).length).toBe(1);

    await page.getByRole("link", { name: shown("nav_find"), exact: true }).click();
    const search = page.getByRole("searchbox", { name: shown("find_label") });
    await compose(page, search, candidates, name);
    await expect(app.gate).toBeHidden();
    await search.fill("");
    await compose(page, search, [fullwidth("us"), fullwidth("user")], fullwidth("user20"));
    // A user with this name is another user; the similar one is offered.
    await expect(page.getByText(shown("find_similar"))).toBeVisible();
    await expect(page.getByRole("button", { name: isolated("user20"), exact: true })).toBeVisible();
    await search.fill("");
    await compose(page, search, [fullwidth("198.51")], fullwidth("198.51.100.27"));
    await expect(page.getByRole("gridcell").filter({ hasText: "198.51.100.27" }).first()).toBeVisible();
    await expect(app.gate).toBeHidden();
  });
}

/** Curfew's own languages that every run draws; `LANGUAGES=all` (make test-full) draws all of them. */
const DRAWN = process.env.LANGUAGES === "all" ? OWN : ["ja"];

for (const tag of [...PSEUDO, ...DRAWN]) {
  for (const width of [1280, 320]) {
    test(`in ${tag} at ${width} px nothing is cut or outside the page`, needs("languages"), async ({ app, page }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height: 800 });
      const isPseudo = PSEUDO.includes(tag);
      const texts = isPseudo ? (pseudo(tag, ENGLISH) as Texts) : wordsOf(tag);
      const shown = (key: string) => texts[key] ?? "";
      if (isPseudo) await serve(page, tag, texts);
      await prefer(page, tag);
      await app.open();
      await expect(page.locator("html")).toHaveAttribute("dir", tag === "ar-XB" ? "rtl" : "ltr");
      await expect(page.locator("html")).toHaveAttribute("lang", tag);
      const check = async (name: string, isWhole = true) => {
        expect(await cut(page), name).toEqual([]);
        // At the end of the page, the bar at the bottom covers nothing.
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        await app.isAccessible();
        await page.screenshot({ path: `${ROOT}/target/pictures/${tag}-${width}-${name}.png`, fullPage: isWhole });
      };
      // On a phone a button shows the header's links and buttons.
      const press = async (role: "link" | "button", key: string) => {
        const part = page.getByRole(role, { name: shown(key), exact: true });
        if (!(await part.isVisible())) await page.getByRole("button", { name: shown("menu"), exact: true }).click();
        await part.click();
      };
      await expect(page.getByLabel(shown("provider"))).toBeVisible();
      await check("sign-in");
      await page.getByLabel(shown("user_name")).fill("manager");
      await page.getByLabel(shown("password"), { exact: true }).fill("manager");
      await page.getByRole("button", { name: shown("sign_in"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: shown("kill_title") })).toBeVisible();
      await press("link", "nav_find");
      await expect(page.getByRole("heading", { level: 1, name: shown("find_title") })).toBeVisible();
      await page.getByRole("searchbox", { name: shown("find_label") }).fill("user2");
      await expect(page.getByRole("gridcell").first()).toBeVisible();
      await check("find");
      await press("link", "nav_kill");
      await expect(page.getByRole("heading", { level: 1, name: shown("kill_title") })).toBeVisible();
      await page.getByLabel(shown("user_names")).fill(NAMES.join("\n"));
      await page.getByRole("listbox").getByRole("option").first().click();
      await expect(page.locator(".warnings").first()).toBeVisible();
      await check("kill");
      await page.locator(".plan .button-primary, .plan .button-danger, [data-look=danger]").last().click();
      await expect(app.gate).toBeVisible();
      await check("gate", false);
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
      await press("link", "nav_jobs");
      await expect(page.getByRole("heading", { level: 1, name: shown("jobs_title") })).toBeVisible();
      await check("jobs");
      await page.getByRole("link", { name: shown("nav_diagnostics"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: shown("nav_diagnostics") })).toBeVisible();
      await check("diagnostics");
      await press("button", "preferences");
      await expect(page.getByRole("dialog", { name: shown("preferences") })).toBeVisible();
      await check("preferences");
    });
  }
}
