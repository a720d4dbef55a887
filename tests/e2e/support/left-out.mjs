// Tests that don't run in an engine, and why. A title may be the beginning of several. scripts/engines.test.mjs checks that they exist,
// support/fixtures.ts leaves them out, and support/left-out-reporter.ts prints how many.

const NO_CLIPBOARD = "its driver can't allow a page to use the clipboard";
const NO_CONSOLE = "its driver does not report what the browser itself writes to the console";
const NO_WARNING = "only Chromium warns about a preloaded file that nothing uses, and its protocol switches the cache off";
const NO_QUESTION = "WebDriver answers the question before a page is left by itself";

/** @type {{ engine: "firefox" | "webkit", spec: string, title: string, reason: string }[]} */
export const LEFT_OUT = [
  { engine: "firefox", spec: "kill.spec.ts", title: "a long pasted list replaces the selected text, and is shown on request", reason: NO_CLIPBOARD },
  { engine: "webkit", spec: "kill.spec.ts", title: "a long pasted list replaces the selected text, and is shown on request", reason: NO_CLIPBOARD },
  { engine: "firefox", spec: "faults.spec.ts", title: "fault: a failed search blocks nothing", reason: "its driver does not report what is posted" },
  { engine: "webkit", spec: "faults.spec.ts", title: "fault: the page is reloaded before BIG-IQ has answered", reason: NO_QUESTION },
  { engine: "webkit", spec: "boot.spec.ts", title: "nothing is painted before the selected theme is known", reason: "WebDriver can't set the system's theme" },
  { engine: "webkit", spec: "boot.spec.ts", title: "every preloaded file is used", reason: NO_WARNING },
  { engine: "firefox", spec: "boot.spec.ts", title: "every preloaded file is used", reason: NO_WARNING },
  { engine: "webkit", spec: "boot.spec.ts", title: "a changed boot script is refused", reason: NO_CONSOLE },
  { engine: "webkit", spec: "boot.spec.ts", title: "a violation of the policy fails a test", reason: NO_CONSOLE },
  { engine: "firefox", spec: "boot.spec.ts", title: "a changed boot script is refused", reason: NO_CONSOLE },
  { engine: "firefox", spec: "boot.spec.ts", title: "a violation of the policy fails a test", reason: NO_CONSOLE },
];

/** Why a test does not run in an engine; undefined if it does. */
export function leftOut(engine, spec, title) {
  return LEFT_OUT.find((row) => row.engine === engine && row.spec === spec && title.startsWith(row.title))?.reason;
}
