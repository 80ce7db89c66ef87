// Writes the renewals that are otherwise derived, for as long as somebody watches Leases who does not know the rule: what
// is not watched is only read, and reading derives. Nodes whose heartbeats are always written are kept here too.
// Mirrors the lease controller of K pkg/kubelet/kubelet.go and k8s.io/component-helpers/apimachinery/lease.

import { formatMicros, informerOf, refOf } from "../../kubernetes/index.ts";
import type { Controller, ControllerContext } from "../../kubernetes/index.ts";
import { isDerived, isWritten, latestRenewal, LEASE, LEASE_NAMESPACE } from "./heartbeat.ts";
import { RENEW_INTERVAL_MS, type Lease } from "./heartbeat.ts";

/** Those who watch Leases and would miss renewals that are not written. */
export interface LeaseAudience {
  readonly size: number;
  /** Returns how to leave. */
  join(): () => void;
  /** Called when somebody joins and nobody was there. */
  onFirst(callback: () => void): void;
}

export function createLeaseAudience(): LeaseAudience {
  let size = 0;
  let first = (): void => {};
  return {
    get size() {
      return size;
    },
    join() {
      size += 1;
      if (size === 1) first();
      let isHere = true;
      return () => {
        if (isHere) size -= 1;
        isHere = false;
      };
    },
    onFirst: (callback) => void (first = callback),
  };
}

export function heartbeatController(
  audience: LeaseAudience,
): (context: ControllerContext) => Controller {
  return (context) => {
    const { api, clock } = context;
    const leases = informerOf(context, LEASE);
    const mustWrite = (lease: Lease): boolean =>
      lease.metadata.namespace === LEASE_NAMESPACE &&
      (isWritten(lease) || (isDerived(lease) && audience.size > 0));
    const untilNextMs = (lease: Lease): number =>
      latestRenewal(lease, clock.now()) + RENEW_INTERVAL_MS - clock.now();

    return {
      name: "node-heartbeat",
      setup(enqueue) {
        const look = (lease: Lease | undefined): void => {
          if (lease === undefined || !mustWrite(lease)) return;
          enqueue(lease.metadata.name, untilNextMs(lease));
        };
        leases.onChange(look);
        audience.onFirst(() => leases.list(LEASE_NAMESPACE).forEach(look));
      },
      async reconcile(name) {
        const lease = leases.get(name, LEASE_NAMESPACE);
        if (lease === undefined || !mustWrite(lease)) return undefined;
        const renewTime = formatMicros(latestRenewal(lease, clock.now()));
        if (renewTime !== lease.spec?.renewTime) {
          // A node that falls silent meanwhile is not renewed.
          const { resourceVersion } = lease.metadata;
          const body = { metadata: { resourceVersion }, spec: { renewTime } };
          await api.patch(refOf(lease), { type: "merge", body }, { fieldManager: "kubelet" });
        }
        return { requeueAfterMs: untilNextMs(lease) };
      },
    };
  };
}
