// The document before the app has loaded: what can be typed, what must not leave the page, and what it shows if the app
// can't load.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "./support/fixtures";
import { OWN } from "./support/languages";
import { DIST } from "./support/paths";
import { text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const WASM = /^curfew-.*\.wasm$/;
const CONSOLE = /\/console-[0-9a-f]{16}\.wasm$/;
const CONSOLE_STYLES = /\/console-[0-9a-f]{16}\.css$/;
const BOOT = /^boot-.*\.js$/;
const GLUE = /^curfew-.*\.js$/;

const flip = (data: Buffer): Buffer => {
  const changed = Buffer.from(data);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
};

test("Enter before the app has loaded: nothing leaves the page, and the form says what happens", needs("start"), async ({ page, plainHost }) => {
  const release = plainHost.hold(WASM);
  await page.goto(plainHost.url, { waitUntil: "domcontentloaded" });
  const url = page.url();
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).fill("secret-7");
  await page.getByLabel(text("password")).press("Enter");
  await expect(page.getByRole("status")).toHaveText(/still loading/);
  // The page's own request is sent after anything that the form could have sent.
  await page.evaluate(() => fetch("./after-the-submit"));
  expect(page.url()).toBe(url);
  expect(plainHost.seen.map((request) => request.method)).not.toContain("POST");
  expect(JSON.stringify(plainHost.seen)).not.toContain("secret-7");
  await expect(page.getByLabel(text("password"))).toHaveValue("secret-7");
  release();
});

test("every preloaded file is used, and loaded once, without the browser's cache too", needs("start"), async ({ page, simulator }) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.text().includes("was preloaded") && warnings.push(message.text()));
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname.slice(1)));
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  // Chromium warns some seconds after the document has loaded. Its warning about this file shows that the moment has come.
  const unused = `${simulator.url}config.json?unused`;
  await page.route(simulator.url, async (route) => {
    const answer = await route.fetch();
    const html = await answer.text();
    await route.fulfill({ response: answer, body: html.replace("</head>", `<link rel="preload" href="${unused}" as="fetch" crossorigin="anonymous"></head>`) });
  });
  await page.goto(simulator.url);
  await expect(page.getByRole("button", { name: text("sign_in") })).toBeEnabled();
  await expect.poll(() => warnings, { timeout: 20_000 }).toEqual([expect.stringContaining(unused)]);
  for (const kind of [WASM, GLUE]) expect(loaded.filter((name) => kind.test(name))).toHaveLength(1);
});

test("a click on the button while the app takes over is not lost", needs("start"), async ({ page, simulator }) => {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(/config\.json$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.clock.install();
  await page.goto(simulator.url);
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).fill("manager");
  await page.getByRole("button", { name: text("sign_in") }).hover();
  await page.mouse.down();
  const read = page.waitForResponse(/config\.json$/);
  go();
  await (await read).finished();
  await page.clock.runFor(500);
  await page.mouse.up();
  await expect(page.getByRole("heading", { name: text("find_title"), level: 1 })).toBeVisible();
});

test("while the configuration can't be read nothing starts with weaker rules; the app starts by itself once it can", needs("start"), async ({ page, simulator }) => {
  const answers = [503, 500];
  await page.route(/config\.json$/, async (route) => {
    const status = answers.pop();
    if (status) await route.fulfill({ status, body: "" });
    else await route.fulfill({ status: 200, body: JSON.stringify({ bigiqs: [{ name: "From the file", prefix: "" }] }) });
  });
  await page.clock.install();
  await page.goto(simulator.url);
  await expect.poll(() => answers.length).toBe(1);
  await expect(page.getByRole("heading", { name: text("sign_in"), exact: true })).toBeVisible();
  await page.clock.runFor(2_000);
  await expect.poll(() => answers.length).toBe(0);
  await page.clock.runFor(2_000);
  await expect(page.getByRole("heading", { name: text("sign_in_to", { bigiq: "From the file" }) })).toBeVisible();
});

