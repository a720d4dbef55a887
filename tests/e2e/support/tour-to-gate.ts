// The states from the document to the gate (states.ts), one after the other as an operator reaches them.

import { expect } from "@playwright/test";
import { begin, GROUPS, INVENTORY, lone, MINUTE, type Tour } from "./tour";

const WASM = /\/curfew-[0-9a-f]+_bg\.wasm$/;
const CONSOLE = /\/console-[0-9a-f]+\.wasm$/;
const RESOLVER = "/mgmt/cm/system/machineid-resolver";
const LOGIN = "/mgmt/shared/authn/login";
const EXCHANGE = "/mgmt/shared/authn/exchange";
const trouble = (status: number) => ({ kind: "status", status });

export async function toGate(tour: Tour): Promise<void> {
  await begin(tour.app);
  await document(tour);
  await signIn(tour);
  await inventory(tour);
  await form(tour);
  await gate(tour);
  await others(tour);
  await stopped(tour);
}

/** Before the app has loaded, and if it can't load. */
async function document({ app, page, guard, visit }: Tour): Promise<void> {
  // The name of a window outlives its pages; a script added for all pages can't be removed.
  await page.addInitScript(() => {
    if (window.name === "too old") Reflect.deleteProperty(window, "HTMLDialogElement");
  });
  await app.open();
  await page.evaluate(() => (window.name = "too old"));
  await app.open();
  await expect(page.getByRole("alert")).toContainText("too old");
  await visit("too-old");
  await page.evaluate(() => (window.name = ""));
  await page.route(WASM, (route) => route.abort());
  await app.open();
  await expect(page.getByRole("alert")).toContainText("couldn’t be loaded");
  await visit("boot-failed");
  await page.unroute(WASM);
  guard.expectTrouble(/Failed to fetch/);
}

async function signIn(tour: Tour): Promise<void> {
  const { app, page, simulator, guard, visit } = tour;
  const button = page.getByRole("button", { name: "Sign in" });
  await tour.configured({ idleMinutes: "soon" });
  await expect(page.getByText("idleMinutes")).toBeVisible();
  await visit("misconfigured");
  await tour.configured({ signIn: "proxy" });
  await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
  await visit("sign-in-proxy");
  await tour.configured({ bigiqs: [{ name: "East", prefix: "" }, { name: "West", prefix: "/west" }] });
  await expect(page.getByLabel("BIG-IQ", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
  await visit("sign-in-several");
  await simulator.faults({ method: "GET", path: "/info/system", fault: { kind: "edit", set: { "/available": false } } });
  await tour.configured({ idleMinutes: 30 });
  await expect(page.getByText("BIG-IQ is still starting")).toBeVisible();
  await visit("sign-in-starting");
  await simulator.faults({ method: "GET", path: "/info/system", fault: trouble(503) });
  await app.open();
  await expect(page.getByText("The sign-in providers couldn’t be read")).toBeVisible();
  await visit("sign-in-unread");
  await simulator.faults();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
  await visit("sign-in");
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByLabel("Anmeldedienst")).toBeVisible();
  await visit("sign-in-german");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
  await button.click();
  await visit("sign-in-blank");
  await app.signIn("manager", "wrong");
  await expect(app.shown(/didn’t accept/)).toBeVisible();
  await visit("sign-in-refused");
  // The console is fetched as soon as someone types.
  await app.open();
  await expect(page.getByLabel("Sign-in provider")).toBeVisible();
  await page.route(CONSOLE, (route) => route.abort());
  await app.signIn();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await visit("console-not-loaded");
  await page.unroute(CONSOLE);
  guard.expectTrouble(/Failed to fetch|net::ERR_FAILED|console-/);
  await app.open();
  await simulator.faults({ method: "POST", path: LOGIN, fault: { kind: "delay", ms: 20_000 } });
  await app.signIn();
  await expect(page.getByRole("button", { name: "Signing in" })).toBeVisible();
  await visit("sign-in-under-way");
}

async function inventory({ app, page, simulator, visit }: Tour): Promise<void> {
  const again = async (...rules: unknown[]) => {
    await simulator.faults(...rules);
    await page.getByRole("button", { name: "Sign out" }).click();
    await app.signIn();
  };
  const nothing = { kind: "edit", set: { "/items": [] } };
  await simulator.faults({ method: "GET", path: INVENTORY, fault: { kind: "delay", ms: 20_000 } });
  await simulator.advance(20_000);
  await expect(page.getByRole("heading", { name: "Kill sessions", level: 1 })).toBeVisible();
  await expect(page.locator(".skeleton")).toBeVisible();
  await visit("inventory-loading");
  await simulator.advance(20_000);
  await again({ method: "GET", path: `${GROUPS}*`, fault: nothing }, { method: "GET", path: `${RESOLVER}*`, fault: nothing });
  await expect(app.shown("BIG-IQ lists no devices managed by Access.")).toBeVisible();
  await visit("inventory-empty");
  await again({ method: "GET", path: INVENTORY, fault: trouble(503) });
  await expect(app.shown("The inventory couldn’t be read")).toBeVisible();
  await visit("inventory-failed");
  await simulator.faults();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("option").first()).toBeVisible();
}

