// Why a test needs a browser. Everything else is tested on the host (crates/*) or, without a server, in tests/browser.
// support/fixtures.ts fails a test that gives no reason.

const REASONS = {
  path: "the whole path: from a key press, through page, engine, client and BIG-IQ, to the ended sessions and back to the screen",
  form: "the form and the rules in core: what is typed, pasted or selected reaches them, and the page shows their result and its remedies",
  keys: "focus, keys, pointer, and what a screen reader announces",
  layout: "sizes, positions and colours, as the browser draws them",
  network: "what the browser's network stack makes of an answer, or of none",
  tabs: "a reload, several tabs, or the storage of a tab",
  time: "the page's timers and visibility, and a computer that sleeps",
  services: "downloads, the clipboard, print, notifications, and the tab's title and icon",
  policy: "content security policy, integrity, trusted types, and where secrets are",
  start: "how the document starts, before and while the app loads",
  languages: "the browser's languages, and pages in other languages",
  others: "what other software does to the page",
  bundle: "nothing: it reads the built bundle, which the host's tests do not have",
  size: "elements, calls and memory of a large page",
} as const;

/** The reason, for the options of `test` or `test.describe`. */
export const needs = (why: keyof typeof REASONS) => ({ annotation: { type: "browser", description: REASONS[why] } });
