// Every page and state of the console, in two tours that can run at the same time.

import type { Console } from "./console";
import type { Guard } from "./guard";
import { FROM_JOB, type State, TO_GATE } from "./states";
import { Tour } from "./tour";
import { fromJob } from "./tour-from-job";
import { toGate } from "./tour-to-gate";

/** The two tours: their names, and the states that they reach. */
export const WAYS = [
  { name: "to the gate", states: Object.keys(TO_GATE) as State[], go: toGate },
  { name: "from the first job on", states: Object.keys(FROM_JOB) as State[], go: fromJob },
];

/** Follows one of the tours and calls `visit` in each state. Returns the states that it did not reach. */
export async function walk(way: (typeof WAYS)[number], app: Console, guard: Guard, visit: (state: State) => Promise<void>): Promise<State[]> {
  const left = new Set(way.states);
  await way.go(
    new Tour(app, guard, async (state) => {
      await visit(state);
      left.delete(state);
    }),
  );
  return [...left];
}
