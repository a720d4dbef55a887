// Tests that set-up accepts a tool only with the checksum in this repository, that the build fetches no other, and that the right compiler
// is selected. cargo, rustup, Trunk and the registry of npm are replaced; each test runs a copy of the scripts with its own folder for tools.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const read = (file) => readFileSync(join(ROOT, file), "utf8");

/** A copy of the scripts in a temporary folder, with texts of a file replaced. */
function copy(t, changes = {}) {
  const dir = mkdtempSync(join(tmpdir(), "setup-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "tools"));
  for (const file of ["scripts/setup.sh", "scripts/lib.sh", "scripts/tools", "rust-toolchain.toml"]) cpSync(join(ROOT, file), join(dir, file), { recursive: true });
  for (const [file, change] of Object.entries(changes)) writeFileSync(join(dir, file), change(read(file)));
  return dir;
}

/** Runs a command in a folder, with bash functions in place of programs. */
function run(dir, command, { functions = {}, env = {} } = {}) {
  const replaced = Object.fromEntries(Object.entries(functions).map(([name, body]) => [`BASH_FUNC_${name}%%`, `() { ${body}\n}`]));
  const { RUSTUP_TOOLCHAIN: _, RUSTUP_AUTO_INSTALL: __, ...outside } = process.env;
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), { cwd: dir, env: { ...outside, CURFEW_TOOLS: join(dir, "tools"), ...replaced, ...env } });
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].on("data", (data) => (out[name] += data));
    child.on("close", (code) => resolve({ code, ...out }));
  });
}

/** A package as a .tar.gz: one folder with these files. */
function packed(folder, files) {
  const source = mkdtempSync(join(tmpdir(), "source-"));
  mkdirSync(join(source, folder));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, folder, name), text);
  const tarball = execFileSync("tar", ["-cz", "-C", source, folder]);
  rmSync(source, { recursive: true });
  return tarball;
}

// ---- tools that cargo builds

const BINDGEN = `wasm-bindgen-cli-${/BINDGEN_VERSION=(.*)/.exec(read("scripts/lib.sh"))[1]}`;

/** A copy whose set-up finds this crate in cargo's store. `locked` is the crate whose checksum it expects. */
function withCrate(t, crate, locked = crate) {
  const checksum = createHash("sha256").update(locked).digest("hex");
  const dir = copy(t, { "scripts/lib.sh": (text) => text.replace(/BINDGEN_SHA256=.*/, `BINDGEN_SHA256=${checksum}`) });
  mkdirSync(join(dir, "cargo/registry/cache/registry"), { recursive: true });
  writeFileSync(join(dir, `cargo/registry/cache/registry/${BINDGEN}.crate`), crate);
  const called = join(dir, "called");
  writeFileSync(called, "");
  const functions = { cargo: `echo "$*" >>"${called}"; [ "$1" != install ] || [ -f "\${@: -1}/Cargo.toml" ]`, rustc: `echo "${dir}/std"`, cc: ":" };
  mkdirSync(join(dir, "std"));
  writeFileSync(join(dir, "std/libstd-0.rlib"), "");
  const install = () => run(dir, ["bash", "scripts/setup.sh", "bindgen"], { functions, env: { CARGO_HOME: join(dir, "cargo") } });
  return { dir, checksum, install, installs: () => readFileSync(called, "utf8").split("\n").filter((line) => line.startsWith("install")) };
}

const crate = packed(BINDGEN, { "Cargo.toml": "" });
const changed = packed(BINDGEN, { "Cargo.toml": "changed" });

test("a tool is built from exactly the crate that lib.sh names", async (t) => {
  const { checksum, install, installs } = withCrate(t, crate);
  const { code, stderr } = await install();
  assert.equal(code, 0, stderr);
  assert.equal(installs().length, 1);
  assert.match(installs()[0], new RegExp(`^install .*--locked .*--path /\\S*/${checksum}/${BINDGEN}$`));
});

