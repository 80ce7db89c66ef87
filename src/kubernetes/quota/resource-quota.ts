// A ResourceQuota as admission, its controller and the checks read it. Field names are core/v1's.

import type { KindToken } from "../controller-runtime/kind-token.ts";
import type { KubernetesObject } from "../object.ts";
import type { ResourceList } from "../scheduling/index.ts";

export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

export interface ResourceQuota extends KubernetesObject {
  readonly spec: {
    readonly hard?: ResourceList;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
  };
  readonly status?: { readonly hard?: ResourceList; readonly used?: ResourceList };
}

export const RESOURCE_QUOTA: KindToken<ResourceQuota> = { apiVersion: "v1", kind: "ResourceQuota" };

/** `scopes` and `scopeSelector` say the same thing in two ways. */
export function scopesOf({ spec }: ResourceQuota): readonly ScopeRequirement[] {
  return [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" as const })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ];
}