test("Enter before any script has loaded: nothing leaves the page either", needs("start"), async ({ page, plainHost, guard }) => {
  const release = plainHost.hold(BOOT);
  await page.goto(plainHost.url, { waitUntil: "commit" });
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).fill("secret-7");
  // Neither the locator's own click nor a query of the page afterwards: both wait for the navigation that the policy
  // forbids.
  await page.keyboard.press("Enter");
  await expect.poll(() => guard.troubles.join()).toContain("security policy: form-action");
  release();
  expect(plainHost.seen.map((request) => request.method)).not.toContain("POST");
  expect(JSON.stringify(plainHost.seen)).not.toContain("secret-7");
  guard.expectTrouble(/form-action/);
});

test("nothing is painted before the selected theme is known", needs("start"), async ({ page, plainHost }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.addInitScript(() => localStorage.setItem("curfew:theme", "dark"));
  const painted = () => page.evaluate(() => performance.getEntriesByType("paint").length);
  const [script, app] = [plainHost.hold(BOOT), plainHost.hold(WASM)];
  await page.goto(plainHost.url, { waitUntil: "commit" });
  await expect(page.getByLabel(text("user_name"))).toBeAttached();
  // Everything that does not wait for a script has been fetched by now.
  await page.evaluate(() => fetch("./after-the-style-sheet"));
  expect(await painted()).toBe(0);
  script();
  await expect.poll(painted).toBeGreaterThan(0);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  app();
});

test("the form contains nothing that a browser could send by itself", needs("policy"), async ({ page, plainHost }) => {
  const release = plainHost.hold(WASM);
  await page.goto(plainHost.url, { waitUntil: "domcontentloaded" });
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).fill("secret-7");
  const form = await page.getByLabel(text("password")).evaluate((field: HTMLInputElement) => {
    const owner = field.form as HTMLFormElement;
    return { method: owner.method, sent: [...new FormData(owner).keys()], disabled: owner.querySelector("button")?.disabled };
  });
  expect(form).toEqual({ method: "post", sent: [], disabled: false });
  release();
});

for (const [what, pattern] of [
  ["wasm", WASM],
  ["JavaScript", GLUE],
] as const) {
  test(`changed ${what} is refused, and the page says that nothing was sent`, needs("policy"), async ({ page, plainHost, guard }) => {
    plainHost.tamper(pattern, flip);
    await page.goto(plainHost.url);
    await expect(page.getByRole("alert")).toContainText("couldn’t be loaded, and nothing was sent");
    await expect(page.getByRole("alert").getByRole("link", { name: text("stopped_reload") })).toBeVisible();
    // A form that can't sign in must not look usable.
    await expect(page.getByLabel(text("user_name"))).toHaveCount(0);
    await expect(page.getByRole("button", { name: text("sign_in") })).toHaveCount(0);
    guard.expectOfBrowser(/integrity/);
    guard.expectTrouble(/Failed to (?:fetch|load)|Load failed/);
  });
}

test("a changed boot script is refused", needs("policy"), async ({ page, plainHost, guard }) => {
  plainHost.tamper(BOOT, (data) => Buffer.concat([data, Buffer.from(";document.title='tampered'")]));
  await page.goto(plainHost.url);
  await expect(page).toHaveTitle(text("curfew"));
  guard.expectOfBrowser(/integrity/);
});

test("a changed style sheet is refused", needs("policy"), async ({ page, plainHost, guard }) => {
  plainHost.tamper(/\.css$/, (data) => Buffer.concat([data, Buffer.from("body{display:none}")]));
  await page.goto(plainHost.url);
  await expect(page.getByRole("alert")).toContainText("couldn’t be loaded, and nothing was sent");
  await expect(page.locator("body")).not.toHaveCSS("display", "none");
  guard.expectOfBrowser(/integrity/);
  guard.expectTrouble(/Error: /);
});

