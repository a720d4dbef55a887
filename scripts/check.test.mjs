// Tests each rule of check.mjs on code that keeps it and code that breaks it. Run by `make lint`.

import assert from "node:assert/strict";
import test from "node:test";
import {
  crateBreaches,
  firstWordBreaches,
  languageBreaches,
  layerBreaches,
  leakBreaches,
  markupBreaches,
  styleBreaches,
  wordBreaches,
} from "./check.mjs";

test("the simulator may use none of our crates", () => {
  assert.deepEqual(crateBreaches({ "bigiq-simulator": ["axum"], curfew: ["bigiq", "curfew-core", "leptos"] }), []);
  assert.equal(crateBreaches({ "bigiq-simulator": ["bigiq"] }).length, 1);
  assert.equal(crateBreaches({ bigiq: ["curfew-core"] }).length, 1);
  assert.equal(crateBreaches({ another: [] }).length, 1);
});

test("a layer uses only the layers below it", () => {
  assert.deepEqual(layerBreaches("src/pages/job.rs", "use crate::ui::Button;\nuse curfew_core::job::Job;"), []);
  assert.deepEqual(layerBreaches("src/ui/list.rs", "use curfew_core::app::window::rows;"), []);
  for (const [path, code] of [
    ["src/ui/list.rs", "use crate::state::Session;"],
    ["src/ui/list.rs", "use curfew_core::plan::Plan;"],
    ["src/ui/list.rs", "use curfew_core::app::Config;"],
    ["src/ui/list.rs", "use crate::{web::time, pages::{a, b}};"],
    ["src/pages/job.rs", "use bigiq::KillTask;"],
    ["src/pages/job.rs", "fn f() { crate::api::get() }"],
    ["src/web/mod.rs", "use super::ui;"],
    ["src/text.rs", "use crate::pages::job;"],
    ["src/unheard_of/mod.rs", ""],
  ]) {
    assert.equal(layerBreaches(path, code).length, 1, `${path}: ${code}`);
  }
});

test("a comment or a test may name any layer", () => {
  assert.deepEqual(layerBreaches("src/ui/a.rs", "//! Not like crate::pages::job.\n#[cfg(test)]\nmod tests { use crate::pages::x; }"), []);
});

test("texts for people are only in the catalogue", () => {
  for (const code of [
    'view! { <p class="a b">{text.hello}</p> }',
    'view! { <button type="submit" class="button button-primary">{label}</button> }',
    'if key == "ArrowDown" || key == "Escape" {}',
    "// says \"Sign in\"",
  ]) {
    assert.deepEqual(wordBreaches("src/pages/a.rs", code), [], code);
  }
  for (const code of [
    'view! { <p>"Sign in"</p> }',
    'view! { <p>"Cancel"</p> }',
    "view! { <p>Sign in now</p> }",
    'view! { <p aria-label="Close this">{x}</p> }',
    'let message = "could not be read";',
  ]) {
    assert.equal(wordBreaches("src/pages/a.rs", code).length, 1, code);
  }
  assert.deepEqual(wordBreaches("src/text/en.rs", '"Sign in"'), []);
});

test("views shown before the console use no text that loads with it", () => {
  const catalogue = 'words! {\n    first {\n        SignIn = "Sign in";\n    }\n    rest {\n        Plan = "Plan";\n    }\n}\n';
  assert.deepEqual(firstWordBreaches("src/pages/sign_in.rs", "t(Word::SignIn)", catalogue), []);
  assert.equal(firstWordBreaches("src/pages/sign_in.rs", "t(Word::SignIn)\nt(Word::Plan)", catalogue).length, 1);
  assert.equal(firstWordBreaches("src/ui/button.rs", "t(Word::Plan)", catalogue).length, 1);
  assert.deepEqual(firstWordBreaches("src/pages/shell.rs", "t(Word::Plan)", catalogue), []);
});

test("the markup of a view contains no literal text", () => {
  for (const code of [
    'view! { <p>{t(Word::Close)}</p> }',
    'view! { <p>{a}" · "{b}</p> }',
    'view! { <a href="#content" class="skip">{x}</a> }',
    'view! { <input type=match kind { Kind::A => "text", Kind::B => "search" }/> }',
    'let class = if a > "b" { "c" } else { "d" };',
  ]) {
    assert.deepEqual(markupBreaches("src/pages/a.rs", code), [], code);
  }
  for (const code of [
    'view! { <p>"kill"</p> }',
    'view! { <p>{n}" devices"</p> }',
    'view! { <p>{if a { view! { <b>"x"</b> }.into_any() }}</p> }',
    'view! { <Button label="kill"/> }',
    'view! { <img alt="moon"/> }',
    'view! {\n <p>\n  "über"\n </p> }',
  ]) {
    assert.equal(markupBreaches("src/ui/a.rs", code).length, 1, code);
  }
  assert.match(markupBreaches("src/ui/a.rs", '\n\nview! { <p>"kill"</p> }')[0], /a\.rs:3:/);
  assert.deepEqual(markupBreaches("tests/browser/a.rs", 'view! { <p>"kill"</p> }'), []);
});

