// Finds texts that are shown with a blank that nothing fills: `Curfew {version}, {build}` without a build. Used by
// blanks.test.mjs, which `make lint` runs. It reads Rust as rustfmt writes it.

/** The texts of the catalogue (src/text/words.rs) by their names. */
function texts(catalogue) {
  return new Map([...catalogue.matchAll(/^\s+(\w+) = "((?:[^"\\]|\\.)*)";$/gm)].map(([, name, text]) => [name, text]));
}

const blanksIn = (text) => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
const lineOf = (source, index) => source.slice(0, index).split("\n").length;

/** What stands in the brackets that open at `start`, where strings may hold brackets of their own. */
function inBrackets(code, start) {
  let depth = 0;
  for (const { 0: token, index } of code.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[([{]|[)\]}]/gs)) {
    if (/^[([{]/.test(token)) depth += 1;
    else if (/^[)\]}]/.test(token)) depth -= 1;
    if (depth === 0) return code.slice(start + 1, start + index);
  }
  return code.slice(start + 1);
}

/** The functions of a file: where each is, what stands before its body, and all of its code. */
function functions(code) {
  return [...code.matchAll(/^ *(?:pub(?:\([^)]*\))? )?(?:async )?fn (\w+)/gm)].map((match) => {
    const open = code.indexOf("{", match.index);
    const end = open + inBrackets(code, open).length;
    return { name: match[1], start: match.index, end, head: code.slice(match.index, open), body: code.slice(match.index, end) };
  });
}

/** The blanks that this code fills: the names in `("name", value)`, and `n` where it counts. */
function filledBy(code) {
  const names = new Set([...code.matchAll(/\(\s*"(\w+)"\s*,/g)].map(([, name]) => name));
  if (/\bcount(?:_and)?\(/.test(code)) names.add("n");
  return names;
}

/**
 * Blanks that nothing fills, in one file of src/. Where a text is named in the call that fills it, it is that call that must
 * fill all. Where a text is first chosen and then filled, it is the function around it, or one of the same file that takes texts
 * from it, or one that it gives the text back to.
 */
export function blankBreaches(path, source, catalogue) {
  const all = texts(catalogue);
  const code = source.replace(/^(\s*)\/\/.*$/gm, "$1");
  const every = functions(code);
  const breaches = [];
  for (const match of code.matchAll(/\bWord::(\w+)/g)) {
    const text = all.get(match[1]);
    if (text === undefined) continue;
    const breach = (what) => breaches.push(`${path}:${lineOf(code, match.index)}: ${match[1]} ${what}: "${text}"`);
    const called = /\b(\w+)\(\s*$/.exec(code.slice(0, match.index));
    const direct = called && ["t", "fill", "count", "count_and"].includes(called[1]);
    if (direct && !called[1].startsWith("count") && text.includes("|")) breach("is shown with its forms for one and for many");
    const call = called && called[0] + inBrackets(code, code.lastIndexOf("(", match.index));
    let filled = filledBy(direct ? call : "");
    // A call whose blanks have a name of their own has them from the function around it.
    if (!direct || (/^(?:fill|count_and)\(/.test(call) && !call.includes("&["))) {
      const around = every.filter(({ start, end }) => start < match.index && match.index < end);
      const calls = (one, other) => new RegExp(`\\b${other.name}\\(`).test(one.body.slice(one.head.length));
      const related = (one) =>
        around.some((here) => (/\bWord\b/.test(one.head) && calls(here, one)) || (/->.*\bWord\b/s.test(here.head) && calls(one, here)));
      const able = direct ? around : [...around, ...every.filter(related)];
      filled = new Set(able.flatMap(({ body }) => [...filledBy(body)]));
    }
    for (const blank of blanksIn(text)) if (!filled.has(blank)) breach(`is shown without its {${blank}}`);
  }
  return breaches;
}
