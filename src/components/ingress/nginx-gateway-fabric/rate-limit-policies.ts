// RateLimitPolicy of NGINX Gateway Fabric as limits on routes: those of the route's gateways, and its own. Mirrors
// nginx/nginx-gateway-fabric apis/v1alpha1/ratelimitpolicy_types.go @0459ec11f6.

import type { KindRef, KubernetesObject } from "../../../kubernetes/index.ts";
import type { RateLimit } from "../../../model/index.ts";
import type { RateLimitPolicies } from "../gateway-api/behaviour/index.ts";
import type { HttpRoute } from "../gateway-api/behaviour/resources.ts";
import { parseRequestRate } from "../request-rate.ts";

const RATE_LIMIT_POLICY: KindRef = {
  apiVersion: "gateway.nginx.org/v1alpha1",
  kind: "RateLimitPolicy",
};

interface RateLimitPolicy extends KubernetesObject {
  readonly spec: {
    readonly targetRefs: readonly { readonly kind: string; readonly name: string }[];
    readonly rateLimit?: { readonly local?: { readonly rules?: readonly LimitRule[] } };
  };
}

interface LimitRule {
  /** `10r/s` or `30r/m`. */
  readonly rate: string;
  /** Variables of nginx; the client's address is the usual one. */
  readonly key: string;
  readonly burst?: number;
  readonly delay?: number;
  readonly noDelay?: boolean;
  /** Counted, and never refused. */
  readonly dryRun?: boolean;
  readonly rejectCode?: number;
}

/** limit_req_status of nginx. */
const REJECTED = 503;

export const rateLimitPolicies: RateLimitPolicies = (context) => {
  const policies = context.informer(RATE_LIMIT_POLICY);
  return (route) =>
    (policies.list() as readonly RateLimitPolicy[])
      .filter((policy) => targets(policy, route))
      .flatMap(limitsOf);
};

function targets({ metadata, spec }: RateLimitPolicy, route: HttpRoute): boolean {
  const own = route.metadata.namespace;
  return spec.targetRefs.some(({ kind, name }) =>
    kind === "Gateway"
      ? (route.spec.parentRefs ?? []).some(
          (parent) => parent.name === name && (parent.namespace ?? own) === metadata.namespace,
        )
      : kind === "HTTPRoute" && name === route.metadata.name && metadata.namespace === own,
  );
}

function limitsOf({ metadata, spec }: RateLimitPolicy): RateLimit[] {
  return (spec.rateLimit?.local?.rules ?? []).flatMap(({ rate, key, ...rule }, index) => {
    const perSecond = parseRequestRate(rate);
    const { burst = 0, delay = 0, noDelay = false, dryRun = false, rejectCode = REJECTED } = rule;
    if (perSecond === undefined || dryRun) return [];
    return {
      key: `${metadata.namespace}/${metadata.name}/${index}`,
      perClient: /remote_addr/.test(key),
      perSecond,
      burst,
      undelayed: noDelay ? burst : delay,
      status: rejectCode,
    };
  });
}
