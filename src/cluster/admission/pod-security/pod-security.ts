// Holds pods to the Pod Security level of their namespace, warns about those a workload would make, and about the pods a
// stricter level would refuse. Nobody is exempt by default. Mirrors pod-security-admission admission/admission.go @v1.36 and
// plugin/pkg/admission/security/podsecurity.

import {
  admissionForbidden,
  formatLevel,
  podSecurityPolicy,
  podSecurityViolations,
} from "../../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
  LevelVersion,
  PodLike,
  PodSecurityPolicy,
} from "../../../kubernetes/index.ts";
import { checkNamespaceLabels } from "./namespace-labels.ts";
import { isSignificantUpdate } from "./significant-update.ts";
import { templateOf } from "./pod-template.ts";

/** Subresources whose body is no pod, or that cannot change its spec. */
const IGNORED: ReadonlySet<string> = new Set([
  "exec",
  "attach",
  "binding",
  "eviction",
  "log",
  "portforward",
  "proxy",
  "status",
]);

export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  handles({ operation, facts, subresource }) {
    if (operation !== "CREATE" && operation !== "UPDATE") return false;
    return !(facts.group === "" && facts.resource === "pods" && IGNORED.has(subresource));
  },
  validate(request) {
    const { object, facts } = request;
    if (object === undefined) return;
    const resource = facts.group === "" ? facts.resource : `${facts.resource}.${facts.group}`;
    if (resource === "namespaces") return checkNamespaceLabels(request, object);
    if (resource === "pods") return checkPod(request, object);
    const template = request.subresource === "" ? templateOf(resource, object) : undefined;
    if (template !== undefined) evaluate(request, template, false);
  },
};

function checkPod(request: AdmissionRequest, pod: KubernetesObject): void {
  const { operation, oldObject } = request;
  const isUpdate = operation === "UPDATE" && oldObject !== undefined;
  if (isUpdate && !isSignificantUpdate(pod, oldObject)) return;
  // Decoding has given the object the shape of its kind.
  evaluate(request, pod as KubernetesObject & PodLike, true);
}

function evaluate(request: AdmissionRequest, pod: PodLike, isEnforced: boolean): void {
  const policy = policyOf(request, isEnforced);
  if (policy === undefined) return;
  if (isEnforced) {
    request.annotate("pod-security.kubernetes.io/enforce-policy", formatLevel(policy.enforce));
  }
  const violations = (one: LevelVersion): string =>
    podSecurityViolations(pod, one.level, one.version)
      .map(({ message }) => message)
      .join(", ");
  const would = (one: LevelVersion, what: string): string =>
    `would violate PodSecurity "${formatLevel(one)}": ${what}`;
  const audited = violations(policy.audit);
  if (audited !== "") {
    request.annotate("pod-security.kubernetes.io/audit-violations", would(policy.audit, audited));
  }
  const enforced = isEnforced ? violations(policy.enforce) : "";
  if (enforced !== "") {
    const why = `violates PodSecurity "${formatLevel(policy.enforce)}": ${enforced}`;
    throw admissionForbidden(request, why);
  }
  const warned = violations(policy.warn);
  if (warned !== "") request.warn(would(policy.warn, warned));
}

/** Undefined when everything is allowed and nobody wants to hear of it. */
function policyOf(
  { live, namespace: name, annotate }: AdmissionRequest,
  isEnforced: boolean,
): PodSecurityPolicy | undefined {
  const namespace = live.get({ apiVersion: "v1", kind: "Namespace", name });
  const { policy, faults } = podSecurityPolicy(namespace?.metadata.labels);
  if (faults.length > 0) {
    const told = faults.map(
      ({ field, value, detail }) => `${field}: Invalid value: ${JSON.stringify(value)}: ${detail}`,
    );
    annotate("pod-security.kubernetes.io/error", `Failed to parse policy: ${told.join(", ")}`);
  }
  const { enforce, audit, warn } = policy;
  const concerned = isEnforced ? [enforce, audit, warn] : [audit, warn];
  return concerned.every(({ level }) => level === "privileged") ? undefined : policy;
}
