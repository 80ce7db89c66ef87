// A pod of a runtime class has that class's overhead and goes where the class runs.
// Mirrors plugin/pkg/admission/runtimeclass @v1.36 and pkg/util/tolerations (MergeTolerations).

import { deepEqual } from "../../core/index.ts";
import { admissionForbidden, isFor } from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  Pod,
  PodSpec,
  ResourceList,
  Toleration,
} from "../../kubernetes/index.ts";

interface RuntimeClass extends KubernetesObject {
  readonly overhead?: { readonly podFixed?: ResourceList };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

const MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
const UNFOUNDED =
  "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";

export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  handles: (subject) => subject.operation === "CREATE" && isFor(subject, "pods"),
  mutate(request) {
    const { object } = request;
    if (object === undefined) return object;
    // Decoding has given the object the shape of its kind.
    const pod = object as Pod;
    const found = classOf(request, pod);
    if (found === undefined) return object;
    return { ...pod, spec: scheduled(request, withOverhead(request, pod.spec, found), found) };
  },
  validate(request) {
    const { object } = request;
    if (object === undefined) return;
    const pod = object as Pod;
    const fixed = classOf(request, pod)?.overhead?.podFixed;
    const { overhead } = pod.spec;
    if (fixed === undefined && overhead !== undefined) throw admissionForbidden(request, UNFOUNDED);
    if (fixed !== undefined && !deepEqual(fixed, overhead))
      throw admissionForbidden(request, MISMATCH);
  },
};

function classOf(request: AdmissionRequest, { spec }: Pod): RuntimeClass | undefined {
  const { runtimeClassName: name } = spec as { readonly runtimeClassName?: string };
  if (name === undefined) return undefined;
  const ref = { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", name };
  const found = request.live.get(ref);
  if (found === undefined) {
    throw admissionForbidden(request, `pod rejected: RuntimeClass "${name}" not found`);
  }
  return found;
}

function withOverhead(
  request: AdmissionRequest,
  spec: PodSpec,
  { overhead }: RuntimeClass,
): PodSpec {
  if (overhead === undefined) return spec;
  const fixed = overhead.podFixed ?? {};
  if (spec.overhead !== undefined && !deepEqual(spec.overhead, fixed)) {
    throw admissionForbidden(request, MISMATCH);
  }
  return { ...spec, overhead: fixed };
}

function scheduled(
  request: AdmissionRequest,
  spec: PodSpec,
  { scheduling }: RuntimeClass,
): PodSpec {
  if (scheduling === undefined) return spec;
  const { nodeSelector: wanted = {}, tolerations: more = [] } = scheduling;
  const { nodeSelector: own = {}, tolerations = [] } = spec;
  for (const [key, value] of Object.entries(wanted)) {
    if (own[key] === undefined || own[key] === value) continue;
    const why = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`;
    throw admissionForbidden(request, why);
  }
  const nodeSelector = { ...own, ...wanted };
  const merged = [
    ...tolerations,
    ...more.filter((one) => !tolerations.some((its) => deepEqual(its, one))),
  ];
  return {
    ...spec,
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(merged.length > 0 ? { tolerations: merged } : {}),
  };
}
