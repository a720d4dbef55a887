// Tests the translations as the app reads them. Run by `make lint`.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { writeTables } from "./languages.mjs";

test("a table has a line per text in the catalogue's order, and the document links to it", () => {
  const folder = mkdtempSync(join(tmpdir(), "languages-"));
  try {
    mkdirSync(join(folder, "languages"));
    writeFileSync(join(folder, "languages/de.json"), JSON.stringify({ Out: "Abmelden", In: "Anmelden" }));
    // Trunk removes the quotes that HTML does not need.
    writeFileSync(join(folder, "index.html"), "<link rel=alternate hreflang=de title=Deutsch href=languages/de.json><p>x</p>");
    writeTables(folder, 'first {\n  In = "Sign in";\n}\nrest {\n  Out = "Sign out";\n}');
    assert.equal(readFileSync(join(folder, "languages/de.txt"), "utf8"), "Anmelden\nAbmelden");
    assert.equal(existsSync(join(folder, "languages/de.json")), false);
    const html = readFileSync(join(folder, "index.html"), "utf8");
    assert.equal(html, "<link rel=alternate hreflang=de title=Deutsch href=languages/de.txt><p>x</p>");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
