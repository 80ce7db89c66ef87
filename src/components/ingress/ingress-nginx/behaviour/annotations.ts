// Annotations of ingress-nginx that decide what happens to a request. Names and defaults as in
// docs/user-guide/nginx-configuration/annotations.md and internal/ingress/annotations of controller-v1.15.1; the status of
// refused requests as the values of this component set it.

import type { RateLimit, RequestHandling } from "../../../../model/index.ts";
import type { Ingress } from "./resources.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

export function annotation({ metadata }: Ingress, name: string): string | undefined {
  return metadata.annotations?.[PREFIX + name];
}

export const isTrue = (ingress: Ingress, name: string): boolean =>
  annotation(ingress, name) === "true";

function numberOf(ingress: Ingress, name: string): number | undefined {
  const value = Number(annotation(ingress, name));
  return annotation(ingress, name) === undefined || Number.isNaN(value) ? undefined : value;
}

/** client_max_body_size. */
const BODY_SIZE_MAX = 1024 * 1024;
/** proxy-read-timeout. */
const READ_TIMEOUT_S = 60;
/** proxy-next-upstream-tries. */
const TRIES = 3;

export function handlingOf(ingress: Ingress, rewritten: string | undefined): RequestHandling {
  const rateLimits = rateLimitsOf(ingress);
  const readTimeoutS = numberOf(ingress, "proxy-read-timeout") ?? READ_TIMEOUT_S;
  const allowFrom = annotation(ingress, "whitelist-source-range")?.split(",");
  const host = annotation(ingress, "upstream-vhost");
  const rewrite = {
    ...(rewritten === undefined ? {} : { path: rewritten }),
    ...(host === undefined ? {} : { host }),
  };
  return {
    forwardedFor: "replace",
    bodySizeMax: bodySizeOf(ingress),
    retry: {
      attempts: numberOf(ingress, "proxy-next-upstream-tries") ?? TRIES,
      statusCodes: retried(ingress),
    },
    ...(rateLimits.length > 0 && { rateLimits }),
    attemptTimeoutMs: readTimeoutS * 1000,
    ...(allowFrom && { allowFrom: allowFrom.map((range) => range.trim()) }),
    ...(Object.keys(rewrite).length > 0 && { rewrite }),
  };
}

/** `8m` means mebibytes to nginx; 0 means no limit. */
function bodySizeOf(ingress: Ingress): number {
  const text = annotation(ingress, "proxy-body-size");
  if (text === undefined) return BODY_SIZE_MAX;
  const [, count, unit = ""] = /^(\d+)([kmg]?)$/i.exec(text.trim()) ?? [];
  if (count === undefined) return BODY_SIZE_MAX;
  const factor = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1;
  return count === "0" ? Infinity : Number(count) * factor;
}

/** `error timeout http_502 http_503`: the statuses among them. */
function retried(ingress: Ingress): readonly number[] {
  const text = annotation(ingress, "proxy-next-upstream") ?? "";
  return [...text.matchAll(/http_(\d{3})/g)].map(([, status]) => Number(status));
}

/** limit-burst-multiplier. */
const BURST_MULTIPLIER = 5;

function rateLimitsOf(ingress: Ingress): RateLimit[] {
  const multiplier = numberOf(ingress, "limit-burst-multiplier") ?? BURST_MULTIPLIER;
  return (["limit-rps", "limit-rpm"] as const).flatMap((name) => {
    const count = numberOf(ingress, name);
    if (count === undefined || count <= 0) return [];
    const burst = count * multiplier;
    return {
      key: `${ingress.metadata.namespace}/${ingress.metadata.name}/${name}`,
      perClient: true,
      perSecond: name === "limit-rps" ? count : count / 60,
      burst,
      // The template writes `nodelay`.
      undelayed: burst,
      status: 429,
    };
  });
}

export interface Canary {
  readonly header?: { readonly name: string; readonly value?: string };
  readonly cookie?: string;
  readonly weight: number;
  readonly total: number;
}

export function canaryOf(ingress: Ingress): Canary {
  const name = annotation(ingress, "canary-by-header");
  const value = annotation(ingress, "canary-by-header-value");
  const cookie = annotation(ingress, "canary-by-cookie");
  return {
    ...(name === undefined ? {} : { header: { name, ...(value === undefined ? {} : { value }) } }),
    ...(cookie === undefined ? {} : { cookie }),
    weight: numberOf(ingress, "canary-weight") ?? 0,
    total: numberOf(ingress, "canary-weight-total") ?? 100,
  };
}
