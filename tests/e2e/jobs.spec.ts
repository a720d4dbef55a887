// What comes after the kill: the page of several jobs, their records, and planning anew what failed.

import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixtures";

const FINISHED = "BIG-IQ finished; it does not say how many sessions ended";

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
