import assert from "node:assert/strict";
import { test } from "node:test";
import { endOf, filesIn, share } from "./coverage.mjs";

const SOURCE = ["fn a() {}", "", "#[cfg(test)]", "mod tests {", "    fn b() {}", "}"].join("\n");

test("lines of tests don't count", () => {
  assert.equal(endOf(SOURCE), 3);
  assert.equal(endOf("#[cfg(test)]\nmod tests;\nfn a() {}"), Infinity, "tests in another file");
  const lcov = ["SF:/a.rs", "DA:1,0", "DA:2,7", "DA:5,9", "end_of_record", "SF:/engine/tests.rs", "DA:1,1", "end_of_record"].join("\n");
  assert.deepEqual(filesIn(lcov, () => SOURCE), [{ path: "/a.rs", executed: 1, lines: 2 }]);
});

test("a share is rounded down, and nothing is not all", () => {
  assert.equal(share([{ executed: 949, lines: 999 }, { executed: 1, lines: 1 }]), 95);
  assert.equal(share([{ executed: 9499, lines: 10_000 }]), 94.9);
  assert.equal(share([]), 0);
});
