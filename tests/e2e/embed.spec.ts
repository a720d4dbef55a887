// Curfew in a portal's frame, in each engine. tests/proxy tests the same with the servers' headers, and what a hostile portal may try.

import { CONFIRM, REVIEW } from "./support/console";
import { expect, test } from "./support/fixtures";
import { needs } from "./support/needs";
import { PlainHost } from "./support/plain-host";
import { keys } from "./support/simulator";
import { text } from "./support/text";

/** RedCluster's active member. */
const RED_A = "901695c8-f405-489f-9996-54f7b21da642";

/** Members of the window of the portal's page. */
interface Portal {
  states: string[];
}

test("a portal fills in the form in its frame; a kill there runs to its end, and the portal follows it", needs("path"), async ({ page, plainHost: portal, simulator }) => {
  const curfew = await PlainHost.start();
  try {
    for (const path of ["mgmt", "info"]) curfew.forward(`/${path}`, `${simulator.url}${path}/`);
    portal.below("/portal", (_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(
        `<!doctype html><html lang="en"><head><title>Portal</title><script type="module" src="/embed.js"></script></head>` +
          `<body><curfew-frame src="${curfew.url}#/kill"></curfew-frame></body></html>`,
      );
    });
    await page.route("**/config.json", (route) => route.fulfill({ json: { embedParents: [new URL(portal.url).origin] } }));
    await page.goto(`${portal.url}portal/`);
    const frame = page.frameLocator("iframe");
    // The app runs in the frame, and the focus still belongs to the portal. WebKit's driver moves it when it looks into a frame.
    await expect.poll(() => curfew.seen.some(({ url }) => /\/console-[0-9a-f]+\.wasm$/.test(url))).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
    await frame.getByLabel(text("user_name")).fill("manager");
    await frame.getByLabel(text("password")).fill("manager");
    await frame.getByRole("button", { name: text("sign_in") }).click();
    await expect(frame.getByRole("listbox").getByRole("option").first()).toBeVisible();
    await page.evaluate(() => {
      const heard = window as unknown as Portal;
      heard.states = [];
      const element = document.querySelector("curfew-frame") as HTMLElement & { prefill(form: object): void };
      element.addEventListener("curfew:job", (event) => heard.states.push((event as CustomEvent<{ state: string }>).detail.state));
      element.prefill({ users: ["user2"], clusters: ["RedCluster"], reason: "INC-4711" });
    });
    await expect(frame.getByText("RedCluster").filter({ visible: true }).first()).toBeVisible();
    const before = await simulator.sessions();
    await frame.getByRole("button", { name: REVIEW }).click();
    const gate = frame.getByRole("dialog");
    const confirm = gate.getByRole("button", { name: CONFIRM });
    // In a frame, every kill needs a typed phrase.
    await gate.getByRole("textbox", { name: text("gate_type") }).fill(await gate.locator("pre, code").first().innerText());
    // The gate ignores clicks right after it has appeared.
    await expect(async () => {
      if (await confirm.isVisible()) await confirm.click({ timeout: 1_000 });
      await expect(confirm).toBeHidden({ timeout: 250 });
    }).toPass();
    await expect.poll(() => page.evaluate(() => (window as unknown as Portal).states.at(-1))).toMatch(/^(?:finished|verified)$/);
    expect(await simulator.gone(before)).toEqual(keys(before.filter(({ device, user }) => device === RED_A && user === "user2")));
  } finally {
    await curfew.stop();
  }
});
