// Where an object keeps its pod's spec.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isRecord } from "../../../core/index.ts";
import type { Fields } from "../../manifests/index.ts";

const TEMPLATE = ["spec", "template", "spec"];

const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  ReplicaSet: TEMPLATE,
  Job: TEMPLATE,
  CronJob: ["spec", "jobTemplate", ...TEMPLATE],
};

/** Undefined for an object that runs no pods. */
export function podSpecPath({ kind }: KubernetesObject): readonly string[] | undefined {
  return Object.hasOwn(POD_SPECS, kind) ? POD_SPECS[kind] : undefined;
}

/** A copy with one nested record replaced; everything else is shared. */
export function replaceAt(
  object: KubernetesObject,
  path: readonly string[],
  change: (value: Fields) => Fields,
): KubernetesObject {
  // The copy keeps apiVersion, kind and metadata, so it is still an object.
  return replaceIn(object, path, change) as KubernetesObject;
}

function replaceIn(
  record: Fields,
  [field, ...rest]: readonly string[],
  change: (value: Fields) => Fields,
): Fields {
  if (field === undefined) return change(record);
  const value = record[field];
  return isRecord(value) ? { ...record, [field]: replaceIn(value, rest, change) } : record;
}
