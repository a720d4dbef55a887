// What runs in engines other than Chromium's: what operators depend on most, and what engines do differently. ENGINE=all runs all of the
// files; otherwise a selection, in CI too.

import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import base from "./playwright.config";

const FILES = ["main.spec.ts", "kill.spec.ts", "faults.spec.ts", "boot.spec.ts", "hosting.spec.ts", "embed.spec.ts"];

/** The beginnings of titles: the main job, forms and keys, the browser's storage, tabs and network, the start, a frame. */
const SELECTION = [
  "signing in with a wrong password",
  "when reading the providers again succeeds",
  "the focus stays near a button",
  "2.1.1 one user by device reference",
  "2.1.4 one user by access groups",
  "2.3 listed sessions, pasted",
  "the gate names 2 to 10 users",
  "keyboard only: one user",
  "fault: the browser can't store a record",
  "fault: a tab with a job is reloaded twice",
  "fault: the tab is duplicated",
  "fault: offline and back",
  "fault: the same kill in two tabs",
  "Enter before the app has loaded",
  "changed wasm is refused",
  "a changed style sheet is refused",
  "a changed console is refused",
  "text does not become a script",
  "an idle operator is warned",
  "an endless response",
  "a portal fills in the form in its frame",
];
const selected = new RegExp(` (?:${SELECTION.map((title) => title.replace(/[.()]/g, "\\$&")).join("|")})`);

/** The configuration for an engine, under whose name support/left-out.mjs lists tests. */
export const engine = (name: string, use: PlaywrightTestConfig["use"]) =>
  defineConfig({
    ...base,
    projects: [{ name, testMatch: FILES, ...(process.env.ENGINE === "all" ? {} : { grep: selected }) }],
    timeout: 60_000,
    reporter: [["list"], ["./support/left-out-reporter.ts"]],
    use: { ...base.use, ...use },
  });
