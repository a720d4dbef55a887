// Builds the pages that Curfew is compared with, in folders that the simulator serves, small and compressed like the
// bundle. Runs once, before the first row.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { brotliCompressSync } from "node:zlib";
import { bundleFiles } from "../../../scripts/budget.mjs";
import { DIST, ROOT } from "../../e2e/support/paths";

/** The contents of `target/bench/`. */
export const OUT = `${ROOT}/target/bench`;
const PAGES = `${ROOT}/tests/bench/pages`;

function put(folder: string, name: string, data: string | Buffer): void {
  mkdirSync(`${OUT}/sites/${folder}`, { recursive: true });
  writeFileSync(`${OUT}/sites/${folder}/${name}`, data);
  writeFileSync(`${OUT}/sites/${folder}/${name}.br`, brotliCompressSync(data));
}

function fail(message: string): never {
  throw new Error(message);
}

export default function makeSites(): void {
  const tools = process.env.CURFEW_TOOLS ?? `${process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/curfew-tools`;
  const esbuild = createRequire(`${tools}/npm/package.json`)("esbuild") as {
    buildSync(options: object): { outputFiles: { text: string }[] };
    transformSync(text: string, options: object): { code: string };
  };
  const read = (name: string) => readFileSync(`${PAGES}/${name}`, "utf8");
  const small = (name: string, loader: string) => esbuild.transformSync(read(name), { loader, minify: true, target: "es2022" }).code;
  rmSync(`${OUT}/sites`, { recursive: true, force: true });

  // Names with a hash are cached for a year, like the bundle's.
  const hashed = (html: string) => html.replaceAll(/"(form|react|list)\.(css|js)"/g, '"$1-00000001.$2"');
  for (const folder of ["vanilla", "react"]) put(folder, "form-00000001.css", small("form.css", "css"));
  put("vanilla", "index.html", hashed(read("form.html")));
  put("vanilla", "form-00000001.js", small("form.js", "js"));

  // The same page with what Curfew's must have too: the policy in the document, its script before the first paint, and the app's files
  // requested at once.
  const document = readFileSync(`${DIST}/index.html`, "utf8");
  const tag = (pattern: RegExp) => pattern.exec(document)?.[0] ?? fail(`the document has no ${pattern}`);
  const policy = tag(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/);
  const app = tag(/<script type="module" async fetchpriority[^>]*><\/script><link rel="preload"[^>]*>/);
  const [link, script] = ['<link rel="stylesheet" href="form-00000001.css" />', '<script type="module" src="form-00000001.js">'];
  const beside = hashed(read("form.html"))
    .replace('<meta charset="utf-8" />', (charset) => charset + policy)
    .replace(link, () => `${link}<script type="module" async blocking="render" src="form-00000001.js"></script>`)
    .replace(`${script}</script>\n`, () => `${app}\n`);
  for (const name of ["css", "js"]) put("beside", `form-00000001.${name}`, small(`form.${name}`, name));
  for (const [, name] of app.matchAll(/(?:src|href)="\.\/([^"]*)"/g)) for (const suffix of ["", ".br"]) copyFileSync(`${DIST}/${name}${suffix}`, `${OUT}/sites/beside/${name}${suffix}`);
  put("beside", "index.html", beside);

  const react = esbuild.buildSync({
    entryPoints: [`${PAGES}/react.jsx`],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  put("react", "index.html", hashed(read("react.html")));
  put("react", "react-00000001.js", react.outputFiles[0]?.text ?? "");

  // The bundle's own files, only fetched.
  const files = bundleFiles(DIST).signIn.map(({ name }) => name).filter((name) => name !== "index.html");
  const styles = readdirSync(DIST).filter((name) => name.endsWith(".css")).sort().reverse();
  put("vanilla", "list.css", styles.map((name) => readFileSync(`${DIST}/${name}`, "utf8")).join("\n"));
  put("vanilla", "list.html", read("list.html"));
  put("vanilla", "list.js", small("list.js", "js"));

  mkdirSync(`${OUT}/sites/files/icons`, { recursive: true });
  for (const name of files) for (const suffix of ["", ".br"]) copyFileSync(`${DIST}/${name}${suffix}`, `${OUT}/sites/files/${name}${suffix}`);
  put("files", "index.html", `<!doctype html><title>files</title><link rel="icon" href="data:,"><script>
    Promise.all(${JSON.stringify(files)}.map((name) => fetch(name).then((answer) => answer.arrayBuffer())))
      .then(() => { globalThis.fetched = performance.now(); });
  </script>`);
}
