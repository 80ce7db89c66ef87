// What a chart really runs: the pods of its rendered objects, in the words of a surface.

import type { CompiledChart } from "../../src/model/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { isRecord } from "../../src/core/index.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface RenderedContainer {
  readonly name: string;
  readonly image: string;
  readonly requests: Fields;
  readonly limits: Fields;
}

export interface RenderedWorkload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of Helm, e.g. `pre-install`: runs once. */
  readonly hook?: string;
  /** 1 where the chart leaves it out. */
  readonly replicas: number;
  readonly labels: Fields;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** `metrics:8080/TCP`, in the order of the containers. */
  readonly ports: readonly string[];
  /** Sidecars that start as init containers included. */
  readonly containers: readonly RenderedContainer[];
}

const TEMPLATE = ["spec", "template"];
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  Job: TEMPLATE,
  CronJob: ["spec", "jobTemplate", ...TEMPLATE],
};

export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (isRecord(here) ? here[key] : undefined), value);
}

export function listAt(value: unknown, ...path: readonly string[]): readonly Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

export function recordAt(value: unknown, ...path: readonly string[]): Fields {
  const found = at(value, ...path);
  return isRecord(found) ? found : {};
}

/** Tests that `helm test` runs are left out: nobody runs them here. */
export function renderedWorkloads(
  objects: readonly KubernetesObject[],
  { namespace }: Pick<CompiledChart, "namespace">,
): readonly RenderedWorkload[] {
  return objects.flatMap((object) => {
    const path = Object.hasOwn(TEMPLATES, object.kind) ? TEMPLATES[object.kind] : undefined;
    const hook = object.metadata.annotations?.["helm.sh/hook"];
    if (path === undefined || hook?.startsWith("test") === true) return [];
    return [{ ...workloadOf(object, path, namespace), ...(hook === undefined ? {} : { hook }) }];
  });
}

function workloadOf(
  object: KubernetesObject,
  path: readonly string[],
  namespace: string,
): RenderedWorkload {
  const template = at(object, ...path);
  const spec = recordAt(template, "spec");
  const sidecars = listAt(spec, "initContainers").filter(
    (one) => one["restartPolicy"] === "Always",
  );
  const containers = [...listAt(spec, "containers"), ...sidecars];
  return {
    kind: object.kind,
    namespace: object.metadata.namespace ?? namespace,
    name: object.metadata.name,
    replicas: Number(at(object, "spec", "replicas") ?? 1),
    labels: {
      ...recordAt(template, "metadata", "labels"),
      // What the Job controller adds.
      ...(object.kind === "Job" ? { "batch.kubernetes.io/job-name": object.metadata.name } : {}),
    },
    serviceAccount: text(spec["serviceAccountName"], "default"),
    hostNetwork: spec["hostNetwork"] === true,
    ports: containers.flatMap((container) => listAt(container, "ports").map(portText)),
    containers: containers.map((container) => ({
      name: String(container["name"]),
      image: String(container["image"]),
      requests: recordAt(container, "resources", "requests"),
      limits: recordAt(container, "resources", "limits"),
    })),
  };
}

function portText({ name, containerPort, protocol = "TCP" }: Fields): string {
  return `${text(name)}:${String(containerPort)}/${String(protocol)}`;
}

/** What YAML may have read as a number. */
export function text(value: unknown, fallback = ""): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : fallback;
}
