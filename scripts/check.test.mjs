// Tests each rule of check.mjs on code that keeps it and code that breaks it. Run by `make lint`.

import assert from "node:assert/strict";
import test from "node:test";
import { crateBreaches, firstTextBreaches, layerBreaches, leakBreaches, lockBreaches, markupBreaches, styleBreaches, textChildBreaches, wordBreaches } from "./check.mjs";

test("a crate uses only the crates below it, and the simulator none", () => {
  assert.deepEqual(crateBreaches({ "bigiq-simulator": ["axum"], curfew: ["curfew-client", "curfew-core", "leptos"], "curfew-client": ["bigiq"] }), []);
  assert.equal(crateBreaches({ curfew: ["bigiq"] }).length, 1);
  assert.equal(crateBreaches({ "bigiq-simulator": ["bigiq"] }).length, 1);
  assert.equal(crateBreaches({ bigiq: ["curfew-core"] }).length, 1);
  assert.deepEqual(crateBreaches({ text: ["curfew-core", "timestamp", "serde_json"], curfew: ["text"] }), []);
  assert.equal(crateBreaches({ text: ["bigiq"], "curfew-core": ["text"] }).length, 2);
  assert.equal(crateBreaches({ another: [] }).length, 1);
});

test("a layer uses only the layers below it", () => {
  assert.deepEqual(layerBreaches("src/pages/job.rs", "use crate::ui::Button;\nuse curfew_core::job::Job;"), []);
  assert.deepEqual(layerBreaches("src/ui/list.rs", "use curfew_core::app::window::rows;"), []);
  assert.deepEqual(layerBreaches("src/pages/job.rs", "use text::Name;\nfn f() { text::retry() }"), []);
  assert.deepEqual(layerBreaches("src/web/fetch.rs", "use curfew_client::platform::{Clock, Transport};"), []);
  assert.deepEqual(layerBreaches("src/web/intl.rs", "use curfew_core::timestamp::Timestamp;\nimpl text::Locale for Locale {}"), []);
  for (const [path, code] of [
    ["src/ui/list.rs", "use crate::state::Session;"],
    ["src/ui/list.rs", "use curfew_core::plan::Plan;"],
    ["src/ui/list.rs", "use curfew_core::app::Config;"],
    ["src/ui/list.rs", "use crate::{web::time, pages::{a, b}};"],
    ["src/pages/job.rs", "use bigiq::KillTask;"],
    ["src/pages/job.rs", "use curfew_client::signed_in::SignedIn;"],
    ["src/web/mod.rs", "use super::ui;"],
    ["src/web/mod.rs", "use curfew_core::job::Job;"],
    ["src/ui/list.rs", "fn f() { text::retry() }"],
    ["src/ui/list.rs", "use text::{Name};"],
    ["src/web/fetch.rs", "use curfew_client::kill::SendOutcome;"],
    ["src/text/mod.rs", ""],
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
    'view! { <p class="a b">{text::hello()}</p> }',
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
  assert.deepEqual(wordBreaches("crates/text/src/list.rs", '"Sign in"'), []);
  assert.deepEqual(wordBreaches("src/pages/a.rs", '\nlet a = "Sign in";'), ['src/pages/a.rs:2: text outside languages/en.json: "Sign in"']);
});

test("no sentence is assembled from texts", () => {
  for (const code of [
    'let a = [one, two].join(" · ");',
    'let a = keys.split(", ");',
    'let a = [id, ".", ending].concat();',
    'let a = [error_id, hint_id].join(" ");',
    'view! { <span>" "{number}</span> }',
    "report(format!(r#\"{{\"type\":\"height\",\"height\":{height}}}\"#));",
  ]) {
    assert.deepEqual(wordBreaches("src/pages/a.rs", code), [], code);
  }
  for (const code of [
    'let a = [heading, ": ", text].concat();',
    'let a = [what, ". ", next].concat();',
    'let a = names.join(", ");',
    'let a = format!("{name} ({role})");',
    'let a = format!("{}: {}", heading, text);',
    'view! { <p>{a}" – "{b}</p> }',
    'let a = [text, " ?"].concat();',
  ]) {
    for (const layer of ["pages", "ui", "state"]) assert.equal(wordBreaches(`src/${layer}/a.rs`, code).length, 1, code);
  }
  assert.match(wordBreaches("src/pages/a.rs", 'names.join(", ")')[0], /^src\/pages\/a\.rs:1: ", " joins texts: write one text with placeholders/);
});

test("what is shown before the console has no text that loads with it", () => {
  const [keys, first] = [new Set(["sign_in", "plan"]), new Set(["sign_in"])];
  const breaches = (path, code) => firstTextBreaches(path, code, keys, first);
  for (const [path, code] of [
    ["src/pages/sign_in.rs", "text::sign_in(); text::locale(); text::sentences::error::failure();"],
    ["src/pages/sign_in.rs", "use text::{Name, sign_in};\nuse text::sentences::error::failure;"],
    ["src/pages/shell.rs", "text::plan()"],
    ["crates/text/src/sentences/error.rs", "crate::sign_in()"],
    ["crates/text/src/sentences/plan.rs", "crate::plan()"],
  ]) {
    assert.deepEqual(breaches(path, code), [], code);
  }
  for (const [path, code] of [
    ["src/pages/sign_in.rs", "text::sign_in();\ntext::plan()"],
    ["src/pages/sign_in.rs", "stopped_page(text::plan, None)"],
    ["src/pages/sign_in.rs", "use text::sentences::plan::review;"],
    ["src/pages/app.rs", "use text::{Name, plan};\nplan();"],
    ["src/ui/button.rs", "text::plan()"],
    ["src/state/idle.rs", "text::plan()"],
    ["src/lib.rs", "text::plan()"],
    ["crates/text/src/sentences/error.rs", "crate::plan()"],
  ]) {
    assert.equal(breaches(path, code).length, 1, code);
  }
  assert.deepEqual(breaches("src/pages/app.rs", "\ntext::plan()"), [
    "src/pages/app.rs:2: the text plan is not in crates/text/sign-in-page.txt, so it loads with the console, but may be shown before it",
  ]);
});

test("the markup of a view contains no literal text", () => {
  for (const code of [
    'view! { <p>{text::close()}</p> }',
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

test("a text in a view is the whole content of its element", () => {
  const breaches = (code, path = "src/pages/a.rs") => textChildBreaches(path, code);
  for (const code of [
    "view! { <p prop:textContent=content(text::close())/> }",
    "let rows = all.map(|name| view! { <li prop:textContent=content(name)/> }); view! { <ul>{rows}</ul> }",
    "view! { <p>{move || open.get().then(|| view! { <b prop:textContent=content(text::close())/> })}</p> }",
    "let text = text::close(); let more = { let it = isolated(a); view! { <p prop:textContent=content(it)/> } }; view! { <div>{more} {banner(text)}</div> }",
    "fn name(name: String) { view! { <Row name=move || { name.clone() }/> } }",
    "view! { <div>{icon.view()}<p class=\"a\">{children()}</p></div> }",
  ]) {
    assert.deepEqual(breaches(code), [], code);
  }
  for (const code of [
    "view! { <div>{text::close()}</div> }",
    "view! { <p>{move || text::read(&name.get())}</p> }",
    "view! { <li>{isolated(name)} {more}</li> }",
    "view! { <dd>{list_of_names(names).into_text()}</dd> }",
    "view! { <h1 id=\"a\">{title}</h1> }",
    "view! { <button on:click=move |_| press()>{move || label(1)}</button> }",
    "let hint = text::hint(); view! { <div>{hint}</div> }",
    "fn row(term: String) { view! { <dt>{term} <span/></dt> } }",
    "fn row(#[prop(into)] label: Signal<String>) { view! { <div>{icon.view()} {label}</div> } }",
    "view! { <p prop:innerText=text/> }",
    "view! { <p prop:textContent=text/> }",
    "view! { <p inner_html=text/> }",
  ]) {
    assert.equal(breaches(code).length, 1, code);
    assert.deepEqual(breaches(code, "src/web/a.rs"), [], code);
  }
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

test("a style sheet positions no table row: WebKit doesn't", () => {
  for (const rule of [".a tbody tr { position: relative; }", "tr:hover, td { color: red; position: relative; }"]) {
    assert.equal(styleBreaches("style/a.css", rule).length, 1, rule);
  }
  for (const rule of [".a tr { color: red; } .b { position: relative; }", ".strip { position: relative; }", "tr td { position: relative; }"]) {
    assert.deepEqual(styleBreaches("style/a.css", rule), [], rule);
  }
});

test("the sources contain nothing of one machine", () => {
  assert.deepEqual(leakBreaches("README.md", `https://host.test${"/"}work/x and crates/core/src`), []);
  assert.equal(leakBreaches("README.md", `see ${"/"}home/someone/notes`).length, 1);
  assert.equal(leakBreaches("tests/e2e/package-lock.json", '"resolved": "https://registry.test/a.tgz"').length, 1);
  assert.equal(leakBreaches("Cargo.lock", 'source = "registry+https://registry.test/index"').length, 1);
  assert.deepEqual(leakBreaches("Cargo.lock", 'source = "registry+https://github.com/rust-lang/index"'), []);
});

test("each package in a lock of npm has a checksum", () => {
  const integrity = `sha512-${"A".repeat(86)}==`;
  const lock = (entry) => JSON.stringify({ packages: { "": { name: "tests" }, "node_modules/a": entry } });
  assert.deepEqual(lockBreaches("tests/package-lock.json", lock({ integrity })), []);
  for (const entry of [{}, { integrity: "" }, { integrity: "sha1-AAAA" }]) assert.equal(lockBreaches("tests/package-lock.json", lock(entry)).length, 1);
});
