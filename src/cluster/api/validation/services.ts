// Validation of Services. Mirrors validateService, ValidateServiceCreate and ValidateServiceUpdate of kubernetes
// pkg/apis/core/validation/validation.go @v1.36. What has a default is never absent here.

import { validateChoice } from "./walk-fields.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { validateAddress, validateEndpointAddress } from "./addresses.ts";
import { listAt, numberAt, recordAt, textAt, textsAt } from "./fields.ts";
import { validateLabels } from "./labels.ts";
import { validateName } from "./names.ts";
import {
  isHeadless,
  validateAddressChange,
  validateClusterIps,
  validateFamilyChange,
} from "./service-cluster-ips.ts";
import { hasPorts, validatePortNumbers, validateServicePorts } from "./service-ports.ts";
import {
  validateExternalTraffic,
  validateHealthPortChange,
  validateInternalTraffic,
  validateTrafficDistribution,
} from "./service-traffic.ts";
import {
  validateBalancerClass,
  validateBalancerClassChange,
  validateBalancerPorts,
  validateSourceRanges,
} from "./service-balancers.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const AFFINITY_SECONDS_MAX = 86_400;
const HINTS = "service.kubernetes.io/topology-aware-hints";
const MODE = "service.kubernetes.io/topology-mode";

export function validateNewService(service: KubernetesObject): Causes {
  return validateService(service, undefined);
}

export function validateServiceUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  return [
    ...validateAddressChange(spec, before),
    ...validateFamilyChange(spec, before),
    ...validateBalancerClassChange(spec, before),
    ...validateBalancerClass(spec),
    ...validateHealthPortChange(spec, before),
    ...validateService(next, old),
  ];
}

/** What was accepted before may stay, though it would not be accepted now. */
function validateService(service: KubernetesObject, old: KubernetesObject | undefined): Causes {
  const spec = recordAt(service, "spec");
  const before = old === undefined ? undefined : recordAt(old, "spec");
  return [
    ...validateTopology(service),
    ...(hasPorts(spec) ? [] : [requiredField("spec.ports")]),
    ...validateKindOfService(spec),
    ...validateServicePorts(spec),
    ...(spec["selector"] === undefined
      ? []
      : validateLabels("spec.selector", textsAt(spec, "selector"))),
    ...validateAffinity(spec),
    ...validateClusterIps(spec, before),
    ...validateExternalIps(spec, before),
    ...validateChoice("spec.type", spec["type"], TYPES),
    ...validatePortNumbers(spec),
    ...validateSourceRanges(service, old),
    ...validateBalancerPorts(spec),
    ...validateBalancerClass(spec),
    ...validateExternalTraffic(spec),
    ...validateInternalTraffic(spec),
    ...validateTrafficDistribution(spec),
  ];
}

function validateTopology({ metadata }: KubernetesObject): Causes {
  const { [MODE]: mode, [HINTS]: hints } = metadata.annotations ?? {};
  if (mode === undefined || hints === undefined || mode === hints) return [];
  const why = `must match annotations[${HINTS}] when both are specified`;
  return [invalidField(`metadata.annotations[${MODE}]`, mode, why)];
}

function validateKindOfService(spec: Scope): Causes {
  const type = textAt(spec, "type");
  if (type === "ExternalName") return validateExternalName(spec);
  if (!isHeadless(spec) || (type !== "LoadBalancer" && type !== "NodePort")) return [];
  return [
    invalidField("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`),
  ];
}

const ADDRESSED = ["clusterIPs", "ipFamilies"];

function validateExternalName(spec: Scope): Causes {
  const why = "may not be set for ExternalName services";
  const set = ADDRESSED.filter((field) => listAt(spec, field).length > 0);
  if (spec["ipFamilyPolicy"] !== undefined) set.push("ipFamilyPolicy");
  const name = textAt(spec, "externalName").replace(/\.$/, "");
  return [
    ...set.map((field) => forbiddenField(`spec.${field}`, why)),
    ...(name === ""
      ? [requiredField("spec.externalName")]
      : validateName("spec.externalName", name, "subdomain")),
  ];
}

function validateAffinity(spec: Scope): Causes {
  const affinity = textAt(spec, "sessionAffinity");
  const field = "spec.sessionAffinityConfig";
  const causes = validateChoice("spec.sessionAffinity", affinity, AFFINITIES);
  if (affinity === "ClientIP") return validateAffinityConfig(field, spec);
  if (affinity !== "None" || spec["sessionAffinityConfig"] === undefined) return causes;
  return [forbiddenField(field, "must not be set when session affinity is None")];
}

function validateAffinityConfig(field: string, spec: Scope): Causes {
  const when = "when session affinity type is ClientIP";
  if (spec["sessionAffinityConfig"] === undefined) return [requiredField(field, when)];
  const config = recordAt(spec, "sessionAffinityConfig");
  if (config["clientIP"] === undefined) return [requiredField(`${field}.clientIP`, when)];
  const seconds = numberAt(recordAt(config, "clientIP"), "timeoutSeconds");
  const at = `${field}.clientIP.timeoutSeconds`;
  if (seconds === undefined) return [requiredField(at, when)];
  if (seconds > 0 && seconds <= AFFINITY_SECONDS_MAX) return [];
  return [
    invalidField(at, seconds, `must be greater than 0 and less than ${AFFINITY_SECONDS_MAX}`),
  ];
}

function validateExternalIps(spec: Scope, before: Scope = {}): Causes {
  const known = listAt(before, "externalIPs");
  return listAt(spec, "externalIPs").flatMap((address, index) => {
    const at = `spec.externalIPs[${index}]`;
    const causes = known.includes(address) ? [] : validateAddress(at, address);
    return causes.length > 0 ? causes : validateEndpointAddress(at, address);
  });
}
