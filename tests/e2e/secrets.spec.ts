// Attacks by BIG-IQ or something in its place: text with markup, links and redirects to other hosts. And which secrets
// the browser stores and sends.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { Console, FINISHED } from "./support/console";
import { expect, test } from "./support/fixtures";
import { text } from "./support/text";
import { needs } from "./support/needs";

const MARKUP = '<img src="/x" onerror="alert(1)"><b id="made">x</b>';

/** Every element that BIG-IQ's text could have created. */
const made = (page: Page) => page.locator('#made, img, [onerror], script:not([type="module"])');

test("BIG-IQ's text stays text, wherever it is shown: names, messages, other operators' tasks", needs("policy"), async ({ app, page, simulator }) => {
  const name = `lone.example.test ${MARKUP}`;
  await page.route("**/cm-access-allBigIpDevices/devices?*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"lone.example.test"', JSON.stringify(name)) });
  });
  await page.route("**/info/system", (route) => route.fulfill({ json: { hostname: MARKUP, available: true, systemStarted: true, providers: [] } }));
  await app.open();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(MARKUP);
  await app.begin();
  await app.users(MARKUP);
  await app.choose({ device: ["lone.example.test"] });
  await page.getByRole("searchbox", { name: text("filter_devices") }).fill("lone");
  await expect(page.getByRole("option", { name })).toBeVisible();
  await app.review();
  await expect(app.gate).toContainText(MARKUP);
  expect(await made(page).count()).toBe(0);
  await simulator.faults({
    method: "GET",
    path: "/mgmt/cm/access/tasks/kill-sessions/*",
    fault: { kind: "edit", set: { "/errorMessage": MARKUP, "/status": "FAILED", "/currentStep": MARKUP } },
  });
  await app.confirm();
  await expect(app.shown(text("headline_failed"))).toBeVisible();
  await expect(page.getByRole("main")).toContainText(MARKUP);
  expect(await made(page).count()).toBe(0);
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(page.getByRole("main")).toContainText(MARKUP);
  expect(await made(page).count()).toBe(0);
  // A refusal's message, in a banner.
  await simulator.faults({ method: "GET", path: "/mgmt/cm/access/tasks/kill-sessions", fault: { kind: "status", status: 400, message: MARKUP } });
  await page.reload();
  await app.signIn();
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await expect(page.getByRole("main").getByText(text("bigiq_says", { message: MARKUP })).first()).toBeVisible();
  expect(await made(page).count()).toBe(0);
});

