// The finding of every check that looks for something another object names.

import type { Diagnostic, Path } from "../core/index.ts";
import { defineDiagnostic, didYouMean } from "../core/index.ts";
import { displayRef, refOf } from "../kubernetes/index.ts";
import type { SeenObject, TargetView } from "./target-view.ts";

export const missingReference = defineDiagnostic<{
  object: string;
  field: string;
  wanted: string;
  similar: string | undefined;
}>({
  code: "verify/missing-reference",
  severity: "error",
  message: ({ object, field, wanted }) =>
    `${object}: ${field} names ${wanted}, which does not exist`,
  hint: ({ similar }) => similar,
});

/** One object naming another. */
export interface Reference {
  readonly from: SeenObject | { readonly object: SeenObject["object"]; readonly path: Path };
  readonly field: string;
  readonly kind: string;
  readonly name: string;
  /** Left out for cluster-scoped kinds. */
  readonly namespace?: string;
}

/** Nothing when the named object exists. */
export function checkReference(view: TargetView, reference: Reference): readonly Diagnostic[] {
  const { from, field, kind, name, namespace } = reference;
  if (view.find(kind, name, namespace) !== undefined) return [];
  const names = view
    .ofKind(kind)
    .filter(({ object }) => object.metadata.namespace === namespace)
    .map(({ object }) => object.metadata.name);
  const place = namespace === undefined ? "" : ` in ${namespace}`;
  return [
    missingReference(from.path, {
      object: displayRef(refOf(from.object)),
      field,
      wanted: `${kind} ${name}${place}`,
      similar: didYouMean(name, names),
    }),
  ];
}
