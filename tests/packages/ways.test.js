// The other ways of docs/install.md to a verified kill, with their times: the archive in a bare Debian, and the two images with a container
// runtime that is there already. CURFEW_ARCHIVE names the archive, and CURFEW_IMAGES the folder of the images.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { runContainer, unpack } from "../image/lib/container.js";
import { verifiedKill } from "../proxy/lib/chromium.js";
import { Authority, scratch } from "../proxy/lib/pki.js";
import { freePort, listens } from "../proxy/lib/servers.js";
import { startSimulator } from "../proxy/lib/simulator.js";
import { bareDebian, configured, install, prepared, timed } from "./lib/debian.js";

const { CURFEW_ARCHIVE: archive, CURFEW_IMAGES: images } = process.env;
const imageOf = (name) => join(images, readdirSync(images).find((file) => file.startsWith(`${name}-image-`)));

function folder(t) {
  const dir = mkdtempSync(join(tmpdir(), "curfew-image-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, "unpacked");
}

test("the archive in a bare Debian with its nginx", async (t) => {
  const debian = bareDebian(t);
  mkdirSync(debian.at("packages"));
  copyFileSync(archive, debian.at(`packages/${basename(archive)}`));
  const simulator = await prepared(t, debian);
  const started = performance.now();
  install(debian, "nginx", "libnginx-mod-http-brotli-static");
  const address = await configured(t, debian, simulator, "archive");
  const page = await verifiedKill(t, address, () => simulator.control("/_sim/sessions"));
  timed(t, "archive", started);
  assert.deepEqual(await page.evaluate(async () => (await fetch("config.json")).json()), {});
});

test("the image", async (t) => {
  const dir = scratch(t);
  const simulator = await startSimulator(t, dir);
  const host = "curfew.example.test";
  const front = new Authority(dir, "ca").issue("front", { commonName: host, names: [`DNS:${host}`] });
  const port = await freePort();
  const started = performance.now();
  const image = folder(t);
  unpack(imageOf("curfew"), image);
  await runContainer(t, image, {
    env: { CURFEW_NAME: host, CURFEW_LISTEN: `127.0.0.1:${port}`, CURFEW_BIGIQ: `127.0.0.1:${simulator.port}`, CURFEW_BIGIQ_NAME: "localhost" },
    files: { "/etc/curfew/curfew.crt": front.file, "/etc/curfew/curfew.key": front.keyFile, "/etc/curfew/bigiq-ca.pem": simulator.caFile },
    until: () => listens(port),
  });
  await verifiedKill(t, `https://${host}:${port}/`, () => simulator.control("/_sim/sessions"));
  timed(t, "image", started);
});

test("the demo image", async (t) => {
  const port = await freePort();
  const started = performance.now();
  const image = folder(t);
  unpack(imageOf("curfew-demo"), image);
  const command = ["/usr/bin/bigiq-simulator", "--site", "/usr/share/curfew/bundle", "--listen", `127.0.0.1:${port}`];
  const container = await runContainer(t, image, { command, writable: false, until: () => listens(port) });
  const address = `http://127.0.0.1:${port}/`;
  await verifiedKill(t, address, async () => (await fetch(`${address}_sim/sessions`)).json());
  timed(t, "demo image", started);
  await container.stop("SIGKILL");
});
