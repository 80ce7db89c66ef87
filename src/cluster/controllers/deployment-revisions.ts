// A Deployment's ReplicaSets: which one is the newest template, which are old, and the revision annotations.
// Mirrors pkg/controller/deployment/util/deployment_util.go and sync.go.

import { deepEqual } from "../../core/index.ts";
import { isTerminating } from "../../kubernetes/index.ts";
import type { KubernetesObject, PodTemplate } from "../../kubernetes/index.ts";
import { controllerReference } from "./owner.ts";
import { templateHash } from "./template-hash.ts";
import { REPLICA_SET } from "./workload-kinds.ts";
import type { Deployment, ReplicaSet } from "./workload-kinds.ts";

export const REVISION = "deployment.kubernetes.io/revision";
export const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
export const HASH_LABEL = "pod-template-hash";

/** Annotations of a Deployment that its sets do not take over. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
]);
/** Characters that a revision history may have before its oldest entries are dropped. */
const HISTORY_LENGTH_MAX = 2000;

export interface ReplicaSets {
  /** The set with the Deployment's present template; the oldest when several have it. */
  readonly next: ReplicaSet | undefined;
  /** Every other set, oldest first. */
  readonly old: readonly ReplicaSet[];
}

export function sortReplicaSets(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSets {
  const sorted = sets.toSorted(byCreation);
  const next = sorted.find((set) => equalIgnoringHash(set.spec.template, deployment.spec.template));
  return { next, old: sorted.filter((set) => set !== next) };
}

export function byCreation(a: KubernetesObject, b: KubernetesObject): number {
  const [created, other] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (created !== other) return created < other ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** Templates are compared as the API has defaulted them, without the label that the set adds. */
export function equalIgnoringHash(a: PodTemplate, b: PodTemplate): boolean {
  return deepEqual(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: hash, ...labels } = template.metadata?.labels ?? {};
  return hash === undefined
    ? template
    : { ...template, metadata: { ...template.metadata, labels } };
}

export function revisionNumber(object: KubernetesObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

export function latestRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map(revisionNumber));
}

/**
 * The empty old sets that the history limit does not keep. Sets that are not empty count against the limit but stay, as
 * does every set that is on its way out.
 */
export function surplusSets(
  old: readonly ReplicaSet[],
  limit: number | undefined,
): readonly ReplicaSet[] {
  if (limit === undefined) return [];
  const living = old.filter((set) => !isTerminating(set));
  const sorted = living.toSorted((a, b) => revisionNumber(a) - revisionNumber(b));
  return sorted.slice(0, Math.max(0, sorted.length - limit)).filter(isIdle);
}

function isIdle({ spec, status, metadata }: ReplicaSet): boolean {
  return (
    (status?.replicas ?? 0) === 0 &&
    (spec.replicas ?? 0) === 0 &&
    (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)
  );
}

/** The set for the Deployment's present template, with the labels and selector that keep its pods apart. */
export function newReplicaSet(
  deployment: Deployment,
  sizes: { readonly replicas: number; readonly desired: number; readonly max: number },
  revision: number,
): KubernetesObject {
  const { metadata, spec } = deployment;
  const hash = templateHash(spec.template, deployment.status?.collisionCount);
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: REPLICA_SET.apiVersion,
    kind: REPLICA_SET.kind,
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations: {
        ...copiedAnnotations(deployment),
        [DESIRED_REPLICAS]: String(sizes.desired),
        [MAX_REPLICAS]: String(sizes.max),
        [REVISION]: String(revision),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: sizes.replicas,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: {
        ...spec.selector,
        matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash },
      },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

/** The annotations an existing set should have as the newest one: copied ones, the revision and its history. */
export function nextSetAnnotations(
  deployment: Deployment,
  set: ReplicaSet,
  revision: number,
): Readonly<Record<string, string>> {
  const own = set.metadata.annotations ?? {};
  const annotations: Record<string, string> = { ...own, ...copiedAnnotations(deployment) };
  const before = revisionNumber(set);
  if (before >= revision) return annotations;
  annotations[REVISION] = String(revision);
  if (before === 0) return annotations;
  const history = (own[REVISION_HISTORY] ?? "").split(",").filter((entry) => entry !== "");
  history.push(String(before));
  while (history.join(",").length > HISTORY_LENGTH_MAX) history.shift();
  annotations[REVISION_HISTORY] = history.join(",");
  return annotations;
}

function copiedAnnotations({ metadata }: Deployment): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([name]) => !NOT_COPIED.has(name)));
}
