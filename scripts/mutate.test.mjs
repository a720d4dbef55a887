import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MUTATIONS, after, always, before, broken, drop, faults, guards, never, swap, traceIn, withoutOperand } from "./mutate.mjs";

/** A file with a guard `a` above these lines. */
const guarded = (...lines) => ["// first", "  // guard: a", ...lines, "// last"].join("\n");

/** These lines, broken; `undefined` if the operation doesn't fit them. */
function changed(operation, lines, path = "x.rs") {
  const text = guarded(...lines);
  const result = broken(text, guards([[path, text]]).get("a")[0], operation);
  if (result === undefined) return undefined;
  const [head, tail] = [guarded().split("\n").slice(0, 2).join("\n"), "// last"];
  assert.ok(result.startsWith(`${head}\n`) && result.endsWith(tail), "nothing else changes");
  return result.slice(head.length + 1, -tail.length).replace(/\n$/, "").split("\n");
}

describe("a marker", () => {
  test("is a comment on its own line, in code and in configurations", () => {
    const files = [
      ["x.rs", ["fn f() {", "    // guard: one-two", "    g();", "}"].join("\n")],
      ["x.conf", ["\t# guard: three", "on;"].join("\n")],
    ];
    assert.deepEqual([...guards(files)], [["one-two", [{ path: "x.rs", line: 2 }]], ["three", [{ path: "x.conf", line: 1 }]]]);
  });

  test("is nothing else that looks like it", () => {
    const lines = ["f(); // guard: a", "/// guard: a", "// guard: a b", "// guard: A", "// guard:a", "// guard: a-", "\"// guard: a\",", "guard: a"];
    assert.deepEqual([...guards([["x.rs", lines.join("\n")]])], []);
  });

  test("has all its places if its name occurs again", () => {
    const places = guards([["x.rs", "// guard: a\n\n// guard: a"], ["y.conf", "# guard: a"]]).get("a");
    assert.deepEqual(places, [{ path: "x.rs", line: 1 }, { path: "x.rs", line: 3 }, { path: "y.conf", line: 1 }]);
  });
});

describe("an operation", () => {
  test("stays in the statement below the marker", () => {
    const to = swap("b", "c");
    assert.deepEqual(changed(to, ["  a(b);", "  a(b);"]), ["  a(c);", "  a(b);"]);
    assert.deepEqual(changed(to, ["  if a", "    && b", "  {", "    b", "  }"]), ["  if a", "    && c", "  {", "    b", "  }"]);
    assert.deepEqual(changed(to, ["  let x = a", "    .b()", "    .d();", "  b();"]), ["  let x = a", "    .c()", "    .d();", "  b();"]);
    assert.equal(changed(to, ["  a()", "}", "b();"]), undefined, "the last expression of a block");
    assert.deepEqual(changed(to, ["  set b", "  set b"], "x.conf"), ["  set c", "  set b"]);
  });

  test("must change something", () => {
    assert.equal(changed(swap("a", "a"), ["a;"]), undefined);
    assert.equal(changed(before(""), ["a;"]), undefined);
  });

  test("swap: replaces what occurs once", () => {
    assert.deepEqual(changed(swap("on", "$1 off"), ["verify on;"], "x.conf"), ["verify $1 off;"]);
    assert.deepEqual(changed(swap(/\.min\((.*?)\)/, ".max($1)"), ["a.min(b);"]), ["a.max(b);"]);
    for (const from of ["b", /b/, "absent"]) assert.equal(changed(swap(from, "c"), ["b + b;"]), undefined);
  });

  test("drop: removes whole statements", () => {
    assert.deepEqual(changed(drop(), ["a();", "b();"]), ["b();"]);
    assert.deepEqual(changed(drop(2), ["a;", "b;", "c;"], "x.conf"), ["c;"]);
    assert.equal(changed(drop(), ["if a {", "}"]), undefined);
    assert.equal(changed(drop(), ["})", "({"]), undefined);
  });

  test("before and after: add to the statement", () => {
    assert.deepEqual(changed(before("false && "), ["    a", "}"]), ["    false && a", "}"]);
    assert.deepEqual(changed(after("?;"), ["    a", "}"]), ["    a?;", "}"]);
  });

  test("never and always: decide a condition, which is not evaluated", () => {
    assert.deepEqual(changed(never, ["  if a || b {"]), ["  if false && (a || b) {"]);
    assert.deepEqual(changed(always, ["  Some(if a() {"]), ["  Some(if true || (a()) {"]);
    assert.deepEqual(changed(never, ["  if let Some(x) = y", "    && x", "  {"]), ["  if false && let Some(x) = y", "    && x {"]);
    assert.deepEqual(changed(never, ["  if (a || b) return;"], "x.js"), ["  if (false && (a || b)) return;"]);
    assert.deepEqual(changed(always, ["  if (f(a)) {"], "x.js"), ["  if (true || (f(a))) {"]);
    assert.equal(changed(always, ["  if let Some(x) = y {"]), undefined, "a binding needs its value");
    assert.equal(changed(never, ["  a();"]), undefined);
    assert.equal(changed(never, ["  a();"], "x.js"), undefined);
  });

  test("withoutOperand: removes an operand of the outermost && and ||", () => {
    const cases = [
      ["if a.b() == 1 && !c(d || e) {", "if !c(d || e) {", "if a.b() == 1 {"],
      ["Some(if a && b {", "Some(if b {", "Some(if a {"],
      ["let x = a || b && (c || d);", "let x = b && (c || d);", "let x = a && (c || d);"],
      ["a <= b || a > c.d(e)", "a > c.d(e)", "a <= b"],
      ["match x.filter(|y| y == 1 && f(y))", "match x.filter(|y| f(y))", "match x.filter(|y| y == 1)"],
      ["x => a && b,", "x => b,", "x => a,"],
    ];
    for (const [from, first, second] of cases) {
      assert.deepEqual(changed(withoutOperand(1), [from, "}"]), [first, "}"]);
      assert.deepEqual(changed(withoutOperand(2), [from, "}"]), [second, "}"]);
    }
    assert.deepEqual(changed(withoutOperand(2), ["if (!a || b.c || d) return;"], "x.js"), ["if (!a || d) return;"]);
    assert.deepEqual(changed(withoutOperand(3), ["if (!a || b.c || d) return;"], "x.js"), ["if (!a || b.c) return;"]);
    assert.equal(changed(withoutOperand(3), ["if a && b {", "}"]), undefined);
    assert.equal(changed(withoutOperand(1), ["a();"]), undefined);
  });
});

