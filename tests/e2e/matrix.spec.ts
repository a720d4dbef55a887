// Every operation under every class of fault. Each cell: the page lives, the screen says what is true and what to do, what
// was typed is there, no kill is lost or doubled, and once the fault is over all goes well again without a reload.
//
// By default each class meets a few operations and each operation a few classes; MATRIX=all runs all cells.
// scripts/reliability.mjs writes docs/reliability.md from the results.

import type { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import { type Answer, CLASSES, type FaultClass, SLOW, TOLD } from "./support/fault-classes";
import { OPERATIONS, type Operation } from "./support/operations";
import { KILL } from "./support/simulator";

/** One in so many cells runs by default. */
const SHARE = 7;
/** These wait for looks at their own pace; faults.spec.ts has the likeliest of them. */
const ONLY_WITH_ALL = new Set(["HA role", "live sessions", "poll", "collection"]);

test.describe.configure({ timeout: 60_000 });

const again = (app: Console) => app.page.getByRole("dialog", { name: "Sign in again" });

/** What a class's answer is to an operation. */
function answerTo(operation: Operation, fault: FaultClass): Answer {
  const answer = operation.reads?.[fault.name] ?? fault.answer;
  // Calls without a token meet no fault of tokens.
  return operation.open && ["renewed", "forgotten", "address"].includes(answer) ? "good" : answer;
}

/** Signs in again in place, whenever that is asked for. */
async function signInAgain(app: Console): Promise<void> {
  await app.page.addLocatorHandler(again(app), async (dialog) => {
    await dialog.getByLabel("Password").fill("manager");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await expect(dialog).toBeHidden();
  });
}

/** Waits until the fault has happened, lets slow answers come, and waits until nothing is under way. */
async function settle(app: Console, operation: Operation, kind: unknown, answer: Answer): Promise<void> {
  const { simulator } = app;
  await expect
    .poll(async () => {
      if (answer === "slow") await simulator.advance(SLOW);
      return (await simulator.calls(operation.method)).some((call) => call.fault === kind);
    })
    .toBe(true);
  if (operation.busy) {
    await expect(async () => {
      if (answer === "slow") await simulator.advance(SLOW);
      await expect(operation.busy!(app)).toHaveCount(0, { timeout: 250 });
    }).toPass();
  }
}

/** The same where a job's head or the gate says how it stands. */
async function judgeTask(app: Console, operation: Operation, fault: FaultClass): Promise<string> {
  if (fault.answer === "dead" && operation.method === "GET") {
    await expect(again(app)).toBeVisible();
    return "asks to sign in";
  }
  const head = operation.heads!(fault);
  await expect(app.gate.getByText(head).or(app.shown(head)).first()).toBeVisible({ timeout: 20_000 });
  if (await app.gate.isVisible()) await expect(app.gate).toContainText("Nothing was killed");
  return (await operation.good(app).isVisible()) ? "goes well" : "told";
}

/** Says in a word what the cell showed. */
async function judge(app: Console, operation: Operation, fault: FaultClass, answer: Answer): Promise<string> {
  if (answer === "dead" || (answer === "forgotten" && operation.name === "refresh")) {
    if (operation.open) {
      await expect(operation.told(app)).toContainText(operation.tells ?? TOLD.page!);
      return "told";
    }
    await expect(again(app)).toBeVisible();
    await expect(again(app)).toContainText("Nothing on this page is lost");
    return "asks to sign in";
  }
  if (["good", "slow", "renewed", "forgotten"].includes(answer)) {
    await expect(operation.good(app)).toBeVisible();
    if (operation.busy) await expect(operation.told(app)).toBeHidden();
    return "goes well";
  }
  await expect(operation.told(app)).toContainText(operation.tells ?? TOLD[answer]!);
  return "told";
}

for (const [column, operation] of OPERATIONS.entries()) {
  for (const [row, fault] of CLASSES.entries()) {
    if (fault.ofTasks && !operation.ofTasks) continue;
    const always = (row + 2 * column) % SHARE === 0 && !ONLY_WITH_ALL.has(operation.name);
    if (process.env.MATRIX !== "all" && !always) continue;
    test(`fault: ${operation.name} × ${fault.name}`, async ({ app, page, simulator }) => {
      const answer = answerTo(operation, fault);
      const rule = fault.fault(operation.field);
      await operation.prepare(app);
      const count = fault.once ? { count: 1 } : {};
      await simulator.faults(...(operation.beside ?? []), { method: operation.method, path: operation.path, ...count, fault: rule });
      await operation.act(app);
      await settle(app, operation, rule.kind, answer);
      const judged = operation.ofTasks ? await judgeTask(app, operation, fault) : await judge(app, operation, fault, answer);
      test.info().annotations.push({ type: "outcome", description: judged });

      // The fault ends; a restart takes a while longer.
      await simulator.faults();
      await simulator.advance(61_000);
      await signInAgain(app);
      await operation.mend(app);
      await operation.kept?.(app);
      await expect(page.locator("main.stopped")).toHaveCount(0);

      // No request without a confirmation, none twice, and a job for each.
      const sent = await simulator.calls("POST", KILL);
      expect(sent.length).toBeLessThanOrEqual(app.confirmed);
      const lost = operation.name === "POST" && !fault.done && sent.length === 1;
      expect((await simulator.tasks("manager")).length).toBe(operation.ofTasks && !lost ? 1 : 0);
      if (!operation.ofTasks) return;
      await app.menu("Jobs").click();
      await expect(page.getByRole("main").getByRole("link", { name: /^Kill sessions of user2/ })).toHaveCount(app.confirmed);
    });
  }
}
