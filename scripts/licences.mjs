// Checks the licences of all dependencies against deny.toml, and writes their texts. It uses cargo's metadata and no network.
// Usage: node licences.mjs check | texts FILE [bundle|simulator|container]...

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const RULES = readFileSync(join(root, "deny.toml"), "utf8");

/** The entries of a list in a section of deny.toml. */
const listed = (section, name, entry) => {
  const [, list] = new RegExp(`^\\[${section}\\]\\n(?:.*\\n)*?${name} = \\[\\n((?:  .*\\n)*)\\]`, "m").exec(RULES);
  return [...list.matchAll(entry)];
};

const ALLOWED = new Set(listed("licenses", "allow", /^ {2}"(.*)",$/gm).map(([, name]) => name));

/** Packages that must not be used, not even indirectly, with the reason. */
const BANNED = new Map(listed("bans", "deny", /crate = "(.*?)", reason = "(.*)"/g).map(([, name, reason]) => [name, reason]));

/** Whether the allowed licences alone satisfy a licence expression (SPDX). */
export function isAllowed(expression) {
  const words = expression.replaceAll("/", " OR ").match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const take = (word) => words[at] === word && (at += 1) > 0;
  const one = () => {
    if (take("(")) {
      const inner = either();
      return take(")") && inner;
    }
    let name = words[at] ?? "";
    at += 1;
    if (take("WITH")) {
      name += ` WITH ${words[at] ?? ""}`;
      at += 1;
    }
    return ALLOWED.has(name);
  };
  const both = () => {
    let good = one();
    while (take("AND")) good = one() && good;
    return good;
  };
  const either = () => {
    let good = both();
    while (take("OR")) good = both() || good;
    return good;
  };
  const good = either();
  return good && at === words.length;
}

/** cargo's metadata of the workspace and all its dependencies on a platform. */
function metadata(platform) {
  const args = ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", platform];
  return JSON.parse(execFileSync("cargo", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }));
}

/** What a release contains: the crate, and the platform that it runs on. */
const PARTS = {
  bundle: { crate: "curfew", platform: "wasm32-unknown-unknown" },
  simulator: { crate: "bigiq-simulator", platform: "x86_64-unknown-linux-gnu" },
  container: { crate: "curfew-container", platform: "x86_64-unknown-linux-gnu" },
};

/** The packages that are in a part of the release or generate its code (macros), without those only for tests and build scripts. */
export function shipped(part = "bundle") {
  const { crate, platform } = PARTS[part];
  const { packages, resolve } = metadata(platform);
  const byId = new Map(packages.map((p) => [p.id, p]));
  const nodes = new Map(resolve.nodes.map((n) => [n.id, n]));
  const needs = (id) => nodes.get(id).deps.filter((d) => d.dep_kinds.some((k) => k.kind === null)).map((d) => d.pkg);
  const app = packages.find((p) => p.name === crate);
  const found = new Set([app.id]);
  for (const id of found) needs(id).forEach((other) => found.add(other));
  const order = (a, b) => `${a.name} ${a.version}`.localeCompare(`${b.name} ${b.version}`, "en");
  const sorted = [...found].map((id) => byId.get(id)).sort(order);
  return { app, packages: sorted, needs: (p) => needs(p.id).map((id) => byId.get(id)).sort(order) };
}

/** The problems of packages (`{name, version, license}`), each with its reason. */
export function breaches(packages) {
  return packages.flatMap(({ name, version, license }) => {
    if (BANNED.has(name)) return [`${name} ${version}: banned: ${BANNED.get(name)}`];
    if (!license) return [`${name} ${version}: has no licence`];
    return isAllowed(license) ? [] : [`${name} ${version}: ${license} is not one of the allowed licences`];
  });
}

function check() {
  const all = new Map(["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"].flatMap((platform) => {
    const { packages, resolve } = metadata(platform);
    const used = new Set(resolve.nodes.map((n) => n.id));
    return packages.filter((p) => used.has(p.id)).map((p) => [p.id, p]);
  }));
  const found = breaches([...all.values()]);
  for (const breach of found) console.error(breach);
  console.log(`${all.size} packages checked, ${found.length} breaches`);
  process.exitCode = found.length > 0 || all.size < 10 ? 1 : 0;
}

/** The licence texts of a package: every file of its folder that is one. */
function textsOf({ manifest_path: manifest }) {
  const folder = dirname(manifest);
  const files = readdirSync(folder).filter((f) => /^(licen[cs]e|copying|notice|unlicense|copyright)/i.test(f) && !/\.(rs|html)$/.test(f));
  return files.sort().flatMap((file) => {
    try {
      return [`${readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim()}\n`];
    } catch {
      return []; // a folder of that name
    }
  });
}

/** Writes every text once, under the names of all packages that have it. */
function texts(file, ...parts) {
  const found = new Map((parts.length > 0 ? parts : ["bundle"]).flatMap((part) => shipped(part).packages).map((p) => [p.id, p]));
  const packages = [...found.values()].filter((p) => p.source);
  const bringers = new Map();
  const bare = [];
  for (const p of packages) {
    const own = textsOf(p);
    if (own.length === 0) bare.push(p);
    for (const text of own) bringers.set(text, [...bringers.get(text) ?? [], p]);
  }
  const names = (list) => list.map((p) => `${p.name} ${p.version} (${p.license})`).join("\n");
  const sections = [
    "The parts of Curfew and their licences.",
    ...[...bringers].map(([text, list]) => `==== ${names(list)}\n\n${text}`),
    `==== ${names(bare)}\n\nThese packages contain no licence text; the texts of their licences are above.\n`,
    "==== Rust's standard library (MIT OR Apache-2.0)\n\nBy The Rust Project Contributors; the texts of its licences are above.\n",
  ];
  writeFileSync(file, sections.join("\n\n"));
  console.log(`${packages.length} packages, ${bringers.size} texts`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , command, ...rest] = process.argv;
  const commands = { check, texts };
  if (!(command in commands)) throw new Error("usage: node licences.mjs check | texts FILE [bundle|simulator|container]...");
  commands[command](...rest);
}
