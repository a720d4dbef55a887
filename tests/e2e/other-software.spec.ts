// What other software does to the page: translators, password managers, checkers of grammar, dark themes. The page stays correct.

import { type Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { decorate, translate } from "./support/other-software";
import { KILL, type Session, type Simulator } from "./support/simulator";
import { either, exactly, GERMAN, start, text, textPattern } from "./support/text";
import { walk, WAYS } from "./support/walk";
import { needs } from "./support/needs";

const lone = { device: ["lone.example.test"] };

/** Kills user2's sessions with the form; what the page reports is what is gone. Returns what is gone. */
async function killsUser2(app: Console, simulator: Simulator, before: Session[]): Promise<string[]> {
  await app.users("user2");
  await app.choose(lone);
  await app.knowsSessions();
  await app.review();
  await app.confirm();
  await expect(app.shown(textPattern("headline_verified"))).toBeVisible();
  const gone = await simulator.gone(before);
  expect(gone.length).toBeGreaterThan(0);
  await expect(app.shown(text("headline_verified", { n: gone.length }))).toBeVisible();
  return gone;
}

test("field: the page opts out of translation", needs("others"), async ({ page, simulator }) => {
  await page.goto(simulator.url);
  await expect(page.locator("html")).toHaveAttribute("translate", "no");
  await expect(page.locator("html")).toHaveClass(/(^| )notranslate( |$)/);
  await expect(page.locator('head meta[name="google"]')).toHaveAttribute("content", "notranslate");
});

test.describe("all of them", () => {
  // The page's policy does not hold for extensions.
  test.use({ bypassCSP: true });
  test.beforeEach(async ({ page }) => {
    await translate(page);
    await decorate(page);
  });

  for (const way of WAYS) {
    test(`field: a translator wraps each text, with foreign elements beside fields and in the head: every state ${way.name} shows what is true`, needs("others"), async ({ app, guard }) => {
      test.setTimeout(600_000);
      const left = await walk(way, app, guard, async (state) => {
        expect(guard.troubles.filter((trouble) => trouble.includes("translator")), state).toEqual([]);
      });
      expect(left).toEqual([]);
    });
  }
});

test.describe("a translator that ignores it", () => {
  test.beforeEach(({ page }) => translate(page));

  test("field: a translator wraps each text: a failed job is headed as failed, and the list agrees", needs("others"), async ({ app, page, simulator }) => {
    await app.begin();
    // Translators change the title too.
    await page.evaluate(() => (document.title = "Sessions beenden"));
    await app.kill("user2", { device: ["refusing.example.test"] });
    await expect(app.shown(text("headline_failed"))).toBeVisible();
    await expect(page).toHaveTitle(textPattern("title_problem"));
    await expect(page.getByRole("main").getByText(text("headline_watched"))).toHaveCount(0);
    const [task] = await simulator.tasks("manager");
    expect(task?.status).toBe("FAILED");
    await app.menu("nav_jobs").click();
    await expect(app.shown(text("headline_failed"))).toBeVisible();
  });

  test("field: a translator wraps each text: the plan and the gate name the current user", needs("others"), async ({ app, page }) => {
    await app.begin();
    await app.choose(lone);
    const plan = page.getByRole("region", { name: text("plan") });
    for (const user of ["user1", "user2", "user3"]) {
      await app.users(user);
      await expect(plan.getByText(user).first()).toBeVisible();
      await expect(page.getByRole("button", { name: text("review_user", { user }) })).toBeVisible();
      for (const other of ["user1", "user2", "user3"].filter((name) => name !== user)) {
        expect(await plan.innerText()).not.toContain(other);
      }
    }
    await app.review();
    await expect(app.gate).toContainText("user3");
    await expect(app.gate).not.toContainText(/user[12]/);
  });

  test("field: a translator wraps each text: a kill is verified, and what is shown is what happened", needs("others"), async ({ app, simulator }) => {
    const before = await simulator.sessions();
    await app.begin();
    await killsUser2(app, simulator, before);
  });

  test("field: a translator wraps each text: a batch with refused jobs counts right, row by row", needs("others"), async ({ app, page, simulator }) => {
    await app.begin();
    await app.users("nobody-0", "nobody-1", "nobody-2", "nobody-3", "nobody-4", "nobody-5");
    await app.choose(lone);
    await app.review();
    await simulator.faults({ method: "POST", path: KILL, count: 2, fault: { kind: "status", status: 400, message: "No." } });
    await app.confirm();
    await expect(app.shown(text("job_batch_done", { done: 6, all: 6 }))).toBeVisible();
    const calls = await simulator.calls("POST", KILL);
    const refused = calls.filter((call) => call.status === 400).length;
    expect(refused).toBe(2);
    const main = page.getByRole("main");
    const rows = main.getByRole("listitem");
    await expect(rows.getByText(text("headline_rejected"))).toHaveCount(refused);
    await expect(rows.getByText(start(either(FINISHED, textPattern("headline_no_session_of"))))).toHaveCount(calls.length - refused);
    await expect(main.getByText(exactly(text("headline_watched")))).toHaveCount(0);
  });

  test("field: a translator wraps each text: another language replaces every text", needs("others"), async ({ app, page }) => {
    await app.begin();
    await app.users("user2");
    await app.choose(lone);
    await page.getByRole("button", { name: text("preferences") }).click();
    await page.getByRole("dialog").getByLabel(text("language")).selectOption("Deutsch");
    await page.getByRole("dialog").getByRole("button", { name: GERMAN.text("close") }).click();
    await expect(page.getByRole("heading", { name: GERMAN.text("kill_title"), level: 1 })).toBeVisible();
    const shown = await page.getByRole("main").innerText();
    for (const key of ["kill_title", "section_who", "section_where", "section_why", "whose_sessions", "chosen_targets", "devices_reached"] as const) {
      expect(shown).not.toContain(text(key));
      expect(shown).toContain(GERMAN.text(key));
    }
  });
});

test.describe("password managers, checkers of grammar and dark themes", () => {
  // The page's policy does not hold for extensions.
  test.use({ bypassCSP: true });
  test.beforeEach(({ page }) => decorate(page));

  test("field: foreign elements beside fields and in the head: what is typed is what is killed", needs("others"), async ({ app, page, simulator }) => {
    const before = await simulator.sessions();
    await app.begin();
    expect(await page.locator("com-1password-button").count()).toBeGreaterThan(2);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--darkreader"))).toBe("1");
    await app.reason("INC-4711");
    const gone = await killsUser2(app, simulator, before);
    expect(before.filter((session) => gone.includes(`${session.device} ${session.id}`)).map((session) => session.user)).toEqual(gone.map(() => "user2"));
  });

  test("field: a password manager fills in the form before the app has loaded, without a key press", needs("others"), async ({ page, plainHost, simulator }) => {
    for (const prefix of ["/info", "/mgmt"]) plainHost.forward(prefix, `${simulator.url}${prefix.slice(1)}/`);
    const release = plainHost.hold(/^curfew-.*\.wasm$/);
    await page.goto(plainHost.url, { waitUntil: "domcontentloaded" });
    const fill = (name: string, value: string) =>
      page.getByLabel(name).evaluate((field: HTMLInputElement, value) => {
        field.value = value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }, value);
    await fill(text("user_name"), "manager");
    await fill(text("password"), "manager");
    release();
    await page.getByRole("button", { name: text("sign_in") }).click();
    await expect(page.getByRole("heading", { name: text("find_title"), level: 1 })).toBeVisible();
  });

  test("field: a password manager fills in the app's form by setting the values of its fields", needs("others"), async ({ app, page }) => {
    await expect(page.getByLabel(text("provider"))).toBeVisible();
    for (const [name, value] of [[text("user_name"), "manager"], [text("password"), "manager"]] as const) {
      await page.getByLabel(name).evaluate((field: HTMLInputElement, value) => {
        field.value = value;
        for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
      }, value);
    }
    await page.getByRole("button", { name: text("sign_in") }).click();
    await expect(app.menu("nav_kill")).toBeVisible();
  });
});
