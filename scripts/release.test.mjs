// Tests that installing a release over an older one keeps the files that belong to the host.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const STRICT = JSON.stringify({ reason: "always", phraseAbove: 0, idleMinutes: 5, languages: ["fr"] });
const FRENCH = JSON.stringify({ sign_in: "Se connecter" });

function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** The archive of a release whose bundle has these files. */
function release(dir, version, files) {
  write(join(dir, `bundle-${version}`), files);
  const folder = join(dir, `curfew-${version}`);
  execFileSync(join(ROOT, "scripts/release-files.sh"), [join(dir, `bundle-${version}`), folder]);
  const archive = join(dir, `curfew-${version}.tar.gz`);
  execFileSync(join(ROOT, "scripts/pack.sh"), [folder, "1700000000", archive]);
  return archive;
}

function scratch(t) {
  const dir = mkdtempSync(join(tmpdir(), "release-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The ways to install a release in the folder that the server reads. */
const INSTALLS = {
  "unpacked over the old one": (archive, site) => execFileSync("tar", ["-xzf", archive, "-C", site, "--strip-components=2", "--wildcards", "*/bundle"]),
  "copied over the old one": (archive, site) => {
    const there = mkdtempSync(join(tmpdir(), "unpacked-"));
    execFileSync("tar", ["-xzf", archive, "-C", there, "--strip-components=1"]);
    execFileSync("cp", ["-r", `${there}/bundle/.`, site]);
    rmSync(there, { recursive: true });
  },
};

for (const [way, install] of Object.entries(INSTALLS)) {
  test(`a release ${way} keeps a strict config.json and own languages`, (t) => {
    const dir = scratch(t);
    const site = join(dir, "srv");
    mkdirSync(site);
    install(release(dir, "1", { "index.html": "old", "curfew-1.js": "old" }), site);
    write(site, { "config.json": STRICT, "languages/fr.json": FRENCH });
    install(release(dir, "2", { "index.html": "new", "curfew-2.js": "new" }), site);
    assert.equal(readFileSync(join(site, "index.html"), "utf8"), "new");
    assert.equal(readFileSync(join(site, "config.json"), "utf8"), STRICT);
    assert.equal(readFileSync(join(site, "languages/fr.json"), "utf8"), FRENCH);
    assert.deepEqual(readdirSync(site).sort(), ["config.json", "curfew-1.js", "curfew-2.js", "index.html", "languages"]);
  });
}

test("a release contains an example of the configuration, and none that would replace the host's", (t) => {
  const listed = execFileSync("tar", ["-tzf", release(scratch(t), "1", { "index.html": "" })], { encoding: "utf8" }).split("\n");
  assert.ok(listed.includes("curfew-1/config.example.json"));
  assert.deepEqual(listed.filter((name) => name.endsWith("/config.json")), []);
});

for (const own of ["config.json", "languages/fr.json"]) {
  test(`a bundle with ${own} is not released`, (t) => {
    const dir = scratch(t);
    write(join(dir, "bundle"), { "index.html": "", [own]: "{}" });
    const { status, stderr } = spawnSync(join(ROOT, "scripts/release-files.sh"), [join(dir, "bundle"), join(dir, "out")], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /belongs to the host/);
  });
}

test("the example has every key that docs/configure.md lists", () => {
  const page = readFileSync(join(ROOT, "docs/configure.md"), "utf8");
  const [, table] = /\n## config\.json\n.*?\n\| --- \| --- \| --- \|\n(.*?)\n\n/s.exec(page);
  const listed = table.split("\n").map((line) => /^\| `(\w+)`/.exec(line)[1]);
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(join(ROOT, "examples/config.example.json"), "utf8"))), listed);
});

test("all files that a package puts into /etc belong to the host", () => {
  const lines = readFileSync(join(ROOT, "packaging/files.txt"), "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(/\s+/));
  const inEtc = lines.filter(([, , place]) => place.startsWith("/etc/"));
  assert.ok(inEtc.length > 5);
  assert.deepEqual(inEtc.filter(([kind]) => kind !== "conf" && kind !== "dir"), []);
});
