// Which routes a policy is attached to: those it names, or all of a Gateway it names. Mirrors Gateway API "Policy
// Attachment" (GEP-713) for policies that name objects of their own namespace.

import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import type { HttpRoute } from "./resources.ts";

export interface AttachedPolicy extends KubernetesObject {
  readonly spec: {
    readonly targetRef?: PolicyTarget;
    readonly targetRefs?: readonly PolicyTarget[];
  };
}

interface PolicyTarget {
  readonly kind: string;
  readonly name: string;
}

/** How close a policy is to a route; undefined: it has nothing to do with it. */
export function targeting(
  { metadata, spec }: AttachedPolicy,
  route: HttpRoute,
): "route" | "gateway" | undefined {
  const own = route.metadata.namespace;
  const targets = [...(spec.targetRefs ?? []), ...(spec.targetRef ? [spec.targetRef] : [])];
  const names = (kind: string, name: string): boolean =>
    targets.some((target) => target.kind === kind && target.name === name);
  if (metadata.namespace === own && names("HTTPRoute", route.metadata.name)) return "route";
  const isOfGateway = (route.spec.parentRefs ?? []).some(
    (parent) => (parent.namespace ?? own) === metadata.namespace && names("Gateway", parent.name),
  );
  return isOfGateway ? "gateway" : undefined;
}
