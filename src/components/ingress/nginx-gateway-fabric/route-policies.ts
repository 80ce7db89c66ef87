// NGINX Gateway Fabric's own policies as the handling of a route's requests: those of the route's gateways, and its own.
// Mirrors nginx/nginx-gateway-fabric v2.6.7 apis/v1alpha1/{ratelimit,clientsettings,proxysettings}policy_types.go.

import { parseDuration } from "../../../core/index.ts";
import type { Informer, KindRef } from "../../../kubernetes/index.ts";
import type { RateLimit, RequestHandling } from "../../../model/index.ts";
import type { RoutePolicies } from "../gateway-api/behaviour/index.ts";
import { targeting, type AttachedPolicy } from "../gateway-api/behaviour/policy-target.ts";
import type { HttpRoute } from "../gateway-api/behaviour/resources.ts";
import { parseRequestRate } from "../request-rate.ts";

const kind = (name: string): KindRef => ({ apiVersion: "gateway.nginx.org/v1alpha1", kind: name });

interface RateLimitPolicy extends AttachedPolicy {
  readonly spec: AttachedPolicy["spec"] & {
    readonly rateLimit?: {
      readonly local?: { readonly rules?: readonly LimitRule[] };
      /** Counted, and never refused. */
      readonly dryRun?: boolean;
      readonly rejectCode?: number;
    };
  };
}

interface ClientSettingsPolicy extends AttachedPolicy {
  readonly spec: AttachedPolicy["spec"] & { readonly body?: { readonly maxSize?: string } };
}

interface ProxySettingsPolicy extends AttachedPolicy {
  readonly spec: AttachedPolicy["spec"] & { readonly timeout?: { readonly read?: string } };
}

interface LimitRule {
  /** `10r/s` or `30r/m`. */
  readonly rate: string;
  /** Variables of nginx; the client's address is the usual one. */
  readonly key: string;
  readonly burst?: number;
  readonly delay?: number;
  readonly noDelay?: boolean;
}

/** limit_req_status of nginx. */
const REJECTED = 503;

export const routePolicies: RoutePolicies = (context) => {
  const limits = context.informer(kind("RateLimitPolicy"));
  const clients = context.informer(kind("ClientSettingsPolicy"));
  const proxies = context.informer(kind("ProxySettingsPolicy"));
  return (route) => {
    const rateLimits = attached<RateLimitPolicy>(limits, route).flatMap(limitsOf);
    const [client] = attached<ClientSettingsPolicy>(clients, route);
    const [proxy] = attached<ProxySettingsPolicy>(proxies, route);
    return {
      ...(rateLimits.length === 0 ? {} : { rateLimits }),
      ...bodySize(client?.spec.body?.maxSize),
      ...readTimeout(proxy?.spec.timeout?.read),
    };
  };
};

/** The route's own first. */
function attached<Policy extends AttachedPolicy>(informer: Informer, route: HttpRoute): Policy[] {
  const policies = informer.list() as readonly Policy[];
  const at = (where: "route" | "gateway"): Policy[] =>
    policies.filter((policy) => targeting(policy, route) === where);
  return [...at("route"), ...at("gateway")];
}

function limitsOf({ metadata, spec }: RateLimitPolicy): RateLimit[] {
  const { local, dryRun = false, rejectCode = REJECTED } = spec.rateLimit ?? {};
  return (local?.rules ?? []).flatMap(({ rate, key, ...rule }, index) => {
    const perSecond = parseRequestRate(rate);
    const { burst = 0, delay = 0, noDelay = false } = rule;
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

/** nginx' k, m and g are binary; 0 switches the check off. */
function bodySize(text: string | undefined): Partial<RequestHandling> {
  const [, count, unit = ""] = /^(\d+)([kmg]?)$/.exec(text ?? "") ?? [];
  if (count === undefined || count === "0") return {};
  return { bodySizeMax: Number(count) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit] ?? 1) };
}

function readTimeout(text: string | undefined): Partial<RequestHandling> {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed === undefined ? {} : { attemptTimeoutMs: parsed };
}
