// Every page and state of the console, one after the other as an operator comes to them: what is drawn, and what has to be
// accessible, is this one list. It must not judge what it sees.

import { expect, type Page } from "@playwright/test";
import type { Console } from "./console";
import type { Guard } from "./guard";
import { PlainHost } from "./plain-host";
import { KILL, type Simulator } from "./simulator";

/** The names of the states and what they show, in the order of the sheet of pictures. */
export const STATES = {
  misconfigured: "A wrong configuration",
  "sign-in": "Sign-in",
  "sign-in-german": "Sign-in in German",
  "sign-in-blank": "Sign-in with nothing typed",
  "sign-in-refused": "Sign-in refused",
  "inventory-loading": "The inventory is being read",
  "inventory-failed": "The inventory could not be read",
  "kill-empty": "Kill page, nothing chosen",
  "kill-missing": "Kill page, reviewed too early",
  kill: "Kill page with a plan",
  "kill-warnings": "Kill page, a plan with warnings",
  "kill-stale": "Kill page, an old and partial inventory",
  "kill-pasted": "Kill page, targets pasted as a list",
  "kill-listed": "Kill page, sessions pasted as a list",
  "kill-live": "Kill page, live sessions to pick from",
  standby: "This BIG-IQ is a standby",
  gate: "Gate: one user",
  "gate-names": "Gate: a few users by name",
  "gate-phrase": "Gate: more than ten users",
  "gate-everybody": "Gate: everybody",
  "gate-not-permitted": "Gate: BIG-IQ does not permit it",
  "job-running": "Job, running, with cancelling offered",
  "job-verified": "Job, done, and its sessions are gone",
  "job-remaining": "Job, done, and a session is still there",
  "job-done": "Job, done, and nothing can be verified",
  "job-failed": "Job, failed",
  "job-cancelled": "Job, cancelled",
  "job-lost": "Job, contact lost",
  "job-unknown": "Job, the answer was lost",
  "job-several": "Jobs of one plan",
  jobs: "Jobs of this tab, and everybody’s",
  "jobs-empty": "No jobs yet",
  "jobs-unread": "BIG-IQ’s list could not be read",
  "sign-in-again": "The sign-in has ended",
  "sign-out": "Signing out would lose something",
  idle: "Nobody has used the page for a while",
  "idle-ended": "Signed out because nobody used the page",
  preferences: "Preferences",
  shortcuts: "Keyboard shortcuts",
  diagnostics: "Diagnostics",
  "not-found": "No such page",
  german: "Kill page in German",
  embedded: "In a portal’s frame",
  framed: "In a frame that is not allowed",
} as const;

export type State = keyof typeof STATES;

export const NOW = "2026-03-02T03:12:07Z";
const MINUTE = 60_000;
const lone = { device: ["lone.example.test"] };
const INVENTORY = "/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/*";
const GROUPS = "/mgmt/shared/resolver/device-groups";

/** Shows the page from its top, as tall as it is: what sticks to an edge then hides nothing. A dialog keeps its window. */
export async function whole(page: Page, width: number): Promise<{ fullPage: boolean }> {
  const dialog = (await page.getByRole("dialog").count()) > 0;
  await page.setViewportSize({ width, height: 900 });
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
  if (dialog) return { fullPage: false };
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 900) });
  return { fullPage: true };
}

/** The page at a fixed time on a fresh appliance; nobody is signed in. */
export async function begin(app: Console): Promise<void> {
  const { page, simulator } = app;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.clock.install({ time: new Date(NOW) });
  await simulator.reset({ now: NOW });
  await app.open();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
}