async function form(tour: Tour): Promise<void> {
  const { app, page, visit } = tour;
  const open = () => page.getByText("Paste host names, addresses or ids").click();
  await visit("kill-empty");
  await page.getByRole("searchbox").first().fill("nowhere");
  await expect(page.getByText("Nothing matches “nowhere”.").first()).toBeVisible();
  await visit("kill-no-match");
  await page.getByRole("searchbox").first().clear();
  await page.getByRole("button", { name: /^Kill/ }).click();
  await visit("kill-missing");
  await tour.emptyForm();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test", "silent.example.test", "lone.example.test"] });
  await expect(app.shown(/red-b\.example\.test is the standby/)).toBeVisible();
  await expect(app.shown(/^Sessions: 1 of 3 checked \(.+\)$/)).toBeVisible();
  await visit("kill-warnings");
  await tour.emptyForm();
  await open();
  await page.getByRole("textbox", { name: "Targets" }).fill("red-a.example.test, 192.0.2.31\nbare.example.test, 192.0.2.200");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText(/establish trust first/)).toBeVisible();
  await visit("kill-pasted");
  await open();
  await tour.emptyForm();
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  await page.getByLabel("Sessions", { exact: true }).fill("device,session\nlone.example.test,0a1b2c3d\nred-a.example.test,4e5f6a7b\nnowhere.example.test,8c9d0e1f\n");
  await expect(page.getByText("2 sessions on 2 devices")).toBeVisible();
  await expect(page.getByRole("button", { name: "Checking devices" })).toHaveCount(0);
  await visit("kill-listed");
  await tour.emptyForm();
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  await app.choose({ cluster: ["RedCluster"] });
  await page.getByRole("button", { name: "Read the live sessions of 2 devices" }).click();
  await page.getByRole("listbox", { name: "Live sessions" }).getByRole("option").first().click();
  await expect(page.getByText("1 session chosen from lists")).toBeVisible();
  await visit("kill-live");
  await tour.emptyForm();
}

