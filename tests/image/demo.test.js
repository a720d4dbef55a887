// The image curfew-demo, and the sizes of both archives. CURFEW_DEMO_IMAGE names the unpacked image, and CURFEW_IMAGES the folder of the
// archives; scripts/test-image.sh sets them.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { verifiedKill } from "../proxy/lib/chromium.js";
import { freePort, listens } from "../proxy/lib/servers.js";
import { runContainer } from "./lib/container.js";

const { CURFEW_DEMO_IMAGE: image, CURFEW_IMAGES: archives } = process.env;
const MEGABYTE = 1_000_000;

test("a kill in Chromium ends exactly this user's sessions", async (t) => {
  const port = await freePort();
  const command = ["/usr/bin/bigiq-simulator", "--site", "/usr/share/curfew/bundle", "--listen", `127.0.0.1:${port}`];
  const container = await runContainer(t, image, { command, writable: false, until: () => listens(port) });
  assert.match(container.status(), /^CapEff:\t0+$/m);
  const address = `http://127.0.0.1:${port}/`;
  await verifiedKill(t, address, async () => (await fetch(`${address}_sim/sessions`)).json());
  await container.stop("SIGKILL");
});

test("each image has at most 10 MB", (t) => {
  const sizes = readdirSync(archives).map((file) => [file, statSync(join(archives, file)).size]);
  assert.equal(sizes.length, 2);
  for (const [file, size] of sizes) {
    t.diagnostic(`${file}: ${(size / MEGABYTE).toFixed(2)} MB`);
    assert.ok(size <= 10 * MEGABYTE, file);
  }
});
