// The app in Chromium through the stand-in for a BIG-IP: it loads from the bundle's iFiles, signs in and kills.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { killUser2, site, startChromium, watchedPage } from "./lib/chromium.js";
import { testsBigip } from "./lib/servers.js";
import { startSimulator } from "./lib/simulator.js";
import { world } from "./lib/world.js";

test("a kill through the rule ends exactly this user's sessions", { skip: !testsBigip }, async (t) => {
  const { dir, proxy } = await world({ after }, { site });
  const browser = await startChromium(t);
  const simulator = await startSimulator(t, dir);
  const to = await proxy(t, "bigip", { upstreamPort: simulator.port, bigiqCa: simulator.caFile });
  const { page, troubles } = await watchedPage(t, browser);
  const before = await simulator.control("/_sim/sessions");
  await killUser2(page, `https://${to.host}:${to.port}/`);
  const left = await simulator.control("/_sim/sessions");
  const gone = before.filter((session) => !left.some((other) => other.id === session.id && other.device === session.device));
  assert.ok(gone.length > 0 && gone.every(({ user }) => user === "user2"), JSON.stringify(gone));
  await to.logged(/"call":"kill".*"claimed_operator":"manager"/);
  assert.deepEqual(troubles, []);
});
