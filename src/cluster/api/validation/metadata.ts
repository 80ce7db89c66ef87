// Validation of ObjectMeta on create and update. Mirrors apimachinery pkg/api/validation/objectmeta.go.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, ObjectMeta, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { qualifiedNameFaults, validateAnnotations, validateLabels } from "./labels.ts";
import { validateName } from "./names.ts";
import type { NameRule } from "./names.ts";

export function validateMetadata(meta: ObjectMeta, rule: NameRule): readonly StatusCause[] {
  return [
    ...(meta.name === ""
      ? [requiredField("metadata.name", "name or generateName is required")]
      : validateName("metadata.name", meta.name, rule)),
    ...validateLabels("metadata.labels", meta.labels),
    ...validateAnnotations("metadata.annotations", meta.annotations),
    ...validateOwners(meta),
    ...validateFinalizers(meta.finalizers),
  ];
}

/** Fields that stay as they were made, and finalizers, which cannot be added while the object goes away. */
export function validateMetadataUpdate(
  { metadata: next }: KubernetesObject,
  { metadata: old }: KubernetesObject,
): readonly StatusCause[] {
  if (next === old) return [];
  const causes: StatusCause[] = [];
  for (const field of ["name", "namespace", "uid", "creationTimestamp"] as const) {
    if ((next[field] ?? "") === (old[field] ?? "")) continue;
    causes.push(invalidField(`metadata.${field}`, next[field], "field is immutable"));
  }
  if (old.deletionTimestamp !== undefined) {
    const added = (next.finalizers ?? []).filter((name) => !(old.finalizers ?? []).includes(name));
    if (added.length > 0) {
      causes.push(
        forbiddenField(
          "metadata.finalizers",
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(", ")}}`,
        ),
      );
    }
  }
  if (!deepEqual(next.labels, old.labels)) {
    causes.push(...validateLabels("metadata.labels", next.labels));
  }
  if (!deepEqual(next.annotations, old.annotations)) {
    causes.push(...validateAnnotations("metadata.annotations", next.annotations));
  }
  if (!deepEqual(next.ownerReferences, old.ownerReferences)) causes.push(...validateOwners(next));
  if (!deepEqual(next.finalizers, old.finalizers)) {
    causes.push(...validateFinalizers(next.finalizers));
  }
  return causes;
}

function validateOwners({ ownerReferences = [] }: ObjectMeta): readonly StatusCause[] {
  const causes = ownerReferences.flatMap((owner) => {
    const empty = (["apiVersion", "kind", "name", "uid"] as const).filter(
      (key) => (owner[key] ?? "") === "",
    );
    return empty.map((key) => {
      const what = key === "apiVersion" ? "version must not be empty" : "must not be empty";
      return invalidField(`metadata.ownerReferences.${key}`, "", what);
    });
  });
  const controllers = ownerReferences.filter((owner) => owner.controller === true);
  if (controllers.length <= 1) return causes;
  const [first, second] = controllers;
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind}/${first?.name} and ${second?.kind}/${second?.name}`;
  return [...causes, invalidField("metadata.ownerReferences", ownerReferences, detail)];
}

/** Finalizers without a domain that Kubernetes itself knows. */
const STANDARD_FINALIZERS: readonly string[] = ["kubernetes", "orphan", "foregroundDeletion"];

function validateFinalizers(finalizers: readonly string[] = []): readonly StatusCause[] {
  const causes = finalizers.flatMap((name, index) => {
    const at = `metadata.finalizers[${index}]`;
    const faults = qualifiedNameFaults(name);
    if (faults.length > 0)
      return faults.map((fault) => invalidField("metadata.finalizers", name, fault));
    if (name.includes("/") || STANDARD_FINALIZERS.includes(name) || name.includes(".")) return [];
    const why = "name is neither a standard finalizer name nor is it fully qualified";
    return [invalidField(at, name, why)];
  });
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const why = "finalizer orphan and foregroundDeletion cannot be both set";
    causes.push(invalidField("metadata.finalizers", finalizers, why));
  }
  return causes;
}
