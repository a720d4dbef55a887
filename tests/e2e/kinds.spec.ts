// Every kind of kill, by the sections of F5's how-to; and what is kept of each.

import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";

const FINISHED = "BIG-IQ finished; it does not say how many sessions ended";
const LINK = "https://localhost/mgmt/cm/system/machineid-resolver/";
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";
const LONE = "3f320100-2177-42e0-8a46-2e33cd3366d";
const references = [LONE, RED_A].map((id) => ({ link: LINK + id }));
const devices = ["red-a.example.test", "lone.example.test"];

for (const [title, where, targets] of [
  ["2.2.1 everybody by device reference", { device: devices }, { deviceReferences: references }],
  ["2.2.2 everybody by access groups", { group: ["TestGroup1", "TestGroup2"] }, { accessGroupNames: ["TestGroup1", "TestGroup2"] }],
  ["2.2.3 everybody by clusters", { cluster: ["BlueCluster", "RedCluster"] }, { clusterNames: ["BlueCluster", "RedCluster"] }],
  [
    "2.2.4 everybody by all of them",
    { group: ["TestGroup1", "TestGroup2"], cluster: ["BlueCluster", "RedCluster"], device: devices },
    {
      accessGroupNames: ["TestGroup1", "TestGroup2"],
      clusterNames: ["BlueCluster", "RedCluster"],
      deviceReferences: references,
    },
  ],
] as const) {
  test(title, async ({ app, page, simulator }) => {
    await app.begin();
    await app.everybody();
    await app.choose(structuredClone(where) as Parameters<typeof app.choose>[0]);
    await app.review();
    // Without the phrase and a reason nothing goes.
    const act = app.gate.getByRole("button", { name: /^Kill / });
    await expect(async () => {
      await act.click();
      await expect(app.gate.getByText("This is not the phrase asked for")).toBeVisible({ timeout: 250 });
    }).toPass();
    expect(await simulator.kills()).toEqual([]);
    await app.isAccessible();
    await app.confirm();
    await expect(app.shown(FINISHED)).toBeVisible();
    expect(await simulator.kills()).toEqual([{ action: "KILL_ALL_SESSIONS", ...targets }]);
    await expect(page).toHaveURL(/#\/jobs\//);
  });
}

test("2.3 listed sessions, pasted", async ({ app, page, simulator }) => {
  await app.begin();
  const before = await simulator.idsOf(() => true);
  await page.getByRole("radio", { name: "Listed sessions" }).check();
  const field = page.getByRole("textbox", { name: "Sessions" });
  await field.fill("device,session id\nred-a.example.test,2a5d7604\nlone.example.test,2hjj234\nedge-9,aaaa0001\n,bbbb0002\n");
  await expect(app.shown("2 sessions on 2 devices")).toBeVisible();
  await expect(app.shown(/device “edge-9” is not known: line 4/)).toBeVisible();
  await expect(app.shown(/no device named: line 5/)).toBeVisible();
  await app.isAccessible();
  await app.review();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown(FINISHED)).toBeVisible();
  const [body] = (await simulator.kills()) as [{ action: string }];
  expect(body.action).toBe("KILL_BY_LIST_OF_SESSIONS");
  const after = await simulator.idsOf(() => true);
  expect(before.filter((id) => !after.includes(id))).toEqual(["2a5d7604", "2hjj234"]);
});

test("several users: one task each, and one page for all", async ({ app, page, simulator }) => {
  await app.begin();
  await app.users("user2", "User2", "nobody");
  await app.choose({ device: ["green.example.test"] });
  await app.review();
  await app.isAccessible();
  await app.confirm();
  await expect(app.shown("3 of 3 over")).toBeVisible();
  await app.isAccessible();
  const users = ((await simulator.kills()) as { userName: string }[]).map((body) => body.userName);
  expect(users.sort()).toEqual(["User2", "nobody", "user2"]);
  expect(await simulator.idsOf((s) => s.id.startsWith("c4ee"))).toEqual(["c4ee0003"]);
  await page.getByRole("link", { name: "Jobs" }).click();
  await app.isAccessible();
});

test("the record is saved as JSON and as CSV, with who, why and what, and no token", async ({ app, page }) => {
  await app.begin();
  await app.reason("=INC-4711");
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  const texts: string[] = [];
  for (const kind of ["JSON", "CSV"]) {
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: `Save record (${kind})` }).click();
    texts.push(await readFile(await (await saved).path(), "utf8"));
  }
  const [json = "", csv = ""] = texts;
  const record = JSON.parse(json) as { operator: string; reason: string };
  expect(record.operator).toBe("manager");
  expect(record.reason).toBe("=INC-4711");
  expect(csv).toContain("'=INC-4711");
  expect(json + csv).not.toMatch(/eyJ[A-Za-z0-9_-]+\./);
});

test("what failed is planned anew, not sent anew", async ({ app, page, simulator }) => {
  await app.begin();
  await app.kill("user2", { device: ["refusing.example.test"] });
  await expect(app.shown("Failed on BIG-IQ")).toBeVisible();
  await page.getByRole("button", { name: "Plan anew what failed …" }).click();
  await expect(page.getByLabel("User names")).toHaveValue("user2");
  await expect(page.getByRole("group", { name: "Chosen targets" })).toContainText("refusing.example.test");
  expect((await simulator.kills()).length).toBe(1);
});

test("a link fills in the form, is cleared from the address, and sends nothing", async ({ app, page, simulator }) => {
  await app.open("#/kill?user=user2&group=TestGroup&reason=INC-4711");
  await app.begin();
  await expect(page.getByLabel("User names")).toHaveValue("user2");
  await expect(page.getByRole("group", { name: "Chosen targets" })).toContainText("TestGroup");
  await expect(page).not.toHaveURL(/user2/);
  expect(await simulator.kills()).toEqual([]);
});

test("by keyboard alone, from the sign-in to the end", async ({ app, page, simulator }) => {
  const keys = page.keyboard;
  await page.getByLabel("User name").focus();
  await keys.type("manager");
  await keys.press("Tab");
  await keys.type("manager");
  await keys.press("Enter");
  await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  const tabTo = async (name: string | RegExp, role: "textbox" | "listbox" | "button") => {
    const wanted = page.getByRole(role, { name }).first();
    for (let i = 0; i < 40; i++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await keys.press("Tab");
    }
    throw new Error(`Tab never came to ${String(name)}`);
  };
  await tabTo("User names", "textbox");
  await keys.type("user2");
  await tabTo("Access groups", "listbox");
  await keys.press("Home");
  await keys.press("Space");
  await expect(page.getByRole("group", { name: "Chosen targets" })).toContainText("TestGroup");
  await tabTo(/^Kill all sessions of user2 …$/, "button");
  await keys.press("Enter");
  await expect(app.gate).toBeVisible();
  const act = app.gate.getByRole("button", { name: /^Kill / });
  for (let i = 0; i < 20 && !(await act.evaluate((e) => e === document.activeElement)); i++) await keys.press("Tab");
  await expect(async () => {
    if (await act.isVisible()) await keys.press("Enter");
    await expect(act).toBeHidden({ timeout: 250 });
  }).toPass();
  await expect(app.shown(FINISHED)).toBeVisible();
  expect((await simulator.kills()).length).toBe(1);
});