test("a translation has every text, with the same placeholders in every form", () => {
  const words = 'words! {\n    A = "Go";\n    B = "{n} of {all} device|{n} of {all} devices";\n}';
  const breaches = (table) => languageBreaches("languages/de.json", table, words);
  assert.deepEqual(breaches({ A: "Los", B: "{n} von {all} Gerät|{n} von {all} Geräten" }), []);
  assert.match(breaches({ B: "{n}{all}|{n}{all}" })[0], /lacks A: "Go"/);
  assert.equal(breaches({ A: " ", B: "{n}{all}|{n}{all}" }).length, 1);
  assert.match(breaches({ A: "Los", B: "{n} von {all}|{n} Geräte" })[0], /placeholders/);
  assert.match(breaches({ A: "Los {n}", B: "{n}{all}|{n}{all}" })[0], /placeholders/);
  assert.match(breaches({ A: "Los", B: "{n}{all}" })[0], /1 of 2 forms/);
  assert.match(breaches({ A: "Los|Los", B: "{n}{all}|{n}{all}" })[0], /2 of 1 forms/);
  assert.match(breaches({ A: "Los", B: "{n}{all}|{n}{all}|{n}{all}" })[0], /3 of 2 forms/);
  assert.match(breaches({ A: "Los", B: "{n}{all}|{n}{all}", C: "x" })[0], /has C/);
});

test("only a form that is for 1 alone may leave out the number", () => {
  const words = 'words! {\n    A = "this device ({all})|{n} devices ({all})";\n}';
  const breaches = (form, language = "de") => languageBreaches(`languages/${language}.json`, { A: form }, words);
  assert.deepEqual(breaches("ein Gerät ({all})|{n} Geräte ({all})"), []);
  assert.deepEqual(breaches("{n} Gerät ({all})|{n} Geräte ({all})"), []);
  assert.match(breaches("{n} Gerät ({all})|Geräte ({all})")[0], /placeholders/);
  assert.match(breaches("ein Gerät|{n} Geräte ({all})")[0], /placeholders/);
  for (const language of ["fr", "ru"]) assert.match(breaches("un ({all})|{n} ({all})", language)[0], /placeholders/);
});

test("a language that has one form for all counts gives one, with the number", () => {
  const words = 'words! {\n    A = "{n} device|{n} devices";\n}';
  const breaches = (form, language = "ja") => languageBreaches(`languages/${language}.json`, { A: form }, words);
  assert.deepEqual(breaches("{n}台"), []);
  assert.match(breaches("一台")[0], /placeholders/);
  assert.match(breaches("{n}台|{n}台")[0], /2 of 1 forms/);
  assert.match(breaches("{n} Geräte", "de")[0], /1 of 2 forms/);
  assert.match(breaches("{n}", "qq")[0], /no plural rules are known for qq/);
});

test("a style sheet uses start and end, not left and right", () => {
  const breaches = (rule) => styleBreaches("style/a.css", rule);
  for (const rule of [
    "a { margin-inline-start: 1rem; inset-block-end: 0; inline-size: 1px; }",
    "@media (max-width: 40rem) { a { text-align: start; } }",
    "/* left: 0; */ a { transform: rotate(1deg); border-block-end: 0; max-inline-size: 1px; }",
    "a { background: linear-gradient(to bottom, red, blue); line-height: 1.2; text-decoration-thickness: 1px; }",
  ]) {
    assert.deepEqual(breaches(rule), [], rule);
  }
  for (const rule of ["a { margin-left: 0; }", "a { left: 0; }", "a { text-align: right; }", "a { width: 3px; }", "a { border-top: 0; }"]) {
    assert.equal(breaches(rule).length, 1, rule);
  }
});

test("the sources contain nothing of one machine", () => {
  assert.deepEqual(leakBreaches("README.md", `https://host.test${"/"}work/x and crates/core/src`), []);
  assert.equal(leakBreaches("README.md", `see ${"/"}home/someone/notes`).length, 1);
  assert.equal(leakBreaches("tests/e2e/package-lock.json", '"resolved": "https://registry.test/a.tgz"').length, 1);
  assert.equal(leakBreaches("Cargo.lock", 'source = "registry+https://registry.test/index"').length, 1);
  assert.deepEqual(leakBreaches("Cargo.lock", 'source = "registry+https://github.com/rust-lang/index"'), []);
});
