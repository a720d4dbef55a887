// Prints how many tests an engine leaves out.

import { basename } from "node:path";
import type { Reporter, Suite } from "@playwright/test/reporter";
import { leftOut } from "./left-out.mjs";

export default class LeftOutReporter implements Reporter {
  private line = "";

  onBegin(_config: unknown, suite: Suite): void {
    const tests = suite.allTests();
    const out = tests.filter((test) => leftOut(test.parent.project()?.name ?? "", basename(test.location.file), test.title));
    this.line = `== left out: ${out.length} of ${tests.length} tests (tests/e2e/support/left-out.mjs says why)\n`;
  }

  onEnd(): void {
    process.stdout.write(this.line);
  }

  printsToStdio(): boolean {
    return false;
  }
}
