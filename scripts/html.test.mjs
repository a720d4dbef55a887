// Tests the reader of the page that Trunk writes: in whatever form the page is written, the same elements are found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { elements, fileOf, tag, withTexts } from "./html.mjs";

const read = (html) => elements(html).map(({ name, attributes, start, end }) => [name, Object.fromEntries(attributes), html.slice(start, end)]);

test("attributes are read with any quotes, in any order, on any line", () => {
  for (const html of ['<link href="./a.css" rel="stylesheet">', "<link href=./a.css rel=stylesheet>", "<LINK\n  href='./a.css'\n  rel = stylesheet\n/>", '<link href="./a.css"rel=stylesheet >']) {
    assert.deepEqual(read(html), [["link", { href: "./a.css", rel: "stylesheet" }, html]]);
  }
  assert.deepEqual(read("<input required autofocus>")[0][1], { required: "", autofocus: "" });
  assert.deepEqual(read("<a title='1 > 0, \"so\"' href=\"\">x</a>"), [["a", { title: '1 > 0, "so"', href: "" }, "<a title='1 > 0, \"so\"' href=\"\">"]]);
});

test("what stands in a comment, a script or a title is not an element", () => {
  assert.deepEqual(read('<!doctype html><!-- <link href="a"> --><title><b></title><script src=a.js>"<link>"</script><link href=c>').map(([name, , text]) => [name, text]), [
    ["#comment", '<!-- <link href="a"> -->'],
    ["title", "<title><b></title>"],
    ["script", '<script src=a.js>"<link>"</script>'],
    ["link", "<link href=c>"],
  ]);
});

test("a tag or script without an end is an error", () => {
  assert.throws(() => elements('<p><link href="a'), /can't be read: <link/);
  assert.throws(() => elements("<script>a()"), /has no end: <script>/);
});

test("a file next to the page is one with a relative address", () => {
  const file = (address) => fileOf(elements(`<link href="${address}">`)[0]);
  assert.deepEqual(["./a.css", "a.css", "./b/c.txt"].map(file), ["a.css", "a.css", "b/c.txt"]);
  assert.deepEqual(["", "/a.css", "https://example.test/a.css", "#kill"].map(file), Array(4).fill(undefined));
  assert.equal(fileOf(elements("<script src=./boot.js></script>")[0]), "boot.js");
});

test("elements are replaced in their places, in any order", () => {
  const html = "a<i>b<!-- $& -->c<b>d";
  const [i, comment, b] = elements(html);
  assert.equal(withTexts(html, [[b, "$&"], [comment, ""], [i, tag("u", new Map([["id", "x"], ["hidden", ""]]))]]), 'a<u id="x" hidden>bc$&d');
});
