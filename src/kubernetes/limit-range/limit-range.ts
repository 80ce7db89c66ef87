// A LimitRange as admission reads it. Field names are core/v1's.

import type { KindToken } from "../controller-runtime/kind-token.ts";
import type { KubernetesObject } from "../object.ts";
import type { ResourceList } from "../scheduling/index.ts";

export interface LimitRangeItem {
  readonly type: "Container" | "Pod" | "PersistentVolumeClaim" | (string & {});
  readonly min?: ResourceList;
  readonly max?: ResourceList;
  readonly default?: ResourceList;
  readonly defaultRequest?: ResourceList;
  readonly maxLimitRequestRatio?: ResourceList;
}

export interface LimitRange extends KubernetesObject {
  readonly spec?: { readonly limits?: readonly LimitRangeItem[] };
}

export const LIMIT_RANGE: KindToken<LimitRange> = { apiVersion: "v1", kind: "LimitRange" };

export function itemsOf({ spec }: LimitRange): readonly LimitRangeItem[] {
  return spec?.limits ?? [];
}
