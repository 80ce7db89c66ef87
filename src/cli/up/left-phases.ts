// What `up --phase` has left for later: folders and charts of each phase that comes after.

import { PHASES, phasesOf, type Phase } from "../../compiler/index.ts";
import { registry } from "../../components/index.ts";
import { count } from "../../core/index.ts";
import type { CompiledTarget } from "../../model/index.ts";
import type { LocalPlatform } from "./compile-step.ts";

export type LeftParts = Readonly<Partial<Record<Phase, number>>>;

type Begun = Pick<LocalPlatform, "targets"> & {
  readonly whole: Pick<LocalPlatform, "targets">;
};

export function leftOf({ targets, whole }: Begun): LeftParts {
  const come = partsOf(targets);
  const all = partsOf(whole.targets);
  const left = PHASES.map(
    (phase) => [phase, (all.get(phase) ?? 0) - (come.get(phase) ?? 0)] as const,
  );
  return Object.fromEntries(left.filter(([, parts]) => parts > 0));
}

/** Apps that nobody can open yet, by name. */
export function laterApps({ targets, whole }: Begun): ReadonlySet<string> {
  const come = areasOf(targets);
  const later = [...areasOf(whole.targets)].filter((area) => !come.has(area));
  return new Set(
    whole.targets
      .flatMap(({ cluster }) => cluster.apps.map(({ name }) => name))
      .filter((name) => later.includes(`apps/${name}`)),
  );
}

function areasOf(targets: readonly CompiledTarget[]): ReadonlySet<string> {
  return new Set(targets.flatMap(({ objects }) => objects.map(({ area }) => area)));
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
