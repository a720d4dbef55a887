import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, mutations, replaced } from "./reliability.mjs";

const spec = (title, ...cells) => ({ title, tests: [{ results: [{ annotations: cells.map(([type, description]) => ({ type, description })) }] }] });

test("a cell holds what was seen, and what did not run is empty", () => {
  const specs = [spec("fault: poll", ["poll × floats", "goes well"]), spec("fault: POST", ["POST × page, 502", "**FAILED**"]), spec("another", ["outcome", "x"])];
  assert.equal(matrix({ suites: [{ specs }] }), ["| class | poll | POST |", "| --- | --- | --- |", "| floats | goes well |  |", "| page, 502 |  | **FAILED** |"].join("\n"));
});

test("a safeguard that nobody watches stands out", () => {
  const table = mutations([{ name: "a", path: "x.rs", failed: true, by: ["t"], more: 2 }, { name: "b", path: "y.rs", failed: false, by: [], more: 0 }]);
  assert.match(table, /\| a \| `x\.rs` \| `t` and 2 more \|\n\| b \| `y\.rs` \| \*\*nobody\*\* \|/);
});

test("only what stands between the marks is replaced, and they must be there", () => {
  const text = "a\n<!-- m: written by scripts/reliability.mjs -->\nold\n<!-- m: end -->\nb";
  assert.equal(replaced(text, "m", "new"), text.replace("old", "new"));
  assert.throws(() => replaced("a", "m", "new"));
});
