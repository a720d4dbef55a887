// The states from the document to the gate (states.ts), one after the other as an operator reaches them.

import { expect } from "@playwright/test";
import { begin, GROUPS, INVENTORY, lone, MINUTE, type Tour } from "./tour";
import { REVIEW } from "./console";
import { exactly, GERMAN, text, textPattern } from "./text";

const BOOT = /\/boot-[0-9a-f]+\.js$/;
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
  await find(tour);
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
  await expect(page.getByRole("alert")).toContainText("can’t run Curfew");
  await visit("too-old");
  await page.evaluate(() => (window.name = ""));
  await page.route(BOOT, (route) => route.abort());
  await app.open();
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  await expect(page.getByText("Curfew has not started")).toBeVisible();
  await visit("not-started");
  await page.unroute(BOOT);
  await page.route(WASM, (route) => route.abort());
  await app.open();
  await expect(page.getByRole("alert")).toContainText("couldn’t be loaded");
  await visit("boot-failed");
  await page.unroute(WASM);
  guard.expectTrouble(/Failed to fetch/);
}

async function signIn(tour: Tour): Promise<void> {
  const { app, page, simulator, guard, visit } = tour;
  const button = page.getByRole("button", { name: text("sign_in") });
  await tour.configured({ idleMinutes: "soon" });
  await expect(page.getByText("idleMinutes")).toBeVisible();
  await visit("misconfigured");
  await tour.configured({ signIn: "proxy" });
  await expect(page.getByRole("button", { name: text("by_proxy_continue") })).toBeVisible();
  await visit("sign-in-proxy");
  await tour.configured({ bigiqs: [{ name: "East", prefix: "" }, { name: "West", prefix: "/west" }] });
  await expect(page.getByLabel(text("bigiq_to_use"), { exact: true })).toBeVisible();
  await expect(page.getByLabel(text("provider"))).toBeVisible();
  await visit("sign-in-several");
  await simulator.faults({ method: "GET", path: "/info/system", fault: { kind: "edit", set: { "/available": false } } });
  await tour.configured({ idleMinutes: 30 });
  await expect(page.getByText(text("starting"))).toBeVisible();
  await visit("sign-in-starting");
  await simulator.faults({ method: "GET", path: "/info/system", fault: trouble(503) });
  await app.open();
  await expect(page.getByText(text("providers_not_read"))).toBeVisible();
  await visit("sign-in-unread");
  await simulator.faults();
  await page.getByRole("button", { name: text("retry") }).click();
  await expect(page.getByLabel(text("provider"))).toBeVisible();
  await visit("sign-in");
  await page.locator("#languages").selectOption("Deutsch");
  await expect(page.getByLabel(GERMAN.text("provider"))).toBeVisible();
  await visit("sign-in-german");
  await page.locator("#languages").selectOption("English");
  await expect(page.getByLabel(text("provider"))).toBeVisible();
  await button.click();
  await visit("sign-in-blank");
  await app.signIn("manager", "wrong");
  await expect(app.shown(text("bad_credentials"))).toBeVisible();
  await visit("sign-in-refused");
  // The console is fetched as soon as someone types.
  await app.open();
  await expect(page.getByLabel(text("provider"))).toBeVisible();
  await page.route(CONSOLE, (route) => route.abort());
  await app.signIn();
  await expect(page.getByRole("button", { name: text("retry") })).toBeVisible();
  await visit("console-not-loaded");
  await page.unroute(CONSOLE);
  guard.expectTrouble(/Failed to fetch|net::ERR_FAILED|console-/);
  await app.open();
  await simulator.faults({ method: "POST", path: LOGIN, fault: { kind: "delay", ms: 20_000 } });
  await app.signIn();
  await expect(page.getByRole("button", { name: text("signing_in") })).toBeVisible();
  await visit("sign-in-under-way");
}

async function inventory({ app, page, simulator, visit }: Tour): Promise<void> {
  const again = async (...rules: unknown[]) => {
    await simulator.faults(...rules);
    await page.getByRole("button", { name: text("sign_out") }).click();
    await app.signIn();
  };
  const nothing = { kind: "edit", set: { "/items": [] } };
  await simulator.faults({ method: "GET", path: INVENTORY, fault: { kind: "delay", ms: 20_000 } });
  await simulator.advance(20_000);
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
  await expect(page.locator(".skeleton")).toBeVisible();
  await visit("inventory-loading");
  await simulator.advance(20_000);
  await again({ method: "GET", path: `${GROUPS}*`, fault: nothing }, { method: "GET", path: `${RESOLVER}*`, fault: nothing });
  await expect(app.shown(text("inventory_empty"))).toBeVisible();
  await visit("inventory-empty");
  await again({ method: "GET", path: INVENTORY, fault: trouble(503) });
  await expect(app.shown(text("inventory_failed"))).toBeVisible();
  await visit("inventory-failed");
  await simulator.faults();
  await page.getByRole("button", { name: text("retry") }).first().click();
  await expect(page.getByRole("option").first()).toBeVisible();
}

