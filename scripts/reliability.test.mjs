import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, mutations, replaced, traces } from "./reliability.mjs";

const spec = (title, ...cells) => ({ title, tests: [{ results: [{ annotations: cells.map(([type, description]) => ({ type, description })) }] }] });
const report = (date, ...specs) => ({ stats: { startTime: `${date}T03:04:05.000Z` }, suites: [{ specs }] });

test("a cell has the observed outcome, and a cell that did not run is empty", () => {
  const specs = [spec("fault: poll", ["poll × floats", "works"]), spec("fault: POST", ["POST × page, 502", "**FAILED**"]), spec("another", ["outcome", "x"])];
  const table = ["| class | poll | POST |", "| --- | --- | --- |", "| floats | works |  |", "| page, 502 |  | **FAILED** |"].join("\n");
  const [sentence, blank, ...lines] = matrix([report("2026-01-02", ...specs)]).split("\n");
  assert.deepEqual([blank, lines.join("\n")], ["", table]);
  assert.equal(sentence, "2 classes, 2 operations, 2 cells, run on 2026-01-02: 1 held and 1 did not.");
});

test("the parts of a run make one matrix with the date of the last part", () => {
  const parts = [report("2026-01-03", spec("a", ["poll × floats", "reported"])), report("2026-01-02", spec("b", ["POST × floats", "works"]))];
  assert.match(matrix(parts), /^1 classes, 2 operations, 2 cells, run on 2026-01-03: all held\.\n\n.*poll \| POST/);
});

test("a safeguard that no test noticed stands out", () => {
  const table = mutations([{ name: "a", path: "x.rs", failed: true, by: ["t"], more: 2 }, { name: "b", path: "y.rs", failed: false, by: [], more: 0 }]);
  assert.match(table, /\| a \| `x\.rs` \| `t` and 2 more \|\n\| b \| `y\.rs` \| \*\*no test\*\* \|/);
});

test("only the text between the marks is replaced, and the marks must exist", () => {
  const text = "a\n<!-- m: written by scripts/reliability.mjs -->\nold\n<!-- m: end -->\nb";
  assert.equal(replaced(text, "m", "new"), text.replace("old", "new"));
  assert.throws(() => replaced("a", "m", "new"));
});

test("the table of traces has what the exploration has found", () => {
  const trace = { world: "one_tab", broken: "b1 was sent twice", steps: ["Confirm { tab: 0 }", "Tick"] };
  const table = traces([{ name: "a", trace }, { name: "b" }]);
  assert.ok(table.endsWith("\n| a | `one_tab` | 2 | b1 was sent twice |"), table);
});
