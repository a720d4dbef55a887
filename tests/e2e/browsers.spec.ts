// What the bundle uses of the browser, compared with the versions that Curfew requires (scripts/browsers.mjs) by MDN's compatibility
// data.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { FEATURES, VERSIONS } from "../../scripts/browsers.mjs";
import { expect, test } from "./support/fixtures";
import { DIST, ROOT } from "./support/paths";
import { needs } from "./support/needs";

type Browser = "chrome" | "firefox" | "safari";
interface Statement {
  version_added: string | false | null;
  flags?: unknown;
  prefix?: string;
  alternative_name?: string;
}
interface Entry {
  __compat?: { support: Partial<Record<Browser, Statement | Statement[]>> };
  [key: string]: unknown;
}

const BROWSERS = Object.keys(VERSIONS) as Browser[];
const data = createRequire(import.meta.url)("@mdn/browser-compat-data") as Record<string, Entry>;

/** Used only where a browser has them: what is different without them. */
const OPTIONAL = new Map([
  ["css.properties.field-sizing", "the menu of languages is as wide as its longest name"],
  ["css.properties.forced-color-adjust", "Safari has no forced colours"],
  ["css.properties.content-visibility", "long pages are drawn more slowly"],
  ["css.properties.overflow-clip-margin", "the outline of a focused element is cut off at the edge of a list"],
  ["css.properties.text-size-adjust", "phones may enlarge some texts"],
  ["trustedTypes", "text that becomes a script is stopped by the policy alone"],
  ["createPolicy", "a part of it"],
  ["dispose", "wasm-bindgen looks for Symbol.dispose before it uses it"],
  ["detached", "wasm-bindgen compares it with true, and undefined is not"],
  ["byobRequest", "a part of wasm-bindgen's script that the app never calls"],
  ["respond", "a part of the same"],
]);

/** Names of the app's own, not of the browser's. */
const OWN = new Set(["memory", "tag"]);

/** A browser's first version with a feature: Infinity if none has it. Notes are about cases that do not occur here. */
function first(entry: Entry, browser: Browser): number {
  const statements = [entry.__compat?.support[browser] ?? []].flat();
  const versions = statements.filter((one) => one.version_added && !one.flags && !one.prefix && !one.alternative_name);
  return Math.min(Infinity, ...versions.map((one) => Number.parseFloat(String(one.version_added).replace("≤", "")) || Infinity));
}

const at = (path: string): Entry | undefined =>
  path.split(".").reduce<Entry | undefined>((entry, key) => entry?.[key] as Entry | undefined, data as Entry);

/** The entries of a name in a part of the data, wherever it is: `below` counts the levels above it. */
function named(root: string, below: number): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  const visit = (entry: Entry, level: number): void => {
    for (const [key, value] of Object.entries(entry)) {
      if (key === "__compat" || typeof value !== "object" || value === null) continue;
      const name = key.replace(/_(?:static|function)$/, "");
      if ((value as Entry).__compat) found.set(name, [...(found.get(name) ?? []), value as Entry]);
      if (level < below) visit(value as Entry, level + 1);
    }
  };
  visit(at(root) ?? {}, 1);
  return found;
}

/** Of several entries of one name the oldest counts: which one is meant, the name does not say. */
function tooNew(entries: Entry[]): Browser[] {
  return BROWSERS.filter((browser) => Math.min(...entries.map((entry) => first(entry, browser))) > Number.parseFloat(VERSIONS[browser]));
}

const files = (ending: string): string =>
  readdirSync(DIST).filter((name) => name.endsWith(ending)).map((name) => readFileSync(`${DIST}/${name}`, "utf8")).join("\n");

test("the required versions are the first ones that have all required features", needs("bundle"), () => {
  for (const browser of BROWSERS) {
    const versions = FEATURES.map(({ key }) => {
      const entry = at(key);
      expect(entry?.__compat, key).toBeDefined();
      return first(entry!, browser);
    });
    expect(Math.max(...versions), browser).toBe(Number.parseFloat(VERSIONS[browser]));
  }
});

test("no style sheet uses a property, selector, rule or function that is newer than the required versions", needs("bundle"), () => {
  const css = files(".css");
  const used = [
    ...[...css.matchAll(/[{;]([a-z][a-z-]*):/g)].map(([, name]) => ["css.properties", name!] as const),
    ...[...css.matchAll(/::?([a-z][a-z-]*)(?=[^{};]*\{)/g)].map(([, name]) => ["css.selectors", name!] as const),
    ...[...css.matchAll(/@([a-z][a-z-]*)/g)].map(([, name]) => ["css.at-rules", name!] as const),
    ...[...css.matchAll(/[\s:,(]([a-z][a-z-]*)\(/g)].map(([, name]) => ["css.types", name!] as const),
  ];
  const known = { "css.properties": named("css.properties", 1), "css.selectors": named("css.selectors", 1), "css.at-rules": named("css.at-rules", 1), "css.types": named("css.types", 3) };
  const wrong = new Set<string>();
  let seen = 0;
  for (const [kind, name] of used) {
    const entries = known[kind].get(name);
    if (!entries || OPTIONAL.has(`${kind}.${name}`)) continue;
    seen += 1;
    for (const browser of tooNew(entries)) wrong.add(`${kind}.${name}: not in ${browser} ${VERSIONS[browser]}`);
  }
  expect([...wrong]).toEqual([]);
  expect(seen).toBeGreaterThan(300);
});

test("no script uses an interface, a member or a function that is newer than the required versions", needs("bundle"), () => {
  const script = files(".js");
  const members = [named("api", 2), named("javascript.builtins", 3), named("webassembly.api", 2)];
  const names = new Set([...script.matchAll(/\.([A-Za-z]\w{2,})|\bnew ([A-Z]\w+)|\b([A-Z][A-Za-z]{4,})\b/g)].map((match) => match[1] ?? match[2] ?? match[3]!));
  const wrong = new Set<string>();
  let seen = 0;
  for (const name of names) {
    const entries = members.flatMap((all) => all.get(name) ?? []);
    if (entries.length === 0 || OPTIONAL.has(name) || OWN.has(name)) continue;
    seen += 1;
    for (const browser of tooNew(entries)) wrong.add(`${name}: not in ${browser} ${VERSIONS[browser]}`);
  }
  expect([...wrong]).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});

test("the wasm is compiled for features that the required versions have", needs("bundle"), () => {
  const params = /^features=\(([^)]*)\)/m.exec(readFileSync(`${ROOT}/scripts/build.sh`, "utf8"))?.[1] ?? "";
  const enabled = [...params.matchAll(/--enable-([a-z-]+)/g)].map(([, name]) => name!);
  // Older than the data: "mutable-globals".
  const keys: Record<string, string> = {
    "bulk-memory": "bulk-memory-operations",
    "bulk-memory-opt": "bulk-memory-operations",
    "nontrapping-float-to-int": "non-trapping-float-to-int-conversions",
    "sign-ext": "sign-extension-operations",
    "reference-types": "reference-types",
    multivalue: "multi-value",
  };
  expect(enabled.length).toBeGreaterThan(4);
  for (const name of enabled.filter((name) => name !== "mutable-globals")) {
    const entry = at(`webassembly.${keys[name]}`);
    expect(entry?.__compat, name).toBeDefined();
    expect(tooNew([entry!]), name).toEqual([]);
  }
});
