// Nobody but an administrator holds a right that leads to more rights.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Grant } from "../rights.ts";
import { grantsOf, waysUp } from "../rights.ts";
import type { Check, TargetView } from "../target-view.ts";

export const escalation = defineDiagnostic<{ subject: string; why: string; binding: string }>({
  code: "verify/escalation",
  severity: "error",
  message: ({ subject, why, binding }) => `${subject} ${why} through ${binding}`,
  hint: () => "give a narrower role",
});

export const checkRights: Check = function* (view) {
  for (const grant of examinedGrants(view)) {
    for (const why of waysUp(grant, (namespace) => isPlatform(namespace, view))) {
      const binding = displayRef(refOf(grant.binding.object));
      yield escalation(grant.binding.path, { subject: grant.subject, why, binding });
    }
  }
};

/** Rights given by us, but for those of administrators, which have no bounds on purpose. */
export function examinedGrants(view: TargetView): Grant[] {
  const administrators = new Set(
    view.cluster.roles
      .filter(({ level }) => level === "cluster-admin")
      .flatMap(({ groups }) => groups),
  );
  return grantsOf(view).filter(
    ({ binding, kind, name }) =>
      binding.compiled !== undefined && !(kind === "Group" && administrators.has(name)),
  );
}

/** A right in the whole cluster reaches the platform's namespaces too. */
function isPlatform(namespace: string | undefined, { cluster }: TargetView): boolean {
  if (namespace === undefined) return true;
  const planned = cluster.namespaces.find(({ name }) => name === namespace);
  return planned?.tenancy !== "app";
}
