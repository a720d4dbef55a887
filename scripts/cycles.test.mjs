// Small trees with and without a cycle of imports. Run by `make lint`.

import assert from "node:assert/strict";
import test from "node:test";
import { cycles, described, rustSteps, scriptSteps } from "./cycles.mjs";

const files = (tree) => new Map(Object.entries(tree));
/** The cycles of a crate whose files are given without `src/` and `.rs`. */
const ringsOf = (tree) => {
  const sources = Object.entries(tree).map(([name, source]) => [`src/${name}.rs`, source]);
  return cycles(rustSteps(new Map(sources))).map((ring) => ring.map(({ file }) => file.slice(4, -3)).join(" "));
};

test("files that import each other are a cycle, named with what they import", () => {
  const steps = rustSteps(
    files({
      "src/lib.rs": "mod a;\nmod b;\n",
      "src/a.rs": "use crate::b::{Bee, Sea as C};\npub struct Ay(Bee, C);\n",
      "src/b.rs": "pub struct Bee;\npub struct Sea;\nimpl Bee { fn f(&self) -> crate::a::Ay { crate::a::Ay::new() } }\n",
    }),
  );
  const found = cycles(steps).map(described);
  assert.deepEqual(found, [
    "src/a.rs -> src/b.rs -> src/a.rs\n    src/a.rs uses Bee, Sea of src/b.rs\n    src/b.rs uses Ay of src/a.rs",
  ]);
});

test("imports that go one way are none", () => {
  assert.deepEqual(ringsOf({ lib: "mod a; mod b;", a: "use crate::b::Bee;", b: "pub struct Bee;" }), []);
});

test("a name counts for the file that defines it, behind re-exports and new names", () => {
  const tree = {
    lib: "mod plan; mod job; pub use plan::Plan; pub use job::*;",
    "plan/mod": "mod made; pub use self::made::Plan;",
    "plan/made": "use crate::Batch; pub struct Plan(Batch);",
    "job/mod": "mod batch; pub use batch::Set as Batch;",
    "job/batch": "use crate::Plan as P; pub struct Set(P);",
  };
  assert.deepEqual(ringsOf(tree), ["job/batch plan/made"]);
});

test("a parent that only declares and passes on is not part of a cycle", () => {
  const tree = {
    lib: "pub mod job;",
    "job/mod": "mod state; pub use state::{State, begin}; pub(crate) use state::*; pub struct Job;",
    "job/state": "use super::Job; pub struct State(Job); pub fn begin() {}",
  };
  assert.deepEqual(ringsOf(tree), []);
});

test("a parent that uses what its child defines, and is used by it, is a cycle", () => {
  const child = "use super::Job; pub struct State(Job); pub fn begin() {}";
  for (const parent of [
    "mod state; use state::State; pub struct Job { state: State }",
    "mod state; pub use state::State; pub struct Job { state: State }",
    "mod state; pub use state::*; pub struct Job { state: State }",
    "mod state; pub struct Job; fn f() { state::begin() }",
    "mod state; pub use state::begin; pub struct Job; fn f() { begin() }",
  ]) {
    assert.deepEqual(ringsOf({ lib: "mod job;", "job/mod": parent, "job/state": child }), ["job/mod job/state"], parent);
  }
});

test("`super::super`, inline modules, globs and `#[path]` are followed", () => {
  assert.deepEqual(ringsOf({ lib: "mod a; mod z;", "a/mod": "mod b;", "a/b": "fn f() { super::super::z::zed() }", z: "pub fn zed() { crate::a::b::f() }" }), ["a/b z"]);
  assert.deepEqual(ringsOf({ lib: "mod a; mod b;", a: "pub struct A; mod inner { use super::super::b::B; }", b: "pub struct B(crate::a::A);" }), ["a b"]);
  assert.deepEqual(ringsOf({ lib: "mod a; mod b;", a: "use crate::b::*; pub struct A(B);", b: "use crate::a::A; pub struct B;" }), ["a b"]);
  assert.deepEqual(ringsOf({ lib: '#[path = "else.rs"]\nmod a;\nmod b;', else: "use crate::b::B; pub struct A;", b: "use crate::a::A; pub struct B;" }), ["b else"]);
  assert.deepEqual(ringsOf({ lib: "mod a; mod b;", a: "use crate::b::Kind::*; pub struct A;", b: "use crate::a::A; pub enum Kind { One }" }), ["a b"]);
});

test("a name that only a macro defines counts for the file of its module", () => {
  const tree = {
    lib: "mod text; mod other;",
    "text/mod": "mod words; pub use words::Word;",
    "text/words": "make! { Word } fn f() { crate::other::f() }",
    other: "use crate::text::Word; pub fn f() {}",
  };
  assert.deepEqual(ringsOf(tree), ["other text/words"]);
});

test("tests, comments, texts, fields and variables import nothing", () => {
  const b = "use crate::a::Ay; pub struct Bee; pub fn bee() {}";
  for (const a of [
    "pub struct Ay; #[cfg(test)] mod tests { use crate::b::Bee; }",
    "pub struct Ay; #[cfg(test)] use crate::b::Bee;",
    "pub struct Ay; impl Ay { #[cfg(all(test, unix))] fn f() { crate::b::bee() } }",
    "#![cfg(test)]\nuse crate::b::Bee; pub struct Ay;",
    "/// See [`crate::b::Bee`].\npub struct Ay; /* /* */ use crate::b::Bee; */",
    'pub struct Ay; const X: &str = r#"a " use crate::b::Bee; "#;',
    'pub struct Ay; const Q: char = \'"\'; const X: &str = " use crate::b::Bee; ";',
    "use crate::b::*; pub struct Ay { bee: u8 } fn f(ay: Ay) { let bee = ay.bee; g(bee) }",
  ]) {
    assert.deepEqual(ringsOf({ lib: "mod a; mod b;", a, b }), [], a);
  }
  assert.deepEqual(ringsOf({ lib: "mod a; #[cfg(test)] mod b;", a: "pub struct Ay;", b }), []);
});

test("a longer cycle is printed in its order, and each step of any cycle is printed", () => {
  const tree = { lib: "mod a; mod b; mod c;", a: "pub fn f() { crate::b::f() }", b: "pub fn f() { crate::c::f() }", c: "pub fn f() { crate::a::f() }" };
  assert.deepEqual(ringsOf(tree), ["a b c"]);
  assert.deepEqual(ringsOf({ ...tree, b: "pub fn f() { crate::c::f(); crate::a::f() }" }), ["a b", "a b c"]);
});

test("scripts that import each other are a cycle", () => {
  const ringsIn = (tree) => cycles(scriptSteps(files(tree))).map((ring) => ring.map(({ file, names }) => `${file}(${names})`).join(" "));
  assert.deepEqual(
    ringsIn({
      "tests/a.ts": 'import { expect } from "@playwright/test";\nimport {\n  type B,\n  c as d,\n} from "./support/b";\n',
      "tests/support/b.ts": 'export { a } from "../a";\n',
    }),
    ["tests/a.ts(B,c) tests/support/b.ts(a)"],
  );
  assert.deepEqual(ringsIn({ "a.mjs": 'import "./b.mjs";', "b.mjs": 'await import("./a.mjs");' }), ["a.mjs(the whole file) b.mjs(the whole file)"]);
  assert.deepEqual(ringsIn({ "a.js": 'const b = require("./b");', "b.js": "// require('./a')\n/* import './a'; */" }), []);
});
