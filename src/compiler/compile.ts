// The whole compiler on one screen. Pure: values in, values and diagnostics out; no clock, no network, no disk.

import type { Diagnostic } from "../core/index.ts";
import type {
  Compiled,
  CompiledTarget,
  Graph,
  Outcome,
  PlannedCluster,
  Registry,
  SealedValues,
} from "../model/index.ts";
import { layOut } from "./layout/layout.ts";
import { decorate } from "./stages/decorate.ts";
import { emit } from "./stages/emit.ts";
import { provenance } from "./stages/provenance.ts";

/** One cluster of a resolved plan with its graph. */
export interface PlannedTarget {
  readonly cluster: PlannedCluster;
  readonly graph: Graph;
}

export interface EmitTargetsInput {
  readonly platform: string;
  readonly targets: readonly PlannedTarget[];
  readonly registry: Registry;
  /** By environment. */
  readonly sealed: Readonly<Record<string, SealedValues>>;
}

/** The second half of the pipeline: from planned clusters to the tree. */
export function compileTargets(input: EmitTargetsInput): Outcome<Compiled> {
  const diagnostics: Diagnostic[] = [];
  const collect = <T>(outcome: Outcome<T>): T | undefined => {
    diagnostics.push(...outcome.diagnostics);
    return outcome.value;
  };
  const targets: CompiledTarget[] = [];
  for (const planned of input.targets) {
    const sealed = input.sealed[planned.cluster.environment] ?? {};
    const context = { ...planned, registry: input.registry, sealed };
    const emitted = emit(context); //                       4 objects, charts, files
    const decorated = collect(decorate(emitted, context)); // 5 others' changes, one owner per field
    if (decorated === undefined) continue;
    const target = collect(provenance(decorated, context)); // 6 labels, origin, order
    if (target !== undefined) targets.push(target);
  }
  const tree = collect(layOut(input.platform, targets)); // 7 files
  if (tree === undefined) return { diagnostics };
  return { value: { platform: input.platform, targets, tree }, diagnostics };
}
