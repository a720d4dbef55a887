// Reads the elements of an HTML page, for scripts that change the page which Trunk wrote. Trunk's hooks get that page as a file only, and
// Trunk decides about quotes, the order of attributes and line breaks.

/** A comment, a doctype, or a tag up to its attributes. */
const MARKUP = /<!--[^]*?-->|<![^>]*>|<(\/?)([a-z][^\s/>]*)/gi;
/** An attribute, or the end of the tag. */
const ATTRIBUTE = /[\s/]*(?:(>)|([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?)/y;
/** Their content is text up to their end tag. */
const TEXT_ONLY = ["script", "style", "textarea", "title"];

/**
 * The start tags and comments of a page in their order. A tag has its name, its attributes, and where it is in the text; a comment has the
 * name `#comment`. The place of a script includes its content and end tag.
 */
export function elements(html) {
  const found = [];
  MARKUP.lastIndex = 0;
  for (let match = MARKUP.exec(html); match; match = MARKUP.exec(html)) {
    const [text, closing, tag] = match;
    const start = match.index;
    if (text.startsWith("<!--")) found.push({ name: "#comment", attributes: new Map(), start, end: MARKUP.lastIndex });
    if (tag === undefined) continue;
    const attributes = new Map();
    ATTRIBUTE.lastIndex = MARKUP.lastIndex;
    for (;;) {
      const part = ATTRIBUTE.exec(html);
      if (!part) throw new Error(`this tag of the page can't be read: ${html.slice(start, start + 80)}`);
      const [, end, name, double, single, bare] = part;
      if (end) break;
      attributes.set(name.toLowerCase(), double ?? single ?? bare ?? "");
    }
    let end = ATTRIBUTE.lastIndex;
    const name = tag.toLowerCase();
    if (!closing && TEXT_ONLY.includes(name)) {
      const ending = new RegExp(`</${name}\\s*>`, "gi");
      ending.lastIndex = end;
      if (!ending.exec(html)) throw new Error(`this element of the page has no end: ${html.slice(start, end)}`);
      end = ending.lastIndex;
    }
    MARKUP.lastIndex = end;
    if (!closing) found.push({ name, attributes, start, end });
  }
  return found;
}

/** The file next to the page that an element names, if it names one. */
export const fileOf = ({ attributes }) => /^(?:\.\/)?([^:/?#][^:?#]*)$/.exec(attributes.get("src") ?? attributes.get("href") ?? "")?.[1];

/** The page with other texts in place of elements. */
export function withTexts(html, replacements) {
  const sorted = [...replacements].sort(([one], [other]) => one.start - other.start);
  let at = 0;
  const parts = sorted.flatMap(([{ start, end }, text]) => {
    const before = html.slice(at, start);
    at = end;
    return [before, text];
  });
  return [...parts, html.slice(at)].join("");
}

/** A start tag. The values must need no escaping. */
export const tag = (name, attributes) => `<${[name, ...[...attributes].map(([key, value]) => (value === "" ? key : `${key}="${value}"`))].join(" ")}>`;
