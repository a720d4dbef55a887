// The .deb in a bare Debian: it installs files and nothing else, serves Curfew through Debian's nginx after the commands of
// docs/install.md, keeps the host's files in an upgrade, and leaves nothing behind. CURFEW_PACKAGES names the folder of the packages: the
// release, and a newer one.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { verifiedKill } from "../proxy/lib/chromium.js";
import { bareDebian, configured, install, prepared, timed } from "./lib/debian.js";

const packages = process.env.CURFEW_PACKAGES;
const [release, newer] = readdirSync(packages).filter((file) => file.endsWith(".deb")).sort();
const STRICT = JSON.stringify({ reason: "always", phraseAbove: 0, idleMinutes: 5, languages: ["fr"] });
const debian = bareDebian({ after });
const { inside, at } = debian;
cpSync(packages, at("packages"), { recursive: true });

/** All files of the Debian but those of the package and dpkg's own, to see what the package changed. */
const others = () => inside("sh", "-c", "find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /var/lib/dpkg -o -path /var/log -o -path /packages \\) -prune -o -print | sort")
  .split("\n").filter((path) => !/^\/(etc\/curfew|usr\/share\/curfew|usr\/share\/doc\/curfew)(\/|$)/.test(path));

test("it installs its files, and starts, enables and changes nothing else", () => {
  const untouched = others();
  inside("dpkg", "--install", `/packages/${release}`);
  assert.deepEqual(others(), untouched);
  assert.equal(inside("dpkg", "--verify", "curfew"), "");
  assert.ok(existsSync(at("usr/share/curfew/bundle/index.html")));
  assert.ok(existsSync(at("usr/share/doc/curfew/install.md")));
  for (const script of ["preinst", "postinst", "prerm", "postrm"]) assert.ok(!existsSync(at(`var/lib/dpkg/info/curfew.${script}`)), script);
  inside("dpkg", "--purge", "curfew");
  assert.deepEqual(others(), untouched);
});

test("a kill in Chromium through Debian's nginx, after the commands of docs/install.md", async (t) => {
  const simulator = await prepared(t, debian);
  const started = performance.now();
  install(debian, `/packages/${release}`, "nginx", "libnginx-mod-http-brotli-static");
  const address = await configured(t, debian, simulator, "package");
  const page = await verifiedKill(t, address, () => simulator.control("/_sim/sessions"));
  timed(t, ".deb", started);
  // The package's config.json is served, not the answer for a host without one.
  const config = await page.evaluate(async () => (await fetch("config.json")).json());
  assert.equal(config.idleMinutes, 30);
});

test("an upgrade keeps a strict config.json, own languages and the changed configuration", () => {
  writeFileSync(at("etc/curfew/config.json"), STRICT);
  writeFileSync(at("etc/curfew/languages/fr.json"), "{}");
  appendFileSync(at("etc/curfew/nginx/curfew.conf"), "# changed by the host\n");
  inside("dpkg", "--force-confdef", "--install", `/packages/${newer}`);
  assert.match(inside("dpkg-query", "--show", "curfew"), /9\.0\.0/);
  assert.equal(readFileSync(at("etc/curfew/config.json"), "utf8"), STRICT);
  assert.equal(readFileSync(at("etc/curfew/languages/fr.json"), "utf8"), "{}");
  assert.match(readFileSync(at("etc/curfew/nginx/curfew.conf"), "utf8"), /# changed by the host/);
});

test("removed, it leaves the host's settings; purged, only what it never had", () => {
  inside("dpkg", "--remove", "curfew");
  assert.ok(!existsSync(at("usr/share/curfew")));
  assert.equal(readFileSync(at("etc/curfew/config.json"), "utf8"), STRICT);
  inside("dpkg", "--purge", "curfew");
  assert.deepEqual(readdirSync(at("etc/curfew")).sort(), ["bigiq-ca.pem", "curfew.crt", "curfew.key", "languages"]);
});
