// The pods our objects ask for, whatever kind asks for them.

import { isRecord } from "../core/index.ts";
import type { KubernetesObject } from "../kubernetes/index.ts";
import type { CompiledObject } from "../model/index.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface PodTemplate {
  readonly compiled: CompiledObject;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Fields;
  /** Init containers first. */
  readonly containers: readonly Container[];
  readonly volumes: readonly Fields[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly fields: Fields;
  readonly env: readonly Fields[];
  readonly envFrom: readonly Fields[];
  readonly ports: readonly ContainerPort[];
  readonly init: boolean;
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostPort: number | undefined;
}

export function podTemplatesOf(compiled: CompiledObject): PodTemplate[] {
  const template = templateOf(compiled.object);
  if (template === undefined) return [];
  const { labels, spec } = template;
  const containers = [
    ...recordsIn(spec["initContainers"]).map((fields) => containerOf(fields, true)),
    ...recordsIn(spec["containers"]).map((fields) => containerOf(fields, false)),
  ];
  const { namespace = "default" } = compiled.object.metadata;
  return [{ compiled, namespace, labels, spec, containers, volumes: recordsIn(spec["volumes"]) }];
}

interface Template {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Fields;
}

function templateOf(object: KubernetesObject): Template | undefined {
  const spec = recordOf(object["spec"]);
  switch (object.kind) {
    case "Pod":
      return { labels: object.metadata.labels ?? {}, spec };
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "Job":
      return readTemplate(spec);
    case "CronJob":
      return readTemplate(recordOf(recordOf(spec["jobTemplate"])["spec"]));
    default:
      return undefined;
  }
}

function readTemplate(owner: Fields): Template {
  const template = recordOf(owner["template"]);
  return {
    labels: textsOf(recordOf(template["metadata"])["labels"]),
    spec: recordOf(template["spec"]),
  };
}

function containerOf(fields: Fields, init: boolean): Container {
  return {
    name: String(fields["name"]),
    image: plainText(fields["image"]),
    fields,
    env: recordsIn(fields["env"]),
    envFrom: recordsIn(fields["envFrom"]),
    ports: recordsIn(fields["ports"]).map(portOf),
    init,
  };
}

function portOf({ name, containerPort, protocol, hostPort }: Fields): ContainerPort {
  return {
    name: typeof name === "string" ? name : undefined,
    containerPort: Number(containerPort),
    protocol: typeof protocol === "string" ? protocol : "TCP",
    hostPort: typeof hostPort === "number" ? hostPort : undefined,
  };
}

/** The value if it is a record, else an empty one: what a schema check complains about is not repeated elsewhere. */
export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function recordsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Text, number or switch as it would be written; empty for anything else. */
export function plainText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
