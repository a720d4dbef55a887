// Writes the generated parts of docs/reliability.md: the fault matrix from Playwright's reports (target/reliability/matrix*.json,
// one for each part of a run) and the tables of broken safeguards from scripts/mutate.mjs. It writes a part only if its results
// exist, and must not judge them.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOC = `${ROOT}docs/reliability.md`;
const RESULTS = `${ROOT}target/reliability/`;
const MUTATIONS = `${RESULTS}mutations.json`;

/** The annotation of a cell that failed. */
const FAILED = "**FAILED**";

/** All tests of a Playwright report. */
function* tests(suite) {
  for (const spec of suite.specs ?? []) yield spec;
  for (const inner of suite.suites ?? []) yield* tests(inner);
}

/**
 * The matrix as a sentence and a Markdown table: classes as rows, operations as columns. Each cell is an annotation of its
 * operation's test.
 */
export function matrix(reports) {
  const cells = new Map();
  const columns = [];
  const specs = reports.flatMap((report) => [...tests(report)]);
  const annotations = specs.flatMap((spec) => spec.tests?.[0]?.results?.at(-1)?.annotations ?? []);
  for (const { type, description } of annotations) {
    const [, column, row] = /^(.+) × (.+)$/.exec(type) ?? [];
    if (!row) continue;
    if (!columns.includes(column)) columns.push(column);
    cells.set(row, (cells.get(row) ?? new Map()).set(column, description));
  }
  const lines = [["class", ...columns], ["---", ...columns.map(() => "---")]];
  for (const [row, of] of cells) lines.push([row, ...columns.map((column) => of.get(column) ?? "")]);
  const outcomes = [...cells.values()].flatMap((of) => [...of.values()]);
  const failed = outcomes.filter((outcome) => outcome === FAILED).length;
  const date = reports.map((report) => report.stats.startTime.slice(0, 10)).sort().at(-1);
  const held = failed ? `${outcomes.length - failed} held and ${failed} did not` : "all held";
  const sentence = `${cells.size} classes, ${columns.length} operations, ${outcomes.length} cells, run on ${date}: ${held}.`;
  return `${sentence}\n\n${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}`;
}

/** The table of broken safeguards. */
export function mutations(results) {
  const by = ({ failed, by, more }) => (failed ? by.map((name) => `\`${name}\``).join(", ") + (more ? ` and ${more} more` : "") : "**no test**");
  const lines = results.map((result) => `| ${result.name} | \`${result.path}\` | ${by(result)} |`);
  return ["| broken safeguard | file | noticed by |", "| --- | --- | --- |", ...lines].join("\n");
}

/** The table of safeguards of the engine whose removal its exploration has found. */
export function traces(results) {
  const found = results.filter(({ trace }) => trace).map(({ name, trace }) => `| ${name} | \`${trace.world}\` | ${trace.steps.length} | ${trace.broken} |`);
  return ["| broken safeguard | world | steps | what is wrong then |", "| --- | --- | ---: | --- |", ...found].join("\n");
}

/** The document with the text between the marks of `name` replaced. */
export function replaced(text, name, content) {
  const [begin, end] = [`<!-- ${name}: written by scripts/reliability.mjs -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOC}: the marks of ${name} are missing`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

function main() {
  let text = readFileSync(DOC, "utf8");
  const read = (file) => JSON.parse(readFileSync(file, "utf8"));
  const parts = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => /^matrix.*\.json$/.test(name)) : [];
  if (parts.length) text = replaced(text, "matrix", matrix(parts.sort().map((name) => read(RESULTS + name))));
  if (existsSync(MUTATIONS)) {
    text = replaced(text, "mutations", mutations(read(MUTATIONS)));
    text = replaced(text, "traces", traces(read(MUTATIONS)));
  }
  writeFileSync(DOC, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
