// Tests what the page says about a file that can't be used (cause.js), for every cause and every kind of file.

import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../cause.js";

const FILES = [
  ["curfew-0123456789abcdef.css", "text/css"],
  ["curfew-0123456789abcdef.js", "text/javascript"],
  ["curfew-0123456789abcdef_bg.wasm", "application/wasm"],
  ["console-0123456789abcdef.css", "text/css"],
  ["console-0123456789abcdef.wasm", "application/wasm"],
  ["languages-de-0123456789abcdef.txt", "text/plain"],
];

/** What is said about a file with this answer, or if there is none. `fits` is whether its content has the expected hash. */
async function said(name, answer, { fits = true, error = "" } = {}) {
  const real = globalThis.fetch;
  globalThis.fetch = async (_, options = {}) => {
    if (!answer || (options.integrity && !fits)) throw new TypeError("Failed to fetch");
    return new Response("", { status: answer.status ?? 200, headers: { "content-type": answer.type } });
  };
  try {
    return await explain([{ href: `https://curfew.example.test/${name}`, integrity: "sha384-x" }], error);
  } finally {
    globalThis.fetch = real;
  }
}

for (const [name, type] of FILES) {
  test(`each cause is named for ${name}`, async () => {
    const named = (start, end) => new RegExp(`^${start}${name}${end}`);
    assert.match(await said(name, { type }, { fits: false }), named("", " was changed on its way, or belongs to another release: its integrity check failed"));
    assert.match(await said(name, { type, status: 404 }), named("The server has no ", "\\."));
    // Hosts of single-page apps answer with their page.
    assert.match(await said(name, { type: "text/html" }), named("The server has no ", "\\."));
    assert.match(await said(name, { type, status: 403 }), named("The server refuses ", ": status 403\\."));
    assert.match(await said(name, undefined), named("", " could not be fetched: the connection failed\\."));
    assert.equal(await said(name, { type }, { error: "x" }), "x");
  });
}

test("browsers refuse scripts and style sheets of a wrong type, and read any other file", async () => {
  for (const [name] of FILES) {
    const text = await said(name, { type: "application/octet-stream" }, { error: "x" });
    if (/\.(?:js|css)$/.test(name)) assert.match(text, new RegExp(`^The server sends ${name} as application/octet-stream`));
    else assert.equal(text, "x");
  }
});

test("a browser or a policy that blocks WebAssembly is named, and other errors are quoted", async () => {
  const [name, type] = FILES[2];
  assert.match(await said(name, { type }, { error: "CompileError: unsafe-eval" }), /^WebAssembly is blocked, by the browser or by the server’s content security policy: CompileError/);
  assert.equal(await said(name, { type }, { error: "Error: other" }), "Error: other");
});
