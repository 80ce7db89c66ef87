// Field selectors of built-in kinds. Source: kubernetes v1.36.2 pkg/apis/core/v1/conversion.go and the strategies of
// pkg/registry (ToSelectableFields).

import { plainText, isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";

/** Beside `metadata.name` and `metadata.namespace`, which every kind has. */
export const SELECTABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ],
  "/nodes": ["spec.unschedulable"],
  "/replicationcontrollers": ["status.replicas"],
  "apps/replicasets": ["status.replicas"],
  "/events": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "regarding.kind",
    "regarding.namespace",
    "regarding.name",
    "regarding.uid",
    "regarding.apiVersion",
    "regarding.resourceVersion",
    "regarding.fieldPath",
    "reason",
    "reportingComponent",
    "reportingController",
    "source",
    "type",
  ],
  "/namespaces": ["status.phase"],
  "/secrets": ["type"],
  "/services": ["spec.clusterIP", "spec.type"],
  "batch/jobs": ["status.successful"],
  "certificates.k8s.io/certificatesigningrequests": ["spec.signerName"],
};

/** Fields whose Go value is a bool or a number, which is never empty. */
const ZEROS: Readonly<Record<string, string>> = {
  "spec.unschedulable": "false",
  "spec.hostNetwork": "false",
  "status.replicas": "0",
  "status.successful": "0",
};

/** Selector name → the field that is read. */
const READ_FROM: Readonly<Record<string, string>> = {
  "status.successful": "status.succeeded",
  "status.podIPs": "status.podIP",
};

export function builtinField(
  storeResource: string,
  object: KubernetesObject,
  field: string,
): string {
  if (storeResource === "/events") return eventField(object, field);
  const value = at(object, READ_FROM[field] ?? field);
  return value === undefined || value === null ? (ZEROS[field] ?? "") : plainText(value);
}

/** Events are read in either of their two versions. */
function eventField(event: KubernetesObject, field: string): string {
  const about = field.replace(/^regarding\./, "involvedObject.");
  const candidates =
    field === "source"
      ? ["source.component", "deprecatedSource.component", "reportingComponent"]
      : [
          field,
          about,
          about.replace(/^involvedObject\./, "regarding."),
          OTHER_NAME[field] ?? field,
        ];
  for (const candidate of candidates) {
    const value = at(event, candidate);
    if (value !== undefined && value !== "") return plainText(value);
  }
  return "";
}

const OTHER_NAME: Readonly<Record<string, string>> = {
  reportingComponent: "reportingController",
  reportingController: "reportingComponent",
};

function at(object: KubernetesObject, field: string): unknown {
  let value: unknown = object;
  for (const key of field.split(".")) value = isRecord(value) ? value[key] : undefined;
  return value;
}