async function find({ app, page, visit }: Tour): Promise<void> {
  await app.menu("nav_find").click();
  const box = page.getByRole("searchbox", { name: text("find_label") });
  await expect(box).toBeFocused();
  await expect(page.getByText(textPattern("find_unread"))).toBeVisible({ timeout: 30_000 });
  await visit("find");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("user2");
  await expect(page.getByRole("dialog").getByRole("listbox").getByRole("option").nth(1)).toBeVisible();
  await visit("palette");
  await page.keyboard.press("Escape");
  await box.fill("01490502:5: 2a5d7604: Session deleted");
  await expect(page.getByRole("button", { name: text("find_open_list") })).toBeVisible();
  await visit("find-list");
  await box.fill("user2");
  // After the row of headings.
  await page.getByRole("grid").getByRole("row").nth(2).click();
  await expect(page.getByRole("button", { name: text("find_kill_selected", { n: 1 }) })).toBeVisible();
  await visit("find-selected");
  await box.press("Enter");
  await expect(app.gate).toBeVisible();
  await visit("find-gate");
  await app.gate.getByRole("button", { name: text("cancel") }).click();
  await app.menu("nav_kill").click();
  await page.getByLabel(text("everywhere")).check();
  await visit("kill-everywhere");
  await page.getByLabel(text("everywhere")).uncheck();
}

