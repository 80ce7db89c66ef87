// What a member's own proxy does before the app hears of a request: who may come in, and how often. Mirrors Envoy's RBAC and
// local rate limit filters, in that order, and linkerd-app-inbound.

import type { Clock, InstantMs } from "../../core/index.ts";
import type { MeshDecider, MeshRateLimit, MeshRequest, MeshTreatment } from "../../model/index.ts";

export type Admitted =
  | { readonly kind: "allowed" }
  /** Before anything is read, or where there is no HTTP. */
  | { readonly kind: "closed"; readonly reason: string }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string };

export interface InboundOptions {
  readonly clock: Clock;
  decider(): MeshDecider;
  treatment(): MeshTreatment;
}

/** Of one pod: its buckets are its own. */
export interface InboundProxy {
  admit(request: MeshRequest): Admitted;
}

export function createInboundProxy({ clock, decider, treatment }: InboundOptions): InboundProxy {
  const buckets = new Map<string, Bucket>();
  return {
    admit(request) {
      const decision = decider()(request);
      if (!decision.allowed)
        return decision.by === "transport" || request.http === undefined
          ? { kind: "closed", reason: decision.reason }
          : { kind: "refused", status: 403, reason: decision.reason };
      if (request.http === undefined) return { kind: "allowed" };
      const limits = treatment().limits({ ...request.to, port: request.port });
      const full = limits.find((limit) => !take(buckets, limit, clock.now()));
      if (full === undefined) return { kind: "allowed" };
      return { kind: "refused", status: full.status, reason: "local_rate_limited" };
    },
  };
}

interface Bucket {
  tokens: number;
  filledAt: InstantMs;
}

/** Whole fills only, as a timer would make them. */
function take(buckets: Map<string, Bucket>, limit: MeshRateLimit, now: InstantMs): boolean {
  const { name, tokens, perFill, fillMs } = limit;
  const bucket = buckets.get(name) ?? { tokens, filledAt: now };
  buckets.set(name, bucket);
  const fills = Math.floor((now - bucket.filledAt) / fillMs);
  bucket.tokens = Math.min(tokens, bucket.tokens + fills * perFill);
  bucket.filledAt += fills * fillMs;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
