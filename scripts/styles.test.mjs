// The two style sheets made of small trees of styles and sources, and what the checks say about styles. Run by `make lint`.

import assert from "node:assert/strict";
import test from "node:test";
import { importedBySignIn, joined, strayStyles } from "./styles.mjs";

const map = (tree) => new Map(Object.entries(tree));

const SOURCES = {
  "src/lib.rs": "mod ui; mod pages; pub fn start() { pages::app() }",
  "src/ui/mod.rs": "mod button; mod dots; mod chip; pub use button::Button; pub use dots::Dots; pub use chip::Chip;",
  "src/ui/button.rs": 'use super::Dots; pub fn Button() { class("button press") }',
  "src/ui/dots.rs": 'pub fn Dots() { view! { <i class="dots" class:dots-small=small/> } }',
  "src/ui/chip.rs": 'pub fn Chip() { class("chip") }',
  "src/pages/mod.rs": "mod console; mod sign_in; pub fn app() { sign_in::SignIn(); console::open() }",
  "src/pages/sign_in.rs": 'use crate::ui::Button; pub fn SignIn() { class("card") }',
  "src/pages/console.rs": 'use crate::ui::Chip; pub fn open() { class("plan") }',
};
const STYLES = {
  "layers.css": "/* The order. */\n@layer base, ui, pages;\n",
  "base.css": "a { color: red; }\n",
  "ui/button.css": ".button { color: blue; }\n",
  "ui/dots.css": ".dots-small { gap: 0.5em; }\n",
  "ui/chip.css": ".chip { color: green; }\n",
  "pages/sign_in.css": ".card .press { margin: 0; }\n",
  "pages/console.css": ".plan { margin: 0; }\n",
};

test("the sign-in page imports what its code names, and nothing of the console's", () => {
  const files = importedBySignIn(map(SOURCES));
  for (const file of ["src/pages/mod.rs", "src/pages/sign_in.rs", "src/ui/button.rs", "src/ui/dots.rs"]) assert.ok(files.has(file), file);
  for (const file of ["src/pages/console.rs", "src/ui/chip.rs"]) assert.ok(!files.has(file), file);
});

test("each style is in its layer, in the sheet that loads with its component", () => {
  const sheets = joined(map(STYLES), map(SOURCES));
  const flat = (text) => text.replace(/\/\*.*?\*\//g, "").replace(/\s+/g, " ").trim();
  assert.equal(
    flat(sheets.curfew),
    "@layer base, ui, pages; @layer base { a { color: red; } } @layer ui { .button { color: blue; } .dots-small { gap: 0.5em; } } @layer pages { .card .press { margin: 0; } }",
  );
  assert.equal(flat(sheets.console), "@layer ui { .chip { color: green; } } @layer pages { .plan { margin: 0; } }");
});

test("a folder's own styles come before those of its files", () => {
  const styles = { "layers.css": "@layer pages;", "pages/kill/gate.css": "b{}", "pages/kill/mod.css": "a{}", "pages/app.css": "c{}" };
  const { console: sheet } = joined(map(styles), map({ "src/lib.rs": "" }));
  assert.equal(sheet.replace(/\s/g, ""), "@layerpages{c{}a{}b{}}");
});

test("a style belongs to a component, a layer and a class", () => {
  const tests = 'const STYLES: &str = styles! { "button" "dots" "chip" };\nget("card");';
  const found = (styles) => strayStyles({ styles: map({ ...STYLES, ...styles }), sources: map(SOURCES), page: '<p class="hint">', tests });
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ "base.css": ".hint { color: red; }" }), []);
  assert.deepEqual(found({ "ui/card.css": "" }), ["style/ui/card.css:1: there is no src/ui/card.rs", 'tests/browser/support.rs:1: STYLES lacks "card"']);
  assert.deepEqual(found({ "pages/kill/gate.css": "" }), ["style/pages/kill/gate.css:1: there is no src/pages/kill/gate.rs"]);
  assert.deepEqual(found({ "print.css": "" }), ["style/print.css:1: style/layers.css has no layer print"]);
  assert.deepEqual(found({ "layers.css": "@layer base, ui, pages, print;" }), ["style/layers.css:1: no file is the layer print"]);
  assert.deepEqual(found({ "ui/chip.css": "@media print { .chip:not(.gone) > a { margin: 0.5em; } }" }), ["style/ui/chip.css:1: nothing has the class gone"]);
  assert.deepEqual(found({ "ui/chip.css": ".open { margin: 0; }" }), ["style/ui/chip.css:1: nothing has the class open"]);
});
