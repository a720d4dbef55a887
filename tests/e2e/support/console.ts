// What an operator does in Curfew, by visible and accessible names. Tests judge the results.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Simulator } from "./simulator";
import { either, exactly, rowOf, sentence, start, text, textPattern } from "./text";

type Where = { group?: string[]; cluster?: string[]; device?: string[] };

/** The heading of a job that BIG-IQ reports as complete, if nothing was verified. */
export const FINISHED = sentence("Finished. BIG-IQ doesn’t report how many sessions ended");

/** The button that opens the gate, whatever the plan. */
export const REVIEW = exactly(
  either(...(["review_user", "review_users", "review_everybody", "review_listed", "review_empty"] as const).map((key) => textPattern(key))),
);

/** The button that confirms a plan in the gate, whatever the plan. */
export const CONFIRM = exactly(
  either(...(["confirm_user", "confirm_users", "confirm_everybody", "confirm_listed"] as const).map((key) => textPattern(key))),
);

/** The number of checked devices and clusters, if it is all of them. */
export const ALL_CHECKED = textPattern("sessions_known", { known: /([\d,]+)/, amount: new RegExp("\\1") });

/** The beginning of a job's name, whatever it kills. */
export const JOB = start(either(textPattern("job_of_user"), textPattern("job_of_users"), text("job_of_everybody"), text("job_of_listed")));

