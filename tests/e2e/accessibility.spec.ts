// Criteria of WCAG 2.2 that axe can't check: keyboard, focus, pointer, enlarged text and colours that are not text.
// docs/accessibility.md lists all criteria with their tests; access.spec.ts checks each state of each page.

import type { Page } from "@playwright/test";
import { FINISHED, REVIEW } from "./support/console";
import { expect, test } from "./support/fixtures";
import { inSight, tooSimilar } from "./support/layout";
import { LONE, places } from "./support/places";
import { text } from "./support/text";
import { needs } from "./support/needs";

type Seen = { seen?: Element[] };

/** What the focus is on: whether it was there first, whether it comes after the one before, whether it has a ring, and its beginning. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const seen = ((window as Seen).seen ??= []);
    const last = seen.at(-1);
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
    const inOrder = !last?.isConnected || Boolean(last.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
    const isStart = seen[0] === at;
    seen.push(at);
    return { isStart, inOrder, ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)$/.test(outlineColor), html: at.outerHTML.slice(0, 120) };
  });

/** The elements that the keyboard must reach and did not: those of the open dialog, if there is one. Of radio buttons, it is the selected one. */
const missed = (page: Page) =>
  page.evaluate(() => {
    const controls = (document.querySelector("dialog[open]") ?? document).querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]:not(h1, h2)');
    const reached = [...controls].filter((control) => control.checkVisibility() && control.getAttribute("tabindex") !== "-1" && !(control instanceof HTMLInputElement && control.type === "radio" && !control.checked));
    return reached.filter((control) => !(window as Seen).seen?.includes(control)).map((control) => control.outerHTML.slice(0, 120));
  });

for (const [where, width, height] of [["in a window", 1280, 720], ["on a phone", 320, 640]] as const) {
  test(`Tab ${where}: it reaches all controls in the order of the page, each has a focus ring and is not covered, and it leaves at the end`, needs("keys"), async ({ app, page }) => {
    test.slow();
    await page.setViewportSize({ width, height });
    await places(app, async (place) => {
      const { url, dialogs } = { url: page.url(), dialogs: await page.getByRole("dialog").count() };
      const heading = page.getByRole("heading", { level: dialogs > 0 ? 2 : 1 }).first();
      // The focus starts at the top: before the header, or in the dialog.
      if (dialogs > 0) await heading.focus();
      else await page.evaluate(() => (document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute("tabindex")));
      await page.evaluate(() => delete (window as Seen).seen);
      const MOST = 200;
      let n = 0;
      for (; n < MOST; n++) {
        await page.keyboard.press("Tab");
        const at = await focused(page);
        // The end of the page, or its start again: the browser's own controls are between them.
        if (!at || at.isStart) break;
        expect(at.inOrder, `${place}: in the order of the page: ${at.html}`).toBe(true);
        expect(at.ring, `${place}: a focus ring: ${at.html}`).toBe(true);
        expect(await inSight(page), `${place}: in sight: ${at.html}`).toBe(true);
      }
      expect(await missed(page), `${place}: all controls are reached`).toEqual([]);
      expect(n, `${place}: Tab leaves`).toBeLessThan(MOST);
      expect([page.url(), await page.getByRole("dialog").count()], `${place}: focus alone changes nothing`).toEqual([url, dialogs]);
      if (dialogs > 0) await heading.focus();
    });
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`frames, marks, icons and focus rings have a contrast of 3 : 1, ${colorScheme}`, needs("layout"), async ({ app, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.getByLabel(text("provider"))).toBeVisible();
    await page.getByLabel(text("user_name")).focus();
    await page.keyboard.press("Shift");
    const FIELD = [".field input:not(:focus)", "border-top-color"] as const;
    expect(await tooSimilar(page, 3, [[...FIELD, "around"], [...FIELD, "inside"], [".field select", "border-top-color", "around"], [".field input:focus", "outline-color", "around"]])).toEqual([]);
    await app.begin();
    await app.users("user2");
    await app.choose({ device: ["red-b.example.test"] });
    await page.getByRole("tab", { name: text("devices") }).click();
    await page.getByRole("searchbox", { name: text("filter_devices") }).press("ArrowDown");
    await page.keyboard.press("Space");
    expect(
      await tooSimilar(page, 3, [
        [".field textarea", "border-top-color", "around"],
        [".list", "outline-color", "around"],
        ['.list-row[aria-checked="false"] .list-tick', "border-top-color", "around"],
        ['.list-row[aria-checked="true"] .list-tick', "background-color", "around"],
        ['.list-row[data-active="true"]', "outline-color", "inside"],
        ['.tab[aria-selected="true"]', "border-bottom-color", "inside"],
        [".chip-remove", "color", "inside"],
        [".warnings .banner > .icon", "color", "inside"],
      ]),
    ).toEqual([]);
    await app.review();
    expect(await tooSimilar(page, 3, [["dialog .button:not(.button-danger)", "border-top-color", "around"], ["dialog .button-danger", "background-color", "around"]])).toEqual([]);
    await app.confirm();
    await expect(app.shown(FINISHED)).toBeVisible();
    expect(
      await tooSimilar(page, 3, [
        ['.stepper-point[data-state="done"] .stepper-mark', "background-color", "around"],
        ['.stepper-point[data-state="done"] .stepper-mark .icon', "color", "inside"],
        ['.app-nav a[aria-current="page"]', "color", "inside"],
      ]),
    ).toEqual([]);
  });
}

test("a press that is released elsewhere does nothing", needs("keys"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: [LONE] });
  const row = page.getByRole("listbox").getByRole("option").first();
  const before = await row.getAttribute("aria-checked");
  for (const target of [page.getByRole("button", { name: REVIEW }), page.getByRole("button", { name: text("sign_out") }), app.menu("nav_jobs"), page.getByRole("tab").first(), row]) {
    await target.hover();
    await page.mouse.down();
    await page.getByRole("heading", { level: 1 }).hover();
    await page.mouse.up();
  }
  await expect(app.gate).toBeHidden();
  expect(await row.getAttribute("aria-checked")).toBe(before);
  await expect(page.getByRole("tab").first()).toHaveAttribute("aria-selected", "false");
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
});

