// The bootstrap policy as it looks once the API server has created it and the aggregation controller has run: what a new
// cluster's store is filled with, because 130 writes through the front door would cost more than the rest of a start.

import type { JsonObject } from "../../core/index.ts";
import { aggregatedRules, isAggregated } from "../../kubernetes/index.ts";
import type { KubernetesObject, ManagedFieldsEntry, ObjectMeta } from "../../kubernetes/index.ts";
import { bootstrapBindings, bootstrapRoles } from "./bootstrap-policy.ts";

/** Field manager of what the API server itself creates. */
export const SERVER_MANAGER = "kube-apiserver";
export const AGGREGATION_MANAGER = "clusterrole-aggregation-controller";

export interface PolicyObject {
  /** As the API server creates it. */
  readonly expected: KubernetesObject;
  /** The same, with what it has gathered. */
  readonly filled: KubernetesObject;
}

export function policyObjects(): readonly PolicyObject[] {
  const roles = bootstrapRoles();
  const filled = new Map(roles.map((role) => [role, role]));
  // A role may gather from one that gathers itself: `admin` from `edit` from `view`.
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const [expected, role] of filled) {
      if (!isAggregated(expected)) continue;
      const rules = aggregatedRules(expected, [...filled.values()].filter(isClusterRole));
      const before = role["rules"];
      if (Array.isArray(before) && before.length === rules.length) continue;
      filled.set(expected, { ...expected, rules });
      isChanged = true;
    }
  }
  return [
    ...[...filled].map(([expected, role]) => ({ expected, filled: role })),
    ...bootstrapBindings().map((binding) => ({ expected: binding, filled: binding })),
  ];
}

function isClusterRole({ kind }: KubernetesObject): boolean {
  return kind === "ClusterRole";
}

/** The object as stored: with an identity, and word of who set which field. */
export function storedPolicy(
  { expected, filled }: PolicyObject,
  { uid, time }: { readonly uid: string; readonly time: string },
): KubernetesObject {
  const { name, namespace, labels, annotations } = filled.metadata;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    // Holds the place for the store.
    resourceVersion: undefined,
    creationTimestamp: time,
    labels,
    annotations,
    managedFields: managersOf(expected, filled, time),
  };
  // An undefined version is an absent one.
  return { ...filled, metadata: metadata as unknown as ObjectMeta };
}

function managersOf(
  expected: KubernetesObject,
  filled: KubernetesObject,
  time: string,
): readonly ManagedFieldsEntry[] {
  const { apiVersion } = expected;
  const common = { apiVersion, time, fieldsType: "FieldsV1" as const };
  const server: ManagedFieldsEntry = {
    manager: SERVER_MANAGER,
    operation: "Update",
    ...common,
    fieldsV1: {
      "f:metadata": {
        "f:annotations": ownedKeys(expected.metadata.annotations),
        "f:labels": ownedKeys(expected.metadata.labels),
      },
      ...Object.fromEntries(ownFields(expected).map((field) => [`f:${field}`, {}])),
      ...(isAggregated(expected)
        ? { "f:aggregationRule": { ".": {}, "f:clusterRoleSelectors": {} } }
        : {}),
    },
  };
  if (filled === expected) return [server];
  const controller: ManagedFieldsEntry = {
    manager: AGGREGATION_MANAGER,
    operation: "Apply",
    ...common,
    fieldsV1: { "f:rules": {} },
  };
  return [controller, server];
}

function ownedKeys(map: Readonly<Record<string, string>> | undefined): JsonObject {
  return { ".": {}, ...Object.fromEntries(Object.keys(map ?? {}).map((key) => [`f:${key}`, {}])) };
}

/** Lists that are replaced as a whole, and the role a binding names. */
function ownFields(object: KubernetesObject): readonly string[] {
  return ["roleRef", "rules", "subjects"].filter(
    (field) => object[field] !== undefined && object[field] !== null,
  );
}
