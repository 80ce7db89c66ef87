// Where a persistent volume's data is: exactly one source, each with rules of its own. Mirrors ValidatePersistentVolumeSpec
// of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { posix } from "node:path";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, requiredField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { SOURCE_RULES } from "./volume-source-rules.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

/** Source → the name it is told of by when it is one too many, and the one its own faults are told by. */
const NAMES: Readonly<Record<string, readonly [second: string, own: string]>> = {
  gcePersistentDisk: ["gcePersistentDisk", "persistentDisk"],
  cephfs: ["cephFS", "cephfs"],
};

/** Sources that mount options may be named for by annotation. */
export const MOUNTABLE: readonly string[] = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cinder",
  "cephfs",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
];

export function validateVolumeSources(volume: KubernetesObject, spec: Scope): Causes {
  const causes: StatusCause[] = [];
  let isFirst = true;
  for (const [source, rules] of Object.entries(SOURCE_RULES)) {
    if (spec[source] === undefined) continue;
    const [second, own] = NAMES[source] ?? [source, source];
    // This one is never one too many itself.
    if (isFirst || source === "flexVolume") {
      const part = { source: recordAt(spec, source), volume: volume.metadata.name };
      causes.push(...rules.flatMap((rule) => rule(`spec.${own}`, part)));
      if (source === "local") causes.push(...missingAffinity(spec));
    } else {
      causes.push(forbiddenField(`spec.${second}`, "may not specify more than 1 volume type"));
    }
    isFirst = false;
  }
  if (isFirst) causes.push(requiredField("spec", "must specify a volume type"));
  return [...causes, ...recycledRoot(spec)];
}

function missingAffinity(spec: Scope): Causes {
  if (spec["nodeAffinity"] !== undefined) return [];
  return [requiredField("spec.nodeAffinity", "Local volume requires node affinity")];
}

/** Recycling a volume deletes what is in it. */
function recycledRoot(spec: Scope): Causes {
  const isRoot =
    spec["hostPath"] !== undefined &&
    posix.normalize(textAt(recordAt(spec, "hostPath"), "path")) === "/";
  if (!isRoot || spec["persistentVolumeReclaimPolicy"] !== "Recycle") return [];
  const why = "may not be 'recycle' for a hostPath mount of '/'";
  return [forbiddenField("spec.persistentVolumeReclaimPolicy", why)];
}
