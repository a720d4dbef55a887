// How pages are laid out: what leads, what folds, what stays in sight on a phone, and what moves.

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";
import { ROOT } from "./support/paths";
import { rowOf, start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const plan = (page: Page) => page.getByRole("region", { name: text("plan") });
const menu = (page: Page) => page.getByRole("button", { name: text("menu"), exact: true });

test("on a phone the header is one row, and its button shows the pages until one is opened", needs("layout"), async ({ app, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await app.begin();
  const header = page.getByRole("banner");
  const height = async () => (await header.boundingBox())?.height ?? 0;
  expect(await height()).toBeLessThan(60);
  await expect(header.getByText("bigiq.example.test").or(header.locator(".bigiq-name"))).toBeVisible();
  await expect(app.menu("nav_jobs")).toBeHidden();
  await expect(menu(page)).toHaveAttribute("aria-expanded", "false");
  await menu(page).click();
  await expect(menu(page)).toHaveAttribute("aria-expanded", "true");
  await expect(header.getByRole("button", { name: text("sign_out") })).toBeVisible();
  await app.isAccessible();
  await app.menu("nav_jobs").click();
  await expect(page.getByRole("heading", { name: text("jobs_title"), level: 1 })).toBeVisible();
  await expect(app.menu("nav_jobs")).toBeHidden();
  expect(await height()).toBeLessThan(60);
});

test("on a phone the header is one row while a job runs, with English, German and Japanese words", needs("layout"), async ({ app, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  const header = page.getByRole("banner");
  await expect(header.locator(".nav-count")).toBeVisible();
  const lines = (part: Element) => part.getBoundingClientRect().height / parseFloat(getComputedStyle(part).lineHeight);
  for (const tag of ["en", "de", "ja"]) {
    const words = JSON.parse(readFileSync(`${ROOT}/languages/${tag}.json`, "utf8")) as Record<string, string>;
    await header.locator(".app-menu").evaluate((button, label) => (button.textContent = label), words.menu ?? "");
    await header.locator(".nav-count").evaluate((count, label) => (count.textContent = label), words.jobs_running_other ?? "");
    expect(await header.locator(".bigiq-name").evaluate(lines), tag).toBeLessThan(2.5);
    expect((await header.boundingBox())?.height ?? 0, tag).toBeLessThan(60);
    expect(await header.evaluate((header) => header.scrollWidth <= header.clientWidth), tag).toBe(true);
  }
});

test("the key beside “Go to …” is level with its words", needs("layout"), async ({ app, page }) => {
  await app.begin();
  const middle = (part: Element) => part.getBoundingClientRect().top + part.getBoundingClientRect().height / 2;
  const key = page.locator(".palette-button kbd");
  expect(Math.abs((await key.evaluate(middle)) - (await page.locator(".palette-button").evaluate(middle)))).toBeLessThan(1.5);
});

for (const width of [320, 414]) {
  test(`at ${width} px the plan in numbers stays in sight with its button`, needs("layout"), async ({ app, page }) => {
    await page.setViewportSize({ width, height: 640 });
    await app.begin();
    await app.users("user2");
    await app.choose({ device: ["red-a.example.test", "lone.example.test"] });
    await app.knowsSessions();
    await page.evaluate(() => window.scrollTo(0, 0));
    const counts = [text("device_count", { n: 2 }), text("session_count", { n: 4 }), text("warning_count", { n: 1 })].join(" · ");
    await expect(plan(page).getByText(counts, { exact: true })).toBeInViewport({ ratio: 1 });
    await expect(plan(page).getByRole("button", { name: textPattern("review_user") })).toBeInViewport({ ratio: 1 });
  });
}

for (const [width, height] of [[1280, 900], [1024, 768], [390, 844]] as const) {
  test(`a link for a cluster opens the tab that lists it, and its button is in sight at ${width}x${height}`, needs("layout"), async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    await app.open("#/kill?user=user2&cluster=RedCluster");
    await app.signIn();
    await expect(page.getByRole("tab", { name: start(text("clusters")) })).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("option", { name: rowOf("RedCluster") })).toBeChecked();
    await app.knowsSessions();
    await page.evaluate(() => window.scrollTo(0, 0));
    await expect(plan(page).getByRole("button", { name: textPattern("review_user") })).toBeInViewport({ ratio: 1 });
    // What is deselected by hand leaves the tab open.
    await page.getByRole("option", { name: rowOf("RedCluster") }).click();
    await expect(page.getByRole("tab", { name: start(text("clusters")) })).toHaveAttribute("aria-selected", "true");
  });
}

test("the plan reads: who, what happens, risks with their remedies, the button; the rest is folded", needs("layout"), async ({ app, page }) => {
  await app.begin();
  await app.users("user2");
  await app.choose({ device: ["red-a.example.test", "lone.example.test"] });
  await app.knowsSessions();
  const parts = [
    plan(page).getByText(text("plan_user", { user: "user2", devices: text("device_count", { n: 2 }) })),
    plan(page).getByText(text("sessions_now", { n: 4 })),
    plan(page).getByText(text("what_stays")),
    plan(page).getByText(textPattern("warning_active_now")),
    plan(page).getByRole("button", { name: text("use_cluster", { cluster: "RedCluster" }) }),
    plan(page).getByRole("button", { name: textPattern("review_user") }),
  ];
  for (const [index, part] of parts.slice(1).entries()) {
    const before = await parts[index]?.elementHandle();
    expect(await part.evaluate((part, before) => Boolean(before && before.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING), before)).toBe(true);
    expect((await part.boundingBox())?.y ?? 0).toBeGreaterThan((await parts[index]?.boundingBox())?.y ?? Infinity);
  }
  expect(await plan(page).locator("details").count()).toBeGreaterThan(2);
  await expect(plan(page).locator("details[open]")).toHaveCount(0);
  // What was opened stays open while the plan changes.
  await app.unfoldDevices();
  await app.choose({ device: ["green.example.test"] });
  await expect(plan(page).getByText("green.example.test").first()).toBeVisible();
});

test("where the plan scrolls, no line is cut: both edges fade, and at its ends nothing is faded", needs("layout"), async ({ app, page }) => {
  await page.setViewportSize({ width: 1280, height: 640 });
  await app.begin();
  await app.users("user2", ...Array.from({ length: 40 }, (_, n) => `nobody-${n}`));
  await app.choose({ device: ["lone.example.test"] });
  await app.knowsSessions();
  const body = page.locator(".plan-body");
  const [top, bottom] = await body.evaluate((body) => {
    const [top = 0, bottom = 0] = (getComputedStyle(body).maskImage.match(/[\d.]+px/g) ?? []).map(parseFloat);
    return [top, bottom];
  });
  expect(top).toBeGreaterThan(8);
  expect(bottom).toBeGreaterThan(16);
  const inner = () =>
    body.evaluate((body) => {
      const box = body.getBoundingClientRect();
      const [first, last] = [body.firstElementChild, body.lastElementChild].map((part) => part?.getBoundingClientRect());
      return { above: (first?.top ?? 0) - box.top, below: box.bottom - (last?.bottom ?? 0), scrolls: body.scrollHeight > body.clientHeight };
    });
  const start = await inner();
  expect(start.scrolls).toBe(true);
  expect(start.above).toBeGreaterThanOrEqual(top);
  await body.evaluate((body) => body.scrollTo(0, body.scrollHeight));
  expect((await inner()).below).toBeGreaterThanOrEqual(bottom - 1);
});

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`a job that becomes verified moves once, unless the operator asked for less motion: ${reducedMotion}`, needs("layout"), async ({ app, page }) => {
    await page.emulateMedia({ reducedMotion });
    await app.begin();
    await app.kill("user2", { device: ["lone.example.test"] }, true);
    await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
    const mark = page.locator(".stepper-point .icon").last();
    const [name, times] = await mark.evaluate((mark) => [getComputedStyle(mark).animationName, getComputedStyle(mark).animationIterationCount]);
    expect(name).toBe(reducedMotion === "reduce" ? "none" : "verified");
    expect(times).toBe("1");
  });
}

test("an age shows the exact time to the pointer, and to who moves the focus to its button", needs("layout"), async ({ app, page }) => {
  await app.begin();
  const age = page.locator(".read-ago time");
  const exact = (await age.getAttribute("title")) ?? "";
  expect(exact).toMatch(/\d{4}.*\d:\d\d:\d\d/);
  const after = () => age.evaluate((age) => getComputedStyle(age, "::after").content);
  expect(await after()).toBe("none");
  await page.getByRole("checkbox", { name: text("everywhere") }).focus();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: text("refresh") })).toBeFocused();
  expect(await after()).toContain(exact);
});

test("steps have the same names in rows, lists and filters, each with a capital letter", needs("layout"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  const labels = page.locator(".stepper-label");
  await expect(labels.first()).toBeVisible();
  for (const label of await labels.allInnerTexts()) expect(label).toMatch(/^\p{Lu}/u);
  expect(text("step_done").toLowerCase()).toBe(text("task_state_finished").toLowerCase());
});
