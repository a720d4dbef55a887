// Curfew in a portal's frame, in Chromium. Each has its own origin, and Curfew is behind a real server. Tests what a portal can do, and
// what it and other pages can't do.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { attacked } from "./lib/attacks.js";
import { confirmSeen, eventually, openGate, readTheGate, seen, signIn, site, startChromium, typePhrase, watchedPage } from "./lib/chromium.js";
import { examplePortal, startHost } from "./lib/portal.js";
import { names } from "./lib/servers.js";
import { startSimulator } from "./lib/simulator.js";
import { CONFIRM, REVIEW, text, saidOf } from "./lib/text.js";
import { world } from "./lib/world.js";

const { dir, ca, proxy } = await world({ after });
const browser = await startChromium({ after });
const certificate = ca.issue("portal", { commonName: "portal", names: ["DNS:*.example.test"] });
const anyServer = names[0];

let count = 0;
/** A copy of the bundle with a config.json. */
function bundleWith(config) {
  count += 1;
  const copy = join(dir, `site-${count}`);
  cpSync(site, copy, { recursive: true });
  writeFileSync(join(copy, "config.json"), JSON.stringify(config));
  return copy;
}

/**
 * A portal with files made from Curfew's address, and a Curfew that allows it: in its server's frame-ancestors
 * (`ancestors`), in its config.json (`parents`), or in both, as docs/embedding.md requires.
 */
async function embedded(t, { name = anyServer, files = examplePortal, ancestors = true, parents = true } = {}) {
  const simulator = await startSimulator(t, dir);
  let served = {};
  const portal = await startHost(t, certificate, "portal.example.test", (path) => served[path]);
  const curfew = await proxy(t, name, {
    upstreamPort: simulator.port,
    bigiqCa: simulator.caFile,
    site: bundleWith(parents ? { embedParents: [portal] } : {}),
    ancestors: ancestors === true ? portal : ancestors,
  });
  const address = `https://${curfew.host}:${curfew.port}`;
  served = files(address);
  const kills = async () => {
    const seen = await simulator.control("/_sim/requests");
    return seen.filter((request) => request.method === "POST" && /kill-sessions$/.test(request.path));
  };
  return { simulator, portal, address, kills, ...await watchedPage(t, browser) };
}

/** Records every message to the portal's window, from before its first script. */
async function recordMessages(page) {
  await page.addInitScript(() => {
    if (window.top !== window) return;
    window.told = [];
    window.addEventListener("message", (event) => window.told.push({ origin: event.origin, data: event.data }));
  });
}

const frameOf = (page) => page.frameLocator("curfew-frame iframe");

/** The portal fills in Curfew's form, and waits until the plan is ready. */
async function fillIn(page, curfew, values) {
  await page.evaluate((values) => document.querySelector("curfew-frame").prefill(values), values);
  await eventually(async () => assert.equal(await curfew.getByLabel(text("user_names")).inputValue(), values.users[0]));
  await curfew.getByRole("group", { name: text("chosen_targets") }).getByText(values.groups[0]).waitFor();
}

