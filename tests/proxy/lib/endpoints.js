// The calls that the app may make, as crates/bigiq states them. The one truth that every allow-list is held against.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../../..");

/** `{name, method, path, open}`; `{}` in a path stands for one segment. */
export const endpoints = JSON.parse(
  execFileSync("cargo", ["run", "--quiet", "--package", "bigiq", "--example", "endpoints"], { cwd: repository }),
);

/** Every URI that a real BIG-IQ was seen to register. */
export const registered = readFileSync(join(repository, "crates/simulator/fixtures/registered-uris.txt"), "utf8")
  .split("\n").filter((line) => line.startsWith("/"));

/** Whether a path, without query, is one of an endpoint's. */
export function covers(endpoint, path) {
  const [pattern, given] = [endpoint.path.split("/"), path.split("/")];
  return pattern.length === given.length && pattern.every((p, i) => (p === "{}" ? given[i] !== "" : p === given[i]));
}

/** The endpoint's path with a segment that BIG-IQ could really have there. */
export const example = ({ path }) => path.replace("{}", "3f2504e0-4f89-11d3-9a0c-0305e82c3301");
