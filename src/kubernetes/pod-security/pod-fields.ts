// The parts of a pod that Pod Security looks at, read from any JSON: what a schema refuses counts as absent here.

import { isRecord } from "../../core/index.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A Pod, or the `template` of anything that makes pods. */
export interface PodLike {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: unknown;
}

export interface PodFields {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Fields;
  readonly securityContext: Fields;
  /** Init, ordinary and ephemeral ones, in this order. */
  readonly containers: readonly ContainerFields[];
  readonly volumes: readonly Fields[];
  readonly windows: boolean;
  /** The pod has user ids of its own (`hostUsers: false`). */
  readonly userNamespace: boolean;
}

export interface ContainerFields {
  readonly name: string;
  readonly fields: Fields;
  readonly securityContext: Fields;
}

export function podFields({ metadata, spec: raw }: PodLike): PodFields {
  const spec = recordOf(raw);
  const lists = ["initContainers", "containers", "ephemeralContainers"];
  return {
    annotations: metadata?.annotations ?? {},
    spec,
    securityContext: recordOf(spec["securityContext"]),
    containers: lists.flatMap((list) => recordsIn(spec[list]).map(containerFields)),
    volumes: recordsIn(spec["volumes"]),
    windows: recordOf(spec["os"])["name"] === "windows",
    userNamespace: spec["hostUsers"] === false,
  };
}

function containerFields(fields: Fields): ContainerFields {
  const { name } = fields;
  return {
    name: typeof name === "string" ? name : "",
    fields,
    securityContext: recordOf(fields["securityContext"]),
  };
}

export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function recordsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
