// The labels of a namespace must make sense, and whoever sets a stricter level is told which pods it would refuse.
// Mirrors ValidateNamespace and EvaluatePodsInNamespace of pod-security-admission admission/admission.go @v1.36.

import {
  compareLevels,
  formatLevel,
  POD,
  podSecurityPolicy,
  podSecurityViolations,
  statusError,
} from "../../../kubernetes/index.ts";
import type {
  AdmissionRequest,
  KubernetesObject,
  LevelVersion,
  PodLike,
  PolicyFault,
} from "../../../kubernetes/index.ts";

const PODS_MAX = 3000;

export function checkNamespaceLabels(request: AdmissionRequest, namespace: KubernetesObject): void {
  if (request.subresource !== "") return;
  const { policy, faults } = podSecurityPolicy(namespace.metadata.labels);
  const old = podSecurityPolicy(request.oldObject?.metadata.labels);
  const isNew = request.operation === "CREATE";
  const told = faultText(faults);
  if (faults.length > 0 && (isNew || told !== faultText(old.faults))) {
    throw invalidNamespace(namespace.metadata.name, faults);
  }
  if (isNew || !isStricter(policy.enforce, old.policy.enforce)) return;
  for (const warning of podWarnings(request, namespace.metadata.name, policy.enforce)) {
    request.warn(warning);
  }
}

function invalidNamespace(name: string, faults: readonly PolicyFault[]): Error {
  const causes = faults.map(({ field, value, detail }) => ({
    reason: "FieldValueInvalid",
    message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
    field,
  }));
  const message = `Namespace ${JSON.stringify(name)} is invalid: ${faultText(faults)}`;
  return statusError("Invalid", message, { name, kind: "Namespace", causes });
}

function faultText(faults: readonly PolicyFault[]): string {
  const texts = faults.map(
    ({ field, value, detail }) => `${field}: Invalid value: ${JSON.stringify(value)}: ${detail}`,
  );
  return texts.length === 1 ? `${texts[0]}` : `[${texts.join(", ")}]`;
}

/** Whether pods that were fine may not be any more. */
function isStricter(next: LevelVersion, old: LevelVersion): boolean {
  if (next.level === "privileged") return false;
  return next.version !== old.version || compareLevels(next.level, old.level) > 0;
}

function podWarnings(
  { live }: AdmissionRequest,
  namespace: string,
  enforce: LevelVersion,
): readonly string[] {
  const pods = live.list(POD, namespace);
  const checked = pods.slice(0, PODS_MAX);
  /** What is wrong → the pods it is wrong with. */
  const refused = new Map<string, string[]>();
  for (const pod of checked) {
    const found = podSecurityViolations(
      pod as PodLike & typeof pod,
      enforce.level,
      enforce.version,
    );
    if (found.length === 0) continue;
    const reasons = found.map(({ reason }) => reason).join(", ");
    refused.set(reasons, [...(refused.get(reasons) ?? []), pod.metadata.name]);
  }
  const listed = [...refused].map(([reasons, names]) => `${subject(names)}: ${reasons}`);
  return [
    ...(checked.length < pods.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked.length} of ${pods.length} existing pods`,
        ]
      : []),
    ...(listed.length > 0
      ? [
          `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${formatLevel(enforce)}"`,
        ]
      : []),
    ...listed.toSorted(),
  ];
}

function subject(names: readonly string[]): string {
  const [first = ""] = names.toSorted();
  const others = names.length - 1;
  if (others === 0) return first;
  return `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}
