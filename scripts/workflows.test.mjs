// Tests that GitHub's workflows run what `make test` runs, with actions that can't change, and that everything that an owner must fill in is
// listed. The workflows themselves have not run.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
const read = (file) => readFileSync(join(ROOT, file), "utf8");
const workflows = readdirSync(join(ROOT, ".github/workflows")).map((name) => [name, read(`.github/workflows/${name}`)]);

test("CI has a job for each part of make test", () => {
  const [, parts] = /^test: (.*?) ##/m.exec(read("Makefile"));
  const [, targets] = /target: \[(.*)\]/.exec(read(".github/workflows/ci.yml"));
  assert.deepEqual(targets.split(", "), parts.split(" "));
});

for (const [name, text] of workflows) {
  test(`${name}: every action is a commit, no job may write more than it must, and the file says that it has not run`, () => {
    const used = [...text.matchAll(/uses: (\S+)( # v[\d.]+)?$/gm)];
    assert.ok(used.length > 0);
    for (const [line, action, version] of used) assert.ok(/@[0-9a-f]{40}$/.test(action) && version, line);
    assert.match(text, /^permissions:(?: \{\}|\n {2}contents: read)$/m);
    assert.match(text, /^# NOT RUN YET/);
    assert.doesNotMatch(text, /secrets\.|pull_request_target/);
  });
}

test("the workflows and the devcontainer use the compiler of this repository", () => {
  const [, channel] = /^channel = "(.*)"$/m.exec(read("rust-toolchain.toml"));
  for (const [name, text] of [...workflows, ["Dockerfile", read(".devcontainer/Dockerfile")]]) {
    const images = [...text.matchAll(/\brust:([\w.]+)-bookworm/g)].map(([, version]) => version);
    assert.ok(images.length > 0, name);
    assert.deepEqual([...new Set(images)], [channel], name);
  }
});

test("docs/releasing.md lists all places of the owner", () => {
  const marked = execFileSync("git", ["grep", "--untracked", "-lE", "^[^A-Za-z]*OWNER: "], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
  const [, table] = /\| place \| what \|\n\| --- \| --- \|\n(.*?)\n\n/s.exec(read("docs/releasing.md"));
  assert.deepEqual(marked.sort(), table.split("\n").map((line) => /^\| `(.*?)`/.exec(line)[1]).sort());
});