test("the console loads when someone types, not before", needs("start"), async ({ app, page }) => {
  const loads = () =>
    page.evaluate(() => performance.getEntriesByType("resource").filter((entry) => /\/console-[0-9a-f]+\.wasm$/.test(entry.name)).length);
  await expect(page.getByRole("heading", { name: textPattern("sign_in_to") })).toBeVisible();
  expect(await loads()).toBe(0);
  await page.getByLabel(text("user_name")).fill("m");
  await expect.poll(loads).toBe(1);
  await app.begin();
  expect(await loads()).toBe(1);
});

test("the settings are requested while the app loads, once", needs("start"), async ({ page, plainHost }) => {
  const release = plainHost.hold(WASM);
  const requests = () => plainHost.seen.filter(({ url }) => url.endsWith("/config.json")).length;
  await page.goto(plainHost.url, { waitUntil: "domcontentloaded" });
  await expect.poll(requests).toBe(1);
  release();
  // The app's own form has other ids.
  await expect(page.locator("#boot")).toHaveCount(0);
  expect(requests()).toBe(1);
});

test("the console loads as soon as the app runs if someone has typed before", needs("start"), async ({ page, plainHost }) => {
  const release = plainHost.hold(WASM);
  await page.goto(plainHost.url, { waitUntil: "domcontentloaded" });
  await page.getByLabel(text("user_name")).fill("m");
  const loaded = page.waitForRequest(CONSOLE);
  release();
  await loaded;
});

test("a changed console is refused; the sign-in stays, and \"try again\" is offered and works", needs("policy"), async ({ app, page, guard }) => {
  let changed = true;
  await page.route(CONSOLE, async (route) => {
    if (!changed) return route.continue();
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: flip(await answer.body()) });
  });
  await app.signIn();
  const problem = page.getByRole("alert").filter({ hasText: text("console_not_loaded") });
  await expect(problem.getByRole("link", { name: text("stopped_reload") })).toBeVisible();
  changed = false;
  await page.getByRole("button", { name: text("retry") }).click();
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
  guard.expectOfBrowser(/integrity/);
  guard.expectTrouble(/Failed to (?:fetch|load)|Load failed/);
});

