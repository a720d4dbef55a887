// The .rpm: the same files as the .deb, the same settings, no scripts, and no requirement; installed, upgraded and removed by Debian's rpm in
// an empty root. CURFEW_PACKAGES names the folder of the packages: the release, and a newer one.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const folder = process.env.CURFEW_PACKAGES;
const [deb] = readdirSync(folder).filter((file) => file.endsWith(".deb")).sort();
const [rpm, newer] = readdirSync(folder).filter((file) => file.endsWith(".rpm")).sort();
const asked = (...options) => execFileSync("rpm", ["--query", "--package", "--nosignature", ...options, join(folder, rpm)], { encoding: "utf8" }).trim().split("\n").filter(Boolean);
const sorted = (list) => [...list].sort();

test("it has the files of the .deb", () => {
  const listed = execFileSync("dpkg-deb", ["--fsys-tarfile", join(folder, deb)], { maxBuffer: 1 << 28 });
  const files = execFileSync("tar", ["-t"], { input: listed, encoding: "utf8" }).split("\n")
    .filter((path) => path !== "" && !path.endsWith("/")).map((path) => path.slice(1));
  const folders = new Set(files.flatMap((path) => path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"))));
  const own = asked("--list").filter((path) => !folders.has(path) && path !== "/etc/curfew/languages");
  assert.deepEqual(sorted(own), sorted(files.filter((path) => path !== "/usr/share/doc/curfew/copyright")));
});

test("the host's files are the same, and an upgrade keeps them", () => {
  const conffiles = execFileSync("dpkg-deb", ["--info", join(folder, deb), "conffiles"], { encoding: "utf8" }).trim().split("\n");
  assert.ok(conffiles.includes("/etc/curfew/config.json"));
  assert.deepEqual(sorted(asked("--configfiles")), sorted(conffiles));
  // 16 is RPMFILE_NOREPLACE.
  const flags = asked("--queryformat", "[%{FILENAMES} %{FILEFLAGS}\\n]").map((line) => line.split(" ")).filter(([path]) => conffiles.includes(path));
  assert.ok(flags.every(([, flag]) => (Number(flag) & 16) === 16), JSON.stringify(flags));
});

test("it runs no script, needs nothing, and owns all files as root", () => {
  assert.deepEqual(asked("--scripts"), []);
  assert.deepEqual(asked("--triggers"), []);
  assert.deepEqual(asked("--requires").filter((need) => !need.startsWith("rpmlib(")), []);
  assert.deepEqual(new Set(asked("--queryformat", "[%{FILEUSERNAME}:%{FILEGROUPNAME}\\n]")), new Set(["root:root"]));
});

test("it installs the bytes of the .deb, keeps the host's files in an upgrade, and leaves only those when it is removed", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "curfew-rpm-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const [root, unpacked] = ["root", "deb"].map((name) => join(dir, name));
  mkdirSync(root);
  const rpmIn = (...options) => execFileSync("rpm", ["--root", root, "--nosignature", ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const at = (path) => join(root, path);
  rpmIn("--initdb");
  rpmIn("--install", join(folder, rpm));
  assert.equal(rpmIn("--verify", "curfew"), "");
  execFileSync("dpkg-deb", ["--extract", join(folder, deb), unpacked]);
  rmSync(join(unpacked, "usr/share/doc/curfew/copyright"));
  for (const top of ["etc", "usr"]) execFileSync("diff", ["--recursive", "--no-dereference", at(top), join(unpacked, top)]);

  const strict = JSON.stringify({ reason: "always" });
  writeFileSync(at("etc/curfew/config.json"), strict);
  writeFileSync(at("etc/curfew/languages/fr.json"), "{}");
  rpmIn("--upgrade", join(folder, newer));
  assert.match(rpmIn("--query", "curfew"), /9\.0\.0/);
  assert.equal(readFileSync(at("etc/curfew/config.json"), "utf8"), strict);
  assert.ok(existsSync(at("usr/share/curfew/bundle/index.html")));

  rpmIn("--erase", "curfew");
  assert.ok(!existsSync(at("usr/share/curfew")));
  assert.deepEqual(readdirSync(at("etc/curfew"), { recursive: true }).sort(), ["config.json.rpmsave", "languages", "languages/fr.json"]);
});
