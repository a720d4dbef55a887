// How many bytes there are to load.

import { readdirSync, statSync } from "node:fs";
import { test } from "../e2e/support/fixtures";
import { DIST } from "../e2e/support/paths";
import { report } from "./support/row";
import { OUT, signInFiles } from "./support/sites";

const GOAL = { of: "value", at: "<=", limit: 150_000 } as const;

/** Bytes of brotli of the files in a folder, but for these. */
function bytesIn(folder: string, ...but: string[]): number {
  const files = readdirSync(folder).filter((file) => file.endsWith(".br") && !but.includes(file.replace(/\.br$/, "")));
  return files.reduce((sum, file) => sum + statSync(`${folder}/${file}`).size, 0);
}

test("bundle", () => {
  const files = signInFiles();
  const signIn = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const react = bytesIn(`${OUT}/sites/react`);
  const than = "React's bare form";
  report({ name: "bundle.total", value: signIn, unit: "bytes", against: react, than, goal: GOAL });
  // embed.js is the portal's; all else is loaded sooner or later.
  const whole = signIn + bytesIn(DIST, "embed.js", ...files.map(({ name }) => name));
  report({ name: "bundle.total.whole", value: whole, unit: "bytes", against: react, than, goal: GOAL });
});
