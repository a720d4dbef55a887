// How many bytes are loaded, and how long the last complete run of all tests took.

import { existsSync, readFileSync } from "node:fs";
import { bundleFiles, mainJob, sum, whole } from "../../scripts/budget.mjs";
import { test } from "../e2e/support/fixtures";
import { DIST } from "../e2e/support/paths";
import { report } from "./support/row";
import { OUT } from "./support/sites";

const goal = (limit: number) => ({ of: "value", at: "<=", limit }) as const;

test("bundle", () => {
  const files = bundleFiles(DIST);
  const page = bundleFiles(`${OUT}/sites/react`);
  const react = sum([...page.signIn, ...page.later]);
  const than = "React's bare form";
  report({ name: "bundle.total", value: sum(files.signIn), unit: "bytes", against: react, than, goal: goal(150_000) });
  report({ name: "bundle.main-job", value: mainJob(files), unit: "bytes", against: react, than, goal: goal(430_000) });
  report({ name: "bundle.total.whole", value: whole(files), unit: "bytes", against: react, than, goal: goal(530_000) });
});

test("the time of make test", ({}, { skip }) => {
  // `make test` writes it when everything has passed.
  const file = `${OUT}/test.seconds`;
  skip(!existsSync(file), "make test has not run to its end here");
  report({ name: "test.minutes", value: Number(readFileSync(file, "utf8")) / 60, unit: "min", goal: goal(14) });
});
