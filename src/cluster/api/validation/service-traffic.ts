// Where the traffic of Services goes. Mirrors validateServiceExternalTrafficPolicy, validateServiceExternalTrafficFieldsUpdate,
// validateServiceInternalTrafficFieldsValue and validateServiceTrafficDistribution of kubernetes
// pkg/apis/core/validation/validation.go, and ExternallyAccessible and NeedsHealthCheck of pkg/api/service/util.go @v1.36.

import { validateChoice } from "./walk-fields.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { listAt, numberAt, textAt } from "./fields.ts";
import { validatePortNumber } from "./ports.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const POLICIES = ["Cluster", "Local"];
const DISTRIBUTIONS = ["PreferClose", "PreferSameZone", "PreferSameNode"];
const ADDRESSED = ["NodePort", "LoadBalancer", "ClusterIP"];

export function validateExternalTraffic(spec: Scope): Causes {
  return [...externalPolicyFaults(spec), ...healthPortFaults(spec)];
}

function externalPolicyFaults(spec: Scope): Causes {
  const field = "spec.externalTrafficPolicy";
  const policy = textAt(spec, "externalTrafficPolicy");
  if (isExternal(spec)) return validateChoice(field, policy, POLICIES);
  const why = "may only be set for externally-accessible services";
  return policy === "" ? [] : [invalidField(field, policy, why)];
}

/** Reached from outside the cluster. */
export function isExternal(spec: Scope): boolean {
  const type = textAt(spec, "type");
  if (type === "ClusterIP") return listAt(spec, "externalIPs").length > 0;
  return type === "LoadBalancer" || type === "NodePort";
}

function healthPortFaults(spec: Scope): Causes {
  const field = "spec.healthCheckNodePort";
  const port = numberAt(spec, "healthCheckNodePort") ?? 0;
  const why =
    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  if (!needsHealthCheck(spec)) return port === 0 ? [] : [invalidField(field, port, why)];
  return port === 0 ? [requiredField(field)] : validatePortNumber(field, port);
}

/** A balancer asks each node whether it has endpoints. */
export function needsHealthCheck(spec: Scope): boolean {
  return spec["type"] === "LoadBalancer" && spec["externalTrafficPolicy"] === "Local";
}

export function validateHealthPortChange(spec: Scope, before: Scope): Causes {
  const isKept = needsHealthCheck(spec) && needsHealthCheck(before);
  if (!isKept || spec["healthCheckNodePort"] === before["healthCheckNodePort"]) return [];
  return [forbiddenField("spec.healthCheckNodePort", "field is immutable")];
}

export function validateInternalTraffic(spec: Scope): Causes {
  const field = "spec.internalTrafficPolicy";
  const policy = spec["internalTrafficPolicy"];
  if (policy === undefined)
    return ADDRESSED.includes(textAt(spec, "type")) ? [requiredField(field)] : [];
  const isKnown = POLICIES.some((one) => one === policy);
  return isKnown ? [] : [unsupportedField(field, policy, POLICIES)];
}

export function validateTrafficDistribution(spec: Scope): Causes {
  const asked = spec["trafficDistribution"];
  if (asked === undefined || DISTRIBUTIONS.some((one) => one === asked)) return [];
  return [unsupportedField("spec.trafficDistribution", asked, DISTRIBUTIONS)];
}
