// The main job: from the sign-in to the end of a user's sessions. Titles start with the section of F5's how-to "Kill
// active access sessions" that they follow. Requests are read from the simulator's record, ended sessions from its
// session table.

import { FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { keys, type Session } from "./support/simulator";
import { pattern, sentence, text } from "./support/text";
import { needs } from "./support/needs";

const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
const GREEN = "6d0c6a43-7c0f-4a5e-8d1b-0c7f5b1a9e10";
const BLUE_A = "98901455-6384-47cd-bc41-00a39dfe338f";

/** Exactly user2's sessions on these devices: "User2", "CORP\\user2" and "user2@example.test" there are other users. */
const user2s = (before: Session[], ...devices: string[]) => {
  const hit = before.filter(({ device, user }) => user === "user2" && devices.includes(device));
  expect(new Set(hit.map(({ device }) => device)).size).toBe(devices.length);
  return keys(hit);
};

test("signing in with a wrong password says so, keeps the name, and then works", needs("path"), async ({ app, page }) => {
  await app.signIn("manager", "wrong");
  await expect(app.shown(text("bad_credentials"))).toBeVisible();
  await expect(page.getByLabel(text("user_name"))).toHaveValue("manager");
  await expect(page.getByLabel(text("password"))).toHaveValue("");
  await app.isAccessible();
  await app.begin();
  await app.isAccessible();
});

test("empty fields are reported at the fields, and nothing is sent", needs("path"), async ({ app, page, simulator }) => {
  await page.getByRole("button", { name: text("sign_in") }).click();
  await expect(page.getByLabel(text("user_name"))).toHaveAccessibleDescription(pattern(text("user_name_missing")));
  await expect(page.getByLabel(text("user_name"))).toBeFocused();
  expect(await simulator.calls("POST")).toEqual([]);
});

test("a remote user signs in with the provider from the list", needs("path"), async ({ app, page }) => {
  await page.getByLabel(text("provider")).selectOption("CorpRadius");
  await app.begin("remote-manager");
});

test("a remote user signs in again with the same provider, even while the list of providers can't be read", needs("path"), async ({ app, page, simulator }) => {
  await page.getByLabel(text("provider")).selectOption("CorpRadius");
  await app.begin("remote-manager");
  const dead = { kind: "status", status: 401, message: "Invalid registered claims." };
  await simulator.faults(
    { path: "/mgmt/cm/*", fault: dead },
    { path: "/mgmt/shared/resolver/*", fault: dead },
    { path: "/mgmt/shared/authn/exchange", fault: dead },
    { path: "/info/system", fault: { kind: "status", status: 500, message: "no" } },
  );
  await page.getByRole("button", { name: text("refresh") }).click();
  await expect(app.again).toBeVisible();
  await expect(app.again.getByText(text("providers_not_read"))).toBeVisible();
  await simulator.faults({ path: "/info/system", fault: { kind: "status", status: 500, message: "no" } });
  await app.signInAgain("remote-manager");
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
});

test("when reading the providers again succeeds, the focus moves to the form", needs("keys"), async ({ page, simulator }) => {
  const info = "/info/system";
  await simulator.faults({ path: info, fault: { kind: "status", status: 503 } });
  // Otherwise Curfew repeats the request by itself after a while.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  await page.goto(simulator.url);
  const again = page.getByRole("button", { name: text("retry") });
  await again.focus();
  const refused = page.waitForResponse((answer) => answer.url().endsWith(info));
  await page.keyboard.press("Enter");
  await (await refused).finished();
  // The page handles that answer before it gets this one.
  await page.evaluate(async () => (await fetch("./index.html")).text());
  await expect(again).toBeFocused();
  await simulator.faults();
  await page.keyboard.press("Enter");
  await expect(again).toHaveCount(0);
  await expect(page.getByLabel(text("user_name"))).toBeFocused();
});

test("a password that BIG-IQ has not refused does not have to be typed again", needs("path"), async ({ app, page, simulator }) => {
  await simulator.faults({ path: "/mgmt/shared/authn/login", count: 1, fault: { kind: "html", status: 502 } });
  await app.signIn();
  await expect(page.getByRole("alert").getByText(text("error_server", { status: 502 }))).toBeVisible();
  await expect(page.getByLabel(text("password"))).toHaveValue("manager");
  await page.getByRole("button", { name: text("sign_in") }).click();
  await expect(page.getByRole("heading", { name: text("kill_title"), level: 1 })).toBeVisible();
});

test("the focus stays near a button that disappears when it is clicked", needs("keys"), async ({ app, page }) => {
  await app.begin();
  await app.choose({ device: ["lone.example.test"] });
  await page.getByRole("button", { name: text("chosen_targets_clear") }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: text("chosen_targets_clear") })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: text("section_where") })).toBeFocused();
});

