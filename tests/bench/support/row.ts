// Reports rows of the results, and measures in turns.

import { test } from "../../e2e/support/fixtures";
import { judged, type Measured } from "./judged";

/** Reports a row of the results. */
export function report(row: Measured): void {
  test.info().annotations.push({ type: "row", description: JSON.stringify(judged(row)) });
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
