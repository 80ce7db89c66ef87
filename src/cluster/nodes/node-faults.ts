// Faults of simulated nodes, for drills: a node falls silent, as after a power cut or on the far side of a broken
// network, and comes back.

import type { InstantMs } from "../../core/index.ts";
import { formatMicros, NODE } from "../../kubernetes/index.ts";
import type { KubeApi, Node } from "../../kubernetes/index.ts";
import { DERIVED, HEARTBEAT, LEASE, LEASE_NAMESPACE, lastRenewal } from "./heartbeat.ts";
import type { Heartbeat, Lease } from "./heartbeat.ts";
import { healthyConditions } from "./simulated-nodes.ts";

/** Writes the node's last heartbeat as of now and derives no more. Its pods stand still until it is heard again. */
export async function silenceNode(api: KubeApi, name: string, now: InstantMs): Promise<void> {
  const lease = await leaseOf(api, name);
  const renewed = lastRenewal(lease, now) ?? now;
  await patchLease(api, name, null, renewed);
}

/** The node reports again, in good health. */
export async function reviveNode(
  api: KubeApi,
  name: string,
  now: InstantMs,
  heartbeat: Heartbeat = DERIVED,
): Promise<void> {
  await patchLease(api, name, heartbeat, now);
  // The API answers a get of a Node with a Node.
  const node = (await api.get({ ...NODE, name })) as Node;
  const status = { ...node.status, conditions: healthyConditions(now) };
  await api.update({ ...node, status }, { subresource: "status" });
}

async function leaseOf(api: KubeApi, name: string): Promise<Lease> {
  return (await api.get({ ...LEASE, name, namespace: LEASE_NAMESPACE })) as Lease;
}

async function patchLease(
  api: KubeApi,
  name: string,
  heartbeat: string | null,
  renewed: InstantMs,
): Promise<void> {
  const body = {
    metadata: { annotations: { [HEARTBEAT]: heartbeat } },
    spec: { renewTime: formatMicros(renewed) },
  };
  await api.patch({ ...LEASE, name, namespace: LEASE_NAMESPACE }, { type: "merge", body });
}
