// Brings the bootstrap policy up to date when a cluster starts: what is missing is created, rules and subjects that are
// missing are added, nothing is taken away. Mirrors EnsureRBACPolicy of kubernetes pkg/registry/rbac/rest/storage_rbac.go
// and k8s.io/component-helpers auth/rbac/reconciliation.

import { deepEqual, isRecord } from "../../core/index.ts";
import {
  aggregationSelectors,
  ruleRecord,
  ruleRecords,
  rulesOfRole,
  uncoveredRules,
} from "../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../kubernetes/index.ts";
import type { ApiContext } from "../api/api-context.ts";
import { timestamp } from "../api/timestamp.ts";
import { createUid } from "../api/uid.ts";
import type { StoreKey } from "../store/index.ts";
import { policyObjects, SERVER_MANAGER, storedPolicy } from "./bootstrap-objects.ts";
import { AUTOUPDATE } from "./bootstrap-policy.ts";

/** `api` acts as the API server itself; the namespaces of the policy exist. */
export async function reconcilePolicy(context: ApiContext, api: KubeApi): Promise<void> {
  // A source of its own, so that other uids do not depend on how many roles there are.
  const rng = context.rng.fork("rbac-bootstrap");
  const time = timestamp(context.clock);
  for (const object of policyObjects()) {
    const key = keyOf(context, object.expected);
    const existing = context.store.get(key);
    if (existing === undefined)
      context.store.put(key, storedPolicy(object, { uid: createUid(rng), time }), 0);
    else await update(api, object.expected, existing);
  }
  await context.store.settled();
}

function keyOf(
  { registry }: ApiContext,
  { apiVersion, kind, metadata }: KubernetesObject,
): StoreKey {
  const resource = registry.byKind(apiVersion, kind)?.storeResource ?? "";
  return { resource, namespace: metadata.namespace ?? "", name: metadata.name };
}

async function update(
  api: KubeApi,
  expected: KubernetesObject,
  existing: KubernetesObject,
): Promise<void> {
  if (existing.metadata.annotations?.[AUTOUPDATE] === "false") return;
  const options = { fieldManager: SERVER_MANAGER };
  if (!deepEqual(existing["roleRef"], expected["roleRef"])) {
    // What a binding refers to never changes, so that it is made anew.
    await api.delete({ ...existing, ...existing.metadata });
    await api.create(expected, options);
    return;
  }
  const merged = mergePolicy(expected, existing);
  if (merged !== existing) await api.update(merged, options);
}

/** The existing object with what it lacks; the same object when it lacks nothing. */
export function mergePolicy(
  expected: KubernetesObject,
  existing: KubernetesObject,
): KubernetesObject {
  const merged = {
    ...existing,
    metadata: {
      ...existing.metadata,
      labels: { ...expected.metadata.labels, ...existing.metadata.labels },
      annotations: { ...expected.metadata.annotations, ...existing.metadata.annotations },
    },
    ...(expected["roleRef"] === undefined
      ? mergedRules(expected, existing)
      : mergedSubjects(expected, existing)),
  };
  return deepEqual(merged, existing) ? existing : merged;
}

type Fields = Readonly<Record<string, unknown>>;

function mergedRules(expected: KubernetesObject, existing: KubernetesObject): Fields {
  const missing = uncoveredRules(rulesOfRole(existing), rulesOfRole(expected));
  const known = aggregationSelectors(existing);
  const selectors = aggregationSelectors(expected).filter(
    (selector) => !known.some((one) => deepEqual(one, selector)),
  );
  return {
    ...(missing.length === 0
      ? {}
      : { rules: [...ruleRecords(existing), ...missing.map(ruleRecord)] }),
    ...(selectors.length === 0
      ? {}
      : { aggregationRule: { clusterRoleSelectors: [...known, ...selectors] } }),
  };
}

function mergedSubjects(expected: KubernetesObject, existing: KubernetesObject): Fields {
  const known = subjectsOf(existing);
  const missing = subjectsOf(expected).filter(
    (subject) => !known.some((one) => deepEqual(one, subject)),
  );
  return missing.length === 0 ? {} : { subjects: [...known, ...missing] };
}

function subjectsOf(binding: KubernetesObject): readonly Fields[] {
  const subjects = binding["subjects"];
  return Array.isArray(subjects) ? subjects.filter(isRecord) : [];
}
