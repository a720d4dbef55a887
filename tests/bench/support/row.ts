// A row of the results: a value, what it is compared with in the same run, and whether the goal is met.

import { loadavg } from "node:os";
import { test } from "../../e2e/support/fixtures";

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

/** Reports a row of the results. `against` is measured in the same run; without it, the value stands alone. */
export function report(row: {
  name: string;
  value: number;
  unit: string;
  against?: number;
  than?: string;
  goal: Goal;
  runs?: number;
}): void {
  const { name, value, unit, against = null, than = "", goal, runs = 1 } = row;
  const ratio = against === null ? null : value / against;
  const judged = goal.of === "ratio" ? (ratio ?? Number.NaN) : value;
  const met = goal.at === "<=" ? judged <= goal.limit : judged >= goal.limit;
  const text = `${goal.at} ${goal.limit}${goal.of === "ratio" ? "x" : ` ${unit}`}`;
  const full: Row = { name, value, unit, against, ratio, goal: text, met, than, runs, load: loadavg()[0] ?? 0 };
  test.info().annotations.push({ type: "row", description: JSON.stringify(full) });
}

export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** Measures several things in turn, so that other load on the machine affects all of them. */
export async function byTurns<K extends string, T>(times: number, things: Record<K, () => Promise<T>>): Promise<Record<K, T[]>> {
  const names = Object.keys(things) as K[];
  const found = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let turn = 0; turn < times; turn += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(turn + place) % names.length] as K;
      found[name].push(await things[name]());
    }
  }
  return found;
}

/** How often a time is measured; BENCH_RUNS overrides. */
export const RUNS = Number(process.env.BENCH_RUNS ?? 7);
