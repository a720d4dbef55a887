// Reads the line coverage of the engine and the client from an lcov file, prints it for each file, and fails if one of the two is
// below the limit. Lines of tests don't count.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The least share of executed lines, in percent. */
const LEAST = 95;
/** What is measured: a name and the files below a folder. */
const PARTS = { engine: "crates/core/src/engine/", client: "crates/client/src/" };
const TESTS = /\/(?:tests\.rs|exploration\/)/;

/** The number of the line with which a file's tests begin. */
export function endOf(source) {
  const tests = source.search(/^#\[cfg\(test\)\]\s*mod \w+ \{/m);
  return tests < 0 ? Infinity : source.slice(0, tests).split("\n").length;
}

/** The files in an lcov text: path, executed lines and all lines, without those of tests. `read` gives the source of a path. */
export function filesIn(lcov, read) {
  const files = [];
  for (const record of lcov.split("end_of_record")) {
    const path = /^SF:(.*)$/m.exec(record)?.[1];
    if (path === undefined || TESTS.test(path)) continue;
    const end = endOf(read(path));
    const counts = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].filter(([, line]) => Number(line) < end).map(([, , times]) => Number(times));
    files.push({ path, executed: counts.filter((times) => times > 0).length, lines: counts.length });
  }
  return files;
}

/** The share of executed lines in percent, rounded down to one digit. */
export function share(files) {
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  return sum("lines") === 0 ? 0 : Math.floor((sum("executed") / sum("lines")) * 1000) / 10;
}

function main() {
  const files = filesIn(readFileSync(process.argv[2], "utf8"), (path) => readFileSync(path, "utf8"));
  for (const [name, folder] of Object.entries(PARTS)) {
    const part = files.filter(({ path }) => path.startsWith(join(ROOT, folder)));
    for (const { path, executed, lines } of part) console.log(`${path.slice(ROOT.length)}: ${executed} of ${lines}`);
    const executed = share(part);
    console.log(`${name}: ${executed} % of the lines`);
    if (executed < LEAST) {
      console.error(`the limit is ${LEAST} %`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