async function gate(tour: Tour): Promise<void> {
  const { app, page, simulator, visit } = tour;
  await app.users("user2");
  await app.reason("INC-4711");
  await app.choose({ cluster: ["BlueCluster", "RedCluster"], ...lone });
  await app.knowsSessions();
  await visit("kill");
  await app.review();
  await visit("gate");
  await page.evaluate(() => {
    const { setItem } = Storage.prototype;
    Object.assign(window, { setItem });
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await tour.pressed("This browser can’t store the job’s record");
  await visit("gate-unkept");
  await page.evaluate(() => (Storage.prototype.setItem = (window as unknown as Storage).setItem));
  await tour.cancel();
  await app.review();
  // This tab sends what another tab with the same kill in flight would send.
  await page.evaluate(() => {
    const channel = new BroadcastChannel("curfew:jobs");
    Object.assign(window, { elsewhere: channel });
    let said: string | undefined;
    channel.onmessage = ({ data }: MessageEvent<string>) => {
      if (data.endsWith("\nin-flight")) said = data;
      else if (said) channel.postMessage(said);
    };
  });
  await tour.rejects();
  await visit("gate-rejected");
  await tour.cancel("Back to the form");
  await app.review();
  await expect(app.gate.getByText("1 identical kill is in progress in another tab")).toBeVisible();
  await visit("gate-elsewhere");
  await page.evaluate(() => (window as unknown as { elsewhere: BroadcastChannel }).elsewhere.close());
  await tour.cancel();

  await tour.emptyForm();
  await app.users("user1", "user2", "user3");
  await app.choose(lone);
  await app.review();
  await visit("gate-names");
  await tour.cancel();
  await app.users(...Array.from({ length: 12 }, (_, n) => `user${n + 1}`));
  await app.review();
  await visit("gate-phrase");
  await app.gate.getByRole("textbox", { name: "Type this phrase to confirm" }).fill("kill sessions");
  await tour.pressed("This isn’t the phrase shown above");
  await visit("gate-phrase-wrong");
  await tour.cancel();
  await tour.emptyForm();
  await app.everybody();
  await app.choose({ group: ["TestGroup"] });
  await app.review();
  await visit("gate-everybody");
  await tour.cancel();

  await tour.emptyForm();
  await app.users("user2");
  await app.choose(lone);
  await simulator.faults(
    { method: "GET", path: `${GROUPS}*`, fault: trouble(503) },
    { method: "POST", path: EXCHANGE, fault: trouble(503) },
  );
  // The token expires and can't be renewed.
  await page.clock.fastForward(11 * MINUTE);
  await app.review();
  await tour.pressed("The request was not sent");
  await visit("gate-not-sent");
  await tour.cancel("Back to the form");
  await simulator.faults({ method: "GET", path: `${GROUPS}/`, fault: trouble(503) });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(app.shown(/^The access groups couldn’t be read/)).toBeVisible();
  await simulator.faults({ method: "GET", path: `${GROUPS}*`, fault: trouble(503) });
  await page.clock.fastForward(16 * MINUTE);
  await expect(app.shown(/^The inventory is .* old\.$/)).toBeVisible();
  await page.locator(".read-ago").getByRole("button", { name: "Refresh" }).click();
  await expect(app.shown("The inventory couldn’t be read")).toBeVisible();
  await expect(page.getByRole("button", { name: "Checking devices" })).toHaveCount(0);
  await visit("kill-stale");
  await simulator.faults();
}

/** At another BIG-IQ, and for another operator. */
async function others({ app, page, simulator, visit }: Tour): Promise<void> {
  await simulator.settings({ nodeRole: "STANDBY" });
  await app.signOut();
  await app.begin("viewer");
  await expect(app.shown("This BIG-IQ is a standby")).toBeVisible();
  await visit("standby");
  await simulator.settings({ nodeRole: "STANDALONE" });
  await app.signOut();
  await app.begin("viewer");
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  await app.act().catch(() => undefined);
  await expect(app.gate.getByRole("note").getByText(/doesn’t have permission to do this/)).toBeVisible();
  await visit("gate-not-permitted");
  await page.getByRole("button", { name: "Back to the form" }).click();
}

async function stopped({ app, page, guard, visit }: Tour): Promise<void> {
  // Leptos clones templates and assumes that this works.
  await page.evaluate(() => {
    Node.prototype.cloneNode = () => {
      throw new Error("made to fail");
    };
  });
  await app.menu("Jobs").click();
  await expect(page.getByRole("heading", { name: "This page has stopped working" })).toBeVisible();
  await visit("stopped");
  // Timers in the page would fail too.
  await page.goto("about:blank");
  guard.expectTrouble(/panicked|unreachable|made to fail/);
}
