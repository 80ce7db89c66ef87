// Heartbeats of simulated nodes. A kubelet renews its Lease every 10 s (K pkg/kubelet/kubelet.go); with thousands of
// simulated nodes over virtual days that would be nearly all the work, so the renewals are derived: a Lease with the
// annotation below stands for "renewed every 10 s until further notice", and only when a node falls silent or comes
// back is its Lease really written.

import type { InstantMs } from "../../core/index.ts";
import { formatMicros } from "../../kubernetes/index.ts";
import type { KindToken, KubernetesObject } from "../../kubernetes/index.ts";

export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
  };
}

export const LEASE: KindToken<Lease> = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
export const LEASE_NAMESPACE = "kube-node-lease";
export const HEARTBEAT = "keelson.dev/heartbeat";
export const DERIVED = "derived";
/** Every renewal is written, as a real kubelet does: to compare with. */
export const WRITTEN = "written";
export type Heartbeat = typeof DERIVED | typeof WRITTEN;

const LEASE_DURATION_S = 40;
export const RENEW_INTERVAL_MS = 10_000;

export function leaseFor(nodeName: string, now: InstantMs, heartbeat: Heartbeat = DERIVED): Lease {
  return {
    apiVersion: LEASE.apiVersion,
    kind: LEASE.kind,
    metadata: {
      name: nodeName,
      namespace: LEASE_NAMESPACE,
      annotations: { [HEARTBEAT]: heartbeat },
    },
    spec: {
      holderIdentity: nodeName,
      leaseDurationSeconds: LEASE_DURATION_S,
      renewTime: formatMicros(now),
    },
  };
}

export function isDerived({ metadata }: Lease): boolean {
  return metadata.annotations?.[HEARTBEAT] === DERIVED;
}

export function isWritten({ metadata }: Lease): boolean {
  return metadata.annotations?.[HEARTBEAT] === WRITTEN;
}

/** When a holder that is alive last renewed. */
export function latestRenewal({ spec }: Lease, now: InstantMs): InstantMs {
  const written = Date.parse(spec?.renewTime ?? "");
  if (Number.isNaN(written) || now < written) return now;
  return now - ((now - written) % RENEW_INTERVAL_MS);
}

/** When the holder last renewed, as far as anybody can tell at `now`. */
export function lastRenewal(lease: Lease, now: InstantMs): InstantMs | undefined {
  const { renewTime } = lease.spec ?? {};
  if (renewTime === undefined) return undefined;
  const written = Date.parse(renewTime);
  if (!isDerived(lease) || now < written) return written;
  return latestRenewal(lease, now);
}

/** The Lease as a reader should see it at `now`. */
export function materialised(lease: Lease, now: InstantMs): Lease {
  const renewed = lastRenewal(lease, now);
  if (renewed === undefined || !isDerived(lease)) return lease;
  return { ...lease, spec: { ...lease.spec, renewTime: formatMicros(renewed) } };
}

/** False while the node's kubelet is not heard of. A node without a Lease has never reported. */
export function isHeard(lease: Lease | undefined): boolean {
  return lease !== undefined && (isDerived(lease) || isWritten(lease));
}