/** Clicks at the place of an element, whatever is visible there. */
async function clickAt(page, element) {
  let box;
  // The page around a frame of another origin scrolls a moment later.
  await eventually(async () => {
    await element.scrollIntoViewIfNeeded();
    box = await element.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= page.viewportSize().height, "the element is in sight");
  });
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** How a portal can keep an operator from seeing the gate. */
const HIDINGS = {
  transparent: () => { document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").style.opacity = "0.001"; },
  "in a transparent page": () => { document.body.style.opacity = "0.01"; },
  filtered: () => { document.querySelector("curfew-frame").style.filter = "contrast(0)"; },
  blended: () => { document.querySelector("curfew-frame").style.mixBlendMode = "multiply"; },
  tiny: () => { document.querySelector("curfew-frame").style.transform = "scale(0.05)"; },
  turned: () => { document.querySelector("curfew-frame").style.transform = "rotateX(89deg)"; },
  clipped: () => { document.querySelector("curfew-frame").style.clipPath = "inset(40% 0 0 0)"; },
  "partly out of sight": () => { document.querySelector("curfew-frame").style.marginInlineStart = "60vw"; document.querySelector("curfew-frame").style.width = "100vw"; },
  "under another element": () => {
    const cover = Object.assign(document.createElement("div"), { id: "cover" });
    Object.assign(cover.style, { position: "fixed", inset: "0", background: "white", pointerEvents: "none" });
    document.body.append(cover);
  },
  "under a small element": () => {
    const { x, y, width, height } = document.querySelector("curfew-frame").getBoundingClientRect();
    const cover = Object.assign(document.createElement("div"), { id: "cover" });
    Object.assign(cover.style, { position: "fixed", left: `${x + width / 2 - 40}px`, top: `${y + height / 2 - 20}px`, width: "80px", height: "40px", background: "white", pointerEvents: "none" });
    document.body.append(cover);
  },
};

/** Texts about the portal that suggests something. */
const [filledBy, refusedBy] = ["suggestion_filled", "suggestion_refused"].map((key) => saidOf(key, {}));
const suggested = (names) => saidOf("suggestion_asked", { names });

describe("a portal that Curfew allows", () => {
  test("can fill in the form, set colours, and receive the height and job states, but no secret", async (t) => {
    const { page, portal, address, kills, troubles, tokens } = await embedded(t);
    await recordMessages(page);
    await page.goto(portal);
    await page.getByRole("button", { name: "Put into Curfew" }).click();
    const curfew = frameOf(page);
    await signIn(curfew);
    await curfew.getByLabel(text("user_names")).waitFor();
    await eventually(async () => assert.equal(await curfew.getByLabel(text("user_names")).inputValue(), "user2"));
    await curfew.getByText(suggested("INC-2201")).waitFor();
    assert.equal(await curfew.getByLabel(text("reason")).inputValue(), "");
    await curfew.getByRole("button", { name: text("reason_use") }).click();
    assert.equal(await curfew.getByLabel(text("reason")).inputValue(), "INC-2201");
    const look = await curfew.locator("html").evaluate((root) => ({
      theme: root.dataset.theme,
      fill: getComputedStyle(document.querySelector(".button-primary") ?? root).getPropertyValue("--fill"),
    }));
    assert.deepEqual(look, { theme: "light", fill: "#1e6fd9" });

    // As high as the page needs, but no higher than the window.
    await page.waitForFunction(() => {
      const frame = document.querySelector("curfew-frame").shadowRoot.querySelector("iframe");
      const last = window.told.filter(({ data }) => data.includes("curfew:height")).at(-1);
      const wanted = last && JSON.parse(last.data).height;
      return wanted > 480 && frame.getBoundingClientRect().height === Math.min(wanted, innerHeight);
    });
    assert.deepEqual(await kills(), []);

    const confirm = await openGate(curfew, "TestGroup1");
    await confirmSeen(page, frameOf(page), confirm);
    await page.getByRole("listitem").filter({ hasText: /: (finished|verified)$/ }).waitFor();
    assert.equal((await kills()).length, 1);

    const told = await page.evaluate(() => window.told);
    assert.ok(tokens.size > 0);
    for (const { origin, data } of told) {
      assert.equal(origin, address);
      assert.match(data, /^\{"type":"curfew:(ready"|height","height":[0-9]+|job","job":"[\w.-]+","state":"[a-z-]+")\}$/);
    }
    assert.deepEqual(troubles, []);
  });

  test("can't confirm, can't change what the gate shows, and can't reach into the frame", async (t) => {
    const { page, portal, address, kills, tokens } = await embedded(t);
    await page.goto(portal);
    await page.getByRole("button", { name: "Put into Curfew" }).click();
    const curfew = frameOf(page);
    await signIn(curfew);
    const confirm = await openGate(curfew, "TestGroup1");
    const reached = await page.evaluate((address) => {
      const frame = document.querySelector("curfew-frame").shadowRoot.querySelector("iframe");
      const say = (message) => frame.contentWindow.postMessage(message, address);
      for (const type of ["curfew:confirm", "curfew:send", "curfew:submit", "curfew:token", "curfew:sign-in"]) {
        say(JSON.stringify({ type }));
        say({ type });
      }
      say(JSON.stringify({ type: "curfew:prefill", users: ["user2"], confirm: true }));
      say(JSON.stringify({ type: "curfew:prefill", users: ["user9"] }));
      const tries = {};
      for (const [what, look] of Object.entries({
        document: () => frame.contentWindow.document.body,
        storage: () => frame.contentWindow.localStorage,
        hash: () => frame.contentWindow.location.hash,
        form: () => frame.contentDocument.forms,
      })) {
        try {
          tries[what] = look() === null ? "hidden" : "reached";
        } catch {
          tries[what] = "hidden";
        }
      }
      try {
        tries.form = frame.contentDocument === null ? "hidden" : "reached";
      } catch {
        tries.form = "hidden";
      }
      return tries;
    }, address);
    assert.deepEqual(reached, { document: "hidden", storage: "hidden", hash: "hidden", form: "hidden" });
    assert.match(await curfew.getByRole("dialog").innerText(), /user2/);
    assert.doesNotMatch(await curfew.getByRole("dialog").innerText(), /user9/);
    assert.deepEqual(await kills(), []);
    await confirmSeen(page, frameOf(page), confirm);
    await page.getByRole("listitem").filter({ hasText: /: (finished|verified)$/ }).waitFor();
    const sent = await kills();
    assert.equal(sent.length, 1);
    assert.doesNotMatch(JSON.stringify(sent), /user9/);
    assert.ok(tokens.size > 0);
    const html = await page.content();
    for (const token of tokens) assert.ok(!html.includes(token));
  });

  test("a click right after the gate appears, or after the frame gets the focus back, is ignored", async (t) => {
    const { page, portal, kills } = await embedded(t);
    await page.goto(portal);
    await page.getByRole("button", { name: "Put into Curfew" }).click();
    const curfew = frameOf(page);
    await signIn(curfew);
    await curfew.getByRole("option", { name: /^\u2068?TestGroup1\b/ }).click();
    // Two clicks at once, as a clickjacking page would provoke.
    const early = await curfew.locator("body").evaluate(async (_, review) => {
      const kill = [...document.querySelectorAll("button")].find((b) => new RegExp(review).test(b.textContent));
      kill.click();
      const gate = await new Promise((resolve) => {
        const look = () => {
          const found = document.querySelector("dialog[open] button[type=submit]");
          if (found) resolve(found);
          else requestAnimationFrame(look);
        };
        look();
      });
      // The phrase is right: only the time keeps the click from confirming.
      const field = gate.form.querySelector("input");
      field.value = gate.form.querySelector("pre").textContent;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      gate.click();
      return gate.isConnected && document.querySelector("dialog[open]") !== null;
    }, REVIEW.source);
    assert.ok(early, "the gate is still open");
    assert.deepEqual(await kills(), []);

    const confirm = curfew.getByRole("dialog").getByRole("button", { name: CONFIRM });
    await seen(confirm);
    await readTheGate(page);
    await page.getByLabel("Ticket").click();
    await confirm.click();
    assert.ok(await curfew.getByRole("dialog").isVisible());
    assert.deepEqual(await kills(), []);

    await confirmSeen(page, frameOf(page), confirm);
    await page.getByRole("listitem").filter({ hasText: /: (finished|verified)$/ }).waitFor();
    assert.equal((await kills()).length, 1);
  });

  test("can't lead an operator through three clicks in a frame that can't be seen", async (t) => {
    const { page, portal, kills } = await embedded(t);
    await page.goto(portal);
    const curfew = frameOf(page);
    await signIn(curfew);
    await fillIn(page, curfew, { users: ["user2"], groups: ["TestGroup1"] });
    await page.evaluate(HIDINGS.transparent);
    const review = curfew.getByRole("button", { name: REVIEW });
    const confirm = curfew.getByRole("dialog").getByRole("button", { name: CONFIRM });
    // The decoys are under these buttons, one after the other.
    for (const button of [review, confirm, confirm]) {
      await clickAt(page, button);
      await readTheGate(page);
      attacked("clicks in a hidden frame");
    }
    assert.deepEqual(await kills(), []);
    assert.ok(await curfew.getByText(text("gate_hidden")).isVisible());
  });

  for (const [name, hide] of Object.entries(HIDINGS)) {
    test(`a typed phrase confirms nothing while the frame is ${name}, and does once all of the gate is visible`, async (t) => {
      const { page, portal, kills } = await embedded(t);
      await page.goto(portal);
      const curfew = frameOf(page);
      await signIn(curfew);
      await fillIn(page, curfew, { users: ["user2"], groups: ["TestGroup1"] });
      await curfew.getByRole("button", { name: REVIEW }).click();
      const confirm = curfew.getByRole("dialog").getByRole("button", { name: CONFIRM });
      await typePhrase(curfew);
      await seen(confirm);
      await page.evaluate(hide);
      await curfew.getByText(text("gate_hidden")).waitFor();
      await readTheGate(page);
      for (const act of [() => confirm.evaluate((button) => button.click()), () => confirm.evaluate((button) => button.form.requestSubmit()), () => confirm.press("Enter")]) {
        await act();
        attacked("clicks in a hidden frame");
      }
      assert.ok(await confirm.evaluate((button) => button.closest("dialog").open));
      assert.deepEqual(await kills(), []);
      await page.evaluate(() => {
        document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").style = "display: block; width: 100%; height: 600px";
        document.querySelector("curfew-frame").style = "display: block";
        document.getElementById("cover")?.remove();
        document.body.style = "";
      });
      await confirmSeen(page, frameOf(page), confirm);
      await page.getByRole("listitem").filter({ hasText: /: (finished|verified)$/ }).waitFor();
      assert.equal((await kills()).length, 1);
    });
  }

  test("doesn't replace what the operator typed without asking, and says who suggests it", async (t) => {
    const { page, portal } = await embedded(t);
    await page.goto(portal);
    const curfew = frameOf(page);
    await signIn(curfew);
    const users = curfew.getByLabel(text("user_names"));
    await fillIn(page, curfew, { users: ["user2"], groups: ["TestGroup1"] });
    await curfew.getByText(filledBy).waitFor();
    // Nobody has typed anything yet, so the next message replaces what the last one filled in.
    await fillIn(page, curfew, { users: ["user3"], groups: ["TestGroup1"] });
    await users.fill("typed by the operator");
    await page.evaluate(() => document.querySelector("curfew-frame").prefill({ users: ["user9"] }));
    await curfew.getByText(suggested("user9")).waitFor();
    assert.equal(await users.inputValue(), "typed by the operator");
    await curfew.getByRole("button", { name: text("suggestion_replace") }).click();
    await eventually(async () => assert.equal(await users.inputValue(), "user9"));
  });

  test("can't freeze its frame with many or huge messages", async (t) => {
    const { page, portal, address } = await embedded(t);
    await page.goto(portal);
    const curfew = frameOf(page);
    await signIn(curfew);
    await curfew.getByRole("link", { name: text("nav_kill") }).click();
    const users = curfew.getByLabel(text("user_names"));
    await users.waitFor();
    await curfew.getByRole("option").first().waitFor();
    const send = (count, list) => page.evaluate(([address, count, list]) => {
      const frame = document.querySelector("curfew-frame").shadowRoot.querySelector("iframe");
      for (let i = 0; i < count; i += 1) {
        const users = Array.from({ length: list }, (_, j) => `u${i}.${j}`);
        frame.contentWindow.postMessage(JSON.stringify({ type: "curfew:prefill", users }), address);
      }
    }, [address, count, list]);
    // Too many names are ignored as a whole: a part of a list would be another list.
    for (const list of [1_001, 9_000, 20_000]) {
      await send(1, list);
      attacked("messages of a portal");
    }
    await curfew.getByText(refusedBy).waitFor();
    assert.equal(await users.inputValue(), "");
    await send(3_000, 1);
    attacked("messages of a portal", 3_000);
    // Messages are handled in order, and this evaluation comes after them. The first were read, and one every 1.5 seconds: not the last.
    await users.press("End");
    assert.match(await users.inputValue(), /^u\d+\.0$/);
    assert.notEqual(await users.inputValue(), "u2999.0");
  });

  test("an accent with too little contrast is refused, and so is anything that isn't a colour", async (t) => {
    const { page, portal } = await embedded(t);
    await page.goto(portal);
    const root = frameOf(page).locator("html");
    const fill = () => root.evaluate((root) => root.style.getPropertyValue("--portal"));
    const dress = (accent) => page.evaluate((accent) => document.querySelector("curfew-frame").setAttribute("accent", accent), accent);
    await eventually(async () => assert.equal(await fill(), "#1e6fd9"));
    for (const bad of ["#ffffff", "#000000", "red", "url(https://192.0.2.1/)", "#12345", ""]) await dress(bad);
    // Messages arrive in order: once this one has arrived, the others were refused.
    await dress("#c2410c");
    const seen = new Set();
    await eventually(async () => {
      seen.add(await fill());
      assert.equal([...seen].at(-1), "#c2410c");
    });
    assert.deepEqual([...seen].filter((s) => s !== "#1e6fd9"), ["#c2410c"]);
  });

  test("takes its accent from the portal's custom property if the element has no attribute", async (t) => {
    const { page, portal } = await embedded(t);
    await page.goto(portal);
    const fill = () => frameOf(page).locator("html").evaluate((root) => root.style.getPropertyValue("--portal"));
    await eventually(async () => assert.equal(await fill(), "#1e6fd9"));
    await page.evaluate(() => {
      document.documentElement.style.setProperty("--curfew-accent", "#c2410c");
      document.querySelector("curfew-frame").removeAttribute("accent");
    });
    await eventually(async () => assert.equal(await fill(), "#c2410c"));
    await page.evaluate(() => {
      document.documentElement.style.setProperty("--curfew-accent", "#0f766e");
      document.querySelector("curfew-frame").dress();
    });
    await eventually(async () => assert.equal(await fill(), "#0f766e"));
  });
});

