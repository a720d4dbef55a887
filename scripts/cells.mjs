// Compares what was seen in each cell of the fault matrix on the host with what was seen in the browser: what was shown, and the
// requests that BIG-IQ received. Usage: node scripts/cells.mjs HOST BROWSER, two folders with a JSON file for each operation
// (crates/client/tests/client/cells.rs and tests/e2e/matrix.spec.ts write them). Any difference is an error.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The cells of a folder by their names. */
export function cells(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return new Map(
    files.flatMap((file) => {
      const classes = JSON.parse(readFileSync(join(folder, file), "utf8"));
      return Object.entries(classes).map(([name, cell]) => [`${file.slice(0, -".json".length)} × ${name}`, cell]);
    }),
  );
}

/** What differs, one text a cell. */
export function differences(host, browser) {
  const names = new Set([...host.keys(), ...browser.keys()]);
  return [...names].sort().flatMap((name) => {
    const [here, there] = [host.get(name), browser.get(name)];
    if (!here || !there) return [`${name}: did not run ${here ? "in the browser" : "on the host"}`];
    const parts = [];
    if (here.shown !== there.shown) parts.push(`shown: ${here.shown} on the host, ${there.shown} in the browser`);
    const [ours, theirs] = [here.requests.join("\n    "), there.requests.join("\n    ")];
    if (ours !== theirs) parts.push(`requests on the host\n    ${ours}\n  and in the browser\n    ${theirs}`);
    return parts.length > 0 ? [`${name}: ${parts.join("; ")}`] : [];
  });
}

function main([host, browser]) {
  const [ours, theirs] = [cells(host), cells(browser)];
  const found = differences(ours, theirs);
  for (const text of found) console.error(text);
  console.log(`${ours.size} cells on the host, ${theirs.size} in the browser, ${found.length} differences`);
  if (found.length > 0 || ours.size === 0) process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