test("a changed style sheet of the console is refused, and so is the console", needs("policy"), async ({ app, page, guard }) => {
  let changed = true;
  await page.route(CONSOLE_STYLES, async (route) => {
    if (!changed) return route.continue();
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${await answer.text()}body{display:none}` });
  });
  await app.signIn();
  await expect(page.getByRole("alert").filter({ hasText: text("console_not_loaded") })).toBeVisible();
  changed = false;
  await page.getByRole("button", { name: text("retry") }).click();
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
  guard.expectOfBrowser(/integrity/);
  guard.expectTrouble(/Failed to (?:fetch|load)|Load failed/);
});

test("a queued submit is withdrawn if the app can't load", needs("start"), async ({ page, plainHost, guard }) => {
  const release = plainHost.hold(WASM);
  plainHost.tamper(WASM, flip);
  await page.goto(plainHost.url, { waitUntil: "domcontentloaded" });
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).fill("secret-7");
  await page.getByRole("button", { name: text("sign_in") }).click();
  await expect(page.getByRole("status")).toHaveText(/still loading/);
  release();
  await expect(page.getByRole("alert")).toContainText("nothing was sent");
  await expect(page.getByText(/still loading/)).toHaveCount(0);
  guard.expectOfBrowser(/integrity/);
  guard.expectTrouble(/Failed to (?:fetch|load)|Load failed/);
});

/** A browser whose CSS does not support anything that contains this text. */
const withoutCss = (text: string) => {
  const supports = CSS.supports.bind(CSS) as (...asked: string[]) => boolean;
  CSS.supports = (...asked: string[]) => !asked.join().includes(text) && supports(...asked);
};

for (const [name, lack, css] of [
  ["WebAssembly (turned off in this browser)", () => Reflect.deleteProperty(window, "WebAssembly"), ""],
  ["dialog elements", () => Reflect.deleteProperty(window, "HTMLDialogElement"), ""],
  ["AbortSignal.timeout()", () => Reflect.deleteProperty(AbortSignal, "timeout"), ""],
  ["the CSS function light-dark()", withoutCss, "light-dark("],
  ["the CSS selector :has()", withoutCss, ":has("],
] as const) {
  test(`a browser that can't run Curfew shows what is missing: ${name}`, needs("start"), async ({ page, plainHost }) => {
    await page.addInitScript(lack, css);
    await page.goto(plainHost.url);
    await expect(page.getByRole("alert")).toContainText("can’t run Curfew");
    await expect(page.getByRole("alert").getByText("Missing")).toHaveText(`Missing: ${name}`);
    await expect(page.getByLabel(text("user_name"))).toHaveCount(0);
  });
}

test("files that browsers may cache for ever are named by their content, so changed content has a new name", needs("bundle"), () => {
  const kept = readdirSync(DIST).filter((file) => /-[0-9a-f]{16}(_bg)?\.(js|wasm|css|txt)$/.test(file));
  expect(kept.map((file) => file.replace(/[0-9a-f]{16}/, "#")).sort()).toEqual(
    ["boot-#.js", "cause-#.js", "console-#.css", "console-#.wasm", "curfew-#.css", "curfew-#.js", "curfew-#_bg.wasm", "languages-catalogue-#.txt", "languages-list-#.txt", ...OWN.map((tag) => `languages-${tag}-#.txt`)].sort(),
  );
  for (const file of kept) {
    const hash = createHash("sha256").update(readFileSync(`${DIST}/${file}`)).digest("hex").slice(0, 16);
    expect(/-([0-9a-f]{16})/.exec(file)?.[1], file).toBe(hash);
  }
});

test("the document itself contains no script and no style", needs("bundle"), () => {
  const html = readFileSync(`${DIST}/index.html`, "utf8");
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  expect([...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => /\ssrc=.*\sintegrity="sha384-/.test(tag))).toEqual([true, true]);
});

test("a violation of the policy fails a test", needs("policy"), async ({ page, plainHost, guard }) => {
  await page.goto(plainHost.url);
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  // The page and its console report it, in either order.
  await expect.poll(() => guard.troubles.length).toBe(2);
  guard.expectTrouble(/security policy: style-src/);
  guard.expectTrouble(/^console: /);
});

test("text does not become a script, nor an element that could run one", needs("policy"), async ({ page, plainHost, guard }) => {
  await page.goto(plainHost.url);
  await page.getByRole("button", { name: text("sign_in") }).waitFor();
  const outcomes = await page.evaluate(() => {
    const attempt = (write: () => void): string => {
      try {
        write();
        return "written";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const into = (html: string) => () => (document.createElement("div").innerHTML = html);
    return {
      image: attempt(into('<img src="x" onerror="alert(1)">')),
      handler: attempt(into('<div class="a" onclick="alert(1)"></div>')),
      link: attempt(into('<p><a href="javascript:alert(1)">x</a></p>')),
      entity: attempt(into("<p>&lt;</p>")),
      source: attempt(() => (document.createElement("script").src = "./boot.js")),
      text: attempt(() => (document.createElement("script").text = "alert(1)")),
      policy: attempt(() => (window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } }).trustedTypes.createPolicy("other", {})),
      plain: attempt(into('<span class="list-tick"></span>')),
    };
  });
  expect(outcomes).toEqual({
    image: "TypeError",
    handler: "TypeError",
    link: "TypeError",
    entity: "TypeError",
    source: "TypeError",
    text: "TypeError",
    policy: "TypeError",
    plain: "written",
  });
  guard.expectTrouble(/trusted-types|TrustedTypePolicy|This document requires/);
});
