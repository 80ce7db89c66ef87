// Objects in an Application's namespace that nobody's git holds: a warning of the Applications whose project asks for it.
// Mirrors controller/appcontroller.go getResourceTree and isKnownOrphanedResourceExclusion, v3.5, for the kinds people make by
// hand; whatever has an owner is its owner's.

import { parseApiVersion } from "../../../../kubernetes/index.ts";
import type { KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";
import type { DestinationState } from "./live-state.ts";
import { isPermittedKind, type AppProject } from "./project.ts";
import type { Application } from "./resources.ts";

/** Looked for beside the kinds that Applications bring. */
export const ORPHAN_KINDS: readonly KindRef[] = [
  ...["ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount"].map(
    (kind) => ({ apiVersion: "v1", kind }),
  ),
  ...["DaemonSet", "Deployment", "StatefulSet"].map((kind) => ({ apiVersion: "apps/v1", kind })),
  ...["CronJob", "Job"].map((kind) => ({ apiVersion: "batch/v1", kind })),
];

export const ORPHAN_WARNING = "OrphanedResourceWarning";

/** Sorted by kind and name; empty where the project does not ask. */
export function orphansOf(
  { spec }: Application,
  project: AppProject | undefined,
  state: DestinationState,
): readonly KubernetesObject[] {
  const { namespace } = spec.destination;
  if (project?.spec.orphanedResources === undefined || namespace === undefined) return [];
  return state
    .unmanagedIn(namespace)
    .filter((object) => !isKnown(object) && !isClaimOf(object, state))
    .filter(({ apiVersion, kind }) => {
      const { group } = parseApiVersion(apiVersion);
      return isPermittedKind({ group, kind }, project);
    });
}

/** What every namespace has by itself. */
function isKnown({ kind, metadata }: KubernetesObject): boolean {
  return (
    (kind === "ServiceAccount" && metadata.name === "default") ||
    (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt") ||
    (kind === "Service" && metadata.namespace === "default" && metadata.name === "kubernetes")
  );
}

/** A StatefulSet's claims name no owner: gitops-engine pkg/cache/references.go isStatefulSetChild. */
function isClaimOf({ kind, metadata }: KubernetesObject, state: DestinationState): boolean {
  if (kind !== "PersistentVolumeClaim" || metadata.namespace === undefined) return false;
  return state
    .listOf({ apiVersion: "apps/v1", kind: "StatefulSet" }, metadata.namespace)
    .some((set) => new RegExp(`-${set.metadata.name}-\\d+$`).test(metadata.name));
}