const TABS = { group: ["groups", "filter_groups"], cluster: ["clusters", "filter_clusters"], device: ["devices", "filter_devices"] } as const;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The rules of WCAG 2.2 at level A and AA. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export class Console {
  /** How many requests were confirmed, one for each plan: no more may be sent. */
  confirmed = 0;
  private readonly others: Console[] = [];

  constructor(
    readonly page: Page,
    readonly simulator: Simulator,
  ) {}

  /** Loads the app, with the form as its first page; or goes to another page, without loading an app that is there. */
  async open(hash?: string): Promise<void> {
    const isLoaded = this.page.url().startsWith(this.simulator.url);
    await this.page.goto(this.simulator.url + (hash ?? "#/kill"));
    if (isLoaded && hash === undefined) await this.page.reload();
  }

  async signIn(name = "manager", password = name): Promise<void> {
    // Exactly: until a sign-out is over, the kill form is still there, with its user names.
    await this.page.getByLabel(text("user_name"), { exact: true }).fill(name);
    await this.page.getByLabel(text("password")).fill(password);
    await this.page.getByRole("button", { name: text("sign_in") }).click();
  }

  /** Signs in, goes to the form, and waits until targets can be selected. */
  async begin(name = "manager"): Promise<void> {
    await this.signIn(name);
    const heading = (key: "kill_title" | "find_title") => this.page.getByRole("heading", { name: text(key), level: 1 });
    await expect(heading("kill_title").or(heading("find_title"))).toBeVisible();
    if (await heading("find_title").isVisible()) await this.menu("nav_kill").click();
    await expect(this.page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  }

  /** Signs in if needed, and waits until targets can be selected. */
  async present(): Promise<void> {
    const kill = this.menu("nav_kill");
    await expect(kill.or(this.page.getByLabel(text("password"))).first()).toBeVisible();
    if (!(await kill.isVisible())) return this.begin();
    await kill.click();
    await expect(this.page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  }

  /** The dialog that asks to sign in again, above the page that stays. */
  get again(): Locator {
    return this.page.getByRole("dialog", { name: text("sign_in_again") });
  }

  /** Signs in again in place when asked. */
  async signInAgain(name = "manager"): Promise<void> {
    await this.again.getByLabel(text("password")).fill(name);
    await this.again.getByRole("button", { name: text("sign_in") }).click();
    await expect(this.again).toBeHidden();
  }

  /** A tab behind another one is not rendered, and can't be clicked. */
  private async front(): Promise<void> {
    await this.page.bringToFront();
  }

  /** Another tab of the same browser, in which the same operator is signed in. */
  async secondTab(): Promise<Console> {
    const second = new Console(await this.page.context().newPage(), this.simulator);
    await second.open();
    await second.begin();
    this.others.push(second);
    return second;
  }

  /**
   * How many requests were confirmed here and in tabs opened from here, one for each plan unless the test says
   * otherwise.
   */
  confirmedInAll(): number {
    return this.others.reduce((sum, other) => sum + other.confirmedInAll(), this.confirmed);
  }

  /** Starts over with a new simulator, in a new tab. */
  async startOver(): Promise<void> {
    this.confirmed = 0;
    await this.simulator.reset({});
    await this.page.evaluate(() => sessionStorage.clear());
    await this.open();
  }

  /** A link of the main navigation. */
  menu(key: "nav_find" | "nav_kill" | "nav_jobs"): Locator {
    return this.page.getByRole("navigation", { name: text("main_navigation") }).getByRole("link", { name: text(key) });
  }

  async users(...names: string[]): Promise<void> {
    await this.front();
    await this.page.getByRole("radio", { name: text("who_users") }).check();
    await this.page.getByLabel(text("user_names")).fill(names.join("\n"));
  }

  async everybody(): Promise<void> {
    await this.page.getByRole("radio", { name: text("who_everybody") }).check();
  }

  async choose(where: Where): Promise<void> {
    await this.front();
    for (const kind of ["group", "cluster", "device"] as const) {
      const [tab, filtered] = TABS[kind];
      for (const name of where[kind] ?? []) {
        await this.page.getByRole("tab", { name: text(tab) }).click();
        const filter = this.page.getByRole("searchbox", { name: text(filtered) });
        await filter.fill(name);
        await this.page.getByRole("option", { name: rowOf(name) }).first().click();
        await filter.fill("");
      }
    }
  }

  async reason(words: string): Promise<void> {
    await this.page.getByLabel(text("reason")).first().fill(words);
  }

  /** Waits until the plan knows the live sessions of all selected targets, complete or truncated. */
  async knowsSessions(): Promise<void> {
    await expect(this.page.getByText(ALL_CHECKED)).toBeVisible();
  }

  /** Opens what the plan folds: the devices that it reaches. */
  async unfoldDevices(): Promise<void> {
    await this.page.getByRole("region", { name: text("plan") }).getByText(text("devices_reached"), { exact: true }).click();
  }

  /** Signs out, and discards unsaved records if asked. */
  async signOut(): Promise<void> {
    await this.page.getByRole("banner").getByRole("button", { name: text("sign_out") }).click();
    const question = this.page.getByRole("dialog", { name: text("sign_out_heading") });
    const out = this.page.getByRole("button", { name: text("sign_in") });
    await expect(question.or(out)).toBeVisible();
    if (await question.isVisible()) await question.getByRole("button", { name: text("sign_out") }).click();
    await expect(out).toBeVisible();
  }

  get gate(): Locator {
    return this.page.getByRole("dialog");
  }

  /** Opens the gate. */
  async review(): Promise<void> {
    await this.front();
    await this.page.getByRole("button", { name: REVIEW }).click();
    await expect(this.gate).toBeVisible();
  }

  /** Answers the gate's questions and confirms. */
  async confirm(reason = "INC-4711"): Promise<void> {
    const phrase = this.gate.getByRole("textbox", { name: text("gate_type") });
    if (await phrase.count()) await phrase.fill(await this.gate.locator("pre, code").first().innerText());
    const why = this.gate.getByRole("textbox", { name: text("reason") });
    if ((await why.count()) && (await why.inputValue()) === "") await why.fill(reason);
    this.confirmed += 1;
    await this.act();
  }

  /**
   * Presses the confirm button until the gate accepts it: it ignores clicks right after it or a message has appeared, by the
   * page's clock.
   */
  async act(name: string | RegExp = CONFIRM): Promise<void> {
    await this.front();
    const button = this.gate.getByRole("button", { name });
    await expect(async () => {
      await this.page.evaluate(() => {
        const now = performance.now.bind(performance);
        performance.now = () => now() + 600;
      });
      if (await button.isVisible()) await button.click({ timeout: 1_000 });
      await expect(button).toBeHidden({ timeout: 250 });
    }).toPass({ intervals: [50], timeout: 20_000 });
  }

  /** Kills the sessions of all users on a device whose sessions are known before. */
  async killEverybody(device: string): Promise<void> {
    await this.everybody();
    await this.choose({ device: [device] });
    await this.knowsSessions();
    await this.review();
    await this.confirm();
  }

  /** Kills one user, from the empty form to the job's page; `known` is whether the sessions before it are known. */
  async kill(user: string, where: Where, known = false): Promise<void> {
    await this.users(user);
    await this.choose(where);
    if (known) await this.knowsSessions();
    await this.review();
    await this.confirm();
    await expect(this.page).toHaveURL(/#\/jobs\/./);
  }

  /** What the page itself shows, without announcements. */
  shown(words: string | RegExp): Locator {
    return this.page.getByRole("main").getByText(words).first();
  }

  /** Opens the log of the job that is shown. */
  async openLog(): Promise<void> {
    await this.page.getByRole("main").locator("summary").filter({ hasText: text("job_timeline") }).click();
  }

  /** Polls the job now, unless it has ended meanwhile. */
  async refresh(): Promise<void> {
    const button = this.page.getByRole("button", { name: text("refresh") });
    await expect(async () => {
      if (await button.count()) await button.click({ timeout: 1_000 });
    }).toPass();
  }

  /** Advances the clocks of the appliance and the page by milliseconds; the page's clock must be installed. */
  async pass(ms: number): Promise<void> {
    await this.simulator.advance(ms);
    await this.page.clock.fastForward(ms);
  }

  /** Advances the page's clock, which must be installed, until the page shows it. */
  async until(words: string | RegExp): Promise<void> {
    await expect(async () => {
      await this.page.clock.fastForward(15_000);
      await expect(this.shown(words)).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000 });
  }

  /** No violation of WCAG 2.2 AA on the current page. */
  async isAccessible(): Promise<void> {
    const found = this.page.frames().length > 1 ? (await new AxeBuilder({ page: this.page }).withTags(WCAG).analyze()).violations : await this.violations();
    expect(found.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
  }

  /** The same on a page without frames, in a third of the time: axe is loaded once, and lists nothing but violations. */
  private async violations(): Promise<axe.Result[]> {
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(AXE);
    return this.page.evaluate(async (tags) => {
      const { axe: checker } = window as unknown as { axe: typeof axe };
      // A colour that is changing is neither the old nor the new one.
      const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.allSettled(changing.map((transition) => transition.finished));
      const { violations } = await checker.run(document, { runOnly: tags, resultTypes: ["violations"] });
      return violations;
    }, WCAG);
  }
}
