// Names in any direction: they can't reorder what stands around them, and a copied name is the name alone.

import { expect, test } from "./support/fixtures";
import { isolated, start, text } from "./support/text";

test("a selected name is copied without the marks around it", async ({ app, page, context, browserName }) => {
  test.skip(browserName === "firefox", "its driver knows no permission for the clipboard");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.begin();
  await app.users("user2", "\u202euser3");
  await app.choose({ device: ["lone.example.test"] });
  const users = page.getByRole("region", { name: text("plan") }).locator(".plan-users li");
  await expect(users.filter({ hasText: "user3" })).toHaveText(start(isolated("\u202euser3")));
  await users.filter({ hasText: "user2" }).locator(".mono").selectText();
  await page.keyboard.press("Control+c");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("user2");
});
