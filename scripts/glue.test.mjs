import assert from "node:assert/strict";
import { test } from "node:test";
import { withShortNames, withoutExports } from "./glue.mjs";
import { exportsOf, importsOf } from "./wasm.mjs";

const section = (id, ...bytes) => [id, bytes.length, ...bytes];
const text = (string) => [string.length, ...Buffer.from(string)];
const file = (...sections) => Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()]);

/** An import of a function, and an export of one. */
const imported = (module, name, type) => [...text(module), ...text(name), 0, type];
const exported = (name, index) => [...text(name), 0, index];

/** A script as wasm-bindgen writes it. */
const script = `import * as import1 from "./__wasm_split.js"

export class IntoUnderlyingSink {
    free() {
        wasm.sink_free(this.__wbg_ptr, 0);
    }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_add_12: function() { return handleError(function (arg0) {
            arg0.add(wasm.__wbindgen_malloc());
        }, arguments); },
        __wbg_old_34: function(arg0) {
            arg0.old();
        },
        __wbg_body_56: function(arg0) {
            return arg0.body;
        },
    };
    return {
        __proto__: null,
        "./app_bg.js": import0,
        "./__wasm_split.js": import1,
    };
}
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.sink_free(ptr, 1));

const CLOSURE_DTORS = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(state => wasm.destroy_closure(state));
`;

test("classes that nothing uses are left out, with the exports that only they call", () => {
  const exports = ["sink_free", "__wbindgen_malloc", "main", "destroy_closure", "memory"].map(exported);
  const wasm = file(section(3, 1, 0), section(7, exports.length, ...exports.flat()), section(10, 1, 2, 0, 11));
  const result = withoutExports(script, "const { memory } = initSync();", wasm);
  assert.deepEqual(
    exportsOf(result.wasm).map(({ name, rest }) => [name, ...rest]),
    [
      ["__wbindgen_malloc", 0, 1],
      ["destroy_closure", 0, 3],
      ["memory", 0, 4],
    ],
  );
  assert.doesNotMatch(result.script, /IntoUnderlyingSink|sink_free/);
  assert.match(result.script, /^const CLOSURE_DTORS/m);
  assert.deepEqual(result.wasm.subarray(-7), wasm.subarray(-7));
});

test("the script keeps the functions that are imported, and both give them the same short names", () => {
  const imports = [imported("./app_bg.js", "__wbg_body_56", 1), imported("./__wasm_split.js", "load", 2), imported("./app_bg.js", "__wbg_add_12", 3)];
  const wasm = file(section(2, imports.length, ...imports.flat()), section(10, 1, 2, 0, 11));
  const result = withShortNames(script, wasm);
  assert.deepEqual(
    importsOf(result.wasm).map(({ module, name, rest }) => [module, name, ...rest]),
    [
      ["./app_bg.js", "a1", 0, 1],
      ["./__wasm_split.js", "load", 0, 2],
      ["./app_bg.js", "a0", 0, 3],
    ],
  );
  assert.match(result.script, /^ {8}a0: function\(\) \{ return handleError.*\n.*add.*\n.*\n {8}a1: function\(arg0\) \{\n.*body/m);
  assert.doesNotMatch(result.script, /__wbg_old|arg0\.old/);
  assert.deepEqual(result.wasm.subarray(-6), wasm.subarray(-6));
});

test("an import without a function in the script is an error", () => {
  const other = imported("./app_bg.js", "__wbg_other_78", 1);
  assert.throws(() => withShortNames(script, file(section(2, 1, ...other))), /__wbg_other_78/);
  assert.throws(() => withShortNames(script.replace('"./app_bg.js"', '"env"'), file(section(2, 1, ...other))), /no function/);
});
