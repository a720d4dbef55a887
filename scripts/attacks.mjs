// Prints how many hostile inputs the proxy tests sent, by area, from the files that tests/proxy/lib/attacks.js wrote into FOLDER.
// Usage: attacks.mjs FOLDER [--check | --write]. --check fails if docs/security.md claims more than were sent; --write updates it.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../docs/security.md", import.meta.url));
const BLOCK = /(<!-- attacks: scripts\/attacks\.mjs -->\n)([^]*?)(\n\n|$)/;

/** The sums by area of a list of counts. */
export function sums(counts) {
  const all = {};
  for (const [area, times] of counts.flatMap((one) => Object.entries(one))) all[area] = (all[area] ?? 0) + times;
  return all;
}

/** The table for the docs. */
export function table(all) {
  const rows = Object.entries(all).sort(([a], [b]) => a.localeCompare(b)).map(([area, times]) => `| ${area} | ${times} |`);
  const total = Object.values(all).reduce((sum, times) => sum + times, 0);
  return ["| area | inputs |", "| --- | --- |", ...rows, `| all | ${total} |`].join("\n");
}

/** The areas for which a page claims more inputs than were sent: `area: claimed, sent`. */
export function overstated(page, all) {
  const [, , block] = BLOCK.exec(page) ?? ["", "", ""];
  const claims = [...block.matchAll(/^\| (?!all |area )(.+?) \| (\d+) \|$/gm)].map(([, area, times]) => [area, Number(times)]);
  if (claims.length === 0) return ["the page has no table"];
  return claims.filter(([area, times]) => times > (all[area] ?? 0)).map(([area, times]) => `${area}: ${times} claimed, ${all[area] ?? 0} sent`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, mode] = process.argv;
  const all = sums(readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8"))));
  console.log("hostile inputs:", Object.values(all).reduce((sum, times) => sum + times, 0));
  for (const [area, times] of Object.entries(all).sort(([a], [b]) => a.localeCompare(b))) console.log(`  ${area}: ${times}`);
  const page = readFileSync(PAGE, "utf8");
  if (mode === "--write") writeFileSync(PAGE, page.replace(BLOCK, (_, start, __, end) => start + table(all) + end));
  if (mode === "--check") {
    const wrong = overstated(page, all);
    if (wrong.length > 0) {
      console.error(`docs/security.md claims more than the tests send:\n${wrong.join("\n")}`);
      process.exitCode = 1;
    }
  }
}
