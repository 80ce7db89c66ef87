// Every namespaced object must lie in a namespace that exists, and cluster-scoped ones in none.

import { defineDiagnostic, didYouMean } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const missingNamespace = defineDiagnostic<{
  object: string;
  namespace: string;
  similar: string | undefined;
}>({
  code: "verify/missing-namespace",
  severity: "error",
  message: ({ object, namespace }) => `${object} lies in ${namespace}, a namespace nobody creates`,
  hint: ({ similar }) => similar,
});

export const wrongScope = defineDiagnostic<{ object: string; namespaced: boolean }>({
  code: "verify/wrong-scope",
  severity: "error",
  message: ({ object, namespaced }) =>
    namespaced
      ? `${object} needs a namespace and names none`
      : `${object} has no namespace, its kind is cluster-scoped`,
});

/** Made by every cluster for itself. */
const SYSTEM = ["default", "kube-system", "kube-public", "kube-node-lease"];

export const checkNamespaces: Check = function* (view) {
  const existing = existingNamespaces(view);
  for (const { object, origin } of view.objects) {
    const { namespace } = object.metadata;
    const namespaced = view.kinds.find(object.apiVersion, object.kind)?.namespaced;
    const shown = displayRef(refOf(object));
    if (namespaced !== undefined && namespaced !== (namespace !== undefined)) {
      yield wrongScope(origin.path, { object: shown, namespaced });
    } else if (namespace !== undefined && !existing.has(namespace)) {
      const similar = didYouMean(namespace, existing);
      yield missingNamespace(origin.path, { object: shown, namespace, similar });
    }
  }
};

function existingNamespaces({ ofKind }: TargetView): ReadonlySet<string> {
  return new Set([...SYSTEM, ...ofKind("Namespace").map(({ object }) => object.metadata.name)]);
}
