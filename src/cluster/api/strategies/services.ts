// How services deviate: addresses, node ports and the fields that depend on their type.
// Mirrors kubernetes pkg/registry/core/service (strategy.go, storage/storage.go).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { SERVICE } from "../defaults/core.ts";
import type { Strategy, WriteContext } from "../strategy.ts";
import { recordAt } from "../validation/fields.ts";
import { whenAnnotated } from "../validation/metadata.ts";
import { validateServiceStatus } from "../validation/service-balancers.ts";
import { isExternal, needsHealthCheck } from "../validation/service-traffic.ts";
import { validateNewService, validateServiceUpdate } from "../validation/services.ts";
import {
  claimClusterIp,
  keepClusterIp,
  releaseClusterIp,
  withClusterIp,
} from "./service-addresses.ts";
import { claimNodePorts, releaseNodePorts, withNodePorts } from "./service-ports.ts";

type Scope = Readonly<Record<string, unknown>>;

export const SERVICE_STRATEGY: Partial<Strategy> = {
  nameRule: "label",
  createOnUpdate: true,
  defaults: SERVICE,
  prepareForCreate: allocate,
  prepareForUpdate: reallocate,
  validateCreate: validateNewService,
  validateUpdate: validateServiceUpdate,
  validateMetadata: whenAnnotated(validateServiceUpdate),
  validateStatus: validateServiceStatus,
  warnings: deprecatedFields,
  afterDelete(service, api) {
    release(recordAt(service, "spec"), {}, api);
  },
};

function allocate(service: KubernetesObject, context: WriteContext): KubernetesObject {
  const scope = { service, context, before: undefined };
  const addressed = withClusterIp(recordAt(service, "spec"), scope);
  try {
    const spec = withNodePorts(addressed, scope);
    return { ...service, spec, status: { loadBalancer: {} } };
  } catch (error) {
    // A refused node port must not keep the address that was just given.
    releaseClusterIp(addressed, {}, context.api);
    throw error;
  }
}

function reallocate(
  next: KubernetesObject,
  old: KubernetesObject,
  context: WriteContext,
): KubernetesObject {
  const before = recordAt(old, "spec");
  const asked = recordAt(next, "spec");
  if (asked === before) return next;
  const scope = { service: next, context, before };
  const typed = withoutForeignFields(asked, before);
  const spec = withNodePorts(withClusterIp(keepClusterIp(typed, before), scope), scope);
  if (!context.dryRun) release(before, spec, context.api);
  return spec === asked ? next : { ...next, spec };
}

/** Takes what a stored service holds, for an API that begins with a store another one has filled. */
export function claimForService(service: KubernetesObject, api: ApiContext): void {
  const spec = recordAt(service, "spec");
  claimClusterIp(spec, api);
  claimNodePorts(spec, api);
}

function release(before: Scope, after: Scope, api: ApiContext): void {
  releaseClusterIp(before, after, api);
  releaseNodePorts(before, after, api);
}

type Needs = (spec: Scope) => boolean;

const isAddressed: Needs = ({ type }) => type !== "ExternalName";
const isBalanced: Needs = ({ type }) => type === "LoadBalancer";

/** Field → which services have it. */
const FIELDS: Readonly<Record<string, Needs>> = {
  clusterIP: isAddressed,
  clusterIPs: isAddressed,
  ipFamilies: isAddressed,
  ipFamilyPolicy: isAddressed,
  // Recorded of a real server (tests/conformance/oracle/service.json, change-type).
  internalTrafficPolicy: isAddressed,
  healthCheckNodePort: needsHealthCheck,
  allocateLoadBalancerNodePorts: isBalanced,
  loadBalancerClass: isBalanced,
  externalTrafficPolicy: isExternal,
};

/** A change gives up what only the service so far needs, unless the client set it anew (dropTypeDependentFields). */
function withoutForeignFields(spec: Scope, before: Scope): Scope {
  const dropped = Object.entries(FIELDS)
    .filter(([field, needs]) => needs(before) && !needs(spec) && same(spec[field], before[field]))
    .map(([field]) => field)
    .filter((field) => spec[field] !== undefined);
  if (dropped.length === 0) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !dropped.includes(field)));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function deprecatedFields(service: KubernetesObject): readonly string[] {
  const addresses = recordAt(service, "spec")["externalIPs"];
  if (!Array.isArray(addresses) || addresses.length === 0) return [];
  return ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"];
}
