// Users who see little, use a screen reader or have no mouse: every page and state against WCAG 2.2 AA, zoomed, in
// forced colours, and what a screen reader announces.

import { CONFIRM, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { fits, inSight, lostWith, SPACING } from "./support/layout";
import { type State, whole } from "./support/states";
import { announcements, listen } from "./support/announcements";
import { walk, WAYS } from "./support/walk";
import { either, isolated, labelled, listOfNames, pattern, start, text, textPattern, titleOf } from "./support/text";
import { needs } from "./support/needs";

const ON_LONE = labelled(text("job_of_user", { user: "user2" }), listOfNames(["lone.example.test"]));
const ON_REFUSING = labelled(text("job_of_user", { user: "user2" }), listOfNames(["refusing.example.test"]));
const lone = { device: ["lone.example.test"] };

/** Each theme in each width; two neighbours in the list differ in both. */
const FORMS = [
  ["light", 1280],
  ["dark", 320],
  ["light", 320],
  ["dark", 1280],
] as const;

for (const way of WAYS) {
  test(`every page and state ${way.name}, light and dark, at 1280 and 320 px: no violation, no horizontal scrolling, also with wide text spacing`, needs("layout"), async ({ app, page, guard }) => {
    test.setTimeout(1_200_000);
    const look = async (state: State, [colorScheme, width]: (typeof FORMS)[number]) =>
      test.step(`${state}, ${colorScheme}, ${width} px`, async () => {
        await page.emulateMedia({ colorScheme });
        await whole(page, width);
        await app.isAccessible();
        expect(await fits(page), "nothing is wider than the page").toBe(true);
        expect(await lostWith(page, SPACING), "with wide text spacing").toEqual([]);
      });
    let turn = 0;
    const left = await walk(way, app, guard, async (state) => {
      // One combination and its opposite; the next state starts with the next one. All of them with `make test-full`.
      const first = turn++ % FORMS.length;
      const chosen = process.env.ACCESS === "all" ? FORMS : [FORMS[first]!, FORMS[first ^ 1]!];
      for (const form of chosen) await look(state, form);
      await page.setViewportSize({ width: 1280, height: 900 });
    });
    expect(left).toEqual([]);
  });
}

test("announcements from sign-in to a successful kill: each thing once", needs("keys"), async ({ app, page }) => {
  await listen(page);
  await app.open();
  await app.signIn();
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  expect(spoken(await announcements(page))).toEqual([`focus: heading ${text("kill_title")}`, `status: ${text("reading")}`, `status: ${text("shown", { n: 9, all: 9 })}`]);
  await app.users("user2");
  await app.choose(lone);
  await app.knowsSessions();
  await app.review();
  const gate = (await announcements(page)).filter((line) => line.startsWith("focus: "));
  expect(gate.at(-1)).toMatch(start("focus: heading ", text("gate_user", { user: "user2", devices: text("device_count", { n: 1 }) })));
  await app.act();
  await expect(app.shown(text("headline_verified", { n: 2 }))).toBeVisible();
  expect(await announcements(page)).toEqual([
    expect.stringMatching(start("focus: button ", text("confirm_user", { user: "user2", devices: text("device_count", { n: 1 }) }))),
    `title: ${text("title_running", { n: 1, title: titleOf(text("kill_title")) })}`,
    `focus: button ${text("review_user", { user: "user2" })}`,
    `focus: heading ${text("job_of_user", { user: "user2" })}`,
    `title: ${text("title_running", { n: 1, title: titleOf(ON_LONE) })}`,
    `status: ${ON_LONE}`,
    `status: ${text("headline_watched")}`,
    `title: ${text("title_ended", { title: titleOf(ON_LONE) })}`,
    `status: ${FINISHED}`,
    `status: ${text("headline_verified", { n: 2 })}`,
  ]);
});

test("the end of a reading is announced once, with the numbers that are shown", needs("keys"), async ({ app, page }) => {
  await listen(page);
  await app.open("#/");
  await page.reload();
  await app.signIn();
  await expect(page.getByText(text("find_unread", { names: ["silent.example.test"] }))).toBeVisible({ timeout: 30_000 });
  const shown = await page.locator(".find-summary").innerText();
  const heard: string[] = [];
  await expect(async () => {
    heard.push(...(await announcements(page)).filter((line) => line.startsWith(`status: ${text("find_results")}`)));
    expect(heard).toEqual([`status: ${shown}`]);
  }).toPass();
});

test("announcements from a refused sign-in to a failed kill: each thing once, errors at once", needs("keys"), async ({ app, page }) => {
  await listen(page);
  await app.open();
  const refused = `alert: ${text("bad_credentials")} ${text("bad_credentials_help")} ${text("bigiq_says", { message: "Authentication failed." })}`;
  for (let again = 0; again < 2; again++) {
    await app.signIn("manager", "wrong");
    await expect(page.getByLabel(text("password"))).toHaveValue("");
    await expect(app.shown(text("bad_credentials"))).toBeVisible();
    expect((await announcements(page)).filter((line) => line.startsWith("alert"))).toEqual([refused]);
  }
  await app.begin();
  await announcements(page);
  await app.kill("user2", { device: ["refusing.example.test"] }, true);
  await expect(app.shown(text("help_remaining_sessions", { n: 1 }))).toBeVisible();
  const heard = await announcements(page);
  const heardOf = start(either("title", "alert", pattern("status: ", either(text("headline_watched"), text("headline_failed"), textPattern("help_remaining_sessions"), textPattern("help_gone_sessions")))));
  expect(heard.filter((line) => heardOf.test(line))).toEqual([
    `title: ${text("title_running", { n: 1, title: titleOf(text("kill_title")) })}`,
    `title: ${text("title_running", { n: 1, title: titleOf(ON_REFUSING) })}`,
    `status: ${text("headline_watched")}`,
    `title: ${text("title_problem", { title: titleOf(ON_REFUSING) })}`,
    expect.stringMatching(start("alert: ", text("what_and_next", { what: text("headline_failed"), next: text("two_sentences", { text: text("bigiq_says", { message: "Internal Error occurred" }), next: text("help_failed") }) }))),
    // The comparison has more to say than the report. What both say was said already.
    `alert: ${text("what_and_next", { what: text("session_not_ended"), next: text("two_sentences", { text: text("help_check_devices"), next: text("help_remaining_sessions", { n: 1 }) }) })}`,
  ]);
});

/** Announcements without a key being pressed. */
const spoken = (lines: string[]) => lines.filter((line) => /^(?:status|alert|focus: heading)/.test(line));

for (const [what, width, least, most] of [
  ["a full-HD screen is used", 1920, 1820, 1920],
  ["most of a wide screen is used", 2560, 2200, 2400],
  ["4K: nothing is stretched", 3840, 2200, 2400],
] as const) {
  test(`${what}; header and page are equally wide`, needs("layout"), async ({ app, page }) => {
    await page.setViewportSize({ width, height: 1080 });
    await app.begin();
    const edges = (selector: string) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);
    const [brand, heading, plan] = [await edges(".brand"), await edges("h1"), await edges(".plan")];
    // The text, not the frame that a button gets under the pointer.
    const out = await page.getByRole("button", { name: text("sign_out") }).evaluate((button) => {
      const label = document.createRange();
      label.selectNodeContents(button);
      return label.getBoundingClientRect().toJSON() as DOMRect;
    });
    expect(Math.abs(brand.left - heading.left)).toBeLessThan(2);
    expect(Math.abs(plan.right - out.right)).toBeLessThan(2);
    expect(plan.right - heading.left).toBeGreaterThan(least);
    expect(plan.right - heading.left).toBeLessThan(most);
    expect(await fits(page)).toBe(true);
  });
}

