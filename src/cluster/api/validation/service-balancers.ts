// What Services tell load balancers, and what those answer. Mirrors the source ranges of validateService,
// validateLoadBalancerClassField and ValidateLoadBalancerStatus of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { addressVersion } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { validateAddress, validateCidr } from "./addresses.ts";
import { listAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { validateName } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'";

/** Blank space around ranges is taken as it always was. */
export function validateSourceRanges(
  service: KubernetesObject,
  old: KubernetesObject | undefined,
): Causes {
  const spec = recordAt(service, "spec");
  const ranges = listAt(spec, "loadBalancerSourceRanges");
  if (ranges.length === 0) return annotatedRanges(service, old);
  const field = "spec.LoadBalancerSourceRanges";
  const known = listAt(recordAt(old ?? {}, "spec"), "loadBalancerSourceRanges").map(trimmed);
  return [
    ...(isBalanced(spec) ? [] : [forbiddenField(field, ONLY_BALANCED)]),
    ...ranges
      .map(trimmed)
      .flatMap((range, index) =>
        known.includes(range) ? [] : validateCidr(`${field}[${index}]`, range),
      ),
  ];
}

function annotatedRanges(service: KubernetesObject, old: KubernetesObject | undefined): Causes {
  const given = service.metadata.annotations?.[SOURCE_RANGES];
  if (given === undefined) return [];
  const field = `metadata.annotations[${SOURCE_RANGES}]`;
  const isKnown = old?.metadata.annotations?.[SOURCE_RANGES] === given;
  const ranges = isKnown || given.trim() === "" ? [] : given.split(",").map(trimmed);
  return [
    ...(isBalanced(recordAt(service, "spec")) ? [] : [forbiddenField(field, ONLY_BALANCED)]),
    ...ranges.flatMap((range) => validateCidr(field, range)),
  ];
}

function trimmed(text: string): string {
  return text.trim();
}

function isBalanced(spec: Scope): boolean {
  return spec["type"] === "LoadBalancer";
}

export function validateBalancerPorts(spec: Scope): Causes {
  const isSet = spec["allocateLoadBalancerNodePorts"] !== undefined;
  if (isSet === isBalanced(spec)) return [];
  if (isSet) return [forbiddenField("spec.allocateLoadBalancerNodePorts", ONLY_BALANCED)];
  return [requiredField("allocateLoadBalancerNodePorts")];
}

export function validateBalancerClass(spec: Scope): Causes {
  const field = "spec.loadBalancerClass";
  const given = spec["loadBalancerClass"];
  if (typeof given !== "string") return [];
  if (!isBalanced(spec)) return [forbiddenField(field, ONLY_BALANCED)];
  return qualifiedNameFaults(given).map((fault) => invalidField(field, given, fault));
}

export function validateBalancerClassChange(spec: Scope, before: Scope): Causes {
  const given = spec["loadBalancerClass"];
  if (!isBalanced(spec) || !isBalanced(before) || given === before["loadBalancerClass"]) return [];
  return [invalidField("spec.loadBalancerClass", given, "may not change once set")];
}

const IP_MODES = ["Proxy", "VIP"];
const INGRESS = "status.loadBalancer.ingress";

export function validateServiceStatus(next: KubernetesObject, old: KubernetesObject): Causes {
  const ingress = ingressOf(next);
  const isOnly = "may only be used when `spec.type` is 'LoadBalancer'";
  if (!isBalanced(recordAt(next, "spec")))
    return ingress.length === 0 ? [] : [forbiddenField(INGRESS, isOnly)];
  const known = ingressOf(old).map((one) => textAt(one, "ip"));
  return ingress.flatMap((one, index) => validateIngress(`${INGRESS}[${index}]`, one, known));
}

function ingressOf(service: KubernetesObject): readonly Scope[] {
  return recordsAt(recordAt(recordAt(service, "status"), "loadBalancer"), "ingress");
}

/** An address, or the name of one. */
function validateIngress(field: string, ingress: Scope, known: readonly string[]): Causes {
  const [ip, hostname] = [textAt(ingress, "ip"), textAt(ingress, "hostname")];
  const noName = "must be a DNS name, not an IP address";
  return [
    ...(ip === "" || known.includes(ip) ? [] : validateAddress(`${field}.ip`, ip)),
    ...ipModeFaults(`${field}.ipMode`, ip, ingress["ipMode"]),
    ...(hostname === "" ? [] : validateName(`${field}.hostname`, hostname, "subdomain")),
    ...(addressVersion(hostname) === undefined
      ? []
      : [invalidField(`${field}.hostname`, hostname, noName)]),
  ];
}

function ipModeFaults(field: string, ip: string, mode: unknown): Causes {
  const missing = "must be specified when `ip` is set";
  if (mode === undefined) return ip === "" ? [] : [requiredField(field, missing)];
  if (ip === "") return [forbiddenField(field, "may not be specified when `ip` is not set")];
  return IP_MODES.some((one) => one === mode) ? [] : [unsupportedField(field, mode, IP_MODES)];
}
