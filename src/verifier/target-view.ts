// One compiled cluster as the checks see it: its objects by kind and name, its pods, and what charts bring.

import type { Diagnostic, Path } from "../core/index.ts";
import { groupBy, isRecord } from "../core/index.ts";
import type { Expressions, KindRegistry, KubernetesObject } from "../kubernetes/index.ts";
import type { Compiled, CompiledObject, CompiledTarget, PlannedSecret } from "../model/index.ts";
import type { PodTemplate } from "./pod-template.ts";
import { podTemplatesOf } from "./pod-template.ts";

export interface TargetView extends CompiledTarget {
  readonly compiled: Compiled;
  readonly kinds: KindRegistry;
  /** What rules are written in; there where the cluster has rules. */
  readonly expressions: Expressions | undefined;
  /** Every object of one kind, whatever its version, ours and those charts are known to bring. */
  ofKind(kind: string): readonly SeenObject[];
  /** Also finds Secrets that are only declared. `namespace` is left out for cluster-scoped kinds. */
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

/** What views are made from. */
export interface ViewInput {
  readonly compiled: Compiled;
  readonly kinds: KindRegistry;
  readonly expressions?: Expressions;
}

/** One view for each target, so that what is computed from it is computed once. */
export function viewTarget(target: CompiledTarget, input: ViewInput): TargetView {
  const { compiled, kinds, expressions } = input;
  const known = views.get(target);
  const isSame =
    known?.kinds === kinds && known.compiled === compiled && known.expressions === expressions;
  if (isSame) return known;
  const view = createView(target, input);
  views.set(target, view);
  return view;
}

function createView(
  target: CompiledTarget,
  { compiled, kinds, expressions }: ViewInput,
): TargetView {
  const seen = [...target.objects.map(seenOwn), ...target.cluster.standIns.map(seenStandIn)];
  const byKind = groupBy(seen, ({ object }) => object.kind);
  const byName = new Map<string, SeenObject>();
  for (const entry of seen) {
    const { kind, metadata } = entry.object;
    byName.set(nameKey(kind, metadata.name, metadata.namespace), entry);
  }
  const promised = [
    ...target.cluster.secrets.flatMap(seenDeclared),
    ...seen.flatMap(seenFromController),
  ];
  for (const entry of promised) {
    const { metadata } = entry.object;
    const key = nameKey("Secret", metadata.name, metadata.namespace);
    if (!byName.has(key)) byName.set(key, entry);
  }
  return {
    ...target,
    compiled,
    kinds,
    expressions,
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

/** A Secret its provider will make, wherever it is wanted; only its name is known. */
function seenDeclared({ name, namespaces, origin }: PlannedSecret): SeenObject[] {
  return namespaces.map((namespace) => ({ object: secretNamed(name, namespace), path: origin }));
}

/** Secrets that controllers make from their own resources. */
function seenFromController({ object, path }: SeenObject): SeenObject[] {
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  const name = object.kind === "Certificate" ? spec["secretName"] : undefined;
  if (typeof name !== "string") return [];
  return [{ object: secretNamed(name, object.metadata.namespace ?? "default"), path }];
}

function secretNamed(name: string, namespace: string): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace } };
}

function nameKey(kind: string, name: string, namespace = ""): string {
  return `${kind}/${namespace}/${name}`;
}