describe("a page that Curfew does not allow", () => {
  for (const name of names) {
    test(`${name}: is refused by frame-ancestors, and the portal named there is not`, async (t) => {
      const { page, portal, address } = await embedded(t, { name });
      const other = await startHost(t, certificate, "other.example.test", examplePortal(address));
      await page.goto(portal);
      await frameOf(page).getByLabel(text("user_name"), { exact: true }).waitFor();
      const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
      await page.goto(other);
      await refused;
      assert.equal(await frameOf(page).getByLabel(text("user_name"), { exact: true }).count(), 0);
      attacked("pages that frame Curfew");
    });
  }

  test("gets a page without a form if the server doesn't set frame-ancestors", async (t) => {
    for (const parents of [true, false]) {
      const { page, address } = await embedded(t, { ancestors: "*", parents });
      const other = await startHost(t, certificate, "other.example.test", examplePortal(address));
      await page.goto(other);
      await frameOf(page).getByRole("heading", { name: text("framed_title") }).waitFor();
      assert.equal(await frameOf(page).locator("input, button").count(), 0);
      attacked("pages that frame Curfew");
    }
  });

  test("gets a page without a form if the browser doesn't report the pages around a frame", async (t) => {
    const hidings = [
      () => { const { get } = Reflect; Reflect.get = (object, key, ...rest) => (key === "ancestorOrigins" ? undefined : get(object, key, ...rest)); },
      () => { const { get } = Reflect; Reflect.get = (object, key, ...rest) => (key === "ancestorOrigins" ? ["null"] : get(object, key, ...rest)); },
    ];
    for (const hide of hidings) {
      const { page, portal, address } = await embedded(t, { ancestors: "*" });
      await page.addInitScript(hide);
      const other = await startHost(t, certificate, "other.example.test", examplePortal(address));
      for (const site of [portal, other]) {
        await page.goto(site);
        await frameOf(page).getByText(text("framed_unknown")).waitFor();
        assert.equal(await frameOf(page).locator("input, button").count(), 0);
        attacked("pages that frame Curfew");
      }
    }
  });

  /** A third-party page. On request it posts messages to all frames around it and to its parent. */
  const lure = {
    "/": "<script src=lure.js></script>",
    "/lure.js": `
      addEventListener("message", () => {
        const prefill = JSON.stringify({ type: "curfew:prefill", users: ["user9"] });
        for (let i = 0; i < parent.length; i += 1) if (parent[i] !== self) parent[i].postMessage(prefill, "*");
        parent.postMessage(JSON.stringify({ type: "curfew:job", job: "forged", state: "verified" }), "*");
        parent.postMessage(JSON.stringify({ type: "curfew:height", height: 777 }), "*");
        parent.postMessage("said", "*");
      });`,
  };
  /** Adds the third-party frame next to Curfew, and waits until it has sent all its messages. */
  const lureInto = (page, other) => page.evaluate(async (other) => {
    const frame = document.createElement("iframe");
    frame.src = other;
    await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
    const said = new Promise((resolve) => addEventListener("message", ({ data }) => data === "said" && resolve()));
    frame.contentWindow.postMessage("go", "*");
    await said;
  }, other);
  const withLure = (html) => html.replace("frame-src https", "frame-src https://other.example.test:* https");

  test("can't pose as Curfew to the portal's element", async (t) => {
    const files = (curfew) => ({ ...examplePortal(curfew), "/": withLure(examplePortal(curfew)["/"]) });
    const { page, portal } = await embedded(t, { files });
    const other = await startHost(t, certificate, "other.example.test", lure);
    await recordMessages(page);
    await page.goto(portal);
    await frameOf(page).getByLabel(text("user_name"), { exact: true }).waitFor();
    const height = () => page.evaluate(() => document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").style.blockSize);
    await lureInto(page, other);
    assert.ok((await page.evaluate(() => window.told)).some(({ data }) => String(data).includes("forged")));
    assert.deepEqual(await page.getByRole("listitem").allTextContents(), []);
    assert.doesNotMatch(await height(), /777/);
  });

  test("can't send messages to Curfew, not even from a frame next to it", async (t) => {
    // Without the element, because other pages can't even find its frame.
    const files = (curfew) => ({
      ...examplePortal(curfew),
      "/": withLure(examplePortal(curfew)["/"])
        .replace("frame-src https", "frame-src 'self' https")
        .replace(/<curfew-frame[^>]*>/, `<iframe id="curfew" src="${curfew}/"></iframe>$&`),
      "/beside.html": lure["/"],
      "/lure.js": lure["/lure.js"],
    });
    const { page, portal, address } = await embedded(t, { files });
    const other = await startHost(t, certificate, "other.example.test", lure);
    await page.goto(portal);
    const curfew = page.frameLocator("#curfew");
    await signIn(curfew);
    // A narrow frame has the links in a menu.
    await curfew.getByRole("button", { name: text("menu") }).click();
    await curfew.getByRole("link", { name: text("nav_kill") }).click();
    await curfew.getByLabel(text("user_names")).waitFor();
    await lureInto(page, other);
    // A page of the portal's own origin, but not the page that shows Curfew.
    await lureInto(page, `${portal}/beside.html`);
    // The portal's own message takes the same way and arrives later.
    await page.evaluate((address) => {
      const own = JSON.stringify({ type: "curfew:prefill", reason: "INC-1" });
      document.getElementById("curfew").contentWindow.postMessage(own, address);
    }, address);
    await curfew.getByText(suggested("INC-1")).waitFor();
    assert.equal(await curfew.getByLabel(text("user_names")).inputValue(), "");
  });
});

describe("embed.js", () => {
  test("passes on only messages that match the protocol exactly, and keeps the height in bounds", async (t) => {
    const messages = [
      1, null, { type: "curfew:job", job: "a", state: "running" }, "", "x", "null", "[]", "{}",
      ...[
        { type: "curfew:job" },
        { type: "curfew:job", job: "a", state: "done" },
        { type: "curfew:job", job: "<img>", state: "running" },
        { type: "curfew:job", job: 1, state: "running" },
        { type: "curfew:job", job: "a".repeat(65), state: "running" },
        { type: "curfew:job", job: "a", state: "running", token: "x" },
        { type: "curfew:other", job: "a", state: "running" },
        { type: "curfew:height", height: "900" },
        { type: "curfew:height", height: null },
        { type: "curfew:height", height: -1 },
        { type: "curfew:ready", x: 1 },
      ].map((message) => JSON.stringify(message)),
      JSON.stringify({ type: "curfew:job", job: "1a.2", state: "running" }),
    ];
    const fake = await startHost(t, certificate, "fake.example.test", {
      "/": "<script src=fake.js></script>",
      "/fake.js": `
        const heard = [];
        addEventListener("message", ({ data }) => heard.push(data));
        addEventListener("message", ({ data }) => {
          if (data === "height") parent.postMessage(JSON.stringify({ type: "curfew:height", height: 1e9 }), "*");
          if (data === "low") parent.postMessage(JSON.stringify({ type: "curfew:height", height: 1 }), "*");
        });
        for (const message of ${JSON.stringify(messages)}) parent.postMessage(message, "*");
        parent.postMessage(JSON.stringify({ type: "curfew:ready" }), "*");`,
    });
    const portal = await startHost(t, certificate, "portal.example.test", examplePortal(fake));
    const { page, troubles } = await watchedPage(t, browser);
    await page.addInitScript(() => {
      window.events = [];
      for (const type of ["curfew:job", "curfew:ready"]) window.addEventListener(type, (event) => window.events.push([type, event.detail]));
    });
    await page.goto(portal);
    await page.waitForFunction(() => window.events.some(([type]) => type === "curfew:ready"));
    assert.deepEqual(await page.evaluate(() => window.events), [
      ["curfew:job", { job: "1a.2", state: "running" }],
      ["curfew:ready", null],
    ]);
    const height = () => page.evaluate(() => document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").offsetHeight);
    const ask = (word) => page.evaluate((word) => document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").contentWindow.postMessage(word, "*"), word);
    assert.equal(await height(), 480);
    await ask("height");
    await page.waitForFunction(() => document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").offsetHeight === innerHeight);
    await ask("low");
    await page.waitForFunction(() => document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").offsetHeight === 480);
    assert.deepEqual(troubles, []);
  });

  test("has the attributes, methods, messages and events of 0.1.0", async (t) => {
    const file = join(import.meta.dirname, "../../crates/core/tests/compatibility/0.1.0/portal.json");
    const { attributes, methods, properties, toCurfew, toPortal, events } = JSON.parse(readFileSync(file, "utf8"));
    const fake = await startHost(t, certificate, "fake.example.test", {
      "/": "<script src=fake.js></script>",
      "/fake.js": `
        addEventListener("message", ({ data }) => parent.postMessage("received " + data, "*"));
        for (const message of ${JSON.stringify(toPortal)}) parent.postMessage(message, "*");`,
    });
    const portal = await startHost(t, certificate, "portal.example.test", examplePortal(fake));
    const { page } = await watchedPage(t, browser);
    await page.addInitScript(() => {
      window.events = [];
      window.received = [];
      for (const type of ["curfew:job", "curfew:ready"]) window.addEventListener(type, (event) => window.events.push([type, event.detail]));
      window.addEventListener("message", ({ data }) => data.startsWith("received ") && window.received.push(data.slice(9)));
    });
    await page.goto(portal);
    await page.waitForFunction((count) => window.events.length === count, events.length);
    assert.deepEqual(await page.evaluate(() => window.events), events);
    const element = await page.evaluate(() => {
      const { prototype, observedAttributes } = customElements.get("curfew-frame");
      return { observedAttributes, methods: Object.getOwnPropertyNames(prototype).filter((name) => !/^constructor$|Callback$/.test(name)).sort() };
    });
    assert.deepEqual(element, { observedAttributes: attributes, methods });

    // The element sends its colours when Curfew is ready. Remove its attributes, so that the custom properties count.
    await page.waitForFunction(() => window.received.length === 1);
    await page.evaluate(([messages, [scheme, accent]]) => {
      const frame = document.querySelector("curfew-frame");
      window.received = [];
      const { scheme: dark, accent: blue } = JSON.parse(messages[0]);
      document.documentElement.style.setProperty(scheme, dark);
      document.documentElement.style.setProperty(accent, blue);
      for (const name of ["scheme", "accent"]) frame.removeAttribute(name);
      for (const { type, ...values } of messages.slice(1).map((message) => JSON.parse(message))) frame.prefill(values);
    }, [toCurfew, properties]);
    await page.waitForFunction((last) => window.received.at(-1) === last, toCurfew.at(-1));
    const received = await page.evaluate(() => window.received);
    assert.deepEqual([...new Set(received)].slice(-toCurfew.length), toCurfew);
  });

  test("accepts messages only from its own frame, and only while Curfew is in it", async (t) => {
    const job = (name) => JSON.stringify({ type: "curfew:job", job: name, state: "running" });
    const tell = (...lines) => `${lines.join(";")};parent.postMessage("said", "*")`;
    const other = await startHost(t, certificate, "other.example.test", {
      "/": "<script src=tell.js></script>",
      "/tell.js": tell(`parent.postMessage('${job("moved")}', "*")`),
    });
    const fake = await startHost(t, certificate, "fake.example.test", {
      "/": "<script src=fake.js></script>",
      "/fake.js": `addEventListener("message", () => { location = "${other}/"; }); parent.postMessage('${job("own")}', "*")`,
      "/beside.html": "<script src=beside.js></script>",
      "/beside.js": tell(`parent.postMessage('${job("beside")}', "*")`),
    });
    const files = examplePortal(fake);
    files["/"] = files["/"].replace("frame-src https", "frame-src https://other.example.test:* https");
    const portal = await startHost(t, certificate, "portal.example.test", files);
    const { page } = await watchedPage(t, browser);
    await page.addInitScript(() => {
      window.jobs = [];
      window.addEventListener("curfew:job", (event) => window.jobs.push(event.detail.job));
      window.said = 0;
      window.addEventListener("message", ({ data }) => { if (data === "said") window.said += 1; });
    });
    await page.goto(portal);
    await page.waitForFunction(() => window.jobs.includes("own"));
    await page.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src })), `${fake}/beside.html`);
    await page.waitForFunction(() => window.said === 1);
    await page.evaluate(() => document.querySelector("curfew-frame").shadowRoot.querySelector("iframe").contentWindow.postMessage("go", "*"));
    await page.waitForFunction(() => window.said === 2);
    assert.deepEqual(await page.evaluate(() => window.jobs), ["own"]);
  });

  test("makes no frame for the portal's own origin, nor for anything that isn't an address", async (t) => {
    const portal = await startHost(t, certificate, "portal.example.test", examplePortal("https://curfew.example.test"));
    const { page, troubles } = await watchedPage(t, browser);
    await page.route("https://curfew.example.test/", (route) => route.abort());
    await page.goto(portal);
    for (const src of ["/", portal, "javascript:alert(1)", "data:text/html,x", "https://", ""]) {
      troubles.length = 0;
      const frames = await page.evaluate((src) => {
        const element = document.querySelector("curfew-frame");
        element.setAttribute("src", src);
        return element.shadowRoot.querySelectorAll("iframe").length;
      }, src);
      assert.equal(frames, 0, src);
    }
  });

  test("its frame is sandboxed", async (t) => {
    const portal = await startHost(t, certificate, "portal.example.test", examplePortal("https://curfew.example.test"));
    const { page } = await watchedPage(t, browser);
    await page.route("https://curfew.example.test/", (route) => route.abort());
    await page.goto(portal);
    const frame = await page.evaluate(() => {
      const frame = document.querySelector("curfew-frame").shadowRoot.querySelector("iframe");
      return { sandbox: [...frame.sandbox].sort(), allow: frame.allow, referrer: frame.referrerPolicy, title: frame.title };
    });
    assert.deepEqual(frame, {
      sandbox: ["allow-downloads", "allow-forms", "allow-modals", "allow-same-origin", "allow-scripts"],
      allow: "clipboard-write",
      referrer: "strict-origin",
      title: "Curfew",
    });
  });
});
