// Makes what wasm-bindgen wrote for the app's wasm smaller. It changes nothing that runs. Usage:
//   node glue.mjs exports GLUE LOADER WASM    Before wasm-opt: without what nobody calls, so that wasm-opt can remove its code. The exports
//                                             and JavaScript classes of wasm-streams come with Leptos, and Curfew does not use them.
//   node glue.mjs imports GLUE WASM           After wasm-opt: without the functions that the wasm no longer imports, and with short names
//                                             for all others. Those of wasm-bindgen contain hashes, which do not compress.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EXPORTS, IMPORTS, exportsOf, importsOf, replaced, text } from "./wasm.mjs";

/** The classes that Rust exports to JavaScript, and what frees their values. */
const CLASS = /^export class \w+ \{\n.*?^\}\n(?:if \(Symbol\.dispose\) [^\n]*\n)?/gms;
const FINALIZATION = /^const \w+Finalization = .*?;\n/gms;
/** An imported function. The names of Rust's functions stand at this depth only. */
const FUNCTION = /^ {8}(\w+): function\(.*?^ {8}\}[^\n]*\n/gms;

/** The script without the classes, which nothing uses, and the file without the exports that neither script mentions. */
export function withoutExports(glue, loader, wasm) {
  const script = glue.replace(CLASS, "").replace(FINALIZATION, "");
  const words = new Set(`${script}\n${loader}`.match(/\w+/g));
  const used = exportsOf(wasm).filter(({ name }) => words.has(name));
  return { script, wasm: replaced(wasm, EXPORTS, used.map(({ name, rest }) => [...text(name), ...rest])) };
}

/** The script with only the functions that the file imports, and both with short names for them. */
export function withShortNames(glue, wasm) {
  const imports = importsOf(wasm);
  const [, module] = /^ {8}"(\.\/\w[\w-]*_bg\.js)": import0,$/m.exec(glue) ?? [];
  const wanted = new Set(imports.filter((one) => one.module === module).map(({ name }) => name));
  const short = new Map();
  const script = glue.replace(FUNCTION, (all, name) => {
    if (!wanted.has(name)) return "";
    // Two characters, of which the first is a letter.
    short.set(name, (360 + short.size).toString(36));
    return all.replace(name, short.get(name));
  });
  const missing = [...wanted].filter((name) => !short.has(name));
  if (wanted.size === 0 || missing.length > 0) throw new Error(`the script has no function for these imports: ${missing}`);
  const entries = imports.map((one) => [...text(one.module), ...text(one.module === module ? short.get(one.name) : one.name), ...one.rest]);
  return { script, wasm: replaced(wasm, IMPORTS, entries) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [step, glue, ...rest] = process.argv.slice(2);
  const file = rest.at(-1);
  const script = readFileSync(glue, "utf8");
  const result = step === "exports" ? withoutExports(script, readFileSync(rest[0], "utf8"), readFileSync(file)) : withShortNames(script, readFileSync(file));
  writeFileSync(glue, result.script);
  writeFileSync(file, result.wasm);
}