test("a crate with other bytes is not built", async (t) => {
  const { install, installs } = withCrate(t, changed, crate);
  const { code, stderr } = await install();
  assert.equal(code, 1);
  assert.match(stderr, /wasm-bindgen-cli \S+ does not have the checksum in scripts\/lib\.sh/);
  assert.deepEqual(installs(), []);
});

test("an installed tool is used only if it was built from that crate", async (t) => {
  const installedFrom = ({ dir }, source) => writeFileSync(join(dir, "tools/.crates.toml"), `[v1]\n"${BINDGEN.replace(/-(?=\d)/, " ")} (${source})" = ["wasm-bindgen"]\n`);
  const same = withCrate(t, crate);
  for (const source of [`path+file:///tmp/x/${same.checksum}/${BINDGEN}`, "registry+https://example.test/index"]) {
    installedFrom(same, source);
    assert.equal((await same.install()).code, 0);
    assert.deepEqual(same.installs(), []);
  }
  installedFrom(same, `path+file:///tmp/x/${"0".repeat(64)}/${BINDGEN}`);
  await same.install();
  assert.equal(same.installs().length, 1);
  const other = withCrate(t, changed, crate);
  installedFrom(other, "registry+https://example.test/index");
  assert.match((await other.install()).stderr, /does not have the checksum/);
});

// ---- tools from npm

