// Envoy Gateway's own policies as the handling of a route's requests. Of two policies of one kind the route's wins over the
// gateway's. Mirrors internal/gatewayapi/{backendtrafficpolicy,securitypolicy,clienttrafficpolicy}.go of v1.9.0; Envoy
// refills its token buckets steadily, so a limit is a bucket that leaks.

import { parseDuration, parseQuantity } from "../../../core/index.ts";
import type { Informer, KindRef } from "../../../kubernetes/index.ts";
import type { RateLimit, RequestHandling } from "../../../model/index.ts";
import type { RoutePolicies } from "../gateway-api/behaviour/index.ts";
import { targeting, type AttachedPolicy } from "../gateway-api/behaviour/policy-target.ts";
import type { HttpRoute } from "../gateway-api/behaviour/resources.ts";

const kind = (name: string): KindRef => ({
  apiVersion: "gateway.envoyproxy.io/v1alpha1",
  kind: name,
});

interface BackendTrafficPolicy extends AttachedPolicy {
  readonly spec: AttachedPolicy["spec"] & {
    readonly rateLimit?: { readonly local?: { readonly rules?: readonly LimitRule[] } };
    readonly retry?: {
      readonly numRetries?: number;
      readonly retryOn?: { readonly httpStatusCodes?: readonly number[] };
      readonly perRetry?: { readonly timeout?: string };
    };
    readonly timeout?: { readonly http?: { readonly requestTimeout?: string } };
    readonly requestBuffer?: { readonly limit?: string | number };
  };
}

interface LimitRule {
  readonly clientSelectors?: readonly {
    readonly sourceCIDR?: { readonly type?: string };
  }[];
  readonly limit: { readonly requests?: number; readonly unit?: string };
  readonly shadowMode?: boolean;
}

interface SecurityPolicy extends AttachedPolicy {
  readonly spec: AttachedPolicy["spec"] & {
    readonly authorization?: {
      readonly defaultAction?: string;
      readonly rules?: readonly {
        readonly action?: string;
        readonly principal?: { readonly clientCIDRs?: readonly string[] };
      }[];
    };
  };
}

interface ClientTrafficPolicy extends AttachedPolicy {
  readonly spec: AttachedPolicy["spec"] & {
    readonly clientIPDetection?: {
      readonly xForwardedFor?: { readonly trustedCIDRs?: readonly string[] };
    };
  };
}

export const routePolicies: RoutePolicies = (context) => {
  const backends = context.informer(kind("BackendTrafficPolicy"));
  const security = context.informer(kind("SecurityPolicy"));
  const clients = context.informer(kind("ClientTrafficPolicy"));
  return (route) => ({
    ...backendHandling(closest(backends, route) as BackendTrafficPolicy | undefined),
    ...allowed(closest(security, route) as SecurityPolicy | undefined),
    ...trusted(closest(clients, route) as ClientTrafficPolicy | undefined),
  });
};

function closest(policies: Informer, route: HttpRoute): AttachedPolicy | undefined {
  const all = policies.list() as readonly AttachedPolicy[];
  return (
    all.find((policy) => targeting(policy, route) === "route") ??
    all.find((policy) => targeting(policy, route) === "gateway")
  );
}

/** numRetries and retriable status code of internal/xds/translator/route.go. */
const RETRIES = 2;
const RETRIED = [503];

function backendHandling(policy: BackendTrafficPolicy | undefined): Partial<RequestHandling> {
  if (policy === undefined) return {};
  const { rateLimit, retry, timeout, requestBuffer } = policy.spec;
  const timeoutMs = durationMs(timeout?.http?.requestTimeout);
  const attemptTimeoutMs = durationMs(retry?.perRetry?.timeout);
  const rules = rateLimit?.local?.rules ?? [];
  const limits = rules.flatMap((rule, index) => limitOf(policy, rule, index));
  const size = requestBuffer?.limit;
  const bodySizeMax = size === undefined ? undefined : parseQuantity(size)?.nanos;
  return {
    ...(limits.length === 0 ? {} : { rateLimits: limits }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
    ...(bodySizeMax === undefined ? {} : { bodySizeMax: Number(bodySizeMax / 1_000_000_000n) }),
    ...(retry && {
      retry: {
        attempts: 1 + (retry.numRetries ?? RETRIES),
        statusCodes: retry.retryOn?.httpStatusCodes ?? RETRIED,
      },
    }),
  };
}

/** ratelimit.UnitToDuration. */
const UNIT_SECONDS: Readonly<Record<string, number>> = {
  Second: 1,
  Minute: 60,
  Hour: 3600,
  Day: 86_400,
};

function limitOf(
  { metadata }: BackendTrafficPolicy,
  { clientSelectors = [], limit, shadowMode = false }: LimitRule,
  index: number,
): RateLimit[] {
  const { requests = 0, unit = "Second" } = limit;
  const seconds = UNIT_SECONDS[unit];
  if (seconds === undefined || requests <= 0 || shadowMode) return [];
  return [
    {
      key: `${metadata.namespace}/${metadata.name}/${index}`,
      perClient: clientSelectors.some(({ sourceCIDR }) => sourceCIDR?.type === "Distinct"),
      perSecond: requests / seconds,
      burst: requests - 1,
      undelayed: requests - 1,
      status: 429,
    },
  ];
}

/** Nothing by default: a policy with authorization and no rule that fits denies. */
function allowed(policy: SecurityPolicy | undefined): Partial<RequestHandling> {
  const { authorization } = policy?.spec ?? {};
  if (authorization === undefined || authorization.defaultAction === "Allow") return {};
  const ranges = (authorization.rules ?? [])
    .filter(({ action }) => action === "Allow")
    .flatMap(({ principal }) => principal?.clientCIDRs ?? []);
  return { allowFrom: ranges };
}

function trusted(policy: ClientTrafficPolicy | undefined): Partial<RequestHandling> {
  const ranges = policy?.spec.clientIPDetection?.xForwardedFor?.trustedCIDRs;
  return ranges === undefined ? {} : { trustedProxies: ranges };
}

function durationMs(text: string | undefined): number | undefined {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed === undefined || parsed === 0 ? undefined : parsed;
}
