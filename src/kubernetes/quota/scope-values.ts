// Scopes that ask for names: priority classes of pods, attribute classes of claims. The operators are those of label
// selectors. Mirrors pkg/apis/core/v1/helper (ScopedResourceSelectorRequirementsAsSelector).

import type { ScopeRequirement } from "./resource-quota.ts";

/** `names`: what the object carries; one that fits is enough. */
export function matchesNames(
  { operator, values = [] }: ScopeRequirement,
  names: readonly string[],
): boolean {
  switch (operator) {
    case "Exists":
      return names.length > 0;
    case "DoesNotExist":
      return names.length === 0;
    case "In":
      return names.some((name) => values.includes(name));
    case "NotIn":
      return names.length === 0 || names.some((name) => !values.includes(name));
  }
}
