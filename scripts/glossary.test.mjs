// Which public types a glossary leaves out. Run by `make lint`.

import assert from "node:assert/strict";
import test from "node:test";
import { glossaryNames, missingNames } from "./glossary.mjs";

const PAGE = `# Page

| word | meaning |
| --- | --- |
| operator | who is signed in |
| devices, access group (\`AccessGroup\`) | \`Other\`, units |
| \`SessionId\`; \`UserName\` | ids |

| folder | what it holds |
| --- | --- |
| \`job\` | not a glossary |
`;

test("names are those of the first column of each table of words", () => {
  const names = ["operator", "devices", "accessgroup", "sessionid", "username"];
  assert.deepEqual([...glossaryNames(PAGE)].sort(), names.sort());
  assert.deepEqual([...glossaryNames("| file | name |\n| --- | --- |\n| a | b |\n")], []);
});

test("public types at module level need a name, in the glossary's own words or as they are", () => {
  const missing = (lib, more = {}) => missingNames(new Map(Object.entries({ "crates/timestamp/src/lib.rs": "", "crates/bigiq/src/lib.rs": "", "crates/text/src/lib.rs": "", "crates/client/src/lib.rs": "", "crates/core/src/lib.rs": lib, ...more })), PAGE);
  for (const known of [
    "pub struct Operator; pub enum Device { A } pub trait AccessGroup {} pub type SessionId = u8;",
    "struct A; pub(crate) struct B; pub fn C() {} fn f() { struct D; } impl Device { pub const E: u8 = 1; }",
    "#[cfg(test)] pub struct A; #[cfg(test)] mod tests { pub struct B; }",
    "pub use bigiq::Method;",
    "macro_rules! private { ($name:ident) => { struct $name; } } private!(A);",
  ]) {
    assert.deepEqual(missing(known), [], known);
  }
  for (const [unknown, name] of [
    ["pub struct Job<T>(T);", "Job"],
    ["/// A job.\n#[derive(Debug)]\npub enum Job { A }", "Job"],
    ["pub unsafe trait Job {}", "Job"],
    ["pub type Job = u8;", "Job"],
    ["pub mod inner { pub struct Job; }", "Job"],
    ["pub struct Other;", "Other"],
    ["macro_rules! make { ($(#[$doc:meta])* $name:ident { $v:ident }) => { pub enum $name { $v } } }\nmake! {\n/// A job.\nJob { Begun }\n}", "Job"],
  ]) {
    assert.deepEqual(missing(unknown), [`crates/core/src/lib.rs: ${name}`], unknown);
  }
});

test("files are read that are part of the crate and not of its tests", () => {
  const files = { "crates/timestamp/src/lib.rs": "", "crates/core/src/lib.rs": "mod job; #[cfg(test)] mod fixture;", "crates/bigiq/src/lib.rs": "mod call;", "crates/client/src/lib.rs": "", "crates/text/src/lib.rs": "mod locale;", "crates/text/src/locale.rs": "pub trait Locale {}", "crates/bigiq/src/call.rs": "pub struct Call;" };
  files["crates/core/src/job/mod.rs"] = "mod event;";
  files["crates/core/src/job/event.rs"] = "pub struct Event;";
  files["crates/core/src/fixture.rs"] = "pub struct Fixture;";
  assert.deepEqual(missingNames(new Map(Object.entries(files)), PAGE), ["crates/bigiq/src/call.rs: Call", "crates/core/src/job/event.rs: Event", "crates/text/src/locale.rs: Locale"]);
});
