// Every operation with every class of fault. In each cell the page keeps working, the screen shows what is true and
// what to do, typed text stays, no kill is lost or duplicated, and once the fault is over everything works again
// without a reload.
//
// An operation meets its faults one after the other on one page, as for a real operator: a cell that leaves something
// behind makes the next one fail. By default the cells of support/chosen-cells.ts run; MATRIX=all runs all. The cells'
// outcomes are annotations of the test; scripts/reliability.mjs makes the table in docs/reliability.md from them. What was
// seen in each cell goes to the folder CURFEW_CELLS, if it is set; scripts/cells.mjs compares it with the host's.

import { mkdirSync, writeFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { isChosen } from "./support/chosen-cells";
import type { Console } from "./support/console";
import { expect, test } from "./support/fixtures";
import { type Answer, CLASSES, type FaultClass, RESTART, SLOW, MESSAGES } from "./support/fault-classes";
import { LOST, NEXT, OPERATIONS, type Operation } from "./support/operations";
import { type Call, KILL } from "./support/simulator";
import { start, text, textPattern } from "./support/text";
import { needs } from "./support/needs";

const ALL = process.env.MATRIX === "all";
const CELLS = process.env.CURFEW_CELLS;
/** The time limit of a cell, in milliseconds. */
const LONGEST = 60_000;

/** Waiting never takes real time: the clock advances by this at each check, in milliseconds. */
const STEP = 400;

// A trace of forty cells would be too large to read.
test.use({ trace: "off" });

test.beforeEach(({ page }) => page.clock.install());

/** The answer of a fault class to an operation. */
function answerTo(operation: Operation, fault: FaultClass): Answer {
  const read = operation.reads?.[fault.name];
  if (read) return read;
  // Token faults don't affect calls without a token.
  return operation.open && ["renewed", "forgotten", "address"].includes(fault.answer) ? "good" : fault.answer;
}

/** Advances time, and lets slow answers arrive, until `held` passes. */
async function inTime(app: Console, answer: Answer, held: () => Promise<void>): Promise<void> {
  const look = async () => {
    try {
      await held();
    } catch (error) {
      // On both clocks equally: if one is ahead, a task seems to be from another time.
      await app.pass(answer === "slow" ? SLOW / 4 : STEP);
      throw error;
    }
  };
  await expect(look).toPass({ intervals: [20], timeout: 20_000 });
}

const visible = (what: Locator) => () => expect(what.first()).toBeVisible({ timeout: 100 });

/** Waits until the fault has happened since the call `before`, and until nothing is in progress. */
async function settle(app: Console, operation: Operation, kind: unknown, answer: Answer, before: number): Promise<void> {
  await inTime(app, answer, async () => {
    const calls = await app.simulator.calls(operation.method);
    expect(calls.some((call) => call.number >= before && call.fault === kind)).toBe(true);
  });
  const busy = operation.busy?.(app);
  if (busy) await inTime(app, answer, () => expect(busy).toHaveCount(0, { timeout: 100 }));
}

/** What was seen in a cell. */
interface Seen {
  /** In one word. */
  outcome: string;
  /** What was shown, by the names that the host's tests have for it. */
  shown: string;
}

const ASKS: Seen = { outcome: "asks to sign in", shown: "asks to sign in" };
const WORKS: Seen = { outcome: "works", shown: "works" };

/** What was seen in the cell of a kill, in a job's heading or the gate. */
async function judgeTask(app: Console, operation: Operation, fault: FaultClass): Promise<Seen> {
  const answer = answerTo(operation, fault);
  if (answer === "dead" && operation.method === "GET") {
    await inTime(app, answer, visible(app.again));
    return { ...ASKS, shown: "SignInAgain" };
  }
  const head = operation.heads!(fault);
  let name = "";
  await inTime(app, answer, async () => {
    // Read once, because the job continues.
    const refused = await app.gate.isVisible();
    const place = refused ? app.gate : app.page.getByRole("main");
    const shown = await place.innerText({ timeout: 1_000 });
    const stands = shown.split("\n").find((line) => head.test(line));
    expect(stands, shown).toBeDefined();
    // What to do stands next to what is true; if BIG-IQ's answer, or the lack of one, is the reason, that is shown too.
    const [known, , next] = NEXT.find(([, heading]) => heading.test(stands!)) ?? [];
    expect(next, `what to do: ${stands}`).toBeDefined();
    name = known!;
    const lost = LOST.test(stands!) && operation.method === "GET";
    const why = (refused || lost ? MESSAGES[answer] : undefined) ?? [];
    // Curfew polls again by itself, unless only the operator can help.
    const reasons = lost && answer !== "address" ? why.slice(0, 1) : why;
    for (const words of [next!, ...reasons]) expect(shown).toMatch(words);
    if (lost) expect(shown).not.toMatch(/try again/i);
  });
  return { outcome: (await operation.good(app).isVisible()) ? "works" : "reported", shown: name };
}

/** The screen shows what is true of such an answer, what to do, and the button for it. */
async function reports(app: Console, operation: Operation, answer: Answer): Promise<Seen> {
  const all = operation.messages ?? MESSAGES[answer]!;
  for (const words of operation.brief ? all.slice(0, 1) : all) await expect(operation.problem(app)).toContainText(words);
  await expect(operation.again!(app)).toBeVisible();
  return { outcome: "reported", shown: operation.messages ? "reported" : answer };
}

/** The same for all other operations. */
async function judge(app: Console, operation: Operation, answer: Answer): Promise<Seen> {
  if (answer === "dead" || (answer === "forgotten" && operation.name === "refresh")) {
    if (operation.open) return reports(app, operation, "page");
    await inTime(app, answer, visible(app.again));
    await expect(app.again).toContainText(textPattern("sign_in_again_body"));
    return ASKS;
  }
  if (["good", "slow", "renewed", "forgotten"].includes(answer)) {
    await inTime(app, answer, visible(operation.good(app)));
    if (operation.busy) await expect(operation.problem(app)).toBeHidden();
    return WORKS;
  }
  return reports(app, operation, answer);
}

/**
 * Each kill and cancel request that BIG-IQ received, in order, and then each other kind of call that met the fault, once:
 * how often Curfew polls is a matter of time, and a browser repeats a DELETE by itself if the connection breaks.
 */
function requests(calls: Call[], kind: unknown): string[] {
  const isWrite = ({ method, path }: Call) => method !== "GET" && path.startsWith(KILL);
  const line = ({ method, path, status }: Call) => `${method} ${path.split("/").map((part) => (/\d/.test(part) ? "*" : part)).join("/")} ${status}`;
  const others = calls.filter((call) => !isWrite(call) && call.fault === kind).map(line);
  return [...calls.filter(isWrite).map(line), ...new Set(others.sort())];
}

/** One cell, from the operation without a fault to the operation without a fault. Returns what was seen in between. */
async function cell(app: Console, operation: Operation, fault: FaultClass): Promise<Seen & { requests: string[] }> {
  const { page, simulator } = app;
  const answer = answerTo(operation, fault);
  const rule = fault.fault(operation.field);
  await page.removeLocatorHandler(app.again);
  const tasks = (await simulator.tasks("manager")).length;
  await operation.prepare(app);
  const before = (await simulator.calls()).length;
  const count = fault.once ? { count: 1 } : {};
  const places = [operation.path, ...(operation.instead ? [operation.instead] : [])];
  const rules = places.map((path) => ({ method: operation.method, path, skip: operation.skip ?? 0, ...count, fault: rule }));
  await simulator.faults(...(operation.beside ?? []), ...rules);
  await operation.act(app);
  await settle(app, operation, rule.kind, answer, before);
  const seen = operation.ofTasks ? await judgeTask(app, operation, fault) : await judge(app, operation, answer);
  // A sign-out deletes both tokens, one after the other.
  const deletes = async () => (await simulator.calls("DELETE")).filter(({ number }) => number >= before).length;
  if (operation.name === "sign out") await inTime(app, fault.answer, async () => expect(await deletes()).toBeGreaterThan(1));
  const judged = { ...seen, requests: requests((await simulator.calls()).filter(({ number }) => number >= before), rule.kind) };

  // The fault ends; a restart takes a while longer.
  await simulator.faults();
  if (rule.kind === "restart") await simulator.advance((RESTART + 1) * 1_000);
  if (await app.again.isVisible()) await app.signInAgain();
  await page.addLocatorHandler(app.again, () => app.signInAgain());
  await operation.mend(app);
  await operation.kept?.(app);
  await expect(page.locator("main.stopped")).toHaveCount(0);

  // No request without a confirmation, none twice, and a job for each.
  const sent = await simulator.calls("POST", KILL);
  expect(sent.length).toBeLessThanOrEqual(app.confirmed);
  const lost = operation.name === "POST" && !fault.done && sent.filter((call) => call.number >= before).length === 1;
  expect((await simulator.tasks("manager")).length - tasks).toBe(operation.ofTasks && !lost ? 1 : 0);
  if (!operation.ofTasks) return judged;
  await app.menu("nav_jobs").click();
  await expect(page.getByRole("row").filter({ hasText: text("this_tab") }).getByRole("link", { name: start(text("job_of_user", { user: "user2" })) })).toHaveCount(app.confirmed);
  // The search for a request that BIG-IQ never received takes longer than a cell, and the next requests look the same.
  if (lost) await app.startOver();
  return judged;
}

for (const operation of OPERATIONS) {
  const classes = CLASSES.filter((fault) => (operation.ofTasks || !fault.ofTasks) && !operation.never?.includes(fault.name));
  const chosen = classes.filter(({ name }) => ALL || isChosen(operation.name, name));
  test(`fault: ${operation.name}: ${chosen.length} of ${classes.length} classes`, needs("network"), async ({ app }) => {
    test.setTimeout(chosen.length * LONGEST);
    const failed: string[] = [];
    const all: Record<string, unknown> = {};
    for (const fault of chosen) {
      const name = `${operation.name} × ${fault.name}`;
      await test.step(name, () => cell(app, operation, fault)).then(
        ({ outcome, shown, requests }) => {
          test.info().annotations.push({ type: name, description: outcome });
          all[fault.name] = { shown, requests };
        },
        async (error: Error) => {
          test.info().annotations.push({ type: name, description: "**FAILED**" });
          failed.push(`${name}: ${error.message}\n${await app.page.getByRole("main").innerText().catch(String)}`);
          await app.startOver();
        },
      );
      if (operation.alone && fault !== chosen.at(-1)) await app.startOver();
    }
    if (CELLS) {
      mkdirSync(CELLS, { recursive: true });
      writeFileSync(`${CELLS}/${operation.name}.json`, JSON.stringify(all));
    }
    expect(failed.join("\n\n")).toBe("");
  });
}
