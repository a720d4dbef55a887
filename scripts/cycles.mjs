// Finds files that import each other in a circle, in Rust and in the scripts and tests. Usage: node cycles.mjs [FOLDER]
// Prints each cycle as `file -> file -> file`, with the names that cause each step.
//
// In Rust a name counts for the file that defines it, however many `pub use` it is passed on by. A module that declares
// a child and passes its names on does not import it. Modules are no imports either, only what is used of them.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleTree } from "./rust.mjs";

/** A file that a crate begins with: a library, a program, a test, an example, a fuzz target. */
const ROOT = /(?:^|\/)(?:src\/(?:lib|main)|src\/bin\/\w+|tests\/\w+(?:\/main)?|examples\/\w+|targets\/\w+)\.rs$/;

/** The steps between files: a map from each file to a map from the file it imports to the names it imports from there. */
class Steps {
  #steps = new Map();

  add(from, to, name) {
    if (from === to) return;
    const all = this.#steps.get(from) ?? new Map();
    all.set(to, (all.get(to) ?? new Set()).add(name));
    this.#steps.set(from, all);
  }

  get files() {
    return [...this.#steps.keys()];
  }

  from(file) {
    return [...(this.#steps.get(file)?.keys() ?? [])];
  }

  names(from, to) {
    return [...(this.#steps.get(from)?.get(to) ?? [])].sort();
  }
}

/** What a name stands for in a module: `{ item }`, `{ module }`, both or neither. */
function lookUp(module, name, visited) {
  const key = `${module.file}#${module.name}#${name}`;
  if (visited.has(key)) return {};
  visited.add(key);
  const found = {};
  const item = module.names.get(name);
  if (item) found.item = item;
  if (module.children.has(name)) found.module = module.children.get(name);
  for (const use of module.uses) {
    if (found.item && found.module) break;
    if (use.name === name) {
      const { item, module: inner } = resolve(module, use.path, visited);
      found.item ??= item;
      found.module ??= inner;
    } else if (use.name === "*") {
      const { module: inner } = resolve(module, use.path, visited);
      if (!inner) continue;
      const passed = lookUp(inner, name, visited);
      found.item ??= passed.item;
      found.module ??= passed.module;
    }
  }
  return found;
}

/** What a path leads to from a module. A name that a known module must have from a macro counts for that module's file. */
function resolve(module, path, visited = new Set()) {
  let here = module;
  let rest = path;
  if (path[0] === "crate" || path[0] === "self" || path[0] === "super") {
    if (path[0] === "crate") while (here.parent) here = here.parent;
    rest = path[0] === "super" ? path : path.slice(1);
    while (rest[0] === "super") {
      here = here.parent;
      rest = rest.slice(1);
      if (!here) return {};
    }
    if (rest.length === 0) return { module: here };
  } else {
    const found = lookUp(module, path[0], visited);
    if (path.length === 1 || !found.module) return found;
    here = found.module;
    rest = path.slice(1);
  }
  for (const [place, name] of rest.entries()) {
    const found = lookUp(here, name, new Set(visited));
    if (place === rest.length - 1 && (found.item || found.module)) return found;
    if (!found.module) return { item: found.item ?? { kind: "unknown", file: here.file, name } };
    here = found.module;
  }
  return { module: here };
}

const isBelow = (module, ancestor) => {
  for (let up = module; up; up = up.parent) if (up === ancestor) return true;
  return false;
};

/** The module that a path is about: the one it ends in, or the last before its item. */
function owner(module, path) {
  for (let length = path.length; length > 0; length -= 1) {
    const { module: found } = resolve(module, path.slice(0, length));
    if (found) return found;
  }
  return null;
}

/** Adds the steps of the crate that begins with `root`. */
function crateSteps(steps, files, root) {
  for (const module of moduleTree(files, root)) {
    const imported = (path) => {
      const { item } = resolve(module, path);
      if (item) steps.add(module.file, item.file, item.name);
    };
    for (const { path, name, visibility } of module.uses) {
      const from = owner(module, path);
      const passedOn = visibility !== "" && from && from !== module && isBelow(from, module);
      // All of a module counts by the names that are used of it; all variants of an enum count for the enum.
      const wholeModule = name === "*" && resolve(module, path).module;
      if (!passedOn && !wholeModule) imported(path);
    }
    for (const { path, called } of module.paths) {
      if (path.length > 1) imported(path);
      // A small letter alone is a variable more often than a function.
      else if (called || /^\p{Lu}/u.test(path[0])) imported(path);
    }
  }
}

/** The steps between Rust files; `files` maps paths to sources. */
export function rustSteps(files) {
  const steps = new Steps();
  for (const path of files.keys()) if (ROOT.test(path)) crateSteps(steps, files, path);
  return steps;
}

const IMPORT = /(?:^|[\n;])\s*(?:import|export)\b([^;"'`]*?)\bfrom\s*["'](\.[^"'\n]*)["']|(?:^|[\n;])\s*(import)\s*["'](\.[^"'\n]*)["']|\b(import|require)\(\s*["'](\.[^"'\n]*)["']/g;

/** The steps between JavaScript and TypeScript files. */
export function scriptSteps(files) {
  const steps = new Steps();
  for (const [path, source] of files) {
    const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    for (const match of code.matchAll(IMPORT)) {
      const names = (match[1] ?? "").match(/[\w$]+(?:\s+as\s+[\w$]+)?/g)?.map((name) => name.split(/\s/)[0]).filter((name) => name !== "type") ?? [];
      const base = posix.join(dirname(path), match[2] ?? match[4] ?? match[6]);
      const target = ["", ".ts", ".js", ".mjs", "/index.ts", "/index.js"].map((end) => base + end).find((file) => files.has(file));
      if (!target) continue;
      for (const name of names.length > 0 ? names : ["the whole file"]) steps.add(path, target, name);
    }
  }
  return steps;
}

/** The shortest way from one file to another, both included. */
function way(steps, from, to) {
  const before = new Map([[from, null]]);
  const next = [from];
  for (let file = next.shift(); file !== undefined; file = next.shift()) {
    if (file === to) {
      const found = [];
      for (let at = file; at !== null; at = before.get(at)) found.unshift(at);
      return found;
    }
    for (const other of steps.from(file)) {
      if (before.has(other)) continue;
      before.set(other, file);
      next.push(other);
    }
  }
  return null;
}

/** Cycles, shortest first, so that each step that is part of any stands in one of them. */
export function cycles(steps) {
  const rings = [];
  for (const from of steps.files.sort()) {
    for (const to of steps.from(from).sort()) {
      const back = way(steps, to, from);
      if (back) rings.push(back);
    }
  }
  rings.sort((a, b) => a.length - b.length || a.join().localeCompare(b.join()));
  const covered = new Set();
  return rings
    .map((ring) => ring.map((file, place) => ({ file, to: ring[(place + 1) % ring.length] })))
    .filter((ring) => {
      const isNew = ring.some(({ file, to }) => !covered.has(`${file} ${to}`));
      if (isNew) for (const { file, to } of ring) covered.add(`${file} ${to}`);
      return isNew;
    })
    .map((ring) => ring.map(({ file, to }) => ({ file, to, names: steps.names(file, to) })));
}

/** A cycle as it is printed. */
export function described(ring) {
  const head = [...ring.map(({ file }) => file), ring[0].file].join(" -> ");
  return [head, ...ring.map(({ file, to, names }) => `    ${file} uses ${names.join(", ")} of ${to}`)].join("\n");
}

function main() {
  const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const files = new Map();
  for (const path of listed.split("\0").filter((one) => /\.(?:rs|ts|js|mjs)$/.test(one))) {
    try {
      files.set(path, readFileSync(join(root, path), "utf8"));
    } catch {
      // Deleted, and not yet committed so.
    }
  }
  const found = [...cycles(rustSteps(files)), ...cycles(scriptSteps(files))];
  for (const ring of found) console.error(described(ring));
  console.log(`${files.size} files, ${found.length} cycles of imports`);
  process.exitCode = found.length > 0 || files.size === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
