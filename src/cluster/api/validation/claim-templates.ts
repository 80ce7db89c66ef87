// Claims that are made for a pod. Mirrors ValidatePersistentVolumeClaimTemplate of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { forbiddenField } from "../field-error.ts";
import { validateClaimSpec } from "./claims.ts";
import { recordAt, textsAt } from "./fields.ts";
import { validateAnnotations, validateLabels } from "./labels.ts";
import type { Causes, Scope } from "./walk-fields.ts";

/** Field of metadata that the claim does not take over → how the server spells it. */
const REFUSED: Readonly<Record<string, string>> = {
  name: "name",
  generateName: "generateName",
  namespace: "namespace",
  selfLink: "selfLink",
  uid: "uID",
  resourceVersion: "resourceVersion",
  generation: "generation",
  creationTimestamp: "creationTimestamp",
  deletionTimestamp: "deletionTimestamp",
  deletionGracePeriodSeconds: "deletionGracePeriodSeconds",
  ownerReferences: "ownerReferences",
  finalizers: "finalizers",
  managedFields: "managedFields",
};

export function validateClaimTemplate(field: string, template: Scope): Causes {
  const metadata = recordAt(template, "metadata");
  const at = `${field}.metadata`;
  return [
    ...validateAnnotations(`${at}.annotations`, textsAt(metadata, "annotations")),
    ...validateLabels(`${at}.labels`, textsAt(metadata, "labels")),
    ...Object.entries(REFUSED)
      .filter(([name]) => isSet(metadata[name]))
      .map(([, name]) => forbiddenField(`${at}.${name}`, "cannot be set")),
    ...validateClaimSpec(`${field}.spec`, recordAt(template, "spec")),
  ];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== 0;
}
