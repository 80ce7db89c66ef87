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
  if (!deepEqual(next.labels, old.labels))
    causes.push(...validateLabels("metadata.labels", next.labels));
  if (!deepEqual(next.annotations, old.annotations)) {
    causes.push(...validateAnnotations("metadata.annotations", next.annotations));
  }
  if (!deepEqual(next.ownerReferences, old.ownerReferences)) causes.push(...validateOwners(next));
  if (!deepEqual(next.finalizers, old.finalizers))
    causes.push(...validateFinalizers(next.finalizers));
  return causes;
}

function validateOwners({ ownerReferences = [] }: ObjectMeta): readonly StatusCause[] {
  const causes = ownerReferences.flatMap((owner, index) => {
    const field = `metadata.ownerReferences[${index}]`;
    const empty = (["apiVersion", "kind", "name", "uid"] as const).filter(
      (key) => (owner[key] ?? "") === "",
    );
    return empty.map((key) =>
      key === "apiVersion"
        ? invalidField(`${field}.${key}`, "", "version must not be empty")
        : invalidField(`${field}.${key}`, "", `${key} must not be empty`),
    );
  });
  const controllers = ownerReferences.filter((owner) => owner.controller === true);
  if (controllers.length <= 1) return causes;
  const [first, second] = controllers;
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind}/${first?.name} and ${second?.kind}/${second?.name}`;
  return [...causes, invalidField("metadata.ownerReferences", ownerReferences, detail)];
}

function validateFinalizers(finalizers: readonly string[] = []): readonly StatusCause[] {
  const causes = finalizers.flatMap((name) =>
    qualifiedNameFaults(name).map((fault) => invalidField("metadata.finalizers", name, fault)),
  );
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    causes.push(
      invalidField(
        "metadata.finalizers",
        finalizers,
        "finalizer orphan and foregroundDeletion cannot be both set",
      ),
    );
  }
  return causes;
}
