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

type JudgeChange = (next: KubernetesObject, old: KubernetesObject) => readonly StatusCause[];

/** For kinds whose rules look into annotations: a change of those alone is judged, one of labels or finalizers is not. */
export function whenAnnotated(judge: JudgeChange): JudgeChange {
  return (next, old) =>
    deepEqual(next.metadata.annotations, old.metadata.annotations) ? [] : judge(next, old);
}

/** Fields that stay as they were made, and finalizers, which cannot be added while the object goes away. */
export function validateMetadataUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  if (next.metadata === old.metadata) return [];
  const fixed = [
    ...immutableFaults(next.metadata, old.metadata),
    ...lateFinalizers(next.metadata, old.metadata),
  ];
  const free = changedFaults(next.metadata, old.metadata);
  if (fixed.length === 0 && free.length === 0) return free;
  return [...repeat(fixed, FIXED_REPORTS), ...repeat(free, FREE_REPORTS)];
}

// The generic part of the server and the kind's own part look at metadata independently, so that one fault is told
// several times. Clients show each sentence once.
const FIXED_REPORTS = 2;
const FREE_REPORTS = 4;

const NO_CAUSES: readonly StatusCause[] = [];

function repeat(causes: readonly StatusCause[], times: number): readonly StatusCause[] {
  return causes.length === 0 ? causes : Array.from({ length: times }, () => causes).flat();
}

function immutableFaults(next: ObjectMeta, old: ObjectMeta): readonly StatusCause[] {
  return (["name", "namespace", "uid", "creationTimestamp"] as const)
    .filter((field) => (next[field] ?? "") !== (old[field] ?? ""))
    .map((field) => invalidField(`metadata.${field}`, next[field], "field is immutable"));
}

function lateFinalizers(next: ObjectMeta, old: ObjectMeta): readonly StatusCause[] {
  if (old.deletionTimestamp === undefined) return [];
  const added = (next.finalizers ?? []).filter((name) => !(old.finalizers ?? []).includes(name));
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(", ");
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [forbiddenField("metadata.finalizers", why)];
}

const CHECKED = ["labels", "annotations", "ownerReferences", "finalizers"] as const;
const NO_FAULTS: readonly StatusCause[] = [];

function changedFaults(next: ObjectMeta, old: ObjectMeta): readonly StatusCause[] {
  const isSame = (field: keyof ObjectMeta): boolean => deepEqual(next[field], old[field]);
  // Most updates leave these as they are.
  if (CHECKED.every(isSame)) return NO_FAULTS;
  return [
    ...(isSame("labels") ? [] : validateLabels("metadata.labels", next.labels)),
    ...(isSame("annotations") ? [] : validateAnnotations("metadata.annotations", next.annotations)),
    ...(isSame("ownerReferences") ? [] : validateOwners(next)),
    ...(isSame("finalizers") ? [] : validateFinalizers(next.finalizers)),
  ];
}

function validateOwners({ ownerReferences = [] }: ObjectMeta): readonly StatusCause[] {
  if (ownerReferences.length === 0) return NO_CAUSES;
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
