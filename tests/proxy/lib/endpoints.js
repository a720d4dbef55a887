// The calls that the app may make, from crates/bigiq. All allow-lists are compared with this list.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEndpoints } from "../../../scripts/proxies.mjs";

const repository = join(import.meta.dirname, "../../..");

/** `{name, method, path, open, queries}`; `{}` in a path stands for one segment. */
export const endpoints = readEndpoints();

/** Every URI that a real BIG-IQ is known to register. */
export const registered = readFileSync(join(repository, "crates/simulator/fixtures/registered-uris.txt"), "utf8")
  .split("\n").filter((line) => line.startsWith("/"));

/** Whether a path without its query matches an endpoint. */
export function covers(endpoint, path) {
  const [pattern, given] = [endpoint.path.split("/"), path.split("/")];
  return pattern.length === given.length && pattern.every((p, i) => (p === "{}" ? given[i] !== "" : p === given[i]));
}

/** An endpoint's path with a realistic ID in place of `{}`. */
export const example = ({ path }) => path.replace("{}", "3f2504e0-4f89-11d3-9a0c-0305e82c3301");
