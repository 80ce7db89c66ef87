// Nobody but an administrator holds a right that is not spelled out: a wildcard also covers what a later version brings.
// Source: Kubernetes documentation, "Role Based Access Control Good Practices", least privilege.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Rule } from "../rights.ts";
import type { Check } from "../target-view.ts";
import { examinedGrants } from "./rights.ts";

export const wildcardRight = defineDiagnostic<{ subject: string; what: string; binding: string }>({
  code: "verify/wildcard-right",
  severity: "error",
  message: ({ subject, what, binding }) => `${subject} may use ${what} through ${binding}`,
  hint: () => "name the verbs, API groups and resources it needs",
});

export const checkWildcardRights: Check = function* (view) {
  for (const { subject, rules, binding } of examinedGrants(view)) {
    const found = new Set(rules.flatMap(wildcardsOf));
    if (found.size === 0) continue;
    const what = [...found].join(" and ");
    yield wildcardRight(binding.path, {
      subject,
      what,
      binding: displayRef(refOf(binding.object)),
    });
  }
};

function wildcardsOf({ verbs, apiGroups, resources }: Rule): string[] {
  return [
    ...(verbs.includes("*") ? ["every verb"] : []),
    ...(apiGroups.includes("*") ? ["every API group"] : []),
    // `*/scale` is one subresource of whatever there is.
    ...(resources.some((name) => name.startsWith("*")) ? ["every resource"] : []),
  ];
}
