// What the downward API says of a pod and its containers: fields and resources as text. Pure. Mirrors
// pkg/fieldpath/fieldpath.go and pkg/api/v1/resource/helpers.go.

import { parseQuantity } from "../../../core/index.ts";
import type {
  Container,
  FieldReference,
  Pod,
  ResourceFieldReference,
} from "../../../kubernetes/index.ts";

/** What the pod's status does not say yet while its containers are prepared. */
export interface PodNetworkFacts {
  readonly podIP: string;
  readonly hostIP: string;
}

type FieldReader = (pod: Pod, network: PodNetworkFacts) => string;

const FIELDS: Readonly<Record<string, FieldReader>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace ?? "",
  "metadata.uid": ({ metadata }) => metadata.uid ?? "",
  "metadata.labels": ({ metadata }) => formatMap(metadata.labels),
  "metadata.annotations": ({ metadata }) => formatMap(metadata.annotations),
  "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
  "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
  "status.hostIP": (_, { hostIP }) => hostIP,
  "status.hostIPs": (_, { hostIP }) => hostIP,
  "status.podIP": (_, { podIP }) => podIP,
  "status.podIPs": (_, { podIP }) => podIP,
};

/** Undefined for a path the downward API does not know. */
export function fieldValue(
  pod: Pod,
  { fieldPath }: FieldReference,
  network: PodNetworkFacts,
): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (subscript === null) return FIELDS[fieldPath]?.(pod, network);
  const [, kind, key = ""] = subscript;
  const map = kind === "labels" ? pod.metadata.labels : pod.metadata.annotations;
  return map?.[key] ?? "";
}

function formatMap(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .toSorted()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join("\n");
}

/** A limit nobody set is what the machine has. */
export interface MachineSize {
  readonly cpu: number;
  readonly memory: number;
}

/** Whole units of the divisor, rounded up. */
export function resourceValue(
  container: Container,
  { resource, divisor }: ResourceFieldReference,
  machine: MachineSize,
): string | undefined {
  const [list, name = ""] = resource.split(".", 2);
  if (list !== "limits" && list !== "requests") return undefined;
  const unset = list === "limits" ? machineAmount(machine, name) : 0;
  const given = container.resources?.[list]?.[name];
  const amount = given === undefined ? unset : nanosOf(given);
  const unit = divisor === undefined || nanosOf(divisor) === 0 ? 1e9 : nanosOf(divisor);
  return String(Math.ceil(amount / unit));
}

function machineAmount({ cpu, memory }: MachineSize, name: string): number {
  if (name === "cpu") return cpu * 1e9;
  return name === "memory" ? memory * 1e9 : 0;
}

function nanosOf(quantity: string | number): number {
  return Number(parseQuantity(quantity)?.nanos ?? 0);
}