test("no link and no redirect of BIG-IQ's leads to another host", needs("policy"), async ({ page, plainHost, simulator }) => {
  const visits: string[] = [];
  const elsewhere = createServer((request, response) => {
    visits.push(request.url ?? "");
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  try {
    const there = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    // Every link names it instead of localhost.
    await page.route("**/mgmt/**", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll("https://localhost", there) });
    });
    let redirect = false;
    plainHost.below("/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices", (request, response) => {
      response.writeHead(redirect ? 302 : 404, { location: `${there}${request.url ?? ""}` }).end();
    });
    for (const prefix of ["/info", "/mgmt"]) plainHost.forward(prefix, `${simulator.url}${prefix.slice(1)}/`);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${plainHost.url}#/kill`);
    const app = new Console(page, simulator);
    await app.begin();
    await app.kill("user2", { device: ["lone.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    expect(JSON.stringify(await simulator.kills())).toContain('"link":"https://localhost/mgmt/cm/system/machineid-resolver/');

    // Without the route, which follows redirects itself, and not while it still fulfils a response.
    await page.unrouteAll({ behavior: "wait" });
    redirect = true;
    const redirected = page.waitForRequest(/rest-proxy/);
    await page.getByRole("link", { name: text("nav_kill") }).click();
    await app.users("user2");
    await app.choose({ device: ["green.example.test"] });
    await redirected;
    await expect(page.getByRole("main")).toContainText("green.example.test");
    expect(asked.filter((url) => !url.startsWith(plainHost.url) && !url.startsWith("data:"))).toEqual([]);
    expect(visits).toEqual([]);
  } finally {
    elsewhere.close();
  }
});

test("a password and the tokens are only where they belong: not stored, not shown, not announced, not sent elsewhere", needs("policy"), async ({ app, page, simulator }) => {
  const password = "pw-7f3a91c2d4";
  const secrets = new Set([password]);
  const sent: string[] = [];
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("request", (request) => {
    const { "x-f5-auth-token": _, ...headers } = request.headers();
    const path = new URL(request.url()).pathname;
    const opens = /\/authn\/(login|exchange)$/.test(path);
    const url = request.url().replace(/(\/authz\/tokens\/).+/, "$1-");
    sent.push(JSON.stringify([url, headers, opens ? "" : request.postData()]));
  });
  page.on("response", async (response) => {
    if (!/\/authn\/(login|exchange)$/.test(response.url()) || !response.ok()) return;
    const reply = (await response.json()) as Record<string, { token: string }>;
    for (const kind of ["token", "refreshToken"]) if (reply[kind]) secrets.add(reply[kind].token);
  });
  const files: string[] = [];
  const save = async (name: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name }).first().click();
    files.push(readFileSync(await (await download).path(), "utf8"));
  };
  const seen: string[] = [];
  const look = async () => {
    seen.push(
      await page.evaluate(async () =>
        JSON.stringify({
          local: { ...localStorage },
          session: { ...sessionStorage },
          databases: await indexedDB.databases(),
          caches: await caches.keys(),
          cookie: document.cookie,
          address: location.href,
          history: history.state,
          name: window.name,
          html: document.documentElement.outerHTML,
          fields: [...document.querySelectorAll<HTMLInputElement>("input, textarea")].filter((field) => field.type !== "password").map((field) => field.value),
        }),
      ),
    );
  };
  // BIG-IQ's own refusals quote the request.
  await simulator.faults({ method: "POST", path: "/mgmt/shared/authn/login", count: 1, fault: { kind: "status", status: 400, message: `no: ${password.slice(0, 2)}` } });
  await app.signIn("manager", password);
  await expect(page.getByRole("alert").first()).toBeVisible();
  await look();
  await app.signIn("manager", password);
  await expect(page.getByText(text("bad_credentials")).first()).toBeVisible();
  await look();
  await app.begin();
  await app.kill("user2", { device: ["lone.example.test"] });
  await expect(app.shown(FINISHED)).toBeVisible();
  await save(text("save_record_json"));
  await save(text("save_record_csv"));
  await look();
  // BIG-IQ ends the sign-in; the operator types the password into the dialog, first a wrong one.
  await simulator.faults({ path: "/mgmt/cm/access/tasks/kill-sessions", count: 1, fault: { kind: "revoke-refresh" } });
  const list = page.waitForResponse(/tasks\/kill-sessions\?/);
  await page.getByRole("link", { name: text("nav_jobs") }).click();
  await list;
  await simulator.advance(400_000);
  await page.getByRole("button", { name: text("refresh") }).click();
  await expect(app.again).toBeVisible();
  await app.again.getByLabel(text("password")).fill(password);
  await app.again.getByRole("button", { name: text("sign_in") }).click();
  await expect(app.again.getByText(text("bad_credentials")).first()).toBeVisible();
  await look();
  await app.signInAgain();
  await page.getByRole("link", { name: text("nav_diagnostics") }).click();
  await page.getByRole("button", { name: text("diagnostics_check_run") }).click();
  await expect(page.getByText(text("diagnostics_checked")).first()).toBeVisible();
  await page.getByRole("checkbox", { name: text("diagnostics_stacks") }).check();
  await look();
  await app.signOut();
  await look();

  expect(secrets.size).toBeGreaterThanOrEqual(5);
  expect(seen.join()).toContain("user2"); // so it was looked at where things are kept
  for (const [where, texts] of Object.entries({ kept: seen, saved: files, said, sent })) {
    for (const secret of secrets) {
      for (const part of secret.split(".")) {
        if (part.length < 12) continue;
        expect(texts.some((text) => text.includes(part.slice(-40)) || text.includes(encodeURIComponent(part).slice(-40))), `a secret is ${where}`).toBe(false);
      }
    }
  }
});

