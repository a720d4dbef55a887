// Writes the rows: results.json, the table in the terminal, and the figures in docs/performance.md. Rows that were not
// measured this time stay unchanged.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import type { FullResult, Reporter, TestCase } from "@playwright/test/reporter";
import { ROOT } from "../../e2e/support/paths";
import { OUT } from "./sites";
import { judged, type Row } from "./judged";

const RESULTS = `${OUT}/results.json`;
const DOC = `${ROOT}/docs/performance.md`;

export default class Rows implements Reporter {
  private readonly rows: Row[] = [];

  onTestEnd(test: TestCase): void {
    for (const { type, description } of test.annotations) {
      if (type === "row" && description) this.rows.push(JSON.parse(description) as Row);
    }
  }

  onEnd({ duration }: FullResult): void {
    if (this.rows.length === 0) return;
    // A filtered run leaves rows out.
    if (!process.argv.some((flag) => /^(--grep|-g)/.test(flag))) this.rows.push(judged({ name: "bench.minutes", value: duration / 60_000, unit: "min", goal: { of: "value", at: "<=", limit: 15 } }));
    const names = new Set(this.rows.map((row) => row.name));
    const kept = before().filter((row) => !names.has(row.name));
    const all = [...kept, ...this.rows].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
    mkdirSync(OUT, { recursive: true });
    writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
    console.log(`\n${this.rows.map(line).join("\n")}\n`);
    if (process.env.BENCH_DOC === "1") writeDoc(all);
  }
}

const ORDER = ["bundle", "load", "console", "task", "find", "job", "inventory", "names", "paste", "poll", "batch", "memory", "test", "bench"];
const place = (row: Row) => ORDER.indexOf(row.name.split(".")[0] ?? "");

function before(): Row[] {
  try {
    return JSON.parse(readFileSync(RESULTS, "utf8")) as Row[];
  } catch {
    return [];
  }
}

function amount(value: number | null, unit: string): string {
  if (value === null) return "";
  if (unit === "bytes") return `${(value / 1000).toFixed(1)} kB`;
  if (unit === "ms" && value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

function line(row: Row): string {
  const ratio = row.ratio === null ? "" : `${row.ratio.toFixed(2)}x of ${amount(row.against, row.unit)} ${row.than}`;
  return [row.met ? "met   " : "MISSED", row.name.padEnd(26), amount(row.value, row.unit).padStart(12), row.goal.padEnd(14), ratio].join(" ");
}

function writeDoc(rows: Row[]): void {
  const version = execFileSync(process.env.CHROMIUM ?? "/usr/bin/chromium", ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const cells = rows.map((row) => {
    const other = row.against === null ? "" : `${amount(row.against, row.unit)} ${row.than}`;
    const ratio = row.ratio === null ? "" : row.ratio.toFixed(2);
    return `| \`${row.name}\` | ${amount(row.value, row.unit)} | ${other} | ${ratio} | ${row.goal} | ${row.met ? "yes" : "**no**"} | ${row.runs} | ${row.load.toFixed(1)} |`;
  });
  const table = [
    `${version.replace(/ built on.*| \(.*|, running.*/, "")}, ${cpus().length} cores.`,
    "",
    "| row | Curfew | against | ratio | goal | met | runs | load |",
    "| --- | ---: | --- | ---: | --- | --- | ---: | ---: |",
    ...cells,
  ];
  const doc = readFileSync(DOC, "utf8");
  const marks = /(<!-- figures -->\n)[\s\S]*(<!-- end of figures -->)/;
  writeFileSync(DOC, doc.replace(marks, (_, start: string, end: string) => `${start}\n${table.join("\n")}\n\n${end}`));
}
