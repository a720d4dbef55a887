// Writes the generated parts of docs/reliability.md: the fault matrix from Playwright's report and the table of broken
// safeguards from scripts/mutate.mjs. Each part is written only where its results are there. It must not judge them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOC = `${ROOT}docs/reliability.md`;
const MATRIX = `${ROOT}target/reliability/matrix.json`;
const MUTATIONS = `${ROOT}target/reliability/mutations.json`;

/** All tests of a Playwright report. */
function* tests(suite) {
  for (const spec of suite.specs ?? []) yield spec;
  for (const inner of suite.suites ?? []) yield* tests(inner);
}

/** The matrix as a Markdown table: classes down, operations across. A cell is an annotation of its operation's test. */
export function matrix(report) {
  const cells = new Map();
  const columns = [];
  const annotations = [...tests(report)].flatMap((spec) => spec.tests?.[0]?.results?.at(-1)?.annotations ?? []);
  for (const { type, description } of annotations) {
    const [, column, row] = /^(.+) × (.+)$/.exec(type) ?? [];
    if (!row) continue;
    if (!columns.includes(column)) columns.push(column);
    cells.set(row, (cells.get(row) ?? new Map()).set(column, description));
  }
  const lines = [["class", ...columns], ["---", ...columns.map(() => "---")]];
  for (const [row, of] of cells) lines.push([row, ...columns.map((column) => of.get(column) ?? "")]);
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** The table of broken safeguards. */
export function mutations(results) {
  const by = ({ failed, by, more }) => (failed ? by.map((name) => `\`${name}\``).join(", ") + (more ? ` and ${more} more` : "") : "**nobody**");
  const lines = results.map((result) => `| ${result.name} | \`${result.path}\` | ${by(result)} |`);
  return ["| broken | in | noticed by |", "| --- | --- | --- |", ...lines].join("\n");
}

/** The document with what stands between the marks of `name` replaced. */
export function replaced(text, name, content) {
  const [begin, end] = [`<!-- ${name}: written by scripts/reliability.mjs -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${DOC}: the marks of ${name} are missing`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

function main() {
  let text = readFileSync(DOC, "utf8");
  for (const [name, file, render] of [["matrix", MATRIX, matrix], ["mutations", MUTATIONS, mutations]]) {
    if (existsSync(file)) text = replaced(text, name, render(JSON.parse(readFileSync(file, "utf8"))));
  }
  writeFileSync(DOC, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