async function form(tour: Tour): Promise<void> {
  const { app, page, visit } = tour;
  const open = () => page.getByText(text("paste_targets")).click();
  await visit("kill-empty");
  await page.getByRole("searchbox").first().fill("red");
  await expect(page.getByRole("listbox", { name: text("targets_found") }).getByRole("option").first()).toBeVisible();
  await visit("kill-search");
  await page.getByRole("searchbox").first().fill("nowhere");
  await expect(page.getByText(text("nothing_matches", { filter: "nowhere" })).first()).toBeVisible();
  await visit("kill-no-match");
  await page.getByRole("searchbox").first().clear();
  await page.getByRole("button", { name: REVIEW }).click();
  await visit("kill-missing");
  await tour.emptyForm();
  await app.users("user2");
  await app.choose({ device: ["red-b.example.test", "silent.example.test", "lone.example.test"] });
  await expect(app.shown(textPattern("warning_standby", { device: "red-b.example.test" }))).toBeVisible();
  await expect(app.shown(exactly(textPattern("sessions_known", { known: 2, amount: "3" })))).toBeVisible();
  await visit("kill-warnings");
  await tour.emptyForm();
  await open();
  await page.getByRole("textbox", { name: text("paste_targets_label") }).fill("red-a.example.test, 192.0.2.31\nbare.example.test, 192.0.2.200");
  await page.getByRole("button", { name: text("paste_targets_add"), exact: true }).click();
  await expect(page.getByText(textPattern("missing_reason_trust"))).toBeVisible();
  await visit("kill-pasted");
  await open();
  await tour.emptyForm();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await page.getByLabel(text("paste_sessions"), { exact: true }).fill("device,session\nlone.example.test,0a1b2c3d\nred-a.example.test,4e5f6a7b\nnowhere.example.test,8c9d0e1f\n");
  await expect(page.getByText(text("paste_understood", { n: 2, devices: text("device_count", { n: 2 }) }), { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: text("checking_devices") })).toHaveCount(0);
  await visit("kill-listed");
  await tour.emptyForm();
  await app.users("Kürzel;Client-IP;Abteilung", "user2;198.51.100.7;Netze", "user3;198.51.100.8;Netze", "user4;198.51.100.9;Netze");
  await expect(page.getByText(text("ask_user_column"))).toBeVisible();
  await visit("kill-column");
  await app.users("#TYPE Selected.ADUser", '"SamAccountName","Name"', '"user2","A B"', '"n/a","C D"', '"user3","Jane, D"', '"user4"');
  await page.getByText(text("paste_report")).click();
  await visit("kill-report");
  await page.getByText(text("paste_report")).click();
  await tour.emptyForm();
  await page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose({ cluster: ["RedCluster"] });
  await page.getByRole("button", { name: text("live_read", { n: 2 }) }).click();
  await page.getByRole("listbox", { name: text("live_heading") }).getByRole("option").first().click();
  await expect(page.getByText(text("sessions_selected", { n: 1 }))).toBeVisible();
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
  await tour.pressed(text("not_stored_heading"));
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
  await tour.cancel(text("back_to_form"));
  await app.review();
  await expect(app.gate.getByText(text("in_flight_elsewhere", { n: 1 }))).toBeVisible();
  await visit("gate-elsewhere");
  await page.evaluate(() => (window as unknown as { elsewhere: BroadcastChannel }).elsewhere.close());
  await tour.cancel();

  await tour.emptyForm();
  await app.users("user1", "user2", "user3");
  await app.choose(lone);
  await app.review();
  await visit("gate-names");
  await tour.cancel();
  await app.users("user2\u200b", "us\u0435r2");
  await expect(page.locator(".warnings")).toContainText(text("replace_name", { name: "user2", user: "user2\u200b" }));
  await visit("kill-odd-name");
  await app.users("user2\u200b", "\u200euser2", "us\u00ader2", "user\u00a02", "us\u0435r2", "u\u0308ser2", "משתמש", "evil\u202etxt.exe");
  await expect(page.locator(".warnings")).toContainText(text("replace_name", { name: "user2", user: "user2\u200b" }));
  await app.review();
  await visit("gate-odd-names");
  await page.emulateMedia({ forcedColors: "active" });
  await visit("gate-odd-names-forced");
  await page.emulateMedia({ forcedColors: null });
  await tour.cancel();
  await app.users(...Array.from({ length: 12 }, (_, n) => `user${n + 1}`));
  await app.review();
  await visit("gate-phrase");
  await app.gate.getByRole("textbox", { name: text("gate_type") }).fill("kill sessions");
  await tour.pressed(text("phrase_wrong"));
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
  await tour.pressed(text("sign_in_not_renewed"));
  await visit("gate-not-sent");
  await tour.cancel();
  await simulator.faults({ method: "GET", path: `${GROUPS}/`, fault: trouble(503) });
  await page.getByRole("button", { name: text("refresh") }).click();
  await expect(app.shown(text("warning_partial_groups"))).toBeVisible();
  await simulator.faults({ method: "GET", path: `${GROUPS}*`, fault: trouble(503) });
  await page.clock.fastForward(16 * MINUTE);
  await expect(app.shown(textPattern("warning_stale"))).toBeVisible();
  await page.locator(".read-ago").getByRole("button", { name: text("refresh") }).click();
  await expect(app.shown(text("inventory_failed"))).toBeVisible();
  await expect(page.getByRole("button", { name: text("checking_devices") })).toHaveCount(0);
  await visit("kill-stale");
  await simulator.faults();
}

/** At another BIG-IQ, and for another operator. */
async function others({ app, page, simulator, visit }: Tour): Promise<void> {
  await simulator.settings({ nodeRole: "STANDBY" });
  await app.signOut();
  await app.begin("viewer");
  await expect(app.shown(text("standby_heading"))).toBeVisible();
  await visit("standby");
  await simulator.settings({ nodeRole: "STANDALONE" });
  await app.signOut();
  await app.begin("viewer");
  await app.users("user2");
  await app.choose(lone);
  await app.review();
  await app.act().catch(() => undefined);
  await expect(app.gate.getByRole("note").getByText(textPattern("error_kill_refused"))).toBeVisible();
  await visit("gate-not-permitted");
  await page.getByRole("button", { name: text("back_to_form") }).click();
  await expect(page.getByText(text("kill_not_permitted", { operator: "viewer" }))).toBeVisible();
  await visit("not-permitted");
}

async function stopped({ page, guard, visit }: Tour): Promise<void> {
  // Leptos clones templates and assumes that this works.
  await page.evaluate(() => {
    Node.prototype.cloneNode = () => {
      throw new Error("made to fail");
    };
  });
  // Not by a click, which Playwright would repeat on the page that has stopped.
  await page.evaluate(() => (location.hash = "#/jobs"));
  await expect(page.getByRole("heading", { name: text("stopped_heading") })).toBeVisible();
  await visit("stopped");
  // Timers in the page would fail too.
  await page.goto("about:blank");
  guard.expectTrouble(/panicked|unreachable|made to fail/);
}
