// Every page and state of the console, in two ways that can be gone at the same time.

import type { Console } from "./console";
import type { Guard } from "./guard";
import { FROM_JOB, type State, TO_GATE } from "./states";
import { Tour } from "./tour";
import { fromJob } from "./tour-from-job";
import { toGate } from "./tour-to-gate";

/** The two ways: what they are called, and what they come to. */
export const WAYS = [
  { name: "to the gate", states: Object.keys(TO_GATE) as State[], go: toGate },
  { name: "from the first job on", states: Object.keys(FROM_JOB) as State[], go: fromJob },
];

/** Goes one of the ways and calls `visit` in each state. Gives those that it did not come to. */
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