/** A registry that serves one version of each package. */
async function registry(t, packages) {
  const server = createServer((request, response) => {
    const [, name, file] = /^\/(@[^/]+(?:\/|%2[fF])[^/]+|[^/]+)(\/-\/.*)?$/.exec(decodeURIComponent(request.url)) ?? [];
    const found = packages[name];
    if (found === undefined) response.writeHead(404).end();
    else if (file) response.end(found.tarball);
    else {
      const tarball = `http://127.0.0.1:${server.address().port}/${name}/-/package.tgz`;
      response.end(JSON.stringify({ name, "dist-tags": { latest: found.version }, versions: { [found.version]: { name, version: found.version, dist: { tarball } } } }));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Installs the tools from a registry that serves a package under the name of binaryen. */
async function fromNpm(t, tarball, locked) {
  const version = "132.0.0";
  const integrity = `sha512-${createHash("sha512").update(locked).digest("base64")}`;
  const own = { name: "tools", dependencies: { binaryen: version } };
  const dir = copy(t, {
    "scripts/tools/package.json": () => JSON.stringify(own),
    "scripts/tools/package-lock.json": () => JSON.stringify({ name: "tools", lockfileVersion: 3, requires: true, packages: { "": own, "node_modules/binaryen": { version, integrity, hasInstallScript: true } } }),
  });
  const env = { npm_config_registry: await registry(t, { binaryen: { version, tarball } }), npm_config_cache: join(dir, "cache"), npm_config_fetch_retries: "0", no_proxy: "127.0.0.1" };
  return { dir, ...(await run(dir, ["bash", "scripts/setup.sh", "npm"], { env })) };
}

const npmPackage = (script) => packed("package", { "package.json": JSON.stringify({ name: "binaryen", version: "132.0.0", scripts: { postinstall: script } }) });

test("a package with the checksum in the lock is installed, and its install script does not run", async (t) => {
  const tarball = npmPackage("echo > ran");
  const { dir, code, stderr } = await fromNpm(t, tarball, tarball);
  assert.equal(code, 0, stderr);
  assert.ok(existsSync(join(dir, "tools/npm/node_modules/binaryen/package.json")));
  assert.ok(!existsSync(join(dir, "tools/npm/node_modules/binaryen/ran")));
});

test("a package with other bytes is not installed", async (t) => {
  const { dir, code, stderr } = await fromNpm(t, npmPackage("echo changed"), npmPackage("echo"));
  assert.equal(code, 1);
  assert.match(stderr, /npm could not install/);
  assert.ok(!existsSync(join(dir, "tools/npm/node_modules/binaryen/package.json")));
});

// ---- tools that Trunk would fetch

test("Trunk may not use the network, and cargo has fetched the dependencies before", async (t) => {
  const dir = copy(t);
  cpSync(join(ROOT, "scripts/build.sh"), join(dir, "scripts/build.sh"));
  mkdirSync(join(dir, "tools/bin"));
  writeFileSync(join(dir, "tools/bin/trunk"), `#!/bin/sh\necho "trunk $TRUNK_OFFLINE" >>"${dir}/called"; exit 1`, { mode: 0o755 });
  const functions = { cargo: `echo "cargo $*" >>"${dir}/called"`, rustc: `echo "${dir}/std"` };
  mkdirSync(join(dir, "std"));
  writeFileSync(join(dir, "std/libstd-0.rlib"), "");
  const { stderr } = await run(dir, ["bash", "scripts/build.sh"], { functions });
  assert.match(stderr, /the bundle did not build/);
  assert.deepEqual(readFileSync(join(dir, "called"), "utf8").trim().split("\n"), ["cargo fetch --locked --quiet", "trunk true"]);
});

// ---- the compiler

/** The toolchain that lib.sh selects on a machine whose rustup has these toolchains for the browser. The first is rustup's default. */
async function selected(t, toolchains) {
  const dir = copy(t);
  mkdirSync(join(dir, "std"));
  writeFileSync(join(dir, "std/libstd-0.rlib"), "");
  const pinned = /^channel = "(.*)"$/m.exec(read("rust-toolchain.toml"))[1];
  const functions = {
    rustup: `[ "$*" = default ] && echo "${toolchains[0]} (default)"`,
    rustc: `case " ${toolchains.join(" ")} " in
      *" \${RUSTUP_TOOLCHAIN:-${pinned}} "*) echo "${dir}/std" ;;
      *) [ "\${RUSTUP_AUTO_INSTALL:-}" = 0 ] || echo >"${dir}/downloaded"; return 1 ;;
    esac`,
  };
  const { stdout } = await run(dir, ["bash", "-c", ". scripts/lib.sh; use_toolchain; echo \"$?\" \"${RUSTUP_TOOLCHAIN:-pinned}\""], { functions });
  assert.ok(!existsSync(join(dir, "downloaded")), "rustup would download a toolchain");
  return stdout.trim();
}

test("the pinned compiler is used if rustup has it, otherwise rustup's default", async (t) => {
  assert.equal(await selected(t, ["stable-x", "1.95.0"]), "0 pinned");
  assert.equal(await selected(t, ["stable-x"]), "0 stable-x");
});

test("set-up installs the pinned compiler with the target, and does not try again where rustup can't fetch it", async (t) => {
  const dir = copy(t);
  mkdirSync(join(dir, "std"));
  writeFileSync(join(dir, "std/libstd-0.rlib"), "");
  const called = join(dir, "called");
  const functions = {
    rustup: `if [ "$*" = default ]; then echo "stable-x (default)"; else echo "$*" >>"${called}"; return 1; fi`,
    rustc: `[ "\${RUSTUP_TOOLCHAIN:-}" = stable-x ] && echo "${dir}/std"`,
    cargo: ":",
    cc: ":",
  };
  for (const _ of [1, 2]) {
    const { code, stderr } = await run(dir, ["bash", "scripts/setup.sh", "rust"], { functions });
    assert.equal(code, 0, stderr);
  }
  const calls = readFileSync(called, "utf8").trim().split("\n");
  assert.equal(calls.length, 1);
  assert.match(calls[0], /^toolchain install 1\.\d+\.\d+ .*--target wasm32-unknown-unknown$/);
});

test("rust-toolchain.toml names a release and nothing that rustup would add to an installed toolchain", () => {
  const lines = read("rust-toolchain.toml").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const oldest = /^rust-version = "(.*)"$/m.exec(read("Cargo.toml"))[1];
  assert.deepEqual(lines, ["[toolchain]", `channel = "${oldest}.0"`]);
});
