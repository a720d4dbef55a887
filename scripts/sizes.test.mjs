import assert from "node:assert/strict";
import { test } from "node:test";
import { owner, sizes } from "./sizes.mjs";
import { number, text } from "./wasm.mjs";

for (const [name, of] of [
  ["_ZN6curfew5pages4kill4gate4Gate4open17h0123456789abcdefE", "curfew::pages::kill"],
  ["_ZN6curfew2ui6dialog6Dialog17h0123456789abcdefE", "curfew::ui"],
  ["_ZN11curfew_core6engine5Queue4next17h0123456789abcdefE", "curfew_core::engine"],
  ["_ZN5bigiq4task8KillTask2of17h0123456789abcdefE", "bigiq"],
  ["_ZN55_$LT$T$u20$as$u20$tachys..view..any_view..IntoAny$GT$8into_any17h0123456789abcdefE", "tachys"],
  ["_ZN58_$LT$curfew..ui..content..Content$u20$as$u20$core..From$GT$4from17h0123456789abcdefE", "curfew::ui"],
  ["_RNvMs3_NtCs5cOc02OMXlo_5alloc3stre12to_lowercase", "alloc"],
  ["__wasm_split_00console00_export_0438_open", "curfew::pages::console"],
  ["__wbindgen_malloc", "wasm_bindgen"],
  ["main", "other"],
]) {
  test(`${name} belongs to ${of}`, () => assert.equal(owner(name), of));
}

test("functions count for their owners, and what wasm-bindgen removes does not", () => {
  const section = (id, ...content) => [id, ...number(content.length), ...content];
  const functions = { _ZN5bigiq1aE: [0, 0x0b], _ZN5bigiq1bE: [0, 0x01, 0x0b], main: [0, 0x01, 0x01, 0x0b], __wbindgen_describe_x: [0, 0x0b] };
  const bodies = Object.values(functions).flatMap((body) => [body.length, ...body]);
  const names = Object.keys(functions).flatMap((name, index) => [index, ...text(name)]);
  const map = section(1, 4, ...names);
  const file = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, ...section(10, 4, ...bodies), ...section(0, ...text("name"), ...map)]);
  assert.deepEqual(sizes(file), [["bigiq", 5], ["other", 4]]);
});