/** How often each of some secrets is in the memory of the page's wasm. */
const inMemory = (page: Page, secrets: string[]) =>
  page.evaluate((secrets) => {
    const { memories } = globalThis as unknown as { memories: WebAssembly.Memory[] };
    const copies = (bytes: Uint8Array, secret: string) => {
      const wanted = new TextEncoder().encode(secret);
      let found = 0;
      for (let at = bytes.indexOf(wanted[0] ?? 0); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1)) {
        if (wanted.every((byte, index) => bytes[at + index] === byte)) found += 1;
      }
      return found;
    };
    if (memories.length === 0) throw new Error("the page has no wasm");
    return secrets.map((secret) => memories.reduce((sum, memory) => sum + copies(new Uint8Array(memory.buffer), secret), 0));
  }, secrets);

for (const idle of [false, true]) {
  test(`no copy of a token or of the password is in the page's memory after a sign-out${idle ? " of an idle operator" : ""}`, needs("policy"), async ({ page, simulator }) => {
    // The page that opens Curfew holds on to its memory, weakly: once it is collected, nothing can read it.
    await page.context().addInitScript(() => {
      const all: WebAssembly.Memory[] = [];
      Object.assign(globalThis, { memories: all });
      const keep = ({ exports }: WebAssembly.Instance) => {
        for (const value of Object.values(exports)) {
          if (!(value instanceof WebAssembly.Memory) || all.includes(value)) continue;
          all.push(value);
          // The opener's own kind of reference: one of this page would keep this page alive.
          const holder = opener as unknown as { held?: WeakRef<WebAssembly.Memory>[]; WeakRef: WeakRefConstructor } | null;
          holder?.held?.push(new holder.WeakRef(value));
        }
      };
      for (const name of ["instantiate", "instantiateStreaming"] as const) {
        const original = WebAssembly[name] as (...args: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance>;
        Object.assign(WebAssembly, {
          [name]: async (...args: unknown[]) => {
            const made = await original(...args);
            keep("instance" in made ? made.instance : made);
            return made;
          },
        });
      }
    });
    if (idle) {
      await page.context().route("**/config.json", (route) => route.fulfill({ json: { idleMinutes: 10 } }));
      await page.context().clock.install();
    }
    await page.goto(`${simulator.url}icons/plain.svg`);
    const opened = page.waitForEvent("popup");
    await page.evaluate((url) => {
      Object.assign(globalThis, { held: [] });
      window.open(url);
    }, `${simulator.url}#/kill`);
    const app = new Console(await opened, simulator);
    const secrets = ["pw-7f3a91c2d4"];
    app.page.on("response", async (response) => {
      if (!/\/authn\/(login|exchange)$/.test(response.url()) || !response.ok()) return;
      const reply = (await response.json()) as Record<string, { token: string }>;
      for (const kind of ["token", "refreshToken"]) if (reply[kind]) secrets.push(reply[kind].token);
    });
    await app.signIn("manager", secrets[0]);
    await expect(app.page.getByText(text("bad_credentials")).first()).toBeVisible();
    await app.begin();
    await app.kill("user2", { device: ["lone.example.test"] });
    await expect(app.shown(FINISHED)).toBeVisible();
    expect(secrets.length).toBeGreaterThanOrEqual(3);
    const before = await inMemory(app.page, secrets);
    expect(before.slice(1).every((copies) => copies > 0), `copies while signed in: ${before}`).toBe(true);

    if (idle) {
      await page.context().clock.fastForward(11 * 60_000);
      await expect(app.page.getByText(text("idle_ended"))).toBeVisible();
    } else {
      await app.signOut();
    }
    await expect.poll(() => inMemory(app.page, secrets)).toEqual(secrets.map(() => 0));
    const cdp = await app.page.context().newCDPSession(app.page);
    await expect
      .poll(async () => {
        await cdp.send("HeapProfiler.collectGarbage");
        return page.evaluate(() => (globalThis as unknown as { held: WeakRef<WebAssembly.Memory>[] }).held.map((memory) => memory.deref() !== undefined));
      })
      .toEqual([false, true]);
  });
}
