// In which order objects are written. Explicit wave numbers come first; inside one wave, phases put what others need
// before those who need it. After Helm's InstallOrder and gitops-engine pkg/sync/sync_tasks.go, as fewer, named phases.

import { parseApiVersion, type KubernetesObject } from "../kubernetes/index.ts";

/** In order. Custom resources are recognised by their group. */
export const PHASES = [
  "definitions",
  "namespaces",
  "policy",
  "identity",
  "config",
  "services",
  "workloads",
  "routing",
  "custom-resources",
  "interceptors",
] as const;
export type Phase = (typeof PHASES)[number];

const PHASE_KINDS: Readonly<Partial<Record<Phase, readonly string[]>>> = {
  definitions: ["apiextensions.k8s.io/CustomResourceDefinition"],
  namespaces: ["/Namespace"],
  policy: [
    "scheduling.k8s.io/PriorityClass",
    "node.k8s.io/RuntimeClass",
    "storage.k8s.io/StorageClass",
    "storage.k8s.io/CSIDriver",
    "networking.k8s.io/IngressClass",
    "networking.k8s.io/NetworkPolicy",
    "policy/PodDisruptionBudget",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
    "/ResourceQuota",
    "/LimitRange",
  ],
  identity: [
    "/ServiceAccount",
    "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
    "rbac.authorization.k8s.io/Role",
    "rbac.authorization.k8s.io/RoleBinding",
  ],
  config: ["/ConfigMap", "/Secret", "/PersistentVolume", "/PersistentVolumeClaim"],
  services: ["/Service", "/Endpoints", "discovery.k8s.io/EndpointSlice"],
  routing: ["networking.k8s.io/Ingress"],
  // They stand between clients and the API, so whatever answers them has to be there first.
  interceptors: [
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
    "apiregistration.k8s.io/APIService",
  ],
};

const PHASE_OF: ReadonlyMap<string, Phase> = new Map(
  PHASES.flatMap((phase) => (PHASE_KINDS[phase] ?? []).map((kind) => [kind, phase] as const)),
);

/** Groups of the built-in kinds: no dot, or one of Kubernetes' own under k8s.io. */
const BUILT_IN_GROUP =
  /^[a-z]*$|^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$/;

/** True for the kinds every cluster serves. */
export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN_GROUP.test(group);
}

export function phaseOf({
  apiVersion,
  kind,
}: Pick<KubernetesObject, "apiVersion" | "kind">): Phase {
  const { group } = parseApiVersion(apiVersion);
  const listed = PHASE_OF.get(`${group}/${kind}`);
  if (listed !== undefined) return listed;
  return isBuiltInGroup(group) ? "workloads" : "custom-resources";
}

/** Objects that may be written together. */
export interface Step {
  readonly wave: number;
  readonly phase: Phase;
  readonly objects: readonly KubernetesObject[];
}

/** Steps in order; inside a step the given order is kept. `waveOf` defaults to wave 0 for all. */
export function planSteps(
  objects: readonly KubernetesObject[],
  waveOf: (object: KubernetesObject) => number = () => 0,
): readonly Step[] {
  const steps = new Map<string, { wave: number; phase: Phase; objects: KubernetesObject[] }>();
  for (const object of objects) {
    const [wave, phase] = [waveOf(object), phaseOf(object)];
    const step = steps.get(`${wave}/${phase}`) ?? { wave, phase, objects: [] };
    step.objects.push(object);
    steps.set(`${wave}/${phase}`, step);
  }
  const rank = (step: Step): number => PHASES.indexOf(step.phase);
  return [...steps.values()].toSorted((a, b) => a.wave - b.wave || rank(a) - rank(b));
}