test("a name too long for its row is visibly cut off, and complete while its row has the focus", needs("layout"), async ({ app, page }) => {
  const long = `edge-${"very-".repeat(12)}long.example.test`;
  await page.route("**/cm-access-allBigIpDevices/devices?*", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { items: { hostname: string }[] };
    const named = { ...body.items[0], hostname: long, machineId: "00000000-1111-4222-8333-444444444444", uuid: "00000000-1111-4222-8333-444444444444" };
    await route.fulfill({ response: answer, json: { ...body, items: [...body.items, named] } });
  });
  await page.setViewportSize({ width: 320, height: 900 });
  await app.begin();
  await page.getByRole("tab", { name: text("devices") }).click();
  await page.getByRole("searchbox", { name: text("filter_devices") }).fill("very");
  const name = page.getByRole("option").getByText(long);
  const cut = () => name.evaluate((element) => [element.scrollWidth > element.clientWidth, getComputedStyle(element).textOverflow]);
  expect(await cut()).toEqual([true, "ellipsis"]);
  await expect(name).toHaveAttribute("title", isolated(long));
  await page.getByRole("listbox").focus();
  await page.keyboard.press("Home");
  expect((await cut())[0]).toBe(false);
  await page.keyboard.press("Space");
  expect((await cut())[0]).toBe(false);
  const remove = page.getByRole("button", { name: text("remove", { name: long }) });
  const chip = page.locator(".chip-label");
  const chipCut = () => chip.evaluate((element) => element.scrollWidth > element.clientWidth);
  expect(await chipCut()).toBe(true);
  await remove.focus();
  expect(await chipCut()).toBe(false);
});

