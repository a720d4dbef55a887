// The last lines of a CI run: each failed test with its first error, because a cut log keeps only its end.

import type { FullConfig, Reporter, Suite, TestCase } from "@playwright/test/reporter";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** As many lines of an error as name the expectation and the difference. */
const LINES = 14;

export default class Failures implements Reporter {
  private all: Suite | undefined;
  private root = "";

  onBegin(config: FullConfig, suite: Suite): void {
    this.root = config.rootDir;
    this.all = suite;
  }

  onEnd(): void {
    const failed = (this.all?.allTests() ?? []).filter((test) => test.outcome() === "unexpected");
    for (const test of failed) console.log(`\nfailed: ${this.name(test)}\n${firstError(test)}`);
  }

  private name(test: TestCase): string {
    return `${relative(this.root, test.location.file)}:${test.location.line} ${test.title}`;
  }
}

function firstError(test: TestCase): string {
  const message = test.results.flatMap((result) => result.errors)[0]?.message ?? "no error";
  const lines = stripVTControlCharacters(message).split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, LINES).map((line) => `  ${line}`).join("\n");
}
