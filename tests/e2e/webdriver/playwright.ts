// What the adapter takes from Playwright's bundle: the script that finds, judges and fills elements, the page's clock, and the syntax of
// selectors. They are not public, so they belong to the version in tests/e2e/package.json; another version may need changes here.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const BUNDLE = "playwright-core/lib/coreBundle";

interface Syntax {
  escapeForTextSelector(text: string | RegExp, exact: boolean): string;
  escapeForAttributeSelector(text: string | RegExp, exact: boolean): string;
  asLocator(language: "javascript", selector: string): string;
  urlMatches(base: undefined, url: string, pattern: unknown): boolean;
}

export const { iso: syntax } = require(BUNDLE) as { iso: Syntax };

/** The script of the bundle that defines this, as text. */
function script(exported: string): string {
  const bundle = readFileSync(require.resolve(BUNDLE), "utf8");
  const sources = [...bundle.matchAll(/^ +source\d* = ('.*');?$/gm)].map(([, quoted]) => quoted!);
  const found = sources.filter((source) => source.includes(`__export(${exported}`));
  if (found.length !== 1) throw new Error(`this version of Playwright has ${found.length} scripts with ${exported}`);
  return (0, eval)(found[0]!) as string;
}

const OPTIONS = {
  isUnderTest: false,
  sdkLanguage: "javascript",
  testIdAttributeName: "data-testid",
  stableRafCount: 1,
  browserName: "webkit",
  customEngines: [],
  frameSeq: 1,
  isUtilityWorld: false,
  shouldPrependErrorPrefix: false,
};

/** Installs the script that finds elements, as `__pw`. */
export const INJECTED = `(() => { const module = {}; ${script("injectedScript_exports")};
globalThis.__pw = new (module.exports.InjectedScript())(globalThis, ${JSON.stringify(OPTIONS)}); })();`;

/** Installs the clock that tests control, as `__pwClock`. */
export const CLOCK = `(() => { if (globalThis.__pwClock) return; const module = {}; ${script("clock_exports")};
globalThis.__pwClock = (module.exports.inject())(globalThis, "webkit"); })();`;