describe("the check", () => {
  const file = (path, ...lines) => [path, lines.join("\n")];
  const row = (name, guard, operation = drop(), which = "core x") => [name, guard, operation, which];

  test("passes if each guard is in one place and each mutation fits it", () => {
    const files = [file("x.rs", "// guard: a", "f();"), file("x.conf", "# guard: b", "on"), file("tests/e2e/a.spec.ts", "test(\"it works\")")];
    assert.deepEqual(faults([row("1", "a"), row("2", "a", swap("f", "g")), row("3", "b", swap("on", "off"), "e2e a.spec.ts it works")], files), []);
  });

  test("reports a guard in two places, one without a mutation, and one that is missing", () => {
    const files = [file("x.rs", "// guard: a", "f();", "// guard: a", "f();"), file("y.rs", "// guard: b", "f();")];
    assert.deepEqual(faults([row("1", "a"), row("2", "c")], files), [
      "guard a occurs more than once: x.rs:1, x.rs:3",
      "guard b has no mutation: y.rs:1",
      "2: no guard c",
    ]);
  });

  test("reports a mutation that doesn't fit, and a test that isn't there", () => {
    const files = [file("x.rs", "// guard: a", "f();"), file("tests/e2e/a.spec.ts", "")];
    assert.deepEqual(faults([row("1", "a", swap("g", "h")), row("2", "a", drop(), "e2e a.spec.ts it works")], files), [
      "1: the mutation doesn't fit x.rs:2",
      "2: no test of a.spec.ts has this in its title: it works",
    ]);
  });
});

describe("the exploration of the engine", () => {
  test("finds a fault in each of at least 20 safeguards", () => {
    const safeguards = new Set(MUTATIONS.filter(([, , , which]) => which.startsWith("world ")).map(([, guard]) => guard));
    assert.ok(safeguards.size >= 20, `${safeguards.size}`);
  });

  test("has found something only if it prints a trace", () => {
    const printed = "thread 'engine::exploration::one_tab' panicked at src/mod.rs:1:1:\nb1 was sent twice\n  1. Confirm { tab: 0 }\n  2. Tick\nstack backtrace:\n";
    assert.deepEqual(traceIn(printed), { broken: "b1 was sent twice", steps: ["Confirm { tab: 0 }", "Tick"] });
    assert.equal(traceIn("thread 'x' panicked at src/mod.rs:1:1:\nExplored { states: 3 }\nstack backtrace:\n"), undefined);
  });
});
