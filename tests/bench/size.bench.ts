// How many bytes are loaded.

import { bundleFiles, sum, whole } from "../../scripts/budget.mjs";
import { test } from "../e2e/support/fixtures";
import { DIST } from "../e2e/support/paths";
import { report } from "./support/row";
import { OUT } from "./support/sites";

const GOAL = { of: "value", at: "<=", limit: 150_000 } as const;

test("bundle", () => {
  const files = bundleFiles(DIST);
  const page = bundleFiles(`${OUT}/sites/react`);
  const react = sum([...page.signIn, ...page.later]);
  const than = "React's bare form";
  report({ name: "bundle.total", value: sum(files.signIn), unit: "bytes", against: react, than, goal: GOAL });
  report({ name: "bundle.total.whole", value: whole(files), unit: "bytes", against: react, than, goal: GOAL });
});