test("the first Tab reaches a link that skips the header", needs("keys"), async ({ app, page }) => {
  await app.begin();
  await page.evaluate(() => (document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute("tabindex")));
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: text("skip_to_content") });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  const address = page.url();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeFocused();
  expect(page.url()).toBe(address);
});

test("the sign-in takes a pasted password, and names its fields for password managers, before and after the app has loaded", needs("start"), async ({ app, page, plainHost }) => {
  const purposes = () => page.locator("form input:not([type=checkbox])").evaluateAll((fields) => fields.slice(0, 2).map((field) => (field as HTMLInputElement).autocomplete));
  const release = plainHost.hold(/_bg\.wasm$/);
  await page.goto(plainHost.url);
  expect(await purposes()).toEqual(["username", "current-password"]);
  release();
  await app.open();
  await expect(page.getByLabel(text("provider"))).toBeVisible();
  expect(await purposes()).toEqual(["username", "current-password"]);
  await page.getByLabel(text("user_name")).fill("manager");
  await page.getByLabel(text("password")).focus();
  const isTaken = await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "manager");
    return document.activeElement!.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  expect(isTaken, "nothing prevents the paste").toBe(true);
});

test("no style depends on the orientation, and under the pointer only colours and lines change", needs("bundle"), async ({ app, page }) => {
  await app.begin();
  const { hovered, media } = await page.evaluate(() => {
    const [hovered, media] = [new Set<string>(), new Set<string>()];
    const search = (rules: CSSRuleList) => {
      for (const rule of rules) {
        if (rule instanceof CSSStyleRule && rule.selectorText.includes(":hover")) for (const property of rule.style) hovered.add(property);
        if (rule instanceof CSSMediaRule) media.add(rule.conditionText);
        if ("cssRules" in rule) search(rule.cssRules as CSSRuleList);
      }
    };
    // The console's sheet is an adopted one.
    for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) search(sheet.cssRules);
    return { hovered: [...hovered], media: [...media] };
  });
  expect(hovered).toContain("background-color");
  expect(hovered.filter((property) => !/^(?:background|border|box-shadow|color|text-decoration)/.test(property))).toEqual([]);
  expect(media).toContain("(max-width: 30rem)");
  expect(media.filter((condition) => /orientation|aspect-ratio/.test(condition))).toEqual([]);
});
