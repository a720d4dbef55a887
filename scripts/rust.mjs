// Reads Rust source as far as the checks of this folder need it: tokens, a module's items, its `use` declarations and the
// names that its code mentions. Tests (`#[cfg(test)]`, `#[test]`) are left out.

import { posix } from "node:path";

const SPACE = /\s+/y;
const LINE_COMMENT = /\/\/[^\n]*/y;
const RAW_STRING = /(?:br|cr|r)(#*)"[\s\S]*?"\1/y;
const STRING = /[bc]?"(?:[^"\\]|\\[\s\S])*"/y;
const CHAR = /b?'(?:[^'\\\n]|\\(?:u\{[^}]*\}|x[0-9a-fA-F]{2}|.))'/y;
const LIFETIME = /'\w+/y;
const NAME = /(?:r#)?[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d[\w]*(?:\.\d[\w]*)?/y;
const SIGN = /::|\.\.\.|\.\.=|\.\.|->|=>|[^\s]/y;

/** What stands between `/*` and its end; such comments nest. */
function blockComment(source, start) {
  let depth = 0;
  let at = start;
  while (at < source.length) {
    if (source.startsWith("/*", at)) {
      depth += 1;
      at += 2;
    } else if (source.startsWith("*/", at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else at += 1;
  }
  return at;
}

/** The tokens of a file, without comments. `kind` is `name`, `text` (strings, characters, numbers) or `sign`. */
export function tokens(source) {
  const found = [];
  let at = 0;
  const take = (pattern) => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (!match) return null;
    at = pattern.lastIndex;
    return match[0];
  };
  while (at < source.length) {
    if (take(SPACE) !== null || take(LINE_COMMENT) !== null) continue;
    if (source.startsWith("/*", at)) {
      at = blockComment(source, at);
      continue;
    }
    const literal = take(RAW_STRING) ?? take(STRING) ?? take(CHAR);
    if (literal !== null) {
      found.push({ kind: "text", text: literal });
      continue;
    }
    if (take(LIFETIME) !== null) continue;
    const name = take(NAME);
    if (name !== null) {
      found.push({ kind: "name", text: name.replace(/^r#/, "") });
      continue;
    }
    const number = take(NUMBER);
    found.push(number === null ? { kind: "sign", text: take(SIGN) } : { kind: "text", text: number });
  }
  return found;
}

const OPEN = { "(": ")", "[": "]", "{": "}" };
const CLOSE = new Set(Object.values(OPEN));

/** The place after the bracket that closes the one at `at`. */
function afterGroup(all, at) {
  let depth = 0;
  for (let i = at; i < all.length; i += 1) {
    if (all[i].kind !== "sign") continue;
    if (all[i].text in OPEN) depth += 1;
    if (CLOSE.has(all[i].text)) depth -= 1;
    if (depth === 0) return i + 1;
  }
  return all.length;
}

const isSign = (token, text) => token?.kind === "sign" && token.text === text;
const isName = (token, text) => token?.kind === "name" && (text === undefined || token.text === text);

/** The attributes at `at`: where they end, whether they are for tests only, and the file that `#[path]` names. */
function attributes(all, at) {
  let end = at;
  let tests = false;
  let path = null;
  while (isSign(all[end], "#")) {
    const inner = isSign(all[end + 1], "!") ? 1 : 0;
    const start = end + 1 + inner;
    if (!isSign(all[start], "[")) break;
    end = afterGroup(all, start);
    const words = all.slice(start + 1, end - 1).map((token) => token.text);
    if (/^(?:cfg \( (?:all \( )?test\b|test$)/.test(words.join(" "))) tests = true;
    if (words[0] === "path" && words[1] === "=") path = words[2].slice(1, -1);
  }
  return { end, tests, path };
}

/** Items that end with a semicolon, whatever braces are in them. */
const STATEMENTS = new Set(["use", "const", "static", "type", "let"]);

/** The place after the item that begins at `at`: its semicolon, or its first block. */
function afterItem(all, at) {
  let i = at;
  while (isName(all[i], "pub") || isName(all[i], "unsafe") || isName(all[i], "async")) {
    i += 1;
    if (isSign(all[i], "(")) i = afterGroup(all, i);
  }
  const statement = STATEMENTS.has(all[i]?.text) && !["fn", "unsafe", "async", "extern"].includes(all[i + 1]?.text);
  while (i < all.length) {
    if (isSign(all[i], ";")) return i + 1;
    if (all[i].kind === "sign" && CLOSE.has(all[i].text)) return i;
    if (all[i].kind === "sign" && all[i].text in OPEN) {
      const block = all[i].text === "{";
      i = afterGroup(all, i);
      if (block && !statement) return i;
    } else i += 1;
  }
  return i;
}

/** The leaves of a `use` tree: the path, the name it gets here (`*` for all), and where the tree ends. */
function useTree(all, at, before, leaves) {
  const path = [...before];
  let i = isSign(all[at], "::") ? at + 1 : at;
  while (i < all.length) {
    if (isSign(all[i], "{")) {
      const end = afterGroup(all, i);
      i += 1;
      while (i < end - 1) {
        i = useTree(all, i, path, leaves);
        if (isSign(all[i], ",")) i += 1;
      }
      return end;
    }
    if (isSign(all[i], "*")) {
      leaves.push({ path, name: "*" });
      return i + 1;
    }
    path.push(all[i].text);
    i += 1;
    if (!isSign(all[i], "::")) break;
    i += 1;
  }
  // `a::{self}` is `a` itself.
  if (path.length > 1 && path.at(-1) === "self") path.pop();
  let name = path.at(-1);
  if (isName(all[i], "as")) {
    name = all[i + 1].text;
    i += 2;
  }
  leaves.push({ path, name });
  return i;
}

const KINDS = new Set(["struct", "enum", "union", "trait", "type", "fn", "const", "static", "macro_rules"]);
const QUALIFIERS = new Set(["unsafe", "async", "extern", "auto", "safe"]);
const TYPES = new Set(["struct", "enum", "union", "trait", "type"]);

/**
 * What a module holds, its inline modules included:
 * - `items`: `{ kind, name, visibility }` of what is defined at its level
 * - `modules`: `{ name, path, body }` of its children; `body` is null for one in a file of its own
 * - `uses`: `{ path, name, visibility }` of all its `use` declarations; `inside` for one within a function
 * - `paths`: the paths that its code mentions, as `{ path, called }`; `called` where a call or a macro's `!` follows
 * - `makers`: the macros defined here that make public types; `made`: `{ macro, names }` for each use of any macro
 */
export function readModule(source) {
  const all = tokens(source);
  return read(all, 0, all.length);
}

function read(all, start, end) {
  const module = { items: [], modules: [], uses: [], paths: [], makers: [], made: [] };
  let i = start;
  const first = attributes(all, i);
  if (isSign(all[i + 1], "!") && first.tests) return module;
  while (i < end) {
    const { end: begin, tests, path } = attributes(all, i);
    if (begin >= end) break;
    if (tests) {
      i = Math.max(afterItem(all, begin), begin + 1);
      continue;
    }
    i = item(module, all, begin, path);
  }
  return module;
}

/** Reads the item at `at` into the module, and says where it ends. */
function item(module, all, at, path) {
  let i = at;
  let visibility = "";
  if (isName(all[i], "pub")) {
    visibility = "pub";
    i += 1;
    if (isSign(all[i], "(")) {
      const end = afterGroup(all, i);
      visibility = `pub(${all.slice(i + 1, end - 1).map((token) => token.text).join(" ")})`;
      i = end;
    }
  }
  if (isName(all[i], "mod") && isName(all[i + 1])) {
    const name = all[i + 1].text;
    if (isSign(all[i + 2], ";")) {
      module.modules.push({ name, path, body: null });
      return i + 3;
    }
    const end = afterGroup(all, i + 2);
    module.modules.push({ name, path, body: read(all, i + 3, end - 1) });
    return end;
  }
  if (isName(all[i], "use")) {
    const leaves = [];
    const end = useTree(all, i + 1, [], leaves);
    module.uses.push(...leaves.map((leaf) => ({ ...leaf, visibility })));
    return end + 1;
  }
  const end = Math.max(afterItem(all, i), i + 1);
  // `unsafe extern "C" const fn`: whatever stands before the word that says what it is.
  let word = i;
  while (word < end && (all[word].kind === "text" || QUALIFIERS.has(all[word].text))) word += 1;
  if (isName(all[word], "const") && (isName(all[word + 1], "fn") || QUALIFIERS.has(all[word + 1]?.text))) {
    while (word < end && !isName(all[word], "fn")) word += 1;
  }
  const kind = all[word]?.text;
  let body = i;
  if (KINDS.has(kind)) {
    const named = kind === "macro_rules" || isName(all[word + 1], "mut") ? word + 2 : word + 1;
    if (isName(all[named])) {
      module.items.push({ kind, name: all[named].text, visibility });
      body = named + 1;
    }
  }
  if (kind === "macro_rules" && makesTypes(all.slice(body, end))) module.makers.push(module.items.at(-1).name);
  if (isSign(all[i + 1], "!") && kind !== "macro_rules") module.made.push({ macro: kind, names: outerNames(all.slice(i + 2, end)) });
  code(module, all, body, end);
  return end;
}

/** Whether a macro has `pub struct $name`, or another kind of type. */
const makesTypes = (body) =>
  body.some((token, i) => isName(token, "pub") && TYPES.has(body[i + 1]?.text) && isSign(body[i + 2], "$"));

/** The names with a capital between a macro's outer brackets, but not in inner ones. */
function outerNames(group) {
  let depth = 0;
  return group.flatMap((token) => {
    if (token.kind === "sign" && token.text in OPEN) depth += 1;
    if (token.kind === "sign" && CLOSE.has(token.text)) depth -= 1;
    return depth === 1 && isName(token) && /^\p{Lu}/u.test(token.text) ? [token.text] : [];
  });
}

/** Words that are no name of anything. */
const KEYWORDS = new Set(
  "as async await break const continue dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return Self static struct trait true type unsafe use where while yield".split(" "),
);

/** Reads the paths that a stretch of code mentions. */
function code(module, all, start, end) {
  let i = start;
  while (i < end) {
    const token = all[i];
    if (isSign(token, "#") && (isSign(all[i + 1], "[") || isSign(all[i + 1], "!"))) {
      const { end: after, tests } = attributes(all, i);
      if (after > i) {
        i = tests ? Math.max(afterItem(all, after), after) : after;
        continue;
      }
    }
    if (isName(token, "use") && (isName(all[i + 1]) || isSign(all[i + 1], "::"))) {
      const leaves = [];
      i = useTree(all, i + 1, [], leaves);
      module.uses.push(...leaves.map((leaf) => ({ ...leaf, visibility: "", inside: true })));
      continue;
    }
    if (token.kind !== "name" || KEYWORDS.has(token.text)) {
      i += 1;
      continue;
    }
    const before = all[i - 1];
    const path = [token.text];
    i += 1;
    while (isSign(all[i], "::") && isName(all[i + 1])) {
      path.push(all[i + 1].text);
      i += 2;
    }
    // A field, a method, the rest of `<T as X>::Y`, the name of a function or a variable: nothing that is looked up here.
    if (isSign(before, ".") || isSign(before, "::") || isName(before, "fn") || (isName(before, "let") && path.length === 1)) continue;
    const called = isSign(all[i], "(") || isSign(all[i], "!");
    if (path.length > 1 || (path[0] !== "self" && path[0] !== "super" && path[0] !== "crate")) module.paths.push({ path, called });
  }
}

/** The modules of the crate that begins with the file `root`, each with its `file`, `parent`, `children` and `names`. */
export function moduleTree(files, root) {
  const all = [];
  const grow = (file, folder, name, parent, content) => {
    const module = { file, folder, name, parent, ...content, children: new Map(), names: new Map() };
    all.push(module);
    for (const { kind, name: item } of content.items) module.names.set(item, { kind, file, name: item });
    for (const child of content.modules) {
      if (child.body) {
        module.children.set(child.name, grow(file, posix.join(folder, child.name), child.name, module, child.body));
        continue;
      }
      const candidates = child.path
        ? [posix.join(posix.dirname(file), child.path)]
        : [posix.join(folder, `${child.name}.rs`), posix.join(folder, child.name, "mod.rs")];
      const found = candidates.find((candidate) => files.has(candidate));
      if (!found) continue;
      const within = child.path || found.endsWith("/mod.rs") ? posix.dirname(found) : posix.join(folder, child.name);
      module.children.set(child.name, grow(found, within, child.name, module, readModule(files.get(found))));
    }
    return module;
  };
  grow(root, posix.dirname(root), "crate", null, readModule(files.get(root)));
  return all;
}

/** The public types at module level of a crate's files, as `{ name, file }`; those that a macro of the crate makes, too. */
export function publicTypes(files, root) {
  const modules = moduleTree(files, root);
  const makers = new Set(modules.flatMap(({ makers }) => makers));
  return modules.flatMap(({ file, items, made }) => {
    const own = items.filter(({ kind, visibility }) => visibility === "pub" && TYPES.has(kind)).map(({ name }) => name);
    return [...own, ...made.filter(({ macro }) => makers.has(macro)).flatMap(({ names }) => names)].map((name) => ({ name, file }));
  });
}
