// One compiled cluster as the checks see it: its objects by kind and name, its pods, and what charts bring.

import type { Diagnostic, Path } from "../core/index.ts";
import { groupBy } from "../core/index.ts";
import type { KindRegistry, KubernetesObject } from "../kubernetes/index.ts";
import type { Compiled, CompiledObject, CompiledTarget } from "../model/index.ts";
import type { PodTemplate } from "./pod-template.ts";
import { podTemplatesOf } from "./pod-template.ts";

export interface TargetView extends CompiledTarget {
  readonly compiled: Compiled;
  readonly kinds: KindRegistry;
  /** Every object of one kind, whatever its version, ours and those charts are known to bring. */
  ofKind(kind: string): readonly SeenObject[];
  /** `namespace` left out for cluster-scoped kinds. */
  find(kind: string, name: string, namespace?: string): SeenObject | undefined;
  /** Templates of everything that runs pods and is written by us. */
  readonly pods: readonly PodTemplate[];
}

/** An object with the definition path a finding about it points at. */
export interface SeenObject {
  readonly object: KubernetesObject;
  readonly path: Path;
  /** Absent for an object a chart brings. */
  readonly compiled?: CompiledObject;
}

/** One rule. Reports everything it finds on one cluster. */
export type Check = (view: TargetView) => Iterable<Diagnostic>;

const views = new WeakMap<CompiledTarget, TargetView>();

/** One view for each target, so that what is computed from it is computed once. */
export function viewTarget(
  target: CompiledTarget,
  compiled: Compiled,
  kinds: KindRegistry,
): TargetView {
  const known = views.get(target);
  if (known?.kinds === kinds && known.compiled === compiled) return known;
  const view = createView(target, compiled, kinds);
  views.set(target, view);
  return view;
}

function createView(target: CompiledTarget, compiled: Compiled, kinds: KindRegistry): TargetView {
  const seen = [...target.objects.map(seenOwn), ...target.cluster.standIns.map(seenStandIn)];
  const byKind = groupBy(seen, ({ object }) => object.kind);
  const byName = new Map<string, SeenObject>();
  for (const entry of seen) {
    const { kind, metadata } = entry.object;
    byName.set(nameKey(kind, metadata.name, metadata.namespace), entry);
  }
  return {
    ...target,
    compiled,
    kinds,
    ofKind: (kind) => byKind.get(kind) ?? [],
    find: (kind, name, namespace) => byName.get(nameKey(kind, name, namespace)),
    pods: target.objects.flatMap(podTemplatesOf),
  };
}

const results = new WeakMap<TargetView, Map<Check, readonly Diagnostic[]>>();

/** What a check finds; the proofs ask again for what the findings were computed from. */
export function runCheck(check: Check, view: TargetView): readonly Diagnostic[] {
  const known = results.get(view) ?? new Map<Check, readonly Diagnostic[]>();
  results.set(view, known);
  const found = known.get(check) ?? [...check(view)];
  known.set(check, found);
  return found;
}

function seenOwn(compiled: CompiledObject): SeenObject {
  return { object: compiled.object, path: compiled.origin.path, compiled };
}

function seenStandIn({ object }: CompiledTarget["cluster"]["standIns"][number]): SeenObject {
  return { object, path: [] };
}

function nameKey(kind: string, name: string, namespace = ""): string {
  return `${kind}/${namespace}/${name}`;
}
