// How fast this machine is just now. Budgets were set on one machine; another one, or the same in a busy hour, takes twice or
// half as long for everything. So every run of a case is preceded by one and the same job of somebody else's program.

import { cdk8sSynth } from "./cdk8s.ts";
import type { Unit } from "./case.ts";

const YARDSTICK_OBJECTS = 4_000;
/**
 * What cdk8s 2.70.106 takes for that where the budgets were set: 3.6 s, of which 1.3 s were the start of a TypeScript loader
 * that does not run here. 2 vCPU at 2.5 GHz, Node 20.20.2, 2026-11-20.
 */
const YARDSTICK_MS = 2_300;

export const YARDSTICK =
  `cdk8s writes ${YARDSTICK_OBJECTS.toLocaleString("en-US")} objects in ` +
  `${(YARDSTICK_MS / 1000).toFixed(1)} s where the budgets were set`;

/** Runs the yardstick: 1 where the budgets were set, 2 on a machine that takes twice as long. */
export async function measurePace(): Promise<number> {
  const { wallMs = NaN } = await cdk8sSynth(YARDSTICK_OBJECTS).run();
  return wallMs / YARDSTICK_MS;
}

/** The value as it would be where the budgets were set. Sizes do not depend on the pace. */
export function atBudgetPace(value: number, unit: Unit, pace: number): number {
  if (unit === "ms") return value / pace;
  return unit === "per second" ? value * pace : value;
}

/** A rate is a floor, everything else a ceiling. */
export function holds(value: number, unit: Unit, budget: number): boolean {
  return unit === "per second" ? value >= budget : value <= budget;
}
