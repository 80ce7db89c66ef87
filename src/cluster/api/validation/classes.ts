// Validation of PriorityClasses, StorageClasses and IngressClasses. Mirrors kubernetes pkg/apis/{scheduling,storage,
// networking}/validation/validation.go and pkg/apis/scheduling/v1/helpers.go @v1.36.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import {
  forbiddenField,
  invalidField,
  requiredField,
  tooLongField,
  unsupportedField,
} from "../field-error.ts";
import { numberAt, recordAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { validateName } from "./names.ts";

type Causes = readonly StatusCause[];

const SYSTEM_PREFIX = "system-";
const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"];
const USER_PRIORITY_MAX = 1_000_000_000;

export interface SystemPriorityClass {
  readonly name: string;
  readonly value: number;
  readonly description: string;
}

/** Every cluster has them from the start. */
export const SYSTEM_PRIORITY_CLASSES: readonly SystemPriorityClass[] = [
  {
    name: "system-node-critical",
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
];

export function validatePriorityClass(object: KubernetesObject): Causes {
  const { name } = object.metadata;
  const value = numberAt(object, "value") ?? 0;
  return [
    ...validatePriority(name, value, object["globalDefault"] === true),
    ...oneOf(object, "preemptionPolicy", PREEMPTION_POLICIES),
  ];
}

function validatePriority(name: string, value: number, isDefault: boolean): Causes {
  if (name.startsWith(SYSTEM_PREFIX)) {
    const fault = systemClassFault(name, value, isDefault);
    if (fault === undefined) return [];
    const why = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${fault}`;
    return [forbiddenField("metadata.name", why)];
  }
  if (value <= USER_PRIORITY_MAX) return [];
  const why = `maximum allowed value of a user defined priority is ${USER_PRIORITY_MAX}`;
  return [forbiddenField("value", why)];
}

function systemClassFault(name: string, value: number, isDefault: boolean): string | undefined {
  const known = SYSTEM_PRIORITY_CLASSES.find((one) => one.name === name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known.value !== value) return `value of ${name} PriorityClass must be ${known.value}`;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export function validatePriorityClassUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  return [
    ...(numberAt(next, "value") === numberAt(old, "value")
      ? []
      : [forbiddenField("value", "may not be changed in an update.")]),
    ...unchanged(next, old, "preemptionPolicy"),
  ];
}

const RECLAIM_POLICIES = ["Delete", "Retain"];
const BINDING_MODES = ["Immediate", "WaitForFirstConsumer"];

export function validateStorageClass(object: KubernetesObject): Causes {
  const provisioner = textAt(object, "provisioner");
  const faults = provisioner === "" ? [] : qualifiedNameFaults(provisioner.toLowerCase());
  return [
    ...(provisioner === "" ? [requiredField("provisioner")] : []),
    ...faults.map((fault) => invalidField("provisioner", provisioner, fault)),
    ...oneOf(object, "reclaimPolicy", RECLAIM_POLICIES),
    ...oneOf(object, "volumeBindingMode", BINDING_MODES),
  ];
}

export function validateStorageClassUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  return [
    ...["parameters", "provisioner", "reclaimPolicy"]
      .filter((key) => !deepEqual(next[key], old[key]))
      .map((key) => forbiddenField(key, `updates to ${key} are forbidden.`)),
    ...unchanged(next, old, "volumeBindingMode"),
  ];
}

const CONTROLLER_LENGTH_MAX = 250;
const HTTP_PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;
const HTTP_PATH_TEXT =
  "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

export function validateIngressClass(object: KubernetesObject): Causes {
  const spec = recordAt(object, "spec");
  return [
    ...validateController(textAt(spec, "controller")),
    ...(spec["parameters"] === undefined ? [] : validateParameters(recordAt(spec, "parameters"))),
  ];
}

function validateController(controller: string): Causes {
  const field = "spec.controller";
  if (controller === "") return [requiredField(field)];
  const isLong = controller.length > CONTROLLER_LENGTH_MAX;
  const long = isLong ? [tooLongField(field, CONTROLLER_LENGTH_MAX)] : [];
  const [, host, path = ""] = /^([^/]+)\/(.+)$/s.exec(controller) ?? [];
  if (host === undefined) {
    const why = 'must be a domain-prefixed path (such as "acme.io/foo")';
    return [...long, invalidField(field, controller, why)];
  }
  return [
    ...long,
    ...validateName(field, host, "subdomain"),
    ...(HTTP_PATH.test(path) ? [] : [invalidField(field, path, HTTP_PATH_TEXT)]),
  ];
}

function validateParameters(parameters: Readonly<Record<string, unknown>>): Causes {
  const field = "spec.parameters";
  const { apiGroup, scope, namespace } = parameters;
  const causes = [
    ...(typeof apiGroup === "string"
      ? validateName(`${field}.apiGroup`, apiGroup, "subdomain")
      : []),
    ...["kind", "name"].flatMap((key) => {
      const value = textAt(parameters, key);
      const at = `${field}.${key}`;
      return value === "" ? [requiredField(at)] : validateName(at, value, "path-segment");
    }),
  ];
  if (scope !== "Cluster" && scope !== "Namespace") {
    return [...causes, unsupportedField(`${field}.scope`, scope, ["Cluster", "Namespace"])];
  }
  const why = `\`parameters.scope\` is set to '${scope}'`;
  if (scope === "Namespace") {
    const at = `${field}.namespace`;
    if (typeof namespace !== "string") return [...causes, requiredField(at, why)];
    return [...causes, ...validateName(at, namespace, "label")];
  }
  return namespace !== undefined ? [...causes, forbiddenField(`${field}.namespace`, why)] : causes;
}

export function validateIngressClassUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const controller = textAt(recordAt(next, "spec"), "controller");
  const isSame = controller === textAt(recordAt(old, "spec"), "controller");
  return [
    ...(isSame ? [] : [invalidField("spec.controller", controller, "field is immutable")]),
    ...validateIngressClass(next),
  ];
}

function oneOf(object: KubernetesObject, field: string, allowed: readonly string[]): Causes {
  const value = object[field];
  return value === undefined || allowed.some((one) => one === value)
    ? []
    : [unsupportedField(field, value, allowed)];
}

function unchanged(next: KubernetesObject, old: KubernetesObject, field: string): Causes {
  return deepEqual(next[field], old[field])
    ? []
    : [invalidField(field, next[field], "field is immutable")];
}
