// A row of the results: a value, what it is compared with in the same run, and whether the goal is met.

import { loadavg } from "node:os";

export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The other side of the ratio, in the same unit. */
  against: number | null;
  ratio: number | null;
  goal: string;
  met: boolean;
  /** What the other side is. */
  than: string;
  /** How often each side was measured. */
  runs: number;
  /** The machine's load during the measurement: runnable processes, one-minute average. */
  load: number;
}

/** The largest (`<=`) or smallest (`>=`) accepted ratio or value. */
export type Goal = { of: "ratio" | "value"; at: "<=" | ">="; limit: number };

export interface Measured {
  name: string;
  value: number;
  unit: string;
  against?: number;
  than?: string;
  goal: Goal;
  runs?: number;
}

/** A row of the results. `against` is measured in the same run; without it, the value stands alone. */
export function judged(row: Measured): Row {
  const { name, value, unit, against = null, than = "", goal, runs = 1 } = row;
  const ratio = against === null ? null : value / against;
  const judged = goal.of === "ratio" ? (ratio ?? Number.NaN) : value;
  const met = goal.at === "<=" ? judged <= goal.limit : judged >= goal.limit;
  const text = `${goal.at} ${goal.limit}${goal.of === "ratio" ? "x" : ` ${unit}`}`;
  return { name, value, unit, against, ratio, goal: text, met, than, runs, load: loadavg()[0] ?? 0 };
}
