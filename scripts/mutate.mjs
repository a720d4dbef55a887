// Breaks safeguards, one at a time, in a copy of the sources, and shows that a test fails for each. `node scripts/mutate.mjs`
// runs all, a word runs those whose name holds it. Results: target/reliability/mutations.json, from which
// scripts/reliability.mjs writes its table. It must not touch the sources themselves.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CORE = "crates/core/src";

/** What is broken, where, how, and the tests that are run: cargo's arguments after `test`. Each text stands once in its file. */
const MUTATIONS = [
  ["a job is begun twice, so a request is sent twice", `${CORE}/job/mod.rs`, "if self.state.phase != Phase::Confirmed || waiting.job() != self.id {", "if waiting.job() != self.id {", "core job"],
  ["what is about to be sent can be copied", `${CORE}/plan/confirmed.rs`, "#[derive(Debug, PartialEq, Eq)]\npub struct Unsent", "#[derive(Debug, Clone, PartialEq, Eq)]\npub struct Unsent", "doc Unsent"],
  ["a reload leaves an unsent request to be sent", `${CORE}/job/state.rs`, "Observation::Reloaded => Phase::NotSent(NotSent::Reloaded),", "Observation::Reloaded => return Effect::Fits,", "core job"],
  ["a sign-out leaves an unsent request to be sent", `${CORE}/job/state.rs`, "Observation::SignedOut => Phase::NotSent(NotSent::SignedOut),", "Observation::SignedOut => return Effect::Fits,", "core job"],
  ["the result of a finished task is ignored", `${CORE}/job/phase.rs`, "if complete && done", "if done", "core job"],
  ["what BIG-IQ says failed is ignored", `${CORE}/job/phase.rs`, "&& sight.troubles.is_empty()", "", "core job"],
  ["an ended job changes its end", `${CORE}/job/state.rs`, "Phase::NotSent(_) | Phase::Rejected(_) | Phase::Ended(_) => self.over(what),", "Phase::NotSent(_) | Phase::Rejected(_) => self.over(what),\n            Phase::Ended(_) => self.watched(at, what, times),", "core job"],
  ["the gate takes any phrase", `${CORE}/gate.rs`, "&& folded(&render(phrase)) != folded(&answer.phrase)", "&& answer.phrase.is_empty()", "core gate"],
  ["the gate takes no reason for one", `${CORE}/gate.rs`, "self.wants_reason() && answer.reason.trim().is_empty()", "self.wants_reason() && false", "core gate"],
  ["a configuration takes the phrase away", `${CORE}/plan/basis.rs`, "usize::from(config.phrase_above).min(MANY)", "usize::from(config.phrase_above) + MANY", "core"],
  ["another job's task is adopted", `${CORE}/reconcile.rs`, "self.seen_before.contains(id) || owned(id)", "self.seen_before.contains(id)", "core reconcile"],
  ["one of several candidates is adopted", `${CORE}/reconcile.rs`, "[only] => return", "[only, ..] => return", "core reconcile"],
  ["one look at the list is enough to say that there is no task", `${CORE}/reconcile.rs`, "(listing.at.since(first) >= SPREAD)", "true", "core"],
  ["a cut reading proves that sessions are gone", `${CORE}/verify/check.rs`, "&& fresh.iter().all(|r| r.is_complete())", "", "core verify"],
  ["a reading from before the kill proves that sessions are gone", `${CORE}/verify/check.rs`, ".filter(|reading| reading.read_at() >= since)", "", "core verify"],
  ["a formula in the middle of a CSV cell is let through", `${CORE}/record/csv.rs`, "if starts && matches!", "if place == 0 && matches!", "core csv"],
  ["looks at a task know no shortest and longest wait", `${CORE}/poll.rs`, ".max(at_least).clamp(SHORTEST, LONGEST)", ".max(at_least)", "core poll"],
  ["Retry-After is ignored", `${CORE}/poll.rs`, "pace.retry_after.unwrap_or_default()", "Duration::ZERO", "core poll"],
  ["a quote can break out of a filter", "crates/bigiq/src/odata.rs", "matches!(c, '\\'' | '*' | '\\\\')", "matches!(c, '*' | '\\\\')", "bigiq odata"],
  ["an id of dots climbs out of its path", "crates/bigiq/src/odata.rs", "if segment.is_empty() || segment == \".\" || segment == \"..\" {", "if segment.is_empty() {", "bigiq"],
  ["a link's host and path are followed", "crates/bigiq/src/link.rs", "path.rsplit('/').next().unwrap_or_default()", "path", "bigiq"],
];

const PACKAGE = { core: ["-p", "curfew-core", "--lib"], bigiq: ["-p", "bigiq", "--lib"], doc: ["-p", "curfew-core", "--doc"] };

function test(folder, which) {
  const [kind, ...filter] = which.split(" ");
  const args = ["test", "--locked", "--quiet", ...PACKAGE[kind], ...filter];
  const run = spawnSync("cargo", args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  const out = run.stdout + run.stderr;
  const failed = /^test result: FAILED/m.test(out);
  if (run.status !== 0 && !failed) throw new Error(`it does not even compile:\n${out.slice(-2000)}`);
  return { failed, names: [...out.matchAll(/^---- (\S+).*stdout ----$/gm)].map(([, name]) => name) };
}

function main() {
  // Always the same folder, so that what was built there before is not built again.
  const folder = join(ROOT, "target/mutate");
  const out = join(ROOT, "target/reliability/mutations.json");
  mkdirSync(dirname(out), { recursive: true });
  const results = [];
  const before = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : [];
  try {
    const files = execFileSync("git", ["ls-files", "-z", "--", ":!docs/pictures"], { cwd: ROOT, encoding: "utf8" });
    for (const file of files.split("\0").filter(Boolean)) cpSync(join(ROOT, file), join(folder, file), { preserveTimestamps: true });
    const word = process.argv[2] ?? "";
    const chosen = MUTATIONS.filter(([name]) => name.includes(word));
    for (const which of new Set(chosen.map(([, , , , which]) => which))) {
      if (test(folder, which).failed) throw new Error(`${which}: fails with nothing broken`);
    }
    for (const [name, path, from, to, which] of chosen) {
      const file = join(folder, path);
      const source = readFileSync(file, "utf8");
      if (source.split(from).length !== 2) throw new Error(`${path}: does not stand there once: ${from}`);
      writeFileSync(file, source.replace(from, () => to));
      const { failed, names } = test(folder, which);
      writeFileSync(file, source);
      results.push({ name, path, failed, by: names.slice(0, 3), more: Math.max(0, names.length - 3) });
      const kept = before.filter((old) => MUTATIONS.some(([known]) => known === old.name) && !results.some(({ name }) => name === old.name));
      writeFileSync(out, JSON.stringify([...kept, ...results], null, 1));
      console.log(`${failed ? "noticed" : "NOT NOTICED"}: ${name} (${names.slice(0, 3).join(", ")})`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const missed = results.filter(({ failed }) => !failed).length;
  console.log(`${results.length - missed} passed, ${missed} failed`);
  process.exitCode = missed > 0 || results.length === 0 ? 1 : 0;
}

main();
