// The scale subresource: replicas of a workload or a custom resource as autoscaling/v1 Scale.

import { isRecord, setOwn } from "../../../core/index.ts";
import { formatLabelRequirements, labelRequirements } from "../../../kubernetes/index.ts";
import type { KubernetesObject, LabelSelector, ScalePaths } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { invalid } from "../refusals.ts";
import type { Resource } from "../resource.ts";
import { recordAt } from "../validation/fields.ts";

const BUILTIN_PATHS: ScalePaths = {
  specReplicasPath: ".spec.replicas",
  statusReplicasPath: ".status.replicas",
};

export function pathsOf({ facts }: Resource): ScalePaths {
  return facts.custom?.scale ?? BUILTIN_PATHS;
}

export function scaleOf(resource: Resource, object: KubernetesObject): KubernetesObject {
  const paths = pathsOf(resource);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAtPath(object, paths.specReplicasPath);
  const selector = selectorText(resource, object, paths);
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp };
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: withoutUndefined(metadata) as unknown as KubernetesObject["metadata"],
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAtPath(object, paths.statusReplicasPath),
      ...(selector === "" ? {} : { selector }),
    },
  };
}

/** The object with the replicas a Scale asks for. */
export function withScale(
  resource: Resource,
  object: KubernetesObject,
  scale: KubernetesObject,
): KubernetesObject {
  const replicas = recordAt(scale, "spec")["replicas"] ?? 0;
  if (typeof replicas !== "number" || replicas < 0) {
    throw negativeReplicas(resource, object.metadata.name, replicas);
  }
  const path = pathsOf(resource)
    .specReplicasPath.split(".")
    .filter((part) => part !== "");
  // Only a field below the root is replaced.
  return setAtPath(object, path, replicas) as KubernetesObject;
}

function negativeReplicas({ facts }: Resource, name: string, replicas: unknown): Error {
  if (facts.custom !== undefined) {
    const { specReplicasPath } = facts.custom.scale ?? BUILTIN_PATHS;
    const detail = "should be a non-negative integer";
    return invalid(facts, name, [invalidField(specReplicasPath, replicas, detail)]);
  }
  const detail = "must be greater than or equal to 0";
  const causes = [invalidField("spec.replicas", replicas, detail)];
  return invalid({ group: "autoscaling", kind: "Scale" }, name, causes);
}

function selectorText(resource: Resource, object: KubernetesObject, paths: ScalePaths): string {
  if (resource.facts.custom !== undefined) {
    const value = paths.labelSelectorPath && valueAtPath(object, paths.labelSelectorPath);
    return typeof value === "string" ? value : "";
  }
  const selector = recordAt(object, "spec")["selector"];
  if (!isRecord(selector)) return "";
  const isPlain = resource.storeResource === "/replicationcontrollers";
  // A replication controller's selector is a plain map of labels.
  return formatLabelRequirements(
    labelRequirements((isPlain ? { matchLabels: selector } : selector) as LabelSelector),
  );
}

function valueAtPath(object: unknown, path: string): unknown {
  const parts = path.split(".").filter((part) => part !== "");
  return parts.reduce<unknown>(
    (value, part) => (isRecord(value) ? value[part] : undefined),
    object,
  );
}

function numberAtPath(object: unknown, path: string): number {
  const value = valueAtPath(object, path);
  return typeof value === "number" ? value : 0;
}

function setAtPath(value: unknown, path: readonly string[], leaf: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return leaf;
  const record = isRecord(value) ? { ...value } : {};
  setOwn(record, key, setAtPath(record[key], rest, leaf));
  return record;
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
