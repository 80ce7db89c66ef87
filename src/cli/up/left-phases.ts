// What `up --phase` has left for later: folders and charts of each phase that comes after.

import { PHASES, phasesOf, type Phase } from "../../compiler/index.ts";
import { registry } from "../../components/index.ts";
import { count } from "../../core/index.ts";
import type { CompiledTarget } from "../../model/index.ts";
import type { LocalPlatform } from "./compile-step.ts";

export type LeftParts = Readonly<Partial<Record<Phase, number>>>;

export function leftOf({ targets, whole }: Pick<LocalPlatform, "targets" | "whole">): LeftParts {
  const come = partsOf(targets);
  const all = partsOf(whole.targets);
  const left = PHASES.map(
    (phase) => [phase, (all.get(phase) ?? 0) - (come.get(phase) ?? 0)] as const,
  );
  return Object.fromEntries(left.filter(([, parts]) => parts > 0));
}

function partsOf(targets: readonly CompiledTarget[]): ReadonlyMap<Phase, number> {
  const counts = new Map<Phase, number>();
  for (const target of targets) {
    const { folders, charts } = phasesOf(target, registry);
    for (const phase of [...folders.values(), ...charts.values()])
      counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
}

export function describeLeft(phase: Phase, left: LeftParts): string {
  const phases = PHASES.filter((one) => left[one] !== undefined);
  const [next] = phases;
  if (next === undefined) return `\nNothing is left after ${phase}.\n`;
  const shown = phases.map((one) => `${one} (${count(left[one] ?? 0, "part")})`).join(", ");
  const last = next === PHASES.at(-1);
  return `\nStopped after ${phase}. Left: ${shown}.\nNext: keelson up${last ? "" : ` --phase ${next}`}\n`;
}