// Targets are sets to BIG-IQ; Curfew sends them sorted by name and id.
test("2.1.1 one user by device reference", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  const before = await simulator.sessions();
  await app.users("user2");
  // RedCluster's active unit and a standalone device, as named in the specification.
  await app.choose({ device: ["red-a.example.test", "lone.example.test"] });
  await app.isAccessible();
  await app.review();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  await app.isAccessible();
  expect(await simulator.kills()).toEqual([
    { action: "KILL_BY_USER", userName: "user2", deviceReferences: [LONE, RED_A].map((id) => ({ link: LINK + id })) },
  ]);
  const left = (await simulator.sessions()).map((session) => session.id);
  const dead = before.filter((session) => !left.includes(session.id));
  expect(dead.map((session) => session.id).sort()).toEqual(["2a5d7604", "2hjj234", "875f7fed", "9as3323"]);
});

test("2.1.4 one user by access groups, clusters and device references together", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  const before = await simulator.sessions();
  await app.kill("user2", {
    group: ["TestGroup1", "TestGroup2"],
    cluster: ["BlueCluster", "RedCluster"],
    device: ["red-a.example.test", "lone.example.test"],
  });
  await expect(app.shown(FINISHED)).toBeVisible();
  expect(await simulator.kills()).toEqual([
    {
      action: "KILL_BY_USER",
      userName: "user2",
      accessGroupNames: ["TestGroup1", "TestGroup2"],
      clusterNames: ["BlueCluster", "RedCluster"],
      deviceReferences: [LONE, RED_A].map((id) => ({ link: LINK + id })),
    },
  ]);
  expect(await simulator.gone(before)).toEqual(user2s(before, BLUE_A, RED_A, LONE, GREEN));
});

test("BIG-IQ reports success for a misspelt user, and Curfew claims no more", needs("path"), async ({ app, page, simulator }) => {
  await app.begin();
  const before = await simulator.idsOf(() => true);
  await app.kill("User2", { group: ["TestGroup"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await expect(page.getByText(text("help_success"))).toBeVisible();
  expect(await simulator.idsOf(() => true)).toEqual(before);
});

test("field: without /info/system a provider can be typed, and a RADIUS user signs in; left empty, a local user does", needs("path"), async ({ app, page, simulator }) => {
  await simulator.settings({ refusedReads: { "/info/system": 404 } });
  await app.open();
  const sent: unknown[] = [];
  page.on("request", (request) => request.url().endsWith("/authn/login") && sent.push(request.postDataJSON().loginProviderName));
  const provider = page.getByRole("textbox", { name: text("provider") });
  await expect(provider).toHaveAccessibleDescription(text("provider_hint"));
  await app.isAccessible();
  await app.signIn("remote-manager");
  await expect(page.getByText(text("bad_credentials"))).toBeVisible();
  await provider.fill(" CorpRadius ");
  await app.begin("remote-manager");
  expect(sent).toEqual([undefined, "CorpRadius"]);
  await app.signOut();
  await provider.fill("");
  await app.begin("manager");
});

test("a failed task is shown with BIG-IQ's own message", needs("path"), async ({ app, page }) => {
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(page.getByText(text("headline_failed")).first()).toBeVisible();
  await app.isAccessible();
});

test("a viewer may read, and is refused inside the gate", needs("path"), async ({ app, page, simulator }) => {
  await app.begin("viewer");
  const before = await simulator.idsOf(() => true);
  await app.users("user2");
  await app.choose({ group: ["TestGroup"] });
  await app.review();
  await app.confirm();
  await expect(app.gate.getByRole("note").getByText(text("error_kill_refused", { operator: "viewer" }))).toBeVisible();
  await expect(app.gate.getByRole("note").getByText(text("error_kill_refused_help"))).toBeVisible();
  await expect(app.gate.getByRole("note").getByText(text("nothing_killed"))).toBeVisible();
  // No other plan helps, and no question is left.
  await expect(app.gate.getByText(text("rejected_help"))).toHaveCount(0);
  await expect(app.gate.getByRole("heading", { name: sentence("Kill all sessions of ‹user2› on 2 devices"), exact: true })).toBeVisible();
  await expect(app.gate.getByText(sentence("This can’t be undone. This doesn’t lock the account or revoke OAuth tokens. The user can sign back in."))).toBeHidden();
  await app.isAccessible();
  await app.gate.getByRole("button", { name: text("back_to_form") }).click();
  await expect(page.getByLabel(text("user_names"))).toHaveValue("user2");
  expect(await simulator.idsOf(() => true)).toEqual(before);
});
