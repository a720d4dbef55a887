import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cells, differences } from "./cells.mjs";

const cell = (shown, ...requests) => ({ shown, requests });
const all = (...entries) => new Map(entries);

test("equal cells have no differences", () => {
  const same = () => all(["POST × floats", cell("Finished", "POST /kill 200")]);
  assert.deepEqual(differences(same(), same()), []);
});

test("another verdict, another request and a cell that did not run are differences", () => {
  const host = all(["a", cell("Finished", "POST /kill 200")], ["b", cell("Unknown", "POST /kill 200")], ["c", cell("works")]);
  const browser = all(["a", cell("Unknown", "POST /kill 200")], ["b", cell("Unknown", "POST /kill 200", "POST /kill 200")], ["d", cell("works")]);
  const found = differences(host, browser);
  assert.equal(found.length, 4);
  assert.match(found[0], /^a: shown: Finished on the host, Unknown in the browser$/);
  assert.match(found[1], /^b: requests on the host/);
  assert.deepEqual(found.slice(2), ["c: did not run in the browser", "d: did not run on the host"]);
});

test("a cell has the name of its operation's file and of its class", () => {
  const folder = mkdtempSync(join(tmpdir(), "cells-"));
  writeFileSync(join(folder, "sign in.json"), JSON.stringify({ "page, 200": cell("page") }));
  assert.deepEqual([...cells(folder)], [["sign in × page, 200", cell("page")]]);
  rmSync(folder, { recursive: true });
});
