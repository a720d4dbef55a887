// Tests the signature of a release with keys that exist only during the test: what was signed verifies, and nothing else does. The
// commands of docs/releasing.md run too.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const script = (name, ...args) => spawnSync(join(ROOT, "scripts", name), args, { encoding: "utf8" });

/** A release of two files, a key, and the list of signers with that key. */
function release(t) {
  const dir = mkdtempSync(join(tmpdir(), "sign-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const out = join(dir, "release-1.0.0");
  mkdirSync(out);
  for (const name of ["curfew-1.0.0.tar.gz", "curfew-demo-1.0.0.tar.gz"]) writeFileSync(join(out, name), `bytes of ${name}`);
  const sums = () => writeFileSync(join(out, "SHA256SUMS"), execFileSync("sh", ["-c", "sha256sum -- *.tar.gz"], { cwd: out }));
  sums();
  const key = (name) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(dir, name)]);
    return join(dir, name);
  };
  const signers = join(dir, "signers");
  const trusted = key("trusted");
  writeFileSync(signers, `owner@example.test namespaces="curfew-release,git" ${readFileSync(`${trusted}.pub`, "utf8")}`);
  return { dir, out, sums, key, trusted, signers, sign: (by = trusted) => script("sign.sh", by, out), verify: () => script("verify.sh", out, signers) };
}

/** Asserts that a command was refused with a message. */
function refused({ status, stderr }, message) {
  assert.notEqual(status, 0);
  assert.match(stderr, message);
}

test("a release that was signed verifies, also if only some of its files were downloaded", (t) => {
  const { out, sign, verify } = release(t);
  assert.equal(sign().status, 0);
  const { status, stderr } = verify();
  assert.equal(status, 0, stderr);
  assert.match(stderr, /signed by owner@example\.test/);
  rmSync(join(out, "curfew-1.0.0.tar.gz"));
  assert.equal(verify().status, 0);
});

test("a changed file is refused, by the signer and by the reader", (t) => {
  const { out, sign, verify } = release(t);
  assert.equal(sign().status, 0);
  appendFileSync(join(out, "curfew-1.0.0.tar.gz"), "x");
  refused(verify(), /not the one that was signed/);
  refused(sign(), /are not those that SHA256SUMS lists/);
});

test("a changed list of checksums is refused", (t) => {
  const { out, sums, sign, verify } = release(t);
  assert.equal(sign().status, 0);
  appendFileSync(join(out, "curfew-1.0.0.tar.gz"), "x");
  sums();
  refused(verify(), /does not fit/);
});

test("a file that is not in the list is refused", (t) => {
  const { out, sign, verify } = release(t);
  assert.equal(sign().status, 0);
  writeFileSync(join(out, "install.sh"), "");
  refused(verify(), /install\.sh is not in SHA256SUMS/);
});

test("another key, another purpose of the same key, and no signature are refused", (t) => {
  const { out, key, trusted, sign, verify } = release(t);
  refused(verify(), /not signed/);
  assert.equal(sign(key("stranger")).status, 0);
  refused(verify(), /nobody in/);
  rmSync(join(out, "SHA256SUMS.sig"));
  execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", "git", "-f", trusted, join(out, "SHA256SUMS")], { stdio: "ignore" });
  refused(verify(), /does not fit/);
});

test("the list in the repository trusts nobody who is not named in it", (t) => {
  const { out, sign } = release(t);
  assert.equal(sign().status, 0);
  refused(script("verify.sh", out), /nobody in/);
});

test("the commands of the docs verify a release and a tag", (t) => {
  const { dir, out, trusted, signers, sign } = release(t);
  assert.equal(sign().status, 0);
  const page = readFileSync(join(ROOT, "docs/releasing.md"), "utf8");
  const blocks = [...page.matchAll(/<!-- scripts\/sign\.test\.mjs runs this block\. -->\n```bash\n(.*?)```/gs)].map(([, block]) => block);
  assert.equal(blocks.length, 2);
  const env = { ...process.env, HOME: dir, GIT_CONFIG_NOSYSTEM: "1" };
  const run = (command, cwd) => spawnSync("bash", ["-euo", "pipefail", "-c", command], { cwd, env, encoding: "utf8" });
  const [tagging, checking] = blocks;
  writeFileSync(join(out, "release-signers"), readFileSync(signers));
  const files = run(checking, out);
  assert.equal(files.status, 0, files.stderr);

  const repository = join(dir, "repository");
  mkdirSync(repository);
  writeFileSync(join(repository, "release-signers"), readFileSync(signers));
  const git = (...args) => execFileSync("git", args, { cwd: repository, env, stdio: "pipe" });
  git("init", "--quiet");
  git("config", "user.name", "owner");
  git("config", "user.email", "owner@example.test");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
  const tag = run(tagging.replaceAll("~/.ssh/curfew_release", trusted), repository);
  assert.equal(tag.status, 0, tag.stderr);
  git("tag", "--force", "v0.2.0");
  const plain = run("git verify-tag v0.2.0", repository);
  assert.notEqual(plain.status, 0, "a tag without a signature is refused");
});
