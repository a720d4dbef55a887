// The names of all states of the console and what they show. Pictures and accessibility checks use this one list;
// tour-to-gate.ts and tour-from-job.ts reach the states.

import type { Page } from "@playwright/test";

/** From the document to the gate, in the order of the overview page. */
export const TO_GATE = {
  "too-old": "A browser that can’t run Curfew",
  "not-started": "Curfew’s first script did not run",
  "boot-failed": "Curfew could not be loaded",
  stopped: "Curfew has stopped working",
  misconfigured: "A wrong configuration",
  "sign-in": "Sign-in",
  "sign-in-german": "Sign-in in German",
  "sign-in-blank": "Sign-in with nothing typed",
  "sign-in-refused": "Sign-in refused",
  "sign-in-under-way": "Sign-in under way",
  "sign-in-starting": "BIG-IQ is still starting",
  "sign-in-unread": "The sign-in providers could not be read",
  "sign-in-several": "A choice of BIG-IQs",
  "sign-in-proxy": "The proxy signs in",
  "console-not-loaded": "Signed in, and the console could not be loaded",
  "inventory-loading": "The inventory is being read",
  "inventory-failed": "The inventory could not be read",
  "inventory-empty": "BIG-IQ lists no device",
  find: "Search, the overview and all sessions that could be read",
  palette: "The palette with matches",
  "find-list": "Search box with a line of a log, recognised as a list of sessions",
  "find-selected": "Search for a user, with selected sessions",
  "find-gate": "Gate of a search: one user everywhere",
  "kill-empty": "Kill page, nothing chosen",
  "kill-search": "Kill page, one search for groups, clusters and devices",
  "kill-no-match": "Kill page, a filter that nothing matches",
  "kill-everywhere": "Kill page, everywhere",
  "kill-missing": "Kill page, reviewed too early",
  kill: "Kill page with a plan",
  "kill-warnings": "Kill page, a plan with warnings",
  "kill-stale": "Kill page, an old and partial inventory",
  "kill-pasted": "Kill page, targets pasted as a list",
  "kill-listed": "Kill page, sessions pasted as a list",
  "kill-column": "Kill page, the question for the column of a pasted table",
  "kill-report": "Kill page, what happened to each pasted line",
  "kill-live": "Kill page, live sessions to pick from",
  "kill-odd-name": "Kill page, a name with characters that don’t show",
  standby: "This BIG-IQ is a standby",
  gate: "Gate: one user",
  "gate-names": "Gate: a few users by name",
  "gate-odd-names": "Gate: eight odd names",
  "gate-odd-names-forced": "Gate: eight odd names in forced colours",
  "gate-phrase": "Gate: more than ten users",
  "gate-phrase-wrong": "Gate: another phrase was typed",
  "gate-everybody": "Gate: everybody",
  "gate-unkept": "Gate: no record can be kept",
  "gate-not-sent": "Gate: it could not be sent",
  "gate-rejected": "Gate: BIG-IQ rejected it",
  "gate-elsewhere": "Gate: the same kill is in flight in another tab",
  "gate-not-permitted": "Gate: BIG-IQ does not permit it",
  "not-permitted": "Kill page, after BIG-IQ did not permit a kill",
} as const;

/** From the first job on. */
export const FROM_JOB = {
  "job-verified": "Job, done, and its sessions are gone",
  "job-remaining": "Job, done, and a session is still there",
  "job-done": "Job, done, and nothing can be verified",
  "job-watch": "Job, watched for return",
  "job-incomplete": "Job, done, but not completely",
  "job-failed": "Job, failed",
  "job-running": "Job, running, with cancelling offered",
  "job-cancelling": "Job, asked to cancel and still running",
  "job-cancelled": "Job, cancelled",
  "job-gone": "Job, unknown to BIG-IQ by now",
  "job-lost": "Job, contact lost",
  "job-offline": "Job, the browser is offline",
  "job-unknown": "Job, the answer was lost",
  "job-rejected": "Job, rejected",
  "job-waiting": "Job, waiting for its turn",
  "job-not-sent": "Job, not sent",
  "job-none": "No such job",
  "batch-paused": "Jobs of one plan, the rest paused",
  "batch-running": "Jobs of one plan, half-way",
  "job-several": "Jobs of one plan, ended",
  jobs: "Jobs of this tab, and everybody’s",
  task: "A task of BIG-IQ’s list",
  "jobs-empty": "No jobs yet, here or on BIG-IQ",
  "jobs-no-match": "None of BIG-IQ’s kills fits the filter",
  "jobs-unread": "BIG-IQ’s list could not be read",
  "sign-in-again": "The sign-in has ended",
  "sign-in-again-other": "Somebody else signs in where work waits",
  "sign-out": "Signing out would lose something",
  idle: "Nobody has used the page for a while",
  "idle-ended": "Signed out because nobody used the page",
  preferences: "Preferences",
  shortcuts: "Keyboard shortcuts",
  diagnostics: "Diagnostics",
  "not-found": "No such page",
  german: "Kill page in German",
  embedded: "In a portal’s frame",
  framed: "In a frame that is not allowed",
} as const;

export const STATES = { ...TO_GATE, ...FROM_JOB };

export type State = keyof typeof STATES;

/**
 * Shows the page from its top at full height, so that sticky parts hide nothing. A dialog keeps its window, and shows
 * the focused element.
 */
export async function whole(page: Page, width: number): Promise<{ fullPage: boolean }> {
  const dialog = (await page.getByRole("dialog").count()) > 0;
  await page.setViewportSize({ width, height: 900 });
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
  if (dialog) {
    await page.evaluate(() => document.activeElement?.scrollIntoView({ block: "nearest" }));
    return { fullPage: false };
  }
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 900) });
  return { fullPage: true };
}