test("at 320 px a row is still clear: a cluster shows its size, a session its device and address", needs("layout"), async ({ app, page }) => {
  await page.setViewportSize({ width: 320, height: 900 });
  await app.begin();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await page.getByRole("tab", { name: text("clusters") }).click();
  await expect(page.getByRole("option", { name: /RedCluster/ }).getByText(text("device_count", { n: 2 }))).toBeVisible();
  await app.choose({ cluster: ["RedCluster"] });
  await page.getByRole("button", { name: text("live_read", { n: 2 }) }).click();
  const list = page.getByRole("listbox", { name: text("live_heading") });
  const row = list.getByRole("option").first();
  await expect(row.getByText("red-a.example.test")).toBeVisible();
  await expect(row.getByText(/^\u2068\d+\.\d+\.\d+\.\d+\u2069$/)).toBeVisible();
  // In its own row, also while it is the active one.
  const over = () =>
    list.evaluate((list) => {
      const rows = [...list.querySelectorAll(".list-row")].map((row) => row.getBoundingClientRect());
      const parts = [...list.querySelectorAll(".list-row > *")].map((part) => part.getBoundingClientRect());
      const within = parts.every((part) => rows.some((row) => part.top >= row.top && part.bottom <= row.bottom + 1));
      const apart = rows.every((row, n) => n === 0 || row.top >= (rows[n - 1]?.bottom ?? 0) - 1);
      return within && apart;
    });
  expect(await over()).toBe(true);
  await list.focus();
  await page.keyboard.press("Home");
  expect(await over()).toBe(true);
  await app.isAccessible();
});

for (const [what, height] of [
  ["at 400 %", 256], // of 1280 by 1024: nothing sticks
  ["on a small phone, where the plan’s button sticks", 640],
] as const) {
  test(`the main flow ${what}: no horizontal scrolling, and the focused element is visible`, needs("layout"), async ({ app, page }) => {
    await page.setViewportSize({ width: 320, height });
    await app.begin();
    expect(await fits(page)).toBe(true);
    const tab = async (times: number) => {
      for (let n = 0; n < times; n++) {
        await page.keyboard.press("Tab");
        expect(await inSight(page), await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))).toBe(true);
      }
    };
    await app.users(...Array.from({ length: 12 }, (_, n) => `user${n + 1}`));
    await app.choose(lone);
    await app.review();
    // The phrase is shown completely, and neither its field nor the error is covered.
    const phrase = app.gate.locator("pre");
    expect(await phrase.evaluate((block) => block.scrollWidth <= block.clientWidth)).toBe(true);
    await tab(8);
    await app.gate.getByRole("button", { name: CONFIRM }).focus();
    await expect(async () => {
      await page.keyboard.press("Enter");
      await expect(app.gate.getByText(text("phrase_wrong"))).toBeInViewport({ timeout: 250 });
    }).toPass();
    await expect(app.gate.getByRole("textbox")).toBeFocused();
    expect(await inSight(page)).toBe(true);
    await app.gate.getByRole("button", { name: text("cancel") }).click();
    await app.users("user2");
    await page.getByRole("heading", { level: 1 }).focus();
    await tab(30);
    await app.review();
    expect(await fits(page)).toBe(true);
    await app.confirm();
    await expect(app.shown(FINISHED)).toBeVisible();
    expect(await fits(page)).toBe(true);
  });
}

test("forced colours: selection and focus are distinguishable", needs("layout"), async ({ app, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await app.begin();
  const tab = page.getByRole("tab", { name: text("devices") });
  await tab.click();
  await page.keyboard.press("Shift");
  const styles = await page.evaluate(() => {
    const chosen = document.querySelector("[role=tab][aria-selected=true]")!;
    const other = document.querySelector("[role=tab][aria-selected=false]")!;
    const look = (element: Element) => {
      const { color, backgroundColor, borderBlockEndColor, borderBlockEndWidth } = getComputedStyle(element);
      return [color, backgroundColor, borderBlockEndColor, borderBlockEndWidth].join(" ");
    };
    return [look(chosen), look(other), getComputedStyle(chosen).outlineStyle];
  });
  expect(styles[0]).not.toBe(styles[1]);
  expect(styles[2]).not.toBe("none");
});

test("reduced motion: nothing moves", needs("layout"), async ({ app, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await app.begin();
  await app.kill("user2", { device: ["slow.example.test"] });
  await expect(app.shown(text("headline_watched"))).toBeVisible();
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1 && animation.playState === "running").length,
  );
  expect(moving).toBe(0);
});

test("right to left: no horizontal scrolling, and the page is mirrored", needs("layout"), async ({ app, page }) => {
  await app.begin();
  const edge = () => page.getByRole("link", { name: text("curfew") }).evaluate((brand) => brand.getBoundingClientRect().left);
  const before = await edge();
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  expect(await edge()).toBeGreaterThan(before + 400);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await fits(page)).toBe(true);
});