/** Goes through all states and calls `visit` in each. */
export async function walk(app: Console, guard: Guard, visit: (state: State) => Promise<void>): Promise<void> {
  const { page, simulator } = app;
  const config = async (config: unknown) => {
    await page.unroute("**/config.json");
    await page.route("**/config.json", (route) => route.fulfill({ json: config }));
    await page.goto("about:blank");
    await app.open();
  };
  const anew = async () => {
    await app.menu("Kill sessions").click();
    await page.getByRole("button", { name: "Clear the form" }).click();
  };
  const cancel = () => app.gate.getByRole("button", { name: "Cancel" }).click();
  const known = async (user: string, where: Parameters<Console["choose"]>[0]) => {
    await app.users(user);
    await app.choose(where);
    await app.knowsSessions();
    await app.review();
    await app.confirm();
  };
  const ends = (text: string | RegExp) => expect(app.shown(text)).toBeVisible({ timeout: 60_000 });

  await begin(app);
  await config({ idleMinutes: "soon" });
  await expect(page.getByText("idleMinutes")).toBeVisible();
  await visit("misconfigured");
  await config({ cancel: true, idleMinutes: 30 });
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
  await visit("sign-in");
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByLabel("Anmeldedienst")).toBeVisible();
  await visit("sign-in-german");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  await visit("sign-in-blank");
  await app.signIn("manager", "wrong");
  await expect(app.shown(/does not accept/)).toBeVisible();
  await visit("sign-in-refused");

  await simulator.faults({ method: "GET", path: INVENTORY, fault: { kind: "delay", ms: 20_000 } });
  await app.signIn();
  await expect(page.getByRole("heading", { name: "Kill sessions", level: 1 })).toBeVisible();
  await expect(page.locator(".skeleton")).toBeVisible();
  await visit("inventory-loading");
  await simulator.faults({ method: "GET", path: INVENTORY, fault: { kind: "status", status: 503 } });
  await simulator.advance(20_000);
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await app.signIn();
  await expect(app.shown("The inventory could not be read")).toBeVisible();
  await visit("inventory-failed");
  await simulator.faults();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("option").first()).toBeVisible();
  await app.menu("Jobs").click();
  await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
  await visit("jobs-empty");
  await app.menu("Kill sessions").click();
  await visit("kill-empty");
  await page.getByRole("button", { name: /^Kill/ }).click();
  await visit("kill-missing");

  await app.users("user2");
  await app.reason("INC-4711");
  await app.choose({ cluster: ["BlueCluster", "RedCluster"], ...lone });
  await app.knowsSessions();
  await visit("kill");
  await app.review();
  await visit("gate");
  await app.confirm();
  await ends(/^Verified: all/);
  await visit("job-verified");

  await anew();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test", "silent.example.test", "lone.example.test"] });
  await expect(app.shown(/red-b\.example\.test is the standby/)).toBeVisible();
  await visit("kill-warnings");
  await anew();
  await page.getByText("Paste host names, addresses or ids").click();
  await page.getByRole("textbox", { name: "Targets" }).fill("red-a.example.test, 192.0.2.31\nbare.example.test, 192.0.2.200");
  await page.getByRole("button", { name: "Add to the choice" }).click();
  await expect(page.getByText(/establish trust first/)).toBeVisible();
  await visit("kill-pasted");
  await page.getByText("Paste host names, addresses or ids").click();
  await anew();
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  await page.getByLabel("Sessions", { exact: true }).fill("device,session\nlone.example.test,0a1b2c3d\nred-a.example.test,4e5f6a7b\nnowhere.example.test,8c9d0e1f\n");
  await expect(page.getByText("2 sessions on 2 devices")).toBeVisible();
  await visit("kill-listed");
  await anew();
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  await app.choose({ cluster: ["RedCluster"] });
  await page.getByRole("button", { name: "Read the live sessions of 2 devices" }).click();
  await page.getByRole("listbox", { name: "Live sessions" }).getByRole("option").first().click();
  await expect(page.getByText("1 session chosen from lists")).toBeVisible();
  await visit("kill-live");

  await anew();
  await app.users("user1", "user2", "user3");
  await app.choose(lone);
  await app.review();
  await visit("gate-names");
  await app.confirm();
  await ends("3 of 3 ended");
  await visit("job-several");
  await anew();
  await app.users(...Array.from({ length: 12 }, (_, n) => `user${n + 1}`));
  await app.choose(lone);
  await app.review();
  await visit("gate-phrase");
  await cancel();
  await anew();
  await app.everybody();
  await app.choose({ group: ["TestGroup"] });
  await app.review();
  await visit("gate-everybody");
  await cancel();

  await anew();
  await app.everybody();
  await app.choose({ device: ["partial.example.test"] });
  const read = page.waitForResponse(/access-info/);
  await app.review();
  await (await read).finished();
  await app.confirm();
  await ends(/is still there/);
  await visit("job-remaining");
  await simulator.settings({ restProxy: "off" });
  await anew();
  await app.kill("user3", lone);
  await ends(/^BIG-IQ finished; it/);
  await visit("job-done");
  await simulator.settings({ restProxy: "everyone" });
  await anew();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await ends("Failed on BIG-IQ");
  await visit("job-failed");
  await anew();
  await simulator.faults({ method: "GET", path: `${KILL}*`, fault: { kind: "drop-before-effect" } });
  await app.kill("user2", lone);
  await ends(/Contact lost since/);
  await visit("job-lost");
  await simulator.faults();
  await anew();
  await simulator.faults(
    { method: "POST", path: KILL, fault: { kind: "drop-before-effect" } },
    { method: "GET", path: `${KILL}*`, fault: { kind: "status", status: 503 } },
  );
  await app.kill("user2", lone);
  await ends(/^Unknown/);
  await visit("job-unknown");
  await simulator.faults();
  await anew();
  await app.kill("user2", { device: ["slow.example.test"] });
  await page.getByRole("button", { name: "Ask BIG-IQ to cancel" }).click();
  await ends("Cancelled on BIG-IQ");
  await visit("job-cancelled");
  await anew();
  await app.kill("user2", { device: ["slow.example.test"] });
  await ends("Running on BIG-IQ");
  await visit("job-running");
  const ended = { kind: "status", status: 401, message: "Invalid registered claims." };
  await simulator.faults(
    { method: "GET", path: `${KILL}*`, fault: ended },
    { method: "POST", path: "/mgmt/shared/authn/exchange", fault: ended },
  );
  await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible({ timeout: 30_000 });
  await visit("sign-in-again");
  await simulator.faults();
  await app.gate.getByLabel("Password").fill("manager");
  await app.gate.getByRole("button", { name: "Sign in" }).click();
  await expect(app.gate).toBeHidden();

  await app.menu("Jobs").click();
  const tasks = page.getByRole("listitem").filter({ hasText: "Internal Error occurred" });
  await page.getByText("Details").first().waitFor();
  await page.locator(".task-row", { hasText: "failed" }).first().getByText("Details").click();
  await expect(tasks.first()).toBeVisible();
  await visit("jobs");
  await simulator.faults({ method: "GET", path: KILL, fault: { kind: "status", status: 503 } });
  await page.getByRole("button", { name: "Refresh" }).last().click();
  await expect(page.getByText("BIG-IQ’s list could not be read")).toBeVisible();
  await visit("jobs-unread");
  await simulator.faults();
  await page.getByRole("link", { name: "Diagnostics" }).click();
  await page.getByRole("button", { name: "Run the check" }).click();
  await expect(page.getByText("The check is done").first()).toBeVisible();
  await visit("diagnostics");
  await page.getByRole("button", { name: "Preferences" }).click();
  await visit("preferences");
  await app.gate.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await visit("shortcuts");
  await page.keyboard.press("Escape");
  await page.evaluate(() => (location.hash = "#/nowhere"));
  await expect(app.shown("No such page")).toBeVisible();
  await visit("not-found");
  await page.evaluate(() => (location.hash = "#/jobs"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("dialog", { name: "Sign out?" })).toBeVisible();
  await visit("sign-out");
  await app.gate.getByRole("button", { name: "Stay signed in" }).click();

  await anew();
  await app.users("user2");
  await app.choose(lone);
  await simulator.faults({ method: "GET", path: `${GROUPS}*`, fault: { kind: "status", status: 503 } });
  await page.clock.fastForward(11 * MINUTE);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(app.shown("The inventory could not be read")).toBeVisible();
  await visit("kill-stale");
  await simulator.faults();
  await page.clock.fastForward(29.2 * MINUTE);
  await expect(page.getByRole("dialog", { name: "Still there?" })).toBeVisible();
  await visit("idle");
  await page.clock.fastForward(2 * MINUTE);
  await expect(page.getByText("You were signed out because nobody used the page")).toBeVisible();
  await visit("idle-ended");

  await simulator.settings({ nodeRole: "STANDBY" });
  await app.begin("viewer");
  await expect(app.shown("This BIG-IQ is a standby")).toBeVisible();
  await visit("standby");
  await simulator.settings({ nodeRole: "STANDALONE" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await app.begin("viewer");
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  await app.act().catch(() => undefined);
  await expect(app.gate.getByRole("note").getByText(/may not do this/)).toBeVisible();
  await visit("gate-not-permitted");
  await page.getByRole("button", { name: "Back to the form" }).click();
  await page.getByRole("button", { name: "Preferences" }).click();
  await page.getByLabel("Language").selectOption("Deutsch");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.keyboard.press("Escape");
  await visit("german");
  await page.getByRole("button", { name: "Einstellungen" }).click();
  await page.getByLabel("Sprache").selectOption("English");
  await page.keyboard.press("Escape");

  await framed(page, simulator, visit);
  // The browser's own word: a frame of another origin takes no focus by itself.
  guard.expectTrouble(/Blocked autofocusing/);
}

/** The states in a frame of another page: allowed, dressed and filled in by it, and not allowed. */
async function framed(page: Page, simulator: Simulator, visit: (state: State) => Promise<void>): Promise<void> {
  const [portal, curfew] = [await PlainHost.start(), await PlainHost.start()];
  try {
    for (const path of ["mgmt", "info"]) curfew.forward(`/${path}`, `${simulator.url}${path}/`);
    portal.below("/portal", (_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(
        `<!doctype html><html lang="en"><head><title>Portal</title><meta name="viewport" content="width=device-width">` +
          `<meta name="color-scheme" content="light dark"><style>body { font: 15px/1.5 system-ui, sans-serif; margin: 16px }</style>` +
          `<script type="module" src="/embed.js"></script></head><body><main><h1>Operations portal</h1>` +
          `<curfew-frame src="${curfew.url}" accent="#7a4fc9"></curfew-frame></main></body></html>`,
      );
    });
    const show = async (config: unknown) => {
      await page.unroute("**/config.json");
      await page.route("**/config.json", (route) => route.fulfill({ json: config }));
      await page.goto("about:blank");
      await page.goto(`${portal.url}portal/`);
    };
    const frame = page.frameLocator("iframe");
    await show({ embedParents: [new URL(portal.url).origin] });
    await frame.getByLabel("User name").fill("manager");
    await frame.getByLabel("Password").fill("manager");
    await frame.getByRole("button", { name: "Sign in" }).click();
    await expect(frame.getByRole("option").first()).toBeVisible();
    await page.evaluate(() => {
      const element = document.querySelector("curfew-frame") as unknown as { prefill(form: object): void };
      element.prefill({ users: ["user2"], clusters: ["RedCluster"], reason: "INC-4711" });
    });
    await expect(frame.getByText("RedCluster").last()).toBeVisible();
    await visit("embedded");
    await show({});
    await expect(frame.getByRole("heading", { name: "Curfew may not be shown here" })).toBeVisible();
    await visit("framed");
  } finally {
    await Promise.all([portal.stop(), curfew.stop()]);
  }
}
