// Counts the hostile inputs that the tests send, by area. scripts/test-proxy.sh prints the sums, from files in CURFEW_ATTACKS.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const counts = {};

/** Counts inputs that were sent to a server. */
export function attacked(area, times = 1) {
  counts[area] = (counts[area] ?? 0) + times;
}

process.on("exit", () => {
  const folder = process.env.CURFEW_ATTACKS;
  if (folder && Object.keys(counts).length > 0) writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(counts));
});
