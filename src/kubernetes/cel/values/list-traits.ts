// Lists of a custom kind that are sets, or maps by some of their items' fields (`x-kubernetes-list-type`): both compare without
// regard to order, and `+` merges instead of appending (apiserver pkg/cel/common/values.go).

import type { CelValue } from "./value.ts";

export type ListTraits =
  | { readonly is: "set" }
  | { readonly is: "map"; readonly keyOf: (item: CelValue) => string };

const traitsOf = new WeakMap<readonly CelValue[], ListTraits>();

export function listTraits(list: readonly CelValue[]): ListTraits | undefined {
  return traitsOf.get(list);
}

export function withListTraits(list: readonly CelValue[], traits: ListTraits): readonly CelValue[] {
  traitsOf.set(list, traits);
  return list;
}
